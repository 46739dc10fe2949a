"""What is wrong with a table, in full: the line that is quoted, the cell that is marked, and every value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from in_full import in_full
from perfeval.model.evidence import TableOf
from perfeval.problems import Problem
from perfeval.reading import tables
from perfeval.reading.positions import Sources
from perfeval.reading.tables import Row, Table, first_values, read_tables, table_from

LONG = "很长的格子" * 70
TEXTS = {
    "headers": ["", "\n甲,1\n", "项,,额\n", "项,额, 项 \n", f"{LONG},\n", ",额\n甲,1\n"],
    "rows": [
        "项,额\n甲,1,2\n乙\n丙,3\n",
        "项,额\n\n甲\n",
        '项,额\n"甲\n村",1\n乙\n',
        f"项,额\n{LONG}\n",
        "项,额\n" + "甲\n" * 22,
        "项\n甲,\n",
    ],
    "quotes": [
        '项,额\n"甲,1\n乙,2\n',
        '项,额\n甲,1\n"乙"x,2\n',
        f'项,额\n甲,1\n"{LONG}\n',
        '"项,额\n甲,1\n',
        "项,额\n甲," + "长" * 100_001 + "\n",
    ],
}


def of(text: str, **more: str) -> Table | list[Problem]:
    return table_from(TableOf.model_validate({"file": "data/t.csv", **more}), text.encode())


@pytest.mark.parametrize("group", TEXTS)
def test_every_problem_in_full(group: str, golden: Callable[[str, str], None]) -> None:
    blocks = []
    for text in TEXTS[group]:
        problems = of(text)
        assert not isinstance(problems, Table)
        blocks.append("\n".join([repr(text[:60]), *in_full(problems)]))
    golden(f"reading/table-{group}.txt", "\n\n".join(blocks) + "\n")


def test_the_longest_cell() -> None:
    assert isinstance(of("项,额\n甲," + "长" * 100_000 + "\n"), Table)


def test_too_many_rows_and_lines_in_full(monkeypatch: pytest.MonkeyPatch, golden: Callable[[str, str], None]) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    monkeypatch.setattr(tables, "MAX_LINES", 5)
    found = [of(text) for text in ("项,额\n甲,1\n乙,2\n丙,3\n丁,4\n", f"项,额\n\n\n甲,1\n乙,2\n{LONG},3\n")]
    assert all(isinstance(problems, list) for problems in found)
    golden(
        "reading/table-limits.txt", "\n".join(line for problems in found if isinstance(problems, list) for line in in_full(problems)) + "\n"
    )


def test_tables_that_are_not_read(tmp_path: Path, golden: Callable[[str, str], None]) -> None:
    """Each is told where evidence names it, and hides none of the others."""
    (tmp_path / "good.TXT").write_text("项,额\n甲,1\n", encoding="utf-8")
    (tmp_path / "gbk.csv").write_bytes("项,额\n甲,1\n".encode("gb18030"))
    (tmp_path / "bad.csv").write_text("项,项\n", encoding="utf-8")
    (tmp_path / "book.xlsx").write_bytes(b"PK")
    named = {
        "好": {"file": "good.TXT"},
        "簿": {"file": "book.xlsx"},
        "页": {"file": "good.TXT", "sheet": "Sheet1"},
        "无": {"file": "goood.csv"},
        "码": {"file": "gbk.csv"},
        "坏": {"file": "bad.csv"},
        "国标": {"file": "gbk.csv", "encoding": "gb18030"},
    }
    found, problems = read_tables(tmp_path, {name: TableOf.model_validate(table) for name, table in named.items()}, "evidence.yaml")
    assert {name: (table.file, table.columns, [row.cells for row in table.rows]) for name, table in found.items()} == {
        "好": ("good.TXT", ("项", "额"), [("甲", "1")]),
        "国标": ("gbk.csv", ("项", "额"), [("甲", "1")]),
    }
    assert [str(problem.origin and problem.origin.path) for problem in problems[:3]] == [
        f"('tables', '{name}', 'file')" for name in "簿页无"
    ]
    golden("reading/table-files.txt", "\n".join(in_full(Sources().placed(problems))) + "\n")


@pytest.mark.parametrize(
    ("line", "cells", "column", "at", "width"),
    [
        ("甲,乙,丙", ("甲", "乙", "丙"), "三", 5, 1),
        ("甲,,丙", ("甲", "", "丙"), "二", 3, 1),  # an empty cell still has a place
        ('"甲,1",乙,丙', ("甲,1", "乙", "丙"), "二", 7, 1),  # quotes shift what follows: looked for
        ('"甲""x",乙,丙', ("甲", "不在", "丙"), "二", 1, 2),  # not found: the line as a whole
        ("甲, 乙 ,丙", ("甲", " 乙 ", "丙"), "二", 3, 3),
        ("一一,一,丙", ("一一", "一", "丙"), "二", 4, 1),
    ],
)
def test_where_a_cell_stands(line: str, cells: tuple[str, ...], column: str, at: int, width: int) -> None:
    table = Table("t.csv", ("一", "二", "三"), [Row(3, cells)], f"一,二,三\nx,y,z\n{line}\n")
    where = table.where(table.rows[0], column)
    assert (where.file, where.line, where.column, where.width, where.quote) == ("t.csv", 3, at, width, line)


def test_a_long_line_is_not_quoted_whole() -> None:
    table = Table("t.csv", ("一",), [Row(2, ("长" * 400,))], "一\n" + "长" * 400)
    assert len(table.where(table.rows[0], "一").quote) == 300


def test_lines_and_cells_of_the_rows() -> None:
    table = of(' 项 ,额\n\n甲, 1 \n"a\nb",2\n,\n丙,3')
    assert isinstance(table, Table)
    assert (table.file, table.columns) == ("data/t.csv", ("项", "额"))
    assert list(table.rows) == [Row(3, ("甲", " 1 ")), Row(4, ("a\nb", "2")), Row(7, ("丙", "3"))]


def test_values_that_a_message_shows() -> None:
    rows = [Row(n, (text,)) for n, text in enumerate(["甲", " 甲 ", "乙", "丙", "丁", "长" * 20], 2)]
    table = Table("t.csv", ("一",), rows, "")
    assert first_values(table, rows, "一") == f"「甲」、「乙」、「丙」、「丁」、「{'长' * 20}」"
    more = [*rows, Row(9, ("戊",))]
    assert first_values(table, more, "一") == f"「甲」、「乙」、「丙」、「丁」、「{'长' * 20}」……"
    assert first_values(table, [Row(2, ("长" * 21,))], "一") == f"「{'长' * 20}…」"
