"""Rows of the template that were left in a table: they explain the columns, and are no projects."""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.batch.job import Job
from perfeval.batch.sources import CsvRows
from perfeval.ir.columns import BLANKS
from perfeval.problems import Problem, ProblemsFound, Where
from perfeval.reading.evidence_table import TEMPLATE_IDS, TEMPLATE_ROW
from perfeval.reading.formulas import plain


def template_rows(job: Job) -> ProblemsFound:
    """All of them, each at its line. They are looked for once an engine has met one."""
    return ProblemsFound(list(_csv(job) if job.source.form == "csv" else _other(job)))


def _csv(job: Job) -> Iterator[Problem]:
    for path in job.source.files:
        word = job.source.word if job.source.is_one_csv else str(path)
        rows = CsvRows(path, word)
        at = rows.header.index(job.matched.id)
        for line, row in rows.numbered():
            if plain(row[at]).strip(BLANKS) in TEMPLATE_IDS:
                yield TEMPLATE_ROW.on(Where(word, line, 1), what=f"第 {line} 行 (Line {line})")


def _other(job: Job) -> Iterator[Problem]:
    from perfeval.batch.polars_tables import named_rows

    for name in TEMPLATE_IDS:
        for number, _ in named_rows(job.source, job.matched.id, name, [job.matched.id]):
            yield TEMPLATE_ROW.on(Where(job.source.word), what=f"第 {number} 行数据 (Row {number} of the data)")
