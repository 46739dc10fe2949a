"""indicators.yaml: the tree of indicators with weights and scoring rules, grade scale, rounding and policies."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from perfeval.ir.parse import DATE_UNIT
from perfeval.model.project import AuditOptions, Policy, Prose, Texts, Version
from perfeval.problems import Path, ProblemKind
from perfeval.quantity import Unit, looks_like_date, read_date, read_quantity, read_unit
from perfeval.rules._contract import Bounds, Frozen, RuleField
from perfeval.rules._fields import (
    Exact,
    Expression,
    Places,
    PointsField,
    Share,
    Text,
    YesNo,
    read_from,
    text_of,
)

BAD_NAMED_SCALE = ProblemKind(
    "grades-form",
    says="grades 应是一个等级表的名字，或一列等级。",
    remedy="写 grades: mof-2020，或 grades: [{{name: 优, at_least: 90}}, …]。",
    en="grades is the name of a scale, or a list of grades.",
    en_remedy="Write grades: mof-2020, or grades: [{{name: 优, at_least: 90}}, …].",
)


class Clause(Frozen):
    """A veto or a requirement: what would have to happen, or be met."""

    id: Text | None = None
    text: Text

    @property
    def key(self) -> str:
        return self.id or self.text


class Veto(Clause):
    """A veto on the whole project: the grade is at most `grade`."""

    grade: Text | None = None


class Defect(Clause):
    """A fault that is counted: `per` points off for each, at most `cap`."""

    per: PointsField
    cap: PointsField | None = None


def _clauses(raw: Any) -> Any:
    return tuple({"text": one} if isinstance(one, str) else one for one in raw) if isinstance(raw, tuple) else raw


class Node(Frozen):
    """An indicator: with children a parent, with a rule a leaf."""

    name: Text
    id: Text | None = None
    weight: Exact
    children: tuple["Node", ...] = ()
    explain: Prose = ""
    target: Prose = ""
    benchmark: Literal["plan", "industry", "history", "budget", "other"] | None = None
    measure: Expression | None = None
    measures: dict[str, Expression] = {}
    rule: RuleField | None = None
    text: Prose = ""
    veto: Annotated[tuple[Clause, ...], BeforeValidator(_clauses)] = ()
    requires: Annotated[tuple[Clause, ...], BeforeValidator(_clauses)] = ()
    defects: tuple[Defect, ...] = ()
    document: Prose = ""
    notes: Prose = ""
    sources: Texts = ()
    audit: AuditOptions = AuditOptions.model_construct()

    @property
    def key(self) -> str:
        return self.id or self.name


class QuantityOf(Frozen):
    """A quantity's unit, and the values it may take (what `batch` needs). Without a unit they may be dates: then it is a date."""

    unit: Prose = ""
    from_: Annotated[str | None, read_from(text_of)] = Field(None, alias="from")
    to: Annotated[str | None, read_from(text_of)] = None
    places: Places | None = None
    text: Prose = ""

    @property
    def is_date(self) -> bool:
        return not self.unit and any(end is not None and looks_like_date(end) for end in (self.from_, self.to))

    def read_unit(self, words: frozenset[str]) -> Unit | None:
        """The unit of its values. Raises `Fault`."""
        return read_unit(self.unit, words) if self.unit else DATE_UNIT if self.is_date else None

    def read_end(self, end: str, words: frozenset[str]) -> Fraction:
        """One of the ends in base units. Raises `Fault`."""
        return Fraction(read_date(end).toordinal()) if self.is_date else read_quantity(end, self.read_unit(words), words).value


class Rounding(Frozen):
    places: Places = 2
    at: Literal["leaf", "total"] = "leaf"


class GradeRow(Bounds):
    """A grade with its bounds in per cent of the total."""

    name: Text


class Provenance(Frozen):
    """Where a tree or a scale comes from, and whether anyone held it against the document."""

    title: Prose = ""
    document: Prose = ""
    date: Prose = ""
    authority: Prose = ""
    region: Prose = ""
    status: Prose = ""
    verified: Literal["true", "partial", "false"] | None = None
    notes: Prose = ""


class GradeScale(Provenance):
    """A file of a named scale."""

    perfeval: Version
    id: Text
    printed: Prose = ""
    grades: tuple[GradeRow, ...]


class Constraint(Frozen):
    """What the weights have to keep: the sum of some nodes at least, or at most, a share of the total."""

    sum_of: tuple[Text, ...]
    at_least: Share | None = None
    at_most: Share | None = None
    document: Prose = ""
    article: Prose = ""
    text: Prose = ""


class ExtraItem(Clause):
    points: PointsField
    rule: RuleField | None = None


class Extras(Frozen):
    """Bonus or penalty points off the tree."""

    cap: PointsField | None = None
    items: tuple[ExtraItem, ...]


def _grades(raw: Any) -> Any:
    if not isinstance(raw, (str, tuple)):
        raise BAD_NAMED_SCALE.fault()
    return raw


class Tree(Provenance):
    perfeval: Version
    id: Text
    total: Exact = Fraction(100)
    grades: Annotated[Text | tuple[GradeRow, ...], BeforeValidator(_grades)] = "mof-2020"
    rounding: Rounding = Rounding.model_construct()
    policy: Policy = Policy.model_construct()
    units: Texts = ()
    quantities: dict[str, QuantityOf] = {}
    rules: dict[str, RuleField] = {}
    constraints: tuple[Constraint, ...] = ()
    tree: tuple[Node, ...]
    bonus: Extras | None = None
    penalty: Extras | None = None
    veto: tuple[Veto, ...] = ()
    as_printed: YesNo = False
    audit: AuditOptions = AuditOptions.model_construct()

    def walk(self) -> Iterator[tuple[Path, tuple[Node, ...]]]:
        """Every node with its path in the file and its chain from the first level, parents first."""

        def below(nodes: tuple[Node, ...], path: Path, chain: tuple[Node, ...]) -> Iterator[tuple[Path, tuple[Node, ...]]]:
            for position, node in enumerate(nodes):
                here = (*path, position)
                yield here, (*chain, node)
                yield from below(node.children, (*here, "children"), (*chain, node))

        return below(self.tree, ("tree",), ())
