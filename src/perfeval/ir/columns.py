"""What a column of evidence holds, so that it can be computed with whole numbers: how fine, from where to where."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

from perfeval.ir.nodes import Number

BLANKS = " \t\r\n\u00a0\u3000"
"""What a cell's text loses on either side, on every engine."""
ColumnForm = Literal["number", "date", "yes_no", "tier"]


class Column(NamedTuple):
    """The column of one evidence key.

    A value is `whole number × unit`: an amount in 元 with two places counts in 0.01 元, a rate in % with two places in 1/10000,
    yes/no and tiers are 1/0 and positions counted from 1, dates are days. `low` and `high` are the ends in such whole numbers.
    """

    key: str
    form: ColumnForm
    low: int
    high: int
    unit: Fraction = Fraction(1)
    places: int = 0  # decimals of the numbers in the column
    scale: Fraction = Fraction(1)  # what 1 in the column is: 1/100 for a column in %
    symbol: str = ""  # the unit its numbers are in, for people
    choices: tuple[str, ...] = ()  # tiers, in the order of their positions
    is_rate: bool = False  # a bare number above 0 and up to 1 has two readings
    absent: int | None = None  # what stands for an empty cell; None: the value is missing
    unreadable: int | None = None  # what stands for a cell that is neither empty nor a value, below all values; None: missing too

    @property
    def least(self) -> int:
        """The least whole number that can stand in the column."""
        return self.low if self.unreadable is None else self.unreadable

    def value(self, whole: int) -> Number:
        """The exact value of a whole number of the column."""
        value = whole * self.unit
        return value.numerator if value.denominator == 1 else value
