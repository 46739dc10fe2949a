"""Ever better totals by one answer or fact after another: finds what several facts of one part do together, and proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property

from perfeval.backends.ranges.pieces import contains, reach
from perfeval.backends.ranges.ratio import Curved
from perfeval.ir.nodes import Const, Number
from perfeval.ir.walk import nodes
from perfeval.whatif.levers import Lever, Untold, exactly_nearest, exactly_swept, grid, others
from perfeval.whatif.standing import Standing
from perfeval.whatif.trying import Changes, Trial, total_of, unrounded

ROUNDS = 4
TOPS = 12  # of the heights that a total has over a fact, those that are tried
PROBES = 32  # values tried where the sweep cannot tell

Graded = tuple[Fraction, int]


class Climb:
    """Moves some levers of a project, one at a time, each to where the total is best with the rest as it stands."""

    def __init__(self, at: Standing, levers: Mapping[str, Lever]) -> None:
        self.at, self.levers = at, levers

    @cached_property
    def trials(self) -> dict[str, Trial]:
        return {name: Trial(self.at, part) for name, part in self.at.parts.items()}

    def up(self, start: Changes, keys: frozenset[str]) -> tuple[Changes, Graded]:
        """From some changes as far as single steps of these levers lead."""
        state, best = start, self.at.graded(start) or (self.at.total, self.at.rank)
        for _ in range(ROUNDS):
            before = best
            for key, lever in self.levers.items():
                if key not in keys or not lever.parts:
                    continue
                for value in list(self._candidates(lever, state)):
                    tried = self.with_(state, lever, value)
                    after = None if tried is None else self.at.graded(tried)
                    if tried is not None and after is not None and after > best:
                        state, best = tried, after
            if best == before:
                break
        return state, best

    def with_(self, state: Changes, lever: Lever, value: Number) -> Changes | None:
        """One more change, with the points that have to be given anew."""
        return self._complete({**state, lever.key: value}, lever.parts)

    def _complete(self, changes: Changes, parts: tuple[str, ...]) -> Changes | None:
        for name in parts:
            tried = self.trials[name].score(changes)
            if tried is None:
                return None
            changes = tried.changes
        return changes

    def less(self, state: Changes, reaches: Callable[[Changes], bool]) -> Changes:
        """Without what is not needed, and numbers no farther than halving finds."""
        for key in list(state):
            rest = {other: value for other, value in state.items() if other != key}
            users = tuple(self.at.users.get(key, ()))
            without = self._complete(rest, users)
            if without is not None and key not in without and reaches(without):
                state = without
            elif key in self.levers and self.levers[key].form in ("number", "points"):
                state = self._nearer(state, self.levers[key], reaches)
        return state

    def _nearer(self, state: Changes, lever: Lever, reaches: Callable[[Changes], bool]) -> Changes:
        step = grid(lever)
        far, near = Fraction(state[lever.key]), Fraction(lever.value)
        while abs(far - near) > step:
            middle = (far + near) / 2 // step * step
            if middle in (far, near):
                break
            tried = self.with_(state, lever, _plain(middle)) if contains(lever.within, middle) else None
            if tried is not None and reaches(tried):
                state, far = tried, middle
            else:
                near = middle
        return state

    def _candidates(self, lever: Lever, state: Changes) -> Iterator[Number]:
        if lever.form not in ("number", "points"):
            yield from (lever.value, *others(lever))
            return
        try:
            yield from self._tops(lever, state)
        except Untold:
            yield from probes(self.at, lever)

    def _tops(self, lever: Lever, state: Changes) -> Iterator[Number]:
        """Where the total before rounding is highest; just below where that height itself is not had."""
        expr, values = unrounded(total_of(self.at, lever.parts)), {**self.at.values, **state}
        found = exactly_swept(expr, lever, values, self.at.program.asks, self.at.unit)
        tops: set[Fraction] = set()
        for piece in found:
            if piece.value is not None:
                try:
                    tops.update(end for end in reach(piece) if end is not None)
                except Curved as curved:
                    raise Untold from curved
        for top in sorted(tops, reverse=True)[:TOPS]:
            for wanted in (top, top - self.at.unit):
                place = exactly_nearest(found, ">=", wanted, lever)
                if place is not None:
                    yield place.value


def probes(at: Standing, lever: Lever) -> list[Number]:
    """Values to try where nothing is told exactly: ends, figures of the rules, and some between; the nearest first."""
    step, within = grid(lever), lever.within
    marks = {Fraction(node.value) for name in lever.parts for node in nodes(at.parts[name].expr) if isinstance(node, Const)}
    raw = {beside for mark in marks for beside in (mark - step, mark, mark + step)}
    raw |= {Fraction(end) for end in (within.low, within.high) if end is not None}
    if within.low is not None and within.high is not None:
        raw |= {within.low + Fraction(within.high - within.low) * n / PROBES for n in range(PROBES + 1)}
    raw |= {Fraction(lever.value) * n / PROBES for n in range(3 * PROBES)}
    on_grid = {x // step * step for x in raw} | {-(-x // step) * step for x in raw}
    return [_plain(x) for x in sorted(on_grid, key=lambda x: (abs(x - lever.value), x)) if contains(within, x)]


def _plain(value: Fraction) -> Number:
    return int(value) if value.denominator == 1 else value
