"""Evidence changed in memory: texts go the way that evidence.yaml goes, with the same readers and the same problems.

Nothing is written. A change is placed where it was said (the option, or a line of a file), so that problems point there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from perfeval.ir.program import Program
from perfeval.ir.walk import inputs
from perfeval.lowering.from_evidence import bind, given_keys
from perfeval.lowering.from_tree import lower_tree
from perfeval.model.evidence import Entry, Fact, FactValue
from perfeval.model.folder import Indicators, Places, ProjectFolder
from perfeval.model.result import Indicator, Result, shown
from perfeval.model.tree import Node, Tree
from perfeval.problems import Origin, Path, Problem, ProblemsFound, Where
from perfeval.quantity import is_missing, is_yes_no, read_yes_no, split_number
from perfeval.reading.facts import FactReader
from perfeval.scoring import scored
from perfeval.scoring.faults import Faults
from perfeval.scoring.run import Run
from perfeval.whatif.asked import Given, all_of, meant
from perfeval.whatif.keys import ANSWER_WORD, Keys, Target

_LISTS = ("checklist", "parts", "veto", "requires", "defects", "bonus", "penalty")


class Ground(NamedTuple):
    """A project as it stands: what every question starts from."""

    folder: ProjectFolder
    result: Result
    run: Run

    @property
    def program(self) -> Program:
        return self.run.program


class Change(NamedTuple):
    """One piece of evidence, before and after, as texts ("" where there was nothing)."""

    target: Target
    before: str
    after: str


class Changed(NamedTuple):
    """A project before and after some changes."""

    before: Ground
    after: Ground
    changes: tuple[Change, ...]
    dropped: tuple[str, ...]  # points given within a tier or band that is no longer the one

    @property
    def unused(self) -> tuple[str, ...]:
        """What was set although nothing rests on it then: a leaf's quantity that was typed needs no facts any more."""
        asked = {key for one in (self.after.program.nodes.values()) for key in inputs(one.expr)}
        asked |= {key for expr in (*self.after.program.extras.values(), self.after.program.grade) for key in inputs(expr)}
        return tuple(one.target.key for one in self.changes if one.target.kind == "fact" and one.target.key not in asked)

    @property
    def leaves(self) -> tuple[tuple[Indicator, Indicator], ...]:
        """The leaves that a change touches, whether or not their score moves."""
        touched = {change.target.leaf for change in self.changes}
        keys = {change.target.key for change in self.changes}
        return tuple(
            (old, new)
            for old, new in zip(self.before.result.leaves, self.after.result.leaves, strict=True)
            if old.id in touched or not keys.isdisjoint(inputs(self.before.program.nodes[old.id].expr)) or _differs(old, new)
        )


def ground(folder: ProjectFolder) -> Ground:
    """Score a project. What is missing leaves its leaf pending, unless a policy gives it no points. Raises `ProblemsFound`."""
    policy = folder.project.policy.missing or folder.tree.policy.missing or "error"
    return Ground(folder, *scored(folder, partial=policy == "error"))


def changed(before: Ground, given: Sequence[Given]) -> Changed:
    """The project scored again with some evidence changed. Raises `Refused` and `ProblemsFound`."""
    wanted, refused = meant(Keys(before.folder, before.program), given)
    if refused:
        raise all_of(refused, _wrong(before, wanted.values()))
    folder = _Setter(before.folder, before.program).apply(wanted.values())
    dropped = _stale(before, folder, set(wanted))
    for key in dropped:
        folder = _Setter(folder, before.program).without(before.program.asks[key].node, key)
    after = ground(folder)
    changes = tuple(Change(target, _text(before, target), _text(after, target)) for target, _ in wanted.values())
    return Changed(before, after, changes, tuple(dropped))


def _wrong(before: Ground, wanted: Iterable[tuple[Target, Given]]) -> tuple[Problem, ...]:
    """What is wrong with the values whose keys are right."""
    try:
        _Setter(before.folder, before.program).apply(wanted)
    except ProblemsFound as found:
        return tuple(found.problems)
    return ()


