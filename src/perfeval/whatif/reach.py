"""What one part can still gain: by each single answer, and by several of its answers together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from perfeval.backends.exact.interpreter import NoScore, compile_expr
from perfeval.backends.ranges.pieces import Piece, reach
from perfeval.backends.ranges.ratio import Curved
from perfeval.ir.bounds import Interval
from perfeval.ir.nodes import Compare, Expr, Number
from perfeval.ir.walk import inputs, nodes
from perfeval.quantity import round_half_up
from perfeval.whatif.levers import Lever, Place, others, steps_on
from perfeval.whatif.standing import Part, Standing
from perfeval.whatif.trying import Changes, Trial, Tried, nearest, swept

FEW = 4  # answers of one part that are tried in every combination; of more, the best `KEPT` of each number
KEPT = 3


class Option(NamedTuple):
    """Some answers changed, and one more (`free`) that can be set so that any of the gains comes out; bit n: n grains."""

    gains: int
    state: Changes
    free: Lever | None

    @property
    def answers(self) -> int:
        return len(self.state) + (self.free is not None)


class Settled(NamedTuple):
    """What comes of some changes; `ends` are the exact places that the values which are numbers have to reach."""

    score: Fraction
    changes: Changes
    ends: Mapping[str, Place] = {}


class Reach:
    """A part's gains, counted in `grain` of the total; a point of the part is worth `factor` there."""

    def __init__(self, at: Standing, part: Part, own: Iterable[Lever], factor: Fraction, grain: Fraction) -> None:
        self.at, self.part, self.factor, self.grain = at, part, factor, grain
        self.sign = 1 if part.is_good else -1
        self._inputs: dict[int, frozenset[str]] = {}
        self._items = [node for node in nodes(part.inner) if node.label is not None and node.label.role == "item"]
        self.levers = {lever.key: lever for lever in own if self._may_help(lever)}
        self.trial = Trial(at, part)
        self._sweeps: dict[tuple[object, ...], tuple[Piece, ...]] = {}
        self.best = Settled(part.score, {})
        self.options = list(self._searched()) if self.levers and self._has_room() else []

    @property
    def gains(self) -> int:
        """All gains that some option has, as far as the best that was found."""
        found = 0
        for option in self.options:
            found |= option.gains
        return found & ((1 << (self._grains(self.best.score) + 1)) - 1)

    @property
    def most(self) -> Fraction:
        """The largest gain, in points of the total, exact."""
        return self._gain(self.best.score)

    def settle(self, gain: int) -> Settled | None:
        """The smallest change that gains at least so many grains: the fewest answers, each moved no farther than it has to be."""
        for option in sorted((one for one in self.options if one.gains >> gain & 1), key=lambda one: one.answers):
            found = self._settled(option, self._compare(gain))
            if found is not None:
                return found
        return self.best if self._grains(self.best.score) >= gain else None

    # ---- the search

    def _has_room(self) -> bool:
        return self.part.score > 0 if self.sign < 0 else self.part.score < self.part.most

    def _gain(self, score: Fraction) -> Fraction:
        return (score - self.part.score) * self.sign * self.factor

    def _grains(self, score: Fraction) -> int:
        return int(self._gain(score) // self.grain)

    def _compare(self, gain: int) -> tuple[Compare, Fraction]:
        """What the points before rounding keep where at least so many grains are gained."""
        own = gain * self.grain / self.factor
        return self.part.rounded(">=" if self.sign > 0 else "<=", self.part.score + self.sign * own)

    def _searched(self) -> Iterator[Option]:
        """Answers are changed one after another, each to its best; every set of them is looked at once."""
        kept: dict[frozenset[str], Tried] = {frozenset(): Tried(self.part.score, {})}
        for _ in range(len(self.levers)):
            found: dict[frozenset[str], Tried] = {}
            for done, before in kept.items():
                for key, lever in self.levers.items():
                    if key in done:
                        continue
                    yield from self._with(lever, before.changes)
                    after = self._at_best(lever, before.changes)
                    if after is not None and (done | {key} not in found or self._better(after, found[done | {key}])):
                        found[done | {key}] = after
            if len(self.levers) > FEW:
                ordered = sorted(found.items(), key=lambda pair: -self.sign * pair[1].score)
                found = dict(ordered[:KEPT])
            for one in found.values():
                if self._gain(one.score) > self.most:
                    self.best = Settled(one.score, one.changes)
            kept = found
            if len(self.levers) > FEW and not self._can_be_better():
                break

    def _can_be_better(self) -> bool:
        return self.best.score > 0 if self.sign < 0 else self.best.score < self.part.most

    def _better(self, one: Tried, other: Tried) -> bool:
        return (one.score - other.score) * self.sign > 0

    def _with(self, lever: Lever, state: Changes) -> Iterator[Option]:
        if lever.form in ("number", "points"):
            gains = self._swept_gains(lever, state)
            if gains:
                yield Option(gains, state, lever)
            return
        for value in others(lever):
            tried = self.trial.score({**state, lever.key: value})
            if tried is None:
                continue
            for free in self._judged_anew():
                rest = {key: value for key, value in tried.changes.items() if key != free.key}
                if gains := self._swept_gains(free, rest):
                    yield Option(gains, rest, free)
            if (own := self._grains(tried.score)) > 0:
                yield Option(1 << own, tried.changes, None)

    def _judged_anew(self) -> list[Lever]:
        """Points that the last trial had to give: anything within their range will do."""
        ranges = dict(self.trial.ranges)
        return [
            Lever(
                key,
                "points",
                domain.low or 0,
                (self.part.id,),
                Interval(domain.low, domain.high, True, not domain.below),
                self.at.unit,
                worth=self.at.program.asks[key].worth,
            )
            for key, domain in ranges.items()
        ]

    def _swept_gains(self, lever: Lever, state: Changes) -> int:
        gains = 0
        for piece in self._swept(self.part.inner, lever, state):
            gains |= self._of_piece(piece, lever)
        return gains & ~1

    def _swept(self, expr: Expr, lever: Lever, state: Changes) -> tuple[Piece, ...]:
        asked = self._asked(expr)
        known = (id(expr), lever.key, lever.within, tuple(sorted((key, value) for key, value in state.items() if key in asked)))
        if known not in self._sweeps:
            values: Mapping[str, Number] = {**self.at.values, **state}
            self._sweeps[known] = swept(expr, lever, values, self.at.program.asks, self.at.unit)
        return self._sweeps[known]

    def _of_piece(self, piece: Piece, lever: Lever) -> int:
        """The gains on a stretch, as bits; of a lever with few steps there, those of each.

        Else its ends count whether or not they belong: what is not there is not settled on.
        """
        if piece.value is None:
            return 0
        if piece.value.constant is None and (steps := steps_on(piece.interval, lever)) is not None:
            gains = 0
            for x in steps:
                gains |= 1 << max(0, self._grains(self._counted(piece.value.at(x))))
            return gains
        try:
            ends = reach(piece)
        except Curved:
            return 0
        least, most = (self._counted(Fraction(0 if end is None else end)) for end in ends)
        low, high = sorted((self._grains(least), self._grains(most)))
        low = max(low, 0)
        return ((1 << (high - low + 1)) - 1) << low if high >= low else 0

    def _counted(self, points: Fraction) -> Fraction:
        """As published; without end is as much as counts."""
        own = points if self.part.places is None else round_half_up(points, self.part.places)
        return min(max(own, Fraction(0)), self.part.most)

    def _at_best(self, lever: Lever, state: Changes) -> Tried | None:
        """The lever at its best with the rest as it is; where it moves nothing by itself, at the best of the item it belongs to."""
        if lever.form not in ("number", "points"):
            tries = [self.trial.score({**state, lever.key: value}) for value in others(lever)]
            return max((one for one in tries if one is not None), key=lambda one: self.sign * one.score, default=None)
        item = self._item(lever.key)
        if item is not None:
            value = self._best_of(item, lever, state)
            return None if value is None else self.trial.score({**state, lever.key: value})
        gains = self._swept_gains(lever, state)
        while gains:
            top = gains.bit_length() - 1
            place = nearest(self._swept(self.part.inner, lever, state), *self._compare(top), lever)
            if place is not None:
                tried = self.trial.score({**state, lever.key: place.value})
                if tried is not None and self._better(tried, Tried(self._score_of(state), {})):
                    return tried
                break
            gains ^= 1 << top
        value = self._best_of(self.part.inner, lever, state)
        return None if value is None else self.trial.score({**state, lever.key: value})

    def _score_of(self, state: Changes) -> Fraction:
        tried = self.trial.score(state)
        return self.part.score if tried is None else tried.score

    def _best_of(self, expr: Expr, lever: Lever, state: Changes) -> Number | None:
        """The nearest value at which an item has as many points as it can."""
        found = self._swept(expr, lever, state)
        tops = []
        for piece in found:
            try:
                low, high = reach(piece) if piece.value is not None else (None, None)
            except Curved:
                continue
            end = high if self.sign > 0 else low
            if end is not None:
                tops.append(end)
        for top in sorted(set(tops), reverse=self.sign > 0)[:3]:
            place = nearest(found, ">=" if self.sign > 0 else "<=", top, lever)
            if place is not None:
                return place.value
        return None

    def _item(self, key: str) -> Expr | None:
        """The innermost item or part that rests on an answer."""
        return next((node for node in reversed(self._items) if key in self._asked(node)), None)

    def _asked(self, expr: Expr) -> frozenset[str]:
        if id(expr) not in self._inputs:
            self._inputs[id(expr)] = frozenset(inputs(expr))
        return self._inputs[id(expr)]

    def _may_help(self, lever: Lever) -> bool:
        """Not: an item that has all its points, a requirement that is met, a veto that has not happened."""
        if not self.part.is_good:
            return True
        words = lever.key.split("/")[1:]
        if lever.form == "yes_no" and "veto" in words:
            return lever.value == 1
        if lever.form == "yes_no" and {"checklist", "requires"} & set(words):
            return lever.value == 0
        item = self._item(lever.key)
        if item is None or item.label is None or item.label.most is None:
            return True
        try:
            return compile_expr(item)(self.at.values) < item.label.most
        except NoScore:
            return True

    # ---- one option, no farther than it has to go

    def _settled(self, option: Option, wanted: tuple[Compare, Fraction]) -> Settled | None:
        levers = dict(self.levers) if option.free is None else {**self.levers, option.free.key: option.free}
        changes, ends = dict(option.state), dict[str, Place]()
        if option.free is not None:
            place = nearest(self._swept(self.part.inner, option.free, changes), *wanted, option.free)
            if place is None:
                return None
            changes[option.free.key], ends[option.free.key] = place.value, place
        if not self._keeps(changes, wanted):
            return None
        for key in list(changes):
            rest = {other: value for other, value in changes.items() if other != key}
            if self._keeps(rest, wanted):
                changes = rest
            elif key in levers and levers[key].form in ("number", "points"):
                place = nearest(self._swept(self.part.inner, levers[key], rest), *wanted, levers[key])
                if place is not None and self._keeps({**rest, key: place.value}, wanted):
                    changes, ends[key] = {**rest, key: place.value}, place
        tried = self.trial.score(changes)
        return None if tried is None else Settled(tried.score, tried.changes, ends)

    def _keeps(self, changes: Changes, wanted: tuple[Compare, Fraction]) -> bool:
        tried = self.trial.score(changes)
        if tried is None:
            return False
        compare, place = wanted
        if self.part.places is not None:  # what is wanted is half a unit off
            half = Fraction(1, 2 * 10**self.part.places)
            return min(place + half, self.part.most) <= tried.score if compare == ">=" else tried.score < place
        return tried.score >= place if compare == ">=" else tried.score <= place
