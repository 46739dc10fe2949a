"""The exact sweep: an expression as a function of one input, cut where it bends or jumps.

Every comparison is decided on a whole stretch at once, or the stretch is cut at the place where it turns, and both sides are
looked at anew. An arm is looked at only where it is taken. Nothing is sampled, so nothing between two cuts is missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from perfeval.backends.ranges.ratio import VARIABLE, Curved, Ratio, number
from perfeval.ir.bounds import Interval
from perfeval.ir.nodes import HOLDS, Add, Compare, Cond, Const, Div, Domain, Expr, Floor, Input, Max, Min, Mul, Number, Round, children
from perfeval.ir.units import Range, range_of

EVERYWHERE = Interval(None, None)
LIMIT = 4_000  # stretches: a deduction in steps has some hundred


class Piece(NamedTuple):
    """The function on one interval; `value` is None where there is no answer (a quotient by zero)."""

    interval: Interval
    value: Ratio | None


class TooManyPieces(Exception):
    """Steps without end, as a floor that nothing bounds."""


class OpenInput(Exception):
    """An input besides the variable whose value is not given."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def pieces(expr: Expr, key: str, known: Mapping[str, Number] | None = None, within: Interval = EVERYWHERE) -> tuple[Piece, ...]:
    """The expression as a function of the input `key`, from left to right; `known` gives all other inputs.

    Raises `OpenInput`, `Curved` (a bend at a place that is no fraction) or `TooManyPieces`.
    """
    sweep = _Sweep(key, known or {})
    found: list[Piece] = []
    todo = list(reversed(list(_stretches(within))))
    while todo:
        stretch = todo.pop()
        try:
            found.append(Piece(stretch, sweep.value(expr, stretch)))
        except _Cut as cut:
            todo += reversed(_cut(stretch, cut.at))
            if len(found) + len(todo) > LIMIT:
                raise TooManyPieces from None
        except _NoAnswer:
            found.append(Piece(stretch, None))
    return tuple(_joined(found))


def value_at(found: tuple[Piece, ...], x: Number) -> Fraction | None:
    """The value at a place; None where there is no answer, or outside."""
    for piece in found:
        if contains(piece.interval, x):
            return None if piece.value is None else piece.value.at(x)
    return None


def contains(interval: Interval, x: Number) -> bool:
    low, high, low_closed, high_closed = interval
    return (low is None or low < x or (low == x and low_closed)) and (high is None or x < high or (high == x and high_closed))


def reach(piece: Piece) -> tuple[Fraction | None, Fraction | None]:
    """The least and the largest value on a piece, ends included whether or not they belong to it; None is no bound.

    Raises `Curved` where the function turns at a place that is no fraction.
    """
    assert piece.value is not None
    interval, value = piece.interval, piece.value
    turns = () if value.is_straight else value.slope().zeros()
    ends = [value.towards(interval.low, 1), value.towards(interval.high, -1), *((value.at(x), 0) for x in _inside(turns, interval))]
    finite = [end for end, _ in ends if end is not None]
    low = None if (None, -1) in ends or not finite else min(finite)
    high = None if (None, 1) in ends or not finite else max(finite)
    return low, high


def where(found: tuple[Piece, ...], compare: Compare, wanted: Number) -> Iterator[Interval]:
    """The intervals on which the value holds against `wanted`, from left to right. Raises `Curved`."""
    for piece in found:
        if piece.value is None:
            continue
        apart = piece.value - number(wanted)
        for stretch in _cut_all(piece.interval, apart.zeros() if apart.constant is None else ()):
            if HOLDS[compare](apart.at(_middle(stretch)), 0):
                yield stretch


class _Cut(Exception):
    def __init__(self, at: Fraction) -> None:
        self.at = at


class _NoAnswer(Exception):
    pass


