"""What a cell means: the reference that every engine is held against.

A cell is an exact value (text, whole number, decimal, yes/no, date) or nothing. It becomes a whole number of its column, or the word
for why it does not.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

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
from perfeval.quantity import APPLIES, BLANK_TEXTS, MISSING_TEXTS, is_name, is_reason, is_yes_no, read_yes_no


class Written(NamedTuple):
    """A cell of a column of decimals, digit by digit."""

    text: str


Cell = str | int | Written | bool | date | None
NUMBER = r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,18})?"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_NUMBER, _DATE = re.compile(NUMBER), re.compile(DATE)


def whole(column: Column, cell: Cell) -> int | str:
    """The column's whole number, or the word of a reason."""
    if isinstance(cell, str):
        cell = cell.strip(BLANKS)
    if column.absent is not None:
        return _flag(column.absent, cell)
    if cell is None or (isinstance(cell, str) and cell in MISSING_TEXTS):
        return MISSING
    match column.form:
        case "yes_no":
            return _yes_no(cell)
        case "tier":
            return column.choices.index(str(cell)) + 1 if str(cell) in column.choices else UNKNOWN_TIER
        case "date":
            return _date(column, cell)
    return _number(column, cell)


def _yes_no(cell: Cell) -> int | str:
    if isinstance(cell, str):
        if cell in ("0", "1"):
            return int(cell)
        return int(read_yes_no(cell)) if is_yes_no(cell) else NOT_YES_NO
    return int(cell) if isinstance(cell, int) and cell in (0, 1) else NOT_YES_NO


def _flag(absent: int, cell: Cell) -> int | str:
    """Whether something does not apply: a text that says why not. That it does not without a reason is no answer, as in `score`."""
    if not isinstance(cell, str):
        return absent if cell is None else 0 if cell == 0 else NO_REASON
    if cell in BLANK_TEXTS:
        return absent
    return 0 if cell in APPLIES else 1 if is_reason(cell) else NO_REASON


def _date(column: Column, cell: Cell) -> int | str:
    if isinstance(cell, str):
        if not _DATE.fullmatch(cell):
            return NOT_A_DATE
        try:
            cell = date.fromisoformat(cell)
        except ValueError:
            return NOT_A_DATE
    assert isinstance(cell, date)
    day = cell.toordinal()
    return day if column.low <= day <= column.high else OUT_OF_RANGE


def _number(column: Column, cell: Cell) -> int | str:
    """By its digits: no fraction is made, so that a million cells cost little."""
    text, signed = (cell if isinstance(cell, str) else cell.text if isinstance(cell, Written) else str(cell)), False
    if isinstance(cell, str):
        signed = column.is_rate and cell.endswith(column.symbol)
        text = cell.removesuffix(column.symbol).removesuffix(" ") if signed else cell
        if not _NUMBER.fullmatch(text):
            return NOT_A_NUMBER
    before, _, after = text.partition(".")
    after = after.rstrip("0")
    if column.is_rate and not signed and 0 < int(before + after) <= 10 ** len(after):
        return TWO_READINGS
    if len(after) > column.places:
        return EXCESS
    units = int(before + after.ljust(column.places, "0"))
    return units if column.low <= units <= column.high else OUT_OF_RANGE


def name_of(cell: Cell) -> Cell:
    """The name of a project, None where the cell holds nothing but blanks."""
    return (cell.strip(BLANKS) or None) if isinstance(cell, str) else cell


def names(name: Cell) -> bool:
    """Whether it is the name of a project."""
    return is_name(name) if isinstance(name, str) else name is not None


class Reader:
    """Reads the cells of one column. Texts repeat: what they mean is remembered, up to a limit."""

    MOST = 50_000

    def __init__(self, column: Column) -> None:
        self.column = column
        self.known: dict[str, int | str] = {}

    def __call__(self, cell: Cell) -> int | str:
        if not isinstance(cell, str):
            return whole(self.column, cell)
        found = self.known.get(cell)
        if found is None:
            if len(self.known) >= self.MOST:
                self.known.clear()
            found = self.known[cell] = whole(self.column, cell)
        return found
