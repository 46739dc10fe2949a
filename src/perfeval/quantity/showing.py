"""Printing exact values, and the only rounding function of the program."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from perfeval.quantity.units import DATE, YES_NO, Unit


def round_half_up(value: Fraction | int, places: int) -> Fraction:
    """Round half away from zero at `places` decimals: the only rounding in the program.

    >>> round_half_up(Fraction(1, 8), 2), round_half_up(Fraction(-1, 8), 2)
    (Fraction(13, 100), Fraction(-13, 100))
    """
    scale = 10**places
    numerator, denominator = abs(value.numerator) * scale, value.denominator
    whole = (2 * numerator + denominator) // (2 * denominator)
    return Fraction(whole if value >= 0 else -whole, scale)


def show_decimal(value: Fraction | int) -> str:
    """The exact decimal text, or `a/b` where no finite decimal exists; never `-0`.

    >>> show_decimal(Fraction(177, 2)), show_decimal(Fraction(1, 3))
    ('88.5', '1/3')
    """
    denominator, twos, fives = value.denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    if denominator != 1:
        sign = "-" if value < 0 else ""
        return f"{sign}{_digits(abs(value.numerator))}/{_digits(value.denominator)}"
    return show_fixed(value, max(twos, fives))


def show_fixed(value: Fraction | int, places: int) -> str:
    """Rounded half up, with exactly `places` decimals.

    >>> show_fixed(Fraction(-1, 1000), 2), show_fixed(12, 2)
    ('0.00', '12.00')
    """
    scaled = round_half_up(value, places) * 10**places
    digits = _digits(abs(scaled.numerator)).rjust(places + 1, "0")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


_SHORT = 10**4_000


def _digits(number: int) -> str:
    """All digits of a whole number: Python's own `str` refuses more than 4,300, and figures multiply."""
    if number < _SHORT:
        return str(number)
    half = number.bit_length() * 3 // 20
    high, low = divmod(number, 10**half)
    return _digits(high) + _digits(low).rjust(half, "0")


def show_short(value: Fraction | int, places: int = 2, apart_from: Iterable[Fraction | int] = ()) -> str:
    """At most `places` decimals, trailing zeros dropped; digits are added until it differs from each `apart_from` it is not.

    So 89.996 beside a bound of 90 is never shown as 90.

    >>> show_short(Fraction("89.996"), 2, [90]), show_short(Fraction("89.5"), 2, [90])
    ('89.996', '89.5')
    """
    others = [other for other in apart_from if other != value]
    for digits in range(places, places + 60):
        rounded = round_half_up(value, digits)
        if all(rounded != round_half_up(other, digits) for other in others):
            return show_decimal(rounded)
    return show_decimal(value)


def show_rate(rate: Fraction | int, places: int = 2, apart_from: Iterable[Fraction | int] = ()) -> str:
    """A share as per cent: 100% only if exactly full, 0% only if exactly nothing.

    >>> show_rate(Fraction(99999, 100000)), show_rate(Fraction(17, 22))
    ('99.999%', '77.27%')
    """
    return show_short(rate * 100, places, [0, 100, *(other * 100 for other in apart_from)]) + "%"


def show_quantity(value: Fraction | int, unit: Unit | None, places: int = 4, apart_from: Iterable[Fraction | int] = ()) -> str:
    """A value of base units in its unit, short: `17.16万元`, `91.3248%`."""
    if unit is None:
        return show_short(value, places, apart_from)
    if unit.dimension == DATE:
        whole = value // 1
        in_calendar = whole == value and 1 <= whole <= date.max.toordinal()
        return date.fromordinal(int(whole)).isoformat() if in_calendar else f"公元第 {show_short(value)} 天"
    if unit.dimension == YES_NO:
        return "是" if value else "否"
    return show_short(value / unit.scale, places, [other / unit.scale for other in apart_from]) + unit.symbol
