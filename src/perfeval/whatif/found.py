"""The answers of the search for ways to a grade."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from perfeval.model.result import Indicator, Result
from perfeval.whatif.levers import Lever, Place
from perfeval.whatif.trying import Changes


class Move(NamedTuple):
    """What one indicator (or a fact that several use, or bonus or penalty) contributes."""

    leaves: tuple[str, ...]  # whose evidence changes; "bonus", "penalty"
    changes: Changes
    written: dict[str, str]
    ends: Mapping[str, Place]


class Way(NamedTuple):
    moves: tuple[Move, ...]
    vetoes: tuple[str, ...]  # on the whole project, that must not have happened
    after: Result
    points: Fraction  # of the total, gained


class Room(NamedTuple):
    """What a leaf that lost points can still get at most."""

    leaf: Indicator
    most: Fraction  # that was found
    sure: bool  # and no more can be had


class Ways(NamedTuple):
    """No way: none was found, and where `proven` there is none. `capped` are the vetoes that stand and forbid the grade."""

    grade: str
    aim: Fraction | None  # the least total of that grade
    start: Result
    ways: tuple[Way, ...]
    indicators: int  # that each way needs
    least: bool  # certainly no fewer do
    proven: bool  # no way: there is none
    bound: Fraction  # no total is better
    farthest: Fraction  # the best total that was found
    farthest_grade: str
    rooms: tuple[Room, ...]
    capped: tuple[str, ...]
    levers: Mapping[str, Lever]
