"""The integer program as SQL on Spark: equal to the generated Python cell by cell; cells mean what `batch.cells` says they do.

One session for all, in this process' own Java; it takes no port that others could reach.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from backends import sql_support as support
from backends.sql_support import Raw, Subject, Value, exp
from perfeval.backends.columnar.integer_program import NotLowered
from perfeval.backends.columnar.integers import Nodes, evaluate
from perfeval.ir.columns import Column

pyspark = pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
if shutil.which("java") is None:
    pytest.skip("there is no Java: make spark-tools", allow_module_level=True)
from pyspark.errors import SparkRuntimeException  # noqa: E402
from pyspark.sql import DataFrame, SparkSession, types  # noqa: E402

from perfeval.backends.columnar.spark import RELATION, SETTINGS, score, session  # noqa: E402
from perfeval.backends.columnar.sql import query  # noqa: E402
from perfeval.backends.columnar.sql_dialects import Spark, column  # noqa: E402

TYPES = {"text": types.StringType(), "whole": types.LongType(), "yes_no": types.BooleanType(), "date": types.DateType()}


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    places = {"spark.sql.shuffle.partitions": "1", "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse"))}
    own = session("local[1]", places)
    yield own
    own.stop()


def frame(spark: SparkSession, columns: Mapping[Raw, Sequence[Value]]) -> DataFrame:
    numbers = {raw: types.DecimalType(raw.digits or 38, raw.places) for raw in columns}
    schema = types.StructType([types.StructField(raw.name, TYPES.get(raw.kind, numbers[raw])) for raw in columns])
    cells = [[None if cell is None else Decimal(cell) for cell in own] if raw.kind == "units" else own for raw, own in columns.items()]
    return spark.createDataFrame(list(zip(*cells, strict=True)), schema)


def answer(spark: SparkSession, text: str, columns: Mapping[Raw, Sequence[Value]]) -> list[tuple[Any, ...]]:
    """What a query gives over a table of these columns."""
    frame(spark, columns).createOrReplaceTempView("rows")
    return [tuple(row) for row in spark.sql(text).collect()]


def check(spark: SparkSession, subject: Subject, text: str = "", raw: Mapping[str, Raw] | None = None) -> None:
    raw = raw or support.whole_columns(subject.program)
    text = text or query(subject.program, "spark", ["rows"], raw)
    rows = answer(spark, text, {raw[key]: [row.get(key) for row in subject.rows] for key in raw})
    assert [support.read_back(subject.program, row) for row in rows] == subject.expected(), subject.name


def small(subjects: Iterator[Subject], count: int) -> list[Subject]:
    """Spark takes a second to compile a query, and many for a large one."""
    return sorted(subjects, key=lambda one: len(one.program.outputs) + len(one.program.columns))[1 : count + 1]


def test_random_trees_and_cases(spark: SparkSession) -> None:
    found = [*small(support.random_subjects(range(14), 60), 3), *small(support.case_subjects(12, 300), 3), support.ties()]
    for subject in found:
        check(spark, subject)


def test_decimals_of_38_digits(spark: SparkSession) -> None:
    found = list(support.random_subjects(range(7), 60, is_wide=True))
    found = [one for one in found if "DECIMAL(38, 0)" in query(one.program, "spark", ["rows"], support.whole_columns(one.program))]
    assert len(found) > 2
    for subject in found:
        check(spark, subject)


def test_quotients_beyond_64_bits(spark: SparkSession) -> None:
    """`DIV` gives 64 bits and `/` rounds: floor division of decimals, on both sides of zero, against Python's."""
    nodes = Nodes()
    wide, own = nodes.key("a", -(10**37), 10**37), nodes.key("b", 7, 10**9)
    cells = [(sign * value + off, divisor) for value in (0, 7, 10**18, 10**30 + 3, 10**37 - 9) for sign in (-1, 1) for off in (-1, 0, 1)
             for divisor in (7, 999_999_937)]  # fmt: skip
    engine, tests = Spark(), []
    for node in (nodes.div(wide, nodes.value(1_000_003)), nodes.div(wide, nodes.mul(own, nodes.value(10**6)))):
        below = (
            exp.cast(column("b"), "DECIMAL(38, 0)") * 10**6
            if node.args[1].op == "mul"
            else exp.cast(exp.Literal.number(1_000_003), "DECIMAL(38, 0)")
        )
        found = engine.floor(column("a"), exp.paren(below), True, max(-node.low, node.high))
        tests.append((found, node))
    text = f"SELECT {', '.join(one.sql(dialect='spark') for one, _ in tests)} FROM rows"
    got = answer(spark, text, {Raw("a", "units"): [a for a, _ in cells], Raw("b", "units"): [b for _, b in cells]})
    assert [tuple(map(int, row)) for row in got] == [tuple(evaluate(node, {"a": a, "b": b}) for _, node in tests) for a, b in cells]


def test_names_are_only_names(spark: SparkSession) -> None:
    subject, raw, shown = support.hostile(0)
    check(spark, subject, query(subject.program, "spark", ["rows"], raw, shown=shown), raw)


