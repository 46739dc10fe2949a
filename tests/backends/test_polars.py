"""The integer program on Polars against the generated Python, row by row; that one is held against the interpreter."""

from __future__ import annotations

from pathlib import Path

import pytest

from backends.rows import columns_for, random_rows, random_tree
from perfeval.backends.columnar.integer_program import IntegerProgram, NotLowered
from perfeval.backends.columnar.lower import lower_program
from perfeval.backends.columnar.python import compile_rows, row_of
from perfeval.ir.columns import Column
from second import soak
from second.wild import grow_wild

pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
SEEDS = range(25)
ROWS = 60


def on_polars(program: IntegerProgram, rows: list[dict[str, int]]) -> list[tuple[int | None, ...]]:
    from perfeval.backends.columnar.polars import scored

    schema = dict.fromkeys(program.columns, pl.Int128)
    frame = pl.DataFrame({key: [row.get(key) for row in rows] for key in program.columns}, schema=schema)
    found = scored(frame.lazy(), program, {key: pl.col(key) for key in program.columns}).collect()
    columns = [[None if value is None else int(value.scaleb(output.places)) for value in found[output.key]] for output in program.outputs]
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_random_trees(seed: int, tmp_path: Path) -> None:
    tree, program = random_tree(seed, tmp_path)
    rows = list(random_rows(tree.program, dict(program.columns), ROWS, seed))
    assert on_polars(program, rows) == list(compile_rows(program)(row_of(program, row) for row in rows))


@pytest.mark.parametrize("seed", SEEDS)
def test_128_bits(seed: int, tmp_path: Path) -> None:
    """Amounts of 10^12 with fine decimals, multiplied out: beyond 64 bits on the way, within 128."""
    _, tree = soak.from_files(grow_wild(seed, 0), tmp_path)
    if tree is None or any(problem.is_error for problem in tree.problems):
        pytest.skip("this tree has a fault")
    columns = {key: wide(column) for key, column in columns_for(tree.program).items()}
    try:
        program = lower_program(tree.program, columns)
    except NotLowered:
        pytest.skip("this tree needs more than 128 bits")
    rows = list(random_rows(tree.program, columns, ROWS, seed))
    assert on_polars(program, rows) == list(compile_rows(program)(row_of(program, row) for row in rows))


def wide(column: Column) -> Column:
    return column._replace(low=-(10**15), high=10**15) if column.low < 0 else column
