"""What an engine is asked to do, and what it says when it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from perfeval.batch.matching import Matched
from perfeval.batch.plan import Plan
from perfeval.batch.sources import Source

Tick = Callable[[int], None]
"""Told how many more rows are done."""
Form = Literal["parquet", "csv"]
ERROR_COLUMNS = ("row", "project", "key", "value", "reason", "zh", "en")
"""Of the table of bad cells: the row counts from 1 without the header; `value` is the cell as text."""


class Job(NamedTuple):
    """A table, the plan that it is scored by, and which of its columns holds what."""

    source: Source
    plan: Plan
    matched: Matched

    @property
    def guarded(self) -> tuple[str, ...]:
        """The columns in which a CSV file may hold texts with a quote before them, so that no spreadsheet takes them for formulas."""
        if self.source.form != "csv":
            return ()
        forms = ((self.plan.columns[key], name) for key, name in self.matched.columns.items())
        return (self.matched.id, *(name for column, name in forms if column.form == "tier" or column.absent is not None))


class Wanted(NamedTuple):
    """Where an engine writes: files that nobody reads until it is done. `histograms`: count the values of these outputs."""

    scores: Path
    form: Form
    errors: Path | None = None
    errors_form: Form = "csv"
    histograms: tuple[str, ...] = ()
    folder: Path = Path()  # for what is needed on the way
    master: str | None = None  # of Spark; None: the session that is there, else this machine


class Done(NamedTuple):
    """How many rows there were, how many of them are bad, how many lines tell why, and how often each value came up.

    Values are in units of their output's last place; a grade is its position, None stands for no score.
    """

    rows: int
    bad: int
    told: int = 0
    histograms: Mapping[str, Mapping[int | None, int]] = {}
