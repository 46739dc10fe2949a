"""All faults of a folder are told in one run, and nothing that only follows from another."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest


@pytest.fixture
def small(root: Path, tmp_path: Path) -> Path:
    """The small folder of the problem cases."""
    return Path(shutil.copytree(root / "tests" / "cases" / "problems" / "base", tmp_path / "small"))


def told(done: object) -> list[str]:
    """`name file:line` of each problem."""
    lines = [line.split() for line in getattr(done, "err", "").splitlines() if ": 错误 " in line or ": 警告 " in line]
    return [f"{name} {Path(place).name.rstrip(':').rpartition(':')[0]}" for place, _, name in lines]


def test_a_tree_at_fault_hides_nothing_else(small: Path, cli: Callable, edit: Callable) -> None:
    edit(small / "indicators.yaml", "kind: checklist", "kind: checklst")
    edit(small / "indicators.yaml", "weight: 30", "weight: 31")
    edit(small / "indicators.yaml", "kind: linear, zero_at: 60%, full_at: 100%", "kind: linear, zero_at: 60%, full_at: 60%")
    edit(small / "evidence.yaml", "预算: 100万元", "预算: 100万无")
    edit(small / "evidence.yaml", "sum: 金额", "sum: 金客")
    edit(small / "evidence.yaml", "tier: 较好", "tier: 交好")
    assert told(cli("score", small)) == [
        "unknown-unit evidence.yaml:5",
        "unknown-column evidence.yaml:6",
        "unknown-tier evidence.yaml:9",
        "weight-sum indicators.yaml:5",
        "rule-kind indicators.yaml:7",
        "linear-no-slope indicators.yaml:11",
    ]


def test_a_misspelt_key_of_a_node_is_the_only_fault(small: Path, cli: Callable, edit: Callable) -> None:
    edit(small / "indicators.yaml", "  weight: 20\n", "  weight: 20\n  targt: 90%\n")
    assert told(cli("score", small)) == ["unknown-key indicators.yaml:7"]


def test_faulty_parts_of_the_tree_leave_no_marks(small: Path, cli: Callable, edit: Callable) -> None:
    """A counting word and a clause that could not be read are not missed elsewhere."""
    edit(small / "indicators.yaml", "tree:\n", "units: {蒲式耳: 1}\nveto: [{id: v, txt: 虚报}]\ntree:\n")
    edit(small / "evidence.yaml", "预算: 100万元", "预算: 100万元\n  产量: 3蒲式耳")
    (small / "evidence.yaml").write_text((small / "evidence.yaml").read_text("utf-8") + "veto: {v: no}\n", "utf-8")
    assert {line.rpartition(":")[0] for line in told(cli("score", small))} == {
        "missing-key indicators.yaml",
        "unknown-key indicators.yaml",
        "wrong-shape indicators.yaml",
    }


def test_a_fact_at_fault_hides_no_answers(small: Path, cli: Callable, edit: Callable) -> None:
    edit(small / "evidence.yaml", "预算: 100万元", "预算: 100万无")
    edit(small / "evidence.yaml", "checklist: [yes, yes]", "checklist: [yes]")
    edit(small / "evidence.yaml", "  项目效益: {tier: 较好, reason: 两个楼栋的管网没有改完}\n", "")
    assert told(cli("score", small)) == ["unknown-unit evidence.yaml:5", "missing-evidence evidence.yaml:7", "answer-count evidence.yaml:8"]
    assert told(cli("score", small, "--partial")) == ["unknown-unit evidence.yaml:5", "answer-count evidence.yaml:8"]


def test_an_entry_at_fault_hides_no_facts(small: Path, cli: Callable, edit: Callable) -> None:
    edit(small / "evidence.yaml", "tier: 较好", "teir: 较好")
    edit(small / "evidence.yaml", "预算: 100万元", "预算: 100万无")
    edit(small / "evidence.yaml", "data/payments.csv", "data/payment.csv")
    edit(small / "evidence.yaml", "checklist: [yes, yes]", "checklist: [yes]")
    assert told(cli("score", small)) == [
        "file-not-found evidence.yaml:3",
        "unknown-unit evidence.yaml:5",
        "answer-count evidence.yaml:8",
        "unknown-key evidence.yaml:9",
    ]


@pytest.mark.parametrize("form", ["text", "json", "junit", "github"])
def test_folders_that_are_none_do_not_stop_a_check(form: str, example: Path, small: Path, cli: Callable) -> None:
    done = cli("check", example, example / "nothing", small / "evidence.yaml", small, "--format", form)
    assert done.code == 2
    if form == "json":
        outcomes = [one["outcome"] for one in json.loads(done.out)["projects"]]
        assert outcomes == ["fine", "failed", "failed", "unchecked"]
    elif form == "junit":
        assert [suite.get("errors") for suite in ET.fromstring(done.out)] == ["0", "1", "1", "0"]
    else:
        assert done.out.endswith("共 4 个项目：一致 1，不一致 0，不能打分 2，未核对 1\n")
        assert f"{example / 'nothing'}" in (done.err if form == "text" else done.out)


def test_what_is_missing_is_named(small: Path, cli: Callable, edit: Callable) -> None:
    edit(small / "indicators.yaml", "rule: {kind: checklist, items: [程序规范, 目标合理]}", "rule: {kind: judged}")
    edit(
        small / "evidence.yaml",
        "  项目立项: {checklist: [yes, yes]}\n  项目效益: {tier: 较好, reason: 两个楼栋的管网没有改完}\n",
        "  项目效益: {tier: 待定}\n",
    )
    edit(small / "evidence.yaml", "  预算: 100万元\n", "  预算:\n")
    said = cli("score", small).err
    assert "缺「项目立项」的评分" in said
    assert "「项目效益」的等次（项目效益/tier）还没有值（写的是「待定」）" in said
    assert "「预算」还没有值（空着）" in said
    english = cli("score", small, "--lang", "en").err
    assert "The score (points) of “项目立项”" in english
    assert "“预算” has no value yet (it is empty)" in english


def test_a_target_far_exceeded_is_told_at_the_entry(small: Path, cli: Callable, edit: Callable) -> None:
    edit(
        small / "indicators.yaml",
        "{kind: linear, zero_at: 60%, full_at: 100%}",
        "{kind: proportional, target: 40%, over: {beyond: 130%, then: warn}}",
    )
    assert told(cli("score", small, "--no-report")) == ["far-above-target evidence.yaml:6"]
    edit(small / "evidence.yaml", "  项目立项:", "  预算执行率: {finding: 提前完工}\n  项目立项:")
    assert told(cli("score", small, "--no-report")) == ["far-above-target evidence.yaml:8"]


def test_long_formulas_are_cut(small: Path, cli: Callable, edit: Callable) -> None:
    edit(small / "indicators.yaml", "measure: 实际支出 / 预算", f"measure: 实际支出 / ({' + '.join(['预算'] * 60)} - 60 × 预算)")
    said = cli("score", small).err
    message = next(line for line in said.splitlines() if line.startswith("「预算执行率」的算式除以了 0"))
    assert len(message) < 240
    assert "…" in message


def test_a_formula_with_commas_is_one_problem(small: Path, cli: Callable, edit: Callable) -> None:
    edit(
        small / "indicators.yaml",
        "{kind: linear, zero_at: 60%, full_at: 100%}",
        "{kind: formula, points: max(0, 预算, min(5, 实际支出)) + 2, cap: 10}",
    )
    assert "yaml-formula-in-braces indicators.yaml:11" in told(cli("score", small))
    assert len([one for one in told(cli("score", small)) if "unknown-key" in one]) <= 1  # cap, which a formula has not


def test_a_formula_with_commas_as_a_measure(small: Path, cli: Callable, edit: Callable) -> None:
    edit(
        small / "indicators.yaml",
        "rule: {kind: checklist, items: [程序规范, 目标合理]}",
        "children:\n  - {name: 甲, weight: 20, measure: max(预算, 实际支出), rule: {kind: linear, zero_at: 0元, full_at: 100万元}}",
    )
    edit(small / "evidence.yaml", "  项目立项: {checklist: [yes, yes]}\n", "")
    assert told(cli("score", small)) == ["yaml-formula-in-braces indicators.yaml:8"]
    assert '「measure: "max(预算, 实际支出)"」' in cli("score", small).err


def test_a_named_rule_is_at_fault_once(small: Path, cli: Callable, edit: Callable) -> None:
    edit(small / "indicators.yaml", "tree:\n", "rules:\n  率: {kind: linear, zero_at: 60%, full_att: 100%}\ntree:\n")
    edit(small / "indicators.yaml", "rule: {kind: linear, zero_at: 60%, full_at: 100%}", "rule: 率")
    edit(small / "indicators.yaml", "weight: 20", "weight: 21")
    assert told(cli("score", small)) == ["unknown-key indicators.yaml:5", "weight-sum indicators.yaml:7"]


def test_a_key_that_stands_twice_hides_what_only_follows(small: Path, cli: Callable, edit: Callable) -> None:
    edit(small / "indicators.yaml", "- name: 预算执行率\n", "  name: 预算执行率\n")
    assert {one.split()[0] for one in told(cli("score", small))} == {"duplicate-key"}
