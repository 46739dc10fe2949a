"""The SQL back ends against the same tree written out by hand, on one table of made evidence, in turns:
`batches_sql.py ROWS FOLDER [spark]` prints seconds and ratios as JSON.

By hand there are two queries: as SQL is written (`0.7` is a decimal there), and in floats, as `by_hand.py` has it for Polars.
Tables are in memory; what is measured is the computing of every column.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "batches"))
import polars as pl  # noqa: E402
from by_hand import CHECKLISTS, FIRST, SECOND  # noqa: E402
from evidence import write  # noqa: E402

from perfeval.backends.columnar.sql import query  # noqa: E402
from perfeval.backends.columnar.sql_cells import Raw  # noqa: E402
from perfeval.batch.plan import plan  # noqa: E402
from perfeval.batch.polars_cells import kind_of  # noqa: E402
from perfeval.reading.rule_sources import read_rules  # noqa: E402

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


class ByHand:
    """The tree as SQL that one writes who has only this tree: no cell is checked, nothing is kept exact on purpose."""

    def __init__(self, dialect: str, table: str, floats: bool) -> None:
        self.mark = '"' if dialect == "duckdb" else "`"
        self.materialized = " NOT MATERIALIZED" if dialect == "duckdb" else ""
        self.table, self.floats = table, floats

    def name(self, name: str) -> str:
        return f"{self.mark}{name}{self.mark}"

    def cell(self, name: str) -> str:
        return f"CAST({self.name(name)} AS DOUBLE)" if self.floats else self.name(name)

    def number(self, text: str) -> str:
        return f"{text}e0" if self.floats else text

    def checklist(self, leaf: str, items: dict[str, float]) -> str:
        return " + ".join(
            f"CASE WHEN {self.name(f'{leaf}/checklist/{key}')} THEN {self.number(str(points))} ELSE 0 END" for key, points in items.items()
        )

    def linear(self, above: str, below: str) -> str:
        rate = f"({self.cell(above)} / {self.cell(below)} - {self.number('0.7')}) / {self.number('0.3')} * {self.number('2.0')}"
        return f"ROUND(LEAST(GREATEST({rate}, 0), {self.number('2.0')}), 2)"

    def bands(self, *rates: str) -> str:
        return " + ".join(
            f"CASE WHEN {self.cell(rate)} >= 100 THEN {self.number('5.0')} WHEN {self.cell(rate)} >= 90 THEN {self.number('3.0')} "
            f"WHEN {self.cell(rate)} >= 70 THEN {self.number('1.0')} ELSE 0 END"
            for rate in rates
        )

    def leaves(self) -> dict[str, str]:
        tier = self.name("可持续影响/tier")
        share = f"{self.cell('问卷得分')} / ({self.cell('问卷份数')} * 90)"
        return {
            **{leaf: self.checklist(leaf, items) for leaf, items in CHECKLISTS.items()},
            "资金到位率": self.linear("实际到位资金", "计划投入资金"),
            "预算执行率": self.linear("实际支出资金", "实际到位资金"),
            "资金使用合规性": f"CASE WHEN {self.name('资金使用合规性/veto/misuse')} THEN 0 ELSE "
            f"{self.checklist('资金使用合规性', {'procedure': 2.0, 'purpose': 2.0})} END",
            "帮扶工作完成情况": self.bands("帮扶开展率", "困难职工建档人员救助率"),
            "质量达标情况": self.bands("困难职工建档合格率", "帮扶资金发放合规率"),
            "帮扶职工数量": f"LEAST(GREATEST({self.cell('帮扶人数')}, 0), 10)",
            "政策知晓情况": f"{self.cell('政策知晓情况/parts/工作人员')} + {self.cell('政策知晓情况/parts/帮扶对象')}",
            "可持续影响": f"CASE {tier} WHEN '显著' THEN 5 WHEN '较好' THEN 4 WHEN '一般' THEN {self.cell('可持续影响/points')} ELSE 0 END",
            "职工满意度": f"14 - LEAST(GREATEST(FLOOR(({self.number('0.9')} - {share}) / {self.number('0.1')}), 0), 14)",
        }

    def text(self) -> str:
        def added(groups: dict[str, list[str]]) -> str:
            return ", ".join(f"{' + '.join(map(self.name, names))} AS {self.name(parent)}" for parent, names in groups.items())

        leaves = ", ".join(f"{expression} AS {self.name(leaf)}" for leaf, expression in self.leaves().items())
        steps = [
            f"SELECT {self.name('project')}, {leaves} FROM {self.table}",
            f"SELECT *, {added(SECOND)} FROM step_0",
            f"SELECT *, {added(FIRST)} FROM step_1",
            f"SELECT *, ROUND({' + '.join(map(self.name, FIRST))}, 2) AS total FROM step_2",
        ]
        named = ", ".join(f"step_{at} AS{self.materialized} ({step})" for at, step in enumerate(steps))
        return f"WITH {named} SELECT *, CASE WHEN total >= 90 THEN '优' WHEN total >= 80 THEN '良' WHEN total >= 60 THEN '中' ELSE '差' END AS grade FROM step_3"


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


def main(rows: int, folder: Path, engine: str) -> None:
    if not (folder / "evidence.parquet").exists():
        write(rows, 1, folder)
    seconds = on_spark(folder) if engine == "spark" else on_duckdb(folder)
    ratios = {name: seconds["generated"] / seconds[name] for name in seconds if name != "generated"}
    json.dump({"engine": engine, "rows": rows, "seconds": seconds, "ratio to": ratios}, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "duckdb")
