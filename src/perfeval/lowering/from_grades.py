"""A grade scale to an expression: the position of the grade that the published total falls into."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfeval.ir.bounds import Interval, interval_of, uncovered
from perfeval.ir.build import as_expr, undefined, when_all
from perfeval.ir.nodes import Compare, Const, Expr, Input
from perfeval.ir.program import TOTAL
from perfeval.model.folder import Indicators
from perfeval.model.result import GradeBand
from perfeval.model.tree import GradeRow
from perfeval.problems import Origin, Problem, ProblemKind, Severity
from perfeval.quantity import PERCENT, PERCENT_OR_FRACTION, show_decimal, show_quantity
from perfeval.rules._contract import MAX_BANDS, TOO_MANY, Bounds
from perfeval.rules._parts import SAME_ID
from perfeval.rules._telling import bound_text

NO_BOUND = ProblemKind(
    "grade-unbounded",
    says="等级「{name}」没有界限，或界限不是数。",
    remedy="写 at_least: 90（总分的百分之九十）等。",
    en="The grade “{name}” has no bound, or one that is not a number.",
    en_remedy="Write at_least: 90 (per cent of the total) or the like.",
)
UNREACHABLE = ProblemKind(
    "grade-unreachable",
    says="等级「{name}」永远不会用到：前面的等级已经包括了它。",
    remedy="从高到低排列等级，或改界限。",
    en="The grade “{name}” can never be given: earlier grades hold all its values.",
    en_remedy="List grades from high to low, or mend the bounds.",
)
GAP = ProblemKind(
    "grade-gap",
    says="等级之间有空隙 {gap}：得分 {witness} 不属于任何等级。",
    remedy="让相邻等级的界限相接（例如 at_least: 80、below: 90）；得分只取整数时写 rounding: {{places: 0, at: total}}。",
    en="There is a gap between grades, {gap}: a score of {witness} is in none.",
    en_remedy="Let neighbours meet (as at_least: 80, below: 90); for whole scores write rounding: {{places: 0, at: total}}.",
    severity=Severity.WARNING,
)


def bounds_in_points(row: GradeRow, full: Fraction) -> list[tuple[Compare, Expr]]:
    """A grade's bounds in points: they are written in per cent of the total, with or without the sign."""
    result: list[tuple[Compare, Expr]] = []
    for compare, bound in row.pairs():
        if not isinstance(bound, Const) or (bound.unit is not None and not bound.unit.is_rate):
            return []
        share = Fraction(bound.value) if bound.unit is not None else Fraction(bound.value) / 100
        result.append((compare, Const(share * full)))
    return result


def _doubtful(indicators: Indicators) -> Iterator[Problem]:
    """Bounds above 0 and up to 1 without a sign: 0.9 may mean 0.9% of the total, or 90%."""
    for position, row in enumerate(indicators.grades):
        for word in Bounds.model_fields:
            bound = getattr(row, word)
            if isinstance(bound, Const) and bound.unit is None and 0 < bound.value <= 1:
                text = show_decimal(bound.value)
                place = _origin(indicators, position).under(word)
                yield PERCENT_OR_FRACTION.on(place, text=text, percent=f"{text}%", fraction=show_quantity(bound.value, PERCENT, 18))


def lower_grades(indicators: Indicators, problems: list[Problem]) -> Expr:
    """The first grade, in the order written, whose bounds hold; a total in none of them has no grade."""
    full, origin = indicators.tree.total, indicators.grades_origin
    expr: Expr = undefined("no-grade", "", origin)
    taken: list[Interval] = []
    if len(indicators.grades) > MAX_BANDS:
        problems.append(TOO_MANY.on(origin, key="grades", count=len(indicators.grades), limit=MAX_BANDS))
        return expr
    doubtful = list(_doubtful(indicators))
    problems.extend(doubtful)
    for position, row in enumerate(indicators.grades):
        if row.name in [earlier.name for earlier in indicators.grades[:position]]:
            problems.append(SAME_ID.on(_origin(indicators, position), id=row.name))
        pairs = bounds_in_points(row, full)
        interval = interval_of(pairs)
        if not pairs or interval is None:
            problems.append(NO_BOUND.on(_origin(indicators, position), name=row.name))
        elif doubtful:
            continue  # what else the scale leaves out depends on what they mean
        elif full > 0 and not uncovered(interval, taken):
            problems.append(UNREACHABLE.on(_origin(indicators, position), name=row.name))
        else:
            taken.append(interval)
    if full > 0 and not doubtful and all(bounds_in_points(row, full) for row in indicators.grades):  # else told already
        _check_gaps(indicators, taken, problems)
    for position, row in reversed(list(enumerate(indicators.grades))):
        tests = [(compare, Input(TOTAL), bound) for compare, bound in bounds_in_points(row, full)]
        expr = when_all(tests, as_expr(position + 1), expr)
    return expr


def _origin(indicators: Indicators, position: int) -> Origin:
    return indicators.grades_origin.under(position)


def _check_gaps(indicators: Indicators, taken: list[Interval], problems: list[Problem]) -> None:
    """Gaps that a total can fall into: with totals of so many decimals, one that holds none of them does no harm."""
    full, step = indicators.tree.total, Fraction(1, 10**indicators.tree.rounding.places)
    for gap in uncovered(Interval(0, full), taken):
        witness = _multiple_in(gap, step)
        if witness is not None:
            ends = f"{'[' if gap.low_closed else '('}{show_decimal(gap.low or 0)}, {show_decimal(gap.high or 0)}{']' if gap.high_closed else ')'}"
            problems.append(GAP.on(indicators.grades_origin, gap=ends, witness=show_decimal(witness)))


def _multiple_in(gap: Interval, step: Fraction) -> Fraction | None:
    low, high = Fraction(gap.low or 0), Fraction(gap.high or 0)
    first = -(-low // step) * step
    if first == low and not gap.low_closed:
        first += step
    return first if first < high or (first == high and gap.high_closed) else None


def grade_bands(indicators: Indicators) -> tuple[GradeBand, ...]:
    """The scale in points, for reports."""
    bands = []
    for row in indicators.grades:
        pairs = bounds_in_points(row, indicators.tree.total)
        interval = interval_of(pairs) or Interval(None, None)
        bands.append(GradeBand(row.name, Fraction(interval.low or 0), bound_text("x", pairs)))
    return tuple(bands)
