"""How firm a grade is: the fewest points of weight that have to move between indicators for another grade.

Each leaf's score rate is held, as are the sum of the weights and every declared constraint that holds today. All values are
exact, and each answer comes with the weights that prove it. What counts as weight, rate and total: README.md of this room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from perfeval.backends.exact.interpreter import NoScore, compile_expr
from perfeval.ir.nodes import Cond, Const, Input, Number
from perfeval.ir.program import TOTAL, Program
from perfeval.ir.walk import nodes, strict_keys
from perfeval.lowering.nodes import NodeIndex
from perfeval.model.result import Indicator, Result
from perfeval.model.tree import Constraint, Tree
from perfeval.problems import Problem
from perfeval.whatif.simplex import ONE, ZERO, Optimum, Row, minimise

Direction = Literal["up", "down"]
WhyFixed = Literal["not_applicable", "no_weight"]


class LeafWeight(NamedTuple):
    """What a leaf is worth in the total, before and after; rebased where something else does not apply."""

    id: str
    rate: Fraction  # 得分率 before rounding, held
    before: Fraction
    after: Fraction

    @property
    def change(self) -> Fraction:
        return self.after - self.before


class Move(NamedTuple):
    """The cheapest move to another grade. Without `points` no moving of weight reaches the total aimed at."""

    direction: Direction
    grade: str
    aim: Fraction  # the nearest total of that grade that can be published
    points: Fraction | None  # half of Σ|Δw|; 0 where the present grade rests on rounding alone
    total: Fraction | None = None  # before rounding, under the weights below
    weights: tuple[LeafWeight, ...] = ()  # of all leaves that can take part, in the order of the tree

    @property
    def moved(self) -> tuple[LeafWeight, ...]:
        return tuple(leaf for leaf in self.weights if leaf.change)


class Firmness(NamedTuple):
    """Both directions; None where the scale has no other grade that way."""

    grade: str
    total: Fraction  # as published
    unrounded: Fraction  # by the rates before rounding: what moving weight starts from
    up: Move | None
    down: Move | None
    kept: tuple[Constraint, ...]
    broken: tuple[Constraint, ...]  # not kept even today, so not asked of the new weights
    fixed: tuple[tuple[str, WhyFixed], ...]  # leaves that take no part

    @property
    def fewest(self) -> Move | None:
        """The cheaper of the two; of equals the one that loses the grade. None: no moving of weight changes it."""
        found = [move for move in (self.down, self.up) if move is not None and move.points is not None]
        return min(found, key=lambda move: move.points or ZERO, default=None)


def fewest_moved(result: Result, program: Program, tree: Tree) -> Firmness | None:
    """The fewest points of weight moved that change the grade of a scored project; the program and tree are its own.

    None where that has no meaning: something is pending, so that the total is an interval or the grade is open.
    """
    if result.total is None or result.grade is None or result.missing:
        return None
    return _Weights(result, program, tree).firmness(result.total, result.grade)


class _Weights:
    """The weights of one result as they count in its total."""

    def __init__(self, result: Result, program: Program, tree: Tree) -> None:
        self.result, self.program, self.tree = result, program, tree
        factors = factors_of(result)
        self.worth = {leaf.id: leaf.applicable * factors[leaf.id] for leaf in result.leaves}
        self.fixed = {leaf.id: why for leaf in result.leaves if (why := _fixed(leaf))}
        self.leaves = [leaf for leaf in result.leaves if leaf.id not in self.fixed]
        self.rates = [(leaf.exact or ZERO) / leaf.applicable for leaf in self.leaves]
        self.before = [self.worth[leaf.id] for leaf in self.leaves]
        self.constant = sum(((leaf.exact or ZERO) * factors[leaf.id] for leaf in result.leaves if leaf.id in self.fixed), ZERO)
        self.bonus = sum((extra.points for extra in result.extras if extra.kind == "bonus"), ZERO)
        self.penalty = sum((extra.points for extra in result.extras if extra.kind == "penalty"), ZERO)
        # as the total is lowered: weights quoted as printed may come to more than it
        self.capped = tree.as_printed and sum((one.weight for one in result.level(1)), ZERO) > result.full
        self.grade_of = _grade_of(result, program, tree)
        assert self.grade_of(result.total or ZERO) == result.grade  # else it would not be this result's scale

    def firmness(self, total: Fraction, grade: str) -> Firmness:
        kept, broken, rows = self._constraints()
        start = self._sum(self.before)
        return Firmness(
            grade,
            total,
            self._total(start),
            self._move("up", total, grade, start, rows),
            self._move("down", total, grade, start, rows),
            kept,
            broken,
            tuple(self.fixed.items()),
        )

    def _sum(self, weights: Sequence[Fraction]) -> Fraction:
        """What the leaves come to, before the cap and what stands off the tree."""
        return sum((rate * weight for rate, weight in zip(self.rates, weights, strict=True)), self.constant)

    def _total(self, leaves: Fraction) -> Fraction:
        within = min(leaves, self.result.full) if self.capped else leaves
        return max(ZERO, within + self.bonus - self.penalty)

    def _move(self, direction: Direction, total: Fraction, grade: str, start: Fraction, rows: Sequence[Row]) -> Move | None:
        unrounded = self._total(start)
        for aim in self._near(direction, total):
            name = self.grade_of(aim)
            if name is not None and name != grade:
                break
        else:
            return None
        beyond = unrounded >= aim if direction == "up" else unrounded <= aim
        other = self.grade_of(unrounded) if beyond else None
        if other is not None and other != grade:  # the rounding of leaves alone holds the grade where it is
            return Move(direction, other, aim, ZERO, unrounded, self._told(self.before))
        wanted = aim - self.bonus + self.penalty
        found = None if self.capped and wanted > self.result.full else self._solve(wanted - start, rows)
        if found is None:
            return Move(direction, name, aim, None)
        points, after = found
        return Move(direction, name, aim, points, self._total(self._sum(after)), self._told(after))

    def _solve(self, gain: Fraction, rows: Sequence[Row]) -> tuple[Fraction, list[Fraction]] | None:
        """The fewest points that change the sum of the leaves by `gain`. Each leaf has what it gives and what it takes."""
        count = len(self.leaves)
        balance = _difference(count, [ONE] * count)
        raised = _difference(count, self.rates)
        upper: list[Fraction | None] = [*self.before, *[None] * count]
        outcome = minimise([ZERO] * count + [ONE] * count, [Row(balance, "=", ZERO), Row(raised, "=", gain), *rows], upper)
        if not isinstance(outcome, Optimum):
            return None
        given, taken = outcome.at[:count], outcome.at[count:]
        return outcome.value, [w - off + on for w, off, on in zip(self.before, given, taken, strict=True)]

    def _told(self, after: Sequence[Fraction]) -> tuple[LeafWeight, ...]:
        rows = zip(self.leaves, self.rates, self.before, after, strict=True)
        return tuple(LeafWeight(leaf.id, rate, before, new) for leaf, rate, before, new in rows)

    def _near(self, direction: Direction, total: Fraction) -> list[Fraction]:
        """Totals with so many decimals as are published, on either side of each bound, the nearest first.

        A grade begins at a bound or behind one: the first of these that has another grade is the first of all.
        """
        step = Fraction(1, 10**self.program.places)
        near: set[Fraction] = set()
        for bound in _bounds(self.program):
            below = bound // step * step
            near |= {below - step, below, below + step}
        up = direction == "up"
        return sorted((one for one in near if (one > total if up else one < total)), reverse=not up)

    def _constraints(self) -> tuple[tuple[Constraint, ...], tuple[Constraint, ...], list[Row]]:
        """The declared constraints that hold on the weights that count, those that do not, and the rows that keep the first."""
        index, count, full = NodeIndex(self.tree), len(self.leaves), self.result.full
        kept: list[Constraint] = []
        broken: list[Constraint] = []
        rows: list[Row] = []
        for constraint in self.tree.constraints:
            times = self._times(index, constraint)
            now = sum((times[name] * worth for name, worth in self.worth.items()), ZERO)
            least = None if constraint.at_least is None else constraint.at_least * full - now
            most = None if constraint.at_most is None else constraint.at_most * full - now
            if (least is not None and least > 0) or (most is not None and most < 0):
                broken.append(constraint)
                continue
            kept.append(constraint)
            change = _difference(count, [times[leaf.id] for leaf in self.leaves])
            if least is not None:
                rows.append(Row(change, ">=", least))
            if most is not None:
                rows.append(Row(change, "<=", most))
        return tuple(kept), tuple(broken), rows

    def _times(self, index: NodeIndex, constraint: Constraint) -> dict[str, Fraction]:
        """How often each leaf stands below the nodes of a constraint."""
        named: list[str] = []
        for reference in constraint.sum_of:
            found = index.find(reference)
            assert not isinstance(found, Problem)  # else nothing would have been scored
            named.append(found[1][-1].key)
        return {leaf.id: sum((ONE for name in named if name in leaf.ref), ZERO) for leaf in self.result.leaves}


def _difference(count: int, factors: Sequence[Fraction]) -> dict[int, Fraction]:
    """A row's terms: factor × (what each leaf takes − what it gives)."""
    given = {position: -factor for position, factor in enumerate(factors) if factor}
    return given | {count + position: factor for position, factor in enumerate(factors) if factor}


