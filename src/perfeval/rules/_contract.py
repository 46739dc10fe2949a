"""What every rule kind has: parameters (pydantic), its own checks, a lowering to the IR, and the sentence it writes.

A kind is one file beside this one. It knows its parameters and nothing else: names, evidence keys, units and what does not
apply come through `Scope`; weights and names for its sentence through `Telling`. Kinds never import each other: a nested
rule arrives already read.
"""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, WithJsonSchema

from perfeval.ir.nodes import Compare, Const, Expr
from perfeval.problems import Path, Problem, ProblemKind
from perfeval.quantity import Unit, show_quantity
from perfeval.rules._fields import Expression, read_from
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling

ONE_BOUND = ProblemKind(
    "one-bound",
    says="这里应恰好写一个界限（at_least、above、at_most、below、exactly 之一），现有 {count} 个。",
    remedy="留一个；要分档时用 bands。",
    en="Exactly one bound belongs here (at_least, above, at_most, below or exactly), and there are {count}.",
    en_remedy="Keep one; for several use bands.",
)
UNITS_DIFFER = ProblemKind(
    "bound-forms-differ",
    says="同一个量的界限写法不一：{forms}。",
    remedy="都写成同一种形式，例如都写 90%，或都写 0.9。",
    en="The bounds of one quantity are written in different forms: {forms}.",
    en_remedy="Write all in one form, all as 90% or all as 0.9.",
)
TOO_MANY = ProblemKind(
    "too-many-bands",
    says="「{key}」有 {count} 档，上限 {limit}。",
    remedy="合并档；每一档相差同样分数的，用 linear 或 deduction。",
    en="“{key}” has {count} entries; the limit is {limit}.",
    en_remedy="Merge some; where each step is worth the same, use linear or deduction.",
)
MAX_BANDS = 140
NO_PARTS = ProblemKind(
    "no-parts",
    says="「{key}」是空的，至少要有一项。",
    remedy="补上各项，或改用别的规则类型。",
    en="“{key}” is empty; at least one entry is needed.",
    en_remedy="Add the entries, or use another rule kind.",
)


class Frozen(BaseModel):
    """Strict, frozen, no unknown keys; built when first used, so that a run pays only for the kinds it reads."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True, arbitrary_types_allowed=True)


class Rule(Frozen):
    """One scoring rule 评分标准. `kind` names its file."""

    kind: str

    def check(self) -> Iterator[Problem]:
        """What is wrong with the parameters alone; paths are relative to the rule."""
        return iter(())

    def lower(self, scope: Scope) -> Expr:
        raise TypeError(f"rule kind {self.kind} does not lower")  # pragma: no cover

    def sentence(self, tell: Telling) -> str:
        raise TypeError(f"rule kind {self.kind} has no sentence")  # pragma: no cover

    def nested(self) -> Iterator[tuple[Path, "Rule"]]:
        """Rules inside this one, with their paths."""
        return iter(())

    def checked(self) -> Iterator[Problem]:
        """`check` of this rule and of all inside it."""
        yield from self.check()
        for path, inner in self.nested():
            for problem in inner.checked():
                yield problem._replace(path=(*path, *problem.path))


RuleReader = Callable[[Any, ValidationInfo], Rule]
_reader: list[RuleReader] = []  # set by the package when it has found the files: kinds never import each other


def set_reader(reader: RuleReader) -> None:
    _reader[:] = [reader]


def read_rule(raw: Any, info: ValidationInfo) -> Rule:
    """A rule, or the name of one under `rules:`."""
    return _reader[0](raw, info)


RULE_SCHEMA = {"anyOf": [{"$ref": "#/$defs/Rule"}, {"type": "string", "description": "rules 里的名字 a name under rules:"}]}
RuleField = Annotated[Rule, read_from(read_rule), WithJsonSchema(RULE_SCHEMA)]


class Bounds(Frozen):
    """The five ways to write a bound: at_least ≥, above >, at_most ≤, below <, exactly =."""

    at_least: Expression | None = None
    above: Expression | None = None
    at_most: Expression | None = None
    below: Expression | None = None
    exactly: Expression | None = None

    def pairs(self) -> list[tuple[Compare, Expr]]:
        found: list[tuple[Compare, Expr | None]] = [
            (">=", self.at_least),
            (">", self.above),
            ("<=", self.at_most),
            ("<", self.below),
            ("=", self.exactly),
        ]
        return [(compare, bound) for compare, bound in found if bound is not None]


class Measured(Rule):
    """A rule that looks at a quantity."""

    of: Expression | None = None

    def ends(self) -> list[Expr]:
        """The bounds or points on the quantity's own scale."""
        raise TypeError(f"rule kind {self.kind} has no ends")  # pragma: no cover

    def scale(self) -> Unit | None:
        """The unit that the bounds are written in: what a bare actual value is taken to be in."""
        units = [end.unit for end in self.ends() if isinstance(end, Const) and end.unit]
        return units[0] if units and all(unit.scale == units[0].scale for unit in units) else None

    def check(self) -> Iterator[Problem]:
        """All ends in one form: not 90% beside 0.8."""
        constants = [end for end in self.ends() if isinstance(end, Const)]
        forms = {end.unit.is_rate if end.unit else False for end in constants if end.value != 0 or end.unit}
        if len(forms) > 1 and all(end.unit is None or end.unit.is_rate for end in constants):
            yield UNITS_DIFFER.at(forms="、".join(show_quantity(end.value, end.unit) for end in constants))


class OneBound(Measured, Bounds):
    """A rule with exactly one bound."""

    def bound(self) -> tuple[Compare, Expr]:
        return self.pairs()[0]

    def ends(self) -> list[Expr]:
        return [bound for _, bound in self.pairs()]

    def check(self) -> Iterator[Problem]:
        if (count := len(self.pairs())) != 1:
            yield ONE_BOUND.at(count=count)
        else:
            yield from super().check()
