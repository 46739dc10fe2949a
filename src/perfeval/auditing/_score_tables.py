"""The score tables of a finished report: rows with weight, score and rate as printed, each figure with its place."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from perfeval.auditing._claims import NUMBER, is_title, places_of
from perfeval.model.document import Document, PrintedCell, PrintedTable
from perfeval.problems import Where
from perfeval.quantity import round_half_up

_LEVELS = {"一": 1, "二": 2, "三": 3, "四": 4}
_NAME = re.compile(r"([一二三四])级指标|(?:评价|绩效|考核)?指标(?:名称)?")
_UNIT = re.compile(r"[（(][分%][）)]$")
_NUMBER = re.compile(rf"(-?{NUMBER})(%?)分?")
_POINTS = re.compile(rf"^(.*?)[（(]({NUMBER})(?:分[）)])?(?:[（(]{NUMBER}分[）)])?$")
_TARGETS = ("目标值", "年度指标值", "年度目标值", "计划指标值", "指标值", "计划值")
_ACTUALS = ("完成值", "实际完成值", "实际值", "全年实际值", "全年完成值", "完成情况", "实际完成情况")
TOTALS = ("合计", "总计", "总分", "总得分", "综合得分", "自评总分", "自评总得分", "自评综合得分")
SUMS = ("小计", *TOTALS)
_WITH_WEIGHT = ("小计", "合计", "总计")  # rows that may sum up the weights alone


class Figure(NamedTuple):
    """A printed number: `places` digits after the point; a per cent is a share of 1."""

    value: Fraction
    places: int
    percent: bool
    text: str
    where: Where

    @staticmethod
    def of(text: str) -> Figure:
        """A figure in points out of a sentence."""
        return Figure(Fraction(text), places_of(text), False, text, Where(""))

    def shows(self, exact: Fraction) -> bool:
        """Whether this is the exact value, rounded to as many digits as are printed."""
        if self.value == exact:
            return True
        if self.percent:
            return round_half_up(exact * 100, self.places) == self.value * 100
        return round_half_up(exact, self.places) == self.value

    def shows_rate(self, exact: Fraction) -> bool:
        """As a rate it may be printed without its sign: 91.67 or 0.92."""
        if self.percent or self.shows(exact):
            return self.shows(exact)
        return round_half_up(exact * 100, self.places) == self.value


class Group(NamedTuple):
    """A group cell left of a row: its points where they are printed (项目立项（5分）)."""

    name: str
    points: Fraction | None
    where: Where
    level: int


class Said(NamedTuple):
    """A cell in words or figures: 目标值, 完成值."""

    text: str
    where: Where


class Row(NamedTuple):
    """A row of a score table. `groups`: what begins at it, by column; None where the group above goes on."""

    name: str
    level: int
    groups: tuple[Group | None, ...]
    weight: Figure | None
    score: Figure | None
    rate: Figure | None
    where: Where
    prose: str = ""
    target: Said | None = None
    actual: Said | None = None

    @property
    def is_sum(self) -> bool:
        return self.name in SUMS


class ScoreTable(NamedTuple):
    caption: str
    line: int
    whole: bool
    rows: tuple[Row, ...]
    own: bool = True  # of the evaluation that the document reports
    spot: str = ""  # where people find it, of a Word or PDF report

    @property
    def called(self) -> str:
        """The number of its caption, else the whole, else its place."""
        number = re.match(r"(?:表\s*\d+(?:[-－—.]\d+)?|附[件表]\s*\d*)", self.caption)
        called = re.sub(r"\s", "", number[0]) if number else self.caption.replace("(", "（").replace(")", "）")
        if not called and (of_word := re.match(r"表(\d+)第", self.spot)):
            return f"第 {of_word[1]} 张表 (table {of_word[1]})"
        if not called and self.spot:
            return f"{self.spot}的表 (the table at {self.spot})"
        return called or f"第 {self.line} 行的表 (the table at line {self.line})"

    @property
    def apart(self) -> bool:
        """Of the self-evaluation in the report of another one: its scores need not be those of the report."""
        return not self.own

    @property
    def total(self) -> Row | None:
        return next((row for row in reversed(self.rows) if row.name in TOTALS), None)

    @property
    def full(self) -> Fraction | None:
        """The points of its last row; where that has only a score (总得分 | 95.81), those of all rows together."""
        if self.total is None or self.total.weight is not None:
            return self.total.weight.value if self.total and self.total.weight else None
        weights = [row.weight.value for row in self.items if row.weight is not None and not row.weight.percent]
        return sum(weights, Fraction(0)) if weights and len(weights) == len(self.items) else None

    @property
    def items(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.is_sum)


def plain(name: str) -> str:
    """A name without blanks and quotes."""
    return re.sub(r"[\s“”\"]", "", name)


def figure(text: str, where: Where, percent: bool = False) -> Figure | None:
    found = _NUMBER.fullmatch(re.sub(r"\s", "", text))
    if found is None:
        return None
    is_percent = percent or bool(found[2])
    return Figure(Fraction(found[1]) / (100 if is_percent else 1), places_of(found[1]), is_percent, found[0], where)


_OWN_TITLE = re.compile(r"^(?![表附]\s*\d).*自评(?:总结)?(?:表|报告)")
_IN_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_FIRST = 5  # paragraphs among which the title stands


def is_self_evaluation(document: Document) -> bool:
    """By what the document calls itself."""
    titles = (_IN_BRACKETS.sub("", one.text) for one in document.paragraphs[:_FIRST])
    return any(_OWN_TITLE.search(one) and is_title(one) for one in titles)


def score_tables(document: Document) -> tuple[ScoreTable, ...]:
    found = (_score_table(document, table) for table in document.tables)
    is_own = is_self_evaluation(document)
    return tuple(_of_whom(one, is_own) for one in found if one is not None)


def _of_whom(table: ScoreTable, is_own: bool) -> ScoreTable:
    """In the report of another evaluation a table of the self-evaluation stands apart, and a row of its total is none of the table's."""
    if is_own:
        return table
    rows = tuple(row for row in table.rows if not (row.is_sum and row.name.startswith("自评")))
    return table._replace(own="自评" not in table.caption, rows=rows)


