"""A project folder to its result: lower the tree, bind the evidence, run it exactly, keep the trace of every leaf."""

from __future__ import annotations

from pathlib import Path

from perfeval.lowering.check_tree import check_structure
from perfeval.lowering.from_evidence import bind, given_keys
from perfeval.lowering.from_tree import AS_FOUND, lower_tree
from perfeval.model.folder import ProjectFolder
from perfeval.model.project import Policy
from perfeval.model.result import Result
from perfeval.problems import Problem, ProblemsFound
from perfeval.reading import Known, Rules, read_project
from perfeval.scoring.faults import Faults
from perfeval.scoring.run import Run
from perfeval.scoring.sheet import Sheet


def open_project(root: Path, partial: bool = False, rules: Rules | None = None) -> ProjectFolder:
    """Read a folder. Where anything in it is wrong, the rest is looked through too, so that all is told together.

    `partial` as in `score`; `rules`: under these, whatever the folder names. Raises `ProblemsFound`.
    """
    return read_project(root, lambda folder, known: _examine(folder, known, partial), rules)


def _examine(folder: ProjectFolder, known: Known, partial: bool) -> list[Problem]:
    """What else is wrong with a folder that cannot be scored; nothing that only follows from what is told already."""
    if not known.whole:
        found = check_structure(folder.indicators)
        return [p.softened() if folder.tree.as_printed and p.kind.name in AS_FOUND else p for p in found]
    policy = _policy(folder, partial)
    program, problems = lower_tree(folder.indicators, given_keys(folder), policy)
    if not known.evidence:
        return problems
    program = program._replace(failed=program.failed | known.failed)
    bound = bind(program, folder)
    told = [*problems, *bound.problems]
    if known.failed or not known.complete or any(p.is_error for p in problems):
        return told
    return [*told, *Faults(Run(folder, program, bound, policy)).problems()]


def score(folder: ProjectFolder, partial: bool = False) -> Result:
    """Score a project. `partial`: evidence that is missing leaves its leaf pending instead of being an error.

    Raises `ProblemsFound` with everything that stands in the way, each problem at its place.
    """
    return scored(folder, partial)[0]


def scored(folder: ProjectFolder, partial: bool = False, foreign: bool = False) -> tuple[Result, Run]:
    """The result and the run behind it.

    `foreign`: the evidence was written for other rules. What these do not ask for, or cannot take as an answer, is no fault
    then but a warning, and missing where they ask for something. Raises `ProblemsFound`.
    """
    policy = _policy(folder, partial)
    program, problems = lower_tree(folder.indicators, given_keys(folder), policy)
    bound = bind(program, folder)
    found = [*folder.notes, *problems, *_softened(bound.problems, foreign)]
    if any(p.is_error for p in problems):
        raise ProblemsFound(folder.places.placed(found))
    run = Run(folder, program, bound, policy)
    placed = folder.places.placed([*found, *_softened(Faults(run).problems(), foreign)])
    if any(p.is_error for p in placed):
        raise ProblemsFound(placed)
    return Sheet(run).result(placed), run


UNFIT = frozenset(
    [
        "mixed-units",
        "percent-or-fraction",
        "fact-not-yes-no",
        "zero-divisor",
        "rule-no-answer",
        "no-grade",
        "nothing-applicable",
        "not-applicable-policy",
    ]
)
"""What stays an error under rules that the evidence was not written for: here a value would be taken for another, or there is no score."""


def _softened(problems: list[Problem], foreign: bool) -> list[Problem]:
    return [p.softened() if foreign and p.kind.name not in UNFIT else p for p in problems]


def _policy(folder: ProjectFolder, partial: bool) -> Policy:
    tree, own = folder.tree.policy, folder.project.policy
    missing = "pending" if partial else own.missing or tree.missing or "error"
    return Policy.model_construct(missing=missing, not_applicable=own.not_applicable or tree.not_applicable)
