"""printed-count: 句中说的指标个数与它引出的得分表一致吗？ Does a count of indicators agree with the score table it introduces?

Reads: the report (“由 2 个二级指标和 7 个三级指标组成” and the table below it).
Severity: warning.
Bad: “5 个三级指标” above a table of four. Good: “4 个三级指标”.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._score_sentences import heading_lines, part_sentences, table_below
from perfeval.auditing._score_tables import ScoreTable, score_tables
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
_CALLED = {2: "二级指标 (second-level indicators)", 3: "三级指标 (third-level indicators)"}


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.report is not None
    tables, headings = score_tables(subject.report), heading_lines(subject.report)
    for sentence in part_sentences(subject.report):
        table = table_below(sentence, tables, headings)
        if table is None or not table.whole:
            continue
        for level, stated in zip((2, 3), sentence.counts, strict=True):
            found = _count(table, level)
            if found and found != stated.value:
                shown = {"printed": show_decimal(stated.value), "what": _CALLED[level], "found": found, "unit": table.called}
                yield KIND.on(stated.where, **shown)


def _count(table: ScoreTable, level: int) -> int:
    """How many of a level the table lists; 0 where nothing says that all could be told apart (groups without their points)."""
    rows = sum(row.level == level for row in table.items)
    groups = [group for row in table.items for group in row.groups if group is not None and group.level == level]
    return rows or (len(groups) if all(group.points is not None for group in groups) else 0)
