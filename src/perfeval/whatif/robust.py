"""How firm a grade is: the fewest points of weight moved that change it, and the smallest single change of evidence."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from perfeval.model.result import Result
from perfeval.whatif.keys import Refused
from perfeval.whatif.setting import Ground
from perfeval.whatif.single import Singles, singles
from perfeval.whatif.standing import Standing
from perfeval.whatif.weights import Firmness, fewest_moved


class Robust(NamedTuple):
    result: Result
    weights: Firmness
    singles: Singles


def robust(at: Ground, final: Collection[str] = ()) -> Robust:
    """Both measures of a scored project. Raises `Refused` while something is pending."""
    standing = standing_of(at)
    weights = fewest_moved(at.result, at.program, at.folder.tree)
    assert weights is not None
    return Robust(at.result, weights, singles(standing, final))


def standing_of(at: Ground) -> Standing:
    """Raises `Refused` while the total or the grade is open."""
    result = at.result
    if result.total is None or result.grade is None or result.missing:
        keys = [key for leaf in result.leaves if leaf.status == "pending" for key in leaf.missing]
        keys += [name for _, name in result.missing]
        shown, more = keys[:6], len(keys) > 6
        raise Refused(
            f"还缺佐证，总分和等级未定：{'、'.join(shown)}{'……' if more else ''}。先补上，或用 --set 假设它们的值。",
            f"Evidence is missing, so the total and the grade are open: {', '.join(shown)}{', …' if more else ''}. Supply it, or suppose values with --set.",
        )
    return Standing(at)
