"""What differs between two values of the models, field by field: nothing here knows a rule kind.

Two values are the same where the models are equal, however they are spelled. Beyond that: points are the same where they
come to the same, an absent `of` or `target` is what it stands for, and lists whose entries have keys have no order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from perfeval.diffing.aligning import by_key, in_order
from perfeval.diffing.entries import key_of, text_of, unlike
from perfeval.diffing.showing import shown, shown_in, word
from perfeval.ir.nodes import Compare, Expr, Input
from perfeval.ir.show import SIGNS, show
from perfeval.problems import Path, Step
from perfeval.rules._contract import Bounds, Rule
from perfeval.rules._fields import Points, PointsRange
from perfeval.rules._parts import Composite, Part

Kind = Literal["added", "removed", "renamed", "rule-kind", "parameter", "wording"]
WORDING = frozenset(["text", "title", "explain", "notes", "sources", "document", "article"])


class Found(NamedTuple):
    """One difference; a path is None on the side that has nothing there."""

    what: Kind
    path: Path
    old: str
    new: str
    old_path: Path | None
    new_path: Path | None
    scores: bool = True


class Side(NamedTuple):
    """Where a value stands on one side, and what is left unsaid there."""

    path: Path = ()
    worth: Fraction = Fraction(0)  # of the rule around
    leaf_worth: Fraction = Fraction(0)
    of: Expr | None = None  # what a rule looks at that does not say so; None: only the evidence can tell
    target: Expr | None = None
    names: frozenset[str] = frozenset()  # quantities that are declared, and the leaf's measures

    def under(self, *steps: Step) -> Side:
        return self._replace(path=(*self.path, *steps))

    def points(self, value: object) -> object:
        """What points come to; anything else as it is."""
        if isinstance(value, Points):
            return value.of(self.worth, self.leaf_worth)
        if isinstance(value, PointsRange):
            return self.points(value.low), self.points(value.high), value.below
        return value


class Sides(NamedTuple):
    path: Path
    old: Side
    new: Side

    def under(self, *steps: Step) -> Sides:
        return Sides((*self.path, *steps), self.old.under(*steps), self.new.under(*steps))

    def entry(self, step: Step, old: int, new: int) -> Sides:
        return Sides((*self.path, step), self.old.under(old), self.new.under(new))

    def found(self, what: Kind, old: object, new: object, field: FieldInfo | None = None, scores: bool = True) -> Found:
        texts = [shown(one) if field is None else shown_in(field, one) for one in (old, new)]
        paths = [None if one is None else side.path for one, side in ((old, self.old), (new, self.new))]
        return Found(what, self.path, texts[0], texts[1], paths[0], paths[1], scores)


def differences(old: object, new: object, at: Sides, field: FieldInfo | None = None) -> Iterator[Found]:
    """What differs between two values of one field."""
    if old == new:
        return
    if isinstance(old, Rule) and isinstance(new, Rule):
        yield from _rules(old, new, at)
    elif isinstance(old, BaseModel) and type(old) is type(new):
        yield from models(old, new, at)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mappings(old, new, at)
    elif _is_list(old) and _is_list(new):
        yield from _lists(old, new, at)
    elif _is_rule(old) and _is_rule(new):
        yield at.found("rule-kind", old, new)._replace(old=_kind(old), new=_kind(new))
    elif _same(old, new, at):
        return
    else:
        yield at.found("parameter", old, new, field)


def _is_list(value: object) -> bool:
    return isinstance(value, tuple) and not isinstance(value, Points | PointsRange)


def _is_rule(value: object) -> bool:
    return value is None or isinstance(value, Rule)


def _kind(rule: object) -> str:
    return rule.kind if isinstance(rule, Rule) else ""


def _same(old: object, new: object, at: Sides) -> bool:
    if isinstance(old, str) and isinstance(new, str):
        return old.split() == new.split()  # how a text is folded over lines says nothing
    if isinstance(old, Points | PointsRange) and isinstance(new, Points | PointsRange):
        # under either weight: `full` and 10 are not the same any more where the weight became 12
        return all(side.points(old) == side.points(new) for side in (at.old, at.new))
    return False


def _rules(old: Rule, new: Rule, at: Sides) -> Iterator[Found]:
    if old.kind != new.kind:
        yield at.found("rule-kind", old, new)._replace(old=old.kind, new=new.kind)
        return
    inner = at._replace(old=_inside(old, at.old), new=_inside(new, at.new))
    yield from models(old, new, inner)


def _inside(rule: Rule, side: Side) -> Side:
    """A rule inside one that says what it looks at looks at the same."""
    of = getattr(rule, "of", None)
    return side if of is None else side._replace(of=of)


def models(old: BaseModel, new: BaseModel, at: Sides, skip: frozenset[str] = frozenset()) -> Iterator[Found]:
    """Field by field."""
    turned = _turned_bounds(old, new)
    for words in turned:
        yield _bound(old, new, words, at)
    told = {word for words in turned for word in words}
    for name, field in type(old).model_fields.items():
        if name in skip or name in told or (name == "kind" and isinstance(old, Rule)):
            continue
        a, b, here = getattr(old, name), getattr(new, name), at.under(word(name, field))
        if name in WORDING:
            if a != b and not _same(a or "", b or "", at):
                yield here.found("wording", a or None, b or None, scores=False)
        elif isinstance(old, Composite) and isinstance(new, Composite) and a is old.entries():
            yield from _parts(old, new, here)
        elif not _is_default(name, a, b, at):
            yield from differences(a, b, _worth(old, new, here) if name == "rule" else here, field)


def _worth(old: BaseModel, new: BaseModel, at: Sides) -> Sides:
    """The rule of a bonus is worth the bonus; that of an item or part knows already what it is worth."""
    sides = []
    for model, side in ((old, at.old), (new, at.new)):
        points = getattr(model, "points", None)
        worth = side.points(points) if isinstance(points, Points) and not isinstance(model, Part) else None
        sides.append(side._replace(worth=worth, leaf_worth=worth) if isinstance(worth, Fraction) else side)
    return Sides(at.path, *sides)


def _is_default(name: str, old: object, new: object, at: Sides) -> bool:
    """Does one side say what the other leaves unsaid?"""
    if name not in ("of", "target") or (old is None) == (new is None):
        return False
    side, said = (at.old, new) if old is None else (at.new, old)
    # at.…of has become what the rule itself says where it says it: here it does not
    return said is not None and said == getattr(side, name)


def _turned_bounds(old: BaseModel, new: BaseModel) -> list[tuple[str, str]]:
    """The old and the new word, where one bound took another's place: lower end for lower end, or the only one for the only one."""
    if not isinstance(old, Bounds) or not isinstance(new, Bounds):
        return []
    gone = [name for name in _END if getattr(old, name) is not None and getattr(new, name) is None]
    come = [name for name in _END if getattr(old, name) is None and getattr(new, name) is not None]
    if len(gone) == len(come) == 1:
        return [(gone[0], come[0])]
    return [(one, other) for one in gone for other in come if _END[one] == _END[other]]


