"""Real reports: what their audits find, and a verdict on each finding in the audit.md of the example.

The findings are golden files of places and names. `audit.md` says of each whether it is right or a false alarm, so that a
new finding cannot come, and none can go, without somebody having looked at it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from perfeval.auditing._catalogue import known_names
from perfeval.auditing._opening import Opened, open_folder, open_report, open_rules
from perfeval.auditing._running import audit
from perfeval.cli._problems import shown_problem
from perfeval.cli.main import run
from perfeval.reading.documents import read_report
from perfeval.reading.rule_sources import read_rules

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PUBLISHED = EXAMPLES.parents[1] / "shared" / "xiangyuan_2023" / "report.txt"
needs_published = pytest.mark.skipif(not PUBLISHED.exists(), reason="the published report ../shared/xiangyuan_2023/report.txt is not here")


class Audit(NamedTuple):
    """An example with its report; `published` the report as it was published, `rules` instead of the folder, `alone` the report alone."""

    example: str
    published: bool = False
    rules: str = ""
    alone: bool = False

    @property
    def name(self) -> str:
        words = (self.example, self.rules, "published" if self.published else "", "alone" if self.alone else "")
        return " ".join(word for word in words if word)

    @property
    def report(self) -> str:
        """What the report is called in the findings and in audit.md."""
        return "published.txt" if self.published else "report.txt"

    def opened(self) -> Opened:
        folder = EXAMPLES / self.example
        report = read_report(PUBLISHED if self.published else folder / "report.txt", self.report)
        if self.alone:
            return open_report(report)
        if self.rules:
            return open_rules(read_rules(self.rules, None, folder), None, report)
        return open_folder(folder, None, report)

    def findings(self) -> list[str]:
        """Place and name of everything that it finds."""
        audited = audit(self.opened(), known_names())
        assert not audited.errors, [shown_problem(one, "en") for one in audited.errors]
        return [f"{one.where} {one.kind.name}" for one in audited.findings]

    def verdicts(self) -> dict[str, str]:
        """What audit.md says of the findings of this audit: of this report, and of the files of the project."""
        rows = VERDICT.findall((EXAMPLES / self.example / "audit.md").read_text("utf-8"))
        other = "report.txt:" if self.published else "published.txt:"
        return {f"{place} {check}": verdict for place, check, verdict in rows if not place.startswith(other)}


VERDICT = re.compile(r"\| `([^`]+:\d+:\d+)` \| `([a-z-]+)` \|.*\| (right|false alarm) \|")
"""A row of a table of findings: place, check, anything, verdict."""
NAMES = ("report_01_henan_2021_2024", "report_06_department_2018", "report_11_school_2019", "xiangyuan_2023")
CONDENSED = [Audit(name) for name in NAMES]
REAL = [*CONDENSED, pytest.param(Audit("xiangyuan_2023", published=True), marks=needs_published)]
ALONE = [Audit(name, alone=True) for name in NAMES]
EVERY = [
    *REAL,
    *ALONE,
    Audit("xiangyuan_2023", rules="annex1.yaml"),
    pytest.param(Audit("xiangyuan_2023", published=True, alone=True), marks=needs_published),
    pytest.param(Audit("xiangyuan_2023", published=True, rules="annex1.yaml"), marks=needs_published),
]


def called(one: Audit) -> str:
    return one.name


@pytest.mark.parametrize("one", REAL, ids=called)
def test_findings(one: Audit, golden: Callable[[str, str], None]) -> None:
    golden(f"audit/reports/{one.name.replace(' ', '_')}.txt", "".join(f"{found}\n" for found in one.findings()))


@pytest.mark.parametrize("one", EVERY, ids=called)
def test_each_finding_has_its_verdict(one: Audit) -> None:
    missing = set(one.findings()) - one.verdicts().keys()
    assert not missing, f"examples/{one.example}/audit.md has no verdict on: {sorted(missing)}"


@pytest.mark.parametrize("example", NAMES)
def test_each_verdict_is_on_a_finding(example: str) -> None:
    """What is no longer found is taken out of audit.md."""
    audits = [one for one in (*CONDENSED, *ALONE, Audit("xiangyuan_2023", rules="annex1.yaml")) if one.example == example]
    if PUBLISHED.exists() and example == "xiangyuan_2023":
        audits.append(Audit(example, published=True))
    found = {finding for one in audits for finding in one.findings()}
    told = {finding for one in audits for finding in one.verdicts()}
    assert told == found


def test_fewer_than_one_in_ten_is_a_false_alarm() -> None:
    """Over all real material, and each audit.md states the figures of its own rows."""
    every: Counter[str] = Counter()
    for name in NAMES:
        text = (EXAMPLES / name / "audit.md").read_text("utf-8")
        counts = Counter(verdict for _, _, verdict in VERDICT.findall(text))
        total = counts.total()
        assert f"{total} findings, {counts['right']} right, {counts['false alarm']} false alarms" in text, (name, counts)
        every += counts
    assert every["false alarm"] * 10 < every.total(), every


@pytest.mark.parametrize("example", NAMES)
def test_the_example_scores_as_it_expects(example: str) -> None:
    assert run(["check", str(EXAMPLES / example), "--quiet"]) == 0


@needs_published
def test_the_condensed_report_gives_the_same_kinds_of_findings() -> None:
    counts = [Counter(found.rpartition(" ")[2] for found in Audit("xiangyuan_2023", published=own).findings()) for own in (False, True)]
    assert counts[0] == counts[1]
