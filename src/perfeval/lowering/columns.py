"""What the columns of a table of projects hold: from what a program asks for and what `quantities` declare."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from perfeval.ir.columns import Column
from perfeval.ir.given import is_award
from perfeval.ir.nodes import Const, Input
from perfeval.ir.program import Ask, Program
from perfeval.ir.units import BareFigure, dimension
from perfeval.ir.walk import nodes
from perfeval.lowering.bare_bounds import Written, bare_bound
from perfeval.model.folder import Indicators
from perfeval.model.tree import QuantityOf
from perfeval.problems import Fault, Origin, Problem, ProblemKind, Severity
from perfeval.quantity import DATE, NO_DIMENSION, YES_NO, Dimension, Unit, decimals_of, is_count, read_quantity

NOT_BOUNDED = ProblemKind(
    "column-not-bounded",
    says="「{key}」没有说明{what}，成批计算时不能保证精确。",
    remedy="在 quantities 里写：{key}: {{unit: …, from: …, to: …, places: …}}（单位、最小值、最大值、小数位数）；日期只写 from、to 两个日期。",
    en="{what_en} of “{key}” is not declared, so a batch cannot be proven exact.",
    en_remedy="Under quantities write {key}: {{unit: …, from: …, to: …, places: …}}; for a date only from and to, two dates.",
)

COUNT_BELOW_ZERO = ProblemKind(
    "column-count-below-zero",
    says="「{name}」是计数，不会小于 0，所写的最小值 {text} 按 0 用：表里的负数是坏格。",
    remedy="把 from 改成 0；可以是负数的量，换一个不是计数的单位。",
    en="“{name}” is a count, which is never below 0: its least value {text} is taken for 0, and a cell below it is bad.",
    en_remedy="Write from: 0; what may be negative needs a unit that is no counting word.",
    severity=Severity.WARNING,
)

_DATES = (date(1900, 1, 1).toordinal(), date(2199, 12, 31).toordinal())
"""From where to where dates go, where `quantities` declare no ends for them."""

_MOST_FAULTS = 1_000_000
"""Of a kind in one project, where `quantities` do not say how many there can be."""


def columns(program: Program, indicators: Indicators) -> tuple[dict[str, Column], list[Problem]]:
    """A column for each key that the program asks for, in the order it asks; and what is not declared, at its place."""
    found: dict[str, Column] = {}
    problems: list[Problem] = []
    maker = _Maker(indicators, program)
    for ask in program.asks.values():
        try:
            found[ask.key] = maker.column(ask)
        except _Undeclared as lacking:
            problems.append(NOT_BOUNDED.on(ask.origin, key=ask.key, what=lacking.zh, what_en=lacking.en))
        except Fault:
            continue  # told where the quantity is declared
    if not problems:
        problems += _mixed(program, maker, indicators)
    return found, [*problems, *maker.warnings.values()]


def _mixed(program: Program, maker: _Maker, indicators: Indicators) -> list[Problem]:
    """Nothing of different dimensions is compared or added, nor a rate with a bare figure: as is seen to for one project's evidence."""
    problems = []
    exprs = [(node.expr, node.origin.under("rule") if node.origin else None) for node in program.leaves]
    exprs += [(expr, Origin(indicators.file, (word,))) for word, expr in program.extras.items()]
    for expr, origin in exprs:
        try:
            dimension(expr, maker.dimension_of, lambda node: node.key if isinstance(node, Input) else "…", maker.form_of)
        except BareFigure as bare:
            problems.append(NOT_BOUNDED.on(origin, key=bare.node.key, what="单位 unit", what_en="The unit (unit)"))
        except Fault as fault:
            problems.append(fault.on(origin))
        else:
            found = bare_bound(expr, maker.written)
            if found is not None:
                problems.append(found.problem(origin))
    return problems


