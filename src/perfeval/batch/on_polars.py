"""The engine `polars`: lazy from the file to the file, so that memory stays flat; no row is ever seen by Python but a bad one."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from perfeval.backends.columnar.polars import digits, scored
from perfeval.batch.job import Done, Job, Tick, Wanted
from perfeval.batch.parquet_decimals import MOST_DIGITS, Digits, annotate
from perfeval.batch.plan import BAD_NAME
from perfeval.batch.polars_cells import Cells, cells
from perfeval.batch.polars_tables import readable, safe, scan
from perfeval.batch.sources import check_widths
from perfeval.batch.template_rows import template_rows
from perfeval.ir.columns import BLANKS, Column
from perfeval.ir.program import GRADE, TOTAL
from perfeval.quantity import NO_NAME
from perfeval.reading.evidence_table import TEMPLATE_IDS
from perfeval.reading.formulas import safe as safe_text

ID = "(id)"
ROW_GROUP = 250_000
_STATISTICS = {"min": False, "max": False, "distinct_count": False, "null_count": True}
"""Rows stand in no order of scores: the least and the most of a row group would help no reader, and cost a twelfth of the time."""
_SHORT = 9  # digits that 32 bits hold


def run(job: Job, wanted: Wanted, tick: Tick | None = None) -> Done:
    """Scores the table. Raises `ProblemsFound` or `SystemFailed`."""
    with readable(job.source):
        return _Run(job).run(wanted, tick)


class Read:
    """The table with its columns read: expressions over its frame."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.id = job.matched.id
        check_widths(job.source)
        self.frame = scan(job.source, job.guarded).select(list(dict.fromkeys((self.id, *job.matched.columns.values()))))
        self.schema = self.frame.collect_schema()
        own = pl.col(self.id)
        self.text = own if self.schema[self.id] == pl.String else own.cast(pl.String)
        stripped = self.text.str.strip_chars(BLANKS)
        self.name = pl.when(stripped != "").then(stripped)
        self.named = self.name if not self.schema[self.id].is_integer() else own
        self.cells: dict[str, Cells] = {key: self._cells(key, column) for key, column in job.plan.columns.items()}

    def _cells(self, key: str, column: Column) -> Cells:
        name = self.job.matched.columns.get(key)
        return Cells(pl.lit(column.absent, pl.Int32), ()) if name is None else cells(column, name, self.schema[name])

    @property
    def unnamed(self) -> pl.Expr:
        """The rows that bear no name."""
        if self.schema[self.id].is_integer():
            return self.name.is_null()
        return self.name.is_null() | self.name.str.contains(f"^{NO_NAME}$")

    def bad_names(self) -> pl.Expr | None:
        """Which rows have no name, or one that others bear too; None where all is well, so that nothing is spent on it.

        Names are told apart by hashes of eight bytes first: a table may have many millions.
        """
        empty, left = self.unnamed, self.name.is_in(TEMPLATE_IDS)
        looked = (self.name.hash().alias("h"), empty.alias("empty"), (self.name != self.text).alias("blanks"), left.alias("left"))
        hashed = self.frame.select(looked).collect(engine="streaming")
        if hashed["left"].any():
            raise template_rows(self.job)
        none, blanks = bool(hashed["empty"].any()), bool(hashed["blanks"].any())
        ordered = hashed["h"].sort()  # takes less memory than a set of them
        again = bool((ordered == ordered.shift(1)).any())
        if not none and not again:
            self.named = self.named if blanks else pl.col(self.id)
            return None
        if again:
            twice = hashed.filter(~pl.col("empty").fill_null(True)).group_by("h").len().filter(pl.col("len") > 1)["h"]
            alike = self.frame.select(self.name.alias(ID)).filter(pl.col(ID).hash().is_in(twice.implode()))
            names = alike.group_by(ID).len().filter(pl.col("len") > 1).collect(engine="streaming")[ID]
            empty = empty | self.name.is_in(names.implode())
        return empty.fill_null(True)


