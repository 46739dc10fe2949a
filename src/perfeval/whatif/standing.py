"""Where a scored project stands: its parts with points of their own, and what each would have to score for another grade."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from perfeval.backends.exact.interpreter import NoScore, RollUp, compile_expr, compile_program
from perfeval.ir.build import ZERO
from perfeval.ir.nodes import Compare, Expr, Min, Number, Round
from perfeval.ir.program import TOTAL, Program
from perfeval.ir.walk import inputs, strict_keys
from perfeval.whatif.setting import Ground

Values = Mapping[str, Number]


class Part(NamedTuple):
    """A leaf, the bonus or the penalty: `inner` are its points before they are rounded (to `places`, or not at all)."""

    id: str
    kind: Literal["leaf", "bonus", "penalty"]
    expr: Expr
    inner: Expr
    places: int | None
    score: Fraction
    most: Fraction  # no more than that can count

    @property
    def is_good(self) -> bool:
        """Do more of its points make a better total?"""
        return self.kind != "penalty"

    def rounded(self, compare: Compare, score: Fraction) -> tuple[Compare, Fraction]:
        """What the points before rounding have to keep so that those after it are at least, or at most, a score."""
        if self.places is None:
            return compare, score
        unit = Fraction(1, 10**self.places)
        if compare == ">=":
            return ">=", -(-score // unit) * unit - unit / 2
        return "<", score // unit * unit + unit / 2


class Standing:
    """A project that has a total and a grade, ready for many questions."""

    def __init__(self, ground: Ground) -> None:
        run, self.ground, self.result = ground.run, ground, ground.result
        assert ground.result.total is not None and ground.result.grade is not None
        self.total, self.grade = ground.result.total, ground.result.grade
        self.program = _zeroed(ground.program, run.zeroed)
        self.values: dict[str, Number] = dict(run.bound.values)
        self.outcome = run.outcome
        self._compiled = compile_program(self.program)
        self._roll = RollUp(self.program)
        self._raw = RollUp(self.program._replace(total=self.program.total.arg)) if isinstance(self.program.total, Round) else self._roll
        self._grade = compile_expr(self.program.grade)
        self.vetoes = [key for key in strict_keys(self.program.grade) if key != TOTAL]
        self.unit = Fraction(1, 10**self.program.places)
        self.ranks = {band.name: at for at, band in enumerate(sorted(self.result.bands, key=lambda band: band.low))}
        leaves = {leaf.id: leaf for leaf in self.result.leaves}
        self.parts = {
            node.id: _part(node.id, "leaf", node.expr, Fraction(self.outcome.scores[node.id]), leaves[node.id].applicable)
            for node in self.program.leaves
            if leaves[node.id].status == "scored"
        }
        for name, expr in self.program.extras.items():
            most = Fraction(10**9)
            self.parts[name] = _part(name, "bonus" if name == "bonus" else "penalty", expr, Fraction(self.outcome.extras[name]), most)
        self.users: dict[str, list[str]] = {}
        for part in self.parts.values():
            for key in inputs(part.expr):
                self.users.setdefault(key, []).append(part.id)

    @property
    def rank(self) -> int:
        return self.ranks[self.grade]

    def graded(self, changes: Values) -> tuple[Fraction, int] | None:
        """The total and the rank of the grade with some values changed; None where there is no score then."""
        outcome = self._compiled.run({**self.values, **changes})
        if outcome.total is None or outcome.grade is None:
            return None
        return Fraction(outcome.total), self.ranks[outcome.grade]

    def total_with(self, scores: Mapping[str, Fraction], raw: bool = False) -> Fraction:
        """The total if parts scored otherwise; `raw`: before it is rounded as a whole."""
        weights = self.outcome.weights
        leaves = {
            node.id: (scores.get(node.id, Fraction(self.outcome.scores[node.id])), Fraction(weights.get(node.id, 0)))
            for node in self.program.leaves
        }
        extras = {name: scores.get(name, Fraction(value)) for name, value in self.outcome.extras.items()}
        return Fraction((self._raw if raw else self._roll).total(leaves, extras))

    def sum_with(self, scores: Mapping[str, Fraction], raw: bool = False) -> Fraction:
        """The same without its end at 0: a penalty may come to more than there is."""
        if "penalty" not in self.parts:
            return self.total_with(scores, raw)
        penalty = scores.get("penalty", self.parts["penalty"].score)
        return self.total_with({**scores, "penalty": Fraction(0)}, raw) - penalty

    def rank_of(self, total: Fraction, lifted: bool = False) -> int:
        """The rank of a total's grade; -1 for none. `lifted`: as if no veto on the whole project had happened."""
        return self.rank_if(total, dict.fromkeys(self.vetoes, 0) if lifted else {})

    def rank_if(self, total: Fraction, vetoes: Values) -> int:
        """The same with some vetoes on the whole project answered otherwise."""
        env: dict[str, Number] = {key: vetoes.get(key, self.values.get(key, 0)) for key in self.vetoes}
        try:
            return self.ranks[self.program.grades[int(self._grade(env | {TOTAL: total})) - 1]]
        except NoScore:
            return -1

    def aim(self, rank: int) -> Fraction | None:
        """The least total of so many decimals as are published that has a grade of at least this rank, vetoes aside."""
        high = int(self.result.full / self.unit) + 1
        found = _first(0, high, lambda n: self.rank_of(n * self.unit, lifted=True) >= rank)
        return None if found is None else found * self.unit

    def wanted(self, part: Part, rank: int, better: bool) -> tuple[Compare, Fraction] | None:
        """What the part's points before rounding have to keep for a grade of at least (`better`) or at most this rank.

        None where no points of this part alone do that.
        """
        rises = part.is_good == better
        if part.places is None:
            return self._wanted_exact(part, rank, better, rises)
        unit = Fraction(1, 10**part.places)
        most = int(min(part.most, self.result.full * 2) / unit) + 1
        keeps: Callable[[int], bool] = lambda n: self._keeps(part, min(n * unit, part.most), rank, better)  # noqa: E731
        if rises:
            found = _first(0, most, keeps)
            return None if found is None else part.rounded(">=", found * unit)
        found = _first(0, most, lambda n: not keeps(n))
        if found is None:
            return ">=", -unit  # always
        return None if found == 0 else part.rounded("<=", (found - 1) * unit)

    def _keeps(self, part: Part, score: Fraction, rank: int, better: bool) -> bool:
        own = self.rank_of(self.total_with({part.id: score}))
        return own >= rank if better else 0 <= own <= rank

    def _wanted_exact(self, part: Part, rank: int, better: bool, rises: bool) -> tuple[Compare, Fraction] | None:
        """Where only the total is rounded it is a straight line in the part's points, half a unit short of the total aimed at."""
        edge = self.aim(rank if better else rank + 1)
        if edge is None:
            return None
        at, beside = self.sum_with({part.id: part.score}, raw=True), self.sum_with({part.id: part.score / 2}, raw=True)
        slope = (at - beside) / (part.score / 2) if part.score else self.sum_with({part.id: Fraction(1)}, raw=True) - at
        if slope == 0:
            return None
        place = part.score + (edge - self.unit / 2 - at) / slope
        if rises:
            return (">=" if better else ">"), place
        return ("<=" if better else "<"), place


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int | None:
    """The first number for which it holds, where it holds from some number on."""
    if not holds(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _part(name: str, kind: Literal["leaf", "bonus", "penalty"], expr: Expr, score: Fraction, most: Fraction) -> Part:
    """Takes the rounding off: the sweep would cut at every hundredth of a point."""
    rounded = expr.args[-1] if isinstance(expr, Min) and isinstance(expr.args[-1], Round) else expr
    if isinstance(rounded, Round):
        return Part(name, kind, expr, rounded.arg, rounded.places, score, most)
    return Part(name, kind, expr, expr, None, score, most)


def _zeroed(program: Program, zeroed: Mapping[str, tuple[str, ...]]) -> Program:
    """What got 0 points for want of evidence stays at 0."""
    if not zeroed:
        return program
    nodes = {name: node._replace(expr=ZERO) if name in zeroed else node for name, node in program.nodes.items()}
    return program._replace(nodes=nodes, extras={name: ZERO if name in zeroed else expr for name, expr in program.extras.items()})
