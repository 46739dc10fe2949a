"""same-wording: 两个指标引用同一段评分标准，而它说的是其中一个吗？ Do two indicators quote one wording that speaks of one of the two?

Reads: rules (`text` of every indicator, blanks, punctuation and the width of signs aside; eight signs or more).
Severity: note.
Bad: 预算执行率 quotes 资金到位率≥100%得满分，每低1%扣0.5分, as 资金到位率 does. Good: each quotes its own sentence; a standard sentence that
names neither, as ①②③各占1/3权重，符合得分.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._wording import bare, said_twice
from perfeval.model.tree import Node
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


_SHORTEST = 3  # signs of a name in a row: fewer are words of every evaluation


def check(subject: Subject) -> Iterator[Problem]:
    yield from said_twice(subject, KIND, "text", lambda node: node.text, _speaks_of_one)


def _speaks_of_one(one: Node, other: Node, text: str) -> bool:
    """Does the wording hold a stretch of the one name that the other has not?"""
    return any(
        stretch in text and stretch not in bare(right.name)
        for left, right in ((one, other), (other, one))
        for name in [bare(left.name)]
        for stretch in (name[at : at + _SHORTEST] for at in range(len(name) - _SHORTEST + 1))
    )
