"""Which node stands for which: faulty trees too, in any order; and the two ways to align lists."""

from __future__ import annotations

import random
import time
from fractions import Fraction
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from diffing.diff_support import pairs_told, read
from generators import grow
from perfeval.diffing.aligning import ALIKE, STRANGERS, Matched, Named, by_key, in_order, ratio
from perfeval.diffing.structure import compare
from perfeval.model.folder import Indicators

often = settings(max_examples=60, deadline=None, derandomize=True)
seeds = st.integers(0, 300)
words = st.lists(st.sampled_from("甲乙丙丁"), max_size=6)


def tree(*nodes: dict[str, Any]) -> Indicators:
    return read({"perfeval": "1", "id": "a", "tree": list(nodes)})


def leaf(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "weight": "10", "rule": {"kind": "judged"}, **more}


def parent(name: str, *children: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "weight": "10", "children": list(children)}


def test_keys_that_stand_twice_pair_by_their_paths() -> None:
    old = tree(parent("甲", leaf("影响", explain="一")), parent("乙", leaf("影响", explain="二")))
    new = tree(parent("乙", leaf("影响", explain="二")), parent("甲", leaf("影响", explain="一")))
    structure = compare(old, new)
    assert structure.changes == ()
    assert [pair.how for pair in structure.pairs] == ["id", "path", "id", "path"]


def test_paths_that_stand_twice_pair_in_order() -> None:
    """A fault that `check` tells; the diff still puts every node into one pair."""
    old, new = tree(leaf("甲"), leaf("甲"), leaf("乙")), tree(leaf("甲"), leaf("甲"), leaf("甲"))
    structure = compare(old, new)
    assert [pair.how for pair in structure.pairs] == ["path", "path", "", ""]
    assert [change.what for change in structure.changes] == ["removed", "added"]
    assert compare(old, old).changes == ()


def test_an_id_that_is_another_node_s_name() -> None:
    old = tree(leaf("甲", id="乙"), leaf("乙", id="丙"))
    new = tree(leaf("乙"), leaf("甲", id="丙"))
    assert [(pair.old[-1].name, pair.new[-1].name) for pair in compare(old, new).pairs if pair.old and pair.new] == [
        ("甲", "乙"),
        ("乙", "甲"),
    ]


def test_likeness_keeps_to_kind_and_place() -> None:
    """A leaf is not taken for a parent, nor for a leaf of another parent."""
    rule = {"kind": "linear", "zero_at": "61%", "full_at": "93%"}
    old = tree(parent("过程", leaf("资金到位率", rule=rule)), parent("效益", leaf("知晓度")))
    to_parent = tree(parent("过程", parent("资金到位率情况", leaf("到位", rule=rule))), parent("效益", leaf("知晓度")))
    elsewhere = tree(parent("过程", leaf("其他")), parent("效益", leaf("知晓度"), leaf("资金到位率情况", rule=rule)))
    assert pairs_told(compare(old, to_parent)) == {"资金到位率 →": "", "→ 资金到位率情况": "", "→ 到位": ""}
    assert pairs_told(compare(old, elsewhere)) == {"资金到位率 →": "", "→ 其他": "", "→ 资金到位率情况": ""}


def test_the_likelier_takes_it_and_says_how_likely() -> None:
    old = tree(leaf("职工满意度"), leaf("群众满意程度"))
    new = tree(leaf("群众满意度"), leaf("职工满意情况"))
    found = {pair.old[-1].name: (pair.new[-1].name, pair.likeness) for pair in compare(old, new).pairs if pair.old and pair.new}
    agree = Fraction(9, 10), Fraction(1, 10)  # of the names, of the weights
    assert found == {
        "群众满意程度": ("群众满意度", Fraction(10, 11) * agree[0] + agree[1]),
        "职工满意度": ("职工满意情况", Fraction(8, 11) * agree[0] + agree[1]),
    }


def test_the_weight_tells_apart_what_is_alike_otherwise() -> None:
    old = tree(leaf("满意度", weight="20"))
    new = tree(leaf("满意度一", weight="5"), leaf("满意度二", weight="20"))
    assert pairs_told(compare(old, new)) == {"满意度 → 满意度二": "likeness", "→ 满意度一": ""}


def test_bands_that_every_rate_has_tell_nobody_apart() -> None:
    bands = {"kind": "bands", "bands": [{"at_least": "100%", "points": "5"}, {"at_least": "90%", "points": "3"}], "otherwise": "0"}
    old = tree(*(leaf(name, rule=bands) for name in ("开展率", "救助率")))
    new = tree(*(leaf(name, rule=bands) for name in ("开展率", "合规比例")))
    assert pairs_told(compare(old, new)) == {"救助率 →": "", "→ 合规比例": ""}


