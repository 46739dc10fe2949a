"""What texts say, found by pattern: figures, numerals, captions, the title and the date of a text. Several checks read this."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from perfeval.model.document import Document, Paragraph
from perfeval.problems import Where
from perfeval.quantity import round_half_up

FIGURE = r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d{1,8})?|(?<![\d.,])\d{1,15}(?:\.\d{1,8})?"
"""A number as it stands in a sentence."""
NUMBER = r"(?<!\d)(?<!\d\.)\d{1,12}(?:\.\d{1,16})?(?!\.?\d)"
"""Points or a rate, whole. One that is longer is no figure that people print: nothing is read of it."""
ORDINAL = r"[一二三四五六七八九十]{1,3}"
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_CAPTION = re.compile(r"(续?表)\s*(\d{1,2})\s*[-－—–]\s*(\d{1,3})(?!\d)\s*[:：]?\s*(.*)", re.S)
_NOT_A_TITLE = re.compile(r"[。；！？，]|所示|如下|可见|可知|中的|显示|\.{3}|…")
_TITLE_MOST = 40  # characters
_DATED = re.compile(
    r"(\d{4}|[二〇零○Ｏ一三四五六七八九]{4})\s*年\s*(\d{1,2}|[一二三四五六七八九十]{1,2})\s*月(?:\s*[\d一二三四五六七八九十]{1,3}\s*日)?"
)


def number_of(text: str) -> Fraction:
    """What a `FIGURE` is."""
    return Fraction(text.replace(",", ""))


def places_of(text: str) -> int:
    """The decimals that a figure is written with, its unit behind it or not."""
    found = re.search(r"\.(\d+)", unicodedata.normalize("NFKC", text))
    return len(found[1]) if found else 0


def as_printed(value: Fraction, text: str) -> Fraction:
    """A value with as many decimals as the text has."""
    return round_half_up(value, places_of(text))


def ordinal(text: str) -> int:
    """一 to 九十九; 0 where it is none.

    >>> ordinal("三"), ordinal("十"), ordinal("二十一"), ordinal("十十"), ordinal("二三")
    (3, 10, 21, 0, 0)
    """
    value = in_digits(text) or 0
    return value if value < 100 else 0


def in_digits(word: str) -> int | None:
    """A whole number up to 100 in Chinese signs; None where it is none.

    >>> in_digits("七十"), in_digits("十五"), in_digits("一百"), in_digits("两"), in_digits("零"), in_digits("三一")
    (70, 15, 100, 2, 0, None)
    """
    if word in ("百", "一百"):
        return 100
    tens, ten, ones = word.rpartition("十")
    if not word or len(tens) > 1 or len(ones) > 1 or not {*tens, *ones} <= _DIGITS.keys():
        return None
    return (_DIGITS[tens] if tens else 1) * 10 * bool(ten) + (_DIGITS[ones] if ones else 0)


def is_title(text: str) -> bool:
    """Short, and no sentence."""
    return 0 < len(text) <= _TITLE_MOST and not _NOT_A_TITLE.search(text)


class Caption(NamedTuple):
    """表 3-2 指标得分汇总表: chapter 3, number 2. `order` counts paragraphs, or lines where it comes with a table."""

    chapter: int
    number: int
    title: str
    where: Where
    order: int
    continued: bool

    @property
    def label(self) -> str:
        return f"表 {self.chapter}-{self.number}"


def captions(document: Document) -> list[Caption]:
    """The captions of tables in their order; one that is both a paragraph and a table's is taken once."""
    found: list[Caption] = []
    for paragraph in document.paragraphs:
        where = document.where(paragraph)
        if caption := _caption(paragraph.text, where, paragraph.at(0).line):
            found.append(caption)
    known = {(one.chapter, one.number, one.title) for one in found}
    for table in document.tables:
        where = document.where_line(table.line)
        caption = _caption(table.caption, where, table.line)
        if caption and (caption.chapter, caption.number, caption.title) not in known:
            found.append(caption)
    return sorted(found, key=lambda one: one.order)


def _caption(text: str, where: Where, order: int) -> Caption | None:
    match = _CAPTION.fullmatch(text.strip())
    if match is None or not is_title(match[4]):
        return None
    title = re.sub(r"[\s.…·\d]+$", "", match[4])  # a list of tables adds dots and a page
    return Caption(int(match[2]), int(match[3]), title, where, order, match[1] == "续表" or "续" in title)


def report_title(document: Document) -> str:
    """What the text calls itself: the short paragraph that ends in 评价报告, with the one before it; empty where there is none."""
    before = ""
    for paragraph in document.paragraphs:
        text = re.sub(r"\s+", "", paragraph.text)
        if is_title(text) and re.search(r"(评价|自评|评审|监控)[^，。]{0,4}报告$", text):
            return (before + text) if is_title(before) and not re.search(r"摘要|目录|^[一二三四五六七八九十]+、", before) else text
        before = text
    return ""


def signed(document: Document) -> date | None:
    """The last month that stands alone in a paragraph: when the text was signed."""
    found = None
    for paragraph in document.paragraphs:
        match = _DATED.fullmatch(paragraph.text.strip())
        if match is None:
            continue
        year = (
            match[1]
            if match[1].isdigit()
            else "".join(str("〇一二三四五六七八九".index(one)) if one not in "零○Ｏ" else "0" for one in match[1])
        )
        month = int(match[2]) if match[2].isdigit() else ordinal(match[2])
        if 1 <= month <= 12 and int(year) > 1900:
            found = date(int(year), month, 1)
    return found


def paragraphs(documents: tuple[Document, ...]) -> Iterator[tuple[Document, Paragraph]]:
    for document in documents:
        for paragraph in document.paragraphs:
            yield document, paragraph
