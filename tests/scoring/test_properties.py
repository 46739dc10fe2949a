"""Laws that hold for every tree: bounds, sums, order, scale, monotony, and that the trace is the run."""

from __future__ import annotations

import random
import tempfile
from fractions import Fraction
from functools import cache
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
from second.wild import grow_wild

seeds = st.integers(0, 200)  # few enough that the laws share their trees, and each is read once
often = settings(max_examples=45, deadline=None, derandomize=True)


def result_of(grown: Grown, **changes: Any) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        outcome = run({"indicators": grown.indicators, "evidence": grown.evidence, **changes}, Path(folder))
    assert isinstance(outcome, Result), [(str(p.where), p.kind.name, p.message("en")) for p in outcome]
    return outcome


@cache
def whole(seed: int) -> Result:
    return result_of(grow(seed))


@often
@given(seeds)
def test_scores_lie_between_nothing_and_the_weight(seed: int) -> None:
    for indicator in whole(seed).indicators:
        assert indicator.score is not None and 0 <= indicator.score <= indicator.weight


@often
@given(seeds, st.integers(0, 5))
def test_scores_lie_within_the_weight_under_every_policy(seed: int, answers: int) -> None:
    """Also where something is missing or does not apply, and whatever is rounded where."""
    grown = grow_wild(seed, answers)
    with tempfile.TemporaryDirectory() as folder:
        outcome = run({"indicators": grown.indicators, "evidence": grown.evidence}, Path(folder))
    if not isinstance(outcome, Result):
        return
    for indicator in outcome.indicators:
        assert 0 <= indicator.low <= indicator.high <= indicator.weight
        if indicator.score is not None:
            assert 0 <= indicator.score <= indicator.weight and 0 <= (indicator.exact or 0) <= indicator.weight
    assert 0 <= outcome.low <= outcome.high
    if outcome.total is not None:
        assert outcome.low == outcome.total == outcome.high


@often
@given(seeds)
def test_parts_add_up(seed: int) -> None:
    result = whole(seed)
    assert result.total == sum((i.score or 0 for i in result.level(1)), Fraction(0))
    for parent in result.indicators:
        if not parent.is_leaf:
            assert parent.score == sum((child.score or 0 for child in result.children(parent)), Fraction(0))
    for leaf in result.leaves:
        assert leaf.exact is not None and leaf.score == round_half_up(leaf.exact, result.places)


@often
@given(seeds)
def test_rounding_once_at_the_total(seed: int) -> None:
    exact = sum((leaf.exact or 0 for leaf in whole(seed).leaves), Fraction(0))
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


def shuffled(raw: Any, rng: random.Random) -> Any:
    """The same content with the keys of every map, and the nodes of every level, in another order."""
    if isinstance(raw, dict):
        pairs = [(key, shuffled(value, rng)) for key, value in raw.items()]
        rng.shuffle(pairs)
        for n, (key, value) in enumerate(pairs):
            if key in ("tree", "children"):
                pairs[n] = key, rng.sample(value, len(value))
        return dict(pairs)
    return [shuffled(one, rng) for one in raw] if isinstance(raw, list | tuple) else raw


@often
@given(seeds)
def test_order_never_matters(seed: int) -> None:
    project, rng = grow(seed), random.Random(seed)
    other = result_of(Grown(shuffled(project.indicators, rng), shuffled(project.evidence, rng)))
    one = whole(seed)
    assert one.total == other.total and one.grade == other.grade
    assert {i.id: (i.score, i.exact) for i in one.indicators} == {i.id: (i.score, i.exact) for i in other.indicators}


ROWS = ("甲,2021,100.1,3", "乙,2021,0.2,9", "甲,2022,33.33,7", "丙,2022,-5,1", "丁,2023,0.07,3")
COUNTS = (
    {"sum": "额"},
    {"mean": ["额", "数"]},
    {"min": "额"},
    {"max": "数"},
    {"distinct": "人"},
    {"count": "rows"},
    {"cell": "额", "where": {"人": "乙"}},
)


@often
@given(st.permutations(ROWS), st.sampled_from(COUNTS), st.booleans())
def test_the_order_of_rows_never_matters(rows: list[str], count: dict[str, Any], some: bool) -> None:
    where = {"where": {"年": {"at_least": "2022"}}} if some and "where" not in count else {}
    given_ = {
        "rule": {"kind": "linear", "of": "值 / 1000户", "zero_at": "-1", "full_at": "1"},
        "facts": {"值": {"table": "表", **count, **where}},
    }
    scores = []
    for order in (list(ROWS), rows):
        with tempfile.TemporaryDirectory() as name:
            outcome = run({**given_, "tables": {"表": "人,年,额,数\n" + "\n".join(order) + "\n"}}, Path(name))
        assert isinstance(outcome, Result), outcome
        scores.append(outcome.leaves[0].exact)
    assert scores[0] == scores[1]


