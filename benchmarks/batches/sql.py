"""The SQL back ends against the same tree written out by hand, on one table of made evidence, in turns:
`sql.py FOLDER duckdb|spark` prints seconds and ratios as JSON.

By hand there are two queries (`by_sql.py`): as SQL is written, and in floats. Tables are in memory; what is measured is the computing
of every column.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import polars as pl
from by_sql import ByHand

from perfeval.backends.columnar.sql import query
from perfeval.backends.columnar.sql_cells import Raw
from perfeval.batch.plan import plan
from perfeval.batch.polars_cells import kind_of
from perfeval.reading.rule_sources import read_rules

ROUNDS = 7
WARM = 2  # rounds that are not counted: Java compiles what it has seen


def ours(folder: Path, dialect: str, table: str) -> str:
    """The generated query, for a table whose names are known to be good, as the engines ask for it."""
    schema = pl.read_parquet_schema(folder / "evidence.parquet")
    planned = plan(read_rules("indicators.yaml", None, folder), [name for name in schema if name != "project"], ("project",))
    raw = {}
    for key in planned.columns:
        name = next(name for name in (key, f"{key}/actual", f"{key}/tier", f"{key}/points") if name in schema)
        dtype = schema[name]
        raw[key] = Raw(name, kind_of(dtype), *((dtype.precision, dtype.scale) if isinstance(dtype, pl.Decimal) else ()))
    return query(planned.program, dialect, [table], raw, Raw("project", "text"), planned.shown, checked=True)


def in_turns(run: Callable[[str], object], queries: dict[str, str]) -> dict[str, float]:
    seconds: dict[str, list[float]] = {name: [] for name in queries}
    for _ in range(ROUNDS + WARM):
        for name, text in queries.items():
            start = perf_counter()
            run(text)
            seconds[name].append(perf_counter() - start)
    return {name: median(own[WARM:]) for name, own in seconds.items()}


def on_duckdb(folder: Path) -> dict[str, float]:
    import duckdb

    connection = duckdb.connect()
    connection.execute("CREATE TABLE evidence AS SELECT * FROM read_parquet(?)", [str(folder / "evidence.parquet")])
    return in_turns(lambda text: connection.execute(f"CREATE OR REPLACE TEMP TABLE scores AS {text}"), queries(folder, "duckdb"))


def on_spark(folder: Path) -> dict[str, float]:
    from perfeval.backends.columnar.spark import session, settings

    spark = session(settings={"spark.driver.memory": "4g"})
    with settings(spark):
        table = spark.read.parquet(str(folder / "evidence.parquet")).cache()
        table.count()
        table.createOrReplaceTempView("evidence")
        found = in_turns(lambda text: spark.sql(text).write.format("noop").mode("overwrite").save(), queries(folder, "spark"))
    spark.stop()
    return found


def queries(folder: Path, dialect: str) -> dict[str, str]:
    return {
        "generated": ours(folder, dialect, "evidence"),
        "by hand": ByHand(dialect, "evidence", floats=False).text(),
        "by hand, floats": ByHand(dialect, "evidence", floats=True).text(),
    }


def main(folder: Path, engine: str) -> None:
    seconds = on_spark(folder) if engine == "spark" else on_duckdb(folder)
    ratios = {name: seconds["generated"] / seconds[name] for name in seconds if name != "generated"}
    json.dump({"engine": engine, "seconds": seconds, "ratio to": ratios}, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
