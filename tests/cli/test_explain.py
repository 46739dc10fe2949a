"""explain: nodes by id and by path, text and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest


def test_without_a_node_all_that_lost(example: Path, cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = cli("explain", example)
    assert done.code == 0
    golden("cli/explain.txt", done.out.replace(str(example), "xiangyuan"))


@pytest.mark.parametrize(
    ("node", "heads"),
    [
        ("职工满意度", ["项目效益 / 满意度 / 职工满意度"]),
        ("项目效益/可持续影响", ["项目效益 / 可持续影响", "项目效益 / 可持续影响 / 可持续影响"]),
        ("可持续影响/可持续影响", ["项目效益 / 可持续影响 / 可持续影响"]),
        ("可持续影响（二级）", ["项目效益 / 可持续影响", "项目效益 / 可持续影响 / 可持续影响"]),
        ("可持续影响", ["项目效益 / 可持续影响 / 可持续影响"]),  # an id comes before names
    ],
)
def test_a_node(node: str, heads: list[str], example: Path, cli: Callable) -> None:
    done = cli("explain", example, node)
    assert [line.partition("　")[0] for line in done.out.splitlines() if line and not line.startswith(" ")] == heads


def test_numbers_lead_to_their_table(example: Path, cli: Callable) -> None:
    out = cli("explain", example, "职工满意度", "--lang", "en").out
    assert "91.3248%" in out
    assert "data/survey.csv" in out
    assert "14 of 14 points  rate 100%" in out


def test_unknown_node(example: Path, cli: Callable) -> None:
    done = cli("explain", example, "满度")
    assert (done.code, done.out) == (2, "")
    assert "没有指标「满度」。您是不是想写「满意度」？" in done.err
    assert "Did you mean" not in cli("explain", example, "qqqq").err
    assert cli("explain", example, "绩效目标/绩效目标").code == 2


def test_json(example: Path, cli: Callable) -> None:
    told = json.loads(cli("explain", example, "资金管理", "--format", "json").out)
    assert [one["id"] for one in told["indicators"]] == ["资金管理", "资金到位率", "预算执行率", "资金使用合规性"]
    assert told["indicators"][1]["explanation"]["zh"][-1].endswith("得 2 分")
    assert cli("explain", example, "资金管理", "--format", "json", "-q").out != ""


def test_pending(starter: Path, cli: Callable, edit: Callable) -> None:
    edit(starter / "evidence.yaml", "  实际助餐人次: {value: 57600, source: 刷卡记录汇总表}\n", "")
    assert cli("explain", starter).code == 2
    out = cli("explain", starter, "助餐人次完成率", "--partial").out
    assert "待定，0～15 / 15 分" in out
    assert "缺：实际助餐人次" in out
