"""Texts that are made to be slow, or to make a check fail: each is read once, and what is no number is none."""

from __future__ import annotations

import pytest

from perfeval.auditing._catalogue import known_names
from perfeval.auditing._opening import open_report
from perfeval.auditing._running import Audited, audit
from perfeval.reading.documents import report_from
from perfeval.reading.documents.watched import Watch

LONG = "7" * 5_000  # more digits than Python reads
FIGURES = {
    "a count": f"产出由{LONG}个二级指标和2个三级指标组成，权重 3 分，实际得分 2 分。",
    "a weight": f"“出勤率”指标权重 {LONG} 分，得分 2 分，得分率 {LONG}%。",
    "a score": f"“出勤率”指标权重 3 分，得分 {LONG}.5 分。评分标准：得 {LONG} 分。本指标扣 {LONG} 分。",
    "a loss": f"“出勤率”指标权重 3 分，得分 2 分。\n评分标准：达标得 3 分，否则扣 1 分。\n本指标扣 {LONG} 分，扣该指标 {LONG}%分值。",
    "a group": f"产出类指标共 {LONG} 分，得分 20 分。",
    "a total": f"本项目总得分为 {LONG} 分，绩效评级为“良”。",
    "an edge": f"“出勤率”指标权重 3 分，得分 2 分。\n评分标准：在 {LONG}%~100%之间得 3 分，在 70%~{LONG}%之间得 1 分。",
    "a part": f"“出勤率”指标权重 3 分，得分 2 分。\n评分标准：①项占 {LONG} 分，②项占 2 分；双方各占 {LONG} 分，共计 {LONG} 分；满分 {LONG} 分。",
    "a factor": f"“出勤率”指标权重 3 分，得分 2 分。\n评分标准：甲知晓度*{LONG}；乙知晓度*{LONG}",
    "a cell": f"一级指标 二级指标 三级指标 权重 得分 得分率\n产出（{LONG} 分）\n数量（12分）\n人次 {LONG} 7 {LONG}%\n合计 {LONG} 17 85%",
    "a cell of Markdown": f"|一级指标|三级指标|权重|得分|得分率|\n|---|---|---|---|---|\n|产出（{LONG}分）|人次|{LONG}|{LONG}.{LONG}|{LONG}%|",
    "an equation": f"{LONG}+1={LONG}，{LONG}/2={LONG}%，{LONG}>{LONG}。",
    "a date": f"{LONG}年{LONG}月{LONG}日，{LONG}-{LONG}-{LONG}。",
    "an amount": f"资金 {LONG} 万元，{LONG} 元，{LONG}%。",
    "a caption": f"表 {LONG}-{LONG} 得分情况\n{LONG}、概况\n第{LONG}章",
    "a document": f"《关于2021年的通知》（某函〔{LONG}〕{LONG} 号）",
    "a phone": f"电话{LONG}，身份证{LONG}X",
}
SLOW = {
    "captions of other projects": "社区食堂运营绩效评价报告\n\n"
    + "\n\n".join(f"{''.join(chr(0x4E00 + (at * step) % 9_000) for step in (1, 7, 31, 211, 499))}项目得分情况" for at in range(8_000)),
    "one other project": "社区食堂运营绩效评价报告\n\n" + "乡村公路养护项目绩效指标汇总\n\n" * 7_000,
    "numbers of documents": "".join(f"《关于2021年的通知》（某函〔{1000 + at % 9000}〕{at} 号）\n" for at in range(4_000)),
    "one number of documents": "《关于2021年的通知》（某函〔2021〕5号）" * 4_000,
    "titles that differ in digits": "".join(f"《关于{at}的通知》（某函〔2021〕5号）\n" for at in range(4_000)),
    "captions with a jump": "".join(f"表 {1 + at % 99}-{1 + 2 * (at % 400)} 情况{at}\n\n" for at in range(6_000)),
    "labels in one paragraph": "见" + " 表 1-1" * 20_000 + "\n表 1-1 甲\n表 1-3 乙\n",
    "lists that begin": "1、甲\n\n" * 12_000 + "7、乙\n\n" * 12_000,
    "headings that jump": "".join(f"# {'三' if at % 2 else '六'}、概况{at}\n\n" for at in range(5_000)),
    "groups without a name": "由2个二级指标和3个三级指标组成，权重 3 分，实际得分 2 分，" * 2_000,
    "names of groups": "产出" * 20_000 + "由2个二级指标和3个三级指标组成，权重 3 分，实际得分 2 分，" * 500,
    "findings on one line": "2月30日，电话13800000000，" * 4_000,
    "blanks in a line of dashes": "|a|\n" + " " * 40_000 + "x",
    "blanks in a cell": "|a|\n|-|\n|x" + " " * 80_000 + "x|",
    "a table that is wide": "|a" * 20_000 + "|\n" + "|-" * 20_000 + "|\n" + "|\n" * 20_000,
}


def audited(text: str) -> Audited:
    return audit(open_report(report_from("report.txt", text.encode()).document), known_names())


@pytest.mark.parametrize("name", FIGURES)
def test_numbers_of_any_length(name: str) -> None:
    done = audited("某项目\n绩效评价报告\n" + FIGURES[name] + "\n")
    assert not done.errors


@pytest.mark.parametrize("name", SLOW)
def test_much_of_one_kind_takes_no_time(name: str) -> None:
    """Below the limit for reading a file, which is generous: what looked from each place at all others took longer by far."""
    with Watch():
        assert not audited(SLOW[name]).errors
