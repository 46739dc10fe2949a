"""survey-sample: 问卷份数够吗？ Are there enough questionnaires for the population?

Reads: evidence (`surveys` with `population`, and the rows of their tables).
Severity: note; 95 % and 5 % are usual, and no clause asks for them.
Bad: 26 questionnaires of 29 people. Good: 28 of them; 80 of 100.
Formula: n = n₀ ÷ (1 + (n₀ − 1) ÷ N) rounded up, n₀ = 1.96² × 0.5 × 0.5 ÷ 0.05² = 384.16. Of 30 people and fewer, all are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._survey import surveys
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "survey-sample",
    says="问卷「{survey}」收到 {count} 份，调查对象共 {population} 人；按 95% 置信度、5% 误差至少要 {least} 份{why}。",
    remedy="补充调查，或在报告里说明抽样误差；population 写错了的，改正它。",
    en="The survey “{survey}” has {count} questionnaires of {population} people; 95 % confidence and an error of 5 % take {least}{why}.",
    en_remedy="Ask more people, or state the sampling error in the report; if population is wrong, mend it.",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("folder",)
OF_MANY = Fraction(196, 100) ** 2 / 4 / Fraction(5, 100) ** 2
ALL = 30
"""Of so many people and fewer there is no point in a sample."""


def least(population: int) -> int:
    """How many questionnaires it takes.

    >>> [least(number) for number in (1, 10, 29, 100, 1000, 10**9)]
    [1, 10, 28, 80, 278, 385]
    """
    exact = OF_MANY / (1 + (OF_MANY - 1) / population)
    return -(-exact.numerator // exact.denominator)


def check(subject: Subject) -> Iterator[Problem]:
    for survey in surveys(subject):
        population, count = survey.population, len(survey.rows)
        if population is None or not count or count >= least(population):
            continue
        why = "，这样的人数宜全部调查 (; so few are better all asked)" if population <= ALL else ""
        at = survey.at.under("population")
        yield KIND.on(at, survey=survey.name, count=count, population=population, least=least(population), why=why)
