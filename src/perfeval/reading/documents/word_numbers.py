"""Numbers that Word writes before paragraphs by itself (一、 （一） 1. ①), which stand in none of their texts."""

from __future__ import annotations

import re
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_LEVELS = 9
_LONGEST = 40  # characters of a number as written


class Numbers:
    """Counts paragraphs as Word does: `before(paragraph)` is the number that stands before it, each asked in order."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        """`numbering` and `styles`: the roots of those parts, or None."""
        self._kinds = {one.get(f"{W}abstractNumId"): one for one in _all(numbering, "abstractNum")}
        self._lists = {one.get(f"{W}numId"): one for one in _all(numbering, "num")}
        self._styles = {one.get(f"{W}styleId"): one for one in _all(styles, "style")}
        self._counts: dict[str, list[int | None]] = {}

    def before(self, paragraph: Any) -> str:
        number, level = self._of(paragraph)
        of = self._lists.get(number)
        kind = self._kinds.get(_value(of, "abstractNumId")) if of is not None else None
        if of is None or kind is None or not 0 <= level < _LEVELS:
            return ""
        levels = {one.get(f"{W}ilvl"): one for one in _all(kind, "lvl")}
        starts = {one.get(f"{W}ilvl"): _value(one, "startOverride") for one in _all(of, "lvlOverride")}
        key = number if any(starts.values()) else f"kind {_value(of, 'abstractNumId')}"
        counts = self._counts.setdefault(key, [None] * _LEVELS)
        for at in range(level + 1):
            if counts[at] is None or at == level:
                began = counts[at]
                counts[at] = (
                    _whole(starts.get(str(at)) or _value(levels.get(str(at)), "start"), 1) if began is None else began + (at == level)
                )
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        return _written(levels, level, counts)

    def _of(self, paragraph: Any) -> tuple[str, int]:
        """The list of a paragraph and its level in it: its own, or that of its style or of one that this is based on."""
        props = paragraph.find(f"{W}pPr")
        number, level = "", ""
        style = _value(props, "pStyle")
        for _ in range(20):  # a chain of styles may go round
            own = props.find(f"{W}numPr") if props is not None else None
            number, level = number or _value(own, "numId"), level or _value(own, "ilvl")
            if number or style not in self._styles:
                break
            found = self._styles[style]
            props, style = found.find(f"{W}pPr"), _value(found, "basedOn")
        return number, _whole(level, 0)


def _written(levels: dict[str, Any], level: int, counts: list[int | None]) -> str:
    here = levels.get(str(level))
    text = _value(here, "lvlText")
    if _value(here, "numFmt") in ("bullet", "none"):
        return ""

    def number(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        form = (
            "decimal" if at < level and here is not None and here.find(f"{W}isLgl") is not None else _value(levels.get(str(at)), "numFmt")
        )
        return _in_form(counts[at] or 0, form)

    return re.sub(r"%([1-9])", number, text[:_LONGEST])


def _in_form(number: int, form: str) -> str:
    if (
        form in ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand", "ideographDigital")
        and 0 < number < 100
    ):
        return _chinese(number)
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 0 < number <= 20:
        return chr(ord("①") + number - 1)
    if form in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter if form == "lowerLetter" else letter.upper()
    return str(number)


def _chinese(number: int) -> str:
    """
    >>> [_chinese(one) for one in (3, 10, 12, 20, 35)]
    ['三', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(number, 10)
    return (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def _all(element: Any, name: str) -> list[Any]:
    return [] if element is None else element.findall(f"{W}{name}")


def _value(element: Any, name: str) -> str:
    """The value that a child of this name has; empty where there is none."""
    found = element.find(f"{W}{name}") if element is not None else None
    return (found.get(f"{W}val") or "") if found is not None else ""


def _whole(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text, re.ASCII) else otherwise
