"""printed-proportion: 自评表里没有完成的定量指标，得分是按比例算的吗？ Is a goal of a self-evaluation that was missed scored in proportion?

Reads: a report of a self-evaluation (自评 in its title or the table's): rows with 年度指标值, 实际完成值, 分值 and 得分. Where a project is given, its
own rules are compared instead (printed-not-computed).
Severity: warning.
Bad: 指标值 43.2 万元, 完成值 37.24 万元, 10 points, 得分 9. Good: 8.62, or 8.6. Costs and other goals of which less is better are not looked at.
Clause: the form of 财预〔2020〕10号 附件1: a quantity short of its target scores 完成值 / 指标值 × 分值.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._evidence import Printed, printed
from perfeval.auditing._score_tables import Row, is_self_evaluation, score_tables
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import same_dimension, show_decimal, show_short

KIND = ProblemKind(
    "printed-proportion",
    says="「{name}」得分印作 {printed} 分，{actual} ÷ {target} × {weight} 分 = {exact} 分。",
    remedy="按完成比例计分；另有评分办法的，写明。",
    en="The score of “{name}” is printed as {printed}; {actual} ÷ {target} × {weight} points = {exact}.",
    en_remedy="Score it in proportion; if it is scored in another way, say so.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("report",)

_LESS_IS_BETTER = re.compile(r"成本|费用|支出|耗|投诉|事故|差错|误差|时间|时限|天数|[≤<＜]")


def check(subject: Subject) -> Iterator[Problem]:
    report = subject.report
    if report is None or subject.result is not None:
        return
    is_own = is_self_evaluation(report)
    for table in score_tables(report):
        for row in table.items if is_own or table.apart else ():
            yield from _off(row)


def _off(row: Row) -> Iterator[Problem]:
    weight, score = row.weight, row.score
    if not (weight and score and row.target and row.actual) or weight.percent or score.percent:
        return
    target, actual = (_figure(text) for text in (row.target.text, row.actual.text))
    about = "".join((row.name, row.target.text, *(group.name for group in row.groups if group)))
    if target is None or actual is None or not _comparable(target, actual) or _LESS_IS_BETTER.search(about):
        return
    if not 0 < actual.value < target.value:
        return
    exact = actual.value / target.value * weight.value
    if score.value != exact and not (score.places and score.shows(exact)):
        shown = {"target": row.target.text, "actual": row.actual.text, "weight": show_decimal(weight.value)}
        yield KIND.on(score.where, name=row.name, printed=score.text, exact=show_short(exact, 2, [score.value]), **shown)


def _figure(text: str) -> Printed | None:
    return printed(text.lstrip("≥>＞=＝ 不低于").strip(), None, frozenset())


def _comparable(one: Printed, other: Printed) -> bool:
    return (one.unit is None) == (other.unit is None) and same_dimension(one.dimension, other.dimension)
