"""The numbers that a rule is made of: points, rates and figures with a unit. Nothing here knows more of a kind than its fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from pydantic import BaseModel

from perfeval.auditing._numbers_said import POINTS, RATE, Said, sort_of
from perfeval.ir.nodes import Const, Expr
from perfeval.ir.walk import nodes
from perfeval.model.tree import Node
from perfeval.quantity import show_decimal, show_quantity
from perfeval.rules._contract import Rule
from perfeval.rules._fields import Points, PointsRange, constant
from perfeval.rules._parts import Composite

_MOST_SUMS = 4_096


@dataclass
class Meant:
    """What a leaf's rule says, by sort; `bare` are constants without a unit, which may stand for any sort."""

    worth: Fraction
    by_sort: defaultdict[str, set[Fraction]] = field(default_factory=lambda: defaultdict(set))
    bare: set[Fraction] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    worths: set[Fraction] = field(default_factory=set)
    sums: set[Fraction] = field(default_factory=set)  # of items, as ①② 共 3 分

    def holds(self, said: Said) -> bool:
        """Is this number of the wording one of the rule's, or does it follow from them?"""
        value = said.value
        if value == 0 or value in self.by_sort[said.sort]:
            return True
        if said.sort == POINTS:
            lost = {worth - points for worth in self.worths for points in self.by_sort[POINTS]}
            return value in self.worths | lost | self.sums | self.bare
        if said.sort == RATE:
            of_points = any(share * worth in self.by_sort[POINTS] for share in (value, 1 - value) for worth in self.worths)
            return value == 1 or of_points or bool({value, value * 100} & self.bare) or value in self._spans()
        return value in self.bare

    def _spans(self) -> set[Fraction]:
        """How far apart the ends of a line are: (执行率-70%)/30%."""
        rates = self.by_sort[RATE] | {Fraction(1)}
        return {one - other for one in rates for other in rates if one > other} if "linear" in self.kinds else set()


def meant_by(node: Node) -> Meant:
    """What the rule of a leaf says; `rule` is there."""
    assert node.rule is not None
    meant = Meant(node.weight, worths={node.weight})
    _take(meant, node.rule, node.weight)
    for value in (node.measure, *node.measures.values()):
        if value is not None:
            _take(meant, value, node.weight)
    for defect in node.defects:
        meant.kinds.add("defects")
        _take(meant, defect, node.weight)
    _zero_of_deductions(meant, node.rule)
    return meant


def _take(meant: Meant, value: object, worth: Fraction) -> None:
    if isinstance(value, Points):
        meant.by_sort[POINTS].add(value.of(worth, meant.worth))
    elif isinstance(value, PointsRange):
        _all(meant, (value.low, value.high), worth)
    elif isinstance(value, Expr):
        for node in nodes(value):
            if isinstance(node, Const):
                _constant(meant, node)
    elif isinstance(value, Fraction):  # a share: pass_mark, over.beyond
        meant.by_sort[RATE].add(value)
    elif isinstance(value, Composite):
        meant.kinds.add(value.kind)
        _parts(meant, value, worth)
        _all(meant, (getattr(value, name) for name in type(value).model_fields if name not in ("parts", "items")), worth)
    elif isinstance(value, BaseModel):
        if isinstance(value, Rule):
            meant.kinds.add(value.kind)
        _all(meant, (getattr(value, name) for name in type(value).model_fields), worth)
    elif isinstance(value, tuple):
        _all(meant, value, worth)
    elif isinstance(value, dict):
        _all(meant, value.values(), worth)


def _all(meant: Meant, values: Iterable[object], worth: Fraction) -> None:
    for value in values:
        _take(meant, value, worth)


def _constant(meant: Meant, node: Const) -> None:
    value = Fraction(node.value)
    if node.unit is None:
        meant.bare.add(value)
    else:
        meant.by_sort[sort_of(node.unit)].add(value)


def _parts(meant: Meant, rule: Composite, worth: Fraction) -> None:
    sums = {Fraction(0)}
    for part, own in zip(rule.entries(), rule.worths(worth, meant.worth), strict=True):
        meant.worths.add(own)
        meant.by_sort[POINTS].add(own)
        if len(sums) < _MOST_SUMS:
            sums |= {one + own for one in sums}
        if part.rule is not None:
            _take(meant, part.rule, own)
            _take(meant, part.rule, worth)  # of a mean, or the best, each is worth the whole
    meant.sums |= sums


def _zero_of_deductions(meant: Meant, rule: Rule) -> None:
    """Where a deduction comes to its floor: a wording may say that too."""
    for one in (rule, *(inner for _, inner in rule.nested())):
        each, per = getattr(one, "each", None), getattr(one, "per", None)
        start, floor = getattr(one, "from_", None), getattr(one, "floor", None)
        step = constant(each) if each is not None else None
        if step is None or not (isinstance(per, Points) and isinstance(start, Points) and isinstance(floor, Points)):
            continue
        for worth in meant.worths:
            cost = per.of(worth, meant.worth)
            if cost > 0:
                far = (start.of(worth, meant.worth) - floor.of(worth, meant.worth)) / cost * step
                for sort in (RATE, *list(meant.by_sort)):
                    meant.by_sort[sort] |= {end + way * far for end in list(meant.by_sort[sort]) for way in (1, -1)}


def named(rule: Rule, worth: Fraction) -> Iterator[tuple[str, str, frozenset[Fraction]]]:
    """The numbers of a rule that a wording in full has to say: as text, its sort, and what may stand for it without a unit."""
    own = Meant(worth, worths={worth})
    _take(own, rule, worth)
    for points in sorted(own.by_sort[POINTS] - {Fraction(0), worth}):
        share = points / worth if worth else Fraction(0)
        yield f"{show_decimal(points)}分", POINTS, frozenset({points, worth - points, share * 100, (1 - share) * 100})
    for rate in sorted(own.by_sort[RATE] - {Fraction(0), Fraction(1)}):
        yield f"{show_decimal(rate * 100)}%", RATE, frozenset({rate, rate * 100})
    for value in _ends(rule):
        if value.unit is not None and not value.unit.is_rate and value.value:
            inner = Fraction(value.value)
            yield (
                show_quantity(inner, value.unit),
                sort_of(value.unit),
                frozenset({inner, inner / value.unit.scale, inner / 10**4, inner / 10**8}),
            )


def _ends(rule: Rule) -> Iterator[Const]:
    seen: set[Const] = set()
    for name in type(rule).model_fields:
        for value in _flat(getattr(rule, name)):
            if isinstance(value, Const) and value not in seen:
                seen.add(value)
                yield value


def _flat(value: object) -> Iterator[object]:
    if isinstance(value, BaseModel):
        value = tuple(getattr(value, name) for name in type(value).model_fields)
    if isinstance(value, tuple) and not isinstance(value, Points | PointsRange):
        for one in value:
            yield from _flat(one)
    else:
        yield value
