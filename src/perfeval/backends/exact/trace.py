"""The trace: the interpreter's own run, with a step recorded for every labelled node and every input that was read."""

from __future__ import annotations

from perfeval.backends.exact.interpreter import Env, Run, Wrap
from perfeval.ir.nodes import Expr, Input, Label, Min, Number, Round
from perfeval.ir.program import Step


class Recorder:
    """Collects the steps of one leaf's run. Arms that are not taken leave no step: what is told is what was computed.

    `exact` is the value before the leaf's rounding.
    """

    def __init__(self, expr: Expr) -> None:
        self._stack: list[list[Step]] = [[]]
        self._told: set[int] = set()  # nodes that stand in several places are told where they were first evaluated
        rounded = expr.args[-1] if isinstance(expr, Min) and isinstance(expr.args[-1], Round) else expr  # a weight finer than the places
        self._unrounded = rounded.arg if isinstance(rounded, Round) else expr
        self.exact: Number | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self._stack[0])

    def wrap(self) -> Wrap:
        return self._wrapped

    def _wrapped(self, expr: Expr, run: Run) -> Run:
        if isinstance(expr, Input):
            recorded = self._reading(expr, run)
        else:
            recorded = self._labelled(expr, expr.label, run) if expr.label is not None else run
        return self._keeping(recorded) if expr is self._unrounded else recorded

    def _keeping(self, run: Run) -> Run:
        def keep(env: Env) -> Number:
            self.exact = run(env)
            return self.exact

        return keep

    def _reading(self, node: Input, run: Run) -> Run:
        own = Label("input", node.key, unit=node.unit)

        def record(env: Env) -> Number:
            value = run(env)
            if id(node) in self._told:
                return value
            self._told.add(id(node))
            step = Step(own, value, (), node.key, node.origin)
            self._stack[-1].append(step if node.label is None else Step(node.label, value, (step,), "", node.origin))
            return value

        return record

    def _labelled(self, expr: Expr, label: Label, run: Run) -> Run:
        def record(env: Env) -> Number:
            if id(expr) in self._told:
                return run(env)
            self._told.add(id(expr))
            self._stack.append([])
            try:
                value = run(env)
            finally:
                below = self._stack.pop()
            self._stack[-1].append(Step(label, value, tuple(below), "", expr.origin))
            return value

        return record
