"""Lines of a table by number, and how many there may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfeval.model.evidence import TableOf
from perfeval.reading import tables
from perfeval.reading.tables import _Lines, read_tables


@pytest.mark.parametrize("end", ["", "\n"])
def test_lines_by_number(end: str) -> None:
    lines = _Lines("\n".join(f"行{i}" for i in range(1, 3002)) + end)
    asked = (1, 2, 999, 1000, 1001, 1999, 2000, 2001, 3000, 3001, 5, 2500, 1)
    assert [lines[number] for number in asked] == [f"行{number}" for number in asked]
    assert lines[3002] == lines[3003] == lines[9000] == ""


def test_lines_without_text() -> None:
    assert [_Lines("")[1], _Lines("\n\n甲")[3], _Lines("\n\n甲")[2]] == ["", "甲", ""]


def told(folder: Path, text: str) -> list[tuple[str, str, str]]:
    """Name, place and limit of what is wrong with a table."""
    (folder / "t.csv").write_text(text, encoding="utf-8")
    _, problems = read_tables(folder, {"t": TableOf(file="t.csv")}, "evidence.yaml")
    return [(p.kind.name, str(p.where), p.values.get("limit", "")) for p in problems]


def test_blank_lines_count_as_lines_and_not_as_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    monkeypatch.setattr(tables, "MAX_LINES", 6)
    assert told(tmp_path, "项,额\n甲,1\n乙,2\n") == []
    assert told(tmp_path, "项,额\n甲,1\n,\n\n,\n乙,2\n") == []
    assert told(tmp_path, "项,额\n甲,1\n,\n\n,\n乙,2\n\n") == [("too-many-rows", "t.csv:7:1", "6")]
    assert told(tmp_path, "项,额\n甲,1\n\n乙,2\n丙,3\n") == [("too-many-rows", "t.csv:5:1", "2")]
    assert told(tmp_path, '项,额\n"甲\n\n",1\n乙,2\n丙,3') == [("too-many-rows", "t.csv:6:1", "2")]
