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
from perfeval.auditing._numbers_meant import Meant, meant_by, named
from perfeval.auditing._numbers_said import POINTS, RATE, Said, Wording, read_wording, sort_of
from perfeval.model.tree import Node
from perfeval.problems import Fault, Problem, ProblemKind, Severity
from perfeval.quantity import read_quantity
from perfeval.rules._contract import Rule

KIND = ProblemKind(
    "wording-number",
    says="「{name}」的规则与引用的原文不一致：{told}。",
    remedy="核对原文，改规则或改 text；原文另有所指的可不理会。",
    en="The rule of “{name}” and the wording it quotes do not agree: {told_en}.",
    en_remedy="Compare with the document and mend the rule or the text; ignore this if the wording speaks of something else.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("rules",)
_SILENT = frozenset(["judged", "formula"])  # the wording may say more than these hold
_SPELLED = frozenset(["bands", "threshold", "linear", "deduction"])  # kinds whose numbers a wording in full says all


def check(subject: Subject) -> Iterator[Problem]:
    words = frozenset(subject.tree.units)
    for origin, node in subject.leaves():
        if not node.text.strip() or node.rule is None:
            continue
        meant = meant_by(node)
        if meant.kinds & _SILENT:
            continue
        _add_target(meant, node, words)
        wording = read_wording(node.text, words)
        unknown = list(dict.fromkeys(one.text for one in wording.said if _is_told(one, meant, node.rule) and not meant.holds(one)))
        unsaid = list(dict.fromkeys(_unsaid(node, wording)))
        if unknown or unsaid:
            yield KIND.on(origin.under("text"), name=node.name, **_told(unknown, unsaid))


def _told(unknown: list[str], unsaid: list[str]) -> dict[str, str]:
    zh, en = [], []
    if unknown:
        zh.append(f"原文有 {'、'.join(unknown)}，规则里没有")
        en.append(f"the wording has {', '.join(unknown)} and the rule has not")
    if unsaid:
        zh.append(f"规则有 {'、'.join(unsaid)}，原文里没有")
        en.append(f"the rule has {', '.join(unsaid)} and the wording has not")
    return {"told": "；".join(zh), "told_en": "; ".join(en)}


def _is_told(said: Said, meant: Meant, rule: Rule) -> bool:
    """Does the rule have numbers of this sort to be compared with?"""
    if said.step and ("deduction" not in meant.kinds or getattr(rule, "steps", None) == "exact") and "defects" not in meant.kinds:
        return False
    if said.sort == POINTS or said.of_points:
        return bool(meant.by_sort[POINTS] - {0, meant.worth})
    return bool(meant.by_sort[said.sort]) or (said.sort == RATE and "proportional" in meant.kinds)


def _unsaid(node: Node, wording: Wording) -> Iterator[str]:
    """Numbers of the rule that the wording, which says others of the sort, does not."""
    rule = node.rule
    if (
        rule is None
        or rule.kind not in _SPELLED
        or wording.has_steps != (rule.kind == "deduction")
        or getattr(rule, "steps", None) == "exact"
    ):
        return
    for text, sort, like in named(rule, node.weight):
        if wording.has(sort) and not like & wording.bare:
            yield text


def _add_target(meant: Meant, node: Node, words: frozenset[str]) -> None:
    text = node.target.strip().lstrip("≥≤><=＝")
    try:
        target = read_quantity(text.strip(), None, words)
    except Fault:
        return
    if target.unit is None:
        meant.bare.add(target.value)
    else:
        meant.by_sort[sort_of(target.unit)].add(target.value)
