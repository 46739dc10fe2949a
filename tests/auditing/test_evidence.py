"""What the checks of evidence share: figures as they are printed, words of degree, a folder that is only half right."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from perfeval.auditing._catalogue import known_names
from perfeval.auditing._degree_words import is_denied, is_taken_back, is_weakened, quality_in
from perfeval.auditing._evidence import printed
from perfeval.auditing._opening import open_folder
from perfeval.auditing._running import audit

BASE = Path(__file__).resolve().parents[1] / "cases" / "audit" / "base"
RATE = Fraction(2137, 2340)  # 91.3247…%


@pytest.mark.parametrize(
    ("text", "value", "agrees"),
    [
        ("91%", RATE, True),
        ("91.3%", RATE, True),
        ("91.32%", RATE, True),
        ("91.325%", RATE, True),
        ("91.38%", RATE, False),
        ("92%", RATE, False),
        ("91.33%", RATE, False),
        ("17.16万元", Fraction(171600), True),
        ("17.2万元", Fraction(171600), True),
        ("17.1万元", Fraction(171600), False),
        ("17万元", Fraction(171600), True),
        ("171600元", Fraction(171600), True),
        ("5.8万", Fraction(57600), True),
        ("5.5万", Fraction(57600), False),
        ("９１．３％", RATE, False),  # a full-width point is no number here
    ],
)
def test_a_figure_agrees_at_its_own_decimals(text: str, value: Fraction, agrees: bool) -> None:
    figure = printed(text)
    assert (figure is not None and figure.agrees(value)) is agrees


@pytest.mark.parametrize("text", ["约91%", "91%以上", "有效", "", "2023-05-06", "1/3", "1e3"])
def test_any_other_text_is_no_figure(text: str) -> None:
    assert printed(text) is None


@pytest.mark.parametrize(
    ("actual", "target", "denied", "weakened"),
    [
        ("不健全", "健全", True, False),
        ("不够健全", "健全", True, False),
        ("无保障", "有保障", True, False),
        ("较有保障", "有保障", False, True),
        ("基本健全", "健全", False, True),
        ("健全", "健全", False, False),
        ("健全", "不健全", False, False),
        ("制度不健全", "制度健全、程序规范", True, False),
        ("程序较规范", "制度健全，程序规范", False, True),
        ("不完整", "健全", False, False),
        ("较好", "健全", False, False),
        ("不小于5次", "5次", False, False),
    ],
)
def test_words_of_degree(actual: str, target: str, denied: bool, weakened: bool) -> None:
    assert is_denied(actual, target) is denied
    assert is_taken_back(actual, target) is denied
    assert is_weakened(actual, target) is weakened


@pytest.mark.parametrize(
    ("actual", "target", "taken_back"),
    [("无", "健全", True), ("无", "合规", False), ("缺失", "合规", True), ("无", "无投诉", False), ("差", "显著", True), ("差", "", False)],
)
def test_a_bad_word_alone(actual: str, target: str, taken_back: bool) -> None:
    assert is_taken_back(actual, target) is taken_back


@pytest.mark.parametrize(
    ("name", "quality"),
    [
        ("财务管理制度健全性", "健全"),
        ("组织保障性", "保障"),
        ("政策知晓情况", "知晓"),
        ("预算执行率", ""),
        ("使用不合规情况", ""),
        ("安全", ""),
    ],
)
def test_the_quality_in_a_name(name: str, quality: str) -> None:
    assert quality_in(name) == quality


def test_a_unit_that_cannot_be_read_is_told_once_and_stops_no_check(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(BASE, folder)
    rules, evidence = folder / "indicators.yaml", folder / "evidence.yaml"
    rules.write_text(rules.read_text("utf-8").replace("检查发现问题数: {from", "检查发现问题数: {unit: 哇, from"), "utf-8")
    evidence.write_text(
        evidence.read_text("utf-8")
        .replace("检查发现问题数: {value", "检查 发现问题数: {value")
        .replace("    reason: 一次检查", "    values: {检查发现问题数: 2}\n    reason: 一次检查"),
        "utf-8",
    )
    audited = audit(open_folder(folder), known_names())
    assert [one.kind.name for one in audited.errors].count("unknown-unit") == 1
    found = [one for one in audited.findings if one.kind.name == "fact-twice"]
    assert [one.values["other_value"] for one in found] == ["1"]
