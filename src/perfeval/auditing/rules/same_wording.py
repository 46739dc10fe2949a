"""same-wording: 两个指标引用同一段评分标准吗？ Do two indicators quote the same scoring rule?

Reads: rules (`text` of every indicator, blanks, punctuation and the width of signs aside; eight signs or more).
Severity: note. Short standard sentences may well be common to several indicators.
Bad: 预算执行率 quotes 资金到位率≥100%得满分，每低1%扣0.5分, as 资金到位率 does. Good: each quotes its own sentence.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._wording import said_twice
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "same-wording",
    says="「{name}」与「{other}」引用的原文一样：“{text}”。",
    remedy="核对原文，看是不是抄串了；原文确实相同的可不理会。",
    en="“{name}” and “{other}” quote the same wording: “{text}”.",
    en_remedy="Compare with the document: one may have been copied from the other; ignore this if both really say it.",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("rules",)


def check(subject: Subject) -> Iterator[Problem]:
    yield from said_twice(subject, KIND, "text", lambda node: node.text)
