"""A text that people wrote (a narrative chapter, a finished report): paragraphs and tables, each with its place.

Everything stands on a line. Those of a text file are its lines. Of Word a line is a paragraph or a row of a table, of PDF
a printed line or a row of a table; `spots` then say where people find it (第12段, 表3第4行, 第3页第12行).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from perfeval.problems import Where


class Start(NamedTuple):
    """From `offset` on, the text of a paragraph stands on this line of the file, beginning at this column (both count from 1)."""

    offset: int
    line: int
    column: int


def _offset(start: Start) -> int:
    return start.offset


class Paragraph(NamedTuple):
    """A paragraph with the lines that it was broken over joined again. A row of a Word or PDF table is one too."""

    text: str
    starts: tuple[Start, ...] = ()
    level: int = 0  # of a heading, 1 the top; 0: body text

    def at(self, offset: int) -> Start:
        """Where a character of the text stands."""
        before = bisect_right(self.starts, offset, key=_offset)
        found = self.starts[before - 1] if before else Start(0, 0, 0)
        return Start(offset, found.line, found.column + offset - found.offset) if found.line else found


class PrintedCell(NamedTuple):
    """A cell where it begins, its wrapped lines joined. `rows` and `columns`: how many it covers."""

    text: str
    line: int = 0
    column: int = 0
    width: int = 1
    rows: int = 1
    columns: int = 1


class PrintedTable(NamedTuple):
    """A table as printed: None where a cell is empty, or one from above or from the left covers the place.

    `caption` is what stands above it (表 3-2 指标得分汇总表); `whole` says whether all of it could be read.
    """

    rows: tuple[tuple[PrintedCell | None, ...], ...]
    caption: str = ""
    line: int = 0
    whole: bool = True
    spot: str = ""


class Document(NamedTuple):
    """`name` is the file as people see it; `left_out` says in words what of it could not be read (`中文 (English)`)."""

    name: str
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[PrintedTable, ...] = ()
    lines: tuple[str, ...] = ()  # for quotes
    left_out: tuple[str, ...] = ()
    spots: tuple[str, ...] = ()  # of the lines; none of a text file

    def where(self, paragraph: Paragraph, start: int = 0, end: int | None = None) -> Where:
        """The place of a stretch of a paragraph's text; what lies on further lines is not marked."""
        last = len(paragraph.text) if end is None else end
        at = paragraph.at(start)
        behind = bisect_right(paragraph.starts, start, key=_offset)
        following = paragraph.starts[behind].offset if behind < len(paragraph.starts) else last
        return self.where_line(at.line, at.column, max(min(last, following) - start, 1))

    def where_cell(self, cell: PrintedCell) -> Where:
        return self.where_line(cell.line, cell.column, cell.width)

    def where_line(self, line: int, column: int = 1, width: int = 1) -> Where:
        """A place on a line, with the line for a quote."""
        quote = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        spot = self.spots[line - 1] if 0 < line <= len(self.spots) else ""
        return Where(self.name, line, column, quote, width, spot)

    def headings(self) -> Iterator[Paragraph]:
        return (one for one in self.paragraphs if one.level)


def in_words(where: Where) -> str:
    """A place in a document for a message: where people find it, else its line in both languages."""
    return where.cell or f"第 {where.line} 行 (line {where.line})"
