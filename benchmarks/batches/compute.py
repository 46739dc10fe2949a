"""Compute alone, without files: `compute.py FOLDER` prints our columns against those written by hand, and generated Python against
the interpreter, as JSON. CPU seconds of one process, least of a few turns."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

import by_hand
import polars as pl

from perfeval.backends.columnar.polars import scored
from perfeval.backends.columnar.python import compile_rows
from perfeval.backends.exact.interpreter import compile_program
from perfeval.batch.plan import plan
from perfeval.batch.polars_cells import cells
from perfeval.reading.rule_sources import read_rules

ROUNDS = 5
ROWS, FEW = 100_000, 2_000


def seconds(call: Callable[[], object]) -> float:
    before = process_time()
    call()
    return process_time() - before


def least(*calls: Callable[[], object]) -> list[float]:
    found = [[seconds(call) for call in calls] for _ in range(ROUNDS)]
    return [min(times) for times in zip(*found, strict=True)]


def main(folder: Path) -> None:
    rules = read_rules(str(folder / "indicators.yaml"), None, folder)
    table = pl.read_parquet(folder / "evidence.parquet")
    integers = plan(rules, table.columns).program
    columns = {key: cells(column, key, table.schema[key]) for key, column in integers.columns.items()}
    keys = [output.key for output in integers.outputs]  # in units of their last place, as the command writes them
    frame = scored(table.lazy(), integers, {key: one.whole for key, one in columns.items()}, [pl.col("project")], (), keys)
    hand = by_hand.scored(table.lazy())
    alike = pl.QueryOptFlags()
    ours, theirs = least(lambda: frame.collect(optimizations=alike), lambda: hand.collect(optimizations=alike))
    wholes = table.lazy().select([one.whole.cast(pl.Int64).alias(key) for key, one in columns.items()]).head(ROWS).collect()
    rows = wholes.rows()
    run, interpreter = compile_rows(integers), compile_program(integers.program)
    values = [
        {key: column.value(whole) for (key, column), whole in zip(integers.columns.items(), row, strict=True) if whole is not None}
        for row in rows[:FEW]
    ]
    generated, interpreted = least(lambda: [None for _ in run(rows)], lambda: [interpreter.run(one) for one in values])
    each = (generated / len(rows), interpreted / len(values))
    print(
        json.dumps(
            {
                "compute": [ours / theirs, f"{ours:.2f} s : {theirs:.2f} s CPU, {table.height:,} rows in memory"],
                "python": [each[1] / each[0], f"{1 / each[0]:,.0f} rows a second : {1 / each[1]:,.0f}"],
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
