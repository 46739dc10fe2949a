"""The integer program as SQL on DuckDB: equal to the generated Python cell by cell; cells mean what `batch.cells` says they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
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
from perfeval.backends.columnar.sql_cells import fitting  # noqa: E402

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


def test_the_type_that_fits_holds_both_ends() -> None:
    for column in support.COLUMNS:
        raw = fitting(column)
        ends = [column.low, column.high]
        values: dict[str, Sequence[Value]] = {
            "whole": ends,
            "decimal": [Decimal(end).scaleb(-column.places) for end in ends],
            "yes_no": [bool(end) for end in ends],
            "text": [column.choices[end - 1] for end in (1, 2)] if column.choices else [None, "没有这项工作"],
            "date": [date.fromordinal(end) for end in ends] if column.form == "date" else [],
        }
        found = answer(support.wholes_query("duckdb", raw, [column]), {raw: values[raw.kind]})
        assert [row[0] for row in found] == ([1, 2] if column.form == "tier" else ends), column.key


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
