"""The integer program as Polars expressions: whole numbers throughout, `//` only, no text of a rule in it.

Every evidence column is checked before anything is computed: what has no value is filled with one that its column allows, and what
rests on it is taken away at the end. So no bound can be left, nothing can overflow, and no divisor is zero, whatever the rows hold.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import reduce

import polars as pl

from perfeval.backends.columnar.integer_program import IntegerProgram, Needs, Output
from perfeval.backends.columnar.integers import Node, comparisons, reach
from perfeval.backends.columnar.naming import plan
from perfeval.ir.nodes import Compare

_HOLDS: Mapping[Compare, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}
_WIDTHS: tuple[tuple[int, type[pl.DataType]], ...] = (
    (2**7, pl.Int8),
    (2**15, pl.Int16),
    (2**31, pl.Int32),
    (2**63, pl.Int64),
    (2**127, pl.Int128),
)


def _type(most: int) -> type[pl.DataType]:
    """The narrowest type that holds every whole number up to `most` on either side."""
    return next(dtype for limit, dtype in _WIDTHS if most < limit)


def type_of(node: Node) -> type[pl.DataType]:
    return _type(max(-node.low, node.high))


def scored(
    frame: pl.LazyFrame,
    program: IntegerProgram,
    wholes: Mapping[str, pl.Expr],
    keep: Sequence[pl.Expr] = (),
    readable: Collection[str] = (),
    whole: Collection[str] = (),
) -> pl.LazyFrame:
    """`keep`, then each output by its key, a decimal, null where it has no value; those of `whole` in units of their last place.

    `wholes` gives for each evidence key a whole number within its column's ends, or null. Where the column's `absent` says what an
    empty cell stands for, null is that; but for the keys of `readable`, whose null is a cell that cannot be read.
    """
    writer = _Writer(program, readable)
    frame = frame.select(*keep, *(wholes[key].alias(writer.values[key]) for key in program.columns)).with_columns(writer.inputs())
    for stage in writer.plan.stages:
        names = [one for named in stage for one in (writer.output(named.output) if named.output else [writer.let(named.node)])]
        frame = frame.with_columns(names)
    kept = frame.collect_schema().names()[: len(keep)]
    return frame.select(*kept, *(writer.column(output, output.key in whole) for output in program.outputs))


class _Writer:
    def __init__(self, program: IntegerProgram, readable: Collection[str]) -> None:
        self.program, self.readable = program, readable
        self.plan = plan(program)
        keys = [*program.columns, *(output.key for output in program.outputs)]
        self.values = {key: f"(v){at}" for at, key in enumerate(keys)}
        self.there = {key: f"(p){at}" for at, key in enumerate(keys)}
        self.names = {node: f"(s){at}" for at, node in enumerate(self.plan.shared)}
        self.done: set[Node] = set()
        self.types = {output.key: type_of(output.value) for output in program.outputs}
        self.types |= {key: _type(max(-column.least, column.high)) for key, column in program.columns.items()}

    def inputs(self) -> list[pl.Expr]:
        """Each key's whole number, filled where there is none, and whether there is one."""
        found = []
        for key, column in self.program.columns.items():
            whole = pl.col(self.values[key])
            filled = whole.fill_null(column.low if column.absent is None else column.absent)
            found.append(filled.cast(self.types[key], wrap_numerical=True).alias(self.values[key]))  # it fits: no need to look again
            if self.can_lack(key):
                found.append(whole.is_not_null().alias(self.there[key]))
        return found

    def let(self, node: Node | None) -> pl.Expr:
        assert node is not None
        written = self.expression(node).alias(self.names[node])
        self.done.add(node)
        return written

    def output(self, output: Output) -> list[pl.Expr]:
        value = self.expression(output.value).alias(self.values[output.key])
        return [value, self.has_value(output).alias(self.there[output.key])]

    def column(self, output: Output, as_whole: bool) -> pl.Expr:
        whole = pl.when(pl.col(self.there[output.key])).then(pl.col(self.values[output.key]))
        if as_whole:
            return whole.alias(output.key)
        return whole.cast(pl.Int128).reinterpret(dtype=pl.Decimal(digits(output), output.places)).alias(output.key)

    def has_value(self, output: Output) -> pl.Expr:
        parts = self.needed(output.needs)
        if not (output.fails.is_value and output.fails.low == 0):
            parts.append(self.expression(output.fails) == 0)
        parts += [~pl.col(self.there[key]) | (self.expression(agrees) == 1) for key, agrees in output.given]
        return _all(parts)

    def needed(self, needs: Needs) -> list[pl.Expr]:
        parts = [pl.col(self.there[key]) for key in needs.keys if self.can_lack(key)]
        for choice in needs.choices:
            then, other = self.needed(choice.then), self.needed(choice.other)
            if then or other:
                held = self.compared(choice.compare, choice.left, choice.right)
                parts.append(pl.when(held).then(_all(then)).otherwise(_all(other)))
        return parts

    def can_lack(self, key: str) -> bool:
        return key not in self.program.columns or self.program.columns[key].absent is None or key in self.readable

    def expression(self, node: Node) -> pl.Expr:
        """In the narrowest type that holds the node's ends."""
        if node in self.done:
            return pl.col(self.names[node])
        if node.op == "key":
            return pl.col(self.values[node.key])
        own = type_of(node)
        if node.op == "value":
            return pl.lit(node.low, dtype=own)
        if node.op == "cond":
            _, _, then, other = node.args
            return pl.when(self.test(node)).then(self.cast(then, own)).otherwise(self.cast(other, own))
        wide = _type(reach(node))
        args = [self.cast(arg, wide) for arg in node.args]
        return self._applied(node, args).cast(own, wrap_numerical=True) if wide is not own else self._applied(node, args)

    def _applied(self, node: Node, args: list[pl.Expr]) -> pl.Expr:
        match node.op:
            case "add":
                return reduce(operator.add, args)
            case "mul":
                return reduce(operator.mul, args)
            case "div":
                return args[0] // args[1]
            case "min":
                return pl.min_horizontal(args)
        return pl.max_horizontal(args)

    def cast(self, node: Node, dtype: type[pl.DataType]) -> pl.Expr:
        if node.op == "value":
            return pl.lit(node.low, dtype=dtype)
        written = self.expression(node)
        own = self.types[node.key] if node.op == "key" else type_of(node)
        return written if own is dtype else written.cast(dtype, wrap_numerical=True)

    def test(self, node: Node) -> pl.Expr:
        assert node.compare is not None
        return _all([self.compared(*one) for one in comparisons(node.compare, node.args[0], node.args[1])])

    def compared(self, compare: Compare, left: Node, right: Node) -> pl.Expr:
        wide = _type(max(abs(end) for node in (left, right) for end in (node.low, node.high)))
        return _HOLDS[compare](self.cast(left, wide), self.cast(right, wide))


def _all(parts: list[pl.Expr]) -> pl.Expr:
    return reduce(operator.and_, parts) if parts else pl.lit(True)


def digits(output: Output) -> int:
    """How many digits the decimals of an output have."""
    return len(str(max(abs(output.value.low), abs(output.value.high), 10**output.places)))
