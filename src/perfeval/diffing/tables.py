"""What a change of rules does to a table of projects, as `batch` counts it over whole columns."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from perfeval.diffing.spread import Grades, Spread

OUT = ("old_total", "old_grade", "new_total", "new_grade", "change")
"""Columns of a table of the projects that move, after the project's name."""


class Graded(NamedTuple):
    total: Fraction
    grade: str


class Mover(NamedTuple):
    """One of the projects whose total moves most."""

    name: str
    old: Graded
    new: Graded

    @property
    def change(self) -> Fraction:
        return self.new.total - self.old.total


class Moves(NamedTuple):
    """How the points of one indicator, bonus or penalty move; an id is "" where a rule set has none of it."""

    old_id: str
    new_id: str
    name: str  # "" for bonus and penalty
    changes: Spread  # open: no score under one of the two, or both


class TableMoved(NamedTuple):
    """All rows under both rule sets. `changes` are those of the total; open: no total under one of the two, or both."""

    table: str
    rows: int
    otherwise: int  # rows whose total or grade comes out otherwise
    changes: Spread
    grades: Grades
    scale: tuple[str, ...]  # grades of the old rule set, from the best
    movers: tuple[Mover, ...]
    indicators: tuple[Moves, ...]  # those that move, or whose rule means something else
