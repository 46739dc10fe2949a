"""Two expressions taken apart side by side: pairs of parts that together decide whether the two are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from perfeval.ir.bounds import Interval
from perfeval.ir.fold import fold, plain
from perfeval.ir.nodes import Add, Cond, Const, Div, Expr, Input, Label, Max, Min, Mul, Number, children
from perfeval.ir.units import range_of
from perfeval.ir.walk import inputs, nodes

NONE = Const(Fraction(0))  # where the other side has no such part
Pair = tuple[Expr, Expr, str]
"""Before, after, and the name of the part."""


class _Group(NamedTuple):
    """Terms of both sides that share inputs."""

    keys: set[str]
    old: list[Expr]
    new: list[Expr]


def added(a: Expr, b: Expr, part: str) -> list[Pair]:
    """Sums of terms that share no input: the two are the same where each pair is. Empty where there is no such split."""
    return list(_grouped(_terms(a), _terms(b), _item_of_both(a, b, part)))


Inner = tuple[str, Interval] | None
"""Where one quantity stands within a pair, by the condition that both sides share."""


def parts(a: Expr, b: Expr, part: str) -> Iterator[tuple[Expr, Expr, str, Inner]]:
    """Pairs that together decide: the two are the same if all pairs are."""
    part = _item_of_both(a, b, part)
    match a, b:
        case (Min(), _) | (_, Min()) | (Max(), _) | (_, Max()) if (inner := _uncapped(a, b)) is not None:
            yield *inner, part, None
        case (Min(args=one), Min(args=other)) | (Max(args=one), Max(args=other)) if len(one) == len(other):
            for pair in _beside(one, other, part):
                yield *pair, None
        case Cond(), Cond() if (a.compare, plain(a.left), plain(a.right)) == (b.compare, plain(b.left), plain(b.right)):
            holds, fails = _by_test(a)
            yield a.then, b.then, _alternative(part, b.then), holds
            yield a.other, b.other, _alternative(part, b.other), fails


def _by_test(test: Cond) -> tuple[Inner, Inner]:
    """Where a quantity stands if a comparison with a figure holds, and if it fails."""
    if not isinstance(test.left, Input) or not isinstance(test.right, Const):
        return None, None
    key, end = test.left.key, test.right.value
    above, below = Interval(end, None, test.compare == ">=", False), Interval(None, end, False, test.compare == ">")
    match test.compare:
        case ">=" | ">":
            return (key, above), (key, below)
        case "=":
            return (key, Interval(end, end)), None
    return None, None  # folded away


def _grouped(one: list[Expr], other: list[Expr], part: str) -> Iterator[Pair]:
    """Sums: terms that share an input stand together; sums of unlike inputs are the same where each of them is."""
    groups: list[_Group] = []
    for is_new, terms in enumerate((one, other)):
        for term in terms:
            keys = set(inputs(term))
            near = [group for group in groups if group.keys & keys or not (group.keys or keys)]
            joined = _Group(
                keys.union(*(group.keys for group in near)),
                [t for group in near for t in group.old],
                [t for group in near for t in group.new],
            )
            (joined.new if is_new else joined.old).append(term)
            groups = [group for group in groups if group not in near] + [joined]
    if max(len(one), len(other)) > 1 and sum(bool(group.keys) for group in groups) > 1:
        for group in groups:
            yield _sum_of(group.old), _sum_of(group.new), _names(part, group.new or group.old)


def _beside(one: tuple[Expr, ...], other: tuple[Expr, ...], part: str) -> Iterator[Pair]:
    """Arguments of a smallest or largest: those that are equal on both sides aside, the others in order."""
    left, right = list(one), list(other)
    for arg in one:
        twin = next((o for o in right if plain(o) == plain(arg)), None)
        if twin is not None:
            left.remove(arg)
            right.remove(twin)
    if all(isinstance(arg, Const) == isinstance(twin, Const) for arg, twin in zip(left, right, strict=True)):
        for arg, twin in zip(left, right, strict=True):
            yield arg, twin, _names(part, [twin])


def _uncapped(a: Expr, b: Expr) -> tuple[Expr, Expr] | None:
    """What stands under a bound that one side has and the other never passes, or that both have."""
    for kind, side in ((Min, 1), (Max, -1)):
        bounds = [_bound(one, kind) for one in (a, b)]
        limit = next((limit for limit, _ in bounds if limit is not None), None)
        if limit is None:
            continue
        inner = [one if own is None else below for one, (own, below) in zip((a, b), bounds, strict=True)]
        if all(own == limit or (own is None and _within(one, limit, side)) for one, (own, _) in zip((a, b), bounds, strict=True)):
            return inner[0], inner[1]
    return None


def _bound(expr: Expr, kind: type[Min] | type[Max]) -> tuple[Number | None, Expr]:
    match expr:
        case Min(args=(inner, Const(value=limit))) | Max(args=(inner, Const(value=limit))) if isinstance(expr, kind):
            return limit, inner
    return None, expr


def _within(expr: Expr, limit: Number, side: int) -> bool:
    reach = range_of(expr, {})
    end = None if reach is None else reach.high if side > 0 else reach.low
    return end is not None and (limit - end) * side >= 0


def _terms(expr: Expr) -> list[Expr]:
    """The terms of a sum, a constant factor or divisor put into each."""
    match expr:
        case Add(terms=terms):
            return [one for term in terms for one in (_terms(term) if term.label is None else [term])]
        case Mul(factors=(Const() as scale, inner)) if expr.label is None or not _is_part(expr.label):
            return [_scaled(one, scale.value) for one in _terms(inner)]
        case Div(above=inner, below=Const(value=value)) if value and (expr.label is None or not _is_part(expr.label)):
            return [_scaled(one, 1 / Fraction(value)) for one in _terms(inner)]
    return [expr]


def _is_part(label: Label) -> bool:
    return label.role == "item"


def _scaled(expr: Expr, scale: Number) -> Expr:
    return fold(Mul((Const(Fraction(scale)), expr), expr.label if expr.label is not None and _is_part(expr.label) else None))


def _sum_of(terms: list[Expr]) -> Expr:
    return terms[0] if len(terms) == 1 else fold(Add(tuple(terms))) if terms else NONE


def _names(part: str, terms: Iterable[Expr]) -> str:
    """The names of the items and parts among some terms, below the part they stand in."""
    found = dict.fromkeys(name for term in terms if (name := _item(term)))
    return _joined(part, "、".join(found)) if found else part


def _item(expr: Expr) -> str:
    if expr.label is not None and expr.label.role in ("item", "defect"):
        return expr.label.text
    match expr:
        case Mul(factors=(Const(), inner)):
            return _item(inner)
        case Add(terms=(inner,)):
            return _item(inner)
    return ""


def named_inside(expr: Expr) -> str:
    """The names of all items and parts that stand in an expression."""
    found = dict.fromkeys(node.label.text for node in nodes(expr) if node.label is not None and node.label.role in ("item", "defect"))
    return "、".join(found)


def _item_of_both(a: Expr, b: Expr, part: str) -> str:
    both = a.label is not None and b.label is not None and a.label.role == b.label.role == "item"
    return _below(part, b.label) if both and b.label is not None else part


def _alternative(part: str, expr: Expr) -> str:
    return _below(part, expr.label) if expr.label is not None and expr.label.role == "alternative" and expr.label.text else part


def _below(part: str, label: Label) -> str:
    return _joined(part, label.text)


def _joined(part: str, name: str) -> str:
    return part if not name or part == name or part.endswith(f" / {name}") else f"{part} / {name}" if part else name


def held_against(expr: Expr, key: str) -> set[Fraction]:
    """The figures that an input is compared with, or taken off from, directly."""
    found: set[Fraction] = set()
    for node in nodes(expr):
        below = children(node)
        if isinstance(node, Add | Min | Max | Cond) and any(isinstance(one, Input) and one.key == key for one in below):
            found |= {abs(Fraction(one.value)) for one in below if isinstance(one, Const)}
    return found
