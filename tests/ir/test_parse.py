"""`500元/人` is one number; with anything but a counting word behind the stroke it is a quotient."""

from __future__ import annotations

import pytest

from perfeval.ir.nodes import Const, Div, Input
from perfeval.ir.parse import parse_expression


def test_money_for_each() -> None:
    read = parse_expression("500元/人")
    assert isinstance(read, Const) and read.unit is not None and (read.value, read.unit.symbol) == (500, "元/人")


@pytest.mark.parametrize("text", ["500元/甲", "500元 / 甲", "500元/ 甲"])
def test_money_over_a_quantity(text: str) -> None:
    read = parse_expression(text)
    assert isinstance(read, Div) and isinstance(read.below, Input) and read.below.key == "甲"
