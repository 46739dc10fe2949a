"""Tables of Markdown: `| a | b |` over a line of dashes. An empty cell is one that the cell above or on the left covers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from perfeval.model.document import PrintedCell, PrintedTable

_DASHES = re.compile(r":?-+:?")
_BETWEEN = re.compile(r"(?:[^|\\]|\\.)*")
_MOST_COLUMNS = 200  # what has more is no table: each of its rows would be filled up to that width


def piped_tables(lines: Sequence[str]) -> tuple[PrintedTable, ...]:
    tables, at = [], 0
    while at + 1 < len(lines):
        if not lines[at].lstrip().startswith("|") or not _is_rule(lines[at + 1]):
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
        if width > _MOST_COLUMNS:
            continue
        even = tuple((*row[:width], *[None] * (width - len(row))) for row in rows)
        tables.append(PrintedTable(even, _caption(lines, start), start + 1, all(len(row) == width for row in rows)))
    return tuple(tables)


def _is_rule(line: str) -> bool:
    """The line of dashes below the titles: `|---|:-:|`."""
    return all(_DASHES.fullmatch(cell.strip()) for cell in line.strip().removeprefix("|").removesuffix("|").split("|"))


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
    whole = line[start:end].rstrip()
    bare = whole.lstrip()
    inner = bare.removeprefix("**")
    at = start + len(whole) - len(inner) + 1
    text = inner.removesuffix("**")
    return PrintedCell(text.replace("\\|", "|"), number, at, len(text)) if text else None


def _caption(lines: Sequence[str], start: int) -> str:
    above = next((lines[at].strip() for at in range(start - 1, max(start - 4, -1), -1) if lines[at].strip()), "")
    return above.strip("*# ") if re.match(r"[*#\s]*(?:表\s*\d|附[件表])", above) and len(above) < 50 else ""
