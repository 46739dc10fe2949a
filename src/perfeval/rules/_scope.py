"""Where a rule stands while it is lowered: what it is worth, its evidence keys, what names mean, where problems go."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, Protocol

from perfeval.ir.build import clamp, is_yes, labelled, number
from perfeval.ir.nodes import Domain, Expr, Input, Label, Number
from perfeval.ir.program import AskForm
from perfeval.ir.show import show
from perfeval.ir.units import range_of
from perfeval.problems import Origin, Problem, ProblemKind, Severity, Step
from perfeval.quantity import Unit, show_decimal, show_short
from perfeval.rules._fields import Award, Points

EXCEEDS = ProblemKind(
    "rule-exceeds-weight",
    says="「{name}」的规则最高可得 {most} 分，超过分值 {weight}。",
    remedy="改各项分数使最高等于分值，或写 cap 说明最多得几分。",
    en="The rule of “{name}” can give up to {most}, more than its weight {weight}.",
    en_remedy="Change the points so that the most equals the weight, or state cap.",
)
FALLS_SHORT = ProblemKind(
    "rule-falls-short",
    says="「{name}」的规则最高只能得 {most} 分，到不了分值 {weight}。",
    remedy="改各项分数，使满分可以达到；若有意如此可不理会。",
    en="The rule of “{name}” gives {most} at the most, less than its weight {weight}.",
    en_remedy="Change the points so that full marks can be had; ignore this if it is meant.",
    severity=Severity.WARNING,
)

if TYPE_CHECKING:
    from perfeval.rules._contract import Measured, Rule
    from perfeval.rules._parts import Part


class LeafContext(Protocol):
    """What lowering lends a rule: the leaf it belongs to, its evidence keys and the meaning of names."""

    not_applicable: str | None
    failed: bool  # an error was reported: warnings about the rest would mislead

    def resolve(self, expr: Expr, origin: Origin) -> Expr: ...
    def knows(self, name: str) -> bool: ...
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
    ) -> Input: ...
    def items(self, key: str, ids: tuple[str, ...]) -> None: ...
    def removed(self, points: Expr) -> None: ...
    def report(self, problem: Problem) -> None: ...
    def choices(self, key: str) -> tuple[str, ...]: ...
    def target(self) -> Expr: ...
    def target_is_most(self) -> bool: ...
    def measured(self, scope: Scope, unit: Unit | None) -> Expr: ...


def _short(most: Number) -> str:
    """A figure for a message, exact where it is short; one of many digits only by its size."""
    text = show_decimal(most)
    if len(text) <= 40:
        return text
    whole = len(show_decimal(most // 1))
    return show_short(most, 18) if whole <= 20 else f"≥10^{whole - 1}"


class Scope(NamedTuple):
    """Where a rule stands while it is lowered: what it is worth, its evidence keys, its place in the file."""

    leaf: LeafContext
    worth: Fraction
    leaf_worth: Fraction
    prefix: str
    origin: Origin
    name: str
    is_part: bool = False
    given: Expr | None = None  # the quantity of the rule around, for one that names none itself
    additive: bool = True  # do this rule's points add up to the leaf's (so that one left out can leave the total too)?

    def points(self, points: Points) -> Fraction:
        return points.of(self.worth, self.leaf_worth)

    def key(self, word: str) -> str:
        """Evidence key of this rule's main answer: `leaf/word`, and for an item or part the item's own key."""
        return self.prefix if self.is_part else f"{self.prefix}/{word}"

    def resolve(self, expr: Expr, *path: Step) -> Expr:
        return self.leaf.resolve(expr, self.origin.under(*path))

    def quantity(self, rule: Measured, scale: Unit | None = None) -> Expr:
        """What the rule looks at, labelled: `of`, or by name (items, parts), the leaf's measure, or its actual value."""
        unit = rule.scale() or scale
        if rule.of is not None:
            of = Input(rule.of.key, unit) if isinstance(rule.of, Input) else rule.of
            return labelled(self.resolve(of, "of"), Label("quantity", show(rule.of), unit=unit))
        if self.given is not None:
            return self.given
        if self.is_part:
            if self.leaf.knows(self.name):
                return labelled(self.resolve(Input(self.name, unit)), Label("quantity", self.name, unit=unit))
            return labelled(self.leaf.ask(self.key("actual"), "number", self, unit=unit), Label("quantity", self.name, unit=unit))
        return self.leaf.measured(self, unit)

    def award(self, award: Award, label: Label, *path: Step) -> Expr:
        """Points as said, or what the evaluator gives within the range (asked only where this arm is taken)."""
        origin = self.origin.under(*path)
        if isinstance(award, Points):
            return labelled(number(self.points(award)), label, origin)
        low, high = self.points(award.low), self.points(award.high)
        key = f"{self.prefix}/points"
        given = self.leaf.ask(key, "points", self, domain=Domain(low, high, award.below))
        return labelled(given, label._replace(detail=f"{show_decimal(low)}～{show_decimal(high)}"), origin)

    def within(self, expr: Expr) -> Expr:
        """All results lie in [0, worth]: a rule that can pass what it is worth is an error, one that cannot reach it a warning."""
        reach = range_of(expr, {})
        if reach is None:
            return expr
        worth = show_decimal(self.worth)
        if reach.high is None or reach.high > self.worth:
            shown = "∞" if reach.high is None else _short(reach.high)
            self.leaf.report(EXCEEDS.on(self.origin, name=self.name, most=shown, weight=worth))
        elif reach.high < self.worth and not self.is_part and not self.leaf.failed:
            self.leaf.report(FALLS_SHORT.on(self.origin, name=self.name, most=show_decimal(reach.high), weight=worth))
        if reach.low is None or reach.low < 0 or reach.high is None or reach.high > self.worth:
            return labelled(clamp(expr, 0, self.worth), Label("within", most=self.worth), self.origin)
        return expr

    def rule(self, rule: Rule, *path: Step, quantity: Expr | None = None) -> Expr:
        """A nested rule, as in `choose` and `over`; on the same quantity where that is given."""
        return rule.lower(self._replace(origin=self.origin.under(*path), additive=False, given=quantity or self.given))

    def part(self, word: str, position: int, part: Part, worth: Fraction, additive: bool) -> Expr:
        """The points of an item or part."""
        inner = self._replace(
            worth=worth,
            prefix=f"{self.prefix}/{word}/{part.key}",
            name=part.title,
            is_part=True,
            given=None,
            additive=self.additive and additive,
            origin=self.origin.under(part.field(word), position, *(("rule",) if part.rule else ())),
        )
        if part.rule is not None:
            expr = inner.within(part.rule.lower(inner))
        else:
            answer = self.leaf.ask(inner.key("actual"), "yes_no", inner)
            expr = is_yes(answer, number(worth, Label("met", most=worth)), number(Fraction(0), Label("unmet", most=worth)))
        return labelled(expr, Label("item", inner.name, most=worth), self.origin.under(part.field(word), position))

    def flag(self, word: str, part: Part) -> Input | None:
        """1 where the item or part does not apply; None where no policy is declared (then it is an error to say so)."""
        if self.leaf.not_applicable is None:
            return None
        prefix = f"{self.prefix}/{word}/{part.key}"
        return self.leaf.ask(f"{prefix}/not_applicable", "flag", self._replace(prefix=prefix, name=part.title), domain=Domain(0, 1))
