"""A program to whole numbers: what each leaf, parent, total and grade is over columns of evidence.

What a rule means is not known here: only the ten nodes. `Round` is pushed inside minima, maxima and conditions, where most divisions
vanish; comparisons are multiplied out. Bounds hold because each key's column is checked first: values outside it are missing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import prod

from perfeval.backends.columnar.integer_program import Choice, Given, IntegerProgram, Needs, NotLowered, Output, nodes_of
from perfeval.backends.columnar.integers import Node, Nodes, reach, walk
from perfeval.backends.columnar.ratios import Ratio, Ratios
from perfeval.ir.columns import Column
from perfeval.ir.fold import fold, plain
from perfeval.ir.given import passed_over
from perfeval.ir.nodes import Add, Compare, Cond, Const, Div, Domain, Expr, Floor, Input, Max, Min, Mul, Round, children
from perfeval.ir.program import GRADE, TOTAL, Program, score_key, weight_key
from perfeval.ir.program import Node as IrNode
from perfeval.ir.walk import lazy_choices, strict_keys
from perfeval.problems import Origin
from perfeval.quantity import decimals_of

WIDEST = 2**127 - 1


def lower_program(program: Program, columns: Mapping[str, Column], agreeing: bool = True) -> IntegerProgram:
    """The integer program over these columns. `agreeing`: points given beside fixed ones must be the same. Raises `NotLowered`."""
    return _Lowering(program, columns, agreeing).lower()


class _Lowering:
    def __init__(self, program: Program, columns: Mapping[str, Column], agreeing: bool) -> None:
        self.program, self.agreeing = program, agreeing
        self.columns = _with_unreadable(program, columns) if agreeing else columns
        self.nodes = Nodes()
        self.ratios = Ratios(self.nodes)
        self.zero, self.one = self.nodes.value(0), self.nodes.value(1)
        self.outputs: list[Output] = []
        self.inputs: dict[str, Ratio] = {}
        for key, column in self.columns.items():
            node = self.nodes.key(key, column.least, column.high)
            self.inputs[key] = Ratio(column.unit, node, self.one, self.zero)
        self.known: dict[int, Ratio] = {}
        self.kept: list[Expr] = []  # what `known` names by id stays alive

    def lower(self) -> IntegerProgram:
        program = self.program
        for name in program.order:
            node = program.nodes[name]
            if node.applicable is not None:
                self._output(weight_key(name), node.applicable, node.origin)
            self._output(score_key(name), node.expr, node.origin, name)
        for name, expr in program.extras.items():
            self._output(score_key(name), expr, None, name)
        self._output(TOTAL, program.total, None)
        self._output(GRADE, program.grade, None)
        return IntegerProgram(program, self.columns, tuple(self.outputs))

    def _output(self, key: str, expr: Expr, origin: Origin | None, name: str = "") -> None:
        """`name`: of the indicator, bonus or penalty whose score it is."""
        needs, bare = self._needs(expr), plain(expr)
        places = self._places(bare)
        if places is None:
            exact = self._ratio(bare)
            places = decimals_of(exact.scale) if exact.is_whole and exact.below.low == 1 else None
            value, fails = (self.zero if places is None else self.ratios.rounded(exact, places)), exact.fails
        else:
            value, fails = self._rounded(bare, places)
            exact = Ratio(Fraction(1, 10**places), value, self.one, self.zero)
        kept = None
        if places is None or (name and self.program.rounds_total and places > self.program.places):
            kept = exact._replace(fails=self.zero)  # what is above goes on with the exact value
            value, places = self._published(name, kept)
        output = Output(key, value, places, needs, fails, self._given(expr), kept is None)
        for node in walk(*nodes_of(output)):
            if reach(node) > WIDEST:
                raise NotLowered("too-wide", key, origin)
        self.outputs.append(output)
        self.inputs[key] = kept or Ratio(Fraction(1, 10**places), self.nodes.key(key, value.low, value.high), self.one, self.zero)

    def _published(self, name: str, exact: Ratio) -> tuple[Node, int]:
        """As reports show a score that is not rounded, and its places: full marks of 0.335 stay what they are."""
        places, node = self.program.places, self.program.nodes.get(name)
        value = self.ratios.rounded(exact, places)
        finest = self._finest_weight(node) if node is not None and self.program.rounds_total else None
        if node is None or finest is None or finest <= places:
            return value, places
        most = self.inputs[weight_key(name)] if node.applicable is not None else self.ratios.of(node.weight)
        value = self.nodes.mul(self.nodes.value(10 ** (finest - places)), value)
        capped = self.nodes.least(value, self.ratios.rounded(most, finest))
        return self.nodes.cond(">", *self.ratios.sides(exact, most), value, capped), finest  # above: a parent quoted as printed

    def _finest_weight(self, node: IrNode) -> int | None:
        """The most decimals of a weight in and below it; None where some do not end."""
        found = [decimals_of(Fraction(1, node.weight.denominator))]
        found += [self._finest_weight(self.program.nodes[child]) for child in node.children]
        known = [places for places in found if places is not None]
        return max(known) if len(known) == len(found) else None

    # ---- what must be there

    def _needs(self, expr: Expr) -> Needs:
        keys = tuple(strict_keys(expr))
        for key in keys:
            if key not in self.inputs:
                raise NotLowered("no-column", key, None)
        return Needs(keys, tuple(self._choice(node) for node in lazy_choices(expr)))

    def _choice(self, node: Cond) -> Choice:
        left, right = self.ratios.sides(self._ratio(plain(node.left)), self._ratio(plain(node.right)))
        return Choice(node.compare, left, right, self._needs(node.then), self._needs(node.other))

    # ---- what must agree

    def _given(self, expr: Expr) -> tuple[Given, ...]:
        arms = passed_over(expr, self.program.asks) if self.agreeing else {}
        return tuple(Given(key, self._agrees(expr, key, found)) for key, found in arms.items())

    def _agrees(self, expr: Expr, key: str, arms: Collection[int]) -> Node:
        """1 unless one of these arms (by id) is taken and comes to something else."""
        if id(expr) in arms:
            left, right = self.ratios.sides(self.inputs[key], self._ratio(plain(expr)))
            return self.nodes.cond("=", left, right, self.one, self.zero)
        match expr:
            case Cond(compare=compare, left=a, right=b, then=then, other=other):
                one, two = self._agrees(then, key, arms), self._agrees(other, key, arms)
                if one is self.one and two is self.one:
                    return self.one
                return self.nodes.cond(compare, *self.ratios.sides(self._ratio(plain(a)), self._ratio(plain(b))), one, two)
        found = self.one
        for child in children(expr):
            found = self.nodes.both(found, self._agrees(child, key, arms))
        return found

    # ---- values

    def _places(self, expr: Expr) -> int | None:
        """The last decimal that the expression can have, where rounding or constants say so; None where only its ratio does."""
        match expr:
            case Round(places=places):
                return places
            case Const(value=value):
                return decimals_of(Fraction(1, value.denominator))
            case Min(args=args) | Max(args=args):
                return self._finest(args)
            case Cond(then=then, other=other):
                return self._finest((then, other))
        return None

    def _finest(self, args: Sequence[Expr]) -> int | None:
        found = [self._places(arg) for arg in args]
        known = [places for places in found if places is not None]
        return max(known) if len(known) == len(found) else None

    def _rounded(self, expr: Expr, places: int, above_zero: bool = False) -> tuple[Node, Node]:
        """Rounded to the last place, in units of it, and where it fails. Rounding never turns an order round: it goes inside.

        `above_zero`: a maximum around it makes nothing of what is below zero; any value up to zero will do there.
        """
        nodes = self.nodes
        match expr:
            case Round(arg=arg, places=own):
                inner, fails = self._rounded(arg, own, above_zero)
                if own > places:
                    return self.ratios.rounded(Ratio(Fraction(1, 10**own), inner, self.one, fails), places, above_zero), fails
                return nodes.mul(nodes.value(10 ** (places - own)), inner), fails
            case Min(args=args) | Max(args=args):
                over = above_zero or (isinstance(expr, Max) and any(isinstance(arg, Const) and arg.value >= 0 for arg in args))
                pairs = [self._rounded(arg, places, over) for arg in args]
                fails = self.zero
                for _, own_fails in pairs:
                    fails = nodes.either(fails, own_fails)
                pick = nodes.least if isinstance(expr, Min) else nodes.most
                return pick(*(value for value, _ in pairs)), fails
            case Cond(compare=compare, left=a, right=b, then=then, other=other):
                first, second = self._ratio(a), self._ratio(b)
                left, right = self.ratios.sides(first, second)
                (one, one_fails), (two, two_fails) = (self._rounded(arm, places, above_zero) for arm in (then, other))
                fails = nodes.either(self.ratios.fails([first, second]), nodes.cond(compare, left, right, one_fails, two_fails))
                return nodes.cond(compare, left, right, one, two), fails
        inner_expr = _inward(expr)
        if inner_expr is not None:
            return self._rounded(inner_expr, places, above_zero)
        ratio = self._ratio(expr)
        return self.ratios.rounded(ratio, places, above_zero), ratio.fails

    def _ratio(self, expr: Expr) -> Ratio:
        found = self.known.get(id(expr))
        if found is None:
            found = self.known[id(expr)] = self._made(expr)
            self.kept.append(expr)
        return found

    def _made(self, expr: Expr) -> Ratio:
        match expr:
            case Const(value=value):
                return self.ratios.of(Fraction(value))
            case Input():
                return self._input(expr)
            case Add(terms=terms):
                return self.ratios.add([self._ratio(term) for term in terms])
            case Mul(factors=factors):
                return self.ratios.mul([self._ratio(factor) for factor in factors])
            case Div(above=a, below=b):
                return self.ratios.div(self._ratio(a), self._ratio(b))
            case Min(args=args):
                return self.ratios.extreme([self._ratio(arg) for arg in args], least=True)
            case Max(args=args):
                return self.ratios.extreme([self._ratio(arg) for arg in args], least=False)
            case Floor(arg=arg):
                return self.ratios.floor(self._ratio(arg))
            case Round(arg=arg, places=places):
                rounded, fails = self._rounded(arg, places)
                return Ratio(Fraction(1, 10**places), rounded, self.one, fails)
            case Cond(compare=compare, left=a, right=b, then=c, other=d):
                return self.ratios.cond(compare, self._ratio(a), self._ratio(b), self._ratio(c), self._ratio(d))
        raise TypeError(expr)

    def _input(self, expr: Input) -> Ratio:
        """The column's value; it fails where this rule's own domain is narrower and the value is outside it."""
        found = self.inputs.get(expr.key)
        if found is None:
            raise NotLowered("no-column", expr.key, expr.origin)
        domain, column = expr.domain, self.columns.get(expr.key)
        if column is not None and column.unreadable is not None and (domain is None or domain.low is None):
            domain = (domain or Domain())._replace(low=column.value(column.low))
        return found if domain is None else found._replace(fails=self._outside(found, domain))

    def _outside(self, ratio: Ratio, domain: Domain) -> Node:
        nodes, fails = self.nodes, self.zero
        ends: list[tuple[Compare, Fraction]] = []
        if domain.low is not None:
            ends.append(("<", Fraction(domain.low)))
        if domain.high is not None:
            ends.append((">=" if domain.below else ">", Fraction(domain.high)))
        for compare, end in ends:
            left, right = self.ratios.sides(ratio, self.ratios.of(end))
            fails = nodes.either(fails, nodes.cond(compare, left, right, self.one, self.zero))
        if domain.whole and ratio.scale.denominator != 1:
            above, below = self.ratios.plain(ratio)
            floored = nodes.mul(nodes.div(above, below), below)
            fails = nodes.either(fails, nodes.cond("=", floored, above, self.zero, self.one))
        return fails


def _with_unreadable(program: Program, columns: Mapping[str, Column]) -> dict[str, Column]:
    """Of points that may stand beside fixed ones it must be known whether a cell without a value says anything: it does not agree then."""
    exprs = [*(leaf.expr for leaf in program.leaves), *program.extras.values()]
    asked = {key for expr in exprs for key in strict_keys(expr)}
    beside = {key for expr in exprs for key in passed_over(expr, program.asks)} - asked
    return {key: one._replace(unreadable=one.low - 1) if key in beside else one for key, one in columns.items()}


def _inward(expr: Expr) -> Expr | None:
    """`2 × min(1, x)` as `min(2, 2x)`, `1 + max(0, x)` as `max(1, 1 + x)`: constants go into a minimum, maximum or condition, whose
    ends then stay bounds of the whole. None where nothing of the sort stands there."""
    if not isinstance(expr, Add | Mul):
        return None
    parts = expr.terms if isinstance(expr, Add) else expr.factors
    rest = [part for part in parts if not isinstance(part, Const)]
    fixed = tuple(part for part in parts if isinstance(part, Const))
    if len(rest) != 1 or not fixed:
        return None
    is_sum = isinstance(expr, Add)
    inner = _inward(rest[0]) or rest[0]

    def with_fixed(arg: Expr) -> Expr:
        return fold(Add((*fixed, arg)) if is_sum else Mul((*fixed, arg)))

    turned = not is_sum and prod(part.value for part in fixed) < 0
    match inner:
        case Min(args=args) | Max(args=args):
            pick = Min if isinstance(inner, Min) != turned else Max
            return pick(tuple(map(with_fixed, args)))
        case Cond(then=then, other=other):
            return replace(inner, then=with_fixed(then), other=with_fixed(other))
    return None
