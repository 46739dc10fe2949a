"""A text that people wrote (a narrative chapter, a finished report): paragraphs and tables, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from perfeval.problems import Where


class Start(NamedTuple):
    """From `offset` on, the text of a paragraph stands on this line of the file, beginning at this column (both count from 1)."""

    offset: int
    line: int
    column: int


class Paragraph(NamedTuple):
    """A paragraph with the lines that it was broken over joined again.

    `spot` names its place where a file has no lines that people can go to (Word: 第 12 段; PDF: 第 3 页).
    """

    text: str
    starts: tuple[Start, ...] = ()
    level: int = 0  # of a heading, 1 the top; 0: body text
    spot: str = ""

    def at(self, offset: int) -> Start:
        """Where a character of the text stands."""
        found = Start(0, 0, 0)
        for start in self.starts:
            if start.offset > offset:
                break
            found = start
        return Start(offset, found.line, found.column + offset - found.offset) if found.line else found


class PrintedCell(NamedTuple):
    """A cell where it begins, its wrapped lines joined. `rows` and `columns`: how many it covers."""

    text: str
    line: int = 0
    column: int = 0
    width: int = 1
    rows: int = 1
    columns: int = 1
    spot: str = ""


class PrintedTable(NamedTuple):
    """A table as printed: None where a cell from above or from the left covers the place.

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
    lines: tuple[str, ...] = ()  # of a text file, for quotes
    left_out: tuple[str, ...] = ()

    def where(self, paragraph: Paragraph, start: int = 0, end: int | None = None) -> Where:
        """The place of a stretch of a paragraph's text; what lies on further lines is not marked."""
        last = len(paragraph.text) if end is None else end
        if paragraph.spot:
            return Where(self.name, cell=paragraph.spot, quote=paragraph.text, column=start + 1, width=max(last - start, 1))
        at = paragraph.at(start)
        following = next((one.offset for one in paragraph.starts if one.offset > start), last)
        return Where(self.name, at.line, at.column, self._quote(at.line), max(min(last, following) - start, 1))

    def where_cell(self, cell: PrintedCell) -> Where:
        if cell.spot:
            return Where(self.name, cell=cell.spot, quote=cell.text, column=1, width=max(len(cell.text), 1))
        return Where(self.name, cell.line, cell.column, self._quote(cell.line), cell.width)

    def _quote(self, line: int) -> str:
        return self.lines[line - 1] if 0 < line <= len(self.lines) else ""

    def headings(self) -> Iterator[Paragraph]:
        return (one for one in self.paragraphs if one.level)
