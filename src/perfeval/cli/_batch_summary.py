"""A table of projects at a glance, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from perfeval.cli._shown import escaped, width
from perfeval.cli.output import Output
from perfeval.quantity import show_decimal, show_fixed, show_rate

if TYPE_CHECKING:
    from perfeval.batch.summary import Distribution, Summary

_BAR = 30


def lines(found: Summary, output: Output) -> Iterator[str]:
    """Means are shown to two decimals (`--summary FILE.json` has them exactly); all else is exact."""
    yield escaped(found.title)
    yield output.pick(
        f"{found.rows} 个项目，{found.rows - found.bad} 个有总分和等级，{found.bad} 个得分不全",
        f"{found.rows} projects: {found.rows - found.bad} with total and grade, {found.bad} lack scores",
    )
    yield ""
    yield from _grades(found, output)
    yield ""
    yield from _table(found, output)


def _grades(found: Summary, output: Output) -> Iterator[str]:
    whole = sum(count for _, count in found.grades)
    shown = [escaped(name) for name, _ in found.grades]
    wide, figures = max(map(width, shown), default=0), max((len(str(count)) for _, count in found.grades), default=0)
    yield output.pick("等级", "Grades")
    for name, (_, count) in zip(shown, found.grades, strict=True):
        share = Fraction(count, whole) if whole else Fraction(0)
        bar = "█" * max(int(share * _BAR), int(count > 0))
        yield f"  {name}{' ' * (wide - width(name))}  {count:>{figures}}  {show_rate(share, 1):>6}  {bar}".rstrip()


def _table(found: Summary, output: Output) -> Iterator[str]:
    heads = [
        output.pick(zh, en)
        for zh, en in (
            ("指标", "Indicator"), ("分值", "Weight"), ("平均", "Mean"), ("得分率", "Rate"), ("最低", "Min"), ("10%", "10%"), ("25%", "25%"),
            ("中位", "Median"), ("75%", "75%"), ("90%", "90%"), ("最高", "Max"), ("缺", "None"),
        )
    ]  # fmt: skip
    rows = [heads, *(_row(one, found.places) for one in (*found.first_level, found.total._replace(name=output.pick("总分", "Total"))))]
    sizes = [max(width(row[at]) for row in rows) for at in range(len(heads))]
    for row in rows:
        first = row[0] + " " * (sizes[0] - width(row[0]))
        rest = [" " * (size - width(cell)) + cell for cell, size in zip(row[1:], sizes[1:], strict=True)]
        yield "  ".join([first, *rest])


def _row(one: Distribution, places: int) -> list[str]:
    quantiles = [show_decimal(value) for value in one.quantiles] or ["—"] * 7
    mean = "—" if one.mean is None else show_fixed(one.mean, max(places, 2))
    rate = "—" if one.rate is None else show_rate(one.rate)
    return [escaped(one.name), show_decimal(one.full), mean, rate, *quantiles, str(one.none)]
