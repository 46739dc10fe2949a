"""Word reports: merged cells, tables in two pieces, what prints and what does not, numbers that Word counts."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from docx import Document as Made
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from perfeval.model.document import Document, PrintedTable, in_words
from perfeval.problems import Fault
from perfeval.reading.documents.word import read_word
from reading.documents_made import REPORT, Heading, Table, Text, as_word, saved

TITLES = ["一级指标", "二级指标", "权重", "得分"]
W = nsdecls("w")


def read(data: bytes) -> Document:
    return read_word("report.docx", data).document


def made(change: Callable[[object], None]) -> Document:
    """A Word file that begins with 开头, changed."""
    document = Made()
    document.add_paragraph("开头")
    change(document)
    return read(saved(document))


def body(*xml: str) -> Document:
    """A Word file with this in its body."""

    def change(document: object) -> None:
        for one in xml:
            document.element.body.append(parse_xml(one))

    return made(change)


def paragraph(inner: str, props: str = "") -> str:
    return f"<w:p {W}><w:pPr>{props}</w:pPr>{inner}</w:p>"


def run(text: str, props: str = "") -> str:
    return f"<w:r><w:rPr>{props}</w:rPr><w:t>{text}</w:t></w:r>"


def row(*cells: str, props: str = "") -> str:
    return f"<w:tr><w:trPr>{props}</w:trPr>{''.join(cells)}</w:tr>"


def cell(text: str, props: str = "") -> str:
    return f"<w:tc><w:tcPr>{props}</w:tcPr><w:p>{run(text) if text else ''}</w:p></w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl {W}>{''.join(rows)}</w:tbl>"


def texts(table: PrintedTable) -> list[list[str]]:
    return [[one.text if one else "" for one in line] for line in table.rows]


def lines(document: Document) -> list[str]:
    return [one.text for one in document.paragraphs]


def test_a_report() -> None:
    document = read(as_word(REPORT))
    first, second = document.tables
    assert [one.text for one in document.headings()] == [one.text for one in REPORT if isinstance(one, Heading)]
    assert [one.level for one in document.headings()] == [one.level for one in REPORT if isinstance(one, Heading)]
    assert (first.caption, first.whole, first.spot) == ("表 2-1 指标得分汇总表", True, "表1第1行")
    wanted = next(one for one in REPORT if isinstance(one, Table))
    assert texts(first) == [["" if text in (None, "<") else text for text in one] for one in wanted.rows]
    decision = first.rows[1][0]
    assert decision is not None
    assert (decision.rows, decision.columns) == (3, 1)
    total = first.rows[-1][0]
    assert total is not None
    assert (total.rows, total.columns) == (1, 3)
    assert second.caption == "表 2-2 过程类指标得分情况汇总表"


def test_places() -> None:
    """A paragraph and a row of a table is a line; its spot says where people find it."""
    document = read(as_word(REPORT))
    conclusion = next(one for one in document.paragraphs if "86.5 分" in one.text)
    where = document.where(conclusion, 8, 14)
    assert (where.cell, where.quote[where.column - 1 :][: where.width]) == ("第9段", "86.5 分")
    rate = document.tables[0].rows[4 - 1][5]
    assert rate is not None
    where = document.where_cell(rate)
    assert (where.cell, where.quote[where.column - 1 :][: where.width]) == ("表1第4行", "70%")
    assert in_words(where) == "表1第4行"


def test_merged_cells_as_word_writes_them() -> None:
    """gridSpan, vMerge, rows that begin or end within the grid, a merge that nothing began."""
    span, restart, on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    (found,) = body(
        table(
            row(*map(cell, TITLES)),
            row(cell("过程", restart), cell("到位率"), cell("2"), cell("1")),
            row(cell("过程", on), cell("执行率"), cell("3"), cell("2")),
            row(cell("合计", span), cell("5"), cell("3")),
            row(cell("无主", on), cell("x"), cell("1"), cell("1")),
            row(cell("中间"), props='<w:gridBefore w:val="1"/><w:gridAfter w:val="2"/>'),
            row(cell("坏", '<w:gridSpan w:val="many"/>'), cell("y"), cell("1")),
        )
    ).tables
    assert texts(found)[1:] == [
        ["过程", "到位率", "2", "1"],
        ["", "执行率", "3", "2"],
        ["合计", "", "5", "3"],
        ["", "x", "1", "1"],
        ["", "中间", "", ""],
        ["坏", "y", "1", ""],
    ]
    assert found.whole


def test_titles_over_several_rows_and_a_title_row() -> None:
    """A row from edge to edge is the caption; of two rows of titles the lower one tells columns apart."""
    across, two, restart, on = '<w:gridSpan w:val="4"/>', '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    document = body(
        table(
            row(cell("表 1 得分表", across)),
            row(cell("一级指标", restart), cell("二级指标", restart), cell("分数", two)),
            row(cell("", on), cell("", on), cell("权重"), cell("得分")),
            row(cell("过程"), cell("到位率"), cell("2"), cell("1")),
        )
    )
    (found,) = document.tables
    assert found.caption == "表 1 得分表"
    assert texts(found) == [TITLES, ["过程", "到位率", "2", "1"]]
    assert "表 1 得分表" in lines(document)


def test_wrapped_names_and_breaks_in_cells() -> None:
    broken = "<w:tc><w:tcPr/><w:p><w:r><w:t>财务管理制度</w:t><w:br/><w:t>健全性</w:t></w:r></w:p><w:p><w:r><w:t>（8 分）</w:t></w:r></w:p></w:tc>"
    latin = f"<w:tc><w:tcPr/><w:p>{run('over')}</w:p><w:p>{run('time')}</w:p></w:tc>"
    (found,) = body(table(row(*map(cell, TITLES)), row(broken, latin, cell("2"), cell("")))).tables
    assert texts(found)[1] == ["财务管理制度健全性（8 分）", "over time", "2", ""]


def test_a_table_in_two_pieces() -> None:
    """The titles again, or 续表 between the two: one table. Otherwise two."""
    titles = row(*map(cell, TITLES))
    first = table(titles, row(cell("过程"), cell("到位率"), cell("2"), cell("1")))
    rest = row(cell("产出"), cell("数量"), cell("3"), cell("3"))
    empty = paragraph("")
    for between in (empty, paragraph(run("续表 1 得分表")), paragraph(run("表 1 得分表（续）"))):
        (found,) = body(first, between, table(titles, rest)).tables
        assert texts(found)[1:] == [["过程", "到位率", "2", "1"], ["产出", "数量", "3", "3"]]
    (found,) = body(first, paragraph(run("续表")), table(rest)).tables
    assert len(found.rows) == 3
    assert len(body(first, empty, table(rest)).tables) == 2
    assert len(body(first, paragraph(run("表 2 另一个表")), table(titles, rest)).tables) == 2
    assert len(body(first, paragraph(run("续表")), table(row(cell("一"), cell("二")))).tables) == 2
    assert len(body(first, empty, table(titles)).tables) == 1


def test_a_row_in_two_pieces() -> None:
    """What goes on without numbers below repeated titles is the rest of the row above; a row across is not."""
    titles = ["一级指标", "三级指标", "评分标准", "权重", "得分"]
    first = table(row(*map(cell, titles)), row(cell("过程（8分）"), cell("到位率"), cell("按时到位得"), cell("2"), cell("1")))
    for group in ("", "过程（8分）"):
        rest = row(cell(group), cell(""), cell("满分"), cell(""), cell(""))
        (found,) = body(first, paragraph(""), table(row(*map(cell, titles)), rest)).tables
        assert texts(found)[1:] == [["过程（8分）", "到位率", "按时到位得满分", "2", "1"]]
    across = row(cell("以下为效益指标", '<w:gridSpan w:val="5"/>'))
    (found,) = body(first, paragraph(""), table(row(*map(cell, titles)), across)).tables
    assert texts(found)[2] == ["以下为效益指标", "", "", "", ""]


def test_a_group_in_two_pieces() -> None:
    """Its points alone on the next page, or its name once more: the group goes on."""
    first = table(row(*map(cell, TITLES)), row(cell("过程"), cell("到位率"), cell("2"), cell("1")))
    for group, told in (("（8 分）", "过程（8 分）"), ("过 程", "过程"), ("产出", "过程")):
        rest = table(row(*map(cell, TITLES)), row(cell(group), cell("执行率"), cell("6"), cell("6")))
        (found,) = body(first, paragraph(""), rest).tables
        assert texts(found)[1:] == [[told, "到位率", "2", "1"], ["产出" if group == "产出" else "", "执行率", "6", "6"]]
    bare = table(row(*map(cell, TITLES)), row(cell(""), cell("到位率"), cell("2"), cell("1")))
    rest = table(row(*map(cell, TITLES)), row(cell("（8 分）"), cell("执行率"), cell("6"), cell("6")))
    (found,) = body(bare, paragraph(""), rest).tables
    assert texts(found)[2][0] == "（8 分）"


def test_what_prints_is_read() -> None:
    """Inserted text, content controls, links, a break by hand, a hyphen, text boxes once; not what is deleted or hidden."""
    document = body(
        paragraph(
            run("一")
            + f"<w:ins>{run('二')}</w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:moveFrom>{run('移')}</w:moveFrom>"
            + f"<w:hyperlink>{run('三')}</w:hyperlink>"
            + run("藏", "<w:vanish/>")
            + run("四", '<w:vanish w:val="0"/>')
            + "<w:r><w:tab/><w:t>五</w:t><w:noBreakHyphen/><w:t>六</w:t><w:br/><w:t>七</w:t><w:instrText>PAGE</w:instrText></w:r>"
        ),
        f"<w:sdt {W}><w:sdtContent>{paragraph(run('控件里'))}</w:sdtContent></w:sdt>",
        paragraph(
            '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f"<mc:Choice><w:txbxContent>{paragraph(run('框里'))}</w:txbxContent></mc:Choice>"
            f"<mc:Fallback><w:txbxContent>{paragraph(run('框里'))}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
        ),
    )
    assert lines(document) == ["开头", "一二三四 五-六", "七", "控件里", "框里"]
    assert document.spots == ("第1段", "第2段", "第2段", "第3段", "第4段")


def test_tables_in_tables_and_frames() -> None:
    """A table of one column is a frame around text. One in a cell is a table of its own. A deleted row is none."""
    inner = table(row(cell("甲"), cell("乙")), row(cell("1"), cell("2")))
    frame = table(row(f"<w:tc><w:tcPr/>{paragraph(run('框中'))}{inner}</w:tc>"))
    nested = table(row(cell("外"), f"<w:tc><w:tcPr/><w:p/>{inner}</w:tc>"), row(cell("删"), cell("删"), props="<w:del/>"))
    document = body(frame, nested)
    assert [texts(one) for one in document.tables] == [
        [["甲", "乙"], ["1", "2"]],
        [["外", ""]],
        [["甲", "乙"], ["1", "2"]],
    ]
    assert "框中" in lines(document)
    assert body(table()).tables == ()


def test_tables_too_deep_are_left() -> None:
    deep = table(row(cell("底"), cell("底")))
    for level in range(25):
        deep = table(row(cell(f"层{level}"), f"<w:tc><w:tcPr/><w:p/>{deep}</w:tc>"))
    framed = table(row(cell("底"), cell("底")))
    for _ in range(25):
        framed = table(row(f"<w:tc><w:tcPr/>{framed}<w:p/></w:tc>"))
    assert len(body(deep).tables) == 20
    assert len(body(framed).tables) == 0


NUMBERING = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%3"/><w:isLgl/></w:lvl>
<w:lvl w:ilvl="3"><w:numFmt w:val="decimalEnclosedCircle"/><w:lvlText w:val="%4"/></w:lvl>
<w:lvl w:ilvl="4"><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%5)"/></w:lvl>
<w:lvl w:ilvl="5"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%6)"/></w:lvl>
<w:lvl w:ilvl="6"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>
</w:abstractNum>
<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
<w:num w:numId="5"><w:abstractNumId w:val="99"/></w:num>
</w:numbering>"""


