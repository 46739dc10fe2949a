"""ID, mobile and bank card numbers in texts, and texts without them: no finding prints one in full."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from perfeval.problems import Problem

LONG = re.compile(r"(?<![\dA-Za-z.\-])\d{11,19}[Xx]?(?![\dA-Za-z])(?!\.\d)")
"""What may be one, if it is not the number of something else."""
_GROUPED = re.compile(  # 138 0000 0000: only after a word that says so, else the cells of a row would be numbers
    r"(?:手机|电话|联系方式|卡号|账号|账户)[号码]*\s*(?:为|是|：|:)?\s*"
    r"(?P<number>1\d\d[ -]\d{4}[ -]\d{4}|62\d\d[ -]\d{4}[ -]\d{4}[ -]\d{4}(?:[ -]\d{2,3})?)(?![ -]?[\dA-Za-z])"
)
_ID = re.compile(r"[1-9]\d{5}(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)\d{3}[\dXx]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_CARD = re.compile(r"62\d{14}(?:\d{2,3})?")
_OF_PHONES = re.compile(r"(?:手机|电话|联系方式|联系人|微信|[Tt]el)[号码]*\s*[为是：:（(]?\s*$")
_OF_OTHERS = re.compile(  # any whole number may have eleven digits
    r"(?:凭证|票据|发票|流水|订单|合同|文件|单据|[单票编序证文案项批]号|编码|代码|条码|[金总余数]额|投资|资金|收入|支出|[合总共]计|人民币|[¥￥])"
    r"[号码数为是约达]{0,4}\s*[：:（(]?\s*$"
)
_UNIT_BEHIND = re.compile(
    r"\s?(?:[十百千万亿]*元|[万亿](?![\u4e00-\u9fff])|美元|[%％]|吨|公斤|千克|立方米|平方米|平方公里|公里|公顷|亩|千瓦|人次|户次)"
)
_OTHER_COLUMN = re.compile(
    r"凭证|[单票编序证文案项批]号|流水|发票|票据|编码|代码|条码|[金总余数]额|[（(][十百千万亿]*元[）)]|投资|资金|收入|支出|合计|数量"
)
_BEFORE = 20  # characters that say what a number is


class Number(NamedTuple):
    """What kind of number (中文 (English)), the number as printed, where in the text it begins."""

    what: str
    shown: str
    start: int


def numbers(text: str, column: str = "", in_row: bool = False) -> Iterator[Number]:
    """Those of a text. `column`: the title above it, of a cell; `in_row`: what stands before a blank may be another cell."""
    for pattern, group in ((LONG, 0), (_GROUPED, 1)):
        for match in pattern.finditer(text):
            start, end = match.span(group)
            what = _what(match[group])
            if what and (what is not _PHONE or not _is_other(text, start, end, column, in_row)):
                yield Number(what, match[group], start)


_PHONE = "手机号 (a mobile number)"


def _what(printed: str) -> str:
    number = re.sub(r"[ -]", "", printed)
    if _is_id(number):
        return "身份证号 (an ID number)"
    if _MOBILE.fullmatch(number):
        return _PHONE
    return "银行卡号 (a bank card number)" if _CARD.fullmatch(number) and _luhn(number) else ""


def _is_other(text: str, start: int, end: int, column: str, in_row: bool) -> bool:
    """Whether what stands around eleven digits says that they are an amount, or the number of something."""
    before = text[max(start - _BEFORE, 0) : start]
    if _OF_PHONES.search(before):
        return False
    said_before = _OF_OTHERS.search(before) is not None and not (in_row and before[-1].isspace())
    return said_before or bool(_UNIT_BEHIND.match(text, end) or _OTHER_COLUMN.search(column))


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


def masked(number: str) -> str:
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


def without_numbers(problem: Problem) -> Problem:
    """A finding that prints no such number in full, neither in its quote nor in its values.

    Eleven digits that are all of a value may be any figure: they are hidden where the quote has them as a mobile number.
    """
    quote = problem.where.quote if problem.where else ""
    in_quote = _shown(quote)
    values = {key: _hidden(value, in_quote | _shown(value, alone=False)) for key, value in problem.values.items()}
    return problem._replace(values=values, where=problem.where and problem.where._replace(quote=_hidden(quote, in_quote)))


@lru_cache(maxsize=16)
def _shown(text: str, alone: bool = True) -> frozenset[str]:
    """The numbers of a text; `alone`: also a mobile number that is all of it."""
    found = (one for one in numbers(text, in_row=True) if alone or one.what is not _PHONE or one.shown != text.strip())
    return frozenset(one.shown for one in found)


@lru_cache(maxsize=16)
def _hidden(text: str, shown: frozenset[str]) -> str:
    for number in sorted(shown, key=len, reverse=True):
        text = text.replace(number, masked(number))
    return text
