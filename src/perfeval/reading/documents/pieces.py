"""What a Word or a PDF file is made of, lines and grids, to a document with its places.

A line of the document is a line here (in Word a whole paragraph), or a row of a grid with ` | ` between its cells. Grids are
put together over page breaks first; a title row over the whole width is a caption. What is no grid but looks like a table
(columns held apart by blanks) is read as in a text file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from perfeval.model.document import Document, Paragraph, PrintedCell, PrintedTable, Start
from perfeval.reading.documents.flattened_words import CAPTION
from perfeval.reading.documents.plain import paragraphs_of, tables_of

BETWEEN = " | "
_LONGEST_CAPTION = 50


class Mark(NamedTuple):
    """From `start` on, `length` characters of a text come from an element of the file, there from `offset` on."""

    start: int
    length: int
    element: Any
    offset: int = 0

    def moved(self, by: int) -> Mark:
        return self._replace(start=self.start + by)


class Line(NamedTuple):
    """A printed line, or a whole paragraph. `begins`: it does not go on from the line above; `ends`: no line goes on from it."""

    text: str
    spot: str
    level: int = 0
    begins: bool = False
    ends: bool = False
    marks: tuple[Mark, ...] = ()


class Cell(NamedTuple):
    """A cell of a grid where it begins: its wrapped lines joined, and how many rows and columns it covers."""

    text: str
    rows: int = 1
    columns: int = 1
    marks: tuple[Mark, ...] = ()


Cells = tuple[Cell | None, ...]


class Grid(NamedTuple):
    """A ruled table, or the part of it on one page. None stands where a cell covers the place. `edges`: of its columns, from left to right."""

    rows: tuple[Cells, ...]
    spots: tuple[str, ...]
    edges: tuple[int, ...] = ()
    page: int = 0
    whole: bool = True


Piece = Line | Grid


class Assembled(NamedTuple):
    """A document, and for each of its lines what in the file it comes from."""

    document: Document
    marks: tuple[tuple[Mark, ...], ...]


def joined_texts(texts: Iterable[str]) -> str:
    """Broken lines as one text; between two that end and begin in Latin letters or digits stands a blank."""
    whole = ""
    for text in texts:
        apart = whole and text and (whole[-1] + text[0]).isascii() and whole[-1].isalnum() and text[0].isalnum()
        whole += f" {text}" if apart else text
    return whole


def assembled(name: str, pieces: Sequence[Piece], broken: bool, left_out: Sequence[str] = ()) -> Assembled:
    """The document. `broken`: a paragraph is broken over lines that are to be joined."""
    made = _Made()
    for at, piece in enumerate(pieces):
        if isinstance(piece, Line):
            made.line(piece.text, piece.spot, piece.marks)
            made.begins.update([len(made.lines)] if piece.begins else [], [len(made.lines) + 1] if piece.ends else [])
            made.levels[len(made.lines)] = piece.level
        else:
            above = pieces[at - 1] if at else None
            caption = _caption(above.text) if isinstance(above, Line) else ""
            made.begins.update([len(made.lines)] if caption else [])
            made.grid(piece, caption)
    prose = tuple("" if number in made.rows else line for number, line in enumerate(made.lines, 1))
    found = paragraphs_of(prose, made.begins) if broken else made.alone(prose)
    paragraphs = sorted((*found, *made.row_paragraphs()), key=lambda one: one.starts[0].line)
    tables = tuple(
        table._replace(spot=made.spots[table.line - 1]) for table in sorted((*made.tables, *tables_of(prose)), key=lambda table: table.line)
    )
    document = Document(name, tuple(paragraphs), tables, tuple(made.lines), tuple(left_out), tuple(made.spots))
    return Assembled(document, tuple(made.marks))


def _caption(text: str) -> str:
    return text if len(text) < _LONGEST_CAPTION and CAPTION.fullmatch(text) else ""


class _Made:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.spots: list[str] = []
        self.marks: list[tuple[Mark, ...]] = []
        self.levels: dict[int, int] = {}
        self.begins: set[int] = set()
        self.rows: set[int] = set()  # lines that are rows of grids
        self.tables: list[PrintedTable] = []

    def line(self, text: str, spot: str, marks: Iterable[Mark]) -> int:
        self.lines.append(text)
        self.spots.append(spot)
        self.marks.append(tuple(marks))
        return len(self.lines)

    def alone(self, prose: Sequence[str]) -> Iterator[Paragraph]:
        """Every line a paragraph."""
        return (Paragraph(text, (Start(0, number, 1),), self.levels.get(number, 0)) for number, text in enumerate(prose, 1) if text)

    def row_paragraphs(self) -> Iterator[Paragraph]:
        return (Paragraph(text, (Start(0, number, 1),)) for number in sorted(self.rows) if (text := self.lines[number - 1]))

    def grid(self, grid: Grid, caption: str) -> None:
        """A table. Rows that are one cell from edge to edge and stand first are its caption, titles over several rows one row."""
        first = 0
        while first < len(grid.rows) - 1 and (title := _across(grid.rows[first])):
            self.line(title.text, grid.spots[first], title.marks)
            caption, first = caption or _caption(title.text), first + 1
        rows = [self._row(cells, spot) for cells, spot in zip(grid.rows[first:], grid.spots[first:], strict=True)]
        begun = len(self.lines) - len(rows) + 1
        high = min(max((cell.rows for cell in rows[0] if cell), default=1), len(rows))
        self.tables.append(PrintedTable((_titles(rows[:high]), *rows[high:]), caption, begun, grid.whole))

    def _row(self, cells: Cells, spot: str) -> tuple[PrintedCell | None, ...]:
        """A row as a line; its cells with their places in it. Of an empty cell nothing remains."""
        number = len(self.lines) + 1
        text, marks, row = "", list[Mark](), list[PrintedCell | None]()
        for cell in cells:
            if cell is None or not cell.text:
                row.append(None)
                continue
            text += BETWEEN if text else ""
            row.append(PrintedCell(cell.text, number, len(text) + 1, len(cell.text), cell.rows, cell.columns))
            marks.extend(mark.moved(len(text)) for mark in cell.marks)
            text += cell.text
        self.rows.add(self.line(text, spot, marks))
        return tuple(row)


def _across(cells: Cells) -> Cell | None:
    """The only cell of a row, from edge to edge."""
    cell = cells[0]
    return cell if cell and cell.text and cell.columns == len(cells) and cell.rows == 1 else None


def _titles(rows: Sequence[tuple[PrintedCell | None, ...]]) -> tuple[PrintedCell | None, ...]:
    """Of each column the lowest title; a title over several columns belongs to the first of them."""
    return tuple(next((row[at] for row in reversed(rows) if row[at]), None) for at in range(len(rows[0])))
