"""Yes and no, dates, and what says that nothing is known: closed lists, at their edges."""

from __future__ import annotations

from datetime import date

import pytest

from perfeval.problems import Fault
from perfeval.quantity import is_missing, is_name, is_reason, is_yes_no, looks_like_date, read_date, read_yes_no


@pytest.mark.parametrize("text", ["是", "yes", "Yes", "YES", "true", "True", "TRUE", "√", " 是 "])
def test_yes(text: str) -> None:
    assert read_yes_no(text) is True
    assert is_yes_no(text)


@pytest.mark.parametrize("text", ["否", "no", "No", "NO", "false", "False", "FALSE", "×", " no\n"])
def test_no(text: str) -> None:
    assert read_yes_no(text) is False
    assert is_yes_no(text)


@pytest.mark.parametrize("text", ["", "on", "off", "Y", "N", "1", "0", "不是", "✓", "x", "X", "✗", "yES", "对"])
def test_neither(text: str) -> None:
    assert not is_yes_no(text)
    with pytest.raises(Fault) as caught:
        read_yes_no(text)
    assert (caught.value.kind.name, caught.value.values) == ("bad-yes-no", {"text": text})


@pytest.mark.parametrize("text", [None, "", "  ", "null", "Null", "NULL", "~", "待补充", "待定", "—", "/", " 待定 "])
def test_missing(text: str | None) -> None:
    assert is_missing(text)


@pytest.mark.parametrize("text", ["0", "-", "——", "无", "N/A", "None", "nULL", "待 定", "//", "暂缺"])
def test_not_missing(text: str) -> None:
    assert not is_missing(text)


@pytest.mark.parametrize(
    ("text", "end_of_month", "wanted"),
    [
        ("2023-05-31", None, date(2023, 5, 31)),
        ("2024-02-29", None, date(2024, 2, 29)),
        ("2000-02-29", None, date(2000, 2, 29)),
        ("0001-01-01", None, date(1, 1, 1)),
        ("9999-12-31", None, date(9999, 12, 31)),
        (" 2023-05-01 ", None, date(2023, 5, 1)),
        ("2023-01", False, date(2023, 1, 1)),
        ("2023-12", False, date(2023, 12, 1)),
        ("2023-12", True, date(2023, 12, 31)),
        ("2024-02", True, date(2024, 2, 29)),
        ("2023-02-03", True, date(2023, 2, 3)),
    ],
)
def test_read_date(text: str, end_of_month: bool | None, wanted: date) -> None:
    assert looks_like_date(text)
    assert read_date(text, end_of_month) == wanted


@pytest.mark.parametrize(
    ("text", "looks", "why"),
    [
        ("2023-02-29", True, "2023 年 2 月没有 29 日 (no such day)"),
        ("2100-02-29", True, "2100 年 2 月没有 29 日 (no such day)"),
        ("2023-04-31", True, "2023 年 4 月没有 31 日 (no such day)"),
        ("2023-05-00", True, "2023 年 5 月没有 0 日 (no such day)"),
        ("2023-00-01", True, "没有这个月 (no such month)"),
        ("2023-13-01", True, "没有这个月 (no such month)"),
        ("0000-01-01", True, "没有这个月 (no such month)"),
        ("2023-05", True, "这里要写到日 (the day is needed here)"),
        ("2023-5-1", False, "应为 年-月-日 (year-month-day)"),
        ("2023-05-1", False, "应为 年-月-日 (year-month-day)"),
        ("12023-05-01", False, "应为 年-月-日 (year-month-day)"),
        ("2023/05/01", False, "应为 年-月-日 (year-month-day)"),
        ("20230501", False, "应为 年-月-日 (year-month-day)"),
        ("２０２３-05-01", False, "应为 年-月-日 (year-month-day)"),
        ("待定", False, "应为 年-月-日 (year-month-day)"),
    ],
)
def test_bad_dates(text: str, looks: bool, why: str) -> None:
    assert looks_like_date(text) is looks
    with pytest.raises(Fault) as caught:
        read_date(text)
    assert (caught.value.kind.name, caught.value.values) == ("bad-date", {"text": text, "why": why})


@pytest.mark.parametrize("text", ["没有这项工作", "略", "n/a: none planned", " 2024 年开工 ", "é", "不涉及\u200b"])
def test_reasons(text: str) -> None:
    assert is_reason(text) and is_name(text)


@pytest.mark.parametrize("text", ["是", "√", "yEs", " 不适用", "无", "1", "12.5", "……", "★", "是\u200b", "off"])
def test_no_reasons_though_names(text: str) -> None:
    assert not is_reason(text) and is_name(text)


@pytest.mark.parametrize(
    "text", ["", " \u3000", "nan", "None", "<NA>", "#N/A", "null", "待定", "—", "\u200b\u2060", "\u3164", "\u2800", "\ufeffnan "]
)
def test_neither_reasons_nor_names(text: str) -> None:
    assert not is_reason(text) and not is_name(text)
