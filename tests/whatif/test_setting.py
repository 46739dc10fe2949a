"""Evidence changed in memory: the same readers, the same problems, nothing written."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import Any

import pytest

from perfeval.explaining import explain
from perfeval.problems import ProblemsFound, Where
from perfeval.whatif.asked import Given
from perfeval.whatif.given import from_file, from_options
from perfeval.whatif.keys import Refused, Target
from perfeval.whatif.setting import _text, changed
from whatif.standings import EXAMPLE, example, made, suppose

F = Fraction


def test_the_real_evaluation() -> None:
    """帮扶职工数量: 10 points, 1 off for each of 10人 that is short. 满意度 of 79% is one whole 10% below 90%: 13 of 14."""
    found = suppose(example(), {"帮扶人数": "7人", "职工满意度": "79%"})
    assert {new.name: (old.score, new.score) for old, new in found.leaves} == {"帮扶职工数量": (10, 7), "职工满意度": (14, 13)}
    assert (found.after.result.total, found.after.result.grade) == (F(169, 2), "良")
    assert [(one.target.kind, one.before, one.after) for one in found.changes] == [("fact", "29人", "7人"), ("measured", "91.32%", "79%")]


def test_a_fact_moves_all_that_use_it() -> None:
    """15/17.16 = 87.41…%: (87.41…−70)/30 × 2 = 1.1608…; 17.16/15 is over 100%, full as before."""
    found = suppose(example(), {"实际到位资金": "15万元"})
    assert {new.name: new.score for _, new in found.leaves} == {"资金到位率": F(29, 25), "预算执行率": 2}
    assert found.after.result.total == F(177, 2) - F(84, 100)


def test_what_is_set_stands_where_it_was_said() -> None:
    _, new = suppose(example(), {"帮扶人数": "8"}).leaves[0]  # a bare number has the unit of what was counted
    assert explain(new, "zh")[0] == "帮扶人数 = 8人，--set 帮扶人数=8"
    for key, text, kind in (
        ("帮扶人数", "八人", "bad-number"),
        ("帮扶人数", "-1人", "out-of-range"),
        ("可持续影响/tier", "极好", "unknown-tier"),
        ("项目执行有效性/checklist/publicity", "也许", "bad-yes-no"),
        ("政策知晓情况/parts/帮扶对象", "3", "points-out-of-range"),
        ("职工满意度", "0.85", "percent-or-fraction"),
        ("帮扶有效性/not_applicable", "没有安排", "not-applicable-policy"),
    ):
        with pytest.raises(ProblemsFound) as caught:
            suppose(example(), {key: text})
        told = [problem for problem in caught.value.problems if problem.is_error]
        assert [(problem.kind.name, str(problem.where)) for problem in told] == [(kind, f"--set {key}={text}")]


def test_missing_leaves_an_interval() -> None:
    found = suppose(example(), {"项目执行有效性/checklist/publicity": "待补充", "帮扶人数": ""})
    assert [new.status for _, new in found.leaves] == ["pending", "pending"]
    assert (found.after.result.total, found.after.result.low, found.after.result.high) == (None, F(157, 2), F(179, 2))


def test_a_tier_drops_the_points_given_for_another() -> None:
    found = suppose(example(), {"可持续影响": "较好"})
    assert (found.dropped, found.after.result.total) == (("可持续影响/points",), F(179, 2))
    assert suppose(example(), {"可持续影响": "2"}).after.result.total == F(175, 2)  # within 一般: 3 → 2
    with pytest.raises(ProblemsFound) as caught:  # given together they are taken at their word
        suppose(example(), {"可持续影响/tier": "较好", "可持续影响/points": "2"})
    assert [problem.kind.name for problem in caught.value.problems if problem.is_error] == ["points-not-judged"]


def project(evidence: dict[str, Any], **tree: Any) -> Any:
    nodes = (
        {"name": "甲", "weight": "60", "rule": {"kind": "checklist", "items": ("一", "二", {"text": "三", "rule": {"kind": "judged"}})}},
        {
            "name": "乙",
            "weight": "40",
            "rule": {"kind": "threshold", "at_least": "90%"},
            "defects": ({"id": "d", "text": "问题", "per": "5"},),
        },
    )
    return made({"perfeval": "1", "id": "t", "tree": nodes, **tree}, {"perfeval": "1", **evidence})


ANSWERS = {"甲": {"checklist": ("yes", "no", {"points": "10", "reason": "不足"})}, "乙": {"actual": "95%", "defects": {"d": "1"}}}


def test_answers_in_order_stay_in_order() -> None:
    at = project({"indicators": ANSWERS})
    assert at.result.total == 30 + 35
    found = suppose(at, {"甲/checklist/二": "是", "甲/checklist/三": "20", "乙/defects/d": "0"})
    assert found.after.result.total == 100
    assert suppose(at, {"甲/checklist/三/points": "5"}).after.result.total == 60
    assert suppose(at, {"乙": "80%"}).after.result.total == 30


def test_what_does_not_apply() -> None:
    at = project({"indicators": ANSWERS}, policy={"not_applicable": "rebase_total"})
    without = suppose(at, {"乙/not_applicable": "没有这项工作"})
    assert without.after.result.total == 50  # 30 of 60
    again = changed(without.after, [Given("乙/not_applicable", "否", Where("--set"))])
    assert again.after.result.total == 65


def test_a_fact_that_was_not_there() -> None:
    nodes = ({"name": "甲", "weight": "100", "measure": "做了 / 要做", "rule": {"kind": "linear", "zero_at": "0%", "full_at": "100%"}},)
    at = made({"perfeval": "1", "id": "t", "tree": nodes}, {"perfeval": "1", "facts": {"要做": "8户"}})
    assert at.result.total is None
    assert suppose(at, {"做了": "6户"}).after.result.total == 75


def test_keys_that_mean_nothing() -> None:
    for key, said in (
        ("没有的", "no evidence"),
        ("职工满意", "Did you mean “职工满意度”"),
        ("政策知晓情况", "several answers"),
        ("项目产出", "has children"),
        ("帮扶有效性/tier", "does not use"),
    ):
        with pytest.raises(Refused, match=said):
            suppose(example(), {key: "1"})
    with pytest.raises(Refused, match="set twice"):
        suppose(example(), {"可持续影响/tier": "显著", "可持续影响": "较好"})


def test_options_and_files() -> None:
    assert from_options(["甲 = 1=2"]) == [Given("甲", "1=2", Where("--set 甲 = 1=2"))]
    lines = from_file("f.txt", "# 说明\n甲=85%\n\n 乙/tier=好\n".encode())
    assert [(one.key, one.text, one.where.line) for one in lines] == [("甲", "85%", 2), ("乙/tier", "好", 4)]
    mapped = from_file("f.yaml", "甲: 85%\n乙/tier: 好\n".encode())
    assert [(one.key, one.text, str(one.where)) for one in mapped] == [("甲", "85%", "f.yaml:1:4"), ("乙/tier", "好", "f.yaml:2:9")]
    for data in (b"", b"# only\n", "甲\n".encode(), "甲: {乙: 1}\n".encode(), "- 甲\n".encode(), b"=1\n"):
        with pytest.raises((Refused, ProblemsFound)):
            from_file("f", data)
    with pytest.raises(ProblemsFound):
        from_options(["甲=1\u200b"])
    with pytest.raises(ProblemsFound):
        from_file("f.yaml", "甲: 1\n甲: 2\n".encode())


def test_nothing_is_written() -> None:
    def state() -> list[tuple[str, str]]:
        return sorted((str(path), hashlib.sha256(path.read_bytes()).hexdigest()) for path in EXAMPLE.rglob("*") if path.is_file())

    before = state()
    suppose(example(), {"帮扶人数": "1人"})
    assert state() == before


def test_a_value_that_no_rule_uses_is_shown_and_a_setting_without_effect_is_told() -> None:
    """职工满意度 typed by the leaf's name leaves its facts unused; both are set, and the one without effect is named."""
    done = suppose(example(), {"职工满意度": "79%", "问卷份数": "3份"})
    assert done.unused == ("问卷份数",)
    assert [change.before for change in done.changes if change.target.key == "问卷份数"] == ["26份"]
    assert suppose(example(), {"问卷份数": "30份"}).unused == ()


def test_a_counted_fact_that_no_rule_uses_has_a_value() -> None:
    """Counted facts have no text; what they come to is shown all the same."""
    at = example()
    fact = at.folder.facts["问卷份数"]._replace(key="没人用")
    spare = at._replace(folder=at.folder._replace(facts={**at.folder.facts, "没人用": fact}))
    assert _text(spare, Target("fact", "没人用")) == "26份"


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Unknown keys with their lines, and beside them the values of good keys that cannot be read."""
    given = [
        Given("没有的", "1", Where("s.txt", 1, 1, "没有的=1", 5)),
        Given("帮扶人数", "八人", Where("s.txt", 2, 1, "帮扶人数=八人", 7)),
        Given("也没有", "1", Where("s.txt", 3, 1, "也没有=1", 5)),
    ]
    with pytest.raises(Refused) as found:
        changed(example(), given)
    assert [line.partition("：")[0] for line in found.value.zh.splitlines()] == ["s.txt:1", "s.txt:3"]
    assert [(problem.kind.name, problem.where and problem.where.line) for problem in found.value.beside] == [("bad-number", 2)]
