"""What SQL dialects differ in: whole numbers beyond 64 bits, floor division, exact decimals, texts that match a pattern.

Everything is a syntax tree of sqlglot: names and literals are quoted by it and by nothing else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlglot import exp

from perfeval.backends.columnar.integer_program import NotLowered

NARROW = 2**63 - 1  # what BIGINT holds
DIGITS = 38  # of the widest decimal
_SUBSTITUTED = "${"  # where it stands in the text of a query, Spark puts the value of a setting or of the environment


class Dialect(ABC):
    """A dialect. `widest` is the largest whole number on either side that its widest type holds."""

    name: str
    widest: int

    @abstractmethod
    def wide(self) -> exp.DataType:
        """The type of whole numbers beyond 64 bits."""

    @abstractmethod
    def whole_part(self, above: exp.Expr, below: exp.Expr, is_wide: bool, most: int) -> exp.Expr:
        """A quotient up to `most` on either side; of whole numbers, `below` above zero and `above` not below it."""

    @abstractmethod
    def floor(self, above: exp.Expr, below: exp.Expr, is_wide: bool, most: int) -> exp.Expr:
        """The same of any `above`, rounded down."""

    @abstractmethod
    def matches(self, text: exp.Expr, pattern: str) -> exp.Expr:
        """Whether the whole text is what the pattern says."""

    @abstractmethod
    def day_number(self, day: exp.Expr) -> exp.Expr:
        """Days since 1970-01-01."""

    def count(self) -> exp.DataType:
        """The type of a number of things."""
        return plain("INT")

    def least(self, args: Sequence[exp.Expr]) -> exp.Expr:
        return exp.Anonymous(this="LEAST", expressions=list(args))

    def most(self, args: Sequence[exp.Expr]) -> exp.Expr:
        return exp.Anonymous(this="GREATEST", expressions=list(args))

    def type_for(self, most: int) -> exp.DataType:
        return self.wide() if most > NARROW else plain("BIGINT")

    def decimal(self, whole: exp.Expr, digits: int, places: int, about: str) -> exp.Expr:
        """A whole number in units of 10^-places as an exact decimal. Dividing would round or give a float: it is multiplied."""
        if digits + places + 1 > DIGITS:
            raise NotLowered(f"too-wide-for-{self.name}", about, None)
        plain = cast(whole, decimal_type(digits, 0))
        return exp.Mul(this=plain, expression=decimal_literal(1, places)) if places else plain

    def checked_name(self, name: str) -> str:
        """A name that can stand in the text of a query. Raises `NotLowered`."""
        return name

    def literal(self, text: str) -> exp.Expr:
        return exp.Literal.string(text)

    def text(self, query: exp.Select) -> str:
        """One line for each column."""
        steps = query.args["with_"].expressions
        written = [f"{self._step_name(step)} (\n{self._select(step.this, '  ')}\n)" for step in steps]
        return f"WITH {', '.join(written)}\n{self._select(query, '')}\n"

    def _step_name(self, step: exp.CTE) -> str:
        return f"{step.args['alias'].sql(dialect=self.name)} AS"

    def _select(self, select: exp.Select, indent: str) -> str:
        columns = f",\n{indent}  ".join(one.sql(dialect=self.name) for one in select.expressions)
        return f"{indent}SELECT\n{indent}  {columns}\n{indent}{select.args['from_'].sql(dialect=self.name).strip()}"


class DuckDB(Dialect):
    """`//` of whole numbers cuts towards zero; whole numbers go to 128 bits."""

    name = "duckdb"
    widest = 2**127 - 1

    def wide(self) -> exp.DataType:
        return plain("INT128")

    def count(self) -> exp.DataType:
        return plain("UINT")

    def type_for(self, most: int) -> exp.DataType:
        return plain("INT") if most < 2**31 else super().type_for(most)

    def whole_part(self, above: exp.Expr, below: exp.Expr, is_wide: bool, most: int) -> exp.Expr:
        return exp.IntDiv(this=above, expression=below)

    def floor(self, above: exp.Expr, below: exp.Expr, is_wide: bool, most: int) -> exp.Expr:
        return _by_sign(above, below, lambda a, b: self.whole_part(a, b, is_wide, most))

    def decimal(self, whole: exp.Expr, digits: int, places: int, about: str) -> exp.Expr:
        """Of as many digits as are needed, which costs next to nothing here."""
        return cast(super().decimal(whole, digits, places, about), decimal_type(digits, places))

    def matches(self, text: exp.Expr, pattern: str) -> exp.Expr:
        return exp.Anonymous(this="REGEXP_FULL_MATCH", expressions=[text, exp.Literal.string(pattern)])

    def text(self, query: exp.Select) -> str:
        """Line breaks inside a text are written as such: a query may be copied from one system to another."""
        raw = query.find_all(exp.Literal)
        texts = {one.sql(dialect=self.name) for one in raw if one.is_string and any(break_ in one.name for break_ in "\t\r\n")}
        written = super().text(query)
        for text in sorted(texts, key=len, reverse=True):
            plain_text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\r", "\\r").replace("\n", "\\n")
            written = written.replace(text, f"E{plain_text}")
        return written

    def _step_name(self, step: exp.CTE) -> str:
        return f"{super()._step_name(step)} NOT MATERIALIZED"

    def day_number(self, day: exp.Expr) -> exp.Expr:
        epoch = cast(exp.Literal.string("1970-01-01"), plain("DATE"))
        return exp.case().when(exp.Anonymous(this="ISFINITE", expressions=[day]), exp.Sub(this=day.copy(), expression=epoch))


class Spark(Dialect):
    """`DIV` cuts towards zero and gives 64 bits; beyond them there are decimals of 38 digits, whose `/` rounds."""

    name = "spark"
    widest = 10**DIGITS - 1
    _QUOTIENT = 10**32  # the whole digits that a quotient of two such decimals keeps

    def wide(self) -> exp.DataType:
        return decimal_type(DIGITS, 0)

    def whole_part(self, above: exp.Expr, below: exp.Expr, is_wide: bool, most: int) -> exp.Expr:
        if is_wide and most > NARROW:
            return self._exact_quotient(above, below, most)
        return exp.IntDiv(this=above, expression=below)

    def floor(self, above: exp.Expr, below: exp.Expr, is_wide: bool, most: int) -> exp.Expr:
        if is_wide and most > NARROW:
            return self._exact_quotient(above, below, most)
        return _by_sign(above, below, lambda a, b: self.whole_part(a, b, is_wide, most))

    def _exact_quotient(self, above: exp.Expr, below: exp.Expr, most: int) -> exp.Expr:
        if most >= self._QUOTIENT:
            raise NotLowered("too-wide-for-spark", "/", None)
        rest = exp.Anonymous(this="PMOD", expressions=[above, below])
        multiple = exp.paren(exp.Sub(this=above.copy(), expression=rest), copy=False)
        return cast(exp.Div(this=multiple, expression=below.copy()), self.wide())

    def matches(self, text: exp.Expr, pattern: str) -> exp.Expr:
        return exp.RegexpLike(this=text, expression=exp.Literal.string(rf"\A(?:{pattern})\z"))

    def day_number(self, day: exp.Expr) -> exp.Expr:
        epoch = cast(exp.Literal.string("1970-01-01"), plain("DATE"))
        return exp.Anonymous(this="DATEDIFF", expressions=[day, epoch])

    def checked_name(self, name: str) -> str:
        if _SUBSTITUTED in name:
            raise NotLowered("name-for-spark", name, None)
        return name

    def literal(self, text: str) -> exp.Expr:
        first, *rest = text.split(_SUBSTITUTED)
        if not rest:
            return super().literal(text)
        parts = [f"{first}$", *(f"{{{part}$" for part in rest[:-1]), f"{{{rest[-1]}"]
        return exp.Anonymous(this="CONCAT", expressions=[exp.Literal.string(part) for part in parts])


DIALECTS: Mapping[str, Callable[[], Dialect]] = {"duckdb": DuckDB, "spark": Spark}


def check_names(dialect: str, names: Iterable[str]) -> None:
    """Whether an engine tells these columns of one table apart, and reads each by its name. Raises `NotLowered`."""
    engine = DIALECTS[dialect]()
    known: dict[str, str] = {}
    for name in names:
        folded = engine.checked_name(name).casefold()
        if known.setdefault(folded, name) != name:
            raise NotLowered("names-alike", name, None)


@cache
def plain(name: str) -> exp.DataType:
    return exp.DataType.build(name)


@cache
def decimal_type(digits: int, places: int) -> exp.DataType:
    return exp.DataType.build(f"DECIMAL({digits}, {places})")


def number(value: int) -> exp.Expr:
    literal = exp.Literal.number(abs(value))
    return exp.Neg(this=literal) if value < 0 else literal


def decimal_literal(whole: int, places: int) -> exp.Expr:
    """A whole number in units of 10^-places, written with a point."""
    digits = str(abs(whole)).rjust(places + 1, "0")
    literal = exp.Literal.number(f"{digits[:-places]}.{digits[-places:]}" if places else digits)
    return exp.Neg(this=literal) if whole < 0 else literal


def within(tree: exp.Expr) -> exp.Expr:
    """As an operand."""
    return exp.Paren(this=tree) if isinstance(tree, exp.Binary | exp.Not | exp.In | exp.RegexpLike) else tree


def cast(tree: exp.Expr, kind: exp.DataType) -> exp.Expr:
    return exp.Cast(this=tree, to=kind)


def tried(tree: exp.Expr, kind: exp.DataType) -> exp.Expr:
    """NULL where it cannot be cast."""
    return exp.TryCast(this=tree, to=kind, safe=True)


def column(name: str) -> exp.Column:
    return exp.Column(this=identifier(name))


def identifier(name: str) -> exp.Identifier:
    return exp.Identifier(this=name, quoted=True)


def called(tree: exp.Expr, name: str) -> exp.Alias:
    return exp.Alias(this=tree, alias=identifier(name))


def joined(operator: type[exp.Binary], parts: Sequence[exp.Expr]) -> exp.Expr:
    """All parts under one operator, as a flat tree: engines and sqlglot go down a tree by recursion."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    left, right = (within(joined(operator, some)) for some in (parts[:half], parts[half:]))
    return operator(this=left, expression=right)


def every(parts: Sequence[exp.Expr]) -> exp.Expr:
    return joined(exp.And, parts) if parts else exp.true()


def _by_sign(above: exp.Expr, below: exp.Expr, cut: Callable[[Any, Any], exp.Expr]) -> exp.Expr:
    """Rounded down where the quotient is cut towards zero: below zero it is `-1 - (-1 - above) // below`."""
    mirrored = exp.paren(exp.Sub(this=number(-1), expression=within(above.copy())), copy=False)
    downward = exp.Sub(this=number(-1), expression=exp.paren(cut(mirrored, below.copy()), copy=False))
    is_negative = exp.LT(this=above.copy(), expression=number(0))
    return exp.Case(ifs=[exp.If(this=is_negative, true=downward)], default=cut(above, below))
