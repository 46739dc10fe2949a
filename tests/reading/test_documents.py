"""Texts to paragraphs and tables: broken lines, flattened score tables, tables of Markdown, and the places of it all."""

from __future__ import annotations

import pytest

from perfeval.model.document import Document, PrintedTable
from perfeval.reading.documents.plain import read_plain


def read(text: str) -> Document:
    document, problems = read_plain("report.txt", text.encode())
    assert not problems
    return document


def texts(table: PrintedTable) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.rows]


def only_table(text: str) -> PrintedTable:
    (table,) = read(text).tables
    return table


FLATTENED = """\
表 3-1 目标完成情况
一级指标 二级指标 三级指标 目标值 完成值 权重 得分
项目过程
(20 分)
资金管理（8分）
资金到位率 100% 96.5% 2 1.5
财务管理制度健全
性
健全 不健全 6 2
 一级指标 二级指标 三级指标 目标值 完成值 权重 得分
可持续影响（12
分）
可持续影响 持续 较持续 5 3
管护 到位 到位 7 7
合计 20 13.5
（二）评价结论
以上 20 13
"""


def test_a_flattened_table() -> None:
    table = only_table(FLATTENED)
    assert (table.caption, table.line, table.whole) == ("表 3-1 目标完成情况", 2, True)
    assert texts(table)[1:] == [
        ["项目过程(20分)", "资金管理（8分）", "资金到位率", "100%", "96.5%", "2", "1.5"],
        ["", "", "财务管理制度健全性", "健全", "不健全", "6", "2"],
        ["", "可持续影响（12分）", "可持续影响", "持续", "较持续", "5", "3"],
        ["", "", "管护", "到位", "到位", "7", "7"],
        ["", "", "合计", "", "", "20", "13.5"],
    ]


def test_every_cell_of_a_flattened_table_stands_where_it_says() -> None:
    document = read(FLATTENED)
    for row in document.tables[0].rows:
        for cell in row:
            if cell is not None:
                quoted = document.lines[cell.line - 1][cell.column - 1 : cell.column - 1 + cell.width]
                assert cell.text.startswith(quoted.replace(" ", "")), (cell, quoted)


ANNEX = """\
附件 1：评价指标体系
一级指标 二级指标 三级指标 指标解释 评分标准 分值 得分 得分率
项目产
出
(30 分)
帮扶数
量
（30 分）
帮扶工作完
成情况
帮扶对象是否符合计划要求
开展。
开展率 100%得 5分。
10 10 100.00%
质量达
标情况
考察是否合乎政策要求
20 20 100.00%
 一级指标 二级指标 三级指标 指标解释 评分标准 分值 得分 得分率
合规 (1.5 分)
职工数
量
考察人数
5 5 100.00%
满意度（14 职工满意度 考察服务对象 满意度≥90%得满分 14 14 100.00%
合计 100 88.5 88.50%
"""


def test_names_and_prose_in_one_stream() -> None:
    table = only_table(ANNEX)
    rows = texts(table)
    assert rows[1][:4] == ["项目产出(30分)", "帮扶数量（30分）", "帮扶工作完成情况", "帮扶对象是否符合计划要求开展。开展率100%得5分。"]
    assert rows[2][:4] == ["", "", "质量达标情况", "考察是否合乎政策要求合规(1.5分)职工数量考察人数"]
    assert rows[-1][-3:] == ["100", "88.5", "88.50%"]


def test_a_row_after_a_page_break_without_a_known_name_is_left_out_and_said() -> None:
    assert not only_table(ANNEX).whole


def test_a_name_that_sentences_know_is_found_after_a_page_break() -> None:
    table = only_table("“职工数量”指标权重 5 分，得分 5 分。\n" + ANNEX)
    assert [row[2] for row in texts(table)[1:4]] == ["帮扶工作完成情况", "质量达标情况", "职工数量"]
    assert texts(table)[2][3] == "考察是否合乎政策要求合规(1.5分)"
    assert table.whole


@pytest.mark.parametrize(
    "text",
    [
        "三级指标的权重和得分见下文。\n甲 3 3\n",
        "目标类型 目标内容 目标值\n甲 3 3\n",
        "一级指标 权重\n甲 3\n",
        "权重 得分\n甲 3 3\n",
        "一级指标 权重 得分\n二、结论\n甲 3 3\n",
        "一级指标 权重 得分\n以下是本次评价的结论，指标的得分另见附件中各张表。\n甲 3 3\n",
    ],
)
def test_what_is_no_score_table(text: str) -> None:
    assert read(text).tables == ()


def test_a_row_with_a_value_too_few_is_left_out_and_said() -> None:
    table = only_table("三级指标 目标值 完成值 权重 得分\n甲指标 1 1 3 3\n乙指标\n规范 2 2\n合计 5 5\n")
    assert [row[0] for row in texts(table)[1:]] == ["甲指标", "合计"]
    assert not table.whole


def test_a_table_of_markdown() -> None:
    text = "表 2 得分\n\n| 一级指标 | 二级指标 | 权重 |\n| --- | :-- | ---: |\n| 过程 | 资金\\|管理 | 8 |\n| | **小计** | **8** |\n文字\n"
    document = read(text)
    (table,) = document.tables
    assert texts(table) == [["一级指标", "二级指标", "权重"], ["过程", "资金|管理", "8"], ["", "小计", "8"]]
    assert (table.caption, table.line, table.whole) == ("表 2 得分", 3, True)
    cell = table.rows[2][2]
    assert cell is not None
    assert document.where_cell(cell)[:3] == ("report.txt", 6, 16)
    assert document.lines[5][cell.column - 1] == "8"


def test_a_ragged_table_of_markdown_is_not_whole() -> None:
    table = only_table("| a | b |\n| --- | --- |\n| 1 |\n| 1 | 2 | 3 |\n")
    assert texts(table) == [["a", "b"], ["1", ""], ["1", "2"]]
    assert not table.whole


def test_a_full_line_that_ends_a_sentence_ends_its_paragraph() -> None:
    full = "这一行正好写满了页面的宽度而且以句号结束也就是这一段到这里为止。"
    open_line = full[:-1] + "了"
    lines = [open_line] * 12 + [full, "另起一段的文字从这里开始。"]
    found = [one.text for one in read("\n".join(lines)).paragraphs]
    assert found == [open_line * 12 + full, "另起一段的文字从这里开始。"]


def test_a_decimal_at_the_beginning_of_a_line_goes_on_with_its_sentence() -> None:
    full = "这一行正好写满了页面的宽度但是句子并没有结束，一项不符的扣下面的"
    found = read("\n".join([full] * 12 + ["1.5 分。"])).paragraphs
    assert [one.text[-6:] for one in found] == ["1.5 分。"]


def test_hostile_lines_take_no_time() -> None:
    """Much that looks like the beginning of something: each is read once, not from each place anew."""
    text = (
        "一级指标 三级指标 指标解释 权重 得分\n" + "（" * 50_000 + "\n" + "甲\n" * 50_000 + "3 3\n" + "“" * 50_000 + "（1" * 50_000 + "\n"
    )
    assert len(read(text).paragraphs) > 50_000
