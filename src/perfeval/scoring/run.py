"""One exact run of a project: the program, the evidence it asked for, the values and the traces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfeval.backends.exact.interpreter import MissingInputs, Outcome, Wrap, compile_program
from perfeval.backends.exact.trace import Recorder
from perfeval.ir.build import ZERO
from perfeval.ir.program import Program, Step
from perfeval.ir.units import Range, range_of
from perfeval.lowering.from_evidence import Bound
from perfeval.model.folder import ProjectFolder
from perfeval.model.project import Policy


class Run:
    """What `sheet` and `faults` read. `zeroed` are leaves that got 0 points because the policy says so."""

    def __init__(self, folder: ProjectFolder, program: Program, bound: Bound, policy: Policy) -> None:
        self.folder, self.program, self.bound, self.policy = folder, program, bound, policy
        self.recorders: dict[str, Recorder] = {}
        self.zeroed: dict[str, tuple[str, ...]] = {}
        self.outcome: Outcome = self._execute()

    def _execute(self) -> Outcome:
        outcome = compile_program(self.program, self._recorder).run(self.bound.values)
        if self.policy.missing == "zero":
            errors = {name: e for name, e in outcome.errors.items() if name in self.program.nodes or name == "bonus"}
            lacking = {name: e.keys for name, e in errors.items() if isinstance(e, MissingInputs)}
            self.zeroed = {name: keys for name, keys in lacking.items() if not self.bound.blocked.intersection(keys)}
            if self.zeroed:
                outcome = compile_program(_with_zeros(self.program, self.zeroed), self._recorder).run(self.bound.values)
        return outcome

    def _recorder(self, name: str) -> Wrap:
        expr = self.program.nodes[name].expr if name in self.program.nodes else self.program.extras[name]
        self.recorders[name] = Recorder(expr)
        return self.recorders[name].wrap()

    def extra_reach(self, name: str) -> Range:
        """What bonus or penalty comes to, or can still come to."""
        value = self.outcome.extras.get(name)
        if value is not None:
            return Range(value, value)
        return range_of(self.program.extras[name], {key: Range(v, v) for key, v in self.bound.values.items()}) or Range(0, 0)

    def name_of(self, key: str) -> str:
        """What people call the evidence under a key."""
        ask = self.program.asks.get(key)
        return ask.text if ask and ask.text else key


def all_steps(steps: Iterable[Step]) -> Iterator[Step]:
    """Steps and all inside them, outer ones first."""
    for step in steps:
        yield step
        yield from all_steps(step.steps)


def _with_zeros(program: Program, leaves: Iterable[str]) -> Program:
    """The program with 0 points (never the value 0) for leaves whose evidence is missing, as the policy says."""
    nodes = {name: node._replace(expr=ZERO) if name in leaves else node for name, node in program.nodes.items()}
    extras = {name: ZERO if name in leaves else expr for name, expr in program.extras.items()}
    return program._replace(nodes=nodes, extras=extras)
