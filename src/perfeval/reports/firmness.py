"""How firm a grade is, in words: lines for a terminal, and a section for a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from perfeval.model.folder import ProjectFolder
from perfeval.model.result import Indicator, Result, shown
from perfeval.problems import Lang
from perfeval.quantity import show_decimal, show_rate, show_short
from perfeval.reports.blocks import Block, Cell, Column, Heading, Paragraph, Report, Row, Section, Table
from perfeval.whatif.levers import Lever, Place
from perfeval.whatif.robust import Robust, robust
from perfeval.whatif.setting import ground
from perfeval.whatif.single import SingleChange
from perfeval.whatif.weights import LeafWeight, Move

LISTED = 8  # of the nearest single changes in each direction


class Words(NamedTuple):
    """One language."""

    lang: Lang

    def pick(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def points(self, value: Fraction) -> str:
        return self.pick(f"{number(value)} 分", f"{number(value)} point{'' if value == 1 else 's'}")

    def end(self, lever: Lever, place: Place) -> str:
        """The exact place that a value has to reach, where it is not the value itself."""
        if place.value == place.bound:
            return ""
        up, bound = place.value >= lever.value, shown(place.bound, lever.unit, None)
        text = bound.text if bound.exact else f"≈{bound.text}"
        if place.belongs:
            return self.pick(f"{'不低于' if up else '不高于'} {text}", f"at {'least' if up else 'most'} {text}")
        return self.pick(f"{'高于' if up else '低于'} {text}", f"{'more' if up else 'less'} than {text}")


def number(value: Fraction) -> str:
    """Every digit it has, or short and marked as such."""
    text = show_decimal(value)
    return text if "/" not in text else f"≈{show_short(value, 4)}"


def headline(found: Robust, lang: Lang) -> str:
    """The grade, and the less of the two that change it."""
    w, moved, single = Words(lang), found.weights.fewest, found.singles.smallest
    parts = [
        w.pick("按舍入前的得分率，移动权重不能改变它", "by the rates before rounding no moving of weight changes it")
        if moved is None or moved.points is None
        else w.pick(
            f"按舍入前的得分率，移动 {number(moved.points)} 分权重就成为「{moved.grade}」",
            f"by the rates before rounding {w.points(moved.points)} of weight moved make it “{moved.grade}”",
        ),
        _no_single(found, w)
        if single is None
        else w.pick(
            f"单项佐证使总分变动 {number(single.moved)} 分就成为「{single.grade}」",
            f"a single piece of evidence that moves the total by {w.points(single.moved)} makes it “{single.grade}”",
        ),
    ]
    start = w.pick(
        f"等级「{found.weights.grade}」（{number(found.weights.total)} 分）",
        f"The grade “{found.weights.grade}” ({w.points(found.weights.total)})",
    )
    return start + w.pick("：", ": ") + w.pick("；", "; ").join(parts) + w.pick("。", ".")


def _no_single(found: Robust, w: Words) -> str:
    if found.singles.untold:
        return w.pick("没有找到单独能改变它的佐证", "no single piece of evidence was found that changes it")
    return w.pick("没有哪一项佐证单独能改变它", "no single piece of evidence changes it")


def singles_told(found: Robust, lang: Lang) -> str:
    """What the single changes are; of what the sweep cannot tell, neither “none” nor “smallest” is said."""
    w, untold = Words(lang), found.singles.untold
    if not untold:
        return w.pick("改变等级的最小的单项变动", "the smallest single changes that change the grade")
    listed = w.pick("、", ", ").join(untold[:LISTED]) + (
        "" if len(untold) <= LISTED else w.pick(f" 等 {len(untold)} 项", f" and others, {len(untold)}")
    )
    return w.pick(
        f"找到的改变等级的单项变动；{listed} 没有精确算出，可能有更小的变动",
        f"single changes found that change the grade; not told exactly, so that smaller ones may do: {listed}",
    )


def move_told(move: Move, lang: Lang) -> str:
    """One direction of the weights."""
    w = Words(lang)
    aim = w.pick(f"到「{move.grade}」（{number(move.aim)} 分）：", f"to “{move.grade}” ({w.points(move.aim)}): ")
    if move.points is None:
        return aim + w.pick("按舍入前的得分率，怎样移动权重都达不到", "no weights reach it at these score rates before rounding")
    if move.points == 0:
        return aim + w.pick(
            f"不必移动：按舍入前的得分率，总分已是 {number(move.total or move.aim)}",
            f"nothing has to move: by the rates before rounding the total is {number(move.total or move.aim)}",
        )
    return aim + w.pick(f"最少移动 {number(move.points)} 分权重", f"at least {w.points(move.points)} of weight")


def kept_told(found: Robust, lang: Lang) -> str:
    """What was held while weights moved."""
    w, kept, broken = Words(lang), found.weights.kept, found.weights.broken
    parts = [w.pick("各指标得分率不变，权重合计不变", "Score rates and the sum of the weights are held")]
    if kept:
        parts.append(w.pick(f"守住 {len(kept)} 条权重约束", f"{len(kept)} declared constraints are kept"))
    if broken:
        parts.append(
            w.pick(f"{len(broken)} 条约束现在就不满足，没有要求", f"{len(broken)} constraints fail even today and are not asked for")
        )
    held = w.pick("；", "; ").join(parts) + w.pick("。", ". ")
    return held + w.pick(
        "按舍入前的得分率和总分计算；计入舍入时，少移动一点也可能就够。",
        "By rates and totals before rounding; with rounding a little less may do.",
    )


def weights_rows(move: Move, leaves: Sequence[Indicator]) -> Iterator[tuple[str, str, str, str, str]]:
    """The witness: indicator, rate, weight before, after, and the change."""
    names = {leaf.id: leaf.name for leaf in leaves}
    for one in move.moved:
        yield names[one.id], show_rate(one.rate), number(one.before), number(one.after), _signed(one)


def _signed(one: LeafWeight) -> str:
    text = number(one.change)
    return text if one.change < 0 or text.startswith("≈-") else f"+{text}"


def single_rows(found: Sequence[SingleChange], leaves: Sequence[Indicator], lang: Lang) -> Iterator[tuple[str, str, str, str, str]]:
    """Indicator, key, the change, the total, and the grade."""
    names, w = {leaf.id: leaf.name for leaf in leaves}, Words(lang)
    for one in found:
        whose = w.pick("、", ", ").join(names.get(part, part) for part in one.lever.parts) or w.pick("整个项目", "the whole project")
        text = f"{one.lever.text(one.lever.value)} → {one.written[one.lever.key]}"
        if end := w.end(one.lever, one.place):
            text += w.pick(f"（{end}）", f" ({end})")
        text += "".join(w.pick(f"，{key} = {value}", f", {key} = {value}") for key, value in one.written.items() if key != one.lever.key)
        yield whose, one.lever.key, text, number(one.total), one.grade


def section(found: Robust, lang: Lang, title: str | None = None) -> Section:
    """The section of a report."""
    w = Words(lang)
    return Section("firmness", title or w.pick("等级的稳固程度", "How firm the grade is"), tuple(_blocks(found, w)))


def asked_for(folder: ProjectFolder, result: Result) -> Robust | None:
    """How firm the grade is, where project.yaml asks for it (`report: {firmness: yes}`) and there is a grade."""
    if not folder.project.report.firmness or result.total is None or result.grade is None or result.missing:
        return None
    return robust(ground(folder))


def added(report: Report, found: Robust) -> Report:
    """The report with the section before its annexes, at its end where it has none."""
    own = section(found, "zh" if report.lang.startswith("zh") else "en")
    at = next((place for place, one in enumerate(report.sections) if one.id.startswith("annex")), len(report.sections))
    return report._replace(sections=(*report.sections[:at], own, *report.sections[at:]))


def _blocks(found: Robust, w: Words) -> Iterator[Block]:
    leaves, lang = found.result.leaves, w.lang
    yield Paragraph(headline(found, lang), "lead")
    yield Heading(w.pick("权重", "Weights"), 3, "firmness-weights")
    yield Paragraph(kept_told(found, lang), "note")
    heads = [("指标", "Indicator"), ("得分率", "Rate"), ("原权重", "Weight"), ("新权重", "New weight"), ("变动", "Change")]
    for move in (found.weights.down, found.weights.up):
        if move is None:
            continue
        if not move.moved:
            yield Paragraph(move_told(move, lang) + w.pick("。", "."))
        else:
            yield _table(f"firmness-{move.direction}", move_told(move, lang), heads, weights_rows(move, leaves), w)
    yield Heading(w.pick("佐证", "Evidence"), 3, "firmness-evidence")
    told = singles_told(found, lang)
    order = w.pick("，先比总分的变动。", ", by points of the total.")
    yield Paragraph(told[:1].upper() + told[1:] + (order if not found.singles.untold else w.pick("。", ".")))
    singles = [("指标", "Indicator"), ("佐证", "Evidence"), ("变动", "Change"), ("总分", "Total"), ("等级", "Grade")]
    for name, some in (("down", found.singles.down), ("up", found.singles.up)):
        if some:
            caption = w.pick("使等级下降", "To a worse grade") if name == "down" else w.pick("使等级上升", "To a better grade")
            yield _table(f"firmness-single-{name}", caption, singles, single_rows(some[:LISTED], leaves, lang), w)


def _table(id_: str, caption: str, heads: Sequence[tuple[str, str]], rows: Iterator[tuple[str, ...]], w: Words) -> Table:
    columns = tuple(Column(w.pick(zh, en), "name" if at == 0 else "text") for at, (zh, en) in enumerate(heads))
    body = tuple(Row((Cell(row[0], "name", "row"), *(Cell(text) for text in row[1:]))) for row in rows)
    return Table(id_, caption, caption, columns, (body,))
