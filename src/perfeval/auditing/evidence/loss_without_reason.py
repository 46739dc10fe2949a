"""loss-without-reason: 判断扣了分的，写了原因吗？ Is there a reason for each loss that somebody decided?

Reads: evidence (`reason` of leaves, items and parts), scores. What a formula takes off explains itself, also in a part beside one
that is judged. A leaf whose actual value is the target is told by judgement-contradicts-actual; a veto is told here too.
Severity: warning.
Bad: `checklist: [yes, yes, no]` without `reason`. Good: `checklist: [yes, yes, no]` with `reason: 名单未公示`.
Where items or parts have reasons of their own, each that lost needs one. It is told at the part, of several at the leaf.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._evidence import Leaf, leaves_with_evidence
from perfeval.problems import Origin, Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal

KIND = ProblemKind(
    "loss-without-reason",
    says="「{name}」判断扣了 {lost} 分（满分 {full} 分），没有写扣分原因。",
    remedy="写上 reason；扣错了的，改判断。",
    en="“{name}” lost {lost} of {full} points by judgement, and no reason is given.",
    en_remedy="Add a reason; if the loss is wrong, mend the judgement.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("folder", "result")


def check(subject: Subject) -> Iterator[Problem]:
    for leaf in leaves_with_evidence(subject):
        one = leaf.scored
        if leaf.unexplained and one.kind == "sum" and not (one.clauses or leaf.denied):
            yield from _of_sum(leaf)
        elif leaf.unexplained and (one.clauses or not leaf.denied):  # else that is told as a contradiction
            yield _told(leaf.at, one.name, one.lost, one.applicable)
        elif one.reason_of_parts and one.lost:
            yield from _of_parts(leaf)


def _of_sum(leaf: Leaf) -> Iterator[Problem]:
    """A sum without any reason: the part that lost by judgement; where there are several, the leaf with what they lost together."""
    found = list(_of_parts(leaf))
    if len(found) == 1:
        yield from found
        return
    lost = sum((item.decided_loss for item in leaf.items()), Fraction(0))
    yield _told(leaf.at, leaf.scored.name, min(lost, leaf.scored.lost) if lost else leaf.scored.lost, leaf.scored.applicable)


def _of_parts(leaf: Leaf) -> Iterator[Problem]:
    """Items and parts that lost by judgement and have no reason of their own: how much, and of how many points."""
    for item in leaf.items():
        full = item.step.label.most
        spoken = item.entry is not None and (item.entry.reason or f"{item.step.label.text}：" in leaf.scored.reason)
        if full is not None and item.decided_loss > 0 and not spoken:
            at = item.at if leaf.scored.kind == "sum" else leaf.at
            yield _told(at, f"{leaf.scored.name}／{item.step.label.text}", item.decided_loss, Fraction(full))


def _told(at: Origin, name: str, lost: Fraction, full: Fraction) -> Problem:
    return KIND.on(at if isinstance(at.path[-1], int) else at.key(), name=name, lost=show_decimal(lost), full=show_decimal(full))
