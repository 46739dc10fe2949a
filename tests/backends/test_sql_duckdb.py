"""The integer program as SQL on DuckDB: equal to the generated Python cell by cell; cells mean what `batch.cells` says they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from backends import sql_support as support
from backends.sql_support import Raw, Subject, Value
from perfeval.backends.columnar.integer_program import NotLowered
from perfeval.backends.columnar.integers import Nodes
from perfeval.ir.columns import Column

duckdb = pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")
pytest.importorskip("sqlglot", reason="the extra `duckdb` is not installed")
from perfeval.backends.columnar.duckdb import RELATION, score  # noqa: E402
from perfeval.backends.columnar.sql import query  # noqa: E402

TYPES = {"text": "VARCHAR", "whole": "HUGEINT", "yes_no": "BOOLEAN", "date": "DATE", "units": "HUGEINT"}


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def loaded(columns: Mapping[Raw, Sequence[Value]], table: str) -> Any:
    """A connection to a table of these columns."""
    connection = duckdb.connect(config={"threads": 1})
    types = [TYPES.get(raw.kind, "VARCHAR") for raw in columns]
    made = [
        f"CAST(unnest(?::{kind}[]) AS {f'DECIMAL({raw.digits}, {raw.places})' if raw.kind == 'decimal' else kind}) AS {quoted(raw.name)}"
        for raw, kind in zip(columns, types, strict=True)
    ]
    lists = [[f"{cell:f}" if isinstance(cell, Decimal) else cell for cell in cells] for cells in columns.values()]
    connection.execute(f"CREATE TABLE {quoted(table)} AS SELECT {', '.join(made)}", lists)
    return connection


def answer(text: str, columns: Mapping[Raw, Sequence[Value]], table: str = "rows") -> list[tuple[Value, ...]]:
    """What a query gives over a table of these columns."""
    return list(loaded(columns, table).execute(text).fetchall())


def check(subject: Subject, text: str | None = None, raw: Mapping[str, Raw] | None = None, table: str = "rows") -> None:
    raw = raw or support.whole_columns(subject.program)
    columns = {raw[key]: [row.get(key) for row in subject.rows] for key in raw}
    found = answer(text or query(subject.program, "duckdb", [table], raw), columns, table)
    assert [support.read_back(subject.program, row) for row in found] == subject.expected(), subject.name


def test_random_trees_and_cases() -> None:
    found = [*support.random_subjects(range(14), 60), *support.case_subjects(12, 53)]
    assert len(found) > 40
    for subject in found:
        check(subject)


def test_128_bits() -> None:
    found = list(support.random_subjects(range(14), 40, is_wide=True))
    assert sum("INT128" in query(one.program, "duckdb", ["rows"], support.whole_columns(one.program)) for one in found) > 3
    for subject in found:
        check(subject)


def test_half_cents() -> None:
    subject = support.ties()
    assert len({row[0] for row in subject.expected()}) > 10
    check(subject)


def test_what_only_the_other_arm_asks_for() -> None:
    subject = support.arms()
    missing = [dict.fromkeys(("乙", "丙")).keys() - row.keys() for row in subject.rows]
    assert any(one and outputs[0] is not None for one, outputs in zip(missing, subject.expected(), strict=True))
    check(subject)
    nodes, (first, *others) = Nodes(), subject.program.outputs  # a value that reads 乙 in both arms: filled in, where only one asks for it
    value = nodes.least(nodes.add(nodes.key("甲", 0, 10**6), nodes.key("乙", 0, 10**6)), nodes.value(1000))
    outputs = (first._replace(value=value, fails=nodes.value(0)), *others)
    check(subject._replace(program=subject.program._replace(outputs=outputs)))


def test_names_are_only_names() -> None:
    for seed in range(3):
        subject, raw, shown = support.hostile(seed)
        for table in support.HOSTILE[1:8]:
            check(subject, query(subject.program, "duckdb", [table], raw, shown=shown), raw, table)


@pytest.mark.parametrize(("raw", "cells", "columns"), list(support.by_cells()), ids=lambda one: one.name if isinstance(one, Raw) else "")
def test_cells(raw: Raw, cells: Sequence[Value], columns: Sequence[Column]) -> None:
    found = answer(support.wholes_query("duckdb", raw, columns), {raw: cells})
    assert support.wrong_cells(raw, cells, columns, found) == []


OTHERS = {
    "DOUBLE": "0.1", "REAL": "0.5", "TIMESTAMP": "'2023-10-31'", "TIMESTAMPTZ": "'2023-10-31'", "TIME": "'10:00'", "BLOB": "'1'",
    "INTERVAL": "'1 day'", "JSON": "'1'", "UUID": "'00000000-0000-0000-0000-000000000001'", "INTEGER[]": "[1]",
    "STRUCT(a INTEGER)": "{'a': 1}", "BIT": "'1'",
}  # fmt: skip
NARROWER = ("TINYINT", "UTINYINT", "SMALLINT", "USMALLINT", "INTEGER", "UINTEGER", "BIGINT", "UBIGINT", "UHUGEINT")


@pytest.mark.parametrize(
    ("raw", "cells", "takes", "refuses"), list(support.by_type()), ids=lambda one: one.name if isinstance(one, Raw) else ""
)
def test_types_that_the_query_looks_at(raw: Raw, cells: Sequence[Value], takes: list[Column], refuses: list[Column]) -> None:
    """As where the types are known; a column that cannot hold such cells makes the query fail."""
    found = answer(support.guarded_query("duckdb", raw.name, takes), {raw: cells})
    assert support.wrong_cells(raw, cells, takes, found) == []
    for column in refuses:
        with pytest.raises(duckdb.InvalidInputException, match=f"perfeval: 「{raw.name}」不能是"):
            answer(support.guarded_query("duckdb", raw.name, [column]), {raw: cells})


def test_types_that_no_column_takes() -> None:
    for column in support.COLUMNS:
        text = support.guarded_query("duckdb", "x", [column])
        for kind, value in OTHERS.items():
            connection = duckdb.connect()
            connection.execute(f"CREATE TABLE rows AS SELECT CAST({value} AS {kind}) AS x")
            with pytest.raises(duckdb.InvalidInputException, match="perfeval: 「x」不能是"):
                connection.execute(text).fetchall()


def test_other_types_of_texts_and_whole_numbers() -> None:
    """Narrow and unsigned whole numbers, enumerations, nulls; a collation does not make two tiers one."""
    numbers = [column for column in support.COLUMNS if column.form in ("number", "yes_no")]
    for kind in NARROWER:
        cells = [one for one in support.WHOLES if one is None or 0 <= one < 128]
        connection = duckdb.connect()
        connection.execute(f"CREATE TABLE rows AS SELECT CAST(unnest(?) AS {kind}) AS x", [cells])
        found = connection.execute(support.guarded_query("duckdb", "x", numbers)).fetchall()
        assert support.wrong_cells(Raw("x", "any"), cells, numbers, found) == [], kind
    tier = support.TIER._replace(choices=("a", "A", "好"))
    connection = duckdb.connect()
    connection.execute("SET default_collation = 'nocase'; CREATE TABLE rows (x VARCHAR COLLATE nocase, y ENUM('A', '好'), z INTEGER)")
    connection.execute("INSERT INTO rows VALUES ('a', 'A', NULL), ('A', '好', NULL)")
    for name, wanted in (("x", [(1,), (2,)]), ("y", [(2,), (3,)])):
        assert connection.execute(support.guarded_query("duckdb", name, [tier])).fetchall() == wanted
    empty = connection.execute(
        f"WITH rows AS (SELECT NULL AS x) {support.guarded_query('duckdb', 'x', support.COLUMNS).replace('WITH', ',', 1)}"
    )
    assert empty.fetchall() == [tuple(one.absent for one in support.COLUMNS)]


def test_a_column_that_the_table_lacks() -> None:
    """What the query itself computes is never taken for it."""
    program = next(support.random_subjects(range(4), 0)).program
    key = next(iter(program.columns))
    for lacking in ("c0", "id", "named", "perfeval_0"):
        raw = {one: Raw(lacking if one == key else one, "any") for one in program.columns}
        connection = duckdb.connect()
        names = ["project", *(one for one in program.columns if one != key)]
        connection.execute(f"CREATE TABLE rows AS SELECT {', '.join(f'NULL AS {quoted(one)}' for one in names)}")
        with pytest.raises(duckdb.BinderException, match=lacking):
            connection.execute(query(program, "duckdb", ["rows"], raw, Raw("project", "any")))


def test_dirty_tables() -> None:
    for seed, subject in enumerate(support.random_subjects(range(20, 34), 0)):
        dirty = support.dirty(subject, 80, seed)
        found = answer(query(subject.program, "duckdb", ["rows"], dirty.raw, dirty.name), dirty.columns)
        got = [(row[0], *support.read_back(subject.program, row[1:])) for row in found]
        assert got == dirty.expected(), subject.name


def test_files(tmp_path: Path) -> None:
    """Several Parquet files, some of whose names look like patterns, to one; the rows stay in their order."""
    dirty = support.dirty(next(support.random_subjects(range(20, 34), 0)), 5000, 1)
    connection = loaded(dirty.columns, "rows")
    files = [tmp_path / name for name in ("b[1].parquet", "a*.parquet", "c'd.parquet")]
    for at, file in enumerate(files):
        connection.execute(f"COPY (SELECT * FROM rows LIMIT 2000 OFFSET {at * 2000}) TO '{str(file).replace(chr(39), chr(39) * 2)}'")
    (tmp_path / "b1.parquet").write_bytes(b"a pattern would take this one")
    target = tmp_path / "it's.parquet"
    score(query(dirty.subject.program, "duckdb", RELATION, dirty.raw, dirty.name), files, target, tmp_path)
    found = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(target)]).fetchall()
    assert [(row[0], *support.read_back(dirty.subject.program, row[1:])) for row in found] == dirty.expected()


def test_hidden_where_it_does_not_apply() -> None:
    """A score whose weight is 0 is not shown, and is not bad."""
    subject = next(one for one in support.random_subjects(range(4), 30))
    score_of, weight = (next(one.key for one in subject.program.outputs if one.key.startswith("(score)")), "(total)")
    shown = [(score_of, "a", ""), (score_of, "b", weight), (weight, "c", "")]
    raw = support.whole_columns(subject.program)
    found = answer(
        query(subject.program, "duckdb", ["rows"], raw, shown=shown), {raw[key]: [row.get(key) for row in subject.rows] for key in raw}
    )
    for row in found:
        assert row[1] == (row[0] if row[2] else None)
    assert {row[2] for row in found} > {0, None}


# ---- declared gaps: refused, with the reason


def test_two_names_that_differ_in_capitals() -> None:
    """DuckDB would read one column for both."""
    subject = next(support.random_subjects(range(4), 0))
    keys = list(subject.program.columns)[:2]
    raw = support.whole_columns(subject.program) | {keys[0]: Raw("Rate", "units"), keys[1]: Raw("rATE", "units")}
    with pytest.raises(NotLowered, match="names-alike"):
        query(subject.program, "duckdb", ["rows"], raw)
    connection = loaded({Raw("Rate", "text"): ["1"]}, "rows")
    assert connection.execute('SELECT "rATE" FROM rows').fetchall() == [("1",)]


def test_a_type_that_cannot_hold_the_column() -> None:
    subject = next(one for one in support.random_subjects(range(4), 0) if any(c.form == "yes_no" for c in one.program.columns.values()))
    key = next(key for key, one in subject.program.columns.items() if one.form == "yes_no")
    with pytest.raises(NotLowered, match="column-type"):
        query(subject.program, "duckdb", ["rows"], support.whole_columns(subject.program) | {key: Raw(key, "decimal", 5, 2)})


def test_what_duckdb_holds_and_spark_does_not() -> None:
    """Whole numbers of 39 digits below 2^127."""
    program = support.huge(4)
    text = query(program, "duckdb", ["rows"], support.whole_columns(program))
    assert "INT128" in text
    with pytest.raises(NotLowered, match="too-wide-for-spark"):
        query(program, "spark", ["rows"], support.whole_columns(program))
    query(support.huge(3), "spark", ["rows"], support.whole_columns(support.huge(3)))
