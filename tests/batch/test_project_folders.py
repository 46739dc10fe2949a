"""From folders to a table and back: what batch says of a row is what score and explain say of its folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from batch.tables import read_back, run
from perfeval.batch.collecting import collect, write_csv, write_parquet
from perfeval.batch.prepare import prepare
from perfeval.batch.row import project_of
from perfeval.model.result import Result
from perfeval.problems import ProblemsFound
from perfeval.reading.evidence_table import read_evidence_table
from perfeval.reading.rule_sources import RuleSet, read_rules
from perfeval.scoring import open_project, score

WRITERS = {"csv": write_csv, "parquet": write_parquet}
Change = Callable[[str], str]


@pytest.fixture
def rules(root: Path) -> RuleSet:
    return read_rules("examples/xiangyuan_2023", None, root)


def changed(example: Path, target: Path, **changes: tuple[str, str]) -> Path:
    """A copy of the evaluation with other texts in evidence.yaml."""
    shutil.copytree(example, target, ignore=shutil.ignore_patterns("reports"))
    text = (target / "evidence.yaml").read_text("utf-8")
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new, 1)
    (target / "evidence.yaml").write_text(text, "utf-8")
    return target


def folders(root: Path, tmp_path: Path) -> list[tuple[str, Path]]:
    example = root / "examples" / "xiangyuan_2023"
    money = ("实际到位资金: {value: 17.16万元, source: 报告四（二）1：襄垣县总工会财务资料，全额收到}", "实际到位资金: 16.5万元")
    misuse = ("veto: {misuse: no}", "veto: {misuse: yes}")
    better = ("tier: 一般\n    points: 3", "tier: 显著")
    rate = ("帮扶开展率: {value: 100%, source: 报告四（三）1：三年年初预算}", "帮扶开展率: 0.95%")
    return [
        ("襄垣", example),
        ("少到位", changed(example, tmp_path / "a", money=money)),
        ("挪用", changed(example, tmp_path / "b", misuse=misuse, better=better)),
        ("低率", changed(example, tmp_path / "c", rate=rate)),
    ]


def result_of(path: Path) -> Result:
    return score(open_project(path))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_collected_and_scored(form: str, root: Path, rules: RuleSet, tmp_path: Path) -> None:
    if form == "parquet":
        pytest.importorskip("polars", reason="the extra `batch` is not installed")
    given = folders(root, tmp_path)
    found = collect(given)
    assert found.failed == 0 and [name for name, _ in found.rows] == [name for name, _ in given]
    table = tmp_path / f"evidence.{form}"
    WRITERS[form](found, table)
    task = prepare(str(table), rules)
    for engine in ("polars", "python"):
        if engine == "polars":
            pytest.importorskip("polars", reason="the extra `batch` is not installed")
        done = run(task, engine, tmp_path)
        assert done.errors == []
        for (name, path), row in zip(given, done.rows, strict=True):
            result = result_of(path)
            assert row["project"] == name
            assert {one.id: Fraction(row[one.id]) for one in result.indicators} == {one.id: one.score for one in result.indicators}
            assert (Fraction(row["total"]), row["grade"], row["n_bad"]) == (result.total, result.grade, "0")
    assert (done.rows[0]["total"], done.rows[0]["grade"]) == ("88.50", "良")


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_row_explains_itself_as_its_folder_does(form: str, root: Path, rules: RuleSet, tmp_path: Path) -> None:
    if form == "parquet":
        pytest.importorskip("polars", reason="the extra `batch` is not installed")
    given = folders(root, tmp_path)
    table = tmp_path / f"evidence.{form}"
    WRITERS[form](collect(given), table)
    for name, path in given:
        project = project_of(str(table), rules, name)
        assert project is not None
        one, other = project.score(), result_of(path)
        assert [told(each) for each in one.indicators] == [told(each) for each in other.indicators]
        assert (one.name, one.total, one.grade, one.bands, one.extras) == (name, other.total, other.grade, other.bands, other.extras)
    assert project_of(str(table), rules, "没有") is None


def told(one: Any) -> tuple[object, ...]:
    """What is said of a score, but for where its values stand and how they were typed."""
    return (one.id, one.status, one.score, one.exact, one.lost, one.rate, one.standard, one.low, one.high, labels(one.steps))


def labels(steps: Any) -> list[object]:
    return [(step.label, step.value, step.key, labels(step.steps)) for step in steps]


def test_a_row_that_cannot_be_explained(rules: RuleSet, root: Path, tmp_path: Path) -> None:
    table = tmp_path / "evidence.csv"
    write_csv(collect([("甲", root / "examples" / "xiangyuan_2023"), ("乙", root / "examples" / "xiangyuan_2023")]), table)
    text = table.read_text("utf-8")
    table.write_text(text.replace("乙,", "甲,"), "utf-8")
    with pytest.raises(ProblemsFound) as caught:
        project_of(str(table), rules, "甲")
    assert [str(problem.where) for problem in caught.value.problems] == [f"{table}:2:1", f"{table}:3:1"]
    table.write_text(text.replace("100%,100%,100%,100%,29", "100%,100%,100%,0.5,29.5", 1), "utf-8")
    row = project_of(str(table), rules, "甲")
    assert row is not None
    with pytest.raises(ProblemsFound) as caught:
        row.score()
    assert [problem.values["key"] for problem in caught.value.problems] == ["帮扶资金发放合规率", "帮扶人数"]


def test_not_applicable_goes_through(tmp_path: Path) -> None:
    """The reason goes into the table, and comes back; without one the cell is bad, as in `score`."""
    tree = {
        "perfeval": "1", "id": "t", "total": "10", "policy": {"not_applicable": "rebase_total"},
        "tree": [
            {"name": "甲", "weight": "4", "rule": {"kind": "checklist", "items": [{"id": "a", "text": "一"}, {"id": "b", "text": "二"}]}},
            {"name": "乙", "weight": "6", "rule": {"kind": "judged"}},
        ],
    }  # fmt: skip
    evidence = {"perfeval": "1", "indicators": {"甲": {"not_applicable": "没有这项工作"}, "乙": {"points": "4.5"}}}
    for name, content in (("project", {"perfeval": "1", "name": "x"}), ("indicators", tree), ("evidence", evidence)):
        (tmp_path / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    table = tmp_path / "t.csv"
    write_csv(collect([("x", tmp_path)]), table)
    rules = read_rules("indicators.yaml", None, tmp_path)
    assert read_back(table)[0]["甲/not_applicable"] == "没有这项工作"
    [row] = run(prepare(str(table), rules), "python", tmp_path).rows
    assert (row["甲"], row["乙"], row["total"], row["n_bad"]) == ("", "4.50", "7.50", "0")
    project = project_of(str(table), rules, "x")
    assert project is not None
    result = project.score()
    assert (result.total, result.indicators[0].not_applicable) == (Fraction("7.5"), "没有这项工作")
    for text in ("是", "1", "待定", "nan"):
        write_csv(collect([("x", tmp_path)]), table)
        table.write_text(table.read_text("utf-8").replace("没有这项工作", text), "utf-8")
        found = run(prepare(str(table), rules), "python", tmp_path)
        assert (found.rows[0]["total"], [line["reason"] for line in found.errors]) == ("", ["not-applicable-reason"])
        project = project_of(str(table), rules, "x")
        assert project is not None
        with pytest.raises(ProblemsFound) as caught:
            project.score()
        assert [problem.kind.name for problem in caught.value.problems] == ["batch-bad-cell"]


def test_a_folder_that_cannot_be_read_does_not_stop_the_others(root: Path, tmp_path: Path) -> None:
    (tmp_path / "坏").mkdir()
    (tmp_path / "坏" / "project.yaml").write_text("name", "utf-8")
    found = collect([("坏", tmp_path / "坏"), ("好", root / "examples" / "xiangyuan_2023")])
    assert found.failed == 1 and [name for name, _ in found.rows] == ["好"]
    assert any(problem.is_error for problem in dict(found.problems)[str(tmp_path / "坏")])


def test_parquet_has_types(root: Path, tmp_path: Path) -> None:
    pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
    write_parquet(collect(folders(root, tmp_path)), tmp_path / "t.parquet")
    schema = pl.read_parquet_schema(tmp_path / "t.parquet")
    assert schema["资金使用合规性/veto/misuse"] == pl.Boolean
    assert schema["实际到位资金"] == pl.Decimal(38, 2)
    assert schema["帮扶开展率"] == pl.String, "a rate keeps its sign: 0.95% could not be told from 95%"
    assert schema["可持续影响/tier"] == pl.String


def test_what_looks_like_a_formula_goes_through(tmp_path: Path) -> None:
    """A CSV table for spreadsheets has a quote before it, in header and cells; every reader takes the quote off again."""
    pytest.importorskip("polars", reason="the extra `batch` is not installed")
    tree = {
        "perfeval": "1", "id": "t", "total": "10", "policy": {"not_applicable": "full"}, "rounding": {"places": "2"},
        "grades": [{"name": "=优", "at_least": "60"}, {"name": "@差", "below": "60"}],
        "quantities": {"-支出": {"unit": "元", "from": "-10", "to": "10", "places": "0"}},
        "tree": [
            {"name": "=甲", "weight": "4", "rule": {"kind": "tiers", "tiers": {"+好": "4", "'=中": "2"}}},
            {"name": "@乙", "weight": "6", "rule": {"kind": "judged"}},
            {"name": "丙", "weight": "0", "measure": "「-支出」", "rule": {"kind": "threshold", "at_least": "-5元"}},
        ],
    }  # fmt: skip
    evidence = {
        "perfeval": "1", "facts": {"-支出": "-6元"},
        "indicators": {"=甲": {"tier": "'=中"}, "@乙": {"not_applicable": "=没有这项工作"}},
    }  # fmt: skip
    for name, content in (("project", {"perfeval": "1", "name": "x"}), ("indicators", tree), ("evidence", evidence)):
        (tmp_path / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    found, table = collect([("=x", tmp_path)]), tmp_path / "t.csv"
    write_csv(found, table)
    [row] = read_back(table)
    assert row.pop("project") == "'=x" and row["'=甲/tier"] == "''=中" and row["'@乙/not_applicable"] == "'=没有这项工作"
    assert row["'-支出"] == "-6"
    rules = read_rules("indicators.yaml", None, tmp_path)
    task = prepare(str(table), rules)
    for engine in ("polars", "duckdb", "python"):
        done = run(task, engine, tmp_path)
        assert done.errors == []
        [scored] = done.rows
        assert (scored["project"], scored["'=甲"], scored["'@乙"], scored["total"], scored["grade"]) == (
            "'=x",
            "2.00",
            "6.00",
            "8.00",
            "'=优",
        )
        [scored] = run(task, engine, tmp_path, "parquet").rows
        assert (scored["project"], scored["=甲"], scored["@乙"], scored["total"], scored["grade"]) == ("=x", "2.00", "6.00", "8.00", "=优")
    project = project_of(str(table), rules, "=x")
    assert project is not None and project.score().indicators[1].not_applicable == "=没有这项工作"
    as_written = project_of(str(table), rules, "'=x")
    assert as_written is not None and as_written.name == "=x"
    read = read_evidence_table(table)
    assert (read.keys, read.rows[0][0]) == (tuple(found.columns), "=x")
    assert score(read.opened(*read.rows[0], rules.indicators, rules.sources)).total == Fraction(8)


OWN_OR_FACT = (
    {"facts": {"得数": "80分"}},
    {"indicators": {"甲": {"values": {"得数": "60分"}}, "乙": {"values": {"得数": "90分"}}}},
    {"facts": {"别的": "1"}, "indicators": {"甲": {"values": {"得数": "70分"}}, "乙": {"values": {"得数": "待补充"}}}},
)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_quantity_that_is_a_fact_in_one_project_and_a_leafs_own_in_another(form: str, tmp_path: Path) -> None:
    """One column for each leaf: the fact's name beside them would be ambiguous."""
    if form == "parquet":
        pytest.importorskip("polars", reason="the extra `batch` is not installed")
    line = {"measure": "得数 / 100分", "rule": {"kind": "linear", "zero_at": "0%", "full_at": "100%"}}
    tree = {
        "perfeval": "1", "id": "t", "total": "10", "quantities": {"得数": {"unit": "分", "from": "0", "to": "100", "places": "2"}},
        "tree": [{"name": "甲", "weight": "5", **line}, {"name": "乙", "weight": "5", **line}],
    }  # fmt: skip
    given = []
    for number, evidence in enumerate(OWN_OR_FACT):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, content in (("project", {"name": "x"}), ("indicators", tree), ("evidence", evidence)):
            (folder / f"{name}.yaml").write_text(json.dumps({"perfeval": "1", **content}, ensure_ascii=False), "utf-8")
        given.append((str(number), folder))
    table = tmp_path / f"t.{form}"
    WRITERS[form](collect(given), table)
    assert list(collect(given).columns) == ["甲/values/得数", "乙/values/得数"]
    rules = read_rules("indicators.yaml", None, given[0][1])
    rows = run(prepare(str(table), rules), "python", tmp_path).rows
    assert [(row["甲"], row["乙"], row["total"]) for row in rows] == [("4.00", "4.00", "8.00"), ("3.00", "4.50", "7.50"), ("3.50", "", "")]
    assert [Fraction(rows[at]["total"]) for at in (0, 1)] == [result_of(given[at][1]).total for at in (0, 1)]
