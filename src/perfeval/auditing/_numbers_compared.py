"""The numbers of a scoring rule in words against those of a rule in the files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from perfeval.auditing._numbers_meant import Meant, meant_by, named
from perfeval.auditing._numbers_said import POINTS, RATE, Said, Wording, read_wording, sort_of
from perfeval.model.tree import Node
from perfeval.problems import Fault
from perfeval.quantity import read_quantity
from perfeval.rules._contract import Rule

_SILENT = frozenset(["judged", "formula"])  # the wording may say more than these hold
_SPELLED = frozenset(["bands", "threshold", "linear", "deduction"])  # kinds whose numbers a wording in full says all


class Unlike(NamedTuple):
    """Numbers that one of the two does not have, as text, each once."""

    unknown: list[str]  # in the words alone
    unsaid: list[str]  # in the rule alone

    def __bool__(self) -> bool:
        return bool(self.unknown or self.unsaid)


def unlike(node: Node, text: str, words: frozenset[str]) -> Unlike:
    """What differs between the rule of a leaf and the words; nothing where the rule leaves open what the words may say."""
    rule = node.rule
    if rule is None or not text.strip():
        return Unlike([], [])
    meant = meant_by(node)
    if meant.kinds & _SILENT:
        return Unlike([], [])
    _add_target(meant, node, words)
    wording = read_wording(text, words)
    unknown = list(dict.fromkeys(one.text for one in wording.said if _is_told(one, meant, rule) and not meant.holds(one)))
    return Unlike(unknown, list(dict.fromkeys(_unsaid(node, wording))))


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


def in_words(found: Unlike) -> dict[str, str]:
    """`told` and `told_en`: what differs, in both languages."""
    zh, en = [], []
    if found.unknown:
        zh.append(f"原文有 {'、'.join(found.unknown)}，规则里没有")
        en.append(f"the wording has {', '.join(found.unknown)} and the rule has not")
    if found.unsaid:
        zh.append(f"规则有 {'、'.join(found.unsaid)}，原文里没有")
        en.append(f"the rule has {', '.join(found.unsaid)} and the wording has not")
    return {"told": "；".join(zh), "told_en": "; ".join(en)}
