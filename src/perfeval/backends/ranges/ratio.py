"""Quotients of polynomials in one variable, exact and in lowest terms: what an expression is between two of its breakpoints.

Two that are the same function are equal as values, however they were written.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import zip_longest
from math import isqrt
from typing import NamedTuple

from perfeval.ir.nodes import Number

Polynomial = tuple[Fraction, ...]
"""Coefficients from the constant upwards; no zero at the end, so that the zero polynomial is empty."""

_MOST = 6  # degree: more than any rule has, little enough to stay quick
ZERO: Polynomial = ()
ONE: Polynomial = (Fraction(1),)


class Curved(Exception):
    """A bend that has no rational place, or a degree that no rule has: exact pieces cannot be given."""


class Ratio(NamedTuple):
    """`over(x) / under(x)`. Made by `ratio`, which brings it into lowest terms."""

    over: Polynomial
    under: Polynomial = ONE

    @property
    def constant(self) -> Fraction | None:
        """The value, where it does not depend on the variable."""
        if len(self.over) <= 1 and len(self.under) == 1:
            return self.over[0] if self.over else Fraction(0)
        return None

    @property
    def is_straight(self) -> bool:
        return len(self.over) <= 2 and len(self.under) == 1

    def at(self, x: Number) -> Fraction:
        """The value at a place that is no pole."""
        return _value(self.over, x) / _value(self.under, x)

    def __add__(self, other: Ratio) -> Ratio:  # type: ignore[override]  # not the sum of two tuples
        return ratio(_plus(_times(self.over, other.under), _times(other.over, self.under)), _times(self.under, other.under))

    def __neg__(self) -> Ratio:
        return Ratio(tuple(-c for c in self.over), self.under)

    def __sub__(self, other: Ratio) -> Ratio:
        return self + -other

    def __mul__(self, other: Ratio) -> Ratio:  # type: ignore[override]
        return ratio(_times(self.over, other.over), _times(self.under, other.under))

    def divided_by(self, other: Ratio) -> Ratio:
        """The quotient; the other must not be zero throughout."""
        return ratio(_times(self.over, other.under), _times(self.under, other.over))

    def zeros(self) -> tuple[Fraction, ...]:
        """Where the value is zero, in order. Raises `Curved` where a zero is not rational or cannot be told."""
        return _roots(self.over)

    def poles(self) -> tuple[Fraction, ...]:
        """Where the divisor is zero, in order. Raises `Curved`."""
        return _roots(self.under)

    def slope(self) -> Ratio:
        """The derivative."""
        over, under = self.over, self.under
        return ratio(
            _plus(_times(_derived(over), under), tuple(-c for c in _times(over, _derived(under)))),
            _times(under, under),
        )

    def towards(self, end: Number | None, inwards: int) -> tuple[Fraction | None, int]:
        """The limit at an end as it is come to from inside (`inwards` 1: from the right), or None and the sign of what has none.

        `end` None is the far end on that side.
        """
        if end is None:
            return self._far_out(-inwards)
        if under := _value(self.under, end):
            return _value(self.over, end) / under, 0
        return None, _sign_beside(self.over, end, inwards) * _sign_beside(self.under, end, inwards)

    def _far_out(self, side: int) -> tuple[Fraction | None, int]:
        above = len(self.over) - len(self.under)
        if above > 0:
            return None, (1 if self.over[-1] > 0 else -1) * (side if above % 2 else 1)  # the divisor's lead is 1
        return (Fraction(0) if above else self.over[-1]), 0


def number(value: Number) -> Ratio:
    return Ratio((Fraction(value),) if value else ZERO)


VARIABLE = Ratio((Fraction(0), Fraction(1)))


def ratio(over: Polynomial, under: Polynomial) -> Ratio:
    """In lowest terms, the divisor's leading coefficient 1. Raises `Curved` for a degree that no rule has."""
    if not over:
        return Ratio(ZERO)
    if len(under) > 1 and len(over) > 1:
        common = _common(over, under)
        over, under = _quotient(over, common), _quotient(under, common)
    if max(len(over), len(under)) > _MOST + 1:
        raise Curved
    lead = under[-1]
    return Ratio(tuple(c / lead for c in over), tuple(c / lead for c in under)) if lead != 1 else Ratio(over, under)


# ---- polynomials


def _trimmed(coefficients: list[Fraction]) -> Polynomial:
    while coefficients and coefficients[-1] == 0:
        coefficients.pop()
    return tuple(coefficients)


def _plus(a: Polynomial, b: Polynomial) -> Polynomial:
    return _trimmed([x + y for x, y in zip_longest(a, b, fillvalue=Fraction(0))])


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    if a == ONE or b == ONE:
        return b if a == ONE else a
    if not a or not b:
        return ZERO
    found = [Fraction(0)] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            found[i + j] += x * y
    return tuple(found)


def _divided(a: Polynomial, b: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Quotient and rest."""
    rest, found = list(a), [Fraction(0)] * max(0, len(a) - len(b) + 1)
    for at in range(len(a) - len(b), -1, -1):
        factor = found[at] = rest[at + len(b) - 1] / b[-1]
        for j, y in enumerate(b):
            rest[at + j] -= factor * y
    return _trimmed(found), _trimmed(rest)


def _quotient(a: Polynomial, b: Polynomial) -> Polynomial:
    return _divided(a, b)[0]


def _common(a: Polynomial, b: Polynomial) -> Polynomial:
    while b:
        a, b = b, _divided(a, b)[1]
    return a


def _derived(a: Polynomial) -> Polynomial:
    return tuple(n * c for n, c in enumerate(a) if n)


def _value(a: Polynomial, x: Number) -> Fraction:
    total = Fraction(0)
    for c in reversed(a):
        total = total * x + c
    return total


def _sign_beside(a: Polynomial, x: Number, inwards: int) -> int:
    """The sign just beside a place: of the first derivative that is not zero there."""
    way = 1
    while a:
        if value := _value(a, x):
            return way if value > 0 else -way
        a, way = _derived(a), way * inwards
    return 0


def _roots(a: Polynomial) -> tuple[Fraction, ...]:
    """The real roots of a polynomial that is not zero, each once."""
    if len(a) <= 1:
        return ()
    if len(a) == 2:
        return (-a[0] / a[1],)
    if a[0] == 0:
        return tuple(sorted({Fraction(0), *_roots(a[1:])}))
    if len(a) == 3:
        return _of_square(*a)
    raise Curved


def _of_square(c: Fraction, b: Fraction, a: Fraction) -> tuple[Fraction, ...]:
    under = b * b - 4 * a * c
    if under < 0:
        return ()
    over, below = isqrt(under.numerator), isqrt(under.denominator)
    if over * over != under.numerator or below * below != under.denominator:
        raise Curved
    root = Fraction(over, below)
    return tuple(sorted({(-b - root) / (2 * a), (-b + root) / (2 * a)}))
