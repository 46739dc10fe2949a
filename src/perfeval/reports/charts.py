"""The charts, as geometry in text: bars of score rates, the radar of the first level, bars of lost points.

Places and lengths are exact fractions of the drawing, printed with one decimal; no float. The radar's directions come
from `_direction`, an integer series: the same picture on every machine. No score is ever computed here.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from unicodedata import east_asian_width

from perfeval.model.result import Indicator
from perfeval.quantity import round_half_up, show_short
from perfeval.reports.blocks import Anchor, Axis, Bar, Bars, Figure, Radar
from perfeval.reports.figures import Figures, rate_text
from perfeval.reports.tables import lost_leaves

# As the template's macro draws it: viewBox 0 0 480 …, labels end at 150, tracks from 158 to 328, figures from 336
_TRACK = 170
_ROW = 26
_SQUARES = 10
_LABEL_WIDTH = 22  # in half-width columns: eleven Chinese characters
_SPOKE_LABEL_WIDTH = 18
_CENTRE_X, _CENTRE_Y, _RADIUS = 240, 150, 100
MOST_SPOKES, FEWEST_SPOKES = 12, 3
MOST_LOSSES = 15  # the table beside the chart lists all


@lru_cache(maxsize=1024)
def _px(value: Fraction | int) -> str:
    return show_short(value, 1)


def _width_of(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def short_label(text: str, width: int = _LABEL_WIDTH) -> str:
    """A label that fits the drawing; the whole name stands in the tables.

    >>> short_label("困难职工建档人员救助率及其他", 12)
    '困难职工建…'
    """
    text = " ".join(text.split())
    if _width_of(text) <= width:
        return text
    while text and _width_of(text) > width - 2:
        text = text[:-1]
    return text.rstrip() + "…"


def _share(points: Fraction, whole: Fraction) -> Fraction:
    """Within 0 and 1; a weight of nothing draws nothing."""
    return min(max(points / whole, Fraction(0)), Fraction(1)) if whole > 0 else Fraction(0)


def _squares(share: Fraction) -> str:
    """Ten squares; full or empty only where the share is."""
    count = int(round_half_up(share * _SQUARES, 0))
    count = min(max(count, 1 if share > 0 else 0), _SQUARES if share == 1 else _SQUARES - 1)
    return "■" * count + "□" * (_SQUARES - count)


def _shown(f: Figures, indicator: Indicator) -> str:
    if indicator.rate is None:
        return f.score(indicator)
    return f"{f.score_of(indicator, 'score-of-short')} · {f.rate(indicator)}"


def _rate_bars(f: Figures, id_: str, title: str, indicators: Iterable[Indicator], panel: str = "") -> Bars:
    words, bars, told = f.words, [], []
    for row, one in enumerate(indicators):
        y = 4 + row * _ROW
        got, possible = (one.low, one.high) if one.score is None else (one.score, one.score)
        is_open = one.status == "pending" and possible > got
        shown = _shown(f, one)
        share, open_width = _share(got, one.applicable), _px(_TRACK * _share(possible, one.applicable)) if is_open else "0"
        bars.append(Bar(short_label(one.name), shown, str(y), str(y + 13), _px(_TRACK * share), open_width, _squares(share)))
        told.append(words("pair", name=one.name, value=shown))
    height = str(8 + len(bars) * _ROW)
    return Bars(id_, title, words.sentence(words("semicolon").join(told)), height, panel, tuple(bars))


def score_rates(f: Figures) -> Figure:
    """图 3-1: the score rate of each leaf, a panel for each first-level indicator (one panel where they are leaves)."""
    words = f.words
    caption = words("figure", n="3-1", title=words("figure-rates"))
    if all(top.is_leaf for top in f.first_level):
        panels = [_rate_bars(f, "chart-rates", words("figure-rates"), f.first_level)]
    else:
        panels = [
            _rate_bars(f, f"chart-rates-{n}", words("bars-title", name=top.name), f.leaves_of(top), f.weighted(top))
            for n, top in enumerate(f.first_level, 1)
        ]
    return Figure("figure-3-1", caption, tuple(panels), columns=(words("indicator"), words("bar"), words("figures")))


def lost_points(f: Figures) -> Figure:
    """图 3-2: who lost the most, the longest bar being the largest loss."""
    words, leaves = f.words, lost_leaves(f)
    everything, largest = sum((leaf.lost for leaf in leaves), Fraction(0)), leaves[0].lost
    bars, told = [], []
    for row, leaf in enumerate(leaves[:MOST_LOSSES]):
        y = 4 + row * _ROW
        shown = f"{f.weight_points(leaf.lost)} · {rate_text(leaf.lost / everything)}"
        bars.append(Bar(short_label(leaf.name), shown, str(y), str(y + 13), _px(_TRACK * leaf.lost / largest)))
        told.append(words("pair", name=leaf.name, value=shown))
    caption = words("figure", n="3-2", title=words("figure-lost"))
    chart = Bars("chart-lost", words("figure-lost"), words.sentence(words("semicolon").join(told)),
                 str(8 + len(bars) * _ROW), "", tuple(bars))  # fmt: skip
    return Figure("figure-3-2", caption, (chart,))


def first_level(f: Figures) -> Figure:
    """The radar of the first level beside its bars; no radar with fewer than three spokes or too many to read."""
    bars = _rate_bars(f, "chart-first", f.words("figure-first"), f.first_level)
    spokes = [one for one in f.first_level if one.status != "not_applicable"]
    radar = _radar(f, spokes) if FEWEST_SPOKES <= len(spokes) <= MOST_SPOKES else None
    return Figure("figure-first", f.words("figure-first"), (bars,), radar)


def _radar(f: Figures, spokes: list[Indicator]) -> Radar:
    directions = [_direction(n, len(spokes)) for n in range(len(spokes))]

    def point(direction: tuple[Fraction, Fraction], reach: Fraction) -> tuple[str, str]:
        return _px(_CENTRE_X + _RADIUS * reach * direction[0]), _px(_CENTRE_Y + _RADIUS * reach * direction[1])

    def ring(reach: Fraction) -> str:
        return " ".join(",".join(point(direction, reach)) for direction in directions)

    axes = []
    for one, (x, y) in zip(spokes, directions, strict=True):
        reached = _share(one.low if one.score is None else one.score, one.applicable)
        end, at = point((x, y), Fraction(1)), point((x, y), reached)
        text_x, text_y = _CENTRE_X + (_RADIUS + 12) * x, _CENTRE_Y + (_RADIUS + 20) * y
        side: Anchor = "middle" if abs(x) < Fraction(1, 10) else "start" if x > 0 else "end"
        axes.append(Axis(*end, short_label(one.name, _SPOKE_LABEL_WIDTH), f.rate(one), _px(text_x), _px(text_y - 3),
                         side, *at))  # fmt: skip
    words = f.words
    told = words("semicolon").join(words("pair", name=one.name, value=f.rate(one)) for one in spokes)
    rings = tuple(ring(Fraction(quarter, 4)) for quarter in (4, 3, 2, 1))
    shape = " ".join(f"{axis.point_x},{axis.point_y}" for axis in axes)
    return Radar("chart-radar", words("radar-title"), words.sentence(told), rings, shape, tuple(axes))


_ONE = 10**12  # fixed point of the series
_PI = 3_141_592_653_590


def _direction(turn: int, turns: int) -> tuple[Fraction, Fraction]:
    """Where a spoke points, for drawing only: clockwise from straight up, y growing downwards.

    Sine and cosine by their series in whole numbers, good for more digits than a drawing has.

    >>> [tuple(map(float, _direction(n, 4))) for n in range(4)]
    [(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)]
    """
    angle = 2 * _PI * turn // turns
    if angle > _PI:  # the left half mirrors the right one
        x, y = _direction(turns - turn, turns)
        return -x, y
    sums, term, power = [0, 0], _ONE, 0  # cosine, sine
    while term:
        sums[power % 2] += -term if power % 4 > 1 else term
        power += 1
        term = term * angle // (_ONE * power)
    cosine, sine = (round_half_up(Fraction(part, _ONE), 6) for part in sums)
    return sine, -cosine
