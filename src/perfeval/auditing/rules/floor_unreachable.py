"""floor-unreachable: 写着扣完为止，扣得完吗？ Where points are taken off down to a floor, is that floor ever reached?

Reads: rules (a leaf whose rule is a deduction of one quantity, with both ends of that quantity under `quantities`, and with
`floor` written in the rule, or 扣完为止 in the quoted wording, which means 0; a part of a sum with `floor` written in its rule).
Severity: note. The rule has one meaning; it only never takes off what it seems to.
Bad: at_least 90%, 1 of 10 points off for each 10%, floor 0, of a rate from 0% to 100%: at 0% one point is left. Good: 2 for each 10%.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._sweeps import Extremes, extremes, extremes_of_parts, leaf_of
from perfeval.model.tree import Node
from perfeval.problems import Origin, Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal, show_short
from perfeval.rules._contract import Rule
from perfeval.rules._fields import Points
from perfeval.rules.sum import Sum

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
        leaf = leaf_of(subject, node)
        if leaf is None or node.rule is None:
            continue
        floor, found = _floor(node), extremes(leaf)
        if floor is not None and found is not None and found.least > floor:
            yield _told(origin.under("rule"), node.name, floor, found)
        for part in extremes_of_parts(leaf, node.rule):
            of_part = _written(_rule_of(node.rule, part.origin), part.worth, node.weight)
            if of_part is not None and part.found.least > of_part:
                yield _told(part.origin, f"{node.name}／{part.name}", of_part, part.found)


def _told(at: Origin, name: str, floor: Fraction, found: Extremes) -> Problem:
    least = show_short(found.least, 4, [floor])
    return KIND.on(at, name=name, floor=show_decimal(floor), quantity=found.name, values=found.values, least=least)


def _floor(node: Node) -> Fraction | None:
    """The lowest points that the rule, or its wording, says it comes down to."""
    if _TO_NOTHING in node.text and isinstance(getattr(node.rule, "floor", None), Points):
        return Fraction(0)
    return _written(node.rule, node.weight, node.weight)


def _written(rule: Rule | None, worth: Fraction, weight: Fraction) -> Fraction | None:
    written = getattr(rule, "floor", None)
    return written.of(worth, weight) if rule is not None and isinstance(written, Points) and "floor" in rule.model_fields_set else None


def _rule_of(rule: Rule, origin: Origin) -> Rule | None:
    """The rule of a part, by the part's place."""
    number = origin.path[-1]
    parts = rule.parts if isinstance(rule, Sum) else ()
    return parts[number].rule if isinstance(number, int) and number < len(parts) else None
