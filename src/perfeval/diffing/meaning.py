"""Do two rules mean the same? By the exact sweep, part by part: the answers and values at which they differ, and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import prod
from typing import Literal, NamedTuple

from perfeval.backends.exact.interpreter import NoScore, compile_expr
from perfeval.backends.ranges.pieces import EVERYWHERE, TooManyPieces
from perfeval.backends.ranges.ratio import Curved, Ratio, number
from perfeval.diffing.functions import Span, Stretch, at_whole, ends, stretches
from perfeval.diffing.leaf import Leaf, Side
from perfeval.diffing.parts import NONE, added, held_against, named_inside, parts
from perfeval.ir.bounds import Interval
from perfeval.ir.fold import fold, plain
from perfeval.ir.nodes import Const, Domain, Expr, Input, Number
from perfeval.ir.program import Ask
from perfeval.ir.units import range_of
from perfeval.ir.walk import inputs, nodes
from perfeval.quantity import Unit, show_decimal, show_quantity, show_rate

_COMBINATIONS = 4_096  # of answers that are looked at one by one
_SHOWN = 12  # of them that are kept as differing
_PROBES = 6_000  # values tried where nothing exact can be said
_UNLIKE_STEPS = (1, 7, 29, 113, 463, 1_867, 7_477)
Given = tuple[tuple[str, str], ...]
"""What is asked and the answer to it, by name."""


class Answer(NamedTuple):
    """Answers (yes or no, a tier, by the name of what is asked) under which the two differ, with the points before and after."""

    given: Given
    old: Span
    new: Span


class Difference(NamedTuple):
    """A part of a leaf, or the whole (`part` empty), that gives other points: by the values of a quantity, or by answers.

    `answers` also lists combinations in front of a quantity: then `stretches` belongs to those answers.
    """

    part: str
    quantity: str = ""
    unit: Unit | None = None
    stretches: tuple[Stretch, ...] = ()
    answers: tuple[Answer, ...] = ()
    given: Given = ()  # answers under which `stretches` hold
    whole: bool = False  # the quantity has whole values alone
    more: int = 0  # combinations of answers that differ too and are not listed
    alone: Literal["", "old", "new"] = ""  # the part stands on one side only; it can give `most` points
    most: Fraction | None = None
    proven: bool = True  # False: no exact answer could be had, and no value was found at which they differ


class Meaning(NamedTuple):
    """What changed in the meaning of one leaf; nothing in it: the two say the same."""

    differences: tuple[Difference, ...] = ()
    quantities: tuple[tuple[str, str], ...] = ()  # what is looked at is computed otherwise: before, after
    units: tuple[tuple[str, str, str], ...] = ()  # a figure without a unit is read in another one: name, before, after
    asked: tuple[tuple[str, Literal["old", "new"]], ...] = ()  # evidence that one side alone asks for, where nothing else is told

    @property
    def same(self) -> bool:
        return not self.differences and not self.quantities and not self.units and not self.asked


class _Asked(NamedTuple):
    """The keys of two expressions by what may stand there: quantities, answers, points that somebody judges."""

    numbers: list[str]
    finite: list[str]
    judged: frozenset[str]


class _Choice(NamedTuple):
    """An answer by name, with its number on the old and on the new side (0: no such tier there)."""

    name: str
    old: Number
    new: Number


def meaning(old: Side, new: Side) -> Meaning:
    """Compares two leaves of two rule sets, before rounding and with everything applying."""
    before, after = Leaf(old, old.node.id), Leaf(new, old.node.id)
    asked = tuple(before.asked_alone(after))
    changed = before.call_alike(after)
    found = tuple(_Compared(before, after).differences(before.expr, after.expr, "", {}))
    looked_at = tuple((one, other) for one, other, shows in changed if found or not shows)
    return Meaning(found, looked_at, tuple(before.other_units(after)), () if found or looked_at else asked)


class _Compared:
    """Compares two expressions of two leaves: as a whole where that can be done exactly, else part by part."""

    def __init__(self, old: Leaf, new: Leaf) -> None:
        self.old, self.new = old, new

    def differences(self, a: Expr, b: Expr, part: str, within: Within) -> Iterator[Difference]:
        """`within`: where quantities stand, by the conditions around."""
        if plain(a) == plain(b) and not self._other_tiers(a):
            return
        if (a == NONE or b == NONE) and (name := part or named_inside(b if a == NONE else a)):
            yield Difference(name, alone="new" if a == NONE else "old", most=_most(b if a == NONE else a))
            return
        asked = self._asked(a, b)
        terms = added(a, b, part)
        if len(terms) > 1:
            for one, other, name in terms:
                yield from self.differences(one, other, name, within)
        elif not asked.numbers and not asked.finite and len(asked.judged) == 1:
            yield from self._swept(a, b, part, _Asked(list(asked.judged), [], frozenset()), {}, {}, (), within)
        elif len(asked.numbers) + len(asked.finite) <= 1 and len(asked.judged) <= 1:
            yield from self._swept(a, b, part, asked, {}, {}, (), within) if asked.numbers else self._answered(a, b, part, asked)
        elif pairs := list(parts(a, b, part)):
            for one, other, name, inner in pairs:
                yield from self.differences(one, other, name, _narrowed(within, inner))
        else:
            yield from self._of_all(a, b, part, asked, within)

    def _other_tiers(self, expr: Expr) -> bool:
        """Are tiers that look alike by their numbers called otherwise?"""
        tiers = [key for key in inputs(expr) if self._form(key) == "tier" and key in self.old.asks and key in self.new.asks]
        return any(self.old.asks[key].choices != self.new.asks[key].choices for key in tiers)

    def _asked(self, a: Expr, b: Expr) -> _Asked:
        keys = list(inputs(a) | inputs(b))
        judged = frozenset(key for key in keys if self._form(key) == "points")
        finite = [key for key in keys if self._form(key) in ("yes_no", "tier", "flag")]
        return _Asked([key for key in keys if key not in judged and key not in finite], finite, judged)

    def _ask(self, key: str) -> Ask | None:
        return self.new.asks.get(key) or self.old.asks.get(key)

    def _form(self, key: str) -> str:
        ask = self._ask(key)
        return ask.form if ask else "number"

    def _unit(self, key: str) -> Unit | None:
        ask = self._ask(key)
        return self.new.units.get(key) or self.old.units.get(key) or (ask.unit if ask else None)

    def _name(self, key: str) -> str:
        ask = self._ask(key)
        return self.new.names.get(key) or self.old.names.get(key) or (ask.text if ask else "") or key

    # ---- one variable

    def _swept(
        self,
        a: Expr,
        b: Expr,
        part: str,
        asked: _Asked,
        old: Mapping[str, Number],
        new: Mapping[str, Number],
        given: Given,
        within: Within,
    ) -> Iterator[Difference]:
        """By the one quantity, under answers whose numbers on both sides are given."""
        key = asked.numbers[0]
        unit, possible = self._unit(key), self._possible(key).meet(within.get(key, EVERYWHERE))
        try:
            found = stretches(fold(a, old), fold(b, new), key, asked.judged, {}, possible)
        except (Curved, TooManyPieces):
            yield from self._probed(fold(a, old), fold(b, new), part, asked._replace(finite=[]))
            return
        whole = all(leaf.is_whole(key) for leaf in (self.old, self.new) if key in leaf.asks or key in leaf.quantities)
        at = tuple(at_whole(found)) if whole else ()
        if at or found:
            yield Difference(part, self._name(key), unit, at or found, given=given, whole=bool(at))
        else:
            yield from self._ends_of_ranges(a, b, part, asked.judged, given)

    def _ends_of_ranges(self, a: Expr, b: Expr, part: str, judged: frozenset[str], given: Given) -> Iterator[Difference]:
        """Points that may be given up to an end on one side, and only below it on the other."""
        before, after = (
            {(node.key, node.domain) for node in nodes(side) if isinstance(node, Input) and node.key in judged} for side in (a, b)
        )
        for key, domain in sorted(before ^ after, key=repr)[:1]:
            end = Fraction((domain.high if domain else None) or 0)
            spans = [_end_of(side, key, end) for side in (before, after)]
            yield Difference(part, answers=(Answer((*given, (self._name(key), show_decimal(end))), *spans),))

    def _possible(self, key: str) -> Interval:
        """All values that either side allows, of those that ask for it."""
        sides = [leaf.possible(key) for leaf in (self.old, self.new) if key in leaf.asks or key in leaf.quantities]
        lows, highs = [side.low for side in sides], [side.high for side in sides]
        low = None if not lows or None in lows else min(one for one in lows if one is not None)
        high = None if not highs or None in highs else max(one for one in highs if one is not None)
        return Interval(low, high, low is not None, high is not None)

    def _answered(self, a: Expr, b: Expr, part: str, asked: _Asked) -> Iterator[Difference]:
        """By answers alone, each combination of them."""
        found = []
        for chosen in product(*(self._choices(key) for key in asked.finite)):
            old, new = self._numbers(asked.finite, chosen)
            before, after = _span(a, old, asked.judged), _span(b, new, asked.judged)
            if before != after:
                found.append(Answer(self._given(asked.finite, chosen), before, after))
        if found:
            yield Difference(part, answers=tuple(found[:_SHOWN]), more=max(0, len(found) - _SHOWN))
        elif asked.judged:
            yield from self._judged(a, b, part, asked)

    def _judged(self, a: Expr, b: Expr, part: str, asked: _Asked) -> Iterator[Difference]:
        """The ends of what an evaluator may give are the same; is what lies between, and do both ends belong?"""
        for chosen in product(*(self._choices(key) for key in asked.finite)):
            old, new = self._numbers(asked.finite, chosen)
            one, other = fold(a, old), fold(b, new)
            judged = [key for key in asked.judged if key in inputs(one) or key in inputs(other)]
            if plain(one) == plain(other):
                continue
            if len(judged) == 1:
                yield from self._swept(one, other, part, _Asked(judged, [], frozenset()), {}, {}, self._given(asked.finite, chosen), {})
            else:
                yield from self._probed(one, other, part, _Asked([], [], frozenset(judged)))
            return

    def _given(self, finite: list[str], chosen: Iterable[_Choice]) -> Given:
        return tuple((self._name(key), one.name) for key, one in zip(finite, chosen, strict=True))

    @staticmethod
    def _numbers(finite: list[str], chosen: tuple[_Choice, ...]) -> tuple[dict[str, Number], dict[str, Number]]:
        pairs = list(zip(finite, chosen, strict=True))
        return {key: one.old for key, one in pairs}, {key: one.new for key, one in pairs}

    def _choices(self, key: str) -> list[_Choice]:
        if self._form(key) != "tier":
            return [_Choice("是", 1, 1), _Choice("否", 0, 0)]
        before, after = (leaf.asks[key].choices if key in leaf.asks else () for leaf in (self.old, self.new))
        at = [{name: n for n, name in enumerate(side, 1)} for side in (before, after)]
        return [_Choice(name, at[0].get(name, 0), at[1].get(name, 0)) for name in dict.fromkeys((*before, *after))]

    # ---- several variables at once

    def _of_all(self, a: Expr, b: Expr, part: str, asked: _Asked, within: Within) -> Iterator[Difference]:
        """By the quantity that both look at; the answers, and others in their place, are gone through."""
        shared = [key for key in asked.numbers if key in inputs(a) and key in inputs(b)]
        first = (shared or asked.numbers)[:1]
        others = [key for key in asked.numbers if key not in first]
        choices = [*(self._choices(key) for key in asked.finite), *(self._samples(key, a, b) for key in others)]
        if not asked.numbers and prod(map(len, choices)) <= _COMBINATIONS:
            yield from self._answered(a, b, part, asked)
            return
        found: list[Difference] = []
        keys, count = [*asked.finite, *others], prod(map(len, choices))
        narrow = asked._replace(numbers=first)
        for chosen in product(*choices) if first and count <= _COMBINATIONS else ():
            found += self._swept(a, b, part, narrow, *self._numbers(keys, chosen), self._given(keys, chosen), within)
        kept: dict[tuple[tuple[Stretch, ...], bool], Difference] = {}
        for one in found:
            before = kept.get((one.stretches, one.proven))
            kept[one.stretches, one.proven] = one if before is None else before._replace(more=before.more + 1)
        if any(one.stretches or one.answers for one in kept.values()) or (first and not others and count <= _COMBINATIONS):
            yield from [one for one in kept.values() if one.proven or len(kept) == 1][:_SHOWN]
        else:
            yield from self._probed(a, b, part, asked)

    def _samples(self, key: str, a: Expr, b: Expr) -> list[_Choice]:
        """A few values of a quantity: nothing, the whole of a rate, and the figures that it is held against."""
        unit = self._unit(key)
        marks = {Fraction(0)} | {mark for side in (a, b) for mark in held_against(side, key)}
        if unit is not None and unit.is_rate:
            marks.add(Fraction(1))
        ordered = sorted(mark for mark in marks if mark >= 0)
        chosen = dict.fromkeys((ordered[0], ordered[len(ordered) // 2], ordered[-1]))
        return [_Choice(show_quantity(value, unit), value, value) for value in chosen]

    def _probed(self, a: Expr, b: Expr, part: str, asked: _Asked) -> Iterator[Difference]:
        """No exact answer can be had: values on and beside all bounds are tried; what they do not show stays unproven."""
        marks = sorted({Fraction(node.value) for side in (a, b) for node in nodes(side) if isinstance(node, Const)} | {Fraction(0)})
        beside = [x for mark in marks for x in (mark, mark + Fraction(1, 100), mark - Fraction(1, 100))]
        values = list(dict.fromkeys([x for x in beside if x >= 0]))
        choices, judged = [self._choices(key) for key in asked.finite], sorted(asked.judged)
        shares = (Fraction(1), Fraction(0), Fraction(1, 2), Fraction(1, 4))
        for turn in range(_PROBES):
            chosen = tuple(one[_turned(turn, n, len(one))] for n, one in enumerate(choices))
            at = len(choices)
            known = {key: values[_turned(turn, n + at, len(values))] for n, key in enumerate(asked.numbers)}
            at += len(known)
            given = {key: shares[_turned(turn, n + at, len(shares))] for n, key in enumerate(judged)}
            old, new = self._numbers(asked.finite, chosen)
            before, after = _point(a, {**known, **old}, given), _point(b, {**known, **new}, given)
            if before != after:
                told = [(self._name(key), show_quantity(x, self._unit(key))) for key, x in known.items()]
                told += [(self._name(key), show_rate(share)) for key, share in given.items()]
                yield Difference(part, answers=(Answer((*self._given(asked.finite, chosen), *told), before, after),))
                return
        yield Difference(part, proven=False)


def _turned(turn: int, variable: int, many: int) -> int:
    """Which value a variable takes in a turn: all the first, all the last, each one alone otherwise, then ever other combinations."""
    if turn < 2:
        return 0 if turn == 0 else many - 1
    single, last = divmod(turn - 2, 2)
    if single < 64:
        return (many - 1 if last else 0) if single != variable else (0 if last else many - 1)
    return _step(turn, variable) % many


def _step(turn: int, variable: int) -> int:
    """Walks each variable's values at a pace of its own, so that many unlike combinations come up early."""
    return (turn * _UNLIKE_STEPS[variable % len(_UNLIKE_STEPS)] + variable) // (1 + variable // len(_UNLIKE_STEPS))