class _Run:
    def __init__(self, job: Job) -> None:
        self.job, self.plan = job, job.plan
        self.read = Read(job)
        digits_of = {one.key: Digits(digits(one), one.places) for one in self.plan.program.outputs}
        shown = [one.key for one in self.plan.shown if one.key != GRADE]
        self.decimals = {key: digits_of[key] for key in shown if digits_of[key].all <= MOST_DIGITS}

    def run(self, wanted: Wanted, tick: Tick | None) -> Done:
        from perfeval.batch.polars_after import counted, errors, histograms

        bad = self.read.bad_names()
        scores = self.scores(bad)
        if tick is not None:
            scores = scores.map_batches(_counting(tick), streamable=True, validate_output_schema=False)
        parquet = wanted.scores if wanted.form == "parquet" else wanted.folder / "scores.parquet"
        scores.sink_parquet(parquet, row_group_size=ROW_GROUP, statistics=_STATISTICS, engine="streaming")
        annotate(parquet, {self.plan.names[key]: digits for key, digits in self.decimals.items()})
        rows, bad_rows = counted(parquet)
        told = errors(self.read, bad, parquet, wanted) if wanted.errors is not None else 0
        found = histograms(self.plan, parquet, wanted.histograms)
        if wanted.form == "csv":
            as_csv(pl.scan_parquet(parquet)).sink_csv(wanted.scores, engine="streaming")
        return Done(rows, bad_rows, told, found)

    def scores(self, bad: pl.Expr | None) -> pl.LazyFrame:
        """Project, indicators, total, grade, how many have no score; what will be decimals as whole numbers."""
        plan, read = self.plan, self.read
        wholes, readable = self._wholes(bad)
        whole = [*self.decimals, *(one.weight for one in plan.shown if one.weight), GRADE]
        frame = scored(read.frame, plan.program, wholes, [read.named.alias(ID)], readable, whole)
        out = [pl.col(ID).alias(read.id)]
        for one in plan.shown:
            score = pl.col(one.key)
            if one.weight:
                score = pl.when(pl.col(one.weight) != 0).then(score)
            if one.key in self.decimals:
                score = score.cast(pl.Int32 if self.decimals[one.key].all <= _SHORT else pl.Int64)
            elif one.key == GRADE:
                score = (score.cast(pl.UInt8) - 1).cat.to(pl.Enum(plan.grades)).cast(pl.String)
            out.append(score.alias(one.name))
        lacking = pl.sum_horizontal(pl.col(key).is_null().cast(pl.UInt32) for key in plan.counted)
        none = pl.col(TOTAL).is_null() | pl.col(GRADE).is_null()
        out.append(pl.when(lacking > 0).then(lacking).otherwise(none.cast(pl.UInt32)).cast(pl.UInt32).alias(BAD_NAME))
        return frame.select(out)

    def _wholes(self, bad: pl.Expr | None) -> tuple[dict[str, pl.Expr], list[str]]:
        """The whole numbers; and the questions that may be left empty whose null is a cell that cannot be read."""
        wholes, readable = {}, []
        for key, column in self.plan.columns.items():
            own = self.read.cells[key]
            whole = own.whole if column.unreadable is None else own.with_unreadable(column.unreadable)
            wholes[key] = whole if bad is None else pl.when(~bad).then(whole)
            if column.absent is not None and (own.tests or bad is not None):
                readable.append(key)
        return wholes, readable


def _counting(tick: Tick) -> Callable[[pl.DataFrame], pl.DataFrame]:
    def count(part: pl.DataFrame) -> pl.DataFrame:
        tick(part.height)
        return part

    return count


def as_csv(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Fit for a spreadsheet: names of projects, columns and grades."""
    schema = frame.collect_schema()
    frame = frame.with_columns(safe(pl.col(name)).alias(name) for name, kind in schema.items() if kind == pl.String)
    return frame.rename({one: own for one in schema if (own := safe_text(one)) != one})
