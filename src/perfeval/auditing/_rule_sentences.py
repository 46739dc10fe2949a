"""Sentences of scoring rules in a finished report, by indicator: what follows its sentence of points, and its row in an annex."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perfeval.auditing._score_sentences import item_heads, item_matches
from perfeval.auditing._score_tables import score_tables
from perfeval.model.document import Document, Paragraph
from perfeval.problems import Where

_SHORTEST, _LONGEST = 3, 12  # characters by which a stretch of a cell is found again in the lines of the file
_ANNEX = re.compile(r"(?:附[件表]|表)\s*\d")  # what begins so goes on with something else
_CELL_LINES = 40
_MOST = 5_000  # characters; what follows is no longer the rule
_FOUND = re.compile(
    r"本指标|据.{0,6}(?:评分|指标).{0,4}(?:规则|标准)|评价组|经(?:评价|现场|核查|查阅|调查|了解)|根据.{2,30}(?:资料|材料)|查阅|实地"
)
"""What the findings about an indicator begin with, behind its rule."""
_RULES = re.compile(
    r"每(?![年月日天户人次])|各占|项占|满分|不得分|否则|之间(?:得|计算)|计算确定|扣完|酌情|相加|合计得分|该份额|(?<![\d.])0\s*分"
)
"""What a sentence that gives a rule has, and one that tells what was found has not."""
_SENTENCE = re.compile(r"[^。]+。?")
_FIGURE = re.compile(r"\d\s*(?:分|[%％])|\d\s*[/／]\s*\d")


class Piece(NamedTuple):
    """From `offset` of a rule's text on: a paragraph from one of its characters on."""

    offset: int
    paragraph: Paragraph
    start: int


class RuleText(NamedTuple):
    """`pieces` are the paragraphs that the text was joined of; of a table it has the place of the indicator's name."""

    name: str
    weight: Fraction
    text: str
    row: Where | None = None
    pieces: tuple[Piece, ...] = ()
    score: Fraction | None = None

    @property
    def rule(self) -> str:
        """The rule itself: all of a row; of a section what stands before the findings, and no further than the paragraph that scores."""
        if self.row is not None:
            return self.text
        start = end = 0
        for stop in [*(piece.offset for piece in self.pieces[1:]), len(self.text)]:
            for sentence in _SENTENCE.finditer(self.text, start, stop):
                if (found := _FOUND.search(sentence[0])) or (_FIGURE.search(sentence[0]) and not _RULES.search(sentence[0])):
                    stop = sentence.start() + (_last_points(sentence[0][: found.start()]) if found else 0)
                    return self.text[:stop] if _RULES.search(self.text, 0, stop) else ""
            start = stop
            if _RULES.search(self.text, end, stop):
                return self.text[:stop]
            end = stop
        return ""

    @property
    def findings(self) -> str:
        """What follows the rule of a section."""
        return self.text[len(self.rule) :]

    def where(self, document: Document, start: int, end: int) -> Where:
        if self.row is not None:
            return _in_lines(document, self.row, self.text[start:end][:_LONGEST])
        piece = next(one for one in reversed(self.pieces) if one.offset <= start)
        moved = piece.start - piece.offset
        return document.where(piece.paragraph, start + moved, min(end + moved, len(piece.paragraph.text)))


def _last_points(text: str) -> int:
    """A rule without its full stop may run on into the findings: what stands up to its last points is the rule."""
    return max((one.end() for one in re.finditer(r"\d\s*分", text)), default=0)


def rule_texts(document: Document) -> Iterator[RuleText]:
    """What stands after “X”指标权重 3 分…, up to the next indicator or heading; then table rows with prose."""
    yield from _in_paragraphs(document)
    for table in score_tables(document):
        for row in table.items:
            if row.prose and row.weight is not None and not row.weight.percent:
                yield RuleText(row.name, row.weight.value, row.prose[:_MOST], row.where, score=row.score.value if row.score else None)


def _in_paragraphs(document: Document) -> Iterator[RuleText]:
    rule: RuleText | None = None
    heads = item_heads(document)
    for position, paragraph in enumerate(document.paragraphs):
        ends = bool(paragraph.level) or position in heads or bool(_ANNEX.match(paragraph.text))
        items = [] if ends else item_matches(paragraph, heads.get(position - 1, ""))
        found = [one.found for one in items]
        if rule is not None and not ends:
            rule = _longer(rule, paragraph, 0, found[0].start() if found else len(paragraph.text))
        if rule is not None and (ends or found):
            yield rule
            rule = None
        for at, (name, one) in enumerate(items):
            end = found[at + 1].start() if at + 1 < len(found) else len(paragraph.text)
            if rule is not None:
                yield rule
            rule = _longer(RuleText(name, Fraction(one[2]), "", score=Fraction(one[3])), paragraph, one.end(), end)
    if rule is not None:
        yield rule


def _longer(rule: RuleText, paragraph: Paragraph, start: int, end: int) -> RuleText:
    if len(rule.text) > _MOST:
        return rule
    piece = Piece(len(rule.text), paragraph, start)
    return rule._replace(text=rule.text + paragraph.text[start:end], pieces=(*rule.pieces, piece))


def _in_lines(document: Document, row: Where, text: str) -> Where:
    """Where a text of a row's prose stands at or below its name; the name where it was broken over lines."""
    below = range(row.line, min(row.line + _CELL_LINES, len(document.lines) + 1)) if row.line else range(0)
    for length in range(len(text), _SHORTEST - 1, -1):
        pattern = re.compile(r"\s*".join(map(re.escape, text[:length])))
        for number in below:
            line = document.lines[number - 1]
            if found := pattern.search(line):
                return document.where_line(number, found.start() + 1, found.end() - found.start())
    return row
