"""Points that an evaluator gives although the band or tier that holds has points of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from perfeval.ir import build
from perfeval.ir.nodes import Cond, Div, Expr, Input, Label
from perfeval.ir.program import Ask
from perfeval.ir.walk import inputs, nodes, rebuilt
from perfeval.problems import Origin

_AWARDS = ("hit", "otherwise", "tier")


def is_award(label: Label | None, origin: Origin | None, ask: Ask) -> bool:
    """Is this a band or tier of a rule that asks for these points?"""
    if origin is None or label is None or label.role not in _AWARDS:
        return False
    return any(origin.file == rule.file and origin.path[: len(rule.path)] == rule.path for rule in ask.rules)


def passed_over(expr: Expr, asks: Mapping[str, Ask]) -> dict[str, frozenset[int]]:
    """By key of points, the arms (by id) that do not ask for them where they are taken, since their bands or tiers are of the rule that
    asks for them elsewhere, and fixed. What such an arm comes to is then what those points must be, if they are given at all."""
    points = [ask for ask in asks.values() if ask.form == "points"]
    found: dict[str, set[int]] = {}
    if points:
        for arm in _arms(expr):
            read, within = inputs(arm), list(nodes(arm))
            for ask in points:
                if ask.key not in read and any(is_award(node.label, node.origin, ask) for node in within):
                    found.setdefault(ask.key, set()).add(id(arm))
    return {key: frozenset(arms) for key, arms in found.items()}


def _arms(expr: Expr) -> Iterator[Expr]:
    """The arms of lazy conditions; not those that are lazy conditions themselves, whose own arms say more."""
    for node in nodes(expr):
        if isinstance(node, Cond) and node.lazy:
            yield from (arm for arm in (node.then, node.other) if not (isinstance(arm, Cond) and arm.lazy))


def agreeing(expr: Expr, asks: Mapping[str, Ask]) -> dict[str, Expr]:
    """By each such key, for rows in which it has a value: the expression without an answer where such an arm is taken and comes to
    something else."""
    return {key: _agreeing(expr, Input(key), arms) for key, arms in passed_over(expr, asks).items()}


def _agreeing(expr: Expr, points: Input, arms: Collection[int]) -> Expr:
    def put(node: Expr) -> Expr:
        if id(node) in arms:
            return build.when("=", node, points, node, Div(build.ONE, build.ZERO), lazy=True)
        return rebuilt(node, put)

    return put(expr)
