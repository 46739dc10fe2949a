"""What ships with the program is found by its name; another name is told with those there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from perfeval.problems import Fault
from perfeval.reading import library as room
from perfeval.reading.library import builtin_path, builtins, library, scale_path, scales, starter, starters


def test_the_library_is_the_folder_of_the_checkout(root: Path) -> None:
    assert library() == root / "indicators"
    assert builtins() == sorted(path.stem for path in (root / "indicators").glob("*.yaml"))
    assert scales() == sorted(path.stem for path in (root / "indicators" / "grades").glob("*.yaml"))
    assert starters() == sorted(path.name for path in (root / "indicators" / "starter").iterdir())


@pytest.mark.parametrize("inside", [True, False], ids=["in the wheel", "in a checkout"])
def test_where_it_is_looked_for(inside: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "src" / "perfeval"
    folder = (package if inside else tmp_path) / "indicators"
    (folder / "grades").mkdir(parents=True)
    monkeypatch.setattr(room, "__file__", str(package / "reading" / "library.py"))
    assert library.__wrapped__() == folder


def test_an_installation_without_it_is_a_fault_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "indicators").mkdir()  # without grades it is somebody else's folder
    monkeypatch.setattr(room, "__file__", str(tmp_path / "src" / "perfeval" / "reading" / "library.py"))
    with pytest.raises(RuntimeError, match="indicators/ is missing"):
        library.__wrapped__()


def test_paths(root: Path) -> None:
    first = builtins()[0]
    assert builtin_path(first) == builtin_path(f"builtin:{first}") == root / "indicators" / f"{first}.yaml"
    assert scale_path("mof-2020") == root / "indicators" / "grades" / "mof-2020.yaml"
    assert starter("basic") == starter("builtin:basic") == root / "indicators" / "starter" / "basic"


@pytest.mark.parametrize(
    ("find", "name", "meant"),
    [
        (scale_path, "mof", "mof-2020"),
        (scale_path, "mof2020", "mof-2020"),
        (builtin_path, "builtin:mof-2020-proj", "mof-2020-project"),
        (builtin_path, "mof-2020-projekt", "mof-2020-project"),
        (starter, "builtin:mof-2020-proj", "mof-2020-project"),
    ],
)
def test_a_name_that_is_close(find: Callable[[str], Path], name: str, meant: str) -> None:
    with pytest.raises(Fault) as caught:
        find(name)
    assert caught.value.kind.name == "unknown-builtin"
    assert caught.value.values["hint"] == f"您是不是想写「{meant}」？ (Did you mean “{meant}”?)"


@pytest.mark.parametrize(
    ("find", "known"), [(builtin_path, builtins), (scale_path, scales), (starter, lambda: [name for name in starters() if name != "basic"])]
)
@pytest.mark.parametrize("name", ["", "../x", "/etc/passwd", "zzzzzz"])
def test_a_name_that_is_not(find: Callable[[str], Path], known: Callable[[], list[str]], name: str) -> None:
    with pytest.raises(Fault) as caught:
        find(name)
    assert caught.value.values == {"name": name, "known": "、".join(known()), "hint": ""}