def _fixed(leaf: Indicator) -> WhyFixed | None:
    if leaf.status == "not_applicable" or leaf.not_applicable:
        return "not_applicable"
    return "no_weight" if leaf.applicable == 0 else None


def factors_of(result: Result) -> dict[str, Fraction]:
    """By how much the score of each indicator is scaled up on its way to the total, because of what does not apply."""
    policy, below = result.not_applicable_policy, _by_parent(result)
    if policy not in ("rebase_total", "rebase_parent"):
        return {one.id: ONE for one in result.indicators}
    top = list(result.leaves) if policy == "rebase_total" else below[()]
    factors: dict[tuple[str, ...], Fraction] = {(): _scale(result.full, top)}
    for one in result.indicators:
        factors[one.ref] = factors[one.ref[:-1]]
        if policy == "rebase_parent" and not one.is_leaf:
            factors[one.ref] *= _scale(one.weight, below[one.ref])
    return {one.id: factors[one.ref] for one in result.indicators}


def _scale(weight: Fraction, parts: Sequence[Indicator]) -> Fraction:
    whole = sum((one.weight for one in parts), ZERO)
    applies = sum((one.applicable for one in parts), ZERO)
    return ONE if applies in (whole, 0) else weight / applies


def _by_parent(result: Result) -> dict[tuple[str, ...], list[Indicator]]:
    found: dict[tuple[str, ...], list[Indicator]] = {}
    for one in result.indicators:
        found.setdefault(one.ref[:-1], []).append(one)
    return found


def _bounds(program: Program) -> list[Fraction]:
    """What the scale compares a total with."""
    found: list[Fraction] = []
    for node in nodes(program.grade):
        if isinstance(node, Cond) and isinstance(node.left, Input) and node.left.key == TOTAL and isinstance(node.right, Const):
            found.append(Fraction(node.right.value))
    return found


def _grade_of(result: Result, program: Program, tree: Tree) -> Callable[[Fraction], str | None]:
    """The grade of any total, under the vetoes that happened; None in a gap of the scale."""
    run = compile_expr(program.grade)
    answers: dict[str, Number] = dict.fromkeys(strict_keys(program.grade), 0)
    answers |= {f"veto/{veto.key}": 1 for veto in tree.veto if veto.text in result.vetoes}

    def grade_of(total: Fraction) -> str | None:
        asked: Mapping[str, Number] = answers | {TOTAL: total}
        try:
            return program.grades[int(run(asked)) - 1]
        except NoScore:
            return None

    return grade_of
