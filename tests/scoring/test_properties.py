"""Laws that hold for every tree: bounds, sums, order, scale, monotony, and that the trace is the run."""

from __future__ import annotations

import random
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cases_support import build, run
from generators import COMPOSITE, SIMPLE, Grown, grow
from perfeval.backends.exact.interpreter import compile_program
from perfeval.lowering.from_evidence import bind, given_keys
from perfeval.lowering.from_tree import lower_tree
from perfeval.model.result import Result
from perfeval.quantity import round_half_up, show_decimal
from perfeval.rules import kinds
from perfeval.scoring import open_project, score

seeds = st.integers(0, 2**32)
often = settings(max_examples=80, deadline=None, derandomize=True)


def result_of(grown: Grown, **changes: Any) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        outcome = run({"indicators": grown.indicators, "evidence": grown.evidence, **changes}, Path(folder))
    assert isinstance(outcome, Result), [(str(p.where), p.kind.name, p.message("en")) for p in outcome]
    return outcome


@often
@given(seeds)
def test_scores_lie_between_nothing_and_the_weight(seed: int) -> None:
    for indicator in result_of(grow(seed)).indicators:
        assert indicator.score is not None and 0 <= indicator.score <= indicator.weight


@often
@given(seeds)
def test_parts_add_up(seed: int) -> None:
    result = result_of(grow(seed))
    assert result.total == sum((i.score or 0 for i in result.level(1)), Fraction(0))
    for parent in result.indicators:
        if not parent.is_leaf:
            assert parent.score == sum((child.score or 0 for child in result.children(parent)), Fraction(0))
    for leaf in result.leaves:
        assert leaf.exact is not None and leaf.score == round_half_up(leaf.exact, result.places)


@often
@given(seeds)
def test_rounding_once_at_the_total(seed: int) -> None:
    exact = sum((leaf.exact or 0 for leaf in result_of(grow(seed)).leaves), Fraction(0))
    assert result_of(grow(seed, rounding={"at": "total"})).total == round_half_up(exact, 2)


@often
@given(seeds)
def test_the_traced_run_is_the_plain_run(seed: int) -> None:
    project = grow(seed)
    with tempfile.TemporaryDirectory() as name:
        build({"indicators": project.indicators, "evidence": project.evidence}, Path(name))
        folder = open_project(Path(name))
        program, problems = lower_tree(folder.indicators, given_keys(folder), folder.tree.policy)
        assert not [p for p in problems if p.is_error]
        plain = compile_program(program).run(bind(program, folder).values)
        traced = score(folder)
    assert plain.total == traced.total and plain.grade == traced.grade
    assert {i.id: plain.scores[i.id] for i in traced.indicators} == {i.id: i.score for i in traced.indicators}


@often
@given(seeds)
def test_order_never_matters(seed: int) -> None:
    project, shuffled = grow(seed), grow(seed)
    rng = random.Random(seed)
    for part in (shuffled.indicators["tree"], *(n["children"] for n in shuffled.indicators["tree"] if "children" in n)):
        rng.shuffle(part)
    answers = list(shuffled.evidence["indicators"].items())
    rng.shuffle(answers)
    shuffled.evidence["indicators"] = dict(answers)
    one, other = result_of(project), result_of(shuffled)
    assert one.total == other.total and one.grade == other.grade
    assert {i.id: i.score for i in one.indicators} == {i.id: i.score for i in other.indicators}


@often
@given(seeds)
def test_reading_twice_is_equal(seed: int) -> None:
    project = grow(seed)
    with tempfile.TemporaryDirectory() as name:
        build({"indicators": project.indicators, "evidence": project.evidence}, Path(name))
        one, other = open_project(Path(name)), open_project(Path(name))
    assert one.tree == other.tree and one.evidence == other.evidence and one.facts == other.facts
    assert score(one) == score(other)


