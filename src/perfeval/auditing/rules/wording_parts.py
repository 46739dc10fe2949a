"""wording-parts: 引用的原文里各部分的分加起来等于权重吗？ Do the parts that the quoted wording names add up to the weight?

Reads: rules (`text` of a leaf against its weight and against itself).
Severity: warning.
Bad: ①②③④各占1/2权重; ①项占2分，②项占3分 of a weight of 4; 双方各占2.5分，共计10分. Good: ①②各占1/2权重.
Whether the rule itself reaches its weight is told by the rule checks; this is about what the document says.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._rule_parts import wrong_parts
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import plain_width, show_decimal

KIND = ProblemKind(
    "wording-parts",
    says="「{name}」引用的原文里各部分给 {found} 分，{what}是 {wanted} 分：“{quoted}”。",
    remedy="核对原文；原文如此的，在 audit: {{ignore: …}} 里写明理由。",
    en="In the wording that “{name}” quotes the parts give {found} points; {what} is {wanted}: “{quoted}”.",
    en_remedy="Compare with the document; if it says so, say why this is to be ignored in audit: {{ignore: …}}.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("rules",)


def check(subject: Subject) -> Iterator[Problem]:
    for origin, node in subject.leaves():
        text = plain_width(node.text)
        for parts in wrong_parts(text, node.weight, True):
            quoted = text[parts.start : parts.end]
            yield KIND.on(
                origin.under("text"), name=node.name, found=parts.shown, what=parts.what, wanted=show_decimal(parts.wanted), quoted=quoted
            )
