"""Projects whose grade is asked how firm it is, and the checks that a move has to pass by arithmetic of their own."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from cases_support import build
from perfeval.lowering.from_evidence import given_keys
from perfeval.lowering.from_tree import lower_tree
from perfeval.model.folder import ProjectFolder
from perfeval.model.project import Policy
from perfeval.model.result import Result
from perfeval.quantity import show_decimal
from perfeval.scoring import open_project, score
from perfeval.whatif.weights import Firmness, Move, fewest_moved

F = Fraction
LINEAR = {"kind": "linear", "zero_at": "0", "full_at": "1"}
FULL_SCALE = (
    {"name": "优", "at_least": "90"},
    {"name": "良", "at_least": "80"},
    {"name": "中", "at_least": "60"},
    {"name": "差", "below": "60"},
)


class Seen(NamedTuple):
    folder: ProjectFolder
    result: Result
    firm: Firmness | None

    @property
    def firmness(self) -> Firmness:
        assert self.firm is not None
        return self.firm


def seen(folder: ProjectFolder, partial: bool = False) -> Seen:
    result, own, tree = score(folder, partial), folder.project.policy, folder.tree.policy
    policy = Policy.model_construct(missing=own.missing or tree.missing, not_applicable=own.not_applicable or tree.not_applicable)
    program, _ = lower_tree(folder.indicators, given_keys(folder), policy)
    return Seen(folder, result, fewest_moved(result, program, folder.tree))


def scored(indicators: Mapping[str, Any], evidence: Mapping[str, Any], partial: bool = False) -> Seen:
    with tempfile.TemporaryDirectory() as root:
        build({"indicators": indicators, "evidence": evidence}, Path(root))
        return seen(open_project(Path(root), partial), partial)


def leaf(name: str, weight: str) -> dict[str, Any]:
    return {"name": name, "weight": weight, "rule": LINEAR}


def flat(leaves: Mapping[str, tuple[str, str]], evidence: Mapping[str, Any] | None = None, **tree: Any) -> Seen:
    """A tree of one level: weight and rate of each leaf, the rate a quotient (1/3); its score is rate × weight."""
    nodes = []
    for name, (weight, rate) in leaves.items():
        above, _, below = rate.partition("/")
        nodes.append({"name": name, "weight": weight, "rule": LINEAR, "measure": f"{above}/{below or 1}"})
    total = show_decimal(sum((F(weight) for weight, _ in leaves.values()), F(0)))
    return scored({"total": total, "tree": nodes, "grades": FULL_SCALE, **tree}, evidence or {})


def within(bounds: Mapping[str, Any], share: Fraction) -> bool:
    tests = {"at_least": lambda b: share >= b, "above": lambda b: share > b, "at_most": lambda b: share <= b, "below": lambda b: share < b}
    return all(tests[key](F(bound.rstrip("%")) / 100) for key, bound in bounds.items() if key != "name")


def proved(found: Seen, move: Move | None, *, scale: Sequence[Mapping[str, Any]] = FULL_SCALE) -> Fraction:
    """The points of a move, once everything that it claims has been worked out again from the weights it gives."""
    result = found.result
    assert move is not None and move.points is not None and move.total is not None
    before, after = ([w.before for w in move.weights], [w.after for w in move.weights])
    assert all(weight >= 0 for weight in after)
    assert sum(after) == sum(before)
    assert sum(abs(w.change) for w in move.weights) == 2 * move.points
    assert set(move.moved) == {w for w in move.weights if w.before != w.after}
    exact = {one.id: one for one in result.leaves}
    assert all(w.rate * exact[w.id].applicable == exact[w.id].exact for w in move.weights)
    assert move.total == move.aim  # the tests below have no cap and no floor
    grades = [row["name"] for row in scale if within(row, move.total / result.full)]
    assert grades[:1] == [move.grade] and move.grade != result.grade
    return move.points


def greedy(found: Seen, gain: Fraction) -> Fraction | None:
    """Without constraints: all that moves goes to the best leaf (where the total is to rise), and from the worst ones first.

    Each point from a leaf of rate r brings best − r, whatever else moves, and no other goal brings more: nothing is cheaper.
    """
    sign = 1 if gain > 0 else -1
    moves = (found.firmness.up, found.firmness.down)
    leaves = next(move.weights for move in moves if move is not None and move.weights)
    best = max(sign * one.rate for one in leaves)
    points, missing = F(0), abs(gain)
    for one in sorted(leaves, key=lambda one: sign * one.rate):
        per_point = best - sign * one.rate
        if missing == 0 or per_point == 0:
            break
        part = min(one.before, missing / per_point)
        points, missing = points + part, missing - part * per_point
    return points if missing == 0 else None
