"""The scoreboard: the tree with weights, scores, rates and bars, what was lost and why, then the total and the grade.

It is made of lines of pieces, each a text and a style of rich (`Output.render` prints them, with rich where there are
colours). Texts of the data have their control characters written out; nothing in them is read as markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfeval.cli._shown import escaped, width, wrapped
from perfeval.cli.output import Output, Piece
from perfeval.explaining import why_lost
from perfeval.model.result import Indicator, Result
from perfeval.quantity import show_decimal, show_rate, show_short

Line = list[Piece]
BAR = 10
_SHADES = ((Fraction(1), "green"), (Fraction(3, 5), "yellow"), (Fraction(0), "red"))


def scoreboard(result: Result, output: Output, wide: int, glyphs: str) -> Iterator[Line]:
    """Everything from the project's name to the grade. `glyphs`: the full and the empty sign of a bar."""
    yield from _head(result, wide)
    yield from _table(result, output, wide, glyphs)
    yield []
    yield from _foot(result, output, wide)


def _head(result: Result, wide: int) -> Iterator[Line]:
    for texts, style in (((result.name, result.agency), "bold"), ((result.tree_title, result.document, result.date), "dim")):
        for line in wrapped(escaped("  ".join(filter(None, texts))), wide):
            yield [(line, style)]
    yield []


def _table(result: Result, output: Output, wide: int, glyphs: str) -> Iterator[Line]:
    """One row an indicator. (rich's own table would wrap Chinese only at blanks, and measure each cell again.)"""
    heads: Line = [(output.pick(zh, en), "bold") for zh, en in (("分值", "Weight"), ("得分", "Score"), ("得分率", "Rate"))]
    rows = [heads, *([(_weight(one, output), ""), _score(one, result), _rate(one, output)] for one in result.indicators)]
    sizes = [max(width(row[place][0]) for row in rows) for place in range(len(heads))]
    room = wide - sum(sizes) - 2 * len(sizes)
    bars = room >= BAR + 30  # a narrow terminal: names before bars
    room = max(12, min(64, room - (BAR + 2 if bars else 0)))
    yield from _row([output.pick("指标", "Indicator")], "bold", room, sizes, heads, [])
    for one, row in zip(result.indicators, rows[1:], strict=True):
        names = _indented(one.name, one, "", room)
        yield from _row(names, "bold" if one.level == 1 else "", room, sizes, row, _bar(one, glyphs) if bars else [])
        if one.is_leaf and (why := _why(one, output)):
            yield from ([(line, "dim")] for line in _indented(why, one, "  ", room))


def _row(names: list[str], style: str, room: int, sizes: list[int], cells: Line, bar: Line) -> Iterator[Line]:
    """The name's first line with the cells beside it, its other lines below."""
    row: Line = [(names[0], style), (" " * (room - width(names[0])), "")]
    for size, (text, shade) in zip(sizes, cells, strict=True):
        row += [(" " * (2 + size - width(text)), ""), (text, shade)]
    yield [*row, ("  ", ""), *bar] if bar else row
    yield from ([(line, style)] for line in names[1:])


def _indented(text: str, one: Indicator, more: str, room: int) -> list[str]:
    """A text below the name's own indentation, which shows the level."""
    indent = "  " * (one.level - 1) + more
    return [indent + line for line in wrapped(escaped(text), max(8, room - len(indent)))]


def _why(one: Indicator, output: Output) -> str:
    """What was lost and why, or what is missing; "" where all is well."""
    if one.status == "pending":
        shown = output.pick("、", ", ").join(one.missing[:3]) + ("…" if len(one.missing) > 3 else "")
        return output.pick("还缺：", "missing: ") + shown
    lines = [_exempt(one, output), _lost(one, output)]
    return output.pick("；", "; ").join(filter(None, lines))


def _exempt(one: Indicator, output: Output) -> str:
    """What does not apply: all of it, or some items."""
    items = output.pick("、", ", ").join(
        output.pick(f"{name}（{reason}）", f"{name} ({reason})") for name, reason in one.not_applicable_items
    )
    reason = one.not_applicable or items
    if not reason:
        return ""
    full = one.score is not None and not one.left_out and bool(one.not_applicable)
    word = ("不适用，按满分计：", "not applicable, counted in full: ") if full else ("不适用：", "not applicable: ")
    return output.pick(*word) + reason


def _lost(one: Indicator, output: Output) -> str:
    comma, colon = output.pick("，", ", "), output.pick("：", ": ")
    if not one.lost:
        return ""
    lost = output.pick("扣 ", "lost ") + show_short(one.lost, 4, [0])
    if one.zero_by_policy:
        return lost + colon + output.pick("缺佐证，按约定计 0 分", "evidence is missing, 0 points by policy")
    why = list(why_lost(one, output.lang))
    if one.reason_missing:
        why.append(output.pick("没有写原因", "no reason given"))
    if why:
        return lost + colon + output.pick("；", "; ").join(why)
    told = [output.pick("完成值 ", "actual ") + one.actual] if one.actual else []
    told += [output.pick("目标 ", "target ") + one.target] if one.target else []
    return lost + (colon + comma.join(told) if told else "")


