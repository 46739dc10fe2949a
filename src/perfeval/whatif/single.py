"""The smallest single change of evidence that changes the grade: of each answer or fact the nearest value that does, exactly."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import Literal, NamedTuple

from perfeval.ir.nodes import Number
from perfeval.whatif.climb import probes
from perfeval.whatif.levers import Lever, Place, Untold, apart, exactly_nearest, exactly_swept, levers
from perfeval.whatif.standing import Standing
from perfeval.whatif.trying import Changes, Trial, nearest_total, scored_again, texts

Direction = Literal["up", "down"]


class SingleChange(NamedTuple):
    """One piece of evidence moved just so far that the grade is another."""

    direction: Direction
    lever: Lever
    place: Place
    changes: Changes  # the lever's, and points that have to be given anew with it
    written: dict[str, str]
    total: Fraction
    grade: str
    moved: Fraction  # points of the total
    relative: Fraction

    @property
    def order(self) -> tuple[Fraction, Fraction]:
        """Points first, for unlike quantities have no common measure; then how far relative to the present value."""
        return self.moved, self.relative


class Singles(NamedTuple):
    """The nearest change of every lever that has one, the smallest first."""

    up: tuple[SingleChange, ...]
    down: tuple[SingleChange, ...]
    untold: tuple[str, ...] = ()  # levers of which it could not be told exactly: neither “none” nor “smallest” is sure beside them

    @property
    def smallest(self) -> SingleChange | None:
        """Of equals the one that loses the grade."""
        return min((*self.down[:1], *self.up[:1]), key=lambda one: one.order, default=None)

    def of_leaf(self, leaf: str) -> SingleChange | None:
        """The smallest that touches a leaf."""
        return min((one for one in (*self.down, *self.up) if leaf in one.lever.parts), key=lambda one: one.order, default=None)


def singles(at: Standing, final: Collection[str] = ()) -> Singles:
    """The smallest in each direction is scored again by the real scorer; that it does not come out is a fault of ours."""
    search = _Search(at, levers(at, final))
    found = list(search.all())
    both = [tuple(sorted((one for one in found if one.direction == way), key=lambda one: one.order)) for way in ("up", "down")]
    for way in both:
        for one in way[:1]:
            after = scored_again(at, one.written).after.result
            assert (after.total, after.grade) == (one.total, one.grade), one
    return Singles(both[0], both[1], tuple(sorted(search.untold)))


class _Search:
    def __init__(self, at: Standing, known: dict[str, Lever]) -> None:
        self.at, self.levers = at, known
        self.trials: dict[str, Trial] = {}
        self.untold: set[str] = set()

    def all(self) -> Iterator[SingleChange]:
        for lever in self.levers.values():
            for direction in ("up", "down"):
                one = self._nearest(lever, "up" if direction == "up" else "down")
                if one is not None:
                    yield one

    def _nearest(self, lever: Lever, direction: Direction) -> SingleChange | None:
        rank = self.at.rank + (1 if direction == "up" else -1)
        if not 0 <= rank < len(self.at.ranks):
            return None
        if lever.form in ("yes_no", "tier"):
            return self._of_answers(lever, direction)
        try:
            place = self._of_one(lever, rank, direction) if len(lever.parts) == 1 else self._of_several(lever, direction)
        except Untold:
            self.untold.add(lever.key)
            return self._probed(lever, direction)
        made = None if place is None else self._made(lever, place, direction)
        if place is not None and made is None:
            self.untold.add(lever.key)
        return made

    def _probed(self, lever: Lever, direction: Direction) -> SingleChange | None:
        """The nearest of some values that are tried."""
        made = (self._made(lever, Place(value, value, True), direction) for value in probes(self.at, lever))
        return next((one for one in made if one is not None), None)

    def _of_answers(self, lever: Lever, direction: Direction) -> SingleChange | None:
        """All other answers are tried."""
        others: list[Number] = [1 - lever.value] if lever.form == "yes_no" else list(range(1, len(lever.choices) + 1))
        made = [self._made(lever, Place(value, value, True), direction) for value in others if value != lever.value]
        return min((one for one in made if one is not None), key=lambda one: one.order, default=None)

    def _of_one(self, lever: Lever, rank: int, direction: Direction) -> Place | None:
        """By the points that the one part would have to have."""
        part = self.at.parts[lever.parts[0]]
        wanted = self.at.wanted(part, rank, direction == "up")
        if wanted is None:
            return None
        found = exactly_swept(part.inner, lever, self.at.values, self.at.program.asks, self.at.unit)
        return exactly_nearest(found, *wanted, lever)

    def _of_several(self, lever: Lever, direction: Direction) -> Place | None:
        """By the total itself, as a function of the fact that several parts use."""
        edge = self.at.aim(self.at.rank + (1 if direction == "up" else 0))
        if edge is None or not lever.parts:
            return None
        return nearest_total(self.at, lever, ">=" if direction == "up" else "<", edge)

    def _made(self, lever: Lever, place: Place, direction: Direction) -> SingleChange | None:
        changes: Changes = {lever.key: place.value}
        for name in lever.parts:
            tried = self._trial(name).score(changes)
            if tried is None:
                return None
            changes = tried.changes
        graded = self.at.graded(changes)
        if graded is None:
            return None
        total, rank = graded
        if (rank <= self.at.rank) if direction == "up" else (rank >= self.at.rank):
            return None
        grade = next(name for name, own in self.at.ranks.items() if own == rank)
        moved, relative = abs(total - self.at.total), apart(lever, place.value)
        return SingleChange(direction, lever, place, changes, texts(self.at, self.levers, changes), total, grade, moved, relative)

    def _trial(self, name: str) -> Trial:
        if name not in self.trials:
            self.trials[name] = Trial(self.at, self.at.parts[name])
        return self.trials[name]
