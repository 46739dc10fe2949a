"""Nothing without its example: each rule kind and problem has its case, each command its help text, and docs/problems.md is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts import make_checks, make_problems
from perfeval.auditing._catalogue import checks
from perfeval.rules import kinds

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"

ELSEWHERE = {  # found by neither reading nor scoring a folder: shown by the tests of the room that finds them
    "report-format": "`score` finds it when it is about to write reports: tests/golden/cli/report-format.txt",
    "unknown-check": "`audit` finds it: tests/golden/audit/unknown-check.txt",
    "ignored-nothing": "`audit` finds it: tests/golden/audit/ignored-nothing.txt",
    "seal-fingerprint": "takes a fingerprint: tests/golden/cli/seal-fingerprint.txt",
    "changed-while-sealing": "takes a second writer: tests/golden/cli/changed-while-sealing.txt",
    **{
        path.stem: f"takes a git repository, or a table of evidence: tests/golden/sources/{path.name}"
        for path in sorted((TESTS / "golden" / "sources").glob("*.txt"))
    },
    **{
        path.stem: f"takes a table of projects: tests/golden/batch/{path.name}"
        for path in sorted((TESTS / "golden" / "batch").glob("*.txt"))
    },
}
PROBLEMS = make_problems.all_kinds()
CHECKS = frozenset(check.name for check in checks())  # their cases and texts: tests/auditing/test_cases.py


@pytest.mark.parametrize("kind", kinds())
def test_rule_kind_has_cases(kind: str) -> None:
    assert (TESTS / "cases" / "rules" / f"{kind}.yaml").exists()


@pytest.mark.parametrize("name", [name for name in PROBLEMS if name not in ELSEWHERE and name not in CHECKS])
def test_problem_has_its_case(name: str) -> None:
    assert (TESTS / "cases" / "problems" / f"{name}.yaml").exists(), f"{name} has no case in tests/cases/problems"
    assert (TESTS / "golden" / "problems" / f"{name}.txt").exists(), f"{name} has no text in tests/golden/problems"


def test_no_case_without_its_kind() -> None:
    gone = {path.stem for path in (TESTS / "cases" / "problems").glob("*.yaml")} - set(PROBLEMS)
    assert not gone, f"cases of kinds that no longer exist: {gone}"


def test_the_exceptions_are_needed() -> None:
    """An entry of ELSEWHERE whose kind is gone, or has a case after all, is dead."""
    dead = [name for name in ELSEWHERE if name not in PROBLEMS or (TESTS / "cases" / "problems" / f"{name}.yaml").exists()]
    assert not dead, f"take these off the list: {dead}"


@pytest.mark.parametrize("name", list(PROBLEMS))
def test_problem_says_the_same_in_both_languages(name: str) -> None:
    """Both languages use the same values (a hint or a unit may be written for one of them), and say what to do."""
    kind = PROBLEMS[name]
    assert kind.says and kind.remedy and kind.en and kind.en_remedy
    slots = [make_problems.slots(text) for text in (kind.says + kind.remedy, kind.en + kind.en_remedy)]
    assert {slot.removesuffix("_en") for slot in slots[0]} == {slot.removesuffix("_en") for slot in slots[1]}


def test_command_has_its_help() -> None:
    commands = [
        path.stem
        for path in (ROOT / "src" / "perfeval" / "cli").glob("*.py")
        if not path.name.startswith("_") and path.stem not in ("main", "output", "completion")
    ]
    missing = [name for name in sorted(commands) if not list((TESTS / "golden").rglob(f"*help*/{name}*.txt"))]
    assert not missing, f"commands without a help text in tests/golden/help: {missing}"


def test_page_of_problems_is_up_to_date() -> None:
    assert make_problems.PAGE.exists() and make_problems.PAGE.read_text(encoding="utf-8") == make_problems.page(), (
        "docs/problems.md is out of date: python tests/contracts/make_problems.py"
    )


def test_page_of_checks_is_up_to_date() -> None:
    assert make_checks.PAGE.exists() and make_checks.PAGE.read_text(encoding="utf-8") == make_checks.page(), (
        "docs/audit.md is out of date: python tests/contracts/make_checks.py"
    )
