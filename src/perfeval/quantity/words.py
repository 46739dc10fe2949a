"""Yes/no, dates, and the texts that say that nothing is known yet."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from unicodedata import category

from perfeval.problems import ProblemKind

BAD_YES_NO = ProblemKind(
    "bad-yes-no",
    says="「{text}」不是“是/否”。",
    remedy="写 是 或 否（也可写 yes、no、true、false、√、×）。",
    en="“{text}” is not yes or no.",
    en_remedy="Write yes or no (also 是, 否, true, false, √, ×).",
)
BAD_DATE = ProblemKind(
    "bad-date",
    says="「{text}」不是日期：{why}。",
    remedy="写成 2023-10-31（报告日期也可写 2023-10）。",
    en="“{text}” is not a date: {why}.",
    en_remedy="Write it as 2023-10-31 (a report's date may be 2023-10).",
)

MISSING_TEXTS = frozenset(["", "null", "Null", "NULL", "~", "待补充", "待定", "—", "/"])


UNKNOWN_YET = frozenset(["待补充", "待定"])
"""Of these, the texts that promise a value; the others leave a place empty."""
BLANK_TEXTS = MISSING_TEXTS - UNKNOWN_YET


def is_missing(text: str | None) -> bool:
    """Does this text say that nothing is known yet? Never the same as zero."""
    return text is None or text.strip() in MISSING_TEXTS


YES_WORDS = frozenset(["是", "yes", "Yes", "YES", "true", "True", "TRUE", "√"])
NO_WORDS = frozenset(["否", "no", "No", "NO", "false", "False", "FALSE", "×"])


def read_yes_no(text: str) -> bool:
    """是/否 and their twins. Raises `Fault` (bad-yes-no)."""
    word = text.strip()
    if word in YES_WORDS:
        return True
    if word in NO_WORDS:
        return False
    raise BAD_YES_NO.fault(text=text)


def is_yes_no(text: str) -> bool:
    return text.strip() in YES_WORDS or text.strip() in NO_WORDS


_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)


def looks_like_date(text: str) -> bool:
    return bool(_DATE.fullmatch(text.strip()))


def read_date(text: str, end_of_month: bool | None = None) -> date:
    """`YYYY-MM-DD` to a date. `YYYY-MM` is read only where `end_of_month` says which day is meant. Raises `Fault` (bad-date)."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise BAD_DATE.fault(text=text, why="应为 年-月-日 (year-month-day)")
    year, month, day = int(match[1]), int(match[2]), match[3]
    if not 1 <= month <= 12 or year == 0:
        raise BAD_DATE.fault(text=text, why="没有这个月 (no such month)")
    last = monthrange(year, month)[1]
    if day is None:
        if end_of_month is None:
            raise BAD_DATE.fault(text=text, why="这里要写到日 (the day is needed here)")
        return date(year, month, last if end_of_month else 1)
    if not 1 <= int(day) <= last:
        raise BAD_DATE.fault(text=text, why=f"{year} 年 {month} 月没有 {int(day)} 日 (no such day)")
    return date(year, month, int(day))


REASON_WANTED = ("原因 reason", "留空 blank / 原因 reason")
"""What the template of a table writes where the reason is to stand why something does not apply."""

_EMPTY = "|".join([*sorted(MISSING_TEXTS), r"(?i:nan|none|null|nat|<na>|#?n/?a)"])  # the latter: what programs write for nothing
_BARE = "|".join([_EMPTY, "(?i:y|n|yes|no|true|false|on|off)", "是|否|对|错|有|无|没有|适用|不适用", *REASON_WANTED])
_BLANK = "\u115f\u1160\u3164\uffa0\u2800"  # letters and a sign that show nothing
_BLANK_CODES = "".join(rf"\x{{{ord(one):x}}}" for one in _BLANK)
_UNSEEN = rf"[\p{{Z}}\p{{C}}\p{{M}}{_BLANK_CODES}]*"
NO_NAME, NO_REASON = (rf"{_UNSEEN}(?:{words}){_UNSEEN}" for words in (_EMPTY, _BARE))
"""Whole texts that name nothing, and that say at most that something does not apply, as patterns of engines that know \\p (Python does not)."""
LETTER = rf"[^\P{{L}}{_BLANK_CODES}]"
"""A letter of any script, in such a pattern."""
_IS_EMPTY, _IS_BARE = re.compile(_EMPTY), re.compile(_BARE)


def is_name(text: str) -> bool:
    """Does this text name anything? It shows something, and is not what people and programs write for nothing."""
    return not _IS_EMPTY.fullmatch(_seen(text))


APPLIES = NO_WORDS | BLANK_TEXTS | {"0"}
"""Texts in a table's column of reasons that say that something does apply."""


def is_reason(text: str) -> bool:
    """Does this text say why something does not apply? It has a letter, and is no bare yes, no or nothing."""
    return not _IS_BARE.fullmatch(_seen(text)) and any(one.isalpha() and one not in _BLANK for one in text)


def _seen(text: str) -> str:
    """Without what leaves no mark on either side."""
    start, end = 0, len(text)
    while start < end and _is_unseen(text[start]):
        start += 1
    while end > start and _is_unseen(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_unseen(one: str) -> bool:
    return category(one)[0] in "ZCM" or one in _BLANK
