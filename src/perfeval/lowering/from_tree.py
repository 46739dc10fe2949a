"""An indicator tree to a program: each leaf's rule with its clauses, roll-up, rebasing, total and grade."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from perfeval.ir.build import (
    ZERO,
    add,
    as_expr,
    divide,
    is_yes,
    labelled,
    least,
    most,
    multiply,
    number,
    subtract,
    undefined,
    when,
)
from perfeval.ir.nodes import Domain, Expr, Input, Label, Round
from perfeval.ir.program import Node as ProgramNode
from perfeval.ir.program import Program, score_key, weight_key
from perfeval.ir.walk import extent
from perfeval.lowering.check_tree import check_structure
from perfeval.lowering.from_grades import lower_grades
from perfeval.lowering.leaf import Collected, LeafLowering
from perfeval.model.folder import Indicators
from perfeval.model.project import Policy
from perfeval.model.tree import ExtraItem, Extras, Node
from perfeval.problems import Origin, Path, Problem, ProblemKind
from perfeval.quantity import show_decimal
from perfeval.rules._scope import Scope

UNKNOWN_GRADE = ProblemKind(
    "unknown-grade",
    says="没有「{grade}」这个等级。",
    remedy="写下列之一：{known}。",
    en="There is no grade “{grade}”.",
    en_remedy="Write one of: {known}.",
)
TOO_LONG = ProblemKind(
    "rule-too-long",
    says="「{name}」的规则或算式太长：写开后超过 {limit} 步。",
    remedy="减少档数，或缩短算式；每一步加减同样分数的，用 linear 或 deduction。",
    en="The rule or formula of “{name}” is too long: written out, more than {limit} steps.",
    en_remedy="Use fewer bands or a shorter formula; where each step is worth the same, use linear or deduction.",
)
MAX_DEPTH, MAX_SIZE = 150, 50_000  # of an expression: what can be walked, and in little time
AS_FOUND = frozenset(
    [
        "weight-sum",
        "rule-exceeds-weight",
        "step-mode-open",
        "band-gap",
        "band-overlap",
        "band-unreachable",
        "band-empty",
        "bands-otherwise",
        "grade-unreachable",
    ]
)
"""Faults under which a rule set quoted as printed still has one meaning; all others stay errors (2026-11-25)."""


def lower_tree(indicators: Indicators, keys: Collection[str], policy: Policy) -> tuple[Program, list[Problem]]:
    """The program of a tree, and what is wrong with it (origins in the tree's file).

    `keys` are the evidence keys that are given: a name means a leaf's own value before it means a fact. `policy` is the
    tree's with the project's changes. With errors among the problems the program must not be run.
    """
    return _TreeLowering(indicators, keys, policy).lower()


class _TreeLowering:
    def __init__(self, indicators: Indicators, keys: Collection[str], policy: Policy) -> None:
        self.indicators, self.tree, self.keys = indicators, indicators.tree, keys
        self.not_applicable = policy.not_applicable
        self.collected = Collected()
        self.words = frozenset(self.tree.units)
        self.nodes: dict[str, ProgramNode] = {}
        self.order: list[str] = []
        self.failed: set[str] = set()

    @property
    def rebases(self) -> bool:
        return self.not_applicable in ("rebase_total", "rebase_parent")

    def lower(self) -> tuple[Program, list[Problem]]:
        self.collected.problems.extend(check_structure(self.indicators))
        for position, node in enumerate(self.tree.tree):
            self._node(node, ("tree", position), ())
        first = tuple(node.key for node in self.tree.tree)
        extras = {name: self._extras(name, given) for name, given in (("bonus", self.tree.bonus), ("penalty", self.tree.penalty)) if given}
        total = self._total(first, list(extras))
        grade = self._grade()
        program = Program(
            nodes=self._in_tree_order(),
            order=tuple(self.order),
            first_level=first,
            full=self.tree.total,
            places=self.tree.rounding.places,
            total=total,
            grade=grade,
            grades=tuple(row.name for row in self.indicators.grades),
            asks=self.collected.asks,
            items=self.collected.items,
            extras=extras,
            rounds_total=self.tree.rounding.at == "total",
            unordered=frozenset(self.collected.unordered),
            failed=frozenset(self.failed),
        )
        problems = self.collected.problems
        if self.tree.as_printed:
            problems = [p.softened() if p.kind.name in AS_FOUND else p for p in problems]
        return program, problems

    def _in_tree_order(self) -> dict[str, ProgramNode]:
        keys = [chain[-1].key for _, chain in self.tree.walk()]
        return {key: self.nodes[key] for key in keys if key in self.nodes}

    def _origin(self, path: Path) -> Origin:
        return Origin(self.indicators.file, path)

    def _node(self, node: Node, path: Path, above: tuple[str, ...]) -> None:
        here = (*above, node.name)
        for position, child in enumerate(node.children):
            self._node(child, (*path, "children", position), here)
        if node.children:
            expr, applicable = self._rolled_up(node)
        elif node.rule is not None:
            expr, applicable = self._leaf(node, path)
        else:
            self.failed.add(node.key)
            return
        children = tuple(child.key for child in node.children)
        self.nodes[node.key] = ProgramNode(node.key, here, node.weight, expr, children, applicable, self._origin(path))
        self.order.append(node.key)

    # ---- roll-up

    def _rolled_up(self, node: Node) -> tuple[Expr, Expr | None]:
        """A parent's score and the weight in it that still applies."""
        weight, children = node.weight, [child.key for child in node.children]
        whole = sum((child.weight for child in node.children), Fraction(0))  # differs only in a tree quoted as printed
        scores = add(*(Input(score_key(child)) for child in children))
        if not self.rebases:
            return scores, None
        applies = add(*(Input(weight_key(child)) for child in children))
        if self.not_applicable == "rebase_total":
            return scores, applies
        scaled = self._scaled(weight, scores, applies)
        return when("=", applies, 0, 0, when("=", applies, whole, scores, scaled)), when("=", applies, 0, 0, weight)

    def _scaled(self, weight: Fraction, scores: Expr, applies: Expr) -> Expr:
        """The rest scaled to the whole, rounded once more; full marks of 0.335 are not 0.34 here either."""
        scaled: Expr = divide(multiply(weight, scores), applies)
        if self.tree.rounding.at == "leaf":
            scaled = Round(scaled, self.tree.rounding.places)
        return least(weight, scaled)

    def _whole(self, nodes: tuple[Node, ...]) -> Fraction:
        """What applies where everything does: other than the stated weight only in a tree quoted as printed."""
        if self.not_applicable == "rebase_parent":
            return sum((node.weight for node in nodes), Fraction(0))
        return sum((self._whole(node.children) if node.children else node.weight for node in nodes), Fraction(0))

    def _total(self, first: tuple[str, ...], extras: list[str]) -> Expr:
        expr, full = add(*(Input(score_key(key)) for key in first)), self.tree.total
        if self.rebases:
            applies = add(*(Input(weight_key(key)) for key in first))
            nothing = undefined("nothing-applicable", "", self._origin(("tree",)))
            whole = self._whole(self.tree.tree)
            expr = when("=", applies, whole, expr, when("=", applies, 0, nothing, self._scaled(full, expr, applies)))
        if self.tree.as_printed:
            expr = least(full, expr)  # weights quoted as found may come to more than the total, at any level
        for name in extras:
            points: Expr = Input(score_key(name))
            expr = add(expr, points) if name == "bonus" else most(0, subtract(expr, points))
        return Round(expr, self.tree.rounding.places) if self.tree.rounding.at == "total" else expr

    def _grade(self) -> Expr:
        """The scale's grade, or the worse one that a veto on the whole project allows at best."""
        grade = lower_grades(self.indicators, self.collected.problems)
        names = [row.name for row in self.indicators.grades]
        if self.tree.veto:
            self.collected.items["veto"] = tuple(veto.key for veto in self.tree.veto)
        for position, veto in enumerate(self.tree.veto):
            if veto.grade is not None and veto.grade not in names:
                place = self._origin(("veto", position, "grade"))
                self.collected.problems.append(UNKNOWN_GRADE.on(place, grade=veto.grade, known="、".join(names)))
            at_best = names.index(veto.grade) + 1 if veto.grade in names else len(names)
            answer = self._top_lowering().ask(f"veto/{veto.key}", "yes_no", self._top_scope("veto", veto.text))
            grade = most(grade, is_yes(answer, at_best, 0))
        return grade if self._can_be_walked(grade, self.tree.title or self.tree.id, self.indicators.grades_origin) else ZERO

    def _top_lowering(self) -> LeafLowering:
        node = Node.model_construct(name="", weight=Fraction(0))
        return LeafLowering(node, "", self._origin(()), self.collected, self.keys, self.tree.quantities, self.words, None)

    def _top_scope(self, word: str, text: str) -> Scope:
        return Scope(self._top_lowering(), Fraction(0), Fraction(0), word, self._origin((word,)), text)

    def _extras(self, word: str, extras: Extras) -> Expr:
        lowering, terms, full = self._top_lowering(), [], self.tree.total
        for position, item in enumerate(extras.items):
            worth = item.points.of(full, full)
            scope = Scope(lowering, worth, worth, f"{word}/{item.key}", self._origin((word, "items", position)), item.text, is_part=True)
            if item.rule is not None:
                points = self._extra_rule(item, scope)
            else:
                points = is_yes(lowering.ask(scope.key("actual"), "yes_no", scope), worth, 0)
            terms.append(labelled(points, Label("item", item.text, most=worth), scope.origin))
        total = add(*terms)
        self.collected.items[word] = tuple(item.key for item in extras.items)
        if extras.cap is not None:
            total = least(extras.cap.of(full, full), total)
        return Round(total, self.tree.rounding.places) if self.tree.rounding.at == "leaf" else total

    def _extra_rule(self, item: ExtraItem, scope: Scope) -> Expr:
        """The points of a bonus or penalty item that has a rule of its own, checked as a leaf's rule is."""
        assert item.rule is not None
        inner = scope._replace(origin=scope.origin.under("rule"))
        found = [problem.under(inner.origin) for problem in item.rule.checked()]
        self.collected.problems.extend(found)
        if any(p.is_error and p.kind.name not in AS_FOUND for p in found):
            self.failed.add(scope.prefix)
            return ZERO
        return inner.within(item.rule.lower(inner))

    # ---- leaves

    def _leaf(self, node: Node, path: Path) -> tuple[Expr, Expr | None]:
        assert node.rule is not None
        origin = self._origin(path)
        lowering = LeafLowering(node, node.key, origin, self.collected, self.keys, self.tree.quantities, self.words, self.not_applicable)
        found = [problem.under(origin.under("rule")) for problem in node.rule.checked()]
        self.collected.problems.extend(found)
        if node.weight < 0 or any(p.is_error and p.kind.name not in AS_FOUND for p in found):
            self.failed.add(node.key)
            return ZERO, None  # without a meaning, and not run: there is an error
        scope = Scope(lowering, node.weight, node.weight, node.key, origin.under("rule"), node.name)
        expr = self._lowered(node, scope)
        applicable: Expr | None = None
        weight: Expr = as_expr(node.weight)
        if self.not_applicable is not None:
            flag = lowering.ask(f"{node.key}/not_applicable", "flag", scope, domain=Domain(0, 1))
            instead = node.weight if self.not_applicable == "full" else Fraction(0)
            expr = is_yes(flag, number(instead, Label("not-applicable", node.name)), expr, lazy=True)
            if self.rebases:
                weight = subtract(weight, add(*lowering.left_out)) if lowering.left_out else weight
                applicable = is_yes(flag, 0, weight, lazy=True)
        if self.tree.rounding.at == "leaf":
            places = self.tree.rounding.places
            expr = Round(expr, places)
            if lowering.left_out or (node.weight * 10**places).denominator != 1:  # full marks of 0.335 are not 0.34
                expr = least(weight, expr)
        return expr, applicable

    def _lowered(self, node: Node, scope: Scope) -> Expr:
        """A leaf's points with its clauses; nothing that is too deep to be walked."""
        assert node.rule is not None
        expr: Expr | None
        try:
            expr = node.rule.lower(scope)
        except RecursionError:
            expr = None
        if not self._can_be_walked(expr, node.name, scope.origin) or expr is None:
            return ZERO
        expr = self._clauses(node, scope, scope.within(expr))
        return expr if self._can_be_walked(expr, node.name, scope.origin) else ZERO

    def _can_be_walked(self, expr: Expr | None, name: str, origin: Origin) -> bool:
        """Nothing that is too deep for an interpreter, or too large to be run in little time (None: not even lowered)."""
        depth, size = extent(expr) if expr is not None else (MAX_DEPTH + 1, 0)
        if depth <= MAX_DEPTH and size <= MAX_SIZE:
            return True
        self.collected.problems.append(TOO_LONG.on(origin, name=name, limit=MAX_DEPTH if depth > MAX_DEPTH else MAX_SIZE))
        return False

    def _clauses(self, node: Node, scope: Scope, expr: Expr) -> Expr:
        """Defects counted off, then requirements, then vetoes: a veto that happened outweighs everything."""
        origin = scope.origin
        for defect in node.defects:
            own = scope._replace(name=defect.text)
            count = scope.leaf.ask(f"{node.key}/defects/{defect.key}", "count", own, domain=Domain(0, None, whole=True))
            off = multiply(scope.points(defect.per), count)
            if defect.cap is not None:
                off = least(scope.points(defect.cap), off)
            off = labelled(off, Label("defect", defect.text, show_decimal(scope.points(defect.per))), origin)
            expr = labelled(most(0, subtract(expr, off)), Label("after-defects", most=node.weight), origin)
        for clause in node.requires:
            answer = scope.leaf.ask(f"{node.key}/requires/{clause.key}", "yes_no", scope._replace(name=clause.text))
            expr = is_yes(answer, expr, number(0, Label("requires", clause.text, most=node.weight)))
        for clause in node.veto:
            answer = scope.leaf.ask(f"{node.key}/veto/{clause.key}", "yes_no", scope._replace(name=clause.text))
            expr = is_yes(answer, number(0, Label("veto", clause.text, most=node.weight)), expr)
        for word, clauses in (("veto", node.veto), ("requires", node.requires), ("defects", node.defects)):
            if clauses:
                self.collected.items[f"{node.key}/{word}"] = tuple(clause.key for clause in clauses)
        return expr