class _Undeclared(Exception):
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class _Maker:
    def __init__(self, indicators: Indicators, program: Program) -> None:
        self.tree, self.program, self.file = indicators.tree, program, indicators.file
        self.warnings: dict[str, Problem] = {}  # by name under `quantities`
        self.words = frozenset(self.tree.units)
        self.conditions = {
            node.key
            for expr in (*(leaf.expr for leaf in program.leaves), *program.extras.values())
            for node in nodes(expr)
            if isinstance(node, Input) and node.unit is not None and node.unit.dimension == YES_NO
        }

    def column(self, ask: Ask) -> Column:
        match ask.form:
            case "yes_no":
                return Column(ask.key, "yes_no", 0, 1)
            case "flag":
                return Column(ask.key, "yes_no", 0, 1, absent=0)
            case "tier":
                return Column(ask.key, "tier", 1, len(ask.choices), choices=ask.choices)
            case "points":
                return self._points(ask)
        if ask.form == "fact" and ask.key in self.conditions:
            return Column(ask.key, "yes_no", 0, 1)
        return self._number(ask)

    def _points(self, ask: Ask) -> Column:
        """What an evaluator gives: as finely as points are published and as the rule's own figures are, unless `quantities` say otherwise."""
        declared = self.declared(ask)
        places = self._finest(ask) if declared is None or declared.places is None else declared.places
        return Column(ask.key, "number", 0, int(ask.worth * 10**places // 1), Fraction(1, 10**places), places, symbol="分")

    def _finest(self, ask: Ask) -> int:
        """The most decimals among `places`, what the points are worth, the ends of their ranges, and points that are fixed beside them."""
        figures = [ask.worth]
        for expr in (*(leaf.expr for leaf in self.program.leaves), *self.program.extras.values()):
            for node in nodes(expr):
                if isinstance(node, Input) and node.key == ask.key and node.domain is not None:
                    figures += [Fraction(end) for end in (node.domain.low, node.domain.high) if end is not None]
                elif isinstance(node, Const) and is_award(node.label, node.origin, ask):
                    figures.append(Fraction(node.value))
        return max([self.tree.rounding.places, *(places for one in figures if (places := decimals_of(one)) is not None)])

    def _number(self, ask: Ask) -> Column:
        declared, unit = self.declared(ask), self.unit(ask)
        if declared is None and ask.form == "count":
            return Column(ask.key, "number", 0, _MOST_FAULTS)
        if unit is not None and unit.dimension == DATE:
            return self._date(ask, declared)
        if declared is None or declared.to is None:
            raise _Undeclared("最大值 to", "The greatest value (to)")
        if declared.from_ is None:
            raise _Undeclared("最小值 from", "The least value (from)")
        if declared.places is None and ask.form != "count":
            raise _Undeclared("小数位数 places", "The number of decimals (places)")
        places = declared.places or 0
        scale = unit.scale if unit is not None else Fraction(1)
        step = scale / 10**places
        low, high = (self._end(declared, end, unit) / step for end in (declared.from_, declared.to))
        if low < 0 and (is_count(self.dimension(ask)) or ask.form == "count"):
            name = next(name for name in self._names(ask) if name in self.tree.quantities)
            place = Origin(self.file, ("quantities", name, "from"))
            self.warnings[name] = COUNT_BELOW_ZERO.on(place, name=name, text=declared.from_)
            low = Fraction(0)
        symbol = unit.symbol if unit is not None else ""
        is_rate = unit is not None and unit.is_rate
        return Column(ask.key, "number", -int(-low // 1), int(high // 1), step, places, scale, symbol, is_rate=is_rate)

    def _date(self, ask: Ask, declared: QuantityOf | None) -> Column:
        """From and to where it is declared to go."""
        ends = (declared.from_, declared.to) if declared is not None and declared.is_date else (None, None)
        low, high = (
            int(declared.read_end(end, self.words)) if declared and end else usual for end, usual in zip(ends, _DATES, strict=True)
        )
        return Column(ask.key, "date", low, high)

    def _end(self, declared: QuantityOf, end: str, unit: Unit | None) -> Fraction:
        return declared.read_end(end, self.words) if declared.unit else read_quantity(end, unit, self.words).value

    def declared(self, ask: Ask) -> QuantityOf | None:
        """What `quantities` say of a key: under the key itself, the name of a leaf's own value, or the leaf whose actual value it is."""
        return next((found for name in self._names(ask) if (found := self.tree.quantities.get(name)) is not None), None)

    @staticmethod
    def _names(ask: Ask) -> tuple[str, ...]:
        return ask.key, ask.key.rpartition("/values/")[2], ask.key.removesuffix("/actual")

    def unit(self, ask: Ask) -> Unit | None:
        """What a bare number of the column is in: the unit that `quantities` say, else that of the rule's bounds."""
        declared = self.declared(ask)
        own = declared.read_unit(self.words) if declared is not None else None
        return ask.unit if own is None else own

    def dimension(self, ask: Ask) -> Dimension:
        unit = self.unit(ask)
        return NO_DIMENSION if unit is None else unit.dimension

    def dimension_of(self, node: Input) -> Dimension | None:
        ask = self._quantity(node)
        return NO_DIMENSION if ask is None else self.dimension(ask)

    def form_of(self, node: Input) -> Literal["rate", "bare"] | None:
        """How the numbers of its column are to be understood."""
        ask = self._quantity(node)
        if ask is None:
            return None
        unit = self.unit(ask)
        return "bare" if unit is None else "rate" if unit.is_rate else None

    def written(self, node: Input) -> Written:
        """The same for bounds; a value that is not zero stands for all."""
        ask = self._quantity(node)
        return Written() if ask is None else Written(self.unit(ask), 1, ask.form == "number")

    def _quantity(self, node: Input) -> Ask | None:
        ask = self.program.asks.get(node.key)
        return None if ask is None or ask.form not in ("number", "fact") or node.key in self.conditions else ask
