"""Completion: four scripts, and what the shells ask."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from perfeval.cli.completion import SHELLS


@pytest.mark.parametrize("shell", SHELLS)
def test_scripts(shell: str, cli: Callable) -> None:
    done = cli("completion", shell)
    assert (done.code, done.err) == (0, "")
    assert f"{shell}_complete" in done.out
    assert "perfeval" in done.out
    assert "%(" not in done.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_accept_their_script(shell: str, cli: Callable, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not here")
    (tmp_path / "script").write_text(cli("completion", shell).out)
    subprocess.run([shell, "-n", tmp_path / "script"], check=True)


@pytest.mark.parametrize(
    ("shell", "words", "at", "answers"),
    [
        ("bash", "perfeval sc", "1", ["plain,schema", "plain,score"]),
        ("bash", "perfeval schema pro", "2", ["plain,project"]),
        ("bash", "perfeval score --no", "2", ["plain,--no-report"]),
        ("bash", "perfeval score ./", "2", ["dir,./"]),
        ("powershell", "perfeval sch", "sch", ["plain\tschema\t输出 JSON Schema print a JSON Schema"]),
        ("powershell", "perfeval completion ", "", [f"plain\t{shell}\t{shell}" for shell in SHELLS]),
    ],
)
def test_answers(shell: str, words: str, at: str, answers: list[str], cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_PERFEVAL_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", at)
    done = cli()
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == answers


@pytest.mark.parametrize("instruction", ["tcsh_complete", "bash_nothing", "bash_complete", "x"])
def test_nonsense_is_quiet(instruction: str, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_PERFEVAL_COMPLETE", instruction)
    monkeypatch.delenv("COMP_WORDS", raising=False)
    assert cli("score") == type(cli("x"))(2, "", "")
