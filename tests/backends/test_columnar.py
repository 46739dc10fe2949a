"""The integer program against the interpreter, cell by cell: case files, random trees, rows with holes and at every turn."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from backends.rows import Interpreted, columns_for, exact, random_rows, whole_of
from cases_support import Case, build, cases
from perfeval.backends.columnar.integer_program import IntegerProgram, NotLowered, nodes_of
from perfeval.backends.columnar.integers import Node, Nodes, comparisons, evaluate, walk
from perfeval.backends.columnar.lower import lower_program
from perfeval.backends.columnar.naming import plan
from perfeval.backends.columnar.python import compile_rows, row_of
from perfeval.ir.columns import Column
from perfeval.ir.nodes import HOLDS
from perfeval.ir.program import Program
from perfeval.lowering.from_evidence import bind, given_keys
from perfeval.lowering.from_tree import lower_tree
from perfeval.problems import ProblemsFound
from perfeval.scoring import open_project
from second import soak
from second.wild import grow_wild

CASES = [*cases("rules"), *cases("projects")]
SEEDS = range(60)
ROWS = 12


def lowered(program: Program, columns: dict[str, Column]) -> IntegerProgram | None:
    try:
        return lower_program(program, columns)
    except NotLowered as why:
        assert why.why == "too-wide", why
        return None


def differences(program: IntegerProgram, rows: list[dict[str, int]], outputs: Iterator[tuple[int | None, ...]]) -> list[str]:
    interpreted = Interpreted(program)
    found = []
    for row, out in zip(rows, outputs, strict=True):
        wanted, got = interpreted(row), exact(program, out)
        found += [f"{key}: {got[key]} for {value}, row {row}" for key, value in wanted.items() if got[key] != value]
    return found


def one_hole_each(program: Program, integers: IntegerProgram, seed: int) -> Iterator[dict[str, int]]:
    """Whole rows, and for each key one that lacks it alone."""
    rows = random_rows(program, dict(integers.columns), len(integers.columns) + 2, seed + 1, holes=0)
    yield from (next(rows), next(rows))
    for key, row in zip(integers.columns, rows, strict=True):
        yield {other: whole for other, whole in row.items() if other != key}


@pytest.mark.parametrize("seed", SEEDS)
def test_random_trees(seed: int, tmp_path: Path) -> None:
    _, tree = soak.from_files(grow_wild(seed, 0), tmp_path)
    if tree is None or any(problem.is_error for problem in tree.problems):
        pytest.skip("this tree has a fault")
    program = lowered(tree.program, columns_for(tree.program))
    if program is None:
        pytest.skip("this tree needs more than 128 bits")
    rows = [*random_rows(tree.program, dict(program.columns), ROWS, seed), *one_hole_each(tree.program, program, seed)]
    assert differences(program, rows, compile_rows(program)(row_of(program, row) for row in rows)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_cases(case: Case, tmp_path: Path) -> None:
    """The evidence of each case, and rows around it."""
    build(case.given, tmp_path)
    try:
        folder = open_project(tmp_path, partial=True)
    except ProblemsFound:
        pytest.skip("this case has a fault")
    program, problems = lower_tree(folder.indicators, given_keys(folder), folder.tree.policy)
    bound = bind(program, folder)
    if any(problem.is_error for problem in [*problems, *bound.problems]):
        pytest.skip("this case has a fault")
    integers = lowered(program, columns_for(program, bound.values))
    if integers is None:
        pytest.skip("this case needs more than 128 bits")
    own = {key: whole_of(column, bound.values[key]) for key, column in integers.columns.items() if key in bound.values}
    rows = [{key: whole for key, whole in own.items() if whole is not None}]
    rows += random_rows(program, dict(integers.columns), ROWS, 1)
    assert differences(integers, rows, compile_rows(integers)(row_of(integers, row) for row in rows)) == []


@pytest.mark.parametrize("seed", range(10))
def test_no_value_leaves_its_interval(seed: int, tmp_path: Path) -> None:
    _, tree = soak.from_files(grow_wild(seed, 0), tmp_path)
    if tree is None or any(problem.is_error for problem in tree.problems):
        pytest.skip("this tree has a fault")
    program = lowered(tree.program, columns_for(tree.program))
    assert program is not None
    chance = random.Random(seed)
    for _ in range(5):
        values = {key: chance.randint(column.low, column.high) for key, column in program.columns.items()}
        for output in program.outputs:
            for node in walk(*nodes_of(output)):
                assert node.low <= evaluate(node, values) <= node.high, f"{node!r} with {values}"
            values[output.key] = evaluate(output.value, values)


def random_node(nodes: Nodes, chance: random.Random, depth: int) -> Node:
    """Any expression over three small keys."""
    if depth == 0:
        return nodes.key(chance.choice("abc"), -3, 5) if chance.random() < 0.6 else nodes.value(chance.randint(-4, 4))
    args = [random_node(nodes, chance, chance.randint(0, depth - 1)) for _ in range(4)]
    match chance.choice(("add", "mul", "least", "most", "div", "cond", "cond")):
        case "add":
            return nodes.add(*args[:3])
        case "mul":
            return nodes.mul(*args[:2])
        case "least":
            return nodes.least(*args[:3])
        case "most":
            return nodes.most(*args[:3])
        case "div":
            return nodes.div(args[0], nodes.most(args[1], nodes.value(1)))
    return nodes.cond(chance.choice((">=", ">", "<=", "<", "=")), *args)


def meaning(node: Node, values: dict[str, int]) -> int:
    """The value, worked out apart from the class under test."""
    args = [meaning(arg, values) for arg in node.args]
    if node.op == "cond":
        assert node.compare is not None
        held = HOLDS[node.compare](args[0], args[1])
        assert held == all(HOLDS[sign](meaning(a, values), meaning(b, values)) for sign, a, b in comparisons(node.compare, *node.args[:2]))
        return args[2] if held else args[3]
    return evaluate(node, values)


@pytest.mark.parametrize("seed", range(200))
def test_simplifying_changes_no_value(seed: int) -> None:
    """The same choices made with nodes and with numbers: what `Nodes` leaves out or computes is right, and intervals hold."""
    for number in range(20):
        values = {key: random.Random(f"{seed}/{number}/{key}").randint(-3, 5) for key in "abc"}
        symbolic = random_node(Nodes(), random.Random(f"{seed}/{number}"), 4)
        plain = random_node(Fixed(values), random.Random(f"{seed}/{number}"), 4)
        assert meaning(symbolic, values) == plain.low
        assert symbolic.low <= plain.low <= symbolic.high


class Fixed(Nodes):
    """Nodes whose keys have their values already: every operation is computed as it is made."""

    def __init__(self, values: dict[str, int]) -> None:
        super().__init__()
        self.values = values

    def key(self, key: str, low: int, high: int) -> Node:
        assert low <= self.values[key] <= high
        return self.value(self.values[key])


def test_each_stage_reads_only_what_is_before_it(tmp_path: Path) -> None:
    _, tree = soak.from_files(grow_wild(3, 0), tmp_path)
    assert tree is not None
    program = lowered(tree.program, columns_for(tree.program))
    assert program is not None
    found = plan(program)
    known: set[object] = set(program.columns)
    for stage in found.stages:
        own: set[object] = set()
        for named in stage:
            wanted = list(nodes_of(named.output)) if named.output else list(named.node.args if named.node else ())
            stack = list(wanted)
            while stack:
                node = stack.pop()
                if node in found.shared:
                    assert node in known
                elif node.op == "key":
                    assert node.key in known
                else:
                    stack.extend(node.args)
            own.add(named.output.key if named.output else named.node)
        known |= own
    assert {output.key for output in program.outputs} <= known


def test_a_key_without_a_column_is_refused(tmp_path: Path) -> None:
    _, tree = soak.from_files(grow_wild(3, 0), tmp_path)
    assert tree is not None
    with pytest.raises(NotLowered, match="no-column"):
        lower_program(tree.program, {})
