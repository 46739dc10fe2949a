"""Programs and rows for the SQL back ends, and what must come out of a query: held against the generated Python, cell by cell."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest

from backends.rows import columns_for, random_rows
from cases_support import build, cases
from perfeval.backends.columnar.integer_program import IntegerProgram, NotLowered
from perfeval.backends.columnar.lower import lower_program
from perfeval.backends.columnar.python import compile_rows, row_of
from perfeval.batch.cells import Written, whole
from perfeval.batch.reasons import MISSING
from perfeval.ir.columns import Column, ColumnForm
from perfeval.ir.program import GRADE, TOTAL, Program, score_key
from perfeval.lowering.from_evidence import given_keys
from perfeval.lowering.from_tree import lower_tree
from perfeval.problems import ProblemsFound
from perfeval.quantity import is_name
from perfeval.scoring import open_project
from second import soak
from second.wild import grow_wild

pytest.importorskip("sqlglot", reason="the extras `duckdb` and `spark` are not installed")
from sqlglot import exp

from perfeval.backends.columnar.sql_cells import BLANKS, Cells, Raw, trimmed
from perfeval.backends.columnar.sql_dialects import DIALECTS, called, column, identifier
from perfeval.backends.columnar.sql_guards import GUARDS, TABLE, TAKES

Value = int | str | Decimal | bool | date | None


class Subject(NamedTuple):
    """A program with rows by key; a key that is left out is an empty cell."""

    name: str
    program: IntegerProgram
    rows: list[dict[str, int]]

    def expected(self) -> list[tuple[int | None, ...]]:
        """Each output in units of its last place, then `n_bad`."""
        found = list(compile_rows(self.program)(row_of(self.program, row) for row in self.rows))
        return [(*outputs, n_bad(self.program, outputs)) for outputs in found]


def n_bad(program: IntegerProgram, outputs: Sequence[int | None]) -> int:
    found = dict(zip((one.key for one in program.outputs), outputs, strict=True))
    tree = program.program
    lacking = sum(found[score_key(name)] is None for name in (*(leaf.id for leaf in tree.leaves), *tree.extras))
    return lacking or int(found[TOTAL] is None or found[GRADE] is None)


def read_back(program: IntegerProgram, row: Sequence[Decimal | str | int | None]) -> tuple[int | None, ...]:
    """A row of a query's answer in the form of `expected`."""
    grades, found = program.program.grades, []
    for output, value in zip(program.outputs, row[:-1], strict=True):
        if value is None:
            found.append(None)
        elif output.key == GRADE:
            found.append(grades.index(str(value)) + 1)
        else:
            assert isinstance(value, Decimal)
            assert -value.as_tuple().exponent == output.places, f"{output.key}: {value} has not {output.places} decimals"
            found.append(int(value.scaleb(output.places)))
    assert isinstance(row[-1], int)
    return (*found, row[-1])


def whole_columns(program: IntegerProgram) -> dict[str, Raw]:
    return {key: Raw(key, "units") for key in program.columns}


def lowered(program: Program, columns: Mapping[str, Column]) -> IntegerProgram | None:
    try:
        return lower_program(program, columns)
    except NotLowered as why:
        assert why.why == "too-wide", why
        return None


def wide(column: Column) -> Column:
    """Amounts of 10^11 with four decimals: beyond 64 bits once two of them are multiplied."""
    return column._replace(low=-(10**15), high=10**15) if column.low < 0 else column


def random_subjects(seeds: range, count: int, is_wide: bool = False) -> Iterator[Subject]:
    for seed in seeds:
        with TemporaryDirectory() as folder:
            _, tree = soak.from_files(grow_wild(seed, 0), Path(folder))
        if tree is None or any(problem.is_error for problem in tree.problems):
            continue
        columns = columns_for(tree.program)
        if is_wide:
            columns = {key: wide(column) for key, column in columns.items()}
        program = lowered(tree.program, columns)
        if program is not None:
            yield Subject(f"seed {seed}", program, list(random_rows(tree.program, dict(program.columns), count, seed)))


