"""Consoles and pipes: GBK, ASCII, `| head`, closed and full stdout, colours. One process each: kept few."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Program = Callable[..., "subprocess.CompletedProcess[bytes]"]


def test_gbk(starter: Path, program: Program, edit: Callable) -> None:
    edit(starter / "project.yaml", "name: 某镇社区老年食堂运营补助项目", "name: 食堂 😀 ✓")
    done = program("score", starter, "--no-report", env={"PYTHONIOENCODING": "gbk"})
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode("gbk")
    assert text.startswith("食堂 \\U0001f600 \\u2713  某镇人民政府")
    assert "████████··" in text
    assert "\\u" not in text.partition("\n")[2]


def test_gbk_problems(starter: Path, program: Program, edit: Callable) -> None:
    edit(starter / "evidence.yaml", "points: 7\n", "points: 7😀\n")
    done = program("score", starter, env={"PYTHONIOENCODING": "gbk"})
    assert (done.returncode, done.stdout) == (2, b"")
    assert "错误" in done.stderr.decode("gbk")
    assert "办法：" in done.stderr.decode("gbk")


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_json_stays_json_on_any_console(encoding: str, starter: Path, program: Program, edit: Callable) -> None:
    edit(starter / "project.yaml", "name: 某镇社区老年食堂运营补助项目", "name: 食堂 😀")
    done = program("score", starter, "--json", env={"PYTHONIOENCODING": encoding})
    assert json.loads(done.stdout)["project"]["name"] == "食堂 😀"


def test_ascii(example: Path, program: Program) -> None:
    done = program("score", example, "--no-report", "--lang", "en", env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Total 88.5 / 100  rate 88.5%  grade \\u826f" in done.stdout
    assert b"########.." in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and descriptors of POSIX")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("score {0} --no-report --fail-under 99", 1),
        ("check {0}", 1),
        ("score {0} --json", 0),
        ("--help", 0),
        ("score nowhere", 2),
    ],
)
def test_broken_pipes_and_closed_streams(arguments: str, code: int, example: Path, edit: Callable) -> None:
    edit(example / "project.yaml", "total: 88.5", "total: 88")
    command = f"{sys.executable} -m perfeval.cli.main {arguments.format(example)}"
    for ending in ("2>&1 | true; exit ${PIPESTATUS[0]}", ">&-", "2>&-", ">&- 2>&-"):
        done = subprocess.run(["bash", "-c", f"{command} {ending}"], capture_output=True, text=True, check=False)
        lost = ending.startswith(">&-") and code < 2 and "help" not in arguments  # a result that nobody can get
        assert done.returncode == (3 if lost else code), (ending, done.stderr)
        if lost and ending == ">&-":
            assert done.stderr == "系统出错：写不出结果（stdout is closed）。\n"
        assert "Traceback" not in done.stderr + done.stdout
        assert "Exception ignored" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", ["score {0} --json", "--help", "schema project"])
def test_full_stdout(arguments: str, starter: Path) -> None:
    command = f"{sys.executable} -m perfeval.cli.main {arguments.format(starter)} > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("系统出错：")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
@pytest.mark.parametrize(("env", "colour"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)])
def test_colours_on_a_terminal_only(env: dict[str, str], colour: bool, starter: Path) -> None:
    import pty

    master, slave = pty.openpty()
    command = [sys.executable, "-m", "perfeval.cli.main", "score", str(starter), "--no-report"]
    with subprocess.Popen(command, stdout=slave, stderr=slave, env={**os.environ, "TERM": "xterm", "COLUMNS": "80", **env}) as running:
        os.close(slave)
        shown = b""
        while True:
            try:
                block = os.read(master, 65536)
            except OSError:
                break
            if not block:
                break
            shown += block
        os.close(master)
        assert running.wait(30) == 0
    assert (b"\x1b[" in shown) is colour
    assert "等级".encode() in shown
