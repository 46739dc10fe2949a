"""sum 分项相加: the points of the parts added up.

得分 = 各部分得分之和, at most `cap` where the parts can come to more.
Ends: all parts empty 0, all full their sum or the cap. Parts without points share the weight equally, exactly.
Unit: points. Missing 部分: no score, not 0.
Clause: local practice (两部分合计得分；满分 10 分).
"""

from typing import Literal

from perfeval.ir import build
from perfeval.ir.nodes import Expr, Label
from perfeval.rules._fields import PointsField
from perfeval.rules._parts import Composite, Part, PartField
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling


class Sum(Composite):
    kind: Literal["sum"] = "sum"
    parts: tuple[PartField, ...]
    cap: PointsField | None = None

    def entries(self) -> tuple[Part, ...]:
        return self.parts

    def lower(self, scope: Scope) -> Expr:
        total, _ = self.added(scope, capped=self.cap is not None)
        if self.cap is None:
            return total
        cap = scope.points(self.cap)
        return build.labelled(build.least(cap, total), Label("cap", most=cap), scope.origin.under("cap"))

    def sentence(self, tell: Telling) -> str:
        told = self.told_parts(tell, self.worths(tell.worth, tell.leaf_worth))
        end = (
            tell.pick(f"，合计不超过 {tell.points(self.cap)}", f", at most {tell.points(self.cap)} in all")
            if self.cap
            else tell.pick("，合计得分", ", added up")
        )
        return told + end + tell.pick("。", ".")
