"""Annex 1 of the 襄垣 report as a second rule set: its faults are warnings, and what it asks beyond the evidence is an interval."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from perfeval.model.result import Indicator, Result
from perfeval.model.tree import Tree
from perfeval.problems import Problem, ProblemsFound
from perfeval.reading import read_project
from perfeval.scoring import open_project, score

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "xiangyuan_2023"

NOT_ASKED = {
    "    actual: 无\n    checklist: {reasonable: no, detailed: no}\n": "    actual: 无\n",  # 绩效目标明确性, the second of two
    ", archive-complete: yes": "",
    "    parts:\n      工作人员: 2.5\n"
    "      帮扶对象: {points: 0, reason: 消息不灵通，不能及时得知政策，一部分人靠朋友转告，扣 2.5 分}\n": "",
    ", cause-match: yes": "",
}
"""Answers to what only the body asks. Each stands in evidence.yaml once, or is the last of several."""

FAULTS = [
    ("rule-exceeds-weight", "项目执行有效性"),  # ×4 of an item of 1 point
    ("rule-exceeds-weight", "帮扶工作完成情况"),  # 7.5 + 7.5 of 10
    ("bands-otherwise", "帮扶工作完成情况"),  # above 100%: =100% is printed
    ("bands-otherwise", "帮扶工作完成情况"),
    ("bands-otherwise", "质量达标情况"),
    ("bands-otherwise", "质量达标情况"),
    ("rule-exceeds-weight", "政策知晓情况"),  # 5 + 5 of 5
    ("rule-exceeds-weight", "帮扶有效性"),  # 3 + 2 + 5 of 6
    ("step-mode-open", "职工满意度"),
]

SCORED = {
    "立项依据充分性": "3",
    "立项程序规范性": "2",
    "预算编制科学性": "3",
    "资金分配合理性": "3",
    "分配结果情况": "3",
    "资金到位率": "2",
    "预算执行率": "1",
    "资金使用合规性": "4",
    "财务管理制度健全性": "2",
    "组织管理保障性": "2",
    "帮扶工作完成情况": "10",
    "质量达标情况": "10",
    "帮扶职工数量": "10",
    "可持续影响": "3",
    "职工满意度": "14",
}

PENDING = {
    "绩效目标合理性": (0, 0, ["绩效目标合理性/veto/all-qualitative", "绩效目标合理性/defects/not-quantified"]),
    "绩效目标明确性": (
        0,
        3,
        [
            "绩效目标明确性/veto/all-qualitative",
            "绩效目标明确性/checklist/clear",
            "绩效目标明确性/checklist/quantified",
            "绩效目标明确性/defects/not-quantified",
        ],
    ),
    "帮扶管理制度的健全性": (0, 3, ["帮扶管理制度的健全性/defects/incomplete"]),
    "项目执行有效性": (3, 4, ["现有资料总数", "应有资料总数"]),
    "政策知晓情况": (0, 5, ["工作人员政策知晓度", "帮扶对象政策知晓度"]),
    "帮扶有效性": (3, 6, ["春节前收到人数", "总人数", "帮扶有效程度"]),
}

LEAST = {
    "    checklist: {reasonable: no, detailed: no}\n": "    checklist: {reasonable: no, detailed: no}\n"
    "    veto: {all-qualitative: yes}\n    defects: {not-quantified: 2}\n",
    "  绩效目标明确性:\n": "  绩效目标明确性:\n    checklist: {clear: no, quantified: no}\n"
    "    veto: {all-qualitative: yes}\n    defects: {not-quantified: 2}\n",
    "  帮扶管理制度的健全性:\n": "  帮扶管理制度的健全性:\n    defects: {incomplete: 3}\n",
    "\nfacts:\n": "\nfacts:\n  现有资料总数: 0份\n  应有资料总数: 40份\n  工作人员政策知晓度: 0%\n  帮扶对象政策知晓度: 0%\n"
    "  春节前收到人数: 0人\n  总人数: 29人\n  帮扶有效程度: 0%\n",
}
"""The evidence that is missing, as bad as it can be."""

MOST = {
    "    checklist: {reasonable: no, detailed: no}\n": "    checklist: {reasonable: no, detailed: no}\n"
    "    veto: {all-qualitative: no}\n    defects: {not-quantified: 0}\n",
    "  绩效目标明确性:\n": "  绩效目标明确性:\n    checklist: {clear: yes, quantified: yes}\n"
    "    veto: {all-qualitative: no}\n    defects: {not-quantified: 0}\n",
    "  帮扶管理制度的健全性:\n": "  帮扶管理制度的健全性:\n    defects: {incomplete: 0}\n",
    "\nfacts:\n": "\nfacts:\n  现有资料总数: 10份\n  应有资料总数: 40份\n  工作人员政策知晓度: 60%\n  帮扶对象政策知晓度: 40%\n"
    "  春节前收到人数: 29人\n  总人数: 29人\n  帮扶有效程度: 20%\n",
}
"""Just enough of it for what is possible: 10 of 40 documents (×4), 60% and 40% (×5 each), 3 + 2 + 20% × 5."""


def edited(path: Path, changes: Mapping[str, str]) -> None:
    """Replace the last place of each text; a text that is not there is a test that no longer fits."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"{path.name}: {old}"
        before, after = text.rsplit(old, 1)
        text = before + new + after
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example with annex 1 for its rules, and without the answers that annex 1 does not ask for."""
    root = as_it_stands(tmp_path)
    edited(root / "evidence.yaml", NOT_ASKED)
    return root


def as_it_stands(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("reports", "indicators.yaml"))
    edited(root / "project.yaml", {"\nindicators: indicators.yaml\n": "\nindicators: annex1.yaml\n"})
    return root


def scored(root: Path, partial: bool = True) -> Result:
    return score(open_project(root), partial)


def leaf(result: Result, name: str) -> Indicator:
    return next(one for one in result.leaves if one.name == name)


def refused(root: Path) -> list[Problem]:
    with pytest.raises(ProblemsFound) as found:
        scored(root)
    return [problem for problem in found.value.problems if problem.is_error]


def told(root: Path, problem: Problem) -> tuple[str, str]:
    """A warning's kind, and the leaf of annex1.yaml that it stands in."""
    assert problem.where is not None and problem.where.line is not None
    lines = (root / "annex1.yaml").read_text(encoding="utf-8").splitlines()[: problem.where.line]
    return problem.kind.name, next(line for line in reversed(lines) if line.lstrip().startswith("- name: ")).split("name: ")[1]


