"""What a whole number of a column stands for."""

from __future__ import annotations

from fractions import Fraction

import pytest

from perfeval.ir.columns import Column


@pytest.mark.parametrize(
    ("unit", "whole", "value"),
    [
        (Fraction(1, 100), 1716, Fraction(429, 25)),
        (Fraction(1, 100), 1700, 17),
        (Fraction(100), 3, 300),
        (Fraction(1, 10000), -1, Fraction(-1, 10000)),
    ],
)
def test_value(unit: Fraction, whole: int, value: Fraction | int) -> None:
    """Exact, and an int where it is whole."""
    found = Column("金额", "number", -10, 2000, unit).value(whole)
    assert found == value
    assert type(found) is type(value)
