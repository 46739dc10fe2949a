"""document-number-differs: 同一份文件的文号前后一致吗？ Does each document keep its number?

Reads: texts, report (《title》 followed by its number in brackets).
Severity: warning.
Bad: 《2021 年度分配方案的通知》（某函〔2021〕15 号）, elsewhere with 〔2020〕11 号, the number of the plan of 2020. Good: one title, one
number; an abridged title; yearly notices of one title; two issuers that use one title.
Told where one number stands for titles that differ only in digits, or a title with a year has numbers of two years from one issuer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from perfeval.auditing._contract import Need, Subject
from perfeval.model.document import Document, Paragraph
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "document-number-differs",
    says="《{title}》在这里的文号是{number}，别处是{other}。",
    remedy="核对原文件，改正标题或文号。",
    en="《{title}》 has number {number} here; elsewhere: {other}.",
    en_remedy="Look at the document and mend its title or its number.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ()

_NAMED = re.compile(
    r"《(?P<title>[^《》]{4,80})》\s*[（(]\s*(?P<issuer>[\u4e00-\u9fff\s]{1,20})[〔\[【﹝（(]\s*(?P<year>\d{4})\s*[〕\]】﹞）)]\s*(?P<no>\d{1,5})\s*号"
)
_DIGITS = re.compile(r"\d+")


class _Named(NamedTuple):
    title: str
    issuer: str
    year: str
    number: str
    order: int
    paragraph: Paragraph
    start: int
    end: int

    @property
    def whole(self) -> str:
        return f"{self.issuer}〔{self.year}〕{self.number}号"


def check(subject: Subject) -> Iterator[Problem]:
    for document in subject.documents:
        named = list(_all_named(document))
        times = Counter((one.title, one.whole) for one in named)
        for one in named:
            rivals = [other for other in named if _contradict(one, other) and _weighs(times, other) > _weighs(times, one)]
            if rivals:
                rival = next((other for other in rivals if other.title == one.title), rivals[0])
                other = rival.whole if rival.title == one.title else f"《{rival.title}》{rival.whole}"
                yield KIND.on(document.where(one.paragraph, one.start, one.end), title=one.title, number=one.whole, other=other)


def _all_named(document: Document) -> Iterator[_Named]:
    for order, paragraph in enumerate(document.paragraphs):
        for match in _NAMED.finditer(paragraph.text):
            title, issuer = (re.sub(r"\s", "", match[key]) for key in ("title", "issuer"))
            yield _Named(title, issuer, match["year"], match["no"], order, paragraph, *match.span())


def _contradict(one: _Named, other: _Named) -> bool:
    if one.issuer != other.issuer:
        return False
    if one.whole == other.whole:
        return one.title != other.title and _DIGITS.sub("#", one.title) == _DIGITS.sub("#", other.title)
    return one.title == other.title and one.year != other.year and bool(re.search(r"20\d\d", one.title))


def _weighs(times: Counter[tuple[str, str]], one: _Named) -> tuple[int, bool, int, int]:
    """Which of two is more to be believed: the more frequent, the one whose title names the year of its number, the first."""
    return times[one.title, one.whole], one.year in one.title, -one.order, -one.start
