"""Linear programs, exact: the least c·x where every row holds and 0 ≤ x ≤ upper, with an x that reaches it.

The simplex method in two phases over fractions, with bounds kept out of the rows: what is carried from step to step is the
inverse of the basis, as large as there are rows, so that thousands of variables under a dozen rows are quick. A step that
gains nothing is followed by steps under Bland's rule until one gains again: it never goes round in circles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Literal, NamedTuple

ZERO, ONE = Fraction(0), Fraction(1)


class Row(NamedTuple):
    """Σ terms (coefficient by position of the variable) against a bound."""

    terms: Mapping[int, Fraction]
    compare: Literal["<=", "=", ">="]
    bound: Fraction


class Optimum(NamedTuple):
    value: Fraction
    at: tuple[Fraction, ...]


Outcome = Optimum | Literal["infeasible", "unbounded"]


def minimise(cost: Sequence[Fraction], rows: Sequence[Row], upper: Sequence[Fraction | None]) -> Outcome:
    """The least cost·x with 0 ≤ x ≤ upper (None: no end) and all rows kept. The same input gives the same x."""
    if any(end is not None and end < 0 for end in upper):
        return "infeasible"
    solver = _Simplex(cost, rows, upper)
    if not solver.feasible():
        return "infeasible"
    if not solver.run(solver.cost):
        return "unbounded"
    at = solver.solution()[: len(cost)]
    return Optimum(sum((c * x for c, x in zip(cost, at, strict=True)), ZERO), at)


class _Simplex:
    """Columns are in whole numbers: each variable is counted in units of `scale`, the common denominator of its column."""

    def __init__(self, cost: Sequence[Fraction], rows: Sequence[Row], upper: Sequence[Fraction | None]) -> None:
        entries: list[list[tuple[int, Fraction]]] = [[] for _ in cost]
        for position, row in enumerate(rows):
            for variable, coefficient in row.terms.items():
                entries[variable].append((position, coefficient))
        self.scale = [lcm(c.denominator, *(a.denominator for _, a in column)) for c, column in zip(cost, entries, strict=True)]
        self.columns = [[(i, int(a * s)) for i, a in column if a] for s, column in zip(self.scale, entries, strict=True)]
        self.cost = [int(c * s) for c, s in zip(cost, self.scale, strict=True)]
        self.upper = [None if end is None else end / s for end, s in zip(upper, self.scale, strict=True)]
        self.basis: list[int] = []  # the variable of each row
        self.values: list[Fraction] = []  # what it is
        self.inverse = [[ZERO] * len(rows) for _ in rows]
        self.artificial: list[int] = []
        for position, row in enumerate(rows):
            self._start(position, row)
        self.at_upper = [False] * len(self.columns)  # of those outside the basis: at their upper end, else at 0

    def _start(self, position: int, row: Row) -> None:
        """A variable of its own for each row, so that x = 0 is a start: what is left over, else an artificial one."""
        slack = {"<=": 1, "=": 0, ">=": -1}[row.compare]
        if slack:
            self._add(position, slack)
        sign = slack
        if not slack or row.bound * slack < 0:
            sign = 1 if row.bound >= 0 else -1
            self._add(position, sign)
            self.artificial.append(len(self.columns) - 1)
        self.basis.append(len(self.columns) - 1)
        self.values.append(row.bound * sign)
        self.inverse[position][position] = Fraction(sign)

    def _add(self, position: int, coefficient: int) -> None:
        self.columns.append([(position, coefficient)])
        self.cost.append(0)
        self.scale.append(1)
        self.upper.append(None)

    def feasible(self) -> bool:
        """Brings the artificial variables to 0, where that is possible, and holds them there."""
        if self.artificial:
            cost = [0] * len(self.columns)
            for variable in self.artificial:
                cost[variable] = 1
            self.run(cost)
            for variable in self.artificial:
                self.upper[variable] = ZERO
        held = set(self.artificial)
        return not any(value for variable, value in zip(self.basis, self.values, strict=True) if variable in held)

    def run(self, cost: Sequence[int]) -> bool:
        """To the least cost; False where it has no end."""
        stalled, reduced = False, self._reduced(cost)
        while (variable := self._entering(reduced, stalled)) is not None:
            direction = -1 if self.at_upper[variable] else 1
            change = self._change(variable)
            length, row = self._length(variable, direction, change)
            if length is None:
                return False
            moved = direction * length
            self.values = [value - moved * rate if rate else value for value, rate in zip(self.values, change, strict=True)]
            if row is None:  # from one end to the other: the basis stays, and what each variable would gain
                self.at_upper[variable] = not self.at_upper[variable]
            else:
                self._exchange(row, variable, moved, change, direction)
                reduced = self._reduced(cost)
            stalled = length == 0
        return True

    def _reduced(self, cost: Sequence[int]) -> list[int]:
        """What a unit of each variable would add to the cost, times one common positive number."""
        prices = [ZERO] * len(self.basis)
        for variable, row in zip(self.basis, self.inverse, strict=True):
            if cost[variable]:
                prices = [price + cost[variable] * entry for price, entry in zip(prices, row, strict=True)]
        common = lcm(*(price.denominator for price in prices))
        whole = [int(price * common) for price in prices]
        return [c * common - sum([whole[i] * a for i, a in column]) for c, column in zip(cost, self.columns, strict=True)]

    def _entering(self, reduced: Sequence[int], stalled: bool) -> int | None:
        """The variable that gains most, or under Bland's rule the first that gains."""
        best, most = None, -1
        for variable, gain in enumerate(reduced):
            if gain and (gain > 0) == self.at_upper[variable] and self.upper[variable] != 0:
                if stalled:
                    return variable
                per_unit = abs(gain) // self.scale[variable]
                if per_unit > most:
                    best, most = variable, per_unit
        return best

    def _change(self, variable: int) -> list[Fraction]:
        """By how much the basis falls for each unit of a variable."""
        return [sum([row[i] * a for i, a in self.columns[variable] if row[i]], ZERO) for row in self.inverse]

    def _length(self, variable: int, direction: int, change: Sequence[Fraction]) -> tuple[Fraction | None, int | None]:
        """How far a variable can go, and the row that stops it (None: its own other end). Of equals, the first variable."""
        length, stop = self.upper[variable], None
        for row, (inside, value, rate) in enumerate(zip(self.basis, self.values, change, strict=True)):
            fall = rate * direction
            end = ZERO if fall > 0 else self.upper[inside]
            if fall == 0 or end is None:
                continue
            own = (value - end) / fall
            if length is None or own < length or (own == length and stop is not None and inside < self.basis[stop]):
                length, stop = own, row
        return length, stop

    def _exchange(self, row: int, variable: int, moved: Fraction, change: Sequence[Fraction], direction: int) -> None:
        """The variable takes the row; what stood there stays at the end that it has reached."""
        start = self.upper[variable] if self.at_upper[variable] else ZERO
        assert start is not None  # only what has an upper end can stand at it
        self.at_upper[self.basis[row]] = change[row] * direction < 0
        self.at_upper[variable] = False
        self.basis[row], self.values[row] = variable, start + moved
        pivot = [entry / change[row] if entry else ZERO for entry in self.inverse[row]]
        for other, rate in enumerate(change):
            if other != row and rate:
                self.inverse[other] = [a - rate * b if b else a for a, b in zip(self.inverse[other], pivot, strict=True)]
        self.inverse[row] = pivot

    def solution(self) -> tuple[Fraction, ...]:
        found = [end if there and end is not None else ZERO for there, end in zip(self.at_upper, self.upper, strict=True)]
        for variable, value in zip(self.basis, self.values, strict=True):
            found[variable] = value
        return tuple(value * scale for value, scale in zip(found, self.scale, strict=True))
