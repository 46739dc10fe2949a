"""survey-validity: 问卷的结构效度合惯例吗？ Have the items of a survey enough in common, as factor analysis wants it?

Reads: evidence (`surveys` with three items or more, and the questionnaires that answer all of them: five or more for each item).
Severity: note; these are conventions for scales, and a short survey may ask for different things on purpose.
Bad: KMO 0.512, or Bartlett's p 0.3. Good: KMO from 0.6 with p below 0.05; fewer questionnaires, which say nothing.
Wants: the extra `survey`; without it the check is left out, which is told on stderr. Items that all answer alike are not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._reliability import adequacy
from perfeval.auditing._survey import scale_of, surveys
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal, show_fixed, show_short

KIND = ProblemKind(
    "survey-validity",
    says="问卷「{survey}」{count} 份、{items} 题：KMO {kmo}，Bartlett χ² {chi}，自由度 {freedom}，p {p}；惯例是 KMO 不低于 {least}，p 低于 {most}。",
    remedy="看看题目是否问同一件事；报告里照实写效度，没有检验过的不写。",
    en="The survey “{survey}”, {count} questionnaires and {items} items: KMO {kmo}, Bartlett's chi-square {chi} with {freedom} degrees of "
    "freedom, p {p}; usual are a KMO of {least} and more, and p below {most}.",
    en_remedy="See whether the items ask for one thing; state validity in the report as it is, and none that was not tested.",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("folder",)
EACH = 5  # questionnaires for an item; fewer say nothing
KMO, BARTLETT, TINY = Fraction(6, 10), Fraction(5, 100), Fraction(1, 1000)


def check(subject: Subject) -> Iterator[Problem]:
    for survey in surveys(subject):
        rows = scale_of(survey)
        items = len(rows[0]) if rows else 0
        found = adequacy(rows) if items and len(rows) >= EACH * items else None
        if found is None or (found.kmo >= KMO and found.probability < BARTLETT):
            continue
        yield KIND.on(
            survey.at.under("items"),
            survey=survey.name,
            count=len(rows),
            items=items,
            kmo=show_short(found.kmo, 3, [KMO]),
            chi=show_fixed(found.chi_square, 3),
            freedom=found.freedom,
            p=show_short(found.probability, 3, [BARTLETT]) if found.probability >= TINY else "<0.001",
            least=show_decimal(KMO),
            most=show_decimal(BARTLETT),
        )
