"""The ten nodes of the language between rules and engines. Frozen; exact; their meaning is in README.md beside this file.

Values are exact rationals; yes/no are 1/0, a tier is its position counted from 1, a date its proleptic ordinal in days.
`label` names what a node is for the trace; `origin` is where it was said in the files. Neither changes a value.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from perfeval.problems import Origin
from perfeval.quantity import Unit

Number = Fraction | int
Compare = Literal[">=", ">", "<=", "<", "="]
HOLDS: Mapping[Compare, Callable[[Number, Number], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}


class Label(NamedTuple):
    """What a node stands for, read by the trace and put into words by `explaining`; roles are a closed list (README)."""

    role: str
    text: str = ""
    detail: str = ""
    unit: Unit | None = None  # how the value is shown; None: points
    most: Number | None = None  # what could have been had here, for "lost" beside "got"


class Domain(NamedTuple):
    """The values an input may take: `low` and `high` included unless `below` says that `high` is not."""

    low: Number | None = None
    high: Number | None = None
    below: bool = False
    whole: bool = False

    def holds(self, value: Number) -> bool:
        if self.low is not None and value < self.low:
            return False
        if self.high is not None and (value >= self.high if self.below else value > self.high):
            return False
        return not self.whole or value.denominator == 1


@dataclass(frozen=True, slots=True)
class Const:
    value: Number
    unit: Unit | None = None
    label: Label | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """The value of an evidence key; outside its domain the leaf is an error."""

    key: str
    unit: Unit | None = None
    domain: Domain | None = None
    label: Label | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Add:
    terms: tuple[Expr, ...]
    label: Label | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Mul:
    factors: tuple[Expr, ...]
    label: Label | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Div:
    """Above over below; a zero below makes the leaf an error that names this node."""

    above: Expr
    below: Expr
    label: Label | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Min:
    args: tuple[Expr, ...]
    label: Label | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Max:
    args: tuple[Expr, ...]
    label: Label | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """Towards minus infinity."""

    arg: Expr
    label: Label | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Cond:
    """`then` where the comparison holds, else `other`.

    Strict: inputs of both arms must be there. `lazy`: only the arm that is taken asks for its inputs (the alternatives of
    `choose`, and points that an evaluator gives within a band or tier).
    """

    compare: Compare
    left: Expr
    right: Expr
    then: Expr
    other: Expr
    lazy: bool = False
    label: Label | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """Half away from zero."""

    arg: Expr
    places: int
    label: Label | None = None
    origin: Origin | None = None


Expr = Const | Input | Add | Mul | Div | Min | Max | Floor | Cond | Round


def children(node: Expr) -> tuple[Expr, ...]:
    """The nodes directly below, in the order they are evaluated."""
    match node:
        case Add(terms=below) | Mul(factors=below) | Min(args=below) | Max(args=below):
            return below
        case Div(above=a, below=b):
            return (a, b)
        case Floor(arg=a) | Round(arg=a):
            return (a,)
        case Cond(left=a, right=b, then=c, other=d):
            return (a, b, c, d)
    return ()
