"""period-reversed: 时间段的终点不早于起点吗？ Does no period end before it begins?

Reads: texts, report.
Severity: warning.
Bad: 2023 年 9 月 11 日—2022 年 9 月 25 日; 2022 年至 2020 年. Good: 2023 年 9 月 11 日—9 月 25 日; 2022 年 11 月至次年 2 月.
An end without a year is taken in the year of the beginning only where both name the same month.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._claims import paragraphs
from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._dates import periods
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "period-reversed",
    says="时间段「{period}」的终点早于起点。",
    remedy="核对起止日期，改正写错的一个。",
    en="The period “{period}” ends before it begins.",
    en_remedy="Check both dates and mend the wrong one.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ()


def check(subject: Subject) -> Iterator[Problem]:
    for document, paragraph in paragraphs(subject.documents):
        for period in periods(paragraph.text):
            if period.is_reversed:
                yield KIND.on(document.where(paragraph, period.start, period.end), period=paragraph.text[period.start : period.end])
