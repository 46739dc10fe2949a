"""The engines by name. One more engine is one more file with `run(job, wanted, tick)`, and three lines here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib.util import find_spec
from typing import NamedTuple

from perfeval.batch.job import Done, Job, Tick, Wanted
from perfeval.batch.problems import TABLE_EMPTY
from perfeval.problems import ProblemsFound, Where

Run = Callable[[Job, Wanted, Tick | None], Done]


def _on_polars(job: Job, wanted: Wanted, tick: Tick | None) -> Done:
    from perfeval.batch import on_polars

    return on_polars.run(job, wanted, tick)


def _on_python(job: Job, wanted: Wanted, tick: Tick | None) -> Done:
    from perfeval.batch import on_python

    return on_python.run(job, wanted, tick)


def _on_duckdb(job: Job, wanted: Wanted, tick: Tick | None) -> Done:
    from perfeval.batch import on_duckdb

    return on_duckdb.run(job, wanted, tick)


def _on_spark(job: Job, wanted: Wanted, tick: Tick | None) -> Done:
    from perfeval.batch import on_spark

    return on_spark.run(job, wanted, tick)


class Engine(NamedTuple):
    """What runs it, the libraries that it needs, and the extra that brings them."""

    run: Run
    libraries: tuple[str, ...] = ()
    extra: str = ""


ENGINES = {
    "polars": Engine(_on_polars, ("polars",), "batch"),
    "duckdb": Engine(_on_duckdb, ("polars", "duckdb", "sqlglot"), "duckdb"),
    "spark": Engine(_on_spark, ("polars", "pyspark", "sqlglot"), "spark"),
    "python": Engine(_on_python),
}


class ExtraMissing(Exception):
    """A library is not installed; `pip install 'perfeval[extra]'` brings it."""

    def __init__(self, extra: str) -> None:
        super().__init__(extra)
        self.extra = extra


def need(name: str, tables: bool, only: Collection[str] | None = None) -> None:
    """Raises `ExtraMissing` where the engine cannot run. `tables`: files are read or written that are no CSV; `only` these libraries."""
    engine = ENGINES[name]
    wanted = ({"polars": "batch"} if tables else {}) | dict.fromkeys(engine.libraries, engine.extra)
    for library, extra in wanted.items():
        if (only is None or library in only) and find_spec(library) is None:
            raise ExtraMissing(extra)


def run(name: str, job: Job, wanted: Wanted, tick: Tick | None = None) -> Done:
    """Scores a table on an engine. Raises `ProblemsFound`, `SystemFailed` or `OSError`; what is written then is not to be used."""
    done = ENGINES[name].run(job, wanted, tick)
    if not done.rows:
        raise ProblemsFound([TABLE_EMPTY.on(Where(job.source.word), file=job.source.word)])
    return done
