"""Cells of a table as Polars expressions: what `cells.whole` says, for whole columns at once.

Each column becomes two things: the whole number where the cell holds one, else null; and, for the rows that turn out bad, tests that
say why it does not. Texts are held against a pattern first, decimals against a remainder: a cast alone would round in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import polars as pl

from perfeval.batch.cells import DATE, NUMBER
from perfeval.batch.matching import Kind
from perfeval.batch.reasons import (
    EXCESS,
    MISSING,
    NO_REASON,
    NOT_A_DATE,
    NOT_A_NUMBER,
    NOT_YES_NO,
    OUT_OF_RANGE,
    TWO_READINGS,
    UNKNOWN_TIER,
)
from perfeval.ir.columns import BLANKS, Column
from perfeval.quantity import BLANK_TEXTS, LETTER, MISSING_TEXTS, NO_WORDS, YES_WORDS
from perfeval.quantity import NO_REASON as BARE

_FIRST_DAY = date(1970, 1, 1).toordinal()
_MOST = 18  # decimals of a text
_WIDEST = 10**38  # no cell is further from zero
_FEW = 6
Test = tuple[str, pl.Expr]


def kind_of(dtype: pl.DataType) -> Kind:
    """What the cells of a column of this type are."""
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return "text"
    if dtype.is_integer():
        return "whole"
    if dtype == pl.Decimal:
        return "decimal"
    simple: dict[type[pl.DataType], Kind] = {pl.Boolean: "yes_no", pl.Date: "date", pl.Null: "nothing"}
    return simple.get(dtype.base_type(), "other")


class Cells(NamedTuple):
    """A column read. `whole` is null where `tests` find something; the first of them that is true says what."""

    whole: pl.Expr
    tests: tuple[Test, ...]

    def with_unreadable(self, number: int) -> pl.Expr:
        """The whole number, and this one where the cell is not missing and holds none."""
        faults = [test.fill_null(False) for word, test in self.tests if word != MISSING]
        missing = [test.fill_null(False) for word, test in self.tests if word == MISSING]
        bad = ~pl.any_horizontal(*missing, pl.lit(False)) & pl.any_horizontal(*faults, pl.lit(False))
        return pl.when(bad).then(pl.lit(number, pl.Int64)).otherwise(self.whole)

    def word(self) -> pl.Expr:
        """The word of the reason, null where there is a value."""
        found = pl.lit(None, pl.String)
        for word, test in reversed(self.tests):
            found = pl.when(test).then(pl.lit(word)).otherwise(found)
        return found


def cells(column: Column, name: str, dtype: pl.DataType) -> Cells:
    """What the column of a table says for an evidence key."""
    cell, kind = pl.col(name), kind_of(dtype)
    more: tuple[Test, ...] = ()
    if kind == "nothing":
        missing = pl.lit(True)
        whole: pl.Expr = pl.lit(column.absent, pl.Int32)
    else:
        cell = text_of(cell, dtype) if kind == "text" else cell
        empty = MISSING_TEXTS if column.absent is None else BLANK_TEXTS
        missing = cell.is_null() | cell.is_in(sorted(empty)) if kind == "text" else cell.is_null()
        whole, more = _read(column, cell, kind, dtype)
    if column.absent is None:
        return Cells(whole, ((MISSING, missing), *more))
    filled = pl.when(missing).then(pl.lit(column.absent, pl.Int32)).otherwise(whole)
    return Cells(filled, tuple((word, ~missing & test) for word, test in more))


def text_of(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    return (cell if dtype == pl.String else cell.cast(pl.String)).str.strip_chars(BLANKS)


def _read(column: Column, cell: pl.Expr, kind: Kind, dtype: pl.DataType) -> tuple[pl.Expr, tuple[Test, ...]]:
    match column.form:
        case "number":
            return _number_of_text(column, cell) if kind == "text" else _number(column, cell, dtype)
        case "yes_no":
            return _yes_no(cell, kind) if column.absent is None else _flag(cell, kind)
        case "tier":
            whole = _choice(cell, {name: place for place, name in enumerate(column.choices, 1)})
            return whole, ((UNKNOWN_TIER, whole.is_null()),)
    return _date(column, cell, kind)


def _choice(cell: pl.Expr, words: Mapping[str, int]) -> pl.Expr:
    """The number of a word, null for any other. Few words are compared faster than looked up."""
    if len(words) > _FEW:
        return cell.replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.Int32)
    found = pl.lit(None, pl.Int32)
    for word, number in words.items():
        found = pl.when(cell == word).then(pl.lit(number, pl.Int32)).otherwise(found)
    return found


# ---- numbers


def _number(column: Column, cell: pl.Expr, dtype: pl.DataType) -> tuple[pl.Expr, tuple[Test, ...]]:
    """Whole numbers and decimals, by their physical integers: nothing is rounded."""
    own, wide = 0, cell
    if isinstance(dtype, pl.Decimal):
        own, wide = dtype.scale, cell.reinterpret(dtype=pl.Int128)
    finer, coarser = 10 ** max(own - column.places, 0), 10 ** max(column.places - own, 0)
    low, high = max(-(-column.low * finer // coarser), -_WIDEST), min(column.high * finer // coarser, _WIDEST)
    if low > high:
        low, high = 1, 0  # no cell of this type can be within
    narrow = _width(min(low, 0), max(high, 10**own))
    number = wide.cast(narrow, strict=False)
    within = number.is_between(pl.lit(low, narrow), pl.lit(high, narrow))
    good, tests = within, [(OUT_OF_RANGE, within.not_().fill_null(True))]
    if finer > 1:
        ends = number % pl.lit(finer, narrow) == 0
        good = good & ends
        tests.insert(0, (EXCESS, (wide.cast(pl.Int128) % pl.lit(finer, pl.Int128)) != 0))
    if column.is_rate:
        two = (number > 0) & (number <= pl.lit(10**own, narrow))
        good = good & ~two
        tests.insert(0, (TWO_READINGS, two))
    value = pl.when(good).then(number)
    if finer > 1:
        return value // pl.lit(finer, narrow), tuple(tests)
    if coarser > 1:
        full = _width(column.low, column.high)
        return value.cast(full) * pl.lit(coarser, full), tuple(tests)
    return value, tuple(tests)


def _number_of_text(column: Column, cell: pl.Expr) -> tuple[pl.Expr, tuple[Test, ...]]:
    """Texts by an anchored pattern that lets through what the column can hold."""
    sign = f"(?: ?{column.symbol})?" if column.is_rate else ""
    bare = cell.str.strip_suffix(column.symbol).str.strip_suffix(" ") if column.is_rate else cell
    places = min(column.places, _MOST)
    decimals = rf"(?:\.[0-9]{{1,{places}}}0{{0,{_MOST - places}}})?" if places else rf"(?:\.0{{1,{_MOST}}})?"
    fits = cell.str.contains(rf"^[+-]?[0-9]{{1,15}}{decimals}{sign}$")
    narrow = _width(min(column.low, -(10 ** (15 + column.places))), max(column.high, 10 ** (15 + column.places)))
    number = pl.when(fits).then(bare).str.to_decimal(scale=column.places).reinterpret(dtype=pl.Int128).cast(narrow)
    good = number.is_between(pl.lit(column.low, narrow), pl.lit(column.high, narrow))
    tests: list[Test] = [(NOT_A_NUMBER, ~cell.str.contains(rf"^{NUMBER}{sign}$"))]
    if column.is_rate:
        exact = pl.when(cell.str.contains(rf"^{NUMBER}$")).then(cell).str.to_decimal(scale=_MOST).reinterpret(dtype=pl.Int128)
        tests.append((TWO_READINGS, (exact > 0) & (exact <= 10**_MOST)))
        signed = cell.str.ends_with(column.symbol)
        good = good & (signed | (number <= 0) | (number > pl.lit(10**column.places, narrow)))
    tests += [(EXCESS, ~fits), (OUT_OF_RANGE, ~number.is_between(pl.lit(column.low, narrow), pl.lit(column.high, narrow)))]
    return pl.when(good).then(number), tuple(tests)


def _width(low: int, high: int) -> type[pl.DataType]:
    return pl.Int64 if max(-low, high) < 2**63 else pl.Int128


# ---- yes and no, dates


def _yes_no(cell: pl.Expr, kind: Kind) -> tuple[pl.Expr, tuple[Test, ...]]:
    if kind == "yes_no":
        return cell.cast(pl.Int32), ()
    if kind == "whole":
        good = (cell == 0) | (cell == 1)
        return pl.when(good).then(cell).cast(pl.Int32), ((NOT_YES_NO, ~good),)
    whole = _choice(cell, {**dict.fromkeys(sorted(YES_WORDS), 1), "1": 1, **dict.fromkeys(sorted(NO_WORDS), 0), "0": 0})
    return whole, ((NOT_YES_NO, whole.is_null()),)


def _flag(cell: pl.Expr, kind: Kind) -> tuple[pl.Expr, tuple[Test, ...]]:
    """A text that says why something does not apply."""
    if kind == "text":
        no, reason = cell.is_in([*sorted(NO_WORDS), "0"]), cell.str.contains(LETTER) & ~cell.str.contains(f"^{BARE}$")
        whole: pl.Expr = pl.when(no).then(pl.lit(0, pl.Int32)).when(reason).then(pl.lit(1, pl.Int32))
    else:
        whole = pl.when(cell == pl.lit(False if kind == "yes_no" else 0)).then(pl.lit(0, pl.Int32))
    return whole, ((NO_REASON, whole.is_null()),)


def _date(column: Column, cell: pl.Expr, kind: Kind) -> tuple[pl.Expr, tuple[Test, ...]]:
    day, tests = cell, []
    if kind == "text":
        fits = cell.str.contains(f"^{DATE}$") & ~cell.str.starts_with("0000")
        day = pl.when(fits).then(cell).str.to_date("%Y-%m-%d", strict=False)
        tests.append((NOT_A_DATE, day.is_null()))
    number = day.cast(pl.Int32).cast(pl.Int64) + _FIRST_DAY
    good = number.is_between(column.low, column.high)
    return pl.when(good).then(number), (*tests, (OUT_OF_RANGE, ~good))
