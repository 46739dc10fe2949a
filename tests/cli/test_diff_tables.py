"""diff over a table of projects on columns: the same figures as project by project, files, options, what cannot be read."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cli.test_diff import valid

pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")

OLD = """perfeval: 1
id: 旧
total: 100
quantities:
  到位: {unit: 万元, from: 0, to: 1000, places: 2}
  支出: {unit: 万元, from: 0, to: 1000, places: 2}
  人数: {unit: 人, from: 0, to: 500, places: 0}
tree:
- name: 过程
  weight: 40
  children:
  - {name: 执行率, weight: 30, measure: 支出 / 到位, rule: {kind: linear, zero_at: 60%, full_at: 100%}}
  - {name: 公示, weight: 10, rule: {kind: checklist, items: [{id: a, text: 公示, points: 6}, {id: b, text: 存档, points: 4}]}}
- name: 效果
  weight: 60
  children:
  - {name: 影响, weight: 30, rule: {kind: tiers, tiers: {好: full, 中: {from: 10, to: 20}, 差: 0}}}
  - {name: 受益, weight: 30, measure: 人数, rule: {kind: bands, bands: [{at_least: 100人, points: 30}, {at_least: 50人, points: 15}], otherwise: 0}}
bonus: {cap: 5, items: [{id: prize, text: 表彰, points: 3}]}
"""
EDITS = {
    "a rule": [("zero_at: 60%", "zero_at: 50%")],
    "a band and a weight": [("{name: 公示, weight: 10", "{name: 公示, weight: 10"), ("at_least: 50人, points: 15", "at_least: 50人, points: 12.5")],
    "a bonus": [("points: 3}]}", "points: 4}]}")],
    "a leaf comes, another goes": [
        ("  - {name: 公示, weight: 10, rule: {kind: checklist, items: [{id: a, text: 公示, points: 6}, {id: b, text: 存档, points: 4}]}}\n", ""),
        ("  - {name: 受益, weight: 30", "  - {name: 过半, weight: 10, measure: 支出 / 到位, rule: {kind: threshold, at_least: 50%}}\n  - {name: 受益, weight: 30"),
        ("  weight: 40", "  weight: 30"), ("  weight: 60", "  weight: 70"),
    ],
    "rounding": [("total: 100\n", "total: 100\nrounding: {places: 2, at: total}\n")],
    "nothing": [],
}  # fmt: skip
KEYS = ("到位", "支出", "人数", "公示/checklist/a", "公示/checklist/b", "影响/tier", "影响/points", "bonus/prize")


def edited(name: str) -> str:
    text = OLD
    for before, after in EDITS[name]:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def rows(count: int, seed: int) -> list[dict[str, str]]:
    chance = random.Random(seed)
    found = []
    for number in range(count):
        tier = chance.choice(["好", "中", "差"])
        paid = chance.randint(1, 100_000)
        row = {
            "project": f"项目{number:03}",
            "到位": f"{paid / 100:.2f}",
            "支出": f"{min(paid, chance.randint(paid // 3, paid + paid // 9)) / 100:.2f}",
            "人数": str(chance.choice([0, 49, 50, 99, 100, 500])),
            "公示/checklist/a": chance.choice(["是", "否"]),
            "公示/checklist/b": chance.choice(["是", "否"]),
            "影响/tier": tier,
            "影响/points": f"{chance.randint(1000, 2000) / 100:.2f}" if tier == "中" else "",
            "bonus/prize": chance.choice(["是", "否"]),
        }
        found.append(row)
    return found


def write(path: Path, table: list[dict[str, str]]) -> None:
    if path.suffix == ".parquet":
        pl.DataFrame({key: [row[key] or None for row in table] for key in table[0]}).write_parquet(path)
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(table[0]))
        writer.writeheader()
        writer.writerows(table)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """旧.yaml, 新.yaml (another rule), 佐证.csv and 佐证.parquet in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "旧.yaml").write_text(OLD, "utf-8")
    (tmp_path / "新.yaml").write_text(edited("a rule"), "utf-8")
    (tmp_path / "表").mkdir()
    for name in ("佐证.csv", "佐证.parquet", "表/一.parquet"):
        write(tmp_path / name, rows(60, 1))
    return tmp_path


def figures(part: dict[str, Any]) -> dict[str, Any]:
    return {key: part[key] for key in ("gain", "lose", "stay", "open", "least", "most", "mean", "median", "quantiles")}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("seed", [1])
