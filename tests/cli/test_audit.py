"""audit: formats, what is chosen, levels, exit codes, what cannot be read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from auditing.test_cases import BASE

LINE = ("at_least: 60%}", "at_least: 71%}")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The clean project as 项目 in the current folder."""
    shutil.copytree(BASE, tmp_path / "项目")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "项目"


@pytest.fixture
def broken(project: Path) -> Path:
    """With one defect of the rules, and one that the project ignores."""
    path = project / "indicators.yaml"
    text = path.read_text("utf-8")
    assert text.count(LINE[0]) == 1
    path.write_text(text.replace(*LINE), "utf-8")
    return project


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("subject", ["项目", "项目/project.yaml", "项目/indicators.yaml"])
def test_nothing_is_found(subject: str, cli: Callable) -> None:
    done = cli("audit", subject)
    assert (done.code, done.out, done.err) == (0, "没有发现矛盾。\n", "")
    assert cli("audit", subject, "-q").out == ""


@pytest.mark.usefixtures("broken")
def test_text(cli: Callable, golden: Callable[[str, str], None]) -> None:
    for lang in ("zh", "en"):
        done = cli("audit", "项目", "--lang", lang)
        assert (done.code, done.err) == (1, "")
        golden(f"cli/audit-{lang}.txt", done.out)


@pytest.mark.usefixtures("broken")
def test_json_sarif_and_github_say_the_same(cli: Callable) -> None:
    told = json.loads(cli("audit", "项目", "--format", "json").out)
    (found,) = told["findings"]
    assert (found["check"], found["severity"], found["file"], found["line"]) == ("constraint-broken", "warning", "indicators.yaml", 16)
    (run,) = json.loads(cli("audit", "项目", "--format", "sarif").out)["runs"]
    (result,) = run["results"]
    (rule,) = run["tool"]["driver"]["rules"]
    place = result["locations"][0]["physicalLocation"]
    assert result["ruleId"] == rule["id"] == "constraint-broken"
    assert place["artifactLocation"]["uri"] == "%E9%A1%B9%E7%9B%AE/indicators.yaml"
    assert place["region"]["startLine"] == found["line"]
    assert place["region"]["startColumn"] == found["column"]
    assert found["message"] in result["message"]["text"]
    (line,) = cli("audit", "项目", "--format", "github").out.splitlines()
    assert line.startswith("::warning file=项目/indicators.yaml,line=16,")


def test_what_is_ignored_is_told_with_its_reason(broken: Path, cli: Callable) -> None:
    path = broken / "project.yaml"
    path.write_text(path.read_text("utf-8") + "audit: {ignore: {constraint-broken: 县里另有规定}}\n", "utf-8")
    done = cli("audit", "项目")
    assert done.code == 0
    assert "另有 1 条" in done.out
    told = json.loads(cli("audit", "项目", "--format", "json").out)
    assert [one["reason"] for one in told["ignored"]] == ["县里另有规定"]
    (run,) = json.loads(cli("audit", "项目", "--format", "sarif").out)["runs"]
    assert run["results"][0]["suppressions"] == [{"kind": "inSource", "justification": "县里另有规定"}]


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 1),
        (("--fail-on", "error"), 0),
        (("--fail-on", "never"), 0),
        (("--fail-on", "note"), 1),
        (("--select", "evidence"), 0),
        (("--select", "rules"), 1),
        (("--select", "constraint-broken,weight-sum"), 1),
        (("--ignore", "constraint-broken"), 0),
        (("--ignore", "rules"), 0),
    ],
)
def test_choosing(options: tuple[str, ...], code: int, cli: Callable) -> None:
    assert cli("audit", "项目", *options).code == code


@pytest.mark.usefixtures("project")
def test_usage(cli: Callable) -> None:
    for arguments, told in (
        ((), "要审查什么"),
        (("项目", "--select", "constraint-brokn"), "您是不是想写「constraint-broken」"),
        (("项目", "--select", "nonsense"), "没有叫「nonsense」的审查项。perfeval audit --list"),
        (("没有这个",), "没有文件夹或指标文件「没有这个」"),
        (("项目x",), "您是不是想写「项目」"),
        (("--report", "没有.txt"), "没有文件「没有.txt」"),
        (("--report", "项目"), "是文件夹"),
        (("--report", "项目/project.yaml", "--against", "builtin:mof-2020-project"), "--against"),
    ):
        done = cli("audit", *arguments)
        assert (done.code, done.out) == (2, "")
        assert told in done.err


def test_what_cannot_be_read(project: Path, cli: Callable) -> None:
    """A folder with a fault: the fault at its place, exit 2. A fault that only stops the score: the rest is audited."""
    path = project / "evidence.yaml"
    whole = path.read_text("utf-8")
    path.write_text(whole.replace("perfeval: 1", "perfeval: 1\n坏: [", 1), "utf-8")
    done = cli("audit", "项目")
    assert (done.code, done.out) == (2, "")
    assert "项目/evidence.yaml:" in done.err
    path.write_text(whole.replace("points: 7\n", "points: 9\n"), "utf-8")
    rules = project / "indicators.yaml"
    rules.write_text(rules.read_text("utf-8").replace(*LINE), "utf-8")
    done = cli("audit", "项目")
    assert done.code == 2
    assert "points-out-of-range" in done.err
    assert "constraint-broken" in done.out
    assert "没有全部查完" in done.out


