"""The numbers that a quoted scoring rule says in words: points, rates and figures with a unit, and which of them speak of steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perfeval.auditing._claims import in_digits
from perfeval.auditing._rule_parts import is_mark
from perfeval.problems import Fault
from perfeval.quantity import NO_DIMENSION, Dimension, Unit, plain_width, read_quantity

POINTS = "分"
RATE = "%"

_A_YEAR = 1900  # 2023年 is no span of time
_NUMBER = r"\d{1,9}(?:\.\d{1,6})?"
_RANGE = r"\s*(?:[-~～—–]+|至|到)\s*"
_TOKEN = re.compile(
    rf"(?<![\d.〔\[第])(?:(?P<low>{_NUMBER})(?P<of_low>[%分])?{_RANGE})?(?P<high>{_NUMBER})\s*"
    r"(?P<unit>%|个?百分点|分(?![之钟项类期批别为数])|[\u4e00-\u9fff]{1,3})"
)
_BARE = re.compile(_NUMBER)
_IN_WORDS = re.compile(r"百分之([零〇一二两三四五六七八九十百]+)")
_WORDS = re.compile(r"[零〇一二两三四五六七八九十]+")
_CLAUSE = re.compile(r"[，,；;。\n]")
_OF_POINTS_BEFORE = re.compile(r"(?:分值|权重|满分|分数)的?\s*$")
_OF_POINTS_BEHIND = re.compile(r"\s*的?(?:分值|权重|满分|分数)")
_STEP = re.compile(r"每|[低少降差超多]\s*\d.*[扣减]")  # 每低 1% 扣…, 下降1%扣…
_STEP_GOES_ON = re.compile(r"\s*(?:扣|减|加|得|则)")


class Said(NamedTuple):
    """One number: `sort` is 分, % or a dimension as text; `step` where it stands in 每…扣…; `of_points` as 分值的 80%."""

    text: str
    value: Fraction
    sort: str
    step: bool
    of_points: bool = False


class Wording(NamedTuple):
    said: tuple[Said, ...]
    bare: frozenset[Fraction]  # every number there is, without its unit
    has_steps: bool

    def has(self, sort: str) -> bool:
        return any(one.sort == sort for one in self.said)


def sort_of(unit: Unit | None) -> str:
    return RATE if unit is not None and unit.is_rate else dimension_name(unit.dimension if unit else NO_DIMENSION)


def dimension_name(dimension: Dimension) -> str:
    return repr(dimension)


def read_wording(text: str, words: frozenset[str]) -> Wording:
    plain = _IN_WORDS.sub(lambda found: f"{value}%" if (value := in_digits(found[1])) is not None else found[0], plain_width(text))
    said: list[Said] = []
    step = has_steps = False
    for clause in _CLAUSE.split(plain):
        step = bool(_STEP.search(clause)) or (step and bool(_STEP_GOES_ON.match(clause)))
        has_steps = has_steps or step
        said.extend(_in_clause(clause, step, words))
    bare = {Fraction(number) for number in _BARE.findall(plain)}
    bare |= {Fraction(value) for word in _WORDS.findall(plain) if (value := in_digits(word)) is not None}
    return Wording(tuple(said), frozenset(bare), has_steps)


def _in_clause(clause: str, step: bool, words: frozenset[str]) -> Iterator[Said]:
    for found in _TOKEN.finditer(clause):
        if found["unit"] == POINTS and is_mark(clause, *found.span()):
            continue
        of_points = bool(_OF_POINTS_BEFORE.search(clause[: found.start()]) or _OF_POINTS_BEHIND.match(clause[found.end() :]))
        for number, unit in ((found["low"], found["of_low"] or found["unit"]), (found["high"], found["unit"])):  # 100%—15分 is no range
            if number is not None and (one := _read(number, unit, step, words)) is not None:
                yield one._replace(of_points=of_points and one.sort == RATE)


def _read(number: str, unit: str, step: bool, words: frozenset[str]) -> Said | None:
    if unit == "分":
        return Said(f"{number}分", Fraction(number), POINTS, step)
    if unit == "%" or unit.endswith("百分点"):
        return Said(f"{number}{unit}", Fraction(number) / 100, RATE, step)
    for length in range(len(unit), 0, -1):  # the longest that is a unit: 5个工作日, 3户以上
        try:
            quantity = read_quantity(f"{number}{unit[:length]}", None, words)
        except Fault:
            continue
        if quantity.unit is not None and not (unit[:length] == "年" and quantity.value >= _A_YEAR):
            return Said(f"{number}{unit[:length]}", quantity.value, sort_of(quantity.unit), step)
    return None