# ---- the tree


def test_the_same_indicators_as_the_body(folder: Path) -> None:
    body, annex = read_project(EXAMPLE).tree, read_project(folder).tree

    def shape(tree: Tree) -> list[object]:
        return [(tuple(node.key for node in chain), chain[-1].weight, chain[-1].target) for _, chain in tree.walk()]

    assert shape(annex) == shape(body)
    assert len([1 for _, chain in annex.walk() if not chain[-1].children]) == 21


def test_its_faults_are_warnings_and_nothing_else_is(folder: Path) -> None:
    notes = scored(folder).notes
    assert not any(problem.is_error for problem in notes)
    assert [told(folder, problem) for problem in notes] == FAULTS


def test_without_as_printed_they_are_errors(folder: Path) -> None:
    edited(folder / "annex1.yaml", {"\nas_printed: true\n": "\n"})
    assert sorted(problem.kind.name for problem in refused(folder)) == sorted(name for name, _ in FAULTS)


# ---- the score


def test_what_is_scored_and_what_is_pending(folder: Path) -> None:
    result = scored(folder)
    assert {one.name: str(one.score) for one in result.leaves if one.status == "scored"} == SCORED
    pending = {one.name: (one.low, one.high, list(one.missing)) for one in result.leaves if one.status == "pending"}
    assert pending == PENDING


def test_the_total_is_an_interval_without_a_grade(folder: Path) -> None:
    result = scored(folder)
    assert (result.low, result.high, result.total, result.grade) == (78, 93, None, None)
    first = {one.name: (one.low, one.high) for one in result.indicators if one.level == 1}
    assert first == {"项目决策": (14, 17), "项目过程": (14, 18), "项目产出": (30, 30), "项目效益": (20, 28)}


@pytest.mark.parametrize(("given", "total", "grade"), [(LEAST, 78, "中"), (MOST, 93, "优")])
def test_both_ends_of_the_interval_can_be_reached(given: Mapping[str, str], total: int, grade: str, folder: Path) -> None:
    edited(folder / "evidence.yaml", given)
    result = scored(folder, partial=False)
    assert (result.total, result.grade) == (total, grade)