@often
@given(seeds)
def test_a_leaf_of_no_weight_changes_nothing(seed: int) -> None:
    project, longer = grow(seed), grow(seed)
    longer.indicators["tree"].append({"name": "零权重", "weight": "0", "rule": {"kind": "judged"}})
    longer.evidence["indicators"]["零权重"] = {"points": "0"}
    assert result_of(project).total == result_of(longer).total


@often
@given(st.sampled_from(["linear", "bands", "deduction", "threshold", "proportional"]), st.integers(0, 15000), st.integers(0, 15000))
def test_better_never_scores_less(kind: str, low: int, high: int) -> None:
    rules: dict[str, dict[str, Any]] = {
        "linear": {"zero_at": "60%", "full_at": "100%", "pass_mark": "65%"},
        "bands": {"bands": ({"at_least": "95%", "points": "10"}, {"at_least": "80%", "points": "6"}), "otherwise": "1"},
        "deduction": {"at_least": "90%", "each": "7%", "per": "1.3", "steps": "started"},
        "threshold": {"above": "90%"},
        "proportional": {"target": "110%", "pass_mark": "60%"},
    }
    rule = {"kind": kind, **rules[kind]}
    low, high = sorted((low, high))
    with tempfile.TemporaryDirectory() as name:
        scores = []
        for actual in (low, high):
            outcome = run({"rule": rule, "evidence": {"actual": f"{show_decimal(Fraction(actual, 100))}%"}}, Path(name))
            assert isinstance(outcome, Result), outcome
            scores.append(outcome.leaves[0].exact)
    assert scores[0] is not None and scores[1] is not None and scores[0] <= scores[1]


@often
@given(seeds)
def test_missing_evidence_only_opens_the_interval(seed: int) -> None:
    """What is pending lies between the ends that the other evidence leaves, and the whole score is one of them."""
    project, gap = grow(seed), grow(seed)
    asked = [name for name in gap.leaves if gap.evidence["indicators"][name]]
    if not asked:
        return
    gap.evidence["indicators"].pop(random.Random(seed).choice(asked))
    whole, open_ = result_of(project), result_of(gap, project={"policy": {"missing": "pending"}})
    assert whole.total is not None and open_.low <= whole.total <= open_.high
    if open_.grade is not None:
        assert open_.grade == whole.grade


@often
@given(seeds)
def test_what_does_not_apply_leaves_both_sides(seed: int) -> None:
    """Under rebase_total the rest is scaled by the weights that apply, rounded once more; a policy alone changes nothing."""
    declared = grow(seed, policy={"not_applicable": "rebase_total"})
    assert result_of(declared).total == result_of(grow(seed)).total
    heavy = [leaf for leaf in result_of(declared).leaves if leaf.weight > 0]
    dropped = random.Random(seed).choice(heavy).id
    if len(heavy) == 1:
        return
    declared.evidence["indicators"][dropped] = {"not_applicable": "本项目没有这一项"}
    result = result_of(declared)
    rest = [leaf for leaf in result.leaves if leaf.id != dropped]
    scores, weights = sum((leaf.score or 0 for leaf in rest), Fraction(0)), sum((leaf.weight for leaf in rest), Fraction(0))
    assert result.total == round_half_up(result.full * scores / weights, result.places)


@often
@given(seeds)
def test_full_marks_for_what_does_not_apply(seed: int) -> None:
    project = grow(seed, policy={"not_applicable": "full"})
    dropped = random.Random(seed).choice(project.leaves)
    before = {leaf.id: leaf.score for leaf in result_of(project).leaves}
    project.evidence["indicators"][dropped] = {"not_applicable": "本项目没有这一项"}
    for leaf in result_of(project).leaves:
        assert leaf.score == (round_half_up(leaf.weight, 2) if leaf.id == dropped else before[leaf.id])


def test_random_trees_hold_every_rule_kind() -> None:
    """A new kind joins the laws: give `generators.Grower` a method for it."""
    assert set(kinds()) == {*SIMPLE, *COMPOSITE}
