"""The result beside the scores: what is shown agrees with what was decided, and what does not apply takes no points."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cases_support import run
from perfeval.model.result import Result, shown
from perfeval.quantity import PERCENT
from perfeval.reports import render

CHECKLIST = {"kind": "checklist", "items": ["x", "y", "z"]}
JUDGED = {"kind": "judged"}
EXEMPT = {"not_applicable": "没有工程"}


def scored(given: Mapping[str, Any], folder: Path, partial: bool = False) -> Result:
    result = run(given, folder, partial)
    assert isinstance(result, Result), [(p.kind.name, p.message("en")) for p in result]
    return result


def tree(policy: str, evidence: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    parent = {
        "name": "A",
        "weight": "20",
        "children": [{"name": "甲", "weight": "6", "rule": CHECKLIST}, {"name": "乙", "weight": "14", "rule": JUDGED}],
    }
    indicators = {"policy": {"not_applicable": policy}, "tree": [parent, {"name": "B", "weight": "80", "rule": JUDGED}], **more}
    return {"indicators": indicators, "evidence": evidence}


# ---- values


@pytest.mark.parametrize(
    ("a", "wanted"),
    [("89.9996人", "89.9996%"), ("91.32478人", "91.32%"), ("89.9999999999人", "89.9999999999%"), ("90人", "90%")],
)
def test_a_computed_value_is_not_shown_as_a_bound_it_is_not(a: str, wanted: str, tmp_path: Path) -> None:
    rule = {
        "kind": "bands",
        "bands": [{"at_least": "90%", "points": "10"}, {"at_least": "0%", "below": "90%", "points": "5"}],
        "otherwise": "0",
    }
    leaf = scored({"leaf": {"measure": "a/b", "target": "90%"}, "rule": rule, "facts": {"a": a, "b": "100人"}}, tmp_path).leaves[0]
    assert leaf.actual == wanted


def test_the_target_is_a_bound_too(tmp_path: Path) -> None:
    rule = {"kind": "linear", "zero_at": "0%", "full_at": "100%"}
    leaf = scored({"leaf": {"measure": "a/b", "target": "≥95%"}, "rule": rule, "facts": {"a": "94.9999人", "b": "100人"}}, tmp_path).leaves[
        0
    ]
    assert leaf.actual == "94.9999%"


def test_a_typed_value_is_shown_with_every_digit(tmp_path: Path) -> None:
    rule = {"kind": "threshold", "at_most": "1234567元"}
    leaf = scored({"leaf": {"measure": "成本"}, "rule": rule, "facts": {"成本": "1234567.12345678元"}}, tmp_path).leaves[0]
    assert leaf.actual == leaf.used[0].shown.text == "1234567.12345678元"


def test_what_is_shown_says_whether_it_is_all() -> None:
    assert shown(Fraction(1, 3), PERCENT) == ("33.3333%", False)
    assert shown(Fraction("0.000000001"), None) == ("0.000000001", True)
    assert shown(Fraction("0.91324786"), PERCENT, 2).sign == "≈"


# ---- what does not apply


def test_an_item_that_does_not_apply_is_no_loss(tmp_path: Path) -> None:
    evidence = {"checklist": {"x": "yes", "y": EXEMPT, "z": "yes"}}
    result = scored(
        {"weight": "6", "rule": CHECKLIST, "tree": {"policy": {"not_applicable": "rebase_total"}}, "evidence": evidence}, tmp_path
    )
    leaf = result.leaves[0]
    assert [leaf.weight, leaf.applicable, leaf.score, leaf.rate, leaf.lost] == [6, 4, 4, 1, 0]
    assert leaf.not_applicable_items == (("y", "没有工程"),)
    assert [result.unscaled, result.applicable, result.converted, result.total] == [4, 4, 6, 6]


def test_nothing_of_a_leaf_applies(tmp_path: Path) -> None:
    evidence = {"indicators": {"甲": {"checklist": [EXEMPT, EXEMPT, EXEMPT]}, "乙": {"points": "7"}, "B": {"points": "80"}}}
    result = scored(tree("rebase_total", evidence), tmp_path)
    by_name = {one.name: one for one in result.indicators}
    assert by_name["甲"].status == "not_applicable"
    assert [by_name["A"].applicable, by_name["A"].rate] == [14, Fraction(1, 2)]


@pytest.mark.parametrize(
    ("policy", "unscaled", "applicable", "converted", "rate"),
    [("rebase_total", 64, 84, Fraction("76.19"), 1), ("rebase_parent", 66, 86, 80, 1), ("full", None, None, None, 1)],
)
def test_sums_before_and_after(policy: str, unscaled: Any, applicable: Any, converted: Any, rate: int, tmp_path: Path) -> None:
    evidence = {
        "indicators": {
            "甲": {"checklist": {"x": "yes", "y": EXEMPT, "z": "yes"}},
            "乙": {"not_applicable": "不涉及"},
            "B": {"points": "60"},
        },
        "bonus": ["yes"],
    }
    result = scored(tree(policy, evidence, bonus={"items": [{"text": "奖", "points": "2"}]}), tmp_path)
    assert (result.unscaled, result.applicable, result.converted) == (unscaled, applicable, converted)
    assert result.total == (82 if converted is None else converted + 2)
    assert next(one.rate for one in result.indicators if one.name == "A") == rate


def test_rounding_the_total_is_no_rebasing(tmp_path: Path) -> None:
    rule = {"kind": "formula", "points": "10 * 1 / 3"}
    more = {"policy": {"not_applicable": "rebase_total"}, "rounding": {"at": "total"}}
    result = scored({"rule": rule, "tree": more}, tmp_path)
    assert (result.total, result.unscaled, result.applicable, result.converted) == (Fraction("3.33"), None, None, None)


def test_a_nested_item_bears_the_names_above_it(tmp_path: Path) -> None:
    rule = {"kind": "sum", "parts": [{"name": "制度", "points": "6", "rule": CHECKLIST}, {"name": "执行", "points": "4", "rule": JUDGED}]}
    evidence = {"parts": {"制度": {"checklist": ["yes", EXEMPT, "yes"]}, "执行": {"points": "4"}}}
    result = scored({"rule": rule, "tree": {"policy": {"not_applicable": "rebase_total"}}, "evidence": evidence}, tmp_path)
    assert result.leaves[0].not_applicable_items == (("制度：y", "没有工程"),)


# ---- pending, vetoes, reasons


def _vetoed(evidence: Mapping[str, Any], points: str = "90", **project: Any) -> dict[str, Any]:
    indicators = {"veto": [{"id": "v", "text": "虚报", "grade": "中"}], "tree": [{"name": "B", "weight": "100", "rule": JUDGED}]}
    return {"indicators": indicators, "evidence": {"indicators": {"B": {"points": points}}, **evidence}, "project": project}


def test_partial_is_no_policy_of_the_project(tmp_path: Path) -> None:
    result = scored(_vetoed({}), tmp_path, partial=True)
    assert (result.partial, result.overridden, result.missing, result.grade) == (True, (), (("veto", "虚报"),), None)


def test_a_project_that_says_pending_itself(tmp_path: Path) -> None:
    result = scored(_vetoed({}, policy={"missing": "pending"}), tmp_path)
    assert (result.partial, result.overridden) == (False, ("missing: pending",))


def test_nothing_is_missing_after_all(tmp_path: Path) -> None:
    result = scored(_vetoed({"veto": ["no"]}), tmp_path, partial=True)
    assert (result.partial, result.missing_policy, result.grade) == (False, "error", "优")


@pytest.mark.parametrize(("points", "grade", "capped"), [("90", "中", ("虚报",)), ("70", "中", ()), ("10", "差", ())])
def test_a_veto_caps_only_a_better_grade(points: str, grade: str, capped: tuple[str, ...], tmp_path: Path) -> None:
    result = scored(_vetoed({"veto": ["yes"]}, points), tmp_path)
    assert (result.grade, result.grade_capped_by) == (grade, capped)


def test_clauses_stand_in_the_standard_and_explain_the_loss(tmp_path: Path) -> None:
    clauses = {"veto": [{"text": "挪用"}, {"text": "虚报"}], "requires": ["已立项"], "defects": [{"text": "漏报", "per": "2", "cap": "5"}]}
    evidence = {"points": "10", "veto": ["yes", "yes"], "requires": ["no"], "defects": ["1"]}
    leaf = scored({"leaf": clauses, "rule": JUDGED, "evidence": evidence}, tmp_path).leaves[0]
    assert leaf.standard["zh"].endswith(
        "每发现 1 处“漏报”扣 2 分，最多扣 5 分。前置条件：已立项，否则本项不得分。一票否决：挪用，则本项不得分。一票否决：虚报，则本项不得分。"
    )
    assert "For each “漏报” found: 2 points off, at most 5 points." in leaf.standard["en"]
    assert leaf.clauses == (("veto", "挪用"), ("veto", "虚报"), ("requires", "已立项"))
    assert not leaf.reason_missing


def test_defects_need_no_other_reason(tmp_path: Path) -> None:
    clauses = {"defects": [{"text": "漏报", "per": "2"}]}
    for points, missing in (("10", False), ("9", True)):
        leaf = scored({"leaf": clauses, "rule": JUDGED, "evidence": {"points": points, "defects": ["1"]}}, tmp_path).leaves[0]
        assert leaf.reason_missing is missing


def test_a_reason_of_a_part_bears_its_name(tmp_path: Path) -> None:
    rule = {
        "kind": "sum",
        "parts": [{"id": "p", "name": "投诉处理", "points": "5", "rule": JUDGED}, {"name": "回访", "points": "5", "rule": JUDGED}],
    }
    evidence = {"parts": {"p": {"points": "4", "reason": "一件超时"}, "回访": {"points": "5"}}}
    leaf = scored({"rule": rule, "evidence": evidence}, tmp_path).leaves[0]
    assert (leaf.reason, leaf.reason_of_parts) == ("投诉处理：一件超时", True)


def test_an_interval_is_said_to_be_rebased(tmp_path: Path) -> None:
    """While something is open the total's interval is scaled by what applies: told, since the parts do not add up to it."""
    leaves = [{"name": name, "weight": weight, "rule": {"kind": "judged"}} for name, weight in (("甲", "4"), ("乙", "3"), ("丙", "3"))]
    result = run(
        {
            "indicators": {"total": "10", "policy": {"not_applicable": "rebase_total"}, "tree": leaves},
            "evidence": {"indicators": {"甲": {"points": "4"}, "乙": {"not_applicable": "没有这一项"}}},
        },
        tmp_path,
        partial=True,
    )
    assert isinstance(result, Result)
    assert (result.low, result.high) == (Fraction("5.71"), 10)
    assert (result.unscaled, result.applicable) == (None, 7)
    assert "总分区间已按它换算" in render("md", result)
