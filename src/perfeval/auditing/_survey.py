"""Surveys as evidence.yaml describes them: what each questionnaire answers, and how many were asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from perfeval.auditing._contract import Subject
from perfeval.auditing._reliability import varying
from perfeval.model.evidence import SurveyOf
from perfeval.problems import Fault, Origin, Problem, Where, spelling_hint
from perfeval.quantity import is_missing, show_decimal, split_number
from perfeval.reading.not_data import no_data
from perfeval.reading.tables import Row, Table, read_tables

Marks = tuple[Fraction | None, ...]
"""What one questionnaire gives to each item; None where there is no answer."""


class Unread(NamedTuple):
    """What of a survey cannot be read as it is described, in both languages; one text for all cells of one sort."""

    at: Origin | Where
    why: str
    remedy: str = "改正这一处 (Mend this place)"


class Survey(NamedTuple):
    """A survey as it was read. With anything `unread`, only its rows can be counted."""

    name: str
    asked: SurveyOf
    at: Origin
    rows: tuple[Marks, ...] = ()
    most: Fraction = Fraction(0)
    satisfied: Fraction | None = None
    population: int | None = None
    sent: int | None = None
    unread: tuple[Unread, ...] = ()

    @property
    def answers(self) -> list[Fraction]:
        return [mark for row in self.rows for mark in row if mark is not None]

    @property
    def whole(self) -> list[tuple[Fraction, ...]]:
        """The questionnaires in which every item is answered."""
        return [tuple(mark for mark in row if mark is not None) for row in self.rows if None not in row]


ITEMS = 3
"""Fewer items are no scale."""


def scale_of(survey: Survey) -> list[list[Fraction]]:
    """The whole questionnaires in the items that not all answer alike; none where these are no scale, or something is unread."""
    rows = survey.whole
    free = varying(rows)
    return [[row[at] for at in free] for row in rows] if len(free) >= ITEMS and not survey.unread else []


def surveys(subject: Subject) -> tuple[Survey, ...]:
    """The surveys of a folder, in the order of evidence.yaml. They are read once."""
    if __name__ not in subject.kept:
        subject.kept[__name__] = tuple(_read(subject))
    found: tuple[Survey, ...] = subject.kept[__name__]
    return found


def _read(subject: Subject) -> Iterator[Survey]:
    folder = subject.folder
    if folder is None or not folder.evidence.surveys:
        return
    evidence = folder.evidence
    used = {one.table for one in evidence.surveys.values()}
    tables, _ = read_tables(folder.root, {name: of for name, of in evidence.tables.items() if name in used}, folder.evidence_file)
    for name, asked in evidence.surveys.items():
        yield _Reader(subject, name, asked, subject.in_evidence("surveys", name), tables, []).read()


class _Reader(NamedTuple):
    subject: Subject
    name: str
    asked: SurveyOf
    at: Origin
    tables: Mapping[str, Table]
    unread: list[Unread]

    def read(self) -> Survey:
        asked = self.asked
        most = max(asked.scale.values()) if asked.scale else asked.most
        if most is None:
            self._tell(
                self.at,
                "没有写每题的满分 most (most, the full mark of an item, is not given)",
                "写上 most；答案是文字的，在 scale 里写明每种答案值多少分"
                " (Give most; where answers are words, say in scale what each of them is worth)",
            )
        elif most <= 0:
            self._tell(self.at.under("scale" if asked.scale else "most"), "每题的满分应大于 0 (the full mark of an item must be above 0)")
        elif asked.most is not None and asked.scale and asked.most != most:
            highest = show_decimal(most)
            self._tell(
                self.at.under("most"),
                f"满分与 scale 里最高的 {highest} 分不同 (the full mark differs from {highest}, the greatest of scale)",
            )
        table = self._table()
        rows = tuple(self._rows(table, most)) if table is not None and most is not None and most > 0 else ()
        counts = (self._count("population"), self._count("sent"))
        satisfied = self._satisfied()
        if asked.formula in ("share", "persons") and asked.satisfied is None:
            self._tell(
                self.at.under("formula"), "这种算法要写 satisfied，即满意的最低答案 (this formula wants satisfied, the least that counts)"
            )
        figure = asked.figure
        if figure is not None and not is_name(figure, self.subject) and _number(figure) is None:
            self._tell(self.at.under("figure"), f"「{figure}」不是数、指标或事实 (“{figure}” is no figure, indicator or fact)")
        return Survey(self.name, asked, self.at, rows, most or Fraction(0), satisfied, *counts, tuple(self.unread))

    def _tell(self, at: Origin | Where, why: str, remedy: str = "") -> None:
        self.unread.append(Unread(at, why, remedy) if remedy else Unread(at, why))

    def _table(self) -> Table | None:
        """The table, where it has a column for each item."""
        table = self.tables.get(self.asked.table)
        if table is None:
            assert self.subject.folder is not None
            name, (zh, en) = self.asked.table, spelling_hint(self.asked.table, self.subject.folder.evidence.tables)
            meant = f"，大概是{zh.removeprefix('您是不是想写').rstrip('？')}" if zh else ""
            meant_en = f"; {en.removeprefix('Did you mean ').rstrip('?')} may be meant" if en else ""
            self._tell(
                self.at.under("table"),
                f"tables 里没有「{name}」{meant} (there is no “{name}” under tables{meant_en})",
                "改正表名，或在 tables 里写上这张表 (Mend the name, or declare the table under tables)",
            )
            return None
        items = self.asked.items
        if not items or len(set(items)) < len(items):
            self._tell(self.at.under("items"), "items 没有写列，或同一列写了两次 (items names no column, or one twice)")
            return None
        missing = [column for column in items if column not in table.columns]
        for column in missing:
            self._tell(
                self.at.under("items"), f"表「{table.file}」没有「{column}」这一列 (the table “{table.file}” has no column “{column}”)"
            )
        if not missing and not table.rows:
            self._tell(self.at.under("table"), f"表「{table.file}」没有数据行 (the table “{table.file}” has no rows)")
        return None if missing else table

    def _rows(self, table: Table, most: Fraction) -> Iterator[Marks]:
        """Each questionnaire. The first answer that is none is told with how many there are, and the first row that is no answer."""
        places = [table.columns.index(column) for column in self.asked.items]
        wrong: list[tuple[Row, str]] = []
        for row in table.rows:
            total = no_data(table, row, (), self.name)
            if total is not None and total.where is not None:
                self._tell(
                    total.where,
                    "这一行是合计或说明，不是一份问卷 (this row sums or remarks and is no questionnaire)",
                    "从表里删去这一行 (Take this row out of the table)",
                )
                continue
            marks = []
            for column, place in zip(self.asked.items, places, strict=True):
                try:
                    marks.append(self._mark(row.cells[place].strip(), most))
                except ValueError:  # a Fault is one
                    wrong.append((row, column))
                    marks.append(None)
            yield tuple(marks)
        if wrong:
            row, column = wrong[0]
            cell, count = row.cells[table.columns.index(column)].strip(), len(wrong)
            wanted = " scale 里的" if self.asked.scale else " 0 到满分之间的数"
            wanted_en = "in scale" if self.asked.scale else "a number from 0 to the full mark"
            more = f"；这样的答案共 {count} 个" if count > 1 else ""
            more_en = f"; {count} answers are not" if count > 1 else ""
            remedy = (
                "改正答案，或在 scale 里补上它值多少分 (Mend the answer, or say in scale what it is worth)"
                if self.asked.scale
                else "改正答案或 most；答案是文字的，在 scale 里写明每种答案值多少分"
                " (Mend the answer or most; where answers are words, say in scale what each of them is worth)"
            )
            self._tell(
                table.where(row, column), f"答案「{cell}」不是{wanted}{more} (the answer “{cell}” is not {wanted_en}{more_en})", remedy
            )

    def _mark(self, text: str, most: Fraction) -> Fraction | None:
        """What an answer is worth; None where there is none. Raises `ValueError`."""
        if is_missing(text):
            return None
        if self.asked.scale:
            if text not in self.asked.scale:
                raise ValueError(text)
            return self.asked.scale[text]
        number, unit = split_number(text)
        if unit not in ("", "分") or not 0 <= number <= most:
            raise ValueError(text)
        return number

    def _satisfied(self) -> Fraction | None:
        text, scale = self.asked.satisfied, self.asked.scale
        if text is None:
            return None
        at, found = self.at.under("satisfied"), scale.get(text) if scale else _number(text)
        most = self.asked.most
        if found is None:
            wanted, wanted_en = (" scale 里的答案", "an answer of scale") if scale else ("数", "a number")
            self._tell(at, f"「{text}」不是{wanted} (“{text}” is not {wanted_en})")
        elif not scale and most is not None and 0 < most < found:
            full = show_decimal(most)
            self._tell(
                at,
                f"满意的最低答案 {text} 高于每题的满分 {full} (the least that counts as satisfied, {text}, is above the full mark, {full})",
            )
        return found

    def _count(self, key: str) -> int | None:
        """How many: a number, or the value of a fact. A fact without a value says nothing; that it has none is told elsewhere."""
        text: str | None = getattr(self.asked, key)
        assert self.subject.folder is not None
        if text is None:
            return None
        fact = self.subject.folder.facts.get(text)
        if fact is not None and fact.value is None:
            return None
        number = Fraction(fact.value or 0) if fact is not None else _number(text)
        if number is not None and number.denominator == 1 and number > 0:
            return int(number)
        self._tell(
            self.at.under(key), f"「{text}」不是人数，也不是人数的事实 (“{text}” is neither a count of people nor a fact that is one)"
        )
        return None


def _number(text: str) -> Fraction | None:
    try:
        return split_number(text)[0]
    except Fault:
        return None


def is_name(text: str, subject: Subject) -> bool:
    assert subject.folder is not None
    return text in subject.folder.facts or not isinstance(subject.index.find(text), Problem)
