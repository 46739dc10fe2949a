"""check: exact comparison, four formats, several folders."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest


def test_as_expected(example: Path, cli: Callable) -> None:
    done = cli("check", example)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{example}：一致（36 项；总分 88.5，良）\n"
    assert cli("check", example, "-q").out == ""


def test_differences_have_digits_enough(example: Path, cli: Callable, edit: Callable) -> None:
    edit(example / "project.yaml", "total: 88.5", "total: 88.500000001")
    edit(example / "project.yaml", "grade: 良", "grade: 优")
    edit(example / "project.yaml", "    项目产出: 30", "    项目产出: 29.5")
    done = cli("check", example)
    assert done.code == 1
    assert done.out.splitlines() == [
        f"{example}：不一致，36 项中有 3 项",
        "  总分：期望 88.500000001，实际 88.5",
        "  等级：期望 优，实际 良",
        "  项目产出：期望 29.5，实际 30",
    ]
    assert cli("check", example, "-q", "--lang", "en").out.splitlines()[1] == "  total: expected 88.500000001, actual 88.5"


def test_a_bad_folder_does_not_stop_the_others(example: Path, starter: Path, cli: Callable, edit: Callable) -> None:
    edit(starter / "evidence.yaml", "points: 7\n", "points: 70\n")
    edit(example / "project.yaml", "total: 88.5", "total: 88")
    done = cli("check", starter, example)
    assert done.code == 2
    assert f"{starter}：不能打分，见上" in done.out
    assert "总分：期望 88，实际 88.5" in done.out
    assert done.out.endswith("共 2 个项目：一致 0，不一致 1，不能打分 1，未核对 0\n")
    assert f"{starter}/evidence.yaml:" in done.err


def test_nothing_expected_is_said(starter: Path, cli: Callable) -> None:
    done = cli("check", starter)
    assert done.code == 0
    assert done.out == f"{starter}：没有写 expect，未核对（总分 82.97，良）\n"


def test_starters_hold_what_their_comment_expects(starter: Path, cli: Callable, edit: Callable) -> None:
    edit(starter / "project.yaml", "# expect:", "expect:")
    assert cli("check", starter).code == 0


def test_unknown_and_ambiguous_nodes(example: Path, cli: Callable, edit: Callable) -> None:
    edit(example / "project.yaml", "    项目产出: 30", "    项目产出率: 30")
    done = cli("check", example)
    assert done.code == 2
    assert "错误 unknown-node" in done.err
    assert "您是不是想写「项目产出」？" in done.err
    assert "/project.yaml:" in done.err


def test_json(example: Path, cli: Callable, edit: Callable) -> None:
    edit(example / "project.yaml", "total: 88.5", "total: 88")
    (told,) = json.loads(cli("check", example, "--format", "json").out)["projects"]
    assert (told["outcome"], told["total"], told["grade"]) == ("differs", "88.5", "良")
    assert told["checks"][0] | {"place": ""} == {"name": "total", "expected": "88", "actual": "88.5", "holds": False, "place": ""}
    assert len(told["checks"]) == 36


def test_junit(example: Path, starter: Path, cli: Callable, edit: Callable) -> None:
    edit(example / "project.yaml", "total: 88.5", "total: 88")
    done = cli("check", example, starter, "--format", "junit")
    assert done.code == 1
    suites = ET.fromstring(done.out).findall("testsuite")
    counted = [[suite.get(word) for word in ("tests", "failures", "errors", "skipped")] for suite in suites]
    assert counted == [["36", "1", "0", "0"], ["1", "0", "0", "1"]]
    failure = suites[0].find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "总分：期望 88，实际 88.5"


def test_junit_of_a_bad_folder(starter: Path, cli: Callable, edit: Callable) -> None:
    edit(starter / "evidence.yaml", "points: 7\n", "points: 70\n")
    done = cli("check", starter, "--format", "junit")
    assert done.code == 2
    (suite,) = ET.fromstring(done.out)
    assert (suite.get("errors"), suite.find("testcase/error") is not None) == ("1", True)


def test_github(example: Path, starter: Path, cli: Callable, edit: Callable) -> None:
    edit(example / "project.yaml", "total: 88.5", "total: 88")
    edit(starter / "evidence.yaml", "points: 7\n", "points: 70%多\n")
    done = cli("check", example, starter, "--format", "github")
    assert done.code == 2
    first, *_ = done.out.splitlines()
    line = next(n for n, text in enumerate((example / "project.yaml").read_text("utf-8").splitlines(), 1) if "total: 88" in text)
    assert first == f"::error file={example}/project.yaml,line={line},col=10,title=expect::总分：期望 88，实际 88.5"
    assert any(text.startswith(f"::error file={starter}/evidence.yaml,line=") and "%25" in text for text in done.out.splitlines())
    assert done.err == ""


@pytest.mark.parametrize("form", ["text", "json", "junit", "github"])
def test_a_folder_that_the_system_keeps_shut(form: str, cli: Callable, example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as failed in every format, and the others are checked."""
    from perfeval import scoring

    opened = scoring.open_project

    def shut(folder: Path, *given: object) -> object:
        if folder.name == "锁":
            raise PermissionError(13, "Permission denied", "锁")
        return opened(folder, *given)

    monkeypatch.setattr(scoring, "open_project", shut)
    done = cli("check", str(example), "锁", "--format", form)
    assert done.code == 3
    assert "锁" in done.err
    assert "内部错误" not in done.err
    assert done.out


def test_a_name_that_no_folder_can_have(cli: Callable) -> None:
    for name in ("甲" * 2000, "9" * 3000):
        assert cli("check", name).code == 2
        assert cli("audit", name).code == 2
        assert cli("audit", "--report", name).code == 2
        assert cli("audit", "--report", f"没有/{name}").code == 2
        assert cli("score", name).code == 2
