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
    """Grows one project. The tree comes from `seed` alone and the evidence from `answers` too: with the same seed another
    number gives other evidence for the same tree. `decimals` keeps weights exact in text."""

    widest = 4  # children of one parent

    def __init__(self, seed: int, answers: int | None = None) -> None:
        self.random = random.Random(seed)
        self.chance = random.Random(f"{seed}/{seed if answers is None else answers}")
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
        if count <= units and self.random.random() < 0.9:
            cuts = sorted(self.random.sample(range(1, units), count - 1))
        else:  # some of them 0
            cuts = sorted(self.random.randint(0, units) for _ in range(count - 1))
        return [Fraction(b - a, 10) for a, b in zip([0, *cuts], [*cuts, units], strict=True)]

    def _children(self, total: Fraction, levels: int, grown: Grown) -> list[dict[str, Any]]:
        return [self._node(weight, levels - 1, grown) for weight in self._split(total, self.random.randint(1, self.widest))]

    def _node(self, weight: Fraction, levels: int, grown: Grown) -> dict[str, Any]:
        self.count += 1
        node: dict[str, Any] = {"name": f"指标{self.count}", "weight": show_decimal(weight)}
        if levels and self.random.random() < 0.6:
            return {**node, "children": self._children(weight, levels, grown)}
        node["rule"], answers = self.rule(weight, self.random.choice((*SIMPLE, *COMPOSITE)))
        if "actual" in answers:
            self._measured(node, answers)
        grown.evidence[node["name"]] = answers
        grown.leaves.append(node["name"])
        self._clauses(node, answers)
        return node

    def _measured(self, node: dict[str, Any], answers: dict[str, Any]) -> None:
        """The quantity of a leaf is typed, or a fact, or one of the leaf's own values."""
        way = self.random.random()
        if way < 0.25:
            node["measure"] = self.fact(answers.pop("actual"))
        elif way < 0.35:
            node["measures"] = {"所得": self.fact(answers.pop("actual"))}
        elif way < 0.5 and node["rule"]["kind"] != "choose":
            node["rule"]["of"] = "所填"
            answers["values"] = {"所填": answers.pop("actual")}

    def _clauses(self, node: dict[str, Any], answers: dict[str, Any]) -> None:
        if self.random.random() < 0.15:
            node["veto"] = ({"id": "v", "text": "一票否决情形"},)
            answers["veto"] = {"v": self._yes_no()}
        if self.random.random() < 0.1:
            node["requires"] = ({"id": "r", "text": "前置条件"},)
            answers["requires"] = {"r": self._yes_no()}
        if self.random.random() < 0.1:
            per, cap = self.random.choice([("0.3", "2"), ("1/7 of weight", "1/2 of leaf"), ("10% of weight", "full")])
            node["defects"] = ({"id": "d", "text": "发现问题", "per": per, "cap": cap},)
            answers["defects"] = {"d": str(self.chance.randint(0, 9))}

    def _yes_no(self) -> str:
        return self.chance.choice(["yes", "no", "是", "否"])

    def _near(self, *edges: int | Fraction, least: int | None = None) -> Fraction:
        """On an edge, one step of some last place beside it, or anywhere near."""
        edge, step = self.chance.choice(edges), Fraction(1, 10 ** self.chance.choice([0, 1, 2, 4, 18]))
        found = edge + step * self.chance.choice([-1, 0, 0, 1, 37]) + self.chance.choice([0, 0, 0, Fraction(1, 3)]) // step * step
        return found if least is None else max(Fraction(least), found)

    def _percent(self, *edges: int | Fraction) -> str:
        """Percentages crowd around the edges that rules have."""
        return f"{show_decimal(self._near(*(edges or (0, 60, 70, 80, 90, 100, 120)), least=0))}%"

    def _count(self, *edges: int, unit: str = "户") -> str:
        return f"{max(0, self.chance.choice(edges) + self.chance.choice([-1, 0, 0, 1, 5]))}{unit}"

    def fact(self, value: str) -> str:
        name = f"量{len(self.facts) + 1}"
        self.facts[name] = value
        return name

    def rule(self, weight: Fraction, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """A rule worth `weight`, and a leaf's answers for it."""
        grow = getattr(self, f"_{kind}")
        rule, answers = grow(weight)
        return {"kind": kind, **rule}, answers

    def _rate(self, rule: dict[str, Any], *edges: int | Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        """A rule that looks at a rate: typed in per cent, or a quotient of counts, with its thirds and sevenths."""
        if self.random.random() < 0.3:
            done, all_of = self.fact(self._count(3, 7, 9, 10, 20)), self.fact(f"{self.chance.choice([3, 7, 9, 10, 20])}人")
            return {**rule, "of": f"{done} / {all_of}"}, {}
        return rule, {"actual": self._percent(*edges)}

    def _threshold(self, _: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        bound = self.random.choice(["at_least", "above", "at_most", "below", "exactly"])
        if self.random.random() < 0.2:
            plan = self.fact(self._count(10, 12))
            return {bound: f"{plan} * 90%"}, {"actual": self._count(9, 10)}
        edge = self.random.choice(["90%", "33.3333%", "100%"])
        return self._rate({bound: edge}, Fraction(edge[:-1]))

    def _bands(self, _: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        bands: tuple[dict[str, Any], ...] = (
            {"at_least": "100%", "points": "full"},
            {"at_least": "90%", "below": "100%", "points": "2/3 of weight"},
            {"at_least": "70%", "below": "90%", "points": "1/7 of weight"},
        )
        if self.random.random() < 0.3:
            bands = ({"above": "95%", "points": "full"}, {"exactly": "95%", "points": "50% of weight"}, {"at_least": "60%", "points": "0"})
        return self._rate({"bands": bands, "otherwise": "0"}, 60, 70, 90, 95, 100)

    def _linear(self, weight: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        way = self.random.random()
        if way < 0.15:
            day = f"2023-0{self.chance.choice(['6-29', '6-30', '7-01', '7-06', '7-09', '7-10', '7-11'])}"
            return {"zero_at": "2023-07-10", "full_at": "2023-06-30"}, {"actual": day}
        rule: dict[str, Any] = {"zero_at": "60%", "full_at": "100%"}
        if way < 0.3:
            rule = {"zero_at": "10%", "full_at": "3%"}
        elif way < 0.55:
            rule = {"through": (("60%", "0"), ("80%", "1/3 of weight"), ("100%", "full"))}
        if self.random.random() < 0.3:
            rule["pass_mark"] = "70%" if way >= 0.3 else "7%"
        return self._rate(rule, *((60, 70, 80, 100) if way >= 0.3 else (3, 7, 10)))

    def _proportional(self, _: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        direction = self.random.choice(["forward", "reverse", "reverse_ratio", "baseline"])
        rule: dict[str, Any] = {"target": self.random.choice(["7户", "3户", "9户"]), "direction": direction}
        if direction == "baseline":
            rule["baseline"] = self.random.choice(["2户", "10户"])
        if self.random.random() < 0.3:
            rule["pass_mark"] = "60%"
        if direction == "forward" and self.random.random() < 0.3:
            rule["over"] = {
                "beyond": "130%",
                "then": self.random.choice(["warn", "zero", {"kind": "linear", "zero_at": "40户", "full_at": "9户"}]),
            }
        return rule, {"actual": self._count(0, 3, 7, 9, 10, 14)}

    def _deduction(self, _: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        way = self.random.random()
        per = self.random.choice(["1/9 of weight", "30% of weight", "1/7 of leaf"])
        if way < 0.2:
            return {"at_most": "2处", "each": "1处", "per": per}, {"actual": self._count(0, 2, 5, unit="处")}
        bound = self.random.choice(["at_least", "above", "at_most", "below", "exactly"])
        rule = {bound: "90%", "each": "3%", "per": per, "steps": self.random.choice(["whole", "started", "exact"])}
        if self.random.random() < 0.2:
            rule["floor"] = "1/8 of weight"
        return self._rate(rule, 84, 87, 90, 93, 96)

    def _tiers(self, weight: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        tiers = {"好": "full", "中": {"from": "60% of weight", "below": "full"}, "差": "0"}
        tier = self.chance.choice(list(tiers))
        if weight == 0 and tier == "中":  # an empty range holds no points
            tier = "好"
        return {"tiers": tiers}, {
            "tier": tier,
            **({"points": self.chance.choice(["60% of weight", "2/3 of weight"])} if tier == "中" else {}),
        }

    def _judged(self, weight: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        share = f"{self.chance.randint(0, 3)}/3 of weight"
        tie = show_decimal(min(Fraction(self.chance.randint(0, 2000), 200), Fraction(int(weight * 1000), 1000)))
        return {}, {"points": self.chance.choice([f"{self.chance.randint(0, 100)}%", share, "full", tie])}

    def _formula(self, weight: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        done, all_of = self.fact(f"{self.chance.randint(0, 20)}人"), self.fact(f"{self.chance.randint(1, 20)}人")
        if self.random.random() < 0.3:
            return {"points": f"{done} / 7人 - {all_of} / 21人 + 1/3", "cap": "full"}, {}
        return {"points": f"{show_decimal(weight)} * min(1, {done} / {all_of})"}, {}

    def _checklist(self, weight: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        count = self.random.randint(1, 7)
        names = tuple(f"要点{n}" for n in range(count))
        rule: dict[str, Any] = {"items": names}
        answers: list[Any] = [self._yes_no() for _ in names]
        if self.random.random() < 0.2:
            rule["all_or_nothing"] = "yes"
        elif self.random.random() < 0.2:
            own, answers[-1] = self.rule(weight / count, self.random.choice(("judged", "tiers", "threshold", "deduction")))
            rule["items"] = (*names[:-1], {"text": names[-1], "rule": own})
        return rule, {"checklist": tuple(answers)}

    def _parts(self, weight: Fraction, shared: bool) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
        count = self.random.randint(2, 4)
        parts, answers = [], {}
        for n in range(count):
            worth = weight / count if shared else weight
            rule, own = self.rule(worth, self.random.choice(("judged", "linear", "bands", "tiers", "proportional", "checklist")))
            parts.append({"name": f"部分{n}", "rule": rule})
            answers[f"部分{n}"] = own
        return tuple(parts), answers

    def _sum(self, weight: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        parts, answers = self._parts(weight, shared=True)
        return {"parts": parts, **({"cap": "80% of weight"} if self.random.random() < 0.2 else {})}, {"parts": answers}

    def _best(self, weight: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        parts, answers = self._parts(weight, shared=False)
        return {"parts": parts}, {"parts": answers}

    _least = _best

    def _mean(self, weight: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        parts, answers = self._parts(weight, shared=False)
        if len(parts) > 2 and self.random.random() < 0.3:
            return {"parts": parts, "drop": "extremes"}, {"parts": answers}
        if self.random.random() < 0.3:
            parts = tuple({**part, "weight": self.random.choice(["1", "2", "0.7"])} for part in parts)
        return {"parts": parts}, {"parts": answers}

    def _choose(self, weight: Fraction) -> tuple[dict[str, Any], dict[str, Any]]:
        switch = self.fact(self._percent(80))
        flag = self.fact(self._yes_no())
        first, one = self.rule(weight, "judged")
        second, other = self.rule(weight, "linear")
        condition = self.random.choice([f"{switch} >= 80%", f"not {flag} and {switch} > 80%", f"({flag} or {switch} < 80%)"])
        return {"when": ({"if": condition, "rule": first},), "otherwise": second}, {**one, **other}


def grow(seed: int, levels: int | None = None, answers: int | None = None, **tree: Any) -> Grown:
    """A random project of 1 to 4 levels. Further keys go into indicators.yaml."""
    return Grower(seed, answers).project(levels, **tree)
