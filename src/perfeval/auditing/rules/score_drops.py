"""score-drops: 完成值更好，得分会不会反而更低？ Can a better actual value score less?

Reads: rules (each leaf's points as a function of one quantity, swept exactly; the target's sign for which way is better).
Severity: warning.
Bad: bands `{at_least: 90%, below: 100%, points: 12}` over `{at_least: 70%, below: 90%, points: 13}`: 70% gets more than 90%.
Good: 12 and 6. Also bad: points that fall as the value grows, beside a target of ≥90%; less for the target itself than for a value
short of it. Points that rise to a range and fall behind it are a rule like any other. Limits: quantities that do not stand
alone in their term of the sum are not looked at; where an evaluator gives points within a range, only what holds for all is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._falls import Fall, Target, falls
from perfeval.auditing._sweeps import Swept, leaf_of, swept
from perfeval.model.tree import Node, Tree
from perfeval.problems import Origin, Problem, ProblemKind, Severity
from perfeval.quantity import show_quantity, show_short
from perfeval.rules._contract import Measured

KIND = ProblemKind(
    "score-drops",
    says="「{name}」{told}：「{quantity}」为 {values}。",
    remedy="检查各档的分数和界限；若规则本意如此（例如过高过低都不好），在 audit: {{ignore: …}} 里写明理由。",
    en="“{name}”: {told_en}. Of “{quantity}”: {values_en}.",
    en_remedy="Check the points and the bounds; if the rule means it (too much as bad as too little), say why in audit: {{ignore: …}}.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("rules",)
_TOLD = {
    "dip": ("的得分先降后升，无论越大越好还是越小越好都不对", "the points fall and rise again, which is wrong whichever way is better"),
    "against": ("的目标是 {target}，而更好的值得分反而低", "the target is {target}, and a better value gets less"),
    "target": ("正好达到目标值 {target} 时，得分反而低", "the target {target} itself gets less"),
}


def check(subject: Subject) -> Iterator[Problem]:
    for origin, node in subject.leaves():
        leaf = leaf_of(subject, node)
        for one in swept(leaf, Target.way(node.target) if _has_target(node) else 0) if leaf is not None else ():
            fall = falls(one.least, one.most, _target(node, subject.tree, one))
            if fall is not None:
                yield _told(origin, node, one, fall)
                break  # one for each indicator


def _told(origin: Origin, node: Node, one: Swept, fall: Fall) -> Problem:
    places, points = zip(*fall.values, strict=True)
    pairs = [(show_quantity(x, one.unit, 4, places), show_short(value, 4, points)) for x, value in fall.values]
    zh, en = (text.format(target=node.target.strip()) for text in _TOLD[fall.reason])
    return KIND.on(
        origin.under("rule"),
        name=node.name,
        told=zh,
        told_en=en,
        quantity=one.name,
        values="，".join(f"{x} 得 {value} 分" for x, value in pairs),
        values_en=", ".join(f"{x} gets {value}" for x, value in pairs),
    )


def _has_target(node: Node) -> bool:
    """Does the rule look at what the leaf's target is a target of? `over` says itself what follows beyond it."""
    rule = node.rule
    return isinstance(rule, Measured) and rule.of is None and getattr(rule, "over", None) is None


def _target(node: Node, tree: Tree, one: Swept) -> Target | None:
    return Target.read(node.target, one.unit, frozenset(tree.units)) if one.alone and _has_target(node) else None
