"""explain of a row tells what its folder tells: every kind of answer, by steps, reasons and words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from batch.tables import read_back
from perfeval.batch.collecting import collect, write_csv, write_parquet
from perfeval.batch.row import project_of
from perfeval.explaining import explain, why_lost
from perfeval.model.result import Indicator, Result
from perfeval.reading.rule_sources import read_rules
from perfeval.scoring import open_project, score

WRITERS = {"csv": write_csv, "parquet": write_parquet}
TIERS = {"kind": "tiers", "tiers": {"显著": "full", "较好": "4", "一般": {"from": "1", "to": "3"}, "未发挥": "0"}}
TREE: dict[str, Any] = {
    "perfeval": "1",
    "id": "t",
    "total": "100",
    "policy": {"not_applicable": "rebase_total"},
    "quantities": {
        "实际支出": {"unit": "元", "from": "0", "to": "1000000000", "places": "2"},
        "预算": {"unit": "元", "from": "0", "to": "1000000000", "places": "2"},
        "满意度/actual": {"unit": "%", "from": "0%", "to": "100%", "places": "2"},
        "及时率/actual": {"unit": "%", "from": "0%", "to": "100%", "places": "2"},
    },
    "veto": [{"id": "fraud", "text": "弄虚作假", "grade": "中"}],
    "bonus": {"cap": "5", "items": [{"id": "prize", "text": "省级表彰", "points": "3"}, {"id": "spread", "text": "推广", "points": "4"}]},
    "penalty": {"cap": "10", "items": [{"id": "late", "text": "迟报", "points": "6", "rule": {"kind": "tiers", "tiers": {"无": "0", "轻": "2", "重": "full"}}}]},
    "tree": [
        {"name": "过程", "weight": "40", "children": [
            {"name": "执行率", "weight": "20", "measure": "实际支出 / 预算", "rule": {"kind": "linear", "zero_at": "70%", "full_at": "100%"}},
            {"name": "制度", "weight": "20", "rule": {"kind": "checklist", "items": [{"id": "a", "text": "健全"}, {"id": "b", "text": "执行"}]},
             "veto": [{"id": "misuse", "text": "挪用"}]},
        ]},
        {"name": "效益", "weight": "60", "children": [
            {"name": "影响", "weight": "5", "rule": TIERS},
            {"name": "满意度", "weight": "20", "rule": {"kind": "deduction", "at_least": "90%", "each": "10%", "per": "1", "steps": "whole"}},
            {"name": "及时率", "weight": "10", "rule": {"kind": "threshold", "at_least": "95%"}},
            {"name": "质量", "weight": "15", "rule": {"kind": "sum", "parts": [{"name": "工作", "points": "5", "rule": TIERS}, {"name": "对象", "points": "10", "rule": {"kind": "judged"}}]}},
            {"name": "创新", "weight": "10", "rule": {"kind": "judged"}},
        ]},
    ],
}  # fmt: skip
GOOD: dict[str, Any] = {
    "perfeval": "1",
    "facts": {"实际支出": "9.5万元", "预算": "100000元"},
    "bonus": {"prize": "no", "spread": "no"},
    "penalty": {"late": "无"},
    "veto": {"fraud": "no"},
    "indicators": {
        "制度": {"checklist": {"a": "yes", "b": "yes"}, "veto": {"misuse": "no"}},
        "影响": {"tier": "显著"},
        "满意度": {"actual": "91.25%"},
        "及时率": {"actual": "95%"},
        "质量": {"parts": {"工作": {"tier": "较好"}, "对象": "8.5"}},
        "创新": {"points": "7.25"},
    },
}
CHANGES: dict[str, dict[str, Any]] = {
    "good": {},
    "points in a tier": {"影响": {"tier": "一般", "points": "2.25"}, "质量": {"parts": {"工作": {"tier": "一般", "points": "3"}, "对象": "0"}}},
    "no steps": {"影响": {"tier": "未发挥"}, "及时率": {"actual": "94.99%"}},
    "rates": {"满意度": {"actual": "0.5%"}, "及时率": {"actual": "100%"}},
    "whole steps": {"满意度": {"actual": "69.99%"}, "制度": {"checklist": {"a": "yes", "b": "no"}, "veto": {"misuse": "no"}}},
    "veto": {"制度": {"checklist": {"a": "yes", "b": "yes"}, "veto": {"misuse": "yes"}}},
    "veto of the tree": {"veto": {"fraud": "yes"}},
    "bonus and penalty": {"bonus": {"prize": "yes", "spread": "yes"}, "penalty": {"late": "轻"}},
    "does not apply": {"创新": {"not_applicable": "没有这项工作"}, "影响": {"not_applicable": "一次性项目"}},
    "half of it": {"facts": {"实际支出": "8.55万元", "预算": "10万元"}},
    "over the target": {"facts": {"实际支出": "12万元", "预算": "10万元"}},
}  # fmt: skip


def folder(path: Path, change: dict[str, Any]) -> Path:
    path.mkdir()
    top = {key: own for key, own in change.items() if key in GOOD}
    leaves = {key: own for key, own in change.items() if key not in GOOD}
    evidence = {**GOOD, **top, "indicators": {**GOOD["indicators"], **leaves}}
    tree = TREE
    for name, content in (("project", {"perfeval": "1", "name": path.name}), ("indicators", tree), ("evidence", evidence)):
        (path / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_every_kind_of_answer(form: str, tmp_path: Path) -> None:
    if form == "parquet":
        pytest.importorskip("polars", reason="the extra `batch` is not installed")
    given = [(name, folder(tmp_path / name, change)) for name, change in CHANGES.items()]
    found = collect(given)
    assert found.failed == 0 and len(found.rows) == len(given)
    table = tmp_path / f"table.{form}"
    WRITERS[form](found, table)
    rules = read_rules("indicators.yaml", None, given[0][1])
    totals = set()
    for number, (name, path) in enumerate(given, 1):
        row = project_of(str(table), rules, name)
        assert row is not None and row.number == number
        one, other = row.score(), score(open_project(path))
        assert [told(each) for each in one.indicators] == [told(each) for each in other.indicators], name
        assert whole(one) == whole(other), name
        assert [words(each, str(table)) for each in one.indicators] == [words(each, "evidence.yaml") for each in other.indicators], name
        totals.add((one.total, one.grade))
    assert len(totals) >= len(given) - 2
    assert len(read_back(table)) == len(given)


def whole(result: Result) -> tuple[object, ...]:
    kinds = [problem.kind.name for problem in result.notes]
    return (result.total, result.grade, result.low, result.high, result.extras, result.vetoes, result.grade_capped_by, result.bands, kinds)


def told(one: Indicator) -> tuple[object, ...]:
    used = [(value.key, value.name, value.value) for value in one.used]
    return (
        *(one.id, one.status, one.score, one.exact, one.counted, one.lost, one.rate, one.applicable, one.left_out, one.standard, one.low),
        *(one.high, one.not_applicable, one.not_applicable_items, one.clauses, one.missing, one.target, used, labels(one.steps)),
    )


def labels(steps: Any) -> list[object]:
    return [(step.label, step.value, step.key, labels(step.steps)) for step in steps]


def words(one: Indicator, file: str) -> list[str]:
    """The sentences, without the places of values and without how 元 was typed."""
    lines = [line for lang in ("zh", "en") for line in (*explain(one, lang), *why_lost(one, lang))]  # type: ignore[arg-type]
    return [line.split("（实际支出", 1)[0].split(" (实际支出", 1)[0].partition(file)[0] for line in lines]
