"""period-differs: 文中写的评价期间就是项目的期间吗？ Is the period that a text says was evaluated that of the project?

Reads: texts, report; `period` of the project (its years).
Severity: warning.
Bad: 评价期间为 2019 年至 2021 年 where the project says 2020 to 2022. Good: 评价时段为 2020 年 1 月至 2022 年 12 月; 2020.1.1-2022.12.31.
Years that are listed (2020 年、2021 年和 2022 年) are not compared.
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

_SAID = re.compile(r"(?:评价|考核)的?(?:时段|期间|时间段|时间范围|期限|区间)\s*(?:为|是|：|:)?\s*(?=(?:19|20)\d\d)")
_MOST = 60  # characters of a period
_CLAUSE = re.compile(r"[^。；;，,（(！!\n]*")
_NUMBER = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?!\d)")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?=\s?(?:年|[./-]\s?\d|[-—–~～至到]|$))")
_OPEN = re.compile(r"至今|以来|起(?!\s?[-—–~～至到]\s?\d)|学年")
_TO = re.compile(r"[^、和及与]*(?:[-—–~～至到]{1,3})\s?")


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.folder is not None
    period = subject.folder.project.period
    if period is None:
        return
    own = period.from_.year, period.to.year
    for document, paragraph in paragraphs(subject.documents):
        for found in _SAID.finditer(paragraph.text):
            clause = _CLAUSE.match(paragraph.text, found.end(), found.end() + _MOST)
            years = _years(clause[0].rstrip()) if clause else None
            if clause and years and years != own:
                where = document.where(paragraph, *clause.span())
                yield KIND.on(where, said=_shown(years), period=_shown(own))


def _years(text: str) -> tuple[int, int] | None:
    """The first and the last year of a period; None where it is not plain what they are."""
    found = list(_YEAR.finditer(text))
    if len(found) < len(_NUMBER.findall(text)) or _OPEN.search(text):
        return None
    if len(found) == 2 and not _TO.fullmatch(text, found[0].end(), found[1].start()):
        return None
    return (int(found[0][0]), int(found[-1][0])) if 0 < len(found) <= 2 and found[0].start() == 0 else None


def _shown(years: tuple[int, int]) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]}–{years[1]}"
