"""How firm a grade is, against a greedy exchange, and by scoring again with the weights of the witness."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators import Grown
from perfeval.problems import ProblemsFound
from perfeval.quantity import round_half_up, show_decimal
from second.wild import grow_wild
from whatif.weighing import FULL_SCALE, Seen, flat, greedy, leaf, proved, scored

F = Fraction


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10_000))
def test_nothing_is_cheaper(seed: int) -> None:
    """Random weights and rates; a constraint never makes it cheaper, and changes nothing where the greedy exchange keeps it."""
    chance = random.Random(seed)
    count = chance.randint(2, 9)
    leaves = {
        f"指标{n}": (str(chance.randint(1, 40)), f"{chance.randint(0, d)}/{d}")
        for n in range(count)
        for d in [chance.choice([3, 4, 7, 10, 13])]
    }
    chosen = tuple(chance.sample(sorted(leaves), chance.randint(1, count - 1)))
    free = flat(leaves)
    share = F(sum(int(leaves[name][0]) for name in chosen)) / free.result.full
    low = show_decimal(max(F(0), F(share * 100 // 1, 100) - F(chance.randint(0, 10), 100)))
    tied = flat(leaves, constraints=({"sum_of": chosen, "at_least": f"{show_decimal(F(low) * 100)}%"},))
    assert len(tied.firmness.kept) == 1
    for one, other in ((free.firmness.up, tied.firmness.up), (free.firmness.down, tied.firmness.down)):
        assert (one is None) == (other is None)
        if one is None or other is None:
            continue
        if one.points is None:
            assert other.points is None
            continue
        if one.points:
            assert proved(free, one) == greedy(free, one.aim - free.firmness.unrounded)
        if other.points is not None:
            kept = sum(w.after for w in other.weights if w.id in chosen) >= F(low) * free.result.full
            assert kept and other.points >= one.points and (not other.points or proved(tied, other) > 0)
        if sum(w.after for w in one.weights if w.id in chosen) >= F(low) * free.result.full:
            assert other.points == one.points


class Rated(NamedTuple):
    shapes: list[list[int]]  # weights of the leaves of each parent
    rates: list[list[str]]  # "" where it does not apply
    policy: str


def rated(seed: int) -> Rated:
    """Five parents of 20 points. What applies is always such a part that weights stay finite decimals."""
    chance = random.Random(seed)
    policy = chance.choice(["full", "rebase_total", "rebase_parent"])
    shapes = [chance.choice([[10, 10], [5, 5, 10], [10, 5, 5]]) for _ in range(5)]
    rates = [[chance.choice(["0", "0.5", "1", "1", "1"]) for _ in shape] for shape in shapes]
    if policy == "full":
        rates = [[rate if chance.random() < 0.8 else "" for rate in row] for row in rates]
    elif policy == "rebase_total":
        for at in chance.sample(range(5), 2):
            rates[at][shapes[at].index(10)] = ""
    else:
        rates = [
            ["" if n == shape.index(10) and chance.random() < 0.6 else rate for n, rate in enumerate(row)]
            for shape, row in zip(shapes, rates, strict=True)
        ]
        if chance.random() < 0.5:
            rates[0] = [""] * len(rates[0])
    return Rated(shapes, rates, policy)


def project(own: Rated, weights: Mapping[str, Fraction] | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Indicators and evidence; with weights (as they count in the total), the tree that an analyst would write for them: under
    rebase_parent the part of each parent that does not apply stays the same part, else its points stay."""
    nodes, evidence = [], {}
    whole = [sum(shape) for shape in own.shapes]
    applies = [sum(w for w, rate in zip(shape, row, strict=True) if rate) for shape, row in zip(own.shapes, own.rates, strict=True)]
    top = F(1)
    if own.policy == "rebase_total":
        top = F(100, sum(applies))
    elif own.policy == "rebase_parent":
        top = F(100, sum(w for w, part in zip(whole, applies, strict=True) if part))
    for at, (shape, row) in enumerate(zip(own.shapes, own.rates, strict=True)):
        scale = F(whole[at], applies[at]) if own.policy == "rebase_parent" and applies[at] else F(1)
        told = {n: weights[f"{at}-{n}"] / top / scale if weights else F(shape[n]) for n, rate in enumerate(row) if rate}
        share = sum(told.values()) / applies[at] if own.policy == "rebase_parent" and applies[at] else F(1)
        told |= {n: shape[n] * share for n, rate in enumerate(row) if not rate}
        nodes.append(
            {
                "name": f"上级{at}",
                "weight": show_decimal(sum(told.values())),
                "children": [leaf(f"{at}-{n}", show_decimal(told[n])) for n in range(len(row))],
            }
        )
        evidence |= {f"{at}-{n}": {"actual": rate} if rate else {"not_applicable": "无此项"} for n, rate in enumerate(row)}
    indicators = {"tree": nodes, "grades": FULL_SCALE, "policy": {"not_applicable": own.policy}, "rounding": {"places": "2", "at": "total"}}
    return indicators, {"indicators": evidence}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10_000))
