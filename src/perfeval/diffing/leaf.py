"""A leaf made ready for comparison: without rounding, keys named alike on both sides, what it looks at as one variable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, NamedTuple

from perfeval.backends.exact.interpreter import NoScore, compile_expr
from perfeval.ir.build import unlabelled
from perfeval.ir.fold import fold, plain
from perfeval.ir.nodes import Add, Cond, Const, Div, Expr, Floor, Input, Max, Min, Mul, Number, Round
from perfeval.ir.program import Ask, Node, Program
from perfeval.ir.show import show
from perfeval.ir.units import ANYTHING, BareFigure, Range, dimension, range_of
from perfeval.ir.walk import inputs, nodes, rewrite
from perfeval.model.tree import QuantityOf, Tree
from perfeval.problems import Fault
from perfeval.quantity import NO_DIMENSION, PERCENT, Unit, is_count


class Side(NamedTuple):
    """One rule set's leaf."""

    program: Program
    node: Node
    tree: Tree


class Leaf:
    """`expr` gives the points; each thing that a rule looks at is one input there, and its formula stands in `quantities`."""

    def __init__(self, side: Side, prefix: str) -> None:
        own = side.node.id
        asks = side.program.asks
        self.asks: dict[str, Ask] = {_renamed(key, own, prefix): asks[key] for key in inputs(side.node.expr) if key in asks}
        self.quantities: dict[str, Expr] = {}
        self.units: dict[str, Unit | None] = {}
        self.names: dict[str, str] = {}
        self._formulas: dict[Expr, str] = {}
        self._tree = side.tree
        bare = rewrite(_unrounded(side.node.expr), lambda node: _rekeyed(node, own, prefix))
        looked_at = rewrite(bare, self._quantity)
        self.expr = fold(rewrite(looked_at, self._repeated))

    def _quantity(self, node: Expr) -> Expr:
        """What a rule looks at, and each named measure, becomes one variable, called what people call it."""
        if node.label is None or node.label.role not in ("quantity", "measure"):
            return node
        inner = node
        while isinstance(inner, Add) and len(inner.terms) == 1:  # a label around a label
            inner = inner.terms[0]
        if isinstance(inner, Input) and inner.key in self.quantities:
            return inner
        key = inner.key if isinstance(inner, Input) else f"(quantity){node.label.text}"
        self.names.setdefault(key, node.label.text)
        self.quantities.setdefault(key, node)
        self.units.setdefault(key, node.label.unit or _unit_of(node))
        if not isinstance(inner, Input):
            self._formulas.setdefault(plain(node), key)
        return Input(key, node.label.unit, origin=node.origin)

    def _repeated(self, node: Expr) -> Expr:
        """The same formula where it stands without a label."""
        if isinstance(node, Const | Input | Cond | Min | Max | Floor):
            return node
        key = self._formulas.get(plain(node))
        return Input(key, origin=node.origin) if key is not None else node

    def call_alike(self, other: Leaf) -> list[tuple[str, str, bool]]:
        """Quantities that correspond, by formula, by name, or as the only one left on each side, get the other side's name.

        Returns those that are computed otherwise, as they are called before and after, and whether their formulas stand in
        `expr` again, so that what they make of the points shows there.
        """
        left, right = dict(self.quantities), dict(other.quantities)
        pairs: list[tuple[str, str]] = []
        changed: list[tuple[str, str, bool]] = []

        def pair(old: str, new: str) -> None:
            pairs.append((old, new))
            del left[old], right[new]

        for old, new in [(old, new) for old, one in left.items() for new, twin in right.items() if _same_formula(one, twin)]:
            if old in left and new in right:
                pair(old, new)
        named = [(key, key) for key in left if key in right]
        for old, new in named or (list(zip(left, right, strict=True)) if len(left) == len(right) == 1 else []):
            renamed = _is_input(left[old]) and _is_input(right[new])
            changed.append((self.names[old], other.names[new], not renamed))
            if not renamed:
                self._put_back(old)  # at one and the same value of both, nothing could be said of them
                other._put_back(new)
            else:
                pairs.append((old, new))
        self._call({old: new for old, new in pairs if old != new})
        for leaf in (self, other):  # a formula that only the other side has a name for
            leaf._formulas = {**other._formulas, **self._formulas}
            leaf.expr = fold(rewrite(leaf.expr, leaf._repeated))
        return changed

    def _put_back(self, key: str) -> None:
        """A quantity's formula in its own place again."""
        formula = unlabelled(self.quantities.pop(key))
        self._formulas = {one: name for one, name in self._formulas.items() if name != key}
        self.expr = fold(rewrite(self.expr, lambda node: formula if isinstance(node, Input) and node.key == key else node))

    def _call(self, names: dict[str, str]) -> None:
        def step(node: Expr) -> Expr:
            return replace(node, key=names[node.key]) if isinstance(node, Input) and node.key in names else node

        self.expr = rewrite(self.expr, step)
        self.quantities = {names.get(key, key): one for key, one in self.quantities.items()}
        self.units = {names.get(key, key): unit for key, unit in self.units.items()}
        self.names = {names.get(key, key): name for key, name in self.names.items()}
        self._formulas = {formula: names.get(key, key) for formula, key in self._formulas.items()}

    def possible(self, key: str) -> Range:
        """The values that an input can have, by what `quantities` declares and what a count is."""
        ask = self.asks.get(key)
        if key in self.quantities and key not in inputs(self.quantities[key]):
            given = {name: self.possible(name) for name in inputs(self.quantities[key])}
            return range_of(self.quantities[key], given) or ANYTHING
        unit = self.units.get(key) or (ask.unit if ask else None)
        declared = self._tree.quantities.get(key)
        if declared is not None:
            low, high = (_end(text, declared, self._tree) for text in (declared.from_, declared.to))
            if low is not None or high is not None:
                return Range(low, high)
        counted = (ask is not None and ask.form == "count") or (unit is not None and is_count(unit.dimension))
        return Range(0, None) if counted else ANYTHING

    def is_whole(self, key: str) -> bool:
        """Has this quantity whole values alone: a count of defects, or one that is declared without decimals?"""
        expr = self.quantities.get(key)
        while isinstance(expr, Add) and len(expr.terms) == 1:
            expr = expr.terms[0]
        key = expr.key if isinstance(expr, Input) else key
        ask, declared = self.asks.get(key), self._tree.quantities.get(key)
        if expr is not None and not isinstance(expr, Input):
            return False
        if ask is not None and ask.form == "count":
            return True
        unit = ask.unit if ask else None
        return declared is not None and declared.places == 0 and (unit is None or unit.scale == 1)

    def asked_alone(self, other: Leaf) -> Iterator[tuple[str, Literal["old", "new"]]]:
        """Evidence that one side asks for and the other does not, by name."""
        sides: tuple[tuple[Leaf, Leaf, Literal["old", "new"]], ...] = ((self, other, "old"), (other, self, "new"))
        for mine, theirs, word in sides:
            for key, ask in mine.asks.items():
                if key not in theirs.asks:
                    yield ask.text or key, word

    def other_units(self, other: Leaf) -> Iterator[tuple[str, str, str]]:
        """Figures that the evidence may give without a unit, and that are read in another one: name, before, after."""
        used = inputs(self.expr).keys() | {key for one in self.quantities.values() for key in inputs(one)}
        for key in sorted(used):
            a, b = self.asks.get(key), other.asks.get(key)
            if a is not None and b is not None and a.form == b.form == "number":
                before, after = (one.unit.symbol if one.unit else "" for one in (a, b))
                if (a.unit.scale if a.unit else None) != (b.unit.scale if b.unit else None):
                    yield a.text or key, before, after


