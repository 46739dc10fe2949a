"""Bounds without a unit beside a quantity in per cent: 0.87 would be held against 60, in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from perfeval.ir.nodes import Add, Cond, Const, Div, Expr, Floor, Input, Max, Min, Mul, Number, Round
from perfeval.ir.walk import nodes
from perfeval.problems import Origin, Problem
from perfeval.quantity import PERCENT_OR_FRACTION, Unit, show_decimal, show_quantity


class Written(NamedTuple):
    """How the evidence writes an input: its unit (None: none, or nothing is known), its value, and whether it is the leaf's own."""

    unit: Unit | None = None
    value: Number | None = None
    own: bool = False


WrittenOf = Callable[[Input], Written]


class BareBound(NamedTuple):
    """A bound that is a bare figure, and the unit for rates of what it is held against."""

    bound: Const
    unit: Unit

    def problem(self, origin: Origin | None) -> Problem:
        text, value = show_decimal(self.bound.value), self.bound.value
        return PERCENT_OR_FRACTION.on(origin, text=text, percent=f"{text}{self.unit.symbol}", fraction=show_quantity(value, self.unit, 18))


def bare_bound(expr: Expr, written: WrittenOf) -> BareBound | None:
    """The innermost bare bound of a rule whose quantity is a rate; None where there is none.

    The innermost, because an outer one may be made from it (`over`, of a target). What a formula or a condition holds
    against a rate is not looked at: in `1 - 率` a bare figure is meant as it stands. A leaf's own figures take their form from
    the bounds: beside bounds up to 1 they are a ratio, and 95% is 0.95.
    """
    found: BareBound | None = None
    for node in nodes(expr):
        found = _in(node, written) or found
    return found


def _in(node: Expr, written: WrittenOf) -> BareBound | None:
    match node:
        case Add(terms=sides) | Min(args=sides) | Max(args=sides):
            return _between(sides, sides, written)
        case Cond(left=a, right=b):
            return _between((a, b), (a, b), written)
        case Div(above=a, below=b):  # a bound of 0 fits any unit; then the step, or the other end of the line, tells
            return _between(_sides(a), _sides(b), written)
    return None


def _between(ones: tuple[Expr, ...], others: tuple[Expr, ...], written: WrittenOf) -> BareBound | None:
    bounds = [bound for bound in map(_positive, others) if isinstance(bound, Const) and bound.unit is None and bound.value != 0]
    for rate in [_quantity(one, written) for one in ones] if bounds else ():
        for bound in bounds:
            if rate is not None and rate.unit is not None and not (rate.own and -1 <= bound.value <= 1):
                return BareBound(bound, rate.unit)
    return None


def _sides(expr: Expr) -> tuple[Expr, ...]:
    """The sides of a difference, or of the larger of two differences."""
    match expr:
        case Add(terms=sides, label=None) | Max(args=sides, label=None):
            return tuple(one for side in sides for one in _sides(side))
    return (expr,)


def _positive(expr: Expr) -> Expr:
    """A figure without its sign: what is taken off in a difference, or a bound below 0."""
    match expr:
        case Mul(factors=(Const(value=-1, unit=None), inner)):
            return _positive(inner)
    return expr


def _quantity(expr: Expr, written: WrittenOf) -> Written | None:
    """What a rule looks at, where it is a rate. One of 0 that stands alone comes to the same, whatever the bounds mean."""
    node = _positive(expr)
    if node.label is None or node.label.role != "quantity":
        return None
    alone = node.terms[0] if isinstance(node, Add) and len(node.terms) == 1 else node  # a measure under two labels
    if isinstance(alone, Input) and not written(alone).value:
        return None
    return _rate(alone, written)


def _rate(expr: Expr, written: WrittenOf) -> Written | None:
    """A figure in hundredths. A quotient of two figures is none, nor is a rate made larger on purpose (`率 * 100`)."""
    match expr:
        case Const(unit=unit):
            return Written(unit) if unit is not None and unit.is_rate else None
        case Input():
            found = written(expr)
            return found if found.unit is not None and found.unit.is_rate else None
        case Add(terms=below) | Min(args=below) | Max(args=below):
            return _first(below, written)
        case Mul(factors=(Const(value=share, unit=None), inner)) | Mul(factors=(inner, Const(value=share, unit=None))):
            return _rate(inner, written) if -1 <= share <= 1 else None
        case Mul(factors=(a, b)):  # one rate of another
            return _rate(a, written) if _rate(b, written) is not None else None
        case Div(above=inner, below=Const(value=share, unit=None)):
            return _rate(inner, written) if share >= 1 else None
        case Floor(arg=inner) | Round(arg=inner):
            return _rate(inner, written)
        case Cond(then=a, other=b):
            return _first((a, b), written)
    return None


def _first(below: tuple[Expr, ...], written: WrittenOf) -> Written | None:
    return next((rate for rate in (_rate(one, written) for one in below) if rate is not None), None)
