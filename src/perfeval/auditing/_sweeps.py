"""A leaf's points as functions of one quantity each, swept exactly over the values that the quantity can have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from perfeval.auditing._contract import Subject
from perfeval.auditing._samples import Sample, samples
from perfeval.backends.exact.interpreter import NoScore, compile_expr
from perfeval.backends.ranges.pieces import OpenInput, TooManyPieces, pieces
from perfeval.backends.ranges.ratio import Curved
from perfeval.diffing.functions import ends
from perfeval.diffing.leaf import Leaf, Side
from perfeval.ir import program
from perfeval.ir.bounds import Interval
from perfeval.ir.fold import fold
from perfeval.ir.nodes import Add, Const, Div, Expr, Floor, Input, Max, Min, Mul, Number, Round
from perfeval.ir.walk import inputs, nodes
from perfeval.model.tree import Node
from perfeval.problems import Origin
from perfeval.quantity import DATE, YES_NO, Unit, show_quantity
from perfeval.rules._contract import Rule
from perfeval.rules.sum import Sum

_MOST_ANSWERS = 3  # yes/no facts that choose between alternatives, each tried both ways


class Swept(NamedTuple):
    """What one quantity adds to a leaf's points. `least` and `most`: samples of the fewest and of the most points to be had at each
    value; the two differ where an evaluator gives points within a range. `alone`: nothing else in the leaf is measured."""

    name: str
    unit: Unit | None
    least: list[Sample]
    most: list[Sample]
    alone: bool


class Extremes(NamedTuple):
    """The fewest and the most points that a leaf can give, over the values that its one quantity can have."""

    name: str
    values: str
    least: Fraction
    most: Fraction


class _Term(NamedTuple):
    key: str
    expr: Expr
    alone: bool


def leaf_of(subject: Subject, node: Node) -> Leaf | None:
    """A leaf made ready, once for all checks; None where nothing is measured, or its rule is at fault, which is told where it is read."""
    ready: dict[str, Leaf | None] = subject.kept.setdefault(__name__, {})
    if node.key not in ready:
        ready[node.key] = _made_ready(subject, node)
    return ready[node.key]


def _made_ready(subject: Subject, node: Node) -> Leaf | None:
    assert subject.program is not None
    asks, lowered = subject.program.asks, subject.program.nodes.get(node.key)
    if lowered is None or node.rule is None or node.key in subject.program.failed or any(True for _ in node.rule.checked()):
        return None
    if not any(key in asks and asks[key].form in ("number", "fact") for key in inputs(lowered.expr)):
        return None  # nothing is measured
    return Leaf(Side(subject.program, lowered, subject.tree), lowered.id)


def swept(leaf: Leaf, better: int) -> Iterator[Swept]:
    """Every quantity that stands alone in its term of the sum, where its points can fall although it gets better.

    Terms that plainly only rise or only fall are left out, unless they go against `better` (1: more is, -1: less is, 0: not said); so is what
    cannot be swept.
    """
    judged = frozenset(key for key, ask in leaf.asks.items() if ask.form == "points")
    for term in _terms(leaf, judged):
        way = _way(term.expr)
        if way is not None and (not term.alone or way * better >= 0):
            continue
        unit, possible = leaf.units.get(term.key), leaf.possible(term.key)
        whole = leaf.is_whole(term.key) or (unit is not None and unit.dimension == DATE)
        within = Interval(possible.low, possible.high)
        try:
            least = samples(pieces(ends(term.expr, judged, 0), term.key, None, within), whole)
            given = judged & inputs(term.expr).keys()
            most = samples(pieces(ends(term.expr, judged, 1), term.key, None, within), whole) if given else least
        except (Curved, TooManyPieces, OpenInput):
            continue
        yield Swept(leaf.names.get(term.key, term.key), unit, least, most, term.alone)


def _terms(leaf: Leaf, judged: frozenset[str]) -> Iterator[_Term]:
    """The terms of a leaf's points that depend on one quantity, all else answered in favour; of each choice its alternatives."""
    neutral: dict[str, Number] = {}
    open_facts = []
    for key, found in inputs(leaf.expr).items():
        ask = leaf.asks.get(key)
        if found.unit is not None and found.unit.dimension == YES_NO and (ask is None or ask.form == "fact"):
            open_facts.append(key)
        elif ask is not None and ask.form in ("yes_no", "count", "flag", "tier") and key not in leaf.quantities:
            neutral[key] = _in_favour(key, ask)
    if len(open_facts) > _MOST_ANSWERS:
        return
    for answers in product((1, 0), repeat=len(open_facts)):
        expr = fold(leaf.expr, {**neutral, **dict(zip(open_facts, answers, strict=True))})
        measured = inputs(expr).keys() - judged
        by_key: defaultdict[str, list[Expr]] = defaultdict(list)
        for term in _added(expr):
            keys = inputs(term).keys() - judged
            if len(keys) == 1:
                by_key[next(iter(keys))].append(term)
        always = [term for term in _added(expr) if not inputs(term)] if len(measured) == 1 else []
        for key, terms in by_key.items():
            yield _Term(key, Add((*always, *terms)), len(measured) == 1)


