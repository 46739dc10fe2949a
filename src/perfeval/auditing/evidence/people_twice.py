"""people-twice: 跨年计数时，同一个人、同一户算了几次吗？ Are persons counted more than once over several years?

Reads: evidence (facts that count rows) and the rows that they count, where a column holds codes of persons, families or units.
Severity: note; both counts are shown, and which is meant is for people to say.
Bad: `帮扶人数: {table: payments, count: rows}` with 29 rows of 25 persons in three years.
Good: `distinct: 人员编号`; or a count that says what it counts: 人次, 户次, 笔.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from perfeval.auditing._contract import Need, Subject
from perfeval.model.evidence import Fact, FactValue
from perfeval.model.folder import ProjectFolder
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import DATE, Dimension
from perfeval.reading.facts import FactReader
from perfeval.reading.tables import Table, read_tables

KIND = ProblemKind(
    "people-twice",
    says="「{name}」按行计为 {rows}，这些行跨 {years} 个年度，「{column}」不同的只有 {codes} 个。",
    remedy="要人数、户数的，写 distinct: {column}；要人次、户次的，名称或单位写明。",
    en="“{name}” counts {rows} rows over {years} years, and “{column}” holds {codes} different codes only.",
    en_remedy="For persons write distinct: {column}; for times, say so in the name or unit (人次, 户次).",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("folder",)
COUNTED = ("人数", "户数", "人员", "对象", "职工", "学生", "名额", "家数", "受益人")
"""What names of figures call those who are counted once."""
UNITS = ("人", "户", "名", "家")
TIMES = ("次", "笔", "行数", "条数", "份数", "件数")
CODES = ("编号", "编码", "代码", "学号", "工号", "证号", "姓名", "户主", "学籍号")
NOT_OF_PEOPLE = ("凭证", "合同", "项目", "文件", "流水", "票", "问卷", "记录", "单号", "批次", "设备", "资产", "年度")
YEARS = ("年度", "年份", "年", "所属年度", "发放年度", "支付年度")
NOT_OF_ROWS = ("出生", "生日", "入职", "入学", "参加工作", "退休", "成立", "注册", "登记", "认定", "建档", "取得", "到期", "有效期")
"""What a column of dates is called that tells of a person or a unit, not of when the row came about."""


def check(subject: Subject) -> Iterator[Problem]:
    folder = subject.folder
    assert folder is not None
    counts = [(fact, folder.evidence.facts[fact.key]) for fact in folder.facts.values() if _counts_people(folder, fact)]
    if not counts:
        return
    tables, _ = read_tables(folder.root, folder.evidence.tables, folder.evidence_file)
    for fact, asked in counts:
        table = tables.get(asked.table or "")
        if table is None or not isinstance(fact.value, int):
            continue
        rows = _Rows(folder, tables, asked)
        years = rows.years(table)
        for column in filter(_is_code, table.columns):
            codes = rows.distinct(column)
            if years > 1 and 0 < codes < fact.value:
                yield KIND.on(fact.origin.key(), name=fact.key, rows=fact.value, years=years, column=column, codes=codes)
                break


def _counts_people(folder: ProjectFolder, fact: FactValue) -> bool:
    if folder.evidence.facts[fact.key].count != "rows" or any(word in fact.key for word in TIMES):
        return False
    unit = fact.unit.symbol if fact.unit else ""
    return unit in UNITS or (not unit and any(word in fact.key for word in COUNTED))


def _is_code(column: str) -> bool:
    return any(word in column for word in CODES) and not any(word in column for word in NOT_OF_PEOPLE)


class _Rows(NamedTuple):
    """The rows that a fact counts, read again in other ways. What cannot be read so (a blank cell) says nothing."""

    folder: ProjectFolder
    tables: dict[str, Table]
    asked: Fact

    def distinct(self, column: str) -> int:
        return self._read(Fact(table=self.asked.table, distinct=column, where=self.asked.where)) or 0

    def years(self, table: Table) -> int:
        """How many years they are of: by a column of years, else from the first to the last date of the first column that holds dates."""
        for column in (column for column in YEARS if column in table.columns):
            return self.distinct(column)
        for column in (column for column in table.columns if not any(word in column for word in NOT_OF_ROWS)):
            first = self._read(Fact(table=self.asked.table, min=(column,), where=self.asked.where), DATE)
            last = first and self._read(Fact(table=self.asked.table, max=(column,), where=self.asked.where), DATE)
            if first and last:
                return date.fromordinal(last).year - date.fromordinal(first).year + 1
        return 0

    def _read(self, probe: Fact, dimension: Dimension | None = None) -> int | None:
        folder = self.folder
        reader = FactReader(self.tables, frozenset(self.tables), {}, frozenset(folder.tree.units), folder.evidence_file, [])
        found = reader.read({"": probe})[""]
        if found.value is None or dimension not in (None, found.dimension):
            return None
        return int(found.value)
