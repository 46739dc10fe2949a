"""Cells in SQL: what a column of a table holds, as the column's whole number, NULL where it holds none.

The meaning is the one of `batch/README.md`. Texts are trimmed first; a number is digits and a point, in a column of rates also with its
sign; a bare number above 0 and up to 1 has two readings in a column of rates, and none is taken; more decimals than the column has are
no value, never rounded away. `absent` stands for an empty cell only, never for a bad one.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from sqlglot import exp

from perfeval.backends.columnar.integer_program import NotLowered
from perfeval.backends.columnar.sql_dialects import (
    DIGITS,
    Dialect,
    cast,
    column,
    decimal_literal,
    decimal_type,
    every,
    number,
    plain,
    tried,
    within,
)
from perfeval.ir.columns import BLANKS, Column
from perfeval.quantity import BLANK_TEXTS, LETTER, MISSING_TEXTS, NO_REASON, NO_WORDS, YES_WORDS

YES, NO = ([*sorted(words), digit] for words, digit in ((YES_WORDS, "1"), (NO_WORDS, "0")))
_WHOLE_DIGITS, _DECIMALS = 15, 18  # of a number in a text
_FIRST_DAY = 719_163  # 1970-01-01, counted from 0001-01-01


Kind = Literal["text", "whole", "decimal", "yes_no", "date", "nothing", "units", "any"]


class Raw(NamedTuple):
    """The column of a table that holds an evidence key: its name, what its cells are, `digits` and `places` of decimals.

    `nothing`: nulls without a type. `units`: already the evidence column's whole numbers. `any`: the query looks at the type itself, and
    has made texts of the cells (`sql_guards`).
    """

    name: str
    kind: Kind
    digits: int = 0
    places: int = 0


def trimmed(raw: Raw) -> exp.Expr:
    cell = column(raw.name)
    return exp.Trim(this=cell, expression=exp.Literal.string(BLANKS)) if raw.kind == "text" else cell


class Cells:
    """Writes for a column, whose trimmed cell is `cell`, its whole number."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def whole(self, column: Column, raw: Raw | None, cell: exp.Expr, was_text: exp.Expr | None = None) -> exp.Expr:
        """Without a column, or in one of nulls, every cell is empty. `was_text`, for `any`: else the engine has written a number out."""
        if raw is None or raw.kind == "nothing":
            return cast(
                exp.Null() if column.absent is None else number(column.absent), self.dialect.type_for(max(-column.low, column.high))
            )
        found = self._read(column, raw, cell, was_text)
        if column.unreadable is not None:
            kind = self.dialect.type_for(max(-column.least, column.high))
            says = exp.Coalesce(this=cast(found, kind), expressions=[cast(number(column.unreadable), kind)])
            return exp.Case(ifs=[exp.If(this=exp.Not(this=within(self._is_missing(raw, cell))), true=says)])
        if column.absent is None:
            return found
        return exp.Case(ifs=[exp.If(this=self._is_blank(raw, cell), true=number(column.absent))], default=found)

    def _is_missing(self, raw: Raw, cell: exp.Expr) -> exp.Expr:
        empty = exp.Is(this=cell.copy(), expression=exp.Null())
        return exp.Or(this=empty, expression=self._among(cell, sorted(MISSING_TEXTS))) if raw.kind in ("text", "any") else empty

    def _is_blank(self, raw: Raw, cell: exp.Expr) -> exp.Expr:
        empty = exp.Is(this=cell.copy(), expression=exp.Null())
        return exp.Or(this=empty, expression=self._among(cell, sorted(BLANK_TEXTS))) if raw.kind in ("text", "any") else empty

    def _among(self, cell: exp.Expr, words: list[str]) -> exp.Expr:
        return exp.In(this=cell.copy(), expressions=[self.dialect.literal(word) for word in words])

    def _read(self, column: Column, raw: Raw, cell: exp.Expr, was_text: exp.Expr | None) -> exp.Expr:
        match column.form, "text" if raw.kind == "any" else raw.kind:
            case _, "units":
                kind = self.dialect.type_for(max(-column.low, column.high))
                return _when(_between(cell, number(column.low), number(column.high)), cast(cell.copy(), kind))
            case "number", "whole":
                return self._integer(column, cell)
            case "number", "decimal":
                return self._decimal(column, raw, cell)
            case "number", "text":
                return self._written(column, cell, was_text)
            case "yes_no", "yes_no" | "whole" | "text":
                found = self._yes_no(raw, cell) if column.absent is None else self._flag(raw, cell)
                return cast(found, self.dialect.type_for(1))
            case "tier", "text":
                return cast(self._tier(column, cell), self.dialect.type_for(column.high))
            case "date", "date":
                return self._day(column, cell)
            case "date", "text":
                is_date = self.dialect.matches(cell.copy(), "[0-9]{4}-[0-9]{2}-[0-9]{2}")
                return _when(is_date, self._day(column, tried(cell.copy(), plain("DATE"))))
        raise NotLowered("column-type", column.key, None)

    # ---- numbers

    def _integer(self, column: Column, cell: exp.Expr) -> exp.Expr:
        unit = 10**column.places
        kind = self.dialect.type_for(max(-column.low, column.high))
        tests = [_between(cell, number(-(-column.low // unit)), number(column.high // unit))]
        if column.is_rate:
            tests.append(_not_between_0_and_1(cell))
        whole = tried(cell.copy(), kind)
        return _when(every(tests), exp.Mul(this=whole, expression=number(unit)) if unit > 1 else whole)

    def _decimal(self, column: Column, raw: Raw, cell: exp.Expr) -> exp.Expr:
        """As a decimal of the column's own places: what is cut off there or does not fit is no value."""
        own, value, tests = self._digits(column), cell, list[exp.Expr]()
        if raw.places != column.places or raw.digits < own:
            value = tried(cell.copy(), decimal_type(own, column.places))
        if raw.places > column.places:
            back = tried(value.copy(), decimal_type(raw.digits, raw.places))
            tests.append(exp.EQ(this=back, expression=cell.copy()))
        digits = max(raw.digits, own) if raw.places == column.places else own
        return self._in_units(column, value, tests, not column.is_rate, digits)

    def _written(self, column: Column, cell: exp.Expr, was_text: exp.Expr | None) -> exp.Expr:
        places = min(column.places, _DECIMALS)
        zeros = _DECIMALS - places
        decimals = f"[0-9]{{1,{places}}}0{{0,{zeros}}}" if places else f"0{{1,{zeros}}}"
        pattern = rf"[+-]?[0-9]{{1,{_WHOLE_DIGITS}}}(?:[.]{decimals})?"
        value = tried(cell.copy(), self._own_decimal(column))
        test = self.dialect.matches(cell.copy(), pattern)
        if was_text is not None:  # how long a number may be is asked of people only
            is_number = self.dialect.matches(cell.copy(), f"-?[0-9]*(?:[.][0-9]{{0,{column.places}}}0*)?")
            test = exp.Case(ifs=[exp.If(this=was_text, true=test)], default=is_number)
        found = self._in_units(column, value, [test], not column.is_rate)
        if not column.is_rate:
            return found
        is_marked = self.dialect.matches(cell.copy(), f"{pattern} ?{re.escape(column.symbol)}")
        length = exp.Sub(this=exp.Length(this=cell.copy()), expression=number(len(column.symbol)))
        bare = exp.Trim(this=exp.Left(this=cell.copy(), expression=length))
        marked = self._in_units(column, tried(bare, self._own_decimal(column)), [], True)
        return exp.Case(ifs=[exp.If(this=is_marked, true=marked)], default=found)

    def _own_decimal(self, column: Column) -> exp.DataType:
        return decimal_type(self._digits(column), column.places)

    def _digits(self, column: Column) -> int:
        digits = len(str(max(-column.low, column.high, 10**column.places)))
        if digits + column.places + 1 > DIGITS:
            raise NotLowered(f"too-wide-for-{self.dialect.name}", column.key, None)
        return digits

    def _in_units(self, column: Column, value: exp.Expr, tests: list[exp.Expr], has_one_reading: bool, digits: int = 0) -> exp.Expr:
        """A decimal of the column's places and so many digits, within its ends, as a whole number; compared with its like only."""
        own = self._own_decimal(column)
        compared = decimal_type(digits or self._digits(column), column.places)
        ends = (cast(decimal_literal(end, column.places), compared) for end in (column.low, column.high))
        tests = [*tests, _between(value, *ends)]
        if not has_one_reading:
            tests.append(_not_between_0_and_1(value))
        to = self.dialect.type_for(10 ** self._digits(column))
        value = value.copy() if compared == own else cast(value.copy(), own)
        if column.places == 0:
            return _when(every(tests), cast(value, to))
        unit = cast(number(10**column.places), decimal_type(column.places + 1, 0))
        kind = self.dialect.type_for(max(-column.low, column.high))
        whole = cast(exp.Mul(this=value, expression=unit), to)
        return _when(every(tests), whole if to == kind else cast(whole, kind))

    # ---- words

    def _yes_no(self, raw: Raw, cell: exp.Expr) -> exp.Expr:
        if raw.kind == "yes_no":
            return cast(cell.copy(), plain("INT"))
        if raw.kind == "whole":
            return _when(exp.In(this=cell.copy(), expressions=[number(0), number(1)]), cast(cell.copy(), plain("INT")))
        arms = [exp.If(this=self._among(cell, YES), true=number(1)), exp.If(this=self._among(cell, NO), true=number(0))]
        return exp.Case(ifs=arms)

    def _flag(self, raw: Raw, cell: exp.Expr) -> exp.Expr:
        """A text that says why something does not apply."""
        if raw.kind == "yes_no":
            return _when(exp.Not(this=cell.copy()), number(0))
        if raw.kind == "whole":
            return _when(exp.EQ(this=cell.copy(), expression=number(0)), number(0))
        is_bare = self.dialect.matches(cell.copy(), NO_REASON)
        says = exp.And(this=self.dialect.matches(cell.copy(), f"(?s:.*{LETTER}.*)"), expression=exp.Not(this=within(is_bare)))
        return exp.Case(ifs=[exp.If(this=self._among(cell, NO), true=number(0)), exp.If(this=says, true=number(1))])

    def _tier(self, column: Column, cell: exp.Expr) -> exp.Expr:
        """A tier whose name says that nothing is known yet cannot be chosen."""
        arms = []
        for at, choice in enumerate(column.choices, 1):
            if choice not in MISSING_TEXTS:
                arms.append(exp.If(this=exp.EQ(this=cell.copy(), expression=self.dialect.literal(choice)), true=number(at)))
        return exp.Case(ifs=arms) if arms else cast(exp.Null(), plain("INT"))

    def _day(self, column: Column, cell: exp.Expr) -> exp.Expr:
        day = within(self.dialect.day_number(cell))
        inside = _between(day, number(column.low - _FIRST_DAY), number(column.high - _FIRST_DAY))
        kind = self.dialect.type_for(max(-column.low, column.high))
        return _when(inside, cast(exp.Add(this=day.copy(), expression=number(_FIRST_DAY)), kind))


def _when(test: exp.Expr, then: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=test, true=then)])


def _between(cell: exp.Expr, low: exp.Expr, high: exp.Expr) -> exp.Expr:
    return exp.And(this=exp.GTE(this=cell.copy(), expression=low), expression=exp.LTE(this=cell.copy(), expression=high))


def _not_between_0_and_1(cell: exp.Expr) -> exp.Expr:
    below = exp.LTE(this=cell.copy(), expression=number(0))
    return exp.Paren(this=exp.Or(this=below, expression=exp.GT(this=cell.copy(), expression=number(1))))
