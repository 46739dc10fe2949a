"""Arithmetic as sentences print it: 1600/372=4.30 万元, (87.93+100+100)/3, exact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perfeval.auditing._claims import number_of, places_of

NUMBER = r"\d{1,12}(?:,\d{3})*(?:\.\d{1,8})?"
_UNIT = r"(?:\s?(?:[%％]|亿元|万元|元|[人户家个项次分份名天件年]))?"
_OPERAND = rf"(?:\(\s?){{0,3}}{NUMBER}{_UNIT}(?:\s?\)){{0,3}}"  # a blank belongs to one part alone: nothing to go back for
_OPERATOR = r"\s?[+*/-]\s?"
_EQUATION = re.compile(
    rf"(?<![\d.,/*+<>≤≥-])(?P<left>{_OPERAND}(?:{_OPERATOR}{_OPERAND}){{1,20}})\s?=\s?(?P<right>{NUMBER})\s?"
    rf"(?P<unit>[%％]|亿元|万元|元|个?百分点)?(?!\d|[.,]\d|\s?[=+*/×÷百千万亿‰-])"  # the first of a chain stands for no value of its own
)
_SIGNS = str.maketrans({"＋": "+", "－": "-", "−": "-", "×": "*", "✕": "*", "÷": "/", "／": "/", "＝": "=", "（": "(", "）": ")"})
_TOKEN = re.compile(rf"({NUMBER})({_UNIT})|([()+*/-])")
_MONEY = ("亿元", "万元", "元")
_SCALES = {"万元": 10**4, "亿元": 10**8}


class _Token(NamedTuple):
    number: str
    unit: str
    sign: str
    more: Fraction = Fraction(0)  # added to the number


_Tokens = list[_Token]


class Equation(NamedTuple):
    """`shown`: whether what stands right is what stands left, in as many decimals as are printed."""

    start: int
    end: int
    exact: Fraction
    percent: bool
    shown: bool


def equations(text: str) -> Iterator[Equation]:
    for found in _EQUATION.finditer(text.translate(_SIGNS)):
        left, right = found["left"], found["right"]
        tokens = [_Token(number, unit.strip(), sign) for number, unit, sign in _TOKEN.findall(left)]
        exact = _value(tokens)
        units = {one.unit for one in tokens}
        unit = found["unit"] or ""
        if exact is None or exact < 0 or len({*units, unit} & {*_MONEY}) > 1:
            continue
        percent = unit in ("%", "％") or (unit.endswith("百分点") and not units.isdisjoint("%％"))
        scale = Fraction(100 if percent else 1)
        printed, lost, half = number_of(right), _lost(tokens, exact), Fraction(1, 2 * 10 ** places_of(right))
        # bare numbers may count 元 where the result is printed in 万元
        scales = [scale] if units & {*_MONEY} else [scale, scale / _SCALES.get(unit, 1)]
        yield Equation(*found.span(), exact, percent, any(abs(exact * one - printed) <= half + lost * one for one in scales))


def _lost(tokens: list[_Token], exact: Fraction) -> Fraction:
    """How far the result may be off because operands with decimals were rounded themselves."""
    lost = Fraction(0)
    for at, one in enumerate(tokens):
        if one.number and places_of(one.number):
            moved = _value([*tokens[:at], one._replace(more=Fraction(1, 2 * 10 ** places_of(one.number))), *tokens[at + 1 :]])
            lost += abs((exact if moved is None else moved) - exact)
    return lost


class _Wrong(Exception):
    """No expression that can be evaluated."""


def _value(tokens: _Tokens) -> Fraction | None:
    try:
        value, rest = _sum(tokens)
    except (_Wrong, ZeroDivisionError):
        return None
    return value if not rest else None


def _sum(tokens: _Tokens) -> tuple[Fraction, _Tokens]:
    value, rest = _product(tokens)
    while rest and rest[0].sign in ("+", "-"):
        sign = rest[0].sign
        other, rest = _product(rest[1:])
        value = value + other if sign == "+" else value - other
    return value, rest


def _product(tokens: _Tokens) -> tuple[Fraction, _Tokens]:
    value, rest = _single(tokens)
    while rest and rest[0].sign in ("*", "/"):
        sign = rest[0].sign
        other, rest = _single(rest[1:])
        value = value * other if sign == "*" else value / other
    return value, rest


def _single(tokens: _Tokens) -> tuple[Fraction, _Tokens]:
    if not tokens:
        raise _Wrong
    one = tokens[0]
    if one.number:
        return (number_of(one.number) + one.more) / (100 if one.unit in ("%", "％") else 1), tokens[1:]
    if one.sign != "(":
        raise _Wrong
    value, rest = _sum(tokens[1:])
    if not rest or rest[0].sign != ")":
        raise _Wrong
    return value, rest[1:]
