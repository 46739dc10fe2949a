"""Sugar for writing expressions: `add`, `clamp`, `when`. Constants are folded where nothing labelled would be lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from perfeval.ir.nodes import Add, Compare, Cond, Const, Div, Expr, Floor, Label, Max, Min, Mul, Number
from perfeval.ir.walk import rewrite
from perfeval.problems import Origin
from perfeval.quantity import ANY_UNIT

ZERO = Const(0)
ONE = Const(1)
NOTHING = Const(0, ANY_UNIT)  # a zero to compare quantities of any unit with


def number(value: Number, label: Label | None = None) -> Const:
    """A constant; whole values are kept as `int`, which is as exact and faster."""
    return Const(int(value) if value.denominator == 1 else value, label=label)


def as_expr(value: Expr | Number) -> Expr:
    return number(value) if isinstance(value, (int, Fraction)) else value


def add(*terms: Expr | Number) -> Expr:
    parts = [as_expr(t) for t in terms]
    return parts[0] if len(parts) == 1 else Add(tuple(parts)) if parts else ZERO


def subtract(a: Expr | Number, b: Expr | Number) -> Expr:
    return Add((as_expr(a), Mul((Const(-1), as_expr(b)))))


def multiply(a: Expr | Number, b: Expr | Number) -> Expr:
    left, right = as_expr(a), as_expr(b)
    if isinstance(left, Const) and isinstance(right, Const) and not any((left.label, right.label, left.unit, right.unit)):
        return number(left.value * right.value)
    return Mul((left, right))


def divide(a: Expr | Number, b: Expr | Number, origin: Origin | None = None) -> Expr:
    return Div(as_expr(a), as_expr(b), origin=origin)


def least(*args: Expr | Number) -> Expr:
    parts = tuple(as_expr(a) for a in args)
    return parts[0] if len(parts) == 1 else Min(parts)


def most(*args: Expr | Number) -> Expr:
    parts = tuple(as_expr(a) for a in args)
    return parts[0] if len(parts) == 1 else Max(parts)


def clamp(value: Expr, low: Number, high: Number) -> Expr:
    return Min((as_expr(high), Max((as_expr(low), value))))


def floor(value: Expr) -> Expr:
    return Floor(value)


def ceiling(value: Expr) -> Expr:
    """Upwards, said with the nodes there are: −⌊−x⌋."""
    return multiply(-1, Floor(multiply(-1, value)))


def when(
    compare: Compare, left: Expr | Number, right: Expr | Number, then: Expr | Number, other: Expr | Number, *, lazy: bool = False
) -> Expr:
    return Cond(compare, as_expr(left), as_expr(right), as_expr(then), as_expr(other), lazy)


def when_all(tests: Sequence[tuple[Compare, Expr, Expr]], then: Expr, other: Expr, *, lazy: bool = False) -> Expr:
    """`then` where all comparisons hold. `other` stands in it once: chains of bands would double with each."""
    if len(tests) < 2:
        return when(*tests[0], then, other, lazy=lazy) if tests else then
    test: Expr = ONE
    for compare, left, right in reversed(tests):
        test = when(compare, left, right, test, ZERO)
    return when(">=", test, ONE, then, other, lazy=lazy)


def is_yes(answer: Expr, then: Expr | Number, other: Expr | Number, *, lazy: bool = False) -> Expr:
    """`then` where a yes/no input is yes."""
    return when(">=", answer, 1, then, other, lazy=lazy)


def undefined(role: str, text: str, origin: Origin | None = None, detail: str = "") -> Expr:
    """No answer: a quotient by zero whose label says why. Every back end has it for free."""
    return Div(ONE, ZERO, Label(role, text, detail), origin)


def labelled(node: Expr | Number, label: Label, origin: Origin | None = None) -> Expr:
    """The node under a label; a node that has one already keeps it, inside a sum of one."""
    expr = as_expr(node)
    if expr.label is not None:
        return Add((expr,), label, origin)
    return replace(expr, label=label, origin=origin or expr.origin)


def unlabelled(expr: Expr) -> Expr:
    """A copy that leaves no step in the trace."""
    return rewrite(expr, lambda node: replace(node, label=None) if node.label is not None else node)
