"""Two spellings of one rule are the same; two rules that differ do so exactly where the sweep says, and by as much."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from diffing.diff_support import read, tree_of
from generators import Grower
from perfeval.backends.exact.interpreter import NoScore, compile_expr
from perfeval.diffing.functions import gains
from perfeval.diffing.leaf import Leaf, Side
from perfeval.diffing.meaning import Difference, Meaning, meaning
from perfeval.diffing.rules import RuleDiff, diff_rules
from perfeval.ir.walk import inputs
from perfeval.lowering.from_tree import lower_tree
from perfeval.model.project import Policy
from perfeval.quantity import show_decimal
from perfeval.reading.project_folder import read_indicators

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "xiangyuan_2023"
POLICY = Policy.model_construct(missing="pending", not_applicable=None)


def side(given: dict[str, Any]) -> Side:
    tree = read(tree_of(given))
    program, _ = lower_tree(tree, (), POLICY)
    return Side(program, program.leaves[0], tree.tree)


def between(old: dict[str, Any], new: dict[str, Any], **both: Any) -> Meaning:
    return meaning(side({"rule": old, **both}), side({"rule": new, **both}))


LINE = {"kind": "linear", "zero_at": "60%", "full_at": "100%"}
JUDGED = {"kind": "judged"}
SAME: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a line by its points": (LINE, {"kind": "linear", "through": (("60%", "0"), ("100%", "full"))}),
    "a line with a point in the middle": (LINE, {"kind": "linear", "through": (("60%", "0"), ("80%", "50% of weight"), ("100%", "10"))}),
    "a line as a formula": (
        {**LINE, "of": "率"},
        {"kind": "formula", "points": "10 * min(1, max(0, (率 - 60%) / 40%))"},
    ),
    "a threshold as a band": (
        {"kind": "threshold", "at_least": "90%"},
        {"kind": "bands", "bands": ({"at_least": "90%", "points": "full"},), "otherwise": "0"},
    ),
    "a bound from the other side": (
        {"kind": "bands", "bands": ({"at_least": "90%", "points": "10"},), "otherwise": "2"},
        {"kind": "bands", "bands": ({"below": "90%", "points": "2"},), "otherwise": "10"},
    ),
    "bands in pieces": (
        {"kind": "bands", "bands": ({"at_least": "90%", "points": "6"},), "otherwise": "2"},
        {
            "kind": "bands",
            "bands": (
                {"at_least": "95%", "points": "6"},
                {"at_least": "90%", "below": "95%", "points": "6"},
                {"at_least": "50%", "below": "90%", "points": "2"},
            ),
            "otherwise": "2",
        },
    ),
    "a deduction by parts of a step": (
        {"kind": "deduction", "at_least": "90%", "each": "1%", "per": "0.5", "steps": "exact"},
        {"kind": "deduction", "at_least": "90%", "each": "2%", "per": "1", "steps": "exact"},
    ),
    "a deduction as a line": (
        {"kind": "deduction", "at_least": "90%", "each": "4%", "per": "1", "steps": "exact"},
        {"kind": "linear", "zero_at": "50%", "full_at": "90%"},
    ),
    "shares of the weight": (
        {"kind": "tiers", "tiers": {"好": "full", "差": "20% of weight"}},
        {"kind": "tiers", "tiers": {"差": "2", "好": "10"}},
    ),
    "a checklist as a sum": (
        {"kind": "checklist", "items": ("甲", "乙")},
        {"kind": "checklist", "items": ({"text": "乙", "points": "5"}, {"text": "甲", "points": "50% of weight"})},
    ),
    "a cap that nothing passes": (
        {"kind": "sum", "parts": ({"name": "甲", "points": "4", "rule": JUDGED}, {"name": "乙", "points": "6", "rule": LINE})},
        {"kind": "sum", "cap": "10", "parts": ({"name": "乙", "points": "6", "rule": LINE}, {"name": "甲", "points": "4", "rule": JUDGED})},
    ),
    "a mean of equals by weight": (
        {"kind": "mean", "parts": ({"name": "甲", "rule": JUDGED}, {"name": "乙", "rule": LINE})},
        {"kind": "mean", "parts": ({"name": "甲", "weight": "2", "rule": JUDGED}, {"name": "乙", "weight": "2", "rule": LINE})},
    ),
    "proportional as a formula": (
        {"kind": "proportional", "target": "80%", "of": "率"},
        {"kind": "formula", "points": "max(0, 10 * min(1, 率 / 80%))", "cap": "full"},
    ),
    "conditions the other way round": (
        {"kind": "choose", "when": ({"if": "规模 >= 5户", "rule": LINE},), "otherwise": {"kind": "threshold", "at_least": "90%"}},
        {"kind": "choose", "when": ({"if": "规模 < 5户", "rule": {"kind": "threshold", "at_least": "90%"}},), "otherwise": LINE},
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_two_spellings_are_the_same(name: str) -> None:
    one, other = SAME[name]
    for old, new in ((one, other), (other, one), (one, one)):
        found = between(old, new)
        assert found.same, found


def told(found: Meaning) -> list[str]:
    """Differences in short: the part, the interval, the least and most that is gained; answers with their points."""
    lines = []
    for one in found.differences:
        head = f"{one.part}: " if one.part else ""
        given = "".join(f"{name}={text} " for name, text in one.given)
        for gain in gains(one.stretches, one.whole):
            i = gain.interval
            low, high = (show_decimal(end) if end is not None else "" for end in (i.low, i.high))
            ends = f"{'[' if i.low_closed else '('}{low},{high}{']' if i.high_closed else ')'}"
            by = "no answer" if not gain.answered else f"{points(gain.least)}..{points(gain.most)}"
            lines.append(f"{head}{given}{one.quantity} {ends} {by}{' but for places' if gain.apart else ''}")
        for answer in one.answers:
            lines.append(
                f"{head}{given}{' '.join(f'{name}={text}' for name, text in answer.given)} {span(answer.old)} -> {span(answer.new)}"
            )
        if one.alone:
            lines.append(f"{head}only {one.alone}, at most {points(one.most)}")
        if not one.proven:
            lines.append(f"{head}not proven")
    return lines


def points(value: Fraction | None) -> str:
    return "?" if value is None else show_decimal(value)


def span(one: Any) -> str:
    ends = [points(None if end is None else end.constant) for end in one]
    return ends[0] if ends[0] == ends[1] else "～".join(ends)


DIFFERENT: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], list[str]]] = {
    "a zero point that moved": ({**LINE, "zero_at": "70%"}, LINE, {}, ["指标 (0.6,1) 0..2.5"]),
    "a bound that no longer belongs": (
        {"kind": "threshold", "at_least": "90%"},
        {"kind": "threshold", "above": "90%"},
        {},
        ["指标 [0.9,0.9] -10..-10"],
    ),
    "a step that is begun": (
        {"kind": "deduction", "at_least": "10户", "each": "2户", "per": "1", "steps": "whole"},
        {"kind": "deduction", "at_least": "10户", "each": "2户", "per": "1", "steps": "started"},
        {"tree": {"quantities": {"户数": {"unit": "户", "from": "0", "places": "0"}}}, "leaf": {"measure": "户数"}},
        ["户数 [1,1] -1..-1", "户数 [3,3] -1..-1", "户数 [5,5] -1..-1", "户数 [7,7] -1..-1", "户数 [9,9] -1..-1"],
    ),
    "a tier that pays less": (
        {"kind": "tiers", "tiers": {"好": "full", "中": "6", "差": "0"}},
        {"kind": "tiers", "tiers": {"差": "0", "中": {"from": "4", "to": "6"}, "好": "full"}},
        {},
        ["指标=中 6 -> 4～6"],
    ),
    "a tier that is gone": (
        {"kind": "tiers", "tiers": {"好": "full", "差": "0"}},
        {"kind": "tiers", "tiers": {"好": "full"}},
        {},
        ["指标=差 0 -> ?"],
    ),
    "an item more": (
        {"kind": "checklist", "items": ({"text": "甲", "points": "10"},)},
        {"kind": "checklist", "items": ({"text": "甲", "points": "6"}, {"text": "乙", "points": "4"})},
        {},
        ["甲: 甲=是 10 -> 6", "乙: only new, at most 4"],
    ),
    "all or nothing": (
        {"kind": "checklist", "items": ("甲", "乙")},
        {"kind": "checklist", "items": ("甲", "乙"), "all_or_nothing": "yes"},
        {},
        ["甲=是 乙=否 5 -> 0", "甲=否 乙=是 5 -> 0"],
    ),
    "a part by itself": (
        {"kind": "sum", "parts": ({"name": "甲", "points": "4", "rule": JUDGED}, {"name": "乙", "points": "6", "rule": LINE})},
        {
            "kind": "sum",
            "parts": ({"name": "甲", "points": "4", "rule": JUDGED}, {"name": "乙", "points": "6", "rule": {**LINE, "zero_at": "80%"}}),
        },
        {},
        ["乙: 乙 (0.6,1) -3..0"],
    ),
    "judged within less": (
        {"kind": "judged"},
        {"kind": "bands", "bands": ({"at_least": "0%", "points": {"from": "0", "to": "8"}},), "otherwise": "0"},
        {},
        [],
    ),
    "a condition that moved": (
        {
            "kind": "choose",
            "when": ({"if": "规模 >= 5户", "rule": {"kind": "formula", "points": "10"}},),
            "otherwise": {"kind": "formula", "points": "3"},
        },
        {
            "kind": "choose",
            "when": ({"if": "规模 >= 8户", "rule": {"kind": "formula", "points": "10"}},),
            "otherwise": {"kind": "formula", "points": "3"},
        },
        {},
        ["规模 [5,8) -7..-7"],
    ),
    "a ratio turned over": (
        {"kind": "proportional", "direction": "reverse_ratio", "target": "50%"},
        {"kind": "proportional", "direction": "reverse", "target": "50%"},
        {},
        ["指标 (0.5,) -5..0"],
    ),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_where_two_rules_differ(name: str) -> None:
    old, new, both, lines = DIFFERENT[name]
    found = between(old, new, **both)
    assert not found.same
    if lines:
        assert told(found) == lines


def test_a_measure_that_is_computed_otherwise() -> None:
    old, new = (side({"rule": LINE, "leaf": {"measure": text}}) for text in ("支出 / 预算", "支出 / 到位"))
    assert meaning(old, new).quantities == (("支出 / 预算", "支出 / 到位"),)
    again = side({"rule": LINE, "leaf": {"measure": "支出 × 100 / (预算 × 100)"}})
    assert meaning(old, again).same


PAIR = ({"name": "甲", "rule": JUDGED}, {"name": "乙", "rule": JUDGED})
TOLD_APART: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "the best for the least of what is judged": ({"kind": "best", "parts": PAIR}, {"kind": "least", "parts": PAIR}, {}),
    "the best for the mean of what is judged": ({"kind": "best", "parts": PAIR}, {"kind": "mean", "parts": PAIR}, {}),
    "an end of a range that no longer belongs": (
        {"kind": "tiers", "tiers": {"好": "full", "中": {"from": "0", "to": "8"}}},
        {"kind": "tiers", "tiers": {"好": "full", "中": {"from": "0", "below": "8"}}},
        {},
    ),
    "the same of a band": (
        {"kind": "bands", "bands": ({"at_least": "90%", "points": "full"},), "otherwise": {"from": "6", "to": "8"}},
        {"kind": "bands", "bands": ({"at_least": "90%", "points": "full"},), "otherwise": {"from": "6", "below": "8"}},
        {},
    ),
    "a tier under another name": (
        {"kind": "tiers", "tiers": {"好": "full", "差": "0"}},
        {"kind": "tiers", "tiers": {"优": "full", "差": "0"}},
        {},
    ),
    "tiers for points": (JUDGED, {"kind": "tiers", "tiers": {"好": {"from": "0", "to": "full"}}}, {}),
    "a fact that only one of them asks for": (
        {"kind": "choose", "when": ({"if": "规模 >= 5户", "rule": LINE},), "otherwise": LINE},
        LINE,
        {},
    ),
    "values between whole ones, of a mean": (
        {"kind": "threshold", "at_least": "3人"},
        {"kind": "threshold", "above": "2人"},
        {"leaf": {"measure": "户均"}, "tree": {"quantities": {"户均": {"unit": "人", "from": "0", "places": "0"}}}},
    ),
    "an answer for a value that another formula has none for": (
        {"kind": "threshold", "at_least": "90%", "of": "支出 / (预算 / 人数)"},
        {"kind": "threshold", "at_least": "90%", "of": "支出 × 人数 / 预算"},
        {},
    ),
    "weights of many facts the other way round": (
        {"kind": "formula", "points": f"min(10, max(0, ({' + '.join(f'{2 if n in (0, 9) else 1} * f{n}' for n in range(10))}) / 9))"},
        {"kind": "formula", "points": f"min(10, max(0, ({' + '.join(f'{2 if n in (1, 8) else 1} * f{n}' for n in range(10))}) / 9))"},
        {},
    ),
    "a clause more than can be gone through": (
        {"kind": "checklist", "all_or_nothing": "yes", "items": tuple(f"要点{n}" for n in range(13))},
        {"kind": "checklist", "all_or_nothing": "yes", "items": tuple(f"要点{n}" for n in range(14))},
        {},
    ),
}


@pytest.mark.parametrize("name", TOLD_APART)
def test_no_two_that_differ_are_the_same(name: str) -> None:
    old, new, both = TOLD_APART[name]
    for one, other in ((old, new), (new, old)):
        assert not between(one, other, **both).same


def test_a_condition_around_narrows_what_is_told() -> None:
    """What cannot happen under the condition is no difference."""
    best = {
        "kind": "best",
        "parts": ({"name": "甲", "rule": {"kind": "threshold", "at_least": "50%", "of": "率"}}, {"name": "乙", "rule": JUDGED}),
    }
    other = {
        "kind": "best",
        "parts": ({"name": "甲", "rule": {"kind": "threshold", "at_least": "60%", "of": "率"}}, {"name": "乙", "rule": JUDGED}),
    }
    rules = [{"kind": "choose", "when": ({"if": "率 >= 90%", "rule": one},), "otherwise": JUDGED} for one in (best, other)]
    assert between(*rules).same
    rules = [{"kind": "choose", "when": ({"if": "率 >= 55%", "rule": one},), "otherwise": JUDGED} for one in (best, other)]
    assert not between(*rules).same


def test_a_part_called_like_a_fact_is_that_fact() -> None:
    parts = tuple({"name": name, "rule": {"kind": "linear", "zero_at": "0%", "full_at": "100%"}} for name in ("率一", "率二"))
    best = {"kind": "best", "parts": parts}
    formula = {"kind": "formula", "points": "10 * max(0, min(1, max(率一, 率二)))"}
    found = diff_rules(*(read(tree_of({"rule": one})) for one in (best, formula)))
    assert not any(answer for leaf in found.leaves for one in leaf.meaning.differences for answer in (one.answers, one.stretches))


def test_an_edited_criterion_counts() -> None:
    """Nobody but a reader can tell whether it is the same question."""
    old, new = ({"kind": "checklist", "items": ({"id": "a", "text": text},)} for text in ("有制度", "没有制度"))
    found = diff_rules(*(read(tree_of({"rule": one})) for one in (old, new)))
    assert found.differs
    assert [(one.what, one.path[-1]) for one in found.leaves[0].changes] == [("parameter", "text")]
    explained = [read(tree_of({"rule": old, "leaf": {"explain": text}})) for text in ("甲", "乙")]
    assert not diff_rules(*explained).differs


def test_a_formula_and_bounds_that_changed_together() -> None:
    """Told by the fact itself, not by a quantity that means something else on each side."""
    old = side({"rule": {"kind": "threshold", "at_least": "1"}, "leaf": {"measure": "钱 / 10000元"}})
    new = side({"rule": {"kind": "threshold", "at_least": "1万元"}, "leaf": {"measure": "钱"}})
    assert meaning(old, new).same
    more = side({"rule": {"kind": "threshold", "at_least": "2万元"}, "leaf": {"measure": "钱"}})
    assert told(meaning(old, more)) == ["钱 [10000,20000) -10..-10"]


def test_another_unit_is_another_reading_of_a_bare_figure() -> None:
    bands = {"kind": "threshold", "at_least": "10万元"}
    found = between(bands, {**bands, "at_least": "100000元"})
    assert found.units == (("完成值", "万元", "元"),)
    assert not found.differences
    measured = {"leaf": {"measure": "支出"}}
    assert between(bands, {**bands, "at_least": "100000元"}, **measured).same  # a fact brings its own unit


def test_weights_alone_are_another_meaning() -> None:
    found = diff_rules(read(tree_of({"rule": LINE})), read(tree_of({"rule": LINE, "weight": "12"})))
    assert found.differs
    assert told(found.leaves[0].meaning) == ["指标 (0.6,) 0..2"]


def xiangyuan() -> RuleDiff:
    return diff_rules(*(read_indicators(EXAMPLE / name)[0] for name in ("indicators.yaml", "annex1.yaml")))


# where the notes of annex1.yaml name a difference; 资金到位率 is written otherwise there and comes to the same
DIFFER = [
    "立项依据充分性",
    "绩效目标合理性",
    "绩效目标明确性",
    "预算执行率",
    "资金使用合规性",
    "帮扶管理制度的健全性",
    "项目执行有效性",
    "帮扶工作完成情况",
    "质量达标情况",
    "帮扶职工数量",
    "政策知晓情况",
    "帮扶有效性",
    "职工满意度",
]


def test_the_two_statements_of_one_report() -> None:
    found = xiangyuan()
    assert [leaf.new.key for leaf in found.leaves if leaf.differs] == DIFFER
    assert all(one.proven for leaf in found.leaves for one in leaf.meaning.differences)


def test_a_folder_against_itself() -> None:
    for path in (EXAMPLE / "indicators.yaml", EXAMPLE / "annex1.yaml", "builtin:mof-2020-project"):
        found = diff_rules(read_indicators(path)[0], read_indicators(path)[0])
        assert not found.differs
        assert found.leaves == ()


class Pairs(Grower):
    """Two rules of a kind each, and a point of evidence."""

    def pair(self) -> tuple[dict[str, Any], dict[str, Any]]:
        kind = self.random.choice(
            ["threshold", "bands", "linear", "proportional", "deduction", "tiers", "checklist", "sum", "best", "mean", "choose"]
        )
        one, other = (self.rule(Fraction(10), kind)[0] for _ in range(2))
        return one, other


@pytest.mark.parametrize("seed", range(110))
def test_what_is_said_is_so(seed: int) -> None:
    """Where a stretch or an answer is told, the interpreter differs there; where nothing is told, nowhere that is tried."""
    grower = Pairs(seed)
    one, other = grower.pair()
    old, new = side({"rule": one}), side({"rule": other})
    found = meaning(old, new)
    before, after = Leaf(old, "指标"), Leaf(new, "指标")
    before.call_alike(after)
    first, second = compile_expr(before.expr), compile_expr(after.expr)
    keys = sorted(inputs(before.expr) | inputs(after.expr))
    chance = random.Random(seed)
    differs = False
    for _ in range(120):
        env = {key: value(key, before, after, chance) for key in keys}
        results = []
        for run in (first, second):
            try:
                results.append(Fraction(run(env)))
            except NoScore:
                results.append(None)
        differs = differs or results[0] != results[1]
    if found.same:
        assert not differs, (one, other)
    for difference in found.differences:
        check(difference)


def value(key: str, before: Leaf, after: Leaf, chance: random.Random) -> Fraction:
    ask = before.asks.get(key) or after.asks.get(key)
    form = ask.form if ask else "number"
    match form:
        case "yes_no":
            return Fraction(chance.randint(0, 1))
        case "tier":
            return Fraction(chance.randint(1, 3))
        case "points":
            return Fraction(chance.randint(0, 10))
    return Fraction(chance.randint(0, 160), chance.choice([1, 100, 100]))


def check(difference: Difference) -> None:
    """A stretch that is told differs, and by no more than is said."""
    for one in difference.stretches:
        x = one.interval.witness()
        for a, b in zip(one.old, one.new, strict=True):
            if a is None or b is None:
                continue
            gained = b.at(x) - a.at(x)
            assert (one.least is None or one.least <= gained) and (one.most is None or gained <= one.most)
    assert difference.stretches or difference.answers or difference.alone or not difference.proven
