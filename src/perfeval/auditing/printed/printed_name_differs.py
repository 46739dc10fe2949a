"""printed-name-differs: 同一组指标在各张表里叫一个名称吗？ Has a group of indicators one name in all tables?

Reads: the report (group cells of its score tables, with the indicators below each).
Severity: note.
Bad: 帮扶数量（30分） in 表 3-1 and 帮扶情况（30分） in 表 4-3 over the same three indicators. Good: one name; a name that is only cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._score_mentions import Names
from perfeval.auditing._score_tables import Group, ScoreTable, score_tables
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "printed-name-differs",
    says="这里叫「{here}」，{table}里叫「{there}」，其下是同样的 {count} 个指标。",
    remedy="统一名称。",
    en="This is called “{here}”; in {table} it is “{there}”, over the same {count} indicators.",
    en_remedy="Use one name.",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("report",)


class _Named(NamedTuple):
    group: Group
    below: frozenset[str]
    table: str


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.report is not None
    tables = score_tables(subject.report)
    names = Names(row.name for table in tables for row in table.items)
    first: dict[tuple[int, frozenset[str]], _Named] = {}
    for table in tables:
        for one in _groups(table, names) if table.whole else ():
            other = first.setdefault((one.group.level, one.below), one)
            here, there = one.group.name, other.group.name
            if not (here.startswith(there) or there.startswith(here)):
                shown = {"here": here, "there": there, "table": other.table, "count": len(one.below)}
                yield KIND.on(one.group.where, **shown)


def _groups(table: ScoreTable, names: Names) -> Iterator[_Named]:
    """The groups of each column, with the full names of the rows below."""
    items = table.items
    for column in range(len(items[0].groups) if items else 0):
        starts = [at for at, row in enumerate(items) if row.groups[column] is not None]
        for start, end in pairwise([*starts, len(items)]):
            group = items[start].groups[column]
            below = frozenset(names.full(row.name) for row in items[start:end])
            if group is not None and group.level and len(below) > 1:
                yield _Named(group, below, table.called)
