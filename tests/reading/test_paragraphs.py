"""Lines to paragraphs: what is joined, what is a heading, and where every character stands."""

from __future__ import annotations

import pytest

from perfeval.model.document import Document, Paragraph
from perfeval.reading.documents.piped import piped_tables
from perfeval.reading.documents.plain import read_plain


def read(text: str) -> Document:
    document, problems = read_plain("report.md", text.encode())
    assert not problems
    return document


def levels(text: str) -> list[tuple[str, int]]:
    return [(one.text, one.level) for one in read(text).paragraphs]


@pytest.mark.parametrize(
    ("line", "text", "level"),
    [
        ("# 总论", "总论", 1),
        ("###### 细目", "细目", 6),
        ("####### 七级", "####### 七级", 0),
        ("#没有空格", "#没有空格", 0),
        ("一、项目概况", "一、项目概况", 1),
        ("二十三、附则", "二十三、附则", 1),
        ("（一）项目背景", "（一）项目背景", 2),
        ("(一) 项目背景", "(一) 项目背景", 2),
        ("1、资金", "1、资金", 3),
        ("123、资金", "123、资金", 0),
        ("一、项目概况。", "一、项目概况。", 0),  # a sentence that begins with a number
        ("一、" + "长" * 38, "一、" + "长" * 38, 1),
        ("一、" + "长" * 39, "一、" + "长" * 39, 0),
        ("正文", "正文", 0),
    ],
)
def test_headings(line: str, text: str, level: int) -> None:
    assert levels(f"{line}\n\n正文\n")[0] == (text, level)


def test_a_heading_stands_alone() -> None:
    assert levels("上文\n一、概况\n下文\n") == [("上文", 0), ("一、概况", 1), ("下文", 0)]


FULL = "这一行正好写满了页面的宽度但是句子还没有结束而是在下一行继续说下去的"  # 35 characters, none a sentence's end
LATIN = "这一行正好写满了页面的宽度但是句子还没有结束最后一个词是 PERFORMANCE"


def broken(*last: str) -> Document:
    """A text with enough full lines that it knows its width; the paragraph of these lines stands at its end."""
    return read("\n".join([FULL + "。"] * 12 + list(last)))


def last(document: Document) -> Paragraph:
    return document.paragraphs[-1]


def test_latin_words_keep_a_blank_between_lines() -> None:
    assert last(broken(LATIN, "AUDIT 的结果")).text == f"{LATIN} AUDIT 的结果"
    assert last(broken(LATIN, "评价")).text == f"{LATIN}评价"
    assert last(broken(FULL, "AUDIT")).text == f"{FULL}AUDIT"
    assert last(broken(LATIN + "-", "AUDIT")).text == f"{LATIN}-AUDIT"


def test_every_character_knows_its_line_and_column() -> None:
    document = broken("  " + LATIN, " AUDIT 的结果")
    paragraph = last(document)
    for offset, sign in enumerate(paragraph.text):
        at = paragraph.at(offset)
        if offset != len(LATIN):  # the blank between the lines stands in neither
            assert document.lines[at.line - 1][at.column - 1] == sign


def test_a_markdown_heading_knows_its_place_and_stands_alone() -> None:
    document = broken("## " + FULL, "下文")
    heading = document.paragraphs[-2]
    assert (heading.text, heading.level) == (FULL, 2)
    assert (heading.at(0).line, heading.at(0).column) == (13, 4)
    assert document.lines[12][heading.at(5).column - 1] == FULL[5]


@pytest.mark.parametrize(
    "begun", ["(1) 项", "（12）项", "① 项", "表 1 得分", "图2 得分", "附件一", "- 项", "1. 项", "2）项", "| a", "> 引", "“到位率”指标得分"]
)
def test_what_begins_a_paragraph_after_a_full_line(begun: str) -> None:
    assert [one.text for one in broken(FULL, begun).paragraphs][-2:] == [FULL, begun]


@pytest.mark.parametrize("going_on", ["项", "-项", "“到位率”得分", "12 项", "123. 项"])
def test_what_goes_on_after_a_full_line(going_on: str) -> None:
    assert last(broken(FULL, going_on)).text == FULL + going_on


def test_a_line_much_shorter_than_the_page_ends_its_paragraph() -> None:
    width = len(FULL) + 1 - 5  # what a full line has at least
    assert last(broken(FULL[:width], "下一行")).text == FULL[:width] + "下一行"
    assert last(broken(FULL[: width - 1], "下一行")).text == "下一行"


def test_few_lines_say_nothing_of_the_width_of_the_page() -> None:
    assert len(read("\n".join([FULL] * 10)).paragraphs) == 10
    assert len(read("\n".join([FULL] * 11)).paragraphs) == 1


def test_blanks_behind_a_sentence_do_not_hide_its_end() -> None:
    assert last(broken(FULL + "。  ", "下一段")).text == "下一段"
    assert last(broken(FULL + "！", "下一段")).text == "下一段"
    assert last(broken(FULL + "；", "下一句")).text == FULL + "；下一句"


def test_a_cell_without_its_bold_marks_has_their_place_no_more() -> None:
    (table,) = piped_tables(["|a | **b\\|c** |**|", "|-|-|-|"])
    assert [cell and (cell.text, cell.line, cell.column, cell.width) for cell in table.rows[0]] == [("a", 1, 2, 1), ("b|c", 1, 8, 4), None]


def test_two_tables_and_what_only_looks_like_one() -> None:
    lines = ["| a |", "| b |", "| - |", "| 1 |", "", "|c|", "|:--|", "文字", "| d |"]
    assert [(table.line, len(table.rows)) for table in piped_tables(lines)] == [(2, 2), (6, 1)]


def test_blanks_behind_the_last_bar_are_no_cell() -> None:
    (table,) = piped_tables(["| a | b |  ", "|---|---|", "| 1 | 2", "| 3 |"])
    assert [[cell and (cell.text, cell.column) for cell in row] for row in table.rows] == [
        [("a", 3), ("b", 7)],
        [("1", 3), ("2", 7)],
        [("3", 3), None],
    ]
    assert not table.whole


@pytest.mark.parametrize(
    ("above", "caption"),
    [
        (["表 2 得分"], "表 2 得分"),
        (["**表2 得分**", ""], "表2 得分"),
        (["附表：得分", "", ""], "附表：得分"),
        (["表 2 得分", "", "", ""], ""),
        (["表 2 得分", "见下"], ""),
        (["得分"], ""),
        (["表 2 " + "长" * 45], "表 2 " + "长" * 45),
        (["表 2 " + "长" * 46], ""),
    ],
)
def test_what_stands_above_a_table(above: list[str], caption: str) -> None:
    (table,) = piped_tables([*above, "| a |", "| :-: |"])
    assert (table.caption, table.line) == (caption, len(above) + 1)
