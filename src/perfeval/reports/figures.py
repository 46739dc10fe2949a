"""Scores, rates and values of a result as the reports print them, and the tree walked once.

Numbers come exact from the result and become text here, nowhere later: `score` with at most the tree's places and
without trailing zeros, `rate` as 100% only if exactly full. The total and its rate have digits enough to differ from the
bounds of the grades that they do not reach.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from perfeval.model.result import Indicator, Result
from perfeval.quantity import round_half_up, show_rate, show_short
from perfeval.reports.words import Words

# The same few weights, scores and rates come again and again
_short = lru_cache(maxsize=2048)(show_short)
rate_text = lru_cache(maxsize=2048)(show_rate)


class Figures:
    """A result with its words, its tree by position, and its numbers as text."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.words = Words(result.lang)
        self.places = result.places
        self.bounds = tuple(band.low for band in result.bands)
        self.by_ref = {i.ref: i for i in result.indicators}
        self.below: dict[tuple[str, ...], list[Indicator]] = {}
        for indicator in result.indicators:
            self.below.setdefault(indicator.ref[:-1], []).append(indicator)
        self.first_level = tuple(self.below.get((), ()))
        self.leaves = result.leaves
        self._leaf_count: dict[tuple[str, ...], int] = {}
        for leaf in self.leaves:
            for length in range(1, len(leaf.ref) + 1):
                self._leaf_count[leaf.ref[:length]] = self._leaf_count.get(leaf.ref[:length], 0) + 1

    # ---- the tree

    def leaves_of(self, top: Indicator) -> tuple[Indicator, ...]:
        size = len(top.ref)
        return tuple(leaf for leaf in self.leaves if leaf.ref[:size] == top.ref)

    def leaf_count(self, indicator: Indicator) -> int:
        return self._leaf_count.get(indicator.ref, 0)

    def line_of(self, leaf: Indicator) -> list[Indicator]:
        """The indicators from the first level down to this leaf."""
        return [self.by_ref[leaf.ref[:length]] for length in range(1, len(leaf.ref) + 1)]

    def counts(self, leaves: tuple[Indicator, ...], first: int) -> str:
        """How many indicators of each level there are, from level `first` down: 2 个二级指标和 7 个三级指标."""
        refs = {leaf.ref[:length] for leaf in leaves for length in range(first, len(leaf.ref) + 1)}
        told = []
        for level in range(first, max((len(leaf.ref) for leaf in leaves), default=0) + 1):
            number = sum(len(ref) == level for ref in refs)
            words = self.words
            name = words("counted-level", level=words(f"level-{level}"), n=str(level))
            told.append(words("count-of-one" if number == 1 else "count-of", n=str(number), level=name))
        return self.words.counted(told)

    # ---- numbers as text

    def number(self, points: Fraction | int) -> str:
        return _short(points, self.places)

    def weight(self, points: Fraction) -> str:
        """A weight, or what was lost of one, as given: more digits than a score has, where a tree uses them."""
        return _short(points, max(self.places, 6))

    def weight_of(self, indicator: Indicator) -> str:
        """The weight as printed in the tree; where only a part of it applies, that too: 6（适用 4）."""
        whole = self.weight(indicator.weight)
        if not indicator.left_out or indicator.status == "not_applicable":
            return whole
        return self.words("applies", whole=whole, part=self.weight(indicator.applicable))

    def worth(self, indicator: Indicator) -> str:
        """The same as points: 6 分（适用 4 分）."""
        whole = self.weight_points(indicator.weight)
        if not indicator.left_out or indicator.status == "not_applicable":
            return whole
        return self.words("applies", whole=whole, part=self.weight_points(indicator.applicable))

    def points(self, points: Fraction | int) -> str:
        return self.words.points(self.number(points))

    def weight_points(self, points: Fraction) -> str:
        return self.words.points(self.weight(points))

    def span(self, low: Fraction, high: Fraction) -> str:
        return self.words("range", low=self.number(low), high=self.number(high))

    def score(self, indicator: Indicator) -> str:
        """得分 as a table shows it, also where there is none."""
        if indicator.status == "not_applicable" and indicator.score is None:
            return self.words("not-applicable")
        if indicator.score is None:
            return self.words("pending-range", range=self.span(indicator.low, indicator.high))
        shown = self.number(indicator.score)
        return self.words("zero-by-policy", n=shown) if indicator.zero_by_policy else shown

    def score_of(self, indicator: Indicator, key: str = "score-of") -> str:
        """Score and weight in one: 4 / 5; the exceptions are told beside it."""
        shown = self.score(indicator) if indicator.score is None else self.number(indicator.score)
        return self.words(key, score=shown, weight=self.weight_of(indicator))

    def rate(self, indicator: Indicator) -> str:
        if indicator.rate is not None:
            return rate_text(indicator.rate)
        return self.words("pending" if indicator.status == "pending" else "none")

    def total_score(self) -> str:
        result = self.result
        if result.total is None:
            return self.words("range", low=self._graded(result.low), high=self._graded(result.high))
        return self._graded(result.total)

    def total_points(self, total: Fraction) -> str:
        """The total, or an end of it, in points."""
        return self.words.points(self._graded(total))

    def total_rate(self) -> str:
        result = self.result
        if result.rate is None:
            return self.words("pending")
        return rate_text(result.rate, apart_from=tuple(bound / result.full for bound in self.bounds))

    def _graded(self, total: Fraction) -> str:
        return _short(total, self.places, self.bounds)

    def weighted(self, indicator: Indicator) -> str:
        """A parent's name with its weight, as merged cells show it: 项目决策（20 分）."""
        points = self.weight_points(indicator.weight)
        if indicator.left_out and indicator.status != "not_applicable":
            points = self.words("of-which", whole=points, part=self.weight_points(indicator.applicable))
        return self.words("weighted", name=indicator.name, points=points)

    def missing(self) -> list[str]:
        """Evidence missing off the indicators: 一票否决「…」."""
        return [self.words("quoted", kind=self.words(kind), name=name) for kind, name in self.result.missing]

    # ---- what readers must be told about the numbers

    def sums_that_differ(self) -> list[str]:
        """Parents whose printed score is not the sum of their printed parts, because only the total is rounded."""
        result, words = self.result, self.words
        if result.rounding_at != "total" or result.total is None:
            return []
        told: list[str] = []
        rows: list[tuple[str, Fraction | None, list[Indicator]]] = []
        if not result.extras and result.unscaled is None:  # else the total is more than its parts
            rows.append((words("total"), result.total, list(self.first_level)))
        rows += [(p.name, p.score, self.below[p.ref]) for p in result.indicators if not p.is_leaf]
        for name, score, parts in rows:
            scores = [part.score for part in parts if part.status == "scored" and part.score is not None]
            if score is None or len(scores) != len(parts):
                continue
            added = sum((round_half_up(s, self.places) for s in scores), Fraction(0))
            if added != round_half_up(score, self.places):
                told.append(words("sum-of", name=name, printed=self.number(score), added=self.number(added)))
        return told
