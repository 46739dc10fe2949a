"""personal-data: 文中有没有身份证号、手机号、银行卡号？ Are there ID, mobile or bank card numbers in the text?

Reads: texts, report, and the cells of their tables. ID numbers with a valid date and check digit; bank cards of 中国银联 with theirs.
Severity: warning.
Bad: a list of recipients with their ID numbers; 13800000000 without a word that it is something else.
Good: 110101********1234; an invoice number; a voucher of 18 digits; 总投资13800000000元; 记账凭证号15900001234.
No finding of any check prints such a number in full.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._personal import LONG, Number, masked, numbers
from perfeval.model.document import Document, PrintedCell, PrintedTable
from perfeval.problems import Problem, ProblemKind, Severity, Where

KIND = ProblemKind(
    "personal-data",
    says="这里有{what}：{masked}。",
    remedy="删去，或只留前三位和后两位。",
    en="Here stands {what}: {masked}.",
    en_remedy="Take it out, or keep the first three and the last two digits only.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ()


def check(subject: Subject) -> Iterator[Problem]:
    for document in subject.documents:
        for number, where in _found(document):
            yield KIND.on(where, what=number.what, masked=masked(number.shown))


def _found(document: Document) -> Iterator[tuple[Number, Where]]:
    """Those of tables, then those of paragraphs: a row may be one too, and its cells know more."""
    known = set[tuple[int, str]]()
    for table in document.tables:
        for cell, column in _cells(table):
            found = list(numbers(cell.text, column))
            known |= {(cell.line, digits) for digits in (*LONG.findall(cell.text), *(one.shown for one in found))}
            yield from ((number, document.where_cell(cell)) for number in found)
    for paragraph in document.paragraphs:
        for number in numbers(paragraph.text):
            where = document.where(paragraph, number.start, number.start + len(number.shown))
            if (where.line, number.shown) not in known:
                yield number, where


def _cells(table: PrintedTable) -> Iterator[tuple[PrintedCell, str]]:
    """The cells with what stands at the head of their columns."""
    titles = [cell.text if cell else "" for cell in table.rows[0]] if table.rows else []
    for row in table.rows:
        yield from ((cell, titles[at] if at < len(titles) else "") for at, cell in enumerate(row) if cell is not None)
