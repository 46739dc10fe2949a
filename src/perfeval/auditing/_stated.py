"""What sentences state of the scores: of an indicator, of a first-level indicator with its parts, of the whole, the grade."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perfeval.auditing._another import ANOTHER, of_a_part
from perfeval.auditing._claims import FIGURE, as_printed, number_of, ordinal, places_of
from perfeval.model.result import Indicator, Result
from perfeval.quantity import show_decimal

_S = r"\s{0,3}"
_COUNT = r"(?:\d{1,4}|[一二三四五六七八九十]{1,3})"
_IS = rf"{_S}(?:为|是|：|:)?{_S}"
_THEN = rf"{_S}[，,；;]?{_S}"
_SCORE = rf"(?:实际)?(?:得分|得){_IS}(?P<score>{FIGURE}){_S}分(?!率|值)"
_RATE = rf"得分率{_IS}(?P<rate>{FIGURE}){_S}[%％]"
_TAIL = rf"(?:{_THEN}{_SCORE})?(?:{_THEN}{_RATE})?"
_GROUP = re.compile(
    rf"(?P<name>[\u4e00-\u9fff]{{2,12}}?){_S}(?:共?由|包括|包含|共?有|下设|共?设){_S}(?P<second>{_COUNT}){_S}个二级指标{_S}[和、，,及与]?{_S}"
    rf"(?P<third>{_COUNT}){_S}个三级指标(?:组成|构成)?(?:{_THEN}(?:共计|合计|权重分?|满分|分值){_IS}(?P<weight>{FIGURE}){_S}分)?{_TAIL}"
)
_LEVELS = re.compile(rf"(?P<count>{_COUNT}){_S}个(?P<level>[一二三])级指标")
_TOTAL = re.compile(
    rf"(?:总得分|综合得分|最终得分|评价得分|本项目(?:绩效)?(?:评价)?得分|总分){_IS}(?P<total>{FIGURE}){_S}分(?!{_S}(?:以|及|（含|\(含|制|至|-|—|~))"
)
_ANOTHER = re.compile(rf"{ANOTHER}|平均|满分")
_SCALE = re.compile(r"以上|以下|之间|分为|不含|（含|\(含|及格线|划分|标准")
_AROUND = 14  # characters before a figure that may say that it is another one's
_SENTENCE_END = re.compile(r"[。；！？;!?]")


class Stated(NamedTuple):
    """A figure (or a grade) in a text that is not what was computed."""

    name: str
    what: str  # 中文 (English)
    found: str
    computed: str
    start: int
    end: int


class Scores:
    """The computed scores, to hold a text against."""

    def __init__(self, result: Result) -> None:
        self._result = result
        self._by_name: dict[str, list[Indicator]] = {}
        for one in result.indicators:
            self._by_name.setdefault(one.name, []).append(one)
        names = "|".join(re.escape(name) for name in sorted(self._by_name, key=len, reverse=True))
        self._leaf = re.compile(
            rf"(?<![\u4e00-\u9fff])(?P<name>{names}){_S}[”\"」』]?{_S}(?:[一二三]级)?指标{_S}(?:权重|分值|满分){_IS}(?P<weight>{FIGURE}){_S}分{_TAIL}"
        )
        self._quoted = re.compile(
            rf"(?:[“\"「『](?P<name>{names})[”\"」』]|(?<![\u4e00-\u9fff“\"「『:：])(?P<plain>{names})){_S}(?:[一二三]级)?(?:指标)?"
            rf"{_S}{_SCORE}(?:{_THEN}{_RATE})?(?P<weight>(?!))?"
        )
        grades = "|".join(re.escape(band.name) for band in sorted(result.bands, key=lambda band: -len(band.name)))
        self._grade = re.compile(
            rf"(?:等级|评级){_S}(?:评定为|确定为|属于|为|是|：|:){_S}[“\"「『]?{_S}(?P<grade>{grades}){_S}(?:[”\"」』]|(?![\u4e00-\u9fff]))"
        )

    def differing(self, text: str) -> Iterator[Stated]:
        for match in self._leaf.finditer(text):
            yield from _fewest(match, self._by_name[match["name"]])
        for match in self._quoted.finditer(text):
            if not _ANOTHER.search(text[max(0, match.start() - _AROUND) : match.start()]):
                yield from _fewest(match, self._by_name[match["name"] or match["plain"]])
        yield from self._groups(text)
        yield from self._counts(text)
        yield from self._whole(text)

    def _groups(self, text: str) -> Iterator[Stated]:
        for match in _GROUP.finditer(text):
            named = next((one for one in self._result.level(1) if _short(match["name"]) == _short(one.name)), None)
            if named is None:
                continue
            meant = self._meant(match, named)
            if meant is not named:
                yield Stated(named.name, "名称（与所写的数相比） (name, by its figures)", match["name"], meant.name, *match.span("name"))
            for key, level in (("second", 2), ("third", 3)):
                below = sum(one.level == level and one.ref[:1] == meant.ref for one in self._result.indicators)
                yield from _counted(match, key, meant.name, level, below)
            yield from _figures(match, meant)

    def _meant(self, match: re.Match[str], named: Indicator) -> Indicator:
        """Another first-level indicator where two or more of the figures are not those of the one named, and all are its own."""
        if len(list(_figures(match, named))) < 2:
            return named
        return next((one for one in self._result.level(1) if not list(_figures(match, one))), named)

    def _counts(self, text: str) -> Iterator[Stated]:
        """4 个一级指标、10 个二级指标和 20 个三级指标: all of the tree, where the first level is counted too."""
        for start, end in _sentences(text):
            found = list(_LEVELS.finditer(text, start, end))
            if not found or found[0]["level"] != "一" or len({match["level"] for match in found}) < len(found) or len(found) < 2:
                continue
            for match in found:
                level = "一二三".index(match["level"]) + 1
                yield from _counted(match, "count", self._result.name, level, len(self._result.level(level)))

    def _whole(self, text: str) -> Iterator[Stated]:
        for start, end in _sentences(text):
            sentence = text[start:end]
            for match in _TOTAL.finditer(text, start, end):
                before = text[max(start, match.start() - _AROUND) : match.start()]
                of_another = _ANOTHER.search(before) or of_a_part(before, self._result.name)
                total, stated = self._result.total, number_of(match["total"])
                is_full = match[0].startswith("总分") and stated == self._result.full
                if total is None or of_another or is_full or stated == as_printed(total, match["total"]):
                    continue
                yield Stated(self._result.name, "总得分 (total score)", match["total"], show_decimal(total), *match.span("total"))
            grades = list(self._grade.finditer(text, start, end))
            if (
                len(grades) == 1
                and self._result.grade
                and not _SCALE.search(sentence)
                and not _ANOTHER.search(sentence[: grades[0].start() - start])
            ):
                match = grades[0]
                if match["grade"] != self._result.grade:
                    yield Stated(self._result.name, "等级 (grade)", match["grade"], self._result.grade, *match.span("grade"))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        yield start, match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _short(name: str) -> str:
    """项目决策类指标 and 决策 are one."""
    return re.sub(r"^(?:本项目|项目)|(?:类|指标|情况|维度|方面|部分)+$", "", name)


def _fewest(match: re.Match[str], named: list[Indicator]) -> list[Stated]:
    """Where several indicators bear one name, the one that fits best is meant."""
    return min((list(_figures(match, one)) for one in named), key=len)


def _counted(match: re.Match[str], key: str, name: str, level: int, computed: int) -> Iterator[Stated]:
    stated = int(match[key]) if match[key].isdigit() else ordinal(match[key])
    if stated != computed:
        what = f"{'一二三'[level - 1]}级指标个数 (number of level-{level} indicators)"
        yield Stated(name, what, match[key], str(computed), *match.span(key))


def _figures(match: re.Match[str], one: Indicator) -> Iterator[Stated]:
    """The stated weight, score and rate, each with as many decimals as it has."""
    rate = None if one.rate is None else one.rate * 100
    computed: tuple[tuple[str, str, str, Fraction | None], ...] = (
        ("weight", "权重 (weight)", "", one.weight),
        ("score", "得分 (score)", "", one.score),
        ("rate", "得分率 (score rate)", "%", rate),
    )
    for key, what, sign, value in computed:
        text = match[key]
        if text is not None and value is not None and not _shows(text, value, whole_points=key == "score"):
            places = max(2, places_of(text))
            shown = show_decimal(as_printed(value, "." + "0" * places)) if key == "rate" else show_decimal(value)
            yield Stated(one.name, what, text + sign, shown + sign, *match.span(key))


def _shows(text: str, value: Fraction, whole_points: bool) -> bool:
    """Rounded to as many decimals as are written; a score in whole points is no shorter form of another one."""
    return number_of(text) == (value if whole_points and "." not in text else as_printed(value, text))
