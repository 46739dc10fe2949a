"""date-impossible: 日期在日历上存在吗？ Do the dates exist in the calendar?

Reads: texts, report (2 月 30 日, 2023 年 13 月 1 日, 2023-04-31).
Severity: warning.
Bad: 2023 年 2 月 29 日; 6 月 31 日. Good: 2024 年 2 月 29 日; 2 月 29 日 without a year.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._claims import paragraphs
from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._dates import impossible
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "date-impossible",
    says="日历上没有「{date}」这一天。",
    remedy="核对原始资料，改正日期。",
    en="There is no such day as “{date}”.",
    en_remedy="Check the source and mend the date.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ()


def check(subject: Subject) -> Iterator[Problem]:
    for document, paragraph in paragraphs(subject.documents):
        for start, end in impossible(paragraph.text):
            yield KIND.on(document.where(paragraph, start, end), date=paragraph.text[start:end])
