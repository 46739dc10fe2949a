"""printed-differs: 同一指标在报告各处的权重和得分一样吗？ Has an indicator the same weight and score wherever the report prints it?

Reads: the report (score tables, group cells with their points, sentences; the total).
Severity: warning.
Bad: 4 points in 表 3-1 and 3 in 表 4-2. Good: 4 in both; a table or a total of another year, of a part of the project, or of the
self-evaluation, stands apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._score_mentions import Mention, mentions, named, own_tables, period_of, said_totals
from perfeval.auditing._score_tables import Figure
from perfeval.model.document import Document, in_words
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal

KIND = ProblemKind(
    "printed-differs",
    says="「{name}」的{what}在这里是 {here} 分，在{unit}是 {there} 分。",
    remedy="两处核对，改写错的一处。",
    en="The {what} of “{name}” is {here} here and {there} in {unit}.",
    en_remedy="Compare both places and mend the wrong one.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("report",)
_WEIGHT, _SCORE = "权重 (weight)", "得分 (score)"


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.report is not None
    first: dict[tuple[object, ...], tuple[Figure, Mention]] = {}
    for key, mention in named(mentions(subject.report)):
        for what, figure in ((_WEIGHT, mention.weight), (_SCORE, mention.score)):
            if figure is None or figure.percent:
                continue
            there, other = first.setdefault((*key, what), (figure, mention))
            if not _agree(there, figure):
                shown = {"here": show_decimal(figure.value), "there": show_decimal(there.value)}
                yield KIND.on(figure.where, name=mention.name, what=what, unit=other.place, **shown)
    yield from _totals(subject.report, period_of(subject))


def _agree(one: Figure, other: Figure) -> bool:
    """Equal, or one is the other with fewer digits."""
    return one.shows(other.value) if one.places < other.places else other.shows(one.value)


def _totals(report: Document, period: Collection[int]) -> Iterator[Problem]:
    """The total score in sentences against the last row of the tables that reach the largest weight, of one year and one whole."""
    rows = [(table, row, of) for table, of in own_tables(report) if (row := table.total) and table.full is not None and row.score]
    full = max((table.full for table, _, _ in rows if table.full is not None), default=None)
    tables: defaultdict[tuple[str, ...], list[tuple[Figure, str]]] = defaultdict(list)
    for table, row, of in rows:
        if row.score and table.full == full:
            tables[of].append((row.score, table.called))
    said = [(figure, in_words(figure.where)) for figure in said_totals(report, period)]
    if len(tables) < 2 or () in tables:  # else nothing says which of them a sentence sums up
        tables[next(iter(tables)) if len(tables) == 1 else ()] += said
    for found in tables.values():
        told = sorted(found, key=lambda one: one[0].where.line)
        for figure, _ in told[1:]:
            there, place = told[0]
            if not _agree(there, figure):
                shown = {"here": show_decimal(figure.value), "there": show_decimal(there.value)}
                yield KIND.on(figure.where, name="总分", what=_SCORE, unit=place, **shown)
