"""A table of evidence: a row is the project that evidence.yaml would be; what is wrong is told at its cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cases_support import build
from generators import grow
from perfeval.cli._problems import shown_problems
from perfeval.diffing.projects import distribution, moved_rows
from perfeval.diffing.rules import diff_rules
from perfeval.model.evidence import TableOf
from perfeval.problems import Origin, Problem, ProblemsFound
from perfeval.reading.evidence_table import TEMPLATE_IDS, EvidenceTable, raw, read_evidence_table, steps
from perfeval.reading.project_folder import read_indicators
from perfeval.reading.tables import Table, table_from
from perfeval.scoring import open_project, score, scored

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "xiangyuan_2023"


def keys(content: Any, prefix: str = "") -> dict[str, str]:
    """Evidence as keys and texts; answers by id."""
    found: dict[str, str] = {}
    for key, value in content.items():
        here = f"{prefix}/{key}" if prefix else str(key)
        found.update(keys(value, here) if isinstance(value, dict) else {here: value})
    return found


def flat(evidence: dict[str, Any], items: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """The keys of generated evidence: lists are given by the ids that the program knows."""

    def named(value: Any, prefix: str) -> Any:
        if isinstance(value, list | tuple):
            value = dict(zip(items[prefix], value, strict=True))
        return {key: named(one, f"{prefix}/{key}") for key, one in value.items()} if isinstance(value, dict) else value

    found = keys({name: named(entry, name) for name, entry in evidence["indicators"].items()})
    return {**found, **keys(evidence["facts"])}


def written(folder: Path, rows: list[dict[str, str]], name: str = "t.csv") -> Path:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(["项目", *columns])
    for number, row in enumerate(rows):
        out.writerow([f"项目{number}", *(row.get(column, "") for column in columns)])
    path = folder / name
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


@pytest.mark.parametrize("seed", range(40))
def test_a_row_is_the_folder(seed: int, tmp_path: Path) -> None:
    grown = grow(seed)
    build({"indicators": grown.indicators, "evidence": grown.evidence}, tmp_path)
    folder = open_project(tmp_path)
    result, run = scored(folder)
    table = read_evidence_table(written(tmp_path, [flat(grown.evidence, dict(run.program.items))]))
    rules = read_indicators(tmp_path / "indicators.yaml")
    (name, row), *_ = table.rows
    again = score(table.opened(name, row, rules[0], rules[1]))
    assert again.total == result.total
    assert [(i.id, i.score, i.exact) for i in again.indicators] == [(i.id, i.score, i.exact) for i in result.indicators]
    assert {p.values["column"] for p in table.unused(run.program.asks)} == set(grown.evidence["facts"]) - set(run.program.asks)


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("支出", ("facts", "支出")),
        ("收入/支出", ("facts", "收入/支出")),
        ("甲/actual", ("indicators", "甲", "actual")),
        ("产出/数量/tier", ("indicators", "产出/数量", "tier")),
        ("甲/checklist/要点/一", ("indicators", "甲", "checklist", "要点/一")),
        ("甲/parts/乙/checklist/丙", ("indicators", "甲", "parts", "乙", "checklist", "丙")),
        ("甲/parts/乙/values/率", ("indicators", "甲", "parts", "乙", "values", "率")),
        ("甲/values/率", ("indicators", "甲", "values", "率")),
        ("甲/values/收入/支出", ("indicators", "甲", "values", "收入/支出")),
        ("甲/values", ("indicators", "甲", "values")),
        ("甲/checklist", ("indicators", "甲", "checklist")),
        ("甲/parts/乙", ("indicators", "甲", "parts", "乙")),
        ("甲/requires/r/points", ("indicators", "甲", "requires", "r", "points")),
        ("甲/defects/d", ("indicators", "甲", "defects", "d")),
        ("甲/not_applicable", ("indicators", "甲", "not_applicable")),
        ("actual/甲", ("facts", "actual/甲")),
        ("veto/v/w/points", ("veto", "v/w", "points")),
        ("penalty/p", ("penalty", "p")),
        ("veto/v", ("veto", "v")),
        ("bonus/p/points", ("bonus", "p", "points")),
        ("veto", ("facts", "veto")),
    ],
)
def test_where_a_key_stands(key: str, path: tuple[str, ...]) -> None:
    assert steps(key) == path


def test_an_answer_with_more_below_it() -> None:
    """In either order of columns."""
    both = [("甲/parts/乙", "3"), ("甲/parts/乙/reason", "理由")]
    wanted = {"甲": {"parts": {"乙": {"actual": "3", "reason": "理由"}}}}
    del both[1]
    assert raw(both)["indicators"] == {"甲": {"parts": {"乙": "3"}}}
    both.append(("甲/parts/乙/points", "4"))
    wanted = {"甲": {"parts": {"乙": {"actual": "3", "points": "4"}}}}
    assert raw(both)["indicators"] == raw(both[::-1])["indicators"] == wanted


def test_the_effect_over_a_table(tmp_path: Path) -> None:
    """Rows that gain, lose and stay; one that lacks a fact is open; one at fault is told at its cell."""
    old = "perfeval: 1\nid: t\ntree:\n- {name: 甲, weight: 60, measure: 率, rule: {kind: linear, zero_at: 60%, full_at: 100%}}\n- {name: 乙, weight: 40, rule: {kind: judged}}\n"
    paths = []
    for name, text in (("old", old), ("new", old.replace("60%", "70%").replace("kind: judged", "kind: tiers, tiers: {好: 40, 差: 10}"))):
        paths.append(tmp_path / f"{name}.yaml")
        paths[-1].write_text(text, encoding="utf-8")
    before, after = map(read_indicators, paths)
    rows = [
        {"率": "100%", "乙/points": "40", "乙/tier": "好"},
        {"率": "80%", "乙/points": "10", "乙/tier": "差"},
        {"率": "50%", "乙/points": "0", "乙/tier": "差"},
        {"率": "80%", "乙/points": "5"},
        {"率": "8O%", "乙/points": "5"},
    ]
    table = read_evidence_table(written(tmp_path, rows))
    found = list(moved_rows(diff_rules(before[0], after[0]), before, after, table))
    assert [one.effect and (one.effect.change.low, one.effect.change.high) for one in found] == [
        (0, 0),
        (-10, -10),
        (10, 10),
        (-5, 25),
        None,
    ]
    assert [(p.kind.name, str(p.where)) for p in found[4].problems] == [("unknown-unit", "t.csv:6:5")]
    told = distribution(found)
    assert (told.changes.stay, told.changes.lose, told.changes.gain, told.changes.open) == (1, 1, 1, 1)
    assert table.unused(["率", "乙/points", "乙/tier"]) == []
    (tmp_path / "own.csv").write_text("项目,甲/values/率,甲/values/别\n一,1,2\n", "utf-8")
    assert [one.values["column"] for one in read_evidence_table(tmp_path / "own.csv").unused(["率"])] == ["甲/values/别"]


def problems(folder: Path, text: str) -> tuple[Problem, ...]:
    path = folder / "t.csv"
    path.write_text(text, encoding="utf-8")
    try:
        return tuple(read_evidence_table(path).unused(["支出", "甲/checklist/一"]))
    except ProblemsFound as found:
        return found.problems


KINDS = {
    "same-project": "项目,支出\n甲村,1元\n乙村,2元\n甲村,3元\n",
    "project-name-missing": "项目,支出\n甲村,1元\n ,2元\n",
    "bad-column": "项目,支出,甲/points/x,甲/parts/a,甲/parts/a/actual\n甲村,1元,1,2,3\n",
    "column-not-asked": "项目,支岀,甲/checklist/一,甲/checklist/一/reason\n甲村,1元,yes,无\n",
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_told(kind: str, tmp_path: Path, golden: Callable[[str, str], None]) -> None:
    found = problems(tmp_path, KINDS[kind])
    assert {p.kind.name for p in found} == {kind}
    golden(f"sources/{kind}.txt", "\n".join(shown_problems(found, lang) for lang in ("zh", "en")))


def shortened(column: str) -> str:
    return column if len(column) <= 80 else column[:79] + "…"


NOWHERE = ["甲/points/x", "甲/checklist", "甲/values", "甲/parts/a/tier/b", "甲/not_applicable/x", "甲/defects", "甲/actual/actual"]
DEEP = "甲" + "/parts/a" * 1000


@pytest.mark.parametrize(
    ("columns", "wrong"),
    [
        *([[column], [2]] for column in [*NOWHERE, DEEP]),
        [["甲/points", "甲/points/points"], [3]],
        [["甲/checklist", "支出", "甲/values"], [2, 4]],
        [["甲/parts/a", "甲/parts/a/actual"], [3]],
        [["甲/checklist/a/actual", "甲/checklist/a"], [3]],
        [["veto/v/actual", "veto/v"], [3]],
        [["甲/parts/actual", "甲/parts/actual/actual"], [3]],
    ],
)
def test_a_column_that_cannot_be(columns: list[str], wrong: list[int], tmp_path: Path) -> None:
    """Told once, at the header, whatever the rows hold."""
    for cells in ([""] * len(columns), ["1"] * len(columns)):
        header = ["项目", *columns]
        found = problems(tmp_path, f"{','.join(header)}\n{','.join(['甲村', *cells])}\n")
        at = [sum(len(column) + 1 for column in header[: place - 1]) + 1 for place in wrong]
        assert [(p.kind.name, str(p.where)) for p in found if p.is_error] == [("bad-column", f"t.csv:1:{place}") for place in at]
        assert [p.values["column"] for p in found if p.is_error] == [shortened(header[place - 1]) for place in wrong]


def test_a_header_of_nothing_else(tmp_path: Path) -> None:
    """Thousands of bad columns are not all told, nor looked at for long."""
    found = problems(tmp_path, ",".join(["项目", *(f"甲/points/{n}" for n in range(20_000))]) + "\n")
    assert [p.values["column"] for p in found] == [f"甲/points/{n}" for n in range(100)]


def test_columns_that_go_together(tmp_path: Path) -> None:
    """An answer and what stands below it, an item that is called as a word, a name with a slash."""
    header = "项目,甲/parts/a,甲/parts/a/points,甲/parts/actual,甲/values/actual,甲/checklist/b/not_applicable,bonus/c/d/points,丙/丁"
    assert not [p for p in problems(tmp_path, f"{header}\n甲村{',1' * 7}\n") if p.is_error]


@pytest.mark.parametrize("column", NOWHERE)
def test_a_row_that_does_not_read_is_told_at_its_cell(column: str, tmp_path: Path) -> None:
    """Also of a table whose header nobody has looked at."""
    (tmp_path / "i.yaml").write_text("perfeval: 1\nid: t\ntree:\n- {name: 甲, weight: 100, rule: {kind: judged}}\n", encoding="utf-8")
    rules = read_indicators(tmp_path / "i.yaml")
    table = table_from(TableOf(file="t.csv"), f"项目,支出,{column}\n一,1元,5\n".encode())
    assert isinstance(table, Table)
    with pytest.raises(ProblemsFound) as told:
        EvidenceTable(table, (("一", table.rows[0]),)).opened("一", table.rows[0], rules[0], rules[1])
    assert [str(p.where) for p in told.value.problems] == ["t.csv:2:6"]
    assert all(p.is_error and p.message("zh") and p.message("en") for p in told.value.problems)


def test_what_is_wrong_with_a_row_is_told_as_in_a_file(tmp_path: Path) -> None:
    """The problem that evidence.yaml would have, or one in words of ours where there is none."""
    (tmp_path / "i.yaml").write_text("perfeval: 1\nid: t\ntree:\n- {name: 甲, weight: 100, rule: {kind: judged}}\n", encoding="utf-8")
    rules = read_indicators(tmp_path / "i.yaml")
    found = []
    for column in ("甲/checklist", "甲/values"):
        table = table_from(TableOf(file="t.csv"), f"项目,{column}\n一,5\n".encode())
        assert isinstance(table, Table)
        with pytest.raises(ProblemsFound) as told:
            EvidenceTable(table, (("一", table.rows[0]),)).opened("一", table.rows[0], rules[0], rules[1])
        found += [(p.kind.name, str(p.where), p.values.get("wanted", "")) for p in told.value.problems]
    assert found == [("answers-form", "t.csv:2:3", ""), ("wrong-shape", "t.csv:2:3", "能读成佐证的内容 (What reads as evidence)")]


def test_a_row_is_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "i.yaml").write_text("perfeval: 1\nid: t\ntree:\n- {name: 甲, weight: 100, rule: {kind: judged}}\n", encoding="utf-8")
    (tmp_path / "t.csv").write_text("项目,支出,甲/points\n一,5不明,5\n", encoding="utf-8")
    rules, table = read_indicators(tmp_path / "i.yaml"), read_evidence_table(tmp_path / "t.csv")
    with pytest.raises(ProblemsFound) as told:
        table.opened(*table.rows[0], rules[0], rules[1])
    [problem] = told.value.problems
    assert (problem.kind.name, str(problem.where), problem.origin) == ("unknown-unit", "t.csv:2:3", None)
    (tmp_path / "t.csv").write_text("项目,支出,甲/points\n一,5元,5\n", encoding="utf-8")
    folder = (table := read_evidence_table(tmp_path / "t.csv")).opened(*table.rows[0], rules[0], rules[1])
    assert (folder.root, folder.evidence_file, folder.project_file) == (Path("t.csv"), "t.csv", "t.csv")
    assert (folder.notes, folder.project.name, list(folder.facts)) == ((), "一", ["支出"])


def test_that_a_leaf_does_not_apply_is_asked_of_all(tmp_path: Path) -> None:
    found = problems(tmp_path, "项目,甲/not_applicable,甲/checklist/一,支出,甲/tier\n甲村,不适用,yes,1元,好\n")
    assert [(p.kind.name, p.values["column"], str(p.where)) for p in found] == [("column-not-asked", "甲/tier", "t.csv:1:38")]


def test_rows_of_the_template_are_no_projects(tmp_path: Path) -> None:
    found = problems(tmp_path, f"项目,支出\n{TEMPLATE_IDS[0]},小数\n甲村,1元\n {TEMPLATE_IDS[1]},0～9元\nnan,1元\n")
    assert [(p.kind.name, str(p.where)) for p in found] == [
        ("batch-template-row", "t.csv:2:1"),
        ("batch-template-row", "t.csv:4:1"),
        ("project-name-missing", "t.csv:5:1"),
    ]


@pytest.mark.parametrize(("text", "given"), [("否", False), ("—", False), ("0", False), (" no ", False), ("没有安排", True), ("是", True)])
def test_a_column_of_reasons(text: str, given: bool) -> None:
    """What says that something applies is no reason why not, as in a batch."""
    assert ("甲" in raw([("甲/not_applicable", text)])["indicators"]) is given


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as told:
        read_evidence_table(tmp_path / "t.csv")
    [problem] = told.value.problems
    assert (problem.kind.name, str(problem.where), problem.values) == ("file-not-found", "t.csv", {"file": "t.csv", "hint": ""})
    (tmp_path / "bad.csv").write_bytes("项目,支出\n甲,1\n".encode("gb18030"))
    with pytest.raises(ProblemsFound) as told:
        read_evidence_table(tmp_path / "bad.csv")
    assert [p.kind.name for p in told.value.problems] == ["not-utf8"]


def test_places_of_what_has_no_column_of_its_own(tmp_path: Path) -> None:
    """A leaf that there is not is told at its first column; what has none at all, at the name of the project."""
    (tmp_path / "i.yaml").write_text("perfeval: 1\nid: t\ntree:\n- {name: 甲, weight: 100, rule: {kind: judged}}\n", encoding="utf-8")
    (tmp_path / "t.csv").write_text("项目,甲/points,丁/tier,丁/points\n一,5,好,3\n", encoding="utf-8")
    rules, table = read_indicators(tmp_path / "i.yaml"), read_evidence_table(tmp_path / "t.csv")
    folder = table.opened(*table.rows[0], rules[0], rules[1])
    found = scored(folder, foreign=True)[0].notes
    assert [(p.kind.name, str(p.where)) for p in found] == [("unknown-node", "t.csv:2:5")]
    assert str(folder.places.where(Origin("t.csv", ("bonus", "x")))) == "t.csv:2:1"
    assert str(folder.places.where(Origin("i.yaml", ("id",)))) == "i.yaml:2:5"


def test_the_name_comes_first(tmp_path: Path) -> None:
    """A first column of another name is the projects', unless a column further on says that it is."""
    assert [p.kind.name for p in problems(tmp_path, "支出,project\n1,甲\n")] == ["bad-column"]
    assert problems(tmp_path, "单位,支出\n甲,1\n") == ()
