"""choose 按情形选用: the first rule whose condition holds.

得分 = 第一个条件成立的规则的得分，都不成立时为 otherwise 的得分.
Ends: those of the condition (>= and <= include the bound) and of the rule that is taken.
Unit: both sides of a comparison in one unit; result in points. Missing 条件中的量: no score; what only other alternatives
need is not asked for.
Clause: local practice (有规定流程的按甲，否则按乙).
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from perfeval.ir import build
from perfeval.ir.nodes import Expr, Label
from perfeval.ir.show import show_condition
from perfeval.problems import Path, Problem
from perfeval.rules._contract import NO_PARTS, Frozen, Rule, RuleField
from perfeval.rules._fields import Condition
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling


class When(Frozen):
    if_: Condition = Field(alias="if")
    rule: RuleField


class Choose(Rule):
    kind: Literal["choose"] = "choose"
    when: tuple[When, ...]
    otherwise: RuleField

    def check(self) -> Iterator[Problem]:
        if not self.when:
            yield NO_PARTS.at("when", key="when")

    def nested(self) -> Iterator[tuple[Path, Rule]]:
        for position, alternative in enumerate(self.when):
            yield ("when", position, "rule"), alternative.rule
        yield ("otherwise",), self.otherwise

    def lower(self, scope: Scope) -> Expr:
        expr = build.labelled(scope.rule(self.otherwise, "otherwise"), Label("alternative"), scope.origin.under("otherwise"))
        for position, alternative in reversed(list(enumerate(self.when))):
            told = Label("alternative", show_condition(alternative.if_))
            then = build.labelled(scope.rule(alternative.rule, "when", position, "rule"), told, scope.origin.under("when", position))
            test = scope.resolve(alternative.if_, "when", position, "if")
            expr = build.is_yes(test, then, expr, lazy=True)
        return expr

    def sentence(self, tell: Telling) -> str:
        told = [
            tell.pick(f"{show_condition(a.if_)} 时：{a.rule.sentence(tell)}", f"if {show_condition(a.if_)}: {a.rule.sentence(tell)}")
            for a in self.when
        ]
        return "".join([*told, tell.pick("否则：", " Otherwise: "), self.otherwise.sentence(tell)])
