"""The field types of rules: points, ranges, expressions and yes/no as they are written in YAML, where every scalar is text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from inspect import signature
from typing import Annotated, Any, NamedTuple

from pydantic import GetPydanticSchema, ValidationInfo, WithJsonSchema
from pydantic_core import core_schema

from perfeval.ir.nodes import Const, Expr
from perfeval.ir.parse import parse_condition, parse_expression
from perfeval.problems import ProblemKind
from perfeval.quantity import (
    NUMBER_PATTERN,
    PERCENT,
    PERCENT_OR_FRACTION,
    plain_width,
    read_quantity,
    read_yes_no,
    show_decimal,
    show_quantity,
    split_number,
)

BAD_POINTS = ProblemKind(
    "bad-points",
    says="「{text}」不是分数的写法。",
    remedy="写一个数、full（满分）、20% of weight（分值的 20%）或 1/3 of weight；要由评价人在区间内酌定时写 {{from: 1, to: 3}}。",
    en="“{text}” does not say points.",
    en_remedy="Write a number, full, 20% of weight, or 1/3 of weight; for a range judged within, {{from: 1, to: 3}}.",
)
PERCENT_OF_WHAT = ProblemKind(
    "percent-of-what",
    says="「{text}」没有说是什么的百分之几。",
    remedy="写明基数：「{text} of weight」（本条分值的）或「{text} of leaf」（整个指标分值的）；若指已得分数的百分比，请改用 formula。",
    en="“{text}” does not say per cent of what.",
    en_remedy="Name the base: “{text} of weight” (of what this rule is worth) or “{text} of leaf” (of the whole indicator); of the earned points: use formula.",
)
RANGE_TURNED = ProblemKind(
    "range-turned",
    says="区间写反了：从 {low} 到 {high}。",
    remedy="from 写小的，to（或 below）写大的。",
    en="The range is turned around: from {low} to {high}.",
    en_remedy="Write the smaller end in from, the larger in to (or below).",
)
BAD_PLACES = ProblemKind(
    "bad-places",
    says="「{text}」不能作小数位数。",
    remedy="写 0 到 {limit} 之间的整数，例如 2。",
    en="“{text}” is no number of decimals.",
    en_remedy="Write a whole number from 0 to {limit}, as 2.",
)
MAX_PLACES = 18
EMPTY_TEXT = ProblemKind(
    "empty-text",
    says="这里要有文字，现在是空的。",
    remedy="填上内容，或删去这个键。",
    en="Some text is needed here, and there is none.",
    en_remedy="Fill it in, or remove the key.",
)
NOT_A_TEXT = ProblemKind(
    "not-a-text",
    says="这里应是一个值，现在是{what}。",
    remedy="把它写成一个值；文字里有冒号加空格或以特殊符号开头时，请加引号。",
    en="A single value belongs here, not {what}.",
    en_remedy="Write one value; put a text with a colon and a blank, or with a special first sign, in quotes.",
)

_SHARE = re.compile(r"(?:(?P<percent>[\d.]+)\s?%|(?P<above>\d{1,9})/(?P<below>\d{1,9}))\s+of\s+(?P<base>weight|leaf)", re.ASCII)


class Points(NamedTuple):
    """An amount of points, or a share of what the rule (`weight`) or the whole leaf (`leaf`) is worth."""

    amount: Fraction
    base: str = ""

    def of(self, worth: Fraction, leaf_worth: Fraction) -> Fraction:
        if self.base == "weight":
            return self.amount * worth
        return self.amount * leaf_worth if self.base == "leaf" else self.amount

    def __str__(self) -> str:
        if self.base == "weight" and self.amount == 1:
            return "full"
        return f"{show_decimal(self.amount * 100)}% of {self.base}" if self.base else show_decimal(self.amount)


NOTHING = Points(Fraction(0))
FULL = Points(Fraction(1), "weight")


class PointsRange(NamedTuple):
    """Points that the evaluator gives between two ends; `below` says that the upper end is not reached."""

    low: Points
    high: Points
    below: bool = False


Award = Points | PointsRange


def text_of(raw: Any) -> str:
    """A scalar's text; anything else is told as what it is."""
    if isinstance(raw, str):
        return raw
    raise NOT_A_TEXT.fault(what="一组键 (a mapping)" if isinstance(raw, Mapping) else "一个列表 (a list)")


def read_text(raw: Any) -> str:
    text = text_of(raw)
    if not text.strip():
        raise EMPTY_TEXT.fault()
    return text.strip()


