"""Folding keeps every value, and gives what is plainly the same one spelling."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from perfeval.backends.exact.interpreter import NoScore, compile_expr
from perfeval.ir.fold import fold, plain
from perfeval.ir.nodes import Add, Cond, Const, Div, Domain, Expr, Floor, Input, Label, Max, Min, Mul, Round
from perfeval.problems import Origin
from perfeval.quantity import PERCENT

X, Y, L, M = Input("x"), Input("y"), Label("item", "甲"), Label("hit", "乙")
HERE = Origin("f", ("a",))


def c(value: Any, label: Label | None = None) -> Const:
    return Const(Fraction(value), None, label)


FOLDED: list[tuple[Expr, Expr]] = [
    (Add((c(1), c(2))), c(3)),
    (Add((X, c(0))), X),
    (Add((c(1), X, c(2))), Add((X, c(3)))),
    (Add((X, Add((Y, c(1))), c(2))), Add((X, Y, c(3)))),
    (Add((X,)), X),
    (Add((X,), L), Add((X,), L)),
    (Add((c(1), c(2)), L, HERE), Const(Fraction(3), None, L, HERE)),
    (Add((Add((X, c(1)), L), c(2))), Add((Add((X, c(1)), L), c(2)))),
    (Add((c(1, L), c(2))), Add((c(1, L), c(2)))),
    (Add((c(1, L), c(2, M))), Add((c(1, L), c(2, M)))),
    (Mul((c(2), c(3))), c(6)),
    (Mul((c(1), X)), X),
    (Mul((X, c(2), c(3))), Mul((c(6), X))),
    (Mul((X, Mul((Y, c(2))))), Mul((c(2), X, Y))),
    (Mul((c(0), X)), Mul((c(0), X))),
    (Mul((c(1), X), L), Mul((X,), L)),
    (Mul((Mul((X, c(2)), L), c(3))), Mul((c(3), Mul((c(2), X), L)))),
    (Div(c(1), c(2)), c("1/2")),
    (Div(c(1), c(0)), Div(c(1), c(0))),
    (Div(X, c(2)), Div(X, c(2))),
    (Div(c(1), c(2), L, HERE), Const(Fraction(1, 2), None, L, HERE)),
    (Min((c(3), c(2), X)), Min((X, c(2)))),
    (Max((c(3), c(2), X)), Max((X, c(3)))),
    (Min((c(3), c(2))), c(2)),
    (Max((c(3), c(2))), c(3)),
    (Min((X, Min((Y, c(2))), c(1))), Min((X, Y, c(1)))),
    (Max((X, Max((Y, c(2))), c(1))), Max((X, Y, c(2)))),
    (Max((X, Min((Y, c(2))))), Max((X, Min((Y, c(2)))))),
    (Min((X, Min((Y, c(2)), L))), Min((X, Min((Y, c(2)), L)))),
    (Min((X,)), X),
    (Max((X,), L), Max((X,), L)),
    (Floor(c("7/2")), c(3)),
    (Floor(c("-7/2")), c(-4)),
    (Floor(X), Floor(X)),
    (Round(c("1/3"), 2), c("0.33")),
    (Round(X, 2), Round(X, 2)),
    (Cond(">", c(2), c(1), X, Y), X),
    (Cond(">", c(1), c(1), X, Y), Y),
    (Cond(">=", c(1), c(1), X, Y), X),
    (Cond("<", c(1), c(1), X, Y), Y),
    (Cond("<=", c(1), c(1), X, Y), X),
    (Cond("=", c(1), c(1), X, Y), X),
    (Cond("=", c(1), c(2), X, Y), Y),
    (Cond("<", X, Y, c(1), c(2), label=L), Cond(">=", X, Y, c(2), c(1), label=L)),
    (Cond("<=", X, Y, c(1), c(2), lazy=True), Cond(">", X, Y, c(2), c(1), lazy=True)),
    (Cond(">", X, Y, c(1), c(2)), Cond(">", X, Y, c(1), c(2))),
    (Cond(">=", Cond(">", X, c(5), c(1), c(0)), c(1), Y, c(9), label=L), Cond(">", X, c(5), Y, c(9), label=L)),
    (Cond(">=", Cond(">", X, c(5), c(0), c(1)), c(1), Y, c(9)), Cond(">", X, c(5), c(9), Y)),
    (Cond("<", Cond(">", X, c(5), c(1), c(0)), c(1), Y, c(9)), Cond(">", X, c(5), c(9), Y)),
    (Cond("=", Cond("<", X, c(5), c(1), c(0)), c(1), Y, c(9)), Cond(">=", X, c(5), c(9), Y)),
    (Cond(">=", Cond(">", X, c(5), c(2), c(1)), c(1), Y, c(9)), Cond(">=", Cond(">", X, c(5), c(2), c(1)), c(1), Y, c(9))),
    (Cond(">=", Cond(">", X, c(5), c(0), c(0)), c(1), Y, c(9)), Cond(">=", Cond(">", X, c(5), c(0), c(0)), c(1), Y, c(9))),
]


@pytest.mark.parametrize(("expr", "wanted"), FOLDED, ids=str)
def test_folded(expr: Expr, wanted: Expr) -> None:
    assert fold(expr) == wanted


def test_what_is_known_is_put_in() -> None:
    assert fold(Add((X, Y)), {"x": 2}) == Add((Y, c(2)))
    assert fold(Add((X, Y)), {"x": 2, "y": Fraction(1, 2)}) == c("5/2")
    labelled = Input("x", PERCENT, None, L, HERE)
    assert fold(labelled, {"x": 3}) == Const(3, PERCENT, L, HERE)
    assert fold(labelled, {"y": 3}) == labelled
    assert fold(labelled) == labelled


ALIKE: list[tuple[Expr, Expr]] = [
    (Add((X, Y)), Add((Y, X))),
    (Mul((X, Y)), Mul((Y, X))),
    (Min((X, Y)), Min((Y, X, X))),
    (Max((Y, X)), Max((X, Y, Y))),
    (Add((X,), L, HERE), X),
    (Input("x", PERCENT, None, L, HERE), X),
    (Const(2, PERCENT, L), Const(Fraction(2))),
    (Cond(">", X, Y, c(1), c(1)), c(1)),
    (Cond(">", X, c(1), Y, c(2)), Cond("<=", X, c(1), c(2), Y)),
    (Add((c(1, L), c(2, M), X)), Add((X, c(3)))),
    (Div(X, Y, L), Div(X, Y)),
]


@pytest.mark.parametrize(("one", "other"), ALIKE, ids=str)
def test_plainly_the_same(one: Expr, other: Expr) -> None:
    assert plain(one) == plain(other)


UNLIKE: list[tuple[Expr, Expr]] = [
    (X, Y),
    (X, Input("x", None, Domain(0, 1))),
    (Div(X, Y), Div(Y, X)),
    (Min((X, Y)), Max((X, Y))),
    (Cond(">", X, c(1), Y, c(2)), Cond(">=", X, c(1), Y, c(2))),
    (Add((X, c(1))), Add((X, c(2)))),
    (Floor(X), X),
    (Round(X, 1), Round(X, 2)),
]


@pytest.mark.parametrize(("one", "other"), UNLIKE, ids=str)
def test_not_plainly_the_same(one: Expr, other: Expr) -> None:
    assert plain(one) != plain(other)


def grown(chance: random.Random, depth: int) -> Expr:
    if depth == 0 or chance.random() < 0.15:
        return chance.choice([X, Y, c(chance.randint(-3, 4)), c(Fraction(1, 3)), c(1, L)])
    a, b = grown(chance, depth - 1), grown(chance, depth - 1)
    label = L if chance.random() < 0.2 else None
    match chance.randint(0, 7):
        case 0 | 1:
            return Add((a, b, grown(chance, depth - 1)), label)
        case 2:
            return Mul((a, b), label)
        case 3:
            return Div(a, b, label)
        case 4:
            return Min((a, b), label)
        case 5:
            return Max((a, b), label)
        case 6:
            return Floor(a, label)
    return Cond(chance.choice([">=", ">", "<=", "<", "="]), a, b, grown(chance, depth - 1), c(chance.randint(0, 2)), label=label)


def value(expr: Expr, env: dict[str, Fraction]) -> Fraction | None:
    try:
        return Fraction(compile_expr(expr)(env))
    except NoScore:
        return None


@pytest.mark.parametrize("seed", range(150))
def test_no_value_changes(seed: int) -> None:
    chance = random.Random(seed)
    expr = grown(chance, 4)
    for _ in range(20):
        env = {"x": Fraction(chance.randint(-4, 4)), "y": Fraction(chance.randint(-9, 9), 2)}
        wanted = value(expr, env)
        if wanted is not None:  # where a test has no answer, an arm that both share may have one
            assert value(fold(expr), env) == value(plain(expr), env) == value(fold(expr, env), {}) == wanted
        assert value(fold(expr), env) == wanted
