"""What cannot be surpassed: bounds that know nothing of the search, for what may be said to be out of reach, or the fewest."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from perfeval.ir.units import Range, range_of
from perfeval.whatif.levers import Lever
from perfeval.whatif.standing import Part, Standing


class Bounds:
    """By the range of each part's expression with all that can change left open: safe, not tight."""

    def __init__(self, at: Standing, levers: Mapping[str, Lever]) -> None:
        self.at, self.levers = at, levers
        self._given = {key: self._range(key) for key in at.values if not self._is_points(key)}
        self.of = {name: self._best(part) for name, part in at.parts.items()}
        vetoes = {key: 0 if key in levers else at.values.get(key, 0) for key in at.vetoes}
        self.total = at.total_with(self.of)
        self.rank = at.rank_if(self.total, vetoes)

    def _is_points(self, key: str) -> bool:
        """Points may have to be given anew where a tier or band is another, whatever was given: their domain says how many."""
        return key in self.at.program.asks and self.at.program.asks[key].form == "points"

    def _range(self, key: str) -> Range:
        lever = self.levers.get(key)
        if lever is None:
            return Range(self.at.values[key], self.at.values[key])
        if lever.form == "yes_no":
            return Range(0, 1)
        if lever.form == "tier":
            return Range(1, len(lever.choices))
        return Range(lever.within.low, lever.within.high)

    def _best(self, part: Part) -> Fraction:
        """The most (of a penalty the least) points that the part may have."""
        if not any(part.id in lever.parts for lever in self.levers.values()):
            return part.score
        found = range_of(part.expr, self._given)
        if part.is_good:
            most = part.most if found is None or found.high is None else min(Fraction(found.high), part.most)
            return max(most, part.score)
        low = Fraction(0) if found is None or found.low is None else max(Fraction(found.low), Fraction(0))
        return min(low, part.score)

    def most_of(self, count: int) -> Fraction:
        """The most that the sum may gain by so many parts or shared facts: each as if it had all that the parts it moves may gain."""
        raw = self.at.result.rounding_at == "total"
        start = self.at.sum_with({}, raw)
        gains = {name: max(self.at.sum_with({name: best}, raw) - start, Fraction(0)) for name, best in self.of.items()}
        units = [gains[name] for name in {lever.parts[0] for lever in self.levers.values() if len(lever.parts) == 1}]
        units += [sum((gains[name] for name in lever.parts), Fraction(0)) for lever in self.levers.values() if len(lever.parts) > 1]
        return sum(sorted(units, reverse=True)[:count], Fraction(0))
