"""What a cell means, and that Polars reads whole columns as the reference reads each cell."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from perfeval.batch.cells import Cell, Written, whole
from perfeval.batch.reasons import reason, words_of
from perfeval.ir.columns import Column
from perfeval.quantity import REASON_WANTED, show_fixed

MONEY = Column("金额", "number", -500, 10**14, Fraction(1, 100), 2, Fraction(1), "元")
RATE = Column("率", "number", 0, 10_000, Fraction(1, 10_000), 2, Fraction(1, 100), "%", is_rate=True)
WHOLE_RATE = Column("整率", "number", -3, 1000, Fraction(1, 100), 0, Fraction(1, 100), "%", is_rate=True)
PER_MILLE = Column("千分", "number", 0, 10**6, Fraction(1, 10**6), 3, Fraction(1, 1000), "‰", is_rate=True)
COUNT = Column("人数", "number", 0, 100, Fraction(1), 0, Fraction(1), "人")
WIDE = Column("宽", "number", -(10**30), 10**30, Fraction(1, 10**16), 16)
ANSWER = Column("答", "yes_no", 0, 1)
FLAG = Column("不适用", "yes_no", 0, 1, absent=0)
TIER = Column("等次", "tier", 1, 3, choices=("好", "中", "差"))
MANY = Column("多", "tier", 1, 9, choices=tuple("甲乙丙丁戊己庚辛壬"))
DAY = Column("日", "date", date(1990, 1, 1).toordinal(), date(2030, 12, 31).toordinal())
COLUMNS = (MONEY, RATE, WHOLE_RATE, PER_MILLE, COUNT, WIDE, ANSWER, FLAG, TIER, MANY, DAY)

BY_HAND: list[tuple[Column, Cell, int | str]] = [
    (MONEY, "12.5", 1250),
    (MONEY, " 12.50000 ", 1250),
    (MONEY, "+7", 700),
    *((MONEY, cell, 0) for cell in ("-0", "-0.0", "-0.000", "+0", Written("-0.00"))),
    (MONEY, "-5", -500),
    (MONEY, "-5.01", "out-of-range"),
    (MONEY, "1000000000000.00", 10**14),
    (MONEY, "1000000000000.01", "out-of-range"),
    (MONEY, "12.505", "excess-decimals"),
    (MONEY, "1,250", "not-a-number"),
    (MONEY, "12.5元", "not-a-number"),
    (MONEY, "1e3", "not-a-number"),
    (MONEY, "１２", "not-a-number"),
    (MONEY, "1234567890123456", "not-a-number"),
    (MONEY, "", "missing"),
    (MONEY, "待补充", "missing"),
    (MONEY, "—", "missing"),
    (MONEY, None, "missing"),
    (MONEY, 3, 300),
    (MONEY, Written("3.10"), 310),
    (MONEY, Written("3.105"), "excess-decimals"),
    (RATE, "95", 9500),
    (RATE, "95%", 9500),
    (RATE, "95 %", 9500),
    (RATE, "0.5", "percent-or-fraction"),
    (RATE, "1", "percent-or-fraction"),
    (RATE, "1.00", "percent-or-fraction"),
    (RATE, "1%", 100),
    (RATE, "0.5%", 50),
    (RATE, "0", 0),
    (RATE, "1.01", 101),
    (RATE, "100.01", "out-of-range"),
    (RATE, Written("0.95"), "percent-or-fraction"),
    (RATE, 1, "percent-or-fraction"),
    (RATE, "5‰", "not-a-number"),
    (PER_MILLE, "5‰", 5000),
    (COUNT, "3.0", 3),
    (COUNT, "3.5", "excess-decimals"),
    (COUNT, "-1", "out-of-range"),
    (ANSWER, "是", 1),
    (ANSWER, "no", 0),
    (ANSWER, "1", 1),
    (ANSWER, True, 1),
    (ANSWER, 0, 0),
    (ANSWER, 2, "not-yes-no"),
    (ANSWER, "有", "not-yes-no"),
    (FLAG, None, 0),
    (FLAG, " \u3000", 0),
    (FLAG, "—", 0),
    (FLAG, "待定", "not-applicable-reason"),
    (FLAG, "否", 0),
    (FLAG, "0", 0),
    (FLAG, False, 0),
    (FLAG, 0, 0),
    (FLAG, "本年没有安排", 1),
    (FLAG, "2024 年才开工", 1),
    *(
        (FLAG, cell, "not-applicable-reason")
        for cell in ("是", "√", "1", "2", "yEs", "TRUE", "无", "适用", "不适用", "……", "12.5", True, 1, 2)
    ),
    *(
        (FLAG, cell, "not-applicable-reason")
        for cell in ("nan", "NaN", "None", "<NA>", "#N/A", "\u200b", "\u3164", "是\u200b", "\ufeffnull")
    ),
    *((FLAG, cell, "not-applicable-reason") for cell in REASON_WANTED),
    (TIER, "中", 2),
    (TIER, " 差", 3),
    (TIER, "优", "unknown-tier"),
    (DAY, "2023-05-01", date(2023, 5, 1).toordinal()),
    (DAY, date(2023, 5, 1), date(2023, 5, 1).toordinal()),
    (DAY, "2023-02-30", "not-a-date"),
    (DAY, "2023-5-1", "not-a-date"),
    (DAY, "1989-12-31", "out-of-range"),
]
TEXTS = (
    "", "  ", "待定", "—", "/", "null", "NULL", "~", "1", "0", "2", "是", "否", "yes", "true", "√", "×", "好", " 中 ", "差", "坏", "己", "癸",
    "1.0", "1.00", "0.5", "0.50%", "50%", "50 %", "50  %", "100%", "100.00", "100.001", "1.50", "1.500000000000000000",
    "1.5000000000000000000", "-1", "+5", "- 5", "1,000", "1e3", "１", "9999999999999", "999999999999999", "1000000000000000",
    "999999999999999.999999999999999999", "-5.00", "-5.01", "0.000", "-0", "1.", "0.1234567890123456", "0.12345678901234567", ".5", "abc",
    "2023-05-01", "2023-02-30", "2023-5-1", "0000-01-01", "0001-01-01", "1990-01-01", "1989-12-31", "2030-12-31", "2031-01-01", "财政未安排",
    *("nan", "NaN", "None", "<NA>", "#N/A", "\u200b", "\u2060 ", "\u3164", "\u2800", "是\u200b", "nan\u2003", "无", "不适用", "yEs", "…", "★", "e\u0301"),
    *REASON_WANTED, "不涉及\n本年", "n/a", "1‰", "500‰", "0.5‰", "１％", "5元", "\u30005\u00a0", "\t7\n", "3.14%%", "%", "1000000", "1000001", "0.3%", "0.30", "0.301%",
)  # fmt: skip


@pytest.mark.parametrize(("column", "cell", "wanted"), BY_HAND, ids=lambda value: value.key if isinstance(value, Column) else repr(value))
def test_a_cell(column: Column, cell: Cell, wanted: int | str) -> None:
    assert whole(column, cell) == wanted


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_every_word_has_its_sentence(column: Column) -> None:
    for word in words_of(column):
        said = reason(word, column)
        assert said.word == word and said.zh and said.en


def on_polars(column: Column, series: Any) -> list[int | str | None]:
    """Numbers and words, as `whole` gives them; never both."""
    import polars as pl

    from perfeval.batch.polars_cells import cells

    read = cells(column, "x", series.dtype)
    found = pl.DataFrame({"x": series}).lazy().with_columns(whole=read.whole, word=read.word()).collect().drop("x")
    both = [row for row in found.iter_rows() if (row[0] is None) == (row[1] is None)]
    assert both == [], both
    return [number if number is not None else word for number, word in found.iter_rows()]


def agree(column: Column, cells: Sequence[Cell], series: Any) -> None:
    got, wanted = on_polars(column, series), [whole(column, cell) for cell in cells]
    assert [(cell, a) for cell, a in zip(cells, got, strict=True)] == [(cell, b) for cell, b in zip(cells, wanted, strict=True)]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_texts_on_polars(column: Column) -> None:
    pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
    for dtype in (pl.String, pl.Categorical):
        agree(column, [*TEXTS, None], pl.Series([*TEXTS, None], dtype=dtype))
    agree(column, [None, None], pl.Series([None, None], dtype=pl.Null))


@pytest.mark.parametrize("column", [one for one in COLUMNS if one.form in ("number", "yes_no")], ids=lambda column: column.key)
def test_whole_numbers_on_polars(column: Column) -> None:
    pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
    chance = random.Random(column.key)
    for dtype, bits, signed in (
        (pl.Int8, 8, 1),
        (pl.UInt8, 8, 0),
        (pl.Int32, 32, 1),
        (pl.Int64, 64, 1),
        (pl.UInt64, 64, 0),
        (pl.Int128, 128, 1),
    ):
        low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
        numbers = [0, 1, 2, 3, 100, 101, low, high, -1 * signed, *(chance.randint(low, high) for _ in range(30))]
        agree(column, [*numbers, None], pl.Series([*numbers, None], dtype=dtype))
    if column.form == "yes_no":
        agree(column, [True, False, None], pl.Series([True, False, None]))


@pytest.mark.parametrize("column", [one for one in COLUMNS if one.form == "number"], ids=lambda column: column.key)
@pytest.mark.parametrize(("digits", "scale"), [(9, 2), (18, 2), (18, 0), (27, 18), (27, 2), (27, 26), (10, 6)])
def test_decimals_on_polars(column: Column, digits: int, scale: int) -> None:
    pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
    chance = random.Random(f"{column.key}/{digits}/{scale}")
    most = 10**digits - 1
    units = [0, 1, -1, min(10**scale, most), min(10**scale // 2, most)]
    for _ in range(300):
        one = chance.randint(-(10 ** chance.choice([3, 6, digits])) + 1, 10 ** chance.choice([3, 6, digits]) - 1)
        zeros = 10 ** chance.randint(0, digits)
        units.append(one // zeros * zeros if abs(one // zeros * zeros) <= most else one)
    agree(column, [Written(show_fixed(Fraction(one, 10**scale), scale)) for one in units], decimals(pl, units, digits, scale))


def decimals(pl: Any, units: list[int], digits: int, scale: int) -> Any:
    frame = pl.Series("x", units, dtype=pl.Int128).to_frame()
    return frame.select(pl.col("x").reinterpret(dtype=pl.Decimal(digits, scale)))["x"]


def test_dates_on_polars() -> None:
    pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
    days = [date(2000, 1, 1), date(1, 1, 1), date(9999, 12, 31), date(1990, 1, 1), date(1989, 12, 31), None]
    agree(DAY, days, pl.Series(days))
