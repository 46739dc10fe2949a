"""proportional 按比例得分: the actual value against a target.

forward 得分 = 分值 × 完成值 ÷ 目标值; reverse 分值 × (1 − (完成值 − 目标值) ÷ 目标值); reverse_ratio 分值 × 目标值 ÷ 完成值;
baseline 分值 × (基期值 − 完成值) ÷ (基期值 − 目标值). Never below 0 or above 分值.
Ends: at the target full. pass_mark is a share of full completion: below it 0, at it in proportion. `over.beyond` is on
完成值 ÷ 目标值: beyond it a warning, 0, or another rule. Reverse with a target of 0: full at 0 or below, else 0.
Unit: target and baseline in the quantity's unit; result in points. Missing 完成值 or 目标值: no score, not 0.
Clause: 财预〔2020〕10号 第十六条 (定量指标); the reverse forms are local practice.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import ValidationInfo, WithJsonSchema

from perfeval.ir import build
from perfeval.ir.nodes import Const, Expr, Label
from perfeval.ir.show import show
from perfeval.problems import Problem, ProblemKind
from perfeval.quantity import show_rate
from perfeval.rules._contract import RULE_SCHEMA, Frozen, Measured, Rule, read_rule
from perfeval.rules._fields import NOTHING, Expression, Share, constant, read_from
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling

BAD_TARGET = ProblemKind(
    "bad-target",
    says="目标值 {target} 不能用于 {direction}：{why}。",
    remedy="改目标值，或改用 threshold、linear、direction: baseline。",
    en="A target of {target} cannot be used with {direction}: {why}.",
    en_remedy="Change the target, or use threshold, linear, or direction: baseline.",
)
NO_BASELINE = ProblemKind(
    "no-baseline",
    says="direction: baseline 与 baseline（基期值）要一起写，且基期值不同于目标值。",
    remedy="补上或改正 baseline，或改 direction。",
    en="direction: baseline and a baseline value belong together, and the baseline differs from the target.",
    en_remedy="Add or mend baseline, or change the direction.",
)
SMALLER_IS_BETTER = ProblemKind(
    "target-is-most",
    says="目标值是上限（≤ {target}），而规则按完成值越大越好计分。",
    remedy="写 direction: reverse 或 reverse_ratio，或改用 threshold、deduction。",
    en="The target is an upper limit (≤ {target}), while the rule scores larger values higher.",
    en_remedy="Write direction: reverse or reverse_ratio, or use threshold or deduction.",
)
BAD_OVER = ProblemKind(
    "bad-over",
    says="over.then 应是 warn、zero 或一个规则。",
    remedy="写成 over: {{beyond: 130%, then: warn}}。",
    en="over.then must be warn, zero, or a rule.",
    en_remedy="Write over: {{beyond: 130%, then: warn}}.",
)


def _then(raw: Any, info: ValidationInfo) -> Rule | str:
    if raw in ("warn", "zero"):
        return str(raw)
    if isinstance(raw, str) and raw not in ((info.context or {}).get("rules") or {}):
        raise BAD_OVER.fault()
    return read_rule(raw, info)


class Over(Frozen):
    """What follows far above the target."""

    beyond: Share
    then: Annotated[Any, read_from(_then), WithJsonSchema({"anyOf": [{"enum": ["warn", "zero"]}, RULE_SCHEMA]})]


class Proportional(Measured):
    kind: Literal["proportional"] = "proportional"
    target: Expression | None = None
    direction: Literal["forward", "reverse", "reverse_ratio", "baseline"] = "forward"
    baseline: Expression | None = None
    pass_mark: Share | None = None
    over: Over | None = None

    def ends(self) -> list[Expr]:
        return [end for end in (self.target, self.baseline) if end is not None]

    def check(self) -> Iterator[Problem]:
        yield from super().check()
        fixed = constant(self.baseline)
        if (self.direction == "baseline") != (self.baseline is not None) or (fixed is not None and fixed == constant(self.target)):
            yield NO_BASELINE.at()
        if (problem := self.bad_target(self.target)) is not None:
            yield problem

    def bad_target(self, target: Expr | None) -> Problem | None:
        """A constant target that this direction has no meaning for."""
        value = constant(target)
        if value is None or target is None or self.direction == "baseline":
            return None
        if value < 0 or (value == 0 and self.direction == "forward"):
            return BAD_TARGET.at("target", target=show(target), direction=self.direction, why="目标值要大于 0 (it must be above 0)")
        return None

    def nested(self) -> Iterator[tuple[tuple[str, ...], Rule]]:
        if self.over is not None and isinstance(self.over.then, Rule):
            yield ("over", "then"), self.over.then

    def lower(self, scope: Scope) -> Expr:
        given = self.target if self.target is not None else scope.leaf.target()
        if self.target is None:
            if (problem := self.bad_target(given)) is not None:
                scope.leaf.report(problem.under(scope.origin))
            elif self.direction == "forward" and scope.leaf.target_is_most():
                scope.leaf.report(SMALLER_IS_BETTER.on(scope.origin, target=show(given)))
        unit = given.unit if isinstance(given, Const) else None
        actual, target = scope.quantity(self, unit), scope.resolve(given, "target")
        if not isinstance(target, Const):
            target = build.labelled(target, Label("quantity", show(given), unit=unit))
        share = self._share(scope, actual, target)
        told = Label("proportion", f"{self.direction}", show(given), unit, scope.worth)
        expr = build.labelled(build.multiply(scope.worth, build.clamp(share, 0, 1)), told, scope.origin)
        if self.pass_mark is not None:
            miss = scope.award(NOTHING, Label("miss", f"{show_rate(self.pass_mark)}", "pass_mark", most=scope.worth))
            expr = build.when("<", share, self.pass_mark, miss, expr)
        if self.over is None:
            return expr
        mark = self.over.beyond
        beyond = Const(mark * target.value, target.unit) if isinstance(target, Const) else build.multiply(mark, target)
        return build.when(">", actual, beyond, self._beyond(scope, expr, actual), expr, lazy=isinstance(self.over.then, Rule))

    def _share(self, scope: Scope, a: Expr, t: Expr) -> Expr:
        match self.direction:
            case "forward":
                # no more than the target counts; said as a comparison, so that the two have one unit (in a quotient 人 and 户 would drop out)
                return build.divide(build.least(a, t), t if isinstance(t, Const) else build.most(t, build.NOTHING), scope.origin)
            case "reverse":
                if isinstance(t, Const) and t.value == 0:
                    return build.when("<=", a, t, 1, 0)
                off = build.subtract(
                    1, build.divide(build.subtract(a, t), t if isinstance(t, Const) else build.most(t, build.NOTHING), scope.origin)
                )
                return off if isinstance(t, Const) else build.when("=", t, build.NOTHING, build.when("<=", a, build.NOTHING, 1, 0), off)
            case "reverse_ratio":
                ratio = build.when("<=", a, t, 1, build.divide(t, a, scope.origin))
                if isinstance(t, Const):
                    return ratio
                return build.when("<", t, build.NOTHING, build.undefined("negative-target", show(t), scope.origin), ratio)
            case _:  # baseline
                base = scope.resolve(self.baseline or t, "baseline")
                return build.divide(build.subtract(base, a), build.subtract(base, t), scope.origin)

    def _beyond(self, scope: Scope, expr: Expr, actual: Expr) -> Expr:
        assert self.over is not None
        mark = show_rate(self.over.beyond)
        if self.over.then == "warn":
            return build.labelled(expr, Label("warn", mark, most=scope.worth), scope.origin.under("over"))
        if self.over.then == "zero":
            return scope.award(NOTHING, Label("miss", mark, "over", most=scope.worth), "over")
        return build.labelled(
            scope.rule(self.over.then, "over", "then", quantity=actual), Label("alternative", mark, "over"), scope.origin.under("over")
        )

    def sentence(self, tell: Telling) -> str:
        named = tell.named(self.of)
        target = show(self.target) if self.target is not None else tell.pick("目标值", "target")
        x = named.subject
        formula = {
            "forward": f"{x} ÷ {target}",
            "reverse": f"[1 － ({x} － {target}) ÷ {target}]",
            "reverse_ratio": f"{target} ÷ {x}",
            "baseline": f"({show(self.baseline) if self.baseline else ''} － {x}) ÷ ({show(self.baseline) if self.baseline else ''} － {target})",
        }[self.direction]
        told = tell.pick(
            f"得分 = {formula} × {tell.full()}，最低 0 分，最高 {tell.full()}",
            f"score = {formula} × {tell.full()}, from 0 to {tell.full()}",
        )
        if self.pass_mark is not None:
            told += tell.pick(
                f"；完成不足 {show_rate(self.pass_mark)} 不得分", f"; below {show_rate(self.pass_mark)} of full completion: none"
            )
        if self.over is not None:
            told += self._over_told(tell, show_rate(self.over.beyond))
        return told + tell.pick("。", ".")

    def _over_told(self, tell: Telling, mark: str) -> str:
        then = self.over.then if self.over else ""
        zh, en = {"warn": ("提示目标偏低", "a warning that the target is low"), "zero": ("不得分", "none")}.get(
            then if isinstance(then, str) else "", ("", "")
        )
        if isinstance(then, Rule):
            zh = en = then.sentence(tell).rstrip("。.")
        return tell.pick(f"；超过目标值的 {mark} 时，{zh}", f"; above {mark} of the target: {en}")
