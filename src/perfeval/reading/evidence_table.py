"""A table of evidence, one project in a row: the first column names the project, the others are named by evidence keys.

`项目,实际支出资金,项目执行有效性/checklist/publicity,可持续影响/tier` and so on; an empty cell is missing. Each row becomes the same
models as evidence.yaml, and goes the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from perfeval.ir.program import WORDS
from perfeval.model.evidence import Evidence, TableOf
from perfeval.model.folder import Indicators, ProjectFolder
from perfeval.model.project import Project
from perfeval.problems import Fault, Origin, Problem, ProblemKind, ProblemsFound, Severity, Where, did_you_mean
from perfeval.quantity import APPLIES, is_name
from perfeval.reading.facts import FactReader
from perfeval.reading.formulas import plain
from perfeval.reading.paths import read_inside
from perfeval.reading.positions import WRONG_SHAPE, Sources
from perfeval.reading.tables import MAX_CSV, Row, Table, table_from

SAME_PROJECT = ProblemKind(
    "same-project",
    says="「{name}」在表里出现两次。",
    remedy="每个项目一行，各用各的名称。",
    en="“{name}” stands in two rows.",
    en_remedy="Give each project one row and a name of its own.",
)
NO_NAME = ProblemKind(
    "project-name-missing",
    says="这一行没有项目名称。",
    remedy="在第一列（{column}）写上项目名称。",
    en="This row names no project.",
    en_remedy="Write the project's name into the first column ({column}).",
)
NOT_ASKED = ProblemKind(
    "column-not-asked",
    says="没有指标用到「{column}」这一列。{hint}",
    remedy="检查列名：事实写名称，其余写 指标/checklist/要点 这样的键；不用的列可以删去。",
    en="No indicator asks for the column “{column}”. {hint}",
    en_remedy="Check its name: a fact's name, or a key as LEAF/checklist/ITEM; remove what is not needed.",
    severity=Severity.WARNING,
)
BAD_COLUMN = ProblemKind(
    "bad-column",
    says="「{column}」不能作列名：{why}。",
    remedy="列名写事实的名称，或佐证的键，如 指标/actual、指标/checklist/要点、指标/values/名称、指标/parts/部分/points；每处只占一列。",
    en="“{column}” cannot name a column: {why}.",
    en_remedy="Name a fact, or write a key of evidence, as LEAF/actual, LEAF/checklist/ITEM, LEAF/values/NAME, LEAF/parts/PART/points; one column for each.",
)
TEMPLATE_ROW = ProblemKind(
    "batch-template-row",
    says="{what}是 perfeval batch --template 写的说明，不是项目。",
    remedy="删去这一行；每行一个项目。",
    en="{what} is one of those in which perfeval batch --template explains the columns, and no project.",
    en_remedy="Delete it, and keep one project in each row.",
)
TEMPLATE_IDS = ("（类型；填好后删去这一行 types: delete this row）", "（填什么；填好后删去这一行 values: delete this row）")
"""What stands instead of a project's name in the two rows of the template that explain its columns."""
MAX_WORDS, SHOWN, MOST_TOLD = 32, 80, 100
"""How many words a key may have (as deep as any file may be), how much of a long one is shown, how many columns are told."""
ID_NAMES = ("project", "项目", "id")
TOP = ("veto", "bonus", "penalty")
_ANSWERS = ("checklist", "parts", "veto", "requires", "defects")


