"""chapter-numbering: 章节、表格的编号连续吗？ Are chapters and tables numbered without jumps and repeats?

Reads: texts, report (headings 第一章, 第一节, 一、, （一）, 1、 and captions 表 3-1).
Severity: warning.
Bad: chapter 三、 followed by 六、; 表 3-1 followed by 表 3-3. Good: 三、 then 四、; a body that begins at 一、 after its summary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from perfeval.auditing._claims import ORDINAL, Caption, captions, is_title, ordinal
from perfeval.auditing._contract import Need, Subject
from perfeval.model.document import Document, Paragraph
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "chapter-numbering",
    says="编号不连续：「{before}」之后是「{after}」，应为「{expected}」。",
    remedy="改正编号，或补上缺的部分。",
    en="The numbering is broken: “{after}” comes after “{before}”; “{expected}” is due.",
    en_remedy="Mend the number, or add what is missing.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ()


class _Form(NamedTuple):
    """A way to number: its pattern, how its numeral is read, how one is written."""

    pattern: re.Pattern[str]
    read: Callable[[str], int]
    write: str  # with {} for the numeral


_FORMS = (
    _Form(re.compile(rf"第({ORDINAL})部分"), ordinal, "第{}部分"),
    _Form(re.compile(rf"第({ORDINAL})章"), ordinal, "第{}章"),
    _Form(re.compile(rf"第({ORDINAL})节(?=[\s、.．:：]|$)"), ordinal, "第{}节"),
    _Form(re.compile(rf"({ORDINAL})、"), ordinal, "{}、"),
    _Form(re.compile(rf"[（(]({ORDINAL})[）)]"), ordinal, "（{}）"),
    _Form(re.compile(r"(\d{1,2})、"), int, "{}、"),
)
_MOST_OPEN = 500  # sequences that a number may go on
_WORDED = 3  # so many forms say by a word of their own that they number: 部分, 章, 节
_CHAPTERS = (0, 1, 3)  # the forms that number chapters
_SENTENCE = re.compile(r"[。；！？!?]")
_LABEL = re.compile(r"表\s*(\d{1,2})\s*[-－—–]\s*(\d{1,3})(?!\d)")
_REFERRED = "如见详由从在据与和、至"  # before a table's number: it is only named


def check(subject: Subject) -> Iterator[Problem]:
    for document in subject.documents:
        yield from _of_headings(document)
        yield from _of_tables(document)


class _Seen(NamedTuple):
    number: int
    paragraph: Paragraph
    position: int
    is_heading: bool


def _of_headings(document: Document) -> Iterator[Problem]:
    """A number may go on any sequence that is still open below its parent, or begin a new one."""
    open_ones: list[list[_Seen]] = [[] for _ in _FORMS]
    for position, paragraph in enumerate(document.paragraphs):
        rank, number = _numbered(paragraph.text)
        if rank < 0:
            continue
        # items of a list count too: a heading may come after a list that is numbered in the same way
        is_heading = not _SENTENCE.search(paragraph.text) and (bool(paragraph.level) or (rank < _WORDED and is_title(paragraph.text)))
        seen = _Seen(number, paragraph, position, is_heading)
        sequences = open_ones[rank]
        if rank < _WORDED and sequences and sequences[-1].paragraph.text == paragraph.text:
            continue  # the head of a page
        if number == 1 or not sequences:
            if number == 1 and sequences and _repeats_one(document, sequences[-1], seen, rank):
                yield _broken(document, sequences[-1], seen, rank)
            sequences.append(seen)
        else:
            latest = range(len(sequences) - 1, max(len(sequences) - _MOST_OPEN, 0) - 1, -1)
            follows = next((at for at in latest if sequences[at].number == number - 1), None)
            last = sequences[-1]
            if follows is None and is_heading and last.is_heading and not _told_between(document, last, seen, rank):
                yield _broken(document, last, seen, rank)
            del sequences[len(sequences) - 1 if follows is None else follows :]
            sequences.append(seen)
        if is_heading:
            for below in open_ones[rank + 1 :]:
                below.clear()


def _numbered(text: str) -> tuple[int, int]:
    """Which form a text is numbered in, and its number; -1 where it is not."""
    for rank, form in enumerate(_FORMS):
        if (match := form.pattern.match(text)) and (number := form.read(match[1])):
            return rank, number
    return -1, 0


def _repeats_one(document: Document, before: _Seen, after: _Seen, rank: int) -> bool:
    """一、 twice, with no title between that begins a new part (a body after its summary, an annex, 第二部分)."""
    if rank not in _CHAPTERS or before.number != 1 or not (before.is_heading and after.is_heading):
        return False
    between = document.paragraphs[before.position + 1 : after.position]
    begin = {-1, 0, 1} - {rank}
    return not any(is_title(one.text) and _numbered(one.text)[0] in begin for one in between)


def _told_between(document: Document, before: _Seen, after: _Seen, rank: int) -> bool:
    """Whether the number that is due stands inside a paragraph: then it was only not recognized as a beginning."""
    due = before.number + 1
    between = document.paragraphs[before.position : after.position]
    return any(_FORMS[rank].read(one) == due for paragraph in between for one in _FORMS[rank].pattern.findall(paragraph.text))


def _broken(document: Document, before: _Seen, after: _Seen, rank: int) -> Problem:
    form = _FORMS[rank]
    digits = "零一二三四五六七八九十"
    due = before.number + 1
    numeral = (
        str(due)
        if form.read is int
        else digits[due]
        if due <= 10
        else ("" if due < 20 else digits[due // 10]) + "十" + digits[due % 10].strip("零")
    )
    match = form.pattern.match(after.paragraph.text)
    assert match is not None
    where = document.where(after.paragraph, 0, match.end())
    return KIND.on(where, before=before.paragraph.text, after=after.paragraph.text, expected=form.write.format(numeral))


def _of_tables(document: Document) -> Iterator[Problem]:
    last: dict[int, Caption] = {}
    known: set[tuple[int, int, str]] = set()
    standing = _standing(document)
    for caption in captions(document):
        before = last.get(caption.chapter)
        key = (caption.chapter, caption.number, caption.title)
        if caption.continued or key in known:
            continue  # goes on on another page, or was listed at the front
        known.add(key)
        last[caption.chapter] = caption
        if before is None or (caption.number in (1, before.number + 1) and caption.number != before.number):
            continue
        if caption.number > before.number and (caption.chapter, before.number + 1) in standing:
            continue
        due = f"表 {caption.chapter}-{before.number + 1}"
        yield KIND.on(caption.where, before=f"{before.label} {before.title}", after=f"{caption.label} {caption.title}", expected=due)


def _standing(document: Document) -> set[tuple[int, int]]:
    """Chapters and numbers of tables that stand in the text although a caption was not read; being referred to is not enough."""
    found = set()
    for paragraph in document.paragraphs:
        text = paragraph.text
        for match in _LABEL.finditer(text):
            at = match.start()
            while at and text[at - 1].isspace():
                at -= 1
            if not at or text[at - 1] not in _REFERRED or text.startswith("["):
                found.add((int(match[1]), int(match[2])))
    return found
