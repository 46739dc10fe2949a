"""Text and Markdown files to paragraphs: lines that were only broken to fit a page are joined, headings know their level."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from perfeval.model.document import Document, Paragraph, PrintedTable, Start
from perfeval.problems import Problem
from perfeval.reading.documents.flattened import flattened_tables
from perfeval.reading.documents.piped import piped_tables
from perfeval.reading.texts import MAX_BYTES, decode

_HEADINGS = (
    re.compile(r"[一二三四五六七八九十]{1,3}、"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"),
    re.compile(r"\d{1,2}、"),
)
_MARKDOWN = re.compile(r"(#{1,6})\s+")
_BEGINS = re.compile(r"[（(]\d{1,2}[）)]|[①-⑳]|表\s*\d|图\s*\d|附件|[-*+]\s|\d{1,2}[.）)](?!\d)\s*|\||>|“[^”]{1,20}”指标")
_ENDS = "。！？：；!?:;”"
_STOPS = ("。", "！", "？")
_HEADING_MOST = 40  # characters; a longer line is a sentence that begins with a number


def read_plain(name: str, data: bytes) -> tuple[Document, tuple[Problem, ...]]:
    """The document of a text file, and what is wrong with its bytes (then it is empty)."""
    text, problems = decode(name, data, MAX_BYTES)
    if problems:
        return Document(name, ()), tuple(problems)
    lines = tuple(text.split("\n"))
    return Document(name, tuple(paragraphs_of(lines)), tables_of(lines), lines), ()


def tables_of(lines: tuple[str, ...]) -> tuple[PrintedTable, ...]:
    return tuple(sorted((*flattened_tables(lines), *piped_tables(lines)), key=lambda table: table.line))


def paragraphs_of(lines: tuple[str, ...], begins: Collection[int] | None = None) -> Iterator[Paragraph]:
    """Lines joined to paragraphs. Where it is known that these `begins`, the others may go on; else only those as long as most."""
    full = _full(lines) if begins is None else 0
    begun = begins or ()
    held: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        words = line.strip()
        level = level_of(words)
        broken = bool(held) and len(held[-1][1].strip()) >= full and not held[-1][1].rstrip().endswith(_STOPS)
        if held and (not words or level or number in begun or _BEGINS.match(words) or level_of(held[-1][1].strip()) or not broken):
            yield _joined(held)
            held = []
        if words:
            held.append((number, line))
    if held:
        yield _joined(held)


def _full(lines: tuple[str, ...]) -> int:
    """From how many characters on a line was broken because the page was full."""
    lengths = [len(line.strip()) for line in lines if len(line.strip()) > 15]
    return max(16, sorted(lengths)[len(lengths) * 4 // 5] - 5) if len(lengths) > 10 else 10_000


def level_of(line: str) -> int:
    if marked := _MARKDOWN.match(line):
        return len(marked[1])
    if len(line) > _HEADING_MOST or line.endswith(tuple(_ENDS)):
        return 0
    return next((level for level, pattern in enumerate(_HEADINGS, 1) if pattern.match(line)), 0)


def _joined(held: list[tuple[int, str]]) -> Paragraph:
    """One text of several lines; between two that end and begin in Latin letters stands a blank."""
    text, starts = "", []
    for number, line in held:
        words = line.strip()
        if text and text[-1].isascii() and text[-1].isalnum() and words[0].isascii() and words[0].isalnum():
            text += " "
        starts.append(Start(len(text), number, len(line) - len(line.lstrip()) + 1))
        text += words
    level = level_of(text)
    if marked := _MARKDOWN.match(text):
        text, cut = text[marked.end() :], marked.end()
        starts = [starts[0]._replace(column=starts[0].column + cut), *(one._replace(offset=one.offset - cut) for one in starts[1:])]
    return Paragraph(text, tuple(starts), level)
