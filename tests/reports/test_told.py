"""What the terminal and the reports say beside the numbers: what does not apply, what is missing, why points were lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cases_support import run
from perfeval.cli._scoreboard import scoreboard
from perfeval.cli.output import Output
from perfeval.model.result import Result
from perfeval.problems import Lang
from perfeval.reports import render
from perfeval.reports.result_json import document

JUDGED = {"kind": "judged"}
CHECKLIST = {"kind": "checklist", "items": ["x", "y", "z"]}


class _Said(Output):
    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def pick(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en


def told(given: Mapping[str, Any], folder: Path, partial: bool = False, lang: Lang = "zh") -> tuple[str, str, Result]:
    """The terminal's text without line breaks inside, report.md, the result."""
    result = run(given, folder, partial)
    assert isinstance(result, Result), [(p.kind.name, p.message("en")) for p in result]
    lines = ["".join(text for text, _ in line) for line in scoreboard(result, _Said(lang), 200, "█░")]
    return "\n".join(lines), render("md", replace(result, lang=lang)), result


def exempt(policy: str, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    evidence = {"checklist": {"x": "yes", "y": {"not_applicable": "没有工程"}, "z": "yes"}}
    return {"weight": "6", "rule": CHECKLIST, "tree": {"policy": {"not_applicable": policy}, **(more or {})}, "evidence": evidence}


def test_a_value_near_a_bound(tmp_path: Path) -> None:
    rule = {"kind": "threshold", "at_least": "90%"}
    given = {"leaf": {"measure": "a/b", "target": "90%"}, "rule": rule, "facts": {"a": "89.9996人", "b": "100人"}}
    terminal, report, _ = told(given, tmp_path)
    assert "扣 10：完成值 89.9996%，目标 90%" in terminal
    assert "目标值 90%；完成值 89.9996%" in report


def test_a_typed_value_in_the_annex(tmp_path: Path) -> None:
    _, report, result = told({"rule": {"kind": "threshold", "at_most": "1元", "of": "a"}, "facts": {"a": "0.000001元"}}, tmp_path)
    assert "| a | 0.000001元 |" in report
    assert document(result)["values"][0]["shown"] == "0.000001元"


def test_an_item_that_does_not_apply(tmp_path: Path) -> None:
    terminal, report, result = told(exempt("rebase_total"), tmp_path)
    assert "6（适用 4）" in terminal and "不适用：y（没有工程）" in terminal and "100%" in terminal
    assert "| 指标 | 6（适用 4） | y | 没有工程 | 其余换算到满分 |" in report
    assert "指标权重 6 分（适用 4 分），得分 4 分，得分率为 100%" in report
    assert "没有失分" in report
    one = document(result)["indicators"][0]
    assert (one["applicable"], one["not_applicable_items"]) == ("4", [{"name": "y", "reason": "没有工程"}])


def test_the_sum_before_bonus(tmp_path: Path) -> None:
    given = exempt("rebase_total", {"penalty": {"items": [{"text": "罚", "points": "0.5", "rule": {"kind": "formula", "points": "0.5"}}]}})
    terminal, report, result = told(given, tmp_path)
    assert "适用的部分得 4 / 4，折算成满分 6：6，再计加减分" in terminal
    assert "换算前得分 4 分，换算后 6 分，加减分后总分 5.5 分" in report
    assert document(result)["converted"] == "6"


def test_counted_in_full(tmp_path: Path) -> None:
    given = {"rule": JUDGED, "tree": {"policy": {"not_applicable": "full"}}, "evidence": {"not_applicable": "不涉及"}}
    terminal, report, _ = told(given, tmp_path)
    assert "不适用，按满分计：不涉及" in terminal
    assert "已声明不适用，按满分计：不涉及" in report
    assert "| 指标 | 10 | — | 不涉及 | 按满分计 |" in report


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_partial_score_names_what_is_missing(lang: Lang, tmp_path: Path) -> None:
    more = {"veto": [{"text": "虚报", "grade": "差"}], "bonus": {"items": [{"text": "表彰", "points": "1"}]}}
    terminal, report, result = told({"rule": JUDGED, "evidence": {"points": "9"}, "tree": more}, tmp_path, partial=True, lang=lang)
    missing = "还缺：一票否决「虚报」、加分「表彰」" if lang == "zh" else "issing: veto “虚报”, "
    assert missing in terminal and missing in report
    assert "--partial" in terminal and "--partial" in report
    assert ("改动了体系的约定" if lang == "zh" else "changed by the project") not in terminal
    assert ("绩效评级待定" if lang == "zh" else "the grade is still open") in report
    assert document(result)["partial"] is True


def test_the_grade_is_open_where_only_a_veto_is_missing(tmp_path: Path) -> None:
    more = {"veto": [{"text": "虚报", "grade": "差"}]}
    terminal, report, _ = told({"rule": JUDGED, "evidence": {"points": "9"}, "tree": more}, tmp_path, partial=True)
    assert "等级 待定" in terminal
    assert "得分率 90%。绩效评级待定。" in report


def test_a_veto_is_the_reason(tmp_path: Path) -> None:
    given = {"leaf": {"veto": ["挪用"]}, "rule": JUDGED, "evidence": {"points": "9", "veto": ["yes"]}}
    terminal, report, _ = told(given, tmp_path)
    assert "扣 10：一票否决：挪用" in terminal and "没有写原因" not in terminal
    assert "- **扣分原因**：一票否决：挪用。" in report


def test_a_blank_after_an_english_colon(tmp_path: Path) -> None:
    given = {"rule": JUDGED, "evidence": {"points": "9"}, "project": {"date": "2024-05"}}
    assert "- **Date**: 2024-05" in told(given, tmp_path, lang="en")[1]


@pytest.mark.parametrize(
    ("full", "points", "rate", "grade"),
    [
        ("100", "59.995", "59.995%", "差"),
        ("100", "89.995", "89.995%", "良"),
        ("100", "60", "60%", "中"),
        ("100", "72.345", "72.35%", "中"),  # no bound is near
        ("1000", "899.999", "89.9999%", "良"),
    ],
)
def test_the_rate_agrees_with_the_grade(full: str, points: str, rate: str, grade: str, tmp_path: Path) -> None:
    """A rate below the bound of a grade is never shown as the bound."""
    tree = {"rounding": {"at": "total", "places": 3}, "total": full}
    given = {"weight": full, "rule": JUDGED, "tree": tree, "evidence": {"points": points, "reason": "x"}}
    terminal, report, result = told(given, tmp_path)
    assert result.grade == grade
    assert terminal.splitlines()[-1] == f"总分 {points} / {full}　得分率 {rate}　等级 {grade}"
    assert f"本项目总得分为 {points} 分（满分 {full} 分），得分率 {rate}，绩效评级属于“{grade}”" in report
    assert f"| {points} | {rate} |" in report.replace("*", "")


def test_a_pending_total_agrees_with_the_grades(tmp_path: Path) -> None:
    """An end of the interval too is never shown as a bound that it does not reach."""
    result = told({"rule": JUDGED, "evidence": {"points": "9"}}, tmp_path)[2]
    near = replace(result, total=None, grade=None, low=Fraction("5.9999"), high=Fraction("8.9999"), full=Fraction(10))
    assert result.full == 10 and [band.low for band in near.bands][:2] == [9, 8]
    assert "目前可确定 5.9999 分，最多可达 8.9999 分" in render("md", near)
