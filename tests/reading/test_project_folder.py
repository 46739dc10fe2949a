"""A folder as a whole: what is no project folder, and files that cannot be looked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from perfeval.problems import Origin, ProblemsFound
from perfeval.reading import read_indicators, read_project

BASE = Path(__file__).resolve().parents[1] / "cases" / "problems" / "base"


def told(folder: Path) -> list[str]:
    with pytest.raises(ProblemsFound) as caught:
        read_project(folder)
    return [f"{p.kind.name} {p.where}" for p in caught.value.problems]


def why(folder: Path) -> str:
    with pytest.raises(ProblemsFound) as caught:
        read_project(folder)
    [problem] = caught.value.problems
    assert (problem.kind.name, problem.values["folder"]) == ("no-project-folder", folder.name)
    return problem.values["why"]


def test_what_is_no_project_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    assert why(tmp_path / "none") == "没有这个文件夹 (there is no such folder)"
    assert why(tmp_path / "file") == "它是一个文件 (it is a file)"
    assert why(tmp_path / "empty") == "里面没有 project.yaml (it holds no project.yaml)"


def test_a_file_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(BASE, tmp_path / "p"))
    (folder / "evidence.yaml").unlink()
    assert told(folder) == ["file-not-found evidence.yaml"]
    (folder / "project.yaml").write_text("perfeval: 1\nname: 甲\nevidence: own.yaml\n", encoding="utf-8")
    assert told(folder) == ["file-not-found project.yaml:3:11"]


def test_names_that_nobody_could_read_are_not_missed(tmp_path: Path) -> None:
    """Where project.yaml cannot be read, its usual neighbours are looked at, but not asked for."""
    folder = Path(shutil.copytree(BASE, tmp_path / "p"))
    (folder / "project.yaml").write_text("perfeval: 1\nname: 'a\n", encoding="utf-8")
    assert told(folder) == ["yaml-syntax project.yaml:2:7"]
    (folder / "evidence.yaml").unlink()
    assert told(folder) == ["yaml-syntax project.yaml:2:7"]
    (folder / "indicators.yaml").unlink()
    assert told(folder) == ["yaml-syntax project.yaml:2:7"]


def test_under_other_rules_than_its_own() -> None:
    """The evidence stays, the tree is the other; what is wrong there is told in its own file."""
    example = Path(__file__).resolve().parents[2] / "examples" / "xiangyuan_2023"
    rules = read_indicators(example / "annex1.yaml")
    folder = read_project(example, rules=rules)
    assert folder.tree.id == "xiangyuan-2023-annex1"
    assert folder.evidence == read_project(example).evidence
    assert str(folder.places.where(Origin("annex1.yaml", ("id",)))) == "annex1.yaml:6:5"
