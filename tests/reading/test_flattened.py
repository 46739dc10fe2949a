"""Names and groups of flattened score tables: where a name begins, which group it stands in, what is left out and said."""

from __future__ import annotations

import pytest

from perfeval.model.document import PrintedTable
from perfeval.reading.documents.plain import read_plain


def only_table(*lines: str) -> PrintedTable:
    document, problems = read_plain("report.txt", "\n".join(lines).encode())
    assert not problems
    (table,) = document.tables
    return table


def rows(table: PrintedTable) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.rows[1:]]


TWO = "二级指标 三级指标 权重 得分"


def tables(*lines: str) -> tuple[PrintedTable, ...]:
    return read_plain("report.txt", "\n".join(lines).encode())[0].tables


def test_names_of_one_table_are_known_in_the_next() -> None:
    first = [TWO, "资金管理 财务制度健全性 2 2", "合计 2 2"]
    second = [TWO, "过程管理", "财务制", "度健全", "性", "2 1", "合计 2 1"]
    assert rows(tables(*first, "", *second)[1])[0] == ["过程管理", "财务制度健全性", "2", "1"]
    assert rows(tables(*second)[0])[0] == ["财务制", "度健全性", "2", "1"]


@pytest.mark.parametrize(
    ("above", "caption"),
    [
        (["表 1 得分"], "表 1 得分"),
        (["表 1 得分", ""], "表 1 得分"),
        (["表 1 得分", "", ""], ""),
        (["附件一", "指标得分汇总表"], "指标得分汇总表"),
        (["指标得分情况"], ""),
        ([""], ""),
        ([], ""),
    ],
)
def test_what_stands_above_a_table(above: list[str], caption: str) -> None:
    (table,) = tables(*above, TWO, "资金管理 到位率 2 2", "合计 2 2", "表 9 别的")
    assert (table.caption, table.line) == (caption, len(above) + 1)


def test_values_on_a_line_of_their_own() -> None:
    title = "二级指标 三级指标 目标值 权重 得分"
    assert rows(only_table(title, "资金管理（8分）", "资金到位和", "使用率", "达标 3 3"))[0] == [
        "资金管理（8分）",
        "资金到位和使用率",
        "达标",
        "3",
        "3",
    ]


def test_a_name_that_sentences_know_is_put_together_from_its_lines() -> None:
    lines = [TWO, "资金管理", "财务制", "度健全", "性", "2 1"]
    assert rows(only_table("“财务制度健全性”指标权重 2 分。", *lines)) == [["资金管理", "财务制度健全性", "2", "1"]]
    assert rows(only_table("“健全性”指标权重 2 分。", *lines)) == [
        ["财务制", "度健全性", "2", "1"]
    ]  # a short rest belongs to what is above


def test_a_name_stands_behind_the_group_that_ends_with_points() -> None:
    table = only_table(TWO, "资金管理（8分）", "资金到位和", "使用率", "3 2.5", "合计 3 2.5")
    assert rows(table)[0] == ["资金管理（8分）", "资金到位和使用率", "3", "2.5"]
    assert table.whole


def test_a_table_without_groups_has_names_alone() -> None:
    assert rows(only_table("三级指标 权重 得分", "资金", "到位", "率", "3 2")) == [["资金到位率", "3", "2"]]


@pytest.mark.parametrize(
    "lines",
    [
        ("三级指标 权重 得分", "甲指标 3 3", "4 4", "合计 7 7"),  # no name
        (TWO, "资金管理 甲指标 3 3", "过程管理（4分）", "4 4", "合计 7 7"),  # a group, and no name behind it
        ("三级指标 目标值 权重 得分", "甲指标 1 3 3", "4 4", "合计 7 7"),  # no value either
    ],
)
def test_a_row_without_a_name_is_left_out_and_said(lines: tuple[str, ...]) -> None:
    table = only_table(*lines)
    assert [row[-2:] for row in rows(table)] == [["3", "3"], ["7", "7"]]
    assert table.whole is False


