"""A project folder to its models: the three files, the grade scale they name, the tables and the facts counted from them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from perfeval.model.evidence import Evidence, FactValue
from perfeval.model.folder import Indicators, ProjectFolder
from perfeval.model.project import Project
from perfeval.model.tree import GradeRow, GradeScale, Tree
from perfeval.problems import Fault, Origin, Problem, ProblemKind, ProblemsFound, Where
from perfeval.quantity import UNKNOWN_UNIT
from perfeval.reading.attachments import check_attachments
from perfeval.reading.facts import FactReader
from perfeval.reading.library import PREFIX, builtin_path, scale_path
from perfeval.reading.mending import mended_evidence, mended_tree
from perfeval.reading.paths import NO_FILE, read_inside
from perfeval.reading.positions import Sources, build_model
from perfeval.reading.tables import Table, read_tables
from perfeval.reading.texts import MAX_BYTES
from perfeval.reading.yaml_subset import DUPLICATE_KEY, YamlFile, read_yaml
from perfeval.rules._fields import read_text

PROJECT_FILE = "project.yaml"
NO_FOLDER = ProblemKind(
    "no-project-folder",
    says="「{folder}」不是项目文件夹：{why}。",
    remedy="给出含有 project.yaml 的文件夹；新建一个用 perfeval init。",
    en="“{folder}” is not a project folder: {why}.",
    en_remedy="Name a folder that holds project.yaml; make a new one with perfeval init.",
)
HOLDS_NONE = "里面没有 project.yaml (it holds no project.yaml)"

Examine = Callable[[ProjectFolder, "Known"], list[Problem]]


class Known(NamedTuple):
    """How much of a faulty folder can be relied on, for telling what else is wrong with it."""

    failed: frozenset[str] = frozenset()  # leaves whose rules are stand-ins
    whole: bool = True  # the tree is all there but for those
    evidence: bool = True  # both the project's policy and the evidence could be read
    complete: bool = True  # nothing is left out of the evidence, no key stands twice: what seems to be missing is


class Files(Protocol):
    """Where the files of a folder come from."""

    def read(self, name: str, limit: int) -> bytes:
        """The bytes of a file by its path inside the folder. Raises `Fault` as `read_inside`."""

    def shown(self, name: str) -> str:
        """What people are told of a file: the name that its problems stand at."""


class InFolder(NamedTuple):
    """Files of a folder on the disk; `before` is put before their names where people see several folders."""

    root: Path
    before: str = ""

    def read(self, name: str, limit: int) -> bytes:
        return read_inside(self.root, name, limit)

    def shown(self, name: str) -> str:
        return self.before + name


class _Reader:
    """Collects what is wrong on the way, so that a run tells everything at once."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.project_file = files.shown(PROJECT_FILE)
        self.sources = Sources()
        self.problems: list[Problem] = []
        self.known = Known()
        self.words = True  # the counting words that the tree adds are known
        self.declared: frozenset[str] = frozenset()  # tables that are listed, readable or not
        self.guessing = False  # project.yaml cannot be read: nobody knows which files it names

    def yaml(self, name: str, origin: Origin | Where) -> YamlFile | None:
        try:
            file = read_yaml(self.files.shown(name), self.files.read(name, MAX_BYTES))
        except Fault as fault:
            if not (self.guessing and fault.kind is NO_FILE):
                self.problems.append(fault.on(origin) if isinstance(origin, Origin) else Problem(fault.kind, fault.values, where=origin))
            return None
        return self._keep(file)

    def shipped(self, path: Path, name: str) -> YamlFile | None:
        return self._keep(read_yaml(name, path.read_bytes()))

    def _keep(self, file: YamlFile) -> YamlFile | None:
        self.sources.add(file)
        self.problems.extend(file.problems)
        return file if file.root is not None else None

    def project(self) -> Project | None:
        file = self.yaml(PROJECT_FILE, Where(self.project_file))
        if file is None:
            self.guessing = True
            return None
        model, problems = build_model(Project, file)
        self.problems.extend(problems)
        return model

    def _written(self) -> dict[str, Any]:
        """What project.yaml says, be it right or wrong; nothing where it cannot be read."""
        return dict(self.sources.files[self.project_file].plain()) if self.project_file in self.sources.files else {}

    def named(self, key: str) -> str:
        """The file that project.yaml names, be it right or wrong, or the one that is meant where it names none."""
        try:
            return read_text(self._written()[key])
        except (KeyError, Fault):
            return f"{key}.yaml"

    def naming(self, key: str, file: str) -> Origin | Where:
        """Where a file is named: the key in project.yaml, or the file itself where none is written."""
        return Origin(self.project_file, (key,)) if key in self._written() else Where(self.files.shown(file))

    def indicators(self, named: str, origin: Origin | Where) -> Indicators | None:
        if named.startswith(PREFIX):
            try:
                file = self.shipped(builtin_path(named), named)
            except Fault as fault:
                self.problems.append(
                    Problem(fault.kind, fault.values, where=origin if isinstance(origin, Where) else self.sources.where(origin))
                )
                return None
        else:
            file = self.yaml(named, origin)
        return self.tree(file) if file else None

    def under(self, rules: Rules) -> Indicators:
        """Rules that were read already: what is said of them stands in their own files."""
        for file in rules[1].files.values():
            self.sources.add(file)
        return rules[0]

    def tree(self, file: YamlFile) -> Indicators | None:
        raw = file.plain()
        rules, words = raw.get("rules"), raw.get("units") or ()
        listed = words if isinstance(words, tuple) else (words,)
        context = {
            "rules": rules if isinstance(rules, dict) else {},
            "words": frozenset(w for w in listed if isinstance(w, str)),
            "read": [0],
        }
        tree, problems = build_model(Tree, file, context)
        self.problems.extend(problems)
        if tree is None:
            mended = mended_tree(file, context)
            self.words = mended is not None and mended.words
            if mended is None:
                return None
            tree, self.known = mended.tree, self.known._replace(failed=mended.failed, whole=mended.whole)
        origin = Origin(file.name, ("grades",))
        rows, name = self.grades(tree, origin)
        return Indicators(tree, rows, name, origin, file.name) if rows is not None else None

    def grades(self, tree: Tree, origin: Origin) -> tuple[tuple[GradeRow, ...] | None, str]:
        if not isinstance(tree.grades, str):
            return tree.grades, ""
        try:
            file = self.shipped(scale_path(tree.grades), f"grades/{tree.grades}.yaml")
        except Fault as fault:
            self.problems.append(fault.on(origin))
            return None, tree.grades
        scale, problems = build_model(GradeScale, file) if file else (None, [])
        self.problems.extend(problems)
        return (scale.grades if scale else None), tree.grades

    def evidence(self, named: str, origin: Origin | Where) -> Evidence | None:
        file = self.yaml(named, origin)
        if file is None:
            return None
        model, problems = build_model(Evidence, file)
        self.problems.extend(problems)
        if model is None:
            self.known = self.known._replace(complete=False)
            tables = file.plain().get("tables")
            self.declared = frozenset(tables) if isinstance(tables, dict) else frozenset()
            return mended_evidence(file)
        self.declared = frozenset(model.tables)
        return model


