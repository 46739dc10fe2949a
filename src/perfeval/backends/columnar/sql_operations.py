"""The integer program's operations as SQL expressions, each in the narrowest type that is proven to hold it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from perfeval.backends.columnar.integer_program import IntegerProgram, NotLowered
from perfeval.backends.columnar.integers import Node, comparisons, reach
from perfeval.backends.columnar.naming import plan
from perfeval.backends.columnar.sql_dialects import NARROW, Dialect, cast, column, every, joined, number, within
from perfeval.ir.nodes import Compare

_COMPARED: Mapping[Compare, type[exp.Binary]] = {">=": exp.GTE, ">": exp.GT, "<=": exp.LTE, "<": exp.LT, "=": exp.EQ}


class Operations:
    """Columns of the query by alias: `n` checked whole numbers, `s` what stands in several places, `o` outputs.

    `done`: what has its column already. `sums`: outputs that are sums, written out where they are added once more. `fills`: a value
    takes the place of NULL; else NULL goes on by itself.
    """

    def __init__(self, program: IntegerProgram, dialect: Dialect) -> None:
        self.program, self.dialect = program, dialect
        self.plan = plan(program)
        self.alias = {key: f"n{at}" for at, key in enumerate(program.columns)}
        self.alias |= {output.key: f"o{at}" for at, output in enumerate(program.outputs)}
        self.ends = {key: (one.least, one.high) for key, one in program.columns.items()}
        self.ends |= {output.key: (output.value.low, output.value.high) for output in program.outputs}
        self.names = {node: f"s{at}" for at, node in enumerate(self.plan.shared)}
        self.done: set[Node] = set()
        self.sums: dict[str, exp.Expr] = {}
        self.fills = True

    def type_of(self, node: Node) -> exp.DataType:
        return self.dialect.type_for(max(-node.low, node.high))

    def expression(self, node: Node) -> exp.Expr:
        """Of the node's own type; a value is written bare."""
        if node in self.done:
            return column(self.names[node])
        if node.op == "key":
            return self.value(node.key)
        if node.op == "value":
            return number(node.low)
        own = self.type_of(node)
        if node.op == "cond":
            return self.chosen(node, own)
        most = self.most(node)
        if most > self.dialect.widest:
            raise NotLowered(f"too-wide-for-{self.dialect.name}", repr(node), None)
        wide = self.dialect.type_for(most)
        args = [within(self.typed(arg, wide)) for arg in node.args]
        applied = self.applied(node, args, most > NARROW)
        return applied if wide == own else cast(applied, own)

    def value(self, key: str) -> exp.Expr:
        """What stands under a key; where NULL is not handed on, with its least value for NULL."""
        found = within(self.sums[key].copy()) if key in self.sums and not self.fills else column(self.alias[key])
        if not self.fills:
            return found
        low, high = self.ends[key]
        least = number(low) if -low <= NARROW else cast(number(low), self.dialect.type_for(max(-low, high)))
        return exp.Coalesce(this=found, expressions=[least])

    def chosen(self, node: Node, own: exp.DataType) -> exp.Expr:
        """Conditions one after the other, as long as one stands where the one before it does not hold."""
        points = self.switch(node)
        if points is not None:
            return exp.Mul(this=within(self.typed(node.args[0], own)), expression=number(points))
        arms = []
        while node.op == "cond" and node not in self.done:
            arms.append(exp.If(this=self.test(node), true=self.typed(node.args[2], own, is_bare=False)))
            node = node.args[3]
        return exp.Case(ifs=arms, default=self.typed(node, own, is_bare=False))

    @staticmethod
    def switch(node: Node) -> int | None:
        """Points for a yes, none for a no: a product, which engines compute faster than a choice, and which hands NULL on."""
        if node.op != "cond":
            return None
        left, right, then, other = node.args
        is_switch = node.compare == ">=" and (left.low, left.high) == (0, 1) and right.is_value and right.low == 1
        return then.low if is_switch and then.is_value and other.is_value and other.low == 0 else None

    def applied(self, node: Node, args: list[exp.Expr], is_wide: bool) -> exp.Expr:
        match node.op:
            case "add":
                return joined(exp.Add, args)
            case "mul":
                return joined(exp.Mul, args)
            case "div":
                divide = self.dialect.whole_part if node.args[0].low >= 0 else self.dialect.floor
                return divide(args[0], args[1], is_wide, max(-node.low, node.high))
            case "min":
                return self.dialect.least(args)
        return self.dialect.most(args)

    @staticmethod
    def most(node: Node) -> int:
        """The largest whole number on either side that can come up on the way to the node's value; quotients are corrected by one."""
        ends = [max(abs(arg.low), abs(arg.high)) for arg in node.args]
        return reach(node) if node.op in ("add", "mul") else max(reach(node), max(ends) + 1)

    def typed(self, node: Node, kind: exp.DataType, is_bare: bool = True) -> exp.Expr:
        if node.op == "value":
            return number(node.low) if is_bare and max(-node.low, node.high) <= NARROW else cast(number(node.low), kind)
        low, high = self.ends[node.key] if node.op == "key" else (node.low, node.high)
        own = self.dialect.type_for(max(-low, high))
        written = self.expression(node)
        return written if own == kind else cast(written, kind)

    def test(self, node: Node) -> exp.Expr:
        assert node.compare is not None
        return every([self.compared(*one) for one in comparisons(node.compare, node.args[0], node.args[1])])

    def compared(self, compare: Compare, left: Node, right: Node) -> exp.Expr:
        wide = self.dialect.type_for(max(abs(end) for node in (left, right) for end in (node.low, node.high)))
        return _COMPARED[compare](this=within(self.typed(left, wide)), expression=within(self.typed(right, wide)))