def scaled(raw: Any, k: int, key: str = "") -> Any:
    """A project with all weights and all points written as numbers times `k`; shares stay shares."""
    if isinstance(raw, dict):
        if raw.get("kind") == "formula":
            return {**raw, "points": f"{k} * ({raw['points']})"}
        return {word: scaled(value, k, word) for word, value in raw.items()}
    if isinstance(raw, list | tuple):
        return tuple(scaled(one, k, key) for one in raw)
    is_number = key in ("weight", "total", "points", "per", "cap") and raw.replace(".", "").isdigit()
    return show_decimal(k * Fraction(raw)) if is_number else raw


@often
@given(seeds, st.sampled_from([2, 3, 7]))
def test_weights_times_k_are_scores_times_k(seed: int, k: int) -> None:
    project = grow(seed)
    larger = result_of(Grown(scaled(project.indicators, k), scaled(project.evidence, k)))
    assert {i.id: k * (i.exact or 0) for i in whole(seed).leaves} == {i.id: i.exact for i in larger.leaves}


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
    longer = grow(seed)
    longer.indicators["tree"].append({"name": "零权重", "weight": "0", "rule": {"kind": "judged"}})
    longer.evidence["indicators"]["零权重"] = {"points": "0"}
    assert whole(seed).total == result_of(longer).total


RISING: dict[str, dict[str, Any]] = {  # more is better
    "threshold": {"kind": "threshold", "above": "90%"},
    "bands": {"kind": "bands", "bands": ({"at_least": "95%", "points": "10"}, {"at_least": "80%", "points": "6"}), "otherwise": "1"},
    "linear": {"kind": "linear", "zero_at": "60%", "full_at": "100%", "pass_mark": "65%"},
    "linear through": {"kind": "linear", "through": (("60%", "0"), ("80%", "1/3 of weight"), ("100%", "full"))},
    "proportional": {"kind": "proportional", "target": "110%", "pass_mark": "60%"},
    "proportional baseline": {"kind": "proportional", "direction": "baseline", "baseline": "50%", "target": "120%"},
    "deduction whole": {"kind": "deduction", "at_least": "90%", "each": "7%", "per": "1.3", "steps": "whole"},
    "deduction started": {"kind": "deduction", "above": "90%", "each": "7%", "per": "1/9 of weight", "steps": "started"},
    "deduction exact": {"kind": "deduction", "at_least": "90%", "each": "7%", "per": "1.3", "steps": "exact", "floor": "2"},
    "formula": {"kind": "formula", "points": "10 * min(1, max(0, 率 - 50%))", "cap": "full"},
    "choose": {
        "kind": "choose",
        "when": ({"if": "率 >= 90%", "rule": {"kind": "threshold", "of": "率", "at_least": "0%"}},),
        "otherwise": {"kind": "linear", "of": "率", "zero_at": "0%", "full_at": "100%"},
    },
}
FALLING: dict[str, dict[str, Any]] = {  # less is better
    "threshold": {"kind": "threshold", "at_most": "90%"},
    "bands": {
        "kind": "bands",
        "bands": ({"below": "50%", "points": "10"}, {"at_most": "80%", "points": "1/3 of weight"}),
        "otherwise": "0",
    },
    "linear": {"kind": "linear", "zero_at": "100%", "full_at": "60%", "pass_mark": "90%"},
    "proportional reverse": {"kind": "proportional", "direction": "reverse", "target": "70%"},
    "proportional reverse_ratio": {"kind": "proportional", "direction": "reverse_ratio", "target": "70%", "pass_mark": "60%"},
    "proportional baseline": {"kind": "proportional", "direction": "baseline", "baseline": "120%", "target": "40%"},
    "deduction": {"kind": "deduction", "at_most": "70%", "each": "7%", "per": "1.3", "steps": "started"},
}
WRAPPED = ("", "sum", "mean", "best", "least", "checklist", "drop")
MONOTONE = [*((name, rule, True) for name, rule in RISING.items()), *((name, rule, False) for name, rule in FALLING.items())]


