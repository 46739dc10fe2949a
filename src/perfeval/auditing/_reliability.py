"""How well the items of a survey go together: Cronbach's alpha, exact; KMO and Bartlett's test, in floats.

The floats stay in this file, are kept to nine decimals and judge no score. numpy and scipy.special come with the extra `survey`
and are imported when they are used; scipy.stats is not, which takes long to import.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from perfeval.auditing._contract import ExtraMissing
from perfeval.quantity import round_half_up

Rows = Sequence[Sequence[Fraction]]
"""The marks of each questionnaire, item by item, none missing."""

PLACES = 9  # what lies beyond is noise of floats, which differs from machine to machine
_PLACES_OF_R = 12  # so that items with nothing in common have nothing in common


def varying(rows: Rows) -> list[int]:
    """The items that not all answer alike."""
    return [at for at, column in enumerate(zip(*rows, strict=True)) if len(set(column)) > 1]


def alpha(rows: Rows) -> Fraction | None:
    """Cronbach's alpha, k ÷ (k − 1) × (1 − Σ variances of items ÷ variance of sums). None for one item, or where all sums are one.

    >>> alpha([[Fraction(x), Fraction(y)] for x, y in [(1, 1), (2, 3), (3, 2)]])
    Fraction(2, 3)
    """
    columns = list(zip(*rows, strict=True))
    of_sums = _spread([sum(row, Fraction(0)) for row in rows])
    if len(columns) < 2 or not of_sums:
        return None
    return Fraction(len(columns), len(columns) - 1) * (1 - sum(map(_spread, columns), Fraction(0)) / of_sums)


def _spread(values: Sequence[Fraction]) -> Fraction:
    """Squares of the distances from the mean, added up: a variance, without the divisor that all here share."""
    counts = Counter(values)  # marks are few, questionnaires may be many
    total = sum((mark * count for mark, count in counts.items()), Fraction(0))
    return sum((mark**2 * count for mark, count in counts.items()), Fraction(0)) - total**2 / len(values)


class Adequacy(NamedTuple):
    """KMO, and Bartlett's chi-square with its degrees of freedom and its probability."""

    kmo: Fraction
    chi_square: Fraction
    freedom: int
    probability: Fraction


def adequacy(rows: Rows) -> Adequacy | None:
    """Whether the items, which all vary, have enough in common. None where one follows from the others. Raises `ExtraMissing`.

    KMO = Σr² ÷ (Σr² + Σq²) over all pairs, q being partial correlations;
    χ² = −(n − 1 − (2p + 5) ÷ 6) × ln |R| with p(p − 1) ÷ 2 degrees of freedom.
    """
    try:
        import numpy
        from scipy.special import chdtrc
    except ImportError as error:
        raise ExtraMissing("survey") from error
    marks = numpy.array([[mark.numerator / mark.denominator for mark in column] for column in map(_from_0_to_1, zip(*rows, strict=True))])
    items, count = marks.shape
    related = numpy.corrcoef(marks).round(_PLACES_OF_R)
    if numpy.linalg.matrix_rank(related, tol=numpy.sqrt(numpy.finfo(related.dtype).eps)) < items:
        return None
    inverse = numpy.linalg.inv(related)
    scale = numpy.sqrt(numpy.diag(inverse))
    partial = inverse / numpy.outer(scale, scale)
    apart: Any = ~numpy.eye(items, dtype=bool)
    shared, own = (related[apart] ** 2).sum(), (partial[apart] ** 2).sum()
    kmo = _kept(shared / (shared + own)) if shared else Fraction(1, 2)  # what it nears as both vanish
    freedom = items * (items - 1) // 2
    chi_square = -(count - 1 - (2 * items + 5) / 6) * numpy.linalg.slogdet(related)[1]
    return Adequacy(kmo, _kept(chi_square), freedom, _kept(chdtrc(freedom, chi_square)))


def _from_0_to_1(column: Sequence[Fraction]) -> list[Fraction]:
    """Correlations stay the same, and marks that differ still differ as floats."""
    low, high = min(column), max(column)
    return [(mark - low) / (high - low) for mark in column]


def _kept(number: Any) -> Fraction:
    return round_half_up(Fraction(number.item()), PLACES)
