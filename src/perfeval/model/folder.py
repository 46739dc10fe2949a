"""A project folder as it was read: the models of its three files, its facts, and where everything stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from perfeval.model.evidence import Evidence, FactValue
from perfeval.model.project import Project
from perfeval.model.tree import GradeRow, Tree
from perfeval.problems import Origin, Problem, Where


class Places(Protocol):
    """Turns origins into lines and columns."""

    def where(self, origin: Origin) -> Where: ...
    def placed(self, problems: Iterable[Problem]) -> tuple[Problem, ...]: ...


class Indicators(NamedTuple):
    """A tree with the grade scale that it names, and the name of the file it stands in."""

    tree: Tree
    grades: tuple[GradeRow, ...]
    grades_id: str
    grades_origin: Origin
    file: str


class ProjectFolder(NamedTuple):
    root: Path
    project: Project
    indicators: Indicators
    evidence: Evidence
    facts: Mapping[str, FactValue]
    places: Places
    evidence_file: str
    project_file: str
    notes: tuple[Problem, ...] = ()

    @property
    def tree(self) -> Tree:
        return self.indicators.tree
