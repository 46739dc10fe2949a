"""Effects add up exactly, end by end; what they add up to is the change between two scorings; a hybrid tree is what it says."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cases_support import build
from generators import Grown, grow
from perfeval.diffing.effect import Between, Effect
from perfeval.diffing.projects import Moved, distribution, moved
from perfeval.diffing.rules import diff_rules
from perfeval.quantity import show_decimal
from perfeval.reading.project_folder import Rules, read_indicators
from perfeval.scoring import open_project, score
from second.wild import grow_wild

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "xiangyuan_2023"


def adds_up(found: Effect) -> None:
    in_turn, alone = found.frame, found.frame.plus(found.interaction)
    for leaf in found.leaves:
        in_turn, alone = in_turn.plus(leaf.in_turn), alone.plus(leaf.alone)
    assert in_turn == alone == found.change


def test_the_two_statements_of_one_report() -> None:
    """Body 88.5, annex 1 between 78 and 93: six answers say nothing to annex 1, and it asks for what the evidence lacks."""
    old, new = (read_indicators(EXAMPLE / name) for name in ("indicators.yaml", "annex1.yaml"))
    (one,) = moved(diff_rules(old[0], new[0]), old, new, [("襄垣", EXAMPLE)])
    assert one.effect is not None
    adds_up(one.effect)
    assert (one.effect.old.total, one.effect.new.total) == (Fraction("88.5"), None)
    assert one.effect.change == Between(Fraction(78) - Fraction("88.5"), Fraction(93) - Fraction("88.5"))
    by_name = {leaf.new.name: leaf.in_turn for leaf in one.effect.leaves if leaf.new}
    assert by_name["预算执行率"] == Between(Fraction(-1), Fraction(-1))  # 100 % earns 1 point there
    assert by_name["政策知晓情况"] == Between(Fraction("-2.5"), Fraction("2.5"))
    assert sum(not one.is_zero for one in by_name.values()) == 6
    assert [p.kind.name for p in one.warnings[1] if p.kind.name == "unknown-item"] == ["unknown-item"] * 3


def edited(grown: Grown, chance: random.Random) -> dict[str, Any]:
    """Another rule set for the same evidence: weights that move between neighbours, rules of other leaves, a leaf less."""
    raw = copied(grown.indicators)
    for parent in groups(raw["tree"]):
        if len(parent) > 1 and chance.random() < 0.5:
            one, other = chance.sample(parent, 2)
            if "rule" in one and "rule" in other:
                whole = Fraction(one["weight"]) + Fraction(other["weight"])
                one["weight"], other["weight"] = show_decimal(whole), "0"
        for node in parent:
            if "rule" in node and chance.random() < 0.3:
                node["rule"] = {"kind": "judged"} if chance.random() < 0.3 else {"kind": "threshold", "at_least": "80%"}
    if chance.random() < 0.3:
        raw["rounding"] = {"places": "1", "at": chance.choice(["leaf", "total"])}
    return raw


def copied(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {key: copied(value) for key, value in raw.items()}
    return [copied(one) for one in raw] if isinstance(raw, list | tuple) else raw


def groups(nodes: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [nodes, *(group for node in nodes for group in groups(list(node.get("children", ()))))]


@pytest.mark.parametrize("seed", range(30))
def test_effects_add_up(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    grown = grow_wild(7000 + seed, 0)
    found = pair(grown.indicators, edited(grown, chance), grown.evidence, tmp_path)
    if found.effect is None:  # a leaf that has no answer at all
        return
    adds_up(found.effect)
    old, new = found.effect.old, found.effect.new
    if old.total is not None and new.total is not None:
        assert found.effect.change == Between(new.total - old.total, new.total - old.total)
    else:
        assert found.effect.change.low <= found.effect.change.high


@pytest.mark.parametrize("seed", range(40))
def test_an_interval_holds_what_comes(seed: int, tmp_path: Path) -> None:
    """Whatever is filled in for what is missing, the change lies between the two ends."""
    chance = random.Random(seed)
    policy = chance.choice([{}, {"not_applicable": "rebase_total"}, {"not_applicable": "rebase_parent"}])
    grown = grow(8000 + seed, **({"policy": policy} if policy else {}))
    other = edited(grown, chance)
    if chance.random() < 0.3:
        other["penalty"] = {"items": [{"text": "迟报", "points": "5"}]}
    extras = {"penalty": ["no"]} if "penalty" in other else {}
    (tmp_path / "full").mkdir()
    (tmp_path / "open").mkdir()
    full = pair(grown.indicators, other, {**grown.evidence, **extras}, tmp_path / "full")
    holed = copied(grown.evidence)
    for name in grown.leaves:
        if chance.random() < 0.4:
            holed["indicators"].pop(name, None)
    open_ = pair(grown.indicators, other, holed, tmp_path / "open")
    if full.effect is None or open_.effect is None:
        return
    adds_up(open_.effect)
    assert open_.effect.change.low <= full.effect.change.low <= full.effect.change.high <= open_.effect.change.high


def test_most_trees_have_an_effect(tmp_path: Path) -> None:
    found = []
    for seed in range(60):
        grown = grow_wild(7000 + seed, 0)
        folder = tmp_path / str(seed)
        folder.mkdir()
        found.append(pair(grown.indicators, edited(grown, random.Random(seed)), grown.evidence, folder))
    there = [one.effect for one in found if one.effect is not None]
    assert len(there) >= 40
    assert sum(not one.change.is_zero for one in there) >= 15
    assert sum(one.old.total is None for one in there) >= 3
    assert distribution(found).changes.open == sum(not one.is_certain for one in found if one.effect is not None)


def pair(old: dict[str, Any], new: dict[str, Any], evidence: dict[str, Any], folder: Path) -> Moved:
    build({"indicators": old, "evidence": evidence}, folder)
    rules: list[Rules] = []
    for name, raw in (("old", old), ("new", new)):
        own = folder / name
        own.mkdir()
        build({"indicators": raw, "evidence": evidence}, own)
        rules.append(read_indicators(own / "indicators.yaml"))
    (one,) = moved(diff_rules(rules[0][0], rules[1][0]), rules[0], rules[1], [("p", folder)])
    return one


PARENT = {"perfeval": "1", "id": "t", "total": "10"}


def leaf(name: str, weight: str, **rule: Any) -> dict[str, Any]:
    return {"name": name, "weight": weight, "rule": {"kind": "judged", **rule}}


def test_one_leaf_for_another(tmp_path: Path) -> None:
    """A leaf that goes and one that comes: each its own line; the weights under rebase_total make the rest."""
    old = {**PARENT, "policy": {"not_applicable": "rebase_total"}, "tree": [leaf("甲", "6"), leaf("乙", "4")]}
    new = {
        **PARENT,
        "policy": {"not_applicable": "rebase_total"},
        "tree": [leaf("甲", "6"), leaf("丙", "4", kind="threshold", at_least="50%")],
    }
    evidence = {"perfeval": "1", "indicators": {"甲": {"points": "3"}, "乙": {"points": "4"}, "丙": {"actual": "60%"}}}
    found = pair(old, new, evidence, tmp_path).effect
    assert found is not None
    adds_up(found)
    told = [((one.old or one.new).id, one.in_turn.low) for one in found.leaves if one.old or one.new]  # type: ignore[union-attr]
    assert told == [("乙", Fraction(-2)), ("丙", Fraction(2))]  # 7 of 10; without 乙 3 of 6, scaled to 5; with 丙 7 of 10
    assert found.change.is_zero


def test_under_its_own_rules_a_project_has_its_own_score() -> None:
    rules = read_indicators(EXAMPLE / "indicators.yaml")
    (one,) = moved(diff_rules(rules[0], rules[0]), rules, rules, [("x", EXAMPLE)])
    assert one.effect is not None
    assert one.effect.change.is_zero
    assert one.effect.leaves == ()
    assert one.effect.new.total == score(open_project(EXAMPLE)).total


def test_a_folder_that_cannot_be_read_is_told_and_the_others_still_are(tmp_path: Path) -> None:
    rules = read_indicators(EXAMPLE / "indicators.yaml")
    found = list(moved(diff_rules(rules[0], rules[0]), rules, rules, [("gone", tmp_path / "gone"), ("x", EXAMPLE)]))
    assert [one.effect is None for one in found] == [True, False]
    assert [p.kind.name for p in found[0].problems] == ["no-project-folder"]
    told = distribution(found)
    assert (told.changes.stay, told.changes.gain, told.changes.lose, told.changes.open, told.grades) == (1, 0, 0, 0, (("良", "良", 1),))


def test_answers_in_order_move_with_the_items(tmp_path: Path) -> None:
    """The rule is the same; who answered by a list is scored otherwise, and that is booked at the leaf."""
    items = [{"id": "a", "text": "甲", "points": "4"}, {"id": "b", "text": "乙", "points": "6"}]
    old = {**PARENT, "tree": [leaf("一", "10", kind="checklist", items=items)]}
    new = {**PARENT, "tree": [leaf("一", "10", kind="checklist", items=items[::-1])]}
    found = pair(old, new, {"perfeval": "1", "indicators": {"一": {"checklist": ["yes", "no"]}}}, tmp_path).effect
    assert found is not None
    assert [(one.new.id, one.in_turn.low) for one in found.leaves if one.new] == [("一", Fraction(2))]
    assert (found.change, found.frame) == (Between(Fraction(2), Fraction(2)), Between(Fraction(0), Fraction(0)))


def test_a_judged_value_that_no_longer_fits_is_open(tmp_path: Path) -> None:
    """55 points of 60 are none of 30: between nothing and 30, not 55."""
    old = {**PARENT, "total": "100", "tree": [leaf("一", "60"), leaf("二", "40")]}
    new = {**PARENT, "total": "100", "tree": [leaf("一", "30"), leaf("二", "70")]}
    evidence = {"perfeval": "1", "indicators": {"一": {"points": "55"}, "二": {"points": "40"}}}
    found = pair(old, new, evidence, tmp_path).effect
    assert found is not None
    assert found.change == Between(Fraction(-55), Fraction(-25))


def test_another_penalty_is_another_unknown(tmp_path: Path) -> None:
    tree = [leaf("一", "10")]
    old, new = ({**PARENT, "tree": tree, "penalty": {"items": [{"text": text, "points": "5"}]}} for text in ("迟报", "弄虚作假"))
    found = pair(old, new, {"perfeval": "1", "indicators": {"一": {"points": "full"}}}, tmp_path).effect
    assert found is not None
    assert found.change == Between(Fraction(-5), Fraction(5))
