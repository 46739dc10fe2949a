"""period-differs: 文中写的评价期间就是项目的期间吗？ Is the period that a text says was evaluated that of the project?

Reads: texts, report; `period` of the project (its years).
Severity: warning.
Bad: 评价期间为 2019 年至 2021 年 where the project says 2020 to 2022. Good: 评价时段为 2020 年 1 月至 2022 年 12 月.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfeval.auditing._claims import paragraphs
from perfeval.auditing._contract import Need, Subject
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "period-differs",
    says="这里的评价期间是 {said}，项目的 period 是 {period}。",
    remedy="改文字，或改 project.yaml 的 period。",
    en="The period evaluated is {said} here; the project's is {period}.",
    en_remedy="Mend the text, or the period in project.yaml.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("folder",)

_YEAR = r"(?:19|20)\d\d"
_REST = r"(?:\s?\d{1,2}\s?月)?(?:\s?\d{1,2}\s?日)?"
_PERIOD = re.compile(
    rf"(?:评价|考核)的?(?:时段|期间|时间段|时间范围|期限|区间)\s*(?:为|是|：|:)?\s*"
    rf"(?P<first>{_YEAR})(?:\s?年)?(?:度)?{_REST}(?:\s?[-—–~～至到]{{1,2}}\s?(?P<last>{_YEAR})(?:\s?年)?)?(?![\d、])"
)


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.folder is not None
    period = subject.folder.project.period
    if period is None:
        return
    own = period.from_.year, period.to.year
    for document, paragraph in paragraphs(subject.documents):
        for found in _PERIOD.finditer(paragraph.text):
            years = int(found["first"]), int(found["last"] or found["first"])
            if years != own:
                where = document.where(paragraph, found.start("first"), found.end())
                yield KIND.on(where, said=_shown(years), period=_shown(own))


def _shown(years: tuple[int, int]) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]}–{years[1]}"
