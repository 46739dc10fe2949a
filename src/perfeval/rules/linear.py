"""linear 线性插值: the score rises in a straight line from `zero_at` to `full_at`, or through the points given.

得分 = 分值 × (完成值 − 零分点) ÷ (满分点 − 零分点), never below 0 or above 分值; `through`: straight between [完成值, 得分] pairs.
Ends: exactly at zero_at 0, exactly at full_at full, flat outside; at pass_mark the line holds, below it 0.
Smaller is better when full_at < zero_at (then a value above pass_mark gets 0).
Unit: ends and pass_mark in the quantity's unit; result in points. Missing 完成值: no score, not 0.
Clause: 财预〔2021〕101号 赋分规则 2 (zero at 60%, full at 100%).
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from perfeval.ir import build
from perfeval.ir.nodes import Compare, Expr, Label
from perfeval.ir.show import SIGNS, show
from perfeval.problems import Problem, ProblemKind
from perfeval.rules._contract import Measured
from perfeval.rules._fields import FULL, NOTHING, Expression, Points, PointsField, constant
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling

NO_SLOPE = ProblemKind(
    "linear-no-slope",
    says="零分点与满分点同为 {at}，无法插值。",
    remedy="改其中一个，或改用 bands、threshold。",
    en="Zero and full marks are both at {at}: there is no line between.",
    en_remedy="Change one of them, or use bands or threshold.",
)
ENDS = ProblemKind(
    "linear-ends",
    says="linear 要写 zero_at 与 full_at 两个，或只写 through。",
    remedy="补上缺的那一个，或二者取一种写法。",
    en="linear needs both zero_at and full_at, or through alone.",
    en_remedy="Add what is missing, or keep one of the two ways.",
)
ORDER = ProblemKind(
    "linear-order",
    says="through 里的完成值要一个比一个大（或一个比一个小），且都是常数；{before} 之后是 {after}。",
    remedy="按完成值从小到大排好，去掉重复的。",
    en="The values in through must rise (or fall) from pair to pair and be constants; {after} follows {before}.",
    en_remedy="Sort the pairs by value and remove doubles.",
)
PAIR = ProblemKind(
    "linear-pair",
    says="through 里每一项是两个数：[完成值, 得分]，至少两项。",
    remedy="写成 through: [[70%, 0], [100%, 2]]。",
    en="Each entry of through is a pair [value, points], and there are two or more.",
    en_remedy="Write through: [[70%, 0], [100%, 2]].",
)


def _pairs(raw: Any) -> Any:
    if not isinstance(raw, tuple) or any(not isinstance(pair, tuple) or len(pair) != 2 for pair in raw):
        raise PAIR.fault()
    return raw


class Linear(Measured):
    kind: Literal["linear"] = "linear"
    zero_at: Expression | None = None  # 零分点
    full_at: Expression | None = None  # 满分点
    through: Annotated[tuple[tuple[Expression, PointsField], ...] | None, BeforeValidator(_pairs)] = None
    pass_mark: Expression | None = None  # 及格点: on the worse side of it 0

    def corners(self) -> list[tuple[Expr, Points]]:
        if self.through is not None:
            return list(self.through)
        return [(self.zero_at, NOTHING), (self.full_at, FULL)] if self.zero_at is not None and self.full_at is not None else []

    def ends(self) -> list[Expr]:
        return [x for x, _ in self.corners()] + ([self.pass_mark] if self.pass_mark is not None else [])

    def check(self) -> Iterator[Problem]:
        yield from super().check()
        if (self.through is None) == (self.zero_at is None or self.full_at is None) or (
            self.through is not None and (self.zero_at or self.full_at)
        ):
            yield ENDS.at()
        elif self.through is not None:
            yield from self._check_through()
        elif constant(self.zero_at) is not None and constant(self.zero_at) == constant(self.full_at):
            yield NO_SLOPE.at("zero_at", at=show(self.corners()[0][0]))

    def _check_through(self) -> Iterator[Problem]:
        if len(self.corners()) < 2:
            yield PAIR.at("through")
        for position, ((a, _), (b, _)) in enumerate(pairwise(self.corners())):
            x, y = constant(a), constant(b)
            if x is None or y is None or (y <= x if self._rises() else y >= x):
                yield ORDER.at("through", position + 1, before=show(a), after=show(b))

    def _rises(self) -> bool:
        """Do the values of `through` go up, from the first to the last?"""
        first, last = (constant(self.corners()[at][0]) for at in (0, -1))
        return first is not None and last is not None and last > first

    def lower(self, scope: Scope) -> Expr:
        x = scope.quantity(self)
        corners = [(scope.resolve(value), scope.points(points), value) for value, points in self.corners()]
        if self.through is None:
            (low, _, zero), (high, full, top) = corners
            share = build.clamp(build.divide(build.subtract(x, low), build.subtract(high, low), scope.origin), 0, 1)
            expr = build.labelled(
                build.multiply(full, share), Label("line", f"{show(zero)}→0，{show(top)}→{full}", most=full), scope.origin
            )
        else:
            if not self._rises():
                corners.reverse()
            expr = self._chain(scope, x, corners)
        if self.pass_mark is None:
            return expr
        mark, (first, last) = scope.resolve(self.pass_mark, "pass_mark"), (corners[0], corners[-1])
        rising, falling = (self._passing(scope, compare, x, mark, expr) for compare in (">=", "<="))
        if self.through is not None:
            return falling if first[1] > last[1] else rising
        ends = constant(self.zero_at), constant(self.full_at)
        if ends[0] is not None and ends[1] is not None:
            return falling if ends[1] < ends[0] else rising
        return build.when("<", last[0], first[0], falling, rising)  # which side is the worse one depends on evidence

    def _passing(self, scope: Scope, compare: Compare, x: Expr, mark: Expr, expr: Expr) -> Expr:
        assert self.pass_mark is not None
        miss = scope.award(NOTHING, Label("miss", f"x {SIGNS[compare]} {show(self.pass_mark)}", most=scope.worth))
        return build.when("<" if compare == ">=" else ">", x, mark, miss, expr)

    @staticmethod
    def _chain(scope: Scope, x: Expr, corners: list[tuple[Any, Any, Any]]) -> Expr:
        """Rising corners to nested conditions: flat outside, straight between two."""
        expr: Expr = build.labelled(build.number(corners[-1][1]), Label("line", f"x ≥ {show(corners[-1][2])}", most=scope.worth))
        for (a, low, a_text), (b, high, b_text) in reversed(list(pairwise(corners))):
            share = build.clamp(build.divide(build.subtract(x, a), build.subtract(b, a)), 0, 1)  # changes no value; shows its range
            slope = build.multiply(high - low, share)
            between = build.labelled(
                build.add(low, slope), Label("line", f"{show(a_text)} ≤ x < {show(b_text)}", most=scope.worth), scope.origin
            )
            expr = build.when("<", x, b, between, expr)
        start = build.labelled(build.number(corners[0][1]), Label("line", f"x < {show(corners[0][2])}", most=scope.worth))
        return build.when("<", x, corners[0][0], start, expr)

    def sentence(self, tell: Telling) -> str:
        named = tell.named(self.of)
        told = [
            tell.pick(f"{named.subject} {show(x)} 得 {tell.points(p)}", f"{named.subject} at {show(x)}: {tell.points(p)}")
            for x, p in self.corners()
        ]
        end = tell.pick("其间按比例计算，之外与端点同分", "in proportion between, flat outside")
        if self.pass_mark is not None:
            end += tell.pick(f"；未达 {show(self.pass_mark)} 不得分", f"; short of {show(self.pass_mark)}: none")
        return tell.pick("，", ", ").join([*told, end]) + tell.pick("。", ".")
