"""A tree or evidence with faults, as far as it goes: what is wrong is left out, so that the rest can be checked too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from perfeval.model.evidence import Evidence
from perfeval.model.tree import Tree
from perfeval.problems import Path
from perfeval.reading.yaml_subset import YamlFile

_STUB = {"kind": "judged"}
_DEFAULTS = {"perfeval": "1", "id": "tree"}


class Mended(NamedTuple):
    """A tree that validates, and the leaves whose rules are stand-ins."""

    tree: Tree
    failed: frozenset[str]
    whole: bool = True  # only such leaves differ from what was written
    words: bool = True  # the counting words it adds could be read


def mended_tree(file: YamlFile, context: Mapping[str, Any]) -> Mended | None:
    """What can be kept of a tree that does not validate; None where nothing can be said of it."""
    raw = file.plain()
    try:
        return Mended(Tree.model_validate(raw, context={**context, "read": [0]}), frozenset())
    except ValidationError as error:
        paths = _paths(error)
    failed: set[str] = set()
    whole = True
    for path in paths:
        kept = _without(raw, path, failed)
        if kept is None:
            return None
        raw, whole = kept[0], whole and kept[1]
    words = "units" in raw or "units" not in file.plain()
    if not whole:  # what is gone must not be missed by what is left
        raw = {key: value for key, value in raw.items() if key not in ("constraints", "quantities", "veto", "bonus", "penalty")}
    tree = Tree.model_validate(raw, context={**context, "rules": raw.get("rules") or {}, "read": [0]})
    return Mended(tree, frozenset(failed), whole, words)


def mended_evidence(file: YamlFile) -> Evidence:
    """The evidence without the tables, facts and entries that are at fault."""
    raw = file.plain()
    try:
        return Evidence.model_validate(raw)
    except ValidationError as error:
        paths = _paths(error)
    for path in paths:
        key, group = path[0], raw.get(path[0])
        rest = {k: v for k, v in raw.items() if k != key}
        kept = {k: v for k, v in group.items() if k != path[1]} if isinstance(group, dict) and len(path) > 1 else None
        raw = {**rest, "perfeval": "1"} if key == "perfeval" else rest if kept is None else {**rest, key: kept}
    return Evidence.model_validate(raw)


def _paths(error: ValidationError) -> list[Path]:
    return [tuple(step for step in one["loc"] if isinstance(step, (str, int))) for one in error.errors(include_url=False)]


def _without(raw: dict[str, Any], path: Path, failed: set[str]) -> tuple[dict[str, Any], bool] | None:
    """The tree without what stands at a path, and whether only a leaf's rule has gone."""
    if not path or (path[0] in ("tree", "total") and len(path) < 3):
        return None
    rules = raw.get("rules")
    if path[0] == "rules" and len(path) > 1 and isinstance(rules, dict):  # every use of it is an error of its own
        return {**raw, "rules": {**rules, str(path[1]): _STUB}}, True
    if path[0] != "tree":
        rest = {key: value for key, value in raw.items() if key != path[0]}
        return ({**rest, path[0]: _DEFAULTS[path[0]]}, True) if path[0] in _DEFAULTS else (rest, False)
    found = _in_nodes(raw.get("tree"), path[1:], failed)
    return None if found is None else ({**raw, "tree": found[0]}, found[1])


def _in_nodes(nodes: Any, path: Path, failed: set[str]) -> tuple[tuple[Any, ...], bool] | None:
    if not isinstance(nodes, tuple) or len(path) < 2 or not isinstance(path[0], int) or path[0] >= len(nodes):
        return None
    at, key, node = path[0], path[1], nodes[path[0]]
    if not isinstance(node, dict) or key in ("name", "id", "weight"):
        return None
    if key == "children":
        inner = _in_nodes(node.get("children"), path[2:], failed)
        if inner is None:
            return None
        new, whole = {**node, "children": inner[0]}, inner[1]
    elif node.get("children"):
        new, whole = {k: v for k, v in node.items() if k != key}, True
    else:
        new = {k: v for k, v in node.items() if k in ("name", "id", "weight")} | {"rule": _STUB}
        whole = "rule" in node  # else its children may be what was misspelt
        failed.add(str(node.get("id") or node.get("name")))
    return (*nodes[:at], new, *nodes[at + 1 :]), whole
