"""The language-neutral cases of tests/cases/batch, on every engine and in every form of file that their types allow."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from batch.tables import ENGINES, run, write_csv, write_parquet
from cases_support import CASES, load, merged
from perfeval.batch.job import Job
from perfeval.batch.prepare import prepare
from perfeval.problems import ProblemsFound
from perfeval.reading.rule_sources import RuleSet, read_rules


def all_cases() -> Iterator[Any]:
    for path in sorted((CASES / "batch").glob("*.yaml")):
        content = load(path)
        assert set(content) == {"about", "given", "cases"}
        for case in content["cases"]:
            known = {"name", "given", "types", "rows", "scores", "errors", "problems"}
            assert set(case) <= known, f"{path}: unknown keys {set(case) - known}"
            given = merged(content["given"], case.get("given", {}))
            yield pytest.param(given, case, id=f"{path.stem}: {case['name']}")


def rules_of(given: Mapping[str, Any], folder: Path) -> RuleSet:
    text = json.dumps({"perfeval": "1", "id": "case", **given}, ensure_ascii=False)
    (folder / "indicators.yaml").write_text(text, "utf-8")
    return read_rules("indicators.yaml", None, folder)


def names_of(case: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(name for row in case["rows"] for name in row))


def as_csv(case: Mapping[str, Any], folder: Path) -> Path:
    rows = [[text_or_none(row.get(name, "")) or "" for name in names_of(case)] for row in case["rows"]]
    return write_csv(folder / "table.csv", names_of(case), rows)


def text_or_none(text: str) -> str | None:
    return None if text == "(none)" else text


def as_parquet(case: Mapping[str, Any], folder: Path) -> Path:
    types = case.get("types", {})
    columns = {}
    for name in names_of(case):
        texts = [text_or_none(row.get(name, "(none)")) for row in case["rows"]]
        columns[name] = ([typed(text, types.get(name, "text")) for text in texts], dtype(types.get(name, "text")))
    return write_parquet(folder / "table.parquet", columns)


def typed(text: str | None, kind: str) -> object:
    if text is None or text == "":
        return text if kind == "text" else None
    match kind.split()[0]:
        case "integer":
            return int(text)
        case "decimal":
            return Decimal(text)
        case "boolean":
            return {"true": True, "false": False}[text]
        case "date":
            return date.fromisoformat(text)
        case "float":
            return float(text)
    return text


def dtype(kind: str) -> Any:
    import polars as pl

    word, _, places = kind.partition(" ")
    simple = {"integer": pl.Int64, "boolean": pl.Boolean, "date": pl.Date, "float": pl.Float64, "text": pl.String}
    return pl.Decimal(20, int(places)) if word == "decimal" else simple[word]


@pytest.mark.parametrize(("given", "case"), list(all_cases()))
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_case(given: Mapping[str, Any], case: Mapping[str, Any], form: str, tmp_path: Path) -> None:
    if form == "csv" and "types" in case:
        pytest.skip("a CSV file has no types")
    if form == "parquet":
        pytest.importorskip("polars", reason="the extra `batch` is not installed")
    rules = rules_of(given, tmp_path)
    table = as_csv(case, tmp_path) if form == "csv" else as_parquet(case, tmp_path)
    if "problems" in case:
        with pytest.raises(ProblemsFound) as caught:
            prepare(str(table), rules)
        assert sorted({problem.kind.name for problem in caught.value.problems}) == sorted(case["problems"])
        return
    task = prepare(str(table), rules)
    for engine in ENGINES:
        if engine == "polars":
            pytest.importorskip("polars", reason="the extra `batch` is not installed")
        check(task, engine, form, case, tmp_path)


def check(task: Job, engine: str, form: str, case: Mapping[str, Any], folder: Path) -> None:
    found = run(task, engine, folder, form)
    rows = {row["project"]: row for row in found.rows}
    for name, wanted in case["scores"].items():
        got = {key: rows[name][key] for key in wanted}
        assert {key: exact(text) for key, text in got.items()} == {key: exact(text) for key, text in wanted.items()}, (engine, name)
    assert [[line["project"], line["key"], line["reason"]] for line in found.errors] == [list(line) for line in case["errors"]], engine
    assert found.done.rows == len(case["rows"])
    assert found.done.bad == sum(row["n_bad"] != "0" for row in found.rows)
    assert found.done.told == len(found.errors)


def exact(text: str) -> Fraction | str:
    try:
        return Fraction(text)
    except ValueError:
        return text
