"""personal-data: 文中有没有身份证号、手机号、银行卡号？ Are there ID, mobile or bank card numbers in the text?

Reads: texts, report, and the cells of their tables. ID numbers with a valid date and check digit; bank cards of 中国银联 with theirs.
Severity: warning.
Bad: a list of recipients with their ID numbers. Good: 110101********1234; an invoice number; a voucher of 18 digits.
A number that is found is never printed in full.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.model.document import Document
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

_LONG = re.compile(r"(?<![\dA-Za-z.\-])\d{11,19}[Xx]?(?![\dA-Za-z])(?!\.\d)")
_GROUPED = re.compile(  # 138 0000 0000: only after a word that says so, else the cells of a row would be numbers
    r"(?:手机|电话|联系方式|卡号|账号|账户)[号码]*\s*(?:为|是|：|:)?\s*"
    r"(?P<number>1\d\d[ -]\d{4}[ -]\d{4}|62\d\d[ -]\d{4}[ -]\d{4}[ -]\d{4}(?:[ -]\d{2,3})?)(?![ -]?[\dA-Za-z])"
)
_ID = re.compile(r"[1-9]\d{5}(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)\d{3}[\dXx]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_CARD = re.compile(r"62\d{14}(?:\d{2,3})?")


def check(subject: Subject) -> Iterator[Problem]:
    for document in subject.documents:
        for what, number, where in _found(document):
            quote = where.quote
            for _, shown, _ in _numbers(quote):
                quote = quote.replace(shown, _masked(shown))
            yield KIND.on(where._replace(quote=quote), what=what, masked=_masked(number))


def _found(document: Document) -> Iterator[tuple[str, str, Where]]:
    for paragraph in document.paragraphs:
        for what, number, start in _numbers(paragraph.text):
            yield what, number, document.where(paragraph, start, start + len(number))
    for table in document.tables:
        for cell in (cell for row in table.rows for cell in row if cell):
            for what, number, _ in _numbers(cell.text):
                yield what, number, document.where_cell(cell)


def _numbers(text: str) -> Iterator[tuple[str, str, int]]:
    """What kind of number, the number as printed, where it begins."""
    for pattern, group in ((_LONG, 0), (_GROUPED, 1)):
        for match in pattern.finditer(text):
            if what := _what(match[group]):
                yield what, match[group], match.start(group)


def _what(printed: str) -> str:
    number = re.sub(r"[ -]", "", printed)
    if _is_id(number):
        return "身份证号 (an ID number)"
    if _MOBILE.fullmatch(number):
        return "手机号 (a mobile number)"
    return "银行卡号 (a bank card number)" if _CARD.fullmatch(number) and _luhn(number) else ""


def _is_id(number: str) -> bool:
    """GB 11643: a day that exists, and the check digit of ISO 7064 MOD 11-2."""
    match = _ID.fullmatch(number)
    if match is None:
        return False
    month, day = int(match["m"]), int(match["d"])
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(int(match["y"]), month)[1]:
        return False
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17].upper()


def _luhn(number: str) -> bool:
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(number))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def _masked(number: str) -> str:
    return number[:3] + "*" * (len(number) - 5) + number[-2:]