def numbered(*told: tuple[str, str], style: str = "") -> list[str]:
    """Paragraphs with these properties, with the numbers that Word would print."""

    def change(document: object) -> None:
        part = document.part.numbering_part
        part._element = parse_xml(NUMBERING)
        if style:
            document.styles.element.append(parse_xml(style))
        for text, props in told:
            document.element.body.append(parse_xml(paragraph(run(text), props)))

    return lines(made(change))[1:]


def in_list(level: object, number: int = 3) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def test_numbers_that_word_counts() -> None:
    told = [("甲", 0), ("乙", 1), ("丙", 1), ("丁", 2), ("戊", 2), ("己", 0), ("庚", 1), ("辛", 3), ("壬", 4), ("癸", 5), ("子", 6)]
    assert numbered(*((text, in_list(level)) for text, level in told)) == [
        "一、甲", "（一）乙", "（二）丙", "1.3丁", "1.4戊", "二、己", "（一）庚", "①辛", "A)壬", "a)癸", "子",
    ]  # fmt: skip


def test_lists_that_begin_elsewhere_or_are_not_there() -> None:
    assert numbered(("甲", in_list(0)), ("乙", in_list(0, 4)), ("丙", in_list(0, 4)), ("丁", in_list(0, 5))) == [
        "一、甲",
        "五、乙",
        "六、丙",
        "丁",
    ]
    assert numbered(("甲", in_list(0, 6)), ("乙", in_list(12)), ("丙", in_list("x")), ("丁", in_list(8))) == ["甲", "乙", "一、丙", "丁"]
    assert numbered(("a1", in_list(2))) == ["1.3 a1"]
    assert numbered(*[("甲", in_list(3))] * 21)[-2:] == ["⑳甲", "21甲"]
    assert numbered(*[("甲", in_list(0))] * 100)[-2:] == ["九十九、甲", "100、甲"]
    assert numbered(*[("甲", in_list(5))] * 27)[-2:] == ["z)甲", "27)甲"]


