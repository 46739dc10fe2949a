"""Rows for a program: values by key within the columns, at the places where something turns, with holes; for every engine alike."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from perfeval.backends.columnar.integer_program import IntegerProgram, NotLowered
from perfeval.backends.columnar.lower import lower_program
from perfeval.backends.exact.interpreter import Outcome, compile_expr, compile_program
from perfeval.backends.exact.trace import Recorder
from perfeval.ir.columns import Column
from perfeval.ir.given import is_award
from perfeval.ir.nodes import Const, Input, Number
from perfeval.ir.program import GRADE, TOTAL, Program, score_key
from perfeval.ir.walk import inputs, nodes
from perfeval.quantity import round_half_up
from perfeval.scoring.run import all_steps
from second import soak
from second.wild import grow_wild

PLACES = 4
FAR = 10**6


def columns_for(program: Program, values: Mapping[str, Number] | None = None) -> dict[str, Column]:
    """A column for each key, wide enough for the rule's own numbers and for `values`."""
    found = {}
    whole = {
        node.key for leaf in program.leaves for node in nodes(leaf.expr) if isinstance(node, Input) and node.domain and node.domain.whole
    }
    yes_no = {
        node.key
        for leaf in program.leaves
        for node in nodes(leaf.expr)
        if isinstance(node, Input) and node.unit and node.unit.dimension == (("是否", 1),)
    }
    for key, ask in program.asks.items():
        if ask.form in ("yes_no", "flag") or key in yes_no:
            found[key] = Column(key, "yes_no", 0, 1, absent=0 if ask.form == "flag" else None)
        elif ask.form == "tier":
            found[key] = Column(key, "tier", 1, len(ask.choices), choices=ask.choices)
        elif ask.form == "points":
            found[key] = Column(key, "number", 0, int(ask.worth * 10**PLACES // 1), Fraction(1, 10**PLACES), PLACES)
        elif ask.form == "count" or key in whole:
            found[key] = Column(key, "number", 0, FAR)
        else:
            value = (values or {}).get(key, 0)
            far = max(FAR, int(abs(value)) * 2)
            found[key] = Column(key, "number", -far * 10**PLACES, far * 10**PLACES, Fraction(1, 10**PLACES), PLACES)
    return found


def random_tree(seed: int, folder: Path) -> tuple[soak.Tree, IntegerProgram]:
    """A wild tree, and its program over columns that are wide enough; skips the test where there is none."""
    _, tree = soak.from_files(grow_wild(seed, 0), folder)
    if tree is None or any(problem.is_error for problem in tree.problems):
        pytest.skip("this tree has a fault")
    try:
        return tree, lower_program(tree.program, columns_for(tree.program))
    except NotLowered:
        pytest.skip("this tree needs more than 128 bits")


def whole_of(column: Column, value: Number) -> int | None:
    """A value as the column's whole number; None where it does not fit, which columns take for missing."""
    whole = value / column.unit
    return int(whole) if whole.denominator == 1 and column.low <= whole <= column.high else None


def turns(program: Program, column: Column) -> list[int]:
    """Whole numbers at and beside the constants of the program, and at the ends."""
    found = {column.low, column.high, 0, 1}
    exprs = [leaf.expr for leaf in program.leaves] + list(program.extras.values())
    for expr in exprs:
        for node in nodes(expr):
            if isinstance(node, Const):
                near = int(Fraction(node.value) / column.unit // 1)
                found.update((near - 1, near, near + 1))
    return sorted(one for one in found if column.low <= one <= column.high)


def random_rows(program: Program, columns: Mapping[str, Column], count: int, seed: int, holes: float = 0.1) -> Iterator[dict[str, int]]:
    """Rows by key; what is left out is missing."""
    chance = random.Random(seed)
    pools = {key: turns(program, column) for key, column in columns.items()}
    for _ in range(count):
        hole = holes if chance.random() < 0.5 else 0
        yield {
            key: chance.choice(pools[key]) if chance.random() < 0.7 else chance.randint(column.low, column.high)
            for key, column in columns.items()
            if chance.random() >= hole
        }


class Interpreted:
    """What the interpreter says of a row: the exact value of each output by key, None where it has none."""

    def __init__(self, program: IntegerProgram) -> None:
        self.program = program
        self.compiled = compile_program(program.program)
        self.points = [ask for ask in program.program.asks.values() if ask.form == "points"]

    def __call__(self, row: Mapping[str, int]) -> dict[str, Number | None]:
        columns, program = self.program.columns, self.program.program
        values = {key: column.value(row[key]) for key, column in columns.items() if key in row}
        values |= {key: column.absent for key, column in columns.items() if key not in row and column.absent is not None}
        outcome = self.compiled.run(values)
        found: dict[str, Number | None] = {score_key(name): outcome.scores.get(name) for name in program.nodes}
        found |= {score_key(name): outcome.extras.get(name) for name in program.extras}
        found |= {TOTAL: outcome.total, GRADE: None if outcome.grade is None else program.grades.index(outcome.grade) + 1}
        for one in self.program.outputs:
            value = found.get(one.key)
            if value is not None and not one.exact:
                found[one.key] = round_half_up(self.published(one.key, value, outcome), one.places)
        return found | dict.fromkeys(self.resting_on(self.unjudged(outcome, values)))

    def published(self, key: str, value: Number, outcome: Outcome) -> Number:
        """As reports show it."""
        program = self.program.program
        if not program.rounds_total:
            return value
        rounded, name = round_half_up(value, program.places), next((name for name in program.nodes if score_key(name) == key), None)
        if name is None:
            return rounded
        most = outcome.weights.get(name, program.nodes[name].weight)
        return rounded if value > most else min(rounded, most)

    def unjudged(self, outcome: Outcome, values: Mapping[str, Number]) -> set[str]:
        """Leaves whose band or tier has points of its own, and that are given others: as `score` refuses them."""
        found = set()
        for ask in self.points:
            name = ask.node or ask.key.partition("/")[0]  # bonus or penalty
            if ask.key in values and (name in outcome.scores or name in outcome.extras):
                expr = self.program.program.extras.get(name) or self.program.program.nodes[name].expr
                recorder = Recorder(expr)
                compile_expr(expr, recorder.wrap())(values)
                steps = list(all_steps(recorder.steps))
                is_read = any(step.key == ask.key for step in steps)
                fixed = [step.value for step in steps if is_award(step.label, step.origin, ask)]
                if not is_read and any(value != values[ask.key] for value in fixed):
                    found.add(score_key(name))
        return found

    def resting_on(self, bad: set[str]) -> set[str]:
        """These and all that is computed from them."""
        program = self.program.program
        exprs = {score_key(name): program.nodes[name].expr for name in program.order} | {TOTAL: program.total, GRADE: program.grade}
        for key, expr in exprs.items():
            if bad.intersection(inputs(expr)):
                bad = bad | {key}
        return bad


def exact(program: IntegerProgram, outputs: tuple[int | None, ...]) -> dict[str, Number | None]:
    """What an engine gave, as exact values by key."""
    return {
        one.key: None if value is None else Fraction(value, 10**one.places) for one, value in zip(program.outputs, outputs, strict=True)
    }
