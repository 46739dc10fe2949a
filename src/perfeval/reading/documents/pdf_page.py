"""One page of a PDF, signs and strokes, to its lines and ruled tables.

Places are whole numbers, in hundredths of a point. Strokes that cross make a table; between two of its fields no cell ends where no stroke runs. A table may be open at its outer
sides. Signs whose middle lies in a cell are its text. Everything else is a line of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from perfeval.reading.documents.pieces import Cell, Grid, Line, Piece, joined_texts

_NEAR = 300  # between strokes that are taken for one, or that are taken to meet
_SHORTEST = 400  # of a stroke
MOST_STROKES = 1_000  # across, and as many downwards; a page with more is a drawing
_INDENT = 1  # signs and more by which the first line of a paragraph stands in
_SHORT = 4  # signs by which a line is shorter than it would be if the paragraph went on: a number may not be broken


class Sign(NamedTuple):
    """A sign with its box; y grows upwards."""

    text: str
    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def x(self) -> int:
        return (self.x0 + self.x1) // 2

    @property
    def y(self) -> int:
        return (self.y0 + self.y1) // 2


class Stroke(NamedTuple):
    """A straight stroke: where it stands (y of one across, x of one downwards), and from where to where it runs."""

    at: int
    start: int
    end: int


class Page(NamedTuple):
    number: int
    width: int
    signs: Sequence[Sign]
    across: Sequence[Stroke]
    down: Sequence[Stroke]


class _Row(NamedTuple):
    """Signs on one line, from left to right."""

    text: str
    x0: int
    x1: int
    y: int
    size: int


class _Parts(NamedTuple):
    """What a page is made of: lines outside of tables, and tables with the signs in them."""

    page: Page
    rows: list[_Row]
    tables: list[tuple[_Ruled, list[Sign]]]


def pieces_of(pages: Sequence[Page]) -> list[list[Piece]]:
    """Of each page its lines and tables, from top to bottom."""
    parts = [_parts(page) for page in pages]
    return [_pieces(one, *_margins([row for other in parts if other.page.width == one.page.width for row in other.rows])) for one in parts]


def _parts(page: Page) -> _Parts:
    grids = list(_grids(page))
    inside: list[list[Sign]] = [[] for _ in grids]
    outside: list[Sign] = []
    for sign in page.signs:
        at = next((at for at, grid in enumerate(grids) if grid.holds(sign)), -1)
        (inside[at] if at >= 0 else outside).append(sign)
    return _Parts(page, rows_of(outside), list(zip(grids, inside, strict=True)))


def _margins(rows: Sequence[_Row]) -> tuple[int, int]:
    """Where lines begin and end on pages of one width, but for one line in twenty."""
    if not rows:
        return 0, 0
    few = len(rows) // 20
    return sorted(row.x0 for row in rows)[few], sorted(row.x1 for row in rows)[-1 - few]


def _pieces(parts: _Parts, left: int, right: int) -> list[Piece]:
    found: list[tuple[int, Piece]] = [
        (row.y, Line(row.text, "", begins=row.x0 > left + _INDENT * row.size, ends=row.x1 < right - _SHORT * row.size))
        for row in parts.rows
    ]
    found += [(ruled.ys[-1], ruled.piece(signs, parts.page.number)) for ruled, signs in parts.tables]
    return _with_spots([piece for _, piece in sorted(found, key=lambda one: -one[0])], parts.page.number)


def _with_spots(pieces: Iterable[Piece], page: int) -> list[Piece]:
    """Lines of a page are counted from its top; a row of a table counts as one."""
    found, line = list[Piece](), 1
    for piece in pieces:
        if isinstance(piece, Grid):
            found.append(piece._replace(spots=tuple(f"第{page}页第{line + at}行" for at in range(len(piece.rows)))))
            line += len(piece.rows)
        else:
            found.append(piece._replace(spot=f"第{page}页第{line}行"))
            line += 1
    return found


def rows_of(signs: Iterable[Sign]) -> list[_Row]:
    """Signs to lines, from top to bottom."""
    rows: list[list[Sign]] = []
    for sign in sorted(signs, key=lambda one: (-one.y, one.x0)):
        if rows and abs(rows[-1][0].y - sign.y) * 20 < 9 * max(sign.y1 - sign.y0, rows[-1][0].y1 - rows[-1][0].y0):
            rows[-1].append(sign)
        else:
            rows.append([sign])
    found = (_row(sorted(row, key=lambda one: one.x0)) for row in rows)
    return [row for row in found if row.text]


def _row(signs: Sequence[Sign]) -> _Row:
    """A blank stands where half a sign's width is free. A sign printed twice on one spot (as bold) is one."""
    text, before = "", None
    for sign in signs:
        size = sign.y1 - sign.y0
        if before is not None:
            if sign.text == before.text and 2 * (sign.x0 - before.x0) < sign.x1 - sign.x0:
                continue
            if 2 * (sign.x0 - before.x1) > size:
                text += " "
        text += sign.text
        before = sign
    words = [sign for sign in signs if sign.text.strip()] or signs
    return _Row(" ".join(text.split()), words[0].x0, words[-1].x1, words[0].y, words[0].y1 - words[0].y0)


