"""The example's tree written out by hand for Polars, as one would who has only this tree: `by_hand.py EVIDENCE SCORES`.

Floats, as such programs have them: quotients are rounded as floats are, and half a cent may fall on the wrong side.
"""

from __future__ import annotations

import sys

import polars as pl

c = pl.col
CHECKLISTS = {
    "立项依据充分性": {"policy-basis": 1.5, "duty-fit": 1.5},
    "立项程序规范性": {"eligible": 1.0, "approval": 1.0},
    "绩效目标合理性": {"reasonable": 1.5, "detailed": 1.5},
    "绩效目标明确性": {"reasonable": 1.5, "detailed": 1.5},
    "预算编制科学性": {"argued": 1.0, "content-match": 1.0, "amount-basis": 1.0},
    "资金分配合理性": {"method-sound": 1.5, "method-fair": 1.5},
    "分配结果情况": {"procedure": 1.5, "result": 1.5},
    "财务管理制度健全性": {"system": 1.0, "accounting": 1.0},
    "组织管理保障性": {"organisation": 0.5, "duties": 0.5, "training": 0.5, "meetings": 0.5},
    "帮扶管理制度的健全性": {"process": 1.0, "policy-fit": 1.0, "review": 1.0},
    "项目执行有效性": {"publicity": 1.0, "timely-entry": 1.0, "accounts-match": 1.0, "archive-system": 1.0, "archive-complete": 1.0},
    "帮扶有效性": {"on-time": 3.0, "cause-match": 3.0},
}
SECOND = {
    "项目立项": ["立项依据充分性", "立项程序规范性"],
    "绩效目标": ["绩效目标合理性", "绩效目标明确性"],
    "资金投入": ["预算编制科学性", "资金分配合理性", "分配结果情况"],
    "资金管理": ["资金到位率", "预算执行率", "资金使用合规性"],
    "组织实施": ["财务管理制度健全性", "组织管理保障性", "帮扶管理制度的健全性", "项目执行有效性"],
    "帮扶数量": ["帮扶工作完成情况", "质量达标情况", "帮扶职工数量"],
    "帮扶效益": ["政策知晓情况", "帮扶有效性"],
    "可持续影响（二级）": ["可持续影响"],
    "满意度": ["职工满意度"],
}
FIRST = {
    "项目决策": ["项目立项", "绩效目标", "资金投入"],
    "项目过程": ["资金管理", "组织实施"],
    "项目产出": ["帮扶数量"],
    "项目效益": ["帮扶效益", "可持续影响（二级）", "满意度"],
}


def number(name: str) -> pl.Expr:
    return c(name).cast(pl.Float64)


def checklist(leaf: str, items: dict[str, float]) -> pl.Expr:
    return pl.sum_horizontal(pl.when(c(f"{leaf}/checklist/{key}")).then(points).otherwise(0.0) for key, points in items.items())


def linear(above: str, below: str, weight: float) -> pl.Expr:
    return ((number(above) / number(below) - 0.7) / 0.3 * weight).clip(0, weight).round(2)


def by_band(rate: str) -> pl.Expr:
    value = number(rate)
    return pl.when(value >= 100).then(5.0).when(value >= 90).then(3.0).when(value >= 70).then(1.0).otherwise(0.0)


def added(groups: dict[str, list[str]]) -> list[pl.Expr]:
    return [pl.sum_horizontal(names).alias(parent) for parent, names in groups.items()]


def scored(frame: pl.LazyFrame) -> pl.LazyFrame:
    compliant = checklist("资金使用合规性", {"procedure": 2.0, "purpose": 2.0})
    rate = number("问卷得分") / (number("问卷份数") * 90)
    tier = c("可持续影响/tier")
    leaves = [
        *(checklist(leaf, items).alias(leaf) for leaf, items in CHECKLISTS.items()),
        linear("实际到位资金", "计划投入资金", 2).alias("资金到位率"),
        linear("实际支出资金", "实际到位资金", 2).alias("预算执行率"),
        pl.when(c("资金使用合规性/veto/misuse")).then(0.0).otherwise(compliant).alias("资金使用合规性"),
        (by_band("帮扶开展率") + by_band("困难职工建档人员救助率")).alias("帮扶工作完成情况"),
        (by_band("困难职工建档合格率") + by_band("帮扶资金发放合规率")).alias("质量达标情况"),
        number("帮扶人数").clip(0, 10).alias("帮扶职工数量"),
        (number("政策知晓情况/parts/工作人员") + number("政策知晓情况/parts/帮扶对象")).alias("政策知晓情况"),
        pl.when(tier == "显著")
        .then(5.0)
        .when(tier == "较好")
        .then(4.0)
        .when(tier == "一般")
        .then(number("可持续影响/points"))
        .otherwise(0.0)
        .alias("可持续影响"),
        (14 - ((0.9 - rate) / 0.1).floor().clip(0, 14)).alias("职工满意度"),
    ]
    total = c("total")
    grade = pl.when(total >= 90).then(pl.lit("优")).when(total >= 80).then(pl.lit("良")).when(total >= 60).then(pl.lit("中"))
    return (
        frame.select("project", *leaves)
        .with_columns(added(SECOND))
        .with_columns(added(FIRST))
        .with_columns(pl.sum_horizontal(list(FIRST)).round(2).alias("total"))
        .with_columns(grade.otherwise(pl.lit("差")).alias("grade"))
    )


if __name__ == "__main__":
    scored(pl.scan_parquet(sys.argv[1])).sink_parquet(sys.argv[2])
