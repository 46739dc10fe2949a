"""Whole numbers that become decimals by the footer of their file: every value, for readers of several makers."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest

from perfeval.batch.parquet_decimals import Digits, annotate

pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")


def written(path: Path, count: int, rows: int, seed: int) -> tuple[dict[str, Digits], dict[str, list[Decimal | None]]]:
    """A file of `count` columns of whole numbers between others, and what its decimals must be."""
    chance = random.Random(seed)
    columns: dict[str, object] = {"名": [f"项目{row}" for row in range(rows)]}
    decimals, wanted = {}, {}
    for at in range(count):
        digits = chance.randint(1, 18)
        one = Digits(digits, chance.randint(0, digits))
        most = 10**one.all - 1
        values = [None if chance.random() < 0.1 else chance.choice([0, most, -most, chance.randint(-most, most)]) for _ in range(rows)]
        name = f"指标 {at}{'长' * at}"
        columns[name] = pl.Series(values, dtype=pl.Int32 if one.all <= 9 else pl.Int64)
        columns[f"另 {at}"] = pl.Series([at] * rows, dtype=pl.UInt32)
        decimals[name] = one
        wanted[name] = [None if value is None else Decimal(value).scaleb(-one.places) for value in values]
    pl.DataFrame(columns).write_parquet(path, row_group_size=100)
    annotate(path, decimals)
    return decimals, wanted


@pytest.mark.parametrize(("count", "rows"), [(1, 3), (6, 250), (7, 0), (40, 450)])
def test_polars_reads_them(count: int, rows: int, tmp_path: Path) -> None:
    decimals, wanted = written(tmp_path / "t.parquet", count, rows, seed=count)
    found = pl.read_parquet(tmp_path / "t.parquet")
    for name, digits in decimals.items():
        assert found.schema[name] == pl.Decimal(digits.all, digits.places)
        assert found[name].to_list() == wanted[name]
    assert found["名"].to_list() == [f"项目{row}" for row in range(rows)]
    assert all(found.schema[name] == pl.UInt32 for name in found.columns if name.startswith("另"))


def test_a_filter_that_reads_statistics(tmp_path: Path) -> None:
    _, wanted = written(tmp_path / "t.parquet", 3, 450, seed=5)
    for name, values in wanted.items():
        most = max(value for value in values if value is not None)
        found = pl.scan_parquet(tmp_path / "t.parquet").filter(pl.col(name) >= most).select(name).collect()[name].to_list()
        assert found == [value for value in values if value is not None and value >= most]


def test_arrow_reads_them(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    decimals, wanted = written(tmp_path / "t.parquet", 12, 250, seed=1)
    table = parquet.read_table(tmp_path / "t.parquet")
    for name, digits in decimals.items():
        assert (table.schema.field(name).type.precision, table.schema.field(name).type.scale) == digits
        assert table[name].to_pylist() == wanted[name]


def test_duckdb_reads_them(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    _, wanted = written(tmp_path / "t.parquet", 12, 250, seed=2)
    with duckdb.connect() as connection:
        for name, values in wanted.items():
            rows = connection.sql(f"SELECT \"{name}\" FROM '{tmp_path / 't.parquet'}'").fetchall()
            assert [row[0] for row in rows] == values
