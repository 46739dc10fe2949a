"""document-number-differs: 同一份文件的文号前后一致吗？ Does each document keep its number?

Reads: texts, report (《title》 followed by its number in brackets).
Severity: warning.
Bad: 《2021 年度分配方案的通知》（某函〔2021〕15 号）, elsewhere with 〔2020〕11 号, the number of the plan of 2020. Good: one title, one
number; an abridged title; yearly notices of one title; two issuers that use one title.
Told where one number stands for titles that differ only in digits, or a title with a year has numbers of two years from one issuer.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
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
_YEAR = re.compile(r"20\d\d")
_Key = tuple[str, str]


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
        rivals = _Rivals(named)
        for one in named:
            if rival := rivals.of(one):
                other = rival.whole if rival.title == one.title else f"《{rival.title}》{rival.whole}"
                yield KIND.on(document.where(one.paragraph, one.start, one.end), title=one.title, number=one.whole, other=other)


def _all_named(document: Document) -> Iterator[_Named]:
    for order, paragraph in enumerate(document.paragraphs):
        for match in _NAMED.finditer(paragraph.text):
            title, issuer = (re.sub(r"\s", "", match[key]) for key in ("title", "issuer"))
            yield _Named(title, issuer, match["year"], match["no"], order, paragraph, *match.span())


class _Rivals:
    """Which other naming contradicts one, and is more to be believed. Of a group only the best, and the best that is not like it, count."""

    def __init__(self, named: Sequence[_Named]) -> None:
        self._times = Counter((one.title, one.whole) for one in named)
        by_title, by_number = defaultdict[_Key, list[_Named]](list), defaultdict[_Key, list[_Named]](list)
        for one in named:
            by_title[_of_title(one)].append(one)
            by_number[_of_number(one)].append(one)
        self._by_title = {key: self._best(group, lambda one: one.year) for key, group in by_title.items()}
        self._by_number = {key: self._best(group, lambda one: one.title) for key, group in by_number.items()}

    def _best(self, group: Sequence[_Named], said: Callable[[_Named], str]) -> list[_Named]:
        best = max(group, key=self._weighs)
        others = [one for one in group if said(one) != said(best)]
        return [best, max(others, key=self._weighs)] if others else [best]

    def of(self, one: _Named) -> _Named | None:
        """Another year under one title with a year; else another title with one number."""
        years = (other for other in self._by_title[_of_title(one)] if other.year != one.year and _YEAR.search(one.title))
        titles = (other for other in self._by_number[_of_number(one)] if other.title != one.title)
        return next((other for other in (*years, *titles) if self._weighs(other) > self._weighs(one)), None)

    def _weighs(self, one: _Named) -> tuple[int, bool, int, int]:
        """The more frequent, the one whose title names the year of its number, the first."""
        return self._times[one.title, one.whole], one.year in one.title, -one.order, -one.start


def _of_title(one: _Named) -> _Key:
    return one.issuer, one.title


def _of_number(one: _Named) -> _Key:
    return one.whole, _DIGITS.sub("#", one.title)
