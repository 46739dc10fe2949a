"""whatif: suppositions, the ways to a grade, how firm the grade is; text, JSON, exit codes and refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cases_support import build

FINAL = ["--final", "绩效目标", "--final", "政策知晓情况", "--final", "可持续影响"]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_suppositions(example: Path, cli: Callable, golden: Callable[[str, str], None]) -> None:
    before = files(example)
    done = cli("whatif", example, "--set", "职工满意度=79%", "--set", "帮扶人数=8人", "--set", "可持续影响=较好")
    assert (done.code, done.err) == (0, "")
    golden("cli/whatif-set.txt", done.out)
    assert files(example) == before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_ways(lang: str, example: Path, cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = cli("whatif", example, "--to", "优", "--lang", lang)
    assert (done.code, done.err) == (0, "")
    golden(f"cli/whatif-to-{lang}.txt", done.out)


def test_out_of_reach_is_exit_1(example: Path, cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = cli("whatif", example, "--to", "优", *FINAL)
    assert done.code == 1
    golden("cli/whatif-out-of-reach.txt", done.out)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_robust(lang: str, example: Path, cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = cli("whatif", example, "--robust", "--lang", lang)
    assert (done.code, done.err) == (0, "")
    golden(f"cli/whatif-robust-{lang}.txt", done.out)


def test_json_says_the_same(example: Path, cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = cli("whatif", example, "--set", "帮扶人数=8人", "--to", "优", "--robust", "--format", "json")
    assert done.code == 0
    told = json.loads(done.out)
    assert told["start"] == {"total": "88.5", "low": "88.5", "high": "88.5", "grade": "良"}
    assert told["set"]["after"]["total"] == "86.5"
    # 3.5 short: no indicator has that much to gain, two have; 绩效目标合理性 in full and 帮扶对象 by half a point, and the like
    assert (told["to"]["reachable"], told["to"]["indicators"]) == (True, 2)
    assert {way["after"]["grade"] for way in told["to"]["ways"]} == {"优"}
    assert [way["points"] for way in told["to"]["ways"]] == ["3.5"] * 5
    assert told["robust"]["evidence"]["smallest"]["grade"] == "中"  # 6.51 down; nothing single brings 3.5
    golden("cli/whatif.json", done.out)


def test_ways_start_from_what_is_supposed(example: Path, cli: Callable) -> None:
    out = cli("whatif", example, "--set", "项目执行有效性/checklist/publicity=是", "--to", "优").out
    assert "还差 0.5 分" in out


def test_a_file_of_suppositions(example: Path, cli: Callable, tmp_path: Path) -> None:
    lines, mapped = tmp_path / "set.txt", tmp_path / "set.yaml"
    lines.write_text("帮扶人数=8人\n职工满意度=79%\n", "utf-8")
    mapped.write_text("帮扶人数: 8人\n职工满意度: 79%\n", "utf-8")
    options = cli("whatif", example, "--set", "帮扶人数=8人", "--set", "职工满意度=79%").out
    for file in (lines, mapped):
        done = cli("whatif", example, "--set-file", file)
        assert done.code == 0
        assert [line for line in done.out.splitlines() if "总分" in line] == [line for line in options.splitlines() if "总分" in line]
    lines.write_text("帮扶人数=八人\n", "utf-8")
    done = cli("whatif", example, "--set-file", lines, "--lang", "en")
    assert done.code == 2
    assert done.err.startswith(f"{lines}:1:1: error bad-number\n")


def test_not_found_is_not_out_of_reach(cli: Callable, tmp_path: Path) -> None:
    """甲 wants x below 10, 乙 at least 40: no bound knows that both cannot be had, so nothing is said to be out of reach."""
    rules = [{"kind": "threshold", "of": "x", "below": "10"}, {"kind": "threshold", "of": "x", "at_least": "40"}]
    tree = tuple({"name": name, "weight": "50", "rule": rule} for name, rule in zip("甲乙", rules, strict=True))
    evidence = {"perfeval": "1", "facts": {"x": "20"}}
    grades = ({"name": "好", "at_least": "90"}, {"name": "差", "below": "90"})
    build({"indicators": {"perfeval": "1", "id": "t", "tree": tree, "grades": grades}, "evidence": evidence}, tmp_path)
    done = cli("whatif", tmp_path, "--to", "好")
    assert done.code == 1
    assert done.out.startswith("没有找到达到「好」（90 分）的办法；搜寻不完全，不能说一定达不到。找到的最好总分是 50，差。\n")
    told = json.loads(cli("whatif", tmp_path, "--to", "好", "--format", "json").out)["to"]
    assert (told["reachable"], told["farthest"]) == (None, {"total": "50", "grade": "差", "exact": False})


def test_all_that_is_wrong_in_a_file_is_told(example: Path, cli: Callable, tmp_path: Path) -> None:
    lines = tmp_path / "set.txt"
    lines.write_text("没有的=1\n帮扶人数=八人\n", "utf-8")
    done = cli("whatif", example, "--set-file", lines)
    assert (done.code, done.out) == (2, "")
    assert f"{lines}:1：没有「没有的」" in done.err and f"{lines}:2:1" in done.err


def test_a_supposition_without_effect_is_told(example: Path, cli: Callable) -> None:
    out = cli("whatif", example, "--set", "职工满意度=79%", "--set", "问卷份数=3份").out
    assert "  问卷份数：在这些假设下没有指标用到它，设了不起作用" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "--set KEY=VALUE"),
        (["--set", "帮扶人数=8人", "--final", "帮扶人数"], "--final 与 --to 或 --robust 同用"),
        (["--set", "帮扶人数"], "要写成 KEY=VALUE"),
        (["--set", "帮扶人=8"], "您是不是想写「帮扶人数」"),
        (["--set", "政策知晓情况=2"], "政策知晓情况/parts/工作人员"),
        (["--set", "帮扶人数=8人", "--set", "帮扶人数=9人"], "设了两次"),
        (["--to", "良"], "只列出向上的办法"),
        (["--to", "中"], "已经高于它"),
        (["--to", "好"], "有的是：优、良、中、差"),
        (["--to", "优", "--final", "没有"], "没有「没有」这项佐证"),
        (["--set", "帮扶人数=待补充", "--robust"], "还缺佐证"),
        (["--set-file", "没有的文件"], "没有文件「没有的文件」"),
    ],
)
def test_usage(options: list[str], said: str, example: Path, cli: Callable) -> None:
    done = cli("whatif", example, *options)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    english = cli("whatif", example, *options, "--lang", "en").err
    assert english.startswith("Usage error: ") and "用法不对" not in english


def test_a_value_that_cannot_be_read_is_placed_at_the_option(example: Path, cli: Callable) -> None:
    done = cli("whatif", example, "--set", "可持续影响/tier=极好")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("--set 可持续影响/tier=极好: 错误 unknown-tier\n")


def test_faults_of_the_folder_stand_in_the_folder(example: Path, cli: Callable, edit: Callable[[Path, str, str], None]) -> None:
    edit(example / "evidence.yaml", "tier: 一般", "tier: 极好")
    done = cli("whatif", example, "--robust")
    assert done.code == 2
    assert done.err.startswith(f"{example}/evidence.yaml:")


def test_missing_evidence_can_be_supposed(example: Path, cli: Callable, edit: Callable[[Path, str, str], None]) -> None:
    edit(example / "evidence.yaml", "tier: 一般", "tier: 待定")
    open_ = cli("whatif", example, "--set", "帮扶人数=8人")
    assert open_.code == 0
    assert "总分　85.5～90.5 → 83.5～88.5　等级　未定 → 良" in open_.out
    assert cli("whatif", example, "--to", "优").code == 2
    assert cli("whatif", example, "--set", "可持续影响/tier=一般", "--to", "优").code == 0


def test_the_section_of_a_report(example: Path, cli: Callable, edit: Callable) -> None:
    """Where project.yaml asks for it: in both formats, with the figures of --robust, and sealed like the rest."""
    assert "等级的稳固程度" not in reports(example, cli)
    edit(example / "project.yaml", "formats: [md, html]", "firmness: yes")
    text = reports(example, cli)
    assert text.count("等级的稳固程度") >= 2
    assert "移动 1.5 分权重就成为「优」" in text
    assert cli("seal", example).code == 0
    assert cli("verify", example).code == 0


def reports(folder: Path, cli: Callable) -> str:
    assert cli("score", folder, "-q").code == 0
    return "".join((folder / "reports" / name).read_text("utf-8") for name in ("report.md", "report.html"))


def test_no_section_while_the_total_is_open(example: Path, cli: Callable, edit: Callable) -> None:
    edit(example / "project.yaml", "formats: [md, html]", "firmness: yes")
    edit(example / "evidence.yaml", "    points: 3\n", "    points: 待定\n")
    assert cli("score", example, "-q", "--partial").code == 0
    assert "等级的稳固程度" not in (example / "reports" / "report.html").read_text("utf-8")
