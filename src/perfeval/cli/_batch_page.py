"""A table of projects at a glance as one self-contained page in the style of report.html: no script, nothing loaded."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from perfeval.quantity import show_decimal, show_fixed, show_rate, show_short
from perfeval.reports import _templates
from perfeval.reports.blocks import Bar, Bars, Cell, Column, Figure, Paragraph, Report, Row, Section, Table, Tile, Tiles
from perfeval.reports.charts import short_label
from perfeval.reports.plain import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfeval.batch.summary import Distribution, Summary
    from perfeval.problems import Lang

_TRACK, _ROW = 170, 26  # as the template draws bars
_WORDS = {
    "zh": {
        "kind": "成批评分汇总",
        "rows": "项目数",
        "whole": "得分完整",
        "bad": "得分不全",
        "mean": "平均总分",
        "rate": "得分率",
        "often": "最多的等级",
        "glance": "一、总览",
        "grades": "二、等级",
        "totals": "三、总分的分布",
        "first": "四、一级指标",
        "note": "平均数四舍五入到两位小数，其余是精确值；分位数是实际出现的得分：至少有这么多项目不超过它。",
        "lack": "有 {bad} 个项目得分不全（缺数据、读不懂或超出范围），没有总分；一级指标只算有得分的项目。",
        "average": "平均",
        "grade": "等级",
        "share": "占比",
        "from": "总分",
        "indicator": "指标",
        "weight": "分值",
        "none": "没有得分",
        "total": "总分",
        "skip": "跳到正文",
        "contents": "目录",
        "footer": "由 perfeval batch 生成",
        "figure-grades": "图 1　各等级的项目数",
        "figure-totals": "图 2　总分的分布",
        "figure-first": "图 3　一级指标的平均得分率",
        "table-grades": "表 1　等级",
        "table-first": "表 2　一级指标与总分",
        "scroll": "表格",
        "above": "{low} 以上",
    },
    "en": {
        "kind": "Batch summary",
        "rows": "Projects",
        "whole": "Scored in full",
        "bad": "Lacking scores",
        "mean": "Mean total",
        "rate": "Rate",
        "often": "Most frequent grade",
        "glance": "1 At a glance",
        "grades": "2 Grades",
        "totals": "3 Totals",
        "first": "4 First level",
        "note": "Means are rounded to two decimals, all else is exact; a quantile is a score that occurs: this share of projects is not above it.",
        "lack": "{bad} projects lack scores (missing, unreadable or outside the range) and have no total; first-level figures are of those that have one.",
        "average": "Mean",
        "grade": "Grade",
        "share": "Share",
        "from": "Total",
        "indicator": "Indicator",
        "weight": "Weight",
        "none": "None",
        "total": "Total",
        "skip": "Skip to content",
        "contents": "Contents",
        "footer": "Made by perfeval batch",
        "figure-grades": "Figure 1 Projects by grade",
        "figure-totals": "Figure 2 Totals",
        "figure-first": "Figure 3 Mean rate of the first level",
        "table-grades": "Table 1 Grades",
        "table-first": "Table 2 First level and total",
        "scroll": "Table",
        "above": "{low} and above",
    },
}
_QUANTILES = {
    "zh": ("最低", "10%", "25%", "中位", "75%", "90%", "最高"),
    "en": ("Min", "10%", "25%", "Median", "75%", "90%", "Max"),
}


def page(found: Summary, lang: Lang) -> str:
    return clean(_templates.render("report.html.j2", _report(found, lang)))


def _report(found: Summary, lang: Lang) -> Report:
    words = _WORDS[lang]
    total, whole = found.total, found.rows - found.bad
    often = max(found.grades, key=lambda pair: pair[1], default=("", 0))
    return Report(
        lang="zh-CN" if lang == "zh" else "en",
        title=f"{found.title} {words['kind']}",
        project=found.title,
        kind=words["kind"],
        meta=((words["rows"], f"{found.rows:,}"), (words["whole"], f"{whole:,}"), (words["bad"], f"{found.bad:,}")),
        score_label=words["mean"],
        score=_mean(total),
        of=show_decimal(total.full),
        rate_label=words["rate"],
        rate=_rate(total),
        grade_label=words["often"],
        grade=often[0] if often[1] else "—",
        sections=tuple(_sections(found, lang)),
        words={"skip": words["skip"], "contents": words["contents"], "footer": words["footer"]},
    )


def _sections(found: Summary, lang: Lang) -> list[Section]:
    words = _WORDS[lang]
    tiles = tuple(
        Tile(one.name, _mean(one), show_decimal(one.full), _rate(one), _px((one.rate or Fraction(0)) * 100)) for one in found.first_level
    )
    lack = (Paragraph(words["lack"].format(bad=f"{found.bad:,}"), "warning"),) if found.bad else ()
    return [
        Section("glance", words["glance"], (*lack, Tiles(words["rate"], tiles), Paragraph(words["note"], "note"))),
        Section("grades", words["grades"], (_grade_figure(found, words), _grade_table(found, words))),
        Section("totals", words["totals"], (_total_figure(found, words),)),
        Section("first", words["first"], (_first_figure(found, words), _first_table(found, words, lang))),
    ]


def _grade_figure(found: Summary, words: dict[str, str]) -> Figure:
    rows = [(name, f"{count:,} · {_share(count, found)}", count) for name, count in found.grades]
    return Figure("figure-1", words["figure-grades"], (_bars("chart-grades", words["figure-grades"], rows),))


def _total_figure(found: Summary, words: dict[str, str]) -> Figure:
    """From where the first total lies to where the last does."""
    filled = [at for at, one in enumerate(found.bins) if one.rows] or [0]
    rows = []
    for one in reversed(found.bins[min(filled) : max(filled) + 1]):
        low = show_decimal(one.low)
        label = words["above"].format(low=low) if one is found.bins[-1] else f"{low}～{show_decimal(one.high)}"
        rows.append((label, f"{one.rows:,} · {_share(one.rows, found)}", one.rows))
    return Figure("figure-2", words["figure-totals"], (_bars("chart-totals", words["figure-totals"], rows),))


def _first_figure(found: Summary, words: dict[str, str]) -> Figure:
    rows = [(one.name, f"{_mean(one)} · {_rate(one)}", one.rate or Fraction(0)) for one in found.first_level]
    return Figure("figure-3", words["figure-first"], (_bars("chart-first", words["figure-first"], rows, Fraction(1)),))


def _bars(id_: str, title: str, rows: Sequence[tuple[str, str, Fraction | int]], most: Fraction | None = None) -> Bars:
    """The longest bar fills its track, unless `most` says what does."""
    longest = most or max((Fraction(value) for _, _, value in rows), default=Fraction(0))
    bars = []
    for at, (label, shown, value) in enumerate(rows):
        y = 4 + at * _ROW
        share = min(max(Fraction(value) / longest, Fraction(0)), Fraction(1)) if longest > 0 else Fraction(0)
        bars.append(Bar(short_label(label), shown, str(y), str(y + 13), _px(_TRACK * share)))
    told = "；".join(f"{label} {shown}" for label, shown, _ in rows)
    return Bars(id_, title, told, str(8 + len(bars) * _ROW), "", tuple(bars))


def _grade_table(found: Summary, words: dict[str, str]) -> Table:
    columns = (Column(words["grade"], "name"), Column(words["rows"], "number"), Column(words["share"], "number"))
    rows = [
        Row((Cell(name, "name", "row"), Cell(f"{count:,}", "number"), Cell(_share(count, found), "number"))) for name, count in found.grades
    ]
    return Table("table-1", words["table-grades"], words["scroll"], columns, (tuple(rows),))


def _first_table(found: Summary, words: dict[str, str], lang: Lang) -> Table:
    heads = (words["weight"], words["average"], words["rate"], *_QUANTILES[lang], words["none"])
    columns = (Column(words["indicator"], "name"), *(Column(head, "number") for head in heads))
    rows = [_distribution(one) for one in found.first_level]
    rows.append(_distribution(found.total._replace(name=words["total"]))._replace(role="total"))
    return Table("table-2", words["table-first"], words["scroll"], columns, (tuple(rows),), "wide")


def _distribution(one: Distribution) -> Row:
    quantiles = [show_decimal(value) for value in one.quantiles] or ["—"] * len(_QUANTILES["zh"])
    figures = [show_decimal(one.full), _mean(one), _rate(one), *quantiles, f"{one.none:,}"]
    return Row((Cell(one.name, "name", "row"), *(Cell(text, "number") for text in figures)))


def _share(count: int, found: Summary) -> str:
    whole = sum(rows for _, rows in found.grades)
    return show_rate(Fraction(count, whole), 1) if whole else "—"


def _mean(one: Distribution) -> str:
    return "—" if one.mean is None else show_fixed(one.mean, 2)


def _rate(one: Distribution) -> str:
    return "—" if one.rate is None else show_rate(one.rate)


def _px(value: Fraction) -> str:
    return show_short(value, 1)
