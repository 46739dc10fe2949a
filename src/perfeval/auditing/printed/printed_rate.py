"""printed-rate: 报告印出的得分率等于得分除以权重吗？ Is every printed score rate the score divided by the weight?

Reads: the report (rows of its score tables; sentences as “指标权重 2 分，得分 2 分，得分率为 100%”).
Severity: warning.
Bad: 权重 5, 得分 4, 得分率 100 %. Good: 得分率 80 %; 11 of 12 as 91.67 % or 92 %.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._score_sentences import item_sentences, part_sentences
from perfeval.auditing._score_tables import Figure, score_tables
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
    for table in score_tables(subject.report):
        for row in table.rows:
            yield from _wrong(row.weight, row.score, row.rate)
    for sentence in (*item_sentences(subject.report), *part_sentences(subject.report)):
        yield from _wrong(sentence.weight, sentence.score, sentence.rate)


def _wrong(weight: Figure | None, score: Figure | None, rate: Figure | None) -> Iterator[Problem]:
    if weight is None or score is None or rate is None or weight.percent or score.percent or weight.value <= 0:
        return
    exact = score.value / weight.value
    if not rate.shows_rate(exact):
        shown = {"score": show_decimal(score.value), "weight": show_decimal(weight.value), "rate": show_rate(exact)}
        yield KIND.on(rate.where, printed=rate.text, **shown)