def wrapped(rule: dict[str, Any], kind: str, actual: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rule by itself, or as a part beside others; and the evidence."""
    judged, entry = {"kind": "judged"}, {"values": {"率": actual}}
    own = rule if rule["kind"] in ("formula", "choose") else {**rule, "of": "率"}
    if not kind:
        return own, entry
    if kind == "checklist":
        return {"kind": kind, "items": ({"text": "甲", "points": "full", "rule": own},)}, entry
    if kind == "sum":
        return {
            "kind": kind,
            "parts": ({"name": "甲", "points": "full", "rule": own}, {"name": "乙", "points": "4", "rule": judged}),
            "cap": "full",
        }, {**entry, "parts": {"乙": "3"}}
    parts = tuple({"name": name, "rule": part} for name, part in (("甲", own), ("乙", judged), ("丙", judged)))
    answers = {**entry, "parts": {"乙": "3", "丙": "7"}}
    return ({"kind": "mean", "drop": "extremes", "parts": parts} if kind == "drop" else {"kind": kind, "parts": parts}), answers


@settings(max_examples=240, deadline=None, derandomize=True)
@given(st.sampled_from(MONOTONE), st.sampled_from(WRAPPED), st.integers(0, 15000), st.sampled_from([1, 1, 37, 1000, 9000]))
def test_better_never_scores_less(law: tuple[str, dict[str, Any], bool], around: str, low: int, more: int) -> None:
    _, rule, rises = law
    scores = []
    for actual in (low, low + more):
        own, entry = wrapped(rule, around, f"{show_decimal(Fraction(actual, 100))}%")
        with tempfile.TemporaryDirectory() as name:
            outcome = run({"rule": own, "evidence": entry}, Path(name))
        assert isinstance(outcome, Result), [p.message("en") for p in outcome]
        scores.append(outcome.leaves[0].exact or Fraction(0))
    assert scores[0] <= scores[1] if rises else scores[0] >= scores[1]


BETTER: tuple[tuple[dict[str, Any], str, Any, Any], ...] = (
    ({"kind": "checklist", "items": ("甲", "乙")}, "checklist", ("yes", "no"), ("yes", "yes")),
    ({"kind": "checklist", "items": ("甲", "乙"), "all_or_nothing": "yes"}, "checklist", ("no", "yes"), ("yes", "yes")),
    ({"kind": "tiers", "tiers": {"好": "full", "中": "1/3 of weight", "差": "0"}}, "tier", "中", "好"),
    ({"kind": "tiers", "tiers": {"好": "full", "中": "1/3 of weight", "差": "0"}}, "tier", "差", "中"),
    ({"kind": "judged"}, "points", "1/3 of weight", "3.34"),
)


def test_a_better_answer_never_scores_less() -> None:
    """The kinds that an evaluator answers; and a defect fewer, a veto that did not happen, a requirement met."""
    clauses = {"veto": ("挪用",), "requires": ("验收",), "defects": ({"text": "缺件", "per": "1/7 of weight"},)}
    fine, worse = {"veto": ("no",), "requires": ("yes",), "defects": ("1",)}, {"veto": ("yes",), "requires": ("no",), "defects": ("2",)}

    def exact(rule: dict[str, Any], entry: dict[str, Any]) -> Fraction:
        with tempfile.TemporaryDirectory() as name:
            outcome = run({"rule": rule, "leaf": clauses, "evidence": entry}, Path(name))
        assert isinstance(outcome, Result), outcome
        return outcome.leaves[0].exact or Fraction(0)

    for rule, word, less, more in BETTER:
        assert exact(rule, {word: less, **fine}) < exact(rule, {word: more, **fine})
        for clause, answer in worse.items():
            assert exact(rule, {word: more, **fine, clause: answer}) < exact(rule, {word: more, **fine})


def test_every_kind_has_a_law_of_better() -> None:
    kinds_seen = {rule["kind"] for rule in (*RISING.values(), *FALLING.values())} | {rule["kind"] for rule, *_ in BETTER} | {*WRAPPED}
    assert set(kinds()) <= kinds_seen


@often
@given(seeds)
def test_missing_evidence_only_opens_the_interval(seed: int) -> None:
    """What is pending lies between the ends that the other evidence leaves, and the whole score is one of them."""
    gap = grow(seed)
    asked = [name for name in gap.leaves if gap.evidence["indicators"][name]]
    if not asked:
        return
    gap.evidence["indicators"].pop(random.Random(seed).choice(asked))
    full, open_ = whole(seed), result_of(gap, project={"policy": {"missing": "pending"}})
    assert full.total is not None and open_.low <= full.total <= open_.high
    if open_.grade is not None:
        assert open_.grade == full.grade


@often
@given(seeds)
def test_what_does_not_apply_leaves_both_sides(seed: int) -> None:
    """Under rebase_total the rest is scaled by the weights that apply, rounded once more; a policy alone changes nothing."""
    declared = grow(seed, policy={"not_applicable": "rebase_total"})
    assert result_of(declared).total == whole(seed).total
    heavy = [leaf for leaf in whole(seed).leaves if leaf.weight > 0]
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
