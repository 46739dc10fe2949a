"""Where points fall although the value gets better, found among the samples of a function, with values that show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from perfeval.auditing._samples import Sample
from perfeval.backends.ranges.pieces import contains
from perfeval.ir.nodes import Number
from perfeval.problems import Fault
from perfeval.quantity import Unit, read_quantity, same_dimension

_SIGN = re.compile(
    r"\s*(?:(?P<least>≥|>=|>|不低于|不少于|达到|大于等于)|(?P<most>≤|<=|<|不超过|不高于|小于等于)|=|＝)?\s*(?P<value>.*)", re.S
)


class Target(NamedTuple):
    """A target that is a number; `better` 1 where more is better by its sign, -1 where less is, 0 where it has none."""

    value: Number
    better: int

    @staticmethod
    def way(text: str) -> int:
        """`better` as the sign says."""
        found = _SIGN.fullmatch(text.strip())
        return 0 if found is None else 1 if found["least"] else -1 if found["most"] else 0

    @staticmethod
    def read(text: str, unit: Unit | None, words: frozenset[str]) -> Target | None:
        """None where the text is no number of the quantity's kind."""
        found = _SIGN.fullmatch(text.strip())
        try:
            target = read_quantity(found["value"].strip() if found else text, None, words)
        except Fault:
            return None
        if found is None or (unit is None) != (target.unit is None):
            return None
        if unit is not None and target.unit is not None and not same_dimension(unit.dimension, target.unit.dimension):
            return None
        return Target(target.value, Target.way(text))


class Fall(NamedTuple):
    """`values`: places with their points that contradict each other, from left to right."""

    reason: Literal["dip", "against", "target"]
    values: tuple[tuple[Number, Fraction], ...]


def falls(least: Sequence[Sample], most: Sequence[Sample], target: Target | None) -> Fall | None:
    """`least` and `most` are the samples of the fewest and of the most points that can be had at each value."""
    found = _dip(least, most)
    if found is None and target is not None:
        found = _against(least, most, target.better) if target.better else _off(least, most, target.value)
    return found


def _dip(least: Sequence[Sample], most: Sequence[Sample]) -> Fall | None:
    """The deepest place with surely more points on both its sides."""
    deepest: tuple[Fraction, tuple[Sample, Sample, Sample]] | None = None
    for left, low, right in zip(_best(least, most, 1), most, _best(least, most, -1), strict=True):
        if left is not None and right is not None:
            depth = min(left.points, right.points) - low.points
            if depth > 0 and (deepest is None or depth > deepest[0]):
                deepest = depth, (left, low, right)
    return None if deepest is None else _shown("dip", deepest[1], (True, False, True))


def _against(least: Sequence[Sample], most: Sequence[Sample], better: int) -> Fall | None:
    """The largest fall towards what is better."""
    deepest: tuple[Fraction, tuple[Sample, Sample]] | None = None
    for worse, one in zip(_best(least, most, better), most, strict=True):
        if worse is not None and worse.points > one.points and (deepest is None or worse.points - one.points > deepest[0]):
            deepest = worse.points - one.points, (worse, one)
    if deepest is None:
        return None
    return _shown("against", deepest[1], (True, False)) if better > 0 else _shown("against", deepest[1][::-1], (False, True))


def _off(least: Sequence[Sample], most: Sequence[Sample], target: Number) -> Fall | None:
    """A peak short of the target, from whichever side.

    Nothing at the target or behind it gets as much, and behind it points never fall below those at the target: else it stands
    on the slope of a wider rule. On the peak's far side points are fewer: else they just rise or fall throughout.
    """
    here = next((one.piece.value.at(target) for one in most if one.piece.value and contains(one.piece.interval, target)), None)
    if here is None:
        return None
    for side in (-1, 1):
        short = [one for one in least if _is_beside(one, target, side)]
        behind = [one.points for one in most if _is_beside(one, target, -side)]
        peak = max(short, key=lambda one: one.points, default=None)
        if peak is None or peak.points <= max([here, *behind]) or min([here, *behind]) < here:
            continue
        far = [one for one in most if (one.order < peak.order if side < 0 else one.order > peak.order)]
        x = peak.witness(lambda points: points > here)
        if x is None or peak.piece.value is None or all(one.points >= peak.points for one in far):
            continue
        pair = [(x, peak.piece.value.at(x)), (target, here)]
        return Fall("target", tuple(sorted(pair)))
    return None


def _is_beside(one: Sample, place: Number, side: int) -> bool:
    return one.order < (0, place, 0) if side < 0 else one.order > (0, place, 0)


def _best(least: Sequence[Sample], most: Sequence[Sample], way: int) -> list[Sample | None]:
    """For each sample of `most` the one with the most sure points before it, the nearest of equals (way -1: behind it)."""
    found: list[Sample | None] = []
    best: Sample | None = None
    others = list(reversed(least) if way > 0 else least)  # taken from the end
    for one in most if way > 0 else reversed(most):
        while others and (others[-1].order < one.order if way > 0 else others[-1].order > one.order):
            other = others.pop()
            best = other if best is None or other.points >= best.points else best
        found.append(best)
    return found if way > 0 else found[::-1]


def _shown(reason: Literal["dip", "against"], chosen: Sequence[Sample], high: Sequence[bool]) -> Fall | None:
    """Values at which it shows: their points lie above, or below, the middle between the two."""
    highs = [one.points for one, is_high in zip(chosen, high, strict=True) if is_high]
    lows = [one.points for one, is_high in zip(chosen, high, strict=True) if not is_high]
    middle = (min(highs) + max(lows)) / 2
    values = []
    for one, is_high in zip(chosen, high, strict=True):
        x = one.witness((lambda points: points > middle) if is_high else (lambda points: points < middle))
        if x is None or one.piece.value is None:
            return None
        values.append((x, one.piece.value.at(x)))
    return Fall(reason, tuple(values))
