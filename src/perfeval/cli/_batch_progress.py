"""A bar with rows and rows a second while a batch runs: on a terminal only, on stderr, gone when it is done."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from perfeval.cli.output import Output, coloured

if TYPE_CHECKING:
    from perfeval.batch.job import Job, Tick


@contextmanager
def progress(job: Job, output: Output) -> Iterator[Tick | None]:
    """What to call with the number of rows that are done; nothing where nobody looks."""
    if output.quiet or not coloured(sys.stderr):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, Task, TextColumn

    class Speed(TextColumn):
        def render(self, task: Task):  # type: ignore[no-untyped-def]
            self.text_format = f"{int(task.speed or 0):,} " + output.pick("行/秒", "rows/s")
            return super().render(task)

    whole = _length(job)
    rows = output.pick("行", "rows")
    shown = f"{{task.completed:,}} / {whole:,} {rows}" if whole is not None else f"{{task.completed:,}} {rows}"
    columns = (SpinnerColumn(), BarColumn(), TextColumn(shown), Speed(""))
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("", total=whole)
        yield lambda more: bar.advance(task, more)


def _length(job: Job) -> int | None:
    """How many rows there will be, where a file says so by itself."""
    if job.source.form != "parquet":
        return None
    from perfeval.batch.polars_tables import length

    return length(job.source)
