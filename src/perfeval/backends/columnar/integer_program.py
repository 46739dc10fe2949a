"""A program in whole numbers: what engines read. `lower.py` makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from perfeval.backends.columnar.integers import Node
from perfeval.ir.columns import Column
from perfeval.ir.nodes import Compare
from perfeval.ir.program import Program
from perfeval.problems import Origin


class NotLowered(Exception):
    """Why something cannot be computed with whole numbers: a word (`no-column`, `too-wide`, …), what it is about, and where it was said."""

    def __init__(self, why: str, about: str, origin: Origin | None) -> None:
        super().__init__(f"{why}: {about}")
        self.why, self.about, self.origin = why, about, origin


class Choice(NamedTuple):
    """What else must be there, by the arm that is taken."""

    compare: Compare
    left: Node
    right: Node
    then: Needs
    other: Needs


class Needs(NamedTuple):
    """The keys that must have a value, and those that only one arm asks for."""

    keys: tuple[str, ...]
    choices: tuple[Choice, ...] = ()


class Given(NamedTuple):
    """Points that may stand beside fixed ones: where the key has a value, `agrees` must be 1."""

    key: str
    agrees: Node


class Output(NamedTuple):
    """One column that is computed: `value` in units of 10^-places. It has no value where `needs` are not there, `fails` is 1, or
    points that are given do not agree."""

    key: str
    value: Node
    places: int
    needs: Needs
    fails: Node
    given: tuple[Given, ...] = ()
    exact: bool = True  # False: rounded as reports show it; what is above is computed without it


class IntegerProgram(NamedTuple):
    """Everything that is computed, in an order in which each output reads only columns and outputs before it."""

    program: Program
    columns: Mapping[str, Column]
    outputs: tuple[Output, ...]

    def output(self, key: str) -> Output:
        return next(one for one in self.outputs if one.key == key)


def nodes_of(output: Output) -> Iterator[Node]:
    """Every operation that is computed for an output's own sake."""
    yield output.value
    yield output.fails
    yield from _of_needs(output.needs)
    yield from (given.agrees for given in output.given)


def _of_needs(needs: Needs) -> Iterator[Node]:
    for choice in needs.choices:
        yield from (choice.left, choice.right)
        yield from _of_needs(choice.then)
        yield from _of_needs(choice.other)


def keys_of(needs: Needs) -> Iterator[str]:
    yield from needs.keys
    for choice in needs.choices:
        yield from keys_of(choice.then)
        yield from keys_of(choice.other)
