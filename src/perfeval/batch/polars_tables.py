"""Tables as lazy Polars frames, and what Polars says when one cannot be read or written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from perfeval.backends.columnar.polars import digits
from perfeval.batch.cells import Cell, Written
from perfeval.batch.matching import Kind
from perfeval.batch.plan import BAD_NAME, Plan
from perfeval.batch.polars_cells import kind_of
from perfeval.batch.problems import FILES_DIFFER, UNREADABLE
from perfeval.batch.sources import CsvRows, Source, check_widths
from perfeval.ir.columns import BLANKS
from perfeval.ir.program import GRADE
from perfeval.problems import ProblemsFound, SystemFailed, Where
from perfeval.reading.formulas import FORMULA, GUARDED, NUMBER, plain

_OS_ERROR = re.compile(r"\(os error (\d+)\)")
_SHOWN = 160
_NOT_WRITTEN = ("结果没有写成，原有的文件未动", "The result was not written, old files untouched")


def scan(source: Source, guarded: Collection[str] = ()) -> pl.LazyFrame:
    """The rows of all files, in order; of a CSV without those that are wholly empty. Raises `ProblemsFound`.

    In columns that are `guarded` a quote before what looks like a formula is no part of the text.
    """
    frames = [_scan(source, path) for path in source.files]
    if len(frames) == 1:
        frame = frames[0]
    else:
        _check_alike(source, frames)
        files = list(source.files)
        frame = _scan_all(source, files)
    if source.form == "csv":
        frame = frame.filter(pl.any_horizontal(pl.all().is_not_null() & (pl.all() != "")))
        bare = (pl.when(pl.col(name).str.contains(f"^{GUARDED}")).then(pl.col(name).str.slice(1)).otherwise(name) for name in guarded)
        frame = frame.with_columns(one.alias(name) for one, name in zip(bare, guarded, strict=True))
    return frame


def _scan(source: Source, path: Path) -> pl.LazyFrame:
    return _scan_all(source, [path])


def _scan_all(source: Source, files: list[Path]) -> pl.LazyFrame:
    match source.form:
        case "parquet":
            return pl.scan_parquet(files, hive_partitioning=False, glob=False)
        case "arrow":
            return pl.scan_ipc(files, hive_partitioning=False, glob=False)
    frame = pl.scan_csv(files, infer_schema=False, glob=False)
    names = {name: own for name in frame.collect_schema() if (own := plain(name)) != name}
    return frame.rename(names) if names else frame


def schema(source: Source) -> pl.Schema:
    """Names and types of the columns. Raises `ProblemsFound`."""
    if source.form == "csv":
        for path in source.files:
            CsvRows(path, str(path))  # a header that is not right is told at its line
    with readable(source):
        return scan(source).collect_schema()


def kinds(found: pl.Schema) -> dict[str, tuple[Kind, str]]:
    return {name: (kind_of(dtype), str(dtype)) for name, dtype in found.items()}


def _check_alike(source: Source, frames: list[pl.LazyFrame]) -> None:
    first, *rest = (frame.collect_schema() for frame in frames)
    problems = []
    for path, own in zip(source.files[1:], rest, strict=True):
        if own != first:
            here, there = dict(own), dict(first)
            names = [name for name in dict.fromkeys((*there, *here)) if here.get(name) != there.get(name)]
            what = (
                "、".join(f"{name} {there.get(name) or '—'} / {here.get(name) or '—'}" for name in names)
                or "列的次序 (the order of columns)"
            )
            problems.append(FILES_DIFFER.on(Where(str(path)), file=path.name, first=source.files[0].name, what=what))
    if problems:
        raise ProblemsFound(problems)


@contextmanager
def readable(source: Source) -> Iterator[None]:
    """A file that breaks off or holds nonsense is named; a disk that is full is the system's failure."""
    try:
        yield
    except (pl.exceptions.ComputeError, pl.exceptions.NoDataError) as error:
        failed_system(error)
        check_files(source)
        if "transport error" in str(error):  # the files are good: what was to be written was not
            raise SystemFailed(*_NOT_WRITTEN) from error
        raise  # it is a fault of our own


def check_files(source: Source) -> None:
    """Reads each file to its end. Raises `ProblemsFound` where one cannot be."""
    for path in source.files:
        _check(source, path)


