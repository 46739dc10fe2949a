"""report.md and report.html: the example's bytes, hostile texts, trees of all depths, and what must be told."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from fractions import Fraction
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from markdown_it import MarkdownIt
from pydantic import BaseModel

from perfeval.model.result import Indicator, Result
from perfeval.reports import FORMATS, file_name, render
from perfeval.reports.markdown import escape
from perfeval.reports.view import report_of
from perfeval.reports.words import TEXTS

VOID = {"meta", "rect", "circle", "line", "polygon"}
TAGS_AS_TEXT = """
html head title style body a header div h1 h2 h3 h4 h5 span dl dt dd b nav p ol ul li main section article figure
figcaption svg desc text tspan table caption thead tbody tr th td details summary footer
"""
TAGS = VOID | set(TAGS_AS_TEXT.split())
ATTRIBUTES_AS_TEXT = """
lang charset http-equiv content name class href id aria-label aria-labelledby aria-hidden tabindex role scope rowspan
colspan viewbox preserveaspectratio x y x1 y1 x2 y2 cx cy r dy width height points text-anchor
"""
ATTRIBUTES = set(ATTRIBUTES_AS_TEXT.split())
HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;b&amp; javascript:alert(1) {{ 7*7 }} {% x %} a|b `c` "
    "[d](javascript:alert(1)) ![e](http://x.y/z) <https://x.y> https://x.y www.x.y *f* __g__ ~~h~~ $i$ \\\r\n\r\n"
    "# j\n- k\n1. l\n> m\n| n | o |\n|---|---|\n```\np\n---\n===\n\x00\x1b[31m\u202e\u2028]]>--> </style></svg>"
)


class Page(HTMLParser):
    """The elements of a page with their attributes, its texts, and its tables as grids of cells."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.tables: list[list[list[tuple[int, int]]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        given = dict(attrs)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append((int(given.get("rowspan") or 1), int(given.get("colspan") or 1)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)


def grid_is_full(rows: list[list[tuple[int, int]]]) -> bool:
    """Do the cells, spans included, cover a rectangle exactly once?"""
    width = sum(across for _, across in rows[0])
    covered: set[tuple[int, int]] = set()
    for y, row in enumerate(rows):
        x = 0
        for down, across in row:
            while (y, x) in covered:
                x += 1
            block = {(y + dy, x + dx) for dy in range(down) for dx in range(across)}
            if block & covered:
                return False
            covered |= block
    return covered == {(y, x) for y in range(len(rows)) for x in range(width)}


@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_example(format_: str, example: Result, golden: Callable[[str, str], None]) -> None:
    golden(f"reports/{file_name(format_)}", render(format_, example))


@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_same_bytes(format_: str, example: Result) -> None:
    assert render(format_, example) == render(format_, replace(example))  # replace: no view is kept from before


# ---- hostile texts --------------------------------------------------------------------------------

KEPT = {"status", "lang", "rounding_at", "ref", "role", "key", "kind", "level"}  # closed sets and keys of ours


def infected(value: Any, by: str, name: str = "") -> Any:
    """Every text of a result that data can reach, with another text behind it."""
    if name in KEPT:
        return value
    if isinstance(value, str):
        return value + by
    if isinstance(value, BaseModel):
        return value.model_copy(update={key: infected(one, by, key) for key, one in value})
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(infected(getattr(value, key), by, key) for key in value._fields))
    if isinstance(value, tuple):
        return tuple(infected(one, by) for one in value)
    if isinstance(value, dict):
        return {key: infected(one, by) for key, one in value.items()}
    if isinstance(value, Result | Indicator):
        return replace(value, **{f.name: infected(getattr(value, f.name), by, f.name) for f in fields(value)})
    return value


@pytest.fixture(params=["example", "odd"])
def hostile(request: pytest.FixtureRequest) -> tuple[Result, Result]:
    """A result with harmless texts in every field, and the same with hostile ones."""
    base: Result = request.getfixturevalue(request.param)
    return infected(base, "x"), infected(base, HOSTILE)


