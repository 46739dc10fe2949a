"""evidence.yaml: actual values, what was found, where it stands. Values stay text here: what a text means is the rule's to say."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, ValidationError, ValidationInfo, WithJsonSchema
from pydantic_core import InitErrorDetails

from perfeval.model.project import Prose, Texts, Version
from perfeval.problems import Fault, Origin, ProblemKind
from perfeval.quantity import Dimension, Unit
from perfeval.rules._contract import Frozen
from perfeval.rules._fields import Exact, Text, read_from, text_of

BAD_ANSWERS = ProblemKind(
    "answers-form",
    says="这里应是一列回答 [是, 否]，或按编号的回答 {{编号: 是}}。",
    remedy="按规则里各项的顺序写成列表，或按 id 写成键值。",
    en="Answers belong here: a list [yes, no], or by id {{id: yes}}.",
    en_remedy="List them in the order of the rule's entries, or give them by id.",
)
BAD_WHERE = ProblemKind(
    "where-form",
    says="where 里「{column}」的条件看不懂。",
    remedy="写一个值、一列值，或界限 {{at_least: …, below: …}}。",
    en="The condition on “{column}” in where cannot be read.",
    en_remedy="Write a value, a list of values, or bounds {{at_least: …, below: …}}.",
)

BOUND_WORDS = ("at_least", "above", "at_most", "below", "exactly")
Value = Annotated[str | None, read_from(text_of), WithJsonSchema({"type": ["string", "number", "boolean", "null"]})]


def _answers(raw: Any, info: ValidationInfo) -> "Answers":
    if isinstance(raw, tuple):
        return tuple(_placed(enumerate(raw), info).values())
    if isinstance(raw, Mapping):
        return {str(key): answer for key, answer in _placed(raw.items(), info).items()}
    raise BAD_ANSWERS.fault()


def _placed(answers: Iterable[tuple[str | int, Any]], info: ValidationInfo) -> dict[str | int, "Answer"]:
    """Each answer read, and what is wrong told of all of them, each at its own key."""
    read: dict[str | int, Answer] = {}
    wrong: list[InitErrorDetails] = []
    for key, raw in answers:
        try:
            read[key] = _answer(raw, info)
        except ValidationError as error:
            wrong += [
                InitErrorDetails(type=one["type"], loc=(key, *one["loc"]), input=one["input"], ctx=one.get("ctx", {}))
                for one in error.errors(include_url=False)
            ]
        except Fault as fault:
            wrong.append(InitErrorDetails(type="value_error", loc=(key,), input=raw, ctx={"error": fault}))
    if wrong:
        raise ValidationError.from_exception_data("answers", wrong)
    return read


def _answer(raw: Any, info: ValidationInfo) -> "Answer":
    if isinstance(raw, Mapping):
        return Entry.model_validate(raw, context=info.context)
    return text_of(raw)


_ANSWER_SCHEMA = {"anyOf": [{"type": ["string", "number", "boolean", "null"]}, {"$ref": "#/$defs/Entry"}]}
_ANSWERS_SCHEMA = {"anyOf": [{"type": "array", "items": _ANSWER_SCHEMA}, {"type": "object", "additionalProperties": _ANSWER_SCHEMA}]}
AnswersField = Annotated[Any, read_from(_answers), WithJsonSchema(_ANSWERS_SCHEMA)]


class Entry(Frozen):
    """What is known of one leaf, item or part."""

    actual: Value = None  # 完成值, as printed
    checklist: AnswersField = None
    parts: AnswersField = None
    tier: Value = None
    points: Value = None
    veto: AnswersField = None
    requires: AnswersField = None
    defects: AnswersField = None
    values: dict[str, Value] = {}
    not_applicable: Value = None
    finding: Prose = ""
    reason: Prose = ""  # 扣分原因
    sources: Texts = ()
    attachments: Texts = ()


Answer = str | Entry
Answers = tuple[Answer, ...] | dict[str, Answer]


class TableOf(Frozen):
    file: Text
    encoding: Literal["utf-8", "gb18030"] = "utf-8"
    sheet: Text | None = None


def _where(raw: Any) -> Any:
    if not isinstance(raw, Mapping):
        raise BAD_WHERE.fault(column="where")
    for column, test in raw.items():
        is_bounds = isinstance(test, Mapping) and test and all(key in BOUND_WORDS and isinstance(v, str) for key, v in test.items())
        is_list = isinstance(test, tuple) and test and all(isinstance(one, str) for one in test)
        if not (isinstance(test, str) or is_bounds or is_list):
            raise BAD_WHERE.fault(column=column)
    return dict(raw)


_WHERE_SCHEMA = {
    "type": "object",
    "additionalProperties": {
        "anyOf": [
            {"type": ["string", "number", "boolean"]},
            {"type": "array"},
            {"type": "object", "propertyNames": {"enum": list(BOUND_WORDS)}},
        ]
    },
}


def _fact(raw: Any) -> Any:
    return {"value": raw} if isinstance(raw, str) else raw


class Fact(Frozen):
    """A named quantity: typed (`value`), or counted from a table."""

    value: Value = None
    unit: Prose = ""
    source: Prose = ""
    attachments: Texts = ()
    table: Text | None = None
    sum: Texts | None = None
    mean: Texts | None = None
    min: Texts | None = None
    max: Texts | None = None
    count: Literal["rows"] | None = None
    distinct: Text | None = None
    cell: Text | None = None
    where: Annotated[dict[str, Any], read_from(_where), WithJsonSchema(_WHERE_SCHEMA)] = {}
    blank: Literal["skip"] | None = None
    text: Prose = ""

    def counts(self) -> list[tuple[str, Any]]:
        """The ways of counting that are given, as (word, what)."""
        words = ("sum", "mean", "min", "max", "count", "distinct", "cell")
        return [(word, getattr(self, word)) for word in words if getattr(self, word) is not None]


class SurveyOf(Frozen):
    """A survey whose questionnaires are the rows of a table. `population`, `sent` and `figure` are figures or say whose they are."""

    table: Text
    items: Texts  # columns that hold answers on one scale, none of persons
    most: Exact | None = None  # full mark of an item; with `scale` its greatest mark
    scale: dict[str, Exact] = {}  # what an answer in words is worth
    satisfied: Text | None = None  # the least answer that counts as satisfied: a mark, or a word of `scale`
    population: Text | None = None  # how many there are to ask: a number, or a fact
    sent: Text | None = None  # how many were asked: the same
    figure: Text | None = None  # the satisfaction as printed: a figure, an indicator or a fact
    formula: Literal["share", "persons", "score-rate", "weighted"] | None = None  # how it was worked out


class Evidence(Frozen):
    perfeval: Version
    tables: dict[str, TableOf] = {}
    surveys: dict[str, SurveyOf] = {}
    facts: dict[str, Annotated[Fact, BeforeValidator(_fact)]] = {}
    indicators: dict[str, Entry] = {}
    veto: AnswersField = None
    bonus: AnswersField = None
    penalty: AnswersField = None
    notes: Prose = ""


class FactValue(NamedTuple):
    """A fact as it was read or counted. `value` is None where it is missing, `text` what was written."""

    key: str
    value: Fraction | int | None
    dimension: Dimension
    unit: Unit | None
    text: str
    source: str
    origin: Origin
    blocked: bool = False  # there was a problem with it, told elsewhere
