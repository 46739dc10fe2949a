"""What several checks of the evidence read: figures as they are printed, what formulas of facts come to, judged leaves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import NamedTuple

from perfeval.auditing._claims import places_of
from perfeval.auditing._contract import Subject
from perfeval.backends.exact.interpreter import NoScore, compile_expr
from perfeval.ir.nodes import Expr, Input, Number
from perfeval.ir.program import Step
from perfeval.ir.show import show
from perfeval.ir.units import dimension
from perfeval.ir.walk import inputs
from perfeval.model.evidence import Answer, Answers, Entry
from perfeval.model.folder import ProjectFolder
from perfeval.model.result import Indicator
from perfeval.model.tree import Node
from perfeval.problems import Fault, Origin, Problem
from perfeval.quantity import (
    DATE,
    NO_DIMENSION,
    PERCENT,
    YES_NO,
    Dimension,
    Unit,
    is_count,
    read_quantity,
    read_unit,
    round_half_up,
    same_dimension,
    split_number,
)
from perfeval.rules.tiers import Tiers

JUDGED_KINDS = ("checklist", "tiers", "judged", "sum")
"""Rules by which somebody decides. A `sum` is of this kind where nothing of its leaf is measured."""

_SCALES = {"百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8}


class Printed(NamedTuple):
    """A figure as somebody wrote it: its value in base units, its unit, and the decimals that it is written with."""

    value: Fraction
    unit: Unit | None
    scale: Fraction  # of what the digits count
    places: int

    @property
    def dimension(self) -> Dimension:
        return self.unit.dimension if self.unit else ()

    def agrees(self, value: Number) -> bool:
        """Is it that value, rounded to the decimals that it is written with?"""
        return round_half_up(Fraction(value) / self.scale, self.places) == self.value / self.scale


def printed(text: str, default: Unit | None = None, words: frozenset[str] = frozenset()) -> Printed | None:
    """A text that is one figure; None for any other. `5.5万` counts ten thousands of whatever is spoken of."""
    try:
        number, unit_text = split_number(text)
        if unit_text in _SCALES:
            scale = Fraction(_SCALES[unit_text])
            return Printed(number * scale, None, scale, places_of(text))
        quantity = read_quantity(text, default, words)
    except Fault:
        return None
    unit = quantity.unit
    return Printed(quantity.value, unit, unit.scale if unit else Fraction(1), places_of(text))


class Computed(NamedTuple):
    """What a formula comes to. `unit` is that of a formula that is one figure alone."""

    value: Number
    dimension: Dimension | None
    unit: Unit | None


def computed(expr: Expr, folder: ProjectFolder, entry: Entry | None = None) -> Computed | None:
    """A formula with the facts of a folder and the values of a leaf; None where one of them is not there."""
    known: dict[str, Computed] = {}
    for key in inputs(expr):
        figure = _figure(key, folder, entry)
        if figure is None:
            return None
        known[key] = figure
    try:
        value = compile_expr(expr)({key: figure.value for key, figure in known.items()})
        found = dimension(expr, lambda node: known[node.key].dimension, show)
    except (NoScore, Fault):
        return None
    return Computed(value, found, known[expr.key].unit if isinstance(expr, Input) else None)


def _figure(key: str, folder: ProjectFolder, entry: Entry | None) -> Computed | None:
    own = entry.values.get(key) if entry is not None else None
    if own is not None:
        figure = printed(own, unit_of(key, folder), frozenset(folder.tree.units))
        return Computed(figure.value, figure.dimension, figure.unit) if figure is not None else None
    fact = folder.facts.get(key)
    return Computed(fact.value, fact.dimension, fact.unit) if fact is not None and fact.value is not None else None


def unit_of(name: str, folder: ProjectFolder) -> Unit | None:
    """The unit that the rules declare for a quantity."""
    declared = folder.tree.quantities.get(name)
    unit = None
    if declared is not None and declared.unit:
        with suppress(Fault):  # told where it is declared
            unit = read_unit(declared.unit, frozenset(folder.tree.units))
    return unit


def comparable(one: Printed | Computed, other: Printed | Computed) -> bool:
    """May two figures be compared? A bare number fits any counting word; people and families do not fit each other."""
    a, b = one.dimension, other.dimension
    if a is None or b is None or DATE in (a, b) or YES_NO in (a, b):
        return False
    return same_dimension(a, b) or (_is_bare(one) and is_count(b)) or (_is_bare(other) and is_count(a))


def readings(text: str, found: Computed, folder: ProjectFolder) -> Iterator[Printed]:
    """A printed figure in each way that people may mean it; none where it cannot be held against the computed one."""
    words = frozenset(folder.tree.units)
    for default in (None, found.unit, PERCENT if found.dimension == () else None):
        figure = printed(text, default, words)
        if figure is not None and comparable(figure, found):
            yield figure


def _is_bare(figure: Printed | Computed) -> bool:
    return figure.dimension == NO_DIMENSION and figure.unit is None


class LeafItem(NamedTuple):
    """An item or a part of a leaf. `at`: its answer in evidence.yaml, or the leaf's where it has none."""

    step: Step
    entry: Entry | None
    at: Origin

    @property
    def decided_loss(self) -> Fraction:
        """What somebody took off it; what a formula takes off explains itself."""
        found = _outermost(self.step.steps, DECIDED)
        return sum((Fraction(one.label.most - one.value) for one in found if one.label.most is not None), Fraction(0))


