"""Why indicators of a row have no score although the cells that they always ask for are good: the exact interpreter says it."""

from __future__ import annotations

from collections.abc import Mapping

from perfeval.backends.exact.interpreter import MissingInputs, NoScore, Run, compile_expr, compile_program
from perfeval.batch.plan import Plan
from perfeval.batch.reasons import Reason, failure, not_judged
from perfeval.ir.given import agreeing
from perfeval.ir.nodes import Expr, Number
from perfeval.ir.program import GRADE, TOTAL, score_key
from perfeval.ir.walk import inputs

Wholes = Mapping[str, int | None]
Blamed = tuple[tuple[str, Reason | None], ...]
"""The keys that are to blame, or the indicator itself; no reason: the cell's own word says it."""
_MOST = 50_000


class Failing:
    """Asks the interpreter about single rows. Rows fail in few ways: what was answered is remembered, up to a limit."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        program = plan.program.program
        exprs: dict[str, Expr] = {score_key(leaf.id): leaf.expr for leaf in program.leaves}
        exprs |= {score_key(name): expr for name, expr in program.extras.items()}
        self.runs: dict[str, Run] = {key: compile_expr(expr) for key, expr in exprs.items()}
        self.keys = {key: [one for one in dict.fromkeys(inputs(expr)) if one in plan.columns] for key, expr in exprs.items()}
        self.program = compile_program(program)
        self.agreeing = {
            key: {one: compile_expr(each) for one, each in agreeing(expr, program.asks).items()} for key, expr in exprs.items()
        }
        self.known: dict[tuple[object, ...], Blamed] = {}

    def of_leaf(self, key: str, wholes: Wholes) -> Blamed:
        """Why a leaf, bonus or penalty has no score."""
        asked = self.keys[key]
        name = (key, *(wholes[one] for one in asked))
        found = self.known.get(name)
        if found is None:
            if len(self.known) >= _MOST:
                self.known.clear()
            found = self.known[name] = self._leaf(key, self._values(asked, wholes))
        return found

    def _leaf(self, key: str, values: Mapping[str, Number]) -> Blamed:
        try:
            self.runs[key](values)
        except MissingInputs as error:
            return tuple((one, None) for one in error.keys)
        except NoScore as error:
            return ((self.plan.names[key], failure(error)),)
        agreeing = self.agreeing[key].items()
        found = [one for one, run in agreeing if one in values and not _has_score(run, values)]
        return tuple((one, not_judged(values[one])) for one in found)  # none: the indicator does not apply

    def overrules(self, key: str, wholes: Wholes) -> str | None:
        """Points that cannot be read and stand beside fixed ones, where a leaf, bonus or penalty has no score for that reason."""
        values = self._values(self.keys[key], wholes)
        for one, run in self.agreeing[key].items():
            column = self.plan.columns[one]
            is_unreadable = column.unreadable is not None and wholes[one] == column.unreadable
            if is_unreadable and not _has_score(run, values) and _has_score(self.runs[key], values):
                return one
        return None

    def of_total(self, wholes: Wholes) -> Blamed:
        """Where every leaf has its score, and the row has none."""
        outcome = self.program.run(self._values(self.plan.columns, wholes))
        for key in (TOTAL, GRADE):
            error = outcome.errors.get(key)
            if isinstance(error, MissingInputs):
                return tuple((one, None) for one in error.keys)
            if error is not None:
                return ((self.plan.names[key], failure(error)),)
        return ()

    def _values(self, keys: Mapping[str, object] | list[str], wholes: Wholes) -> dict[str, Number]:
        return {key: self.plan.columns[key].value(whole) for key in keys if (whole := wholes[key]) is not None}


def _has_score(run: Run, values: Mapping[str, Number]) -> bool:
    try:
        run(values)
    except NoScore:
        return False
    return True
