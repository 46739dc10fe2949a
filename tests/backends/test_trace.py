"""The trace alone: every step with its label, value, key and origin, in the order of the run, each node told once."""

from __future__ import annotations

from fractions import Fraction

from perfeval.backends.exact.interpreter import compile_expr
from perfeval.backends.exact.trace import Recorder
from perfeval.ir.build import when
from perfeval.ir.nodes import Add, Const, Expr, Input, Label, Min, Mul, Number, Round
from perfeval.ir.program import Step
from perfeval.problems import Origin
from perfeval.quantity import PERCENT

HERE, THERE = Origin("evidence.yaml", ("facts", "甲")), Origin("indicators.yaml", ("tree", 0))
A = Input("甲", PERCENT, origin=HERE)
B = Input("乙", label=Label("quantity", "乙的量"), origin=THERE)


def traced(expr: Expr, **given: Number) -> Recorder:
    recorder = Recorder(expr)
    compile_expr(expr, recorder.wrap())(given)
    return recorder


def test_an_input_is_told_with_its_unit_its_key_and_where_it_stands() -> None:
    assert traced(A, 甲=3).steps == (Step(Label("input", "甲", unit=PERCENT), 3, (), "甲", HERE),)


def test_an_input_with_a_label_stands_inside_it() -> None:
    reading = Step(Label("input", "乙"), 5, (), "乙", THERE)
    assert traced(B, 乙=5).steps == (Step(Label("quantity", "乙的量"), 5, (reading,), "", THERE),)


def test_a_labelled_node_holds_what_it_read() -> None:
    expr = Add((A, B), Label("formula", "甲 + 乙"), THERE)
    [step] = traced(expr, 甲=3, 乙=5).steps
    assert step == Step(Label("formula", "甲 + 乙"), 8, (traced(A, 甲=3).steps[0], traced(B, 乙=5).steps[0]), "", THERE)


def test_a_node_that_stands_twice_is_told_once() -> None:
    labelled = Mul((A, Const(2)), Label("measure", "二倍"))
    recorder = traced(Add((labelled, labelled, A, A, B, B)), 甲=3, 乙=5)
    assert [(step.label.role, step.value) for step in recorder.steps] == [("measure", 6), ("quantity", 5)]
    other = traced(Add((A, Input("丙"), labelled)), 甲=3, 丙=1)
    assert [step.label.role for step in other.steps] == ["input", "input", "measure"]
    assert other.steps[2].steps == ()


def test_an_arm_that_is_not_taken_leaves_no_step_and_both_sides_of_its_condition_do() -> None:
    hit, miss = Const(1, label=Label("hit", "达到")), Const(0, label=Label("miss", "未达到"))
    steps = traced(when(">=", A, B, hit, miss), 甲=3, 乙=5).steps
    assert [step.label.role for step in steps] == ["input", "quantity", "miss"]


def test_what_came_before_the_rounding() -> None:
    value = Mul((A, Const(Fraction(1, 3))))
    for expr in (Round(value, 2), Min((Const(10), Round(value, 2))), value, Min((Const(10), value))):
        assert traced(expr, 甲=1).exact == Fraction(1, 3)
    assert traced(Min((Round(value, 2), Const(10))), 甲=1).exact == Fraction(33, 100)
    assert traced(Min((Const(1), Const(10), Round(value, 2))), 甲=1).exact == Fraction(1, 3)
    assert Recorder(value).exact is None
