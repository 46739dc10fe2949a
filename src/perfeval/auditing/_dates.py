"""Dates and periods as sentences write them: 2023 年 9 月 11 日—9 月 25 日, 2023.9.11-2023.9.25, 2020—2022 年."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from typing import NamedTuple

_S = r"\s{0,3}"
_TO = rf"{_S}(?:[—–－~～至到]{{1,4}}|-{{1,2}}){_S}"


def _written(end: int) -> str:
    """年, 月, 日 of the first or the last day, each of which may be left out."""
    year, month, day = (rf"(?P<{part}{end}>{digits})" for part, digits in (("y", r"(?:19|20)\d\d"), ("m", r"\d{1,2}"), ("d", r"\d{1,2}")))
    return rf"(?:(?<!\d){year}{_S}年(?:度)?{_S})?(?:(?<!\d){month}{_S}月(?:份)?{_S}(?:{day}{_S}[日号])?)?"


def _plain(end: int) -> str:
    """2023.9.11, 2023-09-11, 2023/9/11."""
    return rf"(?P<y{end}>(?:19|20)\d\d)(?P<s{end}>[./-])(?P<m{end}>\d{{1,2}})(?P=s{end})(?P<d{end}>\d{{1,2}})(?!\d)"


_PERIOD = re.compile(rf"(?=\d){_written(1)}{_TO}{_written(2)}")
_YEARS = re.compile(rf"(?<![\d.])(?P<y1>(?:19|20)\d\d){_TO}(?P<y2>(?:19|20)\d\d){_S}年(?!{_S}\d)")
_PLAIN_PERIOD = re.compile(rf"(?<![\d.\-/〔\[]){_plain(1)}{_TO}{_plain(2)}")
_DAY = re.compile(rf"(?:(?<!\d)(?P<y>(?:19|20)\d\d){_S}年{_S})?(?<![\d.,个])(?P<m>\d{{1,2}}){_S}月{_S}(?P<d>\d{{1,2}}){_S}日")
_MONTH = re.compile(rf"(?<!\d)(?:19|20)\d\d{_S}年{_S}(?P<m>\d{{1,2}}){_S}月(?!龄)")
_ISO = re.compile(r"(?<![\d\-/])(?P<y>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])(?![\d\-])")
_LEAP = 2000  # a year that has a 29 February


class Period(NamedTuple):
    start: int
    end: int
    is_reversed: bool


def periods(text: str) -> Iterator[Period]:
    """The periods in a text, with where they stand."""
    for match in _PERIOD.finditer(text):
        first, last = _parts(match, "1"), _parts(match, "2")
        if any(first) and any(last):
            yield Period(match.start(), match.end(), _turned(first, last))
    for match in _YEARS.finditer(text):
        yield Period(match.start(), match.end(), int(match["y1"]) > int(match["y2"]))
    for match in _PLAIN_PERIOD.finditer(text):
        yield Period(match.start(), match.end(), _turned(_parts(match, "1"), _parts(match, "2")))


def _parts(match: re.Match[str], which: str) -> tuple[int, int, int]:
    year, month, day = (match[f"{part}{which}"] for part in "ymd")
    return int(year or 0), int(month or 0), int(day or 0)


def _turned(first: tuple[int, int, int], last: tuple[int, int, int]) -> bool:
    """By what both ends state. Without a second year only days of one month can be compared: 11 月至 2 月 may end next year."""
    if first[0] and last[0]:
        stated = next((at for at in range(3) if not (first[at] and last[at])), 3)
        return first[:stated] > last[:stated]
    return not last[0] and first[1] == last[1] != 0 and first[2] > last[2] > 0


def impossible(text: str) -> Iterator[tuple[int, int]]:
    """Where days stand that no calendar has."""
    found = [match for pattern in (_DAY, _ISO) for match in pattern.finditer(text)]
    taken = [match.span() for match in found]
    for match in found:
        if not _exists(int(match["y"] or _LEAP), int(match["m"]), int(match["d"])):
            yield match.span()
    for match in _MONTH.finditer(text):
        if not 1 <= int(match["m"]) <= 12 and not any(start <= match.start() < end for start, end in taken):
            yield match.span()


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
