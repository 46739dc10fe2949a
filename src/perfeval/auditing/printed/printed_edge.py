"""printed-edge: 评分标准里相邻两档的界点属于哪一档，写明了吗？ Does a printed rule say to which of two bands the value between them belongs?

Reads: the report (rule sentences of the body and the annex: 在 90%~100%之间, 在 70%~90%之间).
Severity: note.
Bad: 在 90%~100%之间得 3 分，在 70%~90%之间得 1 分, where 90% may get 3 or 1. Good: 90%≤x<100%, 70%≤x<90%; 70%（含）~90%. One
finding for each rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from perfeval.auditing._claims import NUMBER
from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._rule_sentences import rule_texts
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "printed-edge",
    says="「{name}」的评分标准没有写明 {edge} 属于哪一档：「{one}」得 {a} 分，「{other}」得 {b} 分。",
    remedy="界点写明含或不含，如 90%≤x<100%。",
    en="The rule of “{name}” does not say to which band {edge} belongs: {a} points for “{one}”, {b} for “{other}”.",
    en_remedy="Say whether each end is in, as 90%≤x<100%.",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("report",)

_N = rf"({NUMBER})"
_BAND = re.compile(rf"{_N}\s*([%％])?\s*[-~～—–至到]\s*{_N}\s*([%％]?)\s*之间的?[，,]?\s*得\s*{_N}\s*分")
_SAID = re.compile(r"不?含|包括")


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.report is not None
    for rule in rule_texts(subject.report):
        for one, other in pairwise(_BAND.finditer(rule.rule)):
            edges = {Fraction(one[1]), Fraction(one[3])} & {Fraction(other[1]), Fraction(other[3])}
            if len(edges) != 1 or one[4] != other[4] or one[5] == other[5] or _SAID.search(rule.rule, one.start() - 1, other.end() + 1):
                continue
            value = other[3] if Fraction(other[3]) in edges else other[1]
            bands = {key: re.sub(r"之间.*", "", band[0]).strip() for key, band in (("one", one), ("other", other))}
            shown = {"edge": value + other[4], "a": one[5], "b": other[5], **bands}
            yield KIND.on(rule.where(subject.report, other.start(), other.end()), name=rule.name, **shown)
            break
