"""Tables that go over page breaks, put together again: repeated titles go, rows cut in two become one.

Two grids are one table where the second begins with the titles of the first, or 续表 stands between them; on the pages of a
PDF also where one ends a page, the other begins the next, and their outer edges agree. A row is the rest of the one above
where one of the two lacks all numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from perfeval.reading.documents.flattened_words import NAMES, NUMBERS
from perfeval.reading.documents.pieces import Cell, Cells, Grid, Line, Piece, joined_texts

_AGAIN = re.compile(r"(?:续\s*(?:上\s*)?表|表|附[件表]).{0,40}")
_CONTINUED = re.compile(r"续\s*(?:上\s*)?表|[（(]\s*(?:续|接上表)\s*[)）]")
_NEAR = 500  # by which edges may differ, in hundredths of a point


def put_together(pieces: Iterable[Piece]) -> list[Piece]:
    """The same pieces, each table in one grid."""
    found: list[Piece] = []
    for piece in pieces:
        above = _grid_above(found) if isinstance(piece, Grid) else None
        if above is None or not isinstance(piece, Grid):
            found.append(piece)
            continue
        at, told = above
        first = found[at]
        assert isinstance(first, Grid)
        both = _joined(first, piece, told)
        if both is None:
            found[at] = first._replace(whole=first.whole and not _is_lost(first, piece))
            found.append(piece)
        else:
            found[at:] = [both]
    return found


def _grid_above(found: Sequence[Piece]) -> tuple[int, bool] | None:
    """Where the grid stands that another may go on, and whether 续表 is said between them."""
    if found and isinstance(found[-1], Grid):
        return len(found) - 1, False
    if len(found) > 1 and isinstance(found[-2], Grid) and isinstance(found[-1], Line):
        text = found[-1].text
        if len(text) < 50 and _AGAIN.fullmatch(text) and _CONTINUED.search(text):
            return len(found) - 2, True
    return None


def _joined(first: Grid, second: Grid, told: bool) -> Grid | None:
    """One grid of two, or nothing where they are two tables."""
    over_page = bool(first.page) and second.page == first.page + 1 and _same_width(first, second)
    if first.page and not over_page:
        return None
    first, second = _aligned(first, second)
    if len(first.rows[0]) != len(second.rows[0]):
        return None
    high = _high(first.rows)
    repeats = _texts(first.rows[:high]) == _texts(second.rows[:high])
    if not repeats and not told and not over_page:
        return None
    if not repeats and not told and _is_titles(second.rows[0]):
        return None
    rows, spots = (second.rows[high:], second.spots[high:]) if repeats else (second.rows, second.spots)
    edges = first.edges
    whole = first.whole and second.whole
    if not rows:
        return Grid(first.rows, first.spots, edges, second.page, whole)
    numbers = _number_columns(first.rows[:high])
    above, next_row = _with_groups(first.rows, rows[0], first.rows[:high])
    if len(above) > high and _is_rest(above[-1], next_row, numbers):
        above, next_row, spots = above[:-1], _one_row(above[-1], next_row), (first.spots[-1], *spots[1:])
    return Grid((*above, next_row, *rows[1:]), (*first.spots[: len(above)], *spots), edges, second.page, whole)


def _is_lost(first: Grid, second: Grid) -> bool:
    """Whether a table that is not joined looks like the rest of one all the same: the one above has then lost it."""
    if not first.page or second.page != first.page + 1 or len(first.rows[0]) != len(second.rows[0]):
        return False
    return bool(_number_columns(first.rows[: _high(first.rows)])) and not _is_titles(second.rows[0])


def _high(rows: Sequence[Cells]) -> int:
    """How many rows the titles take."""
    return min(max((cell.rows for cell in rows[0] if cell), default=1), len(rows))


def _texts(rows: Sequence[Cells]) -> list[list[str]]:
    return [[re.sub(r"\s", "", cell.text) if cell else "" for cell in cells] for cells in rows]


def _is_titles(cells: Cells) -> bool:
    """Two of them are needed: 满分 may also be the rest of a sentence."""
    return sum(bool(NUMBERS.fullmatch(text) or NAMES.fullmatch(text)) for text in _texts([cells])[0]) > 1


def _number_columns(titles: Sequence[Cells]) -> list[int]:
    texts = _texts(titles)
    return [at for at in range(len(titles[0])) if any(NUMBERS.fullmatch(row[at]) for row in texts)]


def _is_rest(above: Cells, below: Cells, numbers: Sequence[int]) -> bool:
    """Whether a row is the rest of the one above, cut by the page."""
    if not numbers or any(cell and cell.text and cell.columns > len(below) // 2 for cell in (*above, *below)):
        return False
    return not all(any((cell := row[at]) is not None and cell.text for at in numbers) for row in (above, below))


def _one_row(above: Cells, below: Cells) -> Cells:
    return tuple(_one_cell(upper, lower) for upper, lower in zip(above, below, strict=True))


def _one_cell(upper: Cell | None, lower: Cell | None) -> Cell | None:
    if upper is None or lower is None:
        return upper or lower
    text = joined_texts([upper.text, lower.text])
    return upper._replace(text=text, marks=(*upper.marks, *(mark.moved(len(text) - len(lower.text)) for mark in lower.marks)))


def _with_groups(above: tuple[Cells, ...], first: Cells, titles: Sequence[Cells]) -> tuple[tuple[Cells, ...], Cells]:
    """A group's cell on the next page that says again what it said, or goes on with its points, is the cell above."""
    rows, rest = list(above), list(first)
    for at in _group_columns(titles):
        begun = next((number for number in reversed(range(len(titles), len(rows))) if (cell := rows[number][at]) and cell.text), None)
        below = first[at]
        if begun is None or below is None or not below.text:
            continue
        group = rows[begun][at]
        assert group is not None
        if _texts([(group,)]) == _texts([(below,)]):
            rest[at] = None
        elif re.match(r"[（(]\d", below.text):
            rows[begun] = (*rows[begun][:at], _one_cell(group, below), *rows[begun][at + 1 :])
            rest[at] = None
    return tuple(rows), tuple(rest)


def _group_columns(titles: Sequence[Cells]) -> list[int]:
    return [at for at in range(len(titles[0])) if any(NAMES.fullmatch(row[at]) for row in _texts(titles))][:-1]


def _same_width(first: Grid, second: Grid) -> bool:
    return abs(first.edges[0] - second.edges[0]) < _NEAR and abs(first.edges[-1] - second.edges[-1]) < _NEAR


def _aligned(first: Grid, second: Grid) -> tuple[Grid, Grid]:
    """Both with the column edges of both: on one page all rows may be merged where on the other they are not."""
    if not first.edges or len(first.edges) == len(second.edges):
        return first, second
    edges = list[int]()
    for edge in sorted((*first.edges, *second.edges)):
        if not edges or edge - edges[-1] > _NEAR:
            edges.append(edge)
    return _with_edges(first, edges), _with_edges(second, edges)


def _with_edges(grid: Grid, edges: Sequence[int]) -> Grid:
    at = [min(range(len(edges)), key=lambda one: abs(edges[one] - edge)) for edge in grid.edges]
    rows = list[Cells]()
    for cells in grid.rows:
        wide: list[Cell | None] = [None] * (len(edges) - 1)
        for column, cell in enumerate(cells):
            if cell is not None:
                wide[at[column]] = cell._replace(columns=at[column + cell.columns] - at[column])
        rows.append(tuple(wide))
    return grid._replace(rows=tuple(rows), edges=tuple(edges))
