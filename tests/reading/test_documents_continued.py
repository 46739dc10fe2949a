"""Parts of tables on the pages of a PDF: which go on, with what edges, and which are lost."""

from __future__ import annotations

from perfeval.model.document import in_words
from perfeval.reading.documents.continued import put_together
from perfeval.reading.documents.pieces import Cell, Grid, Line, Piece, assembled

TITLES = ("二级指标", "三级指标", "权重", "得分")
EDGES = (0, 10_000, 20_000, 30_000, 40_000)


def part(page: int, *rows: tuple[str, ...], edges: tuple[int, ...] = EDGES) -> Grid:
    cells = tuple(tuple(Cell(text) for text in row) for row in rows)
    return Grid(cells, tuple(f"第{page}页第{at}行" for at in range(1, len(rows) + 1)), edges, page)


def texts(piece: Piece) -> list[list[str]]:
    assert isinstance(piece, Grid)
    return [[cell.text if cell else "" for cell in row] for row in piece.rows]


FIRST = part(1, TITLES, ("过程", "到位率", "2", "1"))
ROW = ("产出", "数量", "3", "3")


def test_a_table_that_goes_on_without_titles() -> None:
    (found,) = put_together([FIRST, part(2, ROW)])
    assert texts(found) == [list(TITLES), ["过程", "到位率", "2", "1"], list(ROW)]
    assert isinstance(found, Grid)
    assert found.spots == ("第1页第1行", "第1页第2行", "第2页第1行")
    (found,) = put_together([FIRST, part(2, ROW), part(3, TITLES, ROW), part(4, TITLES)])
    assert len(texts(found)) == 4


def test_other_tables() -> None:
    """On one page, a page further, of other widths, with titles of their own: two tables, and nothing is lost."""
    others = [
        part(1, ROW),
        part(3, ROW),
        part(2, ("三级指标", "分值", "得分", "得分率"), ROW),
        part(2, ("姓名", "职务"), edges=(5_000, 20_000, 35_000)),
    ]
    for other in others:
        assert put_together([FIRST, other]) == [FIRST, other]
    assert len(put_together([FIRST, Line("表 2 人员", "第2页第1行"), part(2, ROW)])) == 3
    assert put_together([Line("一", ""), part(1, ROW)]) == [Line("一", ""), part(1, ROW)]


def test_what_seems_lost_is_told() -> None:
    """As many columns and no titles, and yet of another width: the table above is not whole."""
    shifted = tuple(edge + 4_000 for edge in EDGES)
    first, second = put_together([FIRST, part(2, ROW, edges=shifted)])
    assert isinstance(first, Grid) and isinstance(second, Grid)
    assert (first.whole, second.whole) == (False, True)
    people = part(1, ("姓名", "职务", "分工", "电话"), ("甲", "组长", "统筹", "无"))
    assert put_together([people, part(2, ROW, edges=shifted)])[0] == people


def test_edges_that_one_page_lacks() -> None:
    """All rows of a page may be merged where on the other they are not."""
    (found,) = put_together([FIRST, part(2, ("合计", "5", "4"), edges=(100, 19_900, 30_100, 40_200))])
    assert isinstance(found, Grid)
    assert texts(found)[2] == ["合计", "", "5", "4"]
    total = found.rows[2][0]
    assert total is not None
    assert total.columns == 2
    (found,) = put_together([part(1, ("三级指标", "权重", "得分"), ("甲", "1", "1"), edges=(0, 20_000, 30_000, 40_000)), part(2, ROW)])
    assert texts(found)[2] == list(ROW)
    below = part(2, ROW, ("", "合格率", "2", "2"))
    covered = below._replace(rows=(below.rows[0], (None, *below.rows[1][1:])))
    (found,) = put_together([part(1, ("三级指标", "权重", "得分"), ("甲", "1", "1"), edges=(0, 20_000, 30_000, 40_000)), covered])
    assert texts(found)[3] == ["", "合格率", "2", "2"]
    assert texts(found)[0] == ["三级指标", "", "权重", "得分"]


def test_a_row_cut_by_the_page() -> None:
    """With its numbers on either page. Where no column is one of numbers, rows stay as they are."""
    titles = ("三级指标", "评分标准", "权重", "得分")
    for upper, lower in (
        (("到位率", "按时到位得", "2", "1"), ("", "满分", "", "")),
        (("到位", "按时到位得", "", ""), ("率", "满分", "2", "1")),
    ):
        (found,) = put_together([part(1, titles, upper), part(2, lower, ROW)])
        assert texts(found)[1:] == [["到位率", "按时到位得满分", "2", "1"], list(ROW)]
    plain = part(1, ("姓名", "职务", "分工", "电话"), ("甲", "组长", "统筹", "无"))
    (found,) = put_together([plain, part(2, ("乙", "", "", ""))])
    assert len(texts(found)) == 3


def test_places_of_a_table_in_two_parts() -> None:
    pieces = put_together([Line("表 1 得分表", "第1页第1行"), FIRST, part(2, TITLES, ROW)])
    document = assembled("r.pdf", pieces, broken=True).document
    (table,) = document.tables
    assert (table.caption, table.line) == ("表 1 得分表", 2)
    score = table.rows[2][3]
    assert score is not None
    assert str(document.where_cell(score)) == "r.pdf!第2页第2行"
    assert document.where_line(99) == ("r.pdf", 99, 1, "", 1, "")
    assert in_words(document.where_line(99)) == "第 99 行 (line 99)"
