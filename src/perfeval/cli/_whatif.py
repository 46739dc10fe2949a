"""What `whatif` prints: old and new traces, the ways to a grade, how firm the grade is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from perfeval.cli._shown import escaped, width
from perfeval.cli.output import Output
from perfeval.explaining import explain
from perfeval.ir.program import Program
from perfeval.model.result import Indicator, Result
from perfeval.quantity import show_decimal
from perfeval.reports import firmness
from perfeval.whatif.found import Move, Way, Ways
from perfeval.whatif.robust import Robust
from perfeval.whatif.setting import Changed, Ground


def told(start: Ground, supposed: Changed | None, ways: Ways | None, firm: Robust | None, output: Output) -> Iterator[str]:
    """Lines, with a blank one between the answers."""
    teller = _Teller(start.program, start.result, output)
    answers = [
        *([teller.supposed(supposed)] if supposed is not None else []),
        *([teller.ways(ways)] if ways is not None else []),
        *([teller.firm(firm)] if firm is not None else []),
    ]
    for position, answer in enumerate(answers):
        if position:
            yield ""
        yield from (escaped(line) for line in answer)


class _Teller:
    def __init__(self, program: Program, result: Result, output: Output) -> None:
        self.program, self.output, self.pick = program, output, output.pick
        self.names = {leaf.id: leaf.name for leaf in result.leaves} | {
            "bonus": self.pick("加分", "bonus"),
            "penalty": self.pick("扣分项", "penalty"),
        }
        self.words = firmness.Words(output.lang)

    # ---- suppositions

    def supposed(self, found: Changed) -> Iterator[str]:
        yield self.pick("假设：", "Suppose:")
        for change in found.changes:
            before = change.before or self.pick("（没有）", "(none)")
            after = change.after or self.pick("（没有）", "(none)")
            key = self.names[change.target.leaf] if change.target.kind == "measured" else self.key(change.target.key)
            yield f"  {key}{self.pick('：', ': ')}{before} → {after}"
        for key in found.dropped:
            yield "  " + self.pick(
                f"{self.key(key)}：原来酌定的分数不再适用，去掉", f"{self.key(key)}: points given for another tier or band, dropped"
            )
        for target in found.unused:
            yield "  " + self.pick(
                f"{self.key(target)}：在这些假设下没有指标用到它，设了不起作用",
                f"{self.key(target)}: no indicator uses it under these suppositions, so setting it has no effect",
            )
        for old, new in found.leaves:
            yield from self._leaf(old, new)
        yield ""
        yield self._totals(found.before.result, found.after.result)

    def _leaf(self, old: Indicator, new: Indicator) -> Iterator[str]:
        yield ""
        weight = show_decimal(new.weight)
        same = self.pick("（不变）", " (unchanged)") if self._points(old) == self._points(new) else ""
        yield f"{old.name}{self.pick('　', '  ')}{self._points(old)} → {self._points(new)} / {weight} {self.pick('分', 'points')}{same}"
        before, after = explain(old, self.output.lang), explain(new, self.output.lang)
        if before == after:
            yield from (f"    {line}" for line in after)
            return
        for word, lines in ((self.pick("原来", "before"), before), (self.pick("现在", "now"), after)):
            if lines:
                yield f"  {word}{self.pick('：', ':')}"
                yield from (f"    {line}" for line in lines)

    def _points(self, one: Indicator) -> str:
        if one.status == "not_applicable":
            return self.pick("不适用", "not applicable")
        if one.score is None:
            return self.pick("待定 ", "pending ") + f"{show_decimal(one.low)}～{show_decimal(one.high)}"
        return show_decimal(one.score)

    def _totals(self, old: Result, new: Result) -> str:
        grade = self.pick("未定", "open")
        total = f"{self._total(old)} → {self._total(new)}"
        if old.total is not None and new.total is not None:
            apart = new.total - old.total
            total += self.pick(f"（{_signed(apart)}）", f" ({_signed(apart)})") if apart else self.pick("（不变）", " (unchanged)")
        same = self.pick("（不变）", " (unchanged)") if old.grade == new.grade else ""
        grades = f"{old.grade or grade} → {new.grade or grade}{same}"
        return self.pick(f"总分　{total}　等级　{grades}", f"Total  {total}  Grade  {grades}")

    @staticmethod
    def _total(one: Result) -> str:
        return show_decimal(one.total) if one.total is not None else f"{show_decimal(one.low)}～{show_decimal(one.high)}"

    def key(self, key: str) -> str:
        """A key as it is typed, with what it asks in brackets."""
        ask = self.program.asks.get(key)
        text = ask.text if ask is not None else ""
        if not text or text == key.rpartition("/")[2] or text == key.partition("/")[0]:
            return key
        return self.pick(f"{key}（{text}）", f"{key} ({text})")

    # ---- ways

    def ways(self, found: Ways) -> Iterator[str]:
        if not found.ways:
            yield from self._out_of_reach(found)
            return
        assert found.aim is not None and found.start.total is not None
        missing = found.aim - found.start.total
        short = self.pick(f"还差 {show_decimal(missing)} 分", f"{show_decimal(missing)} points short") if missing > 0 else ""
        goal = self.pick(f"到「{found.grade}」（{show_decimal(found.aim)} 分）", f"To “{found.grade}” ({show_decimal(found.aim)} points)")
        least = self._least(found)
        yield self.pick("，", ", ").join(part for part in (goal, short, least if found.indicators else "") if part) + self.pick("：", ":")
        for position, way in enumerate(found.ways, 1):
            yield from self._way(position, way, found)
        yield from self._rooms(found)

    def _least(self, found: Ways) -> str:
        """“At least” only where bounds prove that fewer do not."""
        count, many = found.indicators, "" if found.indicators == 1 else "s"
        if found.least:
            return self.pick(f"最少改 {count} 个指标", f"at least {count} indicator{many} must change")
        return self.pick(
            f"改 {count} 个指标（没有找到更少的，搜寻不完全）",
            f"{count} indicator{many} change (no fewer found; the search is not complete)",
        )

    def _way(self, position: int, way: Way, found: Ways) -> Iterator[str]:
        total = show_decimal(way.after.total or Fraction(0))
        yield self.pick(
            f"{position}. 总分 {total}，{way.after.grade}（加 {show_decimal(way.points)} 分）",
            f"{position}. total {total}, {way.after.grade} (+{show_decimal(way.points)})",
        )
        for key in way.vetoes:
            yield "   " + self.pick(f"{self.key(key)}：是 → 否（整体一票否决）", f"{self.key(key)}: 是 → 否 (a veto on the whole project)")
        for move in way.moves:
            yield from self._move(move, way, found)

    def _move(self, move: Move, way: Way, found: Ways) -> Iterator[str]:
        before = {leaf.id: leaf for leaf in found.start.leaves}
        after = {leaf.id: leaf for leaf in way.after.leaves}
        for name in move.leaves:
            scores = f"{self.pick('　', '  ')}{self._points(before[name])} → {self._points(after[name])}" if name in before else ""
            yield f"   {self.names.get(name, name)}{scores}{self.pick(' 分', ' points') if scores else ''}"
        for key, text in move.written.items():
            lever = found.levers.get(key)
            old = lever.text(lever.value) if lever is not None else self.pick("（没有）", "(none)")
            end = self.words.end(lever, move.ends[key]) if lever is not None and key in move.ends else ""
            yield f"     {self.key(key)}{self.pick('：', ': ')}{old} → {text}" + (self.pick(f"（{end}）", f" ({end})") if end else "")

    def _out_of_reach(self, found: Ways) -> Iterator[str]:
        if found.aim is None:
            yield self.pick(f"没有哪个总分是「{found.grade}」。", f"No total has the grade “{found.grade}”.")
            return
        if found.capped:
            listed = self.pick("、", ", ").join(found.capped)
            yield self.pick(
                f"达不到「{found.grade}」：一票否决已定（{listed}）。", f"“{found.grade}” is out of reach: a veto is final ({listed})."
            )
        else:
            yield self._missed(found, show_decimal(found.aim))
        yield from self._rooms(found)

    def _missed(self, found: Ways, aim: str) -> str:
        """Out of reach is said only where bounds prove it."""
        best, grade = show_decimal(found.farthest), found.farthest_grade
        if not found.proven:
            return self.pick(
                f"没有找到达到「{found.grade}」（{aim} 分）的办法；搜寻不完全，不能说一定达不到。找到的最好总分是 {best}，{grade}。",
                f"No way to “{found.grade}” ({aim} points) was found; the search is not complete, so it may be within reach. "
                f"The best total found is {best}, {grade}.",
            )
        if found.farthest == found.bound:
            return self.pick(
                f"达不到「{found.grade}」（{aim} 分）：还能改的都改到最好，总分也只有 {best}，{grade}。",
                f"“{found.grade}” ({aim} points) is out of reach: with all that can still change at its best the total is {best}, {grade}.",
            )
        bound = show_decimal(found.bound)
        return self.pick(
            f"达不到「{found.grade}」（{aim} 分）：总分不会超过 {bound}。找到的最好总分是 {best}，{grade}。",
            f"“{found.grade}” ({aim} points) is out of reach: no total exceeds {bound}. The best total found is {best}, {grade}.",
        )

    def _rooms(self, found: Ways) -> Iterator[str]:
        """What each indicator that lost points can still get, and what it cannot any more."""
        if not found.rooms:
            return
        yield self.pick("失分的指标最多还能到：", "What indicators that lost points can still get:")
        for room in found.rooms:
            now = room.leaf.counted or Fraction(0)
            most = show_decimal(room.most)
            if room.sure:
                text = self.pick("不能再加", "no more") if room.most == now else f"→ {most}"
            else:
                text = self.pick("没有找到能加的", "no more found") if room.most == now else f"→ {most}"
            yield f"  {room.leaf.name}{self.pick('　', '  ')}{show_decimal(now)} {text} / {show_decimal(room.leaf.applicable)}" + (
                "" if room.sure or room.most == now else self.pick("（找到的最好）", " (the best found)")
            )

    # ---- how firm

    def firm(self, found: Robust) -> Iterator[str]:
        lang, leaves = self.output.lang, found.result.leaves
        yield firmness.headline(found, lang)
        yield ""
        yield self.pick("权重　", "Weights: ") + firmness.kept_told(found, lang)
        for move in (found.weights.down, found.weights.up):
            if move is not None:
                yield "  " + firmness.move_told(move, lang)
                yield from self._columns(firmness.weights_rows(move, leaves), lambda r: (r[0], r[1], f"{r[2]} → {r[3]}", r[4]))
        yield ""
        yield self.pick("佐证　", "Evidence: ") + firmness.singles_told(found, lang)
        for some, word in (
            (found.singles.down, self.pick("使等级下降：", "to a worse grade:")),
            (found.singles.up, self.pick("使等级上升：", "to a better grade:")),
        ):
            none = self.pick("没有找到", " none found") if found.singles.untold else self.pick("没有", " none")
            yield f"  {word}" if some else f"  {word}{none}"
            rows = firmness.single_rows(some[: firmness.LISTED], leaves, lang)
            for whose, key, text, total, grade in rows:
                yield f"    {whose}{self.pick('：', ': ')}{self.key(key)} {text}{self.pick('，总分 ', ', total ')}{total}{self.pick('，', ', ')}{grade}"
            if len(some) > firmness.LISTED:
                yield self.pick(f"    ……共 {len(some)} 项", f"    … {len(some)} in all")

    @staticmethod
    def _columns(rows: Iterator[tuple[str, ...]], arranged: object) -> Iterator[str]:
        cells = [arranged(row) for row in rows]  # type: ignore[operator]
        sizes = [max(width(cell) for cell in column) for column in zip(*cells, strict=True)]
        for row in cells:
            yield "    " + "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, sizes, strict=True)).rstrip()


def _signed(value: Fraction) -> str:
    return f"+{show_decimal(value)}" if value > 0 else show_decimal(value)


__all__: Sequence[str] = ["told"]
