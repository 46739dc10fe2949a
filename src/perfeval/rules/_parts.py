"""Items and parts: the one shape that every composite rule shares, and what follows where one does not apply."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import BeforeValidator

from perfeval.ir.build import (
    add,
    divide,
    is_yes,
    labelled,
    least,
    multiply,
    number,
    subtract,
    undefined,
    when,
)
from perfeval.ir.nodes import Expr, Input, Label
from perfeval.ir.program import is_reserved
from perfeval.problems import Path, Problem, ProblemKind
from perfeval.rules._contract import NO_PARTS, Frozen, Rule, RuleField
from perfeval.rules._fields import PointsField, Text
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling

SOME_POINTS = ProblemKind(
    "some-points",
    says="{count} 项中只有 {given} 项写了 points：要么都写，要么都不写（平均分）。",
    remedy="给其余各项也写上 points，或全部删去。",
    en="Only {given} of {count} entries have points: give all, or none (equal shares).",
    en_remedy="Give points to the others too, or remove all.",
)
SAME_ID = ProblemKind(
    "same-id",
    says="「{id}」在这里出现了两次。",
    remedy="用 id 给其中一项另起名字。",
    en="“{id}” stands here twice.",
    en_remedy="Give one of them another id.",
)
NAMELESS = ProblemKind(
    "nameless-item",
    says="这一项没有 text、name 或 id。",
    remedy="写上 text（说明文字）或 name（量的名称）。",
    en="This entry has no text, name or id.",
    en_remedy="Give it a text, or the name of a quantity.",
)


RESERVED_ID = ProblemKind(
    "reserved-id",
    says="「{id}」里有 / 隔开的 points、actual 等字样，会与佐证的键混淆。",
    remedy="用 id 给这一项另起名字。",
    en="“{id}” holds points, actual or the like beside a /, and looks like an evidence key.",
    en_remedy="Give the entry an id of its own.",
)
UNUSED_KEY = ProblemKind(
    "part-key-unused",
    says="{kind} 的各项不用「{key}」：写了也不起作用。",
    remedy="删去它；各项按分数相加用 sum，按权数平均用 mean 的 weight。",
    en="{kind} does not use “{key}” of an entry: it would have no effect.",
    en_remedy="Remove it; to add points use sum, to weight a mean use weight in mean.",
)


def _bare_text(raw: Any) -> Any:
    return {"text": raw} if isinstance(raw, str) else raw


class Part(Frozen):
    """An item or part: a text or name, its points, and the rule that scores it (none: yes or no)."""

    id: Text | None = None
    text: Text | None = None
    name: Text | None = None
    points: PointsField | None = None
    weight: PointsField | None = None  # of a mean
    rule: RuleField | None = None

    @property
    def key(self) -> str:
        return (self.id or self.name or self.text or "").strip()

    @property
    def title(self) -> str:
        return self.name or self.text or self.id or ""

    @staticmethod
    def field(word: str) -> str:
        """The rule's key that holds what the evidence answers under `word`."""
        return "items" if word == "checklist" else word


PartField = Annotated[Part, BeforeValidator(_bare_text, json_schema_input_type=Any)]


