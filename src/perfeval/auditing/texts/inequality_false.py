"""inequality-false: 文中的大小关系和区间成立吗？ Do the inequalities and intervals that a text prints hold?

Reads: texts, report (4.30≤2.21, 90%≤执行率<80%, a grade interval (80,70]).
Severity: warning.
Bad: 4.30≤2.21，符合; (80,70] 为中. Good: 2.21≤4.30; 70%≤x<90%; 4.30≤2.21 不成立. Two numbers with different units, or one
with a unit and one without (85%<0.9), are not compared.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from fractions import Fraction

from perfeval.auditing._claims import FIGURE, number_of, paragraphs
from perfeval.auditing._contract import Need, Subject
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "inequality-false",
    says="「{text}」{why}。",
    remedy="核对两个数和方向，改写错的一个；据此打的分也要核对。",
    en="“{text}” {why_en}.",
    en_remedy="Check both numbers and the direction, and mend the wrong one; look at points that were given by it.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ()

_N = rf"(?:{FIGURE})"
_UNIT = r"(?:[%％‰]|亿元|万元|元|[人户家个项次分份名天件])?"
_SIGN = r"[≤≥<>＜＞⩽⩾]=?"
_END = r"(?!\d|[.,]\d|[/*×≤≥<>百千万亿‰])"  # no further digit, operator or unit
_SIDES = re.compile(rf"(?<![\d.,/*×+≤≥<>＜＞=-])(?P<left>{_N})(?P<u1>{_UNIT})(?P<s1>{_SIGN})(?P<right>{_N})(?P<u2>{_UNIT}){_END}")
_AROUND = re.compile(
    rf"(?<![\d.,/])(?P<left>{_N})(?P<u1>{_UNIT})\s?(?P<s1>{_SIGN})\s?[^\d\s，。；、≤≥<>＜＞=()（）]{{1,20}}?\s?(?P<s2>{_SIGN})\s?(?P<right>{_N})(?P<u2>{_UNIT}){_END}"
)
_BOUND = r"\d{1,12}(?:\.\d{1,8})?"  # a comma stands between the two, and not within one
_INTERVAL = re.compile(rf"[\[［(（]\s*(?P<left>{_BOUND})\s*[%％分]?\s*[,，]\s*(?P<right>{_BOUND})\s*[%％分]?\s*[\])］）]")
_GIVES = re.compile(r"\s*分?\s*的?\s*(?:[，,：:]\s*)?(?:等级)?(?:为|是|得|属|评|[优良中差低])")  # what an interval of points or rates gives
_DENIED = re.compile(r"\s*[，,（(]?\s*(?:不成立|不符合|不满足|不达标|未达|未满足|不合)")
_HOLDS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "≤": operator.le, "⩽": operator.le, "<=": operator.le, "＜=": operator.le,
    "≥": operator.ge, "⩾": operator.ge, ">=": operator.ge, "＞=": operator.ge,
    "<": operator.lt, "＜": operator.lt, ">": operator.gt, "＞": operator.gt,
}  # fmt: skip
_FALSE = ("不成立", "does not hold")
_TURNED = ("的下界大于上界", "has its lower end above its upper one")


def check(subject: Subject) -> Iterator[Problem]:
    for document, paragraph in paragraphs(subject.documents):
        for found, (why, why_en) in _false(paragraph.text):
            where = document.where(paragraph, *found.span())
            yield KIND.on(where, text=found[0], why=why, why_en=why_en)


def _false(text: str) -> Iterator[tuple[re.Match[str], tuple[str, str]]]:
    for found in _SIDES.finditer(text):
        holds = _HOLDS.get(found["s1"])
        if holds and _same_unit(found) and not holds(*_numbers(found)) and not _DENIED.match(text, found.end()):
            yield found, _FALSE
    for found in _AROUND.finditer(text):
        signs = [_HOLDS.get(found[key]) for key in ("s1", "s2")]
        rising, falling = (all(one in pair for one in signs) for pair in ((operator.le, operator.lt), (operator.ge, operator.gt)))
        low, high = _numbers(found)
        if _same_unit(found) and ((rising and low > high) or (falling and low < high)):
            yield found, _TURNED
    for found in _INTERVAL.finditer(text):
        low, high = _numbers(found)
        if low > high and (found[0][0] in "[［" or found[0][-1] in "]］") and _GIVES.match(text, found.end()):
            yield found, _TURNED


def _numbers(found: re.Match[str]) -> tuple[Fraction, Fraction]:
    return number_of(found["left"]), number_of(found["right"])


def _same_unit(found: re.Match[str]) -> bool:
    return _UNITS.get(found["u1"], found["u1"]) == _UNITS.get(found["u2"], found["u2"])


_UNITS = {"％": "%"}
