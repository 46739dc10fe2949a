"""Evidence to the values that a program asks for: each text is read as what its rule needs, by its evidence key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from perfeval.ir.nodes import Const, Expr, Input, Mul, Number
from perfeval.ir.program import Ask, Program
from perfeval.ir.show import show
from perfeval.ir.units import BareFigure, dimension
from perfeval.ir.walk import nodes
from perfeval.lowering.answers import NEGATIVE_COUNT, READERS
from perfeval.lowering.bare_bounds import Written, bare_bound
from perfeval.lowering.nodes import NodeIndex
from perfeval.lowering.quantities import unused_quantities
from perfeval.model.evidence import Answers, Entry
from perfeval.model.folder import ProjectFolder
from perfeval.problems import Fault, Origin, Problem, ProblemKind, did_you_mean
from perfeval.quantity import (
    NO_DIMENSION,
    PERCENT,
    PERCENT_OR_FRACTION,
    YES_NO,
    Dimension,
    Unit,
    is_count,
    is_missing,
    is_reason,
    show_quantity,
)

ENTRY_TWICE = ProblemKind(
    "entry-twice",
    says="「{name}」在这里填了两次，用的是不同的写法。",
    remedy="合并成一处。",
    en="“{name}” is filled in twice here, under two names.",
    en_remedy="Put both into one place.",
)
NOT_A_LEAF = ProblemKind(
    "not-a-leaf",
    says="「{name}」有下级指标，得分由下级相加，不单独填。",
    remedy="填它的下级：{children}。",
    en="“{name}” has children; its score is their sum.",
    en_remedy="Fill in its children: {children}.",
)
ANSWER_COUNT = ProblemKind(
    "answer-count",
    says="「{name}」有 {wanted} 项，这里回答了 {found} 项。",
    remedy="按规则的顺序每项回答一次，或按 id 写成 {{id: 是}}。",
    en="“{name}” has {wanted} entries, and {found} are answered.",
    en_remedy="Answer each in the rule's order, or by id.",
)
ANSWERS_BY_ID = ProblemKind(
    "answers-by-id",
    says="「{name}」的几种情形列的项不同，按顺序回答会对错项。",
    remedy="按 id 写成 {{编号: 是}}；各项是：{known}。",
    en="The alternatives of “{name}” list different entries: answers in order could meet the wrong ones.",
    en_remedy="Give them by id: {{id: yes}}; there are: {known}.",
)
UNKNOWN_ITEM = ProblemKind(
    "unknown-item",
    says="「{name}」里没有「{item}」这一项。{hint}",
    remedy="有的是：{known}。",
    en="“{name}” has no entry “{item}”. {hint}",
    en_remedy="There are: {known}.",
)
NOT_ASKED = ProblemKind(
    "evidence-not-asked",
    says="「{name}」的评分标准不用「{word}」。",
    remedy="删去它，或检查是否写错了键；这条规则要的是：{wanted}。",
    en="The rule of “{name}” does not use “{word}”.",
    en_remedy="Remove it, or check the key; this rule asks for: {wanted}.",
)
NO_POLICY = ProblemKind(
    "not-applicable-policy",
    says="「{name}」写了不适用，但没有说明不适用的指标怎么处理（policy）。",
    remedy="在 policy 里写 not_applicable: rebase_total（其余折算到总分）、rebase_parent（在上级内折算）或 full（给满分）。",
    en="“{name}” is said not to apply, but no policy says what follows.",
    en_remedy="Under policy write not_applicable: rebase_total, rebase_parent or full.",
)
VETO_NOT_APPLICABLE = ProblemKind(
    "not-applicable-veto",
    says="「{name}」写了不适用，又写了发生一票否决情形。",
    remedy="二者留一：确实不适用就删去 veto 的“是”，发生了就删去 not_applicable。",
    en="“{name}” is said not to apply, and a veto of it is said to have happened.",
    en_remedy="Keep one: drop the yes under veto, or drop not_applicable.",
)
NO_REASON = ProblemKind(
    "not-applicable-reason",
    says="「{name}」写了不适用，却没有写原因 (reason)。",
    remedy="写成 not_applicable: 原因。",
    en="“{name}” is said not to apply without a reason.",
    en_remedy="Write not_applicable: REASON.",
)
WANTED_YES_NO = ProblemKind(
    "fact-not-yes-no",
    says="「{name}」在条件里要是“是/否”，现为「{text}」。",
    remedy="在 facts 里写 是 或 否，或在条件里写出比较。",
    en="“{name}” stands for yes or no in a condition, and is “{text}”.",
    en_remedy="Write yes or no under facts, or a comparison in the condition.",
)

_WORDS = ("checklist", "parts", "veto", "requires", "defects")


@dataclass
class Bound:
    """Evidence as a program wants it: exact values by key; keys without a value are missing."""

    values: dict[str, Number] = field(default_factory=dict)
    units: dict[str, Unit | None] = field(default_factory=dict)
    dimensions: dict[str, Dimension] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)  # as typed
    origins: dict[str, Origin] = field(default_factory=dict)
    placeholders: dict[str, str] = field(default_factory=dict)  # keys that are there but say that nothing is known
    blocked: set[str] = field(default_factory=set)  # keys with a problem that is told already
    not_applicable: dict[str, str] = field(default_factory=dict)  # reasons by key prefix
    entries: dict[str, Entry] = field(default_factory=dict)  # by leaf id
    problems: list[Problem] = field(default_factory=list)


def given_keys(folder: ProjectFolder) -> set[str]:
    """The keys that names may mean: facts, and each leaf's own values."""
    keys, index = set(folder.facts), NodeIndex(folder.tree)
    for name, entry in folder.evidence.indicators.items():
        node = index.find(name)
        key = node[1][-1].key if not isinstance(node, Problem) else name
        keys.update(f"{key}/values/{value}" for value in entry.values)
    return keys