class _Sweep:
    """Evaluates on one stretch: a single place, or an open interval."""

    def __init__(self, key: str, known: Mapping[str, Number]) -> None:
        self.key, self.known = key, known
        self.stepped: dict[int, bool] = {}

    def value(self, node: Expr, on: Interval) -> Ratio:
        match node:
            case Const(value=value):
                return number(value)
            case Input():
                return self._input(node, on)
            case Add(terms=terms):
                return self._folded(terms, on, Ratio.__add__)
            case Mul(factors=factors):
                return self._folded(factors, on, Ratio.__mul__)
            case Div(above=a, below=b):
                return self._quotient(self.value(a, on), self.value(b, on), on)
            case Min(args=args):
                return self._extreme(args, on, -1)
            case Max(args=args):
                return self._extreme(args, on, 1)
            case Floor(arg=arg):
                return self._floor(self.value(arg, on), on)
            case Round(arg=arg, places=places):
                return self._round(self.value(arg, on), 10**places, on)
            case Cond(compare=compare, left=a, right=b, then=c, other=d):
                taken = c if self._decided(compare, self.value(a, on) - self.value(b, on), on) else d
                return self.value(taken, on)
        raise TypeError(node)

    def _input(self, node: Input, on: Interval) -> Ratio:
        key = node.key
        if key == self.key:
            self._within(node.domain, on)
            return number(on.low) if on.low is not None and _is_place(on) else VARIABLE
        if key not in self.known:
            raise OpenInput(key)
        return number(self.known[key])

    def _within(self, domain: Domain | None, on: Interval) -> None:
        """A value outside its domain has no answer, as the interpreter has it; whole numbers are the caller's matter."""
        if domain is None:
            return
        self._cut_at(tuple(Fraction(end) for end in (domain.low, domain.high) if end is not None), on, or_not=True)
        if not domain._replace(whole=False).holds(_middle(on)):
            raise _NoAnswer

    def _folded(self, args: tuple[Expr, ...], on: Interval, join: Callable[[Ratio, Ratio], Ratio]) -> Ratio:
        total = self.value(args[0], on)
        for arg in args[1:]:
            total = join(total, self.value(arg, on))
        return total

    def _quotient(self, above: Ratio, below: Ratio, on: Interval) -> Ratio:
        if not below.over:
            raise _NoAnswer
        self._no_turn(below, on)
        return above.divided_by(below)

    def _extreme(self, args: tuple[Expr, ...], on: Interval, side: int) -> Ratio:
        """The least (side −1) or largest (1). What another argument outdoes on the whole stretch is not looked at: steps end there."""
        best: Ratio | None = None
        for arg in self._outstanding(args, on, side):
            value = self.value(arg, on)
            if best is None or (value != best and self._sign(value - best, on) == side):
                best = value
        assert best is not None
        return best

    def _outstanding(self, args: tuple[Expr, ...], on: Interval, side: int) -> list[Expr]:
        if not any(self._has_steps(arg) for arg in args):
            return list(args)
        given = {self.key: Range(on.low, on.high)} | {key: Range(value, value) for key, value in self.known.items()}
        reaches = [range_of(arg, given) for arg in args]
        sure = [None if r is None else r.low if side > 0 else r.high for r in reaches]
        known = [(end * side, -at) for at, end in enumerate(sure) if end is not None]
        if not known:
            return list(args)
        best, first = max(known)
        far = [None if r is None else r.high if side > 0 else r.low for r in reaches]
        return [arg for at, arg in enumerate(args) if at == -first or far[at] is None or (far[at] or 0) * side > best]

    def _has_steps(self, node: Expr) -> bool:
        if id(node) not in self.stepped:
            self.stepped[id(node)] = isinstance(node, Floor | Round) or any(self._has_steps(below) for below in children(node))
        return self.stepped[id(node)]

    def _floor(self, value: Ratio, on: Interval) -> Ratio:
        """Constant on the stretch, or the stretch is cut at a whole number that the value passes."""
        constant = value.constant
        if constant is not None:
            return number(constant // 1)
        low, high = self._monotone_ends(value, on)
        least = min(low, high)
        if max(low, high) <= least // 1 + 1:
            return number(least // 1)
        middle = (low + high) // 2
        self._cut_at((value - number(middle if middle > least else middle + 1)).zeros(), on)
        raise Curved

    def _monotone_ends(self, value: Ratio, on: Interval) -> tuple[Fraction, Fraction]:
        if not value.is_straight:
            self._cut_at(value.slope().zeros(), on, or_not=True)
        low, high = value.towards(on.low, 1)[0], value.towards(on.high, -1)[0]
        if low is None or high is None:
            raise _Cut(_farther(on))
        return low, high

    def _round(self, value: Ratio, scale: int, on: Interval) -> Ratio:
        """Half away from zero, by the floor."""
        half, scaled = number(Fraction(1, 2)), value * number(scale)
        if self._decided(">=", value, on):
            return self._floor(scaled + half, on) * number(Fraction(1, scale))
        return -(self._floor(-scaled + half, on) * number(Fraction(1, scale)))

    def _decided(self, compare: Compare, apart: Ratio, on: Interval) -> bool:
        return HOLDS[compare](self._sign(apart, on), 0)

    def _sign(self, value: Ratio, on: Interval) -> int:
        """The sign of a value on the whole stretch; the stretch is cut where it has none."""
        constant = value.constant
        if constant is None:
            self._no_turn(value, on)
            constant = value.at(_middle(on))
        return (constant > 0) - (constant < 0)

    def _no_turn(self, value: Ratio, on: Interval) -> None:
        self._cut_at((*value.zeros(), *value.poles()) if value.constant is None else (), on, or_not=True)

    def _cut_at(self, places: tuple[Fraction, ...], on: Interval, or_not: bool = False) -> None:
        inner = [] if _is_place(on) else _inside(places, on)
        if inner:
            raise _Cut(inner[len(inner) // 2])
        if not or_not:
            raise Curved


# ---- stretches: a single place, or an open interval


def _stretches(interval: Interval) -> Iterator[Interval]:
    """An interval as an open one with its closed ends beside it."""
    low, high, low_closed, high_closed = interval
    if interval.is_empty:
        return
    if low is not None and low_closed:
        yield _place(low)
    if low is None or high is None or low < high:
        yield Interval(low, high, False, False)
        if high is not None and high_closed:
            yield _place(high)


def _place(x: Number) -> Interval:
    return Interval(x, x)


def _is_place(on: Interval) -> bool:
    return on.low is not None and on.low == on.high


def _cut(stretch: Interval, at: Fraction) -> list[Interval]:
    return [Interval(stretch.low, at, False, False), _place(at), Interval(at, stretch.high, False, False)]


def _cut_all(interval: Interval, places: tuple[Fraction, ...]) -> Iterator[Interval]:
    """An interval cut at some places: each place by itself, and what lies between."""
    rest = interval
    for at in _inside(places, interval):
        before = Interval(rest.low, at, rest.low_closed, False)
        if not before.is_empty:
            yield before
        yield _place(at)
        rest = Interval(at, rest.high, False, rest.high_closed)
    if not rest.is_empty:
        yield rest


def _inside(places: tuple[Fraction, ...], interval: Interval) -> list[Fraction]:
    return [x for x in places if contains(interval, x)]


def _middle(on: Interval) -> Fraction:
    """A place inside."""
    if on.low is None or on.high is None:
        return Fraction(on.low + 1 if on.low is not None else on.high - 1 if on.high is not None else 0)
    return Fraction(on.low + on.high) / 2


def _farther(on: Interval) -> Fraction:
    """Where to cut a stretch on which a value grows without bound: at nothing, then ever twice as far out."""
    if on.low is None and on.high is None:
        return Fraction(0)
    if on.high is None and on.low is not None:
        return Fraction(2 * on.low if on.low > 0 else 0 if on.low < 0 else 1)
    if on.low is None and on.high is not None:
        return Fraction(2 * on.high if on.high < 0 else 0 if on.high > 0 else -1)
    return _middle(on)


def _joined(found: list[Piece]) -> Iterator[Piece]:
    """Neighbours with one formula are one piece; a single place belongs to a neighbour whose formula gives its value."""
    kept: list[Piece] = []
    for piece in found:
        if kept and (one := _one(kept[-1], piece)) is not None:
            kept[-1] = one
            continue
        kept.append(piece)
    return iter(kept)


def _one(left: Piece, right: Piece) -> Piece | None:
    low, high = left.interval, right.interval
    both = Interval(low.low, high.high, low.low_closed, high.high_closed)
    if left.value == right.value:
        return Piece(both, left.value)
    if _fits(right, left.value):
        return Piece(both, left.value)
    return Piece(both, right.value) if _fits(left, right.value) else None


def _fits(piece: Piece, value: Ratio | None) -> bool:
    """Is the piece a single place at which another formula gives its value?"""
    x = piece.interval.low
    if x is None or not _is_place(piece.interval) or value is None or piece.value is None:
        return False
    return x not in value.poles() and value.at(x) == piece.value.at(x)
