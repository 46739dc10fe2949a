"""printed-loss-list: 列出的扣分指标全吗，都扣了分吗？ Does a list of indicators that lost points name them all, and only them?

Reads: the report (“效益指标扣分的有：A、B、C” and its score tables).
Severity: warning.
Bad: 扣分的有 A、B where C lost points too, or B lost none. Good: all three; 主要有 A、B等 and 扣分较多的是 A、B,
which leave others out and say so; 失分原因：A、B未达目标, which is no list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._score_tables import plain, score_tables
from perfeval.model.document import Document
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "printed-loss-list",
    says="列出的扣分指标与{table}不符：{told}。",
    remedy="照得分表补上或删去。",
    en="The list of indicators that lost points does not agree with {table}: {told_en}.",
    en_remedy="Add or take out what the score table says.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("report",)

_LIST = re.compile(
    r"(?P<group>[\u4e00-\u9fff]{0,8}?)(?:类)?(?:指标)?(?:中|里)?[，,]?(?:扣分|失分)(?P<most>较多|最多|较大|主要)?的?"
    r"(?:三级)?(?:指标|项目|项)?(?P<some>主要)?(?:(?:有|为|是|包括|如下)\s*[：:]?|(?<=[标目项])\s*[：:])\s*(?P<names>[^。]{2,400})"
)


class _Lost(NamedTuple):
    name: str
    groups: tuple[str, ...]
    lost: bool


def check(subject: Subject) -> Iterator[Problem]:
    report = subject.report
    assert report is not None
    called, rows = _rows(report)
    if not rows:
        return
    names = sorted({one.name for one in rows}, key=len, reverse=True)
    groups = {group for one in rows for group in one.groups}
    for paragraph in report.paragraphs:
        for found in _LIST.finditer(paragraph.text):
            listed = _named(found["names"], names)
            meant = _group(found["group"], groups)
            if len(listed) < 2 or (found["group"] and meant is None):
                continue
            within = [one for one in rows if meant is None or meant in one.groups]
            open_end = bool(found["most"] or found["some"]) or re.search(r"等(?:\d+项)?", found["names"].strip("，, ")) is not None
            told, told_en = _told(listed, within, open_end)
            if told:
                where = report.where(paragraph, *found.span("names"))
                yield KIND.on(where, table=called, told=told, told_en=told_en)


def _rows(report: Document) -> tuple[str, list[_Lost]]:
    """The rows of the table with the most indicators, each with the groups above it."""
    best: tuple[str, list[_Lost]] = ("", [])
    for table in score_tables(report):
        if table.apart or not table.whole:
            continue
        above: list[str] = []
        rows: list[_Lost] = []
        for row in table.items:
            above = above or [""] * len(row.groups)
            above = [group.name if group else name for group, name in zip(row.groups, above, strict=True)]
            if row.weight is None or row.score is None or row.weight.percent:
                rows = []
                break
            rows.append(_Lost(row.name, tuple(above), row.score.value < row.weight.value))
        if len(rows) > len(best[1]):
            best = (table.called, rows)
    return best


def _named(text: str, names: Sequence[str]) -> list[str]:
    """The indicators that a list names; a name that stands inside a longer one that was found is not meant."""
    left, found = plain(text), []
    for name in names:
        if name in left:
            found.append(name)
            left = left.replace(name, "\0")
    return found


def _group(said: str, groups: set[str]) -> str | None:
    stem = plain(said).removesuffix("类").removesuffix("指标")
    return next(
        (one for one in sorted(groups) if stem and (one == stem or one.removesuffix("指标") == stem or one.removeprefix("项目") == stem)),
        None,
    )


def _told(listed: list[str], within: list[_Lost], open_end: bool) -> tuple[str, str]:
    missing = [one.name for one in within if one.lost and one.name not in listed]
    wrong = [name for name in listed if all(one.name != name or not one.lost for one in within)]
    zh, en = [], []
    if missing and not open_end:
        zh.append(f"漏了{_quoted(missing)}")
        en.append(f"it leaves out {_quoted(missing)}")
    if wrong:
        zh.append(f"{_quoted(wrong)}没有扣分")
        en.append(f"{_quoted(wrong)} lost none")
    return "，".join(zh), " and ".join(en)


def _quoted(names: list[str]) -> str:
    return "、".join(f"「{name}」" for name in names)
