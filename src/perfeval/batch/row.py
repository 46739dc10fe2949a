"""One row of a table as a project of its own: what `explain` tells of it is what its folder would tell."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from perfeval.batch.cells import Cell, Written, whole
from perfeval.batch.job import Job
from perfeval.batch.prepare import prepare
from perfeval.batch.problems import BAD_CELL
from perfeval.batch.reasons import ID_REASONS, MISSING, reason
from perfeval.batch.sources import CsvRows
from perfeval.ir.columns import BLANKS, Column
from perfeval.model.folder import ProjectFolder
from perfeval.problems import Problem, ProblemsFound, Where
from perfeval.quantity import show_decimal
from perfeval.reading.evidence_table import EvidenceTable
from perfeval.reading.formulas import plain
from perfeval.reading.rule_sources import RuleSet
from perfeval.reading.tables import Row, Table


class _Found(NamedTuple):
    number: int  # from 1, without the header
    cells: Mapping[str, Cell]


def project_of(word: str, rules: RuleSet, name: str, id_name: str | None = None) -> ProjectFolder | None:
    """The project that bears the name, None where no row does. Raises `ProblemsFound` where a cell of it holds no value."""
    job = prepare(word, rules, id_name, ignore_extra=True)
    rows = list(_rows(job, name))
    if not rows:
        return None
    file = Path(word).name
    if len(rows) > 1:
        raise ProblemsFound([_bad(Where(file, row.number + 1, 1), name, job.matched.id, name, *ID_REASONS[1][1:]) for row in rows])
    found = rows[0]
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for key, column in job.plan.columns.items():
        own = job.matched.columns.get(key)
        cell = found.cells[own] if own is not None else None
        value = whole(column, cell)
        if isinstance(value, str) and value != MISSING:
            why = reason(value, column)
            problems.append(
                _bad(Where(file, found.number + 1, 1), name, key, cell.text if isinstance(cell, Written) else str(cell), why.zh, why.en)
            )
        texts[key] = "" if isinstance(value, str) else _text(job, key, column, value, cell)
    if problems:
        raise ProblemsFound(problems)
    row = Row(found.number + 1, (name, *texts.values()))
    columns = (job.matched.id, *texts)
    table = EvidenceTable(Table(file, columns, (row,), _lines(columns, row)), ((name, row),))
    return table.opened(name, row, rules.indicators, rules.sources)


def _bad(where: Where, name: str, key: str, text: str, zh: str, en: str) -> Problem:
    return BAD_CELL.on(where, project=name, key=key, text=text, why=f"{zh} ({en})")


def _rows(job: Job, name: str) -> Iterator[_Found]:
    if job.source.is_one_csv:
        rows = CsvRows(job.source.files[0], job.source.word)
        at = rows.header.index(job.matched.id)
        guarded = [own in job.guarded for own in rows.header]
        for number, row in enumerate(rows, 1):
            if plain(row[at]).strip(BLANKS) == name:
                cells = [plain(cell) if one else cell for one, cell in zip(guarded, row, strict=True)]
                yield _Found(number, dict(zip(rows.header, cells, strict=True)))
        return
    from perfeval.batch.polars_tables import named_rows, readable

    with readable(job.source):
        names = [job.matched.id, *dict.fromkeys(job.matched.columns.values())]
        yield from (_Found(number, cells) for number, cells in named_rows(job.source, job.matched.id, name, names, job.guarded))


def _text(job: Job, key: str, column: Column, value: int, cell: Cell) -> str:
    """As evidence.yaml would say it."""
    match column.form:
        case "yes_no":
            if column.absent is not None:
                return str(cell).strip(BLANKS) if value else ""
            return "是" if value else "否"
        case "tier":
            return column.choices[value - 1]
        case "date":
            return date.fromordinal(value).isoformat()
    ask = job.plan.program.program.asks.get(key)
    number = show_decimal(Fraction(column.value(value)) / column.scale)
    return number if ask is not None and ask.form == "points" else f"{number}{column.symbol}"


def _lines(columns: tuple[str, ...], row: Row) -> str:
    """What messages quote: the header, and the row at its line."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    stream.write("\n" * (row.line - 2))
    writer.writerow([cell.replace("\n", " ") for cell in row.cells])
    return stream.getvalue()
