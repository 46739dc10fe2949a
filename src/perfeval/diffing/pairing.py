"""Which node of one tree stands for which of the other: by key, then by the path of names, then by likeness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from perfeval.diffing.aligning import ALIKE, Likely, pair_equal, ratio, take_likeliest
from perfeval.diffing.changes import Chain, How
from perfeval.diffing.showing import shown
from perfeval.model.tree import Node, Tree
from perfeval.problems import Path

_COMMON = 50  # a sign pair that more names hold tells nobody apart, and would make this quadratic
_WEIGHT = Fraction(1, 10)  # part of the likeness that the weights decide: two alike otherwise are told apart by it


class Spot(NamedTuple):
    """A node in its tree."""

    path: Path
    chain: Chain
    parent: int | None

    @property
    def node(self) -> Node:
        return self.chain[-1]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(node.name for node in self.chain)


class Match(NamedTuple):
    """Two spots that stand for each other; one of them is None for a node that was added or removed."""

    old: Spot | None
    new: Spot | None
    how: How
    likeness: Fraction = Fraction(1)


def spots(tree: Tree) -> list[Spot]:
    """All nodes, parents first."""
    places: dict[Path, int] = {}
    found: list[Spot] = []
    for path, chain in tree.walk():
        places[path] = len(found)
        found.append(Spot(path, chain, places[path[:-2]] if len(chain) > 1 else None))
    return found


def pair_nodes(old: Sequence[Spot], new: Sequence[Spot]) -> list[Match]:
    """Every node of both trees once, in the order of the old tree, added ones last."""
    pairing = _Pairing(old, new)
    pairing.by_equal("id", [spot.node.key for spot in old], [spot.node.key for spot in new], unique=True)
    pairing.by_equal("path", [spot.names for spot in old], [spot.names for spot in new])
    pairing.by_likeness()
    paired = [
        Match(spot, new[pairing.to_new[at][0]], *pairing.to_new[at][1:]) if at in pairing.to_new else Match(spot, None, "")
        for at, spot in enumerate(old)
    ]
    return paired + [Match(None, spot, "") for at, spot in enumerate(new) if at not in pairing.to_old]


class _Pairing:
    def __init__(self, old: Sequence[Spot], new: Sequence[Spot]) -> None:
        self.old, self.new = old, new
        self.to_new: dict[int, tuple[int, How, Fraction]] = {}
        self.to_old: dict[int, int] = {}

    def take(self, old: int, new: int, how: How, likeness: Fraction = Fraction(1)) -> None:
        self.to_new[old], self.to_old[new] = (new, how, likeness), old

    def left(self) -> tuple[list[int], list[int]]:
        return [i for i in range(len(self.old)) if i not in self.to_new], [j for j in range(len(self.new)) if j not in self.to_old]

    def by_equal(self, how: How, old: Sequence[Hashable], new: Sequence[Hashable], unique: bool = False) -> None:
        """`unique`: a key that stands twice in one tree (a fault) pairs nothing."""
        twice = {key for keys in (old, new) for key, count in Counter(keys).items() if count > 1} if unique else set()
        lefts, rights = self.left()
        lefts, rights = [i for i in lefts if old[i] not in twice], [j for j in rights if new[j] not in twice]
        for i, j in pair_equal((old[i] for i in lefts), (new[j] for j in rights)):
            self.take(lefts[i], rights[j], how)

    def by_likeness(self) -> None:
        """Level by level, among the children of one pair, leaves with leaves and parents with parents."""
        lefts, rights = self.left()
        if not lefts or not rights:
            return
        said = _Said(self.old, self.new)
        for level in range(1, max((len(self.old[i].chain) for i in lefts), default=0) + 1):
            groups: defaultdict[tuple[int | None, bool], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
            for i in lefts:
                spot = self.old[i]
                if len(spot.chain) == level and (spot.parent is None or spot.parent in self.to_new):
                    over = None if spot.parent is None else self.to_new[spot.parent][0]
                    groups[over, bool(spot.node.children)][0].append(i)
            for j in rights:
                spot = self.new[j]
                if (spot.parent, bool(spot.node.children)) in groups and (spot.parent is not None or level == 1):
                    groups[spot.parent, bool(spot.node.children)][1].append(j)
            for some, others in groups.values():
                for one in take_likeliest(self._likely(said, some, others)):
                    self.take(one.old, one.new, "likeness", 1 - one.unlike)

    def _likely(self, said: _Said, old: Sequence[int], new: Sequence[int]) -> Iterator[Likely]:
        for i, j in self._candidates(said, old, new):
            a, b = self.old[i].node, self.new[j].node
            likeness = max(said.likeness(i, j), self._same_children(i, j))
            heavier = max(a.weight, b.weight)
            close = min(a.weight, b.weight) / heavier if heavier > 0 else Fraction(1)
            likeness = likeness * (1 - _WEIGHT) + max(close, Fraction(0)) * _WEIGHT
            if likeness >= ALIKE:
                yield Likely(1 - likeness, tuple(sorted((a.key, b.key))), i, j)

    def _candidates(self, said: _Said, old: Iterable[int], new: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Those that share two signs of their names that stand side by side, or their content, or a child."""
        index: defaultdict[Hashable, list[int]] = defaultdict(list)
        for j in new:
            for mark in {*_pairs_of_signs(self.new[j].node.name), said.new[j], *self._children_of_new(j)}:
                index[mark].append(j)
        for i in old:
            marks = {*_pairs_of_signs(self.old[i].node.name), said.old[i], *self._children_of_old(i)}
            found = {j for mark in marks if len(index.get(mark, ())) <= _COMMON for j in index.get(mark, ())}
            yield from ((i, j) for j in sorted(found))

    def _children_of_new(self, new: int) -> set[tuple[str, int]]:
        start, count = new + 1, _size(self.new[new].node)
        return {("child", at) for at in range(start, start + count) if self.new[at].parent == new and at in self.to_old}

    def _children_of_old(self, old: int) -> set[tuple[str, int]]:
        start, count = old + 1, _size(self.old[old].node)
        inside = (at for at in range(start, start + count) if self.old[at].parent == old)
        return {("child", self.to_new[at][0]) for at in inside if at in self.to_new}

    def _same_children(self, old: int, new: int) -> Fraction:
        """The share of their children that are pairs of each other."""
        both = len(self._children_of_old(old) & self._children_of_new(new))
        most = max(len(self.old[old].node.children), len(self.new[new].node.children))
        return Fraction(both, most) if most else Fraction(0)


