"""The number grammar at its edges, and the reason given for each text that is no number."""

from __future__ import annotations

from fractions import Fraction

import pytest

from perfeval.problems import Fault
from perfeval.quantity import looks_numeric, read_quantity, read_unit, split_number
from perfeval.quantity.numbers import Quantity
from perfeval.quantity.units import NO_DIMENSION

F = Fraction


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0", F(0), ""),
        ("-0", F(0), ""),
        ("007", F(7), ""),
        ("+5", F(5), ""),
        ("-5.50元", F("-5.5"), "元"),
        ("9" * 15, F(10**15 - 1), ""),
        ("9" * 15 + "." + "9" * 18, F(10**15) - F(1, 10**18), ""),
        ("0." + "0" * 17 + "1", F(1, 10**18), ""),
        ("1,234", F(1234), ""),
        ("12,345,678.90", F("12345678.9"), ""),
        ("123,456,789,012,345", F(123456789012345), ""),
        ("5 元", F(5), "元"),
        ("  5元 ", F(5), "元"),
        ("５０％", F(50), "%"),
        ("-５", F(-5), ""),
        ("5元/人", F(5), "元/人"),
    ],
)
def test_split_number(text: str, value: Fraction, unit: str) -> None:
    assert split_number(text) == (value, unit)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2023-05-10", "a date"),
        ("2023-05", "number grammar"),
        ("2023-5-1", "2023-05-01"),
        ("2023/05/10", "2023-05-01"),
        ("2023.5.1", "2023-05-01"),
        ("2023年5月1日", "2023-05-01"),
        ("2023 年 5 月", "2023-05-01"),
        ("１．５", "plain point"),
        ("1，000", "plain point"),
        ("1e3", "exponents"),
        ("1.5E-3", "exponents"),
        ("-1e+3", "exponents"),
        ("0x1F", "decimal digits"),
        ("-0b1", "decimal digits"),
        ("0o17", "decimal digits"),
        ("1_000", "decimal digits"),
        ("1" * 16, "15 digits"),
        ("-" + "1" * 16, "15 digits"),
        ("0." + "1" * 19, "18 digits"),
        ("1,000." + "1" * 19, "18 digits"),
        ("1,00", "group three"),
        ("1234,567", "group three"),
        ("1,234,56", "group three"),
        ("123,456,789,012,345,678", "group three"),
        ("12:30:00", "colons"),
        ("≥5", "comparison sign"),
        ("<5", "comparison sign"),
        ("=5", "comparison sign"),
        ("无", "no data"),
        ("N/A", "no data"),
        ("-", "no data"),
        ("五", "number grammar"),
        ("", "number grammar"),
        (".5", "number grammar"),
        ("5.", "number grammar"),
        ("5 ", None),
        ("--5", "number grammar"),
        ("5±1", "number grammar"),
        ("5~6", "number grammar"),
        ("a:b", "number grammar"),
        ("٣", "number grammar"),
        ("5  元", "number grammar"),
        ("5万 元", "number grammar"),
    ],
)
def test_why_it_is_no_number(text: str, why: str | None) -> None:
    if why is None:
        assert split_number(text) == (F(5), "")
        return
    with pytest.raises(Fault) as caught:
        split_number(text)
    assert caught.value.kind.name == "bad-number"
    assert why in caught.value.values["why"]
    assert caught.value.values["text"] == text


def test_a_long_text_is_cut_where_it_is_quoted() -> None:
    for length, shown in ((60, "长" * 60), (61, "长" * 60 + "…")):
        with pytest.raises(Fault) as caught:
            split_number("长" * length)
        assert caught.value.values["text"] == shown


@pytest.mark.parametrize(
    ("text", "default", "value", "symbol"),
    [
        ("17.16万元", None, F(171600), "万元"),
        ("95", "%", F("0.95"), "%"),
        ("1.01", "%", F("0.0101"), "%"),
        ("0", "%", F(0), "%"),
        ("-0.5", "%", F("-0.005"), "%"),
        ("0.5%", "%", F("0.005"), "%"),
        ("5‰", "%", F("0.005"), "‰"),
        ("5", "万元", F(50000), "万元"),
        ("5元", "万元", F(5), "元"),
        ("1", "元", F(1), "元"),
        ("0.5", "元", F("0.5"), "元"),
    ],
)
def test_read_quantity(text: str, default: str | None, value: Fraction, symbol: str) -> None:
    quantity = read_quantity(text, read_unit(default) if default else None)
    assert quantity.value == value
    assert quantity.unit is not None
    assert quantity.unit.symbol == symbol


def test_a_bare_number_has_no_unit() -> None:
    quantity = read_quantity("5")
    assert quantity == Quantity(F(5), None)
    assert quantity.dimension == NO_DIMENSION
    assert read_quantity("5元").dimension == (("元", 1),)


@pytest.mark.parametrize(
    ("text", "default", "kind", "values"),
    [
        ("0.95", "%", "percent-or-fraction", {"text": "0.95", "percent": "0.95%", "fraction": "95%"}),
        ("1", "%", "percent-or-fraction", {"text": "1", "percent": "1%", "fraction": "100%"}),
        ("0.000000000000000001", "%", "percent-or-fraction", {"percent": "0.000000000000000001%", "fraction": "0.0000000000000001%"}),
        ("0.5", "‰", "percent-or-fraction", {"percent": "0.5‰", "fraction": "500‰"}),
        ("5人", "元", "wrong-unit", {"text": "5人", "unit": "元"}),
        ("5元", "元/人", None, {}),
        ("5朵", None, "unknown-unit", {"text": "5朵", "unit": "朵"}),
        ("5朵", "元", "unknown-unit", {"text": "5朵", "unit": "朵"}),
        ("5元/朵", None, "unknown-unit", {"text": "5元/朵", "unit": "元/朵"}),
        ("5朵/人", None, "unknown-unit", {"text": "5朵/人", "unit": "朵/人"}),
    ],
)
def test_refused_quantities(text: str, default: str | None, kind: str | None, values: dict[str, str]) -> None:
    unit = read_unit(default) if default else None
    if kind is None:
        assert read_quantity(text, unit).value == 5
        return
    with pytest.raises(Fault) as caught:
        read_quantity(text, unit)
    assert caught.value.kind.name == kind
    assert values.items() <= caught.value.values.items()


def test_a_unit_without_a_name_is_told_as_none() -> None:
    from perfeval.quantity import COUNT

    with pytest.raises(Fault) as caught:
        read_quantity("5元", COUNT)
    assert caught.value.values == {"text": "5元", "unit": "无单位 (no unit)"}
    assert read_quantity("5人", COUNT).value == 5


@pytest.mark.parametrize(
    ("text", "numeric"),
    [
        ("5人", True),
        (" 5", True),
        ("-5", True),
        ("+.5", True),
        (",5", True),
        ("５", True),
        ("人5", False),
        ("", False),
        ("-", False),
        ("٣", False),
    ],
)
def test_looks_numeric(text: str, numeric: bool) -> None:
    assert looks_numeric(text) is numeric
