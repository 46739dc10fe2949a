"""The parts that a printed scoring rule names in points or shares, and what they should come to together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from perfeval.auditing._claims import NUMBER
from perfeval.quantity import show_decimal

_N = rf"({NUMBER})"
_COUNTS = {"双方": 2, "两者": 2, "二者": 2, "两项": 2, "三方": 3, "三者": 3, "三项": 3, "四项": 4, "五项": 5}
_EACH_OF = re.compile(rf"({'|'.join(_COUNTS)})(?:各占|各|每项)\s*{_N}\s*分\s*[，,；]\s*(?:共计|合计|共)\s*{_N}\s*分")
_EACH = re.compile(rf"(?:以上|[，,；。])\s*(?:[一二两三四五六七八九十\d]+\s*项)?每项\s*{_N}\s*分")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_SHARE = re.compile(rf"([{_CIRCLED}])\s*项占\s*{_N}\s*分")
_OF_WEIGHT = r"(?:(?:该|本)?(?:指标)?(?:的)?(?:权重|分值|总分|满分)(?:的)?)?"
_SHARES = re.compile(
    rf"(?P<items>[{_CIRCLED}](?:[、和及]?[{_CIRCLED}])*)\s*(?:项|要点)?\s*各?占\s*{_OF_WEIGHT}\s*"
    r"(?:(?P<above>\d{1,2})\s*[/／]\s*(?P<below>\d{1,2})|(?P<rate>\d{1,3}(?:\.\d+)?)\s*[%％])"
)
_EACH_SHARE = re.compile(
    rf"(?<![{_CIRCLED}项点])\s*(?:(?:以上|上述)?\s*(?:[二三四五六七八九十\d]+\s*)?(?:项|个?要点|方面)?)\s*(?:各占|均占|分别占|每项占)\s*{_OF_WEIGHT}\s*"
    r"(?:(?P<above>\d{1,2})\s*[/／]\s*(?P<below>\d{1,2})|(?P<rate>\d{1,3}(?:\.\d+)?)\s*[%％])"
)
_BRACKET = re.compile(rf"[（(]\s*{_N}\s*分\s*[）)]")
_GIVEN = re.compile(rf"得\s*{_N}\s*分")
_FULL = re.compile(rf"(?<![①②③④⑤])满分(?:为|是)?\s*{_N}\s*分(?!值)")
_FACTOR = re.compile(rf"[^；。，*×\d]{{2,30}}[*×]\s*{_N}(?=[；。，]|$)")
_QUOTIENT = re.compile(rf"[/÷][^；。，*×\d]{{2,20}}[*×]\s*{_N}")
_IN_BRACKETS = re.compile(rf"\s*[（(]\s*{_N}\s*分")
_RANGE = re.compile(rf"在\s*{_N}\s*分?\s*[和至到~～－—-]\s*{_N}\s*分\s*之间")
_ADDED = re.compile(r"[两二三四五]?(?:项|部分|者)(?:得分)?(?:合计|相加|之和)")
_POINTS = re.compile(rf"{_N}\s*分(?![之钟项类期批别为数值])")
_MARKS = re.compile(r"(?:问卷|平均|测评|测试|考试|量表|每份|每人)[^\d，。；;]*$")
_OR_MORE = re.compile(r"\s*(?:及|或)?(?:以上|以下)")
_AROUND = 12  # characters before a mark that may say whose it is
WEIGHT = "权重 (the weight)"
_SAID = "写明的合计 (the stated sum)"
_TOP = "按比例计分的上限 (the top of the range between)"
_ITEM = "这一要点的分 (what its item has)"


class Parts(NamedTuple):
    """The stretch of the text, the points of the parts, what they should come to, and what that is: 中文 (English)."""

    start: int
    end: int
    values: list[Fraction]
    wanted: Fraction
    what: str

    @property
    def found(self) -> Fraction:
        return sum(self.values, Fraction(0))

    @property
    def shown(self) -> str:
        """2 + 3 = 5, or the one that there is."""
        added = " + ".join(map(show_decimal, self.values))
        return f"{added} = {show_decimal(self.found)}" if len(self.values) > 1 else added


def wrong_parts(text: str, weight: Fraction, whole: bool) -> Iterator[Parts]:
    """Parts that do not add up. `whole`: the text holds all of the rule and nothing else."""
    told: set[int] = set()
    for one in _parts(text, weight, whole):
        if one.found != one.wanted and one.start not in told:
            told.add(one.start)
            yield one


def _parts(text: str, weight: Fraction, whole: bool) -> Iterator[Parts]:
    yield from _each_of(text)
    yield from _each_item(text, weight)
    yield from _points_of_items(text, weight)
    yield from _shares_of_items(text, weight)
    yield from _share_of_each(text, weight)
    yield from _between(text)
    yield from _more_than_all(text, weight)
    if whole:
        yield from _brackets(text, weight)
        yield from _tops(text, weight)
        yield from _factors(text, weight)
        yield from _added(text, weight)


def _each_of(text: str) -> Iterator[Parts]:
    """双方各占 2.5 分，共计 10 分."""
    for found in _EACH_OF.finditer(text):
        yield Parts(found.start(), found.end(), [Fraction(found[2])] * _COUNTS[found[1]], Fraction(found[3]), _SAID)


def _each_item(text: str, weight: Fraction) -> Iterator[Parts]:
    """①…；②…。以上每项 1.5 分, where the numbers run on from ① once and nothing else is given points."""
    if found := _EACH.search(text):
        numbers = [one for one in text[: found.start()] if one in _CIRCLED]
        if len(numbers) > 1 and numbers == list(_CIRCLED[: len(numbers)]) and not _GIVEN.search(text, 0, found.start()):
            each = Fraction(found[1])
            yield Parts(found.start(), found.end(), [each] * len(numbers), weight, WEIGHT)
            for quotient in _QUOTIENT.finditer(text, 0, found.start()):  # 现有÷应有×4, of which the most is 4
                yield Parts(quotient.start(), quotient.end(), [Fraction(quotient[1])], each, _ITEM)


def _points_of_items(text: str, weight: Fraction) -> Iterator[Parts]:
    """①项占 2 分，②项占 2 分."""
    found = list(_SHARE.finditer(text))
    if len(found) > 1 and len({one[1] for one in found}) == len(found):
        yield Parts(found[0].start(), found[-1].end(), [Fraction(one[2]) for one in found], weight, WEIGHT)


def _shares_of_items(text: str, weight: Fraction) -> Iterator[Parts]:
    """①②③各占 1/3 权重; ①③各占权重的 10%，②占权重的 80%: every number from ① on, each once."""
    shares: dict[str, Fraction] = {}
    found = list(_SHARES.finditer(text))
    for one in found:
        share = Fraction(one["rate"]) / 100 if one["rate"] else Fraction(int(one["above"]), int(one["below"]) or 1)
        for item in one["items"]:
            if item in _CIRCLED and shares.setdefault(item, share) != share:
                return
    if len(shares) > 1 and sorted(shares) == sorted(_CIRCLED[: len(shares)]):
        values = [shares[item] * weight for item in _CIRCLED[: len(shares)]]
        yield Parts(found[0].start(), found[-1].end(), values, weight, WEIGHT)


def _share_of_each(text: str, weight: Fraction) -> Iterator[Parts]:
    """①…；②…；③…，各占 1/3 权重, where the numbers run on from ① once and nothing else is given a share or points."""
    found = list(_EACH_SHARE.finditer(text))
    if len(found) != 1 or _SHARES.search(text) or _GIVEN.search(text, 0, found[0].start()):
        return
    numbers = [one for one in text[: found[0].start()] if one in _CIRCLED]
    if len(numbers) > 1 and numbers == list(_CIRCLED[: len(numbers)]):
        one = found[0]
        share = Fraction(one["rate"]) / 100 if one["rate"] else Fraction(int(one["above"]), int(one["below"]) or 1)
        rounded = bool(one["rate"]) and abs(share * len(numbers) - 1) < Fraction(len(numbers), 100)  # 33.3% for a third
        if not rounded:
            yield Parts(one.start(), one.end(), [share * weight] * len(numbers), weight, WEIGHT)


def _between(text: str) -> Iterator[Parts]:
    """100% 得 1 分；…在 0 分和 2 分之间计算: the range reaches what the full mark gives."""
    if found := _RANGE.search(text):
        given = list(_GIVEN.finditer(text, 0, found.start()))
        if len(given) == 2 and Fraction(found[1]) in (values := [Fraction(one[1]) for one in given]):
            best = given[values.index(max(values))]
            yield Parts(best.start(), best.end(), [max(values)], Fraction(found[2]), _TOP)


def _more_than_all(text: str, weight: Fraction) -> Iterator[Parts]:
    """得 6 分 of a weight of 5; 满分 10 分 of another weight."""
    for found in _GIVEN.finditer(text):
        if Fraction(found[1]) > weight and not is_mark(text, *found.span()):
            yield Parts(found.start(), found.end(), [Fraction(found[1])], weight, WEIGHT)
    full = [one for one in _FULL.finditer(text) if not is_mark(text, *one.span())]
    if len(full) == 1:  # several are those of its parts
        yield Parts(full[0].start(), full[0].end(), [Fraction(full[0][1])], weight, WEIGHT)


def is_mark(text: str, start: int, end: int) -> bool:
    """问卷满分 100 分, 平均得 90 分以上: the marks of a questionnaire, and no points of the indicator."""
    return bool(_MARKS.search(text[max(0, start - _AROUND) : start]) or _OR_MORE.match(text, end))


def _brackets(text: str, weight: Fraction) -> Iterator[Parts]:
    """有制度 (1 分)；有记录 (3 分)."""
    found = list(_BRACKET.finditer(text))
    if len(found) > 1 and not _GIVEN.search(text):
        yield Parts(found[0].start(), found[-1].end(), [Fraction(one[1]) for one in found], weight, WEIGHT)
    for quotient in _QUOTIENT.finditer(text):
        if given := _IN_BRACKETS.match(text, quotient.end()):
            yield Parts(quotient.start(), given.end(), [Fraction(quotient[1])], Fraction(given[1]), _ITEM)


def _tops(text: str, weight: Fraction) -> Iterator[Parts]:
    """Several lists of bands that each begin at ①: what the best band of each gives."""
    starts = [at for at, one in enumerate(text) if one == "①"]
    given = [list(_GIVEN.finditer(text, at, end)) for at, end in pairwise([*starts, len(text)])]
    if len(given) > 1 and all(len(one) > 1 for one in given):
        tops = [max(one, key=lambda found: Fraction(found[1])) for one in given]
        yield Parts(tops[0].start(), tops[0].end(), [Fraction(one[1]) for one in tops], weight, WEIGHT)


def _factors(text: str, weight: Fraction) -> Iterator[Parts]:
    """甲知晓度*5；乙知晓度*5, where the rule gives points in no other way."""
    found = list(_FACTOR.finditer(text))
    if len(found) > 1 and "分" not in text[found[0].start() :]:
        yield Parts(found[0].start(), found[-1].end(), [Fraction(one[1]) for one in found], weight, WEIGHT)


def _added(text: str, weight: Fraction) -> Iterator[Parts]:
    """甲得 3 分，否则 0 分，乙比例*2，两部分合计；丙*5: the most of each part, where the rule says that they are added."""
    if not _ADDED.search(text):
        return
    values: list[Fraction] = []
    spans: list[tuple[int, int]] = []
    start = 0
    for end in [*(found.start() for found in re.finditer(r"[；;。]", text)), len(text)]:
        given = list(_POINTS.finditer(text, start, end))
        if given:
            values.append(max(Fraction(one[1]) for one in given))
        factors = list(_FACTOR.finditer(text, start, end))
        values.extend(Fraction(one[1]) for one in factors)
        spans.extend(one.span() for one in (*given, *factors))
        start = end + 1
    if len(values) > 1:
        yield Parts(min(spans)[0], max(one for _, one in spans), values, weight, WEIGHT)
