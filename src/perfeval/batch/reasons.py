"""Why a cell holds no value, or an indicator has no score: a word for programs, and a sentence for people."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from perfeval.backends.exact.interpreter import NoScore, OutOfDomain, ZeroDivisor
from perfeval.ir.columns import Column
from perfeval.ir.nodes import Domain, Number
from perfeval.ir.show import show
from perfeval.problems import Lang
from perfeval.quantity import show_decimal


class Reason(NamedTuple):
    """A permanent word, and what it says in either language."""

    word: str
    zh: str
    en: str

    def told(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


MISSING, NOT_A_NUMBER, EXCESS, TWO_READINGS = "missing", "not-a-number", "excess-decimals", "percent-or-fraction"
OUT_OF_RANGE, NOT_YES_NO, UNKNOWN_TIER, NOT_A_DATE = "out-of-range", "not-yes-no", "unknown-tier", "not-a-date"
NO_REASON = "not-applicable-reason"
ID_MISSING, ID_TWICE = "id-missing", "id-twice"
ZERO_DIVISOR, NOT_IN_DOMAIN, NO_ANSWER = "zero-divisor", "outside-rule", "no-answer"
NOT_JUDGED = "points-not-judged"

_SHOWN = 80  # characters of an expression

ID_REASONS = (
    Reason(ID_MISSING, "这一行没有项目名称，不计分", "this row names no project, and is not scored"),
    Reason(ID_TWICE, "同名的项目不止一行，都不计分", "several rows bear this name, and none of them is scored"),
)


def ends_of(column: Column) -> str:
    """From where to where its numbers or dates go."""
    if column.form == "date":
        return "～".join(date.fromordinal(end).isoformat() for end in (column.low, column.high))
    low, high = (show_decimal(Fraction(column.value(end)) / column.scale) for end in (column.low, column.high))
    return f"{low}～{high}{column.symbol}"


def reason(word: str, column: Column) -> Reason:
    """What a word means in a column."""
    ends = ends_of(column)
    match word:
        case "missing":
            return Reason(word, "没有数据", "there is no value")
        case "not-a-number":
            sign = f"，可以带 {column.symbol}" if column.is_rate else ""
            en_sign = f", with or without {column.symbol}" if column.is_rate else ""
            return Reason(word, f"不是数：只写数字和小数点{sign}", f"not a number: digits and a point{en_sign} only")
        case "excess-decimals":
            return Reason(word, f"小数超过 {column.places} 位", f"more than {column.places} decimals")
        case "percent-or-fraction":
            one = f"0.5 {column.symbol}，还是 {show_decimal(_half(column))}{column.symbol}"
            en = f"0.5 {column.symbol} or {show_decimal(_half(column))}{column.symbol}"
            return Reason(
                word, f"有两种读法（如 0.5：{one}），请写成带 {column.symbol} 的文本", f"reads in two ways (0.5: {en}); give it as text with its {column.symbol}"
            )  # fmt: skip
        case "out-of-range":
            return Reason(word, f"不在 {ends} 之内", f"not within {ends}")
        case "not-yes-no":
            return Reason(word, "不是“是/否”（也可用 true/false、1/0）", "not yes or no (or true/false, 1/0)")
        case "not-applicable-reason":
            return Reason(
                word,
                "写了不适用，却没有写原因：写出原因；适用就留空",
                "said not to apply without a reason: give it, or leave the cell empty",
            )
        case "unknown-tier":
            return Reason(word, f"不是等次，应为：{'、'.join(column.choices)}", f"not a tier; one of: {', '.join(column.choices)}")
    assert word == NOT_A_DATE
    return Reason(word, "不是日期，写成 2023-10-31", "not a date; write 2023-10-31")


def _half(column: Column) -> int:
    return int(1 / column.scale) // 2


def words_of(column: Column) -> tuple[str, ...]:
    """The words that can be said of the column's cells, in the order in which they are looked for."""
    match column.form:
        case "number":
            rates = (TWO_READINGS,) if column.is_rate else ()
            return (MISSING, NOT_A_NUMBER, *rates, EXCESS, OUT_OF_RANGE)
        case "date":
            return (MISSING, NOT_A_DATE, OUT_OF_RANGE)
        case "yes_no":
            return (MISSING, NOT_YES_NO) if column.absent is None else (NO_REASON,)
    return (MISSING, UNKNOWN_TIER)


_WHY = {
    "no-band": ("不在任何一档", "it is in no band"),
    "no-tier": ("这个等次不在适用的规则里", "the tier is none of the rule that applies"),
    "step-mode": ("不满一步时有两种算法", "a part of a step counts in two ways"),
    "too-few-parts": ("去掉最高最低后没有剩下", "nothing is left without the extremes"),
    "negative-target": ("目标值小于 0", "the target is below 0"),
    "nothing-applicable": ("没有一项适用", "nothing applies"),
    "no-grade": ("总分不属于任何等级", "the total is in none of the grades"),
}


def failure(error: NoScore) -> Reason:
    """Why an indicator has no score although its evidence is there."""
    if isinstance(error, OutOfDomain):
        key, value, ends = error.node.key, show_decimal(error.value), _ends(error.node.domain)
        return Reason(NOT_IN_DOMAIN, f"「{key}」为 {value}，规则要求{ends[0]}", f"“{key}” is {value}; the rule takes {ends[1]}")
    assert isinstance(error, ZeroDivisor)
    label = error.node.label
    if label is not None and label.role in _WHY:
        zh, en = _WHY[label.role]
        return Reason(NO_ANSWER, f"规则没有说怎么算：{zh}", f"the rule does not say what follows: {en}")
    divisor = show(error.node.below, lambda node: node.key)
    divisor = divisor if len(divisor) <= _SHOWN else f"{divisor[: _SHOWN - 1]}…"
    return Reason(ZERO_DIVISOR, f"除数为 0：{divisor}", f"division by zero: {divisor}")


def not_judged(given: Number) -> Reason:
    """Points that nothing asks for, and that are not the fixed ones."""
    points = show_decimal(Fraction(given))
    return Reason(
        NOT_JUDGED, f"给了 {points} 分，但这一档的分数是定好的", f"{points} points are given, but its band or tier has fixed points"
    )


def _ends(domain: Domain | None) -> tuple[str, str]:
    """What a rule takes, in words."""
    assert domain is not None
    zh, en = [], []
    if domain.low is not None:
        zh.append(f"不小于 {show_decimal(domain.low)}")
        en.append(f"at least {show_decimal(domain.low)}")
    if domain.high is not None:
        zh.append(f"{'小于' if domain.below else '不大于'} {show_decimal(domain.high)}")
        en.append(f"{'below' if domain.below else 'at most'} {show_decimal(domain.high)}")
    if domain.whole:
        zh.append("整数")
        en.append("a whole number")
    return "、".join(zh), ", ".join(en)
