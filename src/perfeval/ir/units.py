"""Units of expressions (what may be compared and added) and the range of values each can take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from perfeval.ir.nodes import (
    Add,
    Compare,
    Cond,
    Const,
    Div,
    Domain,
    Expr,
    Floor,
    Input,
    Max,
    Min,
    Mul,
    Number,
    Round,
)
from perfeval.problems import Fault, ProblemKind
from perfeval.quantity import (
    ANY_COUNT,
    ANY_UNIT,
    DATE,
    DAYS,
    NO_DIMENSION,
    Dimension,
    multiply,
    round_half_up,
    same_dimension,
    show_dimension,
)

MIXED_UNITS = ProblemKind(
    "mixed-units",
    says="「{left}」（{left_unit}）与「{right}」（{right_unit}）单位不同，不能{verb}。",
    remedy="把两边写成同一种单位，例如 10人 与 29人、90% 与 91.3%；不带单位的数不能和带单位的数相比。",
    en="“{left}” ({left_unit}) and “{right}” ({right_unit}) have different units and cannot be {verb_en}.",
    en_remedy="Write both in one unit, as 10人 and 29人, or 90% and 91.3%; a number without a unit does not compare with one that has it.",
)


class BareFigure(Exception):
    """A figure without a unit stands beside one in per cent: whoever knows its text tells both readings."""

    def __init__(self, node: Input) -> None:
        super().__init__(node.key)
        self.node = node


UnitOf = Callable[[Input], Dimension | None]
"""The dimension of an input; None where it is not known yet (then nothing is refused)."""

Written = Callable[[Input], Literal["rate", "bare"] | None]
"""How an input's number was written: with a sign for hundredths, without any unit, or neither matters."""


def dimension(expr: Expr, of_input: UnitOf, show: Callable[[Expr], str], written: Written = lambda _: None) -> Dimension | None:
    """The dimension of an expression. Raises `Fault` (mixed-units) at the first two that do not fit.

    Counting words drop out of products and quotients, a count of rows fits any counting word, two dates differ by days.
    A figure without a unit beside one in per cent raises `BareFigure`: 95 would pass for 9500%.
    """

    def fit(a: Dimension | None, b: Dimension | None, left: Expr, right: Expr, compared: bool) -> Dimension | None:
        if a is None or b is None:
            return b if a is None else a
        if same_dimension(a, b):
            if a == b == NO_DIMENSION:
                _refuse_bare(left, right, written)
            return b if a == ANY_COUNT else a
        raise _mixed(left, right, a, b, show, compared)

    def all_fit(args: tuple[Expr, ...], found: list[Dimension | None], compared: bool) -> Dimension | None:
        known, first = found[0], args[0]
        for other, own in zip(args[1:], found[1:], strict=True):
            known = fit(known, own, first, other, compared)
        return known

    known: dict[int, Dimension | None] = {}  # a node that stands in several places is looked at once

    def find(node: Expr) -> Dimension | None:
        if id(node) not in known:
            known[id(node)] = _find(node)
        return known[id(node)]

    def _find(node: Expr) -> Dimension | None:
        match node:
            case Const(unit=unit):
                return NO_DIMENSION if unit is None else None if unit is ANY_UNIT else unit.dimension
            case Input():
                return of_input(node)
            case Add(terms=terms):
                found = [find(term) for term in terms]
                return _of_dates(terms, found) if DATE in found else all_fit(terms, found, compared=False)
            case Mul(factors=factors):
                total: Dimension | None = NO_DIMENSION
                for factor in factors:
                    own = find(factor)
                    if own == DATE and factors[0] != Const(-1):
                        raise _mixed(factors[0], factors[-1], find(factors[0]) or (), find(factors[-1]) or (), show, False)
                    total = None if own is None or total is None else multiply(total, own)
                return total
            case Div(above=a, below=b):
                above, below = find(a), find(b)
                if DATE in (above, below):
                    raise _mixed(a, b, above or (), below or (), show, False)
                return None if above is None or below is None else multiply(above, below, -1)
            case Min(args=args) | Max(args=args):
                return all_fit(args, [find(arg) for arg in args], compared=True)
            case Floor(arg=arg) | Round(arg=arg):
                return find(arg)
            case Cond(left=a, right=b, then=c, other=d):
                fit(find(a), find(b), a, b, True)
                return fit(find(c), find(d), c, d, False)
        raise TypeError(node)

    def _of_dates(terms: tuple[Expr, ...], found: list[Dimension | None]) -> Dimension | None:
        dates = 0
        if None in found:
            return None
        for term, own in zip(terms, found, strict=True):
            if own == DATE:
                dates += -1 if isinstance(term, Mul) else 1
            elif own not in (DAYS, None):
                raise _mixed(terms[0], term, DATE, own or (), show, False)
        if dates not in (0, 1):
            raise _mixed(terms[0], terms[-1], DATE, DATE, show, False)
        return DATE if dates else DAYS

    return find(expr)


def _refuse_bare(left: Expr, right: Expr, written: Written) -> None:
    """A figure without a unit against one in per cent reads in two ways."""
    for bare, rate in ((left, right), (right, left)):
        figure = _figure(bare)
        if isinstance(figure, Input) and written(figure) == "bare" and _is_rate(_figure(rate), written):
            raise BareFigure(figure)


def _figure(expr: Expr) -> Expr:
    """What stands in a sum with a sign, or times a plain factor."""
    while isinstance(expr, Mul) and len(expr.factors) == 2 and isinstance(expr.factors[0], Const) and expr.factors[0].unit is None:
        expr = expr.factors[1]
    return expr


def _is_rate(expr: Expr, written: Written) -> bool:
    if isinstance(expr, Const):
        return expr.unit is not None and expr.unit.is_rate
    return isinstance(expr, Input) and written(expr) == "rate"


