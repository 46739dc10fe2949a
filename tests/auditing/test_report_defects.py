"""A whole finished report that agrees with the project and with itself: silent; with one figure changed, that one is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditing.test_cases import BASE, CASES
from perfeval.auditing._catalogue import known_names
from perfeval.auditing._opening import Opened, open_folder, open_report
from perfeval.auditing._running import audit
from perfeval.cli._problems import shown_problem
from perfeval.reading.documents import read_report

REPORT = CASES / "base_report.txt"
CHANGED: dict[str, tuple[str, str, str]] = {
    "the total in the summary": ("本项目总得分为 82.97 分", "本项目总得分为 83.97 分", "printed-differs printed-not-computed"),
    "the grade": ("绩效评级为“良”", "绩效评级为“优”", "printed-not-computed"),
    "a rate of the first table": ("产出 35 28 80.00%", "产出 35 28 82.00%", "printed-rate"),
    "a score of the first table": ("产出 35 28 80.00%", "产出 35 29 82.86%", "printed-sum printed-differs printed-not-computed"),
    "a loss left out": ("：助餐人次完成率、食品安全检查、服务规范性。", "：助餐人次完成率、服务规范性。", "printed-loss-list"),
    "a product": ("57600/41000=1.40", "57600/41000=1.45", "arithmetic-wrong"),
    "a sum of money": ("运营 17.6 万元，19.8+49", "运营 17.6 万元，18.9+49", "arithmetic-wrong"),
    "the unit of money": ("实际支出 86.4 万元，86.4/90", "实际支出 86.4 元，86.4/90", "amount-unit"),
    "a period": ("2024 年 2 月 18 日—3 月 8 日", "2024 年 2 月 18 日—2023 年 3 月 8 日", "period-reversed"),
    "the period evaluated": ("评价时段为 2023 年 1 月至 2023 年 12 月", "评价时段为 2022 年 1 月至 2022 年 12 月", "period-differs"),
    "a year": ("2022 年助餐 41000 人次", "2021 年助餐 41000 人次", "year-twice"),
    "a year of three": ("2023 年助餐 57600 人次；", "2022 年助餐 57600 人次；", "year-twice"),
    "an actual value in the table": ("助餐人次完成率 100% 96.0% 15 12", "助餐人次完成率 100% 97.0% 15 12", "printed-actual"),
    "an actual value in a sentence": ("万元，预算执行率为 96%，2022", "万元，预算执行率为 95%，2022", "printed-actual"),
    "points of a group": ("产出质量（20分）\n食品安全检查 0", "产出质量（22分）\n食品安全检查 0", "printed-sum printed-differs printed-not-computed"),
    "a count": ("产出类指标由 2 个二级指标和 3 个三级", "产出类指标由 2 个二级指标和 4 个三级", "printed-count"),
    "the score of a sentence": ("权重 8 分，得分 7 分，得分率为 87.5%", "权重 8 分，得分 6 分，得分率为 75%", "printed-sum printed-differs printed-not-computed printed-loss"),
    "what was taken off": ("本指标扣 1.33 分", "本指标扣 1.23 分", "printed-loss"),
    "a share that was taken off": ("扣该指标 25%分值", "扣该指标 50%分值", "printed-loss"),
    "shares of items": ("①②③④各占 1/4 权重，符合得分，不符合扣该份额。\n评价组", "①②③④各占 1/3 权重，符合得分，不符合扣该份额。\n评价组", "printed-parts"),
    "points of an item in the annex": ("批复 (4 分)", "批复 (5 分)", "printed-parts printed-rule-differs"),
    "a bound in the annex": ("<90%得 6 分；其余", "<85%得 6 分；其余", "printed-rule-differs"),
    "a rule in both places": ("", "", "printed-rule-not-project"),
    "points of a part": ("得 10.8 分；投诉", "得 10.5 分；投诉", "printed-part-score"),
    "a repealed document": ("《项目支出绩效评价管理办法》（财预〔2020〕10 号）", "《财政支出绩效评价管理暂行办法》", "repealed-document"),
    "a chapter": ("五、存在的问题", "六、存在的问题", "chapter-numbering"),
    "a day": ("2024 年 1 月 22 日—2 月 2 日", "2024 年 1 月 22 日—2 月 30 日", "date-impossible"),
    "a date after the report": ("次年 1 月补付的 3.6 万元不计入", "3.6 万元已于 2024 年 5 月补付", "date-after-report"),
    "an inequality": ("一般得 3-9 分；不明显不得分。\n边远", "一般得 3-9 分；不明显不得分。\n2022年的 12>14，边远", "inequality-false"),
}  # fmt: skip


def found(opened: Opened) -> set[str]:
    audited = audit(opened, known_names())
    assert not audited.errors
    return {one.kind.name for one in audited.findings}


def test_a_report_that_agrees() -> None:
    for opened in (open_folder(BASE, report=read_report(REPORT)), open_report(read_report(REPORT))):
        done = audit(opened, known_names())
        assert not done.findings, "\n".join(shown_problem(one, "zh") for one in done.findings)


@pytest.mark.parametrize("name", CHANGED)
def test_one_change(name: str, tmp_path: Path) -> None:
    old, new, kinds = CHANGED[name]
    text = REPORT.read_text("utf-8")
    pairs = [(old, new)] if old else [("<90%得 6 分；其余", "<90%得 5 分；其余"), ("<90%得 6 分；70%以下", "<90%得 5 分；70%以下")]
    for before, after in pairs:
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times"
        text = text.replace(before, after)
    path = tmp_path / "report.txt"
    path.write_text(text, "utf-8")
    assert found(open_folder(BASE, report=read_report(path))) == set(kinds.split())
