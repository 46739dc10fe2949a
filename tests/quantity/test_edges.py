"""Told word for word, and the last digit that still counts."""

from __future__ import annotations

from fractions import Fraction as F

import pytest

from perfeval.problems import Fault
from perfeval.quantity import read_quantity, show_quantity, show_rate, show_short, split_number

DATE_IS = "这是日期 (this is a date)"
DATE_WRITE = "日期写成 2023-05-01 (write a date as 2023-05-01)"
HALF_WIDTH = "小数点和逗号要用半角 (a plain point and plain commas)"
EXPONENT = "不接受指数写法 (no exponents)"
DECIMAL = "只接受十进制数字 (decimal digits only)"
BEFORE = "小数点前最多 15 位 (at most 15 digits before the point)"
AFTER = "小数点后最多 18 位 (at most 18 digits after the point)"
GROUPS = "逗号只能每三位一组 (commas group three digits)"
COLON = "不接受冒号写法 (no colons)"
SIGN = "这里要一个数，不要比较号 (a number, without a comparison sign)"
NOTHING = "没有数据时写 待补充 (where there is no data yet, write 待补充)"
OTHER = "不合数的写法 (not in the number grammar)"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2023-05-01", DATE_IS),
        ("2023-5-1", DATE_WRITE),
        ("2023-05-01x", DATE_WRITE),
        ("2023 - 5 -", DATE_WRITE),
        ("2023/05/01", DATE_WRITE),
        ("2023.5.1", DATE_WRITE),
        ("2023年5月1日", DATE_WRITE),
        ("1．5", HALF_WIDTH),
        ("1，500", HALF_WIDTH),
        ("1e5", EXPONENT),
        ("+1E5", EXPONENT),
        ("-1.5e-5", EXPONENT),
        ("1e+5", EXPONENT),
        ("0x1F", DECIMAL),
        ("0X1F", DECIMAL),
        ("-0b1", DECIMAL),
        ("+0B1", DECIMAL),
        ("0o7", DECIMAL),
        ("0O7", DECIMAL),
        ("1_000", DECIMAL),
        ("1" * 16, BEFORE),
        ("-" + "1" * 16, BEFORE),
        ("+" + "1" * 16 + ".5", BEFORE),
        ("1." + "1" * 19, AFTER),
        ("-1,000." + "1" * 19, AFTER),
        ("1,50", GROUPS),
        ("-12,34", GROUPS),
        ("+1,5", GROUPS),
        ("1,,000", GROUPS),
        ("1:30", COLON),
        (":30", OTHER),
        ("≥5", SIGN),
        ("≤5", SIGN),
        (">5", SIGN),
        ("<5", SIGN),
        ("=5", SIGN),
        *((text, NOTHING) for text in ("无", "暂无", "无数据", "缺", "N/A", "n/a", "NA", "None", "none", "-", "——", "--")),
        ("na", OTHER),
        ("NONE", OTHER),
        ("五", OTHER),
        ("1 2", OTHER),
        ("1.", OTHER),
        (".5", OTHER),
        ("", OTHER),
    ],
)
def test_why_it_is_no_number(text: str, why: str) -> None:
    for read in (split_number, read_quantity):
        with pytest.raises(Fault) as caught:
            read(text)
        assert (caught.value.kind.name, caught.value.values) == ("bad-number", {"text": text, "why": why})


def test_digits_until_it_differs() -> None:
    assert show_short(F("1.2345")) == "1.23"
    assert show_short(F(1, 3), 0) == "0"
    last, beyond = F(1, 3 * 10**60), F(1, 3 * 10**61)
    assert show_short(last, 2, [0]) == "0." + "0" * 60 + "3"
    assert show_short(beyond, 2, [0]) == f"1/{beyond.denominator}"
    assert show_rate(F("0.12345")) == "12.35%"
    assert show_quantity(F("1.23456"), None) == "1.2346"