class _Columns(NamedTuple):
    names: tuple[tuple[int, int], ...]  # column and level
    prose: tuple[int, ...]
    weight: int
    score: int
    rate: int
    target: int
    actual: int


def _columns(titles: tuple[PrintedCell | None, ...]) -> _Columns | None:
    """Which column is what. 分值 is the score where 权重 stands beside it and no 得分, else the weight."""
    texts = [_UNIT.sub("", plain(cell.text)) if cell else "" for cell in titles]
    names = [(at, _LEVELS.get(found[1] or "", 0)) for at, text in enumerate(texts) if (found := _NAME.fullmatch(text))]

    def first(*words: str) -> int:
        return next((texts.index(word) for word in words if texts.count(word) == 1), -1)

    score = first("得分", "评价得分", "实际得分", "自评得分")
    points = first("分值", "标准分", "满分")
    weight = first("权重")
    if score >= 0:
        weight = points if points >= 0 else weight
    elif weight >= 0:
        score = points
    if not names or score < 0 or weight < 0:
        return None
    prose = tuple(at for at, text in enumerate(texts) if re.fullmatch(r"指标(?:解释|说明)|评[分价](?:标准|细则|规则|要点|依据)", text))
    target, actual = (first(*words) for words in (_TARGETS, _ACTUALS))
    return _Columns(tuple(names), prose, weight, score, first("得分率"), target, actual)


def _score_table(document: Document, table: PrintedTable) -> ScoreTable | None:
    columns = _columns(table.rows[0]) if table.rows else None
    if columns is None:
        return None
    rows = tuple(row for cells in table.rows[1:] if (row := _row(document, cells, columns)) is not None)
    return ScoreTable(table.caption, table.line, table.whole and len(rows) == len(table.rows) - 1, rows, spot=table.spot) if rows else None


def _row(document: Document, cells: tuple[PrintedCell | None, ...], columns: _Columns) -> Row | None:
    filled = [cells[at] for at, _ in columns.names]
    name = next((cell for cell in filled if cell and plain(cell.text) in SUMS), filled[-1])
    if name is None:
        return None
    is_sum = plain(name.text) in SUMS

    def number(at: int, percent: bool = False) -> Figure | None:
        cell = cells[at] if 0 <= at < len(cells) else None
        return figure(cell.text, document.where_cell(cell), percent) if cell else None

    groups = tuple(
        None if is_sum or cell is None else _group(document, cell, level)
        for cell, (_, level) in zip(filled[:-1], columns.names[:-1], strict=True)
    )

    def said(at: int) -> Said | None:
        cell = cells[at] if 0 <= at < len(cells) else None
        return Said(cell.text.strip(), document.where_cell(cell)) if cell and cell.text.strip() else None

    prose = "".join(cell.text for at in columns.prose if (cell := cells[at]) is not None)
    where = document.where_cell(name)
    level = columns.names[-1][1]
    figures = number(columns.weight), number(columns.score), number(columns.rate)
    if is_sum and plain(name.text) not in _WITH_WEIGHT and figures[1] is None:  # 总得分 | 95.81: the score under another title
        figures = (None, figures[0] if plain(name.text).endswith("得分") else None, figures[2])
    return Row(plain(name.text), level, groups, *figures, where, prose, said(columns.target), said(columns.actual))


def _group(document: Document, cell: PrintedCell, level: int) -> Group:
    text = plain(cell.text)
    found = _POINTS.match(text)
    where = document.where_cell(cell)
    return Group(found[1], Fraction(found[2]), where, level) if found else Group(text, None, where, level)
