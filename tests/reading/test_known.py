"""Whether the rest of a faulty folder is looked at, with what stand-ins, and how much of it is said to be known."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from cases_support import CASES
from perfeval.model.folder import ProjectFolder
from perfeval.problems import Origin, Problem, ProblemKind, ProblemsFound
from perfeval.reading import Known, read_indicators, read_project

BASE = CASES / "problems" / "base"
KIND = ProblemKind("a-test-of-looking", says="a", remedy="a", en="a", en_remedy="a")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASE, tmp_path / "p"))


def change(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, text
        text = text.replace(old, new, 1)
    (folder / name).write_text(text, encoding="utf-8")


def looked(folder: Path, **more: Any) -> tuple[list[tuple[ProjectFolder, Known]], list[str]]:
    """What was handed on to be looked at, and everything that is told in the end."""
    seen: list[tuple[ProjectFolder, Known]] = []

    def examine(read: ProjectFolder, known: Known) -> list[Problem]:
        seen.append((read, known))
        return [KIND.on(Origin(read.evidence_file, ("indicators",)))]

    try:
        read_project(folder, examine, **more)
    except ProblemsFound as found:
        return seen, [f"{p.kind.name} {p.where}" for p in found.problems]
    return seen, []


def test_where_nothing_is_wrong_nothing_is_looked_at(folder: Path) -> None:
    assert looked(folder) == ([], [])
    read = read_project(folder)
    assert (read.root, read.evidence_file, read.project_file, read.notes) == (folder, "evidence.yaml", "project.yaml", ())
    assert (read.project.name, list(read.facts), read.indicators.file) == ("老旧小区改造项目", ["预算", "实际支出"], "indicators.yaml")


def test_a_note_stops_nothing(folder: Path) -> None:
    change(folder, "evidence.yaml", ("预算: 100万元", "预算: １００万元"))
    assert looked(folder) == ([], [])
    assert [p.kind.name for p in read_project(folder).notes] == ["full-width"]


def test_a_fault_of_the_evidence(folder: Path) -> None:
    change(folder, "evidence.yaml", ("预算: 100万元", "预算: {vaule: 5}"))
    [(read, known)], told = looked(folder)
    assert known == Known(frozenset(), whole=True, evidence=True, complete=False)
    assert (list(read.facts), list(read.evidence.indicators)) == (["实际支出"], ["项目立项", "项目效益"])
    assert told == ["unknown-key evidence.yaml:5:8", "a-test-of-looking evidence.yaml:8:3"]


def test_a_fault_of_a_table(folder: Path) -> None:
    change(folder, "evidence.yaml", ("sum: 金额", "sum: 金客"))
    [(read, known)], told = looked(folder)
    assert known == Known()
    assert [(fact.key, fact.blocked) for fact in read.facts.values()] == [("预算", False), ("实际支出", True)]
    assert told == ["unknown-column evidence.yaml:6:32", "a-test-of-looking evidence.yaml:8:3"]


def test_a_table_that_is_listed_and_not_there_is_told_once(folder: Path) -> None:
    (folder / "data/payments.csv").unlink()
    assert looked(folder)[1] == ["file-not-found evidence.yaml:3:20", "a-test-of-looking evidence.yaml:8:3"]
    change(folder, "evidence.yaml", ("预算: 100万元", "预算: {vaule: 5}"))  # also where the evidence does not validate
    assert looked(folder)[1] == [
        "file-not-found evidence.yaml:3:20",
        "unknown-key evidence.yaml:5:8",
        "a-test-of-looking evidence.yaml:8:3",
    ]


def test_evidence_that_cannot_be_read(folder: Path) -> None:
    (folder / "evidence.yaml").write_text("perfeval: 1\nfacts: 'a\n", encoding="utf-8")
    [(read, known)], told = looked(folder)
    assert known == Known(evidence=False)
    assert (read.facts, read.evidence.indicators, read.project.name) == ({}, {}, "老旧小区改造项目")
    assert read.evidence.perfeval == 1
    assert told == ["a-test-of-looking evidence.yaml:1:1", "yaml-syntax evidence.yaml:2:8"]


def test_a_project_that_cannot_be_read(folder: Path) -> None:
    (folder / "evidence.yaml").rename(folder / "own.yaml")
    change(folder, "project.yaml", ("name: 老旧小区改造项目", "nmae: 老旧小区改造项目\nevidence: own.yaml"))
    [(read, known)], told = looked(folder)
    assert known == Known(evidence=False)
    assert (read.project.perfeval, read.project.name, list(read.facts), read.evidence_file) == (1, "", ["预算", "实际支出"], "own.yaml")
    assert told[0] == "a-test-of-looking own.yaml:8:3"
    assert [one.split()[0] for one in told[1:]] == ["missing-key", "unknown-key"]


def test_a_fault_of_a_rule(folder: Path) -> None:
    text = (folder / "indicators.yaml").read_text(encoding="utf-8")
    assert "kind: tiers" in text
    change(folder, "indicators.yaml", ("kind: tiers", "kind: teirs"))
    [(read, known)], told = looked(folder)
    assert (known.whole, known.evidence, known.complete, len(known.failed)) == (True, True, True, 1)
    assert list(read.facts) == ["预算", "实际支出"]
    assert {one.split()[0] for one in told} == {"rule-kind", "a-test-of-looking"}


def test_a_key_that_stands_twice(folder: Path) -> None:
    """In the evidence: something may seem to be missing. In the tree: nobody knows which is meant, so it is not looked at."""
    change(folder, "evidence.yaml", ("预算: 100万元", "预算: 100万元\n  预算: 5元"))
    [(_, known)], told = looked(folder)
    assert known == Known(complete=False)
    assert told[0] == "duplicate-key evidence.yaml:6:3"
    change(folder, "indicators.yaml", ("perfeval: 1", "perfeval: 1\nperfeval: 1"))
    seen, told = looked(folder)
    assert (seen, told) == ([], ["duplicate-key evidence.yaml:6:3", "duplicate-key indicators.yaml:2:1"])


def test_a_tree_that_cannot_be_read(folder: Path) -> None:
    (folder / "indicators.yaml").write_text("perfeval: 1\nid: t\ntree: 甲\n", encoding="utf-8")
    change(folder, "evidence.yaml", ("100万元", "100不明"), ("sum: 金额", "sum: 金客"))
    seen, told = looked(folder)
    assert (seen, told) == ([], ["unknown-column evidence.yaml:6:32", "wrong-shape indicators.yaml:3:7"])  # the word may be one of its own


def test_counting_words_that_could_not_be_read(folder: Path) -> None:
    change(folder, "evidence.yaml", ("100万元", "100车皮"))
    assert looked(folder)[1][0] == "unknown-unit evidence.yaml:5:7"
    change(folder, "indicators.yaml", ("perfeval: 1", "perfeval: 1\nunits: {车皮: 1}"))
    assert [one.split()[0] for one in looked(folder)[1]] == ["a-test-of-looking", "wrong-shape"]
    change(folder, "indicators.yaml", ("units: {车皮: 1}", "units: [车皮]"))
    assert looked(folder) == ([], [])


def test_a_scale_that_there_is_not(folder: Path) -> None:
    change(folder, "indicators.yaml", ("perfeval: 1", "perfeval: 1\ngrades: mof-2021"))
    assert looked(folder) == ([], ["unknown-builtin indicators.yaml:2:9"])


def test_an_attachment_that_is_not_there_is_told_at_its_place(folder: Path) -> None:
    change(folder, "evidence.yaml", ("tier: 较好", "tier: 较好, attachments: [data/payments.csv, data/x.pdf]"))
    assert looked(folder) == ([], [])
    line = (folder / "evidence.yaml").read_text(encoding="utf-8").split("\n")[8]
    [note] = read_project(folder).notes
    assert f"{note.kind.name} {note.where}" == f"attachment-not-found evidence.yaml:9:{line.index('data/x.pdf') + 1}"


def test_under_other_rules(folder: Path, tmp_path: Path) -> None:
    """Its own tree is not looked at, not even where it is faulty."""
    (folder / "indicators.yaml").rename(tmp_path / "other.yaml")
    (folder / "indicators.yaml").write_text("tree: x\n", encoding="utf-8")
    rules = read_indicators(tmp_path / "other.yaml")
    read = read_project(folder, rules=rules)
    assert (read.indicators.file, read.evidence_file) == ("other.yaml", "evidence.yaml")
    change(folder, "evidence.yaml", ("sum: 金额", "sum: 金客"))
    [(read, known)], told = looked(folder, rules=rules)
    assert (read.indicators.file, known) == ("other.yaml", Known())
    assert told == ["unknown-column evidence.yaml:6:32", "a-test-of-looking evidence.yaml:8:3"]
