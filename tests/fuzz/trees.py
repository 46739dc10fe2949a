"""YAML as a tree that can be changed: keys may stand twice, and it is written down again in any style."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

from perfeval.reading.yaml_subset import YamlNode, read_yaml


class Pairs(list[list[Any]]):
    """A mapping as [key, value] pairs, in order."""


Tree = str | list[Any]
Holder = tuple[list[Any], int]
"""Where a value stands: in a list, or as the second of a pair."""


def tree_of(text: str) -> Tree:
    root = read_yaml("seed", text.encode()).root
    assert root is not None
    return _raw(root)


def _raw(node: YamlNode) -> Tree:
    if node.kind == "map":
        return Pairs([key.value, _raw(value)] for key, value in node.value)
    return [_raw(value) for value in node.value] if node.kind == "list" else str(node.value)


def copied(tree: Tree) -> Tree:
    if isinstance(tree, Pairs):
        return Pairs([key, copied(value)] for key, value in tree)
    return [copied(value) for value in tree] if isinstance(tree, list) else tree


def values(tree: Tree) -> Iterator[Holder]:
    """Where every value below the root stands."""
    for at, one in enumerate(tree if isinstance(tree, list) else ()):
        holder: Holder = (one, 1) if isinstance(tree, Pairs) else (tree, at)  # type: ignore[assignment]
        yield holder
        yield from values(holder[0][holder[1]])


def containers(tree: Tree, kind: type) -> list[Any]:
    """All mappings (`Pairs`), or all lists (`list`) that are none."""
    found = [tree, *(holder[at] for holder, at in values(tree))]
    return [one for one in found if type(one) is kind]


_PLAIN = re.compile(r"[\w.≥≤（）。，、「」/][\w.%≥≤（）。，、「」/ *+-]*(?<! )")


class Writer:
    """Writes a tree in a style of its own, chosen by chance."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.quoting = random.choice(("plain", "plain", "double", "single", "mixed"))
        self.flow = random.choice((0.0, 0.1, 0.5, 1.0))
        self.comments = random.choice((0.0, 0.0, 0.2))
        self.indent = random.choice((1, 2, 2, 4))

    def text(self, tree: Tree) -> str:
        return "\n".join(self._block(tree, 0)) + self.random.choice(("\n", "\n", "", "\n\n"))

    def scalar(self, text: str) -> str:
        style = self.random.choice(("plain", "double", "single")) if self.quoting == "mixed" else self.quoting
        if style == "plain" and _PLAIN.fullmatch(text):
            return text
        if style == "single" and "\n" not in text and text.isprintable():
            return "'" + text.replace("'", "''") + "'"
        return json.dumps(text, ensure_ascii=False)

    def _flowing(self, tree: Tree) -> str:
        comma = self.random.choice((", ", ", ", " , "))
        if isinstance(tree, Pairs):
            return "{" + comma.join(f"{self.scalar(key)}: {self._flowing(value)}" for key, value in tree) + "}"
        if isinstance(tree, list):
            return "[" + comma.join(map(self._flowing, tree)) + "]"
        return self.scalar(tree)

    def _block(self, tree: Tree, depth: int) -> Iterator[str]:
        pad = " " * (self.indent * depth)
        if not isinstance(tree, list) or not tree or (depth and self.random.random() < self.flow) or depth > 30:
            yield pad + self._flowing(tree)
            return
        for one in tree:
            if self.random.random() < self.comments:
                yield pad + "# 说明 a: [b"
            head, value = (f"{self.scalar(one[0])}:", one[1]) if isinstance(tree, Pairs) else ("-", one)
            lines = list(self._block(value, depth + 1))
            if len(lines) == 1 and not (isinstance(value, list) and value and not lines[0].lstrip().startswith(("[", "{"))):
                yield f"{pad}{head} {lines[0].strip()}" + ("  # 说明" if self.random.random() < self.comments else "")
            else:
                yield pad + head
                yield from lines
