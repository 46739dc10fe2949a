"""What can be changed about a project: single answers and facts, the values each may take, and the nearest that does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from perfeval.backends.ranges.pieces import Piece, TooManyPieces, contains, pieces, where
from perfeval.backends.ranges.ratio import Curved
from perfeval.ir.bounds import Interval
from perfeval.ir.fold import fold
from perfeval.ir.nodes import Compare, Const, Div, Domain, Expr, Input, Number
from perfeval.ir.program import Ask
from perfeval.ir.walk import nodes, rewrite
from perfeval.problems import Fault
from perfeval.quantity import (
    DATE,
    NO_DIMENSION,
    YES_NO,
    Unit,
    is_count,
    is_whole_count,
    read_quantity,
    show_decimal,
    show_quantity,
)
from perfeval.whatif.standing import Standing


class Untold(Exception):
    """The sweep cannot tell exactly: a bend at a place that is no fraction, or steps without end. That is not “nothing”."""


_UNKNOWN = Div(Const(1), Const(0))  # no score where this is asked for
MOST_DECIMALS = 18
STEPS = 100  # values of a count or the like that are looked at one by one
USUAL_DECIMALS = 2  # where nothing says how finely a value is written


class Lever(NamedTuple):
    """One answer or fact. `within` and `step` say which values it may take; `parts` whose points it moves."""

    key: str
    form: Literal["yes_no", "tier", "number", "points"]
    value: Number
    parts: tuple[str, ...]  # none: a veto on the whole project
    within: Interval = Interval(None, None)
    step: Fraction | None = None
    unit: Unit | None = None
    choices: tuple[str, ...] = ()
    worth: Fraction = Fraction(0)  # what points are a share of

    def text(self, value: Number) -> str:
        """As people write it, and as it is read back."""
        if self.form == "yes_no":
            return "是" if value else "否"
        if self.form == "tier":
            return self.choices[int(value) - 1]
        if self.unit is not None and self.unit.dimension == DATE:
            return show_quantity(value, self.unit)
        if self.form == "points":
            return points_text(value, self.worth)
        return show_decimal(value / self.scale) + (self.unit.symbol if self.unit is not None else "")

    @property
    def scale(self) -> Fraction:
        return self.unit.scale if self.unit is not None else Fraction(1)


def points_text(value: Number, worth: Fraction) -> str:
    """Points as evidence writes them; a share where there is no finite decimal."""
    text = show_decimal(value)
    if "/" not in text or not worth:
        return text
    share = Fraction(value) / worth
    return f"{share.numerator}/{share.denominator} of weight"


class Place(NamedTuple):
    """The nearest value that does: `bound` is the exact end to be reached, `value` the nearest that can be written."""

    value: Number
    bound: Number
    belongs: bool  # does the end itself do?


def levers(at: Standing, final: Collection[str] = ()) -> dict[str, Lever]:
    """All that can still be changed, by key: what has a value, and is asked for by a part that is scored."""
    found: dict[str, Lever] = {}
    for key, parts in at.users.items():
        ask = at.program.asks.get(key)
        if ask is None or ask.form == "flag" or key in final or key not in at.values:
            continue
        found[key] = _lever(at, ask, tuple(parts))
    for key in at.vetoes:
        if key not in final and key in at.values:
            found[key] = Lever(key, "yes_no", at.values[key], ())
    return found


def _lever(at: Standing, ask: Ask, parts: tuple[str, ...]) -> Lever:
    bound, value = at.ground.run.bound, at.values[ask.key]
    unit, own = bound.units.get(ask.key), bound.dimensions.get(ask.key, NO_DIMENSION)
    if ask.form == "yes_no" or own == YES_NO:
        return Lever(ask.key, "yes_no", value, parts)
    if ask.form == "tier":
        return Lever(ask.key, "tier", value, parts, choices=ask.choices)
    if ask.form == "points":
        return Lever(ask.key, "points", value, parts, _given_within(at, ask.key, parts), at.unit, worth=ask.worth)
    if ask.form == "count":
        return Lever(ask.key, "number", value, parts, Interval(0, None), Fraction(1))
    within, step = _declared(at, ask, unit)
    if own == DATE:
        return Lever(ask.key, "number", value, parts, within.meet(Interval(1, date.max.toordinal())), Fraction(1), unit)
    if is_count(own):
        within = within.meet(Interval(0, None))
        step = Fraction(1) if is_whole_count(own) and step is None and value.denominator == 1 else step
    return Lever(ask.key, "number", value, parts, within, step, unit)


def _given_within(at: Standing, key: str, parts: tuple[str, ...]) -> Interval:
    """The range that points are judged in now."""
    found = Interval(None, None)
    for part in parts:
        for node in nodes(at.parts[part].expr):
            if isinstance(node, Input) and node.key == key and node.domain is not None and node.domain.holds(at.values[key]):
                found = found.meet(_interval(node.domain))
    return found


def _interval(domain: Domain) -> Interval:
    return Interval(domain.low, domain.high, True, not domain.below)


def _declared(at: Standing, ask: Ask, unit: Unit | None) -> tuple[Interval, Fraction | None]:
    """What `quantities` say of a fact."""
    tree = at.ground.folder.tree
    declared = tree.quantities.get(ask.key) if ask.form == "fact" else None
    if declared is None:
        return Interval(None, None), None
    words = frozenset(tree.units)
    try:
        own = read_quantity(f"1{declared.unit}", None, words).unit if declared.unit else unit
        ends = [
            None if end is None else declared.read_end(end, words) if declared.is_date else read_quantity(end, own, words).value
            for end in (declared.from_, declared.to)
        ]
    except Fault:
        return Interval(None, None), None
    fact = at.ground.folder.evidence.facts.get(ask.key)
    fine = declared.places is None or (fact is not None and fact.mean is not None)
    scale = own.scale if own is not None else Fraction(1)
    return Interval(ends[0], ends[1]), None if fine else scale / 10 ** (declared.places or 0)


# ---- a part's points as a function of one lever


def exactly_swept(expr: Expr, lever: Lever, values: Mapping[str, Number], asks: Mapping[str, Ask], usual: Fraction) -> tuple[Piece, ...]:
    """The points over a lever's values; points judged within a range stay where they fit it, else are as good as can be.

    Raises `Untold`.
    """
    rest = {key: value for key, value in values.items() if key != lever.key}
    try:
        return pieces(judged_best(fold(expr, _fixed(rest, asks)), lever.key, values, asks, usual), lever.key, rest, lever.within)
    except (Curved, TooManyPieces) as why:
        raise Untold from why


def _fixed(values: Mapping[str, Number], asks: Mapping[str, Ask]) -> dict[str, Number]:
    return {key: value for key, value in values.items() if key not in asks or asks[key].form != "points"}


def judged_best(expr: Expr, but: str, values: Mapping[str, Number], asks: Mapping[str, Ask], usual: Fraction) -> Expr:
    def step(node: Expr) -> Expr:
        if not isinstance(node, Input) or node.key == but:
            return node
        if node.domain is not None and node.key in asks and asks[node.key].form == "points":
            given = values.get(node.key)
            return Const(given if given is not None and node.domain.holds(given) else best_of(node.domain, usual))
        return node if node.key in values else _UNKNOWN

    return rewrite(expr, step)


def best_of(domain: Domain, usual: Fraction) -> Number:
    """The most that may be given within a range, as finely as points are published."""
    high = Fraction(domain.high or 0)
    if not domain.below:
        return high
    below = -(-high // usual) * usual - usual
    return below if domain.low is None or below >= domain.low else Fraction(domain.low)


def exactly_nearest(found: Iterable[Piece], compare: Compare, wanted: Fraction, lever: Lever) -> Place | None:
    """The nearest value of a lever at which the points keep what is wanted. Raises `Untold`."""
    try:
        stretches = list(where(tuple(found), compare, wanted))
    except Curved as why:
        raise Untold from why
    places = [place for stretch in _joined(stretches) if (place := _place(stretch, lever)) is not None]
    return min(places, key=lambda place: (abs(place.value - lever.value), place.value), default=None)


def _joined(stretches: Iterable[Interval]) -> list[Interval]:
    """Neighbours that touch as one, so that an end is told to belong where it does."""
    found: list[Interval] = []
    for one in stretches:
        last = found[-1] if found else None
        if last is not None and last.high is not None and last.high == one.low and (last.high_closed or one.low_closed):
            found[-1] = Interval(last.low, one.high, last.low_closed, one.high_closed)
        else:
            found.append(one)
    return found


def _place(stretch: Interval, lever: Lever) -> Place | None:
    inside = stretch.meet(lever.within)
    if inside.is_empty:
        return None
    if contains(inside, lever.value):
        return Place(lever.value, lever.value, True)
    up = inside.low is not None and inside.low >= lever.value
    end, belongs = (inside.low, inside.low_closed) if up else (inside.high, inside.high_closed)
    assert end is not None
    for value in _written(Fraction(end), belongs, up, lever):
        if contains(inside, value):
            return Place(int(value) if value.denominator == 1 else value, end, belongs)
    return None


def _written(end: Fraction, belongs: bool, up: bool, lever: Lever) -> Iterator[Fraction]:
    """Values at or beyond an end that can be written, the nearest first to be tried at each fineness."""
    if lever.step is not None:
        yield _beyond(end, lever.step, belongs, up)
        last = lever.within.high if up else lever.within.low
        if last is not None and lever.form == "points":  # all that may be given need not be on the grid
            yield Fraction(last)
        return
    if belongs and _is_decimal(end / lever.scale):
        yield end
        return
    for places in range(max(USUAL_DECIMALS, _decimals(lever.value / lever.scale)), MOST_DECIMALS + 1):
        yield _beyond(end, lever.scale / 10**places, belongs, up)


def grid(lever: Lever) -> Fraction:
    """How finely its values are written."""
    return lever.step or lever.scale / 10 ** max(USUAL_DECIMALS, min(_decimals(lever.value / lever.scale), MOST_DECIMALS))


def _beyond(end: Fraction, step: Fraction, belongs: bool, up: bool) -> Fraction:
    at = -(-end // step) if up else end // step
    if at * step == end and not belongs:
        at += 1 if up else -1
    return Fraction(at * step)


def _decimals(value: Number) -> int:
    text = show_decimal(value)
    return 0 if "/" in text or "." not in text else len(text.partition(".")[2])


def _is_decimal(value: Number) -> bool:
    return "/" not in show_decimal(value) and _decimals(value) <= MOST_DECIMALS


def apart(lever: Lever, value: Number) -> Fraction:
    """How far a value is from the present one, relative to it; answers that are no numbers are wholly changed."""
    if lever.form not in ("number", "points") or lever.value == 0:
        return Fraction(1)
    return abs(Fraction(value - lever.value) / lever.value)


def others(lever: Lever) -> list[Number]:
    """The other answers of one that is no number."""
    if lever.form == "yes_no":
        return [1 - lever.value]
    return [value for value in range(1, len(lever.choices) + 1) if value != lever.value]


def steps_on(on: Interval, lever: Lever) -> list[Fraction] | None:
    """The values of a lever on a stretch, where they are few."""
    if lever.step is None or on.low is None or on.high is None:
        return None
    first, last = -(-on.low // lever.step), on.high // lever.step
    if last - first >= STEPS:
        return None
    return [x for n in range(int(first), int(last) + 1) if contains(on, x := n * lever.step)]
