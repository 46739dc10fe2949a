"""Consoles and pipes: GBK, ASCII, `| head`, closed and full stdout, colours. One process each: kept few."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import click
import pytest

from perfeval.cli.main import group, run
from perfeval.cli.output import ProjectFolder

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
        ("check {0}", 1),
        ("--help", 0),
        ("score nowhere", 2),
    ],
)
def test_broken_pipes_and_closed_streams(arguments: str, code: int, example: Path, edit: Callable) -> None:
    edit(example / "project.yaml", "total: 88.5", "total: 88")
    command = f"{sys.executable} -m perfeval.cli.main {arguments.format(example)}"
    for ending in ("2>&1 | true; exit ${PIPESTATUS[0]}", ">&-", "2>&-", ">&- 2>&-"):
        done = subprocess.run(["bash", "-c", f"{command} {ending}"], capture_output=True, text=True, check=False)
        lost = ending.startswith(">&-") and code < 2  # a result that nobody can get
        assert done.returncode == (3 if lost else code), (ending, done.stderr)
        if lost and ending == ">&-":
            assert done.stderr == "系统出错：写不出结果（stdout is closed）。\n"
        assert "Traceback" not in done.stderr + done.stdout
        assert "Exception ignored" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_full_stdout(starter: Path) -> None:
    command = f"{sys.executable} -m perfeval.cli.main score {starter} --json > /dev/full"
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


# ---- every command there is, on every console ------------------------------------------------------


def calls(good: Path, bad: Path) -> list[list[str]]:
    """Each command with what it asks for, found from its own parameters; help, version, and faults of all kinds."""
    found = [["--help"], ["score", "--help"], ["--version"], [], ["nothing"], ["score", "nowhere"]]
    for name in group.list_commands(None):  # type: ignore[arg-type]
        command = group.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        asked = [one for one in command.params if isinstance(one, click.Argument)]
        found += [[name, *(_value(one, folder) for one in asked if one.required or _is_folder(one))] for folder in (good, bad)]
        if any(isinstance(one.type, click.Choice) and "json" in one.type.choices for one in command.params):
            found.append([*found[-2], "--format", "json"])
    found.append(["score", str(good), "--json"])
    return [call for n, call in enumerate(found) if call not in found[:n]]


def _is_folder(argument: click.Argument) -> bool:
    return isinstance(argument.type, ProjectFolder)


def _value(argument: click.Argument, folder: Path) -> str:
    if isinstance(argument.type, click.Choice):
        return str(argument.type.choices[0])
    return str(folder) if _is_folder(argument) else f"new-{folder.name}"


CONSOLES = [
    {"encoding": "gbk", "stderr": "closed"},
    {"encoding": "ascii"},
    {"stdout": "closed"},
    {"stdout": "gone", "stderr": "gone"},
    {"stdout": "full"},
    {"stderr": "full"},
]


class Runs:
    """Runs of the program, each in a folder of its own for what it prints and makes."""

    def __init__(self, folder: Path, warm: list[list[str]]) -> None:
        self.folder, self.warm, self.number = folder, warm, count()

    def __call__(self, runs: list[dict[str, Any]]) -> list[tuple[int, bytes, bytes]]:
        given, places = [], []
        for one in runs:
            place = self.folder / str(next(self.number))
            place.mkdir()
            new = [str(place / text) if text.startswith("new-") else text for text in one["arguments"]]
            usual = {"stdout": str(place / "out"), "stderr": str(place / "err"), "encoding": "utf-8"}
            given.append({**usual, **one, "arguments": new})
            places.append(place)
        plan, codes = self.folder / "plan.json", self.folder / "codes.json"
        plan.write_text(json.dumps({"runs": given, "warm": self.warm}), "utf-8")
        driver = Path(__file__).with_name("console_driver.py")
        subprocess.run([sys.executable, str(driver), str(plan), str(codes)], check=True, capture_output=True, timeout=300)
        ended = json.loads(codes.read_text("utf-8"))
        return [(code, _printed(place / "out"), _printed(place / "err")) for code, place in zip(ended, places, strict=True)]


def _printed(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def expected(console: dict[str, Any], code: int, out: bytes, err: bytes) -> int:
    """What cannot be written because of a full disk or a closed stdout is a failure; a reader that has left is not."""
    lost = (console.get("stdout") in ("closed", "full") and out) or (console.get("stderr") == "full" and err)
    return 3 if lost else code


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_every_command_on_every_console(starter: Path, tmp_path: Path, edit: Callable) -> None:
    faulty = Path(shutil.copytree(starter, tmp_path / "faulty"))
    edit(faulty / "evidence.yaml", "points: 7\n", "points: 7😀\n")
    first = [[command, "-q", str(starter)] for command in ("score", "seal", "verify")]  # there is something to verify then
    assert [run(arguments) for arguments in first] == [0, 0, 0]
    runs, asked = Runs(tmp_path, first), calls(starter, faulty)
    usual = runs([{"arguments": call} for call in asked])
    assert {code for code, _, _ in usual} >= {0, 2}
    wanted = [
        (call, one, expected(one, *before), before)
        for call, before in zip(asked, usual, strict=True)
        for one in CONSOLES
        if "encoding" in one or ("json" not in call and (before[0] == 0 or "stderr" in one))  # a fault is told on stderr
    ]
    done = runs([{**one, "arguments": call} for call, one, _, _ in wanted])
    wrong = []
    for (call, one, code, before), (got, out, err) in zip(wanted, done, strict=True):
        told = [f"exit {got} instead of {code}"] if got != code else []
        told += [
            sign for sign in ("Traceback", "Exception ignored", "Error:") if sign.encode() in out + err and sign.encode() not in before[2]
        ]
        if code == 3 and one.get("stderr") is None and err.count(b"\n") != before[2].count(b"\n") + 1:
            told.append(f"not one line: {err!r}")
        if "encoding" in one:
            out.decode(one["encoding"]), err.decode(one["encoding"])
        wrong += [f"{' '.join(call)} on {one}: {', '.join(told)}"] if told else []
    assert not wrong, f"{len(wrong)} of {len(wanted)}\n" + "\n".join(wrong)
