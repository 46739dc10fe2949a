"""printed-parts: 评分标准里各部分的分加起来等于它说的分或权重吗？ Do the parts of a printed rule add up to what it says?

Reads: the report (rule sentences below “X”指标权重 3 分, and the rule column of an annex).
Severity: warning.
Bad: 双方各占 2.5 分，共计 10 分; (1 分) and (2 分) of a weight of 4; two sets of bands with 7.5 points at the top of a weight of 10.
Good: 双方各占 2.5 分，共计 5 分. Only what is printed as a part of the whole is added; a rule with other ways to score is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._rule_sentences import RuleText, rule_texts
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal

KIND = ProblemKind(
    "printed-parts",
    says="「{name}」评分标准的各部分给 {found} 分，{what}是 {wanted} 分。",
    remedy="改各部分的分，或改总分。",
    en="The parts of the rule of “{name}” give {found} points; {what} is {wanted}.",
    en_remedy="Mend the points of the parts, or the whole.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("report",)

_N = r"(\d+(?:\.\d+)?)"
_COUNTS = {"双方": 2, "两者": 2, "二者": 2, "两项": 2, "三方": 3, "三者": 3, "三项": 3, "四项": 4, "五项": 5}
_EACH_OF = re.compile(rf"({'|'.join(_COUNTS)})(?:各占|各|每项)\s*{_N}\s*分\s*[，,；]\s*(?:共计|合计|共)\s*{_N}\s*分")
_EACH = re.compile(rf"(?:以上|[，,；。])\s*(?:[一二两三四五六七八九十\d]+\s*项)?每项\s*{_N}\s*分")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_SHARE = re.compile(rf"([{_CIRCLED}])\s*项占\s*{_N}\s*分")
_BRACKET = re.compile(rf"[（(]\s*{_N}\s*分\s*[）)]")
_GIVEN = re.compile(rf"得\s*{_N}\s*分")
_FACTOR = re.compile(rf"[^；。，*×\d]{{2,30}}[*×]\s*{_N}(?=[；。，]|$)")
_RANGE = re.compile(rf"在\s*{_N}\s*分?\s*[和至到~～－—-]\s*{_N}\s*分\s*之间")
_WEIGHT, _SAID, _TOP = "权重 (the weight)", "写明的合计 (the stated sum)", "按比例计分的上限 (the top of the range between)"

Found = tuple[int, int, list[Fraction], Fraction, str]  # the stretch, the parts, what they should come to, and what that is


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.report is not None
    for rule in rule_texts(subject.report):
        for start, end, values, wanted, what in _looked_at(rule):
            found = sum(values, Fraction(0))
            if found != wanted:
                where = rule.where(subject.report, start, end)
                parts = " + ".join(show_decimal(one) for one in values)
                shown = f"{parts} = {show_decimal(found)}" if len(values) > 1 else parts
                yield KIND.on(where, name=rule.name, found=shown, what=what, wanted=show_decimal(wanted))


def _looked_at(rule: RuleText) -> Iterator[Found]:
    yield from _each_of(rule)
    yield from _each_item(rule)
    yield from _shares(rule)
    yield from _between(rule)
    if rule.row is not None:  # an annex row holds the whole rule
        yield from _brackets(rule)
        yield from _tops(rule)
        yield from _factors(rule)


def _each_of(rule: RuleText) -> Iterator[Found]:
    """双方各占 2.5 分，共计 10 分."""
    for found in _EACH_OF.finditer(rule.text):
        yield found.start(), found.end(), [Fraction(found[2])] * _COUNTS[found[1]], Fraction(found[3]), _SAID


def _each_item(rule: RuleText) -> Iterator[Found]:
    """①…；②…。以上每项 1.5 分, where the numbers run on from ① once and nothing else is given points."""
    if found := _EACH.search(rule.text):
        numbers = [one for one in rule.text[: found.start()] if one in _CIRCLED]
        if len(numbers) > 1 and numbers == list(_CIRCLED[: len(numbers)]) and not _GIVEN.search(rule.text, 0, found.start()):
            yield found.start(), found.end(), [Fraction(found[1])] * len(numbers), rule.weight, _WEIGHT


def _shares(rule: RuleText) -> Iterator[Found]:
    """①项占 2 分，②项占 2 分."""
    found = list(_SHARE.finditer(rule.text))
    if len(found) > 1 and len({one[1] for one in found}) == len(found):
        yield found[0].start(), found[-1].end(), [Fraction(one[2]) for one in found], rule.weight, _WEIGHT


def _between(rule: RuleText) -> Iterator[Found]:
    """100% 得 1 分；…在 0 分和 2 分之间计算: the range reaches what the full mark gives."""
    if found := _RANGE.search(rule.text):
        given = list(_GIVEN.finditer(rule.text, 0, found.start()))
        if len(given) == 2 and Fraction(found[1]) in (values := [Fraction(one[1]) for one in given]):
            best = given[values.index(max(values))]
            yield best.start(), best.end(), [max(values)], Fraction(found[2]), _TOP


def _brackets(rule: RuleText) -> Iterator[Found]:
    """有制度 (1 分)；有记录 (3 分)."""
    found = list(_BRACKET.finditer(rule.text))
    if len(found) > 1 and not _GIVEN.search(rule.text):
        yield found[0].start(), found[-1].end(), [Fraction(one[1]) for one in found], rule.weight, _WEIGHT


def _tops(rule: RuleText) -> Iterator[Found]:
    """Several lists of bands that each begin at ①: what the best band of each gives."""
    starts = [at for at, one in enumerate(rule.text) if one == "①"]
    given = [list(_GIVEN.finditer(rule.text, at, end)) for at, end in pairwise([*starts, len(rule.text)])]
    if len(given) > 1 and all(len(one) > 1 for one in given):
        tops = [max(one, key=lambda found: Fraction(found[1])) for one in given]
        yield tops[0].start(), tops[0].end(), [Fraction(one[1]) for one in tops], rule.weight, _WEIGHT


def _factors(rule: RuleText) -> Iterator[Found]:
    """甲知晓度*5；乙知晓度*5, where the rule gives points in no other way."""
    found = list(_FACTOR.finditer(rule.text))
    if len(found) > 1 and "分" not in rule.text[found[0].start() :]:
        yield found[0].start(), found[-1].end(), [Fraction(one[1]) for one in found], rule.weight, _WEIGHT
