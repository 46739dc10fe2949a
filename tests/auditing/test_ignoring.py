"""`audit: {ignore: …}`: what it covers, with its reason; names that nobody has; lines that ignore nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from auditing.test_cases import BASE
from perfeval.auditing._catalogue import known_names
from perfeval.auditing._opening import open_folder
from perfeval.auditing._running import Audited, audit
from perfeval.cli._problems import shown_problem

DEFECT = ("at_least: 60%}", "at_least: 71%}")


def audited(folder: Path, *edits: tuple[str, str, str], names: frozenset[str] | None = None) -> Audited:
    shutil.copytree(BASE, folder)
    for file, old, new in edits:
        text = (folder / file).read_text("utf-8")
        assert text.count(old) == 1
        (folder / file).write_text(text.replace(old, new), "utf-8")
    return audit(open_folder(folder), names or known_names())


@pytest.mark.parametrize(
    "edit",
    [
        ("project.yaml", "mode: evaluation", "mode: evaluation\naudit: {ignore: {constraint-broken: 县里另有规定}}"),
        ("indicators.yaml", "total: 100", "total: 100\naudit: {ignore: {constraint-broken: 县里另有规定}}"),
    ],
    ids=["project", "tree"],
)
def test_ignored_with_its_reason(tmp_path: Path, edit: tuple[str, str, str]) -> None:
    done = audited(tmp_path / "p", ("indicators.yaml", *DEFECT), edit)
    assert done.findings == ()
    assert [(problem.kind.name, reason) for problem, reason in done.ignored] == [("constraint-broken", "县里另有规定")]


def test_an_indicator_covers_what_stands_there_alone(tmp_path: Path) -> None:
    """A finding outside the indicator stays, and the line is told as one that ignores nothing."""
    at_node = (
        "indicators.yaml",
        "      explain: 到位资金支出了多少",
        "      explain: 到位资金支出了多少\n      audit: {ignore: {constraint-broken: 无关}}",
    )
    done = audited(tmp_path / "p", ("indicators.yaml", *DEFECT), at_node)
    assert [one.kind.name for one in done.findings] == ["constraint-broken", "ignored-nothing"]
    weights = (
        "indicators.yaml",
        "        - {id: approval, text: 资金拨付的审批和手续完整, points: 3}",
        "        - {id: approval, text: 资金拨付的审批和手续完整, points: 2}",
    )
    inside = (
        "indicators.yaml",
        "      explain: 资金是否按制度和用途使用",
        "      explain: 资金是否按制度和用途使用\n      audit: {ignore: {rule-falls-short: 留一分}}",
    )
    done = audited(tmp_path / "q", weights, inside)
    assert [problem.kind.name for problem, _ in done.ignored] == ["rule-falls-short"]


def test_names_and_lines_that_do_nothing(tmp_path: Path, golden: Callable[[str, str], None]) -> None:
    lines = "mode: evaluation\naudit: {ignore: {constraint-brokn: 笔误, constraint-broken: 多余}}"
    done = audited(tmp_path / "p", ("project.yaml", "mode: evaluation", lines))
    assert [one.kind.name for one in done.findings] == ["unknown-check", "ignored-nothing"]
    for problem in done.findings:
        golden(f"audit/{problem.kind.name}.txt", "\n\n".join(shown_problem(problem, lang) for lang in ("zh", "en")) + "\n")
    quiet = audited(tmp_path / "q", ("project.yaml", "mode: evaluation", lines), names=frozenset(["weight-sum"]))
    assert [one.kind.name for one in quiet.findings] == ["unknown-check"], "a check that was not run may have found something"


ENTRY = {
    "loss-without-reason": ("    reason: 下半年的补助对象名单未公示。\n", ""),
    "source-missing": ("    sources: [管理制度, 采购台账, 公示照片]\n", ""),
    "judgement-contradicts-actual": ("checklist: [yes, yes, yes, no]", "checklist: [yes, yes, yes, yes]"),
}


@pytest.mark.parametrize("where", ["leaf", "parent", "leaf and parent"])
@pytest.mark.parametrize("check", [*ENTRY, "problem-not-taken-up"])
def test_an_indicator_covers_its_evidence_and_what_is_below(check: str, where: str, tmp_path: Path) -> None:
    """Wherever a finding about the leaf stands: at its entry's name, inside it, or beside those of others."""
    line = f"audit: {{ignore: {{{check}: 另有说明}}}}"
    leaf = ("indicators.yaml", "      explain: 制度是否真正执行", f"      explain: 制度是否真正执行\n      {line}")
    parent = ("indicators.yaml", "  - name: 组织实施\n    weight: 10", f"  - name: 组织实施\n    weight: 10\n    {line}")
    lines = [edit for name, edit in (("leaf", leaf), ("parent", parent)) if name in where]
    defects: list[tuple[str, str, str]] = []
    if check == "problem-not-taken-up":
        defects.append(("project.yaml", "from: [制度执行有效性, 服务规范性]", "from: [服务规范性]"))
    else:
        defects.append(("evidence.yaml", *ENTRY[check]))
        if check == "judgement-contradicts-actual":
            defects.append(("evidence.yaml", "    actual: 基本有效\n", "    actual: 不有效\n"))
    found = audited(tmp_path / "p", *defects)
    assert check in [one.kind.name for one in found.findings]
    done = audited(tmp_path / "q", *defects, *lines)
    assert check in [problem.kind.name for problem, _ in done.ignored]
    assert {"ignored-nothing", check}.isdisjoint(one.kind.name for one in done.findings)


def test_an_ignored_source_leaves_those_of_others(tmp_path: Path) -> None:
    gone = [("evidence.yaml", f"    sources: {text}\n", "") for text in ("[管理制度, 采购台账, 公示照片]", "[座谈记录]")]
    line = "      audit: {ignore: {source-missing: 台账另存}}"
    leaf = ("indicators.yaml", "      explain: 制度是否真正执行", f"      explain: 制度是否真正执行\n{line}")
    done = audited(tmp_path / "p", *gone, leaf)
    assert [one.values["names"] for one in done.findings] == ["「便利老人用餐」"]
    assert [problem.values["names"] for problem, _ in done.ignored] == ["「制度执行有效性」"]


def test_a_line_about_a_check_that_was_not_run_is_not_told(tmp_path: Path) -> None:
    """Without a report nothing is known of what is ignored in one; nor where the evidence is not whole."""
    line = (
        "project.yaml",
        "mode: evaluation",
        "mode: evaluation\naudit: {ignore: {printed-sum: 表内四舍五入, loss-without-reason: 另有说明}}",
    )
    whole = audited(tmp_path / "p", line)
    assert [one.values["name"] for one in whole.findings] == ["loss-without-reason"]
    gone = ("evidence.yaml", "  检查发现问题数: {value: 1, source: 食品安全检查记录}\n", "")
    assert [one.kind.name for one in audited(tmp_path / "q", line, gone).findings] == ["missing-evidence"]
