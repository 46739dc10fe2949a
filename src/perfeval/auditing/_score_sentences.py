"""Sentences of a finished report that give points: of one indicator, of a group with its counts, of the whole."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import zip_longest
from typing import NamedTuple

from perfeval.auditing._claims import NUMBER, in_digits
from perfeval.auditing._score_tables import Figure, ScoreTable, figure, plain
from perfeval.model.document import Document, Paragraph
from perfeval.problems import Where

_N = rf"({NUMBER})"
_IS = r"(?:为|是|共)?\s*"
_RATE = rf"(?:\s*[，,]\s*得分率{_IS}{_N}\s*([%％]?))?"
_ITEM = re.compile(rf"“([^”]{{2,30}})”\s*指标的?(?:权重|分值){_IS}{_N}\s*分\s*[，,]\s*(?:实际)?得分?{_IS}{_N}\s*分{_RATE}")
_THIS = re.compile(
    rf"([该本此]项?(?:[一二三四]级)?)指标的?(?:权重|分值|满分){_IS}{_N}\s*分\s*[，,；;]\s*(?:实际|最终)?得分?{_IS}{_N}\s*分{_RATE}"
)
_HEAD = re.compile(
    r"(?:\d{1,2}(?:[.．]\d{1,2}){0,3}\s*[.．、]?|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)]\s*[.．、]?|[①-⑳]|[一二三四五六七八九十]{1,3}、)\s*"
    r"“?(?P<name>[^\d\s，。；：、,;:.“”（）()①-⑳][^\s，。；：,;:“”（）()]{1,29}?)”?(?:指标(?:得分)?(?:情况)?(?:分析)?)?\s*(?:[（(][^（）()]{1,20}[）)])?\s*[:：]?"
)
_COUNT = r"(?<![\d零〇一二两三四五六七八九十百])(\d{1,3}|[零〇一二两三四五六七八九十]{1,3})"  # 3十 and 十3 are none
_PART = re.compile(
    rf"{_COUNT}\s*个二级指标和\s*{_COUNT}\s*个三级指标(?:组成)?\s*[，,]\s*"
    rf"(?:权重分?|共计|共|合计){_IS}{_N}\s*分\s*[，,]\s*实际得分{_IS}{_N}\s*分{_RATE}"
)
_PART_NAME = re.compile(r"([\u4e00-\u9fff]{2,12}?)(?:类)?(?:指标)?\s*(?:由|包括|包含|共有|下设|共设)\s*$")
_GROUP = re.compile(
    rf"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{{2,10}}?)(?:类)?指标共(?:计)?{_IS}{_N}\s*分\s*[，,]\s*(?:实际)?得分{_IS}{_N}\s*分{_RATE}"
)
_TOTAL = re.compile(rf"(?:项目|评价)(?:绩效)?(?:总得分|总分|综合得分){_IS}{_N}\s*分")


class Sentence(NamedTuple):
    """A sentence that gives points: of an indicator by name, or of a group with its counts; `where` is its beginning."""

    name: str
    weight: Figure
    score: Figure
    rate: Figure | None
    where: Where
    line: int
    counts: tuple[Figure, ...] = ()  # 二级指标, 三级指标


def item_sentences(document: Document) -> tuple[Sentence, ...]:
    heads = item_heads(document)
    return tuple(
        _sentence(document, paragraph, one.found, 1)._replace(name=one.name)
        for at, paragraph in enumerate(document.paragraphs)
        for one in item_matches(paragraph, heads.get(at - 1, ""))
    )


class Item(NamedTuple):
    """An indicator's name with its sentence, in which group 2 is the weight and group 3 the score."""

    name: str
    found: re.Match[str]


def item_matches(paragraph: Paragraph, head: str = "") -> list[Item]:
    """“X”指标权重 3 分，得分 2 分 in a paragraph; under a heading that names X also 该指标分值 3 分，得 2 分 at its beginning."""
    this = _THIS.match(paragraph.text) if head else None
    return [*([Item(head, this)] if this else []), *(Item(plain(one[1]), one) for one in _ITEM.finditer(paragraph.text))]