Within = Mapping[str, Interval]


def _end_of(ranges: set[tuple[str, Domain | None]], key: str, end: Fraction) -> Span:
    """The points at an end, where some range holds it."""
    there = any(name == key and domain is not None and domain.holds(end) for name, domain in ranges)
    return Span(number(end), number(end)) if there else Span(None, None)


def _narrowed(within: Within, inner: tuple[str, Interval] | None) -> Within:
    if inner is None:
        return within
    key, interval = inner
    return {**within, key: within.get(key, EVERYWHERE).meet(interval)}


def _point(expr: Expr, known: Mapping[str, Number], given: Mapping[str, Fraction]) -> Span:
    """The value where each judged input stands at a share of its range."""
    for key, share in given.items():
        expr = ends(expr, frozenset([key]), share)
    return _span(expr, known, frozenset())


def _span(expr: Expr, known: Mapping[str, Number], judged: frozenset[str]) -> Span:
    found: list[Ratio | None] = []
    for share in (0, 1):
        try:
            found.append(number(compile_expr(ends(expr, judged, share))(known)))
        except NoScore:
            found.append(None)
    return Span(*found)


def _most(expr: Expr) -> Fraction | None:
    reach = range_of(expr, {})
    return None if reach is None or reach.high is None else Fraction(reach.high)