def failed_system(error: Exception) -> None:
    """Polars tells of a full disk in a message."""
    if (number := _OS_ERROR.search(str(error))) is not None:
        import os

        cause = OSError(int(number[1]), os.strerror(int(number[1])))
        raise SystemFailed(*_NOT_WRITTEN, cause) from None


def _check(source: Source, path: Path) -> None:
    """Reads one file to its end. Raises `ProblemsFound`."""
    if source.form == "csv":
        for _ in CsvRows(path, str(path)):  # says at which line
            pass
    try:
        _scan(source, path).select(pl.all().null_count()).collect(engine="streaming")
    except (pl.exceptions.ComputeError, pl.exceptions.NoDataError) as error:
        hint = "，它没有写完，或在途中损坏了 (; it was not written to its end, or damaged on its way)"
        raise ProblemsFound([UNREADABLE.on(Where(str(path)), file=str(path), why=_first_line(error), hint=hint)]) from None


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:_SHOWN]


def safe(text: pl.Expr) -> pl.Expr:
    """For CSV: what a spreadsheet would take for a formula gets a quote before it."""
    return pl.when(text.str.contains(f"^{FORMULA}") & ~text.str.contains(f"^{NUMBER}$")).then("'" + text).otherwise(text)


def rows_of(source: Source, names: list[str], guarded: Collection[str] = ()) -> Iterator[dict[str, Cell]]:
    """The rows one by one, for the engine that looks at single rows."""
    check_widths(source)
    frame, decimals = _as_cells(scan(source, guarded).select(names))
    for part in frame.collect_batches(maintain_order=True, engine="streaming"):
        for row in part.iter_rows(named=True):
            yield _cells(row, decimals)


def named_rows(
    source: Source, id_name: str, name: str, names: list[str], guarded: Collection[str] = ()
) -> Iterator[tuple[int, dict[str, Cell]]]:
    """The rows that bear a name, with their numbers from 1; "" are those without one."""
    check_widths(source)
    frame = scan(source, guarded).select(names).with_row_index("(row)", offset=1)
    frame, decimals = _as_cells(frame.filter(pl.col(id_name).cast(pl.String).fill_null("").str.strip_chars(BLANKS) == name))
    for row in frame.collect(engine="streaming").iter_rows(named=True):
        number = row.pop("(row)")
        yield number, _cells(row, decimals)


def _as_cells(frame: pl.LazyFrame) -> tuple[pl.LazyFrame, list[str]]:
    """Texts as such, and decimals as their digits; the names of the latter."""
    schema = frame.collect_schema().items()
    decimals = [name for name, dtype in schema if dtype == pl.Decimal]
    texts = [name for name, dtype in schema if kind_of(dtype) == "text"]
    return frame.with_columns(pl.col(*texts, *decimals).cast(pl.String)) if texts or decimals else frame, decimals


def _cells(row: dict[str, Cell], decimals: list[str]) -> dict[str, Cell]:
    for name in decimals:
        cell = row[name]
        row[name] = Written(cell) if isinstance(cell, str) else None
    return row


def scores_as_parquet(plan: Plan, id_name: str, whole_ids: bool, source: Path, target: Path) -> None:
    """Scores from their CSV."""
    frame = pl.scan_csv(source, infer_schema=False)
    decimals = [(one, plan.output(one.key)) for one in plan.shown if one.key != GRADE]
    frame = frame.with_columns(
        *(pl.col(one.name).str.to_decimal(scale=output.places).cast(pl.Decimal(digits(output), output.places)) for one, output in decimals),
        pl.col(BAD_NAME).cast(pl.UInt32),
    )
    if whole_ids:
        frame = frame.with_columns(pl.col(id_name).cast(pl.Int64))
    frame.sink_parquet(target, engine="streaming")


def errors_as_parquet(source: Path, target: Path) -> None:
    """The table of bad cells from its CSV."""
    frame = pl.scan_csv(source, infer_schema=False)
    frame.with_columns(pl.col("row").cast(pl.Int64)).sink_parquet(target, engine="streaming")


def length(source: Source) -> int:
    """How many rows there are."""
    found: int = scan(source).select(pl.len()).collect().item()
    return found