def _weight(one: Indicator, output: Output) -> str:
    """The weight as printed; where only a part of it applies, that too."""
    whole = show_short(one.weight, 4)
    if not one.left_out or one.status == "not_applicable":
        return whole
    return whole + output.pick(f"（适用 {show_short(one.applicable, 4)}）", f" ({show_short(one.applicable, 4)} apply)")


def _score(one: Indicator, result: Result) -> Piece:
    if one.status == "pending":
        low, high = (show_short(end, result.places, [0, one.applicable]) for end in (one.low, one.high))
        return f"{low}～{high}", "cyan"
    if one.score is None:
        return "—", "dim"
    return show_short(one.score, result.places, [0, one.applicable]), ""


def _rate(one: Indicator, output: Output) -> Piece:
    if one.status == "pending":
        return output.pick("待定", "pending"), "cyan"
    return ("—", "dim") if one.rate is None else (show_rate(one.rate), "")


def _bar(one: Indicator, glyphs: str) -> Line:
    """Full only where the score is, empty only where there is none."""
    if one.rate is None:
        return []
    count = max(int(one.rate * BAR), 1 if one.rate > 0 else 0)
    shade = next(colour for least, colour in _SHADES if one.rate >= least)
    return [(glyphs[0] * count, shade), (glyphs[1] * (BAR - count), "dim")]


def _foot(result: Result, output: Output, wide: int) -> Iterator[Line]:
    for extra in result.extras:
        word = output.pick("加分", "Bonus") if extra.kind == "bonus" else output.pick("减分", "Penalty")
        cap = output.pick(f"（上限 {show_decimal(extra.cap)}）", f" (at most {show_decimal(extra.cap)})") if extra.cap is not None else ""
        yield [
            (f"{word} {('+' if extra.kind == 'bonus' else '-') if extra.points else ''}{show_short(extra.points, result.places)}{cap}", "")
        ]
    if result.unscaled is None and result.applicable is not None:
        worth = show_short(result.applicable, 4)
        yield [(output.pick(f"适用的权重共 {worth}，总分区间已按它折算", f"Weights that apply: {worth}; the total is scaled by them"), "")]
    if result.unscaled is not None and result.applicable is not None:
        got, full = f"{show_short(result.unscaled, 4)} / {show_short(result.applicable, 4)}", show_decimal(result.full)
        if result.not_applicable_policy == "rebase_parent":
            told = output.pick(f"适用的部分得 {got}，在各上级指标内折算", f"What applies: {got}, scaled within each parent")
        else:
            told = output.pick(f"适用的部分得 {got}，折算成满分 {full}", f"What applies: {got}, scaled to {full}")
        if result.extras and result.converted is not None:
            converted = show_short(result.converted, 4)
            told += output.pick(f"：{converted}，再计加减分", f": {converted}, then bonus and penalty")
        yield [(told, "")]
    if result.partial:
        yield [(output.pick("佐证尚未收齐，这是部分评分（--partial）。", "Evidence is still missing: a partial score (--partial)."), "")]
    if result.missing:
        kinds = {"veto": output.pick("一票否决", "veto"), "bonus": output.pick("加分", "bonus"), "penalty": output.pick("减分", "penalty")}
        names = [output.pick(f"{kinds[kind]}「{name}」", f"{kinds[kind]} “{name}”") for kind, name in result.missing]
        lacking = output.pick("还缺：", "Missing: ") + escaped(output.pick("、", ", ").join(names))
        yield from ([(line, "cyan")] for line in wrapped(lacking, wide))
    if result.overridden:
        changed = escaped(", ".join(result.overridden))
        yield [(output.pick("项目改动了体系的约定：", "Policies changed by the project: ") + changed, "dim")]
    if idle := [text for text in result.vetoes if text not in result.grade_capped_by]:
        noted = output.pick("一票否决情形（等级未因此降低）：", "Vetoes that did not lower the grade: ")
        yield from ([(line, "red")] for line in wrapped(noted + output.pick("、", "; ").join(map(escaped, idle)), wide))
    if result.grade_capped_by:
        capped = output.pick("、", "; ").join(map(escaped, result.grade_capped_by))
        told = output.pick("一票否决，等级受限：", "Veto, the grade is capped: ") + capped
        yield from ([(line, "red")] for line in wrapped(told, wide))
    yield _total(result, output)


def _total(result: Result, output: Output) -> Line:
    full, grade = show_decimal(result.full), escaped(result.grade or output.pick("待定", "pending"))
    apart = [band.low for band in result.bands]
    if result.total is None:
        low, high = show_short(result.low, result.places, apart), show_short(result.high, result.places, apart)
        waiting = sum(one.status == "pending" for one in result.leaves)
        pending = output.pick(f"　{waiting} 个指标待定", f"  {waiting} indicators pending") if waiting else ""
        return [
            (output.pick(f"总分 {low}～{high} / {full}", f"Total {low}～{high} / {full}"), "bold"),
            (output.pick(f"　等级 {grade}", f"  grade {grade}") + pending, ""),
        ]
    total = show_short(result.total, result.places, apart)
    rate = show_rate(result.total / result.full, apart_from=[bound / result.full for bound in apart])
    return [
        (output.pick(f"总分 {total} / {full}", f"Total {total} / {full}"), "bold"),
        (output.pick(f"　得分率 {rate}　等级 ", f"  rate {rate}  grade "), ""),
        (grade, "bold"),
    ]
