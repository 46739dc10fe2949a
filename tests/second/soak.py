"""Both scorers over many generated projects. `soak` returns the differences as text, each with the numbers that grow it again."""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from cases_support import build
from generators import Grown
from perfeval.lowering.from_evidence import bind, given_keys
from perfeval.lowering.from_tree import lower_tree
from perfeval.model.evidence import Evidence
from perfeval.model.folder import ProjectFolder
from perfeval.model.result import Result
from perfeval.problems import Problem, ProblemsFound
from perfeval.reading.facts import FactReader
from perfeval.scoring import _policy, open_project, score
from perfeval.scoring.faults import Faults
from perfeval.scoring.run import Run
from perfeval.scoring.sheet import Sheet as FirstSheet
from second import scorer
from second.wild import grow_wild

SCALES = Path(__file__).resolve().parents[2] / "indicators" / "grades"
EVIDENCES = 8  # for each tree; the first goes through the files, the others through the lowered program
REFUSALS = {
    "missing-evidence": "missing",
    "placeholder": "missing",
    "zero-divisor": "zero divisor",
    "rule-no-answer": "no answer",
    "nothing-applicable": "nothing applicable",
    "not-applicable-policy": "not applicable without a policy",
    "no-grade": "no grade",
}
"""Why perfeval gives no score, in the words of the other. It tells all there is, the other what it meets first."""
AT_ONCE = {"zero-divisor", "rule-no-answer"}


def plain(raw: Any) -> Any:
    """As BaseLoader gives it: lists for tuples."""
    if isinstance(raw, dict):
        return {key: plain(value) for key, value in raw.items()}
    return [plain(one) for one in raw] if isinstance(raw, list | tuple) else raw


def differences(first: Result | tuple[Problem, ...], second: scorer.Sheet | str) -> list[str]:
    """Where the two do not agree, exactly. README.md says why two kinds of pending leaves are `loose`."""
    if not isinstance(first, Result):
        return _refused(tuple(p for p in first if p.is_error), second)
    if isinstance(second, str):
        return [f"perfeval gives {first.low}..{first.high}, the other refuses: {second}"]
    loose = any(node.loose for node in second.nodes.values())
    found = [*_nodes(first, second), *reach("total", (first.low, first.high), second.total, loose)]
    pairs = [("unscaled", first.unscaled, second.unscaled[0] if first.unscaled is not None else None)]
    if not loose or (first.grade and second.grade):  # the wider of two intervals may lie in more grades than one
        pairs.append(("grade", first.grade or None, second.grade))
    return found + [f"{word}: {told(one)} and {told(other)}" for word, one, other in pairs if one != other]


def _refused(errors: tuple[Problem, ...], second: scorer.Sheet | str) -> list[str]:
    """The first gives no score: does the other say so too, and why?"""
    names = {problem.kind.name for problem in errors}
    if not is_refused(names):
        return [f"perfeval does not read it: {[problem.message('en') for problem in errors][:3]}"]
    if isinstance(second, str):
        common = {REFUSALS[name] for name in names} & set(second.split(", "))
        return [] if common else [f"perfeval refuses {sorted(names)}, the other: {second}"]
    loose = {node.name for node in second.nodes.values() if node.loose and node.is_leaf}
    if names <= AT_ONCE and {problem.values.get("leaf") for problem in errors} <= loose:
        return []  # told at once by the one, as soon as the evidence is all there by the other
    return [f"perfeval refuses {sorted(names)}, the other gives {second.total}"]


def is_refused(names: Collection[str]) -> bool:
    """There is no score, and the files are in order."""
    return bool(names) and set(names) <= set(REFUSALS)


def _nodes(first: Result, second: scorer.Sheet) -> Iterator[str]:
    if {one.id for one in first.indicators} != set(second.nodes):
        yield "not the same nodes"
        return
    for one in first.indicators:
        other = second.nodes[one.id]
        pairs: list[tuple[str, Any, Any]] = [("status", one.status, other.status)]
        if one.status in ("scored", "pending"):
            span = other.exact if first.rounding_at == "total" else other.shown
            yield from reach(f"{one.id} reach", (one.low, one.high), span, other.loose)
        if one.status == "scored":
            pairs += [("score", one.score, other.shown[0]), ("exact", one.exact, other.exact[0] if one.is_leaf else one.exact)]
            pairs.append(("applies", one.applicable, other.applies if one.is_leaf else one.applicable))
        for word, a, b in pairs:
            if a != b:
                yield f"{one.id} {word}: {told(a)} and {told(b)}"


