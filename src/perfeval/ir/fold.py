"""One spelling for expressions that are plainly the same: constants computed, sums and products flat and in one order.

Nothing is lost that could be an error: a product with zero keeps its other factors, a quotient by zero stays as it is. What a
test alone asks for is gone where both its arms are one, unless it divides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from perfeval.ir.nodes import HOLDS, Add, Cond, Const, Div, Expr, Floor, Input, Max, Min, Mul, Number, Round
from perfeval.ir.walk import nodes, rewrite
from perfeval.quantity import round_half_up


def fold(expr: Expr, known: Mapping[str, Number] | None = None) -> Expr:
    """The expression with inputs that are known put in, and what is constant computed. Labels of what is left stay."""
    given = known or {}

    def step(node: Expr) -> Expr:
        if isinstance(node, Input) and node.key in given:
            return Const(given[node.key], node.unit, node.label, node.origin)
        return _folded(node)

    return rewrite(expr, step)


def plain(expr: Expr) -> Expr:
    """The bare meaning: no labels, origins or units; terms, factors and arguments in one order. Equal if plainly the same."""
    return _ordered(fold(rewrite(expr, _bare)))


def _bare(node: Expr) -> Expr:
    if isinstance(node, Const):
        return Const(Fraction(node.value))
    if isinstance(node, Input):
        return Input(node.key, None, node.domain)
    return replace(node, label=None, origin=None) if node.label is not None or node.origin is not None else node


def _ordered(expr: Expr) -> Expr:
    """Terms, factors and arguments in the order of their texts."""

    def step(node: Expr) -> Expr:
        match node:
            case Add(terms=terms):
                return Add(_sorted(terms))
            case Mul(factors=factors):
                return Mul(_sorted(factors))
            case Min(args=args):
                return Min(_sorted(dict.fromkeys(args)))
            case Max(args=args):
                return Max(_sorted(dict.fromkeys(args)))
            case Cond(then=then, other=other) if then == other and not any(
                isinstance(one, Div) for one in (*nodes(node.left), *nodes(node.right))
            ):
                return then
        return node

    return rewrite(expr, step)


def _sorted(args: Iterable[Expr]) -> tuple[Expr, ...]:
    return tuple(sorted(args, key=repr))


def _folded(node: Expr) -> Expr:
    match node:
        case Add(terms=terms):
            return _sum(node, terms)
        case Mul(factors=factors):
            return _product(node, factors)
        case Div(above=Const(value=a), below=Const(value=b)) if b:
            return _constant(node, Fraction(a) / b)
        case Min(args=args) | Max(args=args):
            return _extreme(node, args)
        case Floor(arg=Const(value=value)):
            return _constant(node, value // 1)
        case Round(arg=Const(value=value), places=places):
            return _constant(node, round_half_up(value, places))
        case Cond(compare=compare, left=Const(value=a), right=Const(value=b), then=then, other=other):
            return then if HOLDS[compare](a, b) else other
        case Cond(left=Cond(then=Const(), other=Const()) as test, right=Const()):
            return _decided(node, test)
        case Cond(compare="<" | "<=", then=then, other=other):
            return replace(node, compare=">=" if node.compare == "<" else ">", then=other, other=then)
    return node


def _decided(node: Cond, test: Cond) -> Expr:
    """A test that is 1 where a comparison holds and 0 where not is that comparison."""
    assert isinstance(test.then, Const) and isinstance(test.other, Const) and isinstance(node.right, Const)
    yes, no = (HOLDS[node.compare](arm.value, node.right.value) for arm in (test.then, test.other))
    if yes == no:
        return node  # the comparison inside may have no answer
    then, other = (node.then, node.other) if yes else (node.other, node.then)
    return _folded(replace(node, compare=test.compare, left=test.left, right=test.right, then=then, other=other))


def _constant(node: Expr, value: Number) -> Const:
    return Const(value, None, node.label, node.origin)


def _values(args: Iterable[Expr]) -> list[Number]:
    return [arg.value for arg in args if isinstance(arg, Const) and arg.label is None]


def _rest(args: Iterable[Expr]) -> list[Expr]:
    return [arg for arg in args if not isinstance(arg, Const) or arg.label is not None]


def _sum(node: Add, terms: tuple[Expr, ...]) -> Expr:
    flat = [one for term in terms for one in (term.terms if isinstance(term, Add) and term.label is None else (term,))]
    values, rest = _values(flat), _rest(flat)
    total = sum(values, Fraction(0))
    if not rest:
        return _constant(node, total)
    if total:
        rest.append(Const(total))
    return rest[0] if len(rest) == 1 and node.label is None else replace(node, terms=tuple(rest))


def _product(node: Mul, factors: tuple[Expr, ...]) -> Expr:
    flat = [one for factor in factors for one in (factor.factors if isinstance(factor, Mul) and factor.label is None else (factor,))]
    values, rest = _values(flat), _rest(flat)
    scale = Fraction(1)
    for value in values:
        scale *= value
    if not rest:
        return _constant(node, scale)
    if scale != 1:
        rest.insert(0, Const(scale))
    return rest[0] if len(rest) == 1 and node.label is None else replace(node, factors=tuple(rest))


def _extreme(node: Min | Max, args: tuple[Expr, ...]) -> Expr:
    kind = type(node)
    flat = [one for arg in args for one in (arg.args if isinstance(arg, kind) and arg.label is None else (arg,))]
    values, rest = _values(flat), _rest(flat)
    if values:
        rest.append(Const((min if kind is Min else max)(values)))
    return rest[0] if len(rest) == 1 and node.label is None else replace(node, args=tuple(rest))
