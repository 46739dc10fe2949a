"""Help pages are golden, list every command, and cost no more than click."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from perfeval.cli.main import group

COMMANDS = group.list_commands(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(command: str, cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = cli(command, "--help")
    assert (done.code, done.err) == (0, "")
    assert "例 Examples:" in done.out
    golden(f"help/{command}.txt", done.out)


def test_help_of_the_program(cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = cli("-h")
    assert done.code == 0
    assert cli().out == done.out
    golden("help/perfeval.txt", done.out)


def test_no_help_file_is_left_over(root: Path) -> None:
    assert {path.stem for path in (root / "tests/golden/help").iterdir()} == {"perfeval", *COMMANDS}


def test_version(cli: Callable) -> None:
    from perfeval import __version__

    assert cli("--version").out == f"perfeval {__version__}\n"


def test_help_imports_only_click() -> None:
    code = (
        "import sys; from perfeval.cli.main import run; run(['--help']); "
        "print([m for m in ('yaml', 'pydantic', 'rich', 'jinja2', 'json', 'perfeval.problems') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