def test_the_same_figures_as_row_by_row(name: str, seed: int, here: Path, cli: Callable) -> None:
    (here / "新.yaml").write_text(edited(name), "utf-8")
    for file in ("佐证.csv", "佐证.parquet"):
        write(here / file, rows(40, seed))
    slow = cli("diff", "旧.yaml", "新.yaml", "--evidence", "佐证.csv", "--format", "json")
    wanted = valid(slow.out)
    projects = {one["name"]: one["effect"] for one in wanted["projects"]}
    for file in ("佐证.parquet", "佐证.csv"):
        done = cli("diff", "旧.yaml", "新.yaml", "--evidence", file, "--engine", "polars", "--format", "json", "--moved", "m.csv")
        assert (done.code, done.err) == (slow.code, "")
        table = valid(done.out)["table"]
        assert table["rows"] == len(projects)
        assert table["changes"] == figures(wanted["distribution"])
        assert table["grades"] == wanted["distribution"]["grades"]
        assert [one["name"] for one in table["movers"]] == wanted["distribution"]["movers"]
        for mover in table["movers"]:
            effect = projects[mover["name"]]
            assert [mover["old_total"], mover["new_total"]] == [effect["old"]["total"], effect["new"]["total"]]
            assert [mover["old_grade"], mover["new_grade"]] == [effect["old"]["grade"], effect["new"]["grade"]]
        of_leaves(table, projects)
        moved = {name: one for name, one in projects.items() if one["change"]["low"] != "0" or one["grade_flips"]}
        with (here / "m.csv").open(encoding="utf-8", newline="") as stream:
            lines = list(csv.DictReader(stream))
        assert [line["project"] for line in lines] == list(moved)
        assert [Fraction(line["change"]) for line in lines] == [Fraction(one["change"]["low"]) for one in moved.values()]
        assert table["otherwise"] == len(moved)


def of_leaves(table: dict[str, Any], projects: dict[str, Any]) -> None:
    """Each leaf's changes, added up over the projects, are those that the projects' own effects say."""
    for one in table["indicators"]:
        if one["name"] == "":
            continue
        changes = []
        for effect in projects.values():
            leaf = next((leaf for leaf in effect["leaves"] if (leaf["old_id"], leaf["new_id"]) == (one["old_id"], one["new_id"])), None)
            if leaf is None:
                changes.append(Fraction(0))
                continue
            old, new = (Fraction(end["low"]) if end else Fraction(0) for end in (leaf["old"], leaf["new"]))
            changes.append(new - old)
        figures = one["changes"]
        assert figures["gain"] == sum(change > 0 for change in changes)
        assert figures["lose"] == sum(change < 0 for change in changes)
        assert Fraction(figures["mean"]) == sum(changes) / len(changes)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.usefixtures("here")
def test_the_report(lang: str, cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = cli("diff", "旧.yaml", "新.yaml", "--evidence", "佐证.parquet", "--lang", lang)
    assert (done.code, done.err) == (1, "")
    golden(f"cli/diff-table-{lang}.txt", done.out)
    page = cli("diff", "旧.yaml", "新.yaml", "--evidence", "佐证.parquet", "--format", "html", "--lang", lang)
    assert page.out.count('<table id="movers"') == 1
    assert cli("diff", "旧.yaml", "新.yaml", "--evidence", "佐证.parquet", "--format", "html", "--lang", lang).out == page.out


def test_rows_without_a_total_are_counted_apart(here: Path, cli: Callable) -> None:
    table = rows(20, 5)
    table[3]["支出"] = ""
    table[4]["到位"] = "很多"
    table[5]["project"] = table[6]["project"]
    write(here / "佐证.parquet", table)
    done = cli("diff", "旧.yaml", "新.yaml", "--evidence", "佐证.parquet", "--format", "json")
    assert "20 行里有 4 行在一套规则下没有总分" in done.err
    data = valid(done.out)["table"]
    assert (data["rows"], data["changes"]["open"]) == (20, 4)
    assert {"old": "", "new": "", "count": 4} in data["grades"]
    leaf = next(one for one in data["indicators"] if one["name"] == "执行率")
    assert leaf["changes"]["open"] == 4


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_moved_are_written_when_all_is_done(ending: str, here: Path, cli: Callable) -> None:
    target = here / f"变.{ending}"
    target.write_text("old", "utf-8")
    (here / "坏.parquet").write_bytes((here / "佐证.parquet").read_bytes()[:-40])
    assert cli("diff", "旧.yaml", "新.yaml", "--evidence", "坏.parquet", "--moved", target.name).code == 2
    assert target.read_text("utf-8") == "old"
    assert cli("diff", "旧.yaml", "新.yaml", "--evidence", "佐证.parquet", "--moved", target.name).code == 1
    found = pl.read_csv(target) if ending == "csv" else pl.read_parquet(target)
    assert found.columns == ["project", "old_total", "old_grade", "new_total", "new_grade", "change"]
    assert 0 < found.height < 60
    assert sorted(path.name for path in here.iterdir() if path.name.startswith(".")) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--engine", "polars"], "--engine"),
        (["--moved", "m.csv"], "--moved"),
        (["--id", "a"], "--id"),
        (["--evidence", "佐证.csv", "--moved", "m.csv"], "--engine polars"),
        (["--evidence", "佐证.csv", "--id", "项目"], "--engine polars"),
        (["--evidence", "佐证.parquet", "--engine", "rows"], "--engine rows"),
        (["--evidence", "佐证.parquet", "--moved", "m.xlsx"], ".parquet .csv"),
        (["--evidence", "佐证.parquet", "--moved", "没有/m.csv"], "没有"),
        (["--evidence", "佐证.parquet", "--moved", "佐证.parquet"], "读入"),
        (["--evidence", "佐证.parquet", "--id", "change"], "--id"),
        (["--evidence", "佐证.parquet", "--id", "名称"], "名称"),
        (["--evidence", "没有.parquet"], "没有.parquet"),
        (["--evidence", ""], "没有这个文件"),
        (["--evidence", "佐证.csv", "-o", "佐证.csv"], "读入"),
        (["--evidence", "佐证.parquet", "-o", "旧.yaml"], "读入"),
        (["--evidence", "佐证.parquet", "--moved", "m.csv", "-o", "m.csv"], "同一个地方"),
        (["--evidence", "表", "--moved", "表/m.parquet"], "文件夹"),
        (["--evidence", "佐证.*"], "格式不一"),
    ],
)
@pytest.mark.usefixtures("here")
def test_options_that_do_not_go_together(options: list[str], said: str, cli: Callable) -> None:
    done = cli("diff", "旧.yaml", "新.yaml", *options)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_columns_that_are_missing_or_that_nobody_asks_for(here: Path, cli: Callable) -> None:
    table = rows(5, 1)
    write(here / "少.parquet", [{key: cell for key, cell in row.items() if key != "支出"} for row in table])
    done = cli("diff", "旧.yaml", "新.yaml", "--evidence", "少.parquet")
    assert (done.code, done.out) == (2, "")
    assert done.err.count("支出") == 1, "said once for both sides"
    write(here / "多.parquet", [{**row, "备注": "x"} for row in table])
    done = cli("diff", "旧.yaml", "新.yaml", "--evidence", "多.parquet", "--format", "json")
    assert done.code == 1
    assert "备注" in done.err
    assert json.loads(done.out)["table"]["rows"] == 5


