"""judged 评价人评定: what the evaluator gives.

得分 = 评价人给出的分数, within [0, 分值].
Ends: 0 and the weight are included; outside them is an error, never cut off.
Unit: points, or a share (80%, 1/3 of weight). Missing 评分: no score, not 0.
Clause: local practice (专家打分).
"""

from typing import Literal

from perfeval.ir import build
from perfeval.ir.nodes import Domain, Expr, Label
from perfeval.rules._contract import Rule
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling


class Judged(Rule):
    kind: Literal["judged"] = "judged"

    def lower(self, scope: Scope) -> Expr:
        given = scope.leaf.ask(scope.key("points"), "points", scope, domain=Domain(0, scope.worth))
        return build.labelled(given, Label("judged", most=scope.worth), scope.origin)

    def sentence(self, tell: Telling) -> str:
        return tell.pick(f"由评价人在 0～{tell.full()}内评定。", f"given by the evaluator, from 0 to {tell.full()}.")
