"""The range of every operation against corners worked out here another way: over all pairs of ranges with small and open ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import get_args

import pytest

from perfeval.ir.nodes import Add, Compare, Cond, Const, Div, Domain, Expr, Floor, Input, Max, Min, Mul, Number, Round
from perfeval.ir.units import ANYTHING, Range, range_of

A, B = Input("甲"), Input("乙")
LOWS, HIGHS = (None, -3, -1, 0, 2, 5), (-3, -1, 0, 2, 5, None)
FAR, FARTHER = Fraction(10**6), Fraction(10**7)  # stand for an open end: what moves with them has no end
RANGES = [Range(low, high) for low, high in product(LOWS, HIGHS) if low is None or high is None or low <= high]
PAIRS = list(product(RANGES, RANGES))


def corners(work: Callable[[Number, Number], Number], a: Range, b: Range) -> Range:
    """The least and the most at the corners; an end that moves when open ends move is open, one that shrinks to nothing is 0."""

    def at(far: Fraction) -> list[Number]:
        ends = [(-far if own.low is None else own.low, far if own.high is None else own.high) for own in (a, b)]
        return [work(x, y) for x, y in product(*ends)]

    def settled(near: Number, far: Number) -> Number | None:
        if near == far:
            return near
        return 0 if abs(near) < Fraction(1, 1000) and abs(far) < Fraction(1, 1000) else None

    near, far = at(FAR), at(FARTHER)
    return Range(settled(min(near), min(far)), settled(max(near), max(far)))


@pytest.mark.parametrize(
    ("expr", "work"),
    [
        (Add((A, B)), lambda x, y: x + y),
        (Mul((A, B)), lambda x, y: x * y),
        (Min((A, B)), min),
        (Max((A, B)), max),
    ],
    ids=["add", "mul", "min", "max"],
)
def test_of_two(expr: Expr, work: Callable[[Number, Number], Number]) -> None:
    for a, b in PAIRS:
        assert range_of(expr, {"甲": a, "乙": b}) == corners(work, a, b), (a, b)


def test_quotient() -> None:
    for a, b in PAIRS:
        found = range_of(Div(A, B), {"甲": a, "乙": b})
        if b == Range(0, 0):
            assert found is None
        elif (b.low is not None and b.low > 0) or (b.high is not None and b.high < 0):
            assert found == corners(lambda x, y: Fraction(x) / y, a, b), (a, b)
        elif b.low == 0 and a.low is not None and a.low >= 0:
            assert found == Range(0 if b.high is None else Fraction(a.low) / b.high, None), (a, b)
        else:
            assert found == ANYTHING, (a, b)


def test_quotient_of_whole_numbers_is_exact() -> None:
    for below in (3, -3):
        found = range_of(Div(Const(1), Const(below)), {})
        assert found == Range(Fraction(1, below), Fraction(1, below)) and isinstance(found.low, Fraction)
    assert range_of(Div(A, B), {"甲": Range(1, 1), "乙": Range(0, 3)}) == Range(Fraction(1, 3), None)


def test_of_several_and_of_one() -> None:
    given = {"甲": Range(1, 2), "乙": Range(-1, 3)}
    assert range_of(Add((A, B, A)), given) == Range(1, 7)
    assert range_of(Mul((A, B, A)), given) == Range(-4, 12)
    assert range_of(Add((A,)), given) == Range(1, 2)
    for several in (Add, Mul, Min, Max):
        assert range_of(several((Div(A, Const(0)), A)), given) is None
        assert range_of(several((A, Div(A, Const(0)), A)), given) is None


def test_floor_and_round() -> None:
    half = Range(Fraction(-3, 2), Fraction(7, 4))
    assert range_of(Floor(A), {"甲": half}) == Range(-2, 1)
    assert range_of(Round(A, 1), {"甲": half}) == Range(Fraction(-3, 2), Fraction(9, 5))
    assert range_of(Round(A, 0), {"甲": half}) == Range(-2, 2)
    for outer in (Floor(A), Round(A, 1)):
        assert range_of(outer, {"甲": ANYTHING}) == ANYTHING
        assert range_of(outer, {"甲": Range(0, None)}) == Range(0, None)
        assert range_of(outer, {"甲": Range(None, 0)}) == Range(None, 0)
    assert range_of(Floor(Div(A, Const(0))), {}) is None
    assert range_of(Round(Div(A, Const(0)), 2), {}) is None


def test_inputs() -> None:
    bounded = Input("甲", domain=Domain(1, 5))
    assert range_of(bounded, {}) == Range(1, 5)
    assert range_of(bounded, {"乙": Range(2, 2)}) == Range(1, 5)
    assert range_of(bounded, {"甲": Range(2, 3)}) == Range(2, 3)
    assert range_of(A, {}) == ANYTHING == Range(None, None)
    assert range_of(Const(Fraction(1, 3)), {}) == Range(Fraction(1, 3), Fraction(1, 3))
    assert Range(2, 2).single and not Range(2, 3).single and not ANYTHING.single


HOLDS: dict[Compare, Callable[[Number, Number], bool]] = {
    ">=": lambda x, y: x >= y,
    ">": lambda x, y: x > y,
    "<=": lambda x, y: x <= y,
    "<": lambda x, y: x < y,
    "=": lambda x, y: x == y,
}


def inside(own: Range) -> Iterator[Fraction]:
    low, high = -9 if own.low is None else own.low, 9 if own.high is None else own.high
    return (Fraction(step, 2) for step in range(int(2 * low), int(2 * high) + 1))


@pytest.mark.parametrize("compare", get_args(Compare))
def test_condition(compare: Compare) -> None:
    """Only the arms that some value of both sides takes count."""
    arms = {True: Range(-10, 10), False: Range(5, 20)}
    expr = Cond(compare, A, B, Input("丙"), Input("丁"))
    for a, b in PAIRS:
        taken = {HOLDS[compare](x, y) for x in inside(a) for y in inside(b)}
        wanted = arms[taken.pop()] if len(taken) == 1 else Range(-10, 20)
        assert range_of(expr, {"甲": a, "乙": b, "丙": arms[True], "丁": arms[False]}) == wanted, (a, b)


def test_condition_with_an_arm_that_has_no_value() -> None:
    nothing = Div(A, Const(0))
    given = {"甲": Range(1, 3), "乙": Range(2, 2)}
    assert range_of(Cond(">", A, B, nothing, A), given) == Range(1, 3)
    assert range_of(Cond(">", A, B, A, nothing), given) == Range(1, 3)
    assert range_of(Cond(">", A, B, nothing, nothing), given) is None
    assert range_of(Cond(">=", B, B, nothing, A), given) is None
    assert range_of(Cond(">", B, B, A, nothing), given) is None
    assert range_of(Cond(">", nothing, B, A, B), given) is None
    assert range_of(Cond(">", B, nothing, A, B), given) is None
    assert range_of(Cond(">", A, B, Const(0), Const(9)), given) == Range(0, 9)


def test_what_is_no_expression() -> None:
    with pytest.raises(TypeError, match=r"^甲$"):
        range_of("甲", {})  # type: ignore[arg-type]