def test_a_fault_of_rules_is_as_grave_as_the_tree_makes_it(project: Path, cli: Callable) -> None:
    """Weights that do not add up stop the score; to audit they are one finding among others, softer where the tree is quoted."""
    path = project / "indicators.yaml"
    text = path.read_text("utf-8").replace("total: 100", "total: 101")
    path.write_text(text, "utf-8")
    told = json.loads(cli("audit", "项目", "--select", "weight-sum", "--format", "json").out)
    assert [(one["check"], one["severity"]) for one in told["findings"]] == [("weight-sum", "error")]
    path.write_text(text.replace("total: 101", "total: 101\nas_printed: yes"), "utf-8")
    told = json.loads(cli("audit", "项目", "--select", "weight-sum", "--format", "json").out)
    assert [(one["check"], one["severity"]) for one in told["findings"]] == [("weight-sum", "warning")]


def test_list(cli: Callable) -> None:
    done = cli("audit", "--list")
    assert done.code == 0
    assert "constraint-broken" in done.out


def test_a_report_stands_where_it_was_typed(project: Path, cli: Callable) -> None:
    """Places in it are told from where the user stands, not below the folder."""
    text = "表 1 得分表\n一级指标 权重 得分 得分率\n过程 30 26.17 50%\n合计 30 26.17 50%\n"
    (project.parent / "报告").mkdir()
    (project.parent / "报告/report.txt").write_text(text, "utf-8")
    done = cli("audit", "项目", "--report", "报告/report.txt")
    assert done.code == 1
    assert done.out.startswith("报告/report.txt:3:")
    told = json.loads(cli("audit", "项目", "--report", "报告/report.txt", "--format", "json").out)
    assert {one["file"] for one in told["findings"]} == {"报告/report.txt"}


@pytest.mark.parametrize("arguments", [("没有这个",), ("坏",), ("项目", "--report", "没有.txt"), ("项目", "--select", "nonsense")])
def test_formats_for_programs_are_whole_where_nothing_can_be_read(project: Path, arguments: tuple[str, ...], cli: Callable) -> None:
    """On bad input: a document without findings that tells the errors; stderr as ever."""
    shutil.copytree(project, project.parent / "坏")
    (project.parent / "坏/evidence.yaml").write_text("perfeval: 1\n坏: [", "utf-8")
    as_text = cli("audit", *arguments)
    assert (as_text.code, as_text.out) == (2, "")
    done = {form: cli("audit", *arguments, "--format", form) for form in ("json", "sarif", "github")}
    assert {(one.code, one.err) for one in done.values()} == {(2, as_text.err)}
    told = json.loads(done["json"].out)
    assert told["findings"] == []
    assert {one["severity"] for one in told["errors"]} == {"error"}
    (run,) = json.loads(done["sarif"].out)["runs"]
    assert run["results"] == []
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    notifications = invocation["toolExecutionNotifications"]
    assert [one["descriptor"]["id"] for one in notifications] == [one["check"] for one in told["errors"]]
    lines = done["github"].out.splitlines()
    assert len(lines) == len(told["errors"])
    for line, one in zip(lines, told["errors"], strict=True):
        assert line.startswith("::error ")
        assert "file=," not in line
        assert one["message"].splitlines()[0] in line


def test_errors_beside_findings_are_notifications(project: Path, cli: Callable) -> None:
    """What stops the score is no result, and the findings of the rest are."""
    path = project / "evidence.yaml"
    path.write_text(path.read_text("utf-8").replace("points: 7\n", "points: 9\n"), "utf-8")
    rules = project / "indicators.yaml"
    rules.write_text(rules.read_text("utf-8").replace(*LINE), "utf-8")
    (run,) = json.loads(cli("audit", "项目", "--format", "sarif").out)["runs"]
    assert [one["ruleId"] for one in run["results"]] == ["constraint-broken"]
    notifications = run["invocations"][0]["toolExecutionNotifications"]
    assert notifications[0]["descriptor"] == {"id": "points-out-of-range"}
    assert notifications[0]["locations"][0]["physicalLocation"]["region"]["startLine"] > 1
    assert notifications[1]["level"] == "note"
    assert "没有查" in notifications[1]["message"]["text"]
    driver = run["tool"]["driver"]
    assert driver["notifications"] == [{"id": "points-out-of-range"}]


@pytest.mark.usefixtures("project")
def test_against_a_revision_without_a_folder(cli: Callable) -> None:
    """It tells what this command has, not options of others."""
    done = cli("audit", "项目/indicators.yaml", "--against", "HEAD~1")
    assert done.code == 2
    assert "--project" not in done.err
    assert "HEAD~1:文件夹/indicators.yaml" in done.err
