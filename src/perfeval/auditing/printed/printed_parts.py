"""printed-parts: 评分标准里各部分的分加起来等于它说的分或权重吗？ Do the parts of a printed rule add up to what it says?

Reads: the report (rule sentences below “X”指标权重 3 分, and the rule column of an annex).
Severity: warning.
Bad: 双方各占 2.5 分，共计 10 分; ①②③④各占 1/2 权重; (1 分) and (2 分) of a weight of 4; 现有数÷应有数×4 among items of 1 point each.
Good: 双方各占 2.5 分，共计 5 分. Only what is printed as a part of the whole is added; a rule with other ways to score is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._rule_parts import wrong_parts
from perfeval.auditing._rule_sentences import rule_texts
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


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.report is not None
    for rule in rule_texts(subject.report):
        for parts in wrong_parts(rule.rule, rule.weight, rule.row is not None):
            where = rule.where(subject.report, parts.start, parts.end)
            yield KIND.on(where, name=rule.name, found=parts.shown, what=parts.what, wanted=show_decimal(parts.wanted))
