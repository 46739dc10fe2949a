"""Exact figures of many values, from how often each comes up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

Number = Fraction | int
Counts = Mapping[Number, int]


def mean(counts: Counts) -> Fraction | None:
    """None where there is nothing.

    >>> mean({Fraction(1): 2, Fraction(2): 1})
    Fraction(4, 3)
    """
    rows = sum(counts.values())
    return Fraction(sum(value * count for value, count in counts.items())) / rows if rows else None


def quantiles(counts: Counts, shares: Sequence[Fraction]) -> tuple[Number, ...]:
    """For each share, which rise, the smallest value that at least this share of all does not exceed: always one that occurs.

    >>> quantiles({Fraction(1): 2, Fraction(5): 1}, [Fraction(0), Fraction(1, 2), Fraction(1)])
    (Fraction(1, 1), Fraction(1, 1), Fraction(5, 1))
    """
    rows, upto = sum(counts.values()), 0
    least = [max(share * rows, Fraction(1)) for share in shares]
    found: list[Number] = []
    for value, count in sorted(counts.items()):
        upto += count
        while len(found) < len(shares) and upto >= least[len(found)]:
            found.append(value)
    return tuple(found)


def median(counts: Counts) -> Fraction | None:
    """The value in the middle, or half-way between the two there.

    >>> median({Fraction(1): 1, Fraction(2): 1})
    Fraction(3, 2)
    """
    rows = sum(counts.values())
    if not rows:
        return None
    middle = quantiles(counts, [Fraction(rows // 2, rows), Fraction(rows // 2 + 1, rows)])
    return Fraction(middle[1]) if rows % 2 else Fraction(middle[0] + middle[1]) / 2