def case_subjects(count: int, step: int = 1) -> Iterator[Subject]:
    """The rules of the case files, every `step`-th."""
    for case in [*cases("rules"), *cases("projects")][::step]:
        with TemporaryDirectory() as folder:
            build(case.given, Path(folder))
            try:
                project = open_project(Path(folder), partial=True)
            except ProblemsFound:
                continue
            program, problems = lower_tree(project.indicators, given_keys(project), project.tree.policy)
        if any(problem.is_error for problem in problems):
            continue
        integers = lowered(program, columns_for(program))
        if integers is not None:
            yield Subject(case.id, integers, list(random_rows(program, dict(integers.columns), count, 1)))


def program_of(given: Mapping[str, Any]) -> Program:
    """The program of a case."""
    with TemporaryDirectory() as folder:
        build(given, Path(folder))
        project = open_project(Path(folder), partial=True)
        program, problems = lower_tree(project.indicators, given_keys(project), project.tree.policy)
    assert not any(problem.is_error for problem in problems)
    return program


def ties() -> Subject:
    """Half cents exactly, and a cent beside them, with amounts near 10^12 元."""
    facts = {"实际": "1元", "计划": "2元"}
    program = program_of({"rule": {"kind": "formula", "points": "10 * min(1, 实际 / 计划)"}, "facts": facts, "weight": "10"})
    columns = {key: YUAN._replace(key=key, low=int(key == "计划"), high=2 * 10**14) for key in facts}
    integers = lower_program(program, columns)
    rows = []
    for planned in (10**14, 10**14 - 2000, 12 * 10**13 + 400_000, 2000):
        rows += [
            {"计划": planned, "实际": half * planned // 2000 + off} for half in (1, 3, 665, 999, 1001, 1333, 1999) for off in (-1, 0, 1)
        ]
    return Subject("ties", integers, rows)


def arms() -> Subject:
    """A sum with a choice in it: only one arm divides, and what it divides by may be missing where the other is taken."""
    facts = {"甲": "1元", "乙": "1元", "丙": "2元", "丁": "1元"}
    divides = {"kind": "formula", "points": "5 * min(1, 乙 / 丙)"}
    choice = {
        "kind": "choose",
        "when": [{"if": "甲 >= 1", "rule": divides}],
        "otherwise": {"kind": "threshold", "of": "丁", "at_least": "1元"},
    }
    parts = [
        {"name": "一", "points": "5", "rule": choice},
        {"name": "二", "points": "5", "rule": {"kind": "formula", "points": "5 * min(1, 丁 / 3)"}},
    ]
    program = program_of({"rule": {"kind": "sum", "parts": parts}, "facts": facts, "weight": "10"})
    integers = lower_program(program, {key: Column(key, "number", 0, 10**6, Fraction(1, 100), 2) for key in facts})
    return Subject("arms", integers, list(random_rows(program, dict(integers.columns), 300, 1, holes=0.3)))


def huge(places: int) -> IntegerProgram:
    """The product of two amounts as fine as this: 2 × 10^(30 + 2 × places) at the most before it is compared."""
    facts = {"甲": "1元", "乙": "2元"}
    rule = {
        "kind": "choose",
        "when": [{"if": "甲 * 乙 >= 3", "rule": {"kind": "judged"}}],
        "otherwise": {"kind": "threshold", "of": "甲", "at_least": "1元"},
    }
    program = program_of({"rule": rule, "facts": facts, "weight": "10"})
    columns = columns_for(program)
    high = 10 ** (15 + places)
    wide = {key: Column(key, "number", -high, high, Fraction(1, 10**places), places) for key in facts}
    return lower_program(program, columns | wide)


HOSTILE = (
    *("a", 'b"c', "d'e", "f`g", "h\\i", "j\\", "k;l -- m", "n\no", "p/*q*/", "r\tt", "u]v", "w.x", "$$y$$", "{{z}}", "?1 :2 @3 %s", "\\'aa"),
    *("' OR 1=1", '"); DROP TABLE rows; --', "得分（％）", "e\u0301", "\U0001f600", " ", "NULL", "select"),
)  # fmt: skip


def hostile(seed: int) -> tuple[Subject, dict[str, Raw], list[tuple[str, str, str]]]:
    """A program whose columns, scores and grades bear names that mean something to SQL."""
    subject = next(
        one for one in random_subjects(range(seed, 60), 40) if len(one.program.columns) < len(HOSTILE) > len(one.program.outputs)
    )
    names = iter(HOSTILE)
    raw = {key: Raw(next(names), "units") for key in subject.program.columns}
    shown = [(output.key, name, "") for output, name in zip(subject.program.outputs, reversed(HOSTILE), strict=False)]
    tree = subject.program.program
    grades = tuple(f"{HOSTILE[at]}{HOSTILE[-at]}${{env:HOME}}" for at in range(1, len(tree.grades) + 1))
    return subject._replace(program=subject.program._replace(program=tree._replace(grades=grades))), raw, shown


# ---- dirty cells

YUAN = Column("元", "number", -(10**14), 10**14, Fraction(1, 100), 2)
WHOLE = Column("户", "number", 0, 10**6)
FINE = Column("细", "number", -5, 10**9, Fraction(1, 10**6), 6)
RATE = Column("率", "number", 0, 1_000_000, Fraction(1, 10**6), 4, Fraction(1, 100), "%", is_rate=True)
POINTS = Column("‰.*", "number", 0, 10**5, Fraction(1, 10**5), 2, Fraction(1, 1000), "‰", is_rate=True)
YES_NO = Column("是否", "yes_no", 0, 1)
FLAG = Column("不适用", "yes_no", 0, 1, absent=0)
TIER = Column("等次", "tier", 1, 5, choices=("显著", "较'好", 'a"b\\n', "/", "${env:HOME}"))
DATE = Column("日期", "date", date(1900, 1, 1).toordinal(), date(2199, 12, 31).toordinal())
BESIDE = POINTS._replace(key="beside", unreadable=-1)
NUMBERS = (YUAN, WHOLE, FINE, RATE, POINTS, BESIDE)
COLUMNS = (*NUMBERS, YES_NO, FLAG, TIER, DATE)

TEXTS = (
    *("", " ", "\u3000", "null", "Null", "~", "待补充", "待定", "—", "/", "-", "nan", "NaN", "inf", "Infinity", "1e3", "1E3", "0x10"),
    *("None", "<NA>", "#N/A", "\u200b", "\u3164", "\u2800", "是\u200b", "nan\u2003", "无", "不适用", "★", "e\u0301", "不涉及\n本年", "0 年起"),
    *("0", "-0", "+0", "1", "-1", "+1", "1.", ".5", "0.5", "0.50", "1.0", "1.00", "1.000", "1.01", "1.005", "12.345", "100", "100.00"),
    *("999999.99", "1000000", "1000000.01", "1000001", "-1000000000000.00", "-1000000000000.01", "1000000000000.004", "99999999999999.99"),
    *("123456789012345", "1234567890123456", "0.000001", "0.0000010", "-0.000005", "-0.000006", "1.000000000000000000", "0.0000000000000000001"),
    *("1,000", "1 000", " 12 ", "\t12\r\n", "12\n", "12\u2028", "１２", "١٢", "12 元", "--1", "+-1", "1.2.3", "12 3", "1_000"),
    *("50%", "50 %", "50  %", "50%%", "%", "0.5%", "1%", "1.0%", "100%", "100.0001%", "99.99990%", "99.99999%", "101%", "-1%", "5‰", "0.5‰", "0.5 ‰"),
    *("是", "否", "yes", "YES", "yEs", "true", "False", "√", "×", "y", "n", " 是 ", "是\u00a0", "不涉及", "资金未到位，2023 年起", "…", "1.0", "01"),
    *("显著", " 显著", "显著 ", "较'好", 'a"b\\n', 'a"b\n', "a\"b\\\\n", "${env:HOME}", "'; DROP TABLE rows; --", "显著\n一般"),
    *("2023-10-31", "2023-02-29", "2024-02-29", "2023-13-01", "2023-00-10", "0000-01-01", "0001-01-01", "1899-12-31", "2199-12-31"),
    *("2200-01-01", "9999-12-31", "2023-1-1", "2023/10/31", "20231031", "2023-10-31 ", "2023-10-31\n", "2023-10-31T00:00:00", "infinity", "epoch"),
)  # fmt: skip
WHOLES = (None, 0, 1, 2, -1, 100, 101, 10**6, 10**6 + 1, 10**12, 10**12 + 1, 2**31, 2**63 - 1, -(2**63))
DECIMALS = {
    (18, 2): ("0.00", "0.50", "1.00", "1.01", "100.00", "100.01", "1000000.00", "1000000000000.00", "-0.01", "9999999999999999.99"),
    (5, 1): ("0.5", "1.0", "1.1", "9999.9", "-9999.9"),
    (38, 10): ("0.5000000000", "1.0000000000", "12.3400000000", "12.3450000000", "12.3456789012", "-0.0000050000", "-0.0000051000",
               "9999999999999999999999999999.9999999999", "999999999999.9999999999", "1000000000000.0000000000", "0.0000000001"),
    (38, 0): ("0", "1", "2", "99999999999999999999999999999999999999", "-99999999999999999999999999999999999999", "1000000000000"),
    (38, 38): ("0.00000000000000000000000000000000000001", "0.50000000000000000000000000000000000000", "-0.99999999999999999999999999999999999999"),
}  # fmt: skip
DATES = (
    None,
    date(1899, 12, 31),
    date(1900, 1, 1),
    date(2023, 10, 31),
    date(2199, 12, 31),
    date(2200, 1, 1),
    date(1, 1, 1),
    date(9999, 12, 31),
)


def readable(column: Column) -> list[tuple[Raw, Sequence[Value]]]:
    """The ways in which a table may hold this column, each with cells: good ones, bad ones, none."""
    found: list[tuple[Raw, Sequence[Value]]] = [(Raw("text", "text"), (None, *TEXTS))]
    if column.form in ("number", "yes_no"):
        found.append((Raw("whole", "whole"), WHOLES))
    if column.form == "number":
        for (digits, places), cells in DECIMALS.items():
            found.append((Raw(f"decimal {places}", "decimal", digits, places), (None, *map(Decimal, cells))))
    if column.form == "yes_no":
        found.append((Raw("yes_no", "yes_no"), (None, True, False)))
    if column.form == "date":
        found.append((Raw("date", "date"), DATES))
    return found


def by_cells() -> Iterator[tuple[Raw, Sequence[Value], list[Column]]]:
    """Each way to hold cells, with the columns that may be held so."""
    found: dict[Raw, tuple[Sequence[Value], list[Column]]] = {}
    for one in COLUMNS:
        for raw, cells in readable(one):
            found.setdefault(raw, (cells, []))[1].append(one)
    yield from ((raw, cells, columns) for raw, (cells, columns) in found.items())


def wholes_query(dialect: str, raw: Raw, columns: Sequence[Column]) -> str:
    """What each column reads from one and the same column of a table."""
    engine = DIALECTS[dialect]()
    read = Cells(engine)
    table = exp.Table(this=identifier("rows"))
    step = exp.Select(expressions=[called(trimmed(raw), "c")], from_=exp.From(this=table))
    wholes = [called(read.whole(one, raw, column("c")), f"w{at}") for at, one in enumerate(columns)]
    steps = [exp.CTE(this=step, alias=exp.TableAlias(this=identifier("cells")))]
    return engine.text(
        exp.Select(expressions=wholes, from_=exp.From(this=exp.Table(this=identifier("cells"))), with_=exp.With(expressions=steps))
    )


def meant(column: Column, cell: Value) -> int | None:
    found = whole(column, Written(f"{cell:f}") if isinstance(cell, Decimal) else cell)
    return found if isinstance(found, int) else None if found == MISSING else column.unreadable


def wrong_cells(raw: Raw, cells: Sequence[Value], columns: Sequence[Column], found: Sequence[Sequence[int | None]]) -> list[str]:
    """Where a query's answer to `wholes_query` is not what is meant."""
    return [
        f"{column.key} from {raw.name} {cell!r}: {got}, not {meant(column, cell)}"
        for cell, row in zip(cells, found, strict=True)
        for column, got in zip(columns, row, strict=True)
        if got != meant(column, cell)
    ]


class Dirty(NamedTuple):
    """A program over a table as people send it: names of projects, and by column the cells."""

    subject: Subject
    name: Raw
    raw: dict[str, Raw]
    columns: dict[Raw, list[Value]]

    def expected(self) -> list[tuple[Value, ...]]:
        """The name, then as `Subject.expected`; where a row has no name or another's, everything is missing."""
        program = self.subject.program
        names = [None if cell is None else str(cell).strip(BLANKS) or None for cell in self.columns[self.name]]
        wholes = {key: [meant(program.columns[key], cell) for cell in self.columns[raw]] for key, raw in self.raw.items()}
        rows, counts = [], Counter(names)
        for at, name in enumerate(names):
            is_good = name is not None and is_name(name) and counts[name] == 1
            rows.append([(wholes[key][at] if key in wholes else one.absent) if is_good else None for key, one in program.columns.items()])
        found = list(compile_rows(program)(rows))
        return [(name, *outputs, n_bad(program, outputs)) for name, outputs in zip(names, found, strict=True)]


def dirty(subject: Subject, count: int, seed: int) -> Dirty:
    chance = random.Random(seed)
    name = Raw("项目`\"'; --", "text")
    names: list[Value] = [f" 项目 {chance.randint(0, count * 8)}\u3000" for _ in range(count)]
    for at, cell in ((3, None), (5, ""), (7, " \u3000"), (9, "nan"), (10, "\u200b"), (11, str(names[12]).strip())):
        names[at] = cell
    raw: dict[str, Raw] = {}
    columns: dict[Raw, list[Value]] = {name: names}
    for key, one in subject.program.columns.items():
        if one.absent is not None and chance.random() < 0.3:
            continue  # this one may be left out of a table
        own, bad = chance.choice(readable(one))
        own = own._replace(name=key)
        good = [cell for cell in bad if meant(one, cell) is not None] + ([*one.choices] if own.kind == "text" else [])
        if own.kind in ("text", "decimal") and one.form == "number":
            places = min(one.places, own.places) if own.kind == "decimal" else one.places
            typed = [Decimal(chance.randint(-(10**6), 10**6)).scaleb(-places) for _ in range(8)]
            if own.kind == "text":
                good += map(str, typed)
            elif own.digits > 30 > own.places:
                good += typed
        raw[key] = own
        columns[own] = [chance.choice(good if good and chance.random() < 0.9 else bad) for _ in range(count)]
    return Dirty(subject, name, raw, columns)


# ---- tables of unknown types

GUARDED: Mapping[str, tuple[ColumnForm, ...]] = {
    "text": ("number", "yes_no", "tier", "date"),
    "whole": ("number", "yes_no"),
    "decimal": ("number",),
    "yes_no": ("yes_no",),
    "date": ("date",),
}
"""What a column of such a type may hold."""


def guarded_query(dialect: str, name: str, columns: Sequence[Column]) -> str:
    """What each column reads from one column of a table whose type the query looks at."""
    engine = DIALECTS[dialect]()
    guard, read = GUARDS[dialect](engine), Cells(engine)
    table = exp.Table(this=identifier("rows"), alias=exp.TableAlias(this=identifier(TABLE)))
    cells = [called(guard.cell(name, TAKES[one.form]), f"c{at}") for at, one in enumerate(columns)]
    step = exp.Select(expressions=[*cells, called(guard.is_of(name, "text"), "t")], from_=exp.From(this=table))
    wholes = [
        called(read.whole(one, Raw(name, "any"), column(f"c{at}"), column("t") if one.form == "number" else None), f"w{at}")
        for at, one in enumerate(columns)
    ]
    steps = [exp.CTE(this=step, alias=exp.TableAlias(this=identifier("cells")))]
    return engine.text(
        exp.Select(expressions=wholes, from_=exp.From(this=exp.Table(this=identifier("cells"))), with_=exp.With(expressions=steps))
    )


def by_type() -> Iterator[tuple[Raw, Sequence[Value], list[Column], list[Column]]]:
    """Each way to hold cells, with the columns that it holds and those that it cannot hold."""
    for raw, cells, _ in by_cells():
        forms = GUARDED[raw.kind]
        yield raw, cells, [one for one in COLUMNS if one.form in forms], [one for one in COLUMNS if one.form not in forms]
