"""reason-without-loss: 写了扣分原因的，扣了分吗？ Is anything lost where a reason for a loss is given?

Reads: evidence (`reason` of leaves, items and parts), scores.
Severity: warning.
Bad: full marks and `reason: 名单未公示`, of a leaf or of one of its parts. Good: points lost and the same reason; full marks and
`reason: 无`, or 未扣分，资料齐全.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._evidence import Leaf, leaves_with_evidence
from perfeval.problems import Origin, Problem, ProblemKind, Severity
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
NO_REASON = frozenset(["无", "没有", "不涉及"])
"""Texts that say that there is none, as they stand."""
_NONE = re.compile(
    r"(?:不|未|没有|无|无需|无须|不予|不需)扣(?:减)?分|无失分|(?:得|给|为)满分|(?:未|没有|无|没)(?:发现|存在|出现|见)[^，。；,;]{0,10}?(?:问题|异常|违规|违纪)|"
    r"(?:无|没有)(?:任何|明显|重大|违规|违纪|其他|相关)?(?:问题|异常|违规|违纪)|(?:全部|均|都|完全|全)(?:符合|达标|达到|完成|合格|满足)|^符合"
)
"""What says that all is well, anywhere in a text."""
_BUT = re.compile(r"但|除|仅|只有|个别|然而|不足|不符|不全|不齐|扣\s?\d|未(?!扣|发现|存在|出现|见)")
SHOWN = 40


def check(subject: Subject) -> Iterator[Problem]:
    for leaf in leaves_with_evidence(subject):
        one = leaf.scored
        if one.reason_of_parts:
            yield from _of_parts(leaf)
        elif leaf.full and _is_reason(one.reason):
            yield _told(leaf.at.under("reason"), one.name, one.reason, one.applicable)


def _of_parts(leaf: Leaf) -> Iterator[Problem]:
    """Items and parts with full marks and a reason of their own; a reason that is none of these is the leaf's."""
    told = False
    for item in leaf.items():
        full, entry = item.step.label.most, item.entry
        if entry is None or not _is_reason(entry.reason) or full is None or full <= 0 or item.step.value != full:
            continue
        told = True
        at = item.at if isinstance(item.at.path[-1], int) else item.at._replace(of_key=False).under("reason")
        yield _told(at, f"{leaf.scored.name}／{item.step.label.text}", entry.reason, Fraction(full))
    if leaf.full and not told and _is_reason(leaf.scored.reason):
        yield _told(leaf.at.key(), leaf.scored.name, leaf.scored.reason, leaf.scored.applicable)


def _is_reason(text: str) -> bool:
    text = text.strip()
    if is_missing(text) or text.rstrip("。") in NO_REASON:
        return False
    return not _NONE.search(text) or bool(_BUT.search(text))


def _told(at: Origin, name: str, reason: str, full: Fraction) -> Problem:
    text = reason.strip()
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}……"
    return KIND.on(at, name=name, reason=shown, full=show_decimal(full))
