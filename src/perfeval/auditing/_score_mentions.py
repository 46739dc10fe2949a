"""The same indicator in several places of a finished report, under its full name or an abbreviated one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from perfeval.auditing._another import ANOTHER, of_a_part, whose, years
from perfeval.auditing._bare_totals import bare_totals
from perfeval.auditing._contract import Subject
from perfeval.auditing._score_sentences import group_sentences, item_sentences, part_sentences, total_figures
from perfeval.auditing._score_tables import Figure, ScoreTable, score_tables
from perfeval.model.document import Document, in_words
from perfeval.problems import Where


class Mention(NamedTuple):
    """An indicator where it is printed. `level` is 0 where nothing says it."""

    name: str
    level: int
    weight: Figure | None
    score: Figure | None
    where: Where
    place: str  # in words, Chinese (English): 表 3-1, 第 453 行 (line 453)
    of: tuple[str, ...] = ()  # what its table is of: the years that the caption names, and a part of the project


def mentions(document: Document) -> Iterator[Mention]:
    """Every place at which an indicator is printed with its points: rows, group cells, sentences; in the order of the text."""
    for table, of in own_tables(document):
        for row in table.items:
            for group in row.groups:
                if group is not None and group.points is not None:
                    weight = Figure(group.points, 0, False, "", group.where)
                    yield Mention(group.name, group.level, weight, None, group.where, table.called, of)
            yield Mention(row.name, row.level, row.weight, row.score, row.where, table.called, of)
    for level, sentences in ((0, item_sentences(document)), (1, part_sentences(document)), (0, group_sentences(document))):
        for one in sentences:
            if one.name:
                yield Mention(one.name, level, one.weight, one.score, one.where, in_words(one.where))


def own_tables(document: Document) -> Iterator[tuple[ScoreTable, tuple[str, ...]]]:
    """The score tables that are not of a self-evaluation, each with what it is of: years, and a part where tables are of several."""
    tables = [one for one in score_tables(document) if not one.apart]
    parts = sorted({whose(one.caption) for one in tables} - {""}, key=len, reverse=True)
    full = {part: next(one for one in parts if part in one) for part in parts}  # the project's name may be shortened
    for one in tables:
        part = full.get(whose(one.caption), "")
        yield one, (*years(one.caption), *([part] if part and len({*full.values()}) > 1 else ()))


def period_of(subject: Subject) -> tuple[int, ...]:
    """The first and the last year of the project's period; nothing where there is none."""
    period = subject.folder.project.period if subject.folder else None
    return (period.from_.year, period.to.year) if period else ()


def of_the_report(document: Document, period: Collection[int] = ()) -> frozenset[tuple[str, ...]]:
    """What tables are of that give the scores of the report itself: of nothing else, of the years of its period, or all of one."""
    found = {of for _, of in own_tables(document)}
    own = {of for of in found if len(found) == 1 or set(of) == set(map(str, period))}
    return frozenset({(), *own})


def said_totals(document: Document, period: Collection[int] = ()) -> Iterator[Figure]:
    """The total scores in sentences, but for those that are said to be of another year or of a part. `period`: years of the project."""
    own = re.compile(rf"(?:{'|'.join(map(str, period))})\s*年") if len({*period}) == 1 else None
    called = total_figures(document)
    places = {(one.where.line, one.where.column) for one in called}
    yield from (one for one in bare_totals(document, period) if (one.where.line, one.where.column) not in places)
    for one in called:
        line, column = one.where.line, one.where.column
        above = document.lines[line - 2][-_AROUND:] if 1 < line <= len(document.lines) else ""
        said = _TOTAL.search(_CLAUSE.split(above + one.where.quote[max(0, column - 1 - _AROUND) : column - 1])[-1])
        before = said[1] if said else ""
        before = own.sub("", before) if own else before
        if not (_ANOTHER.search(before) or of_a_part(before)):
            yield one


_ANOTHER = re.compile(ANOTHER)
_AROUND = 40  # characters before a total that may say whose it is
_CLAUSE = re.compile(r"[，。；;,！!？?]")
_TOTAL = re.compile(r"(.*?)(?:项目|评价)(?:绩效)?(?:总得分|总分|综合得分)(?:为|是|共)?\s*$")


class Names:
    """Names that may be printed abbreviated or cut: a name is the one name that goes on where it stops (立项依据充分 for 立项依据充分性)."""

    def __init__(self, known: Iterable[str]) -> None:
        self._sorted = sorted(set(known))

    def full(self, name: str) -> str:
        at = bisect_right(self._sorted, name)
        found = [one for one in self._sorted[at : at + 2] if len(name) >= _SHORTEST_CUT and one.startswith(name)]
        return found[0] if len(found) == 1 and len(found[0]) - len(name) <= _MOST_CUT else name


_SHORTEST_CUT, _MOST_CUT = 4, 3  # characters that a cut name has, and may lack


def named(found: Iterable[Mention]) -> Iterator[tuple[tuple[str, int, tuple[str, ...]], Mention]]:
    """Each mention with what it is a mention of: full name, level, and whose. A sentence speaks of the lowest level of that name.

    Two names of one table are two indicators, even where one begins with the other.
    """
    every = tuple(found)
    places: dict[str, set[str]] = {}
    for one in every:
        places.setdefault(one.name, set()).add(one.place)
    names = Names(places)
    full = {name: name if places[name] & places[longer := names.full(name)] else longer for name in places}
    lowest: dict[str, int] = {}
    for one in every:
        if one.score is not None:
            lowest[full[one.name]] = max(one.level, lowest.get(full[one.name], 0))
    for one in every:
        name = full[one.name]
        yield (name, one.level or lowest.get(name, 0), one.of), one