def renamed(nodes: Any, rng: random.Random) -> Any:
    """Every node with one word more in its name, in another order."""
    found = [{**node, "name": f"{node['name']}情况", "children": renamed(node.get("children", ()), rng)} for node in nodes]
    return tuple(rng.sample(found, len(found)))


@often
@given(seeds)
def test_renamed_everywhere_and_shuffled(seed: int) -> None:
    """Names of two signs and a number: a pair that is found is never across parents, and the reverse finds the same."""
    content = grow(seed).indicators
    old, new = read(content), read({**content, "tree": renamed(content["tree"], random.Random(seed))})
    there, back = compare(old, new), compare(new, old)
    matched = {(pair.old[-1].key, pair.new[-1].key) for pair in there.pairs if pair.old and pair.new}
    assert matched
    assert matched == {(pair.new[-1].key, pair.old[-1].key) for pair in back.pairs if pair.old and pair.new}
    mates = dict(matched)
    for pair in there.pairs:
        if pair.old and pair.new:
            assert pair.how == "likeness" and ALIKE <= pair.likeness <= 1
            assert len(pair.old) == len(pair.new)
            assert len(pair.old) == 1 or mates[pair.old[-2].key] == pair.new[-2].key


def test_a_thousand_renamed_leaves_under_one_parent() -> None:
    old = tree(*(leaf(f"第{at}项完成率", measure=f"完成{at} / 计划{at}") for at in range(1000)))
    new = tree(*(leaf(f"第{at}项任务完成率", measure=f"完成{at} / 计划{at}") for at in range(1000)))
    start = time.perf_counter()
    structure = compare(old, new)
    took = time.perf_counter() - start
    assert all(pair.old and pair.new and pair.old[-1].measure == pair.new[-1].measure for pair in structure.pairs)
    assert took < 10, f"{took:.2f} s"


@often
@given(st.text("甲乙丙丁", max_size=8), st.text("甲乙丙丁", max_size=8))
def test_likeness_of_texts_has_no_direction(one: str, other: str) -> None:
    assert ratio(one, other) == ratio(other, one)
    assert (ratio(one, other) == 1) == (one == other)


@often
@given(words, words)
def test_lists_by_key_lose_nothing(old: list[str], new: list[str]) -> None:
    found = by_key(old, new, str, Named)
    assert sorted(i for i, _ in found if i is not None) == list(range(len(old)))
    assert sorted(j for _, j in found if j is not None) == list(range(len(new)))
    same = sum(min(old.count(one), new.count(one)) for one in set(old))
    assert sum(i is not None and j is not None and old[i] == new[j] for i, j in found) == same


def cost(old: list[str], new: list[str], found: list[Matched]) -> int:
    return sum(36 if i is None or j is None else STRANGERS * (old[i] != new[j]) for i, j in found)


@often
@given(words, words)
def test_lists_in_order_at_the_least_cost(old: list[str], new: list[str]) -> None:
    """Against every way there is to align them."""
    found = in_order(old, new, lambda a, b: STRANGERS * (a != b))
    assert [i for i, _ in found if i is not None] == list(range(len(old)))
    assert [j for _, j in found if j is not None] == list(range(len(new)))
    ways = (
        STRANGERS * sum(old[i] != new[j] for i, j in zip(some, others, strict=True)) + 36 * (len(old) + len(new) - 2 * count)
        for count in range(min(len(old), len(new)) + 1)
        for some in combinations(range(len(old)), count)
        for others in combinations(range(len(new)), count)
    )
    assert cost(old, new, found) == min(ways)


@often
@given(words, words)
def test_lists_in_order_mirror(old: list[str], new: list[str]) -> None:
    def unlike(a: str, b: str) -> int:
        return STRANGERS * (a != b)

    there, back = in_order(old, new, unlike), in_order(new, old, unlike)
    assert {(i, j) for i, j in there if i is not None and j is not None} == {(j, i) for i, j in back if i is not None and j is not None}


def test_lists_too_long_to_weigh_every_pair() -> None:
    """Far more than any rule may have: lists in order stay in order."""
    old, new = ([f"{word}{at}" for at in range(150)] for word in ("旧", "新"))
    assert in_order(old, new[:140], lambda a, b: STRANGERS) == [*((at, at) for at in range(140)), *((at, None) for at in range(140, 150))]


def test_long_lists_of_reworded_texts_pair_where_the_texts_are_equal() -> None:
    old = [Named(f"要点{at}", has_id=True) for at in range(150)]
    new = [Named(f"要点{at}", has_id=True) for at in range(149, -1, -1)]
    keys = {id(one): f"{at}" for at, one in enumerate([*old, *new])}  # each another id
    found = by_key(old, new, lambda one: keys[id(one)], lambda one: one)
    assert found == [(at, 149 - at) for at in range(150)]