def test_a_name_that_spark_would_replace_is_refused() -> None:
    subject = next(support.random_subjects(range(4), 0))
    raw = {key: Raw(f"{key}${{env:HOME}}", "units") for key in subject.program.columns}
    with pytest.raises(NotLowered, match="name-for-spark"):
        query(subject.program, "spark", ["rows"], raw)


@pytest.mark.parametrize(("raw", "cells", "columns"), list(support.by_cells()), ids=lambda one: one.name if isinstance(one, Raw) else "")
def test_cells(spark: SparkSession, raw: Raw, cells: Sequence[Value], columns: Sequence[Column]) -> None:
    found = answer(spark, support.wholes_query("spark", raw, columns), {raw: cells})
    assert support.wrong_cells(raw, cells, columns, found) == []


OTHERS = {"DOUBLE": "0.1", "FLOAT": "0.5", "TIMESTAMP": "'2023-10-31'", "TIMESTAMP_NTZ": "'2023-10-31'", "BINARY": "'1'"}


@pytest.mark.parametrize("ansi", ["true", "false"])
@pytest.mark.parametrize(
    ("raw", "cells", "takes", "refuses"), list(support.by_type()), ids=lambda one: one.name if isinstance(one, Raw) else ""
)
def test_types_that_the_query_looks_at(
    spark: SparkSession, ansi: str, raw: Raw, cells: Sequence[Value], takes: list[Column], refuses: list[Column]
) -> None:
    """As where the types are known, in a session of either kind; a column that cannot hold such cells makes the query fail."""
    spark.conf.set("spark.sql.ansi.enabled", ansi)
    found = answer(spark, support.guarded_query("spark", raw.name, takes), {raw: cells})
    assert support.wrong_cells(raw, cells, takes, found) == []
    if refuses:
        with pytest.raises(SparkRuntimeException, match=f"perfeval: 「{raw.name}」不能是"):
            answer(spark, support.guarded_query("spark", raw.name, refuses), {raw: cells})


def test_types_that_no_column_takes(spark: SparkSession) -> None:
    for one in (support.YUAN, support.YES_NO, support.TIER, support.DATE):
        for kind, value in OTHERS.items():
            spark.sql(f"SELECT CAST({value} AS {kind}) AS x").createOrReplaceTempView("rows")
            with pytest.raises(SparkRuntimeException, match="perfeval: 「x」不能是"):
                spark.sql(support.guarded_query("spark", "x", [one])).collect()
    spark.sql("SELECT 'a' COLLATE UTF8_LCASE AS x").createOrReplaceTempView("rows")
    with pytest.raises(SparkRuntimeException, match="string collate"):
        spark.sql(support.guarded_query("spark", "x", [support.TIER])).collect()
    spark.sql("SELECT NULL AS x").createOrReplaceTempView("rows")
    [empty] = spark.sql(support.guarded_query("spark", "x", support.COLUMNS)).collect()
    assert tuple(empty) == tuple(one.absent for one in support.COLUMNS)


@pytest.mark.parametrize(("key", "value"), [("decimalOperations.allowPrecisionLoss", "false"), ("parser.escapedStringLiterals", "true")])
def test_settings_under_which_the_query_means_something_else(spark: SparkSession, key: str, value: str) -> None:
    subject = small(support.random_subjects(range(14), 3), 1)[0]
    raw = {key: Raw(key, "any") for key in subject.program.columns}
    spark.sql(f"SELECT 'x' AS project, {', '.join(f'NULL AS `{key}`' for key in raw)}").createOrReplaceTempView("rows")
    text = query(subject.program, "spark", ["rows"], raw, Raw("project", "any"))
    assert spark.sql(text).count() == 1
    spark.conf.set(f"spark.sql.{key}", value)
    try:
        with pytest.raises(SparkRuntimeException, match=f"set first.*{key}"):
            spark.sql(text).collect()
    finally:
        spark.conf.unset(f"spark.sql.{key}")


def test_files(spark: SparkSession, tmp_path: Path) -> None:
    """Dirty tables in several Parquet files of unlike sizes: the rows stay in their order, the session's settings as they were."""
    subject = small(support.random_subjects(range(20, 28), 0), 1)[0]
    dirty = support.dirty(subject, 400, 1)
    whole = frame(spark, dirty.columns).collect()
    files = [tmp_path / f"{at}.parquet" for at in range(3)]
    for file, rows in zip(files, (whole[:20], whole[20:300], whole[300:]), strict=True):
        spark.createDataFrame(rows, frame(spark, dirty.columns).schema).coalesce(1).write.parquet(str(file))
    spark.conf.set("spark.sql.ansi.enabled", "false")
    before = {key: spark.conf.get(key, None) for key in SETTINGS}
    score(query(subject.program, "spark", RELATION, dirty.raw, dirty.name), files, tmp_path / "scores", spark)
    assert {key: spark.conf.get(key, None) for key in SETTINGS} == before
    found = [row for part in sorted((tmp_path / "scores").glob("*.parquet")) for row in spark.read.parquet(str(part)).collect()]
    assert [(row[0], *support.read_back(subject.program, row[1:])) for row in found] == dirty.expected()
