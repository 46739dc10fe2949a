"""`where` of a fact: which rows of a table count. A value, any of a list, or bounds; numbers and dates are compared as such."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from perfeval.problems import Fault, Origin, Problem, ProblemKind
from perfeval.quantity import NO_DIMENSION, Dimension, looks_like_date, looks_numeric, plain_width, read_date, read_quantity

NOT_COMPARABLE = ProblemKind(
    "not-comparable",
    says="「{text}」不能与「{bound}」比大小。",
    remedy="列里和界限都写数，或都写日期（年-月-日）；界限带 % 的，列里也要带。",
    en="“{text}” cannot be compared with “{bound}”.",
    en_remedy="Write numbers on both sides, or dates (year-month-day); where one has a per cent sign, so must the other.",
)
NEVER = ProblemKind(
    "where-never",
    says="「{column}」的条件 {test} 没有值能满足。",
    remedy="检查界限是否写反。",
    en="Nothing can meet the condition on “{column}”: {test}.",
    en_remedy="Check whether the bounds are the wrong way round.",
)

Ordered = tuple[Dimension | str, Fraction | int]
_RATE = "rate"
_SIGNS = {"at_least": "≥", "above": ">", "at_most": "≤", "below": "<", "exactly": "="}
_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": lambda a, b: a >= b,
    "above": lambda a, b: a > b,
    "at_most": lambda a, b: a <= b,
    "below": lambda a, b: a < b,
    "exactly": lambda a, b: a == b,
}
_CODE = re.compile(r"[+-]?0\d", re.ASCII)


def bounds_at_fault(where: Mapping[str, Any], words: frozenset[str], origin: Origin) -> Iterator[Problem]:
    """Bounds are numbers or dates themselves, of one kind, and leave something between them."""
    for column, test in where.items():
        if not isinstance(test, Mapping):
            continue
        ends: dict[str, Ordered] = {}
        for word, bound in test.items():
            place = origin.under("where", column, word)
            try:
                end = ordered(read_date(bound).isoformat() if looks_like_date(bound) else bound, words)
            except Fault as fault:
                yield fault.on(place)
                break
            first = next(iter(ends.values()), end)
            if end is None or first is None or end[0] != first[0]:
                yield NOT_COMPARABLE.on(place, text=column if end is None else test[next(iter(ends))], bound=bound)
                break
            ends[word] = end
        else:
            if _is_empty({word: end[1] for word, end in ends.items()}):
                yield NEVER.on(origin.under("where", column).key(), column=column, test=test_told(test))


def _is_empty(ends: Mapping[str, Fraction | int]) -> bool:
    """Nothing lies between the ends. One of them, or the middle of two, would."""
    values = sorted(ends.values())
    between = [(a + b) / Fraction(2) for a, b in pairwise(values)]
    candidates = [values[0] - 1, *values, *between, values[-1] + 1]
    return not any(all(_HOLDS[word](value, end) for word, end in ends.items()) for value in candidates)


def holds(word: str, text: str, bound: str, words: frozenset[str]) -> bool | None:
    """Does a cell keep a bound? None where the two cannot be compared.

    Numbers are compared, as a sum counts them: zeros in front matter only where texts have to be equal.
    """
    left, right = ordered(text, words), ordered(bound, words)
    if left is None or right is None or left[0] != right[0]:
        return None
    return _HOLDS[word](left[1], right[1])


def same(cell: str, wanted: str, words: frozenset[str]) -> bool:
    """Texts are equal, or both are numbers (or dates) of one value. 001 is a code, not the number 1."""
    if cell == wanted:
        return True
    if _CODE.match(plain_width(cell)) or _CODE.match(plain_width(wanted)):
        return False
    left, right = ordered(cell, words), ordered(wanted, words)
    if left is None or right is None or left[1] != right[1]:
        return False
    return left[0] == right[0] or {left[0], right[0]} == {_RATE, NO_DIMENSION}  # 0.9 is 90%


def ordered(text: str, words: frozenset[str]) -> Ordered | None:
    """What a text is compared as; None where it is neither a number nor a date.

    A rate is of a kind of its own: a bare 95 is not held against 90%, since it would pass for 9500%.
    """
    try:
        if looks_like_date(text):
            return "date", read_date(text).toordinal()
        if looks_numeric(text):
            quantity = read_quantity(text, None, words)
            return _RATE if quantity.unit is not None and quantity.unit.is_rate else quantity.dimension, quantity.value
    except Fault:
        pass
    return None


def test_told(test: Any) -> str:
    if isinstance(test, Mapping):
        return " ".join(f"{_SIGNS[word]}{bound}" for word, bound in test.items())
    return "或".join(test) if isinstance(test, tuple) else str(test)
