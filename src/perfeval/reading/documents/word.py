"""A Word report (.docx) to a document. Read are paragraphs, tables, content controls and text boxes of the body, as they print.

What is deleted in tracked changes is not there, what is inserted is; numbers that Word counts stand before their paragraphs.
Headers, footers, footnotes and the text of pictures are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

from perfeval.model.document import Document
from perfeval.problems import Fault
from perfeval.reading.documents.continued import put_together
from perfeval.reading.documents.package import check_package
from perfeval.reading.documents.pieces import Cell, Cells, Grid, Line, Mark, Piece, assembled, joined_texts
from perfeval.reading.documents.plain import level_of
from perfeval.reading.documents.unreadable import BROKEN, NO_TEXT, READER_MISSING, STUMBLES
from perfeval.reading.documents.word_numbers import Numbers, W

_WIDEST = 702  # columns of a table, as of a worksheet
_DEEPEST = 20  # tables in cells of tables
_LONGEST_HEADING = 60
_HIDDEN = (
    f"{W}del",
    f"{W}moveFrom",
    f"{W}pPr",
    f"{W}rPr",
    f"{W}txbxContent",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)
_SIGNS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


class Text(NamedTuple):
    """A stretch of text in a paragraph: the element that holds it, and the run which that stands in."""

    text: str
    element: Any
    run: Any


class Word(NamedTuple):
    """A file as python-docx has opened it, and what was read. `marks` of a line lead to its paragraphs; offsets count in `text_of`."""

    opened: Any
    document: Document
    marks: tuple[tuple[Mark, ...], ...]


def read_word(name: str, data: bytes) -> Word:
    """Raises `Fault`."""
    check_package(name, data)
    opened = _opened(name, data)
    try:
        pieces = put_together(_Reader(opened).read())
    except STUMBLES as error:
        raise _broken(name, error) from None
    made = assembled(name, pieces, broken=False)
    if not any(made.marks):
        raise BROKEN.fault(file=name, why=NO_TEXT)
    return Word(opened, *made)


def _opened(name: str, data: bytes) -> Any:
    """The file as python-docx has it. Raises `Fault`."""
    try:
        from docx import Document as Opened
        from docx.exceptions import PythonDocxError
        from docx.opc.exceptions import OpcError
    except ImportError:
        raise READER_MISSING.fault(file=name, library="python-docx") from None
    try:
        return Opened(BytesIO(data))
    except (PythonDocxError, OpcError, *STUMBLES) as error:
        raise _broken(name, error) from None


def _broken(name: str, error: Exception) -> Fault:
    return BROKEN.fault(file=name, why=f"不是完好的 .docx（{type(error).__name__}） (no sound .docx: {type(error).__name__})")


def text_of(paragraph: Any) -> list[Text]:
    """The texts of a paragraph, in order."""
    found: list[Text] = []

    def walk(element: Any, run: Any) -> None:
        for child in element:
            if child.tag == f"{W}t" and run is not None:
                found.append(Text(child.text or "", child, run))
            elif child.tag in _SIGNS and run is not None:
                found.append(Text(_SIGNS[child.tag], child, run))
            elif child.tag == f"{W}r":
                if not _is_hidden(child):
                    walk(child, child)
            elif child.tag not in _HIDDEN:
                walk(child, run)

    walk(paragraph, None)
    return found


def _is_hidden(run: Any) -> bool:
    props = run.find(f"{W}rPr")
    return props is not None and _is_on(props.find(f"{W}vanish"))


def _is_on(element: Any) -> bool:
    return element is not None and element.get(f"{W}val") not in ("0", "false", "off")


class _Soft(NamedTuple):
    """A line of a paragraph, as broken by hand. `offset`: where in the paragraph it begins."""

    text: str
    paragraph: Any
    offset: int
    prefix: int = 0  # characters before it that Word counted

    def marks(self) -> tuple[Mark, ...]:
        return (Mark(self.prefix, len(self.text) - self.prefix, self.paragraph, self.offset),)


class _Reader:
    def __init__(self, opened: Any) -> None:
        self.body = opened.element.body
        self.paragraphs, self.tables = 0, 0
        self.numbers = Numbers(_part(opened, "numbering"), _part(opened, "styles"))
        self.levels = dict(_style_levels(_part(opened, "styles")))

    def read(self) -> Iterator[Piece]:
        yield from self._block(self.body, 0)

    def _block(self, parent: Any, depth: int) -> Iterator[Piece]:
        for child in _inside(parent):
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
                for box in _boxes(child):
                    yield from self._block(box, depth)
            elif depth < _DEEPEST:
                yield from self._table(child, depth)

    def _paragraph(self, paragraph: Any) -> Iterator[Line]:
        lines = list(self._lines(paragraph))
        self.paragraphs += 1 if lines else 0
        for line in lines:
            level = level_of(line.text)
            if not level and len(line.text) < _LONGEST_HEADING:
                level = self.levels.get(_style(paragraph), 0)
            yield Line(line.text, f"第{self.paragraphs}段", level, marks=line.marks())

    def _lines(self, paragraph: Any) -> Iterator[_Soft]:
        """The lines of a paragraph that say something."""
        number = self.numbers.before(paragraph)
        offset = 0
        for text in "".join(one.text for one in text_of(paragraph)).split("\n"):
            words = text.strip()
            if words:
                apart = " " if number and (number[-1] + words[0]).isascii() else ""
                before = number + apart if number else ""
                yield _Soft(before + words, paragraph, offset + len(text) - len(text.lstrip()), len(before))
                number = ""
            offset += len(text) + 1

    def _table(self, table: Any, depth: int) -> Iterator[Piece]:
        """A table, then those within its cells. One of a single column only frames what is in it."""
        rows = [_Row(row) for row in _rows(table)]
        width = min(max((row.width for row in rows), default=0), _WIDEST)
        if width < 2:
            for row in rows:
                for cell in row.cells:
                    yield from self._block(cell.element, depth + 1)
            return
        self.tables += 1
        grid = [self._cells(row, width) for row in rows]
        heights = _heights(rows)
        cells = tuple(tuple(cell and cell._replace(rows=heights[y, x]) for x, cell in enumerate(row)) for y, row in enumerate(grid))
        spots = tuple(f"表{self.tables}第{number}行" for number in range(1, len(rows) + 1))
        yield Grid(cells, spots)
        for row in rows:
            for cell in row.cells:
                for inner in _inside(cell.element):
                    if inner.tag == f"{W}tbl" and depth + 1 < _DEEPEST:
                        yield from self._table(inner, depth + 1)

    def _cells(self, row: _Row, width: int) -> Cells:
        cells: list[Cell | None] = [None] * width
        for one in row.cells:
            if one.start < width and not one.goes_on:
                cells[one.start] = self._cell(one, min(one.columns, width - one.start))
        return tuple(cells)

    def _cell(self, one: _Place, columns: int) -> Cell:
        lines = [line for child in _inside(one.element) if child.tag == f"{W}p" for line in self._lines(child)]
        text = joined_texts(line.text for line in lines)
        marks, at = list[Mark](), 0
        for line in lines:
            at = text.index(line.text, at)
            marks.extend(mark.moved(at) for mark in line.marks())
            at += len(line.text)
        return Cell(text, 1, columns, tuple(marks))


class _Place(NamedTuple):
    """A cell in its row. `goes_on`: it only lengthens the cell above."""

    element: Any
    start: int
    columns: int
    goes_on: bool


class _Row:
    def __init__(self, row: Any) -> None:
        self.cells: list[_Place] = []
        props = row.find(f"{W}trPr")
        at = _number(props, "gridBefore", 0)
        for cell in _inside(row, f"{W}tc"):
            own = cell.find(f"{W}tcPr")
            columns = max(_number(own, "gridSpan", 1), 1)
            merge = own.find(f"{W}vMerge") if own is not None else None
            self.cells.append(_Place(cell, at, columns, merge is not None and merge.get(f"{W}val") != "restart"))
            at += columns
        self.width = at + _number(props, "gridAfter", 0)


def _heights(rows: list[_Row]) -> dict[tuple[int, int], int]:
    """How many rows each cell covers, by row and column."""
    found: dict[tuple[int, int], int] = {}
    begun: dict[int, int] = {}
    for y, row in enumerate(rows):
        for cell in row.cells:
            if cell.goes_on and cell.start in begun:
                found[begun[cell.start], cell.start] += 1
            else:
                begun[cell.start] = y
                found[y, cell.start] = 1
    return found


def _inside(parent: Any, wanted: str = "") -> Iterator[Any]:
    """The paragraphs and tables (or what else is wanted) of a parent, also of content controls and tracked insertions in it."""
    for child in parent:
        if child.tag in ((wanted,) if wanted else (f"{W}p", f"{W}tbl")):
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}smartTag"):
            yield from _inside(child, wanted)


def _rows(table: Any) -> Iterator[Any]:
    """The rows of a table but those that a tracked change deletes."""
    for row in _inside(table, f"{W}tr"):
        props = row.find(f"{W}trPr")
        if props is None or props.find(f"{W}del") is None:
            yield row


def _boxes(paragraph: Any) -> Iterator[Any]:
    """The text boxes of a paragraph. Word writes each twice, for itself and as a fallback."""
    for box in paragraph.iter(f"{W}txbxContent"):
        if not any(above.tag in _HIDDEN[-2:] for above in box.iterancestors()):
            yield box


def _number(props: Any, name: str, otherwise: int) -> int:
    found = props.find(f"{W}{name}") if props is not None else None
    text = (found.get(f"{W}val") or "") if found is not None else ""
    return min(int(text), _WIDEST) if re.fullmatch(r"\d{1,6}", text, re.ASCII) else otherwise


def _style(paragraph: Any) -> str:
    props = paragraph.find(f"{W}pPr")
    found = props.find(f"{W}pStyle") if props is not None else None
    return (found.get(f"{W}val") or "") if found is not None else ""


def _style_levels(styles: Any) -> Iterator[tuple[str, int]]:
    """The level of each style of headings, by its id."""
    for style in [] if styles is None else styles.findall(f"{W}style"):
        name = style.find(f"{W}name")
        found = re.fullmatch(r"heading ([1-9])", (name.get(f"{W}val") or "").lower()) if name is not None else None
        if found:
            yield style.get(f"{W}styleId") or "", int(found[1])


def _part(opened: Any, name: str) -> Any:
    """The root of a part that belongs to the body, or None."""
    for one in opened.part.rels.values():
        if not one.is_external and one.reltype.endswith(f"/{name}"):
            return getattr(one.target_part, "element", None)
    return None
