"""Intervals between constant bounds: which are covered, where two overlap, what lies between them.

Shared by everything that is written as bands: scoring bands and grade scales.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from perfeval.ir.nodes import Compare, Const, Expr, Number


class Interval(NamedTuple):
    """From `low` to `high`; None is no end; an end belongs to it where it is `closed` on that side."""

    low: Number | None
    high: Number | None
    low_closed: bool = True
    high_closed: bool = True

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.low_closed and self.high_closed))

    def meet(self, other: Interval) -> Interval:
        low, low_closed = _inner((self.low, self.low_closed), (other.low, other.low_closed), 1)
        high, high_closed = _inner((self.high, self.high_closed), (other.high, other.high_closed), -1)
        return Interval(low, high, low_closed, high_closed)

    def without(self, other: Interval) -> list[Interval]:
        """What is left of this one: at most a piece on either side."""
        if self.is_empty or other.is_empty or self.meet(other).is_empty:
            return [] if self.is_empty else [self]
        pieces = []
        if other.low is not None:
            pieces.append(self.meet(Interval(None, other.low, True, not other.low_closed)))
        if other.high is not None:
            pieces.append(self.meet(Interval(other.high, None, not other.high_closed, True)))
        return [piece for piece in pieces if not piece.is_empty]

    def witness(self) -> Number:
        """A value inside, to show people."""
        if self.low is not None and self.low_closed:
            return self.low
        if self.high is not None and self.high_closed:
            return self.high
        if self.low is not None and self.high is not None:
            return (self.low + self.high) * _HALF
        if self.low is not None:
            return self.low + 1
        return self.high - 1 if self.high is not None else 0


_HALF = Fraction(1, 2)


def interval_of(pairs: Iterable[tuple[Compare, Expr]]) -> Interval | None:
    """The values for which all bounds hold; None where a bound is not a constant."""
    result = Interval(None, None)
    for compare, bound in pairs:
        if not isinstance(bound, Const):
            return None
        value = bound.value
        match compare:
            case ">=" | ">":
                own = Interval(value, None, compare == ">=")
            case "<=" | "<":
                own = Interval(None, value, True, compare == "<=")
            case _:
                own = Interval(value, value)
        result = result.meet(own)
    return result


def uncovered(whole: Interval, taken: Sequence[Interval]) -> list[Interval]:
    """The parts of `whole` that no interval of `taken` holds, from low to high."""
    pieces = [whole]
    for interval in taken:
        pieces = [rest for piece in pieces for rest in piece.without(interval)]
    return sorted(pieces, key=lambda piece: (piece.low is not None, piece.low or 0))


def _inner(a: tuple[Number | None, bool], b: tuple[Number | None, bool], sign: int) -> tuple[Number | None, bool]:
    if a[0] is None:
        return b
    if b[0] is None:
        return a
    if a[0] == b[0]:
        return a[0], a[1] and b[1]
    return a if (a[0] - b[0]) * sign > 0 else b
