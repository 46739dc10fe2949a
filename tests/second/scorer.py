"""A second scorer, for checking the first: the meaning of the format said again, sharing no code with perfeval.

Everything is an interval of exact fractions. Evidence that is there gives a point; what is missing gives all numbers, so that one
walk over a rule answers both "what is the score" and "what can it still be". It trusts its input: mistakes of form are not its matter.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import yaml

Interval = tuple[Fraction, Fraction]

ZERO, ONE, BIG = Fraction(0), Fraction(1), Fraction(10**60)  # BIG: beyond all that can be written, and their quotients
WHOLE, SOFT = (-BIG, BIG), {"missing", "wide"}
MISSING = {"", "null", "~", "待补充", "待定", "—", "/"}
YES, NO = {"是", "yes", "true", "√"}, {"否", "no", "false", "×"}
PLAIN = str.maketrans("０１２３４５６７８９％", "0123456789%")
SCALES = {"%": Fraction(1, 100), "百分点": Fraction(1, 100), "个百分点": Fraction(1, 100), "‰": Fraction(1, 1000)}
PREFIX = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
BOUNDS = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<", "exactly": "="}
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
UNIT = r"(?:[%‰]|[^\W\d_]+(?:/(?:人|户|件|项|次|个|天|月|年|亩|吨|辆|台|套)(?!\w))?)"
VALUE = re.compile(rf"([+-]?{NUMBER})\s*({UNIT})?")
DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
TOKEN = re.compile(
    rf"\s*(?:(?P<date>\d{{4}}-\d{{2}}-\d{{2}})|(?P<number>{NUMBER}(?:\s*[%‰]|{UNIT})?)|「(?P<quoted>[^」]*)」|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>>=|<=|[-+*/×÷()（）,，<>=≥≤]))"
)
SIGNS = {"×": "*", "÷": "/", "（": "(", "）": ")", "，": ",", "≥": ">=", "≤": "<="}
LEVELS = (("or",), ("and",), ("not",), (">=", ">", "<=", "<", "="), ("+", "-"), ("*", "/"))  # loosest first


class Refused(Exception):
    """There is no score, and why in a word."""


def known(text: Any) -> bool:
    return text is not None and not (isinstance(text, str) and text.strip() in MISSING)


# ---- values, expressions, intervals


def unit_scale(unit: str) -> Fraction:
    (over, _, under), scale = unit.partition("/"), SCALES.get(unit, ONE)
    while unit not in SCALES and len(over) > 1 and over[0] in PREFIX:
        scale, over = scale * PREFIX[over[0]], over[1:]
    return scale / unit_scale(under) if under else scale


@cache
def value(text: str, unit: str | None = None) -> tuple[Fraction, str]:
    """What a value comes to, with its unit as written, or with `unit` where it is left out. Dates are days; yes and no are 1 and 0."""
    text = text.strip().translate(PLAIN)
    if text.lower() in YES | NO:
        return Fraction(text.lower() in YES), "yes/no"
    if found := DATE.fullmatch(text):
        return Fraction(datetime.date(*map(int, found.groups())).toordinal()), "date"
    if not (found := VALUE.fullmatch(text)):
        raise Refused(f"no value: {text}")
    number, own = Fraction(found[1].replace(",", "")), found[2] or unit or ""
    if own in SCALES and not found[2] and 0 < number <= 1:
        raise Refused("per cent or fraction")
    return number * unit_scale(own), own


@cache
def parse(text: str) -> tuple[Any, ...]:
    """An expression or a condition as nested tuples; conditions are numbers too, 1 and 0."""
    tokens, at, text = [], 0, text.strip() if "「" in text else text.strip().translate(PLAIN)
    while at < len(text):
        if not (found := TOKEN.match(text, at)):
            raise Refused(f"no expression: {text}")
        tokens.append((str(found.lastgroup), SIGNS.get(found[str(found.lastgroup)], found[str(found.lastgroup)])))
        at = found.end()
    tokens.append(("end", ""))

    def take(*words: str) -> str:
        return tokens.pop(0)[1] if tokens[0][0] in ("sign", "name") and tokens[0][1] in words else ""

    def level(depth: int) -> tuple[Any, ...]:
        if depth == len(LEVELS):
            return atom()
        if depth == 2:
            return ("not", level(2)) if take("not") else level(3)
        left = level(depth + 1)
        while word := take(*LEVELS[depth]):
            left = (word, left, level(depth + 1))
        return left

    def atom() -> tuple[Any, ...]:
        if sign := take("-", "+"):
            return (sign, ("number", ZERO), atom())
        word = take("(") or (take("min", "max") if tokens[1][1:] == ("(",) else "")
        if word == "(" or (word and take("(")):
            inner = [level(0), *iter(lambda: level(0) if take(",") else None, None)]
            if not take(")"):
                raise Refused("an open parenthesis")
            return inner[0] if word == "(" else (word, *inner)
        kind, word = tokens.pop(0)
        if kind not in ("number", "date", "name", "quoted"):
            raise Refused(f"no expression at {word}")
        return ("number", value(word)[0]) if kind in ("number", "date") else ("name", word)

    tree = level(0)
    if tokens[0][0] != "end":
        raise Refused("more than an expression")
    return tree


def point(number: Fraction | int) -> Interval:
    return Fraction(number), Fraction(number)


def hull(*parts: Interval) -> Interval:
    return min(p[0] for p in parts), max(p[1] for p in parts)


def total(parts: list[Interval]) -> Interval:
    return sum((p[0] for p in parts), ZERO), sum((p[1] for p in parts), ZERO)


def minus(a: Interval, b: Interval) -> Interval:
    return a[0] - b[1], a[1] - b[0]


def times(a: Interval, b: Interval) -> Interval:
    return min(x * y for x in a for y in b), max(x * y for x in a for y in b)


def clamp(x: Interval, low: Fraction, high: Fraction) -> Interval:
    return max(low, min(high, x[0])), max(low, min(high, x[1]))


def gate(points: Interval, condition: Interval) -> Interval:
    """The points where a condition holds, else nothing."""
    return (points[0] if condition[0] else ZERO), (points[1] if condition[1] else ZERO)


def compare(sign: str, a: Interval, b: Interval) -> Interval:
    """(1, 1) where it surely holds, (0, 0) where it surely does not, else between."""
    if sign in ("<", "<="):
        return compare({"<": ">", "<=": ">="}[sign], b, a)
    if sign == "=":
        return Fraction(a == b and a[0] == a[1]), Fraction(a[0] <= b[1] and b[0] <= a[1])
    return (Fraction(a[0] > b[1]), Fraction(a[1] > b[0])) if sign == ">" else (Fraction(a[0] >= b[1]), Fraction(a[1] >= b[0]))


def bounded(x: Interval, bounds: Mapping[str, Interval]) -> Interval:
    return min((compare(BOUNDS[b], x, y)[0] for b, y in bounds.items())), min((compare(BOUNDS[b], x, y)[1] for b, y in bounds.items()))


def round_away(x: Fraction, places: int) -> Fraction:
    """Half away from zero; nothing that is rounded here is below 0."""
    return Fraction(int(x * 10**places + Fraction(1, 2)), 10**places)


def cell_value(text: str, bound: bool = False) -> tuple[str, Any]:
    """A cell or what it is compared with: a date, a number, or a text. Where it has to be equal, zeros in front make it a text."""
    try:
        number, unit = value("x" if re.match(r"\s*[+-]?0\d", text.translate(PLAIN)) and not bound else text)
    except Refused:
        unit = "yes/no"
    return ("text", text.strip()) if unit == "yes/no" else ("date" if unit == "date" else "number", number)


def matches(cell: str, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return any(matches(cell, one) for one in wanted)
    if not isinstance(wanted, Mapping):
        return cell_value(cell) == cell_value(wanted)
    (kind, number), bounds = cell_value(cell, True), {b: cell_value(text, True) for b, text in wanted.items()}
    if kind == "text" or any(kind != other for other, _ in bounds.values()):
        raise Refused("not comparable")
    return bounded(point(number), {b: point(y) for b, (_, y) in bounds.items()})[0] == 1


@cache
def named_scale(path: Path) -> list[dict[str, str]]:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)["grades"]  # type: ignore[no-any-return]


# ---- one leaf


class Place(NamedTuple):
    """Where a rule stands: what was answered there, what it is worth, the name of its item or part, the quantity if it is given."""

    entry: Mapping[str, Any]
    weight: Fraction
    name: str | None = None
    quantity: Interval | None = None
    alone: bool = False  # parts that do not apply are scaled within the rule

    def answer(self, key: str) -> Any:
        return self.entry.get(key, self.entry.get("*"))


class Leaf:
    """Scores one leaf. `why`: what is in the way, in words (`wide`: nothing is, but intervals are not tight); `removed`: what does not apply."""

    def __init__(self, project: Project, spec: Mapping[str, Any], weight: Fraction) -> None:
        self.project, self.spec, self.weight, self.removed = project, spec, weight, ZERO
        self.why: set[str] = set()
        self.values: Mapping[str, Any] = {}

    def fail(self, why: str = "no answer") -> Interval:
        self.why.add(why)
        return WHOLE

    def lookup(self, name: str, unit: str | None = None, direct: bool = False) -> Interval:
        """A name's value. `direct`: a rule with bounds in `unit` looks at just this name, so a bare value of the leaf takes it."""
        if name in self.values:
            return point(value(self.values[name], unit if direct else None)[0]) if known(self.values[name]) else self.fail("missing")
        if name in self.spec.get("measures", {}):
            return self.text(self.spec["measures"][name])
        number, own = self.project.fact(name)
        if direct and unit in SCALES and not own and number:
            raise Refused("per cent or fraction")
        return self.fail("missing") if number is None else point(number)

    def calc(self, tree: tuple[Any, ...]) -> Interval:
        word = tree[0]
        if word in ("number", "name"):
            return point(tree[1]) if word == "number" else self.lookup(tree[1])
        args = [self.calc(arg) for arg in tree[1:]]
        if best := {"min": min, "and": min, "max": max, "or": max}.get(word):
            return best(a[0] for a in args), best(a[1] for a in args)
        if word == "not":
            return clamp(minus(point(1), args[0]), ZERO, ONE)
        if word in LEVELS[3]:
            return compare(word, *args)
        return {"+": lambda a, b: total([a, b]), "-": minus, "*": times, "/": self.over}[word](*args)

    def over(self, a: Interval, b: Interval) -> Interval:
        if b == (0, 0):
            return self.fail("zero divisor")
        return WHOLE if b[0] <= 0 <= b[1] else times(a, (1 / b[1] if b[1] < BIG else ZERO, 1 / b[0] if b[0] > -BIG else ZERO))

    def text(self, text: str) -> Interval:
        return self.calc(parse(text))

    def points(self, text: str, weight: Fraction, judged: bool = False) -> Fraction:
        text = text.strip().translate(PLAIN)
        if text == "full":
            return weight
        share, of, what = text.partition(" of ")
        (over, _, under), whole = share.partition("/"), self.weight if what.strip() == "leaf" else weight
        if of:
            return value(over)[0] / (value(under)[0] if under else 1) * whole
        number, unit = value(text)
        return number * weight if unit == "%" and judged else number

    def span(self, spec: Any, place: Place) -> Interval:
        """Points that are fixed, or a range judged within."""
        if not isinstance(spec, Mapping):
            return point(self.points(spec, place.weight))
        high = self.points(spec.get("to", spec.get("below")), place.weight)
        return self.judge(place, (self.points(spec["from"], place.weight), high), place.entry.get("points"), "below" in spec)

    def judge(self, place: Place, within: Interval, given: Any, open_end: bool = False) -> Interval:
        if not known(given):
            return clamp(self.fail("missing"), *within)
        got = self.points(given, place.weight, judged=True)
        if within[0] <= got <= within[1] and not (open_end and got == within[1]):
            return point(got)
        return within if "missing" in self.why else self.fail("points out of range")

    def looked_at(self, rule: Mapping[str, Any], place: Place, bounds: list[str]) -> Interval:
        """The quantity of a rule. The leaf's own bare values take the unit of the rule's bounds."""
        found = [VALUE.fullmatch(text.strip().translate(PLAIN)) for text in bounds]
        unit = next((f[2] for f in found if f and f[2]), None)
        given, measures = place.answer("actual"), list(self.spec.get("measures", {}))
        if place.quantity is not None:
            return place.quantity
        if "of" in rule or (place.name is None and "measure" in self.spec):
            tree = parse(rule.get("of") or self.spec["measure"])
            return self.lookup(tree[1], unit, direct=True) if tree[0] == "name" else self.calc(tree)
        if place.name is None and len(measures) == 1:
            return self.lookup(measures[0], unit, direct=True)
        if place.name is not None and not place.entry.keys() & {"actual", "*"}:
            return self.lookup(place.name, unit, direct=True)
        return point(value(given, unit)[0]) if known(given) else self.fail("missing")

    def rule(self, rule: Any, place: Place) -> Interval:
        while isinstance(rule, str):
            rule = self.project.tree["rules"][rule]
        return clamp(getattr(self, rule["kind"])(rule, place), ZERO, place.weight)

    def answers(self, specs: Any, given: Any) -> Iterator[tuple[Mapping[str, Any], Any]]:
        for n, spec in enumerate(specs or ()):
            spec = {"text": spec} if isinstance(spec, str) else spec
            name = spec.get("id", spec.get("name", spec.get("text")))
            yield spec, given[n] if isinstance(given, list) else (given or {}).get(name)

    def item(self, spec: Mapping[str, Any], answer: Any, weight: Fraction, alone: bool = False) -> Interval | None:
        """An item or a part; None where it does not apply and its rule or the tree is to be scaled."""
        entry = answer if isinstance(answer, Mapping) else {} if answer is None else {"*": answer}
        if "not_applicable" in entry:
            return point(weight) if self.project.policy["not_applicable"] == "full" else None
        place = Place(entry, weight, spec.get("name", spec.get("text")), None, alone)
        return self.rule(spec["rule"], place) if "rule" in spec else times(self.yes_no(place.answer("actual")), point(weight))

    def yes_no(self, given: Any) -> Interval:
        given = given.get("actual") if isinstance(given, Mapping) else given
        return point(value(given)[0]) if known(given) else clamp(self.fail("missing"), ZERO, ONE)

    def leaf(self, entry: Mapping[str, Any]) -> Interval:
        self.values = entry.get("values") or {}
        got = clamp(self.rule(self.spec["rule"], Place(entry, self.weight)), ZERO, self.weight - self.removed)
        for spec, given in self.answers(self.spec.get("defects"), entry.get("defects")):
            given = given.get("actual") if isinstance(given, Mapping) else given
            count = point(value(given)[0]) if known(given) else clamp(self.fail("missing"), ZERO, BIG)
            off = times(count, point(self.points(spec["per"], self.weight)))
            got = minus(got, clamp(off, ZERO, self.points(spec["cap"], self.weight) if "cap" in spec else BIG))
        got = clamp(got, ZERO, self.weight)
        for key in ("veto", "requires"):
            for _, given in self.answers(self.spec.get(key), entry.get(key)):
                fine = self.yes_no(given) if key == "requires" else minus(point(1), self.yes_no(given))
                got = gate(got, fine)
                self.why &= SOFT if fine == (0, 0) else self.why  # nothing is left, whatever else there is
        if self.why - SOFT and "missing" not in self.why:
            raise Refused(", ".join(sorted(self.why - SOFT)))
        return got

    # ---- the rule kinds: points before they are kept within [0, w]

    def threshold(self, rule: Any, place: Place) -> Interval:
        x = self.looked_at(rule, place, [rule[b] for b in BOUNDS if b in rule])
        return gate(point(place.weight), bounded(x, {b: self.text(rule[b]) for b in BOUNDS if b in rule}))

    def bands(self, rule: Any, place: Place) -> Interval:
        ends = [band[b] for band in rule["bands"] for b in BOUNDS if b in band]
        x, why, reached = self.looked_at(rule, place, ends), set(self.why), []
        for end in ends:  # all are asked for; only those that are reached divide
            self.text(end)
        self.why = why | (self.why & SOFT)
        for band in rule["bands"]:
            sure, possible = bounded(x, {b: self.text(band[b]) for b in BOUNDS if b in band})
            reached += [self.span(band["points"], place)] if possible else []
            if sure:
                return hull(*reached)
        if "otherwise" in rule:
            return hull(*reached, self.span(rule["otherwise"], place))
        return hull(*reached) if reached and x[0] < x[1] else self.fail()

    def linear(self, rule: Any, place: Place) -> Interval:
        through = rule.get("through") or [[rule["zero_at"], "0"], [rule["full_at"], "full"]]
        x = self.looked_at(rule, place, [at for at, _ in through])
        knots = [(self.text(at), self.points(points, place.weight)) for at, points in through]
        (a, low), (b, high) = knots[0], knots[-1]
        if len(knots) == 2:
            got = total([point(low), times(clamp(self.over(minus(x, a), minus(b, a)), ZERO, ONE), point(high - low))])
        else:
            line = sorted((at[0], points) for at, points in knots)
            got = hull(*(point(between(line, at)) for at in (*x, *(k for k, _ in line if x[0] < k < x[1]))))
        rising = compare(">", b, a)[1] == (high > low)
        return gate(got, compare(">=" if rising else "<=", x, self.text(rule["pass_mark"]))) if "pass_mark" in rule else got

    def proportional(self, rule: Any, place: Place) -> Interval:
        printed, direction = re.sub(r"^[^\d+-]*", "", self.spec.get("target", "")), rule.get("direction", "forward")
        bounds = [rule.get("target", printed), *([rule["baseline"]] if "baseline" in rule else [])]
        x, (t, *b) = self.looked_at(rule, place, bounds), map(self.text, bounds)
        if direction != "baseline" and (t[1] < 0 or (direction == "forward" and t[1] == 0)):
            return self.fail("zero divisor" if direction == "forward" else "no answer")
        if direction in ("forward", "baseline"):
            share = self.over(x, t) if direction == "forward" else self.over(minus(b[0], x), minus(b[0], t))
        elif direction == "reverse":
            share = hull(*(point(a <= 0) if t == (0, 0) else minus(point(2), self.over(point(a), t)) for a in x))
        else:
            share = hull(*(point(BIG) if a <= 0 else self.over(t, point(a)) for a in x))
        got = times(clamp(share, ZERO, ONE), point(place.weight))
        got = gate(got, compare(">=", share, self.text(rule["pass_mark"]))) if "pass_mark" in rule else got
        if "over" in rule and rule["over"]["then"] != "warn":
            sure, possible = compare(">", self.over(x, t), self.text(rule["over"]["beyond"]))
            if possible:
                other = point(0) if rule["over"]["then"] == "zero" else self.rule(rule["over"]["then"], place._replace(quantity=x))
                got = other if sure else hull(got, other)
        return got

    def deduction(self, rule: Any, place: Place) -> Interval:
        word = next(b for b in BOUNDS if b in rule)
        x, bound, each = self.looked_at(rule, place, [rule[word], rule["each"]]), self.text(rule[word]), self.text(rule["each"])
        per, start = self.points(rule["per"], place.weight), self.points(rule.get("from", "full"), place.weight)
        least, strict = self.points(rule.get("floor", "0"), place.weight), word in ("above", "below")
        gap = minus(bound, x) if word in ("at_least", "above") else minus(x, bound)
        gap = (ZERO if gap[0] <= 0 <= gap[1] else min(map(abs, gap)), max(map(abs, gap))) if word == "exactly" else gap
        if each[0] <= 0:
            return hull(point(start), point(least)) if each[1] > 0 else self.fail("zero divisor")

        def left(mode: str, gap: Fraction) -> Fraction:
            if gap < 0 or (gap == 0 and not strict):
                return start
            steps = gap / each[0]
            steps = {"exact": steps, "whole": Fraction(steps // 1), "started": Fraction(steps // 1 + 1 if strict else -(-steps // 1))}[mode]
            return max(least, start - per * steps)

        modes = [rule["steps"]] if "steps" in rule else ["exact", "whole", "started"]
        found = {(left(mode, gap[1]), left(mode, gap[0])) for mode in modes}
        return hull(*found) if len(found) == 1 or gap[0] < gap[1] else self.fail()

    def tiers(self, rule: Any, place: Place) -> Interval:
        tier = place.answer("tier")
        if not known(tier) and self.fail("missing"):
            return hull(*(self.span(spec, place) for spec in rule["tiers"].values()))
        return self.span(rule["tiers"][tier.strip()], place) if tier.strip() in rule["tiers"] else self.fail()

    def judged(self, _: Any, place: Place) -> Interval:
        return self.judge(place, (ZERO, place.weight), place.answer("points"))

    def adding(self, rule: Any, place: Place, key: str, answers: str) -> Interval:
        """checklist and sum: what the items come to; what does not apply is left out of both sides."""
        w, got, gone, whole = place.weight, [], ZERO, ZERO
        within = place.alone or self.project.policy["not_applicable"] == "rebase_parent" or "cap" in rule
        for spec, answer in self.answers(rule[key], place.answer(answers)):
            points = self.points(spec["points"], w) if "points" in spec else w / len(rule[key])
            one, whole = self.item(spec, answer, points, within), whole + points
            gone, got = gone + (points if one is None else ZERO), [*got, *([] if one is None else [(points, one)])]
        if not got and within:  # of no weight at all: nothing of nothing
            return self.fail("nothing applicable") if whole else point(0)
        low, high = total([one for _, one in got])
        if rule.get("all_or_nothing", "no").lower() in YES:
            low, high = gate((low, high), (Fraction(all(o[0] == p for p, o in got)), Fraction(all(o[1] == p for p, o in got))))
        if within and gone:
            low, high = (x * whole / (whole - gone) for x in (low, high))
        self.removed += ZERO if within else gone
        return clamp((low, high), ZERO, self.points(rule["cap"], w)) if "cap" in rule else (low, high)

    def checklist(self, rule: Any, place: Place) -> Interval:
        return self.adding(rule, place, "items", "checklist")

    def sum(self, rule: Any, place: Place) -> Interval:
        return self.adding(rule, place, "parts", "parts")

    def mean(self, rule: Any, place: Place) -> Interval:
        """best, least and mean too: each part that applies, scored on the whole."""
        parts = [(self.item(spec, answer, place.weight, True), spec) for spec, answer in self.answers(rule["parts"], place.answer("parts"))]
        got = [(one, value(spec.get("weight", "1"))[0]) for one, spec in parts if one is not None]
        ends, weights = [sorted(one[end] for one, _ in got) for end in (0, 1)], sum((w for _, w in got), ZERO)
        drop = rule.get("drop") == "extremes"
        self.why |= {"wide"} if drop else set()
        if not got or (drop and len(got) < 3) or not weights:
            return self.fail("nothing applicable" if not got else "no answer" if drop else "zero divisor")
        if rule["kind"] != "mean":
            return (ends[0][-1], ends[1][-1]) if rule["kind"] == "best" else (ends[0][0], ends[1][0])
        if drop:
            return times(total(list(zip(ends[0][1:-1], ends[1][1:-1], strict=True))), point(Fraction(1, len(got) - 2)))
        return times(total([times(one, point(w)) for one, w in got]), point(1 / weights))

    best = least = mean

    def choose(self, rule: Any, place: Place) -> Interval:
        reached = []
        for arm in rule["when"]:
            low, high = self.text(arm["if"])
            reached += [self.rule(arm["rule"], place)] if high else []
            if low == 1:
                return hull(*reached)
        return hull(*reached, self.rule(rule["otherwise"], place))

    def formula(self, rule: Any, place: Place) -> Interval:
        return clamp(self.text(rule["points"]), ZERO, self.points(rule.get("cap", "full"), place.weight))


def between(line: list[tuple[Fraction, Fraction]], x: Fraction) -> Fraction:
    cuts = (low + (high - low) * (max(x, a) - a) / (b - a) for (a, low), (b, high) in pairwise(line) if x <= b)
    return next(cuts, line[-1][1])


# ---- the tree


class Node(NamedTuple):
    """One node: exact before rounding, then as published; the ends differ where evidence is pending."""

    name: str
    weight: Fraction
    applies: Fraction  # the weight that applies
    exact: Interval
    shown: Interval
    status: str
    is_leaf: bool
    loose: bool = False  # pending, with a divisor of zero waiting or with `drop: extremes` at or below it
    open: bool = False  # something at or below it is still to come, whether or not it counts


Sheet = NamedTuple("Sheet", [("nodes", dict[str, Node]), ("total", Interval), ("unscaled", Interval), ("grade", str | None)])  # noqa: UP014


class Project:
    def __init__(self, tree: Any, evidence: Any, policy: Mapping[str, str], folder: Path | None, scales: Path | None) -> None:
        self.tree, self.evidence, self.folder, self.scales = tree, evidence, folder, scales
        self.policy = {"missing": "error", "not_applicable": "", **tree.get("policy", {}), **policy}
        rounding = {"places": "2", "at": "leaf", **tree.get("rounding", {})}
        self.places, self.late, self.full = int(rounding["places"]), rounding["at"] == "total", value(tree.get("total", "100"))[0]
        self.nodes: dict[str, Node] = {}
        if not self.policy["not_applicable"] and "'not_applicable'" in str(evidence):
            raise Refused("not applicable without a policy")

    @cache  # noqa: B019  a project lives as long as one call of `score`
    def fact(self, name: str) -> tuple[Fraction | None, str]:
        given = (self.evidence.get("facts") or {}).get(name)
        entry = given if isinstance(given, Mapping) else {"value": given}
        unit = entry.get("unit") or self.tree.get("quantities", {}).get(name, {}).get("unit")
        if "table" in entry:
            return self.counted(entry, unit)
        return value(entry["value"], unit) if known(entry.get("value")) else (None, "")

    def counted(self, entry: Mapping[str, Any], unit: str | None) -> tuple[Fraction | None, str]:
        """A fact from a table: its number and its unit."""
        table, folder = self.evidence["tables"][entry["table"]], self.folder or Path()
        text = (folder / table["file"]).read_bytes().decode(table.get("encoding", "utf-8-sig"))
        rows = [row for row in csv.DictReader(io.StringIO(text, newline="")) if any(known(cell) for cell in row.values())]
        if not rows:
            return None, ""
        for column, wanted in entry.get("where", {}).items():
            rows = [row for row in rows if known(row[column]) and matches(row[column], wanted)]
        word = next(w for w in ("count", "sum", "mean", "min", "max", "distinct", "cell") if w in entry)
        if word == "count":
            return Fraction(len(rows)), unit or "个"
        cells = [row[column] for row in rows for column in (entry[word] if isinstance(entry[word], list) else [entry[word]])]
        if not all(map(known, cells)) and entry.get("blank") != "skip":
            raise Refused("a blank cell")
        if not (cells := [cell for cell in cells if known(cell)]) and (rows or word in ("mean", "min", "max")):
            return None, ""
        if word == "distinct":
            return Fraction(len(set(map(cell_value, cells)))), unit or "个"
        numbers = [value(cell, unit) for cell in cells]
        plain = [number for number, _ in numbers]
        if word == "cell" and len(plain) != 1:
            raise Refused("not exactly one cell")
        found = min(plain) if word == "min" else max(plain) if word in ("max", "cell") else sum(plain, ZERO)
        return found / len(plain) if word == "mean" else found, numbers[0][1] if numbers else unit or ""

    def rounded(self, x: Interval, most: Fraction) -> Interval:
        return min(round_away(x[0], self.places), most), min(round_away(x[1], self.places), most)

    def settle(self, got: Interval, missing: bool) -> tuple[Interval, str]:
        if missing and self.policy["missing"] == "error":
            raise Refused("missing")
        return (point(0), "scored") if missing and self.policy["missing"] == "zero" else (got, "pending" if missing else "scored")

    def node(self, spec: Any, above: tuple[str, ...] = ()) -> Node:
        weight, path = value(spec["weight"])[0], (*above, spec["name"])
        name, given = spec.get("id", spec["name"]), self.evidence.get("indicators") or {}
        if "children" in spec:
            self.nodes[name] = self.parent(name, weight, [self.node(child, path) for child in spec["children"]])
        else:
            keys = [name, *("/".join(path[n:]) for n in range(len(path)))]
            self.nodes[name] = self.leaf(name, weight, spec, next((given[key] for key in keys if given.get(key) is not None), {}))
        return self.nodes[name]

    def leaf(self, name: str, weight: Fraction, spec: Any, entry: Mapping[str, Any]) -> Node:
        leaf, exact, status = Leaf(self, spec, weight), point(weight), "scored"
        if "not_applicable" not in entry:
            exact, status = self.settle(leaf.leaf(entry), "missing" in leaf.why)
        if ("not_applicable" in entry and self.policy["not_applicable"] != "full") or (leaf.removed and leaf.removed == weight):
            return Node(name, weight, ZERO, point(0), point(0), "not_applicable", True)
        applies, loose = weight - leaf.removed, status == "pending" and leaf.why != {"missing"}
        return Node(name, weight, applies, exact, self.rounded(exact, applies), status, True, loose, status == "pending")

    def parent(self, name: str, weight: Fraction, children: list[Node]) -> Node:
        there, policy = [child for child in children if child.status != "not_applicable"], self.policy["not_applicable"]
        applies = sum((child.weight if policy == "rebase_parent" else child.applies for child in there), ZERO)
        waits, loose, partly = any(child.open for child in children), any(child.loose for child in there), len(there) < len(children)
        below = sum((child.weight for child in children), ZERO)  # other than the weight only in a tree that is quoted as printed
        if not there or (partly and weight and not applies):
            return Node(name, weight, ZERO, point(0), point(0), "not_applicable", False, open=waits)
        got = total([child.exact if self.late else child.shown for child in there])
        partly = partly and (policy == "rebase_total" or applies != below)  # what has no weight takes nothing with it
        if partly and policy == "rebase_parent" and applies:
            got = clamp(times(got, point(weight / applies)), ZERO, weight)  # children quoted as printed may be worth more
        most = applies if policy == "rebase_total" and applies < min(weight, below) else weight if got[1] <= weight else BIG
        shown = self.rounded(got, most) if self.late or (partly and policy == "rebase_parent") else got
        applies = sum((child.applies for child in there), ZERO)
        return Node(name, weight, applies, got if self.late else shown, shown, "pending" if waits else "scored", False, loose, waits)

    def extras(self, key: str) -> Interval:
        """What a bonus or a penalty comes to."""
        spec, leaf = self.tree.get(key) or {"items": []}, Leaf(self, {}, self.full)
        answers = leaf.answers(spec["items"], self.evidence.get(key))
        found = [leaf.item(item, answer, leaf.points(item["points"], self.full)) for item, answer in answers]
        if leaf.why - SOFT or (leaf.why and key == "penalty" and self.policy["missing"] == "zero"):
            raise Refused(", ".join(sorted(leaf.why)))  # nothing off would be points given
        got = self.settle(total([one for one in found if one is not None]), "missing" in leaf.why)[0]
        got = clamp(got, ZERO, leaf.points(spec["cap"], self.full) if "cap" in spec else BIG)
        return got if self.late else self.rounded(got, BIG)

    def sheet(self) -> Sheet:
        root = self.parent("", self.full, [self.node(spec) for spec in self.tree["tree"]])
        leaves, got = [node for node in self.nodes.values() if node.is_leaf], root.exact
        if root.status == "not_applicable" or not root.applies:
            raise Refused("nothing applicable")
        if self.policy["not_applicable"] == "rebase_total" and root.applies != sum((leaf.weight for leaf in leaves), ZERO):
            got = times(got, point(self.full / root.applies))
            got = got if self.late else self.rounded(got, self.full)
        got = clamp(minus(total([clamp(got, ZERO, self.full), self.extras("bonus")]), self.extras("penalty")), ZERO, BIG)
        got = self.rounded(got, BIG) if self.late else got
        return Sheet(self.nodes, got, total([leaf.exact if self.late else leaf.shown for leaf in leaves]), self.grade(*got))

    def grade(self, low: Fraction, high: Fraction) -> str | None:
        """The one grade of all totals that can still be, after the vetoes on the whole project."""
        scale = self.tree.get("grades", "mof-2020")
        scale = named_scale((self.scales or Path()) / f"{scale}.yaml") if isinstance(scale, str) else scale
        bounds = [{b: point(Fraction(g[b].translate(PLAIN).rstrip("%")) * self.full / 100) for b in BOUNDS if b in g} for g in scale]
        near = (end[0] + Fraction(step, 10**self.places) for one in bounds for end in one.values() for step in (-1, 0, 1))
        totals = {low, high, *(t for t in near if low < t < high)}
        found = {next((n for n, one in enumerate(bounds) if bounded(point(t), one)[0]), -1) for t in totals}
        if -1 in found and low == high:
            raise Refused("no grade")
        leaf, names = Leaf(self, {}, ZERO), [grade["name"] for grade in scale]
        for veto, given in leaf.answers(self.tree.get("veto"), self.evidence.get("veto")):
            worst, sure = names.index(veto["grade"]) if "grade" in veto else len(names) - 1, leaf.yes_no(given)
            capped = {max(n, worst) for n in found} if sure[1] else set()
            found = capped if sure[0] else found | capped
        if leaf.why and self.policy["missing"] != "pending":
            raise Refused("missing")
        return str(names[found.pop()]) if len(found) == 1 and -1 not in found else None


def score(tree: Any, evidence: Any, policy: Mapping[str, str], folder: Path | None = None, scales: Path | None = None) -> Sheet | str:
    """The sheet of an indicators file and an evidence file, or why there is no score. `policy` is what the project says over the tree."""
    try:
        return Project(tree, evidence, policy, folder, scales).sheet()
    except Refused as why:
        return str(why)