def test_html_stays_inert(hostile: tuple[Result, Result]) -> None:
    before, after = (Page(render("html", result)) for result in hostile)
    assert [tag for tag, _ in after.elements] == [tag for tag, _ in before.elements]
    ids = [given["id"] for _, given in after.elements if "id" in given]
    assert len(ids) == len(set(ids))
    for tag, given in after.elements:
        assert tag in TAGS
        assert set(given) <= ATTRIBUTES
        assert given.get("href", "#").startswith("#")
        assert given.get("href", "#")[1:] in ["", *ids]
        assert all(name in ids for name in given.get("aria-labelledby", "").split())
    text = "".join(after.texts)
    assert "<script>alert(1)</script>" in text
    assert "{{ 7*7 }}" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2028]", render("html", hostile[1]))


def test_page_is_self_contained(example: Result) -> None:
    page = Page(render("html", example))
    policy = next(given["content"] for tag, given in page.elements if given.get("http-equiv"))
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert [tag for tag, _ in page.elements].count("h1") == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in page.elements}
    assert not re.search(r"url\(|@import|https?://", render("html", example))


def tokens(text: str) -> Iterator[Any]:
    yield from MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def test_markdown_keeps_its_shape(hostile: tuple[Result, Result]) -> None:
    before, after = (list(tokens(render("md", result))) for result in hostile)
    assert [(t.type, t.tag) for t in after] == [(t.type, t.tag) for t in before]
    for token in after:
        for inner in token.children or ():
            assert inner.type in ("text", "text_special", "strong_open", "strong_close", "html_inline", "softbreak")
            assert inner.type != "html_inline" or inner.content == "<br>"
    for result in hostile:
        assert uneven_tables(render("md", result)) == []


def uneven_tables(text: str) -> list[str]:
    """Rows whose number of cells is not that of the first row of their table."""
    wrong, width = [], 0
    for line in text.splitlines():
        cells = len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) if line.startswith("|") else 0
        width = 0 if cells == 0 else width or cells
        if cells != width:
            wrong.append(line)
    return wrong


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("得分 88.5 分，-5 与 1.5 倍", "得分 88.5 分，-5 与 1.5 倍"),
        ("2023-10（≥90%）", "2023-10（≥90%）"),
        ("-5", "-5"),
        ("- 甲", "\\- 甲"),
        ("1. 甲", "1\\. 甲"),
        ("2) 甲", "2\\) 甲"),
        ("# 甲", "\\# 甲"),
        ("#1 机组", "#1 机组"),
        ("---", "\\---"),
        ("> 90%", "&gt; 90%"),
        ("a*b_c`d", "a\\*b\\_c\\`d"),
        ("甲\n乙\r\n丙", "甲<br>乙<br>丙"),
        ("https://x.y", "https:\\//x.y"),
        ("a@b.c", "a\\@b.c"),
        ("甲\x00乙", "甲乙"),
    ],
)
def test_escape(text: str, shown: str) -> None:
    assert escape(text) == shown


# ---- trees ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("depths", [[1], [1] * 4, [2, 2], [3] * 3, [4, 4], [5], [6, 6], [1, 2, 3], [3, 1, 6, 2], [2] * 13])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_trees_of_all_depths(depths: list[int], lang: str, tree: Callable[..., Result]) -> None:
    result = replace(tree(depths), lang=lang)
    page = Page(render("html", result))
    assert page.tables
    assert all(grid_is_full(rows) for rows in page.tables)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert max(levels) <= 5
    text = render("md", result)
    assert uneven_tables(text) == []
    head = re.search(r"\*\*(?:表 3-1|Table 3-1).*\n\n(\|.*)", text)
    assert head is not None
    assert head[1].count("|") == max(depths) + 4 + 1


def test_parts_that_do_not_add_up_are_told(tree: Callable[..., Result]) -> None:
    assert "合计（印 66.67，各部分之和 66.66）" in render("md", tree([1, 1]))  # 33.33 twice
    assert "印出" not in render("md", tree([1, 1], Fraction(1, 2))).split("## 三")[1]