def _text(at: Ground, target: Target) -> str:
    """The evidence under a key as it was typed or counted."""
    bound, key = at.run.bound, target.key
    if key.endswith("/not_applicable"):
        return bound.not_applicable.get(key.removesuffix("/not_applicable"), "")
    if key in bound.placeholders:
        return bound.placeholders[key]
    if bound.texts.get(key):
        return bound.texts[key]
    if key in bound.values:
        return shown(bound.values[key], bound.units.get(key)).text
    fact = at.folder.facts.get(key)
    if fact is not None:
        return fact.text or ("" if fact.value is None else shown(fact.value, fact.unit).text)
    if target.kind == "measured":
        return next((leaf.actual for leaf in at.result.leaves if leaf.id == target.leaf), "")
    return ""


def _differs(old: Indicator, new: Indicator) -> bool:
    return (old.score, old.low, old.high, old.status) != (new.score, new.low, new.high, new.status)


def _stale(before: Ground, folder: ProjectFolder, wanted: set[str]) -> list[str]:
    """Points that an evaluator gave within a tier or band, where another tier or band is taken now and none were set."""
    given = {key for key, ask in before.program.asks.items() if ask.form == "points" and key in before.run.bound.values} - wanted
    if not given:
        return []
    program, problems = lower_tree(folder.indicators, given_keys(folder), before.run.policy)
    bound = bind(program, folder)
    if any(problem.is_error for problem in (*problems, *bound.problems)):
        return []  # told when it is scored
    run = Run(folder, program, bound, before.run.policy)
    at_fault = {problem.origin for problem in Faults(run).problems() if problem.kind.name in ("points-not-judged", "points-out-of-range")}
    return sorted(key for key in given if bound.origins.get(key) in at_fault)


