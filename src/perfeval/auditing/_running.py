"""One audit: every check that has what it reads, then what is to be ignored."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from perfeval.auditing._catalogue import checks, known_names
from perfeval.auditing._choosing import choose
from perfeval.auditing._contract import Check, ExtraMissing
from perfeval.auditing._opening import Opened
from perfeval.problems import Problem, Severity, Where


class Audited(NamedTuple):
    """What came out. `errors` stand in the way of a whole audit; `not_run` are checks that lacked what they read."""

    findings: tuple[Problem, ...]  # sorted by place
    ignored: tuple[tuple[Problem, str], ...]  # with the reason that a file gives
    errors: tuple[Problem, ...] = ()
    not_run: tuple[Check, ...] = ()
    extras: tuple[tuple[Check, str], ...] = ()  # those not run for want of an extra, where there was something to check

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
    chosen = choose(placed, subject, opened.places, known_names(), frozenset(names))
    return Audited(_sorted(chosen.findings), chosen.ignored, opened.errors, tuple(not_run), tuple(extras))


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each once, by place."""

    def order(problem: Problem) -> tuple[str, int, str, int, str]:
        where = problem.where or Where("")
        return where.file, where.line, where.cell, where.column, problem.kind.name

    unique = {(order(one), tuple(sorted(one.values.items()))): one for one in problems}
    return tuple(sorted(unique.values(), key=order))
