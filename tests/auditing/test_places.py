"""Places inside messages are those that people find: of Word and PDF no line of the text that was read out of them."""

from __future__ import annotations

import pytest

from perfeval.auditing._score_tables import score_tables
from perfeval.model.document import Document, PrintedCell, PrintedTable


@pytest.mark.parametrize(
    ("caption", "spot", "called"),
    [
        ("表 3-1 得分表", "表2第1行", "表3-1"),
        ("", "表2第1行", "第 2 张表 (table 2)"),
        ("", "第3页第12行", "第3页第12行的表 (the table at 第3页第12行)"),
        ("", "", "第 40 行的表 (the table at line 40)"),
    ],
)
def test_a_table_without_a_caption(caption: str, spot: str, called: str) -> None:
    cells = (("三级指标", "分值", "得分"), ("预算执行率", "10", "8.67"))
    rows = tuple(tuple(PrintedCell(text, 40 + at, 1) for text in row) for at, row in enumerate(cells))
    table = PrintedTable(rows, caption, 40, spot=spot)
    (found,) = score_tables(Document("报告.docx", (), (table,), ("",) * 50))
    assert found.called == called
