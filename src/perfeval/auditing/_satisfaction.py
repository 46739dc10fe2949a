"""The satisfaction of a survey: as it is printed, and as the common formulas give it."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from perfeval.auditing._claims import places_of
from perfeval.auditing._contract import Subject
from perfeval.auditing._evidence import Computed, computed, measures_of
from perfeval.auditing._survey import Survey, is_name
from perfeval.ir.nodes import Number
from perfeval.problems import Fault, Problem
from perfeval.quantity import NO_DIMENSION, is_missing, round_half_up, split_number


class Satisfaction(NamedTuple):
    """The satisfaction as it is printed, in each way that it may be meant as a share of full marks."""

    text: str
    readings: tuple[tuple[Fraction, Fraction], ...]  # what the digits say, and of how much
    places: int

    def agrees(self, rate: Fraction) -> bool:
        """Is it that rate at the decimals it is printed with?"""
        return any(round_half_up(rate * whole, self.places) == number for number, whole in self.readings)


def figure_of(survey: Survey, subject: Subject) -> Satisfaction | None:
    """The figure that a survey names; None where it is not printed anywhere, or is no figure."""
    text = survey.asked.figure
    if text is not None and is_name(text, subject):
        text = _printed(text, subject)
    if text is None:
        return None
    try:
        number, unit = split_number(text)
    except Fault:
        return None
    one, hundred = Fraction(1), Fraction(100)
    wholes = {"%": [hundred], "": [one, hundred, survey.most], "分": [hundred, survey.most]}.get(unit)
    if wholes is None:
        return None
    possible = [whole for whole in wholes if number <= whole] or [hundred]
    return Satisfaction(text.strip(), tuple((number, whole) for whole in possible), places_of(text))


def _printed(name: str, subject: Subject) -> str | None:
    """The actual value of an indicator as it is written, else the text of a typed fact. What is counted is not printed."""
    folder = subject.folder
    assert folder is not None
    found = subject.index.find(name)
    path = subject.entry_path(found[1][-1]) if not isinstance(found, Problem) else None
    actual = folder.evidence.indicators[str(path[-1])].actual if path is not None else None
    if actual is not None:
        return actual
    fact = folder.evidence.facts.get(name)
    return fact.value if fact is not None else None


def measured(survey: Survey, subject: Subject) -> Number | None:
    """What the rules compute for the indicator whose figure a survey gives; None where they compute nothing."""
    value = _measured(survey, subject)
    return value.value if value is not None else None


def _measured(survey: Survey, subject: Subject) -> Computed | None:
    folder, name = subject.folder, survey.asked.figure
    assert folder is not None
    found = subject.index.find(name) if name is not None else None
    if found is None or isinstance(found, Problem):
        return None
    node = found[1][-1]
    measures, path = measures_of(node), subject.entry_path(node)
    entry = folder.evidence.indicators[str(path[-1])] if path is not None else None
    return computed(measures[0], folder, entry) if len(measures) == 1 else None


def no_rate(survey: Survey, subject: Subject) -> str:
    """Why what a survey names as its satisfaction is none, in both languages; nothing where it is one, or has no value yet."""
    text = survey.asked.figure
    if text is None or figure_of(survey, subject) is not None:
        return ""
    if not is_name(text, subject):
        is_number = any(one.isdigit() for one in text)
        return (
            f"「{text}」不是满意度，满意度写成百分数、分数或小数 (“{text}” is no rate: write it with %, 分 or as a decimal)"
            if is_number
            else ""
        )
    assert subject.folder is not None
    fact, printed, value = subject.folder.facts.get(text), _printed(text, subject), _measured(survey, subject)
    if printed is not None and not is_missing(printed):
        return f"「{text}」写的是「{printed}」，不是满意度 (“{text}” says “{printed}”, which is no rate)"
    if value is None and fact is not None:
        value = None if fact.value is None else Computed(fact.value, fact.dimension, fact.unit)
        if value is None:
            return ""
    if value is None:
        missing = _is_measured(text, subject)
        return "" if missing else f"「{text}」没有满意度的数 (“{text}” has no figure)"
    is_rate = value.dimension == NO_DIMENSION and 0 <= value.value <= 1
    return "" if is_rate else f"「{text}」算出来的不是比率 (what “{text}” comes to is no rate)"


def _is_measured(name: str, subject: Subject) -> bool:
    found = subject.index.find(name)
    return not isinstance(found, Problem) and bool(measures_of(found[1][-1]))


class Formula(NamedTuple):
    """A way to work a satisfaction out: the word for it in evidence.yaml, its name, what it gives here."""

    key: str
    name: str
    name_en: str
    rate: Fraction


GRADINGS = {
    5: ((100, 80, 60, 30, 0), (100, 80, 60, 40, 20)),
    4: ((100, 80, 60, 0),),
}
"""What the answers of a scale of five or four steps are commonly taken to be worth, the best first."""


def formulas(survey: Survey) -> list[Formula]:
    """Every common way that the survey allows. Items without an answer are left out of each."""
    answers = survey.answers
    if not answers:
        return []
    found = []
    least = survey.satisfied
    if least is not None:
        found.append(Formula("share", "满意率（按答案）", "share of satisfied answers", _share(answers, least)))
        means = [sum(given, Fraction(0)) / len(given) for row in survey.rows if (given := [mark for mark in row if mark is not None])]
        if len(survey.asked.items) > 1:
            found.append(
                Formula("persons", "满意率（按问卷平均分）", "share of questionnaires that are satisfied on average", _share(means, least))
            )
    found.append(Formula("score-rate", "得分率", "score rate", sum(answers, Fraction(0)) / (len(answers) * survey.most)))
    steps = _steps(survey)
    for worth in GRADINGS.get(len(steps), ()):
        rate = sum((Fraction(worth[steps.index(mark)], 100) for mark in answers), Fraction(0)) / len(answers)
        shown = "/".join(map(str, worth))
        found.append(Formula("weighted", f"按 {shown} 加权", f"weighted {shown}", rate))
    return found


def _share(values: list[Fraction], least: Fraction) -> Fraction:
    return Fraction(sum(value >= least for value in values), len(values))


def _steps(survey: Survey) -> list[Fraction]:
    """The marks of a scale in words, or of whole marks from 1 to 5 or 4, the best first. Any other scale has no steps."""
    scale = survey.asked.scale
    if scale:
        worths = sorted(set(scale.values()), reverse=True)
        return worths if len(worths) == len(scale) else []
    if survey.most not in (4, 5) or any(mark.denominator != 1 or mark < 1 for mark in survey.answers):
        return []
    return [Fraction(mark) for mark in range(int(survey.most), 0, -1)]
