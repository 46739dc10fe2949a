"""What a change of rules does to one project: the effect of each changed leaf, adding up exactly to the change of the total.

Leaves are taken over one after another in the order of the old tree, then the frame (weights of what is above, rounding,
policies, bonus, penalty), then leaves that only the new tree has. Where evidence is missing every figure is an interval; the
low ends add up to the low end of the change, the high ends to its high end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from perfeval.backends.exact.interpreter import NoScore, RollUp
from perfeval.ir.nodes import Number
from perfeval.model.result import Indicator, Result


class Between(NamedTuple):
    """A figure, or an interval where evidence is missing."""

    low: Fraction
    high: Fraction

    @property
    def is_zero(self) -> bool:
        return self.low == self.high == 0

    def plus(self, other: Between) -> Between:
        return Between(self.low + other.low, self.high + other.high)

    def minus(self, other: Between) -> Between:
        """End by end: both are ends of one and the same course."""
        return Between(self.low - other.low, self.high - other.high)


NOTHING = Between(Fraction(0), Fraction(0))


class Scored(NamedTuple):
    """A project under one rule set. `extras`: bonus and penalty, each the least and the most it can be."""

    result: Result
    roll_up: RollUp
    extras: Mapping[str, tuple[Number, Number]]

    @property
    def frame(self) -> tuple[object, ...]:
        """What decides how leaves become a total, beside the weights."""
        one = self.result
        return one.places, one.rounding_at, one.missing_policy, one.not_applicable_policy


class LeafEffect(NamedTuple):
    """One changed leaf: its own points before and after, what it alone does to the total, and what it does in its turn."""

    old: Indicator | None
    new: Indicator | None
    alone: Between
    in_turn: Between


class Effect(NamedTuple):
    """All that the change does to one project: `change` = Σ `in_turn` + `frame` = Σ `alone` + `frame` + `interaction`."""

    old: Result
    new: Result
    leaves: tuple[LeafEffect, ...]
    frame: Between
    interaction: Between
    change: Between

    @property
    def grade_flips(self) -> bool:
        """Is the grade another, and is that certain?"""
        return self.old.grade is not None and self.new.grade is not None and self.old.grade != self.new.grade


Pairs = Mapping[str, str]
"""Ids of leaves in the old tree to those that stand for them in the new."""


def effect(old: Scored, new: Scored, pairs: Pairs, changed: Collection[str], same_extras: bool = False) -> Effect:
    """`changed`: ids (of the old tree) of the leaves whose rule, weight or quantity means something else; leaves whose score differs
    for another reason (answers that are given in order) are taken along. `same_extras`: bonus and penalty mean the same."""
    courses = [_Course(old, new, pairs, changed, high, same_extras) for high in (False, True)]
    if _is_settled(old) and _is_settled(new):
        courses[1] = courses[0]
    steps = [course.steps() for course in courses]
    leaves = [
        LeafEffect(low.old, low.new, Between(low.alone, high.alone), Between(low.in_turn, high.in_turn))
        for low, high in zip(steps[0], steps[1], strict=True)
    ]
    frame = Between(courses[0].frame, courses[1].frame)
    change = Between(courses[0].change, courses[1].change)
    alone = frame
    for leaf in leaves:
        alone = alone.plus(leaf.alone)
    return Effect(old.result, new.result, tuple(leaves), frame, change.minus(alone), change)


def _is_settled(scored: Scored) -> bool:
    return scored.result.total is not None and all(low == high for low, high in scored.extras.values())


class _Step(NamedTuple):
    old: Indicator | None
    new: Indicator | None
    alone: Fraction
    in_turn: Fraction


State = dict[str, tuple[Number, Number]]


class _Course:
    """One end: for the least that the change can come to, what changes stands at its most in the old tree and at its least in the new.

    What is pending and means the same on both sides is the same unknown; it cancels where both totals are plain sums. Elsewhere
    (what does not apply is rebased, the total is rounded or cut off) it is taken like what changes, which is safe.
    """

    def __init__(self, old: Scored, new: Scored, pairs: Pairs, changed: Collection[str], high: bool, same_extras: bool) -> None:
        self.old, self.new, self.high = old, new, high
        self.before = {leaf.id: leaf for leaf in old.result.leaves}
        self.after = {leaf.id: leaf for leaf in new.result.leaves}
        self.pairs = {a: b for a, b in pairs.items() if a in self.before and b in self.after}
        self.changed = [name for name, leaf in self.before.items() if name in changed or self._differs(name, leaf)]
        self.added = [name for name in self.after if name not in self.pairs.values()]
        cancels = old.roll_up.is_sum and new.roll_up.is_sum and old.frame == new.frame
        self.start = high if cancels else not high  # at which end what is unchanged stands in the old tree
        self.extras_start = high if cancels and same_extras else not high
        self.frame = self.change = Fraction(0)

    def _differs(self, name: str, leaf: Indicator) -> bool:
        twin = self.after.get(self.pairs.get(name, ""))
        return twin is None or self._at(leaf, False) != self._at(twin, False) or self._at(leaf, True) != self._at(twin, True)

    def steps(self) -> list[_Step]:
        state = {name: self._at(leaf, self.start if name not in self.changed else not self.high) for name, leaf in self.before.items()}
        start = self._total(self.old, state, self.extras_start)
        found = list(self._replaced(state, start))
        middle, later = self._total(self.old, state, self.extras_start), self._in_new_tree()
        framed = self._total(self.new, {name: one for name, one in later.items() if name not in self.added}, self.high)
        end = self._total(self.new, later, self.high)
        found += self._added(later, end, framed)
        self.frame, self.change = framed - middle, end - start
        return found

    def _replaced(self, state: State, start: Fraction) -> Iterator[_Step]:
        """Each changed leaf in the old tree: by itself, and on top of those before it. `state` ends with all of them changed."""
        before = start
        original = dict(state)
        for name in self.changed:
            twin = self.after.get(self.pairs.get(name, ""))
            taken = self._at(twin, self.high) if twin is not None else (0, 0)
            alone = self._total(self.old, {**original, name: taken}, self.extras_start) - start
            state[name] = taken
            now = self._total(self.old, state, self.extras_start)
            yield _Step(self.before[name], twin, alone, now - before)
            before = now

    def _added(self, later: State, end: Fraction, framed: Fraction) -> Iterator[_Step]:
        """Each leaf that is new: as the last of all, and in its turn."""
        state = {name: one for name, one in later.items() if name not in self.added}
        before = framed
        for name in self.added:
            without = {other: one for other, one in later.items() if other != name}
            state[name] = later[name]
            now = self._total(self.new, state, self.high)
            yield _Step(None, self.after[name], end - self._total(self.new, without, self.high), now - before)
            before = now

    def _in_new_tree(self) -> State:
        return {name: self._at(leaf, self.high) for name, leaf in self.after.items()}

    def _at(self, leaf: Indicator, high: bool) -> tuple[Number, Number]:
        if leaf.status == "not_applicable":
            return 0, 0
        return (leaf.high if high else leaf.low), leaf.applicable

    def _total(self, scored: Scored, state: State, high: bool) -> Fraction:
        """The total with bonus and penalty at the same end: a penalty at its least lets the total be at its most.

        Where nothing that applies is left in a tree that rebases, there is no rest to scale: 0.
        """
        extras = {name: ends[high if name == "bonus" else not high] for name, ends in scored.extras.items()}
        try:
            return Fraction(scored.roll_up.total(state, extras))
        except NoScore:
            return Fraction(0)
