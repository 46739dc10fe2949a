"""Units of expressions: what each node makes of its parts, which two do not fit and how that is told, dates and bare figures."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from perfeval.ir.build import NOTHING, when
from perfeval.ir.nodes import Add, Cond, Const, Div, Expr, Floor, Input, Max, Min, Mul, Round
from perfeval.ir.parse import DATE_UNIT
from perfeval.ir.show import show
from perfeval.ir.units import BareFigure, Written, dimension
from perfeval.problems import Fault
from perfeval.quantity import ANY_COUNT, DATE, DAYS, NO_DIMENSION, Dimension, read_unit

MONEY: Dimension = (("元", 1),)
PEOPLE: Dimension = (("人", 1),)
UNITS: Mapping[str, Dimension | None] = {
    "钱": MONEY,
    "人数": PEOPLE,
    "户数": (("户", 1),),
    "行数": ANY_COUNT,
    "率": NO_DIMENSION,
    "始": DATE,
    "终": DATE,
    "工期": DAYS,
    "未知": None,
}
MONEY_IN, PEOPLE_IN, HOMES, ROWS, RATE, START, END, TIME, UNKNOWN = (Input(name) for name in UNITS)
FIVE = Const(5, read_unit("人"))


def found(expr: Expr, written: Written = lambda _: None) -> Dimension | None:
    return dimension(expr, lambda node: UNITS[node.key], show, written)


def minus(a: Expr, b: Expr) -> Expr:
    return Add((a, Mul((Const(-1), b))))


@pytest.mark.parametrize(
    ("expr", "wanted"),
    [
        (Const(3), NO_DIMENSION),
        (FIVE, PEOPLE),
        (NOTHING, None),
        (MONEY_IN, MONEY),
        (UNKNOWN, None),
        (Add((PEOPLE_IN, FIVE)), PEOPLE),
        (Add((ROWS, PEOPLE_IN)), PEOPLE),
        (Add((PEOPLE_IN, ROWS)), PEOPLE),
        (Add((ROWS, ROWS)), ANY_COUNT),
        (Add((ROWS, PEOPLE_IN, ROWS)), PEOPLE),
        (Add((UNKNOWN, MONEY_IN)), MONEY),
        (Add((MONEY_IN, UNKNOWN)), MONEY),
        (Add((UNKNOWN, UNKNOWN)), None),
        (Add((NOTHING, MONEY_IN)), MONEY),
        (Min((NOTHING, MONEY_IN)), MONEY),
        (Max((MONEY_IN, MONEY_IN)), MONEY),
        (Floor(MONEY_IN), MONEY),
        (Round(MONEY_IN, 2), MONEY),
        (Mul((MONEY_IN, RATE)), MONEY),
        (Mul((RATE, MONEY_IN)), MONEY),
        (Mul((MONEY_IN, MONEY_IN)), (("元", 2),)),
        (Mul((MONEY_IN, MONEY_IN, TIME)), (("元", 2), ("天", 1))),
        (Mul((MONEY_IN, UNKNOWN)), None),
        (Mul((UNKNOWN, MONEY_IN, RATE)), None),
        (Mul((Const(-1), START)), DATE),
        (Div(MONEY_IN, MONEY_IN), NO_DIMENSION),
        (Div(MONEY_IN, PEOPLE_IN), MONEY),
        (Div(RATE, MONEY_IN), (("元", -1),)),
        (Div(UNKNOWN, MONEY_IN), None),
        (Div(MONEY_IN, UNKNOWN), None),
        (Cond(">", MONEY_IN, MONEY_IN, PEOPLE_IN, ROWS), PEOPLE),
        (Cond(">", UNKNOWN, MONEY_IN, ROWS, PEOPLE_IN), PEOPLE),
        (minus(END, START), DAYS),
        (Add((START, TIME)), DATE),
        (minus(START, TIME), DATE),
        (Add((START, TIME, TIME)), DATE),
        (Add((UNKNOWN, START)), None),
        (Add((START, UNKNOWN)), None),
        (minus(Add((minus(END, START), TIME)), TIME), DAYS),
        (Min((START, END)), DATE),
    ],
)
def test_dimension(expr: Expr, wanted: Dimension | None) -> None:
    assert found(expr) == wanted


@pytest.mark.parametrize(
    ("expr", "left", "left_unit", "right", "right_unit", "compared"),
    [
        (Add((MONEY_IN, PEOPLE_IN)), "钱", "元", "人数", "人", False),
        (Add((PEOPLE_IN, HOMES)), "人数", "人", "户数", "户", False),
        (Add((ROWS, PEOPLE_IN, HOMES)), "行数", "人", "户数", "户", False),
        (Add((UNKNOWN, MONEY_IN, RATE)), "未知", "元", "率", "无单位 (no unit)", False),
        (Min((MONEY_IN, RATE)), "钱", "元", "率", "无单位 (no unit)", True),
        (Max((MONEY_IN, MONEY_IN, ROWS)), "钱", "元", "行数", "计数 (a count)", True),
        (when(">", MONEY_IN, RATE, 1, 0), "钱", "元", "率", "无单位 (no unit)", True),
        (Cond(">", RATE, RATE, MONEY_IN, RATE), "钱", "元", "率", "无单位 (no unit)", False),
        (Mul((START, RATE)), "始", "日期 (a date)", "率", "无单位 (no unit)", False),
        (Mul((RATE, START)), "率", "无单位 (no unit)", "始", "日期 (a date)", False),
        (Mul((START, UNKNOWN)), "始", "日期 (a date)", "未知", "无单位 (no unit)", False),
        (Mul((UNKNOWN, START)), "未知", "无单位 (no unit)", "始", "日期 (a date)", False),
        (Mul((Const(-1, read_unit("人")), START)), "-1人", "人", "始", "日期 (a date)", False),
        (Div(START, RATE), "始", "日期 (a date)", "率", "无单位 (no unit)", False),
        (Div(RATE, START), "率", "无单位 (no unit)", "始", "日期 (a date)", False),
        (Div(UNKNOWN, START), "未知", "无单位 (no unit)", "始", "日期 (a date)", False),
        (Div(START, UNKNOWN), "始", "日期 (a date)", "未知", "无单位 (no unit)", False),
        (Div(MONEY_IN, START), "钱", "元", "始", "日期 (a date)", False),
        (Add((START, MONEY_IN)), "始", "日期 (a date)", "钱", "元", False),
        (Add((TIME, START, RATE)), "工期", "日期 (a date)", "率", "无单位 (no unit)", False),
        (Add((START, END)), "始", "日期 (a date)", "终", "日期 (a date)", False),
        (Add((START, TIME, END)), "始", "日期 (a date)", "终", "日期 (a date)", False),
        (minus(TIME, START), "工期", "日期 (a date)", "-1 × 始", "日期 (a date)", False),
        (Min((START, TIME)), "始", "日期 (a date)", "工期", "天", True),
        (Floor(Add((MONEY_IN, RATE))), "钱", "元", "率", "无单位 (no unit)", False),
        (Round(Add((MONEY_IN, RATE)), 2), "钱", "元", "率", "无单位 (no unit)", False),
    ],
)
def test_what_does_not_fit(expr: Expr, left: str, left_unit: str, right: str, right_unit: str, compared: bool) -> None:
    with pytest.raises(Fault) as caught:
        found(expr)
    verbs = {"verb": "比较", "verb_en": "compared"} if compared else {"verb": "相加减", "verb_en": "added"}
    assert caught.value.kind.name == "mixed-units"
    assert caught.value.values == {"left": left, "right": right, "left_unit": left_unit, "right_unit": right_unit, **verbs}


PERCENT = Const(1, read_unit("%"))
BARE, SIGNED, NEITHER = Input("裸"), Input("带号"), Input("其他")
FORMS = {"裸": "bare", "带号": "rate", "其他": None}


def plain(expr: Expr) -> Dimension | None:
    return dimension(expr, lambda _: NO_DIMENSION, show, lambda node: FORMS[node.key])  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    "expr",
    [
        when(">", BARE, PERCENT, 1, 0),
        when(">", PERCENT, BARE, 1, 0),
        when(">", BARE, SIGNED, 1, 0),
        when(">", SIGNED, BARE, 1, 0),
        minus(SIGNED, BARE),
        minus(BARE, SIGNED),
        Add((SIGNED, Mul((Const(2), Mul((Const(-1), BARE)))))),
        Min((PERCENT, BARE)),
    ],
)
def test_a_bare_figure_beside_one_in_per_cent(expr: Expr) -> None:
    with pytest.raises(BareFigure, match=r"^裸$") as caught:
        plain(expr)
    assert caught.value.node is BARE


@pytest.mark.parametrize(
    "expr",
    [
        when(">", BARE, BARE, 1, 0),
        when(">", BARE, NEITHER, 1, 0),
        when(">", SIGNED, PERCENT, 1, 0),
        when(">", NEITHER, PERCENT, 1, 0),
        when(">", BARE, Const(1), 1, 0),
        when(">", SIGNED, Const(1), 1, 0),
        Add((SIGNED, Mul((BARE, BARE)))),
        Add((SIGNED, Mul((Const(2), Const(3), BARE)))),
        Add((SIGNED, Mul((PERCENT, BARE)))),
        Add((BARE, Mul((Const(2), Max((SIGNED, SIGNED)))))),
        Mul((SIGNED, BARE)),
    ],
)
def test_a_bare_figure_that_is_safe(expr: Expr) -> None:
    assert plain(expr) == NO_DIMENSION


def test_bare_figures_in_a_unit_are_not_asked() -> None:
    """Beside money no figure can be per cent."""

    def fail(node: Input) -> None:
        raise AssertionError(node)

    assert found(Add((MONEY_IN, MONEY_IN)), fail) == MONEY
    assert found(minus(END, START), fail) == DAYS


def test_a_node_in_several_places_is_asked_once() -> None:
    asked: list[str] = []

    def unit(node: Input) -> Dimension:
        asked.append(node.key)
        return MONEY

    twice = Add((MONEY_IN, MONEY_IN))
    assert dimension(Add((twice, twice)), unit, show) == MONEY
    assert asked == ["钱"]


def test_what_is_no_expression() -> None:
    with pytest.raises(TypeError, match=r"^钱$"):
        found("钱")  # type: ignore[arg-type]


def test_a_constant_date() -> None:
    assert found(minus(START, Const(738000, DATE_UNIT))) == DAYS
