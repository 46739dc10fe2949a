"""Units: their sizes, which of them convert, and what becomes of them in products and quotients."""

from __future__ import annotations

from fractions import Fraction

import pytest

from perfeval.problems import Fault
from perfeval.quantity import (
    ANY_COUNT,
    COUNT,
    DATE,
    DAYS,
    NO_DIMENSION,
    PERCENT,
    YES_NO,
    Dimension,
    is_count,
    is_whole_count,
    multiply,
    read_unit,
    same_dimension,
    show_dimension,
)

YUAN: Dimension = (("元", 1),)
PEOPLE: Dimension = (("人", 1),)
HOMES: Dimension = (("户", 1),)


@pytest.mark.parametrize(
    ("text", "scale", "dimension"),
    [
        ("%", Fraction(1, 100), NO_DIMENSION),
        ("％", Fraction(1, 100), NO_DIMENSION),
        ("‰", Fraction(1, 1000), NO_DIMENSION),
        ("百分点", Fraction(1, 100), NO_DIMENSION),
        ("个百分点", Fraction(1, 100), NO_DIMENSION),
        ("元", 1, YUAN),
        ("百元", 100, YUAN),
        ("千元", 1000, YUAN),
        ("万元", 10**4, YUAN),
        ("百万元", 10**6, YUAN),
        ("千万元", 10**7, YUAN),
        ("亿元", 10**8, YUAN),
        ("万亿元", 10**12, YUAN),
        ("万人次", 10**4, (("人次", 1),)),
        ("天", 1, DAYS),
        ("月", 1, (("月", 1),)),
        ("年", 1, (("年", 1),)),
        ("公里", 1, (("公里", 1),)),
        ("千瓦时", 1, (("千瓦时", 1),)),
        ("元/人", 1, YUAN),
        ("万元/户", 10**4, YUAN),
        ("万元/万人", 1, YUAN),
        ("元/天", 1, (("元", 1), ("天", -1))),
        ("人/年", 1, (("年", -1),)),
    ],
)
def test_read_unit(text: str, scale: Fraction | int, dimension: Dimension) -> None:
    unit = read_unit(text)
    assert (unit.scale, unit.dimension) == (scale, dimension)


@pytest.mark.parametrize(
    "text", ["", "朵", "十元", "万天", "百月", "千年", "元元", "万", "亿亿亿元", "元/", "元/朵", "朵/人", "/人", "美元"]
)
def test_unknown_units(text: str) -> None:
    with pytest.raises(Fault) as caught:
        read_unit(text)
    assert caught.value.kind.name == "unknown-unit"
    assert caught.value.values == {"text": text, "unit": text}


def test_words_that_a_project_adds() -> None:
    assert read_unit("万朵", frozenset(["朵"])) == ("万朵", 10**4, (("朵", 1),))
    assert read_unit("元/朵", frozenset(["朵"])).dimension == YUAN


@pytest.mark.parametrize(
    ("a", "b", "sign", "wanted"),
    [
        (YUAN, NO_DIMENSION, 1, YUAN),
        (YUAN, NO_DIMENSION, -1, YUAN),
        (PEOPLE, NO_DIMENSION, 1, PEOPLE),
        (NO_DIMENSION, PEOPLE, 1, PEOPLE),
        (NO_DIMENSION, PEOPLE, -1, NO_DIMENSION),
        (NO_DIMENSION, YUAN, -1, (("元", -1),)),
        (YUAN, YUAN, -1, NO_DIMENSION),
        (YUAN, YUAN, 1, (("元", 2),)),
        (YUAN, PEOPLE, -1, YUAN),
        (PEOPLE, PEOPLE, -1, NO_DIMENSION),
        (PEOPLE, HOMES, 1, NO_DIMENSION),
        (YUAN, DAYS, -1, (("元", 1), ("天", -1))),
        ((("元", 2),), YUAN, -1, YUAN),
        (YES_NO, YUAN, 1, (("元", 1), ("是否", 1))),
        (DATE, YUAN, 1, (("元", 1), ("日期", 1))),
    ],
)
def test_multiply(a: Dimension, b: Dimension, sign: int, wanted: Dimension) -> None:
    assert multiply(a, b, sign) == tuple(sorted(wanted))


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (YUAN, YUAN, True),
        (PEOPLE, HOMES, False),
        (PEOPLE, ANY_COUNT, True),
        (ANY_COUNT, HOMES, True),
        (ANY_COUNT, YUAN, False),
        (YUAN, ANY_COUNT, False),
        (ANY_COUNT, NO_DIMENSION, False),
        (NO_DIMENSION, NO_DIMENSION, True),
        (DATE, DAYS, False),
        (ANY_COUNT, DATE, False),
        (ANY_COUNT, (("人", -1),), False),
    ],
)
def test_same_dimension(a: Dimension, b: Dimension, same: bool) -> None:
    assert same_dimension(a, b) is same
    assert same_dimension(b, a) is same


@pytest.mark.parametrize(
    ("dimension", "count", "whole"),
    [
        (PEOPLE, True, True),
        ((("亩", 1),), True, False),
        ((("朵", 1),), True, True),
        (ANY_COUNT, True, True),
        (YUAN, False, False),
        (DAYS, False, False),
        ((("月", 1),), False, False),
        ((("年", 1),), False, False),
        (DATE, False, False),
        (YES_NO, False, False),
        (NO_DIMENSION, False, False),
        ((("人", 2),), False, False),
        ((("人", 1), ("户", 1)), False, False),
    ],
)
def test_counts(dimension: Dimension, count: bool, whole: bool) -> None:
    assert (is_count(dimension), is_whole_count(dimension)) == (count, whole)


@pytest.mark.parametrize(
    ("dimension", "text"),
    [
        (NO_DIMENSION, "无单位 (no unit)"),
        (YUAN, "元"),
        (ANY_COUNT, "计数 (a count)"),
        ((("元", 2),), "元^2"),
        ((("元", 1), ("天", -1)), "元天^-1"),
    ],
)
def test_show_dimension(dimension: Dimension, text: str) -> None:
    assert show_dimension(dimension) == text


def test_rates() -> None:
    assert PERCENT.is_rate
    assert read_unit("‰").is_rate
    assert not COUNT.is_rate
    assert not read_unit("元").is_rate
    assert not read_unit("万元").is_rate