def test_numbers_of_styles() -> None:
    """A list may be that of the style, or of the style which that one is based on; styles that go round end."""
    style = f'<w:style {W} w:type="paragraph" w:styleId="甲式"><w:name w:val="甲式"/><w:basedOn w:val="{{}}"/>{{}}</w:style>'
    own = f"<w:pPr>{in_list(1)}</w:pPr>"
    assert numbered(("乙", '<w:pStyle w:val="甲式"/>'), style=style.format("甲式", own)) == ["（一）乙"]
    assert numbered(("乙", '<w:pStyle w:val="甲式"/>'), style=style.format("甲式", "")) == ["乙"]
    assert numbered(("乙", '<w:pStyle w:val="没有"/>')) == ["乙"]


def test_headings_by_their_style() -> None:
    """A short paragraph in a style of headings is one, however it begins; a long one is not."""
    blocks = [Heading("项目背景", 2), Heading("很长的一段文字" * 10, 2), Text("一、项目概况"), Text("正文。")]
    assert [one.level for one in read(as_word(blocks)).paragraphs] == [2, 0, 1, 0]


def test_a_file_without_styles_and_numbers() -> None:
    def change(document: object) -> None:
        for key, one in list(document.part.rels.items()):
            if one.reltype.endswith(("/styles", "/numbering")):
                del document.part.rels[key]

    assert lines(made(change)) == ["开头"]


@pytest.mark.parametrize("change", [lambda xml: b"", lambda xml: xml[:300], lambda xml: xml.replace(b"w:body", b"w:nobody")])
def test_a_broken_file(change: Callable[[bytes], bytes]) -> None:
    from zipfile import ZipFile

    whole, broken = BytesIO(as_word(REPORT)), BytesIO()
    with ZipFile(whole) as parts, ZipFile(broken, "w") as archive:
        for name in parts.namelist():
            archive.writestr(name, change(parts.read(name)) if name == "word/document.xml" else parts.read(name))
    with pytest.raises(Fault) as raised:
        read(broken.getvalue())
    assert raised.value.kind.name == "report-broken"


def test_an_empty_file() -> None:
    """Nothing in it, or a table with nothing in it."""
    table_only = Made()
    table_only.add_table(2, 2)
    for document in (Made(), table_only):
        with pytest.raises(Fault) as raised:
            read(saved(document))
        assert raised.value.kind.name == "report-broken"
        assert "没有文字" in raised.value.values["why"]
