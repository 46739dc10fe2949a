"""Expressions to text people can read: `实际支出资金 / 实际到位资金`, `x ≥ 90%`."""

from __future__ import annotations

from collections.abc import Callable

from perfeval.ir.nodes import Add, Compare, Cond, Const, Div, Expr, Floor, Input, Max, Min, Mul, Round
from perfeval.quantity import YES_NO, show_decimal, show_quantity

SIGNS: dict[Compare, str] = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": "="}


def show(expr: Expr, name: Callable[[Input], str] = lambda node: node.key) -> str:
    """Formula text. `name` says what stands for an input: its name, or the number it has.

    >>> from perfeval.ir.parse import parse_expression
    >>> show(parse_expression("(甲 - 5人) * 90% / max(乙, 1)"))
    '(甲 - 5人) × 90% / max(乙, 1)'
    """

    def text(node: Expr, tight: int) -> str:
        match node:
            case Const(value=value, unit=unit):
                return show_quantity(value, unit, 18) if unit else show_decimal(value)
            case Input():
                return name(node)
            case Add(terms=terms):
                parts = [text(terms[0], 1)]
                for term in terms[1:]:
                    taken = _negated(term)
                    parts.append(f" - {text(taken, 2)}" if taken else f" + {text(term, 1)}")
                return _wrap("".join(parts), tight > 1)
            case Mul(factors=factors):
                return _wrap(" × ".join(text(f, 2) for f in factors), tight > 2)
            case Div(above=above, below=below):
                return _wrap(f"{text(above, 2)} / {text(below, 3)}", tight > 2)
            case Min(args=args):
                return f"min({', '.join(text(a, 0) for a in args)})"
            case Max(args=args):
                return f"max({', '.join(text(a, 0) for a in args)})"
            case Floor(arg=arg):
                return f"⌊{text(arg, 0)}⌋"
            case Round(arg=arg):
                return text(arg, tight)
            case Cond(compare=compare, left=left, right=right, then=then, other=other):
                return f"[{text(left, 0)} {SIGNS[compare]} {text(right, 0)} ? {text(then, 0)} : {text(other, 0)}]"
        raise TypeError(node)

    return text(expr, 0)


def show_condition(expr: Expr, name: Callable[[Input], str] = lambda node: node.key) -> str:
    """A 1/0 expression in words: `到位率 < 100% 且 造成影响`.

    >>> from perfeval.ir.parse import parse_condition
    >>> show_condition(parse_condition("到位率 < 100% and not 造成影响"))
    '到位率 < 100% 且 非（造成影响）'
    """
    if isinstance(expr, Const):
        return "恒成立" if expr.value else "恒不成立"
    if not isinstance(expr, Cond):
        return show(expr, name)
    is_yes_no = isinstance(expr.left, Input) and expr.left.unit is not None and expr.left.unit.dimension == YES_NO
    if is_yes_no and expr.compare == ">=" and expr.right == Const(1):
        test = show(expr.left, name)
    elif expr.compare == ">=" and expr.right == Const(1) and isinstance(expr.left, Cond):
        test = f"（{show_condition(expr.left, name)}）"
    else:
        test = f"{show(expr.left, name)} {SIGNS[expr.compare]} {show(expr.right, name)}"
    match expr.then, expr.other:
        case Const(value=1), Const(value=0):
            return test
        case Const(value=0), Const(value=1):
            return f"非（{test}）"
        case then, Const(value=0):
            return f"{test} 且 {show_condition(then, name)}"
        case Const(value=1), other:
            return f"{test} 或 {show_condition(other, name)}"
        case _:
            return f"若 {test} 则 {show_condition(expr.then, name)} 否则 {show_condition(expr.other, name)}"


def _negated(node: Expr) -> Expr | None:
    match node:
        case Mul(factors=(Const(value=-1, unit=None), inner)):
            return inner
    return None


def _wrap(text: str, needed: bool) -> str:
    return f"({text})" if needed else text