def test_answers_that_only_the_body_asks_for(tmp_path: Path) -> None:
    found = [(problem.kind.name, problem.message("zh")) for problem in refused(as_it_stands(tmp_path))]
    assert found == [
        ("unknown-item", "「绩效目标明确性」里没有「reasonable」这一项。"),
        ("unknown-item", "「绩效目标明确性」里没有「detailed」这一项。"),
        ("evidence-not-asked", "「项目执行有效性」的评分标准不用「archive-complete」。"),
        ("evidence-not-asked", "「政策知晓情况」的评分标准不用「工作人员」。"),
        ("evidence-not-asked", "「政策知晓情况」的评分标准不用「points」。"),
        ("unknown-item", "「帮扶有效性」里没有「cause-match」这一项。"),
    ]


# ---- rules where annex 1 differs, at their ends


@pytest.mark.parametrize(
    ("rate", "first", "second"),
    [("100%", 10, 10), ("99.99%", 10, 10), ("90%", 10, 10), ("89.99%", 6, 6), ("70%", 6, 6)],
)
def test_rates(rate: str, first: int, second: int, folder: Path) -> None:
    """Both rates of a leaf alike; the first is cut off at its weight, the second at the cap that is printed."""
    names = ("帮扶开展率", "困难职工建档人员救助率", "困难职工建档合格率", "帮扶资金发放合规率")
    edited(folder / "evidence.yaml", {f"  {name}: {{value: 100%": f"  {name}: {{value: {rate}" for name in names})
    result = scored(folder)
    assert (leaf(result, "帮扶工作完成情况").score, leaf(result, "质量达标情况").score) == (first, second)


def test_a_rate_below_all_bands_is_judged(folder: Path) -> None:
    edited(folder / "evidence.yaml", {"  帮扶开展率: {value: 100%": "  帮扶开展率: {value: 69.99%"})
    one = leaf(scored(folder), "帮扶工作完成情况")
    assert (one.low, one.high, list(one.missing)) == (Fraction("7.5"), Fraction("9.5"), ["帮扶工作完成情况/parts/帮扶开展率/points"])


def test_a_rate_above_what_is_printed_has_no_answer(folder: Path) -> None:
    edited(folder / "evidence.yaml", {"  帮扶开展率: {value: 100%": "  帮扶开展率: {value: 100.01%"})
    assert [problem.kind.name for problem in refused(folder)] == ["rule-no-answer"]


@pytest.mark.parametrize(
    ("received", "points"),
    [("17.16万元", "1"), ("17.161万元", "2"), ("24.51万元", "2"), ("24.52万元", "0")],
)
def test_spending_between_the_ends_is_scored_by_what_was_received(received: str, points: str, folder: Path) -> None:
    """171600 元 spent: all of it, a little less (then more points than for all), 70.01 and 69.98 per cent."""
    edited(folder / "evidence.yaml", {"  实际到位资金: {value: 17.16万元": f"  实际到位资金: {{value: {received}"})
    assert str(leaf(scored(folder), "预算执行率").score) == points


def test_received_in_part_counts_where_spending_is_between_the_ends(folder: Path) -> None:
    edited(folder / "evidence.yaml", {"  计划投入资金: {value: 17.16万元": "  计划投入资金: {value: 21.45万元"})
    edited(folder / "evidence.yaml", {"  实际到位资金: {value: 17.16万元": "  实际到位资金: {value: 18.2325万元"})
    assert leaf(scored(folder), "预算执行率").score == 1  # 85% received, half way from 70% to 100%


def test_too_few_people_are_judged_below_full_marks(folder: Path) -> None:
    edited(folder / "evidence.yaml", {"  帮扶人数: {table: payments, count: rows}": "  帮扶人数: {value: 9人}"})
    one = leaf(scored(folder), "帮扶职工数量")
    assert (one.status, one.low, one.high, list(one.missing)) == ("pending", 0, 10, ["帮扶职工数量/points"])


def test_a_step_begun_is_not_guessed_at(folder: Path) -> None:
    edited(folder / "evidence.yaml", {"  问卷份数: {table: survey, count: rows}": "  问卷份数: {value: 27份}"})  # 87.94…%
    assert [problem.kind.name for problem in refused(folder)] == ["rule-no-answer"]
