"""Schemas: equal to the models, and true of the files that ship."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from perfeval import schemas
from perfeval.cli.schema import KINDS
from perfeval.reading.library import builtins, library

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / "examples/xiangyuan_2023", *sorted((ROOT / "indicators/starter").iterdir())]


class Editor(yaml.SafeLoader):
    """What an editor makes of YAML 1.2: numbers and true or false, but no dates, no yes and no."""


Editor.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag.rpartition(":")[2] in ("int", "float", "null")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@lru_cache
def validator(kind: str) -> Draft202012Validator:
    schema = json.loads((schemas.FOLDER / f"{kind}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def errors(kind: str, data: Any) -> list[str]:
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in validator(kind).iter_errors(data)]


@pytest.mark.parametrize("kind", KINDS)
def test_what_ships_is_what_the_models_say(kind: str) -> None:
    assert (schemas.FOLDER / f"{kind}.json").read_text("utf-8") == schemas.text_of(kind), "run: make schemas"
    assert KINDS == schemas.KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_prints_it(kind: str, cli: Callable) -> None:
    done = cli("schema", kind)
    assert (done.code, done.err) == (0, "")
    assert done.out == (schemas.FOLDER / f"{kind}.json").read_text("utf-8")


@pytest.mark.parametrize("loader", [Editor, yaml.SafeLoader])
@pytest.mark.parametrize(
    "path", [path for folder in FOLDERS for path in sorted(folder.glob("*.yaml"))], ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_files_that_ship_are_valid(path: Path, loader: type) -> None:
    text = path.read_text("utf-8")
    data = json.loads(json.dumps(yaml.load(text, loader), default=str))
    assert errors({"annex1": "indicators"}.get(path.stem, path.stem), data) == []


@pytest.mark.parametrize("name", builtins())
def test_built_in_trees_are_valid(name: str) -> None:
    assert errors("indicators", yaml.load((library() / f"{name}.yaml").read_text("utf-8"), Editor)) == []


def test_the_whole_rule_language_is_there() -> None:
    from perfeval.rules import kinds

    definitions = validator("indicators").schema["$defs"]
    named = [definitions[one["$ref"].rpartition("/")[2]]["properties"]["kind"]["const"] for one in definitions["Rule"]["oneOf"]]
    assert sorted(named) == list(kinds())


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("project", {"perfeval": 1}),
        ("project", {"perfeval": 2, "name": "x"}),
        ("project", {"perfeval": 1, "name": "x", "nmae": "y"}),
        ("project", {"perfeval": 1, "name": "x", "expect": {"total": "1e3"}}),
        ("project", {"perfeval": 1, "name": "x", "date": "2023"}),
        ("indicators", {"perfeval": 1, "id": "x", "tree": [{"name": "a", "weight": "1_000"}]}),
        ("indicators", {"perfeval": 1, "id": "x", "tree": [{"name": "a", "weight": 1, "rule": {"kind": "lines"}}]}),
        ("indicators", {"perfeval": 1, "id": "x", "tree": [{"name": "a", "weight": 1, "rule": {"threshold": 1}}]}),
        ("evidence", {"perfeval": 1, "facts": {"a": {"sum": "b", "tabel": "c"}}}),
        ("evidence", {"perfeval": 1, "indicators": {"a": {"checklst": [True]}}}),
    ],
)
def test_faults_are_seen_in_the_editor(kind: str, data: Any) -> None:
    assert errors(kind, data)


def test_number_pattern() -> None:
    pattern = validator("project").schema["$defs"]["Number"]["anyOf"][1]["pattern"]
    from perfeval.quantity import NUMBER_PATTERN

    assert pattern == f"^{NUMBER_PATTERN}$"


def closed(schema: Any) -> Any:
    """The same schema with nothing more allowed than it names."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if isinstance(schema, dict):
        found = {key: closed(one) for key, one in schema.items()}
        return {**found, "additionalProperties": False} if "properties" in found and found.get("type") == "object" else found
    return schema


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_results_are_as_their_schema_says(folder: Path, cli: Callable) -> None:
    data = json.loads(cli("score", folder, "--json").out)
    assert [error.message for error in Draft202012Validator(closed(validator("result").schema)).iter_errors(data)] == []


def test_a_partial_result_is_too(starter: Path, cli: Callable, edit: Callable) -> None:
    edit(starter / "evidence.yaml", "  实际助餐人次: {value: 57600, source: 刷卡记录汇总表}\n", "")
    data = json.loads(cli("score", starter, "--json", "--partial").out)
    assert [error.message for error in Draft202012Validator(closed(validator("result").schema)).iter_errors(data)] == []
