"""init: a folder that scores and checks at once, and nothing overwritten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from perfeval.reading.library import starters


@pytest.mark.parametrize("arguments", [[], *(["--from", f"builtin:{name}"] for name in starters() if name != "basic")])
def test_init_score_check(arguments: list[str], tmp_path: Path, cli: Callable) -> None:
    folder = tmp_path / "a" / "新 项目"
    done = cli("init", folder, *arguments)
    assert (done.code, done.err) == (0, "")
    assert f"perfeval score '{folder}'" in done.out
    scored = cli("score", folder)
    assert (scored.code, scored.err) == (0, "")
    project = folder / "project.yaml"
    text = project.read_text("utf-8")
    assert "# expect:" in text
    project.write_text(text.replace("# expect:", "expect:"), "utf-8")
    assert cli("check", folder).code == 0


@pytest.mark.parametrize("name", ["某某项目", 'a: "b" # c', "[x]", "- y", "123", "\\n"])
def test_the_name_is_written_as_data(name: str, tmp_path: Path, cli: Callable) -> None:
    cli("init", tmp_path / "p", "--name", name)
    assert cli("score", tmp_path / "p", "--no-report").out.startswith(f"{name}  某镇人民政府\n")


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x1bb"])
def test_bad_names(name: str, tmp_path: Path, cli: Callable) -> None:
    assert cli("init", tmp_path / "p", "--name", name).code == 2
    assert not (tmp_path / "p").exists()


def test_nothing_is_overwritten(tmp_path: Path, cli: Callable) -> None:
    (tmp_path / "mine.txt").write_text("x")
    done = cli("init", tmp_path)
    assert done.code == 2
    assert "已经有内容" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert cli("init", tmp_path / "mine.txt").code == 2


def test_an_empty_folder_will_do(tmp_path: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli("init", ".").code == 0
    assert cli("score", "-q").code == 0


def test_unknown_built_in(tmp_path: Path, cli: Callable) -> None:
    done = cli("init", tmp_path / "p", "--from", "builtin:nothing")
    assert done.code == 2
    assert "mof-2020-project" in done.err


def test_a_failure_leaves_nothing_behind(tmp_path: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def full(self: Path, *args: object, **kwargs: object) -> object:
        if self.name == "indicators.yaml" and args == ("xb",):
            raise OSError(28, "No space left on device", str(self))
        return real(self, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", full)
    done = cli("init", tmp_path / "a/b")
    assert done.code == 3
    assert done.err.startswith("系统出错：")
    assert list(tmp_path.iterdir()) == []
