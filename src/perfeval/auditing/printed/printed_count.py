"""printed-count: 句中说的指标个数与它引出的得分表一致吗？ Does a count of indicators agree with the score table it introduces?

Reads: the report (“由 2 个二级指标和 7 个三级指标组成” and the table below it, else the group of that name in the table of all indicators).
Severity: warning.
Bad: “5 个三级指标” above a table of four. Good: “4 个三级指标”.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._score_sentences import heading_lines, part_sentences, table_below
from perfeval.auditing._score_tables import Row, ScoreTable, score_tables
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal

KIND = ProblemKind(
    "printed-count",
    says="这里说有 {printed} 个{what}，{unit}里列着 {found} 个。",
    remedy="改写错的个数；表里缺行的，补上。",
    en="This says {printed} {what}, {unit} lists {found}.",
    en_remedy="Mend the count, or add the row that the table lacks.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("report",)
_LEAVES = 3  # the lowest level
_CALLED = {2: "二级指标 (second-level indicators)", 3: "三级指标 (third-level indicators)"}


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.report is not None
    tables, headings = score_tables(subject.report), heading_lines(subject.report)
    for sentence in part_sentences(subject.report):
        table = table_below(sentence, tables, headings)
        counted: tuple[ScoreTable, tuple[Row, ...]] | None = (table, table.items) if table is not None else _of_group(sentence.name, tables)
        if counted is None or not counted[0].whole:
            continue
        table, rows = counted
        for level, stated in zip((2, 3), sentence.counts, strict=True):
            found = _count(rows, level)
            if found and found != stated.value:
                shown = {"printed": show_decimal(stated.value), "what": _CALLED[level], "found": found, "unit": table.called}
                yield KIND.on(stated.where, **shown)


def _of_group(name: str, tables: tuple[ScoreTable, ...]) -> tuple[ScoreTable, tuple[Row, ...]] | None:
    """Where no table stands below: the rows of a first-level group of that name, in the first table that has third-level ones."""
    for table in tables:
        items = table.items
        if not name or not items or not items[0].groups or items[0].level != _LEAVES:
            continue
        starts = [at for at, row in enumerate(items) if row.groups[0] is not None]
        for start, end in pairwise([*starts, len(items)]):
            group = items[start].groups[0]
            if group is not None and group.name == name:
                return table, items[start:end]
    return None


def _count(items: Sequence[Row], level: int) -> int:
    """How many of a level the rows list; 0 where nothing says that all could be told apart (groups without their points)."""
    rows = sum(row.level == level for row in items)
    groups = [group for row in items for group in row.groups if group is not None and group.level == level]
    return rows or (len(groups) if all(group.points is not None for group in groups) else 0)
