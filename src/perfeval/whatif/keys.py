"""What a key means: a fact's name, `leaf/word/id`, or a leaf's name alone where only one answer can be meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from perfeval.ir.program import WORDS, Program
from perfeval.ir.walk import inputs
from perfeval.lowering.nodes import NodeIndex
from perfeval.model.folder import ProjectFolder
from perfeval.model.tree import Node
from perfeval.problems import Problem, spelling_hint

MOST_NAMED = 12  # keys that a message lists
ANSWER_WORD = {"yes_no": "actual", "count": "actual", "number": "actual", "tier": "tier", "points": "points"}
"""Under which word of an entry the one answer of an item or part stands."""


class Refused(Exception):
    """What was asked for has no meaning, in two languages."""

    def __init__(self, zh: str, en: str, beside: Iterable[Problem] = ()) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en
        self.beside = tuple(beside)  # what else is wrong, to be told with it


class Target(NamedTuple):
    """One piece of evidence. `measured`: the quantity that the leaf's rule looks at, whatever it is computed from."""

    kind: Literal["fact", "answer", "measured"]
    key: str
    leaf: str = ""  # "" for facts and the tree's own answers


class Keys:
    """Finds what keys mean in one project."""

    def __init__(self, folder: ProjectFolder, program: Program) -> None:
        self.folder, self.program = folder, program
        self.index = NodeIndex(folder.tree)

    def find(self, word: str, text: str | None = None) -> Target:
        """The evidence a key means; `text` helps where a leaf has a tier and points. Raises `Refused`."""
        if self._is_fact(word):
            return Target("fact", word)
        if (known := self._known(word)) is not None:
            return known
        for reference, rest in _splits(word):
            node = self.leaf(reference)
            if node is not None:
                return self._answer(node, rest)
        node = self.leaf(word)
        if node is None:
            raise self._unknown(word)
        return self._of_leaf(node, text)

    def leaf(self, word: str) -> Node | None:
        """The leaf that a name or an id means; None where there is no such node. Raises `Refused` for other nodes."""
        found = self.index.find(word)
        if isinstance(found, Problem):
            if found.kind.name == "ambiguous-node":
                raise Refused(found.message("zh"), found.message("en"))
            return None
        node = found[1][-1]
        if node.children:
            below, names = [child.name for child in node.children], ", ".join(child.name for child in node.children)
            raise Refused(
                f"「{word}」有下级指标，得分由下级相加；请写它的下级：{'、'.join(below)}。",
                f"“{word}” has children and its score is their sum; name one of: {names}.",
            )
        return node

    def of(self, leaf: str) -> list[str]:
        """The keys that a leaf's score rests on, facts included, flags not."""
        asked = inputs(self.program.nodes[leaf].expr)
        return [key for key in asked if key in self.program.asks and self.program.asks[key].form != "flag"]

    def _is_fact(self, word: str) -> bool:
        ask = self.program.asks.get(word)
        return word in self.folder.facts or (ask is not None and ask.form == "fact")

    def _known(self, key: str) -> Target | None:
        """A key as the program asks for it, or with the word that people may leave out."""
        for one in (key, key.rpartition("/")[0]):
            ask = self.program.asks.get(one)
            if ask is None or ask.form == "fact" or (one != key and key.rpartition("/")[2] != ANSWER_WORD.get(ask.form)):
                continue
            return Target("answer", one, ask.node)
        return None

    def _answer(self, node: Node, rest: str) -> Target:
        key = f"{node.key}/{rest}"
        found = self._known(key)
        if found is not None:
            return found
        if rest == "not_applicable":  # also where no policy is declared: binding tells what is wrong then
            return Target("answer", key, node.key)
        raise Refused(
            f"「{node.name}」的评分标准不用「{rest}」。{self._keys_zh(node)}",
            f"The rule of “{node.name}” does not use “{rest}”. {self._keys_en(node)}",
        )

    def _of_leaf(self, node: Node, text: str | None) -> Target:
        asked = {key: self.program.asks[key] for key in self.of(node.key)}
        own = [key for key, ask in asked.items() if ask.form in ("number", "tier", "points")]
        tiers = [key for key in own if asked[key].form == "tier"]
        if len(tiers) == 1 and len(own) == 2:  # a tier, and points within its range
            is_tier = text is None or text.strip() in asked[tiers[0]].choices or not _looks_like_points(text)
            own = tiers if is_tier else [key for key in own if key not in tiers]
        if len(own) == 1:
            return Target("answer", own[0], node.key)
        if not own and len(asked) == 1:
            key, ask = next(iter(asked.items()))
            return Target("fact", key) if ask.form == "fact" else Target("answer", key, node.key)
        if not own and (node.measure is not None or len(node.measures) == 1) and getattr(node.rule, "of", None) is None:
            return Target("measured", f"{node.key}/actual", node.key)
        raise Refused(f"「{node.name}」不止一个回答。{self._keys_zh(node)}", f"“{node.name}” has several answers. {self._keys_en(node)}")

    def _keys_zh(self, node: Node) -> str:
        keys = self.of(node.key)
        return f"可写：{'、'.join(keys[:MOST_NAMED])}{'……' if len(keys) > MOST_NAMED else ''}。"

    def _keys_en(self, node: Node) -> str:
        keys = self.of(node.key)
        return f"There are: {', '.join(keys[:MOST_NAMED])}{', …' if len(keys) > MOST_NAMED else ''}."

    def _unknown(self, word: str) -> Refused:
        names = [*self.folder.facts, *(leaf.path[-1] for leaf in self.program.leaves), *self.program.asks]
        zh, en = spelling_hint(word, dict.fromkeys(names))
        return Refused(
            f"没有「{word}」这项佐证：它不是事实，也不是末级指标或其中的一项。{zh}",
            f"There is no evidence “{word}”: it is neither a fact nor an indicator or one of its answers. {en}".rstrip(),
        )


def _splits(word: str) -> Iterator[tuple[str, str]]:
    """`leaf/word/id` as a reference to a leaf and the rest, the longest reference first."""
    parts = word.split("/")
    for at in range(len(parts) - 1, 0, -1):
        if parts[at] in WORDS:
            yield "/".join(parts[:at]), "/".join(parts[at:])


def _looks_like_points(text: str) -> bool:
    return text.strip()[:1].isdigit() or text.strip() == "full"
