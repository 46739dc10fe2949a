"""Reports made by code: one list of blocks as a text file, a Word file and a PDF. What each says is the same."""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple

from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import Flowable, PageBreak, SimpleDocTemplate
from reportlab.platypus import Paragraph as Printed
from reportlab.platypus import Table as PrintedTable

FONT = "STSong-Light"
registerFont(UnicodeCIDFont(FONT))
BODY = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=20, wordWrap="CJK", firstLineIndent=24)
FLUSH = ParagraphStyle("flush", parent=BODY, firstLineIndent=0)
CELL = ParagraphStyle("cell", parent=FLUSH, fontSize=10, leading=13)


class Heading(NamedTuple):
    text: str
    level: int = 1


class Text(NamedTuple):
    text: str


class Page(NamedTuple):
    """A new page begins (in print)."""


class Table(NamedTuple):
    """Rows of texts; None goes on with the cell above, `<` with the one on the left. `names`: how many columns are indicators."""

    caption: str
    rows: list[list[str | None]]
    names: int
    widths: list[int]

    def spans(self) -> list[tuple[int, int, int, int]]:
        """Of each cell that covers others: column and row of its first and its last field."""
        found = []
        for y, row in enumerate(self.rows):
            for x, text in enumerate(row):
                if text in (None, "<"):
                    continue
                right, low = x, y
                while right + 1 < len(row) and row[right + 1] == "<":
                    right += 1
                while low + 1 < len(self.rows) and self.rows[low + 1][x] is None:
                    low += 1
                if (right, low) != (x, y):
                    found.append((x, y, right, low))
        return found


Block = Heading | Text | Page | Table

REPORT: list[Block] = [
    Text("乡村道路养护补助资金"),
    Text("绩效评价报告"),
    Heading("一、基本情况"),
    Heading("（一）项目概况", 2),
    Text(
        "乡村道路养护补助资金由县财政局会同县交通运输局管理，用于补助各乡镇对通村道路的日常养护。2022 年共下达资金 86.4 万元，实际支出 86.4 元，"
        "资金全部按照进度拨付到各乡镇，养护道路 120 公里。本次评价依据《财政支出绩效评价管理暂行办法》开展，评价组先后到六个乡镇实地查看，"
        "发放问卷 200 份。"
    ),
    Heading("（二）评价过程", 2),
    Text("现场实施阶段（2023 年 9 月 11 日—2022 年 9 月 25 日）：评价组查阅资料，走访群众。"),
    Heading("二、评价结论"),
    Text("本项目总得分为 86.5 分，绩效评级为“良”。各指标得分见表 2-1。"),
    Table(
        "表 2-1 指标得分汇总表",
        [
            ["一级指标", "二级指标", "三级指标", "权重", "得分", "得分率"],
            ["项目决策（20 分）", "项目立项（10 分）", "立项依据充分性", "5", "5", "100%"],
            [None, None, "立项程序规范性", "5", "4", "80%"],
            [None, "绩效目标（10 分）", "绩效目标合理性", "10", "7.5", "70%"],
            ["项目过程（30 分）", "资金管理（15 分）", "资金到位率", "10", "10", "100%"],
            [None, None, "预算执行率", "10", "10", "100%"],
            [None, "组织实施（10 分）", "养护管理制度健全性", "10", "8", "80%"],
            ["项目产出（50 分）", "产出数量（50 分）", "养护里程", "30", "27", "90%"],
            [None, None, "养护合格率", "20", "15", "75%"],
            ["合计", "<", "<", "100", "86.5", "86.5%"],
        ],
        3,
        [80, 90, 110, 50, 50, 55],
    ),
    Heading("四、指标分析"),
    Text("项目过程由 2 个二级指标和 4 个三级指标组成，共计 30 分，实际得分 28 分，得分率 93.33%，具体情况如表 2-2 所示："),
    Table(
        "表 2-2 过程类指标得分情况汇总表",
        [
            ["一级指标", "二级指标", "三级指标", "权重", "分值", "得分率"],
            ["项目过程（30 分）", "资金管理（20 分）", "资金到位率", "10", "10", "100%"],
            [None, None, "预算执行率", "10", "10", "100%"],
            [None, "组织实施（10 分）", "养护管理制度健全性", "10", "8", "85%"],
            ["合计", "<", "<", "30", "28", "93.33%"],
        ],
        3,
        [80, 90, 110, 50, 50, 55],
    ),
    Text("“预算执行率”指标权重 10 分，得分 9 分，得分率为 90%。"),
]