def test_groups_without_points_stand_before_the_name() -> None:
    title = "一级指标 二级指标 三级指标 权重 得分"
    assert rows(only_table(title, "过程 管理 到位率 3 3")) == [["过程", "管理", "到位率", "3", "3"]]
    assert rows(only_table(title, "管理 到位率 3 3")) == [["", "管理", "到位率", "3", "3"]]
    assert rows(only_table(title, "过程", "资金到位", "率 3 3")) == [["", "过程", "资金到位率", "3", "3"]]


@pytest.mark.parametrize(
    ("above", "group"),
    [
        (("社会效益",), "社会效益指标（8分）"),
        (("社会效益", ""), "指标（8分）"),  # not on the line above
        (("第2项",), "指标（8分）"),  # a number is no part of a name
        (("社会和经济效益",), "指标（8分）"),  # too wide for a narrow column
        (("会和经济效益",), "会和经济效益指标（8分）"),
        (("甲 社会效益",), "指标（8分）"),  # another cell's
    ],
)
def test_the_wrapped_name_of_a_group(above: tuple[str, ...], group: str) -> None:
    assert rows(only_table(TWO, *above, "指标（8分）", "到位率", "3 3"))[0][:2] == [group, "到位率"]


def test_titles_stand_in_the_first_row() -> None:
    table = only_table("", f" {TWO}", "资金管理 到位率 2 2")
    assert [cell and (cell.text, cell.line, cell.column, cell.width) for cell in table.rows[0]] == [
        ("二级指标", 2, 2, 4),
        ("三级指标", 2, 7, 4),
        ("权重", 2, 12, 2),
        ("得分", 2, 15, 2),
    ]


PROSE = "三级指标 评分标准 权重 得分"


@pytest.mark.parametrize("end", ["附件 2", "附件2：问卷", "表 3 得分", "二、结论"])
def test_where_a_table_with_prose_ends(end: str) -> None:
    assert rows(only_table(PROSE, "到位率 达标 5 5", end, "满意度 较高 3 3")) == [["到位率", "达标", "5", "5"]]


def test_prose_may_look_like_an_end_of_another_table() -> None:
    lines = ["到位率 达标 5 5", "考察（一）到位情况，满分 5 分。", "满意度 较高 3 3"]
    assert [row[0] for row in rows(only_table("“满意度”指标", PROSE, *lines))] == ["到位率", "满意度"]


def test_a_known_name_of_six_pieces_is_found_and_no_longer_one() -> None:
    for name, found in (("甲甲 乙乙 丙丙 丁丁 戊戊 己己", True), ("甲甲 乙乙 丙丙 丁丁 戊戊 己己 庚庚", False)):
        known = name.replace(" ", "")
        table = only_table(f"“{known}”指标", PROSE, "到位率 达标 5 5", *name.split(), "考察 3 3")
        assert (known in [row[0] for row in rows(table)]) is found


def test_a_page_that_begins_with_a_group_needs_no_known_name() -> None:
    titles = "二级指标 三级指标 评分标准 权重 得分"
    turned = [titles, "资金（5分）", "到位率", "考察到位情况 5 5", titles]
    table = only_table(*turned, "合规（2分）", "使用率", "考察合规情况 2 2")
    assert rows(table)[1] == ["合规（2分）", "使用率", "考察合规情况", "2", "2"]
    assert table.whole is True
    table = only_table(*turned, "使用率", "考察合规情况 2 2")
    assert (len(rows(table)), table.whole) == (1, False)
    assert rows(table)[0][2] == "考察到位情况使用率考察合规情况"  # what cannot be told apart goes on with the prose above


def test_prose_of_the_line_above_is_no_name() -> None:
    known = "“满意度”指标权重 5 分，“工作完成率”指标权重 3 分。"
    table = only_table(known, "三级指标 评分标准 权重 得分", "满意度 考察 5 5", "考察 满意度 情况", "工作完成率 达标 3 3")
    assert rows(table) == [["满意度", "考察考察满意度情况", "5", "5"], ["工作完成率", "达标", "3", "3"]]
