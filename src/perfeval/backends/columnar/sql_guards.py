"""Cells of a table whose types nobody knows yet: read as texts, after the query itself has looked at each column's type.

A text, whole number, decimal, yes/no or date is written out exactly by the engine, and then means what the same text means. Any other
type, floating-point numbers above all, makes the query fail and name the column: 0.1 of a float is written `0.1`, and is not 0.1.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from sqlglot import exp

from perfeval.backends.columnar.sql_dialects import DIGITS, Dialect, cast, decimal_type, identifier, joined, number, plain, tried
from perfeval.ir.columns import BLANKS, ColumnForm

Type = Literal["text", "whole", "decimal", "yes_no", "date", "nothing"]
TABLE = "perfeval_0"
"""What the query calls the table, so that no name of its own is ever taken for a column that the table lacks."""
NAME: tuple[Type, ...] = ("text", "whole")
TAKES: Mapping[ColumnForm, tuple[Type, ...]] = {
    "number": ("text", "whole", "decimal"),
    "date": ("text", "date"),
    "yes_no": ("text", "yes_no", "whole"),
    "tier": ("text",),
}


class Guard(ABC):
    """Writes cells in a dialect. `types`: what its TYPEOF calls them; a name that ends in a parenthesis goes on."""

    types: Mapping[Type, tuple[str, ...]]
    fail: str  # the function that makes a query fail with a text

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def cell(self, name: str, takes: Sequence[Type]) -> exp.Expr:
        """The cell as a text, trimmed; the query fails at the first one in a column that is of none of the types."""
        written = cast(_column(name), plain("TEXT"))
        text = exp.Trim(this=self.characters(written), expression=exp.Literal.string(BLANKS))
        arms = [exp.If(this=self.is_of(name, *(one for one in takes if one != "decimal"), "nothing"), true=text)]
        if "decimal" in takes:
            arms.append(exp.If(this=self.is_of(name, "decimal"), true=self.digits(written.copy())))
        return exp.Case(ifs=arms, default=self.fails(f"perfeval: 「{name}」不能是 (cannot be of type) ", _type(name)))

    def name(self, name: str) -> exp.Expr:
        """The same of the column that names projects; the query fails as well where the session would read it otherwise."""
        return self.cell(name, NAME)

    def is_of(self, name: str, *kinds: Type) -> exp.Expr:
        """Whether the column is of one of these kinds: engines know it before they look at any row."""
        known = [one for kind in kinds for one in self.types[kind]]
        whole = [exp.Literal.string(one) for one in known if not one.endswith("(")]
        tests: list[exp.Expr] = [exp.In(this=_type(name), expressions=whole)] if whole else []
        tests += [exp.Like(this=_type(name), expression=exp.Literal.string(f"{one}%")) for one in known if one.endswith("(")]
        return joined(exp.Or, tests)

    def fails(self, said: str, more: exp.Expr) -> exp.Expr:
        told = exp.Anonymous(this="CONCAT", expressions=[self.dialect.literal(said), more])
        return exp.Anonymous(this=self.fail, expressions=[told])

    @abstractmethod
    def digits(self, written: exp.Expr) -> exp.Expr:
        """A decimal that the engine has written as a text, without an exponent."""

    @abstractmethod
    def characters(self, text: exp.Expr) -> exp.Expr:
        """A text that is compared character by character, in whatever way its column is."""


class _DuckDB(Guard):
    types = {
        "text": ("VARCHAR", "ENUM("),
        "whole": ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
        "decimal": ("DECIMAL(",),
        "yes_no": ("BOOLEAN",),
        "date": ("DATE",),
        "nothing": ('"NULL"',),
    }
    fail = "ERROR"

    def digits(self, written: exp.Expr) -> exp.Expr:
        return written

    def characters(self, text: exp.Expr) -> exp.Expr:
        """TYPEOF does not tell of a collation."""
        return exp.Collate(this=text, expression=identifier("binary"))


class _Spark(Guard):
    types = {
        "text": ("string",),
        "whole": ("tinyint", "smallint", "int", "bigint"),
        "decimal": ("decimal(",),
        "yes_no": ("boolean",),
        "date": ("date",),
        "nothing": ("void",),
    }
    fail = "RAISE_ERROR"

    def name(self, name: str) -> exp.Expr:
        """Two settings would change what is computed: how many digits a quotient keeps, and what a backslash in a text is."""
        one = cast(number(1), self.dialect.wide())
        quotient = exp.Anonymous(this="TYPEOF", expressions=[exp.Div(this=one, expression=one.copy())])
        has_room = exp.EQ(this=quotient, expression=exp.Literal.string("decimal(38,6)"))
        is_one = exp.EQ(this=exp.Length(this=exp.Literal.string("\\")), expression=number(1))
        told = "spark.sql.decimalOperations.allowPrecisionLoss = true, spark.sql.parser.escapedStringLiterals = false"
        wrong = self.fails("perfeval: 先设 (set first) ", exp.Literal.string(told))
        return exp.Case(ifs=[exp.If(this=exp.And(this=has_room, expression=is_one), true=self.cell(name, NAME))], default=wrong)

    def digits(self, written: exp.Expr) -> exp.Expr:
        """Without ANSI a decimal within 10^-6 of zero is written as `1E-7`."""
        small = exp.Anonymous(this="FORMAT_NUMBER", expressions=[tried(written.copy(), decimal_type(DIGITS, DIGITS)), number(DIGITS)])
        has_exponent = exp.Like(this=written.copy(), expression=exp.Literal.string("%E%"))
        return exp.Case(ifs=[exp.If(this=has_exponent, true=small)], default=written)

    def characters(self, text: exp.Expr) -> exp.Expr:
        """TYPEOF tells of a collation, and such a column is of no type that is taken."""
        return text


GUARDS: Mapping[str, Callable[[Dialect], Guard]] = {"duckdb": _DuckDB, "spark": _Spark}


def _type(name: str) -> exp.Expr:
    return exp.Anonymous(this="TYPEOF", expressions=[_column(name)])


def _column(name: str) -> exp.Column:
    return exp.Column(this=identifier(name), table=identifier(TABLE))
