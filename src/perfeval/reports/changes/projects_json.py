"""What a change does to projects and tables, for programs: the parts of `as_json` that are about scores."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from perfeval.diffing.effect import Between, Effect, LeafEffect
from perfeval.diffing.projects import Moved
from perfeval.diffing.spread import Grades
from perfeval.diffing.spread import Spread as Changes
from perfeval.diffing.tables import TableMoved
from perfeval.ir.nodes import Number as Value
from perfeval.model.result import Indicator, Result
from perfeval.problems import Lang, Problem
from perfeval.problems import Severity as Grave
from perfeval.quantity import show_decimal
from perfeval.reports.changes.compared import Compared

if TYPE_CHECKING:
    from perfeval.reports.changes.json_format import (
        EffectPart,
        Ends,
        Figures,
        LeafEffectPart,
        ProjectPart,
        Spread,
        TablePart,
        TotalPart,
        Transition,
    )
    from perfeval.reports.result_format import Note, Severity


def number(value: Value | None) -> str | None:
    return None if value is None else show_decimal(Fraction(value))


def project_part(one: Moved, lang: Lang) -> ProjectPart:
    return {
        "folder": one.folder,
        "name": one.name,
        "effect": None if one.effect is None else _effect(one.effect),
        "problems": [_note(problem, lang) for problem in one.problems],
    }


def _note(problem: Problem, lang: Lang) -> Note:
    severity: Severity = "error" if problem.is_error else "warning" if problem.severity is Grave.WARNING else "note"
    return {"kind": problem.kind.name, "severity": severity, "place": str(problem.where or ""), "message": problem.message(lang)}


def _effect(effect: Effect) -> EffectPart:
    return {
        "old": _total(effect.old),
        "new": _total(effect.new),
        "change": _ends(effect.change),
        "frame": _ends(effect.frame),
        "interaction": _ends(effect.interaction),
        "grade_flips": effect.grade_flips,
        "leaves": [_leaf_effect(leaf) for leaf in effect.leaves],
    }


def _total(result: Result) -> TotalPart:
    return {
        "total": number(result.total),
        "low": show_decimal(result.low),
        "high": show_decimal(result.high),
        "grade": result.grade,
    }


def _leaf_effect(leaf: LeafEffect) -> LeafEffectPart:
    there = leaf.new or leaf.old
    return {
        "old_id": leaf.old.id if leaf.old else "",
        "new_id": leaf.new.id if leaf.new else "",
        "name": there.name if there else "",
        "old": _score(leaf.old),
        "new": _score(leaf.new),
        "in_turn": _ends(leaf.in_turn),
        "alone": _ends(leaf.alone),
    }


def _score(leaf: Indicator | None) -> Ends | None:
    if leaf is None or leaf.status == "not_applicable":
        return None
    return {"low": show_decimal(leaf.low), "high": show_decimal(leaf.high)}


def _ends(change: Between) -> Ends:
    return {"low": show_decimal(change.low), "high": show_decimal(change.high)}


def spread_part(compared: Compared) -> Spread:
    spread = compared.spread
    return {**_figures(spread.changes), "grades": _grades(spread.grades), "movers": [one.folder for one in spread.movers]}


def _figures(changes: Changes) -> Figures:
    return {
        "gain": changes.gain,
        "lose": changes.lose,
        "stay": changes.stay,
        "open": changes.open,
        "least": number(changes.least),
        "most": number(changes.most),
        "mean": number(changes.mean),
        "median": number(changes.median),
        "quantiles": [show_decimal(one) for one in changes.quantiles],
    }


def _grades(grades: Grades) -> list[Transition]:
    return [{"old": old, "new": new, "count": count} for old, new, count in grades]


# ---- tables


def table_part(table: TableMoved) -> TablePart:
    return {
        "table": table.table,
        "rows": table.rows,
        "otherwise": table.otherwise,
        "changes": _figures(table.changes),
        "grades": _grades(table.grades),
        "movers": [
            {
                "name": one.name,
                "old_total": show_decimal(one.old.total),
                "old_grade": one.old.grade,
                "new_total": show_decimal(one.new.total),
                "new_grade": one.new.grade,
                "change": show_decimal(one.change),
            }
            for one in table.movers
        ],
        "indicators": [
            {"old_id": one.old_id, "new_id": one.new_id, "name": one.name, "changes": _figures(one.changes)} for one in table.indicators
        ],
    }
