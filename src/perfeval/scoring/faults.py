"""What stands in the way of a score, or is worth saying about it, found while it was computed."""

from __future__ import annotations

from collections.abc import Iterable

from perfeval.backends.exact.interpreter import MissingInputs, NoScore, OutOfDomain, ZeroDivisor
from perfeval.ir.given import is_award
from perfeval.ir.nodes import Expr
from perfeval.ir.program import TOTAL, Node, Step, weight_key
from perfeval.ir.show import show
from perfeval.ir.units import Range, range_of
from perfeval.ir.walk import inputs
from perfeval.lowering.from_grades import grade_bands
from perfeval.problems import Origin, Problem, ProblemKind, Severity, did_you_mean
from perfeval.quantity import show_decimal, show_quantity
from perfeval.scoring.run import Run, all_steps

MISSING = ProblemKind(
    "missing-evidence",
    says="缺「{name}」{what}{key}，「{leaf}」的 {points} 分无法计算。{hint}",
    remedy="在 evidence.yaml 里补上；暂时没有的，用 perfeval score --partial 先算其余部分。",
    en="{what_en}“{name}”{key} is missing; the {points} points of “{leaf_en}” cannot be scored. {hint}",
    en_remedy="Give it in evidence.yaml; to score the rest meanwhile, use perfeval score --partial.",
)
PLACEHOLDER = ProblemKind(
    "placeholder",
    says="「{name}」{what}{key}还没有值（{text}），「{leaf}」的 {points} 分无法计算。",
    remedy="填上实际值；没有数据不等于 0。暂时没有的，用 perfeval score --partial 先算其余部分。",
    en="{what_en}“{name}”{key} has no value yet ({text_en}); the {points} points of “{leaf_en}” cannot be scored.",
    en_remedy="Fill in the actual value; no data is not 0. To score the rest meanwhile, use perfeval score --partial.",
)
ZERO_DIVISOR = ProblemKind(
    "zero-divisor",
    says="「{leaf}」的算式除以了 0：{expression}，其中 {divisor} 为 0。",
    remedy="核对这个数；分母确实为 0 时，写 not_applicable 并说明原因，或在规则里写明怎么算。",
    en="The formula of “{leaf}” divides by 0: {expression}, where {divisor} is 0.",
    en_remedy="Check the figure; if it is rightly 0, say not_applicable with the reason, or let the rule say what follows.",
)
OUT_OF_RANGE = ProblemKind(
    "points-out-of-range",
    says="「{name}」给了 {value}，不在 {range} 之内。",
    remedy="改成范围内的数。",
    en="“{name}” is {value}, outside {range}.",
    en_remedy="Give a number within the range.",
)
NO_ANSWER = ProblemKind(
    "rule-no-answer",
    says="「{leaf}」的规则对这个值没有说怎么算：{why}{values}。",
    remedy="补全规则（otherwise、steps 等），使每个值都有一个得分。",
    en="The rule of “{leaf}” does not say what follows for this value: {why}{values}.",
    en_remedy="Complete the rule (otherwise, steps, …) so that each value has a score.",
)
NO_GRADE = ProblemKind(
    "no-grade",
    says="总分 {total} 不属于任何等级（{bands}）。",
    remedy="让等级的界限相接，使每个得分都有一个等级。",
    en="The total of {total} is in none of the grades ({bands}).",
    en_remedy="Let the bounds of grades meet so that each score has a grade.",
)
NOTHING_APPLIES = ProblemKind(
    "nothing-applicable",
    says="没有一项适用，无法计分。",
    remedy="至少保留一项适用的指标；整个指标不适用时，在指标一级写 not_applicable。",
    en="Nothing applies: there is no score.",
    en_remedy="At least one indicator has to apply; where a whole indicator does not, say so at the indicator.",
)
ZERO_BY_POLICY = ProblemKind(
    "zero-by-policy",
    says="「{leaf}」缺佐证（{keys}），按 policy 的 missing: zero 计 0 分，失 {points} 分。",
    remedy="补上佐证后重新评分。",
    en="“{leaf_en}” lacks evidence ({keys}) and gets 0 points by policy (missing: zero): {points} lost.",
    en_remedy="Supply the evidence and score again.",
    severity=Severity.WARNING,
)
TARGET_LOW = ProblemKind(
    "far-above-target",
    says="「{leaf}」的完成值超过目标值的 {mark}，目标可能定得偏低。",
    remedy="在 finding 里说明原因，或调整目标值。",
    en="“{leaf}”: the actual value is more than {mark} of the target, which may have been set too low.",
    en_remedy="Explain it under finding, or mend the target.",
    severity=Severity.WARNING,
)
NOT_JUDGED = ProblemKind(
    "points-not-judged",
    says="「{leaf}」给了 {given} 分，但这一档的分数是定好的。",
    remedy="删去 points，或检查等次、完成值是否填对。",
    en="“{leaf}” is given {given} points, but its band or tier has fixed points.",
    en_remedy="Remove points, or check the tier or the actual value.",
)

