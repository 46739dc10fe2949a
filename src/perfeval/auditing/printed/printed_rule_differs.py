"""printed-rule-differs: 同一指标的评分标准在正文和附件里的数一样吗？ Are the numbers of a rule the same in the body and in the annex?

Reads: the report (rule sentences below “X”指标权重 3 分, and the rule column of an annex): points, per cents, figures with a unit.
Severity: warning; a note where one of the two only says less.
Bad: ①项占 2 分，②项占 2 分 in the body, (1 分) and (3 分) in the annex. Good: 每项 1.5 分 in the body, (1.5 分) twice in the annex.
Zero points, 满分 and the weight by name say nothing that the other must repeat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._rule_sentences import RuleText, rule_texts
from perfeval.model.document import in_words
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import plain_width, show_decimal

KIND = ProblemKind(
    "printed-rule-differs",
    says="「{name}」的评分标准两处不一样：{told}。",
    remedy="两处核对，改写错的一处；得分按哪一处算的，在报告里写明。",
    en="The rule of “{name}” is not the same in two places: {told_en}.",
    en_remedy="Compare both and mend the wrong one; say in the report by which the score was given.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("report",)

_NUMBER = r"\d{1,9}(?:\.\d{1,6})?"
_POINTS = re.compile(rf"(?<![\d.])(?:({_NUMBER})\s*分?\s*[-－—–~～至到]\s*)?({_NUMBER})\s*分(?![之钟项类期批别为数])")
_FACTOR = re.compile(rf"[*×]\s*({_NUMBER})(?!\s*[\d%％/／])")
_FULL = re.compile(rf"(?:满分|权重|共计|合计)\s*(?:为|是)?\s*{_NUMBER}\s*分")
_BOUND = re.compile(rf"(?<![\d.])({_NUMBER})\s*(%|[人户家个项次份处天日件套篇](?![\u4e00-\u9fff]?月))")


class _Numbers(NamedTuple):
    """Points, and bounds with their unit."""

    points: frozenset[Fraction]
    bounds: frozenset[tuple[Fraction, str]]

    def __bool__(self) -> bool:
        return bool(self.points or self.bounds)

    def beyond(self, other: _Numbers) -> list[str]:
        """What it has and the other has not, as text."""
        points = [f"{show_decimal(one)}分" for one in sorted(self.points - other.points)]
        return points + [f"{show_decimal(value)}{unit}" for value, unit in sorted(self.bounds - other.bounds)]


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.report is not None
    first: dict[str, tuple[RuleText, _Numbers, str]] = {}
    for rule in rule_texts(subject.report):
        numbers = _numbers(rule.rule)
        if not numbers:
            continue  # no rule, or one without numbers
        where = rule.row or rule.where(subject.report, *_stretch(rule.rule))
        place = in_words(where)
        other, there, unit = first.setdefault(rule.name, (rule, numbers, place))
        here_more, there_more = numbers.beyond(there), there.beyond(numbers)
        if other is not rule and (here_more or there_more):
            problem = KIND.on(where, name=rule.name, **_told(here_more, there_more, unit))
            yield problem if here_more and there_more else problem._replace(severity_override=Severity.NOTE)


def _numbers(text: str) -> _Numbers:
    plain = _FULL.sub("", plain_width(text))
    points = {Fraction(one) for found in _POINTS.finditer(plain) for one in found.groups() if one}
    points |= {Fraction(found[1]) for found in _FACTOR.finditer(plain)}
    bounds = {(Fraction(found[1]), found[2]) for found in _BOUND.finditer(plain)}
    return _Numbers(frozenset(points - {0}), frozenset(one for one in bounds if one[0] != 1 or one[1] == "%"))  # 每发现 1 处 is 一处


def _stretch(text: str) -> tuple[int, int]:
    """From the first points of a rule to the end of its sentence: where people look."""
    found = _POINTS.search(text)
    return (found.start(), found.end()) if found else (0, len(text))


def _told(here: list[str], there: list[str], unit: str) -> dict[str, str]:
    zh, en = [], []
    if here:
        zh.append(f"这里有 {'、'.join(here)}，{unit}没有")
        en.append(f"{', '.join(here)} here and not at {unit}")
    if there:
        zh.append(f"{unit}有 {'、'.join(there)}，这里没有")
        en.append(f"{', '.join(there)} at {unit} and not here")
    return {"told": "；".join(zh), "told_en": "; ".join(en)}
