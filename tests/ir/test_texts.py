"""Formula texts to nodes and back: precedence, parentheses, commas, depth; names replaced everywhere; places and labels kept."""

from __future__ import annotations

from fractions import Fraction

import pytest

from perfeval.ir import build
from perfeval.ir.bounds import Interval, uncovered
from perfeval.ir.nodes import Add, Cond, Const, Div, Expr, Floor, Input, Label, Max, Min, Mul, Round
from perfeval.ir.parse import parse_condition, parse_expression
from perfeval.ir.show import show, show_condition
from perfeval.ir.units import Range, range_of
from perfeval.ir.walk import extent, inputs, rewrite, strict_keys
from perfeval.problems import Fault, Origin

AGAIN = (  # shown as they are written, and the same when read again
    "a + b + c",
    "a - b + c",
    "a - (b + c)",
    "a - (b - c)",
    "a × b / c",
    "a / (b × c)",
    "a / (b / c)",
    "a / b / c",
    "(a + b) × c",
    "(a - b) / (a + b)",
    "a × (b + c)",
    "min(a, b - c, 1)",
    "max(a + b, min(a, 2) × 3)",
    "min(a, b) / c - 1",
    "a - 5人",
    "90% × a",
    "「甲 乙」 / a",
)


@pytest.mark.parametrize("text", AGAIN)
def test_shown_as_written(text: str) -> None:
    plain = text.replace("「", "").replace("」", "")
    assert show(parse_expression(text)) == plain
    if "「" not in text:
        assert show(parse_expression(show(parse_expression(text)))) == text


@pytest.mark.parametrize("text", AGAIN)
def test_every_name_is_replaced(text: str) -> None:
    shown = show(parse_expression(text), lambda node: "N")
    assert not {"a", "b", "c", "甲"} & set(shown.replace("max", "").replace("min", ""))


CONDITIONS = {
    "a >= 1": "N ≥ 1",
    "a = b": "N = N",
    "ok": "N",
    "not ok": "非（N）",
    "ok and a > 1": "N 且 N > 1",
    "ok or a < 1": "N 或 N < 1",
    "not (ok or a <= 1)": "非（（N 或 N ≤ 1））",
    "(ok or a > 1) and b > 2": "（N 或 N > 1） 且 N > 2",
    "a + 1 > b and not ok": "N + 1 > N 且 非（N）",
    "(a) > 1": "N > 1",
    "(a + b) / 2 >= 1": "(N + N) / 2 ≥ 1",
    "(a) - b = 0": "N - N = 0",
    "(a) * b < 3": "N × N < 3",
    "(a) / b <= 3": "N / N ≤ 3",
    "(a + 1) >= 2": "N + 1 ≥ 2",
    "(a) <= 2 and (b) < 1": "N ≤ 2 且 N < 1",
}


@pytest.mark.parametrize("text", CONDITIONS)
def test_conditions_in_words(text: str) -> None:
    assert show_condition(parse_condition(text), lambda node: "N") == CONDITIONS[text]
    assert "N" not in show_condition(parse_condition(text))


def test_other_conditions_in_words() -> None:
    choice = Cond(">", Input("a"), Const(1), Input("b"), Input("c"))
    assert show_condition(choice, lambda node: "N") == "若 N > 1 则 N 否则 N"
    assert (show_condition(Const(1)), show_condition(Const(0))) == ("恒成立", "恒不成立")
    assert show(choice, lambda node: "N") == "[N > 1 ? N : N]"
    assert show(Floor(Add((Input("a"), Const(1))))) == "⌊a + 1⌋"
    assert show(Min((Add((Input("a"), Const(1))), Mul((Input("a"), Const(2)))))) == "min(a + 1, a × 2)"
    assert show(Max((Add((Input("a"), Const(1))), Const(2)))) == "max(a + 1, 2)"
    assert show(Mul((Round(Add((Input("a"), Const(1))), 2), Const(2)))) == "(a + 1) × 2"
    assert (
        show(Cond("<", Add((Input("a"), Const(1))), Add((Input("b"), Const(1))), Add((Input("c"), Const(1))), Const(0)))
        == "[a + 1 < b + 1 ? c + 1 : 0]"
    )
    with pytest.raises(TypeError, match="no node"):
        show("no node")  # type: ignore[arg-type]


def test_neighbours_are_not_depth() -> None:
    """Fifty levels may stand in one another; any number may stand side by side."""
    assert len(inputs(parse_expression(" + ".join(["(a)"] * 200)))) == 1
    assert isinstance(parse_expression(" + ".join(["-a"] * 200)), Add)
    parse_condition(" and ".join(["(a > 1)"] * 120))
    parse_condition(" and ".join(["not ok"] * 120))
    parse_condition(" and ".join(["(a) > 1"] * 120))
    parse_condition("not " * 49 + "ok")
    parse_expression("(" * 49 + "a" + ")" * 49)
    for text in ("not " * 60 + "ok", "(" * 60 + "a > 1" + ")" * 60):
        with pytest.raises(Fault):
            parse_condition(text)
    for deep in ("(" * 60 + "a" + ")" * 60, "-" * 60 + "a"):
        with pytest.raises(Fault):
            parse_expression(deep)


def test_commas_group_digits_outside_of_calls_only() -> None:
    assert parse_expression("1,000 + min(a, 2)") == Add((Const(1000), Min((Input("a"), Const(2)))))
    assert parse_expression("min(a, 2) + 1,000") == Add((Min((Input("a"), Const(2))), Const(1000)))
    assert parse_expression("min(max(a,1),23)") == Min((Max((Input("a"), Const(1))), Const(23)))
    assert parse_expression("min(1,2)+1,000") == Add((Min((Const(1), Const(2))), Const(1000)))
    for text in ("min(max(a, 1), 1,000)", "min(1,000, a)", "max(min(a, 1), 2) + min(1，000, a)"):
        with pytest.raises(Fault):
            parse_expression(text)