class _Overlay:
    """Places of a project with changes: what was set stands where it was said."""

    def __init__(self, below: Places, file: str, said: Mapping[Path, Where]) -> None:
        self.below, self.file, self.said = below, file, said

    def where(self, origin: Origin) -> Where:
        if origin.file == self.file:
            for path, where in self.said.items():
                if origin.path[: len(path)] == path:
                    return where
        return self.below.where(origin)

    def placed(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        return self.below.placed(p if p.where or not p.origin else p._replace(where=self.where(p.origin), origin=None) for p in problems)


class _Setter:
    """Puts texts into the evidence of a folder."""

    def __init__(self, folder: ProjectFolder, program: Program) -> None:
        self.folder, self.program = folder, program
        self.evidence, self.facts, self.indicators = folder.evidence, dict(folder.facts), folder.indicators
        self.said: dict[Path, Where] = {}
        self.problems: list[Problem] = []

    def apply(self, wanted: Iterable[tuple[Target, Given]]) -> ProjectFolder:
        for target, one in wanted:
            if target.kind == "fact":
                self._fact(target.key, one)
            else:
                self._answer(target, one.text, one.where)
        return self._done()

    def without(self, leaf: str, key: str) -> ProjectFolder:
        self._edit(leaf, key, None)
        return self._done()

    def _done(self) -> ProjectFolder:
        places = _Overlay(self.folder.places, self.folder.evidence_file, self.said)
        found = places.placed(self.problems)
        if any(problem.is_error for problem in found):
            raise ProblemsFound(found)
        return self.folder._replace(
            evidence=self.evidence, facts=self.facts, indicators=self.indicators, places=places, notes=(*self.folder.notes, *found)
        )

    # ---- facts

    def _fact(self, name: str, one: Given) -> None:
        old, before = self.evidence.facts.get(name), self.folder.facts.get(name)
        fact = Fact(value=one.text, unit=old.unit if old is not None else "")
        self.said["facts", name] = one.where
        tree = self.folder.tree
        reader = FactReader({}, frozenset(), tree.quantities, frozenset(tree.units), self.folder.evidence_file, self.problems)
        value = reader.read({name: fact})[name]
        if old is not None and old.table is not None and before is not None:
            value = _as_counted(value, before, one.text)
        self.facts[name] = value
        self.evidence = self.evidence.model_copy(update={"facts": {**self.evidence.facts, name: fact}})

    # ---- answers

    def _answer(self, target: Target, text: str, where: Where) -> None:
        if target.kind == "measured":
            self.indicators = _without_measure(self.indicators, target.leaf)
        new: str | None = text
        if target.key.endswith("/not_applicable") and (is_missing(text) or (is_yes_no(text) and not read_yes_no(text))):
            new = None  # it applies
        self.said[self._edit(target.leaf, target.key, new)] = where

    def _edit(self, leaf: str, key: str, text: str | None) -> Path:
        if not leaf:
            self.evidence, path = self._within(self.evidence, "", key, text)
            return path
        index = Keys(self.folder, self.program).index
        name = next((one for one in self.evidence.indicators if _means(index.find(one), leaf)), leaf)
        entry, path = self._within(
            self.evidence.indicators.get(name) or Entry.model_construct(), f"{leaf}/", key.removeprefix(f"{leaf}/"), text
        )
        self.evidence = self.evidence.model_copy(update={"indicators": {**self.evidence.indicators, name: entry}})
        return ("indicators", name, *path)

    def _within(self, holder: Any, prefix: str, rest: str, text: str | None) -> tuple[Any, Path]:
        """An entry (or the evidence as a whole) with the answer `rest` below `prefix` put in, and its path."""
        word, _, tail = rest.partition("/")
        if word == "values":
            return holder.model_copy(update={"values": {**holder.values, tail: text}}), ("values", tail)
        if word not in _LISTS or not tail:
            return holder.model_copy(update={word: text}), (word,)
        ids, answers = self.program.items[f"{prefix}{word}"], getattr(holder, word)
        one = max((name for name in ids if tail == name or tail.startswith(f"{name}/")), key=len)
        listed = isinstance(answers, tuple)
        at: int | str = ids.index(one) if listed else one
        old = answers[at] if listed else (answers or {}).get(one)
        inner = f"{prefix}{word}/{one}"
        new, path = self._item(old, inner, tail[len(one) + 1 :], text)
        changed: Any = dict(enumerate(answers)) if listed else dict(answers or {})
        changed[at] = new
        if new is None:
            del changed[at]
        return holder.model_copy(update={word: tuple(changed.values()) if listed and new is not None else changed}), (word, at, *path)

    def _item(self, old: str | Entry | None, key: str, tail: str, text: str | None) -> tuple[str | Entry | None, Path]:
        """An item's or part's answer: bare, or an entry of its own."""
        ask = self.program.asks.get(key)
        word = ANSWER_WORD.get(ask.form, "actual") if ask is not None else "actual"
        if not tail:
            return (old.model_copy(update={word: text}), (word,)) if isinstance(old, Entry) else (text, ())
        entry = old if isinstance(old, Entry) else Entry.model_construct().model_copy(update={} if old is None else {word: old})
        return self._within(entry, f"{key}/", tail, text)


def _means(found: object, leaf: str) -> bool:
    return not isinstance(found, Problem) and isinstance(found, tuple) and found[1][-1].key == leaf


def _as_counted(value: FactValue, before: FactValue, text: str) -> FactValue:
    """A bare number for what was counted from a table has the unit that the count has."""
    if value.value is None or value.unit is not None or before.unit is None:
        return value
    number, _ = split_number(text)
    own = Fraction(number * before.unit.scale)
    return value._replace(value=int(own) if own.denominator == 1 else own, unit=before.unit, dimension=before.dimension)


def _without_measure(indicators: Indicators, leaf: str) -> Indicators:
    """The tree with one leaf whose quantity is typed, not computed."""

    def replaced(node: Node) -> Node:
        if node.key == leaf and not node.children:
            return node.model_copy(update={"measure": None, "measures": {}})
        return node.model_copy(update={"children": tuple(map(replaced, node.children))}) if node.children else node

    tree: Tree = indicators.tree
    return indicators._replace(tree=tree.model_copy(update={"tree": tuple(map(replaced, tree.tree))}))