class _Joined:
    """Numbers in groups; `lead` tells the group of one."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def lead(self, one: int) -> int:
        while self._above[one] != one:
            self._above[one] = self._above[self._above[one]]
            one = self._above[one]
        return one

    def join(self, one: int, other: int) -> None:
        self._above[self.lead(other)] = self.lead(one)


class _Ruled:
    """A table by its strokes. `xs` and `ys`: the edges of its fields, ascending."""

    def __init__(self, across: Sequence[Stroke], down: Sequence[Stroke]) -> None:
        self.across, self.down = across, down
        self.xs = _apart([*(one.at for one in down), min(one.start for one in across), max(one.end for one in across)])
        self.ys = _apart([*(one.at for one in across), min(one.start for one in down), max(one.end for one in down)])

    @property
    def is_table(self) -> bool:
        """One column is a frame around text; one cell, around a page or a picture."""
        return len(self.xs) > 2 and len(self.ys) > 1

    def holds(self, sign: Sign) -> bool:
        return self.xs[0] <= sign.x <= self.xs[-1] and self.ys[0] <= sign.y <= self.ys[-1]

    def piece(self, signs: Iterable[Sign], page: int) -> Grid:
        """Cells of the fields that no stroke parts. Where these make no rectangle, the table is not whole."""
        columns, rows = len(self.xs) - 1, len(self.ys) - 1
        field_of, whole = self._cells(rows, columns), True
        texts = defaultdict[int, list[Sign]](list)
        for sign in signs:
            x, y = min(bisect_right(self.xs, sign.x), columns) - 1, rows - min(bisect_right(self.ys, sign.y), rows)
            texts[field_of[max(y, 0)][max(x, 0)]].append(sign)
        grid: list[list[Cell | None]] = [[None] * columns for _ in range(rows)]
        fields = defaultdict[int, list[tuple[int, int]]](list)
        for y, row in enumerate(field_of):
            for x, cell in enumerate(row):
                fields[cell].append((y, x))
        for cell, at in fields.items():
            (top, left), (bottom, right) = at[0], at[-1]
            text = joined_texts(row.text for row in rows_of(texts[cell]))
            grid[top][left] = Cell(text, bottom - top + 1, right - left + 1)
            whole = whole and len(at) == (bottom - top + 1) * (right - left + 1)
        return Grid(tuple(map(tuple, grid)), (), tuple(self.xs), page, whole)

    def _cells(self, rows: int, columns: int) -> list[list[int]]:
        """For each field, rows from the top, the number of its cell."""
        fields = _Joined(rows * columns)
        downs, acrosses = _covering(self.xs, self.down), _covering(self.ys, self.across)
        for y in range(rows):
            middle = (self.ys[rows - y - 1] + self.ys[rows - y]) // 2
            for x in range(columns):
                here = y * columns + x
                if x + 1 < columns and not _covers(downs[x + 1], middle):
                    fields.join(here, here + 1)
                if y + 1 < rows and not _covers(acrosses[rows - y - 1], (self.xs[x] + self.xs[x + 1]) // 2):
                    fields.join(here, here + columns)
        return [[fields.lead(y * columns + x) for x in range(columns)] for y in range(rows)]


def _covering(edges: Sequence[int], strokes: Iterable[Stroke]) -> list[list[Stroke]]:
    found: list[list[Stroke]] = [[] for _ in edges]
    for stroke in strokes:
        found[min(range(len(edges)), key=lambda at: abs(edges[at] - stroke.at))].append(stroke)
    return found


def _covers(strokes: Iterable[Stroke], at: int) -> bool:
    return any(one.start <= at <= one.end for one in strokes)


def _apart(values: Iterable[int]) -> list[int]:
    """Ascending, those that are near each other once."""
    found: list[int] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def too_many_strokes(page: Page) -> bool:
    return any(len(one) > MOST_STROKES and len(merged(one)) > MOST_STROKES for one in (page.across, page.down))


def _grids(page: Page) -> Iterator[_Ruled]:
    """The tables of a page: strokes that meet, directly or by others."""
    if too_many_strokes(page):
        return
    across, down = merged(page.across), merged(page.down)
    groups = _Joined(len(across) + len(down))
    for at, line in enumerate(across):
        for beside, other in enumerate(down, len(across)):
            if other.start - _NEAR <= line.at <= other.end + _NEAR and line.start - _NEAR <= other.at <= line.end + _NEAR:
                groups.join(at, beside)
    members = defaultdict[int, tuple[list[Stroke], list[Stroke]]](lambda: ([], []))
    for at in range(len(across) + len(down)):
        is_down = at >= len(across)
        members[groups.lead(at)][is_down].append(down[at - len(across)] if is_down else across[at])
    for lines, others in members.values():
        if lines and others and (found := _Ruled(lines, others)).is_table:
            yield found


def merged(strokes: Iterable[Stroke]) -> list[Stroke]:
    """Strokes that lie on each other, or go on where another ends, as one."""
    found: list[Stroke] = []
    by_place = sorted(strokes, key=lambda one: one.at)
    first = 0
    for last in range(1, len(by_place) + 1):
        if last < len(by_place) and by_place[last].at - by_place[first].at <= _NEAR // 2:
            continue
        for stroke in sorted(by_place[first:last], key=lambda one: one.start):
            if found and found[-1].at >= by_place[first].at and stroke.start <= found[-1].end + _NEAR:
                found[-1] = found[-1]._replace(end=max(found[-1].end, stroke.end))
            else:
                found.append(stroke)
        first = last
    return [one for one in found if one.end - one.start >= _SHORTEST]