def test_what_is_not_declared_is_told_for_its_side(here: Path, cli: Callable) -> None:
    (here / "新.yaml").write_text(OLD.replace("  人数: {unit: 人, from: 0, to: 500, places: 0}\n", ""), "utf-8")
    done = cli("diff", "旧.yaml", "新.yaml", "--evidence", "佐证.parquet")
    assert done.code == 2
    assert "新.yaml" in done.err
    assert "人数" in done.err


def test_points_that_only_the_old_rule_asks_for_are_no_matter(here: Path, cli: Callable) -> None:
    """Evidence is written for one of the two rule sets: beside a tier that the other one fixes, points say nothing."""
    (here / "新.yaml").write_text(OLD.replace("中: {from: 10, to: 20}", "中: 15"), "utf-8")
    slow = valid(cli("diff", "旧.yaml", "新.yaml", "--evidence", "佐证.csv", "--format", "json").out)
    fast = valid(cli("diff", "旧.yaml", "新.yaml", "--evidence", "佐证.parquet", "--format", "json").out)
    assert fast["table"]["changes"] == figures(slow["distribution"])
    assert fast["table"]["changes"]["open"] == 0


def test_totals_of_many_decimals(here: Path, cli: Callable) -> None:
    """What applies is rebased within its parent: the total's parts need more than 64 bits."""
    text = OLD.replace("total: 100\n", "total: 100\nrounding: {places: 4, at: total}\npolicy: {not_applicable: rebase_parent}\n")
    for before, after in (
        ("weight: 30, measure: 支出", "weight: 29.9999, measure: 支出"),
        ("weight: 10, rule", "weight: 10.0001, rule"),
        ("points: 4}", "points: 4.0001}"),
    ):
        assert text.count(before) == 1
        text = text.replace(before, after)
    (here / "旧.yaml").write_text(text, "utf-8")
    (here / "新.yaml").write_text(text.replace("zero_at: 60%", "zero_at: 50%").replace("places: 4, at", "places: 6, at"), "utf-8")
    table = [{**row, "执行率/not_applicable": "没有安排资金" if at % 5 == 0 else "否"} for at, row in enumerate(rows(40, 3))]
    write(here / "佐证.parquet", table)
    write(here / "佐证.csv", table)
    fast = valid(cli("diff", "旧.yaml", "新.yaml", "--evidence", "佐证.parquet", "--format", "json", "--moved", "m.parquet").out)
    slow = valid(cli("diff", "旧.yaml", "新.yaml", "--evidence", "佐证.csv", "--format", "json").out)
    assert fast["table"]["changes"] == figures(slow["distribution"])
    assert pl.read_parquet(here / "m.parquet").height == fast["table"]["otherwise"] > 0


@pytest.mark.usefixtures("here")
def test_a_table_needs_two_rule_sets(cli: Callable) -> None:
    done = cli("diff", "/dev/null", "新.yaml", "--evidence", "佐证.parquet")
    assert (done.code, done.out) == (2, "")
    assert "--evidence" in done.err
