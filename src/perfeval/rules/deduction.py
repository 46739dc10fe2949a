"""deduction 扣分: the weight minus `per` for each `each` on the wrong side of the bound, down to `floor`.

得分 = max(floor, from − per × 步数), 步数 = 偏离界限的量 ÷ each: whole 满一步才扣, started 不满一步按一步, exact 按比例.
Ends: at the bound no deduction. With above or below the bound itself is on the wrong side.
Unit: bound and each in the quantity's unit; per, from and floor in points. Missing 完成值: no score, not 0.
Clause: local practice (每少一人扣 1 分，扣完为止). The mode must be stated unless a whole count is compared in whole steps.
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from perfeval.ir import build
from perfeval.ir.nodes import Const, Expr, Label
from perfeval.ir.show import SIGNS, show
from perfeval.ir.units import MIXED_UNITS
from perfeval.problems import Problem, ProblemKind
from perfeval.quantity import DATE, DAYS, NO_DIMENSION, is_whole_count, same_dimension, show_dimension
from perfeval.rules._contract import OneBound
from perfeval.rules._fields import FULL, NOTHING, Expression, PointsField, constant
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling

STEP_MODE = ProblemKind(
    "step-mode-open",
    says="没有写明不满一步怎么扣：每 {each} 扣 {per}，偏离不是整步时有两种算法。",
    remedy="写 steps: whole（满一步才扣）、started（不满一步按一步扣）或 exact（按比例扣）。",
    en="It is not said what a step begun costs: {per} for each {each} can be read in two ways between steps.",
    en_remedy="Write steps: whole (full steps only), started (a step begun counts whole) or exact (in proportion).",
)
BAD_STEP = ProblemKind(
    "bad-step",
    says="each 要大于 0，现为 {each}。",
    remedy="写一步的大小，例如 each: 10% 或 each: 1人。",
    en="each must be above 0; it is {each}.",
    en_remedy="Write the size of one step, as each: 10% or each: 1人.",
)
MODES = {
    "whole": ("满一步才扣", "full steps only"),
    "started": ("不满一步按一步扣", "a step begun counts whole"),
    "exact": ("按比例扣", "in proportion"),
}


class Deduction(OneBound):
    kind: Literal["deduction"] = "deduction"
    each: Expression  # one step, in the quantity's unit
    per: PointsField  # points off for each step
    from_: PointsField = Field(FULL, alias="from")
    floor: PointsField = NOTHING
    steps: Literal["whole", "started", "exact"] | None = None

    def ends(self) -> list[Expr]:
        return [*super().ends(), self.each]

    def check(self) -> Iterator[Problem]:
        yield from super().check()
        each = constant(self.each)
        if each is not None and each <= 0:
            yield BAD_STEP.at("each", each=show(self.each))
        elif len(self.pairs()) == 1 and (problem := self._mixed()) is not None:
            yield problem
        elif self.steps is None and len(self.pairs()) == 1 and not self._whole_by_nature():
            yield STEP_MODE.at(each=show(self.each), per=self.per)

    def _whole_by_nature(self) -> bool:
        """A count of whole things compared in steps of one: the three modes agree."""
        bound, each, unit = constant(self.bound()[1]), constant(self.each), self.scale()
        whole = unit is not None and is_whole_count(unit.dimension)
        agree = self.bound()[0] not in (">", "<")  # there the bound itself is a step begun
        return agree and whole and unit is not None and each is not None and bound is not None and each == 1 and bound.denominator == 1

    def _mixed(self) -> Problem | None:
        """Bound and step in different units: in a quotient counting words would drop out and 1人 of 10% be a step."""
        bound, each = self.bound()[1], self.each
        if not isinstance(bound, Const) or not isinstance(each, Const):
            return None
        a, b = (end.unit.dimension if end.unit else NO_DIMENSION for end in (bound, each))
        if same_dimension(a, b) or (a == DATE and b == DAYS):
            return None
        return MIXED_UNITS.at(
            "each",
            left=show(bound),
            right=show(each),
            left_unit=show_dimension(a),
            right_unit=show_dimension(b),
            verb="比较",
            verb_en="compared",
        )

    def lower(self, scope: Scope) -> Expr:
        x, (compare, bound_text) = scope.quantity(self), self.bound()
        bound, each = scope.resolve(bound_text), scope.resolve(self.each, "each")
        short = {
            ">=": build.subtract(bound, x),
            ">": build.subtract(bound, x),
            "=": build.most(build.subtract(bound, x), build.subtract(x, bound)),
        }
        over = short.get(compare, build.subtract(x, bound))
        if isinstance(each, Const):
            off = build.divide(over, each, scope.origin)
        else:  # adding the step first says that it has the quantity's unit; one of 0 or below is no step
            off = build.subtract(build.divide(build.add(over, each), build.most(each, build.NOTHING), scope.origin), 1)
        if self.steps is not None:
            return self._result(scope, off, self.steps, f"x {SIGNS[compare]} {show(bound_text)}")
        whole = self._result(scope, off, "whole", f"x {SIGNS[compare]} {show(bound_text)}")
        started = self._result(scope, off, "started", "")
        agree = build.unlabelled(whole), build.unlabelled(started)
        return build.when("=", *agree, whole, build.undefined("step-mode", show(self.each), scope.origin))

    def _result(self, scope: Scope, off: Expr, mode: str, told: str) -> Expr:
        compare = self.bound()[0]
        if mode == "whole":
            count = build.floor(off)
        elif mode == "exact":
            count = off
        elif compare in (">", "<"):  # the bound itself is wrong already: a step begun
            count = build.when("<", off, 0, 0, build.add(build.floor(off), 1))
        else:
            count = build.ceiling(off)
        steps = build.labelled(build.most(0, count), Label("steps", told, show(self.each)))
        cost, start, floor = scope.points(self.per), scope.points(self.from_), scope.points(self.floor)
        left = build.subtract(start, build.multiply(cost, steps))
        return build.labelled(build.most(floor, left), Label("deducted", told, MODES[mode][0], most=start), scope.origin)

    def sentence(self, tell: Telling) -> str:
        named = tell.named(self.of)
        mode = MODES[self.steps] if self.steps else ("", "")
        zh = f"{named.bounds(self.pairs())}，得 {tell.points(self.from_)}；每偏离 {show(self.each)} 扣 {tell.points(self.per)}"
        en = f"{named.bounds(self.pairs())}: {tell.points(self.from_)}; {tell.points(self.per)} off for each {show(self.each)} on the wrong side"
        zh, en = (f"{zh}（{mode[0]}）", f"{en} ({mode[1]})") if self.steps else (zh, en)
        lowest = self.floor.of(tell.worth, tell.leaf_worth)
        end = (
            ("，扣完为止。", ", down to 0.")
            if lowest == 0
            else (f"，最低 {tell.points(self.floor)}。", f", down to {tell.points(self.floor)}.")
        )
        return tell.pick(zh + end[0], en + end[1])
