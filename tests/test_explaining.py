"""The trace in words: values, conditions and clauses that led to a score."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cases_support import run
from perfeval.explaining import explain, why_lost
from perfeval.model.result import Indicator, Result

JUDGED = {"kind": "judged"}
EXEMPT = {"not_applicable": "没有工程"}


def leaf_of(given: Mapping[str, Any], folder: Path, partial: bool = False) -> Indicator:
    result = run(given, folder, partial)
    assert isinstance(result, Result), [(p.kind.name, p.message("en")) for p in result]
    return result.leaves[0]


def test_a_miss_is_not_shown_as_the_bound(tmp_path: Path) -> None:
    leaf = leaf_of(
        {"rule": {"kind": "threshold", "at_least": "90%", "of": "a"}, "facts": {"a": {"value": "89.9999999%", "source": "表"}}}, tmp_path
    )
    assert explain(leaf, "zh") == ("a = 89.9999999%，表", "未达到 x ≥ 90%，得 0 分")


def test_what_is_rounded_is_marked(tmp_path: Path) -> None:
    rule = {"kind": "threshold", "at_least": "90%", "of": "a / b"}
    facts = {"a": {"value": "0.000001元", "source": "甲表"}, "b": {"value": "3元", "source": "乙表"}}
    assert explain(leaf_of({"rule": rule, "facts": facts}, tmp_path), "en")[0] == "a / b ≈ 0.00003% (a = 0.000001元, 甲表; b = 3元, 乙表)"


def test_a_formula_shows_its_values(tmp_path: Path) -> None:
    leaf = leaf_of({"rule": {"kind": "formula", "points": "10 * min(1, 甲/乙)"}, "facts": {"甲": "1人", "乙": "3人"}}, tmp_path)
    assert why_lost(leaf, "zh") == ("10 × min(1, 甲 / 乙) ≈ 3.3333 分（甲 = 1人；乙 = 3人）",)
    assert explain(leaf, "zh")[0].startswith("10 × min(1, 甲 / 乙) ≈ 3.3333 分（甲 = 1人，evidence.yaml:")


@pytest.mark.parametrize(("persons", "told"), [("1人", "适用「其余情形」（甲 = 1人）"), ("4人", "适用「甲 ≥ 3人」（甲 = 4人）")])
def test_an_alternative_shows_its_condition_with_values(persons: str, told: str, tmp_path: Path) -> None:
    other = {"kind": "threshold", "at_least": "5人", "of": "甲"}
    rule = {"kind": "choose", "when": [{"if": "甲 >= 3人", "rule": other}], "otherwise": other}
    leaf = leaf_of({"rule": rule, "facts": {"甲": persons}}, tmp_path)
    assert explain(leaf, "zh")[0] == why_lost(leaf, "zh")[0] == told


@pytest.mark.parametrize("then", ["zero", {"kind": "formula", "points": "4"}])
def test_far_above_the_target(then: Any, tmp_path: Path) -> None:
    rule = {"kind": "proportional", "target": "10人", "of": "a", "over": {"beyond": "130%", "then": then}}
    leaf = leaf_of({"rule": rule, "facts": {"a": "14人"}}, tmp_path)
    assert any(line.startswith("超过目标值的 130%") for line in explain(leaf, "zh"))
    assert any(line.startswith("超过目标值的 130%") for line in why_lost(leaf, "zh"))


def test_a_deduction_says_what_was_required(tmp_path: Path) -> None:
    rule = {"kind": "deduction", "at_most": "0人", "each": "1人", "per": "3", "of": "a"}
    lines = explain(leaf_of({"weight": "12", "rule": rule, "facts": {"a": "1人"}}, tmp_path), "zh")
    assert lines[1:] == ("要求 x ≤ 0人，偏离 1 步（每步 1人），扣 3 分，得 9 分（满分 12 分）",)


@pytest.mark.parametrize(
    ("kind", "told"), [("best", "甲 3 分、乙 4 分，取最高"), ("least", "甲 3 分、乙 4 分，取最低"), ("mean", "甲 3 分、乙 4 分，取平均")]
)
def test_composed_rules_show_their_parts(kind: str, told: str, tmp_path: Path) -> None:
    rule = {"kind": kind, "parts": [{"name": "甲", "rule": JUDGED}, {"name": "乙", "rule": JUDGED}]}
    leaf = leaf_of({"rule": rule, "evidence": {"parts": [{"points": "3"}, {"points": "4"}]}}, tmp_path)
    assert why_lost(leaf, "zh") == (told,)


def test_a_reason_of_one_part_does_not_hide_the_others(tmp_path: Path) -> None:
    parts = [
        {"name": "投诉处理", "points": "5", "rule": JUDGED},
        {"name": "回访", "points": "5", "rule": {"kind": "threshold", "at_least": "90%"}},
    ]
    evidence = {"parts": {"投诉处理": {"points": "4", "reason": "一件超时"}, "回访": "85%"}}
    leaf = leaf_of({"rule": {"kind": "sum", "parts": parts}, "evidence": evidence}, tmp_path)
    assert why_lost(leaf, "zh") == ("投诉处理：一件超时", "「回访」扣 5 分（回访 = 85%）")


def test_clauses_stand_beside_a_typed_reason(tmp_path: Path) -> None:
    given = {"leaf": {"veto": ["挪用"], "requires": ["已立项"]}, "rule": JUDGED}
    leaf = leaf_of({**given, "evidence": {"points": "9", "veto": ["yes"], "requires": ["no"], "reason": "见审计报告"}}, tmp_path)
    assert why_lost(leaf, "zh") == ("一票否决：挪用", "前置条件不满足：已立项", "见审计报告")
    assert why_lost(leaf, "en")[:2] == ("veto: 挪用", "requirement not met: 已立项")


def test_a_cap_that_was_reached(tmp_path: Path) -> None:
    rule = {
        "kind": "sum",
        "cap": "8",
        "parts": [{"name": "甲", "points": "5", "rule": JUDGED}, {"name": "乙", "points": "5", "rule": JUDGED}],
    }
    leaf = leaf_of({"rule": rule, "evidence": {"parts": [{"points": "5"}, {"points": "5"}]}}, tmp_path)
    assert why_lost(leaf, "zh") == ("合计不超过 8 分，得 8 分",)


def test_defects_are_counted(tmp_path: Path) -> None:
    given = {"leaf": {"defects": [{"text": "漏报", "per": "2"}]}, "rule": JUDGED, "evidence": {"points": "10", "defects": ["2"]}}
    assert why_lost(leaf_of(given, tmp_path), "zh") == ("「漏报」2 处，每处扣 2 分，共扣 4 分",)


@pytest.mark.parametrize(
    ("policy", "told"), [("rebase_total", "「y」不适用（没有工程）"), ("full", "「y」不适用（没有工程），按满分计 5 分")]
)
def test_an_item_that_does_not_apply(policy: str, told: str, tmp_path: Path) -> None:
    given = {"rule": {"kind": "checklist", "items": ["x", "y"]}, "tree": {"policy": {"not_applicable": policy}}}
    assert told in explain(leaf_of({**given, "evidence": {"checklist": {"x": "yes", "y": EXEMPT}}}, tmp_path), "zh")


def test_a_pending_leaf_lists_what_is_there(tmp_path: Path) -> None:
    given = {"rule": {"kind": "checklist", "items": ["x", "y"]}, "evidence": {"checklist": {"x": "yes"}}}
    leaf = leaf_of(given, tmp_path, partial=True)
    assert (explain(leaf, "zh"), leaf.missing) == (("已有：x = yes",), ("指标/checklist/y",))
