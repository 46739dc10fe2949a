"""Numbers of a comparison as text: points, changes with their sign, intervals, stretches of values."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfeval.diffing.effect import Between
from perfeval.diffing.functions import Span
from perfeval.ir.bounds import Interval
from perfeval.model.result import Indicator, Result, shown
from perfeval.quantity import Unit, show_decimal, show_short

_DIGITS = 6  # decimals up to which a figure is printed in full


def figure(value: Fraction | int, apart_from: Iterable[Fraction | int] = (0,)) -> str:
    """Exact; a figure without a short decimal form is rounded, which `≈` says.

    >>> figure(Fraction(1, 2)), figure(Fraction(25, 3))
    ('0.5', '≈8.3333')
    """
    text = show_decimal(value)
    if "/" in text or len(text.partition(".")[2]) > _DIGITS:
        return "≈" + show_short(value, 4, apart_from)
    return text


def signed(value: Fraction | int) -> str:
    """A change: `+0.5`, `-3`, `0`."""
    text = figure(value)
    return text if value <= 0 else f"≈+{text[1:]}" if text.startswith("≈") else f"+{text}"


def between(change: Between) -> str:
    return signed(change.low) if change.low == change.high else f"{signed(change.low)}～{signed(change.high)}"


def total(result: Result) -> str:
    """The total, or what is certain and what is possible; digits are added until it stands apart from the grades' bounds."""
    apart = [band.low for band in result.bands]
    if result.total is not None:
        return show_short(result.total, result.places, apart)
    low, high = (show_short(end, result.places, apart) for end in (result.low, result.high))
    return low if result.low == result.high else f"{low}～{high}"


def score(leaf: Indicator | None, places: int) -> str:
    """A leaf's points; "" where the tree has none of it."""
    if leaf is None or leaf.status == "not_applicable":
        return ""
    low, high = (show_short(end, places, [0, leaf.applicable]) for end in (leaf.low, leaf.high))
    return low if leaf.low == leaf.high else f"{low}～{high}"


def points_of(span: Span) -> str | None:
    """The points of an answer, as a figure or an interval; None where the rule gives none."""
    low, high = (None if end is None else end.constant for end in span)
    if low is None or high is None:
        return None
    return figure(low) if low == high else f"{figure(low)}～{figure(high)}"


def formula(span: Span) -> str | None:
    """The points as a function of x, lowest powers first; None where the rule gives none."""
    if (constant := points_of(span)) is not None:
        return constant
    if span.low is None or span.high is None:
        return None
    texts = ["".join(_quotient(end.over, end.under)) for end in span if end is not None]
    return texts[0] if texts[0] == texts[1] else "～".join(texts)


def _quotient(over: tuple[Fraction, ...], under: tuple[Fraction, ...]) -> str:
    return _polynomial(over) if under == (Fraction(1),) else f"({_polynomial(over)}) ÷ ({_polynomial(under)})"


def _polynomial(coefficients: tuple[Fraction, ...]) -> str:
    text = ""
    for power, one in reversed(list(enumerate(coefficients))):
        if one:
            size = show_decimal(abs(one))
            size = f"({size})" if "/" in size and power else size
            sign = ("-" if one < 0 else "") if not text else " - " if one < 0 else " + "
            text += sign + ("" if abs(one) == 1 and power else size) + ("x" if power else "") + (f"^{power}" if power > 1 else "")
    return text or "0"


def value(number: Fraction | int, unit: Unit | None) -> str:
    return shown(number, unit).text


def stretch(interval: Interval, unit: Unit | None, spaced: bool) -> str:
    """`60%<x<100%`; "" for all values. `spaced`: with blanks around the signs."""
    low, high = (None if end is None else value(end, unit) for end in (interval.low, interval.high))
    if interval.low is not None and interval.low == interval.high:
        text = f"x = {low}"
    else:
        left = "" if low is None else f"{low} {'≤' if interval.low_closed else '<'} "
        right = "" if high is None else f" {'≤' if interval.high_closed else '<'} {high}"
        if left and not right:
            text = f"x {'≥' if interval.low_closed else '>'} {low}"
        else:
            text = f"{left}x{right}" if left or right else ""
    return text if spaced else text.replace(" ", "")
