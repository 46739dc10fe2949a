"""Lines of a table by number, however many there are."""

from __future__ import annotations

import pytest

from perfeval.reading.tables import _Lines


@pytest.mark.parametrize("end", ["", "\n"])
def test_lines_by_number(end: str) -> None:
    lines = _Lines("\n".join(f"行{i}" for i in range(1, 3002)) + end)
    asked = (1, 2, 999, 1000, 1001, 1999, 2000, 2001, 3000, 3001, 5, 2500, 1)
    assert [lines[number] for number in asked] == [f"行{number}" for number in asked]
    assert lines[3002] == lines[3003] == lines[9000] == ""


def test_lines_without_text() -> None:
    assert [_Lines("")[1], _Lines("\n\n甲")[3], _Lines("\n\n甲")[2]] == ["", "甲", ""]
