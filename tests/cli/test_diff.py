"""diff: the real pair of rule sets in every format, exit codes, what cannot be read, revisions, many projects."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from perfeval import schemas
from repositories import BASE, isolated, new_repo, titled

BODY, ANNEX = "indicators.yaml", "annex1.yaml"
OTHER_BAND = ("zero_at: 60%", "zero_at: 50%")


@pytest.fixture
def here(example: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder is the copy of the real evaluation, with annex 1 beside it."""
    monkeypatch.chdir(example)
    return example


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """旧.yaml and 新.yaml, which gives points from 50% on, in the current folder; projects are made beside them."""
    text = titled("旧")
    (tmp_path / "旧.yaml").write_text(text, "utf-8")
    assert text.count(OTHER_BAND[0]) == 1
    (tmp_path / "新.yaml").write_text(text.replace(*OTHER_BAND), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def project(folder: Path, spent: str = "", name: str = "") -> Path:
    """The small project, with another sum in its only table."""
    (folder / "data").mkdir(parents=True)
    for path in (*BASE.glob("*.yaml"), *(BASE / "data").iterdir()):
        (folder / path.relative_to(BASE)).write_bytes(path.read_bytes())
    if spent:
        evidence = (BASE / "evidence.yaml").read_text("utf-8")
        wanted = "实际支出: {table: payments, sum: 金额, unit: 元}"
        assert evidence.count(wanted) == 1
        (folder / "evidence.yaml").write_text(evidence.replace(wanted, f"实际支出: {spent}"), "utf-8")
    if name:
        text = (BASE / "project.yaml").read_text("utf-8")
        (folder / "project.yaml").write_text(text.replace("老旧小区改造项目", name), "utf-8")
    return folder


def valid(text: str) -> Any:
    """As its schema says, with nothing more than it names."""
    from cli.test_schema import closed, validator

    data = json.loads(text)
    assert [error.message for error in Draft202012Validator(closed(validator("diff").schema)).iter_errors(data)] == []
    return data


# ---- the real pair


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["text", "md", "html"])
@pytest.mark.usefixtures("here")
def test_the_report_against_its_annex(form: str, lang: str, cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = cli("diff", BODY, ANNEX, "--project", ".", "--format", form, "--lang", lang)
    assert done.code == 1
    golden(f"cli/diff-{lang}.{'txt' if form == 'text' else form}", done.out)


def test_json_of_the_report_against_its_annex(here: Path, cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = cli("diff", BODY, ANNEX, "--project", ".", "--format", "json")
    data = valid(done.out)
    golden("cli/diff.json", done.out)
    assert done.code == 1
    assert str(here) not in done.out
    assert data["counts"] == {"differ": 13, "respelled": 0, "added": 0, "removed": 0, "others": 0, "wording": 5}
    (only,) = data["projects"]
    effect = only["effect"]
    assert (effect["old"]["total"], effect["new"]["low"], effect["new"]["high"]) == ("88.5", "78", "93")
    for end in ("low", "high"):
        change, frame, interaction = (Fraction(effect[key][end]) for key in ("change", "frame", "interaction"))
        assert sum(Fraction(leaf["in_turn"][end]) for leaf in effect["leaves"]) + frame == change
        assert sum(Fraction(leaf["alone"][end]) for leaf in effect["leaves"]) + frame + interaction == change


@pytest.mark.parametrize("form", ["text", "md", "html", "json"])
def test_the_same_bytes_in_another_folder(form: str, here: Path, cli: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cli("diff", BODY, ANNEX, "--project", ".", "--format", form).out
    here.rename(tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert cli("diff", BODY, ANNEX, "--project", ".", "--format", form).out == first


@pytest.mark.usefixtures("here")
def test_what_is_wrong_with_the_new_rules_is_told_once(cli: Callable) -> None:
    told = cli("diff", BODY, ANNEX, "--project", ".").err
    assert told.count("bands-otherwise") == 4
    assert cli("diff", ANNEX, ANNEX).err == ""


# ---- exit codes


@pytest.mark.usefixtures("here")
def test_the_same_rules(cli: Callable) -> None:
    done = cli("diff", BODY, ".")
    assert (done.code, done.out, done.err) == (0, "两套规则相同。\n", "")
    assert cli("diff", BODY, BODY, "--lang", "en").out == "The two rule sets are the same.\n"


def test_only_spelled_otherwise(small: Path, cli: Callable) -> None:
    bands = "kind: bands, bands: [{at_least: 90%, points: 30}, {at_least: 60%, below: 90%, points: 10}], otherwise: 0"
    twin = "kind: bands, bands: [{at_least: 90%, points: full}, {at_least: 60%, points: 10}], otherwise: 0"
    for name, rule in (("a.yaml", bands), ("b.yaml", twin)):
        text = titled("旧").replace("kind: linear, zero_at: 60%, full_at: 100%", rule)
        assert rule in text
        (small / name).write_text(text, "utf-8")
    done = cli("diff", "a.yaml", "b.yaml")
    assert done.code == 0
    assert done.out.startswith("两套规则含义相同：任何项目的得分和等级都一样。1 个只是写法不同。\n")
    assert "预算执行率：" in done.out


def test_wording_alone_is_no_difference(small: Path, cli: Callable) -> None:
    (small / "c.yaml").write_text(titled("改了标题"), "utf-8")
    done = cli("diff", "旧.yaml", "c.yaml")
    assert done.code == 0
    assert "1 处文字改动（--wording 列出）" in done.out
    assert "标题：旧 → 改了标题" not in done.out
    assert "标题：旧 → 改了标题" in cli("diff", "旧.yaml", "c.yaml", "--wording").out


@pytest.mark.usefixtures("small")
def test_what_a_changed_bound_means(cli: Callable) -> None:
    done = cli("diff", "旧.yaml", "新.yaml")
    assert done.code == 1
    assert done.err == ""
    assert "零分点：60% → 50%" in done.out
    assert "50%<x<100% 时多得至多 6 分；x≤50%、x≥100% 不变" in done.out
    english = cli("diff", "旧.yaml", "新.yaml", "--lang", "en").out
    assert "no points at: 60% → 50%" in english
    assert "up to 6 points more for 50% < x < 100%; unchanged for x ≤ 50%, x ≥ 100%" in english


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.usefixtures("here")
def test_an_added_and_a_removed_rule_set(lang: str, cli: Callable) -> None:
    """As git's diff driver tells them."""
    added, removed = cli("diff", "/dev/null", BODY, "--lang", lang), cli("diff", BODY, "/dev/null", "--lang", lang)
    assert (added.code, removed.code) == (1, 1)
    assert ("是新增的" if lang == "zh" else "was added") in added.out
    assert ("已删去" if lang == "zh" else "was removed") in removed.out
    for form in ("md", "html"):
        assert "xiangyuan" not in cli("diff", "/dev/null", BODY, "--format", form).err
    assert valid(cli("diff", "/dev/null", BODY, "--format", "json").out)["old"] is None
    assert cli("diff", "/dev/null", "/dev/null").code == 2


def test_both_sides_that_cannot_be_read_are_told_together(small: Path, cli: Callable) -> None:
    (small / "坏.yaml").write_text("tree: [", "utf-8")
    done = cli("diff", "没有.yaml", "坏.yaml")
    assert (done.code, done.out) == (2, "")
    assert "没有.yaml" in done.err
    assert "坏.yaml:1" in done.err
    assert cli("diff", "旧.yaml").code == 2


def test_faulty_rules_are_told_where_they_stand_and_compared_all_the_same(small: Path, cli: Callable) -> None:
    """Their fault is told once, not once for each project, none of which can be scored."""
    (small / "错.yaml").write_text(titled("旧").replace("weight: 30", "weight: 31"), "utf-8")
    project(small / "p")
    done = cli("diff", "旧.yaml", "错.yaml", "--project", "p")
    assert done.code == 2
    assert re.findall(r"^(\S+): 错误 (\S+)$", done.err, re.M) == [("错.yaml:5:1", "weight-sum")]
    assert "权重：30 → 31" in done.out
    assert "没有比较：p（1 个错误）" in done.out


@pytest.mark.usefixtures("small")
def test_quiet(cli: Callable) -> None:
    """The exit code says it; what programs read is printed all the same."""
    done = cli("diff", "旧.yaml", "新.yaml", "-q")
    assert (done.code, done.out, done.err) == (1, "", "")
    assert valid(cli("diff", "旧.yaml", "新.yaml", "-q", "--format", "json").out)["differs"]


# ---- projects


def test_a_project_that_cannot_be_read_is_named_and_the_rest_is_compared(small: Path, cli: Callable) -> None:
    project(small / "好")
    (project(small / "坏") / "evidence.yaml").write_text("facts: [", "utf-8")
    done = cli("diff", "旧.yaml", "新.yaml", "--project", "好", "--project", "坏", "--project", "没有")
    assert done.code == 2
    assert "坏/evidence.yaml:1" in done.err
    assert "没有" in done.err
    assert "没有比较：坏" in done.out
    assert "没有比较：没有" in done.out
    assert "老旧小区改造项目：总分" in done.out
    data = valid(cli("diff", "旧.yaml", "新.yaml", "--project", "好", "--project", "坏", "--format", "json").out)
    assert [one["effect"] is None for one in data["projects"]] == [False, True]
    assert data["projects"][1]["problems"][0]["severity"] == "error"


def test_missing_evidence_is_an_interval(small: Path, cli: Callable) -> None:
    folder = project(small / "p")
    evidence = (folder / "evidence.yaml").read_text("utf-8")
    (folder / "evidence.yaml").write_text(re.sub(r"  预算: .*\n", "", evidence), "utf-8")
    done = cli("diff", "旧.yaml", "新.yaml", "--project", "p")
    assert done.code == 1
    assert re.search(r"总分 60～90（未定） → 60～90（未定）", done.out)


def test_several_projects(small: Path, cli: Callable, golden: Callable[[str, str], None]) -> None:
    """One that stays, two that gain, of which one gets another grade; in the order of their names."""
    for name, spent in (("乙", "70万元"), ("甲", "100万元"), ("丙", "90万元")):
        project(small / "项目" / name, spent, f"{name}项目")
    (small / "项目" / "说明.txt").write_text("", "utf-8")
    done = cli("diff", "旧.yaml", "新.yaml", "--project", "项目/*")
    assert (done.code, done.err) == (1, "")
    golden("cli/diff-several.txt", done.out)
    assert cli("diff", "旧.yaml", "新.yaml", "--project", "项目/*", "--project", "项目/甲").out == done.out
    page = cli("diff", "旧.yaml", "新.yaml", "--project", "项目/*", "--format", "html").out
    assert page.count('<table id="effect-') == 3
    data = valid(cli("diff", "旧.yaml", "新.yaml", "--project", "项目/*", "--format", "json").out)
    assert [one["folder"] for one in data["projects"]] == ["项目/丙", "项目/乙", "项目/甲"]
    assert (data["distribution"]["gain"], data["distribution"]["stay"]) == (2, 1)


def test_the_page_is_in_order(small: Path, cli: Callable) -> None:
    """One h1, no level left out, no id twice, nothing loaded, no script."""
    for name in ("甲", "乙"):
        project(small / name, name=name)
    page = cli("diff", "旧.yaml", "新.yaml", "--project", "甲", "--project", "乙", "--format", "html").out
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert not re.search(r"<script|<link|<img|src=|url\(|@import", page)
    assert "default-src 'none'" in page


def test_many_projects_are_cut_to_the_movers(small: Path, cli: Callable) -> None:
    for number in range(25):
        project(small / "项目" / f"{number:02}", f"{70 + number}万元", f"项目{number:02}")
    done = cli("diff", "旧.yaml", "新.yaml", "--project", "项目/*")
    assert "这里只列变化最大的 10 个项目" in done.out
    listed = re.findall(r"^项目(\d\d) ", done.out, re.M)
    assert listed == [f"{number:02}" for number in range(10)]


def test_projects_outside_of_the_folder_are_told_apart(small: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [project(small / "甲" / "p"), project(small / "乙" / "p")]
    (small / "work").mkdir()
    monkeypatch.chdir(small / "work")
    options = [word for folder in folders for word in ("--project", folder)]
    data = valid(cli("diff", small / "旧.yaml", small / "新.yaml", *options, "--format", "json").out)
    assert [one["folder"] for one in data["projects"]] == ["甲/p", "乙/p"]
    assert str(small) not in json.dumps(data, ensure_ascii=False)


@pytest.mark.usefixtures("small")
def test_a_pattern_without_a_project(cli: Callable) -> None:
    done = cli("diff", "旧.yaml", "新.yaml", "--project", "项目/*")
    assert (done.code, done.out) == (2, "")
    assert "项目/*" in done.err


# ---- files


@pytest.mark.parametrize(("name", "begins"), [("a.md", "# "), ("a.html", "<!DOCTYPE html>"), ("a.json", "{"), ("a.txt", "1 个")])
def test_into_a_file(name: str, begins: str, small: Path, cli: Callable) -> None:
    done = cli("diff", "旧.yaml", "新.yaml", "-o", name)
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("1 个指标含义不同。")
    assert (small / name).read_text("utf-8").startswith(begins)
    assert cli("diff", "旧.yaml", "新.yaml", "-o", name, "--format", "md").code == 1
    assert (small / name).read_text("utf-8").startswith("# ")


@pytest.mark.parametrize("target", ["没有/a.md", ".", "-"])
@pytest.mark.usefixtures("small")
def test_files_that_cannot_be(target: str, cli: Callable) -> None:
    done = cli("diff", "旧.yaml", "新.yaml", "-o", target)
    assert (done.code, done.out) == (2, "")
    assert "-o" in done.err or "没有/" in done.err or "没有文件夹" in done.err


@pytest.mark.usefixtures("small")
def test_a_reader_that_has_left(program: Callable) -> None:
    """The exit code is that of the comparison; a closed stdout is told."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        done = program("diff", "旧.yaml", "新.yaml", capture_output=False, stdout=gone, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, b"")
    closed = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m perfeval.cli.main diff 旧.yaml 新.yaml >&-"], capture_output=True, check=False, timeout=60
    )
    assert closed.returncode == 3
    assert closed.stderr


# ---- git


def test_revisions(tmp_path: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two revisions and a project; the evidence is that of the work tree."""
    isolated(tmp_path, monkeypatch)
    repo = new_repo(tmp_path / "库")
    folder = repo.project("项目/改造")
    repo.commit()
    path = folder / "indicators.yaml"
    path.write_text(path.read_text("utf-8").replace(*OTHER_BAND), "utf-8")
    repo.commit()
    monkeypatch.chdir(repo.root)
    done = cli("diff", "HEAD~1", "HEAD", "--project", "项目/改造")
    assert done.code == 1
    assert "零分点：60% → 50%" in done.out
    data = valid(cli("diff", "HEAD~1", "HEAD", "--project", "项目/改造", "--format", "json").out)
    assert data["old"]["revision"] == repo.git("rev-parse", "HEAD~1")[:12]
    assert cli("diff", "HEAD:项目/改造/indicators.yaml", "项目/改造").code == 0
    assert cli("diff", "HEAD~7", "HEAD", "--project", "项目/改造").code == 2


def test_schema_is_listed(cli: Callable) -> None:
    assert json.loads(cli("schema", "diff").out)["$id"] == "urn:perfeval:1:diff"
    assert "diff" in schemas.KINDS


def test_a_table_of_evidence(small: Path, cli: Callable) -> None:
    """One row for each project; a row at fault is told at its cell, a column that nobody asks for at the header."""
    columns = "项目,实际支出,预算,项目立项/checklist/程序规范,项目立项/checklist/目标合理,项目效益/tier,项目效益/points,实际支岀"
    rows = ("甲,90万元,100万元,yes,yes,显著,,", "乙,55万元,100万元,yes,yes,显著,,", "丙,9O万元,100万元,yes,yes,显著,,")
    (small / "佐证.csv").write_text("\n".join((columns, *rows, "")), "utf-8")
    done = cli("diff", "旧.yaml", "新.yaml", "--evidence", "佐证.csv", "--format", "json")
    assert done.code == 2
    assert [line.split(" ")[0] for line in done.err.splitlines() if line.startswith("佐证.csv")] == ["佐证.csv:1:74:", "佐证.csv:4:3:"]
    told = valid(done.out)
    assert [one["project"]["name"] if "project" in one else one.get("name") for one in told["projects"]][:2] == ["甲", "乙"]
    gone = cli("diff", "旧.yaml", "新.yaml", "--evidence", "没有.csv")
    assert (gone.code, gone.out) == (2, "")


def test_projects_that_score_otherwise_decide(tmp_path: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """Items in another order mean the same; to answers given as a list they do not. The verdict then claims nothing else."""
    tree = "perfeval: 1\nid: t\ntree:\n- {name: 程序, weight: 100, rule: {kind: checklist, items: [%s]}}\n"
    items = ("{id: 甲, text: 甲, points: 90}", "{id: 乙, text: 乙, points: 10}")
    monkeypatch.chdir(tmp_path)
    for name, at in (("旧.yaml", (0, 1)), ("新.yaml", (1, 0))):
        Path(name).write_text(tree % ", ".join(items[n] for n in at), "utf-8")
    Path("项目").mkdir()
    Path("项目/project.yaml").write_text("perfeval: 1\nname: 项目\nindicators: ../旧.yaml\n", "utf-8")
    Path("项目/evidence.yaml").write_text("perfeval: 1\nindicators:\n  程序: {checklist: [yes, no]}\n", "utf-8")
    assert cli("diff", "旧.yaml", "新.yaml").code == 0
    done = cli("diff", "旧.yaml", "新.yaml", "--project", "项目")
    assert done.code == 1
    assert "以项目的得分为准" in done.out
    assert "得分和等级都一样" not in done.out
    assert valid(cli("diff", "旧.yaml", "新.yaml", "--project", "项目", "--format", "json").out)["differs"]
