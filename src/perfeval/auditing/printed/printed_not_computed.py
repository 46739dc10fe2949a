"""printed-not-computed: 报告印出的权重、得分、总分和等级就是项目算出的吗？ Are the weights, scores, total and grade those computed?

Reads: the report (score tables; sentences of an indicator, also 该指标分值 10 分，得 9 分 below the title that names it; of the total:
本项目总得分, 综合得分, 项目得分, in a self-evaluation 自评得分; rows 合计, 总分, 总得分); the score of the project.
Severity: warning.
Bad: 得分 4 in the report, 3.5 computed; 9 where 8.62 was computed and the project rounds to two decimals. Good: 3.5; 8.67 computed and
8.7 printed; 9 for 8.62 where the project rounds to whole points. What is of another year or of a part is not compared.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from fractions import Fraction

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._score_mentions import Mention, Names, mentions, of_the_report, own_tables, period_of, said_totals
from perfeval.auditing._score_tables import Figure, plain
from perfeval.model.document import Document
from perfeval.model.result import Indicator, Result
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal, show_short

KIND = ProblemKind(
    "printed-not-computed",
    says="「{name}」的{what}印作 {printed}，算出的是 {computed}。",
    remedy="报告写错的，改报告；佐证或规则写错的，改项目文件。",
    en="The {what} of “{name}” is printed as {printed}; computed is {computed}.",
    en_remedy="Mend the report, or the evidence and rules of the project, whichever is wrong.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("result", "report")
_WEIGHT, _SCORE, _GRADE = "权重 (weight)", "得分 (score)", "等级 (grade)"


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.report is not None and subject.result is not None
    told: set[tuple[str, str, Fraction]] = set()
    by_name: dict[str, list[Indicator]] = {}
    for one in subject.result.indicators:
        by_name.setdefault(plain(one.name), []).append(one)
    names = Names(by_name)
    period = period_of(subject)
    own = of_the_report(subject.report, period)
    for mention in mentions(subject.report):
        if mention.of not in own:
            continue
        known = mention.name if mention.name in by_name else names.full(mention.name)
        indicator = _meant(mention, by_name.get(known, []))
        if indicator is None:
            continue
        for what, figure, computed in ((_WEIGHT, mention.weight, indicator.weight), (_SCORE, mention.score, indicator.score)):
            if figure is None or figure.percent or computed is None or _shows(figure, computed):
                continue
            if (key := (indicator.id, what, figure.value)) not in told:
                told.add(key)
                shown = {"printed": show_decimal(figure.value), "computed": show_short(computed, apart_from=(figure.value,))}
                yield KIND.on(figure.where, name=indicator.name, what=what, **shown)
    yield from _totals(subject.report, subject.result, own, period)
    yield from _grades(subject.report, subject.result)


def _shows(figure: Figure, computed: Fraction) -> bool:
    """Rounded to as many decimals as are printed; a score in whole points is no shorter form of another one."""
    return figure.value == computed if figure.places == 0 else figure.shows(computed)


def _meant(mention: Mention, found: list[Indicator]) -> Indicator | None:
    """The one indicator of a name; where several levels have it, the one of the printed level."""
    if len(found) > 1:
        found = [one for one in found if (one.level == mention.level if mention.level else one.is_leaf)]
    return found[0] if len(found) == 1 else None


def _totals(report: Document, result: Result, own: Collection[tuple[str, ...]], period: Collection[int]) -> Iterator[Problem]:
    if result.total is None:
        return
    tables = (table for table, of in own_tables(report) if of in own)
    rows = [row for table in tables if (row := table.total) and table.full == result.full]
    told: set[Fraction] = set()
    for figure in sorted((*(row.score for row in rows if row.score), *said_totals(report, period)), key=lambda one: one.where.line):
        if not _shows(figure, result.total) and figure.value not in told:
            told.add(figure.value)
            shown = {"printed": show_decimal(figure.value), "computed": show_short(result.total, apart_from=(figure.value,))}
            yield KIND.on(figure.where, name="总分", what=_SCORE, **shown)


def _grades(report: Document, result: Result) -> Iterator[Problem]:
    names = "|".join(sorted((re.escape(band.name) for band in result.bands), key=len, reverse=True))
    if result.grade is None or not names:
        return
    pattern = re.compile(rf"(?:评级|等级|评价结果)(?:为|是|属于)\s*[“「]?\s*({names})\s*(?=[”」。，；]|$)")
    for paragraph in report.paragraphs:
        for found in pattern.finditer(paragraph.text):
            if found[1] != result.grade:
                where = report.where(paragraph, *found.span(1))
                yield KIND.on(where, name="总分", what=_GRADE, printed=found[1], computed=result.grade)
