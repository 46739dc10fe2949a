"""What a document about two rule sets is made of: the two, what `diffing` found between them, and the projects they move."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from perfeval.diffing.projects import Distribution, Moved, distribution
from perfeval.diffing.rules import RuleDiff
from perfeval.diffing.tables import TableMoved
from perfeval.model.folder import Indicators
from perfeval.model.result import Indicator, Result
from perfeval.problems import Problem, Where
from perfeval.reading.rule_sources import RuleSet


class Compared(NamedTuple):
    """Two rule sets; one of them is None where there was none before, or is none any more. Then nothing is compared."""

    old: RuleSet | None
    new: RuleSet | None
    diff: RuleDiff | None
    moved: tuple[Moved, ...] = ()  # projects, in the order they were given
    table: TableMoved | None = None

    @property
    def differs(self) -> bool:
        """Can any score or grade come out otherwise? What projects score decides, whatever was found between the rules."""
        if self.diff is None:
            return (self.old is None) != (self.new is None)
        return self.diff.differs or bool(self.otherwise)

    @property
    def otherwise(self) -> int:
        """Projects whose total or grade comes out otherwise for certain, whatever evidence is still missing."""
        effects = [one.effect for one in self.moved if one.effect is not None]
        moved = sum(effect.change.low > 0 or effect.change.high < 0 or effect.grade_flips for effect in effects)
        return moved + (self.table.otherwise if self.table is not None else 0)

    @property
    def reached(self) -> tuple[Moved, ...]:
        """The projects of which there is something to say."""
        return tuple(one for one in self.moved if one.effect is not None)

    @property
    def spread(self) -> Distribution:
        return distribution(self.moved)

    @property
    def news(self) -> tuple[Problem, ...]:
        """What is wrong with the rules: every error, and those warnings of the new ones that the old ones do not have as well."""
        before, after = self._problems(self.old, 0), self._problems(self.new, 1)
        known = {(one.kind.name, one.message("en")) for one in before}
        errors = tuple(one for one in before if one.is_error)
        return errors + tuple(one for one in after if one.is_error or (one.kind.name, one.message("en")) not in known)

    def _problems(self, rules: RuleSet | None, side: int) -> tuple[Problem, ...]:
        if rules is None:
            return ()
        return (*rules.problems, *rules.sources.placed(self.diff.problems[side] if self.diff else ()))

    @property
    def known(self) -> frozenset[tuple[str, Where | None]]:
        """What each project would say again of its rules: kind and place."""
        return frozenset(
            (one.kind.name, one.where) for side, rules in enumerate((self.old, self.new)) for one in self._problems(rules, side)
        )

    @property
    def only(self) -> RuleSet:
        """The one that is there."""
        found = self.old or self.new
        assert found is not None
        return found


def leaves(rules: Indicators) -> int:
    return sum(not chain[-1].children for _, chain in rules.tree.walk())


def of_project(one: Moved, known: Collection[tuple[str, Where | None]], is_only: bool) -> list[Problem]:
    """What is wrong with a project, without what is `known` of the rules; its warnings where it is the only one."""
    found = (*one.problems, *(one.warnings[0] + one.warnings[1] if is_only else ()))
    return [problem for problem in found if (problem.kind.name, problem.where) not in known]


def slim(one: Moved) -> Moved:
    """Without what no document shows: how each score came about. A thousand projects then fit in memory."""
    if one.effect is None:
        return one
    effect = one.effect
    leaves = tuple(leaf._replace(old=_bare(leaf.old), new=_bare(leaf.new)) for leaf in effect.leaves)
    return one._replace(
        effect=effect._replace(old=_bare_result(effect.old), new=_bare_result(effect.new), leaves=leaves), warnings=((), ())
    )


def _bare(leaf: Indicator | None) -> Indicator | None:
    return None if leaf is None else replace(leaf, steps=(), used=(), standard={}, bounds=())


def _bare_result(result: Result) -> Result:
    return replace(result, indicators=(), goals=(), notes=(), problems_found=(), suggestions=())
