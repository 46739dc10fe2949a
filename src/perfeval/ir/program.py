"""A tree of indicators as expressions: one for each leaf, each parent, the total and the grade, and what evidence they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from perfeval.ir.nodes import Domain, Expr, Label, Number
from perfeval.problems import Origin
from perfeval.quantity import Unit

AskForm = Literal["number", "yes_no", "tier", "points", "count", "flag", "fact"]
"""What an evidence key must hold; a `fact` brings its own unit, a `flag` is 0 unless the evidence says otherwise."""


class Ask(NamedTuple):
    """One piece of evidence that a program asks for."""

    key: str
    form: AskForm
    node: str = ""  # id of the leaf that asks; "" for facts and the tree's own questions
    text: str = ""  # the item's or quantity's name, for people
    unit: Unit | None = None  # of a bare number
    domain: Domain | None = None
    choices: tuple[str, ...] = ()  # tiers, best known order as written
    worth: Fraction = Fraction(0)  # what a share given as points is a share of
    leaf_worth: Fraction = Fraction(0)  # the same for a share `of leaf`
    origin: Origin | None = None  # the rule that asks
    rules: tuple[Origin, ...] = ()  # of points, every rule that asks: alternatives of `choose` share a key


class Step(NamedTuple):
    """A labelled node, or an input, as it was evaluated: what the trace is made of."""

    label: Label
    value: Number
    steps: tuple[Step, ...] = ()
    key: str = ""  # evidence key, for inputs
    origin: Origin | None = None


class Node(NamedTuple):
    """One indicator of a program. `expr` gives its score; a parent's reads its children's scores.

    `applicable` is the weight that still counts where something does not apply (None: always the whole weight).
    """

    id: str
    path: tuple[str, ...]
    weight: Fraction
    expr: Expr
    children: tuple[str, ...] = ()
    applicable: Expr | None = None
    origin: Origin | None = None

    @property
    def is_leaf(self) -> bool:
        return not self.children

    @property
    def level(self) -> int:
        return len(self.path)


def score_key(node_id: str) -> str:
    """The key under which a node's score stands for the expressions above it (no evidence key holds a bracket first)."""
    return f"(score){node_id}"


def weight_key(node_id: str) -> str:
    """The same for the weight that still applies."""
    return f"(weight){node_id}"


WORDS = frozenset(["actual", "checklist", "parts", "tier", "points", "veto", "requires", "defects", "values", "not_applicable"])
"""What stands between the names of an evidence key: `leaf/word/id`."""


def is_reserved(name: str) -> bool:
    """Could this name be mistaken for an evidence key, or for one of the program's own?"""
    return name.startswith("(") or not WORDS.isdisjoint(name.split("/")[1:])


TOTAL = "(total)"
GRADE = "(grade)"


class Program(NamedTuple):
    """Everything that is computed, in the order it is: leaves and parents bottom-up, then extras, total, grade.

    `grade` gives the position in `grades`.
    """

    nodes: Mapping[str, Node]  # in the order of the tree
    order: tuple[str, ...]  # children before parents
    first_level: tuple[str, ...]
    full: Fraction
    places: int
    total: Expr
    grade: Expr
    grades: tuple[str, ...]
    asks: Mapping[str, Ask]
    items: Mapping[str, tuple[str, ...]] = {}  # ids of items and parts by `leaf/word`, in order
    extras: Mapping[str, Expr] = {}  # bonus, penalty
    rounds_total: bool = False  # scores are not rounded, the total is; reports show them rounded
    unordered: frozenset[str] = frozenset()  # keys of `items` that alternatives list differently
    failed: frozenset[str] = frozenset()  # leaves whose rule is at fault: what they ask for is not known

    @property
    def leaves(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.is_leaf]
