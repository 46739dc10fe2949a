"""actual-not-computed: 写的完成值与算出来的一致吗？ Is a printed actual value what the evidence comes to?

Reads: rules (`measure`), evidence (`actual`, facts and values behind the measure). The printed figure counts with the decimals it has.
Severity: warning.
Bad: `actual: 91.38%` where the facts give 91.3248 %. Good: `actual: 91%`, `actual: 91.32%`.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._evidence import computed, leaves_with_evidence, measures_of, readings
from perfeval.ir.show import show
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_quantity

KIND = ProblemKind(
    "actual-not-computed",
    says="「{name}」完成值写 {actual}，按 {formula} 算出来是 {computed}。",
    remedy="核对数据，改完成值或改事实；完成值不写，报告里就是算出来的数。",
    en="“{name}”: the actual value is given as {actual}; {formula} comes to {computed}.",
    en_remedy="Check the data and mend one of them; left out, the actual value in the reports is the computed one.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("folder", "result")


def check(subject: Subject) -> Iterator[Problem]:
    folder = subject.folder
    assert folder is not None
    for leaf in leaves_with_evidence(subject):
        measures = measures_of(leaf.node)
        if len(measures) != 1 or leaf.entry.actual is None:
            continue
        found = computed(measures[0], folder, leaf.entry)
        if found is None:
            continue
        figures = list(readings(leaf.entry.actual.strip(), found, folder))
        if figures and not any(figure.agrees(found.value) for figure in figures):
            shown = show_quantity(found.value, found.unit or figures[0].unit, 4, [figures[0].value])
            at = leaf.at.under("actual")
            yield KIND.on(at, name=leaf.node.name, actual=leaf.entry.actual.strip(), formula=show(measures[0]), computed=shown)
