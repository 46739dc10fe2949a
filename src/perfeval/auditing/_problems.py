"""The indicators that a declared problem comes from."""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Subject
from perfeval.model.tree import Node
from perfeval.problems import Problem


def leaves_of(subject: Subject, name: str) -> Iterator[str]:
    """The keys of the leaves at or below the indicator that is named; none where no one is meant."""
    found = subject.index.find(name)
    if not isinstance(found, Problem):
        yield from below(found[1][-1])


def below(node: Node) -> Iterator[str]:
    """The keys of the leaves at or below an indicator."""
    if not node.children:
        yield node.key
    for child in node.children:
        yield from below(child)
