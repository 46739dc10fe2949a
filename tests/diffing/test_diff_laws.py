"""Laws of the structural diff on random trees: nothing differs from itself, order is nothing, the reverse mirrors, one edit is one change."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffing.diff_support import DiffCase, diff_cases, pairs_told, read, told, tree_of
from generators import grow
from perfeval.diffing.changes import Change
from perfeval.diffing.structure import compare
from perfeval.model.folder import Indicators

often = settings(max_examples=60, deadline=None, derandomize=True)
seeds = st.integers(0, 300)


@pytest.mark.parametrize("case", list(diff_cases()), ids=lambda case: case.id)
def test_case_backwards(case: DiffCase) -> None:
    assert_mirrored(read(tree_of(case.old)), read(tree_of(case.new)))


def mirrored(changes: tuple[Change, ...], back: bool) -> list[tuple[object, ...]]:
    """What a change says, but for its path, which follows one side; `back`: as the reverse diff says it."""
    turned = {"added": "removed", "removed": "added"}
    told = []
    for one in changes:
        sides = [(one.old_key, one.old, str(one.old_origin)), (one.new_key, one.new, str(one.new_origin))]
        told.append((turned.get(one.what, one.what) if back else one.what, *(sides[::-1] if back else sides), one.scores))
    return sorted(told, key=str)


def assert_mirrored(old: Indicators, new: Indicators) -> None:
    there, back = compare(old, new), compare(new, old)
    assert mirrored(there.changes, False) == mirrored(back.changes, True)
    assert sorted(pairs_told(there).values()) == sorted(pairs_told(back).values())


def shuffled(raw: Any, rng: random.Random) -> Any:
    """Keys of every mapping, nodes, items, parts, clauses and grades in another order; bands and alternatives as they are."""
    if isinstance(raw, dict):
        pairs = [(key, shuffled(value, rng)) for key, value in raw.items()]
        rng.shuffle(pairs)
        loose = ("tree", "children", "items", "parts", "veto", "requires", "defects")
        return {key: rng.sample(value, len(value)) if key in loose else value for key, value in pairs}
    return [shuffled(one, rng) for one in raw] if isinstance(raw, list | tuple) else raw


@often
@given(seeds)
def test_nothing_differs_from_itself(seed: int) -> None:
    tree = read(grow(seed).indicators)
    structure = compare(tree, tree)
    assert structure.changes == ()
    assert all(pair.how == "id" and pair.old == pair.new for pair in structure.pairs)


@often
@given(seeds)
def test_order_makes_no_difference(seed: int) -> None:
    content = grow(seed).indicators
    structure = compare(read(content), read(shuffled(content, random.Random(seed))))
    assert [told(change) for change in structure.changes] == []
    assert {pair.how for pair in structure.pairs} == {"id"}


EDITS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("weight", {"weight": "77.7"}),
    ("wording", {"explain": "另一种解释"}),
    ("renamed", {"id": "另一个 id"}),
    ("clause", {"requires": ({"text": "另一个条件"}, {"id": "r", "text": "前置条件"})}),
    ("rule-kind", {"rule": {"kind": "sum", "cap": "0.7", "parts": ({"name": "另一项", "rule": {"kind": "judged"}},)}}),
    ("measure", {"measure": "另一个量 / 3"}),
)


def edited(nodes: Any, name: str, edit: dict[str, Any]) -> Any:
    return [
        {
            **node,
            **(edit if node["name"] == name else {}),
            **({"children": edited(node["children"], name, edit)} if "children" in node else {}),
        }
        for node in nodes
    ]


@often
@given(seeds, st.integers(0, 10_000))
def test_one_edit_is_told_and_nothing_else(seed: int, which: int) -> None:
    """In a tree that was shuffled besides, and the reverse says the same."""
    grown, rng = grow(seed), random.Random(which)
    name, (what, edit) = rng.choice(grown.leaves), rng.choice(EDITS)
    content = {**grown.indicators, "tree": edited(grown.indicators["tree"], name, edit)}
    old, new = read(grown.indicators), read(shuffled(content, rng))
    changes = compare(old, new).changes
    node = next(chain[-1] for _, chain in old.tree.walk() if chain[-1].name == name)
    if what == "rule-kind" and node.rule is not None and node.rule.kind == "sum":
        return
    extra = ["clause"] if what == "clause" and not node.requires else []
    assert ([change.what for change in changes], {change.old_key for change in changes}) == ([what, *extra], {name})
    assert_mirrored(old, new)


@often
@given(seeds, seeds)
def test_the_reverse_mirrors(seed: int, other: int) -> None:
    assert_mirrored(read(grow(seed).indicators), read(grow(other).indicators))


@often
@given(seeds, seeds)
def test_order_of_one_side_decides_nothing(seed: int, other: int) -> None:
    """Also where the trees have little in common: which nodes are pairs, and what is said of them."""
    content = grow(other).indicators
    old, new, again = read(grow(seed).indicators), read(content), read(shuffled(content, random.Random(seed)))

    def said(structure: Any) -> list[str]:
        return sorted(str((one.what, one.old_key, one.new_key, one.old, one.scores)) for one in structure.changes)

    assert said(compare(old, new)) == said(compare(old, again))
    assert pairs_told(compare(old, new)).keys() == pairs_told(compare(old, again)).keys()


@often
@given(seeds, seeds)
def test_every_node_stands_in_one_pair(seed: int, other: int) -> None:
    old, new = read(grow(seed).indicators), read(grow(other).indicators)
    structure = compare(old, new)
    for side, tree in ((0, old.tree), (1, new.tree)):
        chains = [pair[side] for pair in structure.pairs if pair[side] is not None]
        assert sorted(map(repr, chains)) == sorted(repr(chain) for _, chain in tree.walk())
    for pair in structure.pairs:
        assert (pair.how == "") == (pair.old is None or pair.new is None)
