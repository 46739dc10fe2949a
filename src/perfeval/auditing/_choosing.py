"""Which findings are told: `--select` and `--ignore` on the command line, and `audit: {ignore: {check: reason}}` in the files.

Said in project.yaml it holds for the whole project, beside the tree for what stands in its file, at an indicator for what
stands there and below, and in the evidence of the leaves below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from perfeval.auditing._contract import Subject
from perfeval.auditing._evidence import entries
from perfeval.auditing._problems import below
from perfeval.model.project import AuditOptions
from perfeval.problems import Origin, Problem, ProblemKind, Severity, Where, spelling_hint
from perfeval.reading.positions import Sources

UNKNOWN_CHECK = ProblemKind(
    "unknown-check",
    says="没有叫「{name}」的审查项。{hint}",
    remedy="改正名称；perfeval audit --list 列出全部。",
    en="There is no check “{name}”. {hint_en}",
    en_remedy="Mend the name; perfeval audit --list shows them all.",
    severity=Severity.WARNING,
)
IGNORED_NOTHING = ProblemKind(
    "ignored-nothing",
    says="这里不理会「{name}」，但没有这样的发现。",
    remedy="删去这一行，免得以后真有问题时看不见。",
    en="“{name}” is ignored here, and nothing of the kind is found.",
    en_remedy="Remove the line, or it will hide a later finding.",
    severity=Severity.NOTE,
)


class Ignore(NamedTuple):
    """One line of `audit: {ignore: …}`: which check, why, where that is said, and what it holds for."""

    name: str
    reason: str
    said: Origin
    scopes: tuple[Origin, ...]  # findings in one of these; none: all


class Chosen(NamedTuple):
    findings: tuple[Problem, ...]
    ignored: tuple[tuple[Problem, str], ...] = ()  # with the reason


def ignores(subject: Subject) -> Iterator[Ignore]:
    """Everything that the files say is to be ignored."""
    if subject.folder is not None:
        yield from _of(subject.folder.project.audit, subject.in_project(), ())
    if subject.rules is None:
        return
    yield from _of(subject.tree.audit, subject.in_rules(), (subject.in_rules(),))
    ignoring = [(origin, node) for origin, node in subject.nodes() if node.audit.ignore]
    given = {leaf.key: at for leaf, _, at in entries(subject)} if ignoring and subject.folder is not None else {}
    for origin, node in ignoring:
        yield from _of(node.audit, origin, (origin, *(given[key] for key in below(node) if key in given)))


def choose(found: Iterable[Problem], subject: Subject, places: Sources | None, known: frozenset[str], wanted: frozenset[str]) -> Chosen:
    """Findings (each with its place) without those that are ignored, with what is wrong with what is to be ignored.

    `known` are the names of all checks, `wanted` those that looked at everything: nothing is said of lines about others.
    """
    lines = list(ignores(subject))
    used: set[Ignore] = set()
    findings, ignored = [], []
    for problem in found:
        holding = [one for one in lines if _holds(one, problem, places)]
        used.update(holding)
        if holding:
            ignored.append((problem, holding[-1].reason))  # the nearest: parents come first
        else:
            findings.append(problem)
    wrong = []
    for line in lines:
        at = line.said.under("audit", "ignore", line.name).key()
        if line.name not in known:
            zh, en = spelling_hint(line.name, known)
            wrong.append(UNKNOWN_CHECK.on(at, name=line.name, hint=zh, hint_en=en))
        elif line not in used and line.name in wanted:
            wrong.append(IGNORED_NOTHING.on(at, name=line.name))
    findings += places.placed(wrong) if places else wrong
    return Chosen(tuple(findings), tuple(ignored))


def _holds(line: Ignore, problem: Problem, places: Sources | None) -> bool:
    if problem.kind.name != line.name:
        return False
    where = problem.where
    return not line.scopes or (where is not None and places is not None and any(_covers(scope, where, places) for scope in line.scopes))


def _covers(scope: Origin, where: Where, places: Sources) -> bool:
    """Does a place lie in what stands there, or at the name under which it stands?"""
    return places.covers(scope, where) or (bool(scope.path) and places.where(scope.key()) == where)


def _of(options: AuditOptions, said: Origin, scopes: tuple[Origin, ...]) -> Iterator[Ignore]:
    for name, reason in options.ignore.items():
        yield Ignore(name, reason, said, scopes)
