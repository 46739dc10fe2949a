"""PDF reports: ruled tables, page breaks, heads and page numbers, paragraphs, what cannot be read."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from perfeval.model.document import Document, PrintedTable
from perfeval.problems import Fault
from perfeval.reading.documents import not_read, report_from
from perfeval.reading.documents.pdf import read_pdf
from perfeval.reading.documents.pdf_page import MOST_STROKES, Page, Sign, Stroke, merged, pieces_of
from perfeval.reading.documents.pieces import Grid, Line
from reading.documents_made import FONT, REPORT, Table, as_pdf, as_word


def read(data: bytes) -> Document:
    return read_pdf("report.pdf", data)


def plain(table: PrintedTable) -> list[list[str]]:
    return [[re.sub(r"\s", "", cell.text) if cell else "" for cell in row] for row in table.rows]


WANTED = [
    [["" if text in (None, "<") else re.sub(r"\s", "", text) for text in row] for row in one.rows]
    for one in REPORT
    if isinstance(one, Table)
]


@pytest.mark.parametrize("height", range(260, 830, 45))
def test_tables_over_page_breaks(height: int) -> None:
    """Wherever a page ends, within groups and rows too, the tables are those of the report, and so is the text."""
    document = read(as_pdf(REPORT, height))
    assert [plain(one) for one in document.tables] == WANTED
    assert all(one.whole for one in document.tables)
    assert not not_read(document)
    assert not re.search(r"会计师事务所|- \d -", "\n".join(document.lines))
    word = report_from("report.docx", as_word(REPORT)).document
    same = [re.sub(r"\s", "", one.text) for one in word.paragraphs if "|" not in one.text]
    assert [re.sub(r"\s", "", one.text) for one in document.paragraphs if "|" not in one.text] == same


def test_places() -> None:
    document = read(as_pdf(REPORT, 420))
    rate = document.tables[0].rows[3][5]
    assert rate is not None
    where = document.where_cell(rate)
    assert (where.cell, where.quote[where.column - 1 :][: where.width]) == ("第2页第6行", "70%")
    assert document.tables[0].spot == "第2页第3行"


def drawn(*pages: list[tuple[float, float, str]], lines: list[tuple[float, float, float, float]] = ()) -> bytes:
    """A PDF with texts at places of its pages, and lines on each."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(600, 800), invariant=1)
    for texts in pages:
        canvas.setFont(FONT, 12)
        for x, y, text in texts:
            canvas.drawString(x, y, text)
        for line in lines:
            canvas.line(*line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


LONG = "本项目由县财政局会同县交通运输局管理，用于补助各乡镇对通村道路的日常养护工作"


def test_paragraphs() -> None:
    """A line that stands in begins a paragraph, so does one below a line that ends early; others go on, over pages too."""
    long = [LONG.replace("工作", sign * 2) for sign in "甲乙丙丁戊己"]
    first = [(94, 700, long[0][:-2]), (70, 680, long[1]), (70, 660, "到此为止"), (70, 640, long[2]), (70, 620, long[3])]
    second = [(70, 700, "接着写完。"), (94, 680, long[4][:-2]), (70, 660, long[5]), (70, 640, f"{LONG[:-1]}。"), (70, 620, LONG)]
    wanted = [
        long[0][:-2] + long[1] + "到此为止",
        long[2] + long[3] + "接着写完。",
        long[4][:-2] + long[5] + LONG[:-1] + "。",
        LONG,
    ]
    assert [one.text for one in read(drawn(first, second)).paragraphs] == wanted


def test_blanks_and_signs_printed_twice() -> None:
    document = read(drawn([(70, 700, "表头"), (120, 700, "另一格"), (70.4, 700, "表头"), (70, 690.5, "下一行也在这里")]))
    assert document.lines == ("表头 另一格", "下一行也在这里")


def test_what_stands_askew_is_left_out() -> None:
    file = BytesIO()
    canvas = Canvas(file, invariant=1)
    canvas.setFont(FONT, 12)
    canvas.drawString(70, 700, "正文写在这里，共二十个字以上才算一页文字。")
    canvas.rotate(45)
    canvas.drawString(300, 300, "内部资料")
    canvas.showPage()
    canvas.save()
    assert read(file.getvalue()).lines == ("正文写在这里，共二十个字以上才算一页文字。",)


def test_lines_of_all_kinds_make_a_table() -> None:
    """Strokes, thin boxes, boxes with an outline, lines in forms; slanting lines, curves, dots and shades do not."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(600, 800), invariant=1)
    canvas.setFont(FONT, 12)
    canvas.beginForm("lines")
    canvas.rect(100, 600, 300, 100, stroke=1, fill=0)
    canvas.endForm()
    canvas.doForm("lines")
    canvas.rect(249, 600, 1, 100, stroke=0, fill=1)
    canvas.line(100, 650, 400, 650)
    canvas.setFillGray(0.9)
    canvas.rect(100, 650, 150, 50, stroke=0, fill=1)
    canvas.setFillGray(0)
    canvas.line(100, 700, 250, 650)
    canvas.bezier(300, 620, 320, 680, 340, 680, 360, 620)
    canvas.rect(330, 610, 1, 1, stroke=1, fill=0)
    for x, y, text in ((110, 670, "指标"), (260, 670, "得分"), (110, 620, "到位率"), (260, 620, "5")):
        canvas.drawString(x, y, text)
    canvas.showPage()
    canvas.save()
    (table,) = read(file.getvalue()).tables
    assert plain(table) == [["指标", "得分"], ["到位率", "5"]]


def signs(x: int, y: int, text: str) -> list[Sign]:
    return [Sign(sign, *(100 * one for one in (x + 10 * at, y, x + 10 * at + 10, y + 10))) for at, sign in enumerate(text)]


def stroke(at: float, start: int, end: int) -> Stroke:
    return Stroke(int(100 * at), 100 * start, 100 * end)


def page(text: list[Sign], across: list[Stroke], down: list[Stroke]) -> list[Line | Grid]:
    (found,) = pieces_of([Page(1, 600, text, across, down)])
    return found


def grid(xs: list[int], ys: list[int]) -> tuple[list[Stroke], list[Stroke]]:
    return [stroke(y, xs[0], xs[-1]) for y in ys], [stroke(x, ys[0], ys[-1]) for x in xs]


def test_open_sides_and_merged_fields() -> None:
    """A table without lines at its left and right; two fields without a line between them are one cell."""
    across, down = grid([0, 100, 200, 300], [0, 20, 40, 60])
    text = [
        *signs(10, 45, "甲"),
        *signs(110, 45, "乙"),
        *signs(210, 45, "丙"),
        *signs(10, 25, "丁"),
        *signs(110, 5, "戊"),
        *signs(210, 5, "己"),
    ]
    (found,) = page(text, across, down[1:3])
    assert isinstance(found, Grid)
    assert found.whole
    (found,) = page(text, [across[0], stroke(20, 100, 300), *across[2:]], [*down[:2], stroke(200, 20, 60), down[3]])
    assert isinstance(found, Grid)
    first, last = found.rows[1][0], found.rows[2][1]
    assert first is not None and last is not None
    assert (first.text, first.rows, first.columns) == ("丁", 2, 1)
    assert (last.text, last.rows, last.columns) == ("戊 己", 1, 2)
    assert found.rows[2] == (None, last, None)


def test_a_cell_that_is_no_rectangle() -> None:
    """The table is not whole, and that is told."""
    across, down = grid([0, 100, 200], [0, 20, 40])
    (found,) = page(signs(10, 5, "甲"), [across[0], stroke(20, 100, 200), across[2]], [down[0], stroke(100, 20, 40), down[2]])
    assert isinstance(found, Grid)
    assert not found.whole


def test_frames_and_drawings_are_no_tables() -> None:
    """A frame around text, a single line, a page full of lines: what stands there are lines."""
    text = signs(10, 5, "甲乙")
    assert [type(one) for one in page(text, *grid([0, 300], [0, 20, 40]))] == [Line]
    assert [type(one) for one in page(text, [stroke(0, 0, 300)], [])] == [Line]
    many = [stroke(5 * at, 0, 9000) for at in range(MOST_STROKES + 1)]
    assert [type(one) for one in page(text, many, grid([0, 100, 300], [0, 20])[1])] == [Line]
    assert page([], [], []) == []


def test_strokes_that_lie_on_each_other() -> None:
    assert merged([stroke(10, 0, 50), stroke(10.5, 52, 90), stroke(10, 20, 40), stroke(10, 200, 300), stroke(30, 0, 2)]) == [
        stroke(10, 0, 90),
        stroke(10, 200, 300),
    ]
    assert merged([]) == []


@pytest.mark.parametrize("password", ["open", ""])
def test_an_encrypted_file(password: str) -> None:
    """One that takes a password to open is told; one that only forbids printing is read."""
    file = BytesIO()
    canvas = Canvas(file, invariant=1, encrypt=StandardEncryption(password, "owner", strength=128))
    canvas.drawString(70, 700, "In all 88.5 points, good.")
    canvas.save()
    if not password:
        assert read(file.getvalue()).lines == ("In all 88.5 points, good.",)
        return
    with pytest.raises(Fault) as raised:
        read(file.getvalue())
    assert raised.value.kind.name == "report-encrypted"


def test_scans() -> None:
    """No page with text: refused. Some pages without text: told, and so is a page full of lines."""
    with pytest.raises(Fault) as raised:
        read(drawn([], []))
    assert (raised.value.kind.name, raised.value.values["pages"]) == ("report-scanned", "2")
    document = read(drawn([], [(70, 700, LONG)], [], []))
    assert [(problem.kind.name, problem.message("zh")) for problem in not_read(document)] == [
        ("report-in-part", "报告没有全部读到：第 1, 3-4 页没有可读的文字。没读到的没有审查。")
    ]
    many = [(50, 5 + 0.75 * at * 5, 500, 5 + 0.75 * at * 5) for at in range(MOST_STROKES + 1)]
    (problem,) = not_read(read(drawn([(70, 700, LONG)], lines=many)))
    assert "第 1 页线条太多" in problem.message("zh")


def test_a_file_without_pages_and_broken_ones() -> None:
    for data in (b"%PDF-1.4", as_pdf(REPORT)[:3000], bare_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>")):
        with pytest.raises(Fault) as raised:
            read(data)
        assert raised.value.kind.name == "report-broken"


def bare_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first the catalogue."""
    out, offsets = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end