def read_project(root: Path, examine: Examine | None = None, rules: Rules | None = None) -> ProjectFolder:
    """Read a project folder; with `rules` under these, whatever its project.yaml names.

    `examine` adds what lowering and binding find where something else is wrong already, so that all is told together.
    Raises `ProblemsFound` with all problems of all files, each at its line and column; system errors stay `OSError`.
    """
    check_project_folder(root)
    reader = _Reader(InFolder(root))
    project = reader.project()
    named_tree, named_evidence = map(reader.named, ("indicators", "evidence"))
    indicators = reader.under(rules) if rules else reader.indicators(named_tree, reader.naming("indicators", named_tree))
    evidence = reader.evidence(named_evidence, reader.naming("evidence", named_evidence))
    facts = {}
    if evidence:
        reader.problems.extend(check_attachments(root, evidence, named_evidence))
        tables, problems = read_tables(root, evidence.tables, named_evidence)
        reader.problems.extend(problems)
        facts = _facts(reader, evidence, tables, indicators.tree if indicators else None, named_evidence)
    twice = any(p.kind is DUPLICATE_KEY for p in reader.problems)
    known = reader.known._replace(evidence=project is not None and evidence is not None, complete=reader.known.complete and not twice)

    def folder(notes: tuple[Problem, ...] = ()) -> ProjectFolder:
        assert indicators is not None
        own, given = project or Project.model_construct(perfeval=1, name=""), evidence or Evidence.model_construct(perfeval=1)
        return ProjectFolder(root, own, indicators, given, facts, reader.sources, named_evidence, PROJECT_FILE, notes)

    doubted = indicators is not None and any(
        p.kind is DUPLICATE_KEY and p.where and p.where.file == indicators.file for p in reader.problems
    )
    if indicators and examine and not doubted and any(p.is_error for p in reader.problems):
        reader.problems.extend(examine(folder(), known))
    problems_found = reader.sources.placed(reader.problems)
    if project is None or indicators is None or evidence is None or any(p.is_error for p in problems_found):
        raise ProblemsFound(problems_found)
    return folder(problems_found)


