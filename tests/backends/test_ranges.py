"""The exact sweep: at every cut, beside it and in between it gives what the interpreter gives."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise

import pytest

from perfeval.backends.exact.interpreter import NoScore, compile_expr
from perfeval.backends.ranges.pieces import OpenInput, Piece, TooManyPieces, contains, pieces, reach, value_at, where
from perfeval.backends.ranges.ratio import Curved, Ratio, number, ratio
from perfeval.ir import build
from perfeval.ir.bounds import Interval
from perfeval.ir.nodes import Add, Cond, Const, Div, Expr, Floor, Input, Max, Min, Mul, Round

X = Input("x")
NEAR = Fraction(1, 10**9)


def grown(chance: random.Random, depth: int) -> Expr:
    """A random expression over x, crowded around a few figures."""
    if depth == 0 or chance.random() < 0.15:
        return X if chance.random() < 0.55 else Const(Fraction(chance.randint(-6, 9), chance.choice([1, 1, 2, 3, 7])))
    one, other = grown(chance, depth - 1), grown(chance, depth - 1)
    match chance.randint(0, 9):
        case 0 | 1:
            return Add((one, other))
        case 2:
            return Mul((Const(Fraction(chance.randint(-3, 5), chance.choice([1, 2, 3]))), one))
        case 3:
            return Div(one, Const(Fraction(chance.choice([1, 2, 3, 7]))) if chance.random() < 0.6 else other)
        case 4:
            return Min((one, other))
        case 5:
            return Max((one, other))
        case 6:
            return build.clamp(Floor(one), -3, 5)
        case 7:
            return build.clamp(Round(one, 0), -4, 6)
        case _:
            return Cond(chance.choice([">=", ">", "<=", "<", "="]), one, other, grown(chance, depth - 1), Const(chance.randint(0, 9)))  # type: ignore[arg-type]


def places(found: tuple[Piece, ...], chance: random.Random) -> list[Fraction]:
    """All ends, a hair beside them, places between, and some far out."""
    ends = sorted({Fraction(end) for piece in found for end in (piece.interval.low, piece.interval.high) if end is not None})
    beside = [end + side for end in ends for side in (-NEAR, NEAR)]
    between = [(a + b) / 2 for a, b in pairwise(ends)]
    return [*ends, *beside, *between, *(Fraction(chance.randint(-400, 400), chance.choice([1, 3, 8])) for _ in range(12)), Fraction(10**9)]


@pytest.mark.parametrize("seed", range(90))
def test_the_sweep_is_the_interpreter(seed: int) -> None:
    chance = random.Random(seed)
    expr = grown(chance, 4)
    try:
        found = pieces(expr, "x")
    except (Curved, TooManyPieces):
        return
    run = compile_expr(expr)
    for x in places(found, chance):
        assert sum(contains(piece.interval, x) for piece in found) == 1
        try:
            wanted: Fraction | None = Fraction(run({"x": x}))
        except NoScore:
            wanted = None
        assert value_at(found, x) == wanted, f"seed {seed} at {x}"


def test_most_expressions_are_swept() -> None:
    given_up = 0
    for seed in range(100):
        try:
            pieces(grown(random.Random(seed), 4), "x")
        except (Curved, TooManyPieces):
            given_up += 1
    assert given_up < 10


@pytest.mark.parametrize("seed", range(60))
def test_no_piece_repeats_its_neighbour(seed: int) -> None:
    try:
        found = pieces(grown(random.Random(seed), 4), "x")
    except (Curved, TooManyPieces):
        return
    assert all(a.value != b.value for a, b in pairwise(found))
    assert found[0].interval.low is None
    assert found[-1].interval.high is None
    for a, b in pairwise(found):
        assert a.interval.high == b.interval.low
        assert a.interval.high_closed != b.interval.low_closed


@pytest.mark.parametrize("seed", range(90))
def test_reach_and_where(seed: int) -> None:
    """No value lies outside the reach of its piece; a value holds exactly where `where` says."""
    chance = random.Random(seed)
    expr = grown(chance, 3)
    try:
        found = pieces(expr, "x")
        reaches = [None if piece.value is None else reach(piece) for piece in found]
        above = list(where(found, ">=", 2))
    except (Curved, TooManyPieces):
        return
    for x in places(found, chance):
        at = next(n for n, piece in enumerate(found) if contains(piece.interval, x))
        value, within = value_at(found, x), reaches[at]
        if value is None or within is None:
            continue
        assert (within[0] is None or within[0] <= value) and (within[1] is None or value <= within[1])
        assert any(contains(interval, x) for interval in above) == (value >= 2)


def test_a_line_between_two_flats() -> None:
    expr = build.clamp(build.multiply(5, build.divide(build.subtract(X, Fraction(7, 10)), Fraction(3, 10))), 0, 5)
    found = pieces(expr, "x")
    assert [(p.interval.low, p.interval.high) for p in found] == [(None, Fraction(7, 10)), (Fraction(7, 10), 1), (1, None)]
    assert [reach(p) for p in found] == [(0, 0), (0, 5), (5, 5)]
    assert [p.value.constant if p.value else None for p in found] == [0, None, 5]


def test_a_single_place() -> None:
    found = pieces(Cond("=", X, Const(3), Const(7), Const(0)), "x")
    assert [(p.interval, p.value) for p in found] == [
        (Interval(None, 3, False, False), number(0)),
        (Interval(3, 3), number(7)),
        (Interval(3, None, False, False), number(0)),
    ]


def test_a_zero_divisor_is_a_place_without_an_answer() -> None:
    found = pieces(Div(Const(1), X), "x")
    assert [p.value is None for p in found] == [False, True, False]
    assert [reach(p) for p in found if p.value] == [(None, 0), (0, None)]


def test_within() -> None:
    found = pieces(X, "x", within=Interval(0, 10, True, False))
    assert [p.interval for p in found] == [Interval(0, 10, True, False)]
    assert pieces(X, "x", within=Interval(1, 0)) == ()
    assert [p.interval for p in pieces(X, "x", within=Interval(2, 2))] == [Interval(2, 2)]


def test_other_inputs_are_given_or_told() -> None:
    expr = build.least(X, Input("y"))
    assert [p.interval.high for p in pieces(expr, "x", {"y": 4})] == [4, None]
    with pytest.raises(OpenInput) as told:
        pieces(expr, "x")
    assert told.value.key == "y"


def test_steps_without_end_are_told() -> None:
    with pytest.raises(TooManyPieces):
        pieces(Floor(X), "x")
    assert len(pieces(Floor(X), "x", within=Interval(0, 9, True, False))) == 9


def test_a_bend_at_a_root_is_told() -> None:
    square = Mul((X, X))
    with pytest.raises(Curved):
        pieces(Max((square, Const(2))), "x")
    assert [p.interval.high for p in pieces(Max((square, Const(4))), "x")] == [-2, 2, None]


def test_steps_of_any_size_end_where_the_floor_is_reached() -> None:
    """A deduction for each 10,000 of an amount in the billions."""
    off = Floor(Div(build.subtract(X, 10**9), Const(10**4)))
    found = pieces(build.clamp(build.subtract(10, off), 0, 10), "x")
    assert len(found) == 11
    assert found[-1].interval == Interval(10**9 + 10**5, None, True, False)


def test_lowest_terms() -> None:
    one = ratio((Fraction(-1), Fraction(0), Fraction(1)), (Fraction(-1), Fraction(1)))
    assert one == Ratio((Fraction(1), Fraction(1)))
    assert ratio((Fraction(2),), (Fraction(0), Fraction(4))).under == (0, 1)
    assert (one - one).over == ()
    assert ratio((Fraction(1), Fraction(1)), (Fraction(0), Fraction(1))).slope() == ratio(
        (Fraction(-1),), (Fraction(0), Fraction(0), Fraction(1))
    )
