"""Evidence that is missing is never passed over: it is a finding, the other leaves are audited, and what was not is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from auditing.test_cases import BASE, CASES
from perfeval.auditing._catalogue import known_names
from perfeval.auditing._opening import open_folder
from perfeval.auditing._running import Audited, audit
from perfeval.reading.documents import read_report

EVIDENCE = yaml.safe_load((BASE / "evidence.yaml").read_text("utf-8"))
ANSWERS = ("checklist", "points", "tier", "parts", "veto")
GONE = [("facts", name) for name in EVIDENCE["facts"]] + [
    ("indicators", name, key) for name, entry in EVIDENCE["indicators"].items() for key in ANSWERS if key in entry
]
SEEDED = "制度执行有效性"  # its reason is taken away as well, which is to be found beside what is missing


def without(folder: Path, path: tuple[str, ...], value: object = None) -> None:
    """The clean project without one answer; `value`: what stands there instead."""
    shutil.copytree(BASE, folder)
    evidence = yaml.safe_load((BASE / "evidence.yaml").read_text("utf-8"))
    at = evidence
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    if path[1] != SEEDED:
        del evidence["indicators"][SEEDED]["reason"]
    (folder / "evidence.yaml").write_text(yaml.safe_dump(evidence, allow_unicode=True, sort_keys=False), "utf-8")


def audited(folder: Path) -> Audited:
    report = folder.parent / "report.txt"
    report.write_text((CASES / "base_report.txt").read_text("utf-8"), "utf-8")
    return audit(open_folder(folder, report=read_report(report)), known_names())


@pytest.mark.parametrize("path", GONE, ids="/".join)
def test_each_answer_that_is_gone_is_told(path: tuple[str, ...], tmp_path: Path) -> None:
    without(tmp_path / "p", path)
    done = audited(tmp_path / "p")
    found = {one.kind.name for one in done.findings}
    assert "missing-evidence" in found
    assert path[1] == SEEDED or "loss-without-reason" in found, "the other leaves are still audited"
    assert done.missing
    assert not done.errors
    assert {"text-differs", "printed-not-computed"} <= {check.name for check in done.in_part}


def test_a_placeholder_is_missing_too(tmp_path: Path) -> None:
    without(tmp_path / "p", ("facts", "检查发现问题数"), {"value": "待定", "source": "检查记录"})
    done = audited(tmp_path / "p")
    assert "placeholder" in {one.kind.name for one in done.findings}
    assert done.missing == ("食品安全检查",)


def test_nothing_is_missing_in_the_clean_project(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path / "p")
    done = audited(tmp_path / "p")
    assert (done.findings, done.in_part, done.no_score, done.missing) == ((), (), (), ())


@pytest.mark.parametrize(("policy", "found"), [("pending", []), ("zero", ["zero-by-policy"])])
def test_the_policy_of_the_project_holds(policy: str, found: list[str], tmp_path: Path) -> None:
    without(tmp_path / "p", ("facts", "检查发现问题数"))
    rules = tmp_path / "p/indicators.yaml"
    rules.write_text(rules.read_text("utf-8").replace("missing: error", f"missing: {policy}"), "utf-8")
    done = audited(tmp_path / "p")
    assert [one.kind.name for one in done.findings if one.kind.name in ("missing-evidence", "zero-by-policy")] == found
    assert bool(done.in_part) == (policy == "pending")