def test_the_engine_gives_the_other_grade(seed: int) -> None:
    """The weights of the witness, written into the tree and scored again, where rules give a share of the weight."""
    own = rated(seed)
    found = scored(*project(own))
    assert found.firmness.total == round_half_up(found.firmness.unrounded, 2)
    for move in (found.firmness.up, found.firmness.down):
        if move is None or move.points is None:
            continue
        proved(found, move)
        again = scored(*project(own, {w.id: w.after for w in move.weights})).result
        assert (again.total, again.grade) == (move.total, move.grade)


def agrees(grown: Grown, rounds: bool) -> Seen | None:
    """What the leaves come to by their rates is the published total but for what rounding makes of it; None where nothing is scored."""
    try:
        found = scored(grown.indicators, grown.evidence, partial=True)
    except ProblemsFound:
        return None
    result, firmness = found.result, found.firm
    if firmness is None:
        assert result.total is None or result.grade is None or result.missing
        return found
    half = F(1, 2 * 10**result.places)
    times = F(3)  # the total, and bonus and penalty as they are told
    if rounds:  # each leaf and each parent that is rebased; on its way up an error grows as what is left is scaled
        applies = result.applicable or result.full
        times += len(result.indicators) * (result.full / applies if result.not_applicable_policy == "rebase_total" else F(20))
    assert abs(firmness.unrounded - firmness.total) <= times * half
    for move in (firmness.up, firmness.down):
        if move is not None and move.points:
            assert move.total == move.aim and move.grade != result.grade
            assert sum(w.after for w in move.weights) == sum(w.before for w in move.weights)
    return found


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.integers(0, 2_000), st.integers(0, 5))
def test_what_is_moved_from_is_the_total(seed: int, answers: int) -> None:
    """All kinds of rules, policies, extras and scales."""
    grown = grow_wild(seed, answers)
    agrees(grown, grown.indicators.get("rounding", {}).get("at") != "total")


@pytest.mark.parametrize(("policy", "whole", "in_part"), [("rebase_total", 6, 1), ("rebase_parent", 6, 0)])
def test_what_does_not_apply(policy: str, whole: int, in_part: int) -> None:
    """Leaves, whole parents or parts of leaves that do not apply, on up to three levels: rounded once, so that nothing hides behind it."""
    met: Counter[bool] = Counter()
    for seed in range(2000, 2090):
        grown, chance = grow_wild(seed, seed % 6), random.Random(seed)
        if grown.indicators.get("as_printed"):
            continue
        grown.indicators["rounding"] = {"places": grown.indicators.get("rounding", {}).get("places", "2"), "at": "total"}
        grown.indicators["policy"] = {"missing": "pending", "not_applicable": policy}
        for name in grown.leaves:
            if chance.random() < 0.2:
                grown.evidence["indicators"][name] = {"not_applicable": "本项目没有这一项"}
        found = agrees(grown, False)
        if found is not None and found.firm is not None and found.result.applicable is not None:
            met[any(leaf.left_out and leaf.status == "scored" for leaf in found.result.leaves)] += 1
    assert met[False] >= whole
    assert met[True] >= in_part


def test_a_thousand_leaves() -> None:
    """As the greedy exchange says, with and without constraints that hold nothing up (about a second each way)."""
    chance = random.Random(5)
    leaves = {
        f"指标{n}": (str(chance.randint(1, 40)), f"{chance.randint(d // 2, d)}/{d}")
        for n in range(1000)
        for d in [chance.choice([8, 10, 997, 7919])]
    }
    loose = tuple({"sum_of": (f"指标{n}",), "at_most": "100%"} for n in range(12))
    found = flat(leaves, constraints=loose, rounding={"places": "4", "at": "total"})
    assert len(found.firmness.kept) == 12
    for move in (found.firmness.up, found.firmness.down):
        assert move is not None
        assert proved(found, move) == greedy(found, move.aim - found.firmness.unrounded)
