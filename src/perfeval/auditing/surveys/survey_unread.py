"""survey-unread: 问卷能照写的核对吗？ Can a survey be checked as it is described?

Reads: evidence (`surveys` and the tables that they name).
Severity: warning; nothing else but its rows is then checked of it.
Bad: an answer 11 where `most` is 10; `population: 帮扶人` and no such fact; a row of totals among the questionnaires.
Good: answers from 0 to `most`, or those that `scale` lists; a cell left empty is no answer and counts nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._survey import surveys
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "survey-unread",
    says="问卷「{survey}」不能照写的核对：{why}。",
    remedy="改正这一处；答案是文字的，在 scale 里写明每种答案值多少分。",
    en="The survey “{survey}” cannot be checked as it is described: {why}.",
    en_remedy="Mend this place; where answers are words, say in scale what each of them is worth.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("folder",)


def check(subject: Subject) -> Iterator[Problem]:
    for survey in surveys(subject):
        for unread in survey.unread:
            yield KIND.on(unread.at, survey=survey.name, why=unread.why)
