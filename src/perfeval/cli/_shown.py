"""Foreign text on a terminal: control characters made visible, and the columns a text fills (Chinese characters fill two)."""

from __future__ import annotations

import unicodedata
from typing import TextIO

_NEVER_SHOWN = frozenset(["Cc", "Cf", "Cs", "Zl", "Zp"])  # control, format (bidi, zero width), surrogate, separators


def escaped(text: str) -> str:
    r"""The text with everything that could move the cursor or hide written out.

    >>> escaped("甲\x1b[31m\n")
    '甲\\x1b[31m\\n'
    """
    if text.isprintable():
        return text
    return "".join(map(_escaped_one, text))


def _escaped_one(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) not in _NEVER_SHOWN:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def width(text: str) -> int:
    """Columns of a terminal.

    >>> width("权重: 35"), width("e\u0301")
    (8, 1)
    """
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


_NOT_FIRST = frozenset("，。；：、！？）」』】》〉”’％%,.;:!?)]")


def wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most `columns`: broken at blanks and between Chinese characters, never before a closing sign.

    >>> wrapped("没有查到资料，扣 1 分", 12)
    ['没有查到资', '料，扣 1 分']
    """
    lines, line, used = [], "", 0
    for piece in _pieces(text):
        size = width(piece)
        if used + width(piece.rstrip()) > columns and line:
            lines.append(line.rstrip())
            line, used = "", 0
        while size > columns:  # one endless word
            cut = max(1, sum(1 for n in range(1, len(piece) + 1) if width(piece[:n]) <= columns))
            lines.append(piece[:cut])
            piece = piece[cut:]
            size = width(piece)
        line, used = line + piece, used + size
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> list[str]:
    """What may not be broken: a wide character with the closing signs behind it, a word with its blanks."""
    pieces: list[str] = []
    for character in text:
        if pieces and (
            character in _NOT_FIRST
            or character == " "
            or not (width(character) == 2 or pieces[-1][-1] == " " or width(pieces[-1][-1]) == 2)
        ):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def can_print(stream: TextIO | None, text: str) -> bool:
    """Does the stream's encoding have all these characters (a GBK or ASCII console may not)?"""
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
