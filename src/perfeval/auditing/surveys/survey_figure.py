"""survey-figure: 写的满意度是按哪种算法得出的？ Which formula gives the satisfaction that is stated?

Reads: evidence (`surveys` with `figure`; its number counts with the decimals it has), the answers.
Severity: warning where no formula gives it, or not the one that `formula` names; note where it hangs on a choice nobody states.
Bad: `figure: 91.38%` where answers come to 91.32 %. Good: 91.3 %; `formula: share` where shares and marks differ.
Limits: where `figure` names an indicator that is computed by one of the formulas, actual-not-computed tells that they differ.
Formulas: share of satisfied answers, share of satisfied questionnaires, marks ÷ full marks, the common weights of four or five steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._satisfaction import Formula, Satisfaction, figure_of, formulas, measured
from perfeval.auditing._survey import Survey, surveys
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_rate

KIND = ProblemKind(
    "survey-figure",
    says="问卷「{survey}」的满意度写作 {figure}，{why}。{count} 份问卷算出来：{found}。",
    remedy="核对答案和写的数；算法不止一种的，用 formula 写明，报告里也写明。",
    en="The survey “{survey}”: satisfaction is stated as {figure}, {why}. What {count} questionnaires give: {found_en}.",
    en_remedy="Check the answers and the figure; where there are several formulas, name yours in formula and in the report.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("folder", "rules")


def check(subject: Subject) -> Iterator[Problem]:
    for survey in surveys(subject):
        figure, ways = figure_of(survey, subject), formulas(survey)
        if figure is not None and ways and not survey.unread:
            yield from _held_against(survey, figure, ways, in_rules=measured(survey, subject) in [way.rate for way in ways])


def _held_against(survey: Survey, figure: Satisfaction, ways: Sequence[Formula], in_rules: bool) -> Iterator[Problem]:
    """`in_rules`: the rules work it out by one of the formulas. That says which, and actual-not-computed tells where the figure differs."""
    agreeing = [way for way in ways if figure.agrees(way.rate)]
    formula = survey.asked.formula
    if any(way.key == formula for way in agreeing):
        return
    names, names_en = "、".join(way.name for way in agreeing), ", ".join(way.name_en for way in agreeing)
    if agreeing and formula is not None:
        yield _told(survey, figure, ways, f"按 formula 所写的算法得不出，{names}得出 (which formula does not give, but: {names_en})")
    elif in_rules:
        return
    elif not agreeing:
        yield _told(survey, figure, ways, "哪种算法都得不出 (which no formula gives)")
    elif len(agreeing) < len(ways):
        problem = _told(survey, figure, ways, f"是{names}，没有写明算法 (by an unstated formula: {names_en})")
        yield problem._replace(severity_override=Severity.NOTE)


def _told(survey: Survey, figure: Satisfaction, ways: Sequence[Formula], why: str) -> Problem:
    rates = [(way, show_rate(way.rate, max(2, figure.places))) for way in ways]
    found = "，".join(f"{way.name} {rate}" for way, rate in rates)
    found_en = ", ".join(f"{way.name_en} {rate}" for way, rate in rates)
    at = survey.at.under("figure")
    return KIND.on(at, survey=survey.name, figure=figure.text, why=why, count=len(survey.rows), found=found, found_en=found_en)
