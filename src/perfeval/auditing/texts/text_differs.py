"""text-differs: 章节里的得分与计算结果一致吗？ Do the scores in the chapters agree with the computed ones?

Reads: texts, result. Sentences that name an indicator with its weight, score and rate; a first-level indicator with the number of
its parts; the number of indicators of each level; the total score; the grade.
Severity: warning.
Bad: “预算执行率”指标权重 10 分，得分 9 分 where 8.67 was computed. Good: 得分率 86.7% for 86.67 %: as many decimals as the text has.
The score of a self-evaluation or of another year, and the bounds of a grade scale, are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._claims import paragraphs
from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._stated import Scores
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "text-differs",
    says="「{name}」的{what}写作 {found}，计算结果是 {computed}。",
    remedy="改文字；文字对的，核对佐证和指标。",
    en="The {what} of “{name}” is written as {found}; {computed} was computed.",
    en_remedy="Mend the text; if the text is right, check the evidence and the indicators.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("result", "texts")


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.result is not None
    scores = Scores(subject.result)
    for document, paragraph in paragraphs(subject.texts):
        for one in scores.differing(paragraph.text):
            where = document.where(paragraph, one.start, one.end)
            yield KIND.on(where, name=one.name, what=one.what, found=one.found, computed=one.computed)
