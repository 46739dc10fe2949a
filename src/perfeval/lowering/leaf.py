"""What one leaf lends its rule while it is lowered: the meaning of names, evidence keys, and where problems go."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from perfeval.ir.build import NOTHING, labelled
from perfeval.ir.nodes import Const, Domain, Expr, Input, Label
from perfeval.ir.program import Ask, AskForm, is_reserved
from perfeval.ir.show import show
from perfeval.ir.walk import rewrite
from perfeval.model.tree import Node, QuantityOf
from perfeval.problems import Fault, Origin, Problem, ProblemKind
from perfeval.quantity import YES_NO, Unit, read_quantity, read_unit
from perfeval.rules._scope import Scope

MEASURE_CYCLE = ProblemKind(
    "measure-cycle",
    says="「{name}」的算式绕回了自己。",
    remedy="去掉这个循环：一个量不能由自己算出。",
    en="The formula of “{name}” comes back to itself.",
    en_remedy="Break the circle: a quantity cannot be computed from itself.",
)
SAME_NAME_TWICE = ProblemKind(
    "ambiguous-name",
    says="「{name}」在{first}和{second}里都有，不知用哪一个。",
    remedy="给其中一个改名。",
    en="“{name}” stands under both {first} and {second}.",
    en_remedy="Rename one of them.",
)
NOT_A_NAME = ProblemKind(
    "not-a-quantity",
    says="「{name}」不是量的名称：得分和别处的回答不能用在算式里。",
    remedy="只用本指标的 values、measures 或 facts 里的名称；需要时把这个数登记为事实。",
    en="“{name}” is not the name of a quantity: scores and other answers cannot be used in a formula.",
    en_remedy="Use names under values, measures or facts; where needed list the figure as a fact.",
)
NO_TARGET = ProblemKind(
    "no-target",
    says="没有目标值可比：{found}。",
    remedy="在规则里写 target，或把指标的 target 写成一个数（例如 100% 或 ≥10户）。",
    en="There is no target to compare with: {found}.",
    en_remedy="Write target in the rule, or make the indicator's target a number (as 100% or ≥10户).",
)
WHICH_MEASURE = ProblemKind(
    "which-measure",
    says="这个指标有 {count} 个 measures，规则没有说用哪一个。",
    remedy="在规则里写 of: 名称。",
    en="This indicator has {count} measures and the rule does not say which.",
    en_remedy="Write of: NAME in the rule.",
)

_UPPER = re.compile(r"\s*(?:≤|<=|<|不超过|不高于|小于等于)")
_COMPARISON = re.compile(r"^\s*(?:≥|≤|>=|<=|>|<|=|＝|不低于|不少于|不超过|不高于|达到|大于等于|小于等于)\s*")


@dataclass
class Collected:
    """What lowering gathers over all leaves of a tree."""

    asks: dict[str, Ask] = field(default_factory=dict)
    items: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unordered: set[str] = field(default_factory=set)  # keys of `items` whose order means nothing


@dataclass
class LeafLowering:
    """The `LeafContext` of one leaf."""

    node: Node
    id: str
    origin: Origin
    collected: Collected
    keys: Collection[str]  # the evidence keys that are given, facts included
    quantities: Mapping[str, QuantityOf]
    words: frozenset[str]
    not_applicable: str | None
    left_out: list[Expr] = field(default_factory=list)
    open_measures: tuple[str, ...] = ()
    failed: bool = False

    def resolve(self, expr: Expr, origin: Origin) -> Expr:
        """Names to inputs: the leaf's own values, its measures, then facts."""

        def meaning(node: Expr) -> Expr:
            return self._named(node, origin) if isinstance(node, Input) else node

        return rewrite(expr, meaning)

    def _named(self, node: Input, origin: Origin) -> Expr:
        name, own = node.key, f"{self.id}/values/{node.key}"
        places = [(own in self.keys, "values"), (name in self.node.measures, "measures"), (name in self.keys, "facts")]
        given = [place for there, place in places if there]
        if len(given) > 1:
            self.report(SAME_NAME_TWICE.on(origin, name=name, first=given[0], second=given[1]))
        if is_reserved(name):
            self.report(NOT_A_NAME.on(origin, name=name))
            return NOTHING
        if own in self.keys:
            yes_no = node.unit is not None and node.unit.dimension == YES_NO
            unit = None if yes_no else node.unit  # set where the name alone is what the rule looks at
            return self._asked(Ask(own, "yes_no" if yes_no else "number", self.id, name, unit, origin=origin), node.unit, origin)
        if name in self.node.measures:
            return self._measure(name)
        declared = self.quantities.get(name)
        if declared is not None and declared.unit:
            try:
                unit = read_unit(declared.unit, self.words)
            except Fault:
                unit = None  # told where the quantity is declared
            return self._asked(Ask(name, "fact", "", name, unit, origin=origin), node.unit or unit, origin)
        return self._asked(Ask(name, "fact", "", name, node.unit, origin=origin), node.unit, origin)

    def _measure(self, name: str) -> Expr:
        if name in self.open_measures:
            self.report(MEASURE_CYCLE.on(self.origin.under("measures", name), name=name))
            return NOTHING
        expr = self.node.measures[name]
        deeper = replace(self, open_measures=(*self.open_measures, name))
        inner = deeper.resolve(expr, self.origin.under("measures", name))
        self.failed = self.failed or deeper.failed
        return labelled(inner, Label("measure", name, show(expr)), self.origin.under("measures", name))

    def _asked(self, ask: Ask, unit: Unit | None, origin: Origin) -> Input:
        self.collected.asks.setdefault(ask.key, ask)
        return Input(ask.key, unit, origin=origin)

    def knows(self, name: str) -> bool:
        return name in self.node.measures or f"{self.id}/values/{name}" in self.keys or name in self.keys or name in self.quantities

    def ask(
        self,
        key: str,
        form: AskForm,
        scope: Scope,
        *,
        unit: Unit | None = None,
        domain: Domain | None = None,
        choices: tuple[str, ...] = (),
        text: str = "",
    ) -> Input:
        known = self.collected.asks.get(key)
        if known is not None and unit is not None and known.unit is not None and known.unit.scale != unit.scale:
            self.collected.asks[key] = known._replace(unit=None)  # alternatives in 元 and in 万元: a bare number would be guessed at
        if known is not None and form == "tier":
            choices = (*known.choices, *(name for name in choices if name not in known.choices))
        ask = Ask(key, form, self.id, text or scope.name, unit, domain, choices, scope.worth, scope.leaf_worth, scope.origin)
        if known is None or form == "tier":
            self.collected.asks[key] = ask
        if form == "points":
            self.collected.asks[key] = (known or ask)._replace(rules=(*(known.rules if known else ()), scope.origin))
        shown = unit if form != "yes_no" else Unit("", Fraction(1), YES_NO)
        return Input(key, shown, domain, origin=scope.origin)

    def choices(self, key: str) -> tuple[str, ...]:
        return self.collected.asks[key].choices

    def items(self, key: str, ids: tuple[str, ...]) -> None:
        known = self.collected.items.setdefault(key, ids)
        if known != ids:  # alternatives of `choose` list other items, or in another order
            self.collected.items[key] = (*known, *(one for one in ids if one not in known))
            self.collected.unordered.add(key)

    def removed(self, points: Expr) -> None:
        self.left_out.append(points)

    def report(self, problem: Problem) -> None:
        self.failed = self.failed or problem.is_error
        self.collected.problems.append(problem)

    def target(self) -> Expr:
        """The leaf's target value as a number: a comparison sign in front of it is not part of it."""
        text = _COMPARISON.sub("", self.node.target).strip()
        try:
            quantity = read_quantity(text, None, self.words)
        except Fault:
            self.report(
                NO_TARGET.on(self.origin.under("target") if self.node.target else self.origin.under("rule"), found=self.node.target or "—")
            )
            return Const(1)
        value = quantity.value
        return Const(int(value) if value.denominator == 1 else value, quantity.unit)

    def target_is_most(self) -> bool:
        """Does the target read as an upper limit?"""
        return bool(_UPPER.match(self.node.target))

    def measured(self, scope: Scope, unit: Unit | None) -> Expr:
        """What the leaf's rule looks at when it says nothing: the leaf's measure, or its actual value."""
        if self.node.measure is not None:
            measure = Input(self.node.measure.key, unit) if isinstance(self.node.measure, Input) else self.node.measure
            expr = self.resolve(measure, self.origin.under("measure"))
            return labelled(expr, Label("quantity", show(self.node.measure), unit=unit), self.origin.under("measure"))
        if len(self.node.measures) > 1:
            self.report(WHICH_MEASURE.on(self.origin.under("measures"), count=len(self.node.measures)))
        if self.node.measures:
            name = next(iter(self.node.measures))
            return labelled(self._measure(name), Label("quantity", name, unit=unit), self.origin.under("measures", name))
        return labelled(
            self.ask(f"{self.id}/actual", "number", scope, unit=unit, text="完成值"),
            Label("quantity", self.node.name, unit=unit),
            self.origin,
        )
