"""The smallest single change: by hand on the real evaluation; on grown projects nothing nearer changes the grade."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

import pytest

from perfeval.ir.nodes import Number
from perfeval.whatif.levers import Lever, apart, levers
from perfeval.whatif.single import SingleChange, Singles, singles
from perfeval.whatif.standing import Standing
from perfeval.whatif.trying import Changes, Trial
from whatif.standings import SCALE, example, grown, made, suppose

F = Fraction


def told(found: Singles) -> list[tuple[str, str, Fraction, str]]:
    return [(one.direction, *next(iter(one.written.items())), one.total, one.grade) for one in (*found.down, *found.up)]  # type: ignore[misc]


def test_the_real_evaluation() -> None:
    """88.5. Down to 中 (79.99) 8.51 have to go: 帮扶职工数量 loses 1 for each of 10人 that is short, 9 at 1人 (79.5; 8 at 2人 is
    80.5); 职工满意度 loses 1 for each whole 10% below 90%: 9 only at 0%. No veto takes that much (资金使用合规性 has 4)."""
    found = singles(Standing(example()))
    assert told(found) == [
        ("down", "帮扶人数", "1人", F(159, 2), "中"),
        ("down", "问卷得分", "0分", F(159, 2), "中"),
        ("up", "绩效目标合理性/checklist/reasonable", "是", 90, "优"),
        ("up", "绩效目标合理性/checklist/detailed", "是", 90, "优"),
        ("up", "绩效目标明确性/checklist/reasonable", "是", 90, "优"),
        ("up", "绩效目标明确性/checklist/detailed", "是", 90, "优"),
        ("up", "政策知晓情况/parts/帮扶对象", "1.5", 90, "优"),
        ("up", "可持续影响/tier", "显著", F(181, 2), "优"),
    ]
    assert found.smallest is not None and found.smallest.moved == F(3, 2)
    nearest = found.of_leaf("可持续影响")
    assert nearest is not None and (nearest.place.value, nearest.moved) == (1, 2)
    assert found.of_leaf("帮扶有效性") is None


def test_an_end_that_does_not_belong() -> None:
    """Full points above 90%: 90% itself is not enough, 90.01% is the nearest that is written. Down: at 95% one has to fall to 90%."""
    tree = (
        {"name": "甲", "weight": "20", "rule": {"kind": "threshold", "above": "90%", "of": "甲"}},
        {"name": "乙", "weight": "80", "rule": {"kind": "threshold", "at_least": "1%", "of": "乙"}},
    )
    rules = {"perfeval": "1", "id": "t", "tree": tree, "grades": SCALE}
    up = singles(Standing(made(rules, {"perfeval": "1", "facts": {"甲": "85%", "乙": "50%"}}))).up[0]
    assert (up.written, up.place.bound, up.place.belongs, up.grade) == ({"甲": "90.01%"}, F(9, 10), False, "优")
    at = Standing(made(rules, {"perfeval": "1", "facts": {"甲": "95%", "乙": "50%"}}))
    down = {one.lever.key: one for one in singles(at).down}
    assert (down["甲"].written, down["甲"].place.belongs, down["甲"].grade) == ({"甲": "90%"}, True, "良")
    assert (down["乙"].written, down["乙"].place.bound, down["乙"].place.belongs) == ({"乙": "0.99%"}, F(1, 100), False)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_nearer_changes_the_grade(seed: int) -> None:
    """Values in between are tried with the interpreter alone; a lever that is not told of is tried all over."""
    at = grown(seed)
    if at is None:
        pytest.skip("no total or no grade")
    found, chance = singles(at), random.Random(seed)
    for lever in levers(at).values():
        for direction, some in (("up", found.up), ("down", found.down)):
            one = next((one for one in some if one.lever.key == lever.key), None)
            if one is not None:
                after = suppose(at.ground, one.written).after.result
                assert (after.total, after.grade) == (one.total, one.grade), (seed, lever.key)
                assert (at.ranks[one.grade] > at.rank) == (direction == "up")
            for value in nearer(lever, one, chance):
                rank = rank_at(at, lever, value)
                wrong = rank is not None and (rank > at.rank if direction == "up" else rank < at.rank)
                assert not wrong, (seed, lever.key, direction, lever.text(value))


def nearer(lever: Lever, one: SingleChange | None, chance: random.Random) -> Iterator[Number]:
    """Values that are nearer than the one told, on either side; all of them, or some, where there is none."""
    if lever.form in ("yes_no", "tier"):
        if one is None:
            yield from range(1, len(lever.choices) + 1) if lever.form == "tier" else [1 - lever.value]
        return
    end = None if one is None else one.place.value if lever.step else one.place.bound
    far = abs(end - lever.value) if end is not None else max(abs(F(lever.value)) * 3, F(2))
    step = lever.step or lever.scale / 10**4
    for _ in range(40):
        away = F(chance.randint(0, 10**6), 10**6) * far // step * step
        for value in (lever.value + away, lever.value - away):
            inside = (lever.within.low is None or value >= lever.within.low) and (lever.within.high is None or value <= lever.within.high)
            if inside and away < far:
                yield value
    if one is not None and not one.place.belongs and lever.step is None:
        yield one.place.bound


def rank_at(at: Standing, lever: Lever, value: Number) -> int | None:
    changes: Changes = {lever.key: value}
    for name in lever.parts:
        tried = Trial(at, at.parts[name]).score(changes)
        if tried is None:
            return None
        changes = tried.changes
    graded = at.graded(changes)
    return None if graded is None else graded[1]


def test_relative_changes_break_ties() -> None:
    found = singles(Standing(example()))
    first, second = found.down[:2]
    assert (first.moved, second.moved) == (9, 9)
    assert (first.relative, second.relative) == (F(28, 29), 1) == tuple(apart(one.lever, one.place.value) for one in (first, second))
