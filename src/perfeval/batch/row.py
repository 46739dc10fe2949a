"""One row of a table as a project of its own: `explain` scores it as batch does, and tells of it what its folder would tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from perfeval.backends.exact.interpreter import MissingInputs, Outcome
from perfeval.batch.cells import Cell, Written, whole
from perfeval.batch.failing import Failing
from perfeval.batch.job import Job
from perfeval.batch.prepare import prepare
from perfeval.batch.problems import BAD_CELL, MISSING_CELL, NOT_SCORED
from perfeval.batch.reasons import ID_REASONS, MISSING, Reason, reason
from perfeval.batch.row_places import csv_places, place
from perfeval.batch.sources import CsvRows, Source
from perfeval.ir.columns import BLANKS, Column
from perfeval.ir.nodes import Input
from perfeval.ir.program import GRADE, TOTAL, Program, score_key
from perfeval.lowering.from_evidence import Bound, bind
from perfeval.model.folder import ProjectFolder
from perfeval.model.project import Policy
from perfeval.model.result import Result
from perfeval.problems import Problem, ProblemsFound, Where
from perfeval.quantity import is_name, show_decimal
from perfeval.reading.evidence_table import EvidenceTable
from perfeval.reading.formulas import plain
from perfeval.reading.rule_sources import RuleSet
from perfeval.reading.tables import Row, Table
from perfeval.scoring.faults import Faults
from perfeval.scoring.run import Run
from perfeval.scoring.sheet import Sheet


class _Found(NamedTuple):
    number: int  # from 1, without the header
    cells: Mapping[str, Cell]


class RowProject(NamedTuple):
    """A row as a project. `values`: what batch computes with; `lacking`: of all other keys, the cell as text and why it holds none."""

    job: Job
    name: str
    number: int
    folder: ProjectFolder
    values: Mapping[str, int]
    lacking: Mapping[str, tuple[str, Reason]]
    places: Mapping[str, Where]

    def score(self, partial: bool = False) -> Result:
        """As batch scores it. `partial`: what rests on cells without a value is pending. Raises `ProblemsFound`."""
        program, columns = self._program(), self.job.plan.columns
        policy = Policy.model_construct(missing="pending" if partial else "error", not_applicable=self.folder.tree.policy.not_applicable)
        bound = bind(program, self.folder)
        told = [problem.softened() for problem in bound.problems]  # what batch does not ask about is no reason for having no score
        bound.values.update({key: columns[key].value(number) for key, number in self.values.items()})
        self._take_away(bound)
        run = Run(self.folder, program, bound, policy)
        told += Faults(run).problems()
        told += self._cells(run.outcome, partial)
        found = (*self.job.plan.warnings, *self.folder.places.placed([*self.folder.notes, *told]))
        if any(problem.is_error for problem in found):
            raise ProblemsFound(found)
        return Sheet(run).result(found)

    def _program(self) -> Program:
        """An indicator that points beside its fixed ones overrule, which cannot be read, asks for these alone."""
        plan, program = self.job.plan, self.job.plan.program.program
        failing, wholes = Failing(plan), {key: self.values.get(key) for key in plan.columns}
        for key, (_, why) in self.lacking.items():
            if why.word != MISSING:
                wholes[key] = plan.columns[key].unreadable
        nodes, extras = dict(program.nodes), dict(program.extras)
        for leaf in program.leaves:
            if (beside := failing.overrules(score_key(leaf.id), wholes)) is not None:
                nodes[leaf.id] = leaf._replace(expr=Input(beside))
        for name in extras:
            if (beside := failing.overrules(score_key(name), wholes)) is not None:
                extras[name] = Input(beside)
        return program._replace(nodes=nodes, extras=extras)

    def _take_away(self, bound: Bound) -> None:
        bound.blocked.clear()
        for key in self.lacking:
            bound.values.pop(key, None)
            bound.blocked.add(key)  # it is told here

    def _cells(self, outcome: Outcome, partial: bool) -> Iterator[Problem]:
        """Cells that a score rests on and that hold no value; and others that cannot be read."""
        asked = self._asked(outcome)
        for key, (text, why) in self.lacking.items():
            nodes = [self._name(name) for name, keys in asked.items() if key in keys]
            told = {"row": self.number, "project": self.name, "key": key}
            if why.word == MISSING:
                if nodes and not partial:
                    yield MISSING_CELL.on(self.places[key], **told, nodes="、".join(nodes))
                continue
            more = ("", "") if nodes else ("；没有得分要用它", "; no score asks for it")
            is_warning = partial or not nodes
            hint = "" if is_warning else "要先说明其余部分，加 --partial。 (To explain the rest meanwhile, add --partial.)"
            problem = BAD_CELL.on(self.places[key], **told, text=text, why=f"{why.zh}{more[0]} ({why.en}{more[1]})", hint=hint)
            yield problem.softened() if is_warning else problem

    def _asked(self, outcome: Outcome) -> Mapping[str, set[str]]:
        """Of what has no score, the keys that are to blame: those always asked for, and those of the arms that were gone into."""
        plan, found = self.job.plan, dict[str, set[str]]()
        failing = Failing(plan)
        wholes = {key: self.values.get(key) for key in plan.columns}
        for name, error in outcome.errors.items():
            key = name if name in (TOTAL, GRADE) else score_key(name)
            blamed = failing.of_leaf(key, wholes) if key in failing.keys else ()
            found[name] = {*plan.output(key).needs.keys, *(one for one, why in blamed if why is None)}
            if isinstance(error, MissingInputs):
                found[name].update(error.keys)
        return found

    def _name(self, name: str) -> str:
        plan = self.job.plan
        nodes = plan.program.program.nodes
        return nodes[name].path[-1] if name in nodes else plan.names[name if name in (TOTAL, GRADE) else score_key(name)]


def project_of(word: str, rules: RuleSet, name: str, id_name: str | None = None) -> RowProject | None:
    """The row that names a project, None where no row does. Raises `ProblemsFound`."""
    job = prepare(word, rules, id_name, ignore_extra=True)
    found = row_of(job, name)
    return row_of(job, plain(name)) if found is None and plain(name) != name else found  # as a CSV file of scores has it


def row_of(job: Job, name: str) -> RowProject | None:
    """Raises `ProblemsFound` where rows that bear the name are not scored."""
    rows = list(_rows(job, name))
    if not rows:
        return None
    if len(rows) > 1 or not is_name(name):
        why, own = ID_REASONS[int(is_name(name))], job.matched.id
        raise ProblemsFound(
            [NOT_SCORED.on(_places(job, one)[own], row=one.number, project=name, why=f"{why.zh} ({why.en})") for one in rows]
        )
    [found] = rows
    places = _places(job, found)
    texts: dict[str, str] = {}
    values: dict[str, int] = {}
    lacking: dict[str, tuple[str, Reason]] = {}
    by_key = {job.matched.id: places[job.matched.id]}
    for key, column in job.plan.columns.items():
        own = job.matched.columns.get(key, "")
        by_key[key] = places[own]
        cell = found.cells.get(own)
        value = whole(column, cell)
        if isinstance(value, str):
            lacking[key], texts[key] = (
                (cell.text if isinstance(cell, Written) else "" if cell is None else str(cell), reason(value, column)),
                "",
            )
        else:
            values[key], texts[key] = value, _text(job, key, column, value, cell)
    row = Row(found.number, (name, *texts.values()))
    columns = {key: _in_full(job, key) for key in texts}
    table = _OneRow(
        job.source.word,
        (job.matched.id, *columns.values()),
        (row,),
        "",
        {columns.get(key, key): where for key, where in by_key.items()},
    )
    folder = EvidenceTable(table, ((name, row),)).opened(name, row, job.plan.rules.indicators, job.plan.rules.sources)
    return RowProject(job, name, found.number, folder, values, lacking, by_key)


@dataclass(frozen=True)
class _OneRow(Table):
    """A row under the keys that are asked for; places are those of the file it comes from."""

    places: Mapping[str, Where]

    def where(self, row: Row, column: str) -> Where:
        return self.places[column]


_FULL = {"yes_no": "actual", "count": "actual", "number": "actual", "tier": "tier", "points": "points"}


def _in_full(job: Job, key: str) -> str:
    """A key beside one that stands below it: which of its answers it is has to be said."""
    ask = job.plan.program.program.asks.get(key)
    has_below = any(other.startswith(f"{key}/") for other in job.plan.columns)
    return f"{key}/{_FULL[ask.form]}" if has_below and ask is not None and ask.form in _FULL else key


def _places(job: Job, found: _Found) -> Mapping[str, Where]:
    """Where the cells of a row stand, by the names of their columns, and under "" those of columns that are not there."""
    path, number = _file_of(job.source, found.number)
    if job.source.form == "csv":
        places = csv_places(path, str(path), number)
        return {**places, "": places[job.matched.id]}
    return {name: place(str(path), number, name) for name in (*found.cells, "")}


def _file_of(source: Source, number: int) -> tuple[Path, int]:
    """The file that holds a row, and which of its rows it is."""
    *before, last = source.files
    if before:
        from perfeval.batch.polars_tables import length

        for path in before:
            own = length(source._replace(files=(path,)))
            if number <= own:
                return path, number
            number -= own
    return last, number


def _rows(job: Job, name: str) -> Iterator[_Found]:
    if job.source.is_one_csv:
        rows = CsvRows(job.source.files[0], job.source.word)
        at = rows.header.index(job.matched.id)
        guarded = [own in job.guarded for own in rows.header]
        for number, row in enumerate(rows, 1):
            if plain(row[at]).strip(BLANKS) == name:
                cells = [plain(cell) if one else cell for one, cell in zip(guarded, row, strict=True)]
                yield _Found(number, dict(zip(rows.header, cells, strict=True)))
        return
    from perfeval.batch.polars_tables import named_rows, readable

    with readable(job.source):
        names = list(dict.fromkeys((job.matched.id, *job.matched.columns.values())))
        yield from (_Found(number, cells) for number, cells in named_rows(job.source, job.matched.id, name, names, job.guarded))


def _text(job: Job, key: str, column: Column, value: int, cell: Cell) -> str:
    """As evidence.yaml would say it."""
    match column.form:
        case "yes_no":
            if column.absent is not None:
                return str(cell).strip(BLANKS) if value else ""
            return "是" if value else "否"
        case "tier":
            return column.choices[value - 1]
        case "date":
            return date.fromordinal(value).isoformat()
    ask = job.plan.program.program.asks.get(key)
    number = show_decimal(Fraction(column.value(value)) / column.scale)
    return number if ask is not None and ask.form == "points" else f"{number}{column.symbol}"
