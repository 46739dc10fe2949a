"""best 取高: largest of the parts, each scored on the whole weight.

得分 = 各部分得分中最高的一个.
Ends: those of the parts. A part that does not apply is left out.
Unit: points. Missing 部分: no score, not 0.
Clause: local practice (达到任一项即得分).
"""

from typing import ClassVar, Literal

from perfeval.ir import build
from perfeval.ir.nodes import Expr, Label
from perfeval.rules._parts import Composite, Part, PartField
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling


class Best(Composite):
    USES: ClassVar[tuple[str, ...]] = ()
    kind: Literal["best"] = "best"
    parts: tuple[PartField, ...]

    def entries(self) -> tuple[Part, ...]:
        return self.parts

    def lower(self, scope: Scope) -> Expr:
        left = self.applying(scope, instead="nothing")
        return build.labelled(left.guarded(build.most(*left.values)), Label("best", most=scope.worth), scope.origin)

    def sentence(self, tell: Telling) -> str:
        told = self.told_parts(tell, [tell.worth] * len(self.parts))
        return told + tell.pick("，取最高的得分。", ", the largest counts.")
