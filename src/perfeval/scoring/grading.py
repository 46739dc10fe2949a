"""The grade where something is still open or a veto happened, and the evidence off the indicators that is missing."""

from __future__ import annotations

from fractions import Fraction

from perfeval.backends.exact.interpreter import MissingInputs, NoScore, compile_expr
from perfeval.ir.nodes import Number
from perfeval.ir.program import GRADE, TOTAL
from perfeval.ir.units import Range, range_of
from perfeval.ir.walk import strict_keys
from perfeval.model.result import Elsewhere
from perfeval.model.tree import Veto
from perfeval.scoring.run import Run


def grade_within(run: Run, low: Fraction, high: Fraction) -> str | None:
    """The grade, where whatever is still open cannot change it."""
    reach = range_of(run.program.grade, {TOTAL: Range(low, high), **{key: Range(v, v) for key, v in run.bound.values.items()}})
    return run.program.grades[int(reach.low) - 1] if reach and reach.single and reach.low is not None else None


def happened(run: Run) -> list[Veto]:
    """The vetoes on the whole project that the evidence says yes to."""
    return [veto for veto in run.folder.tree.veto if run.bound.values.get(f"veto/{veto.key}")]


def capped_by(run: Run, total: Fraction) -> tuple[str, ...]:
    """The vetoes on the whole project without which the grade would be better."""
    vetoes = happened(run)
    if not vetoes:
        return ()
    grade = compile_expr(run.program.grade)
    none: dict[str, Number] = dict.fromkeys(strict_keys(run.program.grade), 0) | {TOTAL: total}
    try:
        base = grade(none)
        return tuple(veto.text for veto in vetoes if grade({**none, f"veto/{veto.key}": 1}) > base)
    except NoScore:  # a scale with gaps gives this total no grade
        return ()


def missing(run: Run) -> tuple[tuple[Elsewhere, str], ...]:
    """Evidence that is missing and belongs to no indicator."""
    places: tuple[tuple[str, Elsewhere], ...] = ((GRADE, "veto"), ("bonus", "bonus"), ("penalty", "penalty"))
    found: list[tuple[Elsewhere, str]] = []
    for place, word in places:
        error = run.outcome.errors.get(place)
        if isinstance(error, MissingInputs):
            found += [(word, run.name_of(key)) for key in error.keys]
    return tuple(found)
