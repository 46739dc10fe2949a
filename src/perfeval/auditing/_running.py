"""One audit: every check that has what it reads, then what is to be ignored."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from perfeval.auditing._catalogue import checks, known_names
from perfeval.auditing._choosing import choose
from perfeval.auditing._contract import Check, ExtraMissing, Subject
from perfeval.auditing._opening import Opened
from perfeval.auditing._personal import without_numbers
from perfeval.problems import Problem, Severity, Where


class Audited(NamedTuple):
    """What came out. `errors` stand in the way of a whole audit; `not_run` are checks that lacked what they read."""

    findings: tuple[Problem, ...]  # sorted by place
    ignored: tuple[tuple[Problem, str], ...]  # with the reason that a file gives
    errors: tuple[Problem, ...] = ()
    not_run: tuple[Check, ...] = ()
    extras: tuple[tuple[Check, str], ...] = ()  # those not run for want of an extra, where there was something to check
    no_score: tuple[Check, ...] = ()  # those of `not_run` that a project was to be scored for, which it cannot be
    in_part: tuple[Check, ...] = ()  # run, but not on what `missing` would give its score
    unread: tuple[Problem, ...] = ()  # what of the report could not be read
    missing: tuple[str, ...] = ()  # what has no score for want of evidence: leaves, and what is given off the tree

    def worst(self) -> Severity | None:
        return max((one.severity for one in self.findings), default=None)


def audit(opened: Opened, names: Collection[str]) -> Audited:
    """Audits what was opened for the findings that are called one of `names`."""
    subject = opened.subject
    found = [problem for problem in opened.found if problem.kind.name in names]
    not_run, extras = [], []
    for check in checks():
        if check.name not in names:
            continue
        if not all(map(subject.has, check.needs)):
            not_run.append(check)
            continue
        try:
            found.extend(check.check(subject))
        except ExtraMissing as missing:
            not_run.append(check)
            extras.append((check, missing.extra))
    placed = opened.places.placed(found) if opened.places else _sorted(found)
    done = _with_gaps(Audited((), (), opened.errors, tuple(not_run), tuple(extras)), subject, names)
    whole = frozenset(names) - {check.name for check in (*done.not_run, *done.in_part)}
    chosen = choose(placed, subject, opened.places, known_names(), whole)
    ignored = tuple((without_numbers(problem), reason) for problem, reason in chosen.ignored)
    return done._replace(findings=_sorted(map(without_numbers, chosen.findings)), ignored=ignored)


def _with_gaps(audited: Audited, subject: Subject, names: Collection[str]) -> Audited:
    """Says which checks could not look at everything because a project, or a part of it, has no score."""
    if subject.folder is None:
        return audited
    scored = [check for check in checks() if check.name in names and "result" in check.needs]
    if subject.result is None:
        lacking = (check for check in scored if all(subject.has(need) for need in check.needs if need != "result"))
        return audited._replace(no_score=tuple(lacking))
    leaves = (one.name for one in subject.result.leaves if one.status == "pending")
    missing = tuple(dict.fromkeys((*leaves, *(name for _, name in subject.result.missing))))
    run = (check for check in scored if check not in audited.not_run)
    return audited._replace(in_part=tuple(run), missing=missing) if missing else audited


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each once, by place."""

    def order(problem: Problem) -> tuple[str, int, str, int, str]:
        where = problem.where or Where("")
        return where.file, where.line, where.cell, where.column, problem.kind.name

    unique = {(order(one), tuple(sorted(one.values.items()))): one for one in problems}
    return tuple(sorted(unique.values(), key=order))
