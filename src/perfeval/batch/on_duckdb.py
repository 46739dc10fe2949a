"""The engine `duckdb`: the query over Parquet files, inside this process."""

from __future__ import annotations

import duckdb
import polars as pl

from perfeval.backends.columnar.duckdb import RELATION, ROW_GROUP, score
from perfeval.batch.job import Done, Job, Tick, Wanted
from perfeval.batch.polars_tables import check_files, readable
from perfeval.batch.sql_engines import asked, done, in_order, is_in_order, scores_file
from perfeval.problems import SystemFailed


def run(job: Job, wanted: Wanted, tick: Tick | None = None) -> Done:
    """Scores the table. Raises `ProblemsFound`, `SystemFailed`."""
    with readable(job.source):
        own = asked(job, wanted, "duckdb", RELATION)
        try:
            answer = wanted.folder / "duckdb.parquet"
            score(own.query, own.files, answer, wanted.folder)
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            told = str(error).partition("\n")[0]
            raise SystemFailed(f"DuckDB 没有算完：{told}", f"DuckDB did not finish: {told}") from error
        except duckdb.Error:
            check_files(job.source)
            raise  # the files are good: it is a fault of our own
        scores = pl.scan_parquet(answer)
        if is_in_order(own, scores):
            answer.replace(scores_file(wanted))
        else:
            in_order(own, scores).sink_parquet(scores_file(wanted), row_group_size=ROW_GROUP, engine="streaming")
        return done(own, scores_file(wanted), wanted, tick)
