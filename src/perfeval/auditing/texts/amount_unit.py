"""amount-unit: 同一个数会不会一处写万元、一处写元？ Does one figure stand with two units of money?

Reads: texts, report. Figures of four digits or more that count (trailing zeros do not), three within one paragraph.
Severity: warning.
Bad: 下达 17.16 万元，实际支出 17.16 元. Good: 17.16 万元 and 171600 元; 500 元 for each and 500 万元 in all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from perfeval.auditing._claims import FIGURE, number_of
from perfeval.auditing._contract import Need, Subject
from perfeval.model.document import Document, Paragraph
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal

KIND = ProblemKind(
    "amount-unit",
    says="「{amount}」与别处的「{other}」数字相同，单位不同。",
    remedy="核对金额，改正写错的单位。",
    en="“{amount}” is the same figure as “{other}” elsewhere, with another unit.",
    en_remedy="Check the amount and mend the wrong unit.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ()

_AMOUNT = re.compile(rf"({FIGURE})\s*([百千]?万元|亿元|元)(?!\s*[/／每])")
_UNITS = ("元", "万元", "百万元", "千万元", "亿元")
_EACH = re.compile(r"每|人均|户均|平均|单价|标准|手续费|工本费|票价")  # a rate may have the digits of a sum: 125 元 for each of 10,000
_CLAUSE = re.compile(r"[，。；、,;（(]")
_AROUND = 30  # characters before an amount
_FAR = 4  # digits that make a figure its own within a text
_NEAR = 3  # and within one paragraph


class _Amount(NamedTuple):
    figure: str
    unit: str
    position: int
    paragraph: Paragraph
    start: int
    end: int

    @property
    def digits(self) -> int:
        return len(self.figure.replace(".", "").strip("0"))

    @property
    def text(self) -> str:
        return f"{self.figure} {self.unit}"


def check(subject: Subject) -> Iterator[Problem]:
    for document in subject.documents:
        by_figure: dict[str, list[_Amount]] = {}
        for amount in _amounts(document):
            by_figure.setdefault(amount.figure, []).append(amount)
        for same in by_figure.values():
            yield from _differing(document, same)


def _amounts(document: Document) -> Iterator[_Amount]:
    for position, paragraph in enumerate(document.paragraphs):
        for match in _AMOUNT.finditer(paragraph.text):
            clause = _CLAUSE.split(paragraph.text[max(0, match.start() - _AROUND) : match.start()])[-1]
            if _EACH.search(clause):
                continue
            yield _Amount(show_decimal(number_of(match[1])), match[2], position, paragraph, *match.span())


def _differing(document: Document, same: list[_Amount]) -> Iterator[Problem]:
    """The rarer unit is the one pointed at; of equals the smaller."""
    counts = Counter(one.unit for one in same)
    usual = max(counts, key=lambda unit: (counts[unit], _UNITS.index(unit)))
    for amount in same:
        if amount.unit == usual:
            continue
        near = any(one.unit == usual and one.position == amount.position for one in same)
        if amount.digits >= _FAR or (near and amount.digits >= _NEAR):
            where = document.where(amount.paragraph, amount.start, amount.end)
            yield KIND.on(where, amount=amount.text, other=f"{amount.figure} {usual}")
