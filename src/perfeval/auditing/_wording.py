"""Texts as they are compared: without blanks, punctuation and the width of signs; and texts that stand under two indicators."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from perfeval.auditing._contract import Subject
from perfeval.model.tree import Node
from perfeval.problems import Origin, Problem, ProblemKind

SHORTEST = 8
"""Signs: a shorter text says too little to belong to one indicator alone."""
SHOWN = 40
_NO_WORD = re.compile(r"[\W_]+")


def bare(text: str) -> str:
    """What is compared of a text.

    >>> bare("资金是否 按制度、用途使用？")
    '资金是否按制度用途使用'
    """
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", text)).lower()


def shortened(text: str) -> str:
    """A text in one line for a message."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


def said_twice(
    subject: Subject,
    kind: ProblemKind,
    field: str,
    text_of: Callable[[Node], str],
    is_told: Callable[[Node, Node, str], bool] = lambda one, other, text: True,
) -> Iterator[Problem]:
    """One text under two indicators: told at each but the first, which it names. `is_told` looks at the two and the bare text."""
    first: dict[str, tuple[Origin, Node]] = {}
    for origin, node in subject.nodes():
        text = bare(text_of(node))
        if len(text) < SHORTEST:
            continue
        place, other = first.setdefault(text, (origin, node))
        below = origin.path[: len(place.path)] == place.path  # a parent may say what its only child is about
        if not below and is_told(node, other, text):
            yield kind.on(origin.under(field), name=node.name, other=other.name, text=shortened(text_of(node)))
