"""result.json: everything a result holds, for programs. Numbers are strings in exact decimal form, `a/b` where there is none.

Keys are sorted, text is UTF-8 unescaped, there is no clock and no absolute path in it: the same input gives the same bytes.
The format is written down in `result_format`; `perfeval schema result` is made from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from json import dumps
from typing import TYPE_CHECKING

from perfeval.ir.program import Step as TraceStep
from perfeval.model.project import Goal, ProblemNote, Suggestion
from perfeval.model.result import Indicator, Result, UsedValue, shown
from perfeval.problems import Problem
from perfeval.problems import Severity as Grave
from perfeval.quantity import show_decimal

if TYPE_CHECKING:
    from perfeval.reports.result_format import (
        Document,
        Entry,
        GoalPart,
        Note,
        ProblemPart,
        Severity,
        Standard,
        Step,
        SuggestionPart,
        Value,
    )

NAME = "result.json"


def render(result: Result) -> str:
    return dumps(document(result), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def document(result: Result) -> Document:
    """The result as JSON values."""
    period = result.period
    told: Document = {
        "perfeval": 1,
        "project": {
            "name": result.name,
            "agency": result.agency,
            "institution": result.institution,
            "lead": result.lead,
            "members": list(result.members),
            "date": result.date,
            "mode": result.mode,
            "from": period.from_.isoformat() if period else "",
            "to": period.to.isoformat() if period else "",
        },
        "tree": {"id": result.tree_id, "title": result.tree_title, "document": result.document, "grades": result.grades_id},
        "full": show_decimal(result.full),
        "total": _number(result.total),
        "rate": _number(result.rate),
        "grade": result.grade,
        "grade_capped_by": list(result.grade_capped_by),
        "vetoes": list(result.vetoes),
        "grades": [{"name": band.name, "at_least": show_decimal(band.low), "text": band.told} for band in result.bands],
        "rounding": {"places": result.places, "at": result.rounding_at},
        "policies": {
            "missing": result.missing_policy,
            "not_applicable": result.not_applicable_policy,
            "overridden": list(result.overridden),
        },
        "extras": [
            {
                "kind": extra.kind,
                "points": show_decimal(extra.points),
                "cap": _number(extra.cap),
                "items": [{"name": name, "points": show_decimal(points)} for name, points in extra.items],
            }
            for extra in result.extras
        ],
        "indicators": [entry(one) for one in result.indicators],
        "values": _values(one for indicator in result.indicators for one in indicator.used),
        "goals": [_goal(one) for one in result.goals],
        "problems": [_problem(one) for one in result.problems_found],
        "suggestions": [_suggestion(one) for one in result.suggestions],
        "notes": [_note(one, result) for one in result.notes],
    }
    if result.total is None:
        told["low"], told["high"] = show_decimal(result.low), show_decimal(result.high)
    if result.partial:
        told["partial"] = True
    if result.missing:
        told["missing"] = [{"kind": kind, "name": name} for kind, name in result.missing]
    if result.unscaled is not None:
        told["unscaled"] = show_decimal(result.unscaled)
    if result.applicable is not None:
        told["applicable"] = show_decimal(result.applicable)
    if result.converted is not None:
        told["converted"] = show_decimal(result.converted)
    return told


def entry(one: Indicator) -> Entry:
    """One indicator, also what `explain --format json` prints."""
    standard: Standard = {}
    if "zh" in one.standard:
        standard["zh"] = one.standard["zh"]
    if "en" in one.standard:
        standard["en"] = one.standard["en"]
    told: Entry = {
        "path": list(one.path),
        "id": one.id,
        "name": one.name,
        "level": one.level,
        "leaf": one.is_leaf,
        "weight": show_decimal(one.weight),
        "status": one.status,
        "score": _number(one.score),
        "exact": _number(one.exact),
        "rate": _number(one.rate),
        "explain": one.explain,
        "target": one.target,
        "benchmark": one.benchmark,
        "actual": one.actual,
        "actual_typed": one.actual_typed,
        "finding": one.finding,
        "reason": one.reason,
        "reason_missing": one.reason_missing,
        "sources": list(one.sources),
        "attachments": list(one.attachments),
        "standard": standard,
        "text": one.text,
        "kind": one.kind,
        "not_applicable": one.not_applicable,
        "zero_by_policy": one.zero_by_policy,
        "missing": list(one.missing),
        "used": [value.key for value in one.used],
        "trace": [_step(step, one.bounds) for step in one.steps],
    }
    if one.left_out:
        told["applicable"] = show_decimal(one.applicable)
    if one.not_applicable_items:
        told["not_applicable_items"] = [{"name": name, "reason": reason} for name, reason in one.not_applicable_items]
    if one.clauses:
        told["clauses"] = [{"kind": kind, "text": text} for kind, text in one.clauses]
    if one.status == "pending":
        told["low"], told["high"] = show_decimal(one.low), show_decimal(one.high)
    return told


def _number(value: Fraction | None) -> str | None:
    return None if value is None else show_decimal(value)


def _step(step: TraceStep, bounds: Iterable[Fraction | int]) -> Step:
    label = step.label
    told: Step = {"role": label.role, "text": label.text, "value": show_decimal(step.value)}
    if label.detail:
        told["detail"] = label.detail
    if label.unit is not None:
        told["shown"] = shown(step.value, label.unit, None if label.role == "input" else 4, bounds).text
    if label.most is not None:
        told["most"] = show_decimal(label.most)
    if step.key:
        told["key"] = step.key
    if step.steps:
        told["steps"] = [_step(below, bounds) for below in step.steps]
    return told


def _values(used: Iterable[UsedValue]) -> list[Value]:
    """Each value once, by key."""
    by_key = {one.key: one for one in used}
    return [
        {
            "key": key,
            "name": one.name,
            "value": show_decimal(one.value),
            "shown": one.shown.text,
            "unit": one.unit.symbol if one.unit else "",
            "source": one.source,
            "place": one.place,
        }
        for key, one in sorted(by_key.items())
    ]


def _goal(goal: Goal) -> GoalPart:
    return {"name": goal.name, "target": goal.target, "actual": goal.actual or ""}


def _problem(problem: ProblemNote) -> ProblemPart:
    return {
        "id": problem.id or "",
        "title": problem.title,
        "from": list(problem.from_),
        "suggestion": problem.suggestion or "",
        "text": problem.text,
    }


def _suggestion(suggestion: Suggestion) -> SuggestionPart:
    return {"id": suggestion.id or "", "title": suggestion.title, "text": suggestion.text}


def _note(problem: Problem, result: Result) -> Note:
    severity: Severity = "error" if problem.is_error else "warning" if problem.severity is Grave.WARNING else "note"
    return {"kind": problem.kind.name, "severity": severity, "place": str(problem.where or ""), "message": problem.message(result.lang)}
