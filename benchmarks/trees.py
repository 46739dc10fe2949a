"""Project folders with as many leaves as wanted: every rule kind in turn, nothing left to chance."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

WEIGHT = 5  # of every leaf
GROUP = 10  # leaves in a second-level indicator, and at most as many of those in a first-level one


class Leaf(NamedTuple):
    """A rule, the measure beside it, the entry in the evidence. `@` is the leaf's number, `!` an answer."""

    rule: str
    measure: str = ""
    entry: str = ""


RATE = "实际@ / 计划@"
LINEAR = "{kind: linear, zero_at: 60%, full_at: 100%}"
JUDGED = "{kind: judged}"
LEAVES = (
    Leaf(
        "{kind: checklist, items: [制度健全, 分工清楚, 审批完整, 归档及时, {id: told, text: 公开公示}]}",
        entry="{checklist: [yes, !, yes, no, yes], reason: 没有归档}",
    ),
    Leaf("{kind: threshold, at_least: 90%}", RATE),
    Leaf(
        "{kind: bands, otherwise: 0, bands: [{at_least: 100%, points: 5},"
        " {at_least: 90%, below: 100%, points: 3}, {at_least: 70%, below: 90%, points: 1}]}",
        RATE,
    ),
    Leaf(LINEAR, RATE),
    Leaf("{kind: proportional, target: 100%, pass_mark: 60%}", RATE),
    Leaf("{kind: deduction, at_least: 100户, each: 10户, per: 0.5, steps: started}", "户数@"),
    Leaf(
        "{kind: tiers, tiers: {显著: 5, 较好: 4, 一般: {from: 1, to: 3}, 未发挥: 0}}",
        entry="{tier: 一般, points: 2.5, reason: 作用有限}",
    ),
    Leaf(JUDGED, entry="{points: 4.25, reason: 资料不全}"),
    Leaf(
        "{kind: sum, parts: [{name: 完成率@, points: 3, rule: " + LINEAR + "}, {name: 自评, points: 2, rule: " + JUDGED + "}]}",
        entry="{parts: {自评: {points: 1.5, reason: 资料不全}}}",
    ),
    Leaf("{kind: best, parts: [{name: 完成率@, rule: {kind: threshold, at_least: 100%}}, {name: 及时率@, rule: " + LINEAR + "}]}"),
    Leaf("{kind: least, parts: [{name: 完成率@, rule: " + LINEAR + "}, {name: 及时率@, rule: {kind: threshold, at_least: 70%}}]}"),
    Leaf(
        "{kind: mean, parts: [{name: 完成率@, weight: 3, rule: " + LINEAR + "},"
        " {name: 及时率@, weight: 2, rule: {kind: proportional, target: 100%}}]}"
    ),
    Leaf(
        "{kind: choose, when: [{if: 计划@ > 100万元, rule: " + LINEAR + "}], otherwise: {kind: threshold, at_least: 80%}}",
        RATE,
    ),
    Leaf('{kind: formula, points: "5 * min(1, 实际@ / 计划@)"}'),
)


def scattered(number: int, low: int, high: int) -> int:
    """A value that looks thrown and is always the same."""
    return low + (number * 7919 + 26) % (high - low + 1)


def facts_of(number: int) -> dict[str, str]:
    planned = scattered(number, 50, 250)
    return {
        "计划": f"{planned}万元",
        "实际": f"{planned * scattered(number, 60, 110)}00元",
        "户数": f"{scattered(number, 80, 120)}户",
        "完成率": f"{scattered(number, 55, 100)}.{number % 10}%",
        "及时率": f"{scattered(number, 60, 100)}%",
    }


def write_project(folder: Path, leaves: int) -> Path:
    """A project of three levels; every leaf is worth 5 points, and uses facts of its own."""
    groups = [range(start, min(start + GROUP, leaves)) for start in range(0, leaves, GROUP)]
    tree = ["perfeval: 1", f"id: tree-{leaves}", f"total: {leaves * WEIGHT}", "grades: mof-2020", "tree:"]
    facts, entries = ["facts:"], ["indicators:"]
    for top in range(0, len(groups), GROUP):
        inside = groups[top : top + GROUP]
        tree += [f"- name: 一级{top}", f"  weight: {sum(map(len, inside)) * WEIGHT}", "  children:"]
        for place, group in enumerate(inside, top):
            tree += [f"  - name: 二级{place}", f"    weight: {len(group) * WEIGHT}", "    children:"]
            for number in group:
                _add_leaf(number, tree, facts, entries)
    folder.mkdir(parents=True)
    files = {
        "project.yaml": ["perfeval: 1", f"name: {leaves} 个指标的项目"],
        "indicators.yaml": tree,
        "evidence.yaml": ["perfeval: 1", *facts, *entries],
    }
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _add_leaf(number: int, tree: list[str], facts: list[str], entries: list[str]) -> None:
    leaf = LEAVES[number % len(LEAVES)]
    rule, measure = (text.replace("@", str(number)) for text in (leaf.rule, leaf.measure))
    tree += [f"    - name: 指标{number}", f"      weight: {WEIGHT}", f"      rule: {rule}"]
    if measure:
        tree.append(f"      measure: {measure}")
    for name, value in facts_of(number).items():
        if f"{name}{number}" in rule + measure:
            facts.append(f"  {name}{number}: {value}")
    if leaf.entry:
        answer = "yes" if number % 3 else "no"
        entries.append(f"  指标{number}: {leaf.entry.replace('!', answer)}")
