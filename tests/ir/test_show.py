"""Every node as text people can read; conditions in words; what is no node is refused by each reader of the language."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from perfeval.backends.exact.interpreter import compile_expr
from perfeval.ir.build import NOTHING, ONE, ZERO, subtract, when
from perfeval.ir.nodes import Add, Const, Div, Expr, Floor, Input, Max, Min, Mul, Round
from perfeval.ir.parse import parse_condition
from perfeval.ir.show import show, show_condition
from perfeval.ir.units import dimension, range_of
from perfeval.quantity import read_unit

A, B, C = Input("甲"), Input("乙"), Input("丙")


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (Const(Fraction(1, 3)), "1/3"),
        (Const(Fraction(-1, 8)), "-0.125"),
        (Const(Fraction(9, 10), read_unit("%")), "90%"),
        (Const(171600, read_unit("万元")), "17.16万元"),
        (Const(Fraction(1, 10**18), read_unit("元")), "0.000000000000000001元"),
        (NOTHING, "0"),
        (Add((A, B, C)), "甲 + 乙 + 丙"),
        (subtract(A, B), "甲 - 乙"),
        (subtract(A, Add((B, C))), "甲 - (乙 + 丙)"),
        (subtract(A, Mul((B, C))), "甲 - 乙 × 丙"),
        (Add((A, Mul((Const(-1), B, C)))), "甲 + -1 × 乙 × 丙"),
        (Add((A, Mul((Const(-1, read_unit("人")), B)))), "甲 + -1人 × 乙"),
        (Mul((A, Add((B, C)))), "甲 × (乙 + 丙)"),
        (Div(Mul((A, B)), C), "甲 × 乙 / 丙"),
        (Div(A, Mul((B, C))), "甲 / (乙 × 丙)"),
        (Div(A, Div(B, C)), "甲 / (乙 / 丙)"),
        (Div(Add((A, B)), C), "(甲 + 乙) / 丙"),
        (Mul((Div(A, B), C)), "甲 / 乙 × 丙"),
        (Min((A, Add((B, C)))), "min(甲, 乙 + 丙)"),
        (Max((A, B, C)), "max(甲, 乙, 丙)"),
        (Floor(Div(A, B)), "⌊甲 / 乙⌋"),
        (Mul((A, Floor(Add((B, C))))), "甲 × ⌊乙 + 丙⌋"),
        (Round(A, 2), "甲"),
        (Mul((A, Round(Add((B, C)), 2))), "甲 × (乙 + 丙)"),
        (when("<=", A, 5, B, Add((C, ONE))), "[甲 ≤ 5 ? 乙 : 丙 + 1]"),
    ],
)
def test_show(expr: Expr, text: str) -> None:
    assert show(expr) == text


def test_show_with_numbers_in_place_of_names() -> None:
    numbers = {"甲": "5人", "乙": "10人"}
    assert show(Div(A, B), lambda node: numbers[node.key]) == "5人 / 10人"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("甲 >= 90%", "甲 ≥ 90%"),
        ("甲 > 1", "甲 > 1"),
        ("甲 <= 1", "甲 ≤ 1"),
        ("甲 = 1", "甲 = 1"),
        ("甲", "甲"),
        ("not 甲", "非（甲）"),
        ("not 甲 < 1", "非（甲 < 1）"),
        ("甲 and 乙 > 2", "甲 且 乙 > 2"),
        ("甲 or 乙 > 2", "甲 或 乙 > 2"),
        ("甲 and 乙 and 丙", "（甲 且 乙） 且 丙"),
        ("甲 or 乙 or 丙", "（甲 或 乙） 或 丙"),
        ("(甲 or 乙) and 丙", "（甲 或 乙） 且 丙"),
        ("甲 or 乙 and 丙", "甲 或 乙 且 丙"),
        ("not (甲 and 乙)", "非（（甲 且 乙））"),
        ("甲 + 1 > 乙", "甲 + 1 > 乙"),
    ],
)
def test_show_condition(text: str, shown: str) -> None:
    assert show_condition(parse_condition(text)) == shown


@pytest.mark.parametrize(
    ("expr", "shown"),
    [
        (ONE, "恒成立"),
        (ZERO, "恒不成立"),
        (A, "甲"),
        (when(">", A, 1, B, C), "若 甲 > 1 则 乙 否则 丙"),
        (when(">", A, 1, ONE, ONE), "甲 > 1 或 恒成立"),
        (when(">", A, 1, ZERO, ZERO), "甲 > 1 且 恒不成立"),
        (when(">", A, B, ZERO, C), "若 甲 > 乙 则 恒不成立 否则 丙"),
        (when(">=", A, 2, ONE, ZERO), "甲 ≥ 2"),
    ],
)
def test_show_other_conditions(expr: Expr, shown: str) -> None:
    assert show_condition(expr) == shown


@pytest.mark.parametrize(
    "reader",
    [show, lambda node: range_of(node, {}), lambda node: dimension(node, lambda _: None, show), compile_expr],
    ids=["show", "range_of", "dimension", "compile_expr"],
)
def test_what_is_no_node_is_refused(reader: Callable[[Any], Any]) -> None:
    """A node that a reader does not know is never passed over in silence."""
    with pytest.raises(TypeError):
        reader("甲 + 乙")
