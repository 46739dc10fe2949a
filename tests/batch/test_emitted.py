"""The query that `--emit sql` prints, in somebody else's warehouse: whatever types stand there, the scores of batch, none, or an error."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from batch.tables import plain, run
from perfeval.batch.collecting import collect, write_csv
from perfeval.batch.plan import plan
from perfeval.batch.prepare import prepare
from perfeval.batch.sql_engines import emitted
from perfeval.reading.rule_sources import RuleSet, read_rules

pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
duckdb = pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")
MONEY, RATE, PEOPLE, YES = "实际支出资金", "帮扶资金发放合规率", "帮扶人数", "立项依据充分性/checklist/policy-basis"
Run = Callable[[str, Path], list[dict[str, str]]]
CAST = {
    MONEY: ("VARCHAR", "DECIMAL(12, 1)", "DECIMAL(20, 2)", "DECIMAL(38, 10)", "BIGINT"),
    RATE: ("VARCHAR", "DECIMAL(9, 4)", "INTEGER", "SMALLINT"),
    PEOPLE: ("VARCHAR", "DECIMAL(9, 4)", "INTEGER", "BIGINT"),
    YES: ("VARCHAR", "BOOLEAN", "INTEGER", "TINYINT"),
    "project": ("VARCHAR", "INTEGER"),
}
REFUSED = {
    MONEY: ("DOUBLE", "FLOAT", "BOOLEAN", "DATE", "TIMESTAMP"),
    YES: ("DOUBLE", "DECIMAL(9, 4)", "DATE"),
    "project": ("DOUBLE", "DATE"),
}
CELLS = {
    MONEY: (("100000", "171600", "1", "0"), ("100000.5", "171600.25", "171600.125", "171600.10000")),
    RATE: (("95", "100", "1", "101"), ("95.25", "0.5", "99.1234", "100.0000")),
    PEOPLE: (("29", "30", "-1", "0"), ("29.0", "30.5", "29.0000", "2.0001")),
    YES: (("1", "0", "1", "0"),),
    "project": (("1", "2", "3", "4"),),
}


@pytest.fixture(scope="module")
def rules(root: Path) -> RuleSet:
    return read_rules("examples/xiangyuan_2023", None, root)


@pytest.fixture(scope="module")
def row(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    path = tmp_path_factory.mktemp("row") / "t.csv"
    write_csv(collect([("1", root / "examples" / "xiangyuan_2023")]), path)
    return dict(pl.read_csv(path, infer_schema=False).row(0, named=True))


def on_duckdb(text: str, path: Path) -> list[dict[str, str]]:
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE evidence AS FROM read_parquet('{path}')")
    found = connection.execute(text)
    names = [one[0] for one in found.description]
    return texts([dict(zip(names, one, strict=True)) for one in found.fetchall()])


def texts(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{key: plain(value) for key, value in row.items()} for row in rows]


def typed(row: dict[str, str], key: str, cells: tuple[str, ...], kind: str, path: Path) -> Path:
    """A table of so many rows, in which one column has this type."""
    given = path.with_name("given.parquet")
    pl.DataFrame([{**row, "project": str(at), key: cell} for at, cell in enumerate(cells, 1)]).write_parquet(given)
    quoted = key.replace('"', '""')
    cast = f'CAST("{quoted}" AS DOUBLE)' if kind in ("FLOAT", "BOOLEAN") else f'"{quoted}"'
    cast = "DATE '2023-10-31'" if kind in ("DATE", "TIMESTAMP") else cast
    duckdb.connect().execute(f"""COPY (SELECT * REPLACE (CAST({cast} AS {kind}) AS "{quoted}") FROM '{given}') TO '{path}'""")
    return path


def cases() -> list[tuple[str, str, tuple[str, ...]]]:
    found = []
    for key, kinds in CAST.items():
        for kind in kinds:
            whole = "INT" in kind or kind == "BOOLEAN"
            found.append((key, kind, CELLS[key][0] if whole else tuple(cell for cells in CELLS[key] for cell in cells)))
    return found


def check(do: Run, text: str, rules: RuleSet, row: dict[str, str], folder: Path, some: list[tuple[str, str, tuple[str, ...]]]) -> None:
    for key, kind, cells in some:
        path = typed(row, key, cells, kind, folder / "t.parquet")
        wanted = run(prepare(str(path), rules), "polars", folder, "parquet").rows
        assert do(text, path) == wanted, (key, kind)


def test_types_on_duckdb(rules: RuleSet, row: dict[str, str], tmp_path: Path) -> None:
    text = emitted(plan(rules, ()), "duckdb", ("evidence",))
    check(on_duckdb, text, rules, row, tmp_path, cases())
    for key, kinds in REFUSED.items():
        for kind in kinds:
            path = typed(row, key, CELLS[key][0], kind, tmp_path / "t.parquet")
            with pytest.raises(duckdb.InvalidInputException, match=f"perfeval: 「{key}」不能是"):
                on_duckdb(text, path)


def test_types_on_spark(rules: RuleSet, row: dict[str, str], tmp_path: Path) -> None:
    """A few of them: Spark compiles for seconds."""
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    if shutil.which("java") is None:
        pytest.skip("there is no Java: make spark-tools")
    from pyspark.errors import SparkRuntimeException

    from perfeval.backends.columnar.spark import session

    spark = session("local[1]")

    def on_spark(text: str, path: Path) -> list[dict[str, str]]:
        spark.read.parquet(str(path)).createOrReplaceTempView("evidence")
        return texts([row.asDict() for row in spark.sql(text).collect()])

    text = emitted(plan(rules, ()), "spark", ("evidence",))
    try:
        check(on_spark, text, rules, row, tmp_path, [one for one in cases() if one[1] in ("VARCHAR", "DECIMAL(38, 10)", "TINYINT")][::2])
        for key in (MONEY, "project"):
            path = typed(row, key, CELLS[key][0], "DOUBLE", tmp_path / "t.parquet")
            with pytest.raises(SparkRuntimeException, match=f"perfeval: 「{key}」不能是"):
                on_spark(text, path)
    finally:
        spark.stop()


def test_values_are_not_rounded(rules: RuleSet, row: dict[str, str], tmp_path: Path) -> None:
    """More decimals than are declared: no score, neither cut off nor rounded."""
    text = emitted(plan(rules, ()), "duckdb", ("evidence",))
    found = on_duckdb(text, typed(row, MONEY, ("171600.125", "171600.12"), "DECIMAL(20, 3)", tmp_path / "t.parquet"))
    assert [one["n_bad"] for one in found] == ["1", "0"]
    assert found[0]["total"] == "" and Decimal(found[1]["total"]) > 0
