"""The exact interpreter: expressions to Python functions over `Fraction` and `int`. It says what is right.

An expression is turned into closures once and run many times. Whole numbers stay `int`, which is as exact and faster.
`wrap` sees every function that is made, so that the trace is the same run and not a second one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from perfeval.ir.nodes import HOLDS, Add, Cond, Const, Div, Expr, Floor, Input, Max, Min, Mul, Number, Round
from perfeval.ir.program import GRADE, TOTAL, Program, score_key, weight_key
from perfeval.ir.walk import lazy_choices, nodes, strict_keys
from perfeval.quantity import round_half_up

Env = Mapping[str, Number]
Run = Callable[[Env], Number]
Wrap = Callable[[Expr, Run], Run]
Lacking = Callable[[Env], list[str]]


class NoScore(Exception):
    """Why an expression has no value. Never caught to make one up."""


class MissingInputs(NoScore):
    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


class ZeroDivisor(NoScore):
    def __init__(self, node: Div) -> None:
        super().__init__("division by zero")
        self.node = node


class OutOfDomain(NoScore):
    def __init__(self, node: Input, value: Number) -> None:
        super().__init__(node.key)
        self.node = node
        self.value = value


def compile_expr(expr: Expr, wrap: Wrap | None = None) -> Run:
    """A function from evidence to the exact value. It raises `MissingInputs`, `ZeroDivisor` or `OutOfDomain`."""
    lacking = _lacking(expr)
    run = _compile(expr, wrap)

    def checked(env: Env) -> Number:
        try:
            return run(env)
        except (KeyError, MissingInputs):
            missing = tuple(dict.fromkeys(lacking(env)))
            if not missing:
                raise
            raise MissingInputs(missing) from None

    # an arm that is not taken asks for its inputs too, unless it is lazy
    if any(isinstance(node, Cond) for node in nodes(expr)):

        def strict(env: Env) -> Number:
            if missing := tuple(dict.fromkeys(lacking(env))):
                raise MissingInputs(missing)
            return run(env)

        return strict
    return checked


def _lacking(expr: Expr) -> Lacking:
    """The keys that an expression asks for and that are not there: all it mentions, of lazy arms those that are taken, also where
    the lazy arms stand inside an arm that is not taken."""
    needed = tuple(strict_keys(expr))
    wanted = frozenset(needed)
    choices = [_taken(node) for node in lazy_choices(expr)]

    def lacking(env: Env) -> list[str]:
        missing = [] if wanted <= env.keys() else [key for key in needed if key not in env]
        for taken in choices:
            missing += taken(env)
        return missing

    return lacking


def _taken(node: Cond) -> Lacking:
    """What the arm that is taken lacks; nothing where nobody can know yet which one it is."""
    holds = HOLDS[node.compare]
    left, right = _compile(node.left, None), _compile(node.right, None)
    then, other = _lacking(node.then), _lacking(node.other)

    def lacking(env: Env) -> list[str]:
        try:
            arm = then if holds(left(env), right(env)) else other
        except (KeyError, NoScore):
            return []
        return arm(env)

    return lacking


def _compile(expr: Expr, wrap: Wrap | None) -> Run:
    run = _plain(expr, wrap)
    return wrap(expr, run) if wrap is not None else run


def _plain(expr: Expr, wrap: Wrap | None) -> Run:
    match expr:
        case Const(value=value):
            return lambda env: value
        case Input(key=key, domain=None):
            return operator.itemgetter(key)
        case Input():
            return _bounded(expr)
        case Add(terms=terms):
            return _sum([_compile(term, wrap) for term in terms])
        case Mul(factors=factors):
            return _product([_compile(factor, wrap) for factor in factors])
        case Div():
            return _quotient(expr, _compile(expr.above, wrap), _compile(expr.below, wrap))
        case Min(args=args):
            return _extreme(min, [_compile(arg, wrap) for arg in args])
        case Max(args=args):
            return _extreme(max, [_compile(arg, wrap) for arg in args])
        case Floor(arg=arg):
            inner = _compile(arg, wrap)
            return lambda env: inner(env) // 1
        case Round(arg=arg, places=places):
            return _rounded(_compile(arg, wrap), places)
        case Cond():
            return _branch(expr, wrap)
    raise TypeError(expr)


def _bounded(node: Input) -> Run:
    key, domain = node.key, node.domain
    assert domain is not None
    holds = domain.holds

    def run(env: Env) -> Number:
        value = env[key]
        if not holds(value):
            raise OutOfDomain(node, value)
        return value

    return run


def _sum(terms: list[Run]) -> Run:
    first, rest = terms[0], terms[1:]
    if len(rest) == 1:
        second = rest[0]
        return lambda env: first(env) + second(env)

    def run(env: Env) -> Number:
        total = first(env)
        for term in rest:
            total = total + term(env)
        return total

    return run


def _product(factors: list[Run]) -> Run:
    first, rest = factors[0], factors[1:]

    def run(env: Env) -> Number:
        total = first(env)
        for factor in rest:
            total = total * factor(env)
        return total

    return run


def _quotient(node: Div, above: Run, below: Run) -> Run:
    def run(env: Env) -> Number:
        over, under = above(env), below(env)
        if under == 0:
            raise ZeroDivisor(node)
        quotient = Fraction(over) / under
        return quotient.numerator if quotient.denominator == 1 else quotient

    return run


def _extreme(pick: Callable[..., Number], args: list[Run]) -> Run:
    if len(args) == 2:
        first, second = args
        return lambda env: pick(first(env), second(env))
    return lambda env: pick([arg(env) for arg in args])


def _rounded(inner: Run, places: int) -> Run:
    def run(env: Env) -> Number:
        value = inner(env)
        return value if isinstance(value, int) else round_half_up(value, places)

    return run


def _branch(node: Cond, wrap: Wrap | None) -> Run:
    holds = HOLDS[node.compare]
    left, right = _compile(node.left, wrap), _compile(node.right, wrap)
    then, other = _compile(node.then, wrap), _compile(node.other, wrap)
    return lambda env: then(env) if holds(left(env), right(env)) else other(env)


class Outcome(NamedTuple):
    """What came of one run: values by node id, and why those without a value have none."""

    scores: dict[str, Number]
    weights: dict[str, Number]
    errors: dict[str, NoScore]
    extras: dict[str, Number]
    total: Number | None
    grade: str | None


class Compiled(NamedTuple):
    """A program as functions; run it on as many evidences as there are."""

    program: Program
    steps: tuple[tuple[str, str, bool, Run, Run | None], ...]  # id, key of the score, is it a leaf, score, weight that applies
    extras: dict[str, Run]
    total: Run
    grade: Run
    grade_asks: tuple[str, ...]  # vetoes on the whole project

    def run(self, values: Env) -> Outcome:
        """Score one evidence: `values` holds exact numbers by key; a missing key is absent."""
        env: dict[str, Number] = dict(values)
        scores: dict[str, Number] = {}
        weights: dict[str, Number] = {}
        errors: dict[str, NoScore] = {}
        extras: dict[str, Number] = {}
        for node, key, is_leaf, score, applicable in self.steps:
            try:
                if applicable is not None:
                    env[weight_key(node)] = weights[node] = applicable(env)
                env[key] = scores[node] = score(env)
            except NoScore as error:
                if is_leaf or not isinstance(error, MissingInputs):
                    errors[node] = error
        for name, extra in self.extras.items():
            try:
                env[score_key(name)] = extras[name] = extra(env)
            except NoScore as error:
                errors[name] = error
        total = grade = None
        try:
            total = env[TOTAL] = self.total(env)
        except NoScore as error:
            if not isinstance(error, MissingInputs):  # what is missing is told where it is missing
                errors[TOTAL] = error
        try:
            if lacking := tuple(key for key in self.grade_asks if key not in env):
                raise MissingInputs(lacking)
            if total is not None:
                grade = self.program.grades[int(self.grade(env)) - 1]
        except NoScore as error:
            errors[GRADE] = error
        return Outcome(scores, weights, errors, extras, total, grade)


class RollUp:
    """What is above the leaves of a program: the total that given leaves, bonus and penalty come to."""

    def __init__(self, program: Program) -> None:
        self.leaves = {node.id: (score_key(node.id), weight_key(node.id)) for node in program.leaves}
        parents = [program.nodes[name] for name in program.order if not program.nodes[name].is_leaf]
        self._parents = [
            (
                score_key(node.id),
                compile_expr(node.expr),
                weight_key(node.id),
                None if node.applicable is None else compile_expr(node.applicable),
            )
            for node in parents
        ]
        self._total = compile_expr(program.total)
        self.is_sum = all(_is_sum(expr) for expr in (*(node.expr for node in parents), program.total))

    def total(self, leaves: Mapping[str, tuple[Number, Number]], extras: Mapping[str, Number]) -> Number:
        """`leaves`: the points and the weight that applies, by id; one that is not given has neither. Raises `NoScore`."""
        env: dict[str, Number] = {score_key(name): points for name, points in extras.items()}
        for name, (score, weight) in self.leaves.items():
            env[score], env[weight] = leaves.get(name, (0, 0))
        for score, run, weight, applicable in self._parents:
            if applicable is not None:
                env[weight] = applicable(env)
            env[score] = run(env)
        return self._total(env)


def _is_sum(expr: Expr) -> bool:
    return isinstance(expr, Input) or (
        isinstance(expr, Add) and all(isinstance(term, Input | Add) and _is_sum(term) for term in expr.terms)
    )


def compile_program(program: Program, wrap_leaf: Callable[[str], Wrap | None] = lambda _: None) -> Compiled:
    """All expressions of a program; `wrap_leaf` lends a leaf (by id) a wrapper, as the trace does."""
    steps = []
    for name in program.order:
        node = program.nodes[name]
        applicable = compile_expr(node.applicable) if node.applicable is not None else None
        steps.append((name, score_key(name), node.is_leaf, compile_expr(node.expr, wrap_leaf(name) if node.is_leaf else None), applicable))
    asks = tuple(key for key in strict_keys(program.grade) if key != TOTAL)
    extras = {name: compile_expr(expr, wrap_leaf(name)) for name, expr in program.extras.items()}
    return Compiled(program, tuple(steps), extras, compile_expr(program.total), compile_expr(program.grade), asks)