DECIDED = ("judged", "tier", "unmet")
"""Steps that somebody decided: only they can give the reason."""
_ANSWERS = {"items": "checklist", "parts": "parts"}
"""Under which word of evidence.yaml the answers to them stand."""


def _outermost(steps: Iterable[Step], roles: Collection[str] = ("item",)) -> Iterator[Step]:
    for step in steps:
        if step.label.role in roles:
            yield step
        else:
            yield from _outermost(step.steps, roles)


def _answer(answers: Answers | None, name: str, number: str | int, rule: object) -> tuple[str | int | None, Answer | None]:
    """The answer to an item, by its place in the rule, its id or its name; its key."""
    if isinstance(answers, tuple):
        return (number, answers[number]) if isinstance(number, int) and number < len(answers) else (None, None)
    entries: Callable[[], tuple[object, ...]] = getattr(rule, "entries", tuple)
    known = entries()
    of_rule = known[number] if isinstance(number, int) and number < len(known) else None
    for key in (getattr(of_rule, "key", None), name):
        if answers is not None and key in answers:
            return key, answers[key]
    return None, None


class Leaf(NamedTuple):
    """A leaf with its evidence and its score."""

    node: Node
    entry: Entry
    at: Origin  # of its evidence
    scored: Indicator

    @property
    def measured(self) -> bool:
        return bool(measures_of(self.node))

    @property
    def judged(self) -> bool:
        return self.scored.kind in JUDGED_KINDS and not self.measured

    @property
    def actual(self) -> str:
        return (self.entry.actual or "").strip()

    @property
    def by_tier(self) -> bool:
        """Is the actual value one of the tiers of the rule, which then says what it is worth?"""
        return isinstance(self.node.rule, Tiers) and self.actual in self.node.rule.tiers

    @property
    def denied(self) -> bool:
        """Judged as the target wants it, and points lost all the same: nobody said why, or nothing is left of them."""
        one, target = self.scored, self.node.target.strip()
        if not self.judged or not target or self.actual != target or self.by_tier:
            return False
        if one.clauses:
            return self.unexplained
        nothing_left = one.score == 0 and one.lost > 0 and not (one.zero_by_policy or self.node.defects)
        return self.unexplained or nothing_left

    @property
    def unexplained(self) -> bool:
        """Points lost by what somebody decided, a veto or a requirement too, and no reason anywhere."""
        one = self.scored
        return one.reason_missing or (bool(one.clauses) and one.lost > 0 and not one.reason)

    def items(self) -> Iterator[LeafItem]:
        """The items of a checklist and the parts of a rule, as they were scored, each with its answer and its place."""
        for step in _outermost(self.scored.steps):
            path = step.origin.path if step.origin is not None else ()
            if step.label.most is None or len(path) < 2 or path[-2] not in _ANSWERS:
                continue
            word, number = _ANSWERS[str(path[-2])], path[-1]
            answers = getattr(self.entry, word)
            key, answer = _answer(answers, step.label.text, number, self.node.rule)
            at = self.at if key is None else self.at.under(word, key)
            yield LeafItem(step, answer if isinstance(answer, Entry) else None, at if isinstance(key, int) else at.key())

    @property
    def full(self) -> bool:
        """Scored, and nothing lost: not by rounding either."""
        one = self.scored
        return one.status == "scored" and not one.lost and one.applicable > 0 and (one.exact is None or one.exact >= one.applicable)


def leaves_with_evidence(subject: Subject) -> Iterator[Leaf]:
    """The scored leaves that evidence.yaml speaks of, in the order of the tree. Needs folder and result."""
    for node, entry, at in entries(subject):
        yield Leaf(node, entry, at, subject.scored[node.key])


def entries(subject: Subject) -> Iterator[tuple[Node, Entry, Origin]]:
    """The leaves that evidence.yaml speaks of with their evidence and its place. Each name is looked up once."""
    assert subject.folder is not None
    looked_up = [(name, entry, subject.index.find(name)) for name, entry in subject.folder.evidence.indicators.items()]
    named = {
        id(found[1][-1]): (entry, subject.in_evidence("indicators", name))
        for name, entry, found in looked_up
        if not isinstance(found, Problem)
    }
    for _, node in subject.leaves():
        if id(node) in named:
            yield node, *named[id(node)]


def measures_of(node: Node) -> list[Expr]:
    """The formulas of a leaf."""
    return ([node.measure] if node.measure is not None else []) + list(node.measures.values())
