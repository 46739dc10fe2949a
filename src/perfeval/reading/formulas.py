"""Texts in a CSV file that a spreadsheet would take for formulas: written with a quote before them, and read without it.

Whatever is written so is read back as it was: a text that has such a quote already gets one more.
"""

from __future__ import annotations

import re

FORMULA, NUMBER, GUARDED = r"'*[=+\-@\t\r]", r"[+-]?[0-9][0-9.,]*%?", r"'+[=+\-@\t\r]"
"""How a formula starts, with quotes or not; what is a number all the same; a text with a quote that is to be dropped."""
_FORMULA, _NUMBER, _GUARDED = re.compile(FORMULA), re.compile(NUMBER), re.compile(GUARDED)


def safe(text: str) -> str:
    """As a CSV file for spreadsheets holds it.

    >>> safe("=1+1"), safe("-5"), safe("'=x"), safe("甲")
    ("'=1+1", '-5', "''=x", '甲')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def plain(text: str) -> str:
    """As it was before `safe`.

    >>> plain("'=1+1"), plain("-5"), plain("''=x"), plain("'甲")
    ('=1+1', '-5', "'=x", "'甲")
    """
    return text[1:] if _GUARDED.match(text) else text
