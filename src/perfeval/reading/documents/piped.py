"""Tables of Markdown: `| a | b |` over a line of dashes. An empty cell is one that the cell above or on the left covers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from perfeval.model.document import PrintedCell, PrintedTable

_DASHES = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
_BETWEEN = re.compile(r"(?:[^|\\]|\\.)*")


def piped_tables(lines: Sequence[str]) -> tuple[PrintedTable, ...]:
    tables, at = [], 0
    while at + 1 < len(lines):
        if not lines[at].lstrip().startswith("|") or not _DASHES.fullmatch(lines[at + 1]):
            at += 1
            continue
        start = at
        numbers = [at]
        at += 2
        while at < len(lines) and lines[at].lstrip().startswith("|"):
            numbers.append(at)
            at += 1
        rows = [_cells(number + 1, lines[number]) for number in numbers]
        width = len(rows[0])
        even = tuple((*row[:width], *[None] * (width - len(row))) for row in rows)
        tables.append(PrintedTable(even, _caption(lines, start), start + 1, all(len(row) == width for row in rows)))
    return tuple(tables)


def _cells(number: int, line: str) -> tuple[PrintedCell | None, ...]:
    at = line.index("|") + 1
    cells: list[PrintedCell | None] = []
    while at < len(line):
        found = _BETWEEN.match(line, at)
        end = found.end() if found else len(line)
        if end == len(line) and not line[at:].strip():
            break
        cells.append(_cell(number, line, at, end))
        at = end + 1
    return tuple(cells)


def _cell(number: int, line: str, start: int, end: int) -> PrintedCell | None:
    """The text of a cell without the marks of bold type."""
    found = re.match(r"\s*(?:\*\*)?(.*?)(?:\*\*)?\s*$", line[start:end])
    assert found is not None
    text = found[1]
    return PrintedCell(text.replace("\\|", "|"), number, start + found.start(1) + 1, len(text)) if text else None


def _caption(lines: Sequence[str], start: int) -> str:
    above = next((lines[at].strip() for at in range(start - 1, max(start - 4, -1), -1) if lines[at].strip()), "")
    return above.strip("*# ") if re.match(r"[*#\s]*(?:表\s*\d|附[件表])", above) and len(above) < 50 else ""
