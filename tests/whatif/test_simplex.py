"""The exact linear programs: by hand, and against every vertex of small ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.whatif.simplex import Optimum, Outcome, Row, minimise

F = Fraction
Program = tuple[list[Fraction], list[Row], list[Fraction | None]]


def solved(cost: Sequence[object], rows: Sequence[tuple[Sequence[object], str, object]], upper: Sequence[object]) -> Outcome:
    """A program in plain numbers: a row is its coefficients, the comparison and the bound."""
    made = [Row({at: F(str(a)) for at, a in enumerate(terms)}, compare, F(str(bound))) for terms, compare, bound in rows]  # type: ignore[arg-type]
    return minimise([F(str(c)) for c in cost], made, [None if end is None else F(str(end)) for end in upper])


@pytest.mark.parametrize(
    ("cost", "rows", "upper", "wanted"),
    [
        # 2x + 3y with x + y >= 4, x + 3y >= 6: the corner (3, 1)
        ((2, 3), [((1, 1), ">=", 4), ((1, 3), ">=", 6)], (None, None), (9, (3, 1))),
        # the most of 3x + 5y (x <= 4, 2y <= 12, 3x + 2y <= 18): 36 at (2, 6)
        ((-3, -5), [((3, 2), "<=", 18)], (4, 6), (-36, (2, 6))),
        # equalities alone, one solution: x + y = 1, x - 3y = 0
        ((1, 0), [((1, 1), "=", 1), ((1, -3), "=", 0)], (None, None), ("3/4", ("3/4", "1/4"))),
        # an equality told twice, and thrice as much once more
        ((1, 2), [((1, 1), "=", 2), ((1, 1), "=", 2), ((3, 3), "=", 6)], (None, None), (2, (2, 0))),
        # thirds and sevenths: x/3 + y/7 = 1 with x <= 1, so y = 14/3
        ((5, 1), [(("1/3", "1/7"), "=", 1)], (1, None), (7, (0, 7))),
        ((1, 5), [(("1/3", "1/7"), "=", 1)], (1, None), ("73/3", (1, "14/3"))),
        # bounds below zero on both sides of a row
        ((1, 1), [((-1, -1), "<=", -3), ((1, -1), "=", -1)], (None, None), (3, (1, 2))),
        # no row at all: each variable at the end that is cheaper
        ((1, -1, 0), [], (5, 7, 9), (-7, (0, 7, 0))),
        # nothing can be chosen: ends of 0, and a row without a term
        ((-1,), [((0,), "<=", 0)], (0,), (0, (0,))),
        # a corner where three rows meet
        ((-1, -1), [((1, 0), "<=", 1), ((0, 1), "<=", 1), ((1, 1), "<=", 2), ((1, 2), "<=", 3)], (None, None), (-2, (1, 1))),
    ],
)
def test_optimum(
    cost: Sequence[object], rows: Sequence[tuple[Sequence[object], str, object]], upper: Sequence[object], wanted: object
) -> None:
    value, at = wanted  # type: ignore[misc]
    assert solved(cost, rows, upper) == Optimum(F(value), tuple(F(x) for x in at))


@pytest.mark.parametrize(
    ("rows", "upper"),
    [
        ([((1, 1), ">=", 3)], (1, 1)),
        ([((1, 1), "=", 1), ((1, 1), "=", 2)], (None, None)),
        ([((1, 1), "<=", -1)], (None, None)),
        ([((0, 0), "=", 1)], (None, None)),
        ([((1, 0), ">=", "1000001/1000000")], (1, None)),
        ([], (-1, 1)),
    ],
)
def test_infeasible(rows: Sequence[tuple[Sequence[object], str, object]], upper: Sequence[object]) -> None:
    assert solved((1, 1), rows, upper) == "infeasible"


@pytest.mark.parametrize(
    ("cost", "rows", "upper"),
    [
        ((-1, 0), [], (None, 1)),
        ((-1, 0), [((1, -1), "<=", 1)], (None, None)),
        ((0, -1), [((1, -1), "=", 2)], (None, None)),
        ((1, -2), [((1, -1), ">=", -3)], (None, None)),
    ],
)
def test_unbounded(cost: Sequence[object], rows: Sequence[tuple[Sequence[object], str, object]], upper: Sequence[object]) -> None:
    assert solved(cost, rows, upper) == "unbounded"


@pytest.mark.parametrize(
    ("cost", "rows", "value"),
    [
        # Beale: the steepest descent goes round for ever in the origin, unless something stops it
        (
            ("-3/4", 150, "-1/50", 6),
            [(("1/4", -60, "-1/25", 9), "<=", 0), (("1/2", -90, "-1/50", 3), "<=", 0), ((0, 0, 1, 0), "<=", 1)],
            "-1/20",
        ),
        # Chvátal's
        ((-10, 57, 9, 24), [(("1/2", "-11/2", "-5/2", 9), "<=", 0), (("1/2", "-3/2", "-1/2", 1), "<=", 0), ((1, 0, 0, 0), "<=", 1)], -1),
        # Kuhn's
        ((-2, -3, 1, 12), [((-2, -9, 1, 9), "<=", 0), (("1/3", 1, "-1/3", -2), "<=", 0), ((2, 3, -1, -12), "<=", 2)], -2),
    ],
)
def test_never_goes_round(cost: Sequence[object], rows: Sequence[tuple[Sequence[object], str, object]], value: object) -> None:
    outcome = solved(cost, rows, (None,) * 4)
    assert isinstance(outcome, Optimum) and outcome.value == F(str(value))


def kept(rows: Sequence[Row], upper: Sequence[Fraction | None], at: Sequence[Fraction]) -> bool:
    for row in rows:
        found = sum((a * at[variable] for variable, a in row.terms.items()), F(0))
        if not {"<=": found <= row.bound, "=": found == row.bound, ">=": found >= row.bound}[row.compare]:
            return False
    return all(x >= 0 and (end is None or x <= end) for x, end in zip(at, upper, strict=True))


def planes(program: Program) -> list[tuple[list[Fraction], Fraction]]:
    """Everything that a corner may lie on: each row as an equality, each variable at either end."""
    cost, rows, upper = program
    count = len(cost)
    found = [([row.terms.get(at, F(0)) for at in range(count)], row.bound) for row in rows]
    for at, end in enumerate(upper):
        own = [F(int(other == at)) for other in range(count)]
        found.append((own, F(0)))
        if end is not None:
            found.append((own, end))
    return found


def meeting(planes: Sequence[tuple[list[Fraction], Fraction]]) -> list[Fraction] | None:
    """The one point on all planes, by elimination; None where there is none, or more than one."""
    rows = [[*terms, bound] for terms, bound in planes]
    for at in range(len(rows)):
        pivot = next((row for row in rows[at:] if row[at]), None)
        if pivot is None:
            return None
        rows.remove(pivot)
        rows.insert(at, [entry / pivot[at] for entry in pivot])
        rows = [row if row is rows[at] else [a - row[at] * b for a, b in zip(row, rows[at], strict=True)] for row in rows]
    return [row[-1] for row in rows]


def corners(program: Program) -> Iterator[list[Fraction]]:
    _, rows, upper = program
    for chosen in combinations(planes(program), len(upper)):
        point = meeting(chosen)
        if point is not None and kept(rows, upper, point):
            yield point


def worth(cost: Sequence[Fraction], at: Sequence[Fraction]) -> Fraction:
    return sum((c * x for c, x in zip(cost, at, strict=True)), F(0))


few = st.fractions(min_value=-3, max_value=3, max_denominator=7)
ends = st.one_of(st.none(), st.fractions(min_value=0, max_value=4, max_denominator=3))


@st.composite
def programs(draw: st.DrawFn) -> Program:
    count = draw(st.integers(1, 4))
    rows = []
    for _ in range(draw(st.integers(0, 4))):
        terms = draw(st.lists(st.one_of(st.just(F(0)), few), min_size=count, max_size=count))
        bound = draw(st.one_of(st.just(F(0)), few))  # nothing on the right: corners where many planes meet
        rows.append(Row(dict(enumerate(terms)), draw(st.sampled_from(["<=", "=", ">="])), bound))
    return draw(st.lists(few, min_size=count, max_size=count)), rows, draw(st.lists(ends, min_size=count, max_size=count))


often = settings(max_examples=120, deadline=None, derandomize=True)


@often
@given(programs())
def test_as_all_corners_say(program: Program) -> None:
    """x >= 0 holds no line, so that whatever can be reached at all has a corner; where the cost has no
    end, the cheapest corner goes on falling with the width of a box around all corners (they lie within 10^14)."""
    cost, rows, upper = program
    outcome = minimise(cost, rows, upper)
    found = list(corners(program))
    if not found:
        assert outcome == "infeasible"
        return
    near, far = (
        min(worth(cost, at) for at in corners((cost, rows, [F(10) ** n if end is None else end for end in upper]))) for n in (4, 5)
    )
    if far < near:
        assert outcome == "unbounded"
        return
    assert isinstance(outcome, Optimum)
    assert kept(rows, upper, outcome.at) and worth(cost, outcome.at) == outcome.value
    assert outcome.value == min(worth(cost, at) for at in found)
