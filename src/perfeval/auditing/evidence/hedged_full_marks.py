"""hedged-full-marks: 完成值有所保留的，也得了满分吗？ Is an actual value that says “not quite” given full marks?

Reads: rules (`target`), evidence (`actual`), scores of judged leaves. Silent where the rule itself gives that word full marks.
Severity: note.
Bad: 目标值 有保障, 完成值 较有保障, full marks. Good: 完成值 有保障 with full marks; 较有保障 with points lost.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._degree_words import is_weakened, quality_in
from perfeval.auditing._evidence import leaves_with_evidence
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal

KIND = ProblemKind(
    "hedged-full-marks",
    says="「{name}」目标是“{target}”，完成值写“{actual}”，却得满分 {full} 分。",
    remedy="确实达到的，完成值照目标写；没有完全达到的，核对判断。",
    en="“{name}” wants “{target}”, the actual value says “{actual}”, and it has full marks ({full}).",
    en_remedy="If it was reached, state it as the target does; if not quite, look at the judgement again.",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("folder", "result")


def check(subject: Subject) -> Iterator[Problem]:
    for leaf in leaves_with_evidence(subject):
        if not leaf.judged or not leaf.full or leaf.by_tier:
            continue
        target = leaf.node.target.strip() or quality_in(leaf.node.name)
        if is_weakened(leaf.actual, target):
            full = show_decimal(leaf.scored.applicable)
            yield KIND.on(leaf.at.under("actual"), name=leaf.node.name, target=target, actual=leaf.actual, full=full)
