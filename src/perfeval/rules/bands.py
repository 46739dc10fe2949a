"""bands 分档得分: the points of the first band whose bounds hold.

得分 = 完成值所在档的分值（或评价人在该档区间内评定的分值），都不在时为 otherwise.
Ends: each bound says whether its end belongs to the band. A band that can never be reached, a gap or an overlap between
bands with both ends stated, and values that no band and no `otherwise` covers are errors.
Unit: bounds in the quantity's unit; result in points. Missing 完成值: no score, not 0.
Clause: 财预〔2021〕101号 赋分规则 2 and 4 (bands of 预算执行率 and 满意度).
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from perfeval.ir import build
from perfeval.ir.bounds import Interval, interval_of, uncovered
from perfeval.ir.nodes import Expr, Label
from perfeval.problems import Problem, ProblemKind
from perfeval.quantity import show_quantity
from perfeval.rules._contract import MAX_BANDS, NO_PARTS, TOO_MANY, Bounds, Measured
from perfeval.rules._fields import Award, AwardField, PointsRange
from perfeval.rules._scope import Scope
from perfeval.rules._telling import Telling, bound_text

UNREACHABLE = ProblemKind(
    "band-unreachable",
    says="「{band}」这一档永远不会用到：前面的档已经包括了它。",
    remedy="删去这一档，或改前面的界限（先写要求高的档）。",
    en="The band “{band}” can never be reached: earlier bands hold all its values.",
    en_remedy="Remove it, or mend the earlier bounds (strictest band first).",
)
EMPTY = ProblemKind(
    "band-empty",
    says="「{band}」这一档没有任何值能符合。",
    remedy="检查两端界限的大小和方向。",
    en="No value can be in the band “{band}”.",
    en_remedy="Check the size and direction of its two ends.",
)
UNBOUNDED = ProblemKind(
    "band-unbounded",
    says="这一档没有界限。",
    remedy="写上 at_least、above、at_most、below 或 exactly；其余情形写在 otherwise。",
    en="This band has no bound.",
    en_remedy="Give at_least, above, at_most, below or exactly; the rest belongs in otherwise.",
)
GAP = ProblemKind(
    "band-gap",
    says="「{lower}」与「{upper}」两档之间有空隙，例如 {witness} 不属于任何一档。",
    remedy="让两档的界限相接：上一档的下限就是下一档的上限，只有一边取等号。",
    en="Between the bands “{lower}” and “{upper}” there is a gap: {witness} is in neither.",
    en_remedy="Let the two bands meet at one value, which belongs to one of them.",
)
OVERLAP = ProblemKind(
    "band-overlap",
    says="「{first}」与「{second}」两档重叠，例如 {witness} 两档都符合。",
    remedy="改其中一档的界限，使每个值只属于一档。",
    en="The bands “{first}” and “{second}” overlap: {witness} is in both.",
    en_remedy="Mend one bound so that each value is in one band.",
)
OTHERWISE = ProblemKind(
    "bands-otherwise",
    says="有的值不属于任何一档，例如 {witness}，而没有写 otherwise。",
    remedy="写明 otherwise（例如 otherwise: 0），或补上缺的档。",
    en="Some values are in no band, {witness} for one, and there is no otherwise.",
    en_remedy="State otherwise (as otherwise: 0), or add the band that is missing.",
)


class Band(Bounds):
    points: AwardField

    def told(self, subject: str = "x") -> str:
        return bound_text(subject, self.pairs())


class Bands(Measured):
    kind: Literal["bands"] = "bands"
    bands: tuple[Band, ...]
    otherwise: AwardField | None = None

    def ends(self) -> list[Expr]:
        return [bound for band in self.bands for _, bound in band.pairs()]

    def check(self) -> Iterator[Problem]:
        yield from super().check()
        if not self.bands:
            yield NO_PARTS.at("bands", key="bands")
        if len(self.bands) > MAX_BANDS:
            yield TOO_MANY.at("bands", key="bands", count=len(self.bands), limit=MAX_BANDS)
            return
        taken: list[tuple[Band, Interval]] = []
        for position, band in enumerate(self.bands):
            interval = interval_of(band.pairs())
            if not band.pairs():
                yield UNBOUNDED.at("bands", position)
            elif interval is None:
                return  # bounds that depend on evidence: nothing can be said without it
            elif interval.is_empty:
                yield EMPTY.at("bands", position, band=band.told())
            elif not uncovered(interval, [i for _, i in taken]):
                yield UNREACHABLE.at("bands", position, band=band.told())
            else:
                taken.append((band, interval))
        yield from self._fit(taken)

    def _fit(self, taken: list[tuple[Band, Interval]]) -> Iterator[Problem]:
        """Gaps and overlaps between neighbours that state the ends that face each other; values that nothing covers."""
        ordered = sorted(taken, key=lambda pair: (pair[1].low is not None, pair[1].low or 0))
        for (low_band, low), (high_band, high) in pairwise(ordered):
            if low.high is None or high.low is None:
                continue
            both = low.meet(high)
            if not both.is_empty:
                yield OVERLAP.at(
                    "bands", self.bands.index(high_band), first=low_band.told(), second=high_band.told(), witness=self._value(both)
                )
            between = Interval(low.high, high.low, not low.high_closed, not high.low_closed)
            if both.is_empty and not between.is_empty:
                yield GAP.at(
                    "bands", self.bands.index(high_band), lower=low_band.told(), upper=high_band.told(), witness=self._value(between)
                )
        rest = uncovered(Interval(None, None), [interval for _, interval in taken])
        if taken and rest and self.otherwise is None:
            yield OTHERWISE.at(witness=self._value(rest[0]))

    def _value(self, interval: Interval) -> str:
        below_some = interval.low is None and interval.high is not None and interval.high > 0
        return show_quantity(0 if below_some else interval.witness(), self.scale(), 18)

    def lower(self, scope: Scope) -> Expr:
        quantity = scope.quantity(self)
        expr = build.undefined("no-band", scope.name, scope.origin)
        if self.otherwise is not None:
            expr = scope.award(self.otherwise, Label("otherwise", most=scope.worth), "otherwise")
        for position, band in reversed(list(enumerate(self.bands))):
            expr = self._branch(scope, quantity, position, band, expr)
        return expr

    def _branch(self, scope: Scope, quantity: Expr, position: int, band: Band, other: Expr) -> Expr:
        then = scope.award(band.points, Label("hit", band.told(), most=scope.worth), "bands", position, "points")
        lazy = (
            isinstance(band.points, PointsRange)
            or isinstance(self.otherwise, PointsRange)
            or any(isinstance(later.points, PointsRange) for later in self.bands[position:])
        )
        tests = [(compare, quantity, scope.resolve(bound, "bands", position)) for compare, bound in band.pairs()]
        return build.when_all(tests, then, other, lazy=lazy)

    def sentence(self, tell: Telling) -> str:
        named = tell.named(self.of)
        told = [self._line(named, band.told(named.subject), band.points) for band in self.bands]
        if self.otherwise is not None:
            told.append(self._line(named, tell.pick("其余", "otherwise"), self.otherwise))
        return tell.pick("；", "; ").join(told) + tell.pick("。", ".")

    @staticmethod
    def _line(tell: Telling, condition: str, award: Award) -> str:
        return tell.pick(f"{condition}，得 {tell.points(award)}", f"{condition}: {tell.points(award)}")
