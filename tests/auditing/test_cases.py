"""tests/cases/audit: each defect is found at its place, and only it; a clean project gives no finding."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from perfeval.auditing._catalogue import checks, known_names
from perfeval.auditing._opening import open_folder, open_report, open_rules
from perfeval.auditing._running import Audited, audit
from perfeval.cli._problems import shown_problem
from perfeval.problems import Lang
from perfeval.reading.documents import read_report
from perfeval.reading.rule_sources import read_rules

CASES = Path(__file__).resolve().parents[1] / "cases" / "audit"
BASE = CASES / "base"
MARK = "▸"


class Case(NamedTuple):
    check: str
    name: str
    given: dict[str, Any]

    def finds(self, folder: Path) -> list[str]:
        """Place and name of everything that is to be found."""
        wanted = {self.check: self.given.get("finds") or [], **(self.given.get("also") or {})}
        return sorted(f"{_place(folder, place)} {name}" for name, places in wanted.items() for place in places)


def _place(folder: Path, said: str) -> str:
    """`file text▸text`: where the mark stands in that text, which the file holds once; or any other place as it is printed."""
    file, _, text = said.partition(" ")
    if MARK not in text:
        return said
    before, after = text.split(MARK)
    path = folder / file if (folder / file).exists() else folder.parent / file
    whole = path.read_text("utf-8")
    assert whole.count(before + after) == 1, f"{file} holds {before + after!r} {whole.count(before + after)} times"
    at = whole.index(before + after) + len(before)
    return f"{file}:{whole.count(chr(10), 0, at) + 1}:{at - whole.rfind(chr(10), 0, at)}"


def _cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.yaml")):
        for one in yaml.safe_load(path.read_text("utf-8"))["cases"]:
            yield Case(path.stem, one["name"], one)


ALL = list(_cases())


def made(case: Case, folder: Path) -> Audited:
    """The base project with what the case changes in it, audited as the case says."""
    given = case.given
    shutil.copytree(BASE, folder)
    for file, text in (given.get("files") or {}).items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, "utf-8")
    for file, pairs in (given.get("edit") or {}).items():
        text = (folder / file).read_text("utf-8")
        for old, new in pairs:
            assert text.count(old) == 1, f"{case.check}, {case.name}: {file} holds {old!r} {text.count(old)} times"
            text = text.replace(old, new)
        (folder / file).write_text(text, "utf-8")
    report = None
    if "report" in given:
        path = folder.parent / "report.txt"
        path.write_text(given["report"], "utf-8")
        report = read_report(path)
    against = read_rules(given["against"], None, folder).indicators if "against" in given else None
    what = given.get("what", "folder")
    if what == "report":
        assert report is not None
        opened = open_report(report)
    elif what == "rules":
        opened = open_rules(read_rules("indicators.yaml", None, folder), against, report)
    else:
        opened = open_folder(folder, against, report)
    return audit(opened, known_names())


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.check}: {case.name}")
def test_case(case: Case, tmp_path: Path) -> None:
    audited = made(case, tmp_path / "project")
    assert not audited.errors, [one.message("en") for one in audited.errors]
    found = sorted(f"{one.where} {one.kind.name}" for one in audited.findings)
    assert found == case.finds(tmp_path / "project"), "\n".join(shown_problem(one, "zh") for one in audited.findings)


def test_the_clean_project_is_silent(tmp_path: Path) -> None:
    assert made(Case("", "", {}), tmp_path / "project").findings == ()


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.name)
def test_check_has_cases_and_texts(check: Any, tmp_path: Path, golden: Callable[[str, str], None]) -> None:
    """A case that finds it and one that does not, its heading, and its text in both languages."""
    own = [case for case in ALL if case.check == check.name]
    assert any(case.given.get("finds") for case in own), f"no case in tests/cases/audit/{check.name}.yaml finds it"
    assert any(not case.given.get("finds") for case in own), f"no case in tests/cases/audit/{check.name}.yaml is silent"
    assert check.kind.name == check.name
    for word in ("Reads:", "Severity:", "Bad:", "Good:"):
        assert word in check.heading, f"the heading of {check.name} lacks {word}"
    first = next(case for case in own if case.given.get("finds"))
    audited = made(first, tmp_path / "project")
    problem = next(one for one in audited.findings if one.kind.name == check.name)
    languages: tuple[Lang, Lang] = ("zh", "en")
    golden(f"audit/{check.name}.txt", "\n\n".join(shown_problem(problem, lang) for lang in languages) + "\n")


def test_every_file_of_cases_has_its_check() -> None:
    gone = {path.stem for path in CASES.glob("*.yaml")} - {check.name for check in checks()} - known_names()
    assert not gone, f"cases of checks that no longer exist: {gone}"
