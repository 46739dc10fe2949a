"""How firm a grade is, worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from perfeval.scoring import open_project
from perfeval.whatif.weights import Move
from whatif.weighing import FULL_SCALE, flat, greedy, leaf, proved, scored, seen

F = Fraction
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "xiangyuan_2023"


def test_xiangyuan() -> None:
    """88.5 points, 良. Up: 1.5 points short of 90. The two 绩效目标 have 6 points of weight at a rate of 0 and seventeen leaves a rate
    of 1: each point from the first to the second brings one: 1.5. Down: to 79.99, the other way round: 8.51. So 1.5 decides."""
    found = seen(open_project(EXAMPLE))
    firmness = found.firmness
    assert (firmness.grade, firmness.total, firmness.unrounded) == ("良", F("88.5"), F("88.5"))
    assert firmness.up is not None and firmness.down is not None and firmness.fewest == firmness.up
    assert (firmness.up.grade, firmness.up.aim, proved(found, firmness.up)) == ("优", 90, F("1.5"))
    assert (firmness.down.grade, firmness.down.aim, proved(found, firmness.down)) == ("中", F("79.99"), F("8.51"))
    assert greedy(found, F("1.5")) == F("1.5") and greedy(found, F("-8.51")) == F("8.51")
    assert {one.rate for one in firmness.up.moved if one.change < 0} == {0} and {
        one.rate for one in firmness.up.moved if one.change > 0
    } == {1}
    assert firmness.kept == firmness.broken == firmness.fixed == ()


OUTPUT = {"产出一": ("30", "9/10"), "产出二": ("30", "7/10"), "决策一": ("20", "1"), "决策二": ("20", "8/10")}  # 27 + 21 + 20 + 16 = 84


def test_a_constraint_that_binds() -> None:
    """Up to 90 from 84. Free, 产出二 gives to 决策一, 0.3 for a point: 20 points. With 产出 at 60 % already, what leaves it has to come
    back: 产出二 to 产出一, 决策二 to 决策一, or both crosswise, 0.2 for a point whichever way: 30 points."""
    free = flat(OUTPUT)
    assert proved(free, free.firmness.up) == 20 == greedy(free, F(6))
    tied = flat(OUTPUT, constraints=({"sum_of": ("产出一", "产出二"), "at_least": "60%"},))
    move = tied.firmness.up
    assert proved(tied, move) == 30
    assert move is not None and sum(w.after for w in move.weights if w.id.startswith("产出")) >= 60
    assert [c.at_least for c in tied.firmness.kept] == [F("0.6")] and tied.firmness.broken == ()
    # down to 79.99, all of it into 产出二 at 0.7: the constraint lets it be
    assert proved(tied, tied.firmness.down) == proved(free, free.firmness.down) == greedy(free, F("-4.01"))


def test_at_most_and_a_constraint_not_kept_today() -> None:
    """决策 at most 45 %: five points may go there at 0.3 each, the other 4.5 come inside at 0.2: 5 + 22.5. One that fails today is left out."""
    tied = flat(OUTPUT, constraints=({"sum_of": ("决策一", "决策二"), "at_most": "45%"}, {"sum_of": ("产出一",), "at_least": "31%"}))
    assert proved(tied, tied.firmness.up) == F("27.5")
    assert [c.at_most for c in tied.firmness.kept] == [F("0.45")] and [c.at_least for c in tied.firmness.broken] == [F("0.31")]


def test_a_constraint_that_fails_by_little() -> None:
    tied = flat(
        OUTPUT, constraints=({"sum_of": ("决策一", "决策二"), "at_most": "39.9%"}, {"sum_of": ("决策一", "决策二"), "at_most": "40%"})
    )
    assert [c.at_most for c in tied.firmness.broken] == [F("0.399")] and [c.at_most for c in tied.firmness.kept] == [F("0.4")]
    assert proved(tied, tied.firmness.up) == 30


def test_of_equals_the_one_that_loses_the_grade() -> None:
    """85 lies in the middle between 80 and 90."""
    scale = ({"name": "甲", "at_least": "90"}, {"name": "乙", "above": "80"}, {"name": "丙", "at_most": "80"})
    firmness = flat({"甲": ("50", "1"), "乙": ("50", "7/10")}, grades=scale).firmness
    assert firmness.up is not None and firmness.down is not None and firmness.up.points == firmness.down.points == F(50, 3)
    assert firmness.fewest == firmness.down


def test_a_constraint_that_names_a_parent_and_one_of_its_leaves() -> None:
    """A sum of nodes: what is named twice counts twice. 2·甲 + 乙 ≤ 100 with 60 + 40 today: 甲 30, 乙 40, 丙 30."""
    tree = ({"name": "上级", "weight": "70", "children": (leaf("甲", "30"), leaf("乙", "40"))}, leaf("丙", "30"))
    evidence = {"indicators": {"甲": {"actual": "1"}, "乙": {"actual": "0.8"}, "丙": {"actual": "0.8"}}}  # 30 + 32 + 24 = 86
    free = scored({"tree": tree, "grades": FULL_SCALE}, evidence)
    assert proved(free, free.firmness.up) == 20
    tied = scored({"tree": tree, "grades": FULL_SCALE, "constraints": ({"sum_of": ("上级", "甲"), "at_most": "100%"},)}, evidence)
    move = tied.firmness.up  # each point for 甲 asks for two of 乙, the second of which goes to 丙
    assert proved(tied, move) == 40
    assert move is not None and [w.after for w in move.weights] == [50, 0, 50]


def test_nothing_to_be_reached() -> None:
    """Equal rates, or a single leaf: whatever moves, the total stays."""
    for leaves in ({"甲": ("60", "17/20"), "乙": ("40", "17/20")}, {"甲": ("100", "17/20")}):
        firmness = flat(leaves).firmness
        assert firmness.up == Move("up", "优", F(90), None) and firmness.down == Move("down", "中", F("79.99"), None)
        assert firmness.fewest is None


def test_one_direction_only() -> None:
    """The best leaf stands at 89 %: no weights make 90 of it. At 90 % they do, when everything is there."""
    firmness = flat({"甲": ("50", "89/100"), "乙": ("50", "75/100")}).firmness
    assert firmness.up == Move("up", "优", F(90), None) and firmness.fewest == firmness.down
    just = flat({"甲": ("50", "90/100"), "乙": ("50", "75/100")})
    assert proved(just, just.firmness.up) == 50


def test_thirds_and_sevenths() -> None:
    """10 + 60 of 30 and 70. A point from 1/3 to 6/7 brings 11/21: up by 10 costs 210/11; down by 10.01 the other way."""
    found = flat({"甲": ("30", "1/3"), "乙": ("70", "6/7")})
    assert proved(found, found.firmness.up) == F(210, 11)
    assert proved(found, found.firmness.down) == F("10.01") * 21 / 11 and found.firmness.fewest == found.firmness.up


def test_rates_are_those_before_rounding() -> None:
    """1/3 of 10 is published as 3.33; the rate stays a third: 83.33 is left, 83 1/3 is moved from."""
    found = flat({"甲": ("10", "1/3"), "乙": ("80", "1"), "丙": ("10", "0")})
    assert found.result.total == F("83.33") and found.firmness.unrounded == F(250, 3)
    assert proved(found, found.firmness.up) == F(20, 3)  # 丙 to 乙, point for point


def test_a_grade_that_rests_on_rounding() -> None:
    """Ten leaves of 8.5, published as 9 each: 90 and 优, while the rates say 85 and 良 without any move."""
    found = flat({f"指标{n}": ("10", "85/100") for n in range(10)}, rounding={"places": "0"})
    assert found.result.total == 90
    assert found.firmness.unrounded == 85
    down = found.firmness.down
    assert down is not None and (down.points, down.grade, down.aim, down.total, down.moved) == (0, "良", 89, 85, ())
    assert found.firmness.fewest == down and found.firmness.up is None
    up = flat({f"指标{n}": ("10", "77/100") for n in range(10)}, rounding={"places": "0"}).firmness
    assert up.up is not None and up.up.grade == "优" and up.up.points is None  # 77 before rounding
    assert up.down is not None and (up.down.grade, up.down.points, up.down.total) == ("中", 0, 77)


@pytest.mark.parametrize(
    ("places", "scale", "down", "up"),
    [
        ("0", FULL_SCALE, ("中", "79"), ("优", "90")),
        ("3", FULL_SCALE, ("中", "79.999"), ("优", "90")),
        (
            "1",
            ({"name": "甲", "above": "86%"}, {"name": "乙", "above": "80%"}, {"name": "丙", "at_most": "80%"}),
            ("丙", "80"),
            ("甲", "86.1"),
        ),
        # no whole total lies in 丁: it can be no one's grade
        (
            "0",
            (
                {"name": "甲", "at_least": "86.8"},
                {"name": "丁", "at_least": "86.2"},
                {"name": "乙", "at_least": "80"},
                {"name": "丙", "below": "80"},
            ),
            ("丙", "79"),
            ("甲", "87"),
        ),
        # a gap is no grade: behind it stands the next one
        (
            "1",
            ({"name": "甲", "above": "85"}, {"name": "乙", "at_least": "80"}, {"name": "丙", "below": "75.5"}),
            ("丙", "75.4"),
            ("甲", "85.1"),
        ),
        # the first row that fits: 85.5 alone, out of the midst of another
        (
            "1",
            ({"name": "甲", "exactly": "85.5"}, {"name": "乙", "at_least": "80"}, {"name": "丙", "below": "80"}),
            ("丙", "79.9"),
            ("甲", "85.5"),
        ),
    ],
)
def test_what_is_aimed_at(places: str, scale: tuple[Mapping[str, str], ...], down: tuple[str, str], up: tuple[str, str]) -> None:
    """From 85: the nearest total of another grade that has so many decimals as are published."""
    found = flat({"甲": ("50", "1"), "乙": ("50", "7/10")}, grades=scale, rounding={"places": places})
    for move, (grade, aim) in ((found.firmness.down, down), (found.firmness.up, up)):
        assert move is not None and (move.grade, move.aim, move.total) == (grade, F(aim), F(aim))
        assert move.points == abs(F(aim) - 85) / F("0.3")


def test_a_veto_caps_the_grade() -> None:
    """88 points are no more than 中: no weights help; below 60 it is 差 all the same."""
    leaves = {"甲": ("80", "1"), "乙": ("20", "2/5")}
    veto = ({"id": "v", "text": "弄虚作假", "grade": "中"}, {"id": "w", "text": "未整改", "grade": "差"})
    found = flat(leaves, {"veto": {"v": "yes", "w": "no"}}, veto=veto)
    assert found.result.grade == "中" and found.firmness.up is None
    assert proved(found, found.firmness.down) == F("28.01") / F("0.6")


def test_bonus_and_penalty_stand_as_they_are() -> None:
    leaves = {"甲": ("80", "1"), "乙": ("20", "1/2")}
    one = {"items": ({"id": "b", "text": "创新", "points": "2"},)}
    found = flat(
        leaves,
        {"bonus": {"b": "yes"}, "penalty": {"p": "yes"}},
        bonus=one,
        penalty={"items": ({"id": "p", "text": "迟报", "points": "5"},)},
    )
    assert (found.result.total, found.firmness.unrounded) == (87, 87)
    assert found.firmness.up is not None and (found.firmness.up.total, found.firmness.up.points) == (90, 6)
    assert found.firmness.down is not None and (found.firmness.down.total, found.firmness.down.points) == (F("79.99"), F("14.02"))


def test_a_penalty_down_to_nothing() -> None:
    """The total stops at 0, where a grade of its own begins: 2 points of leaves less than the penalty are as good as none."""
    scale = ({"name": "有", "above": "0"}, {"name": "无", "at_most": "0"})
    penalty = {"items": ({"id": "p", "text": "迟报", "points": "30"},)}
    found = flat({"甲": ("40", "1"), "乙": ("60", "0")}, {"penalty": {"p": "yes"}}, grades=scale, penalty=penalty).firmness
    assert found.up is None and found.down is not None and (found.down.points, found.down.total, found.down.grade) == (10, 0, "无")
    below = flat({"甲": ("20", "1"), "乙": ("80", "0")}, {"penalty": {"p": "yes"}}, grades=scale, penalty=penalty).firmness
    assert below.total == below.unrounded == 0
    assert below.up is not None and (below.up.aim, below.up.total, below.up.points) == (F("0.01"), F("0.01"), F("10.01"))


def test_weights_quoted_beyond_the_total() -> None:
    """As printed the weights come to 120 of 100: 100 is the most, a grade above it out of reach, and the weights keep their own sum."""
    scale = ({"name": "超", "above": "100"}, {"name": "满", "at_least": "100"}, {"name": "余", "below": "100"})
    found = flat({"甲": ("100", "1"), "乙": ("20", "1/2")}, total="100", as_printed="true", grades=scale).firmness
    assert (found.total, found.unrounded) == (100, 100)
    assert found.up == Move("up", "超", F("100.01"), None)
    assert found.down is not None and (found.down.points, found.down.total) == (F("20.02"), F("99.99"))
    assert sum(w.after for w in found.down.weights) == 120


def test_leaves_that_take_no_part() -> None:
    """没有权重的、不适用的: listed, and their weights are left alone. Under `full` what does not apply still has its points."""
    tree = (leaf("甲", "50"), leaf("乙", "30"), leaf("丙", "20"), leaf("丁", "0"))
    evidence = {"indicators": {"甲": {"actual": "1"}, "乙": {"actual": "0.5"}, "丙": {"not_applicable": "无此项"}, "丁": {"actual": "1"}}}
    found = scored({"tree": tree, "grades": FULL_SCALE, "policy": {"not_applicable": "full"}}, evidence)  # 50 + 15 + 20
    assert found.firmness.fixed == (("丙", "not_applicable"), ("丁", "no_weight"))
    assert proved(found, found.firmness.up) == 10
    assert [w.id for w in found.firmness.up.weights] == ["甲", "乙"]  # type: ignore[union-attr]
    assert proved(found, found.firmness.down) == F("10.02")


def test_under_rebase_total() -> None:
    """80 apply, so each leaf is worth a quarter more: 62.5 and 37.5. 62.5 + 18.75 = 81.25; 17.5 points up, at a half each."""
    tree = (leaf("甲", "50"), leaf("乙", "30"), leaf("丙", "20"))
    evidence = {"indicators": {"甲": {"actual": "1"}, "乙": {"actual": "0.5"}, "丙": {"not_applicable": "无此项"}}}
    found = scored({"tree": tree, "grades": FULL_SCALE, "policy": {"not_applicable": "rebase_total"}}, evidence)
    assert found.result.total == F("81.25") == found.firmness.unrounded
    move = found.firmness.up
    assert proved(found, move) == F("17.5")
    assert move is not None and [(w.before, w.after) for w in move.weights] == [(F("62.5"), 80), (F("37.5"), 20)]


def test_under_rebase_parent() -> None:
    """Of the first parent a half applies, so its leaf is worth twice its weight: 60 at 1, beside 40 at 5/8."""
    tree = ({"name": "上级", "weight": "60", "children": (leaf("甲", "30"), leaf("丙", "30"))}, leaf("乙", "40"))
    evidence = {"indicators": {"甲": {"actual": "1"}, "乙": {"actual": "0.625"}, "丙": {"not_applicable": "无此项"}}}
    found = scored({"tree": tree, "grades": FULL_SCALE, "policy": {"not_applicable": "rebase_parent"}}, evidence)
    assert found.result.total == 85 == found.firmness.unrounded
    move = found.firmness.up
    assert proved(found, move) == F(40, 3)
    assert move is not None and [w.before for w in move.weights] == [60, 40]


def test_not_defined() -> None:
    tree = {"tree": (leaf("甲", "50"), leaf("乙", "50")), "grades": FULL_SCALE}
    assert scored(tree, {"indicators": {"甲": {"actual": "1"}}}, partial=True).firm is None
    both = {"indicators": {"甲": {"actual": "1"}, "乙": {"actual": "0.5"}}}
    # a veto that nobody has answered, though it could not change this grade
    veto = {**tree, "veto": ({"id": "v", "text": "弄虚作假", "grade": "中"},)}
    open_veto = scored(veto, both, partial=True)
    assert open_veto.result.grade == "中" and open_veto.firm is None
