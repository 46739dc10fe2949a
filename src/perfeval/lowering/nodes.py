"""Finding a node of a tree by its id, or by names from the end of its path."""

from __future__ import annotations

from perfeval.model.tree import Node, Tree
from perfeval.problems import Path, Problem, ProblemKind, did_you_mean

UNKNOWN_NODE = ProblemKind(
    "unknown-node",
    says="没有指标「{name}」。{hint}",
    remedy="写指标的 id，或从路径末尾起写到不重名为止，用 / 连接。",
    en="There is no indicator “{name}”. {hint}",
    en_remedy="Write its id, or names from the end of its path, joined by /.",
)
AMBIGUOUS_NODE = ProblemKind(
    "ambiguous-node",
    says="「{name}」指不明确，可能是：{found}。",
    remedy="在前面加上级的名称，用 / 连接，写到不重名为止。",
    en="“{name}” may mean: {found}.",
    en_remedy="Put the name of the level above in front, joined by /, until it is unique.",
)


class NodeIndex:
    """The nodes of a tree by reference. An id is taken first, then the names from the end of a path that fit one node."""

    def __init__(self, tree: Tree) -> None:
        self._walked = list(tree.walk())
        self._by_key = {chain[-1].key: (path, chain) for path, chain in self._walked}

    def find(self, reference: str) -> tuple[Path, tuple[Node, ...]] | Problem:
        """The node that a reference means, with its path and chain; else what is wrong with it (without a place)."""
        known = self._by_key.get(reference)
        if known is not None:
            return known
        parts = [part.strip() for part in reference.split("/")]
        found = [(path, chain) for path, chain in self._walked if _fits(chain, parts)]
        if len(found) == 1:
            return found[0]
        if not found:
            names = [chain[-1].name for _, chain in self._walked]
            return UNKNOWN_NODE.at(name=reference, hint=did_you_mean(reference, names))
        return AMBIGUOUS_NODE.at(name=reference, found="、".join("/".join(node.name for node in chain) for _, chain in found))


def _fits(chain: tuple[Node, ...], parts: list[str]) -> bool:
    ends = chain[-len(parts) :]
    return len(ends) == len(parts) and all(part in (node.name, node.key) for node, part in zip(ends, parts, strict=True))


def find(tree: Tree, reference: str) -> tuple[Path, tuple[Node, ...]] | Problem:
    """One look-up; for many build a `NodeIndex`."""
    return NodeIndex(tree).find(reference)