def _mixed(left: Expr, right: Expr, a: Dimension, b: Dimension, show: Callable[[Expr], str], compared: bool) -> Fault:
    return MIXED_UNITS.fault(
        left=show(left),
        right=show(right),
        left_unit=show_dimension(a),
        right_unit=show_dimension(b),
        verb="比较" if compared else "相加减",
        verb_en="compared" if compared else "added",
    )


# ---- ranges ------------------------------------------------------------------------------------------------------------


class Range(NamedTuple):
    """The values between two ends; None is no end."""

    low: Number | None
    high: Number | None

    @property
    def single(self) -> bool:
        return self.low is not None and self.low == self.high


ANYTHING = Range(None, None)
_ONE = Fraction(1)  # so that `/` of whole numbers stays exact
Given = Mapping[str, Range]


def range_of(expr: Expr, given: Given) -> Range | None:
    """A range that holds every value of the expression; None where it has no value at all (a quotient by zero).

    Safe, not tight: inputs that occur twice are taken as independent. `given` narrows inputs, for what is already known.
    """
    match expr:
        case Const(value=value):
            return Range(value, value)
        case Input(key=key, domain=domain):
            return given.get(key) or _of_domain(domain)
        case Add(terms=terms):
            return _over(terms, given, lambda a, b: Range(_plus(a.low, b.low), _plus(a.high, b.high)))
        case Mul(factors=factors):
            return _over(factors, given, _times)
        case Min(args=args):
            return _over(
                args,
                given,
                lambda a, b: Range(_smaller(a.low, b.low, None), _smaller(a.high, b.high, a.high if b.high is None else b.high)),
            )
        case Max(args=args):
            return _over(
                args, given, lambda a, b: Range(_larger(a.low, b.low, a.low if b.low is None else b.low), _larger(a.high, b.high, None))
            )
        case Div(above=a, below=b):
            above, below = range_of(a, given), range_of(b, given)
            return None if above is None or below is None else _divided(above, below)
        case Floor(arg=arg):
            inner = range_of(arg, given)
            return inner and Range(None if inner.low is None else inner.low // 1, None if inner.high is None else inner.high // 1)
        case Round(arg=arg, places=places):
            inner = range_of(arg, given)
            return inner and Range(*(None if end is None else round_half_up(end, places) for end in inner))
        case Cond(compare=compare, left=a, right=b, then=c, other=d):
            left, right = range_of(a, given), range_of(b, given)
            if left is None or right is None:
                return None
            sure = _decided(compare, left, right)
            then = None if sure is False else range_of(c, given)
            other = None if sure is True else range_of(d, given)
            if then is None or other is None:
                return then or other
            return Range(_smaller(then.low, other.low, None), _larger(then.high, other.high, None))
    raise TypeError(expr)


def _of_domain(domain: Domain | None) -> Range:
    return Range(domain.low, domain.high) if domain else ANYTHING


def _over(args: tuple[Expr, ...], given: Given, join: Callable[[Range, Range], Range]) -> Range | None:
    total = range_of(args[0], given)
    for arg in args[1:]:
        own = range_of(arg, given)
        if total is None or own is None:
            return None
        total = join(total, own)
    return total


def _plus(a: Number | None, b: Number | None) -> Number | None:
    return None if a is None or b is None else a + b


def _smaller(a: Number | None, b: Number | None, open_end: Number | None) -> Number | None:
    return open_end if a is None or b is None else min(a, b)


def _larger(a: Number | None, b: Number | None, open_end: Number | None) -> Number | None:
    return open_end if a is None or b is None else max(a, b)


def _times(a: Range, b: Range) -> Range:
    low: list[Number | None] = []
    high: list[Number | None] = []
    for x, x_sign in ((a.low, -1), (a.high, 1)):
        for y, y_sign in ((b.low, -1), (b.high, 1)):
            if x is not None and y is not None:
                low.append(x * y)
                high.append(x * y)
                continue
            sign = (x_sign if x is None else _sign(x)) * (y_sign if y is None else _sign(y))
            if sign == 0:
                low.append(0)
                high.append(0)
            elif sign > 0:
                high.append(None)
            else:
                low.append(None)
    return Range(_end(low, min), _end(high, max))


def _end(ends: list[Number | None], pick: Callable[[list[Number]], Number]) -> Number | None:
    known = [end for end in ends if end is not None]
    return pick(known) if len(known) == len(ends) and known else None


def _sign(x: Number) -> int:
    return (x > 0) - (x < 0)


def _divided(above: Range, below: Range) -> Range | None:
    if below.low == 0 and below.high == 0:
        return None
    if (below.low is not None and below.low > 0) or (below.high is not None and below.high < 0):
        one_over = Range(0 if below.high is None else 1 / (below.high * _ONE), 0 if below.low is None else 1 / (below.low * _ONE))
        return _times(above, one_over)
    if below.low == 0 and above.low is not None and above.low >= 0:
        return Range(0 if below.high is None else above.low / (below.high * _ONE), None)
    return ANYTHING


def _decided(compare: Compare, left: Range, right: Range) -> bool | None:
    """Is the comparison sure to hold (True), sure to fail (False), or open (None)?"""
    if compare in ("<", "<="):
        left, right = right, left
    strict = compare in (">", "<")
    if compare == "=":
        if left.single and right.single:
            return left.low == right.low
        apart = (left.high is not None and right.low is not None and left.high < right.low) or (
            left.low is not None and right.high is not None and left.low > right.high
        )
        return False if apart else None
    if left.low is not None and right.high is not None and (left.low > right.high if strict else left.low >= right.high):
        return True
    if left.high is not None and right.low is not None and (left.high <= right.low if strict else left.high < right.low):
        return False
    return None
