"""printed-rate: 报告印出的得分率等于得分除以权重吗？ Is every printed score rate the score divided by the weight?

Reads: the report (rows of its score tables; sentences as “指标权重 2 分，得分 2 分，得分率为 100%”).
Severity: warning.
Bad: 权重 5, 得分 4, 得分率 100 %. Good: 得分率 80 %; 11 of 12 as 91.67 % or 92 %; 8.67 of 10 as 86.67 %, of a score that was rounded.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._rounding import rated, rounding
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal, show_rate

KIND = ProblemKind(
    "printed-rate",
    says="印出的得分率是 {printed}，而 {score} 分 ÷ {weight} 分 = {rate}。",
    remedy="核对权重、得分和得分率，改写错的一个。",
    en="The printed score rate is {printed}, yet {score} ÷ {weight} points = {rate}.",
    en_remedy="Compare weight, score and rate, and mend the wrong one.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("report",)


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.report is not None
    half = rounding(subject.report).score
    for one in rated(subject.report):
        if not one.agrees(half):
            weight, score = one.weight.value, one.score.value
            shown = {"score": show_decimal(score), "weight": show_decimal(weight), "rate": show_rate(score / weight)}
            yield KIND.on(one.rate.where, printed=one.rate.text, **shown)
