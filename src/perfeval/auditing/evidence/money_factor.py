"""money-factor: 金额的单位写错了吗（元、万元）？ Is an amount of money off by a factor of ten thousand?

Reads: rules (quotients in measures), evidence (facts and values that are money; target and actual value of a leaf).
Severity: warning.
Bad: `实际支出: 17.16元` beside `到位资金: 17.16万元`. Good: both in 万元, or 171600元.
Told where one amount is divided by another and the quotient is about 1 : 10000, and where two facts have the same three or more
digits and differ by exactly that.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._evidence import computed, entries, measures_of, printed
from perfeval.ir.nodes import Div, Expr, Input
from perfeval.ir.show import show
from perfeval.ir.walk import nodes
from perfeval.model.evidence import Entry
from perfeval.model.folder import ProjectFolder
from perfeval.problems import Origin, Problem, ProblemKind, Severity
from perfeval.quantity import MONEY, Unit, show_decimal, show_quantity

KIND = ProblemKind(
    "money-factor",
    says="「{name}」为 {value}，「{other}」为 {other_value}，相差约 {factor} 倍，像是元与万元写混了。",
    remedy="核对两个数的单位；确是如此的，在 audit: ignore 里写明原因。",
    en="“{name}” is {value}, “{other}” is {other_value}: about {factor} times, as if 元 and 万元 were mixed up.",
    en_remedy="Check the units of both; if they are right, give the reason under audit: ignore.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("folder",)
FACTOR = 10_000
NEAR = 2  # a factor between 5,000 and 20,000 is about ten thousand
EACH = ("人均", "户均", "平均", "单价", "单位", "标准", "每", "均")
"""What names of amounts for one call them: a total may well be ten thousand times as much."""
DIGITS = 100  # of fewer than three digits two amounts may share all by chance


class Amount(NamedTuple):
    name: str
    value: Fraction
    unit: Unit | None
    at: Origin

    @property
    def shown(self) -> str:
        return show_quantity(self.value, self.unit)


def check(subject: Subject) -> Iterator[Problem]:
    told: set[frozenset[str]] = set()
    for one, other in (*_divided(subject), *_same_digits(subject), *_targets(subject)):
        names = frozenset((one.name, other.name))
        if names not in told:
            told.add(names)
            yield _finding(one, other)


def _finding(one: Amount, other: Amount) -> Problem:
    small, large = sorted((one, other), key=lambda amount: amount.value)
    factor = show_decimal(large.value / small.value // 1)
    return KIND.on(small.at, name=small.name, value=small.shown, other=large.name, other_value=large.shown, factor=factor)


def _is_off(one: Fraction, other: Fraction) -> bool:
    if one <= 0 or other <= 0:
        return False
    return Fraction(FACTOR, NEAR) <= max(one, other) / min(one, other) <= FACTOR * NEAR


def _divided(subject: Subject) -> Iterator[tuple[Amount, Amount]]:
    """Amounts that a measure divides by each other."""
    folder = subject.folder
    assert folder is not None
    given = {id(node): (entry, at.key()) for node, entry, at in entries(subject)}
    for origin, node in subject.leaves():
        entry, at = given.get(id(node), (None, origin))
        for quotient in (part for measure in measures_of(node) for part in nodes(measure) if isinstance(part, Div)):
            above, below = (_amount(side, folder, entry, at) for side in (quotient.above, quotient.below))
            if above and below and _is_off(above.value, below.value):
                yield above, below


def _amount(expr: Expr, folder: ProjectFolder, entry: Entry | None, at: Origin) -> Amount | None:
    found = computed(expr, folder, entry)
    name = expr.key if isinstance(expr, Input) else show(expr)
    if found is None or found.dimension != MONEY or _is_for_one(name, found.unit):
        return None
    fact = folder.facts.get(name)
    return Amount(name, Fraction(found.value), found.unit, fact.origin if fact else at)


def _same_digits(subject: Subject) -> Iterator[tuple[Amount, Amount]]:
    """Facts that differ by ten thousand exactly."""
    assert subject.folder is not None
    amounts = [
        Amount(fact.key, Fraction(fact.value), fact.unit, fact.origin)
        for fact in subject.folder.facts.values()
        if fact.value is not None and fact.dimension == MONEY and not _is_for_one(fact.key, fact.unit)
    ]
    by_value: dict[Fraction, list[Amount]] = {}
    for amount in amounts:
        by_value.setdefault(amount.value, []).append(amount)
    for small in amounts:
        if small.value > 0 and _digits(small.value) >= DIGITS:
            yield from ((small, large) for large in by_value.get(small.value * FACTOR, ()))


def _is_for_one(name: str, unit: Unit | None) -> bool:
    return any(word in name for word in EACH) or (unit is not None and "/" in unit.symbol)


def _digits(value: Fraction) -> int:
    """The digits of a figure as a whole number, without zeros at its ends."""
    text = show_decimal(value).replace(".", "").strip("0")
    return int(text) if text.isdigit() else 0


def _targets(subject: Subject) -> Iterator[tuple[Amount, Amount]]:
    """The target of a leaf and the actual value that is printed."""
    folder = subject.folder
    assert folder is not None
    words = frozenset(folder.tree.units)
    for node, entry, at in entries(subject):
        if entry.actual is None:
            continue
        actual, target = printed(entry.actual.strip(), None, words), printed(node.target.strip("≥≤＝=>< "), None, words)
        if actual and target and actual.dimension == target.dimension == MONEY and _is_off(actual.value, target.value):
            there = at.under("actual")
            yield Amount(node.name, actual.value, actual.unit, there), Amount(f"{node.name}（target）", target.value, target.unit, there)
