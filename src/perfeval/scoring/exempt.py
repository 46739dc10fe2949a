"""What does not apply: the weight that it leaves out, items with their reasons, the sum before and after rebasing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from perfeval.backends.exact.interpreter import NoScore, compile_expr
from perfeval.ir.program import Node, score_key, weight_key
from perfeval.model.result import Indicator
from perfeval.scoring.run import Run


class Rebased(NamedTuple):
    """The sums of the leaves that count, what they are worth, and what became of the sum before bonus and penalty."""

    unscaled: Fraction | None = None
    applicable: Fraction | None = None
    converted: Fraction | None = None


def left_out(run: Run, node: Node) -> Fraction:
    """The part of a node's weight that does not apply and is rebased elsewhere."""
    applies = run.outcome.weights.get(node.id)
    if applies is None:
        return Fraction(0)
    if applies == 0:
        return node.weight
    if node.is_leaf or run.policy.not_applicable == "rebase_parent":
        return node.weight - applies
    # in a tree quoted as printed the children may come to another sum than the parent's weight
    whole = sum((run.program.nodes[child].weight for child in node.children), Fraction(0))
    return Fraction(0) if applies == whole else max(Fraction(0), node.weight - applies)


def items(run: Run, leaf: str) -> tuple[tuple[str, str], ...]:
    """The items and parts of a leaf that do not apply, as text and reason; a nested one bears the names above it."""
    declared = {prefix: reason for prefix, reason in run.bound.not_applicable.items() if prefix.startswith(f"{leaf}/")}
    if not declared:
        return ()
    names = {
        key.removesuffix("/not_applicable"): ask.text
        for key, ask in sorted(run.program.asks.items(), key=lambda pair: len(pair[0]))
        if key.endswith("/not_applicable") and key.startswith(f"{leaf}/") and key != f"{leaf}/not_applicable"
    }
    return tuple(
        ("：".join(name for above, name in names.items() if f"{prefix}/".startswith(f"{above}/")) or prefix.rpartition("/")[2], reason)
        for prefix, reason in declared.items()
    )


def rebased(run: Run, leaves: Sequence[Indicator], total: Fraction | None) -> Rebased:
    """Nothing, unless some weight does not apply."""
    applicable = sum((leaf.applicable for leaf in leaves), Fraction(0))
    if applicable == sum((leaf.weight for leaf in leaves), Fraction(0)):
        return Rebased()
    if total is None:  # still open: the interval is rebased too
        return Rebased(applicable=applicable)
    counted = (leaf.id for leaf in leaves if leaf.status == "scored")
    unscaled = sum((Fraction(run.outcome.scores[name]) for name in counted), Fraction(0))
    return Rebased(unscaled, applicable, _without_extras(run))


def _without_extras(run: Run) -> Fraction | None:
    """The program's own total with a bonus and a penalty of nothing."""
    outcome, program = run.outcome, run.program
    env: Mapping[str, Fraction | int] = (
        {score_key(name): outcome.scores[name] for name in program.first_level if name in outcome.scores}
        | {weight_key(name): weight for name, weight in outcome.weights.items()}
        | {score_key(name): 0 for name in program.extras}
    )
    try:
        return Fraction(compile_expr(program.total)(env))
    except NoScore:
        return None
