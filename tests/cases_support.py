"""Runs the language-neutral cases: builds a project folder from what a case gives, scores it, compares exactly."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from perfeval.model.result import Result
from perfeval.problems import Problem, ProblemsFound
from perfeval.reading.yaml_subset import read_yaml
from perfeval.scoring import open_project, score

CASES = Path(__file__).resolve().parent / "cases"
LEAF = "指标"


@dataclass(frozen=True)
class Case:
    """One case: what is given (already merged with its file's `given`) and what is expected."""

    file: str
    name: str
    given: Mapping[str, Any]
    expect: Mapping[str, Any]

    @property
    def id(self) -> str:
        return f"{self.file}: {self.name}"

    @property
    def partial(self) -> bool:
        return bool(self.expect.get("partial") == "yes")


def load(path: Path) -> dict[str, Any]:
    """A case file's content: texts, tuples and dicts."""
    file = read_yaml(path.name, path.read_bytes())
    errors = [p for p in file.problems if p.is_error]
    assert not errors, f"{path}: {[(str(p.where), p.message('en')) for p in errors]}"
    return dict(file.plain())


def cases(room: str) -> Iterator[Case]:
    """All cases of a folder below tests/cases, in the order of their files."""
    for path in sorted((CASES / room).glob("*.yaml")):
        content = load(path)
        assert set(content) <= {"about", "given", "cases"}, f"{path}: unknown keys {set(content)}"
        for case in content["cases"]:
            extra = {key: value for key, value in case.items() if key not in ("name", "expect", "scores")}
            given = merged(content.get("given", {}), extra)
            if "scores" in case:
                for actual, wanted in case["scores"].items():
                    own = merged(given, {"evidence": {"actual": actual}})
                    yield Case(f"{room}/{path.name}", f"{case['name']} at {actual}", own, {"score": wanted})
            else:
                yield Case(f"{room}/{path.name}", case["name"], given, case["expect"])


def merged(base: Any, change: Any) -> Any:
    """`change` laid over `base`; mappings are merged key by key, a value of `(absent)` removes the key."""
    if isinstance(base, Mapping) and isinstance(change, Mapping):
        result = dict(base)
        for key, value in change.items():
            if value == "(absent)":
                result.pop(key, None)
            else:
                result[key] = merged(base[key], value) if key in base else value
        return result
    return change


def build(given: Mapping[str, Any], folder: Path) -> None:
    """Write a case as a project folder. A case gives `rule` (a tree of one leaf) or whole files."""
    if "rule" in given:
        weight = given.get("weight", "10")
        leaf = {"name": LEAF, "weight": weight, "rule": given["rule"], **given.get("leaf", {})}
        indicators = {"perfeval": "1", "id": "case", "total": weight, "tree": [leaf], **given.get("tree", {})}
        evidence: dict[str, Any] = {"perfeval": "1", "facts": given.get("facts", {})}
        if "evidence" in given:
            evidence["indicators"] = {LEAF: given["evidence"]}
        if "tables" in given:
            evidence["tables"] = {name: {"file": f"data/{name}.csv"} for name in given["tables"]}
        project = {"perfeval": "1", "name": "case", **given.get("project", {})}
    else:
        indicators, evidence = ({"perfeval": "1", **given[word]} for word in ("indicators", "evidence"))
        indicators.setdefault("id", "case")
        project = {"perfeval": "1", "name": "case", **given.get("project", {})}
    for name, content in (("project", project), ("indicators", indicators), ("evidence", evidence)):
        (folder / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    for name, text in given.get("tables", {}).items():
        (folder / "data").mkdir(exist_ok=True)
        (folder / "data" / f"{name}.csv").write_text(text, encoding="utf-8")


def run(given: Mapping[str, Any], folder: Path, partial: bool = False) -> Result | tuple[Problem, ...]:
    """The result, or the problems that stood in the way."""
    build(given, folder)
    try:
        return score(open_project(folder), partial)
    except ProblemsFound as found:
        return found.problems


def check(case: Case, folder: Path) -> Result | tuple[Problem, ...]:
    """Compare exactly; no tolerance anywhere. Returns what came out."""
    outcome = run(case.given, folder, case.partial)
    wanted = case.expect
    problems = outcome.notes if isinstance(outcome, Result) else outcome
    said = [f"{p.where}: {p.kind.name}: {p.message('zh')} {p.message('en')}" for p in problems]
    if "problems" in wanted:
        assert not isinstance(outcome, Result), f"scored {outcome.total}, expected {wanted['problems']}"
        assert sorted({p.kind.name for p in outcome if p.is_error}) == sorted(wanted["problems"]), said
    else:
        assert isinstance(outcome, Result), said
        _check_result(outcome, wanted)
    assert sorted({p.kind.name for p in problems if not p.is_error}) == sorted(wanted.get("warnings", ())), said
    for text in wanted.get("names", ()):
        assert any(text in line for line in said), f"no message names {text!r}: {said}"
    return outcome


def _check_result(result: Result, wanted: Mapping[str, Any]) -> None:
    by_name = {"/".join(i.path[-n:]): i for i in reversed(result.indicators) for n in range(1, 7)} | {i.id: i for i in result.indicators}
    if "score" in wanted:
        leaf = result.leaves[0]
        assert leaf.exact == Fraction(wanted["score"]), f"exact {leaf.exact}, published {leaf.score}"
    if "rounded" in wanted:
        assert result.leaves[0].score == Fraction(wanted["rounded"])
    for key in ("total", "unscaled", "low", "high"):
        if key in wanted:
            assert getattr(result, key) == Fraction(wanted[key]), f"{key} is {getattr(result, key)}"
    if "grade" in wanted:
        assert (result.grade or "") == wanted["grade"]
    for name, points in wanted.get("scores", {}).items():
        assert by_name[name].score == Fraction(points), f"{name}: {by_name[name].score}"
    for name, status in wanted.get("status", {}).items():
        assert by_name[name].status == status