def reach(word: str, one: scorer.Interval, other: scorer.Interval, loose: bool) -> list[str]:
    """Equal intervals; where one of them may be wider than it need be, both hold what it will come to, so they overlap."""
    agree = max(one[0], other[0]) <= min(one[1], other[1]) if loose else one == other
    return [] if agree else [f"{word}: {told(one)} and {told(other)}"]


def told(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(told, value))})"
    return str(value)


@dataclass
class Tree:
    """One tree of the first scorer, lowered once for the evidences that name the same quantities."""

    folder: ProjectFolder
    keys: frozenset[str]
    program: Any
    problems: list[Problem]


def from_files(grown: Grown, folder: Path) -> tuple[Result | tuple[Problem, ...], Tree | None]:
    """The whole way: text, YAML, models, program, sheet."""
    build({"indicators": grown.indicators, "evidence": grown.evidence}, folder)
    try:
        opened = open_project(folder)
        keys = given_keys(opened)
        tree = Tree(opened, frozenset(keys), *lower_tree(opened.indicators, keys, _policy(opened, False)))
        return score(opened), tree
    except ProblemsFound as found:
        return found.problems, None


def from_program(grown: Grown, tree: Tree) -> Result | tuple[Problem, ...]:
    """Other evidence for a tree that is lowered already."""
    problems: list[Problem] = []
    evidence = Evidence.model_validate(grown.evidence, context={"read": [0]})
    facts = FactReader({}, frozenset(), tree.folder.tree.quantities, frozenset(), "evidence.yaml", problems).read(evidence.facts)
    folder = tree.folder._replace(evidence=evidence, facts=facts)
    keys, policy = frozenset(given_keys(folder)), _policy(folder, False)
    if keys != tree.keys:
        tree.keys, (tree.program, tree.problems) = keys, lower_tree(folder.indicators, keys, policy)
    bound = bind(tree.program, folder)
    run = Run(folder, tree.program, bound, policy)
    problems += [*tree.problems, *bound.problems, *Faults(run).problems()]
    if any(p.is_error for p in problems):
        return tuple(problems)
    try:
        return FirstSheet(run).result(tuple(problems))
    except ProblemsFound as found:
        return found.problems


def agree(seed: int, count: int, folder: Path) -> list[str]:
    """The differences over `count` evidences of the tree that grows from `seed`."""
    found: list[str] = []
    tree: Tree | None = None
    for answers in range(count):
        grown = grow_wild(seed, answers)
        if tree is None:
            first, tree = from_files(grown, folder)
        else:
            first = from_program(grown, tree)
        second = scorer.score(plain(grown.indicators), plain(grown.evidence), {}, None, SCALES)
        found += [f"grow_wild({seed}, {answers}): {line}" for line in differences(first, second)]
    return found


def _share(job: tuple[int, int]) -> list[str]:
    seed, count = job
    shm = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shm if os.access(shm, os.W_OK) else None) as folder:
        return agree(seed, count, Path(folder))


def soak(count: int, seed: int) -> list[str]:
    """Compare `count` projects; the trees grow from `seed` upwards."""
    jobs = [(seed + n, min(EVIDENCES, count - n * EVIDENCES)) for n in range(-(-count // EVIDENCES))]
    found: list[str] = []
    began = time.monotonic()
    with multiprocessing.Pool() as pool:
        for done, lines in enumerate(pool.imap(_share, jobs, chunksize=10), 1):
            found += lines
            if done % 500 == 0:
                print(f"{done * EVIDENCES} of {count}, {len(found)} differences, {time.monotonic() - began:.0f} s", file=sys.stderr)
    return found


__all__ = ["Fraction", "agree", "differences", "soak"]