def check_folder(root: Path) -> None:
    """Raises `ProblemsFound` where there is no folder of that name."""
    if not os.path.isdir(root):  # no name is too long for os.path
        why = "没有这个文件夹 (there is no such folder)" if not os.path.exists(root) else "它是一个文件 (it is a file)"
        raise ProblemsFound([NO_FOLDER.on(Where(""), folder=root.name or str(root), why=why)])


def check_project_folder(root: Path) -> None:
    """Raises `ProblemsFound` where it holds no project.yaml either."""
    check_folder(root)
    if not (root / PROJECT_FILE).exists():
        raise ProblemsFound([NO_FOLDER.on(Where(PROJECT_FILE), folder=root.name or str(root), why=HOLDS_NONE)])


def _facts(reader: _Reader, evidence: Evidence, tables: Mapping[str, Table], tree: Tree | None, file: str) -> dict[str, FactValue]:
    """The facts. Where nobody knows which counting words the tree adds, none is said to be unknown."""
    problems: list[Problem] = []
    words = frozenset(tree.units) if tree else frozenset()
    fact_reader = FactReader(tables, reader.declared, tree.quantities if tree else {}, words, file, problems)
    facts = fact_reader.read(evidence.facts)
    known = tree is not None and reader.words
    reader.problems.extend(p for p in problems if known or p.kind is not UNKNOWN_UNIT)
    return facts


Rules = tuple[Indicators, Sources, tuple[Problem, ...]]
"""Indicators, the files they were read from, and what there is to say of them."""


def read_indicators(path: Path | str) -> Rules:
    """Read one indicators file, or a built-in (`builtin:ID`). Raises `ProblemsFound`."""
    named = str(path)
    if named.startswith(PREFIX):
        return indicators_from(InFolder(Path()), named)
    return indicators_from(InFolder(Path(path).parent), Path(path).name)


def indicators_from(files: Files, named: str) -> Rules:
    """The indicators of a file, or a built-in. Raises `ProblemsFound`."""
    reader = _Reader(files)
    return _rules(reader, reader.indicators(named, Where(named if named.startswith(PREFIX) else files.shown(named))))


def project_indicators(files: Files) -> Rules:
    """The indicators that the project.yaml of a folder names. Raises `ProblemsFound` with what is wrong with either file."""
    reader = _Reader(files)
    reader.project()
    if reader.project_file not in reader.sources.files:
        return _rules(reader, None)  # it cannot be opened: whatever its usual neighbour is, nobody knows whether it is meant
    named = reader.named("indicators")
    return _rules(reader, reader.indicators(named, reader.naming("indicators", named)))


def _rules(reader: _Reader, indicators: Indicators | None) -> Rules:
    problems = reader.sources.placed(reader.problems)
    if indicators is None or any(p.is_error for p in problems):
        raise ProblemsFound(problems)
    return indicators, reader.sources, problems
