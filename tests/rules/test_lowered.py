"""What a rule becomes and says, whole: its sentences, the steps it explains a score with, and its expression with labels and places.

One case for each shape of a rule (the keys it is written with), of each file of cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cases_support import Case, build, cases
from perfeval.explaining import explain
from perfeval.ir.nodes import Cond, Const, Expr, Input, Label, Round, children
from perfeval.lowering.from_evidence import given_keys
from perfeval.lowering.from_tree import lower_tree
from perfeval.problems import ProblemsFound
from perfeval.quantity import show_decimal
from perfeval.scoring import _policy, open_project, score

FILES: dict[str, list[Case]] = {}
for one in cases("rules"):
    FILES.setdefault(one.file.partition("/")[2].removesuffix(".yaml"), []).append(one)


def shape(raw: Any) -> Any:
    """The keys of a text, without its values; a kind, a direction and the like are part of the shape."""
    if isinstance(raw, dict):
        return tuple(
            sorted(
                (key, shape(value) if key not in ("kind", "direction", "steps", "then", "drop", "policy") else str(value))
                for key, value in raw.items()
            )
        )
    if isinstance(raw, list | tuple):
        return tuple(sorted({shape(value) for value in raw}, key=repr))
    return ""


def shapes(found: list[Case]) -> Iterator[Case]:
    seen = set()
    for case in found:
        if "rule" in case.given and (key := shape({word: case.given.get(word) for word in ("rule", "leaf", "tree")})) not in seen:
            seen.add(key)
            yield case


def told(node: Expr, depth: int = 0) -> Iterator[str]:
    """An expression as indented lines: what each node is, its label, its place."""
    match node:
        case Const(value=value, unit=unit):
            own = f"{show_decimal(value)}{unit.symbol if unit else ''}"
        case Input(key=key, unit=unit, domain=domain):
            own = f"{key}{f' in {unit.symbol}' if unit and unit.symbol else ''}{f' {tuple(domain)}' if domain else ''}"
        case Cond(compare=compare, lazy=lazy):
            own = f"{'lazy ' if lazy else ''}{compare}"
        case Round(places=places):
            own = f"round {places}"
        case _:
            own = type(node).__name__.lower()
    place = f" @{'/'.join(map(str, node.origin.path))}" if node.origin else ""
    yield f"{'  ' * depth}{own}{labelled(node.label)}{place}"
    for below in children(node):
        yield from told(below, depth + 1)


def labelled(label: Label | None) -> str:
    if label is None:
        return ""
    most = "" if label.most is None else f" of {show_decimal(label.most)}"
    return f" «{label.role}|{label.text}|{label.detail}|{label.unit.symbol if label.unit else ''}{most}»"


def page(case: Case, folder: Path) -> Iterator[str]:
    yield f"# {case.name}"
    build(case.given, folder)
    partial = case.partial
    try:
        project = open_project(folder, partial)
    except ProblemsFound as found:
        yield from (f"! {p.kind.name} {p.where}" for p in found.problems)
        return
    program, problems = lower_tree(project.indicators, given_keys(project), _policy(project, partial))
    yield from (f"! {p.kind.name} {'/'.join(map(str, p.origin.path if p.origin else p.path))}" for p in problems)
    try:
        leaf = score(project, partial).leaves[0]
        for lang in ("zh", "en"):
            yield f"{lang}: {leaf.standard[lang]}"
            yield from (f"  {line}" for line in explain(leaf, lang))
    except ProblemsFound as found:
        yield from (f"! {p.kind.name} {p.where}" for p in found.problems)
    yield from told(program.leaves[0].expr)


@pytest.mark.parametrize("file", FILES)
def test_lowered(file: str, tmp_path: Path, golden: Callable[[str, str], None]) -> None:
    pages = []
    for number, case in enumerate(shapes(FILES[file])):
        folder = tmp_path / str(number)
        folder.mkdir()
        pages.append("\n".join(page(case, folder)))
    if pages:
        golden(f"lowered/{file}.txt", "\n\n".join(pages) + "\n")


JUDGED = {"kind": "judged"}
PARTS = (
    {"name": "甲", "rule": JUDGED},
    {"name": "乙", "rule": {"kind": "linear", "zero_at": "0%", "full_at": "100%"}},
    {"name": "丙", "rule": JUDGED},
)
COMPOSITES: dict[str, dict[str, Any]] = {
    "checklist": {"kind": "checklist", "items": ("一", {"text": "二", "rule": JUDGED})},
    "checklist, all or nothing": {"kind": "checklist", "items": ("一", "二"), "all_or_nothing": "yes"},
    "sum": {"kind": "sum", "parts": PARTS},
    "sum, capped": {"kind": "sum", "cap": "80% of weight", "parts": PARTS},
    "sum of sums": {"kind": "sum", "parts": ({"name": "外", "points": "10", "rule": {"kind": "sum", "parts": PARTS}},)},
    "sum of a mean": {"kind": "sum", "parts": ({"name": "外", "points": "10", "rule": {"kind": "mean", "parts": PARTS}},)},
    "best": {"kind": "best", "parts": PARTS},
    "least": {"kind": "least", "parts": PARTS},
    "mean": {"kind": "mean", "parts": PARTS},
    "mean, weighted": {"kind": "mean", "parts": tuple({**part, "weight": str(n)} for n, part in enumerate(PARTS, 1))},
    "mean, without extremes": {"kind": "mean", "drop": "extremes", "parts": PARTS},
    "choose": {
        "kind": "choose",
        "when": ({"if": "有", "rule": {"kind": "sum", "parts": PARTS}},),
        "otherwise": {"kind": "checklist", "items": ("一", "二")},
    },
}


@pytest.mark.parametrize("policy", ["rebase_total", "rebase_parent", "full"])
def test_lowered_where_something_may_not_apply(policy: str, golden: Callable[[str, str], None], tmp_path: Path) -> None:
    """Each composite rule under each policy, without any evidence: what it asks for, and what becomes of what does not apply."""
    pages = []
    for name, rule in COMPOSITES.items():
        folder = tmp_path / name
        folder.mkdir()
        build({"rule": rule, "tree": {"policy": {"not_applicable": policy, "missing": "pending"}}}, folder)
        project = open_project(folder)
        program, problems = lower_tree(project.indicators, given_keys(project), _policy(project, False))
        lines = [f"# {name}", *(f"! {p.kind.name}" for p in problems)]
        lines += [
            f"? {ask.key} {ask.form} {ask.text} of {show_decimal(ask.worth)} {tuple(ask.domain or ())}" for ask in program.asks.values()
        ]
        leaf = program.leaves[0]
        lines += [*told(leaf.expr), *(["applies:", *told(leaf.applicable)] if leaf.applicable is not None else [])]
        pages.append("\n".join(lines))
    golden(f"lowered/policy-{policy}.txt", "\n\n".join(pages) + "\n")
