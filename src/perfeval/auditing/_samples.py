"""The places that decide how points rise and fall as one quantity grows: ends of stretches and turns, exact."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import count, islice
from typing import NamedTuple

from perfeval.backends.ranges.pieces import Piece, contains
from perfeval.ir.bounds import Interval
from perfeval.ir.nodes import Number

_TRIES = 60


class Sample(NamedTuple):
    """The points at a place, or what they come near to beside it; between two samples of one function it only rises or only falls.

    `at` None is the far end; `side` 0 is the place itself, 1 just to its right, -1 just to its left.
    """

    at: Number | None
    side: int
    points: Fraction
    piece: Piece

    @property
    def order(self) -> tuple[int, Number, int]:
        return (0, self.at, self.side) if self.at is not None else (-self.side, 0, 0)

    def witness(self, good: Callable[[Fraction], bool]) -> Number | None:
        """A value of the quantity at which the points are `good`, as near to the place as need be."""
        value = self.piece.value
        assert value is not None
        for x in islice(self._nearing(), _TRIES):
            if contains(self.piece.interval, x) and good(value.at(x)):
                return x
        return None

    def _nearing(self) -> Iterator[Number]:
        low, high = self.piece.interval[:2]
        if self.side == 0 and self.at is not None:
            yield self.at
            return
        if self.piece.value is not None and self.piece.value.constant is not None:
            yield self.piece.interval.witness()
        other = high if self.side > 0 else low
        for tenth in count(1):
            if self.at is None:  # ever farther out
                yield (0 if other is None else other) - self.side * 10 ** (tenth - 1)
            else:
                yield self.at + (self.side if other is None else Fraction(other - self.at)) / Fraction(10**tenth)


def samples(found: tuple[Piece, ...], whole: bool) -> list[Sample]:
    """From left to right; of a quantity with `whole` values those alone. Raises `Curved`."""
    return [one for piece in found if piece.value is not None for one in _of(_whole(piece) if whole else piece, whole)]


def _of(piece: Piece, whole: bool) -> Iterator[Sample]:
    interval, value = piece
    assert value is not None
    if interval.is_empty:
        return
    low, high = interval.low, interval.high
    start, _ = value.towards(low, 1)
    end, _ = value.towards(high, -1)
    if start is None or end is None:
        return  # points without bound: told as rule-exceeds-weight
    yield Sample(low, 0 if low is not None and interval.low_closed else 1, start, piece)
    for turn in () if value.is_straight else value.slope().zeros():
        for x in sorted({turn // 1, -(-turn // 1)}) if whole else [turn]:
            if contains(interval, x) and x not in (low, high):
                yield Sample(x, 0, value.at(x), piece)
    if low is None or low != high:
        yield Sample(high, 0 if high is not None and interval.high_closed else -1, end, piece)


def _whole(piece: Piece) -> Piece:
    low, high, low_closed, high_closed = piece.interval
    first = None if low is None else -(-low // 1) + (not low_closed and low.denominator == 1)
    last = None if high is None else high // 1 - (not high_closed and high.denominator == 1)
    return Piece(Interval(first, last), piece.value)
