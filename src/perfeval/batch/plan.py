"""A rule set as the whole-number program of a batch, and the columns that come in and go out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from perfeval.backends.columnar.integer_program import IntegerProgram, NotLowered, Output
from perfeval.backends.columnar.lower import lower_program
from perfeval.batch.problems import MISSING_POLICY, TOO_WIDE
from perfeval.ir.columns import Column
from perfeval.ir.program import GRADE, TOTAL, score_key, weight_key
from perfeval.lowering.columns import columns
from perfeval.lowering.from_tree import lower_tree
from perfeval.problems import Origin, Problem, ProblemsFound
from perfeval.reading.rule_sources import RuleSet

TOTAL_NAME, GRADE_NAME, BAD_NAME = "total", "grade", "n_bad"


class Shown(NamedTuple):
    """One column of scores: the output's key and the name that it bears."""

    key: str
    name: str
    weight: str = ""  # the output that is 0 where the indicator does not apply, and then has no score


class Plan(NamedTuple):
    """What is computed from what. `counted`: the leaves, bonus and penalty, whose lack of a score makes a row bad."""

    rules: RuleSet
    program: IntegerProgram
    shown: tuple[Shown, ...]
    counted: tuple[str, ...]
    warnings: tuple[Problem, ...]

    @property
    def columns(self) -> Mapping[str, Column]:
        return self.program.columns

    @property
    def grades(self) -> tuple[str, ...]:
        return self.program.program.grades

    @property
    def names(self) -> dict[str, str]:
        return {one.key: one.name for one in self.shown}

    def output(self, key: str) -> Output:
        return self.program.output(key)


def plan(rules: RuleSet, keys: Collection[str], taken: Sequence[str] = (), agreeing: bool = True) -> Plan:
    """The plan for a table with these columns; `taken`: names of other columns beside the scores; `agreeing`: points given beside fixed
    ones must be the same. Raises `ProblemsFound`."""
    indicators = rules.indicators
    program, problems = lower_tree(indicators, [*keys, *_own_values(indicators.tree.quantities, keys)], indicators.tree.policy)
    found: dict[str, Column] = {}
    if not any(problem.is_error for problem in problems):
        found, lacking = columns(program, indicators)
        problems = [*problems, *lacking]
    if any(problem.is_error for problem in problems):
        raise ProblemsFound([*rules.problems, *rules.sources.placed(problems)])
    try:
        integers = lower_program(program, found, agreeing)
    except NotLowered as why:
        if why.why != "too-wide":
            raise  # every key has its column: a fault of our own
        name = why.about.rpartition(")")[2] or why.about
        place = why.origin or Origin(indicators.file, ("tree",))
        raise ProblemsFound([*rules.problems, *rules.sources.placed([TOO_WIDE.on(place, name=name)])]) from None
    policy = indicators.tree.policy.missing
    if policy in ("zero", "pending"):
        problems = [*problems, MISSING_POLICY.on(Origin(indicators.file, ("policy", "missing")), policy=policy)]
    return planned(rules, integers, (*rules.problems, *rules.sources.placed(problems)), taken)


def _own_values(quantities: Collection[str], keys: Collection[str]) -> Iterator[str]:
    """Quantities that are declared as a leaf's own: its rule means them, unless their bare name is declared or has a column."""
    for key in quantities:
        _, is_own, name = key.partition("/values/")
        if is_own and name not in keys and name not in quantities:
            yield key


def planned(rules: RuleSet, program: IntegerProgram, warnings: tuple[Problem, ...] = (), taken: Sequence[str] = ()) -> Plan:
    """The plan of a whole-number program that is there already."""
    counted = tuple(score_key(name) for name in (*(leaf.id for leaf in program.program.leaves), *program.program.extras))
    return Plan(rules, program, _shown(program, (TOTAL_NAME, GRADE_NAME, BAD_NAME, *taken)), counted, warnings)


def _shown(program: IntegerProgram, taken: Sequence[str]) -> tuple[Shown, ...]:
    """The indicators in the order of the tree, bonus and penalty, total, grade; no name twice."""
    tree, keys = program.program, {output.key for output in program.outputs}
    used = set(taken)
    found = []
    for name in (*tree.nodes, *tree.extras):
        shown = name
        while shown in used:  # an indicator called `total`, or as a bonus is
            shown = f"指标/{shown}"
        used.add(shown)
        weight = weight_key(name) if name in tree.nodes and tree.nodes[name].weight > 0 else ""
        found.append(Shown(score_key(name), shown, weight if weight in keys else ""))
    return (*found, Shown(TOTAL, TOTAL_NAME), Shown(GRADE, GRADE_NAME))
