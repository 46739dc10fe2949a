"""full-unreachable: 量在声明的范围里，拿得到满分吗？ Can full marks be had within the declared range of the quantity?

Reads: rules (a leaf, or a part of a sum, that measures one quantity, with both ends of that quantity under `quantities`).
Severity: warning.
Bad: `{kind: linear, zero_at: 60%, full_at: 110%}` of a rate that is declared from 0% to 100%. Good: full at 100%.
A rule that never gives its weight, whatever the value, is rule-falls-short and is not told here again.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._sweeps import Extremes, extremes, extremes_of_parts, leaf_of
from perfeval.ir.units import range_of
from perfeval.problems import Origin, Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal, show_short

KIND = ProblemKind(
    "full-unreachable",
    says="「{name}」拿不到满分：「{quantity}」在 {values} 之间，最多得 {most} 分，分值是 {weight} 分。",
    remedy="改满分的界限，或改 quantities 里这个量的范围。",
    en="Full marks of “{name}” cannot be had: with “{quantity}” within {values} it gets {most} at the most, of {weight}.",
    en_remedy="Change the bound of full marks, or the range of the quantity under quantities.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("rules",)


def check(subject: Subject) -> Iterator[Problem]:
    for origin, node in subject.leaves():
        leaf = leaf_of(subject, node)
        if leaf is None or node.rule is None:
            continue
        found = extremes(leaf)
        if found is not None and found.most < node.weight:
            reach = range_of(leaf.expr, {})
            if reach is None or reach.high is None or reach.high >= node.weight:
                yield _told(origin.under("rule"), node.name, found, node.weight)
                continue  # of its parts nothing more
        for part in extremes_of_parts(leaf, node.rule):
            if part.found.most < part.worth:
                yield _told(part.origin, f"{node.name}／{part.name}", part.found, part.worth)


def _told(at: Origin, name: str, found: Extremes, worth: Fraction) -> Problem:
    most = show_short(found.most, 4, [worth])
    return KIND.on(at, name=name, quantity=found.name, values=found.values, most=most, weight=show_decimal(worth))
