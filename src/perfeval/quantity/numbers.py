"""The number grammar: text with a unit to an exact `Quantity`. One grammar for every value in every file."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from perfeval.problems import ProblemKind
from perfeval.quantity.showing import show_decimal
from perfeval.quantity.units import (
    NO_DIMENSION,
    NO_UNIT,
    UNKNOWN_UNIT,
    Dimension,
    Unit,
    plain_width,
    read_unit,
    same_dimension,
)

BAD_NUMBER = ProblemKind(
    "bad-number",
    says="「{text}」不是数：{why}。",
    remedy="只写正负号、数字（可用 1,234,567 分组）、小数点和单位，例如 17.16万元、91.32%。",
    en="“{text}” is not a number: {why}.",
    en_remedy="Write a sign, digits (or groups 1,234,567), a point and a unit only, as 17.16万元 or 91.32%.",
)
PERCENT_OR_FRACTION = ProblemKind(
    "percent-or-fraction",
    says="「{text}」有两种读法：{percent}，还是 {fraction}？这个量以 % 计。",
    remedy="写明百分号：{percent} 或 {fraction}。",
    en="“{text}” reads in two ways: {percent} or {fraction}? This quantity is in per cent.",
    en_remedy="Write the sign: {percent} or {fraction}.",
)
WRONG_UNIT = ProblemKind(
    "wrong-unit",
    says="「{text}」的单位与要求的「{unit}」不能换算。",
    remedy="换成以「{unit}」计的数，或改正规则里的单位。",
    en="“{text}”: its unit cannot be turned into “{unit}”.",
    en_remedy="Give the number in “{unit}”, or mend the unit in the rule.",
)

NUMBER_PATTERN = r"[+-]?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,18})?"
_NUMBER = re.compile(rf"({NUMBER_PATTERN})\s?([^\d\s.,．，_+\-:：eE/~～±][^\d\s]*)?", re.ASCII)
_SHOWN = 60  # characters of a text that is no number
_LOOKS_NUMERIC = re.compile(r"[+-]?[\d.,]", re.ASCII)


class Quantity(NamedTuple):
    """An exact value in base units (90% is 9/10, 17.16万元 is 171600) and the unit it was written in (None: none)."""

    value: Fraction
    unit: Unit | None = None

    @property
    def dimension(self) -> Dimension:
        return self.unit.dimension if self.unit else NO_DIMENSION


@lru_cache(maxsize=8192)
def split_number(text: str) -> tuple[Fraction, str]:
    """A number text to its exact value and the text of its unit. Raises `Fault` (bad-number).

    >>> split_number("1,234.50万元")
    (Fraction(2469, 2), '万元')
    """
    plain = plain_width(text.strip())
    match = _NUMBER.fullmatch(plain)
    if match is None:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        raise BAD_NUMBER.fault(text=shown, why=_why_not(plain))
    digits, unit = match.groups()
    return Fraction(digits.replace(",", "")), unit or ""


def _why_not(text: str) -> str:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return "这是日期 (this is a date)"
    if re.match(r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]", text):
        return "日期写成 2023-05-01 (write a date as 2023-05-01)"
    if "．" in text or "，" in text:
        return "小数点和逗号要用半角 (a plain point and plain commas)"
    if re.match(r"[+-]?\d+(\.\d+)?[eE][+-]?\d", text):
        return "不接受指数写法 (no exponents)"
    if re.match(r"[+-]?0[xXbBoO]", text) or "_" in text:
        return "只接受十进制数字 (decimal digits only)"
    if re.match(r"[+-]?\d{16,}", text):
        return "小数点前最多 15 位 (at most 15 digits before the point)"
    if re.match(r"[+-]?[\d,]+\.\d{19,}", text):
        return "小数点后最多 18 位 (at most 18 digits after the point)"
    if re.match(r"[+-]?\d[\d,]*,", text):
        return "逗号只能每三位一组 (commas group three digits)"
    if ":" in text and re.match(r"\d", text):
        return "不接受冒号写法 (no colons)"
    if re.match(r"[≥≤><=]", text):
        return "这里要一个数，不要比较号 (a number, without a comparison sign)"
    if text in ("无", "暂无", "无数据", "缺", "N/A", "n/a", "NA", "None", "none", "-", "——", "--"):
        return "没有数据时写 待补充 (where there is no data yet, write 待补充)"
    return "不合数的写法 (not in the number grammar)"


def read_quantity(text: str, default: Unit | None = None, words: frozenset[str] = frozenset()) -> Quantity:
    """Number with unit to `Quantity`.

    `default` is the unit of a bare number, and what a written unit must convert to. In a per-cent quantity a bare number is
    per cent, and one above 0 and up to 1 is refused (percent-or-fraction): 0.95 may mean 0.95 % or 95 %.

    >>> str(read_quantity("17.16万元").value), str(read_quantity("95", read_unit("%")).value)
    ('171600', '19/20')
    """
    number, unit_text = split_number(text)
    if unit_text:
        try:
            unit = read_unit(unit_text, words)
        except ValueError:
            raise UNKNOWN_UNIT.fault(text=text, unit=unit_text) from None
        if default is not None and not same_dimension(unit.dimension, default.dimension):
            raise WRONG_UNIT.fault(text=text, unit=default.symbol or NO_UNIT)
        return Quantity(number * unit.scale, unit)
    if default is None:
        return Quantity(number)
    if default.is_rate and 0 < number <= 1:
        shown = show_decimal(number)
        raise PERCENT_OR_FRACTION.fault(
            text=text, percent=f"{shown}{default.symbol}", fraction=f"{show_decimal(number / default.scale)}{default.symbol}"
        )
    return Quantity(number * default.scale, default)


def looks_numeric(text: str) -> bool:
    """Does the text begin like a number (so that a failure to read it should be told as one)?"""
    return bool(_LOOKS_NUMERIC.match(plain_width(text.strip())))


def decimals_of(number: Fraction) -> int | None:
    """How many decimals a number and its multiples have; None where they do not end.

    >>> decimals_of(Fraction(5, 4)), decimals_of(Fraction(3)), decimals_of(Fraction(1, 3))
    (2, 0, None)
    """
    rest, counts = number.denominator, []
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest, count = rest // prime, count + 1
        counts.append(count)
    return max(counts) if rest == 1 else None