NO_ANSWER_ROLES = frozenset(["no-band", "no-tier", "no-grade", "step-mode", "too-few-parts", "nothing-applicable", "negative-target"])
"""Labels of a quotient by a constant zero: how a rule says that it has no answer. Any other zero divisor is somebody's figure."""

_FORMS = {"points": ("的评分", "The score (points) of "), "tier": ("的等次", "The tier of ")}
"""What is missing where an evaluator judges; all else is named by its key."""
_SHOWN = 80  # characters of an expression that are quoted


class Faults:
    """Looks through one run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.folder, self.program, self.bound, self.policy, self.outcome = run.folder, run.program, run.bound, run.policy, run.outcome

    def problems(self) -> list[Problem]:
        found: list[Problem] = []
        for name, error in self.outcome.errors.items():
            found.extend(self._explain(name, error))
        if self.outcome.total is None and TOTAL not in self.outcome.errors and self._nothing_applies():
            found.append(NOTHING_APPLIES.on(Origin(self.folder.indicators.file, ("tree",))))
        for name, keys in self.run.zeroed.items():
            node = self.program.nodes.get(name)
            points = show_decimal(node.weight) if node else "0"
            found.append(
                ZERO_BY_POLICY.on(self._entry_origin(name), **_named(node, "加分", "the bonus"), keys="、".join(keys), points=points)
            )
        for node in self.program.leaves:
            found.extend(self._of_trace(node))
        for word, expr in self.program.extras.items():
            if word in self.outcome.extras:
                found.extend(self._unjudged(expr, list(all_steps(self.run.recorders[word].steps))))
        return found

    def _nothing_applies(self) -> bool:
        """Whatever is still missing (a bonus, say): with these weights the total has no value at all."""
        weights = {weight_key(name): Range(weight, weight) for name, weight in self.outcome.weights.items()}
        return range_of(self.program.total, weights) is None

    def _explain(self, name: str, error: NoScore) -> list[Problem]:
        node = self.program.nodes.get(name)
        leaf = node.path[-1] if node else ""
        if isinstance(error, MissingInputs):
            return [] if self.policy.missing == "pending" else self._missing(node, error.keys)
        if isinstance(error, OutOfDomain):
            return [self._out_of_domain(leaf, error)]
        assert isinstance(error, ZeroDivisor)
        label = error.node.label
        if label is None or label.role not in NO_ANSWER_ROLES:
            named = _cut(show(error.node, lambda i: self.run.name_of(i.key)))
            return [
                ZERO_DIVISOR.on(
                    error.node.origin or self._rule_origin(name),
                    leaf=leaf,
                    expression=named,
                    divisor=_cut(show(error.node.below, lambda i: self.run.name_of(i.key))),
                )
            ]
        if label.role == "no-grade":
            total = self.outcome.total
            bands = "，".join(f"{band.name} {band.told}" for band in grade_bands(self.folder.indicators))
            return [NO_GRADE.on(self.folder.indicators.grades_origin, total=show_decimal(total or 0), bands=bands)]
        if label.role == "nothing-applicable":
            return [NOTHING_APPLIES.on(self._entry_origin(name) if node else error.node.origin)]
        why = {
            "no-band": "不在任何一档 (in no band)",
            "negative-target": f"目标值 {label.text} 小于 0 (the target is below 0)",
            "step-mode": f"不满一步 {label.text} 时有两种算法 (steps: whole or started?)",
            "no-tier": "这个等次不在适用的规则里 (the tier is none of the rule that applies)",
            "too-few-parts": "去掉最高最低后没有剩下 (nothing is left without the extremes)",
        }.get(label.role, label.role)
        values = (
            "，".join(
                f"{self.run.name_of(key)} = {self.bound.texts.get(key) or show_quantity(value, self.bound.units.get(key))}"
                for key in inputs(node.expr)
                if node and (value := self.bound.values.get(key)) is not None
            )
            if node
            else ""
        )
        return [NO_ANSWER.on(self._rule_origin(name), leaf=leaf, why=why, values=f"（{_cut(values)}）" if values else "")]

    def _missing(self, node: Node | None, keys: Iterable[str]) -> list[Problem]:
        points = node.weight if node else self.program.full
        found = []
        for key in keys:
            if key in self.bound.blocked:
                continue
            ask = self.program.asks.get(key)
            name = ask.text if ask and ask.text else key
            what, what_en = _FORMS.get(ask.form, ("", "")) if ask else ("", "")
            told = {
                "what": what,
                "what_en": what_en,
                "name": name,
                "key": f"（{key}）" if key != name else "",
                **_named(node, "总分", "the total"),
                "points": show_decimal(points),
            }
            if key in self.bound.placeholders:
                found.append(PLACEHOLDER.on(self.bound.origins.get(key), **self._said(key), **told))
                continue
            hint = did_you_mean(key, set(self.folder.facts)) if ask and ask.form == "fact" else ""
            found.append(MISSING.on(self._missing_place(key, node), hint=hint, **told))
        return found

    def _said(self, key: str) -> dict[str, str]:
        """What stands where a value should, for people of both languages."""
        text = self.bound.placeholders[key]
        fact = self.folder.evidence.facts.get(key)
        if fact is not None and fact.table is not None:  # not written but found out; said in both languages
            zh, _, en = text.rstrip(")").partition(" (")
            return {"text": zh, "text_en": en or zh}
        if not text:
            return {"text": "空着", "text_en": "it is empty"}
        return {"text": f"写的是「{text}」", "text_en": f"it says “{text}”"}

    def _missing_place(self, key: str, node: Node | None) -> Origin:
        ask = self.program.asks.get(key)
        if ask is not None and ask.form == "fact":
            return Origin(self.folder.evidence_file, ("facts",), of_key=True)
        return self._entry_origin(node.id) if node else Origin(self.folder.evidence_file)

    def _entry_origin(self, name: str) -> Origin:
        return self.bound.origins.get(name, Origin(self.folder.evidence_file, ("indicators",))).key()

    def _value_origin(self, node: Node) -> Origin:
        """Where a leaf's value comes from: its entry, else the first fact of its measure."""
        if node.id not in self.bound.origins:
            for key in inputs(node.expr):
                if key in self.folder.facts:
                    return self.folder.facts[key].origin.key()
        return self._entry_origin(node.id)

    def _rule_origin(self, name: str) -> Origin | None:
        node = self.program.nodes.get(name)
        return node.origin.under("rule") if node and node.origin else None

    def _out_of_domain(self, leaf: str, error: OutOfDomain) -> Problem:
        domain, key = error.node.domain, error.node.key
        assert domain is not None
        low, high = (show_decimal(end) if end is not None else "…" for end in (domain.low, domain.high))
        name = self.run.name_of(key) if leaf in ("", self.run.name_of(key)) else f"{leaf}：{self.run.name_of(key)}"
        shown = f"{low} ≤ x {'<' if domain.below else '≤'} {high}"
        return OUT_OF_RANGE.on(self.bound.origins.get(key), name=name, value=show_decimal(error.value), range=shown)

    def _of_trace(self, node: Node) -> list[Problem]:
        """What the steps that were taken call for: a target far exceeded, points that nothing asked for."""
        steps = list(all_steps(self.run.recorders[node.id].steps)) if node.id in self.outcome.scores else []
        found = [TARGET_LOW.on(self._value_origin(node), leaf=node.path[-1], mark=s.label.text) for s in steps if s.label.role == "warn"]
        return found + self._unjudged(node.expr, steps, node.path[-1])

    def _unjudged(self, expr: Expr, steps: list[Step], leaf: str = "") -> list[Problem]:
        """Points that no step asked for although they are given, and that are not the fixed ones."""
        read, found = {step.key for step in steps}, []
        for key in inputs(expr):
            ask = self.program.asks.get(key)
            if ask and ask.form == "points" and key in self.bound.values and key not in read:
                given = self.bound.values[key]
                if any(is_award(step.label, step.origin, ask) and step.value != given for step in steps):
                    name = leaf or self.run.name_of(key)
                    found.append(NOT_JUDGED.on(self.bound.origins.get(key), leaf=name, given=show_decimal(given)))
        return found


def _named(node: Node | None, zh: str, en: str) -> dict[str, str]:
    """A leaf's name for both languages; what belongs to no leaf has a name of ours in each."""
    return {"leaf": node.path[-1], "leaf_en": node.path[-1]} if node else {"leaf": zh, "leaf_en": en}


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
