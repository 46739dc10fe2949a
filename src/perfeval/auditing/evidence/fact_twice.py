"""fact-twice: 同一个数两处写的一样吗？ Is a figure that is given twice the same both times?

Reads: evidence (facts; `values` and `actual` of leaves) under names that differ in signs, blanks or a unit in brackets only.
A figure that is written with fewer decimals agrees with the one that it is rounded from.
Severity: warning.
Bad: `实际支出资金: 86.4万元` and `实际支出资金（万元）: 84.6万元`. Good: `86.4万元` and `864000元`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perfeval.auditing._claims import places_of
from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._evidence import Printed, comparable, entries, measures_of, printed, unit_of
from perfeval.model.folder import ProjectFolder
from perfeval.problems import Origin, Problem, ProblemKind, Severity
from perfeval.quantity import Unit, show_quantity

KIND = ProblemKind(
    "fact-twice",
    says="「{name}」写作 {value}，「{other}」却是 {other_value}，应是同一个数。",
    remedy="核对出处，只留一处；确是两个数的，名称要分得开。",
    en="“{name}” is given as {value}, “{other}” as {other_value}: it should be one figure.",
    en_remedy="Go back to the source and keep one of them; if they are two figures, give them names that differ.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("folder",)
EXACT = 18  # decimals of a figure that was counted


class Given(NamedTuple):
    name: str
    figure: Printed
    shown: str
    at: Origin


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.folder is not None
    first: dict[str, list[Given]] = {}
    for one in (*_facts(subject.folder), *_of_leaves(subject)):
        before = first.setdefault(_plain(one.name), [])
        other = next((other for other in before if not _agree(one.figure, other.figure)), None)
        if other is not None:
            yield KIND.on(one.at, name=one.name, value=one.shown, other=other.name, other_value=other.shown)
        if one.at.path[0] == "facts":  # leaves are held against facts, not against each other: their values are their own
            before.append(one)


def _facts(folder: ProjectFolder) -> Iterator[Given]:
    for fact in folder.facts.values():
        if fact.value is None:
            continue
        typed = folder.evidence.facts[fact.key].value
        scale = fact.unit.scale if fact.unit else Fraction(1)
        figure = Printed(Fraction(fact.value), fact.unit, scale, places_of(typed) if typed else EXACT)
        yield Given(fact.key, figure, typed or show_quantity(fact.value, fact.unit), fact.origin)


def _of_leaves(subject: Subject) -> Iterator[Given]:
    """The values of leaves, and the actual value of a leaf that is not computed."""
    folder = subject.folder
    assert folder is not None
    for node, entry, at in entries(subject):
        typed: list[tuple[str, str | None, Origin, Unit | None]] = [
            (name, text, at.under("values", name), unit_of(name, folder)) for name, text in entry.values.items()
        ]
        if not measures_of(node):
            typed.append((node.name, entry.actual, at.under("actual"), None))
        for name, text, where, unit in typed:
            figure = printed(text.strip(), unit, frozenset(folder.tree.units)) if text else None
            if figure is not None and text:
                yield Given(name, figure, text.strip(), where)


def _agree(one: Printed, other: Printed) -> bool:
    if one.value == other.value or not comparable(one, other):
        return True
    return one.agrees(other.value) or other.agrees(one.value)


_IN_BRACKETS = re.compile(r"\((?:单位[::])?(?:[百千万亿]?元|%|人|户|个|人次)\)")


def _plain(name: str) -> str:
    """A name without what people write now so and now so: width, blanks, signs, the unit in brackets."""
    text = _IN_BRACKETS.sub("", unicodedata.normalize("NFKC", name))
    return "".join(char for char in text if char.isalnum())
