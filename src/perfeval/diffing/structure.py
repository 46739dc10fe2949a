"""The structural diff: which nodes stand for each other, and everything that was edited in them and around the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from pydantic import BaseModel

from perfeval.diffing.changes import Change, Pair, Structure, What
from perfeval.diffing.pairing import Match, Spot, pair_nodes, spots
from perfeval.diffing.parameters import Found, Side, Sides, differences, models
from perfeval.diffing.showing import word
from perfeval.ir.bounds import interval_of
from perfeval.ir.nodes import Const, Expr, Input
from perfeval.lowering.from_grades import bounds_in_points
from perfeval.model.folder import Indicators
from perfeval.model.tree import GradeRow, Node, Tree
from perfeval.problems import Fault, Origin, Path
from perfeval.quantity import PERCENT, read_quantity
from perfeval.rules._contract import Rule

IN_NODE: Mapping[str, What | None] = {
    "weight": "weight",
    "benchmark": "benchmark",
    "measure": "measure",
    "measures": "measure",
    "rule": None,  # what is found in it says itself what it is
    "veto": "clause",
    "requires": "clause",
    "defects": "clause",
}
IN_TREE: Mapping[str, What] = {
    "total": "total",
    "rounding": "rounding",
    "policy": "policy",
    "units": "units",
    "quantities": "quantities",
    "constraints": "constraints",
    "bonus": "bonus",
    "penalty": "penalty",
    "veto": "veto",
    "as_printed": "as-printed",
}
"""Any other field of a node or a tree is wording: it explains, and no score comes of it."""
_NODE_APART = frozenset(["name", "id", "children", "target"])
_TREE_APART = frozenset(["perfeval", "tree", "rules", "grades", "policy"])
_NO_SCORE: frozenset[What] = frozenset(["benchmark", "constraints", "wording"])
_SIGN = re.compile(r"^\s*(≥|≤|>=|<=|>|<|=|＝|不低于|不少于|不超过|不高于|达到|大于等于|小于等于)\s*")


class _Pair(NamedTuple):
    old: Indicators
    new: Indicators


def compare(old: Indicators, new: Indicators) -> Structure:
    """Pairs and changes. Order, comments, quoting and the spelling of numbers make no difference; `compare(a, a)` has no change."""
    files = _Pair(old, new)
    matches = pair_nodes(spots(old.tree), spots(new.tree))
    chosen = {match.old.path: match.new for match in matches if match.old is not None}
    changes = list(_of_tree(files))
    for match in matches:
        changes.extend(_of_match(match, chosen, files))
    pairs = (Pair(m.old.chain if m.old else None, m.new.chain if m.new else None, m.how, m.likeness) for m in matches)
    return Structure(tuple(pairs), tuple(changes))


# the file


def _of_tree(files: _Pair) -> Iterator[Change]:
    old, new = files.old.tree, files.new.tree
    sides = Sides((), *(Side((), tree.total, tree.total, names=frozenset(tree.quantities)) for tree in (old, new)))
    origins = Origin(files.old.file), Origin(files.new.file)
    for name, what in _fields(Tree, IN_TREE, _TREE_APART):
        for one in _found(old, new, name, sides):
            yield _change(what, one, ("", ""), origins)
    for one in models(_policy(old), _policy(new), sides.under("policy")):
        yield _change("policy", one, ("", ""), origins)
    rows, places = Sides(("grades",), Side(), Side()), (files.old.grades_origin, files.new.grades_origin)
    for one in differences(_in_per_cent(files.old.grades), _in_per_cent(files.new.grades), rows):
        yield _change("grades", one, ("", ""), places)
    if _order_counts(files.old, files.new):
        texts = ["、".join(row.name for row in one.grades) for one in files]
        yield Change("grades", "", "", ("grades",), texts[0], texts[1], *places, True)


def _in_per_cent(rows: tuple[GradeRow, ...]) -> tuple[GradeRow, ...]:
    """Bounds of grades are per cent of the total, with or without the sign."""

    def signed(bound: Expr) -> Expr:
        return Const(Fraction(bound.value) / 100, PERCENT) if isinstance(bound, Const) and bound.unit is None else bound

    bounds = [{word: signed(bound) for word, bound in row if isinstance(bound, Const)} for row in rows]
    return tuple(row.model_copy(update=update) for row, update in zip(rows, bounds, strict=True))


def _order_counts(old: Indicators, new: Indicators) -> bool:
    """Do two grades that overlap stand the other way round? The first whose bounds hold is given."""
    at = {row.name: position for position, row in enumerate(new.grades)}
    common = [row for row in old.grades if row.name in at]
    turned = [(a, b) for a, b in combinations(common, 2) if at[a.name] > at[b.name]]
    return any(_overlap(a, b, old) or _overlap(new.grades[at[a.name]], new.grades[at[b.name]], new) for a, b in turned)


def _overlap(a: GradeRow, b: GradeRow, file: Indicators) -> bool:
    one, other = (interval_of(bounds_in_points(row, file.tree.total)) for row in (a, b))
    return one is not None and other is not None and not one.meet(other).is_empty


def _policy(tree: Tree) -> BaseModel:
    """With what is meant where nothing is said."""
    return tree.policy.model_copy(update={"missing": tree.policy.missing or "error"})


def _fields(model: type[BaseModel], words: Mapping[str, What | None], apart: frozenset[str]) -> Iterator[tuple[str, What | None]]:
    yield from ((name, words.get(name, "wording")) for name in model.model_fields if name not in apart)


def _found(old: BaseModel, new: BaseModel, name: str, sides: Sides) -> Iterator[Found]:
    field = type(old).model_fields[name]
    return differences(getattr(old, name), getattr(new, name), sides.under(word(name, field)), field)


def _change(what: What | None, found: Found, keys: tuple[str, str], origins: tuple[Origin, Origin]) -> Change:
    told: What = found.what if what is None or found.what == "wording" else what
    places = [
        None if path is None else origin.under(*path) for path, origin in ((found.old_path, origins[0]), (found.new_path, origins[1]))
    ]
    scores = found.scores and told not in _NO_SCORE
    return Change(told, *keys, found.path, found.old, found.new, places[0], places[1], scores)


# one node


def _of_match(match: Match, chosen: Mapping[Path, Spot | None], files: _Pair) -> Iterator[Change]:
    old, new = match.old, match.new
    if old is None or new is None:
        texts = ["/".join(spot.names) if spot else "" for spot in (old, new)]
        ends = [spot.node.key if spot else "" for spot in (old, new)]
        places = [Origin(one.file, spot.path) if spot else None for spot, one in ((old, files.old), (new, files.new))]
        yield Change("added" if old is None else "removed", ends[0], ends[1], (), texts[0], texts[1], places[0], places[1], True)
        return
    keys = (old.node.key, new.node.key)
    origins = Origin(files.old.file, old.path), Origin(files.new.file, new.path)
    yield from _moved(old, new, chosen, keys, origins)
    yield from _renamed(old.node, new.node, keys, origins)
    sides = Sides((), _side(old.node, files.old.tree), _side(new.node, files.new.tree))
    yield from _target(old.node, new.node, sides, keys, origins)
    for name, what in _fields(Node, IN_NODE, _NODE_APART):
        for one in _found(old.node, new.node, name, sides):
            yield _change(what, one, keys, origins)


def _moved(
    old: Spot, new: Spot, chosen: Mapping[Path, Spot | None], keys: tuple[str, str], origins: tuple[Origin, Origin]
) -> Iterator[Change]:
    """Does its parent stand for the other's?"""
    over = chosen.get(old.path[:-2]) if len(old.chain) > 1 else None
    at_top = len(old.chain) == 1 and len(new.chain) == 1
    if not at_top and (over is None or len(new.chain) == 1 or over.path != new.path[:-2]):
        yield Change("moved", *keys, (), "/".join(old.names[:-1]), "/".join(new.names[:-1]), *origins, True)


