"""A whole table at a glance: how the total, the first level and the grades are distributed. All figures are exact.

Made from how often each value came up, so that no engine computes a mean or a quantile of its own. A quantile is the smallest value
that at least this share of the rows reach or stay below: always one that occurs.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from json import dumps
from typing import NamedTuple

from perfeval.batch.job import Done
from perfeval.batch.plan import Plan
from perfeval.ir.program import GRADE, TOTAL, score_key
from perfeval.quantity import show_decimal
from perfeval.quantity.counts import mean, quantiles

QUANTILES = (Fraction(0), Fraction(1, 10), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(9, 10), Fraction(1))
BINS = 20  # of the total, from 0 to full


class Distribution(NamedTuple):
    """Of one column: how many rows have a score in it and how many have none, and what they are like."""

    name: str
    full: Fraction
    scored: int
    none: int
    mean: Fraction | None
    quantiles: tuple[Fraction, ...]  # as in QUANTILES; empty where nothing is scored

    @property
    def median(self) -> Fraction | None:
        return self.quantiles[QUANTILES.index(Fraction(1, 2))] if self.quantiles else None

    @property
    def rate(self) -> Fraction | None:
        return None if self.mean is None or not self.full else self.mean / self.full


class Bin(NamedTuple):
    """From `low` up to, but not with, `high`; the last with everything above."""

    low: Fraction
    high: Fraction
    rows: int


class Summary(NamedTuple):
    title: str
    places: int
    rows: int
    bad: int
    total: Distribution
    first_level: tuple[Distribution, ...]
    grades: tuple[tuple[str, int], ...]  # from the best; every grade of the scale
    bins: tuple[Bin, ...]


def keys_of(plan: Plan) -> tuple[str, ...]:
    """The outputs whose values are to be counted."""
    return (TOTAL, GRADE, *(score_key(name) for name in plan.program.program.first_level))


def summary(plan: Plan, done: Done) -> Summary:
    program, indicators = plan.program.program, plan.rules.indicators
    total, grades = done.histograms[TOTAL], done.histograms[GRADE]
    first = [(score_key(name), program.nodes[name]) for name in program.first_level]
    return Summary(
        title=indicators.tree.title or indicators.tree.id,
        places=program.places,
        rows=done.rows,
        bad=done.bad,
        total=_distribution(plan, TOTAL, plan.names[TOTAL], program.full, total),
        first_level=tuple(_distribution(plan, key, node.path[-1], node.weight, done.histograms[key]) for key, node in first),
        grades=tuple((name, grades.get(position, 0)) for position, name in enumerate(program.grades, 1)),
        bins=_bins(program.full, plan.output(TOTAL).places, total),
    )


def _distribution(plan: Plan, key: str, name: str, full: Fraction, counts: Mapping[int | None, int]) -> Distribution:
    unit = 10 ** plan.output(key).places
    known: dict[Fraction | int, int] = {value: count for value, count in counts.items() if value is not None}
    average = mean(known)
    found = tuple(Fraction(one) / unit for one in quantiles(known, QUANTILES))
    return Distribution(name, full, sum(known.values()), counts.get(None, 0), None if average is None else average / unit, found)


def _bins(full: Fraction, places: int, counts: Mapping[int | None, int]) -> tuple[Bin, ...]:
    width = full / BINS
    found = [0] * BINS
    for value, count in counts.items():
        if value is not None and width > 0:
            at = Fraction(value, 10**places) // width
            found[min(max(at, 0), BINS - 1)] += count
    return tuple(Bin(width * at, width * (at + 1), count) for at, count in enumerate(found))


def as_json(found: Summary) -> str:
    """Numbers as exact texts, `a/b` where no decimal ends; keys sorted."""
    content = {
        "perfeval": 1,
        "title": found.title,
        "rows": found.rows,
        "bad": found.bad,
        "total": _told(found.total),
        "first_level": [_told(one) for one in found.first_level],
        "grades": [{"grade": name, "rows": count} for name, count in found.grades],
        "histogram": [{"from": show_decimal(one.low), "below": show_decimal(one.high), "rows": one.rows} for one in found.bins],
    }
    return dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _told(one: Distribution) -> dict[str, object]:
    names = [show_decimal(share) for share in QUANTILES]
    return {
        "name": one.name,
        "full": show_decimal(one.full),
        "scored": one.scored,
        "none": one.none,
        "mean": None if one.mean is None else show_decimal(one.mean),
        "rate": None if one.rate is None else show_decimal(one.rate),
        "quantiles": dict(zip(names, map(show_decimal, one.quantiles), strict=False)),
    }
