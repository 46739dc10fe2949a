"""Texts without what no document may hold: control characters, direction overrides, lone surrogates."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")


def clean(text: str) -> str:
    """Line ends as `\\n`, a tab as a blank, unwanted characters gone; ordinary text as it is.

    >>> clean("甲\\x00乙\\r\\n丙\\t丁")
    '甲乙\\n丙 丁'
    """
    if text.isprintable():  # nearly always
        return text
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text)).replace("\t", " ")
