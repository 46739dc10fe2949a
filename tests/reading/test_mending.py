"""Trees and evidence with one fault: what is left to check the rest by, and how much is said to be known of it."""

from __future__ import annotations

from typing import Any

import pytest

from perfeval.model.tree import Tree
from perfeval.reading.mending import Mended, mended_evidence, mended_tree
from perfeval.reading.positions import build_model
from perfeval.reading.yaml_subset import YamlFile, read_yaml

TREE = """\
perfeval: 1
id: t
total: 90
units: [车皮]
quantities: {车: {unit: 车皮}}
rules: {有无: {kind: threshold, at_least: 5}}
constraints:
- {sum_of: [过程], at_least: 10%}
veto: [{id: v, text: 造假}]
bonus: {cap: 5, items: [{id: b, text: 创新, points: 5}]}
tree:
- name: 过程
  weight: 50
  explain: 说明
  children:
  - {name: 甲, id: a, weight: 20, target: 好, rule: {kind: judged}}
  - {name: 乙, weight: 30, rule: 有无}
- {name: 丙, weight: 40, rule: {kind: judged}}
"""


def yaml(text: str) -> YamlFile:
    file = read_yaml("a.yaml", text.encode())
    assert not file.problems
    return file


def mended(*changes: tuple[str, str]) -> Mended | None:
    text = TREE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file = yaml(text)
    rules = file.plain().get("rules")
    context: dict[str, Any] = {"rules": rules if isinstance(rules, dict) else {}, "words": frozenset({"车皮"}), "read": [0]}
    found = mended_tree(file, context)
    assert found is None or build_model(Tree, file, context)[0] is None or not changes
    return found


def told(found: Mended | None) -> tuple[set[str], bool, bool, dict[str, str], list[str]]:
    """Failed leaves, whole, words; the rule of each leaf; which of the parts beside the tree are kept."""
    assert found is not None
    leaves = {chain[-1].name: chain[-1].rule.kind if chain[-1].rule else "-" for _, chain in found.tree.walk() if not chain[-1].children}
    parts = ["constraints", "quantities", "veto", "bonus", "units", "rules"]
    return set(found.failed), found.whole, found.words, leaves, [part for part in parts if getattr(found.tree, part)]


def tree_without(*parts: str) -> list[str]:
    return [part for part in ("constraints", "quantities", "veto", "bonus", "units", "rules") if part not in parts]


BESIDE = tree_without("constraints", "quantities", "veto", "bonus")
ALL = {"甲": "judged", "乙": "threshold", "丙": "judged"}


def test_a_tree_without_faults_is_whole() -> None:
    assert told(mended()) == (set(), True, True, ALL, tree_without())


@pytest.mark.parametrize(
    ("old", "new", "failed", "whole", "leaves", "kept"),
    [
        ("target: 好, rule: {kind: judged}", "target: 好, rule: {kind: judge}", {"a"}, True, ALL, tree_without()),
        ("weight: 30, rule: 有无", "weight: 30, rule: 没有", {"乙"}, True, {**ALL, "乙": "judged"}, tree_without()),
        ("{name: 丙, weight: 40, rule: {kind: judged}}", "{name: 丙, weight: 40, childern: []}", {"丙"}, False, ALL, BESIDE),
        ("explain: 说明", "explian: 说明", set(), True, ALL, tree_without()),
        ("explain: 说明", "explain: [一]", set(), True, ALL, tree_without()),
        ("perfeval: 1", "perfeval: 2", set(), True, ALL, tree_without()),
        ("id: t", "id: ''", set(), True, ALL, tree_without()),
        ("total: 90", "totl: 90", set(), False, ALL, BESIDE),
        ("units: [车皮]", "units: {车皮: 1}", set(), False, ALL, tree_without("constraints", "quantities", "veto", "bonus", "units")),
        ("at_least: 5}}", "at_lest: 5}}", {"乙"}, True, {**ALL, "乙": "judged"}, tree_without()),
        ("veto: [{id: v, text: 造假}]", "veto: 造假", set(), False, ALL, BESIDE),
        ("sum_of: [过程], at_least: 10%", "sum_of: [过程], at_lest: 10%", set(), False, ALL, BESIDE),
    ],
)
def test_what_is_left_of_a_tree(old: str, new: str, failed: set[str], whole: bool, leaves: dict[str, str], kept: list[str]) -> None:
    found = told(mended((old, new)))
    assert found == (failed, whole, "units: {" not in new, leaves, kept)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("total: 90", "total: 九十"),
        ("name: 丙", "nmae: 丙"),
        ("weight: 40", "weight: 四十"),
        ("weight: 50", "weight: [50]"),
        ("id: a", "id: [a]"),
        ("- {name: 丙, weight: 40, rule: {kind: judged}}", "- 丙"),
        ("- {name: 甲, id: a, weight: 20, target: 好, rule: {kind: judged}}", "- 甲"),
    ],
)
def test_nothing_is_said_of_a_tree_whose_weights_or_names_are_unknown(old: str, new: str) -> None:
    assert mended((old, new)) is None


