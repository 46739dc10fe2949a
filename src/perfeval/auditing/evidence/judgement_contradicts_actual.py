"""judgement-contradicts-actual: 判断的得分与写明的完成值相符吗？ Does a judged score fit the actual value that is stated?

Reads: rules (`target`, tiers), evidence (`actual`, `tier`, `reason`), scores of judged leaves.
Severity: warning.
Bad: 目标值 健全, 完成值 不健全, full marks; 完成值 as the target wants it and 0 points; 完成值 较好 and `tier: 显著`.
Good: 完成值 健全 with full marks; 完成值 不健全 with points lost.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._degree_words import is_denied, is_taken_back, quality_in
from perfeval.auditing._evidence import Leaf, leaves_with_evidence
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import is_missing, show_decimal

KIND = ProblemKind(
    "judgement-contradicts-actual",
    says="「{name}」完成值写“{actual}”，{why}，得 {score}／{full} 分。",
    remedy="核对底稿：改完成值，或改判断；两者都对的，在 reason 里说明。",
    en="“{name}”: the actual value says “{actual}”, {why}, and it scored {score} of {full} points.",
    en_remedy="Go back to the working papers and mend the actual value or the judgement; if both are right, explain it in reason.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("folder", "result")


def check(subject: Subject) -> Iterator[Problem]:
    for leaf in leaves_with_evidence(subject):
        one = leaf.scored
        if not leaf.judged or one.score is None or is_missing(leaf.actual):
            continue
        why = _against(leaf)
        if why:
            full, score = show_decimal(one.applicable), show_decimal(one.score)
            yield KIND.on(leaf.at.under("actual"), name=one.name, actual=leaf.actual, why=why, score=score, full=full)


def _against(leaf: Leaf) -> str:
    """What the actual value stands against, in both languages; nothing where it does not."""
    if leaf.by_tier:
        tier = (leaf.entry.tier or "").strip()
        return f"评定的等次却是“{tier}” (the tier chosen is “{tier}”)" if tier not in ("", leaf.actual) else ""
    target = leaf.node.target.strip()
    wanted = target or quality_in(leaf.node.name)
    if leaf.full and (is_taken_back(leaf.actual, target) if target else is_denied(leaf.actual, wanted)):
        return f"目标是“{wanted}” (the target is “{wanted}”)"
    if not leaf.denied:
        return ""
    if leaf.scored.reason:
        return "与目标值相同 (which is the target)"
    return "与目标值相同，又没有写扣分原因 (which is the target, and no reason is given for the lost points)"