def _in_favour(key: str, ask: program.Ask) -> Number:
    """An answer that lets the points stand: no veto, requirements met, no defects; the first tier."""
    return 1 if ask.form == "tier" or key.startswith(f"{ask.node}/requires/") else 0


def _added(expr: Expr) -> Iterator[Expr]:
    if isinstance(expr, Add):
        for term in expr.terms:
            yield from _added(term)
    else:
        yield expr


def extremes(leaf: Leaf) -> Extremes | None:
    """Of a leaf in which one quantity alone is measured, one whose values have a known end, and plainly better in one direction."""
    terms = list(_terms(leaf, frozenset()))
    return _extremes(leaf, terms[0].key, terms[0].expr) if len(terms) == 1 and terms[0].alone else None


class OfPart(NamedTuple):
    """A part of a sum, by its place in the rule: what it is worth, and what it can give."""

    name: str
    worth: Fraction
    origin: Origin
    found: Extremes


def extremes_of_parts(leaf: Leaf, rule: Rule) -> Iterator[OfPart]:
    """The same of each part of a sum in which one quantity alone is measured."""
    neutral = {key: _in_favour(key, ask) for key, ask in leaf.asks.items() if ask.form in ("yes_no", "flag") and key not in leaf.quantities}
    for node in nodes(leaf.expr) if isinstance(rule, Sum) else ():
        if node.label is None or node.label.role != "item" or node.label.most is None or node.origin is None:
            continue
        expr = fold(node, neutral)
        found = _extremes(leaf, next(iter(inputs(expr))), expr) if len(inputs(expr)) == 1 else None
        if found is not None:
            yield OfPart(node.label.text, Fraction(node.label.most), node.origin, found)


def _extremes(leaf: Leaf, key: str, expr: Expr) -> Extremes | None:
    way, possible = _way(expr), leaf.possible(key)
    ends_of = [_at(expr, key, end) for end in (possible.low, possible.high)]
    if way is None or None in ends_of:
        return None
    values = [show_quantity(end, leaf.units.get(key)) for end in (possible.low, possible.high) if end is not None]
    found = [end for end in ends_of if end is not None]
    return Extremes(leaf.names.get(key, key), "～".join(values), min(found), max(found))


def _at(expr: Expr, key: str, value: Number | None) -> Fraction | None:
    if value is None:
        return None
    try:
        return Fraction(compile_expr(expr)({key: value}))
    except NoScore:
        return None


def _way(expr: Expr) -> int | None:
    """1 where the points plainly never fall as the quantity grows, -1 where they never rise, 0 where they stay; None: not plain."""
    match expr:
        case Const():
            return 0
        case Input():
            return 1
        case Add(terms=below) | Min(args=below) | Max(args=below):
            return _joined(map(_way, below))
        case Floor(arg=inner) | Round(arg=inner):
            return _way(inner)
        case (
            Mul(factors=(Const(value=value), inner)) | Mul(factors=(inner, Const(value=value))) | Div(above=inner, below=Const(value=value))
        ):
            way = _way(inner)
            return None if way is None else way if value > 0 else -way
    return None


def _joined(ways: Iterable[int | None]) -> int | None:
    found = {way for way in ways if way != 0}
    return 0 if not found else found.pop() if len(found) == 1 else None
