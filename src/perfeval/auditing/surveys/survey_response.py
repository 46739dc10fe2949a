"""survey-response: 收回的问卷与发放数、对象人数合得上吗？ Do the questionnaires fit how many were sent and how many people there are?

Reads: evidence (`surveys` with `sent` or `population`, and the rows of their tables).
Severity: warning where more came back than went out, or than there are people; note where fewer than three in five came back.
Bad: 26 questionnaires of 25 people; 26 questionnaires of 24 sent. Good: 26 of 26 sent; 26 of 29 people.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._survey import Survey, surveys
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_rate

KIND = ProblemKind(
    "survey-response",
    says="问卷「{survey}」{why}。",
    remedy="核对问卷表、发放数和对象人数；回收少的，在报告里写明回收率。",
    en="The survey “{survey}” {why}.",
    en_remedy="Check the questionnaires, how many were sent and how many people there are; where few came back, give the rate in the report.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("folder",)
FEW = Fraction(3, 5)


def check(subject: Subject) -> Iterator[Problem]:
    for survey in surveys(subject):
        yield from _of(survey)


def _of(survey: Survey) -> Iterator[Problem]:
    count, sent, population = len(survey.rows), survey.sent, survey.population
    if population is not None and count > population:
        why = f"收到 {count} 份，多于调查对象 {population} 人 (has {count} questionnaires of {population} people)"
        yield KIND.on(survey.at.under("population"), survey=survey.name, why=why)
    if sent is None or not count:
        return
    at, rate = survey.at.under("sent"), Fraction(count, sent)
    if rate > 1:
        why = f"收到 {count} 份，多于发放的 {sent} 份 (has {count} questionnaires of {sent} that were sent)"
        yield KIND.on(at, survey=survey.name, why=why)
    elif rate < FEW:
        shown, limit = show_rate(rate, apart_from=[FEW]), show_rate(FEW)
        why = (
            f"发放 {sent} 份，收回 {count} 份，回收率 {shown}，不到 {limit} (came back {count} times of {sent}: {shown}, less than {limit})"
        )
        yield KIND.on(at, survey=survey.name, why=why)._replace(severity_override=Severity.NOTE)