def _bound(old: BaseModel, new: BaseModel, turned: tuple[str, str], at: Sides) -> Found:
    texts = [f"{SIGNS[_COMPARE[name]]} {show(getattr(one, name))}" for one, name in zip((old, new), turned, strict=True)]
    return Found("parameter", (*at.path, "bound"), texts[0], texts[1], (*at.old.path, turned[0]), (*at.new.path, turned[1]))


_END = {"at_least": "low", "above": "low", "at_most": "high", "below": "high", "exactly": "both"}
_COMPARE: dict[str, Compare] = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<", "exactly": "="}


def _mappings(old: Mapping[str, object], new: Mapping[str, object], at: Sides) -> Iterator[Found]:
    for key in [*old, *(key for key in new if key not in old)]:
        here = at.under(key)
        if key in old and key in new:
            yield from differences(old[key], new[key], here)
        else:
            yield here.found("removed" if key in old else "added", old.get(key), new.get(key))


def _lists(old: object, new: object, at: Sides) -> Iterator[Found]:
    assert isinstance(old, tuple) and isinstance(new, tuple)
    if all(isinstance(one, str) for one in (*old, *new)):  # words: neither order nor repetition says anything
        if set(old) != set(new):
            yield Found("parameter", at.path, "、".join(old), "、".join(new), at.old.path if old else None, at.new.path if new else None)
        return
    keyed = bool(key_of((*old, *new)[0]))
    for i, j in by_key(old, new, key_of, text_of) if keyed else in_order(old, new, unlike):
        if i is None or j is None:
            yield _one_sided(old, new, i, j, at)
        else:
            yield from _entries(old[i], new[j], at.entry(key_of(old[i]) if keyed else j, i, j))


