"""Runs a query of `sql.query` on Spark: in the session that is there, on a cluster, or in this machine's own Java."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

RELATION = ("perfeval_evidence",)
"""What the query calls the table."""
MASTER = "local[*]"
SETTINGS = {
    "spark.sql.codegen.hugeMethodLimit": "8000",  # a longer method is never compiled by Java: many times slower
    "spark.sql.ansi.enabled": "true",  # an overflow would be an error; it is proven that none comes up
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.variable.substitute": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
}
_LOCAL = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
_QUIET = {"spark.ui.showConsoleProgress": "false"}


def session(master: str | None = None, settings: Mapping[str, str] = {}, log: Path | None = None) -> SparkSession:
    """The session that is there already, unless a master is named; one on this machine takes no port that others could reach.

    `log`: what a Java that is started for it prints goes there, to its end: its greetings, and that a long query is interpreted, for which
    it calls itself at fault. What fails comes back as an exception.
    """
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    if active is not None and master is None:
        return active
    own = master or MASTER
    builder = SparkSession.builder.appName("perfeval").master(own)
    for key, value in {**_QUIET, **(_LOCAL if own.startswith("local") else {}), **settings}.items():
        builder = builder.config(key, value)
    with _printing_to(log):
        made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


@contextmanager
def _printing_to(log: Path | None) -> Iterator[None]:
    """Processes that are started now have a file for stdout and stderr."""
    if log is None:
        yield
        return
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.flush()
    with log.open("ab") as file:
        kept: dict[int, int] = {}
        for own in (1, 2):
            with suppress(OSError):  # it is closed
                kept[own] = os.dup(own)
                os.dup2(file.fileno(), own)
        try:
            yield
        finally:
            for own, was in kept.items():
                os.dup2(was, own)
                os.close(was)


def score(query: str, files: Sequence[Path | str], target: Path | str, spark: SparkSession) -> None:
    """Writes the answer as Parquet files into the folder `target`, whose names are in the order of the rows."""
    with settings(spark):
        table(spark, files).createOrReplaceTempView(RELATION[0])
        try:
            spark.sql(query).write.mode("error").parquet(str(target))
        finally:
            spark.catalog.dropTempView(RELATION[0])


def table(spark: SparkSession, files: Sequence[Path | str]) -> DataFrame:
    """Each file by itself: read together they would be taken in the order of their sizes."""
    return reduce(lambda one, other: one.unionAll(other), (spark.read.parquet(str(file)) for file in files))


@contextmanager
def settings(spark: SparkSession) -> Iterator[None]:
    """What the query relies on, for as long as it runs."""
    before = {key: was for key, value in SETTINGS.items() if (was := spark.conf.get(key, None)) != value}
    try:
        for key in before:
            spark.conf.set(key, SETTINGS[key])
        yield
    finally:
        for key, was in before.items():
            if was is None:
                spark.conf.unset(key)
            else:
                spark.conf.set(key, was)
