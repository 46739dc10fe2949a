"""The engine `spark`: the query over Parquet files, in the session that is there or in one of its own."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from perfeval.backends.columnar.polars import digits
from perfeval.backends.columnar.spark import RELATION, score, session
from perfeval.batch.job import Done, Job, Tick, Wanted
from perfeval.batch.plan import BAD_NAME
from perfeval.batch.polars_tables import readable
from perfeval.batch.sql_engines import Asked, asked, done, in_order, is_in_order, scores_file
from perfeval.ir.program import GRADE
from perfeval.problems import SystemFailed


def run(job: Job, wanted: Wanted, tick: Tick | None = None) -> Done:
    """Scores the table. Raises `ProblemsFound`, `SystemFailed`."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    with readable(job.source):
        own = asked(job, wanted, "spark", RELATION)
        folder, log = wanted.folder / "spark", wanted.folder / "spark.log"
        spark = None
        try:
            spark = session(wanted.master, log=log)
            score(own.query, own.files, folder, spark)
        except (PySparkException, Py4JError) as error:
            told = " ".join([_first_line(error), *(_said(log) if spark is None else [])]).rstrip(".")
            raise SystemFailed(f"Spark 没有算完：{told}", f"Spark did not finish: {told}") from error
        scores = pl.scan_parquet(sorted(folder.glob("*.parquet")))
        _typed(own, scores if is_in_order(own, scores) else in_order(own, scores)).sink_parquet(scores_file(wanted), engine="streaming")
        return done(own, scores_file(wanted), wanted, tick)


def _first_line(error: Exception) -> str:
    from py4j.protocol import Py4JJavaError

    return str(error.java_exception if isinstance(error, Py4JJavaError) else error).partition("\n")[0]


_GREETINGS = ("WARNING:", "NOTE:", "Using ", "Setting ", "To adjust ")


def _said(log: Path) -> list[str]:
    """The line in which a Java that did not start says why, where there is one."""
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    errors = [line.partition(" ERROR ")[2] for line in lines if " ERROR " in line]
    return errors[-1:] or [line.strip() for line in lines if line.strip() and not line.startswith(_GREETINGS)][:1]


def _typed(own: Asked, scores: pl.LazyFrame) -> pl.LazyFrame:
    """With the types that the other engines give."""
    plan = own.read.job.plan
    types = {one.name: pl.Decimal(digits(plan.output(one.key)), plan.output(one.key).places) for one in plan.shown if one.key != GRADE}
    return scores.with_columns(*(pl.col(key).cast(kind) for key, kind in types.items()), pl.col(BAD_NAME).cast(pl.UInt32))
