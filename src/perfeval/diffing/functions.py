"""Two expressions of one variable beside each other: where they differ, and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import groupby, pairwise
from typing import NamedTuple

from perfeval.backends.ranges.pieces import EVERYWHERE, Piece, pieces, reach
from perfeval.backends.ranges.ratio import Curved, Ratio
from perfeval.ir.bounds import Interval
from perfeval.ir.nodes import Const, Domain, Expr, Input, Number
from perfeval.ir.walk import rewrite

Judged = frozenset[str]
"""Keys of points that an evaluator gives within a range."""


class Span(NamedTuple):
    """The points at a value: one figure, or what the evaluator may give. None: the rule has no answer."""

    low: Ratio | None
    high: Ratio | None

    @property
    def is_judged(self) -> bool:
        return self.low != self.high


class Stretch(NamedTuple):
    """Values on which the two differ: the points before and after, and the least and most that is gained (None: no bound known)."""

    interval: Interval
    old: Span
    new: Span
    least: Fraction | None
    most: Fraction | None


class Gain(NamedTuple):
    """Neighbouring stretches taken together, for one sentence."""

    interval: Interval
    least: Fraction | None
    most: Fraction | None
    answered: bool  # both rules say what follows
    apart: bool  # but for single places at which both give the same


INNER = (Fraction(1, 2), Fraction(1, 4), Fraction(3, 4))
"""Where in their range judged points are tried too, where the ends show no difference."""


def stretches(
    old: Expr, new: Expr, key: str, judged: Judged, known: Mapping[str, Number], within: Interval = EVERYWHERE
) -> tuple[Stretch, ...]:
    """Where the two differ as functions of the input `key`, from left to right; none where they are the same function.

    Points that an evaluator gives stand at the ends of their range; where these agree, also inside it. Raises what `pieces` raises.
    """
    for shares in ((Fraction(0), Fraction(1)), *(((share, share) for share in INNER) if judged else ())):
        if found := _stretches(old, new, key, judged, known, within, shares):
            return found
    return ()


def _stretches(
    old: Expr, new: Expr, key: str, judged: Judged, known: Mapping[str, Number], within: Interval, shares: tuple[Fraction, Fraction]
) -> tuple[Stretch, ...]:
    sides = [pieces(ends(expr, judged, share), key, known, within) for expr in (old, new) for share in shares]
    found = []
    for interval, (a, b, c, d) in _together(sides):
        before, after = Span(a, b), Span(c, d)
        if not _same(before, after, interval):
            found.append(Stretch(interval, before, after, *_gained(before, after, interval)))
    return tuple(one._replace(interval=_trimmed(one)) for one in _merged(found))


def _trimmed(one: Stretch) -> Interval:
    """Without an end at which both give the same."""
    low, high, low_closed, high_closed = one.interval
    if low == high or None in (*one.old, *one.new):
        return one.interval
    return Interval(low, high, low_closed and not _agree(one, low), high_closed and not _agree(one, high))


def _agree(one: Stretch, x: Number | None) -> bool:
    return x is not None and all(a and b and a.at(x) == b.at(x) for a, b in zip(one.old, one.new, strict=True))


def ends(expr: Expr, judged: Judged, share: Number) -> Expr:
    """The expression with what the evaluator may give at a share of its range: 0 the least, 1 the most."""

    def end(node: Expr) -> Expr:
        if isinstance(node, Input) and node.key in judged:
            domain = node.domain or Domain(0, 0)
            low, high = Fraction(domain.low or 0), Fraction(domain.high or 0)
            return Const(low + share * (high - low))
        return node

    return rewrite(expr, end) if judged else expr


def at_whole(found: Iterable[Stretch]) -> Iterator[Stretch]:
    """The same for a quantity that has whole values alone: from the first to the last whole number of each stretch."""
    for one in found:
        low, high, low_closed, high_closed = one.interval
        first = None if low is None else -(-low // 1) + (not low_closed and low.denominator == 1)
        last = None if high is None else high // 1 - (not high_closed and high.denominator == 1)
        if first is None or last is None or first <= last:
            interval = Interval(first, last, first is not None, last is not None)
            yield Stretch(interval, one.old, one.new, *_gained(one.old, one.new, interval))


def gains(found: Iterable[Stretch], whole: bool = False) -> Iterator[Gain]:
    """Stretches that touch and go the same way, as one: what a sentence speaks of. Single places between them are `apart`."""
    runs: list[list[Stretch]] = []
    for one in found:
        if runs and _near(runs[-1][-1].interval, one.interval, whole) and _way(runs[-1][-1]) == _way(one):
            runs[-1].append(one)
        else:
            runs.append([one])
    for run in runs:
        first, last = run[0].interval, run[-1].interval
        lows, highs = [one.least for one in run], [one.most for one in run]
        yield Gain(
            Interval(first.low, last.high, first.low_closed, last.high_closed),
            None if None in lows else min(one for one in lows if one is not None),
            None if None in highs else max(one for one in highs if one is not None),
            all(None not in (*one.old, *one.new) for one in run),
            not whole and any(not _touch(a.interval, b.interval) for a, b in pairwise(run)),
        )


def _touch(left: Interval, right: Interval) -> bool:
    return left.high == right.low and (left.high_closed or right.low_closed)


def _near(left: Interval, right: Interval, whole: bool) -> bool:
    """Is there nothing between two stretches but a single place, or, of whole values, nothing at all?"""
    if whole and left.high is not None and right.low is not None:
        return right.low - left.high <= 1
    return left.high == right.low


def _way(one: Stretch) -> tuple[bool, bool, bool]:
    """Whether anything is lost, anything gained, and whether one of the rules has no answer."""
    unanswered = None in (*one.old, *one.new)
    return (False, False, True) if unanswered else (one.least is None or one.least < 0, one.most is None or one.most > 0, False)


def _together(sides: list[tuple[Piece, ...]]) -> Iterator[tuple[Interval, tuple[Ratio | None, ...]]]:
    """The pieces of several functions on their common stretches."""
    at = [0] * len(sides)
    while all(n < len(side) for n, side in zip(at, sides, strict=True)):
        current = [side[n] for n, side in zip(at, sides, strict=True)]
        common = current[0].interval
        for piece in current[1:]:
            common = common.meet(piece.interval)
        if not common.is_empty:
            yield common, tuple(piece.value for piece in current)
        end = min(_high(piece.interval) for piece in current)
        at = [n + (_high(piece.interval) == end) for n, piece in zip(at, current, strict=True)]


def _high(interval: Interval) -> tuple[bool, Number, bool]:
    """What sorts the upper ends of intervals."""
    return interval.high is None, interval.high or 0, interval.high_closed


def _same(before: Span, after: Span, interval: Interval) -> bool:
    if before == after:
        return True
    x = interval.low
    if x is None or x != interval.high or None in (*before, *after):
        return False
    return all(a is not None and b is not None and a.at(x) == b.at(x) for a, b in zip(before, after, strict=True))


def _gained(before: Span, after: Span, interval: Interval) -> tuple[Fraction | None, Fraction | None]:
    lows, highs = [], []
    for a, b in zip(before, after, strict=True):
        if a is None or b is None:
            return None, None
        try:
            low, high = reach(Piece(interval, b - a))
        except Curved:
            return None, None
        lows.append(low)
        highs.append(high)
    return (
        None if None in lows else min(one for one in lows if one is not None),
        None if None in highs else max(one for one in highs if one is not None),
    )


def _merged(found: list[Stretch]) -> Iterator[Stretch]:
    """Neighbours with the same formulas on both sides are one."""
    for (before, after), run in groupby(found, key=lambda one: (one.old, one.new)):
        parts = list(run)
        while parts:
            taken = [parts.pop(0)]
            while parts and _touch(taken[-1].interval, parts[0].interval):
                taken.append(parts.pop(0))
            first, last = taken[0].interval, taken[-1].interval
            whole = Interval(first.low, last.high, first.low_closed, last.high_closed)
            yield Stretch(whole, before, after, *_gained(before, after, whole)) if len(taken) > 1 else taken[0]
