"""tiers 分级评定: the points of the tier that the evaluator finds, or what they give within its range.

得分 = 所评等次的分值；等次为区间的，由评价人在区间内评定.
Ends: a range {from, to} includes both, {from, below} leaves the upper one out; points outside it are an error.
Unit: points. Missing 等次 (or the points of a range): no score, not 0.
Clause: 财预〔2020〕10号 第十六条 (定性指标 [80,100]、[60,80)、[0,60) %).
"""

from collections.abc import Iterator
from typing import Literal

from perfeval.ir import build
from perfeval.ir.nodes import Expr, Label
from perfeval.problems import Problem
from perfeval.rules._contract import NO_PARTS, Rule
from perfeval.rules._fields import AwardField, PointsRange
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling


class Tiers(Rule):
    kind: Literal["tiers"] = "tiers"
    tiers: dict[str, AwardField]

    def check(self) -> Iterator[Problem]:
        if not self.tiers:
            yield NO_PARTS.at("tiers", key="tiers")

    def lower(self, scope: Scope) -> Expr:
        names = tuple(self.tiers)
        tier = scope.leaf.ask(scope.key("tier"), "tier", scope, choices=names)
        ordinals = scope.leaf.choices(scope.key("tier"))
        expr: Expr = build.undefined("no-tier", scope.name, scope.origin)
        lazy = any(isinstance(award, PointsRange) for award in self.tiers.values())
        for name, award in reversed(self.tiers.items()):
            then = scope.award(award, Label("tier", name, most=scope.worth), "tiers", name)
            expr = build.when("=", tier, ordinals.index(name) + 1, then, expr, lazy=lazy)
        return expr

    def sentence(self, tell: Telling) -> str:
        told = [tell.pick(f"{name}，{tell.points(award)}", f"{name}: {tell.points(award)}") for name, award in self.tiers.items()]
        return tell.pick("；", "; ").join(told) + tell.pick("。", ".")
