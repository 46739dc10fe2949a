"""printed-sum: 小计、合计和组的分值等于其下各行之和吗？ Do subtotals, totals and the points of groups add up?

Reads: the report (小计, 合计 and 总分 rows, group cells as 项目立项（5分）, “共计 20 分，实际得分 19 分” and what follows it).
Severity: warning; a note where two neighbouring groups are wrong by the same row, which then stands under the wrong one.
Bad: 小计 20 over rows of 8 and 11. Good: 小计 19; 26 over 8.67 three times, each rounded. A table of which rows could not be read
is not added up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._rounding import rounding
from perfeval.auditing._score_sentences import Sentence, heading_lines, parts, table_below
from perfeval.auditing._score_tables import Figure, Group, Row, ScoreTable, score_tables
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal

KIND = ProblemKind(
    "printed-sum",
    says="{what}印作 {printed} 分，{unit} = {found} 分。{hint}",
    remedy="核对各行，改写错的一个。",
    en="{what} is printed as {printed} points; {unit} = {found}. {hint}",
    en_remedy="Compare the rows and mend the wrong figure.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("report",)
_WEIGHT, _SCORE = ("权重", "weight"), ("得分", "score")


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.report is not None
    tables, headings = score_tables(subject.report), heading_lines(subject.report)
    half = rounding(subject.report).added
    for table in tables:
        if table.whole:
            yield from _sum_rows(table, half)
            yield from _groups(table)
    for sentence, items in parts(subject.report):
        yield from _sentence(sentence, items, table_below(sentence, tables, headings), half)


def _sum_rows(table: ScoreTable, half: Fraction) -> Iterator[Problem]:
    """小计: the rows since the last one; 合计: all rows."""
    since: list[Row] = []
    every: list[Row] = []
    for row in table.rows:
        if row.is_sum:
            rows = since if row.name == "小计" else every
            for (zh, en), printed, figures, room in (
                (_WEIGHT, row.weight, [one.weight for one in rows], Fraction(0)),
                (_SCORE, row.score, [one.score for one in rows], half),
            ):
                yield from _compare(f"{row.name}的{zh} (The {en} of {row.name})", printed, figures, room)
            since = []
        else:
            since.append(row)
            every.append(row)


def _compare(what: str, printed: Figure | None, figures: Sequence[Figure | None], half: Fraction) -> Iterator[Problem]:
    """Compared where every row has its figure, in points. `half`: what rounding may have taken from each of them."""
    known = [one for one in figures if one is not None and not one.percent]
    if printed is None or printed.percent or not known or len(known) < len(figures):
        return
    found = sum((one.value for one in known), Fraction(0))
    room = max(half * len(known), _lost(known))
    if not printed.shows(found) and abs(printed.value - found) > room:
        yield KIND.on(printed.where, what=what, printed=show_decimal(printed.value), unit=_added(known), found=show_decimal(found), hint="")


def _lost(figures: Sequence[Figure]) -> Fraction:
    """What rounding each of these may have taken away, by their own digits alone: with less than two nothing was rounded."""
    places = max(one.places for one in figures)
    return Fraction(sum(one.places == places for one in figures), 2 * 10**places) if places >= 2 else Fraction(0)


def _added(figures: Sequence[Figure]) -> str:
    return " + ".join(show_decimal(one.value) for one in figures)


class _Part(NamedTuple):
    group: Group
    rows: list[Row]

    @property
    def over(self) -> Fraction:
        """How much its rows have more than it says."""
        return sum((row.weight.value for row in self.rows if row.weight), Fraction(0)) - (self.group.points or 0)


def _groups(table: ScoreTable) -> Iterator[Problem]:
    items = table.items
    if not items or any(row.weight is None or row.weight.percent for row in items):
        return
    for column in range(len(items[0].groups)):
        cut = _parts(items, column)
        at = 0
        while at < len(cut):
            over = cut[at].over
            swapped = at + 1 < len(cut) and over != 0 and over == -cut[at + 1].over
            if over:
                yield _wrong_group(cut[at], _moved(cut[at], cut[at + 1]) if swapped else None, cut[at + 1] if swapped else None)
            at += 2 if swapped else 1


def _parts(items: Sequence[Row], column: int) -> list[_Part]:
    """The rows of each group of a column; none where a group has no points or begins without its name."""
    cut: list[_Part] = []
    for row in items:
        group = row.groups[column]
        if group is None and (not cut or any(row.groups[:column])):
            return []
        if group is not None:
            if group.points is None:
                return []
            cut.append(_Part(group, []))
        cut[-1].rows.append(row)
    return cut


def _moved(above: _Part, below: _Part) -> Row | None:
    """The row at the border that makes both right when it changes sides."""
    row = below.rows[0] if above.over < 0 else above.rows[-1]
    return row if row.weight is not None and row.weight.value == abs(above.over) else None


def _wrong_group(part: _Part, moved: Row | None, below: _Part | None) -> Problem:
    weights = [row.weight for row in part.rows if row.weight]
    hint = ""
    if below is not None:
        name = f"「{below.group.name}」的各行正好相反地差 {show_decimal(abs(below.over))} 分"
        en = f"the rows of “{below.group.name}” are wrong by as much the other way"
        if moved is not None:
            name, en = f"{name}：「{moved.name}」可能列错了组", f"{en}: “{moved.name}” may stand under the wrong group"
        hint = f"{name}。 ({en}.)"
    points = part.group.points or Fraction(0)
    problem = KIND.on(
        part.group.where,
        what=f"「{part.group.name}」的分值 (The points of “{part.group.name}”)",
        printed=show_decimal(points),
        unit=f"其下各行 {_added(weights)} (its rows {_added(weights)})",
        found=show_decimal(points + part.over),
        hint=hint,
    )
    return problem._replace(severity_override=Severity.NOTE) if moved is not None else problem


def _sentence(sentence: Sentence, items: Sequence[Sentence], table: ScoreTable | None, half: Fraction) -> Iterator[Problem]:
    """“共计 20 分，实际得分 19 分” against the last row of the table below, else against the sentences of as many indicators."""
    total = table.total if table else None
    if table is not None and total is not None:
        for (zh, en), printed, there in ((_WEIGHT, sentence.weight, total.weight), (_SCORE, sentence.score, total.score)):
            if there is not None and not there.percent and printed.value != there.value:
                unit = f"下面{total.name}的{zh} (the {en} in the row {total.name} below)"
                what = f"这句的{zh} (The {en} of this sentence)"
                yield KIND.on(
                    printed.where, what=what, printed=show_decimal(printed.value), unit=unit, found=show_decimal(there.value), hint=""
                )
    elif items and sentence.counts and len(items) == sentence.counts[-1].value:
        yield from _compare("这句的权重 (The weight of this sentence)", sentence.weight, [one.weight for one in items], Fraction(0))
        yield from _compare("这句的得分 (The score of this sentence)", sentence.score, [one.score for one in items], half)
