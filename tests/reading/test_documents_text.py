"""Chapters of a folder, and what in text files is harder to read: names that are cut, tables in part, marks of Markdown."""

from __future__ import annotations

from pathlib import Path

from perfeval.model.document import Document, PrintedTable
from perfeval.reading.documents import not_read, read_chapters
from perfeval.reading.documents.plain import read_plain

PROJECT = "project.yaml"


def read(text: str) -> Document:
    document, problems = read_plain("report.txt", text.encode())
    assert not problems
    return document


def rows(table: PrintedTable) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.rows[1:]]


def test_chapters(tmp_path: Path) -> None:
    """Text and Markdown by name; what cannot be read is told where the folder is named."""
    folder = tmp_path / "narrative"
    folder.mkdir()
    (folder / "2.md").write_text("# 二、结论\n", "utf-8")
    (folder / "1.txt").write_text("一、概况\n", "utf-8")
    (folder / "3.png").write_bytes(b"x")
    (folder / "4.md").write_bytes("结论".encode("gb18030"))
    (folder / "5.md").symlink_to("2.md")
    found = read_chapters(tmp_path, "narrative/", PROJECT)
    assert [one.name for one in found.documents] == ["narrative/1.txt", "narrative/2.md", "narrative/4.md"]
    assert [one.kind.name for one in found.problems] == ["not-utf8", "path-not-allowed"]
    assert read_chapters(tmp_path, None, PROJECT) == ((), ())
    (tmp_path / "link").symlink_to("narrative")
    for name in ("none", "link"):
        (problem,) = read_chapters(tmp_path, name, PROJECT).problems
        assert (problem.kind.name, problem.origin) == ("file-not-found", (PROJECT, ("report", "narrative"), False))


def test_tables_in_part() -> None:
    """A row whose cells cannot be told apart is left out, and that is told at the table."""
    for line in ("2 2", "100% 2 2", "效益（8分）\n100% 2 2"):
        document = read(f"一级指标 二级指标 完成值 权重 得分\n过程（5分）\n到位率 100% 5 5\n{line}\n合计 7 7\n")
        (table,) = document.tables
        assert not table.whole, line
        assert [row[1] for row in rows(table)] == ["到位率", "合计"], line
        (problem,) = not_read(document)
        assert str(problem.where) == "report.txt:1:1"


def test_names_of_one_column_and_groups_without_points() -> None:
    (table,) = read("三级指标 完成值 权重 得分\n财务管理制度\n健全性\n100% 5 5\n合计 5 5\n").tables
    assert rows(table)[0] == ["财务管理制度健全性", "100%", "5", "5"]
    (table,) = read("一级指标 二级指标 三级指标 权重 得分\n项目\n过程（5分）\n资金管理（5分）\n到位率 5 5\n合计 5 5\n").tables
    assert rows(table)[0] == ["项目过程（5分）", "资金管理（5分）", "到位率", "5", "5"]
    (table,) = read("一级指标 二级指标 三级指标 权重 得分\n过程\n资金管理\n到位率 5 5\n合计 5 5\n").tables
    assert rows(table)[0] == ["过程", "资金管理", "到位率", "5", "5"]


def test_rows_of_prose() -> None:
    """Names that are known from another table are found within explanations; a narrow first column is a name."""
    known = "三级指标 权重 得分\n资金到位率 5 5\n执行率 5 5\n合计 10 10\n\n"
    titles = "一级指标 三级指标 指标解释 评分标准 权重 得分\n"
    text = known + titles + "过程（10分）资金到位率 考察资金到位情况 足额得满分 5 5\n执行率 考察执行 全部支出得满分 5 5\n合计 10 10\n"
    names = [[row[0], row[1]] for row in rows(read(text).tables[1])]
    assert names == [["过程（10分）", "资金到位率"], ["", "执行率"], ["", "合计"]]
    (_, table) = read(
        f"{known}{titles}执行率 考察执行 得满分 5 5\n考察的是本项目的整个情况 资金到位率 一样\n足额得分 5 5\n合计 10 10\n"
    ).tables
    assert [row[1] for row in rows(table)] == ["执行率", "合计"]
    assert not table.whole
    document = read(titles + "很长很长的一个说明文字写在最前面 5 5\n到位率 考察到位 足额得分 5 5\n合计 10 10\n")
    (table,) = document.tables
    assert not table.whole


def test_markdown() -> None:
    document = read("## 小结 *\n\n| 一级指标 | 权重 | 得分 |\n|---|---|---|\n| 过程 | 5 | 4 |  \n| 产出 | 6\n\nthe first\n")
    assert [(one.text, one.level) for one in document.headings()] == [("小结 *", 2)]
    (table,) = [one for one in document.tables if one.line == 3]
    assert rows(table) == [["过程", "5", "4"], ["产出", "6", ""]]
    assert not table.whole


def test_lines_broken_for_the_page() -> None:
    """Of a text with enough lines those as long as most go on; Latin words keep their blank."""
    full = "这一行写满了整整一页的宽度一共是二十四个汉字长呢"
    found = [one.text for one in read("\n".join([*[full] * 10, f"{full[:-8]} the first", "second part", "完。"])).paragraphs]
    assert found == [f"{full * 10}{full[:-8]} the first second part", "完。"]


def test_a_table_of_more_columns_than_any_table_has() -> None:
    """It is no table, however many rows stand below it; the one after it is read."""
    wide = "|" + "甲|" * 201
    lines = [wide, "|" + "-|" * 201, "|1|", "", "|甲|乙|", "|-|-|", "|1|2|"]
    document, problems = read_plain("report.md", "\n".join(lines).encode())
    assert problems == ()
    assert [len(table.rows[0]) for table in document.tables] == [2]
