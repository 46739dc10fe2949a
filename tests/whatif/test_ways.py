"""The ways to a grade: on the real evaluation by hand, on small projects against every answer there is, on grown ones by bounds."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from perfeval.ir.units import range_of
from perfeval.problems import ProblemsFound
from perfeval.whatif.keys import Refused
from perfeval.whatif.levers import levers
from perfeval.whatif.standing import Standing
from perfeval.whatif.ways import Ways, finals, ways
from second.wild import grow_wild
from whatif.standings import SCALE, answers_only, example, grown, made, suppose

F = Fraction
LOST = ["绩效目标合理性", "绩效目标明确性", "政策知晓情况", "可持续影响"]


def written(found: Ways) -> list[list[dict[str, str]]]:
    return [[dict(move.written) for move in way.moves] for way in found.ways]


def test_the_real_evaluation_to_excellent() -> None:
    """88.5, 优 from 90 on: 1.5 are short. One item of either 绩效目标 gives just 1.5; 帮扶对象 gave 0 of 2.5, so 1.5 more;
    可持续影响 has 3 within 一般 (1 to 3), 较好 is 4 (+1, too little), 显著 is 5 (+2). 项目执行有效性 has 1 point to gain: not enough."""
    found = ways(Standing(example()), "优")
    assert (found.aim, found.indicators, found.farthest) == (90, 1, 100)
    assert written(found) == [
        [{"绩效目标合理性/checklist/reasonable": "是"}],
        [{"绩效目标明确性/checklist/reasonable": "是"}],
        [{"政策知晓情况/parts/帮扶对象": "1.5"}],
        [{"可持续影响/tier": "显著"}],
    ]
    assert [way.points for way in found.ways] == [F(3, 2), F(3, 2), F(3, 2), 2]
    assert [(room.leaf.name, room.most) for room in found.rooms] == [
        ("绩效目标合理性", 3),
        ("绩效目标明确性", 3),
        ("项目执行有效性", 5),
        ("政策知晓情况", 5),
        ("可持续影响", 5),
    ]


def test_what_is_final_is_left_alone() -> None:
    """Without both 绩效目标 and 政策知晓: 可持续影响 alone (+2). Without that too, one point is left: 89.5."""
    at = Standing(example())
    some = ways(at, "优", finals(at, LOST[:3]))
    assert written(some) == [[{"可持续影响/tier": "显著"}]]
    none = ways(at, "优", finals(at, LOST))
    assert (none.ways, none.farthest, none.farthest_grade) == ((), F(179, 2), "良")
    assert [(room.leaf.name, room.most) for room in none.rooms if room.most != room.leaf.counted] == [("项目执行有效性", 5)]


def test_final_means_a_fact_an_answer_an_indicator_or_a_parent() -> None:
    at = Standing(example())
    assert finals(at, ["帮扶人数"]) == {"帮扶人数"}
    assert finals(at, ["可持续影响/tier"]) == {"可持续影响/tier"}
    assert finals(at, ["满意度"]) == {"问卷得分", "问卷份数"}
    assert finals(at, ["绩效目标"]) >= {"绩效目标合理性/checklist/detailed", "绩效目标明确性/checklist/reasonable"}
    with pytest.raises(Refused, match="no evidence"):
        finals(at, ["没有的"])


def test_upwards_only() -> None:
    at = Standing(example())
    with pytest.raises(Refused, match="already"):
        ways(at, "良")
    with pytest.raises(Refused, match="already above"):
        ways(at, "中")
    with pytest.raises(Refused, match="There is no grade"):
        ways(at, "好")


def linear(name: str, weight: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "weight": weight, "rule": {"kind": "linear", "zero_at": "60%", "full_at": "100%", "of": name}, **more}


def test_a_rate_is_raised_just_as_far_as_it_has_to_be() -> None:
    """40 points on a line from 60% to 100%: one point for each per cent. 甲 at 80% has 20, 乙 at 95% has 35, 丙 20 of 20: 75.
    To 80: five more, 甲 from 85%; rounding to hundredths lets 24.995 do, which is 84.995%."""
    indicators = {"perfeval": "1", "id": "t", "tree": (linear("甲", "40"), linear("乙", "40"), linear("丙", "20")), "grades": SCALE}
    at = Standing(made(indicators, {"perfeval": "1", "facts": {"甲": "80%", "乙": "95%", "丙": "100%"}}))
    found = ways(at, "良")
    assert written(found) == [[{"甲": "84.995%"}], [{"乙": "99.995%"}]]
    assert all(way.after.total == 80 for way in found.ways)
    both = ways(at, "优")  # 15 more: 甲 alone has 20 to gain
    assert written(both) == [[{"甲": "94.995%"}]]


def test_declared_values_only() -> None:
    """The same with rates of whole per cents, at most 83%: 23 of 甲 and the rest of 乙."""
    quantities = {"甲": {"unit": "%", "from": "0%", "to": "83%", "places": "0"}, "乙": {"unit": "%", "places": "0"}}
    tree = (linear("甲", "40"), linear("乙", "40"), linear("丙", "20"))
    indicators = {"perfeval": "1", "id": "t", "tree": tree, "grades": SCALE, "quantities": quantities}
    at = Standing(made(indicators, {"perfeval": "1", "facts": {"甲": "80%", "乙": "95%", "丙": "100%"}}))
    assert written(ways(at, "良")) == [[{"乙": "100%"}]]
    none = ways(at, "优")
    assert (none.ways, none.farthest) == ((), 83)


def test_a_fact_that_two_indicators_use_counts_for_both() -> None:
    """到位/计划 and 支出/到位, each 50 points from 60% to 100%. 80 of 100, 72 of 80: 25 + 37.5 = 62.5. More 支出 brings 12.5 at
    most, more 到位 helps the one and hurts the other, less 计划 brings 25: from 计划 82.96… on 80/计划 is good for 17.495."""
    tree = (
        {"name": "到位率", "weight": "50", "measure": "到位 / 计划", "rule": {"kind": "linear", "zero_at": "60%", "full_at": "100%"}},
        {"name": "执行率", "weight": "50", "measure": "支出 / 到位", "rule": {"kind": "linear", "zero_at": "60%", "full_at": "100%"}},
    )
    facts = {"计划": "100元", "到位": "80元", "支出": "72元"}
    at = Standing(made({"perfeval": "1", "id": "t", "tree": tree, "grades": SCALE}, {"perfeval": "1", "facts": facts}))
    assert levers(at)["到位"].parts == ("到位率", "执行率")
    found = ways(at, "良")
    assert found.indicators == 1 and [set(row[0]) for row in written(found)] == [{"计划"}]
    assert all(way.after.total is not None and way.after.total >= 80 for way in found.ways)
    assert F(written(found)[0][0]["计划"].rstrip("元")) < 86


def test_a_veto_on_the_whole_is_lifted_or_stands() -> None:
    tree = {"tree": (linear("甲", "40"), linear("乙", "60")), "grades": SCALE, "veto": ({"id": "v", "text": "重大问题", "grade": "中"},)}
    evidence = {"perfeval": "1", "facts": {"甲": "100%", "乙": "96%"}, "veto": {"v": "yes"}}
    at = Standing(made({"perfeval": "1", "id": "t", **tree}, evidence))
    assert (at.total, at.grade) == (94, "中")
    found = ways(at, "优")
    assert (found.indicators, [way.vetoes for way in found.ways], [way.moves for way in found.ways]) == (0, [("veto/v",)], [()])
    stands = ways(at, "优", finals(at, ["veto/v"]))
    assert (stands.ways, stands.capped) == ((), ("重大问题",))


@pytest.mark.parametrize("seed", range(20))
def test_nothing_better_among_all_answers(seed: int) -> None:
    """Every combination of better answers is tried: the fewest indicators that do, and the fewest points among these."""
    at = answers_only(seed)
    known = {key: lever for key, lever in levers(at).items() if lever.value == ("/veto/" in key)}
    keys, values = list(known), {}
    for turned in product((False, True), repeat=len(keys)):
        changes = {key: 1 - known[key].value for key, turn in zip(keys, turned, strict=True) if turn}
        graded = at.graded(changes)
        if graded is not None:
            leaves = len({known[key].parts for key in changes})
            for rank in range(at.rank + 1, graded[1] + 1):
                values[rank] = min(values.get(rank, (99, F(0))), (leaves, graded[0] - at.total))
    for grade, rank in at.ranks.items():
        if rank <= at.rank:
            continue
        found = ways(at, grade)
        best = values.get(rank)
        assert (best is None) == (not found.ways), (seed, grade)
        if best is not None:
            assert (found.indicators, found.ways[0].points) == best, (seed, grade)


@pytest.mark.parametrize("seed", range(16))
def test_ways_of_grown_projects(seed: int) -> None:
    """Each way is scored again from its texts, and no fewer indicators do: not even with all their evidence as good as can be."""
    at = grown(seed)
    if at is None:
        pytest.skip("no total or no grade")
    for grade, rank in at.ranks.items():
        if rank <= at.rank:
            continue
        found = ways(at, grade)
        assert [way.points for way in found.ways] == sorted(way.points for way in found.ways), (seed, grade)
        for way in found.ways:
            texts = {key: text for move in way.moves for key, text in move.written.items()}
            after = suppose(at.ground, texts).after.result
            assert after.total == at.total + way.points and at.ranks[after.grade or ""] >= rank, (seed, grade)
            assert len(way.moves) == found.indicators
        if found.ways and at.result.rounding_at == "leaf":
            assert found.aim is not None
            best = sorted(possible(at), reverse=True)
            fewer = sum(best[: found.indicators - 1], F(0))
            assert fewer < found.aim - at.total or not tight(at), (seed, grade)
        if not found.ways:
            assert found.aim is None or found.farthest < found.aim, (seed, grade)


@pytest.mark.parametrize("seed", range(16))
def test_wild_projects(seed: int) -> None:
    """With policies, bonus and penalty, vetoes on the whole: a grade is told to be out of reach just where all at its best misses it."""
    wild = grow_wild(seed)
    try:
        ground = made(wild.indicators, wild.evidence)
    except ProblemsFound:
        pytest.skip("does not score")
    if ground.result.total is None or ground.result.grade is None or ground.result.missing:
        pytest.skip("no total or no grade")
    at = Standing(ground)
    for grade, rank in at.ranks.items():
        if rank > at.rank:
            found = ways(at, grade)
            assert bool(found.ways) == (at.ranks[found.farthest_grade] >= rank), (seed, grade)
            assert all(at.ranks[way.after.grade or ""] >= rank for way in found.ways), (seed, grade)


def possible(at: Standing) -> list[F]:
    """What each part could gain if any value were possible: bounds that know nothing of the search."""
    gains = []
    for part in at.parts.values():
        reach = range_of(part.expr, fixed(at))
        most = part.most if reach is None or reach.high is None else min(F(reach.high), part.most)
        gains.append(most - part.score)
    return gains


def fixed(at: Standing) -> dict[str, Any]:
    from perfeval.ir.units import Range

    flags = [key for key, ask in at.program.asks.items() if ask.form == "flag"]
    return {key: Range(at.values[key], at.values[key]) for key in flags}


def tight(at: Standing) -> bool:
    """Can every part come to what its bounds allow?"""
    from perfeval.whatif.reach import Reach

    known = levers(at)
    for part, gain in zip(at.parts.values(), possible(at), strict=True):
        own = [lever for lever in known.values() if lever.parts == (part.id,)]
        if Reach(at, part, own, F(1), at.unit).most < gain:
            return False
    return True