def as_text(blocks: list[Block], full: int = 32) -> bytes:
    """As a text file that was taken from a page: broken lines, and of a table words and lines."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Heading):
            lines.append(block.text)
        elif isinstance(block, Text):
            lines += [block.text[at : at + full].strip() for at in range(0, len(block.text), full)]
        elif isinstance(block, Table):
            lines += _flat(block)
    return ("\n".join(lines) + "\n").encode()


def _flat(table: Table) -> list[str]:
    lines = [table.caption, " ".join(map(str, table.rows[0]))]
    for row in table.rows[1:]:
        groups = [text.replace(" ", "") for text in row[: table.names - 1] if text not in (None, "<")]
        rest = [text for text in row[table.names - 1 :] if text not in (None, "<")]
        is_sum = row[0] == "合计"
        lines += [] if is_sum else groups
        lines.append(" ".join([*(groups if is_sum else []), *rest]))
    return lines


def as_word(blocks: list[Block]) -> bytes:
    document = Document()
    for block in blocks:
        if isinstance(block, Heading):
            document.add_paragraph(block.text, style=f"Heading {block.level}")
        elif isinstance(block, Text):
            document.add_paragraph(block.text)
        elif isinstance(block, Page):
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        else:
            document.add_paragraph(block.caption)
            _word_table(document, block)
    return saved(document)


def _word_table(document: object, block: Table) -> None:
    table = document.add_table(len(block.rows), len(block.rows[0]))
    table.style = "Table Grid"
    for y, row in enumerate(block.rows):
        for x, text in enumerate(row):
            if text not in (None, "<", ""):
                table.cell(y, x).text = text
    for left, top, right, low in block.spans():
        table.cell(top, left).merge(table.cell(low, right))
    table.rows[0]._tr.get_or_add_trPr().append(document.element.makeelement(qn("w:tblHeader"), {}))


def saved(document: object) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def as_pdf(blocks: list[Block], height: float = A4[1], heads: bool = True) -> bytes:
    """With a running head and page numbers. Tables go on over pages, with their titles again."""
    file = BytesIO()
    page = SimpleDocTemplate(file, pagesize=(A4[0], height), leftMargin=70, rightMargin=70, topMargin=70, bottomMargin=70, invariant=1)

    def head(canvas: object, document: object) -> None:
        canvas.setFont(FONT, 9)
        canvas.drawString(70, height - 40, f"某某会计师事务所 评价报告 {document.page}")
        canvas.drawCentredString(A4[0] / 2, 40, f"- {document.page} -")

    flow: list[Flowable] = []
    for block in blocks:
        if isinstance(block, Heading):
            flow.append(Printed(block.text, FLUSH))
        elif isinstance(block, Text):
            flow.append(Printed(block.text, BODY))
        elif isinstance(block, Page):
            flow.append(PageBreak())
        else:
            flow += [Printed(block.caption, FLUSH), _pdf_table(block)]
    drawn = head if heads else (lambda canvas, document: None)
    page.build(flow, onFirstPage=drawn, onLaterPages=drawn)
    return file.getvalue()


def _pdf_table(block: Table) -> PrintedTable:
    cells = [[Printed(text, CELL) if text not in (None, "<") else "" for text in row] for row in block.rows]
    spans = [("SPAN", (left, top), (right, low)) for left, top, right, low in block.spans()]
    return PrintedTable(cells, block.widths, repeatRows=1, style=[("GRID", (0, 0), (-1, -1), 0.5, "black"), *spans])
