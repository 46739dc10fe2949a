"""printed-actual: 报告印出的完成值就是项目算出的吗？ Are the actual values that a report prints those computed?

Reads: the report (完成值 of its tables; below the sentence of an indicator 满意度为 91.38%) and the measures of the project with their
facts. A figure counts with the decimals it has; an actual value in words is not compared, nor the rate of a part (一季度执行率).
Severity: warning.
Bad: 完成值 10 where the facts give 29 persons. Good: 完成值 91% where they give 91.32 %.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from perfeval.auditing._another import ANOTHER
from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._evidence import Computed, computed, entries, measures_of, readings
from perfeval.auditing._rule_sentences import rule_texts
from perfeval.auditing._score_mentions import Names, of_the_report, own_tables, period_of
from perfeval.auditing._score_tables import plain
from perfeval.ir.show import show
from perfeval.model.evidence import Entry
from perfeval.model.tree import Node
from perfeval.problems import Problem, ProblemKind, Severity, Where
from perfeval.quantity import show_quantity

KIND = ProblemKind(
    "printed-actual",
    says="「{name}」完成值印作 {printed}，按 {formula} 算出来是 {computed}。",
    remedy="报告写错的，改报告；事实写错的，改佐证。",
    en="The actual value of “{name}” is printed as {printed}; {formula} comes to {computed}.",
    en_remedy="Mend the report, or the facts of the project, whichever is wrong.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("folder", "result", "report")

_RATE = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,20}[率度])\s*(?:为|是|达到|达|：|:)?\s*(?P<rate>\d{1,4}(?:\.\d{1,6})?\s?[%％])(?!\s*[、，]\s*\d+(?:\.\d+)?\s*[%％])"
)
_ANOTHER = re.compile(rf"{ANOTHER}|目标|计划|分别|同期|季度|半年|\d月|不低于|不超过")
_WHOLE = re.compile(
    r"(?:.*(?:核算|计算|核查|核实|统计|显示|得出|得知)(?:后|得|出)?)?(?:其|该|本)?(?:项目|资金)?的?(?:年度|全年|总体|整体|综合|实际|最终|总)?的?"
)
_AROUND = 6  # characters before a rate that may say that it is another one
_SHORTEST = 3  # characters of a rate's name that are its own: 满意度


def check(subject: Subject) -> Iterator[Problem]:
    folder = subject.folder
    assert folder is not None and subject.report is not None
    given = {id(node): entry for node, entry, _ in entries(subject)}
    leaves: defaultdict[str, list[tuple[Node, Computed]]] = defaultdict(list)
    for _, node in subject.leaves():
        measures = measures_of(node)
        found = computed(measures[0], folder, given.get(id(node), Entry())) if len(measures) == 1 else None
        if found is not None:
            leaves[plain(node.name)].append((node, found))
    names = Names(leaves)
    told: set[tuple[str, str]] = set()
    for name, text, where in _printed(subject, names, leaves):
        for node, found in leaves[name] if len(leaves[name]) == 1 else ():
            figures = list(readings(text, found, folder))
            if figures and not any(one.agrees(found.value) for one in figures) and (name, text) not in told:
                told.add((name, text))
                shown = show_quantity(found.value, found.unit or figures[0].unit, 4, [figures[0].value])
                yield KIND.on(where, name=node.name, printed=text, formula=show(measures_of(node)[0]), computed=shown)


def _printed(subject: Subject, names: Names, known: dict[str, list[tuple[Node, Computed]]]) -> Iterator[tuple[str, str, Where]]:
    report = subject.report
    assert report is not None
    concerned = of_the_report(report, period_of(subject))
    for table, of in own_tables(report):
        for row in table.items if of in concerned else ():
            name = row.name if row.name in known else names.full(row.name)
            if row.actual is not None and name in known:
                yield name, row.actual.text, row.actual.where
    for rule in rule_texts(report):
        if rule.row is not None or rule.name not in known:
            continue
        for found in _RATE.finditer(rule.text, len(rule.rule)):
            said = found["name"]
            own = next((said[at:] for at in range(len(said) - _SHORTEST + 1) if rule.name.endswith(said[at:])), "")
            if (
                own
                and _of_the_whole(said.removesuffix(own), rule.name.removesuffix(own))
                and not _ANOTHER.search(rule.text[max(0, found.start() - _AROUND) : found.end()])
            ):
                yield rule.name, found["rate"], rule.where(report, found.start("rate"), found.end("rate"))


def _of_the_whole(before: str, front: str) -> bool:
    """What stands before the rate (of 职工满意度 “职工的”): nothing of its own, or what the name of the indicator has there."""
    return bool(_WHOLE.fullmatch(before)) or (bool(front) and front in before)
