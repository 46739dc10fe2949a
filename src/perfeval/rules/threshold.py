"""threshold 达标得分: full marks where the bound holds, else nothing.

得分 = 完成值符合界限时为分值，否则 0.
Ends: at_least and at_most include the bound, above and below do not, exactly is the bound alone.
Unit: the bound in the quantity's unit; result in points. Missing 完成值: no score, not 0.
Clause: 财预〔2021〕101号 赋分规则 1 直接赋分.
"""

from typing import Literal

from perfeval.ir import build
from perfeval.ir.nodes import Expr, Label
from perfeval.rules._contract import OneBound
from perfeval.rules._fields import FULL, NOTHING
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling, bound_text


class Threshold(OneBound):
    kind: Literal["threshold"] = "threshold"

    def lower(self, scope: Scope) -> Expr:
        compare, bound = self.bound()
        told = bound_text("x", self.pairs())
        hit, miss = scope.award(FULL, Label("hit", told)), scope.award(NOTHING, Label("miss", told, most=scope.worth))
        return build.when(compare, scope.quantity(self), scope.resolve(bound), hit, miss)

    def sentence(self, tell: Telling) -> str:
        told = tell.named(self.of).bounds(self.pairs())
        return tell.pick(f"{told}，得 {tell.full()}；否则不得分。", f"{told}: {tell.full()}, else none.")
