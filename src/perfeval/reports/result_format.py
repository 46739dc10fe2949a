"""The format of result.json, as types: what `perfeval schema result` is made from. Nothing here runs when a project is scored.

Numbers are texts in exact decimal form, `a/b` where there is none; points throughout unless said otherwise.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

Number = Annotated[str, Field(pattern=r"^-?\d+(\.\d+|/\d+)?$")]


class Step(TypedDict):
    """One step of a trace: what it is (`role`), its exact value, and the steps below it."""

    role: str
    text: str
    detail: NotRequired[str]
    value: Number
    shown: NotRequired[str]  # with its unit; points have none
    most: NotRequired[Number]  # what could have been had here
    key: NotRequired[str]  # evidence key, for inputs
    steps: NotRequired[list[Step]]


class Value(TypedDict):
    """A value that scores rest on, in base units (90% is 0.9, 17.16万元 is 171600), and as people write it."""

    key: str
    name: str
    value: Number
    shown: str
    unit: str
    source: str
    place: str


class Standard(TypedDict):
    """评分标准, the rule's own sentence."""

    zh: NotRequired[str]
    en: NotRequired[str]


class ItemExempt(TypedDict):
    """An item or part that does not apply."""

    name: str
    reason: str


class ClauseFired(TypedDict):
    """A veto that happened, or a requirement that is not met."""

    kind: Literal["veto", "requires"]
    text: str


class Missing(TypedDict):
    """Evidence that is missing and belongs to no indicator."""

    kind: Literal["veto", "bonus", "penalty"]
    name: str


class Entry(TypedDict):
    """One indicator of any level, parents before their children."""

    path: list[str]
    id: str
    name: str
    level: int
    leaf: bool
    weight: Number
    applicable: NotRequired[Number]  # the weight that still applies, where it is not the whole
    status: Literal["scored", "pending", "not_applicable"]
    score: Number | None
    exact: Number | None  # before rounding
    rate: Number | None
    low: NotRequired[Number]  # pending: what is certain
    high: NotRequired[Number]  # pending: what is still possible
    explain: str
    target: str
    benchmark: str
    actual: str
    actual_typed: str
    finding: str
    reason: str
    reason_missing: bool
    sources: list[str]
    attachments: list[str]
    standard: Standard
    text: str
    kind: str
    not_applicable: str
    not_applicable_items: NotRequired[list[ItemExempt]]
    clauses: NotRequired[list[ClauseFired]]
    zero_by_policy: bool
    missing: list[str]
    used: list[str]  # keys of `values`
    trace: list[Step]


Severity = Literal["note", "warning", "error"]


class Note(TypedDict):
    """A warning or note of this run."""

    kind: str
    severity: Severity
    place: str
    message: str


class GradeRow(TypedDict):
    name: str
    at_least: Number
    text: str


class ExtraItem(TypedDict):
    name: str
    points: Number


class ExtraPoints(TypedDict):
    """Bonus or penalty points off the tree."""

    kind: Literal["bonus", "penalty"]
    points: Number
    cap: Number | None
    items: list[ExtraItem]


ProjectPart = TypedDict(
    "ProjectPart",
    {"name": str, "agency": str, "institution": str, "lead": str, "members": list[str], "date": str, "mode": str, "from": str, "to": str},
)


class TreePart(TypedDict):
    id: str
    title: str
    document: str
    grades: str


class Policies(TypedDict):
    missing: str
    not_applicable: str | None
    overridden: list[str]


class Rounding(TypedDict):
    places: int
    at: Literal["leaf", "total"]


class GoalPart(TypedDict):
    name: str
    target: str
    actual: str


ProblemPart = TypedDict("ProblemPart", {"id": str, "title": str, "from": list[str], "suggestion": str, "text": str})


class SuggestionPart(TypedDict):
    id: str
    title: str
    text: str


class Document(TypedDict):
    """The result of scoring one project."""

    perfeval: Literal[1]
    project: ProjectPart
    tree: TreePart
    full: Number
    total: Number | None
    rate: Number | None
    grade: str | None
    grade_capped_by: list[str]
    vetoes: list[str]
    low: NotRequired[Number]
    high: NotRequired[Number]
    partial: NotRequired[bool]  # true: scored with --partial while evidence is missing
    missing: NotRequired[list[Missing]]
    unscaled: NotRequired[Number]  # the sum before rebasing
    applicable: NotRequired[Number]  # the weight it was rebased from
    converted: NotRequired[Number]  # the sum after rebasing, before bonus and penalty
    grades: list[GradeRow]
    rounding: Rounding
    policies: Policies
    extras: list[ExtraPoints]
    indicators: list[Entry]
    values: list[Value]
    goals: list[GoalPart]
    problems: list[ProblemPart]
    suggestions: list[SuggestionPart]
    notes: list[Note]