def test_a_rate_is_full_only_if_it_is(tree: Callable[..., Result]) -> None:
    nearly = tree([1], Fraction(99999, 100000))
    indicators = tuple(replace(i, score=Fraction("99.999"), counted=Fraction("99.999")) for i in nearly.indicators)
    nearly = replace(nearly, places=3, total=Fraction("99.999"), indicators=indicators)
    text = render("md", nearly)
    assert "99.999%" in text
    assert "100%" not in text[: text.index("失分情况")]


# ---- what must be told ----------------------------------------------------------------------------


@pytest.mark.parametrize("format_", sorted(FORMATS))
@pytest.mark.parametrize(
    "told",
    [
        "目前可确定 70.5 分，最多可达 84.5 分（满分 100 分）；绩效评级待定",
        "70.5～84.5",
        "0～14（待定）",
        "佐证尚缺：问卷得分",
        "适用指标权重合计 97 分，换算前得分 68 分",
        "不适用：本项目不分配资金",
        "不适用指标：不计分，其余指标按比例换算到满分",
        "〔未说明扣分原因〕",
        "佐证缺失（用途），按约定记 0 分",
        "0（缺佐证计零）",
        "佐证缺失时列为待定、指标不适用时其余换算到满分",
        "出现下列情形，等级据此受限：发生重大违纪",
        "加分合计 2 分（上限 5 分）：获省级表彰 2 分",
        "减分合计 1 分：逾期报送 1 分",
        "警告（evidence.yaml:12:9）：「满意度」可疑。",
        "评分标准（原文）",
        "凭证.pdf",
    ],
)
def test_exceptions_are_told(format_: str, told: str, odd: Result) -> None:
    text = render(format_, odd)
    assert told in ("".join(Page(text).texts) if format_ == "html" else text)


@pytest.mark.parametrize(
    "told",
    [
        "项目过程由 2 个二级指标和 7 个三级指标组成，共计 20 分，实际得分 19 分，得分率 95%，具体情况如表 4-2 所示。",
        "“政策知晓情况”指标权重 5 分，得分 2.5 分，得分率为 50%。",
        "据指标评分规则，本指标扣 2.5 分，本指标得分 2.5 分。",
        "本项目总得分为 88.5 分（满分 100 分），得分率 88.5%，绩效评级属于“良”。",
    ],
)
def test_stock_sentences(told: str, example: Result) -> None:
    assert told in render("md", example)


def test_english_report_has_no_chinese_wording(tree: Callable[..., Result]) -> None:
    result = replace(tree([3, 2, 1]), lang="en", name="Roads", tree_title="Tree", tree_id="t")
    for format_ in FORMATS:
        text = re.sub(r"(?s)<style>.*</style>", "", render(format_, result)).replace("指标", "")
        assert re.findall("[\u4e00-\u9fff，。、；：（）]", text) == []


def test_wording_has_the_same_slots_in_both_languages() -> None:
    def slots(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    extra = {"part-numbered", "group-numbered", "counted-level"}  # English numbers its headings through
    for key, (zh, en) in TEXTS.items():
        assert slots(zh) == slots(en) or (key in extra and slots(zh) != slots(en)), key
        assert zh.strip() and en.strip(), key


def test_wording_that_is_used_exists(root: Path) -> None:
    used = set()
    for path in (root / "src" / "perfeval" / "reports").glob("*.py"):
        used |= set(re.findall(r'words\(\s*"([a-z0-9-]+)"', path.read_text("utf-8")))
    assert used
    assert used <= set(TEXTS)


# ---- compiled templates ---------------------------------------------------------------------------


def test_compiled_templates_are_kept_and_never_trusted_broken(example: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    expected = render("html", example)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    for content in (None, b"", b"garbage"):
        for file in tmp_path.rglob("*.bin"):
            if content is not None:
                file.write_bytes(content)
        assert render("html", example) == expected
        assert [file.suffix for file in tmp_path.rglob("*") if file.is_file()] == [".bin"]


def test_view_is_shared_by_formats(example: Result) -> None:
    assert report_of(example) is report_of(example)
    assert report_of(replace(example)) is not report_of(example)
