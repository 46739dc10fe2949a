"""Runs tests/cases/diff: two rule sets from what a case gives, compared, and the changes as the cases write them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases_support import CASES, LEAF, load, merged
from perfeval.diffing.changes import Change, Structure
from perfeval.model.folder import Indicators
from perfeval.reading.project_folder import read_indicators


@dataclass(frozen=True)
class DiffCase:
    """`new` is laid over `old`, and `old` over what the file gives."""

    file: str
    name: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    changes: tuple[Mapping[str, str], ...]
    pairs: Mapping[str, str]

    @property
    def id(self) -> str:
        return f"{self.file}: {self.name}"


def diff_cases() -> Iterator[DiffCase]:
    for path in sorted((CASES / "diff").glob("*.yaml")):
        content = load(path)
        assert set(content) <= {"about", "given", "cases"}, f"{path}: unknown keys {set(content)}"
        for case in content["cases"]:
            assert set(case) <= {"name", "old", "new", "changes", "pairs"}, f"{path}: {case['name']}: unknown keys {set(case)}"
            old = merged(content.get("given", {}), case.get("old", {}))
            new = merged(old, case.get("new", {}))
            yield DiffCase(path.name, case["name"], old, new, case.get("changes", ()), case.get("pairs", {}))


def tree_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The content of indicators.yaml: whole, or one leaf with `rule`, `weight`, `leaf` and `tree` as in tests/cases/README.md."""
    if "indicators" in given:
        return {"perfeval": "1", "id": "case", **given["indicators"]}
    weight = given.get("weight", "10")
    leaf = {"name": LEAF, "weight": weight, "rule": given["rule"], **given.get("leaf", {})}
    return {"perfeval": "1", "id": "case", "total": weight, "tree": [leaf], **given.get("tree", {})}


def read(content: Mapping[str, Any] | str) -> Indicators:
    """Content, or the text of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "indicators.yaml"
        path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return read_indicators(path)[0]


def told(change: Change) -> dict[str, str]:
    """As a case writes it: keys that say nothing are left out."""
    said = {
        "what": change.what,
        "key": change.old_key or change.new_key,
        "new_key": change.new_key if change.old_key and change.old_key != change.new_key else "",
        "path": "/".join(map(str, change.path)),
        "old": change.old,
        "new": change.new,
        "scores": "" if change.scores else "no",
    }
    return {key: text for key, text in said.items() if text}


def pairs_told(structure: Structure) -> dict[str, str]:
    """`old key → new key: how`, but for those whose key stayed."""
    names = [tuple(chain[-1].key if chain else "" for chain in (pair.old, pair.new)) for pair in structure.pairs]
    return {
        f"{old} → {new}".strip(): pair.how
        for (old, new), pair in zip(names, structure.pairs, strict=True)
        if old != new or pair.how != "id"
    }
