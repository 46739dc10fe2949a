"""From a folder, a rule set and a report to what checks read: lowered and scored as far as that goes.

What scoring says of a rule set is a finding here. Faults that leave the rules one meaning (`AS_FOUND`) do not stop the
score: the tree is taken as one quoted as printed, and each fault keeps its own severity. Evidence that is missing is a
finding too; what there is is scored, so that only what hangs on it is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from perfeval.auditing._contract import Subject
from perfeval.ir.program import Program
from perfeval.lowering.from_evidence import given_keys
from perfeval.lowering.from_tree import AS_FOUND, lower_tree
from perfeval.model.document import Document
from perfeval.model.folder import Indicators, ProjectFolder
from perfeval.model.project import Policy
from perfeval.model.result import Result
from perfeval.problems import Problem, ProblemsFound
from perfeval.reading import read_project
from perfeval.reading.documents import read_chapters
from perfeval.reading.positions import Sources
from perfeval.reading.rule_sources import RuleSet
from perfeval.scoring import scored
from perfeval.scoring.faults import MISSING, PLACEHOLDER


class Opened(NamedTuple):
    """`found`: what scoring and reading say of it. With an error among `errors` not everything could be looked at."""

    subject: Subject
    found: tuple[Problem, ...] = ()
    errors: tuple[Problem, ...] = ()
    places: Sources | None = None


def open_folder(root: Path, against: Indicators | None = None, report: Document | None = None) -> Opened:
    """A project folder. Raises `ProblemsFound` where one of its files cannot be read."""
    read = read_project(root)
    assert isinstance(read.places, Sources)
    folder = read._replace(indicators=_as_printed(read.indicators))
    chapters = read_chapters(root, folder.project.report.narrative, folder.project_file)
    result, program, found = _scored(folder)
    findings, errors = _parted(found, read.tree.as_printed)
    subject = Subject(folder.indicators, program, folder, result, chapters.documents, report, against)
    return Opened(subject, findings, (*read.places.placed(chapters.problems), *errors), read.places)


def open_rules(rules: RuleSet, against: Indicators | None = None, report: Document | None = None) -> Opened:
    """Rules without evidence."""
    indicators = _as_printed(rules.indicators)
    program, problems = lower_tree(indicators, frozenset(), _ANY_POLICY)
    findings, errors = _parted((*rules.problems, *rules.sources.placed(problems)), rules.indicators.tree.as_printed)
    return Opened(Subject(indicators, program, report=report, against=against), findings, errors, rules.sources)


def open_report(report: Document) -> Opened:
    """A finished report alone."""
    return Opened(Subject(report=report))


def _scored(folder: ProjectFolder) -> tuple[Result | None, Program, tuple[Problem, ...]]:
    """The score as `score` has it, else of what there is, else none; the program, and all that is to be said."""
    try:
        result, run = scored(folder)
        return result, run.program, result.notes
    except ProblemsFound as faults:
        found = tuple(faults.problems)
    try:
        result, run = scored(folder, partial=True)
    except ProblemsFound:
        return None, lower_tree(folder.indicators, given_keys(folder), _ANY_POLICY)[0], found
    return result, run.program, (*result.notes, *(one for one in found if one.is_error))


_MISSING = frozenset([MISSING.name, PLACEHOLDER.name])
_ANY_POLICY = Policy.model_construct(missing="pending", not_applicable=None)


def _as_printed(rules: Indicators) -> Indicators:
    return rules._replace(tree=rules.tree.model_copy(update={"as_printed": True}))


def _parted(problems: Iterable[Problem], as_printed: bool) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Findings, and what stops the score. A fault that a quoted tree may keep is as grave as the tree makes it."""
    findings, errors = [], []
    for problem in problems:
        if problem.is_error and problem.kind.name not in _MISSING:
            errors.append(problem)
        else:
            restored = problem.kind.name in AS_FOUND and not as_printed
            findings.append(problem._replace(severity_override=None) if restored else problem)
    return tuple(findings), tuple(errors)
