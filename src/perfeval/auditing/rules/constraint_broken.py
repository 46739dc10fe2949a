"""constraint-broken: 权重合乎声明的约束吗？ Do the weights keep the declared constraints?

Reads: rules (`constraints` of the tree, and of the tree given by --against).
Severity: warning.
Bad: `{sum_of: [产出, 效益], at_least: 60%}` with weights 25 and 30 of 100. Good: 30 and 30.
Clause: 财预〔2020〕10号 第十二条 wants 产出 and 效益 to be at least 60 % together (as the tree's own `document` says).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfeval.auditing._contract import Need, Subject
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal, show_rate

KIND = ProblemKind(
    "constraint-broken",
    says="{names} 合计 {found} 分，占 {rate}，约束要求{wanted}{bound}。",
    remedy="调整权重；约束写错了的，改 constraints。",
    en="{names} come to {found} points, {rate}; the constraint wants {wanted_en} {bound}.",
    en_remedy="Change the weights; if the constraint is wrong, mend constraints.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("rules",)


def check(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    for position, constraint in enumerate(tree.constraints):
        found = [subject.index.find(name) for name in constraint.sum_of]
        nodes = [one[1][-1] for one in found if not isinstance(one, Problem)]
        if len(nodes) < len(found) or tree.total <= 0:
            continue  # told where the tree is read
        total = sum((node.weight for node in nodes), Fraction(0))
        rate = total / tree.total
        names = "、".join(f"「{node.name}」" for node in nodes)
        shown = {"names": names, "found": show_decimal(total), "rate": show_rate(rate)}
        least, most = constraint.at_least, constraint.at_most
        if least is not None and rate < least:
            at = subject.in_rules("constraints", position, "at_least")
            yield KIND.on(at, **shown, wanted="至少", wanted_en="at least", bound=show_rate(least))
        if most is not None and rate > most:
            at = subject.in_rules("constraints", position, "at_most")
            yield KIND.on(at, **shown, wanted="至多", wanted_en="at most", bound=show_rate(most))
