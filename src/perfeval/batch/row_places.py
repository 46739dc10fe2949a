"""Where the cells of one row stand: in a CSV file at their line and column, elsewhere by the row's number and the column's name."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from perfeval.batch.sources import kept
from perfeval.problems import Where
from perfeval.reading.formulas import plain


def place(file: str, row: int, column: str) -> Where:
    """`evidence.parquet!12:NAME`, the row counted from 1."""
    return Where(file, cell=f"{row}:{column}".rstrip(":"))


def csv_places(path: Path, file: str, number: int) -> Mapping[str, Where]:
    """By column, the cells of a row of a file that was read before; the row as `CsvRows` counts."""
    lines: list[str] = []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(kept(stream, lines), strict=True)
        header, count = map(plain, next(reader)), 0
        lines.clear()
        for row in reader:
            count += any(row)
            if count == number:
                break
            lines.clear()
    first = reader.line_num - len(lines) + 1
    found = {}
    for name, (line, column, width) in zip(header, _cells(lines), strict=True):
        found[name] = Where(file, first + line, column + 1, lines[line].rstrip("\r\n"), max(width, 1))
    return found


def _cells(lines: list[str]) -> Iterator[tuple[int, int, int]]:
    """Of each cell of a row: the line and column at which it begins, and how wide it is there. The row is known to be good."""
    at, is_inside = (0, 0), False
    for line, text in enumerate(lines):
        for column, sign in enumerate(text.rstrip("\r\n")):
            if sign == '"' and lines[at[0]][at[1]] == '"':  # in a cell that begins otherwise it is a sign like any other
                is_inside = not is_inside
            elif sign == "," and not is_inside:
                yield (*at, _width(lines, at, (line, column)))
                at = (line, column + 1)
    yield (*at, _width(lines, at, (at[0] + 1, 0)))


def _width(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> int:
    """Of a cell in its first line."""
    return (end[1] if end[0] == start[0] else len(lines[start[0]].rstrip("\r\n"))) - start[1]
