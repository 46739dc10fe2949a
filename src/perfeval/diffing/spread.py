"""How a score moves over many projects: how many gain and lose, and what the changes are like."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from perfeval.ir.nodes import Number
from perfeval.quantity.counts import mean, median, quantiles

SHARES = (Fraction(1, 10), Fraction(1, 4), Fraction(3, 4), Fraction(9, 10))


class Spread(NamedTuple):
    """How many projects gain, lose or stay; `open` are those of which nobody knows. Figures are of the others."""

    gain: int
    lose: int
    stay: int
    open: int
    least: Fraction | None
    most: Fraction | None
    mean: Fraction | None
    median: Fraction | None
    quantiles: tuple[Fraction, ...]  # for SHARES; () where no change is known


def spread(counts: Mapping[Number, int], open_: int, unit: Fraction = Fraction(1)) -> Spread:
    """From how often each change comes up, in multiples of `unit`: millions of whole numbers are put in order faster than fractions."""

    def of(value: Number | None) -> Fraction | None:
        return None if value is None else value * unit

    return Spread(
        sum(count for change, count in counts.items() if change > 0),
        sum(count for change, count in counts.items() if change < 0),
        counts.get(0, 0),
        open_,
        of(min(counts, default=None)),
        of(max(counts, default=None)),
        of(mean(counts)),
        of(median(counts)),
        tuple(one * unit for one in quantiles(counts, SHARES)),
    )


Grades = tuple[tuple[str, str, int], ...]
"""Before, after ("" while nobody knows), how many: those that change first."""


def ordered(grades: Mapping[tuple[str, str], int]) -> Grades:
    found = sorted(grades.items(), key=lambda pair: (pair[0][0] == pair[0][1], -pair[1], pair[0]))
    return tuple((before, after, count) for (before, after), count in found)
