"""Units and dimensions: what converts into what, and what may be compared or added."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from perfeval.problems import ProblemKind

UNKNOWN_UNIT = ProblemKind(
    "unknown-unit",
    says="「{text}」的单位「{unit}」不认识。",
    remedy="改用已有的单位（元、万元、%、人、户、天 等），或在 indicators.yaml 的 units 里登记这个量词。",
    en="“{text}”: the unit “{unit}” is not known.",
    en_remedy="Use a known unit (元, 万元, %, 人, 户, 天, …), or list the counting word under units: in indicators.yaml.",
)

_FULL_WIDTH = str.maketrans("０１２３４５６７８９％", "0123456789%")

Dimension = tuple[tuple[str, int], ...]
"""Powers of base units, sorted: `()` a plain number or rate, `(("元", 1),)` money. Months and days do not convert."""

NO_DIMENSION: Dimension = ()
ANY_COUNT: Dimension = (("*", 1),)  # a count of rows fits any counting word
DATE: Dimension = (("日期", 1),)
MONEY: Dimension = (("元", 1),)
DAYS: Dimension = (("天", 1),)
YES_NO: Dimension = (("是否", 1),)

_MEASURED = ("元", "天", "月", "年")
WHOLE_WORDS = frozenset(
    [
        "人",
        "户",
        "个",
        "名",
        "项",
        "次",
        "件",
        "处",
        "家",
        "份",
        "所",
        "条",
        "台",
        "套",
        "座",
        "辆",
        "只",
        "头",
        "批",
        "期",
        "场",
        "篇",
        "册",
        "本",
        "张",
        "幅",
        "间",
        "栋",
        "幢",
        "宗",
        "起",
        "例",
        "队",
        "组",
        "类",
        "种",
        "门",
        "班",
        "届",
        "轮",
        "部",
        "盏",
        "口",
        "眼",
        "棵",
        "株",
        "根",
        "块",
        "片",
        "面",
        "枚",
        "支",
        "艘",
        "架",
        "节",
        "课",
        "村",
        "镇",
        "乡",
        "县",
        "校",
        "岁",
        "人次",
        "户次",
        "场次",
        "车次",
        "批次",
        "课时",
        "学时",
    ]
)
"""Counting words whose numbers are whole."""
MEASURE_WORDS = frozenset(
    [
        "分",
        "米",
        "公里",
        "里",
        "平方米",
        "平方公里",
        "立方米",
        "亩",
        "公顷",
        "吨",
        "克",
        "公斤",
        "斤",
        "升",
        "度",
        "小时",
        "分钟",
        "工时",
        "千瓦",
        "千瓦时",
        "兆瓦",
    ]
)
"""Counting words whose numbers may have decimals. They do not convert into each other."""
_PREFIX = {"百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8}


class Unit(NamedTuple):
    """A unit: how it is written, how many base units it is, and of what."""

    symbol: str
    scale: Fraction
    dimension: Dimension

    @property
    def is_rate(self) -> bool:
        """Written with a sign for hundredths or thousandths: a bare number in it is not yet divided."""
        return self.dimension == NO_DIMENSION and self.scale != 1


PERCENT = Unit("%", Fraction(1, 100), NO_DIMENSION)
COUNT = Unit("", Fraction(1), ANY_COUNT)
_RATES = {
    "%": PERCENT,
    "‰": Unit("‰", Fraction(1, 1000), NO_DIMENSION),
    "百分点": Unit("百分点", Fraction(1, 100), NO_DIMENSION),
    "个百分点": Unit("百分点", Fraction(1, 100), NO_DIMENSION),
}
ANY_UNIT = Unit("", Fraction(1), (("?", 1),))
"""Of a zero that rules themselves compare with: zero is zero in every unit."""


def is_count(dimension: Dimension) -> bool:
    """One counting word, to the first power."""
    return len(dimension) == 1 and dimension[0][1] == 1 and dimension[0][0] not in (*_MEASURED, "日期", "是否")


def is_whole_count(dimension: Dimension) -> bool:
    """A counting word whose numbers are whole (people, not tonnes)."""
    return is_count(dimension) and dimension[0][0] not in MEASURE_WORDS


def multiply(a: Dimension, b: Dimension, sign: int = 1) -> Dimension:
    """The dimension of a product (`sign` 1) or quotient (-1): counting words drop out, a plain factor changes nothing.

    >>> multiply((("元", 1),), (("人", 1),), -1)
    (('元', 1),)
    """
    if b == NO_DIMENSION:
        return a
    if a == NO_DIMENSION and sign == 1:
        return b
    powers: dict[str, int] = {}
    for base, power in a:
        powers[base] = power
    for base, power in b:
        powers[base] = powers.get(base, 0) + sign * power
    return tuple(sorted((k, p) for k, p in powers.items() if p and k in (*_MEASURED, "日期", "是否")))


def same_dimension(a: Dimension, b: Dimension) -> bool:
    """May the two be compared or added? A count of rows fits any counting word."""
    return a == b or (a == ANY_COUNT and is_count(b)) or (b == ANY_COUNT and is_count(a))


NO_UNIT = "无单位 (no unit)"
_TOLD = {("*", 1): "计数 (a count)", ("日期", 1): "日期 (a date)", ("是否", 1): "是否 (yes or no)"}


def show_dimension(dimension: Dimension) -> str:
    """For messages: where it is no unit that people write, `中文 (English)`."""
    if dimension == NO_DIMENSION:
        return NO_UNIT
    if len(dimension) == 1 and dimension[0] in _TOLD:
        return _TOLD[dimension[0]]
    return "".join(base + (f"^{power}" if power != 1 else "") for base, power in dimension)


def _simple_unit(text: str, words: frozenset[str]) -> Unit | None:
    known = WHOLE_WORDS | MEASURE_WORDS | words
    for cut in range(min(3, len(text))):
        base = text[cut:]
        if base in known or base in _MEASURED:
            if cut and base in ("天", "月", "年"):
                return None
            scale = 1
            for character in text[:cut]:
                if character not in _PREFIX:
                    return None
                scale *= _PREFIX[character]
            return Unit(text, Fraction(scale), ((base, 1),))
    return None


@lru_cache(maxsize=4096)
def read_unit(text: str, words: frozenset[str] = frozenset()) -> Unit:
    """Unit text to `Unit`; `words` are counting words a project adds. Raises `Fault` (unknown-unit).

    >>> read_unit("万元").scale
    Fraction(10000, 1)
    """
    text = text.translate(_FULL_WIDTH)
    if text in _RATES:
        return _RATES[text]
    above, slash, below = text.partition("/")
    unit = _simple_unit(above, words)
    if unit and slash:
        under = _simple_unit(below, words)
        if under is None:
            raise UNKNOWN_UNIT.fault(text=text, unit=text)
        return Unit(text, unit.scale / under.scale, multiply(unit.dimension, under.dimension, -1))
    if unit is None:
        raise UNKNOWN_UNIT.fault(text=text, unit=text)
    return unit


def plain_width(text: str) -> str:
    """Full-width digits and ％ as their plain twins."""
    return text.translate(_FULL_WIDTH)
