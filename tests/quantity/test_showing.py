"""Printing: half away from zero, never -0, and digits added until what is shown agrees with what was decided."""

from __future__ import annotations

from fractions import Fraction

import pytest

from perfeval.quantity import Unit, read_unit, round_half_up, show_decimal, show_fixed, show_quantity, show_rate, show_short
from perfeval.quantity.units import DATE, YES_NO

F = Fraction
TINY = F(1, 10**70)


@pytest.mark.parametrize(
    ("value", "places", "wanted"),
    [
        (F("0.125"), 2, F("0.13")),
        (F("0.125") - TINY, 2, F("0.12")),
        (F("0.125") + TINY, 2, F("0.13")),
        (F("-0.125"), 2, F("-0.13")),
        (F("-0.125") + TINY, 2, F("-0.12")),
        (F("2.675"), 2, F("2.68")),
        (F("84.9949"), 2, F("84.99")),
        (F("84.995"), 2, F("85")),
        (F(1, 2), 0, 1),
        (F(-1, 2), 0, -1),
        (F(3, 2), 0, 2),
        (F(5, 2), 0, 3),
        (7, 2, 7),
        (0, 18, 0),
        (F(1, 3), 18, F("0.333333333333333333")),
        (F(2, 3), 18, F("0.666666666666666667")),
    ],
)
def test_round_half_up(value: Fraction | int, places: int, wanted: Fraction) -> None:
    assert round_half_up(value, places) == wanted


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-3, "-3"),
        (F("88.5"), "88.5"),
        (F("-0.05"), "-0.05"),
        (F(1, 2**18), "0.000003814697265625"),
        (F(1, 5**3), "0.008"),
        (F(7, 2 * 5**3), "0.028"),
        (F(7, 2**3 * 5), "0.175"),
        (F(1, 3), "1/3"),
        (F(-7, 6), "-7/6"),
        (F(10**15), "1000000000000000"),
    ],
)
def test_show_decimal(value: Fraction | int, text: str) -> None:
    assert show_decimal(value) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (12, 2, "12.00"),
        (12, 0, "12"),
        (F("0.05"), 2, "0.05"),
        (F("0.005"), 2, "0.01"),
        (F("-0.005"), 2, "-0.01"),
        (F("-0.001"), 2, "0.00"),
        (F("-0.4"), 0, "0"),
        (F("-12.5"), 0, "-13"),
        (F("99.995"), 2, "100.00"),
        (F(1, 3), 5, "0.33333"),
    ],
)
def test_show_fixed(value: Fraction | int, places: int, text: str) -> None:
    assert show_fixed(value, places) == text


@pytest.mark.parametrize(
    ("value", "places", "apart_from", "text"),
    [
        (F("89.996"), 2, (), "90"),
        (F("89.996"), 2, (90,), "89.996"),
        (F("89.9996"), 2, (90,), "89.9996"),
        (F("90.004"), 2, (90,), "90.004"),
        (90, 2, (90,), "90"),
        (F("89.5"), 2, (90,), "89.5"),
        (F("89.996"), 2, (90, F("89.9961")), "89.996"),
        (F("89.9961"), 2, (90, F("89.9962")), "89.9961"),
        (F(1, 3), 2, (), "0.33"),
        (F(1, 3), 4, (), "0.3333"),
        (F(1, 3), 2, (F("0.3333"),), "0.33333"),
        (F(1, 3), 2, (F(1, 3) + F(1, 10**61),), "0." + "3" * 61),
        (F(1, 3), 2, (F(1, 3) + TINY,), "1/3"),  # no number of digits shows the difference: told exactly
    ],
)
def test_show_short(value: Fraction | int, places: int, apart_from: tuple[Fraction | int, ...], text: str) -> None:
    assert show_short(value, places, apart_from) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (1, "100%"),
        (0, "0%"),
        (F(99999, 100000), "99.999%"),
        (1 - F(1, 10**9), "99.9999999%"),
        (F(1, 100000), "0.001%"),
        (1 + F(1, 10**6), "100.0001%"),
        (-F(1, 10**6), "-0.0001%"),
        (F(17, 22), "77.27%"),
    ],
)
def test_show_rate(rate: Fraction | int, text: str) -> None:
    assert show_rate(rate) == text


def test_show_rate_beside_others() -> None:
    assert show_rate(F("0.59999"), 2, [F("0.6")]) == "59.999%"
    assert show_rate(F("0.59999")) == "60%"
    assert show_rate(F("0.595"), 0) == "60%"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (171600, read_unit("万元"), "17.16万元"),
        (F("0.913248"), read_unit("%"), "91.3248%"),
        (F("0.9132484"), read_unit("%"), "91.3248%"),
        (F(1, 3), None, "0.3333"),
        (F("0.005"), read_unit("‰"), "5‰"),
        (1, Unit("", F(1), YES_NO), "是"),
        (0, Unit("", F(1), YES_NO), "否"),
        (738671, Unit("", F(1), DATE), "2023-05-31"),
        (1, Unit("", F(1), DATE), "0001-01-01"),
        (0, Unit("", F(1), DATE), "公元第 0 天"),
        (3652059, Unit("", F(1), DATE), "9999-12-31"),
        (3652060, Unit("", F(1), DATE), "公元第 3652060 天"),
        (F("738671.5"), Unit("", F(1), DATE), "公元第 738671.5 天"),
    ],
)
def test_show_quantity(value: Fraction | int, unit: Unit | None, text: str) -> None:
    assert show_quantity(value, unit) == text


def test_show_quantity_beside_others() -> None:
    assert show_quantity(F("0.9000004"), read_unit("%"), 2, [F("0.9")]) == "90.00004%"
    assert show_quantity(F("899999.6"), read_unit("万元"), 2, [900000]) == "89.99996万元"
    assert show_quantity(F("2.99996"), None, 2, [3]) == "2.99996"


@pytest.mark.parametrize("digits", [1, 3999, 4000, 4001, 4300, 4301, 8000, 8001, 30_000])
def test_numbers_of_any_length_are_shown_whole(digits: int) -> None:
    """Python's own `str` refuses more than 4,300 digits."""
    ones = (10**digits - 1) // 9
    assert show_decimal(ones) == "1" * digits
    assert show_decimal(10**digits) == "1" + "0" * digits
    assert show_decimal(F(-ones, 10)) == "-" + ("1" * (digits - 1) or "0") + ".1"
    assert show_decimal(F(-(10**digits), 3)) == "-1" + "0" * digits + "/3"
    assert show_decimal(F(1, 3 * 10**digits)) == "1/3" + "0" * digits