def _renamed(old: Node, new: Node, keys: tuple[str, str], origins: tuple[Origin, Origin]) -> Iterator[Change]:
    """A name that is also the key is what the evidence calls the node: with it its answers are no longer found."""
    if old.name != new.name:
        places = origins[0].under("name"), origins[1].under("name")
        yield Change("renamed", *keys, ("name",), old.name, new.name, *places, keys == (old.name, new.name))
    if keys[0] != keys[1] and keys != (old.name, new.name):
        places = origins[0].under("id" if old.id else "name"), origins[1].under("id" if new.id else "name")
        yield Change("renamed", *keys, ("id",), *keys, *places, True)


def _side(node: Node, tree: Tree) -> Side:
    """What a rule of this node looks at that does not say so: the measure, or the only one of several names."""
    of = node.measure or (Input(next(iter(node.measures))) if len(node.measures) == 1 else None)
    names = frozenset(tree.quantities) | frozenset(node.measures)
    return Side((), node.weight, node.weight, of, _target_value(node, tree), names)


def _target_value(node: Node, tree: Tree) -> Expr | None:
    """The target as a number; a sign of comparison in front of it is not part of it."""
    try:
        quantity = read_quantity(_SIGN.sub("", node.target).strip(), None, frozenset(tree.units))
    except Fault:
        return None
    return Const(quantity.value, quantity.unit)


def _target(old: Node, new: Node, sides: Sides, keys: tuple[str, str], origins: tuple[Origin, Origin]) -> Iterator[Change]:
    """The target in words; where it is a number, its spelling makes no difference. Only a rule without its own looks at it."""
    signs = [match[1] if (match := _SIGN.match(node.target)) else "" for node in (old, new)]
    same_number = sides.old.target is not None and sides.old.target == sides.new.target and signs[0] == signs[1]
    if not same_number:
        scores = any(_asks_target(node.rule) for node in (old, new))
        for one in differences(old.target or None, new.target or None, sides.under("target")):
            yield _change("target", one._replace(scores=scores), keys, origins)


def _asks_target(rule: Rule | None) -> bool:
    """Does the rule, or one inside it, leave its own target unsaid?"""
    if rule is None:
        return False
    unsaid = "target" in type(rule).model_fields and getattr(rule, "target", None) is None
    return unsaid or any(_asks_target(inner) for _, inner in rule.nested())
