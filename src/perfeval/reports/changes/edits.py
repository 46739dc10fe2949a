"""What was edited, in words: `要点「拨付审批齐全」› 分值：2 → 1`. The same edit of several parts is told once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pydantic import BaseModel

from perfeval.diffing.changes import Change
from perfeval.diffing.entries import key_of, text_of
from perfeval.diffing.showing import shown_in, word
from perfeval.model.tree import Node, Tree
from perfeval.problems import Step
from perfeval.reports.changes.names import ENTRIES, KEYS, RULE_KINDS, named
from perfeval.reports.changes.words import Words

_VALUES = {"yes": "是", "no": "否", "full": "满分"}  # words of the files that have a name in Chinese
_RANGE = re.compile(r"\{from: ([^ ,}]+), (to|below): ([^ ,}]+)\}")  # points that the evaluator gives
Holder = Node | Tree


class _Place(NamedTuple):
    """A step on the way to what was edited: the key that is told, and the name of the entry, where it is one."""

    told: str
    name: str = ""
    rest: str = ""  # what else an entry says
    is_model: bool = False


def edits(changes: Iterable[Change], old: Holder, new: Holder, words: Words) -> list[str]:
    """One line for each edit; edits that are the same but for the entry they stand in become one line."""
    found: dict[tuple[object, ...], list[tuple[Change, list[_Place]]]] = {}
    for change in changes:
        places = _places(change, old, new, words)
        alike = (change.what, change.old, change.new, tuple(place.told for place in places))
        found.setdefault(alike, []).append((change, places))
    return [line for same in found.values() for line in _lines(same, words)]


def _lines(same: list[tuple[Change, list[_Place]]], words: Words) -> Iterator[str]:
    change, places = same[0]
    differing = [at for at in range(len(places)) if len({each[at].name for _, each in same}) > 1]
    if len(same) > 1 and len(differing) != 1:
        yield from (_line(one, each, words) for one, each in same)
        return
    for at in differing:
        names = dict.fromkeys(each[at].name for _, each in same)
        places = [*places[:at], places[at]._replace(name=words("entry-and").join(names)), *places[at + 1 :]]
    yield _line(change, places, words)


def _line(change: Change, places: list[_Place], words: Words) -> str:
    where = words("path-step").join(_told(place) for place in places)
    old, new = (_value(text, words) for text in (change.old, change.new))
    is_entry = bool(places and places[-1].name)
    match change.what:
        case "moved":
            return words("moved-node", old=old if change.old else words("top"), new=new if change.new else words("top"))
        case "renamed" if change.path[-1:] != ("id",):
            if change.path and change.path[-1] in ("name", "text", "title") and places and not places[-1].name:
                where = words("path-step").join(_told(place) for place in places[:-1])
            return words("renamed", where=where, old=old, new=new).strip()
        case "rule-kind":
            kinds = [_kind(text, words) for text in (change.old, change.new)]
            return words("kind-of-rule", where=where + words("path-step") if where else "", old=kinds[0], new=kinds[1])
    if is_entry and not (change.old and change.new):
        rest = places[-1].rest if places[-1].is_model else old if change.old else new
        told = words("removed" if change.old else "added", where=where)
        return words("with-rest", told=told, rest=rest) if rest else told
    return words("change", where=where, old=old, new=new)


def _told(place: _Place) -> str:
    return place.told.replace("{name}", place.name).replace("{n}", place.name)


def _value(text: str, words: Words) -> str:
    if not text:
        return words("absent")
    if points := _RANGE.fullmatch(text):
        return f"{points[1]}～{points[3]}" if points[2] == "to" else words("open-range", low=points[1], high=points[3])
    return _VALUES.get(text, text) if words.lang == "zh" else text


def _kind(kind: str, words: Words) -> str:
    return words("kind-told", name=kind, kind=named(RULE_KINDS, kind, words.lang)) if kind else words("absent")


def _places(change: Change, old: Holder, new: Holder, words: Words) -> list[_Place]:
    """The steps of a path as people call them. A rule, and the list that an entry stands in, go without saying."""
    found: list[_Place] = []
    sides: list[object] = [old, new]
    lists = ""
    for step in change.path:
        before, sides = sides, [_below(side, step) for side in sides]
        if lists:
            name = str(step + 1) if isinstance(step, int) else _name(step, sides)
            entry = next((side for side in sides if side is not None), None)
            rest = _rest(entry, words) if isinstance(entry, BaseModel) else ""
            found.append(_Place(named(ENTRIES, lists, words.lang), name, rest, isinstance(entry, BaseModel)))
            lists = ""
        elif isinstance(step, str) and step in ENTRIES and any(isinstance(_below(side, step), tuple | dict) for side in before):
            lists = step
        elif step != "rule":
            found.append(_Place(_position(step, words) if isinstance(step, int) else named(KEYS, step, words.lang)))
    if lists:
        found.append(_Place(named(KEYS, lists, words.lang)))
    return found


def _position(step: int, words: Words) -> str:
    """Of the pairs that a line goes through: the value, or its points."""
    return words("point-points" if step else "point-value")


def _below(holder: object, step: Step) -> object:
    """What stands at a step below something; None where there is nothing."""
    if isinstance(holder, BaseModel):
        fields = type(holder).model_fields
        return next((getattr(holder, name) for name, field in fields.items() if word(name, field) == step), None)
    if isinstance(holder, dict):
        return holder.get(step)
    if isinstance(holder, tuple) and isinstance(step, int):
        return holder[step] if step < len(holder) else None
    return next((one for one in holder if key_of(one) == step), None) if isinstance(holder, tuple) else None


def _name(step: str, sides: Iterable[object]) -> str:
    """What an entry is called: its text rather than its id."""
    entry = next((side for side in sides if side is not None), None)
    return text_of(entry).text if isinstance(entry, BaseModel) and hasattr(entry, "text") and text_of(entry).text else step


def _rest(entry: BaseModel, words: Words) -> str:
    """What an entry says beside its name, key by key."""
    told = []
    for name, field in type(entry).model_fields.items():
        value = getattr(entry, name)
        if name not in ("id", "text", "name", "title", "kind") and value is not None and value != field.default:
            told.append(f"{named(KEYS, word(name, field), words.lang)} {_value(shown_in(field, value), words)}")
    return words("listed").join(told)
