"""Projects that questions are asked of: the real evaluation, grown ones, and small ones whose every answer can be tried."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from cases_support import build
from generators import grow
from perfeval.problems import ProblemsFound, Where
from perfeval.scoring import open_project
from perfeval.whatif.asked import Given
from perfeval.whatif.setting import Changed, Ground, changed, ground
from perfeval.whatif.standing import Standing

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "xiangyuan_2023"
SCALE = (
    {"name": "优", "at_least": "90"},
    {"name": "良", "at_least": "80"},
    {"name": "中", "at_least": "60"},
    {"name": "差", "below": "60"},
)


@lru_cache
def example() -> Ground:
    return ground(open_project(EXAMPLE, partial=True))


def supposed(at: Ground, **texts: str) -> Changed:
    return suppose(at, texts)


def suppose(at: Ground, texts: Mapping[str, str]) -> Changed:
    return changed(at, [Given(key, text, Where(f"--set {key}={text}")) for key, text in texts.items()])


def made(indicators: Mapping[str, Any], evidence: Mapping[str, Any]) -> Ground:
    with tempfile.TemporaryDirectory() as root:
        build({"indicators": indicators, "evidence": evidence}, Path(root))
        return ground(open_project(Path(root), partial=True))


def grown(seed: int) -> Standing | None:
    """A generated project; every fourth rounds the total only, every fourth to other places. None where it has no grade."""
    tree: dict[str, Any] = {}
    if seed % 4 == 1:
        tree["rounding"] = {"places": "2", "at": "total"}
    if seed % 4 == 2:
        tree["rounding"] = {"places": str(seed % 3), "at": "leaf"}
    project = grow(seed, **tree)
    try:
        at = made(project.indicators, project.evidence)
    except ProblemsFound:
        return None
    return None if at.result.total is None or at.result.grade is None else Standing(at)


def answers_only(seed: int) -> Standing:
    """Two to five leaves of yes/no items (all or nothing, vetoes, requirements among them), at most eleven answers; some do not apply."""
    chance = random.Random(seed)
    nodes: list[dict[str, Any]] = []
    evidence: dict[str, Any] = {}
    left = 11
    for n in range(chance.randint(2, 5)):
        count = min(chance.randint(1, 4), left)
        if count == 0:
            break
        left -= count
        name, items = f"指标{n}", tuple({"text": f"要点{i}", "points": str(chance.randint(1, 9))} for i in range(count))
        weight = sum(int(item["points"]) for item in items)
        rule: dict[str, Any] = {"kind": "checklist", "items": items}
        if chance.random() < 0.25:
            rule["all_or_nothing"] = "yes"
        node: dict[str, Any] = {"name": name, "weight": str(weight), "rule": rule}
        own: dict[str, Any] = {"checklist": tuple(chance.choice(["yes", "no", "no"]) for _ in range(count))}
        if left and chance.random() < 0.3:
            left -= 1
            word = chance.choice(["veto", "requires"])
            node[word] = ({"id": "c", "text": "条件"},)
            own[word] = {"c": chance.choice(["yes", "no"])}
        nodes.append(node)
        evidence[name] = own
    tree: dict[str, Any] = {"tree": tuple(nodes), "grades": SCALE}
    if chance.random() < 0.5:
        nodes.append({"name": "不适用的", "weight": str(chance.randint(1, 9)), "rule": {"kind": "judged"}})
        evidence["不适用的"] = {"not_applicable": "没有这项工作"}
        tree["policy"] = {"not_applicable": chance.choice(["rebase_total", "rebase_parent", "full"])}
        tree["tree"] = tuple(nodes)
    if chance.random() < 0.3:
        tree["rounding"] = {"places": "2", "at": "total"}
    total = sum(int(node["weight"]) for node in nodes)
    return Standing(made({"perfeval": "1", "id": "small", "total": str(total), **tree}, {"perfeval": "1", "indicators": evidence}))
