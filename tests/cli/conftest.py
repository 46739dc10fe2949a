"""Runs commands: in this process where that is enough (fast), in one of their own for consoles, pipes and exit codes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from perfeval.cli.main import run


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Cli = Callable[..., Done]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PERFEVAL_LANG", "LC_ALL", "LC_MESSAGES", "PERFEVAL_DEBUG", "NO_COLOR", "_PERFEVAL_COMPLETE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """`cli("score", folder)` in this process."""

    def call(*arguments: object) -> Done:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        return Done(code, *capsys.readouterr())

    return call


@pytest.fixture
def program() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """The program in a process of its own, with bytes in and out."""

    def call(*arguments: object, env: dict[str, str] | None = None, **options: object) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "perfeval.cli.main", *map(str, arguments)]
        options.setdefault("capture_output", True)
        return subprocess.run(command, env={**os.environ, **(env or {})}, check=False, timeout=60, **options)  # type: ignore[call-overload, no-any-return]

    return call


@pytest.fixture
def example(root: Path, tmp_path: Path) -> Path:
    """A copy of the real evaluation."""
    return Path(shutil.copytree(root / "examples" / "xiangyuan_2023", tmp_path / "xiangyuan", ignore=shutil.ignore_patterns("reports")))


@pytest.fixture
def starter(root: Path, tmp_path: Path) -> Path:
    """A copy of what `init` makes."""
    return Path(shutil.copytree(root / "indicators" / "starter" / "basic", tmp_path / "starter"))


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace a text that stands in a file exactly once."""

    def change(path: Path, old: str, new: str) -> None:
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
        path.write_text(text.replace(old, new), "utf-8")

    return change
