"""Values of the models as text, in the spelling of the files: `90%`, `20% of weight`, `{at_least: 90%, points: 3}`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from perfeval.ir.nodes import Cond, Expr
from perfeval.ir.show import show, show_condition
from perfeval.quantity import show_decimal
from perfeval.rules._contract import Rule
from perfeval.rules._fields import Points, PointsRange, Share


def shown(value: object) -> str:
    """The text of any value that a model holds; "" for one that is absent."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Points():
            return str(value)
        case PointsRange(low=low, high=high, below=below):
            return f"{{from: {low}, {'below' if below else 'to'}: {high}}}"
        case Fraction() | int():
            return show_decimal(value)
        case Cond():
            return show_condition(value)
        case BaseModel():
            return "{" + ", ".join(_said(value)) + "}"
        case dict():
            return "{" + ", ".join(f"{key}: {shown(one)}" for key, one in value.items()) + "}"
        case tuple():
            return "[" + ", ".join(shown(one) for one in value) + "]"
        case str():
            return value.strip()
    return show(value) if isinstance(value, Expr) else str(value)


def _said(model: BaseModel) -> Iterator[str]:
    """The fields that say something: not those that are absent or as they are when nothing is said. A rule names its kind."""
    if isinstance(model, Rule):
        yield f"kind: {model.kind}"
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if value is not None and value != field.default and not (name == "kind" and isinstance(model, Rule)):
            yield f"{word(name, field)}: {shown_in(field, value)}"


def shown_in(field: FieldInfo, value: object) -> str:
    """The text of a field's value; shares are shown as rates."""
    if isinstance(value, Fraction) and is_share(field):
        return f"{show_decimal(value * 100)}%"
    return shown(value)


_SHARE = get_args(Share)[1]


def is_share(field: FieldInfo) -> bool:
    """Is the field a share of something, written as 60% or 0.6?"""
    return _SHARE in field.metadata or Share in get_args(field.annotation)


def word(name: str, field: FieldInfo) -> str:
    """The key that stands in the file."""
    return field.alias or name