class EvidenceTable(NamedTuple):
    """The rows of a table, each with the name of its project."""

    table: Table
    rows: tuple[tuple[str, Row], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return self.table.columns[1:]

    def unused(self, asked: Iterable[str]) -> list[Problem]:
        """Columns that none of the keys is about, at the header."""
        known = set(asked)
        found = []
        for column in self.keys:
            prefix, own = column.rpartition("/")[0], column.rpartition("/values/")[2]  # a leaf's own quantity stands for a fact
            if known.isdisjoint((column, prefix, own)) and not column.endswith("/not_applicable"):
                place = _header(self.table, column)
                found.append(NOT_ASKED.on(place, column=column, hint=did_you_mean(column, known)))
        return found

    def opened(self, name: str, row: Row, indicators: Indicators, sources: Sources) -> ProjectFolder:
        """One project under a rule set. Raises `ProblemsFound`."""
        problems: list[Problem] = []
        places = _RowPlaces(self.table, row, sources)
        try:
            evidence = _evidence(zip(self.keys, row.cells[1:], strict=True))
        except ValidationError as error:
            raise ProblemsFound(places.placed(_problems(error, self.table.file))) from None
        tree = indicators.tree
        reader = FactReader({}, frozenset(), tree.quantities, frozenset(tree.units), self.table.file, problems)
        facts = reader.read(evidence.facts)
        if any(problem.is_error for problem in problems):
            raise ProblemsFound(places.placed(problems))
        project = Project.model_construct(perfeval=1, name=name)
        root = Path(self.table.file)
        return ProjectFolder(root, project, indicators, evidence, facts, places, self.table.file, self.table.file, tuple(problems))


def read_evidence_table(path: Path) -> EvidenceTable:
    """Reads a CSV file (UTF-8). Raises `ProblemsFound`."""
    try:
        data = read_inside(path.parent, path.name, MAX_CSV)
    except Fault as fault:
        raise ProblemsFound([Problem(fault.kind, fault.values, where=Where(path.name))]) from None
    table = table_from(TableOf.model_construct(file=path.name, encoding="utf-8", sheet=None), data)
    if not isinstance(table, Table):
        raise ProblemsFound(table)
    if "'" in table.text:
        rows = [row._replace(cells=tuple(map(plain, row.cells))) for row in table.rows]
        table = replace(table, columns=tuple(map(plain, table.columns)), rows=rows)
    first = table.columns[0]
    named, seen, problems = [], set[str](), list(islice(_bad_columns(table), MOST_TOLD))
    for row in table.rows:
        name = row.cells[0].strip()
        if name in TEMPLATE_IDS:
            problems.append(TEMPLATE_ROW.on(table.where(row, first), what=f"第 {row.line} 行 (Line {row.line})"))
        elif not is_name(name):
            problems.append(NO_NAME.on(table.where(row, first), column=first))
        elif name in seen:
            problems.append(SAME_PROJECT.on(table.where(row, first), name=name))
        seen.add(name)
        named.append((name, row))
    if problems:
        raise ProblemsFound(problems)
    return EvidenceTable(table, tuple(named))


def _bad_columns(table: Table) -> Iterator[Problem]:
    """Columns whose key can stand nowhere in evidence, whatever their cells hold, or that another column contradicts."""
    taken: dict[tuple[str, ...], str] = {}
    named = table.columns[0] in ID_NAMES
    for column in table.columns[1:]:
        if column in ID_NAMES and not named:
            why = "写项目名称的一列要在最前面 (the column that names projects comes first)"
        elif not _can_stand(column):
            why = "佐证里没有地方放这样的键 (no evidence can stand under such a key)"
        elif other := _same_place(steps(column), taken):
            why = f"与「{_short(other)}」说的是同一处 (“{_short(other)}” says the same thing)"
        else:
            taken[steps(column)] = column
            continue
        yield BAD_COLUMN.on(_header(table, column), column=_short(column), why=why)


def _same_place(path: tuple[str, ...], taken: Mapping[tuple[str, ...], str]) -> str | None:
    """An answer and its `actual` are one thing."""
    return taken.get((*path, "actual")) or (taken.get(path[:-1]) if path[-1] == "actual" else None)


def _short(column: str) -> str:
    return column if len(column) <= SHOWN else f"{column[: SHOWN - 1]}…"


def _can_stand(column: str) -> bool:
    if sum(part in WORDS for part in column.split("/")) > MAX_WORDS:
        return False
    try:
        _evidence([(column, "1")])
    except ValidationError:
        return False
    return True


def _evidence(cells: Iterable[tuple[str, str]]) -> Evidence:
    return Evidence.model_validate(raw(cells))


def _problems(error: ValidationError, file: str) -> Iterator[Problem]:
    """What does not validate, where it would stand in evidence.yaml."""
    for one in error.errors(include_url=False):
        origin = Origin(file, tuple(step for step in one["loc"] if isinstance(step, (str, int))))
        fault = one.get("ctx", {}).get("error")
        yield fault.on(origin) if isinstance(fault, Fault) else WRONG_SHAPE.on(origin, wanted="能读成佐证的内容 (What reads as evidence)")


def _header(table: Table, column: str) -> Where:
    return table.where(Row(1, table.columns), column)


def raw(cells: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Keys and texts as evidence.yaml would hold them.

    >>> raw([("支出", "3万元"), ("甲/checklist/一", "yes"), ("甲/parts/二/points", "3"), ("甲/values/率", ""), ("veto/v", "no")])["indicators"]
    {'甲': {'checklist': {'一': 'yes'}, 'parts': {'二': {'points': '3'}}}}
    """
    content: dict[str, Any] = {"perfeval": "1", "facts": {}, "indicators": {}}
    for key, text in cells:
        if not text.strip() or (key.endswith("/not_applicable") and text.strip() in APPLIES):
            continue
        path = steps(key)
        place = content
        for step in path[:-1]:
            if not isinstance(place.setdefault(step, {}), dict):
                place[step] = {"actual": place[step]}  # an answer that has more below it in another column
            place = place[step]
        if isinstance(place.get(path[-1]), dict):
            place = place[path[-1]]
            path = ("actual",)
        place[path[-1]] = text
    return content


def steps(key: str) -> tuple[str, ...]:
    """Where a key stands in evidence.yaml: a fact, an answer of the tree, or below the entry of a leaf."""
    parts = key.split("/")
    if parts[0] in TOP and len(parts) > 1:
        return (parts[0], *_answer(parts[1:]))
    at = next((n for n, word in enumerate(parts) if n and word in WORDS), None)
    if at is None:
        return ("facts", key)
    return ("indicators", "/".join(parts[:at]), *_entry(parts[at:]))


def _entry(parts: list[str]) -> tuple[str, ...]:
    word, rest = parts[0], parts[1:]
    if word == "values" and rest:
        return ("values", "/".join(rest))
    if word in _ANSWERS and rest:
        return (word, *_answer(rest))
    return tuple(parts)


def _answer(parts: list[str]) -> tuple[str, ...]:
    """An answer's id, which may hold a slash of its own, and what stands below it."""
    at = next((n for n, word in enumerate(parts) if n and word in WORDS), len(parts))
    below = parts[at:]
    return ("/".join(parts[:at]), *(_entry(below) if below else ()))


class _RowPlaces:
    """Origins of a row's evidence at its cells, all others in the rules' own files."""

    def __init__(self, table: Table, row: Row, sources: Sources) -> None:
        self.table, self.row, self.sources = table, row, sources
        self.columns = {steps(column): column for column in table.columns[1:]}

    def where(self, origin: Origin) -> Where:
        if origin.file != self.table.file:
            return self.sources.where(origin)
        path = tuple(map(str, origin.path))
        for end in range(len(path), 1, -1):  # no column stands for all facts or all indicators
            if (column := self.columns.get(path[:end])) is not None:
                return self.table.where(self.row, column)
        below = next((column for steps_, column in self.columns.items() if steps_[: len(path)] == path), self.table.columns[0])
        return self.table.where(self.row, below)

    def placed(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        return tuple(
            p if p.where is not None or p.origin is None else p._replace(where=self.where(p.origin), origin=None) for p in problems
        )
