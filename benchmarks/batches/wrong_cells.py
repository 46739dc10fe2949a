"""Cells that differ: `wrong_cells.py FOLDER SAMPLE OTHER...`. Ours against the interpreter on a sample of rows, the others against ours."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path

import polars as pl

from perfeval.backends.exact.interpreter import compile_program
from perfeval.ir.columns import Column
from perfeval.lowering.columns import columns
from perfeval.lowering.from_tree import lower_tree
from perfeval.reading.rule_sources import read_rules

OURS = "polars"
NEAR = 0.004  # less than half a cent: a float may be off by that without being wrong


def value_of(column: Column, cell: object) -> Fraction:
    if column.form == "tier":
        return Fraction(column.choices.index(str(cell)) + 1)
    return Fraction(str(cell)) * column.scale if column.form == "number" else Fraction(bool(cell))


def ours(folder: Path, sample: int) -> tuple[int, str]:
    """Rows spread over the whole table, cell by cell."""
    indicators = read_rules(str(folder / "indicators.yaml"), None, folder).indicators
    program, _ = lower_tree(indicators, (), indicators.tree.policy)
    asked, _ = columns(program, indicators)
    compiled = compile_program(program)
    tables = [pl.scan_parquet(folder / f"{name}.parquet") for name in ("evidence", OURS)]
    step = max(1, tables[0].select(pl.len()).collect().item() // sample)
    evidence, scores = (table.gather_every(step).collect() for table in tables)
    wrong = cells = 0
    for given, got in zip(evidence.rows(named=True), scores.rows(named=True), strict=True):
        outcome = compiled.run({key: value_of(column, given[key]) for key, column in asked.items() if given[key] is not None})
        wanted: dict[str, object] = {name: outcome.scores.get(name) for name in program.nodes}
        wanted |= {"total": outcome.total, "grade": outcome.grade}
        for name, value in wanted.items():
            cell = got[name]
            exact = cell if name == "grade" or cell is None else Fraction(str(cell))
            wrong, cells = wrong + (exact != value), cells + 1
    return wrong, f"{cells:,} cells of {len(evidence):,} rows against the interpreter"


def others(folder: Path, other: str) -> tuple[int, str]:
    """Numbers that are off by half a cent or more, and other grades, where ours has a score."""
    wrong = 0
    mine, theirs = (pl.scan_parquet(folder / f"{name}.parquet") for name in (OURS, other))
    known = mine.collect_schema().names()
    for name in theirs.collect_schema().names():
        if name not in known or name == "project":
            continue
        frames = [mine.select(pl.col(name).alias("ours")), theirs.select(pl.col(name).alias("theirs"))]
        both = pl.concat(frames, how="horizontal").filter(pl.col("ours").is_not_null())
        if name == "grade":
            differ = pl.col("ours").cast(pl.String) != pl.col("theirs").cast(pl.String)
        else:
            differ = (pl.col("ours").cast(pl.Float64) - pl.col("theirs").cast(pl.Float64)).abs() >= NEAR
        wrong += both.filter(differ | pl.col("theirs").is_null()).select(pl.len()).collect().item()
    return wrong, f"{wrong:,} of its cells wrong"


def main(folder: Path, sample: int, names: list[str]) -> None:
    found = {OURS: ours(folder, sample)} | {name: others(folder, name) for name in names}
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
