"""Projects for the two scorers to agree on: random trees with everything beside the rules, and evidence with holes in it.

The tree and its policies come from the seed alone; `answers` gives other evidence, other holes, for the same tree.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from generators import Grower, Grown
from perfeval.quantity import show_decimal

HOLES = ("", "null", "待补充", "待定", "—", "/", None)  # None: the key is absent
SCALES = ("mof-2020", "guangdong", "shanghai-2014", "self-80-70-60", "pass-four")
OWN_SCALE = ({"name": "甲", "at_least": "85"}, {"name": "乙", "above": "50%"}, {"name": "丙", "at_most": "50"})


class Wild(Grower):
    """Grows a tree with policies, extras, vetoes and shared rules, and holes in its evidence."""

    widest = 3

    def project(self, levels: int | None = None, **tree: Any) -> Grown:
        grown = super().project(levels or self.random.choice([1, 1, 2, 2, 2, 3]), **tree)
        raw, evidence = grown.indicators, grown.evidence
        self._share_rules(raw)
        if self.random.random() < 0.12:
            self._as_printed(raw)
        if self.random.random() < 0.6:
            raw["rounding"] = {"places": str(self.random.randint(0, 4)), "at": self.random.choice(["leaf", "total"])}
        raw["grades"] = self.random.choice([*SCALES, OWN_SCALE])
        for word in ("bonus", "penalty"):
            if self.random.random() < 0.3:
                self._extras(word, raw, evidence)
        if self.random.random() < 0.2:
            names = ["乙", "丙"] if raw["grades"] is OWN_SCALE else []
            grade = {"grade": self.random.choice(names)} if names and self.random.random() < 0.5 else {}
            raw["veto"] = ({"id": "v", "text": "弄虚作假", **grade},)
            evidence["veto"] = {"v": self._yes_no()}
        policy = {"missing": self.random.choice(["error", "pending", "pending", "zero"])}
        if self.random.random() < 0.8:
            policy["not_applicable"] = self.random.choice(["rebase_total", "rebase_parent", "full"])
        raw["policy"] = policy
        holes = self.chance.random()
        if (holes < 0.5 and policy["missing"] != "error") or holes < 0.1:
            self._holes(evidence)
        if self.chance.random() < (0.4 if "not_applicable" in policy else 0.02):
            self._not_applicable(evidence["indicators"])
        return grown

    def fact(self, value: str) -> str:
        """Now and then a fact is zero, also where it divides."""
        return super().fact("0人" if value.endswith("人") and self.chance.random() < 0.03 else value)

    def _as_printed(self, raw: dict[str, Any]) -> None:
        """Quoted as found: what is written above does not always come to the weights below it. The leaves keep theirs."""
        raw["as_printed"] = "yes"
        for node in _parents(raw["tree"]):
            if self.random.random() < 0.5:
                node["weight"] = self._off(node["weight"], self.random.choice([-1, 1]))
        if self.random.random() < 0.7:
            raw["total"] = self._off(raw["total"], self.random.choice([-1, 1]))

    def _off(self, weight: str, way: int) -> str:
        return show_decimal(Fraction(weight) * (10 + way * self.random.randint(1, 3)) / 10)

    def _share_rules(self, raw: dict[str, Any]) -> None:
        """A leaf's rule may stand under `rules` and be named."""
        for node in list(_leaves(raw["tree"])):
            if self.random.random() < 0.1:
                name = f"规则{node['name']}"
                raw.setdefault("rules", {})[name] = node["rule"]
                node["rule"] = name

    def _extras(self, word: str, raw: dict[str, Any], evidence: dict[str, Any]) -> None:
        total = Fraction(raw["total"])
        items: list[dict[str, Any]] = [{"id": "p", "text": "事项甲", "points": "1/30 of weight"}]
        answers: dict[str, Any] = {"p": self._yes_no()}
        rule, answers["q"] = self.rule(total * 3 / 100, self.random.choice(["judged", "tiers"]))
        items.append({"id": "q", "text": "事项乙", "points": "3% of weight", "rule": rule})
        raw[word] = {"items": tuple(items), **({"cap": "5% of weight"} if self.random.random() < 0.5 else {})}
        evidence[word] = answers

    def _holes(self, evidence: dict[str, Any]) -> None:
        """Some of what was answered is missing, each way in turn."""
        for key in ("facts", "indicators", "veto", "bonus", "penalty"):
            if key in evidence and (key == "indicators" or self.chance.random() < 0.3):
                evidence[key] = self._holed(evidence[key], 0.1 if key == "indicators" else 0.2)

    def _holed(self, given: Any, chance: float) -> Any:
        if isinstance(given, dict):
            kept = {key: self._holed(value, chance) for key, value in given.items()}
            return {key: value for key, value in kept.items() if value is not None}
        if isinstance(given, tuple):
            return tuple("—" if one is None else one for one in (self._holed(one, chance) for one in given))
        return self.chance.choice(HOLES) if self.chance.random() < chance else given

    def _not_applicable(self, entries: dict[str, Any]) -> None:
        for name, entry in entries.items():
            if self.chance.random() < 0.2:
                entries[name] = {"not_applicable": "本项目没有这一项"}
                continue
            for word in ("checklist", "parts"):
                if isinstance(entry, dict) and word in entry:
                    entry[word] = self._items(entry[word])

    def _items(self, answers: Any) -> Any:
        if isinstance(answers, tuple):
            return tuple(self._item(one) for one in answers)
        return {key: self._item(one) for key, one in answers.items()}

    def _item(self, one: Any) -> Any:
        return {"not_applicable": "不涉及"} if self.chance.random() < 0.15 else one


def _parents(nodes: Any) -> Any:
    for node in nodes:
        if "children" in node:
            yield node
            yield from _parents(node["children"])


def _leaves(nodes: Any) -> Any:
    for node in nodes:
        if "children" in node:
            yield from _leaves(node["children"])
        else:
            yield node


def grow_wild(seed: int, answers: int | None = None) -> Grown:
    """A project that asks both scorers for all they know."""
    return Wild(seed, answers).project()
