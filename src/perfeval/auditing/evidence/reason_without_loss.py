"""reason-without-loss: 写了扣分原因的，扣了分吗？ Is anything lost where a reason for a loss is given?

Reads: evidence (`reason` of leaves, items and parts), scores.
Severity: warning.
Bad: full marks and `reason: 名单未公示`. Good: points lost and the same reason; full marks and `reason: 无`.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._evidence import leaves_with_evidence
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import is_missing, show_decimal

KIND = ProblemKind(
    "reason-without-loss",
    says="「{name}」写了扣分原因“{reason}”，却得满分 {full} 分。",
    remedy="该扣分的，改判断；不扣分的，把这句话写到 finding 里。",
    en="“{name}” gives a reason for lost points (“{reason}”) and has full marks ({full}).",
    en_remedy="If points should be lost, mend the judgement; if not, say it under finding.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("folder", "result")
NO_REASON = frozenset(["无", "没有", "不扣分", "未扣分", "无扣分", "不涉及", "没有扣分"])
"""Texts that say that there is none."""
SHOWN = 40


def check(subject: Subject) -> Iterator[Problem]:
    for leaf in leaves_with_evidence(subject):
        one = leaf.scored
        text = one.reason.strip()
        if not leaf.full or is_missing(text) or text.rstrip("。") in NO_REASON:
            continue
        at = leaf.at.key() if one.reason_of_parts else leaf.at.under("reason")
        shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}……"
        yield KIND.on(at, name=one.name, reason=shown, full=show_decimal(one.applicable))
