"""What a text of the evidence means as an answer of each form: a number, yes or no, a tier, points, a count."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from perfeval.ir.nodes import Number
from perfeval.ir.parse import DATE_UNIT
from perfeval.ir.program import Ask
from perfeval.problems import Fault, ProblemKind, did_you_mean
from perfeval.quantity import (
    ANY_COUNT,
    NO_DIMENSION,
    YES_NO,
    Dimension,
    Unit,
    is_count,
    looks_like_date,
    plain_width,
    read_date,
    read_quantity,
    read_unit,
    read_yes_no,
    split_number,
)
from perfeval.rules._fields import BAD_POINTS, read_points

UNKNOWN_TIER = ProblemKind(
    "unknown-tier",
    says="「{text}」不是「{name}」的等次。{hint}",
    remedy="写下列之一：{known}。",
    en="“{text}” is not a tier of “{name}”. {hint}",
    en_remedy="Write one of: {known}.",
)
NEGATIVE_COUNT = ProblemKind(
    "negative-count",
    says="「{name}」为 {text}：计数不能是负数。",
    remedy="核对这个数。",
    en="“{name}” is {text}: a count cannot be negative.",
    en_remedy="Check the figure.",
)
BAD_COUNT = ProblemKind(
    "bad-count",
    says="「{name}」为 {text}，应是 0 或正整数。",
    remedy="写发现的次数，例如 2。",
    en="“{name}” is {text}; it should be 0 or a whole number.",
    en_remedy="Write how many were found, as 2.",
)


def _number(ask: Ask, text: str, words: frozenset[str]) -> tuple[Number, Unit | None, Dimension]:
    if looks_like_date(text):
        return read_date(text).toordinal(), DATE_UNIT, DATE_UNIT.dimension
    _, unit_text = split_number(text)
    wanted = ask.unit
    if wanted is not None and wanted.dimension == DATE_UNIT.dimension:
        return read_date(text).toordinal(), DATE_UNIT, DATE_UNIT.dimension
    try:
        quantity = read_quantity(text, wanted, words)
    except Fault:
        if wanted is None or not unit_text:
            raise
        # another unit than the bounds': told where the two meet, with both sides
        unit = read_unit(unit_text, words)
        quantity = read_quantity(text, unit, words)
    if is_count(quantity.dimension) and quantity.dimension != ANY_COUNT and quantity.value < 0:
        raise NEGATIVE_COUNT.fault(name=ask.text, text=text)
    return quantity.value, quantity.unit, quantity.dimension


def _yes_no(_ask: Ask, text: str, _words: frozenset[str]) -> tuple[Number, Unit | None, Dimension]:
    return int(read_yes_no(text)), None, YES_NO


def _tier(ask: Ask, text: str, _words: frozenset[str]) -> tuple[Number, Unit | None, Dimension]:
    name = text.strip()
    if name not in ask.choices:
        raise UNKNOWN_TIER.fault(text=name, name=ask.text, hint=did_you_mean(name, ask.choices), known="、".join(ask.choices))
    return ask.choices.index(name) + 1, None, NO_DIMENSION


def _points(ask: Ask, text: str, _words: frozenset[str]) -> tuple[Number, Unit | None, Dimension]:
    plain = plain_width(text.strip())
    if plain.endswith("%"):  # a share of what is judged
        number, unit = split_number(plain)
        if unit == "%":
            return number / 100 * ask.worth, None, NO_DIMENSION
    points = read_points(plain).of(ask.worth, ask.leaf_worth)
    if points < 0:
        raise BAD_POINTS.fault(text=text)
    return points, None, NO_DIMENSION


def _count(ask: Ask, text: str, words: frozenset[str]) -> tuple[Number, Unit | None, Dimension]:
    quantity = read_quantity(text, None, words)
    plain = quantity.unit is None or is_count(quantity.dimension)
    if quantity.value < 0 or quantity.value.denominator != 1 or not plain:
        raise BAD_COUNT.fault(name=ask.text, text=text)
    return quantity.value, None, NO_DIMENSION


Reader = Callable[[Ask, str, frozenset[str]], tuple[Number, Unit | None, Dimension]]
"""Question, text and the project's counting words to the exact value, the unit it was written in, and its dimension."""
READERS: Mapping[str, Reader] = {"number": _number, "yes_no": _yes_no, "tier": _tier, "points": _points, "count": _count}
