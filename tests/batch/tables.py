"""Tables for tests: written as files, scored on each engine, read back as exact values."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from perfeval.batch import engines
from perfeval.batch.job import Done, Job, Wanted
from perfeval.batch.writing import CsvLines

ENGINES = ("polars", "duckdb", "python")


class Scored(NamedTuple):
    """Rows of texts by column, in order; lines of the table of bad cells; counts."""

    rows: list[dict[str, str]]
    errors: list[dict[str, str]]
    done: Done


def run(job: Job, engine: str, folder: Path, form: str = "csv", histograms: tuple[str, ...] = ()) -> Scored:
    """Scores a table, and reads back what was written; decimals as texts without their last zeros."""
    own = folder / f"{engine}-{form}"
    (own / "work").mkdir(parents=True, exist_ok=True)
    scores, errors = own / f"scores.{form}", own / f"errors.{form}"
    done = engines.run(engine, job, Wanted(scores, form, errors, form, histograms, own / "work"))  # type: ignore[arg-type]
    return Scored(read_back(scores), read_back(errors), done)


def read_back(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".csv":
        rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
    else:
        import polars as pl

        rows = pl.read_parquet(path).to_dicts()
    return [{key: plain(value) for key, value in row.items()} for row in rows]


def plain(value: object) -> str:
    return "" if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)


def exact(text: str) -> Fraction | None:
    return Fraction(text) if text else None


def write_csv(path: Path, names: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = CsvLines(stream).writer
        writer.writerow(names)
        writer.writerows(rows)
    return path


def text_of(cell: object) -> str:
    """A typed cell as a CSV file would have it."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case date():
            return cell.isoformat()
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def write_parquet(path: Path, columns: Mapping[str, tuple[Sequence[object], Any]]) -> Path:
    import polars as pl

    pl.DataFrame([pl.Series(name, list(cells), dtype=dtype) for name, (cells, dtype) in columns.items()]).write_parquet(path)
    return path
