"""What a change of rules does to projects: each scored under both rule sets, and how the movements are distributed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import NamedTuple

from perfeval.backends.exact.interpreter import RollUp
from perfeval.diffing.effect import Effect, Scored, effect
from perfeval.diffing.rules import RuleDiff
from perfeval.diffing.spread import Grades, Spread, ordered, spread
from perfeval.model.folder import ProjectFolder
from perfeval.problems import Problem, ProblemsFound
from perfeval.reading import Rules
from perfeval.reading.evidence_table import EvidenceTable
from perfeval.reading.tables import Row
from perfeval.scoring import open_project, scored

MOVERS = 10  # projects that are named as moving most


class Moved(NamedTuple):
    """One project under both rule sets; without an `effect`, `problems` say why there is none."""

    folder: str  # as it was given
    name: str
    effect: Effect | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[tuple[Problem, ...], tuple[Problem, ...]] = ((), ())  # of each side

    @property
    def is_certain(self) -> bool:
        return self.effect is not None and self.effect.change.low == self.effect.change.high


class Distribution(NamedTuple):
    """How the totals of projects move; open are those of which the evidence does not say."""

    changes: Spread
    grades: Grades
    movers: tuple[Moved, ...]  # the largest movements, up or down


Open = Callable[[Rules], ProjectFolder]
"""A project under rules; raises `ProblemsFound`."""


def moved(diff: RuleDiff, old: Rules, new: Rules, folders: Iterable[tuple[str, Path]]) -> Iterator[Moved]:
    """Each project folder in turn. One that cannot be read or scored is told, and the others still are."""
    return moved_any(diff, old, new, ((shown, partial(_opened, folder)) for shown, folder in folders))


def _opened(folder: Path, rules: Rules) -> ProjectFolder:
    return open_project(folder, True, rules)


def moved_rows(diff: RuleDiff, old: Rules, new: Rules, table: EvidenceTable) -> Iterator[Moved]:
    """The same for each row of a table of evidence."""

    def opened(name: str, row: Row) -> Open:
        return lambda rules: table.opened(name, row, rules[0], rules[1])

    return moved_any(diff, old, new, ((name, opened(name, row)) for name, row in table.rows))


def moved_any(diff: RuleDiff, old: Rules, new: Rules, projects: Iterable[tuple[str, Open]]) -> Iterator[Moved]:
    rolls: dict[tuple[int, str], RollUp] = {}
    for shown, opened in projects:
        try:
            (one, left), (other, right) = (_under(opened(rules), side, rolls) for side, rules in enumerate((old, new)))
        except ProblemsFound as found:
            yield Moved(shown, "", None, found.problems)
            continue
        result = effect(one, other, diff.pairs, diff.changed, diff.same_extras)
        yield Moved(shown, one.result.name, result, (), (left, right))


def _under(project: ProjectFolder, side: int, rolls: dict[tuple[int, str], RollUp]) -> tuple[Scored, tuple[Problem, ...]]:
    """The project under one rule set. Evidence that is missing leaves an interval, unless a policy gives it no points."""
    result, run = scored(project, _missing(project) == "error", foreign=True)
    policy = result.not_applicable_policy or ""
    roll = rolls.setdefault((side, policy), RollUp(run.program)) if (side, policy) not in rolls else rolls[side, policy]
    reaches = {name: run.extra_reach(name) for name in run.program.extras}
    extras = {name: (Fraction(reach.low or 0), Fraction(reach.high or 0)) for name, reach in reaches.items()}
    return Scored(result, roll, extras), result.notes


def _missing(folder: ProjectFolder) -> str:
    return folder.project.policy.missing or folder.tree.policy.missing or "error"


def distribution(found: Iterable[Moved]) -> Distribution:
    """Over all projects that have an effect."""
    there = [(one, one.effect) for one in found if one.effect is not None]
    certain = [(one, each.change.low) for one, each in there if one.is_certain]
    movers = sorted((one for one in certain if one[1]), key=lambda pair: (-abs(pair[1]), pair[0].folder))
    return Distribution(
        spread(Counter(change for _, change in certain), len(there) - len(certain)),
        ordered(Counter((each.old.grade or "", each.new.grade or "") for _, each in there)),
        tuple(one for one, _ in movers[:MOVERS]),
    )
