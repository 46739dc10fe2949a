"""Two rule sets side by side: what was edited, and for each leaf whether it still means the same."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import NamedTuple

from perfeval.diffing.changes import Change, Pair, Structure
from perfeval.diffing.leaf import Side
from perfeval.diffing.meaning import Meaning, meaning
from perfeval.diffing.structure import compare
from perfeval.ir.program import Program
from perfeval.lowering.from_tree import lower_tree
from perfeval.model.folder import Indicators
from perfeval.model.project import Policy
from perfeval.model.tree import Node
from perfeval.problems import Problem
from perfeval.rules._contract import Rule
from perfeval.rules._parts import Composite

_ALL_LEAVES = frozenset(["units", "quantities"])  # of the file: what they say can change any leaf
_CHECKED = frozenset(["units", "quantities", "as-printed"])  # what decides whether evidence or a rule is accepted, not what it gives


class LeafDiff(NamedTuple):
    """A leaf that stands in both rule sets and was touched: what was edited in it, and what that means."""

    old: Node
    new: Node
    changes: tuple[Change, ...]
    meaning: Meaning

    @property
    def reweighted(self) -> bool:
        return self.old.weight != self.new.weight

    @property
    def differs(self) -> bool:
        """Can it give other points, or the same to something else? Under another key the evidence given by the old one is not found."""
        moved = any(one.scores and (one.path in ((), ("name",), ("id",)) or one.path[-1] == "text") for one in self.changes)
        return self.reweighted or not self.meaning.same or moved


class RuleDiff(NamedTuple):
    """All that is different between two rule sets."""

    old: Indicators
    new: Indicators
    structure: Structure
    leaves: tuple[LeafDiff, ...]  # touched leaves of both, in the order of the old tree
    added: tuple[Pair, ...]
    removed: tuple[Pair, ...]
    others: tuple[Change, ...]  # of the file and of nodes, all that does not stand inside a leaf
    asked: Set[str]  # evidence that both ask for
    either: Set[str]  # or one of the two
    problems: tuple[tuple[Problem, ...], tuple[Problem, ...]]  # of each rule set, placed nowhere yet

    @property
    def differs(self) -> bool:
        """Can any score or grade come out otherwise?"""
        return any(leaf.differs for leaf in self.leaves) or any(self.counts(change) for change in self.others)

    def counts(self, change: Change) -> bool:
        """Can a change outside the leaves move a score? A quantity's unit can, where both rule sets ask for it."""
        if change.what == "quantities":
            return change.scores and change.path[-1] in ("unit", *self.asked) and str(change.path[1]) in self.asked
        return change.scores and change.what not in _CHECKED

    @property
    def pairs(self) -> dict[str, str]:
        """Ids of leaves on the old side to those on the new."""
        return {p.old[-1].key: p.new[-1].key for p in self.structure.pairs if p.old and p.new and _are_leaves(p)}

    @property
    def same_extras(self) -> bool:
        """Do bonus and penalty mean the same?"""
        return not any(change.scores for change in self.others if change.what in ("bonus", "penalty"))

    @property
    def changed(self) -> frozenset[str]:
        """Ids of the old tree's leaves that can give other points."""
        return frozenset(leaf.old.key for leaf in self.leaves if leaf.differs)


def diff_rules(old: Indicators, new: Indicators) -> RuleDiff:
    """Compares two rule sets. Leaves in which nothing was edited mean the same and are not looked at."""
    structure = compare(old, new)
    facts = _facts(old, new)
    (before, first), (after, second) = _lowered(old, facts), _lowered(new, facts)
    pairs = {(p.old[-1].key, p.new[-1].key) for p in structure.pairs if p.old and p.new and _are_leaves(p)}
    everywhere = any(change.what in _ALL_LEAVES for change in structure.changes)
    edited: dict[tuple[str, str], list[Change]] = {}
    others = []
    for change in structure.changes:
        if (change.old_key, change.new_key) in pairs:
            change = _asked_otherwise(change)
            edited.setdefault((change.old_key, change.new_key), []).append(change)
        else:
            others.append(change)
    leaves = []
    for pair in structure.pairs:
        if pair.old is None or pair.new is None or not _are_leaves(pair):
            continue
        one, other = pair.old[-1], pair.new[-1]
        changes = edited.get((one.key, other.key), [])
        if not changes and one.weight == other.weight and one.key == other.key and not everywhere:
            continue
        found = _meaning(before, after, one, other, old, new)
        if changes or one.weight != other.weight or not found.same:
            leaves.append(LeafDiff(one, other, tuple(changes), found))
    added = tuple(pair for pair in structure.pairs if pair.old is None)
    removed = tuple(pair for pair in structure.pairs if pair.new is None)
    return RuleDiff(
        old,
        new,
        structure,
        tuple(leaves),
        added,
        removed,
        tuple(others),
        before.asks.keys() & after.asks.keys(),
        before.asks.keys() | after.asks.keys(),
        (tuple(first), tuple(second)),
    )


_CRITERIA = ("rule", "veto", "requires", "defects")


def _asked_otherwise(change: Change) -> Change:
    """An edited text of what is asked: nobody but a reader knows whether it is still the same question, so it counts."""
    if change.what == "wording" and change.path[:1] and change.path[0] in _CRITERIA:
        return change._replace(what="parameter", scores=True)
    return change


def _lowered(indicators: Indicators, facts: Set[str]) -> tuple[Program, list[Problem]]:
    """With everything applying: what does not is a matter of evidence and policy."""
    return lower_tree(indicators, facts, Policy.model_construct(missing="pending", not_applicable=None))


def _facts(*sides: Indicators) -> Set[str]:
    """Names that formulas of either side use as facts, where a part is called by one of them: it looks at that fact then."""
    titles = {title for one in sides for _, chain in one.tree.walk() if (rule := chain[-1].rule) is not None for title in _titles(rule)}
    if not titles:
        return frozenset()
    asked = (ask for one in sides for ask in _lowered(one, frozenset())[0].asks.values())
    facts = {ask.key for ask in asked if ask.form == "fact"}
    return facts if facts & titles else frozenset()


def _titles(rule: Rule) -> Iterator[str]:
    """Names of parts that have a rule of their own, at any depth."""
    if isinstance(rule, Composite):
        yield from (part.title for part in rule.entries() if part.rule is not None)
    for _, inner in rule.nested():
        yield from _titles(inner)


def _meaning(before: Program, after: Program, one: Node, other: Node, old: Indicators, new: Indicators) -> Meaning:
    if one.key not in before.nodes or other.key not in after.nodes:
        return Meaning()  # without a rule on one side: an error, told where it stands
    return meaning(Side(before, before.nodes[one.key], old.tree), Side(after, after.nodes[other.key], new.tree))


def _are_leaves(pair: Pair) -> bool:
    return bool(pair.old and pair.new and not pair.old[-1].children and not pair.new[-1].children)
