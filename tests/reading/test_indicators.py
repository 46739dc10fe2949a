"""One indicators file read by itself, as a comparison of rule sets needs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfeval.problems import Origin, ProblemsFound
from perfeval.reading import read_indicators
from perfeval.reading.library import builtins

TREE = "perfeval: 1\nid: t\ntree:\n- {name: 甲, weight: 100, rule: {kind: judged}}\n"


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(TREE, encoding="utf-8")
    for path in (tmp_path / "rules.yaml", str(tmp_path / "rules.yaml")):
        indicators, sources, notes = read_indicators(path)
        assert (indicators.tree.id, indicators.file, indicators.grades_id, notes) == ("t", "rules.yaml", "mof-2020", ())
        assert str(sources.where(Origin("rules.yaml", ("tree", 0, "weight")))) == "rules.yaml:4:21"


@pytest.mark.parametrize("name", builtins())
def test_a_built_in(name: str) -> None:
    indicators, sources, _ = read_indicators(f"builtin:{name}")
    assert indicators.tree.id == name
    assert f"builtin:{name}" in sources.files


def test_notes_come_along(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(TREE.replace("100", "１００"), encoding="utf-8")
    indicators, _, notes = read_indicators(tmp_path / "rules.yaml")
    assert indicators.tree.tree[0].weight == 100
    assert [f"{p.kind.name} {p.where}" for p in notes] == ["full-width rules.yaml:4:21"]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (TREE + "extra: 1\n", ["unknown-key rules.yaml:5:1"]),
        (TREE.replace("judged", "judge"), ["rule-kind rules.yaml:4:32"]),
        ("- a\n", ["file-not-a-mapping rules.yaml:1:1"]),
        (TREE + "grades: mof\n", ["unknown-builtin rules.yaml:5:9"]),
        (None, ["file-not-found rules.yaml"]),
    ],
)
def test_what_is_wrong_is_told_at_its_place(text: str | None, problems: list[str], tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsFound) as caught:
        read_indicators(tmp_path / "rules.yaml")
    assert [f"{p.kind.name} {p.where}" for p in caught.value.problems] == problems


def test_a_built_in_that_is_not() -> None:
    with pytest.raises(ProblemsFound) as caught:
        read_indicators("builtin:none")
    assert [f"{p.kind.name} {p.where}" for p in caught.value.problems] == ["unknown-builtin builtin:none"]
