"""Facts: named quantities, typed or counted from tables, exact, with what they were counted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

from perfeval.model.evidence import Fact, FactValue
from perfeval.model.tree import QuantityOf
from perfeval.problems import Fault, Origin, Problem, ProblemKind, Severity, did_you_mean
from perfeval.quantity import (
    ANY_COUNT,
    COUNT,
    DATE,
    NO_DIMENSION,
    NO_UNIT,
    WRONG_UNIT,
    YES_NO,
    Quantity,
    Unit,
    is_count,
    is_missing,
    is_yes_no,
    looks_like_date,
    plain_width,
    read_date,
    read_quantity,
    read_unit,
    read_yes_no,
    same_dimension,
    show_dimension,
    show_quantity,
)
from perfeval.reading.not_data import no_data
from perfeval.reading.tables import Row, Table, first_values
from perfeval.reading.texts import FULL_WIDTH, is_full_width
from perfeval.reading.where import NOT_COMPARABLE, bounds_at_fault, holds, same, test_told

FACT_FORM = ProblemKind(
    "fact-form",
    says="事实「{name}」的写法不完整：{why}。",
    remedy="写一个值，或 {{table: 表名, sum: 列名}}（sum、mean、min、max、count、distinct、cell 选一）。",
    en="The fact “{name}” is not written in full: {why}.",
    en_remedy="Write a value, or {{table: NAME, sum: COLUMN}} (one of sum, mean, min, max, count, distinct, cell).",
)
UNKNOWN_TABLE = ProblemKind(
    "unknown-table",
    says="tables 里没有「{table}」。{hint}",
    remedy="在 tables 里登记它，或改正表名。",
    en="There is no “{table}” under tables. {hint}",
    en_remedy="List it under tables, or mend the name.",
)
UNKNOWN_COLUMN = ProblemKind(
    "unknown-column",
    says="表「{file}」没有「{column}」这一列。{hint}",
    remedy="改正列名；有的列：{known}。",
    en="The table “{file}” has no column “{column}”. {hint}",
    en_remedy="Mend the name; there are: {known}.",
)
BLANK_CELL = ProblemKind(
    "blank-cell",
    says="要计入的格子是空的（列「{column}」）。",
    remedy="补上数；确实不计的，在事实里写 blank: skip。",
    en="A cell that would be counted is blank (column “{column}”).",
    en_remedy="Fill it in; if it is rightly left out, write blank: skip in the fact.",
)
CELL_ROWS = ProblemKind(
    "cell-rows",
    says="cell 要恰好一行，现在符合条件的有 {count} 行。",
    remedy="用 where 选出那一行。",
    en="cell needs exactly one row, and {count} match.",
    en_remedy="Choose the row with where.",
)
OUT_OF_RANGE = ProblemKind(
    "out-of-range",
    says="「{name}」为 {value}，超出了允许的范围 {range}。",
    remedy="核对数值和单位；若确实如此，请改 quantities 里的 {what}。",
    en="“{name}” is {value}, outside {range}.",
    en_remedy="Check the figure and its unit; if it is right, change {what} under quantities.",
)
WHERE_NO_ROW = ProblemKind(
    "where-no-row",
    says="条件「{column}：{test}」一行也没选中，「{name}」计为 0；可选的行里这一列有：{known}。",
    remedy="确实没有就不必改；写错了，就照表里的写法改。",
    en="The condition “{column}: {test}” chooses no row, so “{name}” counts 0; in the rows it could choose from, “{column}” holds: {known}.",
    en_remedy="If there are none, leave it; if it is misspelt, write it as the table does.",
    severity=Severity.NOTE,
)

_WORDS = {"sum": "合计", "mean": "平均", "min": "最小", "max": "最大", "count": "行数", "distinct": "不同值个数", "cell": "取值"}


class FactReader(NamedTuple):
    """Reads facts with the tables and quantities of one project. Problems are collected, never raised."""

    tables: Mapping[str, Table]
    declared: frozenset[str]  # tables that are listed, readable or not
    quantities: Mapping[str, QuantityOf]
    words: frozenset[str]
    file: str
    problems: list[Problem]

    def read(self, facts: Mapping[str, Fact]) -> dict[str, FactValue]:
        return {name: self._fact(name, fact) for name, fact in facts.items()}

    def _fact(self, name: str, fact: Fact) -> FactValue:
        origin = Origin(self.file, ("facts", name))
        try:
            unit = self._unit(name, fact, origin)
            value = self._counted(name, fact, unit, origin) if fact.table is not None else self._typed(name, fact, unit, origin)
            self._check_range(value, fact.mean is not None)
        except Fault as fault:
            step = ("value",) if fact.table is None and fact.value is not None else ()
            self.problems.append(fault.on(origin.under(*step)))
        except _Told:
            pass
        else:
            return value
        return FactValue(name, None, NO_DIMENSION, None, fact.value or "", fact.source, origin, blocked=True)

    def _unit(self, name: str, fact: Fact, origin: Origin) -> Unit | None:
        """The unit of bare numbers: the fact's own, else the quantity's; they must agree."""
        declared = self._declared(name)
        try:
            own = read_unit(fact.unit, self.words) if fact.unit else None
            if own and declared and not same_dimension(own.dimension, declared.dimension):
                raise WRONG_UNIT.fault(text=fact.unit, unit=declared.symbol)
        except Fault as fault:
            self._tell(fault.on(origin.under("unit")))
        return own or declared

    def _declared(self, name: str) -> Unit | None:
        """The unit of a quantity; one that cannot be read is told where it is declared, and its facts say nothing."""
        try:
            return read_unit(self.quantities[name].unit, self.words) if name in self.quantities and self.quantities[name].unit else None
        except Fault:
            raise _Told from None

    def _tell(self, problem: Problem) -> NoReturn:
        self.problems.append(problem)
        raise _Told

    def _typed(self, name: str, fact: Fact, unit: Unit | None, origin: Origin) -> FactValue:
        if fact.value is None or fact.counts() or fact.where:
            raise FACT_FORM.fault(name=name, why="缺 value，或有统计而没有 table (no value, or counting without a table)")
        text = fact.value.strip()
        if is_missing(text):
            return FactValue(name, None, unit.dimension if unit else NO_DIMENSION, unit, text, fact.source, origin)
        if looks_like_date(text):
            if unit is not None:
                raise WRONG_UNIT.fault(text=text, unit=unit.symbol)
            return FactValue(name, read_date(text).toordinal(), DATE, Unit("", Fraction(1), DATE), text, fact.source, origin)
        if is_yes_no(text) and unit is None:
            return FactValue(name, int(read_yes_no(text)), YES_NO, Unit("", Fraction(1), YES_NO), text, fact.source, origin)
        quantity = read_quantity(text, unit, self.words)
        return FactValue(name, quantity.value, quantity.dimension, quantity.unit, text, fact.source, origin)

    def _counted(self, name: str, fact: Fact, unit: Unit | None, origin: Origin) -> FactValue:
        ways = fact.counts()
        if len(ways) != 1 or fact.value is not None:
            raise FACT_FORM.fault(name=name, why="要恰好一种统计 (exactly one way of counting)")
        word, what = ways[0]
        columns: tuple[str, ...] = () if word == "count" else (what,) if isinstance(what, str) else what
        if word != "count" and (not columns or len(set(columns)) < len(columns)):
            raise FACT_FORM.fault(name=name, why=f"{word} 没有写列，或同一列写了两次 (no column, or one twice)")
        if fact.table not in self.tables:
            if fact.table in self.declared:
                raise _Told  # the table's own problem is told already
            self._tell(UNKNOWN_TABLE.on(origin.under("table"), table=fact.table, hint=did_you_mean(fact.table or "", self.declared)))
        table = self.tables[fact.table or ""]
        named = [(column, origin.under(word)) for column in columns] + [
            (column, origin.under("where", column).key()) for column in fact.where
        ]
        for column, place in named:
            if column not in table.columns:
                hint = did_you_mean(column, table.columns)
                self._tell(UNKNOWN_COLUMN.on(place, file=table.file, column=column, hint=hint, known="、".join(table.columns)))
        if wrong := list(bounds_at_fault(fact.where, self.words, origin)):
            self.problems.extend(wrong)
            raise _Told
        rows = self._chosen(name, word, fact, table, origin)
        if word != "cell":
            self._refuse_no_data(name, fact, table, rows)
        source = "；".join(filter(None, (fact.source, _told(table, word, columns, fact, len(rows)))))
        if word in ("count", "distinct") and unit is not None and not is_count(unit.dimension):
            self._tell(WRONG_UNIT.on(origin.under("unit"), text=unit.symbol, unit=show_dimension(ANY_COUNT)))
        value, own = self._count(word, table, columns, rows, fact, unit)
        text = ""
        if not table.rows:
            value, text = None, "表里没有数据行 (the table has no rows)"
        elif value is None:
            text = "没有可计的格子 (no cells to count)"
        return FactValue(name, value, own.dimension if own else NO_DIMENSION, own, text, source, origin)

    def _count(
        self, word: str, table: Table, columns: tuple[str, ...], rows: Sequence[Row], fact: Fact, unit: Unit | None
    ) -> tuple[Fraction | int | None, Unit | None]:
        if word == "count":
            return len(rows), unit or COUNT
        if word == "cell" and len(rows) != 1 and table.rows:
            raise CELL_ROWS.fault(count=len(rows))
        cells = [
            (row, column, text)
            for row in rows
            for column in columns
            if (text := self._cell(table, row, column, fact)) is not None  # one tuple a cell, and no more
        ]
        if not cells and (rows or word not in ("sum", "distinct")):  # all blank: nobody knows
            return None, unit
        if word == "distinct":
            return len({plain_width(text) for _, _, text in cells}), unit or COUNT
        dates = word in ("min", "max", "cell") and looks_like_date(cells[0][2])
        read = self._date if dates else self._quantity
        first: Quantity | None = None
        total, least, most = Fraction(0), None, None
        for row, column, text in cells:
            try:
                quantity = read(text, unit)
                first = first or quantity
                if unit is None and not _alike(first, quantity):  # whatever the order of rows
                    raise WRONG_UNIT.fault(text=text, unit=first.unit.symbol if first.unit else NO_UNIT)
            except Fault as fault:
                self._tell(Problem(fault.kind, fault.values, where=table.where(row, column)))
            value = quantity.value
            if word in ("sum", "mean"):
                total += value
            else:
                least = value if least is None or value < least else least
                most = value if most is None or value > most else most
        unit = unit or (first.unit if first else None)
        mean = total / len(cells) if cells else None
        return {"sum": total, "mean": mean, "min": least, "max": most, "cell": most}[word], unit

    def _quantity(self, text: str, unit: Unit | None) -> Quantity:
        return read_quantity(text, unit, self.words)

    def _date(self, text: str, unit: Unit | None) -> Quantity:
        if unit is not None:
            raise WRONG_UNIT.fault(text=text, unit=unit.symbol)
        return Quantity(Fraction(read_date(text).toordinal()), Unit("", Fraction(1), DATE))

    def _cell(self, table: Table, row: Row, column: str, fact: Fact) -> str | None:
        """A cell's text; None where it is blank and may be skipped."""
        text = row.cells[table.columns.index(column)].strip()
        if not is_missing(text):
            if is_full_width(text):
                self.problems.append(FULL_WIDTH.on(table.where(row, column), text=text, plain=plain_width(text)))
            return text
        if fact.blank == "skip":
            return None
        self.problems.append(BLANK_CELL.on(table.where(row, column), column=column))
        raise _Told

    def _matches(self, table: Table, row: Row, column: str, test: Any, fact: Fact) -> bool:
        if isinstance(test, str):
            return same(row.cells[table.columns.index(column)].strip(), test.strip(), self.words)
        if isinstance(test, tuple):
            return any(same(row.cells[table.columns.index(column)].strip(), one.strip(), self.words) for one in test)
        text = self._cell(table, row, column, fact)
        if text is None:
            return False
        for word, bound in test.items():
            kept = holds(word, text, bound, self.words)
            if kept is None:
                self._tell(NOT_COMPARABLE.on(table.where(row, column), text=text, bound=bound))
            if not kept:
                return False
        return True

    def _chosen(self, name: str, word: str, fact: Fact, table: Table, origin: Origin) -> Sequence[Row]:
        """The rows that `where` chooses; where they come to nothing and that is taken for 0, what there was to choose from is told."""
        rows = table.rows
        for column, test in fact.where.items():
            left = [row for row in rows if self._matches(table, row, column, test, fact)]
            if rows and not left and word in ("count", "sum", "distinct"):
                known = first_values(table, rows, column)
                place = origin.under("where", column).key()
                self.problems.append(WHERE_NO_ROW.on(place, name=name, column=column, test=test_told(test), known=known))
            rows = left
        return rows

    def _refuse_no_data(self, name: str, fact: Fact, table: Table, rows: Sequence[Row]) -> None:
        """A row of totals is not counted beside the rows it sums, unless `where` asks for it by name; nor is a remark."""
        wanted = {
            text for test in fact.where.values() if not isinstance(test, Mapping) for text in ((test,) if isinstance(test, str) else test)
        }
        for row in rows:
            problem = no_data(table, row, wanted, name)
            if problem is not None:
                self._tell(problem)

    def _check_range(self, fact: FactValue, is_mean: bool) -> None:
        declared = self.quantities.get(fact.key)
        if declared is None or fact.value is None:
            return
        try:
            unit = declared.read_unit(self.words)
            low, high = (declared.read_end(end, self.words) if end is not None else None for end in (declared.from_, declared.to))
        except Fault:
            raise _Told from None  # told where it is declared
        if (low is not None and fact.value < low) or (high is not None and fact.value > high):
            shown = " ～ ".join(show_quantity(end, unit, 18) if end is not None else "…" for end in (low, high))
            raise OUT_OF_RANGE.fault(name=fact.key, value=_shown(fact), range=shown, what="from、to (from or to)")
        scale = unit.scale if unit is not None else Fraction(1)
        if declared.places is not None and not is_mean and (fact.value / scale * 10**declared.places).denominator != 1:
            shown = f"{declared.places} 位小数 ({declared.places} decimal place{'' if declared.places == 1 else 's'})"
            raise OUT_OF_RANGE.fault(name=fact.key, value=_shown(fact), range=shown, what="places")


class _Told(Exception):
    """The problem is in the list already."""


def _alike(a: Quantity, b: Quantity) -> bool:
    """Both with a unit of one dimension and form, or both without."""
    if a.unit is None or b.unit is None:
        return a.unit is b.unit
    return same_dimension(a.dimension, b.dimension)


def _shown(fact: FactValue) -> str:
    return fact.text or show_quantity(fact.value or 0, fact.unit, 18)


def _told(table: Table, word: str, columns: tuple[str, ...], fact: Fact, rows: int) -> str:
    where = "，".join(f"{column}：{test_told(test)}" for column, test in fact.where.items())
    what = f"「{'、'.join(columns)}」" if columns else ""
    return f"{table.file} {what}{_WORDS[word]}，{f'条件 {where}，' if where else ''}{rows} 行"
