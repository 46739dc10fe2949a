"""A fact that several indicators use: what moving it does to all of them together."""

from __future__ import annotations

from fractions import Fraction

from perfeval.backends.ranges.pieces import Piece, reach
from perfeval.backends.ranges.ratio import Curved
from perfeval.whatif.levers import Lever, Untold
from perfeval.whatif.reach import Settled
from perfeval.whatif.standing import Standing
from perfeval.whatif.trying import Changes, Trial, nearest_total, swept, total_of, unrounded


class FactUnit:
    """One lever with several parts; gains are those of the total."""

    def __init__(self, at: Standing, lever: Lever, grain: Fraction) -> None:
        self.at, self.lever, self.grain = at, lever, grain
        self.gains = self._answers() if lever.form == "yes_no" else self._swept()

    @property
    def most(self) -> Fraction:
        """The largest gain, or a grain more."""
        return self.gains.bit_length() * self.grain

    def settle(self, gain: int) -> Settled | None:
        """The nearest value at which the total gains so much."""
        if self.lever.form == "yes_no":
            return self._settled({self.lever.key: 1 - self.lever.value})
        try:
            place = nearest_total(self.at, self.lever, ">=", self.at.total + gain * self.grain)
        except Untold:
            return None
        found = None if place is None else self._settled({self.lever.key: place.value})
        return None if place is None or found is None else found._replace(ends={self.lever.key: place})

    @property
    def best(self) -> Settled | None:
        """What gains most of what can be settled on: the highest of the gains may be only a bound."""
        for gain in (n for n in range(self.gains.bit_length() - 1, 0, -1) if self.gains >> n & 1):
            if (found := self.settle(gain)) is not None:
                return found
        return None

    def _settled(self, changes: Changes) -> Settled | None:
        for name in self.lever.parts:
            tried = Trial(self.at, self.at.parts[name]).score(changes)
            if tried is None:
                return None
            changes = tried.changes
        graded = self.at.graded(changes)
        return None if graded is None else Settled(graded[0], changes)

    def _answers(self) -> int:
        settled = self._settled({self.lever.key: 1 - self.lever.value})
        grains = 0 if settled is None else int((settled.score - self.at.total) // self.grain)
        return 1 << grains if grains > 0 else 0

    def _swept(self) -> int:
        """The gains as bits, by the total before any rounding, with a grain to spare: what is not there is not settled on."""
        gains = 0
        for piece in swept(unrounded(total_of(self.at, self.lever.parts)), self.lever, self.at.values, self.at.program.asks, self.at.unit):
            gains |= self._of_piece(piece)
        return gains & ~1

    def _of_piece(self, piece: Piece) -> int:
        if piece.value is None:
            return 0
        try:
            ends = [end for end in reach(piece) if end is not None]
        except Curved:
            return 0
        if not ends:
            return 0
        low, high = (int((end - self.at.total) // self.grain) for end in (min(ends), max(ends)))
        low, high = max(low, 0), high + 1
        return ((1 << (high - low + 1)) - 1) << low if high >= low else 0
