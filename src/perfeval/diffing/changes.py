"""What a structural diff is made of: which node stands for which, and one entry for each thing that was edited."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

from perfeval.model.tree import Node
from perfeval.problems import Origin, Path

How = Literal["id", "path", "likeness", ""]
What = Literal[
    "added",
    "removed",
    "moved",
    "renamed",
    "weight",
    "target",
    "benchmark",
    "measure",
    "rule-kind",
    "parameter",
    "clause",
    "grades",
    "rounding",
    "policy",
    "total",
    "units",
    "quantities",
    "constraints",
    "bonus",
    "penalty",
    "veto",
    "as-printed",
    "wording",
]
Chain = tuple[Node, ...]


class Pair(NamedTuple):
    """A node of the old tree and the one that stands for it in the new: chains from the first level, None where there is none.

    `how` says what paired them, "" for a node that was added or removed; `likeness` is 1 unless it was likeness.
    """

    old: Chain | None
    new: Chain | None
    how: How
    likeness: Fraction = Fraction(1)


class Change(NamedTuple):
    """One thing that was edited.

    `path` leads to it inside the node, or inside the file where both node keys are empty: field words, positions (of the new
    side where it has one), and the keys of items, parts, clauses, tiers and named things (of the old side where it has one).
    () is the node itself. A last step `bound` says that the bound got another word; its two texts then carry signs.
    `scores`: may a score or a grade come out otherwise for it?
    """

    what: What
    old_key: str
    new_key: str
    path: Path
    old: str
    new: str
    old_origin: Origin | None
    new_origin: Origin | None
    scores: bool


class Structure(NamedTuple):
    """All pairs in the order of the old tree, added nodes last in that of the new; changes in the same order, the file's own first."""

    pairs: tuple[Pair, ...]
    changes: tuple[Change, ...]
