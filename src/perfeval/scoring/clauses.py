"""What stands around a leaf's rule: vetoes, requirements and defects in sentences, and those that took effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from perfeval.ir.nodes import Number
from perfeval.model.tree import Node
from perfeval.problems import Lang
from perfeval.rules._telling import Telling

Fired = tuple[Literal["veto", "requires"], str]


def standard(node: Node, lang: Lang) -> str:
    """评分标准 as it was applied: the rule's own sentence, then a sentence for each clause."""
    assert node.rule is not None
    tell = Telling(lang, node.weight, node.weight, node.name)
    sentences = [node.rule.sentence(tell), *_sentences(node, tell)]
    return ("" if lang == "zh" else " ").join(sentences)


def _sentences(node: Node, tell: Telling) -> Iterator[str]:
    for defect in node.defects:
        per = tell.amount(defect.per.of(node.weight, node.weight))
        most = tell.amount(defect.cap.of(node.weight, node.weight)) if defect.cap is not None else ""
        yield tell.pick(
            f"每发现 1 处“{defect.text}”扣 {per}{f'，最多扣 {most}' if most else '，扣完为止'}。",
            f"For each “{defect.text}” found: {per} off{f', at most {most}' if most else ''}.",
        )
    for clause in node.requires:
        yield tell.pick(f"前置条件：{clause.text}，否则本项不得分。", f"Requirement: {clause.text}; unless it is met, no points.")
    for clause in node.veto:
        yield tell.pick(f"一票否决：{clause.text}，则本项不得分。", f"Veto: {clause.text}; if so, no points.")


def fired(node: Node, values: Mapping[str, Number]) -> tuple[Fired, ...]:
    """All vetoes that happened and all requirements that are not met, not only the one that the trace came by."""
    vetoes: list[Fired] = [("veto", one.text) for one in node.veto if values.get(f"{node.key}/veto/{one.key}")]
    unmet: list[Fired] = [("requires", one.text) for one in node.requires if values.get(f"{node.key}/requires/{one.key}", 1) == 0]
    return (*vetoes, *unmet)
