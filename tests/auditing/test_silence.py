"""Where all is well nothing is said: what `init` makes, reports that perfeval writes, variants of the clean project."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from auditing.test_cases import BASE
from perfeval.auditing._catalogue import known_names
from perfeval.auditing._opening import open_folder, open_report
from perfeval.auditing._running import audit
from perfeval.cli._problems import shown_problem
from perfeval.cli.main import run
from perfeval.reading.documents import read_report

CHAPTERS = ("narrative/1-概况.md", "narrative/2-分析.md")
Edit = tuple[str, str, str]
VARIANTS: dict[str, tuple[Edit, ...]] = {
    "another name": (("project.yaml", "某镇社区老年食堂运营补助项目", "某街道养老助餐点运营补助项目"),),
    "a self-evaluation": (("project.yaml", "mode: evaluation", "mode: self"),),
    "another scale": (("indicators.yaml", "grades: mof-2020", "grades: henan-2020"),),
    "three places": (("indicators.yaml", "places: 2, at: leaf", "places: 3, at: leaf"), *((one, "", "") for one in CHAPTERS)),
    "rounded at the total": (("indicators.yaml", "places: 2, at: leaf", "places: 2, at: total"), *((one, "", "") for one in CHAPTERS)),
    "no chapters": tuple((one, "", "") for one in CHAPTERS),
    "the goals are just reached": (("project.yaml", "target: ≥5.5万", "target: ≥57600"),),
    "a stricter constraint that holds": (("indicators.yaml", "at_least: 60%", "at_least: 70%"),),
    "an amount in another unit": (("evidence.yaml", "value: 90万元", "value: 900000元"),),
    "the period in months": (("project.yaml", "{from: 2023-01-01, to: 2023-12-31}", "{from: 2023-01, to: 2023-12}"),),
    "bands from below": (
        ("indicators.yaml", "- {at_least: 90%, below: 100%, points: 12}", "- {below: 100%, at_least: 90%, points: 12}"),
    ),
    "answers by id": (
        ("evidence.yaml", "checklist: [yes, yes, yes, no]", "checklist: {有运营管理制度: yes, 食材采购有台账: yes, 从业人员持健康证上岗: yes, 补助对象名单按期公示: no}"),
    ),
}  # fmt: skip


def silent(folder: Path) -> None:
    done = audit(open_folder(folder), known_names())
    assert not done.errors
    assert not done.findings, "\n".join(shown_problem(one, "zh") for one in done.findings)


@pytest.mark.parametrize("name", VARIANTS)
def test_variant_of_the_clean_project(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(BASE, folder)
    for file, old, new in VARIANTS[name]:
        path = folder / file
        if not old:
            path.unlink()
            continue
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")
    silent(folder)


@pytest.mark.parametrize("source", ["", "builtin:mof-2020-project"])
def test_what_init_makes(source: str, tmp_path: Path) -> None:
    folder = tmp_path / "新"
    assert run(["init", str(folder), *(("--from", source) if source else ())]) == 0
    silent(folder)


ROUNDED = {"base, one decimal at the total": "places: 1, at: total", "base, whole points at the total": "places: 0, at: total"}


@pytest.mark.parametrize("project", ["base", *ROUNDED, "starter", "example"])
def test_reports_that_perfeval_writes(project: str, tmp_path: Path, root: Path) -> None:
    """Alone, and beside the project they were written from."""
    folder = tmp_path / "project"
    if project == "starter":
        assert run(["init", str(folder)]) == 0
    else:
        shutil.copytree(
            root / "examples/xiangyuan_2023" if project == "example" else BASE, folder, ignore=shutil.ignore_patterns("reports")
        )
    if project in ROUNDED:
        tree = folder / "indicators.yaml"
        tree.write_text(tree.read_text("utf-8").replace("places: 2, at: leaf", ROUNDED[project]), "utf-8")
    assert run(["score", str(folder)]) == 0
    report = read_report(folder / "reports/report.md")
    alone = audit(open_report(report), known_names())
    assert not alone.findings, "\n".join(shown_problem(one, "zh") for one in alone.findings)
    own = {(one.kind.name, one.where) for one in audit(open_folder(folder), known_names()).findings}
    beside = audit(open_folder(folder, report=report), known_names())
    more = [one for one in beside.findings if (one.kind.name, one.where) not in own]
    assert not more, "\n".join(shown_problem(one, "zh") for one in more)
