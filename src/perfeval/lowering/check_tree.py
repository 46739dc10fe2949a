"""The shape of a tree: weights that add up, ids that differ, leaves with rules, one to six levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from perfeval.ir.program import is_reserved
from perfeval.lowering.nodes import NodeIndex
from perfeval.model.folder import Indicators
from perfeval.model.tree import Clause, Node
from perfeval.problems import Fault, Origin, Problem, ProblemKind
from perfeval.quantity import show_decimal
from perfeval.rules._fields import RANGE_TURNED
from perfeval.rules._parts import SAME_ID

MAX_LEVELS = 6

WEIGHT_SUM = ProblemKind(
    "weight-sum",
    says="{what}的权重合计 {found} 分，应为 {wanted} 分，相差 {difference}（{parts}）。",
    remedy="调整其中一项；总分不是 {wanted} 时，请改 total 或上级的 weight。",
    en="The weights under {what} add up to {found}, not {wanted}; they differ by {difference} ({parts}).",
    en_remedy="Change one of them; or mend total, or the weight above.",
)
BAD_WEIGHT = ProblemKind(
    "bad-weight",
    says="「{name}」的分值是 {weight}，不能小于 0。",
    remedy="写 0 或更大的数。",
    en="The weight of “{name}” is {weight}; it cannot be below 0.",
    en_remedy="Write 0 or more.",
)
BAD_TOTAL = ProblemKind(
    "bad-total",
    says="total 是 {total}，要大于 0。",
    remedy="写满分，通常是 100。",
    en="total is {total}; it must be above 0.",
    en_remedy="Write the full score, most often 100.",
)
SAME_NODE = ProblemKind(
    "same-node",
    says="两个指标都叫「{id}」。",
    remedy="给其中一个写 id，例如 id: {id}（二级）。",
    en="Two indicators are called “{id}”.",
    en_remedy="Give one of them an id of its own.",
)
NO_RULE = ProblemKind(
    "no-rule",
    says="「{name}」没有评分标准，也没有下级指标。",
    remedy="写 rule（评分标准），或写 children（下级指标）。",
    en="“{name}” has neither a rule nor children.",
    en_remedy="Give it a rule, or children.",
)
RULE_ON_PARENT = ProblemKind(
    "rule-on-parent",
    says="「{name}」有下级指标，不能再有 {key}：它的得分是下级之和。",
    remedy="把 {key} 移到下级指标，或去掉 children。",
    en="“{name}” has children, so {key} does not belong here: its score is their sum.",
    en_remedy="Move {key} to a child, or remove the children.",
)
TOO_DEEP = ProblemKind(
    "too-many-levels",
    says="指标超过 {limit} 级。",
    remedy="合并层级；通常用三级。",
    en="There are more than {limit} levels.",
    en_remedy="Merge levels; three are usual.",
)
EMPTY_TREE = ProblemKind(
    "empty-tree", says="tree 里没有指标。", remedy="至少写一个指标。", en="The tree holds no indicator.", en_remedy="Write at least one."
)
BAD_NODE_NAME = ProblemKind(
    "node-name",
    says="名称「{name}」不能用：以括号 ( 开头，或 / 后面是 points、checklist 等，会与佐证的键混淆。",
    remedy="换一个名字，或写 id。",
    en="“{name}” cannot be used: beginning with (, or with points, checklist and the like behind a /, it looks like an evidence key.",
    en_remedy="Choose another name, or give an id.",
)


def check_structure(indicators: Indicators) -> Iterator[Problem]:
    """What is wrong with the tree as a tree; rules check themselves."""
    tree, file = indicators.tree, indicators.file
    if tree.total <= 0:
        yield BAD_TOTAL.on(Origin(file, ("total",)), total=show_decimal(tree.total))
    if not tree.tree:
        yield EMPTY_TREE.on(Origin(file, ("tree",)))
        return
    yield from _sum("一级指标 (the first level)", tree.tree, tree.total, Origin(file, ("tree",)))
    seen: set[str] = set()
    for path, chain in tree.walk():
        yield from _check_node(chain, Origin(file, path))
        node = chain[-1]
        if node.key in seen:
            yield SAME_NODE.on(Origin(file, (*path, "id" if node.id else "name")), id=node.key)
        seen.add(node.key)
    yield from _check_quantities(indicators)
    yield from _same_clauses("veto", tree.veto, Origin(file))
    for word, extras in (("bonus", tree.bonus), ("penalty", tree.penalty)):
        if extras:
            yield from _same_clauses("items", extras.items, Origin(file, (word,)))
    if tree.constraints:
        index = NodeIndex(tree)
        for position, constraint in enumerate(tree.constraints):
            for at, name in enumerate(constraint.sum_of):
                found = index.find(name)
                if isinstance(found, Problem):
                    yield found._replace(origin=Origin(file, ("constraints", position, "sum_of", at)), path=())


def _check_quantities(indicators: Indicators) -> Iterator[Problem]:
    """Units and ends that can be read, told where they are declared."""
    words = frozenset(indicators.tree.units)
    for name, quantity in indicators.tree.quantities.items():
        origin = Origin(indicators.file, ("quantities", name))
        try:
            quantity.read_unit(words)
        except Fault as fault:
            yield fault.on(origin.under("unit"))
            continue
        ends = []
        for key, end in (("from", quantity.from_), ("to", quantity.to)):
            try:
                if end is not None:
                    ends.append(quantity.read_end(end, words))
            except Fault as fault:
                yield fault.on(origin.under(key))
        if len(ends) == 2 and ends[0] > ends[1]:
            yield RANGE_TURNED.on(origin.under("from"), low=quantity.from_, high=quantity.to)


def _same_clauses(word: str, clauses: Sequence[Clause], origin: Origin) -> Iterator[Problem]:
    """Two clauses of one id would share one answer."""
    seen: set[str] = set()
    for position, clause in enumerate(clauses):
        if clause.key in seen:
            yield SAME_ID.on(origin.under(word, position), id=clause.key)
        seen.add(clause.key)


def _check_node(chain: Sequence[Node], origin: Origin) -> Iterator[Problem]:
    node = chain[-1]
    if node.weight < 0:
        yield BAD_WEIGHT.on(origin.under("weight"), name=node.name, weight=show_decimal(node.weight))
    if is_reserved(node.key):
        yield BAD_NODE_NAME.on(origin.under("name"), name=node.key)
    for word, clauses in (("veto", node.veto), ("requires", node.requires), ("defects", node.defects)):
        yield from _same_clauses(word, clauses, origin)
    if len(chain) == MAX_LEVELS + 1:
        yield TOO_DEEP.on(origin.under("name"), limit=MAX_LEVELS)
    if node.children:
        given: list[tuple[str, object]] = [
            ("rule", node.rule),
            ("measure", node.measure),
            ("measures", node.measures),
            ("veto", node.veto),
            ("requires", node.requires),
            ("defects", node.defects),
        ]
        for key, value in given:
            if value:
                yield RULE_ON_PARENT.on(Origin(origin.file, (*origin.path, key), of_key=True), name=node.name, key=key)
        yield from _sum(f"「{node.name}」", node.children, node.weight, origin.under("weight"))
    elif node.rule is None:
        yield NO_RULE.on(origin.under("name"), name=node.name)


def _sum(what: str, nodes: Sequence[Node], wanted: Fraction, origin: Origin) -> Iterator[Problem]:
    found = sum((node.weight for node in nodes), Fraction(0))
    if found != wanted:
        yield WEIGHT_SUM.on(
            origin,
            what=what,
            found=show_decimal(found),
            wanted=show_decimal(wanted),
            difference=show_decimal(abs(found - wanted)),
            parts="，".join(f"{node.name} {show_decimal(node.weight)}" for node in nodes),
        )
