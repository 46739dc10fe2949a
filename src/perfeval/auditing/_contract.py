"""What an audit check is given and what it gives back.

A check is one file below this room: its heading asks the question, `KIND` is the one kind of finding it makes (named as the
file), `NEEDS` lists what it reads, `check` yields findings with their places. Checks never import each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

from perfeval.ir.program import Program
from perfeval.lowering.nodes import NodeIndex
from perfeval.model.document import Document
from perfeval.model.folder import Indicators, ProjectFolder
from perfeval.model.result import Indicator, Result
from perfeval.model.tree import Node, Tree
from perfeval.problems import Origin, Path, Problem, ProblemKind

Need = Literal["rules", "folder", "result", "texts", "report", "against"]
"""What a check reads. It is not run where one of these is not there."""


@dataclass(frozen=True)
class Subject:
    """What is audited: rules with their program; of a project also its files and its score; texts; a finished report."""

    rules: Indicators | None = None
    program: Program | None = None
    folder: ProjectFolder | None = None
    result: Result | None = None  # scored with what there is; None where it cannot be
    texts: tuple[Document, ...] = ()  # narrative chapters
    report: Document | None = None
    against: Indicators | None = None  # the tree that the rules are held against

    def has(self, need: Need) -> bool:
        return bool(getattr(self, need))

    @property
    def tree(self) -> Tree:
        assert self.rules is not None
        return self.rules.tree

    @property
    def documents(self) -> tuple[Document, ...]:
        """All texts: the chapters, then the report."""
        return (*self.texts, *((self.report,) if self.report else ()))

    def nodes(self) -> Iterator[tuple[Origin, Node]]:
        """Every indicator of the rules with its place, parents first."""
        assert self.rules is not None
        for path, chain in self.tree.walk():
            yield Origin(self.rules.file, path), chain[-1]

    def leaves(self) -> Iterator[tuple[Origin, Node]]:
        return ((origin, node) for origin, node in self.nodes() if not node.children)

    @cached_property
    def index(self) -> NodeIndex:
        return NodeIndex(self.tree)

    @cached_property
    def scored(self) -> dict[str, Indicator]:
        """The scored indicators by id."""
        return {one.id: one for one in self.result.indicators} if self.result else {}

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What files shared by several checks work out once for this subject, each under its own name."""
        return {}

    def in_rules(self, *path: str | int) -> Origin:
        assert self.rules is not None
        return Origin(self.rules.file, path)

    def in_project(self, *path: str | int) -> Origin:
        assert self.folder is not None
        return Origin(self.folder.project_file, path)

    def in_evidence(self, *path: str | int) -> Origin:
        assert self.folder is not None
        return Origin(self.folder.evidence_file, path)

    def entry_path(self, node: Node) -> Path | None:
        """Where the evidence of a leaf stands in evidence.yaml; None where there is none. It may be named by its path."""
        if self.folder is None:
            return None
        for name in self.folder.evidence.indicators:
            found = self.index.find(name)
            if not isinstance(found, Problem) and found[1][-1] is node:
                return ("indicators", name)
        return None


class ExtraMissing(Exception):
    """Raised by a check whose libraries are not installed; `extra` brings them: `pip install 'perfeval[extra]'`."""

    def __init__(self, extra: str) -> None:
        super().__init__(extra)
        self.extra = extra


class Check(NamedTuple):
    """A check as it was found: `name` is that of its file and of its kind; `about` is `rules`, `evidence`, `texts`, …"""

    name: str
    about: str
    kind: ProblemKind
    needs: tuple[Need, ...]
    check: Callable[[Subject], Iterator[Problem]]
    heading: str

    @property
    def question(self) -> str:
        """What the check asks, from the first line of its heading."""
        return self.heading.partition("\n")[0].partition(": ")[2]
