"""loss-without-reason: 判断扣了分的，写了原因吗？ Is there a reason for each loss that somebody decided?

Reads: evidence (`reason` of leaves, items and parts), scores. What a formula takes off explains itself. A leaf whose actual
value is the target is told by judgement-contradicts-actual.
Severity: warning.
Bad: `checklist: [yes, yes, no]` without `reason`. Good: `checklist: [yes, yes, no]` with `reason: 名单未公示`.
Where items or parts have reasons of their own, each that lost needs one.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._evidence import leaves_with_evidence
from perfeval.model.result import Indicator
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal
from perfeval.scoring.run import all_steps

KIND = ProblemKind(
    "loss-without-reason",
    says="「{name}」判断扣了 {lost} 分（满分 {full} 分），没有写扣分原因。",
    remedy="写上 reason；扣错了的，改判断。",
    en="“{name}” lost {lost} of {full} points by judgement, and no reason is given.",
    en_remedy="Add a reason; if the loss is wrong, mend the judgement.",
    severity=Severity.WARNING,
)
DECIDED = ("judged", "tier", "unmet")
"""Steps that somebody decided: only they can give the reason."""
NEEDS: tuple[Need, ...] = ("folder", "result")


def check(subject: Subject) -> Iterator[Problem]:
    for leaf in leaves_with_evidence(subject):
        one = leaf.scored
        if one.reason_missing and not leaf.denied:  # that is told as a contradiction
            yield KIND.on(leaf.at.key(), name=one.name, lost=show_decimal(one.lost), full=show_decimal(one.applicable))
        elif one.reason_of_parts and one.lost:
            for item, lost, full in _unspoken(one):
                yield KIND.on(leaf.at.key(), name=f"{one.name}／{item}", lost=show_decimal(lost), full=show_decimal(full))


def _unspoken(one: Indicator) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Items and parts that lost by judgement, where only others have their reasons: name, loss, full points."""
    for step in one.steps:
        most, decided = step.label.most, [below for below in all_steps(step.steps) if below.label.role in DECIDED]
        if step.label.role != "item" or most is None or f"{step.label.text}：" in one.reason:
            continue
        if any(below.label.most is not None and below.value < below.label.most for below in decided):
            yield step.label.text, Fraction(most - step.value), Fraction(most)
