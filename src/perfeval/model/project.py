"""project.yaml: what is evaluated, when, by whom, with which indicators, and what is expected to come out."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema, model_validator

from perfeval.problems import ProblemKind
from perfeval.quantity import is_missing, read_date
from perfeval.rules._contract import Frozen
from perfeval.rules._fields import RANGE_TURNED, Exact, Text, YesNo, read_from, text_of

BAD_FORMAT_VERSION = ProblemKind(
    "format-version",
    says="「perfeval: {version}」这个版本的格式本程序不认识。",
    remedy="文件第一行写 perfeval: 1；文件来自更新的版本时，请升级程序。",
    en="This program does not know version “{version}” of the format.",
    en_remedy="Write perfeval: 1 on the first line; if the file is newer, upgrade the program.",
)


def _version(raw: Any) -> int:
    if text_of(raw) != "1":
        raise BAD_FORMAT_VERSION.fault(version=raw)
    return 1


def _optional(raw: Any) -> str:
    """Text that may be empty or say that nothing is known."""
    text = text_of(raw)
    return "" if text in ("null", "Null", "NULL", "~") else text


def _texts(raw: Any) -> tuple[str, ...]:
    """One text or a list of texts."""
    if isinstance(raw, tuple):
        return tuple(text_of(one) for one in raw)
    text = _optional(raw)
    return () if is_missing(text) else (text,)


def _month(raw: Any) -> str:
    read_date(text_of(raw), end_of_month=False)
    return str(raw).strip()


def _first_day(raw: Any) -> date:
    return read_date(text_of(raw), end_of_month=False)


def _last_day(raw: Any) -> date:
    return read_date(text_of(raw), end_of_month=True)


_DATE_SCHEMA = WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}(-\d{2})?$"})
Version = Annotated[int, read_from(_version), WithJsonSchema({"const": 1})]
Prose = Annotated[str, read_from(_optional), WithJsonSchema({"type": ["string", "number", "null"]})]
Texts = Annotated[
    tuple[str, ...], read_from(_texts), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
]
Month = Annotated[str, read_from(_month), _DATE_SCHEMA]
FirstDay = Annotated[date, read_from(_first_day), _DATE_SCHEMA]
LastDay = Annotated[date, read_from(_last_day), _DATE_SCHEMA]

MissingPolicy = Literal["error", "pending", "zero"]
NotApplicablePolicy = Literal["rebase_total", "rebase_parent", "full"]


class Policy(Frozen):
    """What follows where evidence is missing, and where an indicator does not apply."""

    missing: MissingPolicy | None = None
    not_applicable: NotApplicablePolicy | None = None


class Period(Frozen):
    """The evaluation period, first and last day included."""

    from_: FirstDay = Field(alias="from")
    to: LastDay

    @model_validator(mode="after")
    def _in_order(self) -> "Period":
        if self.from_ > self.to:
            raise RANGE_TURNED.fault(low=self.from_, high=self.to)
        return self


class Evaluator(Frozen):
    institution: Prose = ""
    lead: Prose = ""
    members: Texts = ()


class ReportOptions(Frozen):
    formats: tuple[Text, ...] = ("md", "html")
    narrative: Text | None = None
    lang: Literal["zh", "en"] = "zh"
    firmness: YesNo = False  # 等级的稳固程度: a section on how firm the grade is


class Expect(Frozen):
    """What `check` compares exactly."""

    total: Exact | None = None
    grade: Text | None = None
    scores: dict[str, Exact] = {}


class Goal(Frozen):
    """A declared goal: its target with a comparison, and the quantity that tells whether it was reached."""

    name: Text
    target: Text
    actual: Text | None = None


class ProblemNote(Frozen):
    """A problem found by the evaluators, the indicators it comes from, the suggestion that answers it."""

    id: Text | None = None
    title: Text
    from_: Texts = Field((), alias="from")
    suggestion: Text | None = None
    text: Prose = ""


class Suggestion(Frozen):
    id: Text | None = None
    title: Text
    text: Prose = ""


class AuditOptions(Frozen):
    ignore: dict[str, Text] = {}


class Project(Frozen):
    perfeval: Version
    name: Text
    agency: Prose = ""
    evaluator: Evaluator = Evaluator.model_construct()
    date: Month | None = None
    period: Period | None = None
    mode: Literal["evaluation", "self", "department", "pre", "monitor"] = "evaluation"
    indicators: Text = "indicators.yaml"
    evidence: Text = "evidence.yaml"
    policy: Policy = Policy.model_construct()
    report: ReportOptions = ReportOptions.model_construct()
    expect: Expect | None = None
    goals: tuple[Goal, ...] = ()
    problems: tuple[ProblemNote, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    audit: AuditOptions = AuditOptions.model_construct()