def read_points(raw: Any) -> Points:
    """Raises `Fault` (bad-points, percent-of-what, bad-number).

    >>> str(read_points("20% of weight")), str(read_points("2.5"))
    ('20% of weight', '2.5')
    """
    text = plain_width(text_of(raw).strip())
    if text == "full":
        return FULL
    if share := _SHARE.fullmatch(text):
        if share["percent"]:
            return Points(split_number(share["percent"])[0] / 100, share["base"])
        if int(share["below"]) == 0:
            raise BAD_POINTS.fault(text=text)
        return Points(Fraction(int(share["above"]), int(share["below"])), share["base"])
    if " of " in text or not text[:1].isascii() or not re.match(r"[-+\d.,]", text):
        raise BAD_POINTS.fault(text=text)
    number, unit = split_number(text)
    if unit in ("%", "‰", "百分点"):
        raise PERCENT_OF_WHAT.fault(text=text)
    if unit not in ("", "分") or number < 0:
        raise BAD_POINTS.fault(text=text)
    return Points(number)


def read_award(raw: Any) -> Award:
    """Points, or a range `{from, to}` or `{from, below}` that the evaluator judges within."""
    if not isinstance(raw, Mapping):
        return read_points(raw)
    keys = set(raw)
    if keys not in ({"from", "to"}, {"from", "below"}):
        raise BAD_POINTS.fault(text="{" + ", ".join(f"{k}: {v}" for k, v in raw.items()) + "}")
    low, high = read_points(raw["from"]), read_points(raw.get("to", raw.get("below")))
    if low.base == high.base and low.amount > high.amount:
        raise RANGE_TURNED.fault(low=low, high=high)
    return PointsRange(low, high, "below" in keys)


def _expression(raw: Any, info: ValidationInfo) -> Expr:
    return parse_expression(read_text(raw), (info.context or {}).get("words", frozenset()))


def _condition(raw: Any, info: ValidationInfo) -> Expr:
    return parse_condition(read_text(raw), (info.context or {}).get("words", frozenset()))


def _share(raw: Any) -> Fraction:
    """A share of something, as 60% or 0.6."""
    text = text_of(raw)
    share = read_quantity(text, PERCENT if "%" in text else None)
    if share.unit is None and share.value >= 10:
        raise PERCENT_OR_FRACTION.fault(text=text, percent=f"{text}%", fraction=show_quantity(share.value, PERCENT))
    return share.value


def _number(raw: Any) -> Fraction:
    number, unit = split_number(text_of(raw))
    if unit not in ("", "分"):
        raise BAD_POINTS.fault(text=raw)
    return number


def _yes_no(raw: Any) -> bool:
    return read_yes_no(text_of(raw))


def _places(raw: Any) -> int:
    text = text_of(raw)
    number, unit = split_number(text)
    if unit or number.denominator != 1 or not 0 <= number <= MAX_PLACES:
        raise BAD_PLACES.fault(text=text, limit=MAX_PLACES)
    return int(number)


def read_from(read: Any) -> Any:
    """Annotation: the value is made by `read` from the raw text, with or without the validation's context."""
    with_context = len(signature(read).parameters) == 2
    schema = core_schema.with_info_plain_validator_function(read) if with_context else core_schema.no_info_plain_validator_function(read)
    return GetPydanticSchema(lambda _source, _handler: schema)


_NUMBER_SCHEMA = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{NUMBER_PATTERN}$"}]}
_POINTS_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": rf"^({NUMBER_PATTERN}\s?分?|full|[\d.]+\s?% of (weight|leaf)|\d+/\d+ of (weight|leaf))$"},
    ],
    "description": "分数 points: a number, full, 20% of weight, 1/3 of weight",
}
_AWARD_SCHEMA = {
    "anyOf": [
        *_POINTS_SCHEMA["anyOf"],
        {
            "type": "object",
            "required": ["from"],
            "additionalProperties": False,
            "properties": {"from": _POINTS_SCHEMA, "to": _POINTS_SCHEMA, "below": _POINTS_SCHEMA},
        },
    ]
}
_EXPRESSION_SCHEMA = {"type": ["string", "number"], "description": "算式 formula: numbers with units, names, + - * /, min, max"}

Text = Annotated[str, read_from(read_text), WithJsonSchema({"type": ["string", "number", "boolean"]})]
Expression = Annotated[Expr, read_from(_expression), WithJsonSchema(_EXPRESSION_SCHEMA)]
Condition = Annotated[
    Expr, read_from(_condition), WithJsonSchema({"type": "string", "description": "条件 condition: comparisons, and, or, not"})
]
PointsField = Annotated[Points, read_from(read_points), WithJsonSchema(_POINTS_SCHEMA)]
AwardField = Annotated[Award, read_from(read_award), WithJsonSchema(_AWARD_SCHEMA)]
Exact = Annotated[Fraction, read_from(_number), WithJsonSchema(_NUMBER_SCHEMA)]
Share = Annotated[
    Fraction, read_from(_share), WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": rf"^{NUMBER_PATTERN}\s?%?$"}]})
]
Places = Annotated[int, read_from(_places), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": MAX_PLACES})]
YesNo = Annotated[bool, read_from(_yes_no), WithJsonSchema({"enum": [True, False, "是", "否", "yes", "no", "true", "false", "√", "×"]})]


def constant(expr: Expr | None) -> Fraction | int | None:
    """The value of a bound that is a plain constant, else None."""
    return expr.value if isinstance(expr, Const) else None
