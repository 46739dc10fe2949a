"""The integer program's language: eight operations on whole numbers, each with an interval that its value cannot leave.

`key value add mul min max div cond`; `div` is floor division by something above zero, `cond` has two arms and both sides of a
comparison. Nodes are made by `Nodes`, which makes each of them once: what stands in two places is one node, and engines compute it once.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from math import gcd, prod
from typing import Literal

from perfeval.ir.nodes import HOLDS, Compare

Operation = Literal["key", "value", "add", "mul", "min", "max", "div", "cond"]


class Node:
    """One operation. `args` are its operands: of `cond` left, right, then, other. `low` and `high` are its ends."""

    __slots__ = ("args", "compare", "high", "key", "low", "op", "place")

    def __init__(
        self, op: Operation, args: tuple[Node, ...], low: int, high: int, place: int, key: str = "", compare: Compare | None = None
    ) -> None:
        self.op, self.args, self.low, self.high, self.place, self.key, self.compare = op, args, low, high, place, key, compare

    @property
    def is_value(self) -> bool:
        return self.op == "value"

    def __repr__(self) -> str:
        if self.op == "value":
            return str(self.low)
        if self.op == "key":
            return f"「{self.key}」"
        words = {"add": " + ", "mul": " * ", "min": " min ", "max": " max ", "div": " // "}
        if self.op in words:
            return f"({words[self.op].join(map(repr, self.args))})"
        left, right, then, other = self.args
        return f"({then!r} if {left!r} {self.compare} {right!r} else {other!r})"


class Nodes:
    """Makes nodes, each once, with what is constant computed. A node's `place` grows from operands to results."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], Node] = {}

    def _node(self, op: Operation, args: tuple[Node, ...], low: int, high: int, key: str = "", compare: Compare | None = None) -> Node:
        if op != "key" and low == high:
            op, args, compare = "value", (), None
        name = (op, tuple(map(id, args)), key, compare, low if op in ("key", "value") else None, high if op == "key" else None)
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = Node(op, args, low, high, len(self._made), key, compare)
        return found

    def value(self, number: int) -> Node:
        return self._node("value", (), number, number)

    def key(self, key: str, low: int, high: int) -> Node:
        return self._node("key", (), low, high, key)

    def add(self, *terms: Node) -> Node:
        """The sum, with what stands in it several times put together and a common factor in front."""
        fixed, found = 0, dict[Node, int]()
        stack = [(1, term) for term in reversed(terms)]
        while stack:
            times, term = stack.pop()
            if term.is_value:
                fixed += times * term.low
            elif term.op == "add":
                stack.extend((times, one) for one in reversed(term.args))
            elif term.op == "mul" and term.args[-1].is_value:
                stack.append((times * term.args[-1].low, self.mul(*term.args[:-1])))
            else:
                found[term] = found.get(term, 0) + times
        parts = {term: times for term, times in found.items() if times}
        if not parts:
            return self.value(fixed)
        common = gcd(fixed, *parts.values()) if len(parts) > 1 or fixed else 1
        made = [self.mul(self.value(times // common), term) for term, times in sorted(parts.items(), key=lambda pair: pair[0].place)]
        if fixed:
            made.append(self.value(fixed // common))
        if len(made) == 1:
            return self.mul(self.value(common), made[0])
        total = self._node("add", tuple(made), sum(term.low for term in made), sum(term.high for term in made))
        return self.mul(self.value(common), total)

    def mul(self, *factors: Node) -> Node:
        flat = [one for factor in factors for one in (factor.args if factor.op == "mul" else (factor,))]
        fixed = reduce(operator.mul, (factor.low for factor in flat if factor.is_value), 1)
        rest = sorted((factor for factor in flat if not factor.is_value), key=lambda factor: factor.place)
        if fixed == 0:
            return self.value(0)
        if fixed != 1 and len(rest) == 1 and rest[0].op == "cond" and all(arm.is_value for arm in rest[0].args[2:]):
            left, right, then, other = rest[0].args  # points for yes or no: put into the arms
            assert rest[0].compare is not None
            return self.cond(rest[0].compare, left, right, self.value(then.low * fixed), self.value(other.low * fixed))
        if fixed != 1:
            rest.append(self.value(fixed))
        if len(rest) < 2:
            return rest[0] if rest else self.value(fixed)
        low, high = rest[0].low, rest[0].high
        for factor in rest[1:]:
            ends = [a * b for a in (low, high) for b in (factor.low, factor.high)]
            low, high = min(ends), max(ends)
        return self._node("mul", tuple(rest), low, high)

    def negative(self, node: Node) -> Node:
        return self.mul(self.value(-1), node)

    def least(self, *args: Node) -> Node:
        high = min(arg.high for arg in args)
        return self._extreme("min", args, lambda arg: arg.low >= high, min(arg.low for arg in args), high)

    def most(self, *args: Node) -> Node:
        low = max(arg.low for arg in args)
        return self._extreme("max", args, lambda arg: arg.high <= low, low, max(arg.high for arg in args))

    def _extreme(self, op: Literal["min", "max"], args: tuple[Node, ...], outdone: Callable[[Node], bool], low: int, high: int) -> Node:
        """What another argument always outdoes is left out; of those that are alike one stays."""
        distinct = sorted(set(args), key=lambda arg: arg.place)
        own = next((arg for arg in distinct if outdone(arg) and (arg.high == high if op == "min" else arg.low == low)), None)
        kept = [arg for arg in distinct if not outdone(arg) or arg is own]
        return kept[0] if len(kept) == 1 else self._node(op, tuple(kept), low, high)

    def div(self, above: Node, below: Node) -> Node:
        """Floor division. `below` must be above zero whatever the evidence."""
        assert below.low > 0, "a divisor that may be zero is kept above it first"
        if below.low == below.high == 1:
            return above
        ends = [a // b for a in (above.low, above.high) for b in (below.low, below.high)]
        return self._node("div", (above, below), min(ends), max(ends))

    def cond(self, compare: Compare, left: Node, right: Node, then: Node, other: Node) -> Node:
        sure = decided(compare, left, right)
        if sure is not None or then is other:
            return then if sure or sure is None else other
        if left.low == 0 and left.high == 1 and then.is_value and other.is_value:  # 1 or 0: points for yes are a product
            yes = decided(compare, self.value(1), right)
            if yes is not None and yes is not decided(compare, self.value(0), right):
                at_one, at_zero = (then.low, other.low) if yes else (other.low, then.low)
                return self.add(self.value(at_zero), self.mul(self.value(at_one - at_zero), left))
        if left.op == "cond" and right.is_value and left.args[2].is_value and left.args[3].is_value:
            assert left.compare is not None
            a, b, *arms = left.args
            first, second = (then if HOLDS[compare](arm.low, right.low) else other for arm in arms)
            return self.cond(left.compare, a, b, first, second)
        if right.is_value:  # in an arm it is known on which side the value lies
            then = self._where(then, left, *_side(compare, left, right.low))
            if compare != "=":
                other = self._where(other, left, *_side(CONTRARY[compare], left, right.low))
            if then is other:
                return then
        return self._node("cond", (left, right, then, other), min(then.low, other.low), max(then.high, other.high), compare=compare)

    def _where(self, arm: Node, known: Node, low: int, high: int) -> Node:
        """An arm that is taken only where a node lies between these ends: what compares that node with a number is decided, if it is."""
        if arm.op != "cond" or low > high:
            return arm
        left, right, then, other = arm.args
        assert arm.compare is not None
        if left is known and right.is_value:
            between = Node("key", (), low, high, 0)
            sure = decided(arm.compare, between, right)
            if sure is not None:
                return self._where(then if sure else other, known, low, high)
        left, then, other = (self._where(one, known, low, high) for one in (left, then, other))
        return arm if (left, right, then, other) == arm.args else self.cond(arm.compare, left, right, then, other)

    def both(self, a: Node, b: Node) -> Node:
        """1 where both are 1."""
        return a if b.is_value and b.low == 1 else self.cond("=", a, self.value(1), b, self.value(0))

    def either(self, a: Node, b: Node) -> Node:
        """1 where one of them is 1."""
        return a if b.is_value and b.low == 0 else self.cond("=", a, self.value(1), self.value(1), b)


CONTRARY: Mapping[Compare, Compare] = {">=": "<", ">": "<=", "<=": ">", "<": ">="}


def _side(compare: Compare, node: Node, number: int) -> tuple[int, int]:
    """The ends of a node where this comparison with a number holds."""
    match compare:
        case ">=":
            return max(node.low, number), node.high
        case ">":
            return max(node.low, number + 1), node.high
        case "<=":
            return node.low, min(node.high, number)
        case "<":
            return node.low, min(node.high, number - 1)
    return max(node.low, number), min(node.high, number)


def decided(compare: Compare, left: Node, right: Node) -> bool | None:
    """Whether the comparison always holds, or never; None where it depends."""
    match compare:
        case ">=" | "<":
            sure = True if left.low >= right.high else False if left.high < right.low else None
        case ">" | "<=":
            sure = True if left.low > right.high else False if left.high <= right.low else None
        case "=":
            if left is right:
                return True
            return False if left.high < right.low or left.low > right.high else True if left.is_value and right.is_value else None
    return sure if sure is None or compare in (">=", ">") else not sure


Test = tuple[Compare, Node, Node]


def comparisons(compare: Compare, left: Node, right: Node) -> tuple[Test, ...]:
    """A comparison as those that must all hold: `1 if a >= b else 0` compared with 1 is the comparison inside."""
    if left.op == "cond" and right.is_value and left.compare is not None:
        a, b, then, other = left.args
        yes, no = (HOLDS[compare](arm.low, right.low) if arm.is_value else None for arm in (then, other))
        if no is False and yes is not False:
            inner = () if yes else comparisons(compare, then, right)
            return (*comparisons(left.compare, a, b), *inner)
        if yes is False and no is not False and left.compare in CONTRARY:
            inner = () if no else comparisons(compare, other, right)
            return (*comparisons(CONTRARY[left.compare], a, b), *inner)
    return ((compare, left, right),)


def reach(node: Node) -> int:
    """The largest whole number on either side that can come up on the way from the operands to the node's value."""
    ends = [max(abs(arg.low), abs(arg.high)) for arg in node.args]
    own = max(abs(node.low), abs(node.high))
    return max(own, sum(ends) if node.op == "add" else prod(ends) if node.op == "mul" else max(ends, default=0))


def walk(*roots: Node) -> Iterator[Node]:
    """Every node once, operands before what is made of them."""
    found: set[Node] = set()
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node not in found:
            found.add(node)
            stack.extend(node.args)
    yield from sorted(found, key=lambda node: node.place)


def evaluate(root: Node, values: Mapping[str, int]) -> int:
    """The value for some evidence: what the operations mean. Engines are held against it."""
    known: dict[Node, int] = {}
    for node in walk(root):
        args = [known[arg] for arg in node.args]
        match node.op:
            case "key":
                known[node] = values[node.key]
            case "value":
                known[node] = node.low
            case "add":
                known[node] = sum(args)
            case "mul":
                known[node] = reduce(operator.mul, args)
            case "min":
                known[node] = min(args)
            case "max":
                known[node] = max(args)
            case "div":
                known[node] = args[0] // args[1]
            case "cond":
                assert node.compare is not None
                known[node] = args[2] if HOLDS[node.compare](args[0], args[1]) else args[3]
    return known[root]
