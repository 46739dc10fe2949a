"""The answers of `whatif` as JSON: numbers as exact decimal texts (`a/b` where there is none), keys sorted."""

from __future__ import annotations

from fractions import Fraction
from json import dumps
from typing import Any

from perfeval.explaining import explain
from perfeval.model.result import Indicator, Result
from perfeval.quantity import show_decimal
from perfeval.whatif.found import Way, Ways
from perfeval.whatif.robust import Robust
from perfeval.whatif.setting import Changed, Ground
from perfeval.whatif.single import SingleChange
from perfeval.whatif.weights import Move


def render(start: Ground, supposed: Changed | None, ways: Ways | None, firm: Robust | None) -> str:
    told = {
        "perfeval": 1,
        "start": _result(start.result),
        "set": None if supposed is None else _supposed(supposed),
        "to": None if ways is None else _ways(ways),
        "robust": None if firm is None else _robust(firm),
    }
    return dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _number(value: Fraction | int | None) -> str | None:
    return None if value is None else show_decimal(value)


def _result(one: Result) -> dict[str, Any]:
    return {"total": _number(one.total), "low": _number(one.low), "high": _number(one.high), "grade": one.grade}


def _leaf(one: Indicator) -> dict[str, Any]:
    return {
        "status": one.status,
        "score": _number(one.score),
        "low": _number(one.low),
        "high": _number(one.high),
        "explanation": {lang: list(explain(one, lang)) for lang in ("zh", "en")},
    }


def _supposed(found: Changed) -> dict[str, Any]:
    return {
        "changes": [{"key": one.target.key, "kind": one.target.kind, "before": one.before, "after": one.after} for one in found.changes],
        "dropped": list(found.dropped),
        "unused": list(found.unused),
        "indicators": [{"id": old.id, "path": list(old.path), "before": _leaf(old), "after": _leaf(new)} for old, new in found.leaves],
        "after": _result(found.after.result),
    }


def _ways(found: Ways) -> dict[str, Any]:
    return {
        "grade": found.grade,
        "aim": _number(found.aim),
        "reachable": True if found.ways else False if found.proven else None,  # null: none was found, and nothing proven
        "indicators": found.indicators if found.ways else None,
        "fewest": found.least if found.ways else None,
        "ways": [_way(way) for way in found.ways],
        "farthest": {"total": _number(found.farthest), "grade": found.farthest_grade, "exact": found.farthest == found.bound},
        "vetoes": list(found.capped),
        "rooms": [
            {
                "id": room.leaf.id,
                "score": _number(room.leaf.counted),
                "most": _number(room.most),
                "exact": room.sure,
                "weight": _number(room.leaf.applicable),
            }
            for room in found.rooms
        ],
    }


def _way(way: Way) -> dict[str, Any]:
    return {
        "moves": [
            {
                "indicators": list(move.leaves),
                "set": dict(move.written),
                "bounds": {key: {"value": _number(end.bound), "belongs": end.belongs} for key, end in move.ends.items()},
            }
            for move in way.moves
        ],
        "vetoes": list(way.vetoes),
        "points": _number(way.points),
        "after": _result(way.after),
    }


def _robust(found: Robust) -> dict[str, Any]:
    smallest = found.singles.smallest
    return {
        "weights": {
            "down": _move(found.weights.down),
            "up": _move(found.weights.up),
            "fewest": _number(None if found.weights.fewest is None else found.weights.fewest.points),
            "fixed": dict(found.weights.fixed),
            "constraints": {"kept": len(found.weights.kept), "broken": len(found.weights.broken)},
        },
        "evidence": {
            "down": [_single(one) for one in found.singles.down],
            "up": [_single(one) for one in found.singles.up],
            "untold": list(found.singles.untold),
            "smallest": None if smallest is None else _single(smallest),
        },
    }


def _move(move: Move | None) -> dict[str, Any] | None:
    if move is None:
        return None
    return {
        "grade": move.grade,
        "aim": _number(move.aim),
        "points": _number(move.points),
        "total": _number(move.total),
        "weights": [
            {"id": one.id, "rate": _number(one.rate), "before": _number(one.before), "after": _number(one.after)} for one in move.moved
        ],
    }


def _single(one: SingleChange) -> dict[str, Any]:
    return {
        "key": one.lever.key,
        "indicators": list(one.lever.parts),
        "before": one.lever.text(one.lever.value),
        "set": dict(one.written),
        "bound": {"value": _number(one.place.bound), "belongs": one.place.belongs},
        "total": _number(one.total),
        "grade": one.grade,
        "points": _number(one.moved),
        "relative": _number(one.relative),
    }
