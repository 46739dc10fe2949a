"""floor-unreachable: 写着扣完为止，扣得完吗？ Where points are taken off down to a floor, is that floor ever reached?

Reads: rules (a leaf whose rule is a deduction of one quantity, with both ends of that quantity under `quantities`, and with
`floor` written in the rule, or 扣完为止 in the quoted wording, which means 0).
Severity: note. The rule has one meaning; it only never takes off what it seems to.
Bad: at_least 90%, 1 of 10 points off for each 10%, floor 0, of a rate from 0% to 100%: at 0% one point is left. Good: 2 for each 10%.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._sweeps import extremes, leaf_of
from perfeval.model.tree import Node
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal, show_short
from perfeval.rules._fields import Points

KIND = ProblemKind(
    "floor-unreachable",
    says="「{name}」扣不到 {floor} 分：「{quantity}」在 {values} 之间，最低也得 {least} 分。",
    remedy="改每步的大小或所扣的分，或把 floor 写成真正的最低分；原文如此的可不理会。",
    en="“{name}” never comes down to {floor}: with “{quantity}” within {values} it keeps {least} at the least.",
    en_remedy="Change the step or what it costs, or write the real lowest points as floor; ignore this if the document has it so.",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("rules",)
_TO_NOTHING = "扣完为止"


def check(subject: Subject) -> Iterator[Problem]:
    for origin, node in subject.leaves():
        floor = _floor(node)
        leaf = leaf_of(subject, node) if floor is not None else None
        found = extremes(leaf) if leaf is not None else None
        if floor is None or found is None or found.least <= floor:
            continue
        least = show_short(found.least, 4, [floor])
        yield KIND.on(
            origin.under("rule"), name=node.name, floor=show_decimal(floor), quantity=found.name, values=found.values, least=least
        )


def _floor(node: Node) -> Fraction | None:
    """The lowest points that the rule, or its wording, says it comes down to."""
    written = getattr(node.rule, "floor", None)
    if node.rule is None or not isinstance(written, Points):
        return None
    if _TO_NOTHING in node.text:
        return Fraction(0)
    return written.of(node.weight, node.weight) if "floor" in node.rule.model_fields_set else None
