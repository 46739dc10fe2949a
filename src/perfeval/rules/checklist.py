"""checklist 要点评分: the points of what is met.

得分 = 符合的各项分值之和；all_or_nothing: 全部符合得满分，否则不得分.
Ends: nothing met 0, everything met the sum of the points. Items without points share the weight equally, exactly.
Unit: points. Missing 是否符合: no score, not 0.
Clause: 财预〔2020〕10号 附件2 评价要点 (points to look at; the points each is worth are local).
"""

from fractions import Fraction
from typing import ClassVar, Literal

from perfeval.ir import build
from perfeval.ir.nodes import Expr, Label
from perfeval.rules._fields import YesNo
from perfeval.rules._parts import Composite, Part, PartField
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling


class Checklist(Composite):
    WORD: ClassVar[Literal["checklist", "parts"]] = "checklist"
    kind: Literal["checklist"] = "checklist"
    items: tuple[PartField, ...]
    all_or_nothing: YesNo = False

    def entries(self) -> tuple[Part, ...]:
        return self.items

    def lower(self, scope: Scope) -> Expr:
        total, full = self.added(scope)
        if not self.all_or_nothing:
            return total
        nothing = build.number(Fraction(0), Label("not-all", most=scope.worth))
        return build.when(">=", total, full, total, nothing)

    def sentence(self, tell: Telling) -> str:
        end = (
            tell.pick("全部符合得满分，否则不得分", "All must be met for full marks, else none")
            if self.all_or_nothing
            else tell.pick("符合的得分，不符合的不得分", "Points for each that is met")
        )
        return f"{self.told_parts(tell, self.worths(tell.worth, tell.leaf_worth))}{tell.pick('。', '. ')}{end}{tell.pick('。', '.')}"
