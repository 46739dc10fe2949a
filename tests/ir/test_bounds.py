"""Intervals between bounds: what is empty, what two share, what is left, and a value to show."""

from __future__ import annotations

from fractions import Fraction

import pytest

from perfeval.ir.bounds import Interval, interval_of, uncovered
from perfeval.ir.nodes import Compare, Const, Input

ALL = Interval(None, None)


def of(*bounds: tuple[Compare, int]) -> Interval:
    found = interval_of([(compare, Const(value)) for compare, value in bounds])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("bounds", "wanted"),
    [
        ((), ALL),
        (((">=", 3),), Interval(3, None, True, True)),
        (((">", 3),), Interval(3, None, False, True)),
        ((("<=", 3),), Interval(None, 3, True, True)),
        ((("<", 3),), Interval(None, 3, True, False)),
        ((("=", 3),), Interval(3, 3)),
        (((">=", 3), ("<", 5)), Interval(3, 5, True, False)),
        (((">=", 3), (">", 3)), Interval(3, None, False, True)),
        (((">", 3), (">=", 2)), Interval(3, None, False, True)),
        (((">", 2), (">=", 3)), Interval(3, None, True, True)),
        ((("<=", 3), ("<", 5)), Interval(None, 3, True, True)),
        ((("<", 5), ("<=", 3)), Interval(None, 3, True, True)),
    ],
)
def test_interval_of(bounds: tuple[tuple[Compare, int], ...], wanted: Interval) -> None:
    assert of(*bounds) == wanted


def test_a_bound_that_depends_on_evidence_is_no_interval() -> None:
    assert interval_of([(">=", Const(1)), ("<", Input("目标"))]) is None


@pytest.mark.parametrize(
    ("interval", "empty"),
    [
        (ALL, False),
        (Interval(1, None), False),
        (Interval(None, 1), False),
        (Interval(1, 2), False),
        (Interval(1, 2, False, False), False),
        (Interval(2, 1), True),
        (Interval(1, 1), False),
        (Interval(1, 1, False, True), True),
        (Interval(1, 1, True, False), True),
        (Interval(1, 1, False, False), True),
    ],
)
def test_is_empty(interval: Interval, empty: bool) -> None:
    assert interval.is_empty is empty


@pytest.mark.parametrize(
    ("interval", "value"),
    [
        (Interval(3, 5), 3),
        (Interval(3, None), 3),
        (Interval(3, 5, False, True), 5),
        (Interval(None, -5), -5),
        (Interval(3, 4, False, False), Fraction(7, 2)),
        (Interval(Fraction(1, 3), Fraction(1, 2), False, False), Fraction(5, 12)),
        (Interval(3, None, False), 4),
        (Interval(None, 3, True, False), 2),
        (ALL, 0),
    ],
)
def test_witness_lies_inside(interval: Interval, value: Fraction | int) -> None:
    assert interval.witness() == value
    assert not interval.meet(Interval(value, value)).is_empty


@pytest.mark.parametrize(
    ("taken", "rest"),
    [
        ([], [ALL]),
        ([ALL], []),
        ([Interval(1, 2)], [Interval(None, 1, True, False), Interval(2, None, False, True)]),
        ([Interval(1, 2, False, False)], [Interval(None, 1), Interval(2, None)]),
        ([Interval(1, None)], [Interval(None, 1, True, False)]),
        ([Interval(None, 1)], [Interval(1, None, False, True)]),
        ([Interval(1, None), Interval(None, 1)], []),
        ([Interval(1, None, False), Interval(None, 1, True, False)], [Interval(1, 1)]),
        ([Interval(5, 6), Interval(1, 2)], [Interval(None, 1, True, False), Interval(2, 5, False, False), Interval(6, None, False, True)]),
        ([Interval(2, 1)], [ALL]),
        ([Interval(1, 1, False, True)], [ALL]),
    ],
)
def test_uncovered(taken: list[Interval], rest: list[Interval]) -> None:
    assert uncovered(ALL, taken) == rest


def test_without_one_that_lies_apart_or_is_empty() -> None:
    assert Interval(1, 2).without(Interval(3, 4)) == [Interval(1, 2)]
    assert Interval(1, 2).without(Interval(2, 3, False)) == [Interval(1, 2)]
    assert Interval(1, 2).without(Interval(2, 3)) == [Interval(1, 2, True, False)]
    assert Interval(2, 1).without(Interval(0, 3)) == []
    assert Interval(1, 2).without(Interval(0, 3)) == []
