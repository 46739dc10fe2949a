"""year-twice: 按年列的数，有没有一年写了两次？ Does a list of years give one year twice?

Reads: texts, report (three or more clauses of one sentence, each with a year and a figure).
Severity: warning.
Bad: 2020 年 19 人，2021 年 5 人，2021 年 5 人，共 29 人. Good: 2020 年 19 人，2021 年 5 人，2022 年 5 人.
Only where both clauses of the year say the same of it, and the years else follow on each other (but for the one that is missing).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from perfeval.auditing._claims import paragraphs
from perfeval.auditing._contract import Need, Subject
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "year-twice",
    says="按年列出的数里 {year} 年写了两次：「{first}」「{second}」。",
    remedy="核对年份，改写错的一个。",
    en="{year} stands twice in a list of years: “{first}”, “{second}”.",
    en_remedy="Check the years and mend the wrong one.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ()

_SENTENCE = re.compile(r"[^。；;]+")
_CLAUSE = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?年度?(?P<said>[^，,、。；;\d]{0,30}\d[^，,、。；;]{0,12})")
_LIKE = 4  # fifths of their characters


class _Clause(NamedTuple):
    year: int
    text: str
    said: str  # without figures
    start: int
    end: int


def check(subject: Subject) -> Iterator[Problem]:
    for document, paragraph in paragraphs(subject.documents):
        for sentence in _SENTENCE.finditer(paragraph.text):
            found = [_clause(one, sentence.start()) for one in _CLAUSE.finditer(sentence[0])]
            for first, second in _twice(found):
                where = document.where(paragraph, second.start, second.end)
                yield KIND.on(where, year=second.year, first=first.text, second=second.text)


def _clause(found: re.Match[str], offset: int) -> _Clause:
    said = re.sub(r"[\s\d.,%]", "", found["said"])
    return _Clause(int(found["year"]), found[0].strip(), said, found.start() + offset, found.end() + offset)


def _twice(found: list[_Clause]) -> Iterator[tuple[_Clause, _Clause]]:
    steps = [after.year - before.year for before, after in pairwise(found)]
    if len(found) < 3 or steps.count(0) != 1:
        return
    at = steps.index(0)
    gaps = [place for place, step in enumerate(steps) if step != 1 and place != at]
    if any(steps[place] != 2 or abs(place - at) != 1 for place in gaps) or len(gaps) > 1:
        return  # but for the year that is missing beside it they follow on each other
    first, second = found[at], found[at + 1]
    if SequenceMatcher(None, first.said, second.said, autojunk=False).ratio() * 5 >= _LIKE:
        yield first, second
