"""What a report is made of: headings, paragraphs, tables, lists, charts, indicators, every text ready to be placed.

A `Report` is built once (`view.report_of`) and rendered by each format; order, wording, rounding and geometry are
decided there. Formats escape and place. An attribute that a format would have to compute (a span, a width) is already
a text. Named tuples, not dataclasses: as frozen, and this many dataclasses cost a cold run 8 ms. A template asks
`block|kind` which of the blocks it has before it: heading, paragraph, …
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["name", "text", "number", "place"]  # how a column is set: names, prose, figures, file:line
Scope = Literal["", "row", "rowgroup"]  # what a cell heads: nothing, its row, its group of rows
Role = Literal["", "subtotal", "total"]
Anchor = Literal["start", "middle", "end"]
Tone = Literal["", "lead", "note", "warning"]


class Column(NamedTuple):
    label: str
    kind: Kind


class Cell(NamedTuple):
    """A cell where it begins. `rows` and `columns` are how many it covers, empty where it is one."""

    text: str
    kind: Kind = "text"
    scope: Scope = ""
    rows: str = ""
    columns: str = ""

    @property
    def tag(self) -> str:
        """The element: a heading or a cell like any other."""
        return "th" if self.scope else "td"


class Row(NamedTuple):
    """One entry per column; None where a cell from above or from the left covers the place."""

    cells: tuple[Cell | None, ...]
    role: Role = ""


class Heading(NamedTuple):
    text: str
    level: int
    id: str = ""


class Paragraph(NamedTuple):
    text: str
    tone: Tone = ""


class Bullets(NamedTuple):
    items: tuple[str, ...]


class Facts(NamedTuple):
    """Labelled values: a description list."""

    pairs: tuple[tuple[str, str], ...]


class Table(NamedTuple):
    """`groups` are bodies of rows: one for each first-level indicator, whose cell spans it."""

    id: str
    caption: str
    region: str  # the name of the region that scrolls
    columns: tuple[Column, ...]
    groups: tuple[tuple[Row, ...], ...]
    width: Literal["", "wide"] = ""  # wide: landscape in print


class Bar(NamedTuple):
    """A bar of a chart. Lengths and places are those of the drawing."""

    label: str
    shown: str  # the figures, written beside the bar
    y: str
    text_y: str
    width: str  # what was got
    open_width: str = "0"  # what is still possible, from the same start
    squares: str = ""  # the bar in text, for formats without drawings


class Bars(NamedTuple):
    id: str
    title: str
    told: str  # the chart in words, for those who do not see it
    height: str
    panel: str  # what stands above the drawing, where a figure has several
    bars: tuple[Bar, ...]


class Axis(NamedTuple):
    """A spoke of the radar: its end, its label, the point reached."""

    x: str
    y: str
    label: str
    shown: str
    label_x: str
    label_y: str
    anchor: Anchor
    point_x: str
    point_y: str


class Radar(NamedTuple):
    id: str
    title: str
    told: str
    rings: tuple[str, ...]  # points of polygons, from the outermost in
    shape: str
    axes: tuple[Axis, ...]


class Figure(NamedTuple):
    id: str
    caption: str
    bars: tuple[Bars, ...]
    radar: Radar | None = None
    columns: tuple[str, ...] = ()  # heads of the bars as a table, for formats without drawings; empty: leave it out


class Line(NamedTuple):
    """A labelled line about an indicator; a warning is marked as one."""

    label: str
    text: str
    tone: Tone = ""


class TraceLine(NamedTuple):
    text: str
    depth: int


class Item(NamedTuple):
    """One lowest indicator of the analysis, in the stock sentences."""

    id: str
    name: str
    level: int
    badge: str  # 2.5 / 5
    state: Literal["full", "part", "none", "open", "exempt"]
    sentence: str
    lines: tuple[Line, ...]
    trace_label: str
    trace: tuple[TraceLine, ...]


class Tile(NamedTuple):
    """A first-level indicator at a glance."""

    name: str
    score: str
    of: str
    rate: str
    width: str  # of 100


class Tiles(NamedTuple):
    """The first level at a glance."""

    rate_label: str
    tiles: tuple[Tile, ...]


Block = Heading | Paragraph | Bullets | Facts | Table | Figure | Item | Tiles


class Section(NamedTuple):
    id: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def parts(self) -> tuple[Heading, ...]:
        """The headings of the section that a table of contents lists."""
        return tuple(b for b in self.blocks if isinstance(b, Heading) and b.id)


class Report(NamedTuple):
    """A whole report."""

    lang: str  # as HTML writes it
    title: str
    project: str
    kind: str
    meta: tuple[tuple[str, str], ...]  # beside the title: who and when
    score_label: str
    score: str
    of: str
    rate_label: str
    rate: str
    grade_label: str
    grade: str
    sections: tuple[Section, ...]  # the first is the summary
    words: dict[str, str]  # the few fixed texts of the page: skip link, contents, footer
