"""Random indicator trees with evidence that fits them, from a seed: the same seed gives the same project everywhere."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from perfeval.quantity import show_decimal

SIMPLE = ("threshold", "bands", "linear", "proportional", "deduction", "tiers", "judged", "formula")
COMPOSITE = ("checklist", "sum", "best", "least", "mean", "choose")


@dataclass
class Grown:
    """A project as raw YAML content."""

    indicators: dict[str, Any]
    evidence: dict[str, Any]
    leaves: list[str] = field(default_factory=list)


class Grower:
    """Grows one project. `decimals` keeps weights exact in text."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0
        self.facts: dict[str, str] = {}

    def project(self, levels: int | None = None, **tree: Any) -> Grown:
        levels = levels or self.random.randint(1, 4)
        total = Fraction(self.random.choice(["100", "50", "21", "33.3"]))
        grown = Grown({}, {})
        nodes = self._children(total, levels, grown)
        indicators = {"perfeval": "1", "id": "random", "total": show_decimal(total), "tree": nodes, **tree}
        grown.indicators = indicators
        grown.evidence = {"perfeval": "1", "facts": self.facts, "indicators": grown.evidence}
        return grown

    def _split(self, total: Fraction, count: int) -> list[Fraction]:
        """Weights with one decimal that add up exactly."""
        units = int(total * 10)
        cuts = sorted(self.random.randint(0, units) for _ in range(count - 1))
        return [Fraction(b - a, 10) for a, b in zip([0, *cuts], [*cuts, units], strict=True)]

    def _children(self, total: Fraction, levels: int, grown: Grown) -> list[dict[str, Any]]:
        return [self._node(weight, levels - 1, grown) for weight in self._split(total, self.random.randint(1, 4))]

    def _node(self, weight: Fraction, levels: int, grown: Grown) -> dict[str, Any]:
        self.count += 1
        node: dict[str, Any] = {"name": f"指标{self.count}", "weight": show_decimal(weight)}
        if levels and self.random.random() < 0.6:
            return {**node, "children": self._children(weight, levels, grown)}
        node["rule"], answers = self.rule(weight, self.random.choice((*SIMPLE, *COMPOSITE)))
        if "actual" in answers and self.random.random() < 0.3:
            node["measure"] = self.fact(answers.pop("actual"))
        grown.evidence[node["name"]] = answers
        grown.leaves.append(node["name"])
        self._clauses(node, answers)
        return node

    def _clauses(self, node: dict[str, Any], answers: dict[str, Any]) -> None:
        if self.random.random() < 0.15:
            node["veto"] = ({"id": "v", "text": "一票否决情形"},)
            answers["veto"] = {"v": self._yes_no()}
        if self.random.random() < 0.1:
            node["requires"] = ({"id": "r", "text": "前置条件"},)
            answers["requires"] = {"r": self._yes_no()}
        if self.random.random() < 0.1:
            node["defects"] = ({"id": "d", "text": "发现问题", "per": "0.3", "cap": "2"},)
            answers["defects"] = {"d": str(self.random.randint(0, 9))}

    def _yes_no(self) -> str:
        return self.random.choice(["yes", "no", "是", "否"])

    def _percent(self) -> str:
        """Percentages crowd around the edges that rules have."""
        edge = self.random.choice([0, 60, 70, 80, 90, 100, 120])
        return f"{show_decimal(max(Fraction(0), edge + Fraction(self.random.choice([-100, -1, 0, 1, 37, 333]), 100)))}%"

    def fact(self, value: str) -> str:
        name = f"量{len(self.facts) + 1}"
        self.facts[name] = value
        return name

    def rule(self, weight: Fraction, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """A rule worth `weight`, and a leaf's answers for it."""
        grow = getattr(self, f"_{kind}")
        rule, answers = grow(weight)
        return {"kind": kind, **rule}, answers

    def _threshold(self, _: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        bound = self.random.choice(["at_least", "above", "at_most", "below", "exactly"])
        return {bound: "90%"}, {"actual": self._percent()}

    def _bands(self, _: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        bands = (
            {"at_least": "100%", "points": "full"},
            {"at_least": "90%", "below": "100%", "points": "2/3 of weight"},
            {"at_least": "70%", "below": "90%", "points": "1/7 of weight"},
        )
        return {"bands": bands, "otherwise": "0"}, {"actual": self._percent()}

    def _linear(self, _: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        rule = {"zero_at": "60%", "full_at": "100%"}
        if self.random.random() < 0.3:
            rule = {"through": (("60%", "0"), ("80%", "1/3 of weight"), ("100%", "full"))}  # type: ignore[assignment]
        if self.random.random() < 0.3:
            rule["pass_mark"] = "70%"
        return rule, {"actual": self._percent()}

    def _proportional(self, _: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        direction = self.random.choice(["forward", "reverse", "reverse_ratio"])
        rule: dict[str, Any] = {"target": "7户", "direction": direction}
        if self.random.random() < 0.3:
            rule["pass_mark"] = "60%"
        return rule, {"actual": f"{self.random.randint(0, 16)}户"}

    def _deduction(self, _: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        mode = self.random.choice(["whole", "started", "exact"])
        return {"at_least": "90%", "each": "3%", "per": "1/9 of weight", "steps": mode}, {"actual": self._percent()}

    def _tiers(self, weight: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        tiers = {"好": "full", "中": {"from": "60% of weight", "below": "full"}, "差": "0"}
        tier = self.random.choice(list(tiers))
        if weight == 0 and tier == "中":  # an empty range holds no points
            tier = "好"
        return {"tiers": tiers}, {"tier": tier, **({"points": "60% of weight"} if tier == "中" else {})}

    def _judged(self, _: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        return {}, {"points": f"{self.random.randint(0, 100)}%"}

    def _formula(self, weight: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        done, all_of = self.fact(f"{self.random.randint(0, 20)}人"), self.fact(f"{self.random.randint(1, 20)}人")
        return {"points": f"{show_decimal(weight)} * min(1, {done} / {all_of})"}, {}

    def _checklist(self, _: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        count = self.random.randint(1, 7)
        rule: dict[str, Any] = {"items": tuple(f"要点{n}" for n in range(count))}
        if self.random.random() < 0.2:
            rule["all_or_nothing"] = "yes"
        return rule, {"checklist": tuple(self._yes_no() for _ in range(count))}

    def _parts(self, weight: Fraction, shared: bool) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
        count = self.random.randint(2, 4)
        parts, answers = [], {}
        for n in range(count):
            worth = weight / count if shared else weight
            rule, own = self.rule(worth, self.random.choice(("judged", "linear", "bands", "checklist")))
            parts.append({"name": f"部分{n}", "rule": rule})
            answers[f"部分{n}"] = own
        return tuple(parts), answers

    def _sum(self, weight: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        parts, answers = self._parts(weight, shared=True)
        return {"parts": parts}, {"parts": answers}

    def _mean(self, weight: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        parts, answers = self._parts(weight, shared=False)
        return {"parts": parts}, {"parts": answers}

    _best = _least = _mean

    def _choose(self, weight: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        switch = self.fact(self._percent())
        first, one = self.rule(weight, "judged")
        second, other = self.rule(weight, "linear")
        return {"when": ({"if": f"{switch} >= 80%", "rule": first},), "otherwise": second}, {**one, **other}


def grow(seed: int, levels: int | None = None, **tree: Any) -> Grown:
    """A random project of 1 to 4 levels. Further keys go into indicators.yaml."""
    return Grower(seed).project(levels, **tree)
