"""full-unreachable: 量在声明的范围里，拿得到满分吗？ Can full marks be had within the declared range of the quantity?

Reads: rules (a leaf that measures one quantity, with both ends of that quantity under `quantities`).
Severity: warning.
Bad: `{kind: linear, zero_at: 60%, full_at: 110%}` of a rate that is declared from 0% to 100%. Good: full at 100%.
A rule that never gives its weight, whatever the value, is rule-falls-short and is not told here again.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._sweeps import extremes, leaf_of
from perfeval.ir.units import range_of
from perfeval.problems import Problem, ProblemKind, Severity
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
        found = extremes(leaf) if leaf is not None else None
        if leaf is None or found is None or found.most >= node.weight:
            continue
        reach = range_of(leaf.expr, {})
        if reach is not None and reach.high is not None and reach.high < node.weight:
            continue
        most = show_short(found.most, 4, [node.weight])
        yield KIND.on(
            origin.under("rule"), name=node.name, quantity=found.name, values=found.values, most=most, weight=show_decimal(node.weight)
        )