def _entries(old: object, new: object, at: Sides) -> Iterator[Found]:
    if isinstance(old, BaseModel) and isinstance(new, BaseModel) and key_of(old):
        yield from _named(old, new, at)
    elif isinstance(old, tuple) and isinstance(new, tuple) and len(old) == len(new):
        for place, (a, b) in enumerate(zip(old, new, strict=True)):
            yield from differences(a, b, at.under(place))
    else:
        yield from differences(old, new, at)


def _one_sided(old: Sequence[object], new: Sequence[object], i: int | None, j: int | None, at: Sides) -> Found:
    if i is not None:
        step = key_of(old[i]) or i
        return Found("removed", (*at.path, step), shown(old[i]), "", (*at.old.path, i), None)
    assert j is not None
    return Found("added", (*at.path, key_of(new[j]) or j), "", shown(new[j]), None, (*at.new.path, j))


_NAMES = frozenset(["id", "name", "text"])


def _named(old: BaseModel, new: BaseModel, at: Sides, skip: frozenset[str] = frozenset()) -> Iterator[Found]:
    """An entry with a key: what it is called, then the rest."""
    keys = key_of(old), key_of(new)
    if keys[0] != keys[1] and not hasattr(old, "sum_of"):
        yield Found("renamed", at.path, *keys, at.old.path, at.new.path)
    looks_by_name = getattr(old, "rule", None) is not None or getattr(new, "rule", None) is not None
    retitled = getattr(old, "title", None) != getattr(new, "title", None)
    for name in ("name", "text"):
        a, b = getattr(old, name, None), getattr(new, name, None)
        if a != b and (a, b) != keys and not _same(a or "", b or "", at):
            acts = looks_by_name and retitled  # its rule may look at the quantity of that name
            yield at.under(name).found("renamed" if acts else "wording", a or None, b or None, scores=acts)
    yield from models(old, new, at, _NAMES | skip)


def _parts(old: Composite, new: Composite, at: Sides) -> Iterator[Found]:
    """Items and parts, with what each is worth."""
    a, b = old.entries(), new.entries()
    worths = _worths(old, at.old), _worths(new, at.new)
    turned = _worths(old, at.new), _worths(new, at.old)
    for i, j in by_key(a, b, key_of, text_of):
        if i is None or j is None:
            yield _one_sided(a, b, i, j, at)
            continue
        here = at.entry(a[i].key, i, j)
        equal = {"points": worths[0][i] == turned[1][j] and turned[0][i] == worths[1][j], "weight": _share(old, i) == _share(new, j)}
        for name, same in equal.items():
            said = getattr(a[i], name), getattr(b[j], name)
            if said[0] != said[1] and not (same and name in old.USES):
                yield here.under(name).found("parameter", *said)
        inner = here._replace(old=_part_side(a[i], here.old, worths[0][i]), new=_part_side(b[j], here.new, worths[1][j]))
        yield from _named(a[i], b[j], inner, frozenset(equal))


def _worths(rule: Composite, side: Side) -> list[Fraction]:
    entries = rule.entries()
    return rule.worths(side.worth, side.leaf_worth) if "points" in rule.USES and entries else [side.worth] * len(entries)


def _share(rule: Composite, at: int) -> Fraction:
    weights = [part.weight.amount if part.weight else Fraction(1) for part in rule.entries()]
    total = sum(weights, Fraction(0))
    return weights[at] / total if total else Fraction(0)


def _part_side(part: Part, side: Side, worth: Fraction) -> Side:
    """In a part a rule looks at the quantity of the part's name, where one is declared."""
    return side._replace(worth=worth, of=Input(part.title) if part.title in side.names else None)
