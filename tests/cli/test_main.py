"""What happened becomes words and an exit code, in two languages, never a traceback."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import perfeval.scoring


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["scor"], "没有命令「scor」。您是不是想写「score」？", "There is no command “scor”. Did you mean “score”?"),
        (
            ["score", "--formt", "md"],
            "没有选项「--formt」。您是不是想写「--format」？",
            "There is no option “--formt”. Did you mean “--format”?",
        ),
        (["schema"], "缺少 {project|indicators|evidence|result|seal|diff}。", "{project|indicators|evidence|result|seal|diff} is missing."),
        (
            ["schema", "projekt"],
            "kind 可用的值：project, indicators, evidence, result, seal, diff。",
            "kind is one of: project, indicators, evidence, result, seal, diff.",
        ),
        (["score", "nowhere"], "没有文件夹「nowhere」。", "There is no folder “nowhere”."),
        (["score", __file__], f"「{__file__}」不是文件夹。", f"“{__file__}” is not a folder."),
        (["score", ".", "--json", "-o", "x"], "--json 不写文件", "--json writes no files"),
    ],
)
def test_usage_errors(arguments: list[str], zh: str, en: str, cli: Callable) -> None:
    done = cli(*arguments)
    assert (done.code, done.out) == (2, "")
    first, second, third = done.err.splitlines()
    assert first.startswith(f"用法不对：{zh}")
    assert second.startswith(f"Usage error: {en}")
    assert third.endswith("--help")


def test_other_usage_errors_exit_2(cli: Callable) -> None:
    for arguments in (["score", "a", "b"], ["score", "-o"], ["schema", "project", "x"], ["--nothing"], ["check"]):
        done = cli(*arguments)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("用法不对：")


def test_english_usage_errors_have_no_chinese(cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERFEVAL_LANG", "en_GB")
    assert cli("scor").err == "Usage error: There is no command “scor”. Did you mean “score”?\nperfeval --help\n"
    assert cli("schema", "--lang", "zh").err.startswith("用法不对")


@pytest.mark.parametrize(
    ("values", "lang"),
    [
        ({}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "C"}, "zh"),
        ({"LANG": "en_US", "LC_ALL": "C"}, "zh"),
        ({"LC_ALL": "zh_CN", "PERFEVAL_LANG": "en"}, "en"),
        ({"LANG": "zh_CN", "LC_MESSAGES": "en"}, "en"),
        ({"LANG": "fr_FR"}, "zh"),
    ],
)
def test_language_of_the_environment(values: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from perfeval.cli.output import lang_of_environment

    monkeypatch.delenv("LANG")
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    assert lang_of_environment() == lang


@pytest.mark.parametrize(
    ("error", "code", "zh"),
    [
        (KeyError("x\x1b[31m"), 3, "程序内部错误 KeyError: 'x\\x1b[31m'"),
        (OSError(13, "Permission denied", "a.yaml"), 3, "系统出错：「a.yaml」没有权限 (Permission denied)。办法："),
        (MemoryError(), 3, "内存不够"),
        (RecursionError("deep"), 3, "程序内部错误 RecursionError"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_failures(error: BaseException, code: int, zh: str, starter: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(perfeval.scoring, "open_project", fail)
    done = cli("score", starter)
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(zh)
    assert done.err.count("\n") == (1 if zh else 0)


def test_traceback_only_for_those_who_ask(starter: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(perfeval.scoring, "open_project", fail)
    monkeypatch.setenv("PERFEVAL_DEBUG", "1")
    assert "Traceback" in cli("score", starter).err


def test_common_options_stand_before_the_command_too(example: Path, cli: Callable) -> None:
    assert cli("--lang", "en", "score", example, "--no-report").out == cli("score", example, "--no-report", "--lang", "en").out
    assert cli("--lang", "en", "score", "--lang", "zh", example, "--no-report").out == cli("score", example, "--no-report").out
    assert cli("-q", "check", example).out == ""
    assert cli("check", "-q", example).out == ""
    assert cli("--lang", "en", "scor").err.startswith("Usage error: ")


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["score", "{0}", "-o", "-"], "-o 要一个文件夹，报告不能写到标准输出；要结果 JSON，用 --json。", "-o takes a folder"),
        (["score", "{0}", "-o", "{0}/project.yaml"], "-o 要一个文件夹，「{0}/project.yaml」是文件。", "-o takes a folder"),
        (["init", "-"], "init 要一个文件夹名，不能写到标准输出。", "init takes the name of a folder"),
        (["init", "x", "--from", "builtin:mof"], "没有内置的「mof」。您是不是想写「mof-2020-project」？", "There is no built-in “mof”."),
        (["explain", "{0}", "qqq"], "没有指标「qqq」。有的如：", "There is no indicator “qqq”."),
    ],
)
def test_refused_with_a_sentence(arguments: list[str], zh: str, en: str, starter: Path, cli: Callable) -> None:
    done = cli(*(one.format(starter) for one in arguments))
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"用法不对：{zh.format(starter)}")
    assert f"Usage error: {en}" in done.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_no_permission(starter: Path, cli: Callable) -> None:
    (starter / "data" / "payments.csv").chmod(0)
    done = cli("score", starter)
    assert done.code == 3
    assert done.err.startswith(f"系统出错：「{starter}/data/payments.csv」没有权限 (Permission denied)。办法：")


def test_a_failing_file_is_named_with_its_folder(starter: Path, monkeypatch: pytest.MonkeyPatch, cli: Callable) -> None:
    def fail(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied", "project.yaml")

    monkeypatch.setattr(os, "open", fail)
    done = cli("score", starter)
    monkeypatch.undo()
    assert done.code == 3
    assert done.err.startswith(f"系统出错：「{starter}/project.yaml」没有权限 (Permission denied)。办法：")