def test_two_faults() -> None:
    both = mended(
        ("target: 好, rule: {kind: judged}", "traget: 好, rule: {kind: judged}"),
        ("{name: 丙, weight: 40, rule: {kind: judged}}", "{name: 丙, weight: 40, rul: {kind: judged}}"),
    )
    assert told(both)[:2] == ({"a", "丙"}, False)
    first = mended(("{name: 丙, weight: 40, rule: {kind: judged}}", "{name: 丙, weight: 40, rul: x}"), ("explain: 说明", "explian: 说明"))
    assert told(first)[:2] == ({"丙"}, False)  # the later fault does not make it whole again


@pytest.mark.parametrize("text", ["perfeval: 1\nid: t\ntree: 甲\n", "perfeval: 1\nid: t\ntree: {甲: 1}\n", "perfeval: 1\nid: t\n"])
def test_a_tree_that_is_none(text: str) -> None:
    assert mended_tree(yaml(text), {"rules": {}, "words": frozenset(), "read": [0]}) is None


EVIDENCE = "perfeval: 1\nfacts: {甲: 5, 乙: 6}\nindicators:\n  丙: {actual: 1}\n  丁: {points: 3}\ntables: {t: {file: t.csv}}\n"


@pytest.mark.parametrize(
    ("old", "new", "facts", "entries", "tables"),
    [
        ("甲: 5", "甲: {vaule: 5}", ["乙"], ["丙", "丁"], ["t"]),
        ("facts: {甲: 5, 乙: 6}", "facts: 5", [], ["丙", "丁"], ["t"]),
        ("{actual: 1}", "{actaul: 1}", ["甲", "乙"], ["丁"], ["t"]),
        ("{file: t.csv}", "{fiel: t.csv}", ["甲", "乙"], ["丙", "丁"], []),
        ("perfeval: 1", "perfeval: 2", ["甲", "乙"], ["丙", "丁"], ["t"]),
        ("tables:", "tabels:", ["甲", "乙"], ["丙", "丁"], []),
        ("perfeval: 1\n", "", ["甲", "乙"], ["丙", "丁"], ["t"]),
    ],
)
def test_what_is_left_of_evidence(old: str, new: str, facts: list[str], entries: list[str], tables: list[str]) -> None:
    assert EVIDENCE.count(old) == 1
    found = mended_evidence(yaml(EVIDENCE.replace(old, new)))
    assert (list(found.facts), list(found.indicators), list(found.tables), found.perfeval) == (facts, entries, tables, 1)


def test_evidence_without_faults_stays() -> None:
    found = mended_evidence(yaml(EVIDENCE))
    assert (list(found.facts), list(found.indicators), list(found.tables)) == (["甲", "乙"], ["丙", "丁"], ["t"])
