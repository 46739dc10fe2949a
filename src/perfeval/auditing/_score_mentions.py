"""The same indicator in several places of a finished report, under its full name or an abbreviated one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from perfeval.auditing._score_sentences import group_sentences, item_sentences, part_sentences
from perfeval.auditing._score_tables import Figure, score_tables
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
    years: tuple[str, ...] = ()  # that the caption names


def mentions(document: Document) -> Iterator[Mention]:
    """Every place at which an indicator is printed with its points: rows, group cells, sentences; in the order of the text."""
    for table in score_tables(document):
        if table.apart:
            continue
        years = tuple(re.findall(r"(?:19|20)\d\d", table.caption))
        for row in table.items:
            for group in row.groups:
                if group is not None and group.points is not None:
                    weight = Figure(group.points, 0, False, "", group.where)
                    yield Mention(group.name, group.level, weight, None, group.where, table.called, years)
            yield Mention(row.name, row.level, row.weight, row.score, row.where, table.called, years)
    for level, sentences in ((0, item_sentences(document)), (1, part_sentences(document)), (0, group_sentences(document))):
        for one in sentences:
            if one.name:
                yield Mention(one.name, level, one.weight, one.score, one.where, in_words(one.where))


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
    """Each mention with what it is a mention of: full name, level, years. A sentence speaks of the lowest level of that name.

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
        yield (name, one.level or lowest.get(name, 0), one.years), one
