"""CSV tables: rows as texts, each with its line. What a cell means is for `facts` to say."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from perfeval.model.evidence import TableOf
from perfeval.problems import Fault, Origin, Problem, ProblemKind, Where
from perfeval.reading.paths import read_inside
from perfeval.reading.texts import decode

MAX_CSV = 50_000_000
MAX_FIELD = 100_000
MAX_ROWS = 300_000
MAX_LINES = 2_000_000  # blank rows are no rows, and a cell may have many lines

SHOWN_VALUES, SHOWN_TEXT = 5, 20  # of a column, where a message names what it holds

BAD_CSV = ProblemKind(
    "bad-csv",
    says="CSV 第 {line} 行读不懂：{why}。",
    remedy="检查引号是否成对；从 Excel 另存为“CSV UTF-8”。",
    en="Line {line} of the CSV cannot be read: {why}.",
    en_remedy="Check that quotes come in pairs; save from Excel as “CSV UTF-8”.",
)
ROW_WIDTH = ProblemKind(
    "row-width",
    says="这一行有 {found} 格，表头有 {wanted} 格。",
    remedy="补上或去掉多余的逗号；内容里有逗号的格子要加双引号。",
    en="This row has {found} cells, the header {wanted}.",
    en_remedy="Add or remove commas; a cell that holds a comma goes in double quotes.",
)
BAD_HEADER = ProblemKind(
    "bad-header",
    says="表头不能用：{why}。",
    remedy="第一行写列名，每列一个，不重复、不留空。",
    en="The header cannot be used: {why}.",
    en_remedy="The first line names each column once; none is empty.",
)
TOO_MANY_ROWS = ProblemKind(
    "too-many-rows",
    says="表格「{file}」超过 {limit} 行。",
    remedy="按年度或批次拆成几个表，每个表写一个事实，再在公式里相加；或先汇总。",
    en="The table “{file}” has more than {limit} rows.",
    en_remedy="Split it by year or batch, count a fact from each and add them in the measure; or sum it up first.",
)
NOT_CSV = ProblemKind(
    "table-format",
    says="表格「{file}」不是 CSV。",
    remedy="另存为 CSV（UTF-8）再引用。",
    en="The table “{file}” is not a CSV file.",
    en_remedy="Save it as CSV (UTF-8) and name that.",
)

_TOLD = (
    ("unexpected end of data", "引号没有成对"),
    ("expected after", "双引号之后应是逗号或行末"),
    ("field larger", f"一格超过 {MAX_FIELD} 字"),
)


class _Lines:
    """The lines of a text by number, from 1. All of them at once would take more memory than the rows."""

    EVERY = 1_000

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]  # where every thousandth line begins, as far as anyone has asked

    def __getitem__(self, line: int) -> str:
        block, rest = divmod(line - 1, self.EVERY)
        while len(self._starts) <= block:
            self._starts.append(self._after(self._starts[-1], self.EVERY))
        start = self._after(self._starts[block], rest)
        end = self._text.find("\n", start)
        return self._text[start : end if end >= 0 else None]

    def _after(self, start: int, lines: int) -> int:
        for _ in range(lines):
            start = self._text.find("\n", start) + 1 or len(self._text)
        return start


class Row(NamedTuple):
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of texts. Lines count from 1, the header being line 1."""

    file: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    text: str

    @cached_property
    def lines(self) -> _Lines:
        return _Lines(self.text)

    def where(self, row: Row, column: str) -> Where:
        quote = self.lines[row.line]
        cell = row.cells[self.columns.index(column)]
        at = sum(len(c) + 1 for c in row.cells[: self.columns.index(column)])
        at = at if quote[at : at + len(cell)] == cell else max(quote.find(cell), 0)
        return Where(self.file, row.line, at + 1, quote[:300], max(1, len(cell)))


def first_values(table: Table, rows: Sequence[Row], column: str) -> str:
    """The first few values that some rows have in a column, each once, in quotes and not too long."""
    at = table.columns.index(column)
    texts = list(dict.fromkeys(row.cells[at].strip() for row in rows))
    told = [f"「{text}」" if len(text) <= SHOWN_TEXT else f"「{text[:SHOWN_TEXT]}…」" for text in texts[:SHOWN_VALUES]]
    return "、".join(told) + ("……" if len(texts) > SHOWN_VALUES else "")


def read_tables(root: Path, tables: Mapping[str, TableOf], evidence: str) -> tuple[dict[str, Table], list[Problem]]:
    """All tables of an evidence file; what cannot be read is a problem at the table's file or at the row."""
    found: dict[str, Table] = {}
    problems: list[Problem] = []
    for name, table in tables.items():
        origin = Origin(evidence, ("tables", name, "file"))
        if not table.file.lower().endswith((".csv", ".txt")) or table.sheet:
            problems.append(NOT_CSV.on(origin, file=table.file))
            continue
        try:
            data = read_inside(root, table.file, MAX_CSV)
        except Fault as fault:
            problems.append(fault.on(origin))
            continue
        own = table_from(table, data)
        if isinstance(own, Table):
            found[name] = own
        else:
            problems.extend(own)
    return found, problems


def table_from(table: TableOf, data: bytes) -> Table | list[Problem]:
    """A table from its bytes, or what is wrong with it."""
    text, problems = decode(table.file, data, MAX_CSV, table.encoding)
    if problems:
        return problems
    lines = _Lines(text)
    if text.count("\n") > MAX_LINES:
        return [_too_many(table, lines, MAX_LINES + 1, MAX_LINES)]
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(_lines(text), strict=True)
    rows: list[Row] = []
    header: tuple[str, ...] = ()
    start = 0
    try:
        header = tuple(cell.strip() for cell in next(reader, []))
        start = reader.line_num
        for cells in reader:
            if any(map(str.strip, cells)):
                if len(rows) == MAX_ROWS:
                    return [_too_many(table, lines, start + 1, MAX_ROWS)]
                rows.append(Row(start + 1, tuple(cells)))
            start = reader.line_num
    except csv.Error as error:
        line = start + 1  # where the row begins: a quote that is not closed swallows all that follows
        why = next((f"{zh} ({error})" for words, zh in _TOLD if words in str(error)), str(error))
        return [BAD_CSV.on(Where(table.file, line, 1, lines[line][:300]), line=line, why=why)]
    result = Table(table.file, header, rows, text)
    return list(_check(result)) or result


def _too_many(table: TableOf, lines: _Lines, line: int, limit: int) -> Problem:
    return TOO_MANY_ROWS.on(Where(table.file, line, 1, lines[line][:300]), file=table.file, limit=limit)


def _lines(text: str) -> Iterator[str]:
    """The lines one by one, without a copy of the whole."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _check(table: Table) -> list[Problem]:
    place = Where(table.file, 1, 1, table.text.partition("\n")[0][:300])
    if not table.columns:
        return [BAD_HEADER.on(place, why="是空的 (it is empty)")]
    for position, column in enumerate(table.columns):
        if not column:
            return [BAD_HEADER.on(place, why=f"第 {position + 1} 列没有名字 (column {position + 1} has no name)")]
        if column in table.columns[:position]:
            return [BAD_HEADER.on(place, why=f"「{column}」出现两次 (“{column}” stands twice)")]
    wrong = [row for row in table.rows if len(row.cells) != len(table.columns)]
    return [
        ROW_WIDTH.on(Where(table.file, row.line, 1, table.lines[row.line][:300]), found=len(row.cells), wanted=len(table.columns))
        for row in wrong[:20]
    ]
