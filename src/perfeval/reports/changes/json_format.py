"""The format of `perfeval diff --format json`, as types: what `perfeval schema diff` is made from. Nothing here runs.

Numbers are texts in exact decimal form, `a/b` where there is none; values of quantities stand in base units (90% is 0.9).
"""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from perfeval.reports.result_format import Note, Number


class RuleSetPart(TypedDict):
    """One of the two rule sets; `revision` is the short number of the git commit it was read from."""

    name: str
    id: str
    title: str
    revision: str
    leaves: int
    total: Number


class Counts(TypedDict):
    """Indicators, and changes outside of them that can move a score."""

    differ: int
    respelled: int
    added: int
    removed: int
    others: int
    wording: int


class NodePart(TypedDict):
    """An indicator of any level."""

    id: str
    path: list[str]
    weight: Number


class ChangePart(TypedDict):
    """One thing that was edited: `old` and `new` as they stand in the files, "" where there is nothing."""

    what: str
    path: list[str | int]
    old_id: str
    new_id: str
    old: str
    new: str
    old_place: str
    new_place: str
    scores: bool  # may a score or a grade come out otherwise for it?


class Quotient(TypedDict):
    """Points as a quotient of polynomials in x, coefficients from the constant upwards."""

    over: list[Number]
    under: list[Number]


class PointsAt(TypedDict):
    """The least and the most that the evaluator may give; both the same where there is nothing to judge. None: no score."""

    low: Quotient | None
    high: Quotient | None


class StretchPart(TypedDict):
    """Values x at which the two rules differ; None is no end, or no bound of what is gained."""

    low: Number | None
    high: Number | None
    low_closed: bool
    high_closed: bool
    old: PointsAt
    new: PointsAt
    least: Number | None
    most: Number | None


class GivenAnswer(TypedDict):
    name: str
    answer: str


class AnswerPart(TypedDict):
    """Answers under which the two rules differ."""

    given: list[GivenAnswer]
    old: PointsAt
    new: PointsAt


class DifferencePart(TypedDict):
    """One part of a leaf, or the whole (`part` is ""), that gives other points."""

    part: str
    quantity: str
    unit: str
    given: list[GivenAnswer]
    whole: bool
    stretches: list[StretchPart]
    answers: list[AnswerPart]
    more: int  # combinations of answers that differ too and are not listed
    alone: Literal["", "old", "new"]  # the part stands on one side only
    most: Number | None  # points that it can give there
    proven: bool  # false: nothing exact can be said, and no value that was tried shows a difference


class Renamed(TypedDict):
    old: str
    new: str


class OtherUnit(TypedDict):
    name: str
    old: str
    new: str


class AskedAlone(TypedDict):
    """Evidence that one side alone asks for."""

    name: str
    side: Literal["old", "new"]


class MeaningPart(TypedDict):
    """What the changes of a leaf mean; `told` says it in words."""

    same: bool
    quantities: list[Renamed]
    units: list[OtherUnit]
    asked: list[AskedAlone]
    differences: list[DifferencePart]
    told: list[str]


class LeafPart(TypedDict):
    """A leaf of both rule sets that was touched."""

    old: NodePart
    new: NodePart
    differs: bool
    changes: list[ChangePart]
    meaning: MeaningPart


class Pairing(TypedDict):
    """Two indicators that stand for each other without having the same id."""

    old: list[str]
    new: list[str]
    how: Literal["path", "likeness"]
    likeness: Number


class Ends(TypedDict):
    """A figure; an interval where evidence is missing."""

    low: Number
    high: Number


class TotalPart(TypedDict):
    total: Number | None
    low: Number
    high: Number
    grade: str | None


class LeafEffectPart(TypedDict):
    """What one leaf does to the total: in its turn, and alone."""

    old_id: str
    new_id: str
    name: str
    old: Ends | None
    new: Ends | None
    in_turn: Ends
    alone: Ends


class EffectPart(TypedDict):
    """`change` = Σ `in_turn` + `frame` = Σ `alone` + `frame` + `interaction`, end by end."""

    old: TotalPart
    new: TotalPart
    change: Ends
    frame: Ends
    interaction: Ends
    grade_flips: bool
    leaves: list[LeafEffectPart]


class ProjectPart(TypedDict):
    """One project under both rule sets; without an effect, `problems` say why."""

    folder: str
    name: str
    effect: EffectPart | None
    problems: list[Note]


class Transition(TypedDict):
    old: str
    new: str
    count: int


class Figures(TypedDict):
    """How totals or points move; `open` are projects of which nobody knows, figures are of the others. `quantiles`: what 10, 25, 75 and
    90 % of the projects do not exceed."""

    gain: int
    lose: int
    stay: int
    open: int
    least: Number | None
    most: Number | None
    mean: Number | None
    median: Number | None
    quantiles: list[Number]


class Spread(Figures):
    grades: list[Transition]
    movers: list[str]


class MoverPart(TypedDict):
    name: str
    old_total: Number
    old_grade: str
    new_total: Number
    new_grade: str
    change: Number


class MovesPart(TypedDict):
    """How the points of an indicator, bonus or penalty move; an id is "" where a rule set has none of it."""

    old_id: str
    new_id: str
    name: str
    changes: Figures


class TablePart(TypedDict):
    """All rows of a table under both rule sets. `changes` are those of the total."""

    table: str
    rows: int
    otherwise: int  # rows whose total or grade comes out otherwise
    changes: Figures
    grades: list[Transition]
    movers: list[MoverPart]
    indicators: list[MovesPart]


class Document(TypedDict):
    """Two rule sets compared; one of them is null where a rule set was added or removed."""

    perfeval: Literal[1]
    old: RuleSetPart | None
    new: RuleSetPart | None
    differs: bool
    counts: NotRequired[Counts]
    pairings: NotRequired[list[Pairing]]
    leaves: NotRequired[list[LeafPart]]
    added: NotRequired[list[NodePart]]
    removed: NotRequired[list[NodePart]]
    changes: NotRequired[list[ChangePart]]
    projects: NotRequired[list[ProjectPart]]
    distribution: NotRequired[Spread]
    table: NotRequired[TablePart]
