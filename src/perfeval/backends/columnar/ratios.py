"""Exact rationals over the integer program: each is `scale × above / below` with a static fraction, `below` above zero."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from typing import NamedTuple

from perfeval.backends.columnar.integers import Node, Nodes
from perfeval.ir.nodes import Compare

ONE = Fraction(1)


class Ratio(NamedTuple):
    """`scale × above / below`, and `fails`: 1 where there is no value (then the rest means nothing)."""

    scale: Fraction
    above: Node
    below: Node
    fails: Node

    @property
    def is_whole(self) -> bool:
        """No divisor that depends on the evidence."""
        return self.below.is_value


def common_scale(ratios: Sequence[Ratio]) -> Fraction:
    """The largest fraction of which all scales, each above zero, are multiples."""
    return Fraction(reduce(gcd, (one.scale.numerator for one in ratios)), reduce(lcm, (one.scale.denominator for one in ratios)))


class Ratios:
    """Arithmetic on ratios."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes
        self.zero, self.one = nodes.value(0), nodes.value(1)

    def of(self, number: Fraction) -> Ratio:
        return Ratio(ONE / number.denominator, self.nodes.value(number.numerator), self.one, self.zero)

    def times(self, number: int, node: Node) -> Node:
        return self.nodes.mul(self.nodes.value(number), node)

    def plain(self, ratio: Ratio) -> tuple[Node, Node]:
        """Without the static fraction: above, below."""
        return self.times(ratio.scale.numerator, ratio.above), self.times(ratio.scale.denominator, ratio.below)

    def fails(self, ratios: Sequence[Ratio]) -> Node:
        return reduce(self.nodes.either, (one.fails for one in ratios), self.zero)

    def alike(self, ratios: Sequence[Ratio]) -> tuple[Fraction, list[Node], Node]:
        """One scale and one divisor for all: the scale, what stands above it for each, the divisor."""
        scale = common_scale(ratios)
        divisors = list(dict.fromkeys(one.below for one in ratios if not one.is_whole))
        whole = reduce(lcm, (one.below.low for one in ratios if one.is_whole), 1)
        above = []
        for one in ratios:
            others = [divisor for divisor in divisors if divisor is not one.below]
            factor = int(one.scale / scale) * (whole // one.below.low if one.is_whole else whole)
            above.append(self.nodes.mul(self.nodes.value(factor), one.above, *others))
        return scale, above, self.nodes.mul(self.nodes.value(whole), *divisors)

    def add(self, terms: Sequence[Ratio]) -> Ratio:
        scale, above, below = self.alike(terms)
        return Ratio(scale, self.nodes.add(*above), below, self.fails(terms))

    def mul(self, factors: Sequence[Ratio]) -> Ratio:
        scale = reduce(lambda a, b: a * b, (one.scale for one in factors))
        above, below = self.nodes.mul(*(one.above for one in factors)), self.nodes.mul(*(one.below for one in factors))
        return Ratio(scale, above, below, self.fails(factors))

    def div(self, a: Ratio, b: Ratio) -> Ratio:
        """The quotient; it fails where `b` is zero."""
        fails = self.nodes.either(self.nodes.either(a.fails, b.fails), self.nodes.cond("=", b.above, self.zero, self.one, self.zero))
        if fails.is_value and fails.low == 1:
            return Ratio(ONE, self.zero, self.one, self.one)
        turn = self.one if b.above.low >= 0 else self.nodes.cond("<", b.above, self.zero, self.nodes.value(-1), self.one)
        divisor = self.nodes.most(self.nodes.mul(turn, b.above), self.one)
        above, below = self.nodes.mul(a.above, turn, b.below), self.nodes.mul(a.below, divisor)
        return Ratio(a.scale / b.scale, above, below, fails)

    def extreme(self, args: Sequence[Ratio], least: bool) -> Ratio:
        """The smallest or the largest. Two divisors that both depend on the evidence are not multiplied out: one of them is taken."""
        fails = self.fails(args)
        first, *rest = args
        for other in rest:
            if first.is_whole or other.is_whole or first.below is other.below:
                scale, above, below = self.alike([first, other])
                pick = self.nodes.least if least else self.nodes.most
                first = Ratio(scale, pick(*above), below, self.zero)
            else:
                first = self.cond("<=" if least else ">=", first, other, first, other)
        return first._replace(fails=fails)

    def sides(self, a: Ratio, b: Ratio) -> tuple[Node, Node]:
        """Whole numbers that compare as the two do."""
        _, (left, right), _ = self.alike([a, b])
        return left, right

    def cond(self, compare: Compare, a: Ratio, b: Ratio, then: Ratio, other: Ratio) -> Ratio:
        left, right = self.sides(a, b)
        arms = self.nodes.cond(compare, left, right, then.fails, other.fails)
        fails = self.nodes.either(self.fails([a, b]), arms)
        one_divisor = then.below is other.below
        if then.is_whole or other.is_whole or one_divisor:
            scale, above, below = self.alike([then, other])
            return Ratio(scale, self.nodes.cond(compare, left, right, *above), below, fails)
        scale = common_scale([then, other])
        above = [self.times(int(one.scale / scale), one.above) for one in (then, other)]
        below = self.nodes.cond(compare, left, right, then.below, other.below)
        return Ratio(scale, self.nodes.cond(compare, left, right, *above), below, fails)

    def floor(self, ratio: Ratio) -> Ratio:
        return Ratio(ONE, self.nodes.div(*self.plain(ratio)), self.one, ratio.fails)

    def rounded(self, ratio: Ratio, places: int, above_zero: bool = False) -> Node:
        """In units of the last place, half away from zero; `above_zero`: below zero, any value up to zero will do."""
        above, below = self.plain(ratio._replace(scale=ratio.scale * 10**places))
        if below.is_value and below.low == 1:
            return above
        if above.low >= 0 or above_zero:
            return self._half_up(above, below)
        down = self.nodes.negative(self._half_up(self.nodes.most(self.nodes.negative(above), self.zero), below))
        if above.high <= 0:
            return down
        return self.nodes.cond(">=", above, self.zero, self._half_up(self.nodes.most(above, self.zero), below), down)

    def _half_up(self, above: Node, below: Node) -> Node:
        if below.is_value and below.low % 2 == 0:
            return self.nodes.div(self.nodes.add(above, self.nodes.value(below.low // 2)), below)
        return self.nodes.div(self.nodes.add(self.times(2, above), below), self.times(2, below))
