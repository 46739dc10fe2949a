"""Which entries of two lists stand for each other: by their keys, or in order at the least cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from fractions import Fraction
from typing import NamedTuple, TypeVar

Entry = TypeVar("Entry")
Matched = tuple[int | None, int | None]
"""Positions in the old and in the new list; None: added or removed."""

ALIKE = Fraction(3, 5)
"""From here on two texts are taken for one that was reworded. Of two short standard phrases that differ in their point
(目标合理, 目标明确) half the characters agree; where one is the other with a word more, three fifths or more do."""
_MOST = 10_000  # comparisons of texts that one list is worth
STRANGERS = 60  # what a pair costs that has nothing in common; whole numbers that halves, thirds, fourths and fifths can be taken of
_GAP = 36  # two of them, one entry removed and one added, cost more than any pair


def ratio(old: str, new: str) -> Fraction:
    """How much of two texts agrees, as `difflib` counts it, exact and the same in both directions."""
    if old == new:
        return Fraction(1)
    first, second = sorted((old, new))
    agree = sum(block.size for block in SequenceMatcher(None, first, second, False).get_matching_blocks())
    return Fraction(2 * agree, len(old) + len(new))


def pair_equal(old: Iterable[Hashable], new: Iterable[Hashable]) -> list[tuple[int, int]]:
    """Positions of equal keys; the first of several with the first, the second with the second."""
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for position, key in enumerate(new):
        places[key].append(position)
    taken: defaultdict[Hashable, int] = defaultdict(int)
    found = []
    for position, key in enumerate(old):
        if taken[key] < len(places[key]):
            found.append((position, places[key][taken[key]]))
            taken[key] += 1
    return found


class Likely(NamedTuple):
    """Two entries that may stand for each other. Sorted, the likeliest come first, and ties do not depend on the order of either file."""

    unlike: Fraction
    texts: tuple[str, ...]
    old: int
    new: int


def take_likeliest(candidates: Iterable[Likely]) -> list[Likely]:
    """The best of all, then the best of what is left, and so on."""
    found, old_taken, new_taken = [], set(), set()
    for one in sorted(candidates):
        if one.old not in old_taken and one.new not in new_taken:
            found.append(one)
            old_taken.add(one.old)
            new_taken.add(one.new)
    return found


class Named(NamedTuple):
    """An entry's text, and whether it has an id beside: then only the very same text makes up for another id."""

    text: str
    has_id: bool = False

    def likeness(self, other: Named) -> Fraction:
        return Fraction(self.text == other.text) if self.has_id and other.has_id else ratio(self.text, other.text)


def by_key(old: Sequence[Entry], new: Sequence[Entry], key: Callable[[Entry], str], text: Callable[[Entry], Named]) -> list[Matched]:
    """Entries whose order means nothing: by their keys, the rest by the likeness of their texts. In the order of the old list."""
    found = dict(pair_equal(map(key, old), map(key, new)))
    taken = set(found.values())
    old_left = [(at, text(one)) for at, one in enumerate(old) if at not in found]
    new_left = [(at, text(one)) for at, one in enumerate(new) if at not in taken]
    if len(old_left) * len(new_left) <= _MOST:
        likely = [Likely(1 - a.likeness(b), tuple(sorted((a.text, b.text))), i, j) for i, a in old_left for j, b in new_left]
        found.update({one.old: one.new for one in take_likeliest(one for one in likely if 1 - one.unlike >= ALIKE)})
    else:
        same = pair_equal((a.text for _, a in old_left), (b.text for _, b in new_left))
        found.update({old_left[i][0]: new_left[j][0] for i, j in same})
    taken = set(found.values())
    return [(at, found.get(at)) for at in range(len(old))] + [(None, at) for at in range(len(new)) if at not in taken]


def in_order(old: Sequence[Entry], new: Sequence[Entry], unlike: Callable[[Entry, Entry], int]) -> list[Matched]:
    """Entries whose order means something, so that the fewest differ; `unlike` is 0 for equal entries, `STRANGERS` at the most."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    head: list[Matched] = [(at, at) for at in range(start)]
    tail: list[Matched] = [(len(old) - at, len(new) - at) for at in range(end, 0, -1)]
    middle = _cheapest(old[start : len(old) - end], new[start : len(new) - end], unlike)
    return head + [(None if i is None else i + start, None if j is None else j + start) for i, j in middle] + tail


def _cheapest(old: Sequence[Entry], new: Sequence[Entry], unlike: Callable[[Entry, Entry], int]) -> list[Matched]:
    if len(old) * len(new) > _MOST * 2:  # more bands than a rule may have
        shorter = min(len(old), len(new))
        rest: list[Matched] = [(at, None) for at in range(shorter, len(old))] + [(None, at) for at in range(shorter, len(new))]
        return [*((at, at) for at in range(shorter)), *rest]
    costs = [[_GAP * (i + j) for j in range(len(new) + 1)] for i in range(len(old) + 1)]  # of what stands before i and j
    for i, a in enumerate(old):
        for j, b in enumerate(new):
            costs[i + 1][j + 1] = min(costs[i][j] + unlike(a, b), costs[i][j + 1] + _GAP, costs[i + 1][j] + _GAP)
    found: list[Matched] = []
    i, j = len(old), len(new)
    while i or j:
        if i and j and costs[i][j] == costs[i - 1][j - 1] + unlike(old[i - 1], new[j - 1]):
            i, j = i - 1, j - 1
            found.append((i, j))
            continue
        gone = j == 0 or (i > 0 and costs[i][j] == costs[i - 1][j] + _GAP)
        come = i == 0 or (j > 0 and costs[i][j] == costs[i][j - 1] + _GAP)
        if gone and not (come and repr(new[j - 1]) < repr(old[i - 1])):  # a tie falls out alike in the reverse diff
            i -= 1
            found.append((i, None))
        else:
            j -= 1
            found.append((None, j))
    return found[::-1]
