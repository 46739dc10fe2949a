"""Section 四: for each first-level indicator its stock sentence, 表 4-n, and every indicator in stock sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from perfeval.explaining import explain
from perfeval.model.result import Indicator
from perfeval.reports import tables
from perfeval.reports.blocks import Block, Heading, Item, Line, Paragraph, TraceLine
from perfeval.reports.figures import Figures


def chapters(f: Figures) -> Iterator[Block]:
    for number, top in enumerate(f.first_level, 1):
        yield from _chapter(f, top, number)


def _chapter(f: Figures, top: Indicator, number: int) -> Iterator[Block]:
    words, table = f.words, f"4-{number}"
    name = top.name if top.name.endswith("情况") else words("chapter", name=top.name)
    title = words("part-numbered", n=words.ordinal(number), section="4", title=name)
    yield Heading(title, 3, f"chapter-{number}")
    yield Paragraph(_consists(f, top, table))
    yield tables.chapter(f, top, table)
    before, groups = top.ref, 0
    for position, leaf in enumerate(f.leaves_of(top), 1):
        parent = leaf.ref[:-1] or top.ref
        if parent not in (before, top.ref):
            groups += 1
            group = words("colon").join(one.name for one in f.line_of(leaf)[1:-1])
            yield Heading(words("group-numbered", n=str(groups), section="4", part=str(number), title=group), 4)
        before = parent
        yield _item(f, leaf, f"indicator-{number}-{position}", 4 if parent == top.ref else 5)


def _consists(f: Figures, top: Indicator, table: str) -> str:
    words = f.words
    common = {"name": top.name, "weight": f.worth(top), "table": table}
    if top.is_leaf:
        if top.score is None:
            return words("alone-open", state=f.score(top), **common)
        return words("alone", score=f.points(top.score), rate=f.rate(top), **common)
    common["counts"] = f.counts(f.leaves_of(top), 2)
    if top.score is not None:
        return words("consists", score=f.points(top.score), rate=f.rate(top), **common)
    if top.status == "not_applicable":
        return words("consists-exempt", **common)
    return words("consists-pending", low=f.points(top.low), high=f.points(top.high), **common)


def _item(f: Figures, leaf: Indicator, id_: str, level: int) -> Item:
    words = f.words
    sentence = words.joined(_sentence(f, leaf), _looks_at(f, leaf))
    lines, trace = tuple(_lines(f, leaf)), tuple(_trace(f, leaf))
    return Item(id_, leaf.name, level, f.score_of(leaf), _state(leaf), sentence, lines, words("trace"), trace)


def _trace(f: Figures, leaf: Indicator) -> Iterator[TraceLine]:
    """`explain` indents by two blanks for each depth; a format has its own way to."""
    for line in explain(leaf, f.words.lang):
        text = line.lstrip(" ")
        yield TraceLine(text, (len(line) - len(text)) // 2)


def _state(leaf: Indicator) -> Literal["full", "part", "none", "open", "exempt"]:
    if leaf.status == "not_applicable":
        return "exempt"
    if leaf.score is None:
        return "open"
    if leaf.lost <= 0:
        return "full"
    return "part" if leaf.score > 0 else "none"


def _sentence(f: Figures, leaf: Indicator) -> str:
    words, weight = f.words, f.worth(leaf)
    if leaf.status == "not_applicable":
        return words("sentence-exempt", name=leaf.name, weight=weight)
    if leaf.score is None:
        low, high = f.points(leaf.low), f.points(leaf.high)
        return words("sentence-pending", name=leaf.name, weight=weight, low=low, high=high)
    if leaf.rate is None:
        return words("sentence-weightless", name=leaf.name, weight=weight, score=f.points(leaf.score))
    return words("sentence", name=leaf.name, weight=weight, score=f.points(leaf.score), rate=f.rate(leaf))


def _looks_at(f: Figures, leaf: Indicator) -> str:
    return f.words.sentence(f.words("looks-at", text=leaf.explain)) if leaf.explain else ""


def _lines(f: Figures, leaf: Indicator) -> Iterator[Line]:
    words = f.words
    if standard := tables.standard_of(f, leaf):
        yield Line(words("standard-quoted" if leaf.text else "standard"), words.sentence(standard))
    if compared := words("semicolon").join(_compared(f, leaf)):
        yield Line(words("values"), words.sentence(compared))
    if leaf.finding:
        yield Line(words("finding"), words.sentence(leaf.finding))
    yield from _outcome(f, leaf)
    if leaf.sources:
        yield Line(words("sources"), words.sentence(words("semicolon").join(leaf.sources)))
    if leaf.attachments:
        yield Line(words("attachments"), words.sentence(words("semicolon").join(leaf.attachments)))


def _compared(f: Figures, leaf: Indicator) -> Iterator[str]:
    """Target, actual value, the printed figure where it is another, the benchmark."""
    words = f.words
    if leaf.target:
        yield words("target-is", value=leaf.target)
    if leaf.actual:
        yield words("actual-is", value=leaf.actual)
    if leaf.actual_typed and leaf.actual_typed != leaf.actual:
        yield words("typed-is", value=leaf.actual_typed)
    if leaf.benchmark:
        yield words("benchmark-is", value=words.known(f"benchmark-{leaf.benchmark}", leaf.benchmark))


def _outcome(f: Figures, leaf: Indicator) -> Iterator[Line]:
    """What became of it: full, a deduction with its reason, pending, zero by policy, not applicable."""
    words = f.words
    missing = words.listed(leaf.missing) or words("none")
    if leaf.status == "not_applicable" or leaf.not_applicable:
        why = leaf.not_applicable or words("none")
        key = "result-exempt" if leaf.status == "not_applicable" else "result-exempt-full"
        yield Line(words("result"), words.sentence(words(key, reason=why)), "note")
        if leaf.status == "not_applicable":
            return
    for item, reason in leaf.not_applicable_items:
        yield Line(words("item-exempt"), words.sentence(words("pair-told", name=item, value=reason)), "note")
    if leaf.score is None:
        yield Line(words("result"), words("result-pending", missing=missing), "warning")
        return
    if leaf.zero_by_policy:
        yield Line(words("result"), words("result-zero-by-policy", missing=missing), "warning")
        return
    if leaf.lost <= 0:
        yield Line(words("result"), words("result-full", weight=f.weight_points(leaf.applicable)))
        return
    yield Line(words("result"), words("result-lost", lost=f.weight_points(leaf.lost), score=f.points(leaf.score)))
    why = tables.loss_reason(f, leaf)
    yield Line(words("because"), words.sentence(why), "warning" if leaf.reason_missing and not leaf.reason else "")
