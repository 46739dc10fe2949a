"""Score tables out of a text in which their cells became words and lines: wrapped names, groups, page breaks.

A table begins at a line of column titles with 权重, 分值 or 得分 among them and ends with 合计 or where prose begins. What makes
a row is the numbers at the end of a line, as many as there are titles of numbers. Where names cannot be told from what
stands around them, the row is left out and the table is not whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from perfeval.model.document import PrintedCell, PrintedTable
from perfeval.reading.documents.flattened_words import (
    BRACKET,
    CAPTION,
    Titles,
    Word,
    begins_with_group,
    cell_of,
    group_start,
    is_group,
    opens_bracket,
    same_titles,
    titles_of,
    words_of,
)

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\s*[%分]?")
_QUOTED = re.compile(r"“([^”]{2,20})”\s*指标")
_ENDS = re.compile(r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|附件\s*\d|[表图]\s*\d|\[")
_SUMS = ("小计", "合计", "总计", "总分", "总得分", "综合得分", "自评总分", "自评总得分", "自评综合得分")
_LONGEST_NAME = 12  # words
_LONGEST_CELL = 24  # characters; a longer line of a table without prose in it is prose


class _Row(NamedTuple):
    groups: list[PrintedCell | None]
    name: list[Word]
    short: list[Word]
    prose: list[Word]
    numbers: list[Word]


def flattened_tables(lines: Sequence[str]) -> tuple[PrintedTable, ...]:
    """All score tables of a text, in order."""
    known = {re.sub(r"\s", "", name) for name in _QUOTED.findall("\n".join(lines))}
    tables, at = [], 0
    while at < len(lines):
        titles = titles_of(at + 1, lines[at])
        if titles is None:
            at += 1
            continue
        reader = _Reader(titles, frozenset(known))
        start = at
        at = reader.read(lines, at + 1)
        if reader.rows:
            tables.append(PrintedTable(reader.table(), _caption(lines, start), start + 1, reader.whole))
            known |= {name for row in reader.rows if len(name := cell_of(row.name).text) > 2}
    return tuple(tables)


def _caption(lines: Sequence[str], start: int) -> str:
    above = next((lines[at].strip() for at in range(start - 1, max(start - 3, -1), -1) if lines[at].strip()), "")
    return above if CAPTION.fullmatch(above) else ""


class _Reader:
    def __init__(self, titles: Titles, known: frozenset[str]) -> None:
        self.titles = titles
        self.known = known
        self.rows: list[_Row] = []
        self.whole = True
        self.pending: list[Word] = []
        self.turned = False  # a page was turned since the last row: the rest of its cells may come first

    def table(self) -> tuple[tuple[PrintedCell | None, ...], ...]:
        return (tuple(cell_of([word]) for word in self.titles.words), *(self._cells(row) for row in self.rows))

    def _cells(self, row: _Row) -> tuple[PrintedCell | None, ...]:
        titles = self.titles
        short: list[PrintedCell | None] = [cell_of([word]) for word in row.short] or [None] * titles.short
        prose: list[PrintedCell | None] = [None] * titles.prose
        if row.prose:
            prose[0] = cell_of(row.prose)
        return (*row.groups, cell_of(row.name), *short, *prose, *(cell_of([word]) for word in row.numbers))

    def read(self, lines: Sequence[str], at: int) -> int:
        """Reads rows from a line on; gives back where the table has ended."""
        last = at
        while at < len(lines):
            line, number = lines[at], at + 1
            if same_titles(self.titles, titles_of(number, line)):
                last = at = at + 1
                self.turned = True
                continue
            if self._is_row(words := words_of(number, line)):
                is_sum = self._row(words)
                last = at = at + 1
                if is_sum in _SUMS[1:]:
                    return at
                continue
            if self._ended(line.strip()):
                break
            self.pending.extend(words)
            at += 1
        return last

    def _ended(self, line: str) -> bool:
        if self.titles.prose:
            return bool(re.match(r"附件\s*\d|表\s*\d|[一二三四五六七八九十]{1,3}、", line))
        return (
            len(line) > _LONGEST_CELL or line.endswith(("。", "：", "；")) or (not line.startswith(("(", "（")) and bool(_ENDS.match(line)))
        )

    def _is_row(self, words: list[Word]) -> bool:
        numbers = words[-self.titles.numbers :]
        return len(numbers) == self.titles.numbers and all(_NUMBER.fullmatch(word.text) for word in numbers)

    def _row(self, words: list[Word]) -> str:
        """Takes in a row. Gives back 小计, 合计 or 总计 where it is one, else nothing."""
        titles, pending = self.titles, self.pending
        numbers, head = words[-titles.numbers :], words[: -titles.numbers]
        self.pending = []
        said = "".join(word.plain for word in head)
        if said in _SUMS:
            self._leave(pending)
            self.rows.append(_Row([None] * titles.groups, head, [], [], numbers))
            return said
        if titles.prose:
            self._prose_row([*pending, *head], numbers)
        else:
            self._short_row(pending, head, numbers)
        return ""

    def _short_row(self, pending: list[Word], head: list[Word], numbers: list[Word]) -> None:
        count = self.titles.short
        short = head[len(head) - count :] if count and len(head) >= count else []
        if len(short) < count:
            self.whole = False
            return
        words = [*pending, *head[: len(head) - count]]
        start = self._name_at_end(words, len(head) > count)
        if start is None:
            self.whole = False
            return
        self.rows.append(_Row(self._groups(words[:start], True), words[start:], short, [], numbers))

    def _name_at_end(self, words: list[Word], own_line: bool) -> int | None:
        """Where the name begins with which these words end."""
        for start in range(max(0, len(words) - _LONGEST_NAME), len(words)):
            if "".join(word.plain for word in words[start:]) in self.known:
                return start
        if not words:
            return None
        ends = [] if own_line else [at for at, word in enumerate(words) if BRACKET.search(word.plain)]
        if ends:
            return ends[-1] + 1 if ends[-1] + 1 < len(words) else None
        if not own_line and not self.titles.groups:
            return 0
        wrapped = len(words) > 1 and len(words[-1].plain) <= 2 and words[-1].first and not BRACKET.search(words[-2].plain)
        return len(words) - (2 if wrapped else 1)

    def _prose_row(self, words: list[Word], numbers: list[Word]) -> None:
        """Names, explanations and standards in one stream: a name is known, or it stands first in a narrow column."""
        found = self._known_name(words) or (None if self.turned and not begins_with_group(words) else self._narrow_name(words))
        self.turned = False
        if found is None:
            self.whole = False
            self._leave(words)
            return
        start, end = found
        groups = self._groups(words[:start], False)
        begun = min((at for at, word in enumerate(words[:start]) if any(_at(cell, word) for cell in groups)), default=start)
        self._leave(words[:begun])
        self.rows.append(_Row(groups, words[start:end], [], words[end:], numbers))

    def _leave(self, words: list[Word]) -> None:
        """Words before a row that belong to none of its cells go on with the prose of the row above."""
        if self.titles.prose and self.rows:
            self.rows[-1].prose.extend(words)

    def _known_name(self, words: list[Word]) -> tuple[int, int] | None:
        for start in range(len(words)):
            if not words[start].first and start + 1 < len(words) and words[start].line == words[-1].line - 1:
                continue
            text, best = "", 0
            for end in range(start, min(start + 6, len(words))):
                text += words[end].plain
                if text in self.known and not opens_bracket(words, end + 1):
                    best = end + 1
            if best:
                return start, best
        return None

    def _narrow_name(self, words: list[Word]) -> tuple[int, int] | None:
        start = 0
        for _ in range(self.titles.groups):
            start = next((end for end in range(start + 1, start + 6) if is_group(words[start:end])), start)
        if start >= len(words) or len(words[start].plain) > 8:
            return None
        end = start + 1
        while end < len(words) and words[end].first and len(words[end].plain) <= len(words[end - 1].plain) and len(words[end].plain) < 8:
            end += 1
        return start, end

    def _groups(self, before: list[Word], rest_too: bool) -> list[PrintedCell | None]:
        """The group cells that end right before a name, from the innermost outwards."""
        cells: list[PrintedCell | None] = [None] * self.titles.groups
        end, column = len(before), self.titles.groups - 1
        while column >= 0 and end > 0:
            start = group_start(before, end)
            if start is None:
                break
            cells[column] = cell_of(before[start:end])
            end, column = start, column - 1
        if rest_too and end > 0 and column >= 0:  # groups without points
            pieces = before[:end]
            first = max(0, len(pieces) - column - 1)
            for word in reversed(pieces[first:]):
                cells[column] = cell_of([word])
                column -= 1
        return cells


def _at(cell: PrintedCell | None, word: Word) -> bool:
    return cell is not None and (cell.line, cell.column) == (word.line, word.column)
