"""Project folders as one table: a row for each, a column for each piece of evidence that their rules ask for, every value exact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, NamedTuple

from perfeval.batch.problems import NOT_EXACT, UNITS_DIFFER
from perfeval.batch.writing import CsvLines
from perfeval.ir.nodes import Input, Number
from perfeval.ir.program import Ask
from perfeval.ir.walk import nodes
from perfeval.lowering.from_evidence import Bound, bind, given_keys
from perfeval.lowering.from_tree import lower_tree
from perfeval.model.folder import ProjectFolder
from perfeval.model.project import Policy
from perfeval.problems import Fault, Problem, ProblemsFound, Where
from perfeval.quantity import DATE, NO_DIMENSION, YES_NO, Unit, read_unit, same_dimension, show_decimal, show_dimension
from perfeval.reading.formulas import safe
from perfeval.scoring import open_project

ID = "project"
Kind = Literal["yes_no", "text", "date", "number"]


class Held(NamedTuple):
    """What a column holds. A number with a `sign` is written as text with it: a rate, or what no unit is declared for."""

    kind: Kind
    unit: Unit | None = None
    places: int | None = None
    signed: bool = False


Cell = bool | str | date | Fraction | None


@dataclass
class Collected:
    """Rows by evidence key; what is not there is empty."""

    columns: dict[str, Held] = field(default_factory=dict)
    rows: list[tuple[str, dict[str, Cell]]] = field(default_factory=list)
    problems: list[tuple[str, tuple[Problem, ...]]] = field(default_factory=list)  # by folder
    failed: int = 0
    askers: dict[str, dict[str, None]] = field(
        default_factory=dict
    )  # by fact the leaves whose rules use it; "" stands for bonus and penalty


def collect(folders: Iterable[tuple[str, Path]]) -> Collected:
    """One row for each folder, by its name. A folder that cannot be read is told, and the others are still collected."""
    found = Collected()
    for name, path in folders:
        try:
            notes = _add(found, name, open_project(path, True))
        except ProblemsFound as wrong:
            found.failed += 1
            found.problems.append((str(path), wrong.problems))
        else:
            found.problems.append((str(path), notes))
    for fact in list(found.columns):
        _to_leaves(found, fact)
    return found


def _to_leaves(found: Collected, fact: str) -> None:
    """A name that is a fact in one project and a leaf's own value in another has one column for each leaf: two would be ambiguous.

    Where that cannot be done, for bonus and penalty know facts only, `batch` refuses the table.
    """
    own = {leaf: f"{leaf}/values/{fact}" for leaf in found.askers.get(fact, ())}
    held = found.columns[fact]
    is_own = any(key.endswith(f"/values/{fact}") for key in found.columns)
    if not own or "" in own or not is_own or any(found.columns.get(key, held) != held for key in own.values()):
        return
    columns: dict[str, Held] = {}
    for key, one in found.columns.items():
        columns |= dict.fromkeys(own.values(), held) if key == fact else {key: one}
    found.columns = columns
    for _, row in found.rows:
        if (cell := row.pop(fact, None)) is not None:
            for key in own.values():
                row.setdefault(key, cell)


def _add(found: Collected, name: str, folder: ProjectFolder) -> tuple[Problem, ...]:
    not_applicable = folder.project.policy.not_applicable or folder.tree.policy.not_applicable
    policy = Policy.model_construct(missing=folder.tree.policy.missing, not_applicable=not_applicable)
    program, problems = lower_tree(folder.indicators, given_keys(folder), policy)
    bound = bind(program, folder)
    told = folder.places.placed([*folder.notes, *problems, *bound.problems])
    if any(problem.is_error for problem in told):
        raise ProblemsFound(told)
    columns = dict(found.columns)
    row: dict[str, Cell] = {}
    notes: list[Problem] = []
    for key, ask in program.asks.items():
        held = columns.setdefault(key, _held(ask, bound, folder))
        if held.kind == "text" and ask.form == "flag":
            row[key] = bound.not_applicable.get(key.removesuffix("/not_applicable"))
        elif (value := bound.values.get(key)) is not None:
            row[key] = _cell(name, key, value, ask, held, bound, notes)
    found.columns = columns
    found.rows.append((name, row))
    for leaf, expr in (*((node.id, node.expr) for node in program.leaves), *(("", expr) for expr in program.extras.values())):
        for node in nodes(expr):
            if isinstance(node, Input) and node.key in program.asks and program.asks[node.key].form == "fact":
                found.askers.setdefault(node.key, {})[leaf] = None
    return (*told, *notes)


def _held(ask: Ask, bound: Bound, folder: ProjectFolder) -> Held:
    own = bound.dimensions.get(ask.key)
    match ask.form:
        case "yes_no":
            return Held("yes_no")
        case "flag" | "tier":
            return Held("text")
        case "points":
            return Held("number", None, folder.tree.rounding.places)
    if own == YES_NO:
        return Held("yes_no")
    if own == DATE:
        return Held("date")
    quantities = folder.tree.quantities
    declared = quantities.get(ask.key) or quantities.get(ask.key.rpartition("/values/")[2])
    unit = ask.unit
    if declared is not None and declared.unit:
        with suppress(Fault):  # told where it is declared
            unit = read_unit(declared.unit, frozenset(folder.tree.units))
    if declared is None and ask.form != "count":
        return Held("number", bound.units.get(ask.key) or unit, None, signed=True)
    return Held("number", unit, 0 if ask.form == "count" else declared.places if declared else None, unit is not None and unit.is_rate)


def _cell(name: str, key: str, value: Number, ask: Ask, held: Held, bound: Bound, notes: list[Problem]) -> Cell:
    match held.kind:
        case "yes_no":
            return bool(value)
        case "date":
            return date.fromordinal(int(value))
        case "text":
            return ask.choices[int(value) - 1]
    own, there = bound.dimensions.get(key, NO_DIMENSION), held.unit.dimension if held.unit else NO_DIMENSION
    if not same_dimension(own, there) and own != NO_DIMENSION:
        values = {"unit_here": show_dimension(own), "unit_there": show_dimension(there)}
        raise ProblemsFound([UNITS_DIFFER.on(Where(name), key=key, project=name, **values)])
    shown = Fraction(value) / (held.unit.scale if held.unit else 1)
    if "/" in (text := show_decimal(shown)):
        notes.append(NOT_EXACT.on(Where(name), project=name, key=key, text=text))
        return None
    return f"{text}{held.unit.symbol if held.unit else ''}" if held.signed else shown


def write_csv(found: Collected, target: Path) -> None:
    """UTF-8, one project in a line, an empty cell where nothing is known; no text that a spreadsheet would take for a formula."""
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = CsvLines(stream).writer
        writer.writerow([ID, *map(safe, found.columns)])
        for name, row in found.rows:
            cells = ((held.kind, _text(row.get(key))) for key, held in found.columns.items())
            writer.writerow([safe(name), *(safe(text) if kind == "text" else text for kind, text in cells)])


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case Fraction():
            return show_decimal(cell)
        case date():
            return cell.isoformat()
    return cell


def write_parquet(found: Collected, target: Path) -> None:
    """With types: yes/no, dates, whole numbers, decimals; rates and what has no declared unit as text with its sign."""
    import polars as pl

    series = [pl.Series(ID, [name for name, _ in found.rows], dtype=pl.String)]
    for key, held in found.columns.items():
        cells = _cells(found, key)
        if held.kind == "number" and not held.signed:
            digits = pl.Series(key, [None if cell is None else _text(cell) for cell in cells], dtype=pl.String)
            series.append(digits.str.to_decimal(scale=_finest(held, cells)))
        else:
            simple: Mapping[Kind, Any] = {"yes_no": pl.Boolean, "date": pl.Date}
            series.append(pl.Series(key, cells, dtype=simple.get(held.kind, pl.String)))
    pl.DataFrame(series).write_parquet(target)


def _cells(found: Collected, key: str) -> list[Cell]:
    return [row.get(key) for _, row in found.rows]


def _finest(held: Held, cells: list[Cell]) -> int:
    """As many decimals as any cell has, and as are declared."""
    return max([held.places or 0, *(len(show_decimal(cell).partition(".")[2]) for cell in cells if isinstance(cell, Fraction))])