def _end(text: str | None, declared: QuantityOf, tree: Tree) -> Number | None:
    """An end of what a quantity may be; None where none is written, or it cannot be read (told where it is declared)."""
    words = frozenset(tree.units)
    try:
        return None if text is None else declared.read_end(text, words)
    except Fault:
        return None


def _unit_of(formula: Expr) -> Unit | None:
    """The unit in which a formula's value is told: that of an input of the same kind, per cent where like units cancel out."""
    units = [one.unit for one in inputs(formula).values() if one.unit is not None]
    try:
        found = dimension(formula, lambda one: one.unit.dimension if one.unit else None, show)
    except (Fault, BareFigure):  # told where the formula stands
        return None
    if found == NO_DIMENSION and len({unit.dimension for unit in units}) == 1:
        return PERCENT
    return next((unit for unit in units if unit.dimension == found), None)


def _renamed(key: str, own: str, prefix: str) -> str:
    return prefix + key[len(own) :] if key.startswith(f"{own}/") else key


def _rekeyed(node: Expr, own: str, prefix: str) -> Expr:
    return replace(node, key=_renamed(node.key, own, prefix)) if isinstance(node, Input) and own != prefix else node


def _unrounded(expr: Expr) -> Expr:
    match expr:
        case Min(args=(Const(), Round(arg=arg))) | Round(arg=arg):
            return arg
    return expr


def _is_input(expr: Expr) -> bool:
    while isinstance(expr, Add) and len(expr.terms) == 1:
        expr = expr.terms[0]
    return isinstance(expr, Input)


def _same_formula(one: Expr, other: Expr) -> bool:
    """Is a quantity the same, though written otherwise? Formulas of sums, products and quotients that divide by the same and agree
    at many unlike places agree everywhere, since their degree is small; any other has to be plainly the same."""
    if plain(one) == plain(other):
        return True
    keys = sorted(inputs(one))
    if keys != sorted(inputs(other)) or any(isinstance(node, Cond | Min | Max) for node in (*nodes(one), *nodes(other))):
        return False
    if _divisors(one) != _divisors(other):
        return False
    first, second = compile_expr(one), compile_expr(other)
    for turn in range(24):
        env: dict[str, Number] = {key: _unlike(n, turn) for n, key in enumerate(keys)}
        try:
            if first(env) != second(env):
                return False
        except NoScore:
            return False
    return True


def _divisors(expr: Expr) -> set[Expr]:
    """What a formula divides by, without constant factors: where there is no answer."""
    found: set[Expr] = set()
    for node in nodes(expr):
        if isinstance(node, Div) and not isinstance(below := plain(node.below), Const):
            factors = [f for f in below.factors if not isinstance(f, Const)] if isinstance(below, Mul) else [below]
            found |= set(factors)
    return found


def _unlike(key: int, turn: int) -> int:
    """Figures that no formula of small degree relates: another one for each key and turn, the same in every run."""
    mixed = (key + 1) * 2_654_435_761 + (turn + 1) * 40_503 * (key + 7) ** 2
    return 1 + (mixed * mixed + turn) % 1_000_000_007
