"""Runs a query of `sql.query` on DuckDB, inside this process: Parquet in, Parquet out, rows in their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb
from sqlglot import exp

RELATION = ("evidence",)
"""What the query calls the table."""
ROW_GROUP = 250_000
_PATTERN = re.compile(r"[*?\[]")
_OFFLINE = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


def score(query: str, files: Sequence[Path], target: Path, folder: Path) -> None:
    """Writes the answer to `target`; what does not fit into memory goes to `folder`. Raises `duckdb.Error`.

    By one thread: several mix up rows as soon as the files have several row groups.
    """
    with duckdb.connect(config={**_OFFLINE, "temp_directory": str(folder), "threads": 1}) as connection:
        named = [_PATTERN.sub(r"[\g<0>]", str(file)) for file in files]  # a name with a star in it is no pattern
        connection.read_parquet(named, hive_partitioning=False, union_by_name=False).create_view(RELATION[0])
        written = exp.Literal.string(str(target)).sql(dialect="duckdb")
        connection.execute(f"COPY ({query}) TO {written} (FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP})")
