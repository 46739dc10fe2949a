"""The exact interpreter alone: which inputs are asked for, what stands in the way, and errors that are not about evidence."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cases_support import build
from generators import grow
from perfeval.backends.exact.interpreter import MissingInputs, OutOfDomain, RollUp, ZeroDivisor, compile_expr
from perfeval.ir.build import when
from perfeval.ir.nodes import Add, Const, Div, Domain, Expr, Floor, Input, Max, Min, Mul, Number, Round
from perfeval.scoring import open_project, scored

A, B, C = Input("甲"), Input("乙"), Input("丙")


@pytest.mark.parametrize(
    ("expr", "given", "value"),
    [
        (Const(Fraction(1, 3)), {}, Fraction(1, 3)),
        (Add((A, B)), {"甲": 1, "乙": Fraction(1, 2)}, Fraction(3, 2)),
        (Add((A,)), {"甲": 7}, 7),
        (Add((A, B, C)), {"甲": 1, "乙": 2, "丙": 4}, 7),
        (Mul((A, B, C)), {"甲": 3, "乙": 5, "丙": -7}, -105),
        (Div(A, B), {"甲": 1, "乙": 3}, Fraction(1, 3)),
        (Div(A, B), {"甲": 6, "乙": 3}, 2),
        (Min((A, B)), {"甲": 1, "乙": 2}, 1),
        (Min((A, B, C)), {"甲": 3, "乙": 2, "丙": 1}, 1),
        (Max((A, B)), {"甲": 1, "乙": 2}, 2),
        (Max((A, B, C)), {"甲": 3, "乙": 2, "丙": 1}, 3),
        (Floor(A), {"甲": Fraction(-1, 2)}, -1),
        (Floor(A), {"甲": 3}, 3),
        (Round(A, 2), {"甲": Fraction(1, 8)}, Fraction(13, 100)),
        (Round(A, 2), {"甲": Fraction(-1, 8)}, Fraction(-13, 100)),
        (Round(A, 0), {"甲": Fraction(1, 2)}, 1),
        (Round(A, 2), {"甲": 5}, 5),
    ],
)
def test_values(expr: Expr, given: Mapping[str, Number], value: Number) -> None:
    assert compile_expr(expr)(given) == value


@pytest.mark.parametrize(
    ("compare", "below", "at", "above"), [(">=", 0, 1, 1), (">", 0, 0, 1), ("<=", 1, 1, 0), ("<", 1, 0, 0), ("=", 0, 1, 0)]
)
def test_comparisons(compare: str, below: int, at: int, above: int) -> None:
    run = compile_expr(when(compare, A, 5, 1, 0))  # type: ignore[arg-type]
    step = Fraction(1, 10**18)
    assert [run({"甲": value}) for value in (5 - step, 5, 5 + step)] == [below, at, above]


def missing_of(expr: Expr, given: Mapping[str, Number]) -> tuple[str, ...]:
    with pytest.raises(MissingInputs) as caught:
        compile_expr(expr)(given)
    return caught.value.keys


def test_every_missing_input_is_named_in_order() -> None:
    assert missing_of(Add((A, B, C)), {"乙": 1}) == ("甲", "丙")
    assert missing_of(Div(A, B), {}) == ("甲", "乙")


def test_an_arm_that_is_not_taken_asks_too_unless_it_is_lazy() -> None:
    assert missing_of(when(">", A, 0, B, C), {"甲": 1, "乙": 2}) == ("丙",)
    assert compile_expr(when(">", A, 0, B, C, lazy=True))({"甲": 1, "乙": 2}) == 2
    assert compile_expr(when(">", A, 0, B, C, lazy=True))({"甲": 0, "丙": 3}) == 3
    assert missing_of(when(">", A, 0, B, C, lazy=True), {"甲": 0, "乙": 2}) == ("丙",)
    assert missing_of(when(">", A, 0, B, C, lazy=True), {"乙": 2}) == ("甲",)


def test_a_zero_divisor_names_its_node() -> None:
    quotient = Div(A, Add((B, Const(-1))))
    with pytest.raises(ZeroDivisor) as caught:
        compile_expr(Add((Const(1), quotient)))({"甲": 1, "乙": 1})
    assert caught.value.node is quotient


def test_a_divisor_behind_the_other_arm_is_not_looked_at() -> None:
    assert compile_expr(when("=", B, 0, 7, Div(A, B)))({"甲": 1, "乙": 0}) == 7


@pytest.mark.parametrize(
    ("domain", "inside", "outside"),
    [
        (Domain(0, 5), (0, 5), (Fraction(-1, 10**18), 5 + Fraction(1, 10**18))),
        (Domain(0, 5, below=True), (0, 5 - Fraction(1, 10**18)), (5,)),
        (Domain(0, None, whole=True), (0, 10**15), (Fraction(1, 2), -1)),
        (Domain(None, 5), (-(10**15),), (6,)),
    ],
)
def test_domains(domain: Domain, inside: tuple[Number, ...], outside: tuple[Number, ...]) -> None:
    node = Input("甲", domain=domain)
    run = compile_expr(node)
    assert [run({"甲": value}) for value in inside] == list(inside)
    for value in outside:
        with pytest.raises(OutOfDomain) as caught:
            run({"甲": value})
        assert (caught.value.node, caught.value.value) == (node, value)


def test_a_failure_of_our_own_is_not_told_as_missing_evidence() -> None:
    """A KeyError that no input explains stays what it is."""

    def broken(_env: Mapping[str, Number]) -> Number:
        raise KeyError("不是证据")

    with pytest.raises(KeyError, match="不是证据"):
        compile_expr(A, lambda _node, _run: broken)({"甲": 1})


def test_what_is_in_the_way_says_so_itself() -> None:
    """For whoever uses the interpreter by itself; people are told by `scoring.faults`."""
    assert str(MissingInputs(("甲", "乙"))) == "甲, 乙"
    assert str(ZeroDivisor(Div(A, B))) == "division by zero"
    assert str(OutOfDomain(A, 3)) == "甲"
    with pytest.raises(TypeError, match="no node"):
        compile_expr("no node")  # type: ignore[arg-type]


@pytest.mark.parametrize("policy", ["", "rebase_total", "rebase_parent", "full"])
def test_what_leaves_roll_up_to(policy: str) -> None:
    """The same total as the whole program gives; a leaf that is not given has neither points nor weight."""
    met = 0
    for seed in range(30):
        grown = grow(seed, **({"policy": {"not_applicable": policy}} if policy else {}))
        if policy and len(grown.leaves) > 1:
            grown.evidence["indicators"][grown.leaves[0]] = {"not_applicable": "本项目没有这一项"}
        with TemporaryDirectory() as name:
            build({"indicators": grown.indicators, "evidence": grown.evidence}, Path(name))
            run = scored(open_project(Path(name)))[1]
        outcome, leaves = run.outcome, [node.id for node in run.program.leaves]
        given = {name: (outcome.scores[name], outcome.weights.get(name, run.program.nodes[name].weight)) for name in leaves}
        rolled = RollUp(run.program)
        assert rolled.total(given, outcome.extras) == outcome.total
        gone = {name: one for name, one in given.items() if one != (0, 0)}
        assert rolled.total(gone, outcome.extras) == outcome.total
        met += len(gone) < len(given)
    assert met >= (5 if policy.startswith("rebase") else 0)
