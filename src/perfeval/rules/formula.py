"""formula 公式: an exact expression, for what no kind says.

得分 = 公式的值, never below 0; above the weight only where `cap` (at most the weight) says what then.
Ends: the formula's own. A division by zero is an error that names it.
Unit: the formula must come to plain points: units have to cancel out. Missing 公式中的量: no score, not 0.
Clause: local practice (工作人员政策知晓度 × 5).
"""

from typing import Literal

from perfeval.ir import build
from perfeval.ir.nodes import Expr, Label
from perfeval.ir.show import show
from perfeval.rules._contract import Rule
from perfeval.rules._fields import Expression, PointsField
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling


class Formula(Rule):
    kind: Literal["formula"] = "formula"
    points: Expression
    cap: PointsField | None = None

    def lower(self, scope: Scope) -> Expr:
        value = build.labelled(
            scope.resolve(self.points, "points"), Label("formula", show(self.points), most=scope.worth), scope.origin.under("points")
        )
        if self.cap is not None:
            cap = scope.points(self.cap)
            value = build.labelled(build.least(cap, value), Label("cap", most=cap), scope.origin.under("cap"))
        return build.labelled(build.most(0, value), Label("floor"), scope.origin)

    def sentence(self, tell: Telling) -> str:
        cap = tell.pick(f"，最高 {tell.points(self.cap)}", f", at most {tell.points(self.cap)}") if self.cap else ""
        return tell.pick(f"得分 = {show(self.points)}{cap}。", f"score = {show(self.points)}{cap}.")
