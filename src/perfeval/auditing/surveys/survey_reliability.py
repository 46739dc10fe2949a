"""survey-reliability: 问卷的各题合得来吗？ Do the items of a survey go together?

Reads: evidence (`surveys` with three items or more, and the questionnaires that answer all of them: ten or more).
Severity: note; these are conventions for scales, and a short survey may ask for different things on purpose.
Bad: an item that everybody answers alike; Cronbach's alpha 0.41. Good: answers that rise and fall together, alpha from 0.7.
Formula: α = k ÷ (k − 1) × (1 − Σ variances of items ÷ variance of sums). Items that all answer alike are not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._reliability import alpha, varying
from perfeval.auditing._survey import ITEMS, Survey, scale_of, surveys
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal, show_short

KIND = ProblemKind(
    "survey-reliability",
    says="问卷「{survey}」{why}。",
    remedy="看看题目是否问同一件事、答案是否照录；报告里照实写信度，没有检验过的不写。",
    en="The survey “{survey}”: {why}.",
    en_remedy="See whether the items ask for one thing and the answers are as given; state reliability in the report as it is.",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("folder",)
QUESTIONNAIRES = 10  # fewer say nothing
ALPHA = Fraction(7, 10)


def check(subject: Subject) -> Iterator[Problem]:
    for survey in surveys(subject):
        if survey.unread or len(survey.asked.items) < ITEMS or len(survey.whole) < QUESTIONNAIRES:
            continue
        for why in (_constant(survey), _alpha(survey)):
            if why:
                yield KIND.on(survey.at.under("items"), survey=survey.name, why=why)


def _constant(survey: Survey) -> str:
    rows, free = survey.whole, varying(survey.whole)
    same = [(item, rows[0][at]) for at, item in enumerate(survey.asked.items) if at not in free]
    if not same:
        return ""
    told = "、".join(f"「{item}」都是 {show_decimal(mark)} 分" for item, mark in same)
    told_en = ", ".join(f"“{item}” {show_decimal(mark)}" for item, mark in same)
    return (
        f"有 {len(same)} 题 {len(rows)} 份答得全一样：{told} ({len(rows)} questionnaires answer {len(same)} of its items alike: {told_en})"
    )


def _alpha(survey: Survey) -> str:
    rows = scale_of(survey)
    found = alpha(rows) if rows else None
    if found is None or found >= ALPHA:
        return ""
    shown, limit, items = show_short(found, 3, [ALPHA]), show_decimal(ALPHA), len(rows[0])
    return (
        f"的 Cronbach α 为 {shown}，低于 {limit}（{len(rows)} 份、{items} 题，答得全一样的题不计）"
        f" (Cronbach's alpha is {shown}, below {limit}, of {len(rows)} questionnaires and {items} items that vary)"
    )
