"""What the engines `duckdb` and `spark` share: the table as Parquet files, the query over it, and what is looked at afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import polars as pl

from perfeval.backends.columnar.integer_program import NotLowered
from perfeval.backends.columnar.sql import query
from perfeval.backends.columnar.sql_cells import Raw
from perfeval.backends.columnar.sql_dialects import check_names
from perfeval.batch.job import Done, Job, Tick, Wanted
from perfeval.batch.on_polars import Read, as_csv
from perfeval.batch.plan import BAD_NAME, Plan
from perfeval.batch.polars_after import counted, errors, histograms
from perfeval.batch.polars_cells import kind_of
from perfeval.batch.problems import NOT_ON_ENGINE
from perfeval.ir.columns import BLANKS
from perfeval.problems import Origin, ProblemsFound, SystemFailed

ID = "project"
HEAD = """\
-- perfeval: 每个项目的得分。表里要有 project，每个佐证的键一列；文本、整数、十进制小数、布尔、日期与 perfeval batch 里的意思相同。
-- 其他类型（如 DOUBLE）使查询失败并说出列名，先转成位数合适的 DECIMAL。读不懂的格子没有得分，计入 n_bad。
-- Scores of each project. The table has project, and a column for each evidence key; texts, whole numbers, decimals, booleans and dates
-- mean what they mean to perfeval batch. Any other type (as DOUBLE) makes the query fail and name the column.
"""
WHY = {
    "too-wide": "整数超出它能算的位数 (whole numbers beyond what it holds)",
    "names-alike": "它不分大小写，两个列名只有大小写不同 (it reads names without regard to case, and two differ only there)",
    "name-for-spark": "Spark 的列名里不能有 ${ (a name with ${ is none for Spark)",
    "column-type": "这一列的类型它不认识 (a type of column that it does not know)",
}
"""What the back end's words for a gap mean, `中文 (English)`."""


class Asked(NamedTuple):
    """Parquet files with the table, the query over them; `is_checked`: every row has a name of its own."""

    read: Read
    bad: pl.Expr | None
    files: tuple[Path, ...]
    query: str

    @property
    def is_checked(self) -> bool:
        return self.bad is None


def emitted(plan: Plan, dialect: str, relation: tuple[str, ...]) -> str:
    """The query over a table with a column for each key, whose types it looks at itself. Raises `ProblemsFound`."""
    with on_engine(dialect, plan):
        return HEAD + sql(plan, dialect, relation, {key: Raw(key, "any") for key in plan.columns}, Raw(ID, "any"))


@contextmanager
def on_engine(name: str, plan: Plan) -> Iterator[None]:
    """A gap of the engine is told as a problem of the rules."""
    try:
        yield
    except NotLowered as gap:
        word = next((word for word in WHY if gap.why.startswith(word)), gap.why)
        about = gap.about.rpartition(")")[2] or gap.about
        place = gap.origin or Origin(plan.rules.indicators.file, ("tree",))
        problem = NOT_ON_ENGINE.on(place, engine=name, name=about, why=WHY.get(word, word))
        raise ProblemsFound(plan.rules.sources.placed([problem])) from None


def sql(plan: Plan, dialect: str, relation: tuple[str, ...], raw: Mapping[str, Raw], name: Raw, is_checked: bool = False) -> str:
    """The text of the query, for people who run it where their table is. Raises `NotLowered`."""
    return query(plan.program, dialect, relation, raw, name, plan.shown, BAD_NAME, is_checked)


def raws(job: Job, schema: pl.Schema) -> tuple[dict[str, Raw], Raw]:
    """By evidence key the column that holds it; and the column that names projects."""

    def raw(name: str) -> Raw:
        dtype = schema[name]
        size = (dtype.precision, dtype.scale) if isinstance(dtype, pl.Decimal) else (0, 0)
        return Raw(name, kind_of(dtype), *size)  # type: ignore[arg-type]

    return {key: raw(name) for key, name in job.matched.columns.items()}, raw(job.matched.id)


def asked(job: Job, wanted: Wanted, dialect: str, relation: tuple[str, ...]) -> Asked:
    """Other files than Parquet are written as such first: what a CSV holds is read in one way only."""
    read = Read(job)
    bad = read.bad_names()
    files, schema = job.source.files, read.schema
    wide = [one for one, dtype in schema.items() if dtype in (pl.Int128, pl.UInt128)]
    if job.source.form != "parquet" or wide:
        files = (wanted.folder / "evidence.parquet",)
        frame = read.frame.with_columns(pl.col(wide).cast(pl.String))  # 128 bits are a type of Polars alone
        frame.sink_parquet(files[0], engine="streaming")
        schema = frame.collect_schema()
    raw, name = raws(job, schema)
    with on_engine(dialect, job.plan):
        check_names(dialect, list(schema))
        return Asked(read, bad, files, sql(job.plan, dialect, relation, raw, name, bad is None))


def done(asked: Asked, parquet: Path, wanted: Wanted, tick: Tick | None) -> Done:
    try:
        rows, bad_rows = counted(parquet)
    except pl.exceptions.ComputeError as error:  # an engine that could not write all of it may not say so
        raise SystemFailed(
            "结果没有写成，原有的文件未动：磁盘可能已满", "The result was not written, old files untouched: the disk may be full"
        ) from error
    if tick is not None:
        tick(rows)
    plan = asked.read.job.plan
    told = errors(asked.read, asked.bad, parquet, wanted) if wanted.errors is not None else 0
    found = histograms(plan, parquet, wanted.histograms)
    if wanted.form == "csv":
        as_csv(pl.scan_parquet(parquet)).sink_csv(wanted.scores, engine="streaming")
    return Done(rows, bad_rows, told, found)


def is_in_order(own: Asked, scores: pl.LazyFrame) -> bool:
    """Is each row of scores that of the evidence at its place, where later it is looked for?

    An engine that joins, as for names that are not checked, mixes rows up; DuckDB does too where files have several row groups.
    """
    if not own.is_checked:
        return False
    names = scores.select(pl.col(own.read.id).cast(pl.String).fill_null("").str.strip_chars(BLANKS).alias("(there)"))
    both = pl.concat([own.read.frame.select(own.read.name.fill_null("").alias("(here)")), names], how="horizontal")
    return not both.select((pl.col("(here)").ne_missing(pl.col("(there)"))).any()).collect(engine="streaming").item()


def in_order(own: Asked, scores: pl.LazyFrame) -> pl.LazyFrame:
    """The rows as they stand in the table, by their names."""
    name = own.read.id
    named = own.read.frame.select(own.read.named.alias(name))
    good = scores.unique(name, keep="none", maintain_order=False).filter(pl.col(name).is_not_null())
    lacking = pl.col(BAD_NAME).fill_null(len(own.read.job.plan.counted))
    return named.join(good, on=name, how="left", maintain_order="left").with_columns(lacking)


def scores_file(wanted: Wanted) -> Path:
    return wanted.scores if wanted.form == "parquet" else wanted.folder / "scores.parquet"