def bind(program: Program, folder: ProjectFolder) -> Bound:
    """All evidence that the program asks for. What is wrong is in `problems`; what is missing simply has no value."""
    return _Binder(program, folder).bind()


class _Binder:
    def __init__(self, program: Program, folder: ProjectFolder) -> None:
        self.program, self.folder = program, folder
        self.words = frozenset(folder.tree.units)
        self.bound = Bound()
        self.index = NodeIndex(folder.tree)
        self.given: dict[str, tuple[str, Origin]] = {}
        self.names = {node.id: node.path[-1] for node in program.nodes.values()}

    def bind(self) -> Bound:
        evidence, file = self.folder.evidence, self.folder.evidence_file
        for name, entry in evidence.indicators.items():
            self._entry(name, entry, Origin(file, ("indicators", name)))
        for word, answers in (("veto", evidence.veto), ("bonus", evidence.bonus), ("penalty", evidence.penalty)):
            if answers is not None:
                self._answers(word, word, answers, Origin(file, (word,)), "指标体系 (the tree)")
        used: set[str] = set()
        for ask in self.program.asks.values():
            used.update(self._ask(ask))
        self._unused(used)
        self.bound.problems.extend(unused_quantities(self.program, self.folder, self.given))
        self._vetoed_without_applying()
        self._check_units()
        return self.bound

    def _vetoed_without_applying(self) -> None:
        """A leaf that does not apply cannot have a veto that happened: one of the two is wrong."""
        for prefix in self.bound.not_applicable:
            for key in self.program.items.get(f"{prefix}/veto", ()):
                if self.bound.values.get(f"{prefix}/veto/{key}"):
                    name = self.names.get(prefix, prefix)
                    self.bound.problems.append(VETO_NOT_APPLICABLE.on(self.bound.origins.get(f"{prefix}/veto/{key}"), name=name))

    # ---- evidence to keys

    def _entry(self, name: str, entry: Entry, origin: Origin) -> None:
        found = self.index.find(name)
        if isinstance(found, Problem):
            self.bound.problems.append(found._replace(origin=origin.key(), path=()))
            return
        node = found[1][-1]
        if node.children:
            self.bound.problems.append(NOT_A_LEAF.on(origin.key(), name=name, children="、".join(child.name for child in node.children)))
            return
        if node.key in self.bound.entries:
            self.bound.problems.append(ENTRY_TWICE.on(origin.key(), name=node.name))
            return
        self.bound.entries[node.key] = entry
        self.bound.origins[node.key] = origin
        self._flatten(node.key, entry, origin, node.name)

    def _flatten(self, prefix: str, entry: Entry, origin: Origin, name: str) -> None:
        for word in ("actual", "tier", "points"):
            text = getattr(entry, word)
            if text is not None:
                self.given[f"{prefix}/{word}"] = (text, origin.under(word))
        for value, text in entry.values.items():
            if text is not None:
                self.given[f"{prefix}/values/{value}"] = (text, origin.under("values", value))
        for word in _WORDS:
            answers = getattr(entry, word)
            if answers is not None:
                self._answers(f"{prefix}/{word}", word, answers, origin.under(word), name)
        if entry.not_applicable is not None:
            self._not_applicable(prefix, entry.not_applicable, origin.under("not_applicable"), name)

    def _not_applicable(self, prefix: str, reason: str, origin: Origin, name: str) -> None:
        if not is_reason(reason):  # “no” is no reason, and must not drop the indicator
            self.bound.problems.append(NO_REASON.on(origin, name=name))
        elif f"{prefix}/not_applicable" not in self.program.asks:
            self.bound.problems.append(NO_POLICY.on(origin, name=name))
            self.bound.blocked.update(key for key in self.program.asks if key == prefix or key.startswith(f"{prefix}/"))
        self.bound.not_applicable[prefix] = reason.strip()

    def _answers(self, key: str, word: str, answers: Answers, origin: Origin, name: str) -> None:
        ids = self.program.items.get(key)
        if ids is None:
            if self._failed(key):
                return
            prefix = key.rpartition("/")[0]
            self.bound.problems.append(NOT_ASKED.on(origin.key(), name=name, word=word, wanted=self._wanted(prefix)))
            return
        if isinstance(answers, tuple):
            if key in self.program.unordered:
                self.bound.problems.append(ANSWERS_BY_ID.on(origin, name=name, known="、".join(ids)))
                self.bound.blocked.update(f"{key}/{one}" for one in ids)
                return
            if len(answers) != len(ids):
                self.bound.problems.append(ANSWER_COUNT.on(origin, name=name, wanted=len(ids), found=len(answers)))
                self.bound.blocked.update(f"{key}/{one}" for one in ids)
                return
            pairs: list[tuple[str, int | str, str | Entry]] = [
                (one, at, answer) for at, (one, answer) in enumerate(zip(ids, answers, strict=True))
            ]
        else:
            pairs = [(one, one, answer) for one, answer in answers.items()]
        for one, step, answer in pairs:
            if one not in ids:
                self.bound.problems.append(
                    UNKNOWN_ITEM.on(origin.under(step).key(), name=name, item=one, hint=did_you_mean(one, ids), known="、".join(ids))
                )
            elif isinstance(answer, Entry):
                self._flatten(f"{key}/{one}", answer, origin.under(step), one)
            else:
                self.given[f"{key}/{one}"] = (answer, origin.under(step))

    # ---- keys to values

    def _ask(self, ask: Ask) -> Iterator[str]:
        """The value of one question; yields the evidence keys that it used."""
        if ask.form == "flag":
            prefix = ask.key.removesuffix("/not_applicable")
            self.bound.values[ask.key] = int(prefix in self.bound.not_applicable)
            return
        if ask.form == "fact":
            self._fact(ask)
            return
        word = {"yes_no": "actual", "count": "actual", "number": "actual", "tier": "tier", "points": "points"}[ask.form]
        for key in (ask.key, f"{ask.key}/{word}"):
            if key in self.given:
                yield key
                self._answer(ask, *self.given[key])
                return

    def _fact(self, ask: Ask) -> None:
        fact = self.folder.facts.get(ask.key)
        if fact is None:
            return
        self.bound.origins[ask.key] = fact.origin
        if fact.blocked:
            self.bound.blocked.add(ask.key)
        elif fact.value is None:
            self.bound.placeholders[ask.key] = fact.text
        elif is_count(fact.dimension) and fact.value < 0:
            self.bound.problems.append(NEGATIVE_COUNT.on(fact.origin, name=ask.key, text=fact.text))
            self.bound.blocked.add(ask.key)
        else:
            self._keep(ask.key, fact.value, fact.unit, fact.dimension, fact.text, fact.origin)

    def _keep(self, key: str, value: Number, unit: Unit | None, own: Dimension, text: str, origin: Origin) -> None:
        bound = self.bound
        bound.values[key] = int(value) if value.denominator == 1 else value
        bound.units[key], bound.dimensions[key], bound.texts[key], bound.origins[key] = unit, own, text, origin

    def _answer(self, ask: Ask, text: str, origin: Origin) -> None:
        self.bound.origins[ask.key] = origin
        if is_missing(text):
            self.bound.placeholders[ask.key] = text.strip()
            return
        try:
            value, unit, own = READERS[ask.form](ask, text, self.words)
        except Fault as fault:
            self.bound.problems.append(fault.on(origin))
            self.bound.blocked.add(ask.key)
            return
        self._keep(ask.key, value, unit, own, text.strip(), origin)

    def _failed(self, key: str) -> bool:
        """Does the key belong to a leaf whose rule is at fault? Then nobody knows what it asks for."""
        return any(key == name or key.startswith(f"{name}/") for name in self.program.failed)

    # ---- checks over all

    def _wanted(self, prefix: str) -> str:
        if not prefix:
            return "、".join(word for word in ("veto", "bonus", "penalty") if word in self.program.items) or "都不用 (none)"
        asked = {ask.key.removeprefix(f"{prefix}/").split("/")[0] for ask in self.program.asks.values() if ask.key.startswith(f"{prefix}/")}
        return "、".join(sorted(asked - {"not_applicable"})) or "只用事实 (facts only)"

    def _unused(self, used: set[str]) -> None:
        """Values that no rule asks for would be dropped in silence; a leaf's `actual` is the printed figure and may stand."""
        for key, (_, origin) in self.given.items():
            prefix, _, word = key.rpartition("/")
            if key in used or (word == "actual" and prefix in self.names) or self._failed(key):
                continue
            leaf = key.split("/")[0]
            inner = prefix if word in ("actual", "tier", "points") else key.rpartition("/values/")[0] or prefix
            self.bound.problems.append(
                NOT_ASKED.on(
                    origin.key() if isinstance(origin.path[-1], str) else origin,
                    name=self.names.get(leaf, leaf),
                    word=word,
                    wanted=self._wanted(inner),
                )
            )

    def _check_units(self) -> None:
        """Nothing of different dimensions is compared or added, in any leaf."""
        for node in self.program.leaves:
            self._check_expr(node.expr, node.origin.under("rule") if node.origin else None)
        for word, expr in self.program.extras.items():
            self._check_expr(expr, Origin(self.folder.indicators.file, (word,)))

    def _check_expr(self, expr: Expr, origin: Origin | None) -> None:
        for node in nodes(expr):
            if isinstance(node, Input) and node.unit is not None and node.unit.dimension == YES_NO:
                own = self.bound.dimensions.get(node.key)
                if own is not None and own != YES_NO:
                    self.bound.problems.append(
                        WANTED_YES_NO.on(node.origin or origin, name=node.key, text=self.bound.texts.get(node.key, ""))
                    )
                    return
        try:
            dimension(expr, self._dimension_of, self._shown, self._written)
        except BareFigure as bare:
            key = bare.node.key
            value, text = self.bound.values[key], self.bound.texts.get(key) or show_quantity(self.bound.values[key], None, 18)
            readings = {"percent": f"{text}%", "fraction": show_quantity(value, PERCENT, 18)}
            self.bound.problems.append(PERCENT_OR_FRACTION.on(self.bound.origins.get(key), text=text, **readings))
        except Fault as fault:
            self.bound.problems.append(fault.on(origin))
        else:
            found = bare_bound(expr, self._in_evidence)
            if found is not None:
                self.bound.problems.append(found.problem(origin))

    def _in_evidence(self, node: Input) -> Written:
        """An input that is a quantity, as the evidence writes it."""
        ask = self.program.asks.get(node.key)
        if ask is None or ask.form not in ("fact", "number"):
            return Written()
        return Written(self.bound.units.get(node.key), self.bound.values.get(node.key), ask.form == "number")

    def _written(self, node: Input) -> Literal["rate", "bare"] | None:
        """How the evidence writes a figure; a zero is the same either way."""
        ask, unit = self.program.asks.get(node.key), self.bound.units.get(node.key)
        if ask is None or ask.form not in ("fact", "number") or not self.bound.values.get(node.key):
            return None
        if unit is not None:
            return "rate" if unit.is_rate else None
        return "bare" if self.bound.dimensions.get(node.key) == NO_DIMENSION else None

    def _shown(self, expr: Expr) -> str:
        """A side of a sum without the sign it is taken off with."""
        match expr:
            case Mul(factors=(Const(value=-1, unit=None), inner)):
                return show(inner, self._name_of)
        return show(expr, self._name_of)

    def _dimension_of(self, node: Input) -> Dimension | None:
        ask = self.program.asks.get(node.key)
        if node.unit is not None and node.unit.dimension == YES_NO:
            return NO_DIMENSION  # a condition reads it as 1 or 0
        if ask is None or ask.form in ("yes_no", "tier", "points", "flag", "count"):
            return NO_DIMENSION
        return self.bound.dimensions.get(node.key)

    def _name_of(self, node: Input) -> str:
        text = self.bound.texts.get(node.key)
        ask = self.program.asks.get(node.key)
        name = ask.text if ask and ask.text else node.key
        return f"{name} = {text}" if text else name
