"""Trying other values: one part's points, with what an evaluator would have to give along with them, and the real scorer as judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from perfeval.backends.exact.interpreter import Env, NoScore, Run, compile_expr
from perfeval.backends.ranges.pieces import Piece, where
from perfeval.ir.bounds import Interval
from perfeval.ir.nodes import Compare, Const, Domain, Expr, Input, Number, Round
from perfeval.ir.program import Ask, score_key, weight_key
from perfeval.ir.walk import inputs, nodes, rewrite
from perfeval.problems import Where
from perfeval.whatif.asked import Given
from perfeval.whatif.levers import Lever, Place, Untold, best_of, exactly_nearest, exactly_swept, points_text
from perfeval.whatif.setting import Changed, changed
from perfeval.whatif.standing import Part, Standing

Changes = dict[str, Number]
_NONE = Fraction(-1)  # stands for points that nobody has given; no range holds it


def swept(expr: Expr, lever: Lever, values: Mapping[str, Number], asks: Mapping[str, Ask], usual: Fraction) -> tuple[Piece, ...]:
    """As `exactly_swept`; empty where that cannot tell."""
    try:
        return exactly_swept(expr, lever, values, asks, usual)
    except Untold:
        return ()


def nearest(found: Iterable[Piece], compare: Compare, wanted: Fraction, lever: Lever) -> Place | None:
    """As `exactly_nearest`; None also where that cannot tell."""
    try:
        return exactly_nearest(found, compare, wanted, lever)
    except Untold:
        return None


class Tried(NamedTuple):
    """The points of a part; `changes` with points within a tier or band that have to be given anew, at their best."""

    score: Fraction
    changes: Changes


class Trial:
    """One part under other values."""

    def __init__(self, at: Standing, part: Part) -> None:
        self.at, self.part = at, part
        self._needed: Changes = {}
        self.ranges: dict[str, Domain] = {}  # of points that had to be given anew at the last trial
        self._points = [key for key in inputs(part.expr) if key in at.program.asks and at.program.asks[key].form == "points"]
        self._run = compile_expr(part.expr, self._wrapped)

    def _wrapped(self, expr: Expr, run: Run) -> Run:
        if not isinstance(expr, Input) or expr.domain is None or expr.key not in self._points:
            return run
        domain, key = expr.domain, expr.key

        def given(env: Env) -> Number:
            value = env[key]
            if domain.holds(value):
                return value
            self._needed[key], self.ranges[key] = best_of(domain, self.at.unit), domain
            return self._needed[key]

        return given

    def score(self, changes: Mapping[str, Number]) -> Tried | None:
        """None where there is no score with these values."""
        self._needed, self.ranges = {}, {}
        values = {**dict.fromkeys(self._points, _NONE), **self.at.values, **changes}
        try:
            score = Fraction(self._run(values))
        except NoScore:
            return None
        return Tried(score, {**changes, **self._needed})


def texts(at: Standing, levers: Mapping[str, Lever], changes: Mapping[str, Number]) -> dict[str, str]:
    """Changes as they are written in evidence."""
    return {
        key: levers[key].text(value) if key in levers else points_text(value, at.program.asks[key].worth) for key, value in changes.items()
    }


def scored_again(at: Standing, written: Mapping[str, str]) -> Changed:
    """The whole project scored by the real scorer with this evidence."""
    return changed(at.ground, [Given(key, text, Where(f"--set {key}={text}")) for key, text in written.items()])


def total_of(at: Standing, parts: tuple[str, ...]) -> Expr:
    """The total as an expression of the evidence of some parts; all else is put in as it stands."""
    program, outcome = at.program, at.outcome
    open_ = set(parts)
    inlined: dict[str, Expr] = {}
    for name in program.order:
        node = program.nodes[name]
        if node.is_leaf or not open_.isdisjoint(node.children):
            inlined[score_key(name)] = node.expr if node.is_leaf else _put(node.expr, inlined)
            if not node.is_leaf:
                open_.add(name)
        if name not in open_:
            inlined[score_key(name)] = Const(outcome.scores[name])
        if name in outcome.weights:
            inlined[weight_key(name)] = Const(outcome.weights[name])
    for name, expr in program.extras.items():
        inlined[score_key(name)] = expr if name in open_ else Const(outcome.extras[name])
    return _put(program.total, inlined)


def nearest_total(at: Standing, lever: Lever, compare: Literal[">=", "<"], edge: Fraction) -> Place | None:
    """The nearest value of a fact that several parts use at which the total is at least, or below, a value. Raises `Untold`.

    Every rounding on the way would be cut at each of its steps: so first without, then with it where that may decide.
    """
    whole = total_of(at, lever.parts)
    plain, slack = unrounded(whole), _slack(at, whole)
    asks, sign = at.program.asks, 1 if compare == ">=" else -1
    smooth = exactly_swept(plain, lever, at.values, asks, at.unit)
    if exactly_nearest(smooth, compare, edge - sign * slack, lever) is None:
        return None
    sure = exactly_nearest(smooth, compare, edge + sign * slack, lever)
    within = lever.within if sure is None else lever.within.meet(_around(lever.value, sure.value))
    found: list[Piece] = []
    for stretch in where(smooth, compare, edge - sign * slack):
        found += exactly_swept(whole, lever._replace(within=within.meet(stretch)), at.values, asks, at.unit)
    return exactly_nearest(found, compare, edge, lever) or sure


def _around(a: Number, b: Number) -> Interval:
    """As far as b, on either side of a."""
    far = Fraction(b - a) if b > a else Fraction(a - b)
    return Interval(a - far, a + far)


def unrounded(expr: Expr) -> Expr:
    return rewrite(expr, lambda node: node.arg if isinstance(node, Round) else node)


def _slack(at: Standing, expr: Expr) -> Fraction:
    """How far all roundings together can take the total, also where what is left is scaled up."""
    count = sum(isinstance(node, Round) for node in nodes(expr))
    weights = [(node.weight, at.outcome.weights.get(name, node.weight)) for name, node in at.program.nodes.items()]
    most = max((Fraction(whole) / rest for whole, rest in weights if rest), default=Fraction(1))
    whole = at.result.full / at.result.applicable if at.result.applicable else Fraction(1)
    return count * at.unit * max(most, Fraction(1)) * max(whole, Fraction(1))


def _put(expr: Expr, known: Mapping[str, Expr]) -> Expr:
    return rewrite(expr, lambda node: known.get(node.key, node) if isinstance(node, Input) else node)
