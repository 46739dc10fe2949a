"""The score sheet: one run's exact values as the result that reports, JSON and the terminal place."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from fractions import Fraction

from perfeval.backends.exact.interpreter import MissingInputs
from perfeval.ir.nodes import Const, Input, Number
from perfeval.ir.program import Node, Step, score_key, weight_key
from perfeval.ir.units import Range, range_of
from perfeval.ir.walk import inputs, nodes
from perfeval.lowering.from_grades import grade_bands
from perfeval.model.evidence import Entry
from perfeval.model.result import Extra, Indicator, Result, Status, UsedValue, shown
from perfeval.model.tree import Node as TreeNode
from perfeval.problems import Fault, Problem
from perfeval.quantity import Unit, read_quantity, round_half_up
from perfeval.scoring import clauses, exempt, grading
from perfeval.scoring.run import Run, all_steps

_NO_STEPS: tuple[Step, ...] = ()
_JUDGED = ("judged", "tier", "unmet")  # what somebody decided, and nobody but them can give the reason for


class Sheet:
    """Reads one run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.folder, self.program, self.bound, self.policy, self.outcome = run.folder, run.program, run.bound, run.policy, run.outcome
        self.trees: dict[str, tuple[TreeNode, ...]] = {chain[-1].key: chain for _, chain in run.folder.tree.walk()}

    def result(self, notes: tuple[Problem, ...]) -> Result:
        folder, tree, outcome = self.folder, self.folder.tree, self.outcome
        project = folder.project
        done: dict[str, Indicator] = {}
        for name in self.program.order:
            done[name] = self._indicator(self.program.nodes[name], done)
        indicators = tuple(done[name] for name in self.program.nodes)
        total = Fraction(outcome.total) if outcome.total is not None else None
        low, high = (total, total) if total is not None else self._interval(done)
        grade = outcome.grade or grading.grade_within(self.run, low, high)
        missing = grading.missing(self.run)
        rebased = exempt.rebased(self.run, [one for one in indicators if one.is_leaf], total)
        own = project.policy.missing or tree.policy.missing or "error"
        open_ends = total is None or bool(missing) or any(one.status == "pending" for one in indicators)
        missing_policy = self.policy.missing or "error"
        partial = missing_policy == "pending" != own  # asked for on the command line
        if partial and not open_ends:
            partial, missing_policy = False, own
        changed = [
            f"{word}: {value}"
            for word, value, base in (
                ("missing", own, tree.policy.missing or "error"),
                ("not_applicable", self.policy.not_applicable, tree.policy.not_applicable),
            )
            if value != base
        ]
        return Result(
            name=project.name,
            agency=project.agency,
            institution=project.evaluator.institution,
            lead=project.evaluator.lead,
            members=project.evaluator.members,
            date=project.date or "",
            period=project.period,
            mode=project.mode,
            lang=project.report.lang,
            tree_id=tree.id,
            tree_title=tree.title,
            document=tree.document,
            grades_id=folder.indicators.grades_id,
            full=tree.total,
            places=tree.rounding.places,
            rounding_at=tree.rounding.at,
            missing_policy=missing_policy,
            not_applicable_policy=self.policy.not_applicable,
            overridden=tuple(changed),
            indicators=indicators,
            total=total,
            low=low,
            high=high,
            unscaled=rebased.unscaled,
            applicable=rebased.applicable,
            converted=rebased.converted,
            partial=partial,
            missing=missing,
            grade=grade,
            vetoes=tuple(veto.text for veto in grading.happened(self.run)),
            grade_capped_by=grading.capped_by(self.run, high),
            bands=grade_bands(folder.indicators),
            extras=self._extras(),
            goals=project.goals,
            problems_found=project.problems,
            suggestions=project.suggestions,
            notes=notes,
        )

    def _indicator(self, node: Node, done: dict[str, Indicator]) -> Indicator:
        chain = self.trees[node.id]
        tree_node = chain[-1]
        below = [done[child] for child in node.children]
        left_out = exempt.left_out(self.run, node)
        status = self._status(node, below, left_out)
        value = self.outcome.scores.get(node.id) if status == "scored" else None
        at_total = self.folder.tree.rounding.at == "total"
        score = None if value is None else Fraction(value) if not at_total else self._shown(node, value, left_out)
        low, high = self._reach(node, below, status, value)
        common = Indicator(
            id=node.id,
            name=tree_node.name,
            path=node.path,
            ref=tuple(n.key for n in chain),
            level=node.level,
            is_leaf=node.is_leaf,
            weight=node.weight,
            status=status,
            score=score,
            exact=None if value is None else self._exact(node, value),
            low=low,
            high=high,
            left_out=left_out,
            counted=None if value is None else Fraction(value),
            explain=tree_node.explain,
            target=tree_node.target,
            benchmark=tree_node.benchmark or "",
            text=tree_node.text,
        )
        return self._leaf(common, node, tree_node) if node.is_leaf else common

    def _shown(self, node: Node, value: Number, left_out: Fraction) -> Fraction:
        """As published where only the total is rounded; full marks of 0.335 are not 0.34 here either."""
        rounded, most = round_half_up(value, self.program.places), node.weight - left_out
        return rounded if value > most else min(rounded, most)  # more than all there is: only under a parent quoted as printed

    def _exact(self, node: Node, value: Number) -> Fraction:
        """A leaf's value before rounding."""
        recorder = self.run.recorders.get(node.id)
        return Fraction(value if recorder is None or recorder.exact is None or node.id in self.run.zeroed else recorder.exact)

    def _status(self, node: Node, below: list[Indicator], left_out: Fraction) -> Status:
        if node.is_leaf:
            if node.id in self.bound.not_applicable and self.policy.not_applicable != "full":
                return "not_applicable"
        elif all(child.status == "not_applicable" for child in below):
            return "not_applicable"
        if left_out == node.weight > 0:
            return "not_applicable"
        return "scored" if node.id in self.outcome.scores else "pending"

    def _reach(self, node: Node, below: list[Indicator], status: Status, value: Number | None) -> tuple[Fraction, Fraction]:
        if status == "not_applicable":
            return Fraction(0), Fraction(0)
        if value is not None:
            return Fraction(value), Fraction(value)
        if below:
            known = {score_key(child.id): Range(child.low, child.high) for child in below} | self._weights()
        else:
            known = {key: Range(v, v) for key, v in self.bound.values.items() if key not in self._outside(node)}
        reach = range_of(node.expr, known)
        low = reach.low if reach and reach.low is not None else 0
        high = reach.high if reach and reach.high is not None else node.weight
        return Fraction(max(low, 0)), Fraction(high)

    def _outside(self, node: Node) -> set[str]:
        """Values that the rule cannot take (of evidence that was written for other rules): as if they were missing."""
        asked = [one for one in nodes(node.expr) if isinstance(one, Input) and one.domain is not None and one.key in self.bound.values]
        return {one.key for one in asked if one.domain is not None and not one.domain.holds(self.bound.values[one.key])}

    def _leaf(self, common: Indicator, node: Node, tree_node: TreeNode) -> Indicator:
        entry = self.bound.entries.get(common.id) or Entry.model_construct()
        is_zero = common.id in self.run.zeroed
        computed = common.status == "scored" and not is_zero
        steps = self.run.recorders[common.id].steps if computed else _NO_STEPS
        everything = tuple(all_steps(steps))
        measured = tree_node.measure is not None or bool(tree_node.measures)
        typed = entry.actual.strip() if entry.actual else ""
        error = self.outcome.errors.get(common.id)
        missing = self.run.zeroed.get(common.id) or (error.keys if isinstance(error, MissingInputs) else ())
        judged = any(s.label.role in _JUDGED and s.label.most is not None and s.value < s.label.most for s in everything)
        fired = clauses.fired(tree_node, self.bound.values) if computed else ()
        reason = entry.reason or self._reasons_below(entry, common.id)
        rule = tree_node.rule
        assert rule is not None
        told = replace(
            common,
            actual_typed=typed,
            finding=entry.finding,
            reason=reason,
            reason_of_parts=bool(reason and not entry.reason),
            reason_missing=judged and common.lost > 0 and not reason,
            sources=entry.sources,
            attachments=entry.attachments,
            standard={lang: clauses.standard(tree_node, lang) for lang in ("zh", "en")},
            kind=rule.kind,
            not_applicable=self.bound.not_applicable.get(common.id, ""),
            not_applicable_items=exempt.items(self.run, common.id),
            clauses=fired,
            zero_by_policy=is_zero,
            missing=tuple(missing),
            given=self._given(node) if missing else (),
            bounds=self._bounds(node, tree_node) if any(s.label.unit or s.label.role == "quantity" for s in everything) else (),
            steps=steps,
            used=self._used(steps),
        )
        return replace(told, actual=self._actual(told) if measured else typed)

    def _reasons_below(self, entry: Entry, prefix: str) -> str:
        """扣分原因 of items, parts and clauses, each with the name of what it speaks of."""
        found = []
        for word in ("checklist", "parts", "veto", "requires", "defects"):
            answers, key = getattr(entry, word), f"{prefix}/{word}"
            pairs = answers.items() if isinstance(answers, dict) else zip(self.program.items.get(key, ()), answers or (), strict=False)
            for item, one in pairs:
                if isinstance(one, Entry) and (reason := one.reason or self._reasons_below(one, f"{key}/{item}")):
                    found.append(f"{self._item_name(f'{key}/{item}', item)}：{reason}")
        return "；".join(found)

    def _item_name(self, key: str, otherwise: str) -> str:
        """What people call an item: the text of what is asked of it."""
        asks = self.program.asks
        ask = next((asks[name] for name in (f"{key}/not_applicable", key, f"{key}/points", f"{key}/tier") if name in asks), None)
        return ask.text if ask is not None and ask.text else otherwise

    def _given(self, node: Node) -> tuple[tuple[str, str], ...]:
        """What is there already of a leaf that lacks something."""
        texts = self.bound.texts
        return tuple((self.run.name_of(key), texts[key]) for key in inputs(node.expr) if texts.get(key))

    def _bounds(self, node: Node, tree_node: TreeNode) -> tuple[Number, ...]:
        """All that a value of this leaf may be compared with: numbers in the rule, values from the evidence, the target."""
        found: dict[Number, None] = {one.value: None for one in nodes(node.expr) if isinstance(one, Const)}
        found |= {self.bound.values[key]: None for key in inputs(node.expr) if key in self.bound.values}
        with suppress(Fault):  # a target in words
            found[read_quantity(tree_node.target.lstrip("≥≤><=＝ "), None, frozenset(self.folder.tree.units)).value] = None
        return tuple(found)

    def _actual(self, leaf: Indicator) -> str:
        """完成值: a typed value as typed, a computed one short."""
        step = next((s for s in all_steps(leaf.steps) if s.label.role == "quantity"), None)
        if step is None:
            return ""
        below = [s for s in all_steps(step.steps) if s.label.role == "input"]
        if len(below) == 1 and below[0].value == step.value:
            return shown(step.value, step.label.unit or self.bound.units.get(below[0].key)).text
        return shown(step.value, step.label.unit or self._unit_of(step), 2, leaf.bounds).text

    def _unit_of(self, step: Step) -> Unit | None:
        return self.bound.units.get(step.steps[0].key) if len(step.steps) == 1 else None

    def _used(self, steps: tuple[Step, ...]) -> tuple[UsedValue, ...]:
        found: dict[str, UsedValue] = {}
        for step in all_steps(steps):
            if step.key and step.key not in found and step.key in self.bound.origins:
                fact = self.folder.facts.get(step.key)
                ask = self.program.asks[step.key]
                if ask.form not in ("fact", "number") and "/values/" not in step.key:
                    continue
                place = str(self.folder.places.where(self.bound.origins[step.key]))
                found[step.key] = UsedValue(
                    step.key, self.run.name_of(step.key), step.value, self.bound.units.get(step.key), fact.source if fact else "", place
                )
        return tuple(found.values())

    def _weights(self) -> dict[str, Range]:
        """The weights that still apply: known even where scores are not."""
        return {weight_key(name): Range(weight, weight) for name, weight in self.outcome.weights.items()}

    def _interval(self, done: dict[str, Indicator]) -> tuple[Fraction, Fraction]:
        """What the total can still be, by the program's own expression: it rises with each score, so both ends are exact."""
        given = {score_key(name): Range(done[name].low, done[name].high) for name in self.program.first_level} | self._weights()
        given |= {score_key(name): self.run.extra_reach(name) for name in self.program.extras}
        reach = range_of(self.program.total, given)
        low, high = (reach.low, reach.high) if reach else (None, None)
        # rounded as the program rounds, and no more: full marks of 0.335 are not 0.34
        return Fraction(low or 0), Fraction(self.program.full if high is None else high)

    def _extras(self) -> tuple[Extra, ...]:
        tree, found = self.folder.tree, []
        for kind, extras in (("bonus", tree.bonus), ("penalty", tree.penalty)):
            if extras is None or kind not in self.outcome.extras:
                continue
            items = tuple((s.label.text, Fraction(s.value)) for s in all_steps(self.run.recorders[kind].steps) if s.label.role == "item")
            cap = extras.cap.of(tree.total, tree.total) if extras.cap else None
            points = round_half_up(self.outcome.extras[kind], self.program.places)  # as shown: rounded once, also where the total is
            found.append(Extra("bonus" if kind == "bonus" else "penalty", points, cap, items))
        return tuple(found)
