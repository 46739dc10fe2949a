"""mean 取平均: the (weighted) mean of the parts, each scored on the whole weight.

得分 = Σ(得分 × 权数) ÷ Σ权数; drop: extremes leaves out one highest and one lowest first (then without 权数).
Ends: those of the parts. A part that does not apply is left out, with its weight.
Unit: points. Missing 部分: no score, not 0.
Clause: local practice (专家评分取平均，可去掉一个最高分和一个最低分).
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Literal

from perfeval.ir import build
from perfeval.ir.nodes import Expr, Label
from perfeval.ir.units import range_of
from perfeval.problems import Problem, ProblemKind
from perfeval.quantity import show_decimal
from perfeval.rules._parts import SOME_POINTS, Composite, Part, PartField
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling

DROP = ProblemKind(
    "mean-drop",
    says="drop: extremes 至少要三个部分，且各部分不带 weight；现有 {count} 个。",
    remedy="去掉 drop，或补足部分、删去 weight。",
    en="drop: extremes needs three parts or more, without weights; there are {count}.",
    en_remedy="Remove drop, or add parts and remove the weights.",
)


class Mean(Composite):
    USES: ClassVar[tuple[str, ...]] = ("weight",)
    kind: Literal["mean"] = "mean"
    parts: tuple[PartField, ...]
    drop: Literal["extremes"] | None = None

    def entries(self) -> tuple[Part, ...]:
        return self.parts

    def check(self) -> Iterator[Problem]:
        yield from super().check()
        weighted = sum(part.weight is not None for part in self.parts)
        if weighted not in (0, len(self.parts)):
            yield SOME_POINTS.at("parts", count=len(self.parts), given=weighted)
        if self.drop and (weighted or len(self.parts) < 3):
            yield DROP.at("drop", count=len(self.parts))

    def weights(self) -> list[Fraction]:
        return [part.weight.amount if part.weight else Fraction(1) for part in self.parts]

    def lower(self, scope: Scope) -> Expr:
        left, weights = self.applying(scope, instead="nothing"), self.weights()
        if self.drop and not left.flags:
            kept = build.subtract(build.subtract(build.add(*left.values), build.most(*left.values)), build.least(*left.values))
            expr = build.divide(kept, len(self.parts) - 2)
        elif self.drop:
            expr = self._dropped(scope, left.values, build.subtract(len(self.parts), build.add(*left.flags)))
        else:
            count: Expr = build.number(sum(weights, Fraction(0)))
            if left.flags:
                out = [build.is_yes(flag, weight, 0) for flag, weight in zip(left.flags, weights, strict=True)]
                count = build.subtract(count, build.add(*out))
            total = build.add(*(build.multiply(weight, value) for weight, value in zip(weights, left.values, strict=True)))
            expr = build.divide(total, count, scope.origin)
        if self.drop or left.flags:
            expr = self._between(expr, left.values)
        return build.labelled(left.guarded(expr), Label("mean", detail=self.drop or "", most=scope.worth), scope.origin)

    @staticmethod
    def _between(expr: Expr, values: list[Expr]) -> Expr:
        """A mean lies between 0 and its largest part: changes no value; shows its range, which sum and extremes hide."""
        highs = [reach.high for value in values if (reach := range_of(value, {})) is not None]
        known = [high for high in highs if high is not None]
        return build.clamp(expr, 0, max(known)) if known and len(known) == len(highs) else expr

    def _dropped(self, scope: Scope, values: list[Expr], count: Expr) -> Expr:
        """Where parts may fall away: they count 0 in the sum and the highest, and the weight in the lowest."""
        low = build.least(*(build.unlabelled(value) for value in self.applying(scope, instead="full").values))
        kept = build.subtract(build.subtract(build.add(*values), build.most(*values)), low)
        few = build.undefined("too-few-parts", scope.name, scope.origin)
        return build.when("<", count, 3, few, build.divide(kept, build.subtract(count, 2)))

    def sentence(self, tell: Telling) -> str:
        told = self.told_parts(tell, [tell.worth] * len(self.parts))
        shares = "：".join(show_decimal(w) for w in self.weights())
        how = (
            tell.pick(f"按 {shares} 加权平均", f"weighted mean ({shares})")
            if any(p.weight for p in self.parts)
            else tell.pick("取平均", "the mean")
        )
        if self.drop:
            how = tell.pick("去掉一个最高分和一个最低分后取平均", "the mean without one highest and one lowest")
        return told + tell.pick(f"，{how}。", f", {how}.")
