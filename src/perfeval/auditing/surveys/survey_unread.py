"""survey-unread: 问卷能照写的核对吗？ Can a survey be checked as it is described?

Reads: evidence (`surveys` and the tables that they name).
Severity: warning; nothing else but its rows is then checked of it.
Bad: an answer 11 where `most` is 10; `population: 帮扶人` and no such fact; a row of totals among the questionnaires; `satisfied: 12`
where `most` is 10; `figure` naming an indicator that has no rate.
Good: answers from 0 to `most`, or those that `scale` lists; a cell left empty is no answer and counts nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._satisfaction import no_rate
from perfeval.auditing._survey import surveys
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "survey-unread",
    says="问卷「{survey}」不能照写的核对：{why}。",
    remedy="{what}。",
    en="The survey “{survey}” cannot be checked as it is described: {why}.",
    en_remedy="{what}.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("folder", "rules")
_FIGURE = "写上满意度的数，或写有这个数的指标、事实 (Give the satisfaction, or an indicator or fact that has it)"


def check(subject: Subject) -> Iterator[Problem]:
    for survey in surveys(subject):
        for unread in survey.unread:
            yield KIND.on(unread.at, survey=survey.name, why=unread.why, what=unread.remedy)
        if why := no_rate(survey, subject):
            yield KIND.on(survey.at.under("figure"), survey=survey.name, why=why, what=_FIGURE)
