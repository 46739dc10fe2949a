"""Nothing false is said where the search or the sweep cannot tell: against the interpreter alone, and against the scorer."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from perfeval.problems import ProblemsFound
from perfeval.reports.firmness import headline, singles_told
from perfeval.whatif.bounds import Bounds
from perfeval.whatif.levers import levers
from perfeval.whatif.robust import robust
from perfeval.whatif.single import singles
from perfeval.whatif.standing import Standing
from perfeval.whatif.trying import Changes, Trial
from perfeval.whatif.ways import ways
from second.wild import grow_wild
from whatif.standings import SCALE, grown, made, suppose

F = Fraction


def at_of(tree: tuple[dict[str, Any], ...], **facts: str) -> Standing:
    return Standing(made({"perfeval": "1", "id": "t", "tree": tree, "grades": SCALE}, {"perfeval": "1", "facts": facts}))


def full(name: str, weight: str, of: str, **ends: str) -> dict[str, Any]:
    return {"name": name, "weight": weight, "rule": {"kind": "threshold", "of": of, **ends}}


def test_steps_without_end_are_not_out_of_reach() -> None:
    """乙 loses a point for each 0.001% that 率 is short of 90%: thousands of steps, more than the sweep cuts."""
    rule = {"kind": "deduction", "at_least": "90%", "each": "0.001%", "per": "0.01", "steps": "whole", "of": "率"}
    at = at_of((full("甲", "50", "别的", at_least="1%"), {"name": "乙", "weight": "50", "rule": rule}), 率="60%", 别的="5%")
    assert at.grade == "差"
    found = ways(at, "优")
    assert found.ways and found.farthest == 100
    assert all(at.ranks[way.after.grade or ""] >= at.ranks["优"] for way in found.ways)
    once = singles(at)
    assert once.up and once.up[0].lever.key == "率" and once.untold == ("率",)
    assert "率 没有精确算出" in singles_told(robust(at.ground), "zh")


def test_a_curve_is_not_out_of_reach() -> None:
    """50 × 率³, full from 率 = 1 on: the places where it has so many points are no fractions."""
    curved = {"name": "乙", "weight": "50", "rule": {"kind": "formula", "points": "50 * min(1, 率 * 率 * 率)"}}
    at = at_of((full("甲", "50", "别的", at_least="1%"), curved), 率="0.8", 别的="5%")
    found = ways(at, "优")
    assert found.ways and found.farthest == 100
    said = headline(robust(at.ground), "zh")
    assert "没有哪一项佐证单独能改变它" not in said


def test_nothing_is_said_to_be_the_only_best_where_it_is_not_proven() -> None:
    """A wave between figures that no rule names: what is found may not be the best, and is not said to be."""
    curved = {
        "name": "乙",
        "weight": "50",
        "rule": {"kind": "formula", "points": "max(0, min(50, 50 - 90000 * (率 * 率 - 0.5003) * (率 * 率 - 0.5003)))"},
    }
    at = at_of((full("甲", "50", "别的", at_least="1%"), curved), 率="0.2", 别的="5%")
    found = ways(at, "优")
    assert bool(found.ways) or not found.proven


def test_two_thresholds_on_one_fact() -> None:
    """甲 wants x below 10, 乙 at least 40; both together cannot be had: 60 is the best, not 0."""
    at = at_of((full("甲", "40", "x", below="10"), full("乙", "60", "x", at_least="40")), x="20")
    found = ways(at, "优")
    assert (found.ways, found.farthest, found.farthest_grade) == ((), 60, "中")
    assert not found.proven  # the bound takes both as had
    assert [(room.leaf.name, room.most) for room in found.rooms] == [("甲", 40), ("乙", 60)]  # each by itself


def test_two_shared_facts_of_one_leaf() -> None:
    """丙 rests on both x and y, which 甲 and 乙 use too: neither brings it anything by itself."""
    both = {"name": "丙", "weight": "50", "rule": {"kind": "formula", "points": "50 * max(0, min(1, x / 100)) * max(0, min(1, y / 100))"}}
    at = at_of((full("甲", "25", "x", at_least="90"), full("乙", "25", "y", at_least="90"), both), x="10", y="10")
    found = ways(at, "优")
    assert found.farthest == 100 and found.ways
    assert found.ways[0].after.grade == "优"


def test_a_private_and_a_shared_fact_of_one_leaf() -> None:
    both = {"name": "丙", "weight": "75", "rule": {"kind": "formula", "points": "75 * max(0, min(1, x / 100)) * max(0, min(1, z / 100))"}}
    at = at_of((full("甲", "25", "x", at_least="90"), both), x="10", z="10")
    found = ways(at, "优")
    assert found.farthest == 100 and found.ways and found.ways[0].after.grade == "优"


def test_the_best_of_a_shared_fact_lies_inside() -> None:
    """甲 is full only from 40 up to 60, 乙 falls from 0 to 100: the best is at 40 (50 + 30), not at an end."""
    bands = {"kind": "bands", "bands": ({"below": "40", "points": "0"}, {"below": "60", "points": "full"}), "otherwise": "0", "of": "x"}
    line = {"kind": "linear", "zero_at": "100", "full_at": "0", "of": "x"}
    at = at_of(({"name": "甲", "weight": "50", "rule": bands}, {"name": "乙", "weight": "50", "rule": line}), x="70")
    found = ways(at, "优")
    assert (found.ways, found.farthest) == ((), 80)


def test_points_behind_a_veto_can_be_raised_with_it() -> None:
    """丙 has 20 of 50 given and a veto of its own: without the veto 70, with more points 100."""
    tree = (
        full("甲", "50", "别的", at_least="1%"),
        {"name": "丙", "weight": "50", "rule": {"kind": "judged"}, "veto": ({"id": "v", "text": "重大问题"},)},
    )
    evidence = {"perfeval": "1", "facts": {"别的": "5%"}, "indicators": {"丙": {"points": "20", "veto": {"v": "yes"}}}}
    at = Standing(made({"perfeval": "1", "id": "t", "tree": tree, "grades": SCALE}, evidence))
    assert at.total == 50
    found = ways(at, "优")
    assert found.farthest == 100
    assert {key for move in found.ways[0].moves for key in move.written} == {"丙/veto/v", "丙/points"}


def probed(at: Standing, chance: random.Random, units: set[tuple[str, ...]] | None = None) -> tuple[F, int] | None:
    """Some values at once (of some parts and shared facts), with the interpreter alone."""
    changes: Changes = {}
    for key, lever in levers(at).items():
        if chance.random() < 0.6 or (units is not None and lever.parts and lever.parts not in units):
            continue
        if lever.form in ("yes_no", "tier"):
            changes[key] = chance.randint(0, 1) if lever.form == "yes_no" else chance.randint(1, len(lever.choices))
            continue
        low = F(0) if lever.within.low is None else F(lever.within.low)
        high = max(F(lever.value) * 3, low + 1) if lever.within.high is None else F(lever.within.high)
        step = lever.step or lever.scale / 100
        value = low + F(chance.randint(0, 1000), 1000) * (high - low) // step * step
        changes[key] = int(value) if value.denominator == 1 else value
    for part in at.parts.values():
        tried = Trial(at, part).score(changes)
        if tried is None:
            return None
        changes = tried.changes
    return at.graded(changes)


@pytest.mark.parametrize("seed", range(20))
def test_no_probe_gets_beyond_what_is_said(seed: int) -> None:
    """What is told to be out of reach, or the most, holds for answers taken at random; what is found is at least as good as none."""
    at = grown(seed // 2) if seed % 2 else wild(seed)
    if at is None:
        pytest.skip("no total or no grade")
    chance, best = random.Random(seed), (at.total, at.rank)
    for _ in range(60):
        best = max(best, probed(at, chance) or best)
    bounds = Bounds(at, levers(at))
    assert best[0] <= bounds.total, seed
    for grade, rank in at.ranks.items():
        if rank <= at.rank:
            continue
        found = ways(at, grade)
        assert found.farthest <= found.bound, (seed, grade)
        if found.proven:
            assert not found.ways and best[1] < rank, (seed, grade)
        if found.farthest == found.bound:
            assert best[0] <= found.farthest, (seed, grade)
        if found.ways and found.least and found.indicators > 1:
            known = sorted({lever.parts for lever in levers(at).values() if lever.parts})
            for _ in range(60):
                fewer = probed(at, chance, set(chance.sample(known, min(len(known), found.indicators - 1))))
                assert fewer is None or fewer[1] < rank, (seed, grade)
        for way in found.ways:
            after = suppose(at.ground, {key: text for move in way.moves for key, text in move.written.items()} | lifted(way.vetoes))
            assert at.ranks[after.after.result.grade or ""] >= rank, (seed, grade)


def lifted(vetoes: tuple[str, ...]) -> dict[str, str]:
    return dict.fromkeys(vetoes, "否")


def wild(seed: int) -> Standing | None:
    one = grow_wild(seed)
    try:
        ground = made(one.indicators, one.evidence)
    except ProblemsFound:
        return None
    result = ground.result
    return None if result.total is None or result.grade is None or result.missing else Standing(ground)