class _Said:
    """What the nodes of both trees say besides their names: measure, rule, explanation and clauses.

    Only what one node of each tree says tells nodes apart: the bands that every rate has, or `judged`, do not.
    """

    def __init__(self, old: Sequence[Spot], new: Sequence[Spot]) -> None:
        self.old = [_content(spot.node) for spot in old]
        self.new = [_content(spot.node) for spot in new]
        self.own = {text for text in {*self.old, *self.new} if text}
        for texts in (self.old, self.new):
            self.own -= {text for text, count in Counter(texts).items() if count > 1}
        self.signs: dict[str, frozenset[str]] = {}
        self.names = [spot.node.name for spot in old], [spot.node.name for spot in new]

    def likeness(self, old: int, new: int) -> Fraction:
        name, one, other = ratio(self.names[0][old], self.names[1][new]), self.old[old], self.new[new]
        if one not in self.own or other not in self.own:
            return name
        if one == other:  # what nobody else says, unchanged, outweighs the name
            return max(name, (name + 2) / 3)
        signs, others = self._signs(one), self._signs(other)
        return (name + Fraction(2 * len(signs & others), len(signs) + len(others) or 1)) / 2

    def _signs(self, text: str) -> frozenset[str]:
        if text not in self.signs:
            self.signs[text] = _pairs_of_signs(text)
        return self.signs[text]


def _content(node: Node) -> str:
    rule = shown(node.rule)
    if node.rule is not None and rule == f"{{kind: {node.rule.kind}}}":
        rule = ""  # `judged` says nothing of its own
    told = (node.explain, node.measure, node.measures or None, rule, node.veto or None, node.requires or None, node.defects or None)
    return " ".join(text for text in map(shown, told) if text)


def _pairs_of_signs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset([text])


def _size(node: Node) -> int:
    return sum(1 + _size(child) for child in node.children)
