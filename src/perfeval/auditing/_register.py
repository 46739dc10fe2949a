"""Documents of the state that were repealed, as far as that is certain. Titles without 《》, numbers without blanks."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple


class Repealed(NamedTuple):
    """`title` is given only where no document in force bears it. What binds an evaluation counts by the date of the evaluation,
    what binds the work of a unit by the first day of the period that is evaluated."""

    number: str
    title: str
    day: date  # from which on it no longer holds
    by: str  # what holds instead
    binds: Literal["evaluation", "work"]


REGISTER = (
    Repealed(
        "财预〔2011〕285号",
        "财政支出绩效评价管理暂行办法",
        date(2020, 2, 25),
        "《项目支出绩效评价管理办法》（财预〔2020〕10号）",
        "evaluation",
    ),
    Repealed("国务院令第186号", "", date(2020, 10, 1), "《中华人民共和国预算法实施条例》（国务院令第729号）", "work"),
    Repealed("财政部令第18号", "", date(2017, 10, 1), "《政府采购货物和服务招标投标管理办法》（财政部令第87号）", "work"),
    Repealed("财政部令第68号", "", date(2022, 3, 1), "《事业单位财务规则》（财政部令第108号）", "work"),
    Repealed("财政部令第71号", "", date(2023, 3, 1), "《行政单位财务规则》（财政部令第113号）", "work"),
)