@pytest.mark.parametrize("word", ["and", "or", "not"])
def test_words_of_conditions_are_no_names(word: str) -> None:
    with pytest.raises(Fault) as told:
        parse_expression(word)
    assert told.value.values["why"] == f"「{word}」只能用在条件里 (only in conditions)"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a + 1", "条件里缺比较号 (a comparison is missing)"),
        ("1 < a < 2", "一次只比较两项；用 and 连接 (compare two at a time; join with and)"),
    ],
)
def test_what_is_no_condition(text: str, why: str) -> None:
    with pytest.raises(Fault) as told:
        parse_condition(text)
    assert told.value.values["why"] == why


def test_amounts_for_each() -> None:
    """500元/人 without blanks is one figure; with blanks, or below another unit, a quotient."""
    one = parse_expression("500元/人")
    assert isinstance(one, Const)
    for text in ("500元 / 人", "500元/ 人", "500人/户", "500元/(人)", "500元/2人"):
        assert not isinstance(parse_expression(text), Const), text
    assert isinstance(parse_expression("5元/点", frozenset(["点"])), Const)
    assert isinstance(parse_expression("5元/点"), Div)


def test_units_are_not_multiplied_away() -> None:
    assert parse_expression("2 * 3") == Const(6)
    assert isinstance(parse_expression("2人 * 3"), Mul)
    assert isinstance(parse_expression("2 * 3人"), Mul)
    assert parse_expression("-5人") == Const(-5, parse_expression("5人").unit)  # type: ignore[union-attr]
    assert parse_expression("-a") == Mul((Const(-1), Input("a")))
    assert type(parse_expression("2.0").value) is int  # type: ignore[union-attr]


HERE = Origin("f", ("a",))


def test_sugar_keeps_places_and_labels() -> None:
    assert build.divide(1, 2, HERE).origin == HERE
    named = build.labelled(build.labelled(Input("a"), Label("one"), HERE), Label("two"), HERE)
    assert isinstance(named, Add)
    assert (named.origin, named.label) == (HERE, Label("two"))
    none = build.undefined("no-band", "text", HERE, "detail")
    assert (none.label, none.origin) == (Label("no-band", "text", "detail"), HERE)
    assert build.undefined("no-band", "text").label == Label("no-band", "text", "")
    lazy = build.when_all([(">", Input("a"), Const(1)), ("<", Input("a"), Const(2))], Const(1), Const(0), lazy=True)
    assert isinstance(lazy, Cond) and lazy.lazy is True
    strict = build.when_all([(">", Input("a"), Const(1)), ("<", Input("a"), Const(2))], Const(1), Const(0))
    assert isinstance(strict, Cond) and strict.lazy is False
    assert build.unlabelled(named) == Add((Input("a", origin=HERE),), origin=HERE)
    assert build.multiply(Const(2, label=Label("x")), 3) == Mul((Const(2, label=Label("x")), Const(3)))
    assert build.add(Input("a")) == Input("a") == build.least(Input("a")) == build.most(Input("a"))
    assert build.add() == build.ZERO


def test_walks() -> None:
    a, b = Input("a"), Input("b")
    expr: Expr = Cond(">", Floor(a), Round(b, 1), Cond(">", a, b, Input("c"), Input("d"), lazy=True), Const(1))
    assert list(inputs(expr).values()) == [a, b, Input("c"), Input("d")]
    assert list(strict_keys(Add((a, Cond(">", Input("x"), Input("y"), b, b, lazy=True), Input("z"))))) == ["a", "x", "y", "z"]
    assert rewrite(Round(Floor(a), 2), lambda node: b if node == a else node) == Round(Floor(b), 2)
    assert extent(a) == (1, 1)
    assert extent(Add((a, Add((a, b))))) == (3, 5)
    assert extent(expr) == (3, 11)


def test_intervals() -> None:
    half, point, nothing = Interval(0, 1, True, False), Interval(1, 1), Interval(2, 1)
    assert half.meet(point).is_empty
    assert half.without(point) == [half]
    assert half.without(nothing) == [half]
    assert nothing.without(half) == []
    assert Interval(0, 2).without(point) == [Interval(0, 1, True, False), Interval(1, 2, False, True)]
    assert Interval(0, 1).meet(Interval(0, 1, False, False)) == Interval(0, 1, False, False)
    assert Interval(0, 1, False, False).meet(Interval(0, 1)) == Interval(0, 1, False, False)
    assert Interval(0, 5).meet(Interval(3, 9)) == Interval(3, 5)
    assert uncovered(Interval(None, None), [Interval(0, 1)]) == [Interval(None, 0, True, False), Interval(1, None, False, True)]
    assert uncovered(Interval(-5, 5), [Interval(0, 0), Interval(-1, -1)]) == [
        Interval(-5, -1, True, False),
        Interval(-1, 0, False, False),
        Interval(0, 5, False, True),
    ]


def test_ranges_of_products_and_quotients() -> None:
    x = Input("x")
    above = {"x": Range(2, None), "y": Range(None, -1), "z": Range(0, None)}
    assert range_of(Mul((x, Input("y"))), above) == Range(None, -2)
    assert range_of(Mul((Input("z"), Const(0))), above) == Range(0, 0)
    assert range_of(Mul((Input("z"), Input("z"))), above) == Range(0, None)
    assert range_of(Div(Const(1), x), above) == Range(0, Fraction(1, 2))
    assert range_of(Div(Const(3), Input("y")), above) == Range(-3, 0)
    assert range_of(Div(Const(3), Input("w")), {"w": Range(0, 6)}) == Range(Fraction(1, 2), None)