def item_heads(document: Document) -> dict[int, str]:
    """The numbered titles directly above 该指标分值 3 分，得 2 分, by their position among the paragraphs: whose sentence it is."""
    every = document.paragraphs
    return {at - 1: name for at in range(1, len(every)) if _THIS.match(every[at].text) and (name := title_named(every[at - 1]))}


def title_named(paragraph: Paragraph) -> str:
    """What a numbered title names: 1. 预算执行率（10分）. Empty where it is none."""
    found = _HEAD.fullmatch(paragraph.text.strip()) if len(paragraph.text) <= _TITLE_MOST else None
    return plain(found["name"]) if found else ""


_TITLE_MOST = 60  # characters, its number and its points too


def part_sentences(document: Document) -> tuple[Sentence, ...]:
    """产出由 2 个二级指标和三个三级指标组成，权重 3 分，实际得分 2 分; not where a count is no number (三一个)."""
    found = (one for one in _found(document, _PART) if None not in map(_whole, one[1].group(1, 2)))
    return tuple(_sentence(document, *one, 2) for one in found)


def group_sentences(document: Document) -> tuple[Sentence, ...]:
    """产出指标共 25 分，得分 20 分."""
    return tuple(_sentence(document, one, found, 1) for one, found in _found(document, _GROUP))


def total_figures(document: Document) -> tuple[Figure, ...]:
    """本项目总得分为 88.5 分."""
    return tuple(_figure(document, one, found, 1) for one, found in _found(document, _TOTAL))


def _found(document: Document, pattern: re.Pattern[str]) -> Iterator[tuple[Paragraph, re.Match[str]]]:
    return ((one, found) for one in document.paragraphs for found in pattern.finditer(one.text))


def _sentence(document: Document, paragraph: Paragraph, found: re.Match[str], before: int) -> Sentence:
    weight, score = (_figure(document, paragraph, found, before + number) for number in (1, 2))
    rate = _figure(document, paragraph, found, before + 3, bool(found[before + 4])) if found[before + 3] else None
    counts = tuple(_figure(document, paragraph, found, number) for number in (1, 2)) if before == 2 else ()
    where = document.where(paragraph, found.start(), found.end())
    named = _PART_NAME.search(paragraph.text, max(found.start() - _NAME_MOST, 0), found.start()) if before == 2 else found
    return Sentence(plain(named[1]) if named else "", weight, score, rate, where, where.line, counts)


_NAME_MOST = 30  # characters before a sentence of a group in which its name stands


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() else in_digits(text)


def _figure(document: Document, paragraph: Paragraph, found: re.Match[str], number: int, percent: bool = False) -> Figure:
    where = document.where(paragraph, found.start(number), found.end(number) + (1 if percent and found[number + 1] else 0))
    text = found[number]
    if (count := in_digits(text)) is not None:
        return Figure(Fraction(count), 0, False, text, where)
    made = figure(text, where, percent)
    assert made is not None
    return made._replace(text=text + ("%" if percent else ""))


def table_below(sentence: Sentence, tables: Sequence[ScoreTable], headings: Sequence[int]) -> ScoreTable | None:
    """The table that a sentence introduces: the next one, when no heading stands between. `headings`: their lines."""
    at = bisect_right(tables, sentence.line, key=lambda table: table.line)
    if at == len(tables) or tables[at].line - sentence.line > _NEAR:
        return None
    heading = bisect_right(headings, sentence.line)
    return None if heading < len(headings) and headings[heading] < tables[at].line else tables[at]


_NEAR = 8  # lines


def heading_lines(document: Document, most: int = 9) -> list[int]:
    """The lines of the headings, down to a level."""
    return [one.starts[0].line for one in document.headings() if one.level <= most and one.starts]


def parts(document: Document) -> Iterator[tuple[Sentence, tuple[Sentence, ...]]]:
    """Each sentence of a group with the sentences of its indicators, up to the next group or the end of its chapter."""
    starts, items = part_sentences(document), item_sentences(document)
    lines, chapters = [one.line for one in items], heading_lines(document, 1)
    for start, following in zip_longest(starts, starts[1:]):
        at = bisect_right(chapters, start.line)
        ends = [*chapters[at : at + 1], *([following.line] if following else [])]
        last = bisect_left(lines, min(ends)) if ends else len(items)
        yield start, items[bisect_left(lines, start.line) : last]
