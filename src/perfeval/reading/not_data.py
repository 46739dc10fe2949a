"""Rows of a table that are no data: totals of other rows, and remarks under the table."""

from __future__ import annotations

import re
from collections.abc import Collection

from perfeval.problems import Problem, ProblemKind
from perfeval.reading.tables import Row, Table

TOTAL_ROW = ProblemKind(
    "total-row",
    says="这一行是「{text}」，「{name}」会把它和明细重复计算。",
    remedy="从表里删去合计、小计行，只留明细。",
    en="This is a row of totals (“{text}”), which “{name}” would count beside the rows it sums.",
    en_remedy="Remove rows of totals from the table.",
)
REMARK_ROW = ProblemKind(
    "remark-row",
    says="这一行是说明（「{text}」），不是数据，「{name}」会把它算作一行。",
    remedy="从表里删去说明行，只留明细。",
    en="This row is a remark (“{text}”), no data, and “{name}” would count it as a row.",
    en_remedy="Remove remarks from the table.",
)

_SPACES = re.compile(r"\s+|：|:")
_TOTAL = re.compile(
    r"(?:以上|上述|前述|全部|本页|本表|本月|本季|本季度|本期|本年|本年度|全年|年度|各项|金额|资金|支出|收入|总)?"
    r"(?:合计|总计|小计|共计|累计)(?:[（(][^（）()]{1,10}[）)])?"
)
"""A cell that says nothing but that it sums: a name that only holds such a word (合计局, 累计折旧) is data."""
_REMARK = re.compile(r"(?:注|备注|附注|说明|数据来源|资料来源|制表人?|填表人?|填报人|审核人)\s*\d{0,2}\s*[：:]")
_SHOWN = 30


def no_data(table: Table, row: Row, wanted: Collection[str], name: str) -> Problem | None:
    """What is wrong with counting a row: it is one of totals that `where` does not ask for by name, or a remark."""
    for column, cell in zip(table.columns, row.cells, strict=True):
        if "计" in cell and _TOTAL.fullmatch(_SPACES.sub("", cell)) and cell.strip() not in wanted:
            return TOTAL_ROW.on(table.where(row, column), text=cell.strip(), name=name)
    first = row.cells[0].strip()
    if len(row.cells) > 1 and _REMARK.match(first) and not any(map(str.strip, row.cells[1:])):
        shown = first if len(first) <= _SHOWN else f"{first[:_SHOWN]}…"
        return REMARK_ROW.on(table.where(row, table.columns[0]), text=shown, name=name)
    return None
