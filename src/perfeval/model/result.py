"""The result of scoring one project: every number once, exact, with the steps that led to it. Reports only place these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

from perfeval.ir.program import Step
from perfeval.model.project import Goal, Period, ProblemNote, Suggestion
from perfeval.problems import Lang, Problem
from perfeval.quantity import DATE, YES_NO, Unit, show_decimal, show_quantity

Elsewhere = Literal["veto", "bonus", "penalty"]
Status = Literal["scored", "pending", "not_applicable"]


class Shown(NamedTuple):
    """A value as text, and whether the text is the whole value."""

    text: str
    exact: bool

    @property
    def sign(self) -> str:
        return "=" if self.exact else "≈"


def shown(value: Fraction | int, unit: Unit | None, places: int | None = None, apart_from: Iterable[Fraction | int] = ()) -> Shown:
    """A value with its unit: every digit it has (`places` left out), or short, with digits added until it differs from all
    of `apart_from`. Without a finite decimal it is short in any case."""
    if unit is not None and unit.dimension in (DATE, YES_NO):
        return Shown(show_quantity(value, unit), True)
    own = value / unit.scale if unit is not None else value
    whole = show_decimal(own) + (unit.symbol if unit is not None else "")
    if places is None and "/" not in show_decimal(own):
        return Shown(whole, True)
    text = show_quantity(value, unit, 4 if places is None else places, apart_from)
    return Shown(text, text == whole)


class UsedValue(NamedTuple):
    """A value that a score rests on: its evidence key, what it is called, the exact value, and where it comes from."""

    key: str
    name: str
    value: Fraction | int
    unit: Unit | None
    source: str = ""  # 来源: as typed, or the table, column and rows it was counted from
    place: str = ""  # file:line:column

    @property
    def shown(self) -> Shown:
        """As people write it, with every digit it has."""
        return shown(self.value, self.unit)


@dataclass(frozen=True)
class Indicator:
    """One node of the tree, scored. Points throughout; a level is counted from the top, 1."""

    id: str
    name: str
    path: tuple[str, ...]  # names from the first level down to this one
    ref: tuple[str, ...]  # ids likewise; the last is this one's
    level: int
    is_leaf: bool
    weight: Fraction
    status: Status
    score: Fraction | None  # as published: rounded where the tree rounds; None unless scored
    exact: Fraction | None  # before rounding
    low: Fraction  # what is certain
    high: Fraction  # what is still possible; equal to low where scored
    explain: str = ""  # 指标解释
    target: str = ""  # 目标值, as printed
    benchmark: str = ""  # 评价标准
    actual: str = ""  # 完成值: computed where there is a measure, else as typed
    actual_typed: str = ""  # the printed figure, where the evidence gives one
    finding: str = ""
    reason: str = ""  # 扣分原因, as typed; that of a part bears the part's name
    reason_of_parts: bool = False  # typed for some parts only: it does not speak of the whole loss
    reason_missing: bool = False  # a judgement lost points and nobody said why
    sources: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    standard: Mapping[Lang, str] = field(default_factory=dict)  # 评分标准: the sentences of the rule and of the clauses
    text: str = ""  # the original wording, where the tree quotes it
    kind: str = ""  # the rule's kind
    counted: Fraction | None = None  # what enters the sum above: the score, or before rounding where only the total is rounded
    left_out: Fraction = Fraction(0)  # of the weight: what does not apply, where it is rebased
    not_applicable: str = ""  # the declared reason
    not_applicable_items: tuple[tuple[str, str], ...] = ()  # items and parts that do not apply, with the reasons
    clauses: tuple[tuple[Literal["veto", "requires"], str], ...] = ()  # vetoes that happened, requirements not met
    zero_by_policy: bool = False  # missing evidence, scored 0 points because the policy says so
    missing: tuple[str, ...] = ()  # evidence keys that are not there yet
    given: tuple[tuple[str, str], ...] = ()  # while something is missing: what is there, as name and text
    bounds: tuple[Fraction | int, ...] = ()  # what values are compared with: none is shown as one that it is not
    steps: tuple[Step, ...] = ()  # the trace
    used: tuple[UsedValue, ...] = ()

    @property
    def applicable(self) -> Fraction:
        """The weight that still applies."""
        return self.weight - self.left_out

    @property
    def rate(self) -> Fraction | None:
        """得分率 score ÷ the weight that applies; None where there is no score or no weight."""
        return None if self.counted is None or self.score is None or self.applicable == 0 else self.counted / self.applicable

    @property
    def lost(self) -> Fraction:
        """扣分: what a scored indicator lost of what applies, else 0."""
        return Fraction(0) if self.counted is None or self.score is None else self.applicable - self.counted


class Extra(NamedTuple):
    """Bonus or penalty points off the tree: what was given, and the cap."""

    kind: Literal["bonus", "penalty"]
    points: Fraction
    cap: Fraction | None
    items: tuple[tuple[str, Fraction], ...] = ()


class GradeBand(NamedTuple):
    """A grade with its lower bound in points, and whether the bound itself belongs to it."""

    name: str
    low: Fraction
    told: str  # as the scale says it: "90% ≤ x"


@dataclass(frozen=True)
class Result:
    """One project scored. `indicators` holds every level in the order of the tree, parents before their children."""

    name: str
    agency: str
    institution: str
    lead: str
    members: tuple[str, ...]
    date: str
    period: Period | None
    mode: str
    lang: Lang  # of the reports
    tree_id: str
    tree_title: str
    document: str
    grades_id: str
    full: Fraction
    places: int
    rounding_at: Literal["leaf", "total"]
    missing_policy: str
    not_applicable_policy: str | None
    overridden: tuple[str, ...]  # policies that the project changed, as "missing: pending"
    indicators: tuple[Indicator, ...]
    total: Fraction | None  # None while evidence is pending
    low: Fraction
    high: Fraction
    unscaled: Fraction | None  # the sum of the leaves before rebasing, where something does not apply
    applicable: Fraction | None  # the weight that applies, where it is not the whole
    grade: str | None
    vetoes: tuple[str, ...]  # on the whole project, that happened
    grade_capped_by: tuple[str, ...]  # those of them without which the grade would be better
    bands: tuple[GradeBand, ...]
    extras: tuple[Extra, ...]
    goals: tuple[Goal, ...]
    problems_found: tuple[ProblemNote, ...]  # 存在的问题, as the project declares them
    suggestions: tuple[Suggestion, ...]
    notes: tuple[Problem, ...]  # warnings and notes of this run, sorted by place
    converted: Fraction | None = None  # the sum after rebasing, before bonus and penalty
    partial: bool = False  # scored although evidence is missing, because it was asked for; the policies do not say so
    missing: tuple[tuple[Elsewhere, str], ...] = ()  # evidence missing off the indicators, with what people call it

    @property
    def rate(self) -> Fraction | None:
        return None if self.total is None else self.total / self.full

    @property
    def leaves(self) -> tuple[Indicator, ...]:
        return tuple(i for i in self.indicators if i.is_leaf)

    def level(self, number: int) -> tuple[Indicator, ...]:
        return tuple(i for i in self.indicators if i.level == number)

    def children(self, parent: Indicator) -> tuple[Indicator, ...]:
        return tuple(i for i in self.indicators if i.ref[:-1] == parent.ref)
