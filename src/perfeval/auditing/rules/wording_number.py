"""wording-number: 引用的原文里的数，规则里都有吗？ Are the numbers of the quoted wording those of the rule?

Reads: rules (`text` of a leaf against its rule: numbers with 分, %, or a unit that the rule uses too; 百分之七十 is 70%).
Severity: warning.
Bad: text 达到90%得满分，70%至90%得6分 beside bands that begin at 75%. Good: both say 70%. What follows from the rule's numbers is
no finding: points lost instead of points got, a share of the weight, sums of items, where a deduction comes to nothing. Limits:
nothing is said beside `judged` and `formula`; 每…扣… is compared with deductions alone, since a line may be told in steps too.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._numbers_compared import in_words, unlike
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "wording-number",
    says="「{name}」的规则与引用的原文不一致：{told}。",
    remedy="核对原文，改规则或改 text；原文另有所指的可不理会。",
    en="The rule of “{name}” and the wording it quotes do not agree: {told_en}.",
    en_remedy="Compare with the document and mend the rule or the text; ignore this if the wording speaks of something else.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("rules",)


def check(subject: Subject) -> Iterator[Problem]:
    words = frozenset(subject.tree.units)
    for origin, node in subject.leaves():
        if found := unlike(node, node.text, words):
            yield KIND.on(origin.under("text"), name=node.name, **in_words(found))