class Composite(Rule):
    """A rule made of items or parts."""

    WORD: ClassVar[Literal["checklist", "parts"]] = "parts"
    USES: ClassVar[tuple[str, ...]] = ("points",)  # which of an entry's `points` and `weight` say something here

    def entries(self) -> tuple[Part, ...]:
        raise TypeError  # pragma: no cover

    def check(self) -> Iterator[Problem]:
        field, entries = Part.field(self.WORD), self.entries()
        if not entries:
            yield NO_PARTS.at(field, key=field)
        given = sum(part.points is not None for part in entries)
        if given not in (0, len(entries)):
            yield SOME_POINTS.at(field, count=len(entries), given=given)
        seen: set[str] = set()
        for position, part in enumerate(entries):
            for key in ("points", "weight"):
                if key not in self.USES and getattr(part, key) is not None:
                    yield UNUSED_KEY.at(field, position, key, key=key, kind=self.kind)
            if not part.key:
                yield NAMELESS.at(field, position)
            elif part.key in seen:
                yield SAME_ID.at(field, position, id=part.key)
            elif is_reserved(f"/{part.key}"):
                yield RESERVED_ID.at(field, position, id=part.key)
            seen.add(part.key)

    def nested(self) -> Iterator[tuple[Path, Rule]]:
        for position, part in enumerate(self.entries()):
            if part.rule is not None:
                yield (Part.field(self.WORD), position, "rule"), part.rule

    def worths(self, worth: Fraction, leaf_worth: Fraction) -> list[Fraction]:
        """What each entry is worth: its points, or an equal share."""
        entries = self.entries()
        return [part.points.of(worth, leaf_worth) if part.points else worth / len(entries) for part in entries]

    def scored(self, scope: Scope, worths: list[Fraction], *, additive: bool) -> list[tuple[Expr, Input | None]]:
        """Each entry's points, and its not-applicable flag where the policy allows one (then worth 0, or all under `full`)."""
        entries = self.entries()
        scope.leaf.items(f"{scope.prefix}/{self.WORD}", tuple(part.key for part in entries))
        result: list[tuple[Expr, Input | None]] = []
        for position, (part, worth) in enumerate(zip(entries, worths, strict=True)):
            expr, flag = scope.part(self.WORD, position, part, worth, additive), scope.flag(self.WORD, part)
            if flag is not None:
                instead = worth if scope.leaf.not_applicable == "full" else Fraction(0)
                expr = is_yes(flag, number(instead, Label("not-applicable", part.title)), expr, lazy=True)
            result.append((expr, flag))
        return result

    def added(self, scope: Scope, capped: bool = False) -> tuple[Expr, Expr]:
        """The entries' points added up, and what they could come to: entries that do not apply left out as the policy says.

        `rebase_parent` scales what applies to what all are worth; under `rebase_total` the points leave the total's weight,
        where this rule's points add up to the leaf's at all (not under a cap), else they are rebased within the rule too.
        """
        worths = self.worths(scope.worth, scope.leaf_worth)
        full = sum(worths, Fraction(0))
        additive = scope.additive and not capped and full == scope.worth
        scored = self.scored(scope, worths, additive=additive)
        total = add(*(expr for expr, _ in scored))
        if scope.leaf.not_applicable in (None, "full"):
            return total, number(full)
        left_out = add(*(is_yes(flag, worth, 0) for (_, flag), worth in zip(scored, worths, strict=True) if flag is not None))
        if scope.leaf.not_applicable == "rebase_total" and additive:
            scope.leaf.removed(left_out)
            return total, subtract(full, left_out)
        scaled = labelled(divide(multiply(total, full), subtract(full, left_out)), Label("rebased", unit=None), scope.origin)
        return when("=", left_out, 0, total, when("=", left_out, full, self.nothing_applies(scope), least(full, scaled))), number(full)

    def applying(self, scope: Scope, instead: Literal["nothing", "full"]) -> "Applying":
        """Entries each scored on the whole worth; one that does not apply counts `instead`, so that it decides nothing."""
        entries = self.scored(scope, [scope.worth] * len(self.entries()), additive=False)
        if scope.leaf.not_applicable in (None, "full"):
            return Applying([expr for expr, _ in entries], [], None)
        value = scope.worth if instead == "full" else Fraction(0)
        values = [is_yes(flag, value, expr, lazy=True) if flag else expr for expr, flag in entries]
        return Applying(values, [flag for _, flag in entries if flag], self.nothing_applies(scope))

    def told_parts(self, tell: Telling, worths: list[Fraction]) -> str:
        """Each entry with its points and its own rule."""
        told = []
        for part, worth in zip(self.entries(), worths, strict=True):
            inner = tell.part(worth, part.title)
            colon = tell.pick("：", ": ")
            own = colon + part.rule.sentence(inner).rstrip("。.") if part.rule else ""
            told.append(tell.pick(f"{part.title}（{inner.full()}）{own}", f"{part.title} ({inner.full()}){own}"))
        return tell.joined(told)

    def nothing_applies(self, scope: Scope) -> Expr:
        return undefined("nothing-applicable", scope.name, scope.origin)


class Applying(NamedTuple):
    """The values of entries, their not-applicable flags, and what stands for the case that none of them applies."""

    values: list[Expr]
    flags: list[Input]
    nothing: Expr | None

    def guarded(self, expr: Expr) -> Expr:
        if not self.flags or self.nothing is None:
            return expr
        return when("=", add(*self.flags), len(self.values), self.nothing, expr, lazy=True)
