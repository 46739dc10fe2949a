"""The engine `duckdb`: the query over Parquet files, inside this process."""

from __future__ import annotations

import duckdb

from perfeval.backends.columnar.duckdb import RELATION, score
from perfeval.batch.job import Done, Job, Tick, Wanted
from perfeval.batch.polars_tables import readable
from perfeval.batch.sql_engines import asked, done, scores_file
from perfeval.problems import SystemFailed


def run(job: Job, wanted: Wanted, tick: Tick | None = None) -> Done:
    """Scores the table. Raises `ProblemsFound`, `SystemFailed`."""
    with readable(job.source):
        own = asked(job, wanted, "duckdb", RELATION)
        try:
            score(own.query, own.files, scores_file(wanted), wanted.folder, own.is_checked)
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            told = str(error).partition("\n")[0]
            raise SystemFailed(f"DuckDB 没有算完：{told}", f"DuckDB did not finish: {told}") from error
        return done(own, scores_file(wanted), wanted, tick)
