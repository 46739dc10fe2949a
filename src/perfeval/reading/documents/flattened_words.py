"""The words of a flattened table: column titles, group cells with their points, and the cells that words make up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from perfeval.model.document import PrintedCell

NAMES = re.compile(r"[一二三四]级指标|(?:评价|绩效|考核)?指标(?:名称)?")
_SHORT = re.compile(r"(?:实际|年度|计划)?(?:目标值|完成值|指标值|完成情况)|实际值")
_PROSE = re.compile(r"指标解释|指标说明|评[分价](?:标准|细则|规则|要点|依据)")
NUMBERS = re.compile(r"(?:权重|分值|标准分|满分|(?:评价|自评|实际)?得分|得分率)(?:[（(][分%][）)])?")
_WORD = re.compile(r"[^\s（(]*[（(]\s*\d+(?:\.\d+)?\s*分\s*[）)]|\S+(?:\s+%)?")
_GROUP = re.compile(r"[^\s（()）\d，。；：、]{2,20}(?:[（(]\d+(?:\.\d+)?分[）)]){1,2}|[^\s（()）\d，。；：、]{2,20}[（(]\d+(?:\.\d+)?")
CAPTION = re.compile(r"(?:续?表\s*\d|附[件表]).{0,40}|\S{4,30}(?:表|汇总)")
"""What stands above a table."""
BRACKET = re.compile(r"分[）)]$")
_LONGEST_TITLES = 200


class Word(NamedTuple):
    text: str
    line: int
    column: int
    width: int
    first: bool = False  # on its line

    @property
    def plain(self) -> str:
        return re.sub(r"\s", "", self.text)


class Titles(NamedTuple):
    words: tuple[Word, ...]
    names: int
    short: int
    prose: int
    numbers: int

    @property
    def groups(self) -> int:
        return self.names - 1


def words_of(number: int, line: str) -> list[Word]:
    found = [Word(one[0], number, one.start() + 1, one.end() - one.start()) for one in _WORD.finditer(line)]
    return [found[0]._replace(first=True), *found[1:]] if found else []


def titles_of(number: int, line: str) -> Titles | None:
    """The titles of a line: names, then short texts, then prose, then at least two columns of numbers."""
    if "指标" not in line or len(line) > _LONGEST_TITLES:
        return None
    words = words_of(number, line)
    counts, rest = [], words
    for pattern in (NAMES, _SHORT, _PROSE, NUMBERS):
        count = next((at for at, word in enumerate(rest) if not pattern.fullmatch(word.plain)), len(rest))
        counts.append(count)
        rest = rest[count:]
    names, short, prose, numbers = counts
    return None if rest or not names or numbers < 2 else Titles(tuple(words), names, short, prose, numbers)


def same_titles(ours: Titles, other: Titles | None) -> bool:
    return other is not None and [word.plain for word in ours.words] == [word.plain for word in other.words]


def cell_of(words: Sequence[Word]) -> PrintedCell:
    """One cell of several words, placed at the first of them; blanks within Chinese text are the flattening's."""
    first = words[0]
    last = [word for word in words if word.line == first.line][-1]
    return PrintedCell("".join(word.plain for word in words), first.line, first.column, last.column + last.width - first.column)


def is_group(words: list[Word]) -> bool:
    """Whether these words are a group cell. What a line holds after a blank is another cell, or the prose of one."""
    text = "".join(word.plain for word in words)
    return bool(_GROUP.fullmatch(text) and BRACKET.search(text)) and all(word.first for word in words[1:])


def begins_with_group(words: list[Word]) -> bool:
    return any(is_group(words[:end]) for end in range(1, 6))


def opens_bracket(words: list[Word], at: int) -> bool:
    return at < len(words) and words[at].plain.startswith(("(", "（"))


def group_start(words: list[Word], end: int) -> int | None:
    """Where a group cell (name and points) begins that ends before `end`; a wrapped name is followed up to a narrow word."""
    for start in range(end - 1, max(end - 6, -1), -1):
        text = "".join(word.plain for word in words[start:end])
        if not _GROUP.fullmatch(text) and not (text.startswith(("(", "（")) or text.endswith(("分）", "分)"))):
            return None
        if _GROUP.fullmatch(text) and all(word.first for word in words[start + 1 : end]):
            while start > 0 and words[start].first and _goes_on(words[start - 1], words[start]):
                start -= 1
            return start
    return None


def _goes_on(above: Word, below: Word) -> bool:
    """Whether a short word on its own line is the first half of the name below it."""
    return (
        above.first
        and len(above.plain) <= 6
        and above.line == below.line - 1
        and bool(re.fullmatch(r"[^\s（()）\d，。；：、]+", above.plain))
    )
