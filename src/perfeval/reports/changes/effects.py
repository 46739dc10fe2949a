"""What a change does to projects, as tables: the indicators of one, the totals of several, the distribution of many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from perfeval.diffing.effect import Between, Effect, LeafEffect
from perfeval.diffing.projects import Moved
from perfeval.model.result import Result
from perfeval.reports.blocks import Block, Bullets, Cell, Column, Facts, Heading, Kind, Paragraph, Row, Table
from perfeval.reports.changes.compared import Compared
from perfeval.reports.changes.distributions import counted, measured, transitions
from perfeval.reports.changes.figures import between, score, total
from perfeval.reports.changes.words import Words

LISTED = 20  # projects up to which all of them stand in a table
PROJECT_COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("project", "name"), ("old-total", "number"), ("old-grade", "text"), ("new-total", "number"), ("new-grade", "text"), ("moves", "number"),
)  # fmt: skip


class Effects:
    """The tables of one comparison."""

    def __init__(self, compared: Compared, words: Words) -> None:
        self.compared, self.words = compared, words
        self.shown = names(compared.reached)

    def line(self, one: Moved) -> str:
        """`项目：总分 88.5（良）→ 78～93（未定）`."""
        assert one.effect is not None
        words, change = self.words, one.effect.change
        by = words("unchanged-total") if change.is_zero else words("by", change=between(change)) if one.is_certain else ""
        old, new = (self._graded(result) for result in (one.effect.old, one.effect.new))
        return words("moved", name=self.shown[one.folder], old=old, new=new, change=by)

    def _graded(self, result: Result) -> str:
        return self.words("graded", total=total(result), grade=result.grade or self.words("no-grade"))

    # ---- one project

    def of_one(self, one: Moved, number: int) -> Iterator[Block]:
        effect = one.effect
        assert effect is not None
        moving = [leaf for leaf in effect.leaves if not (leaf.alone.is_zero and leaf.in_turn.is_zero)]
        yield self._table(one, effect, moving, number)
        if still := [leaf for leaf in effect.leaves if leaf not in moving]:
            yield Paragraph(self.words("without-change", names=self.words.listed([_name(leaf) for leaf in still])))

    def _table(self, one: Moved, effect: Effect, moving: Sequence[LeafEffect], number: int) -> Table:
        words, places = self.words, effect.old.places
        rows = [self._row(_name(leaf), score(leaf.old, places), score(leaf.new, places), leaf.in_turn, leaf.alone) for leaf in moving]
        ends = []
        if not effect.frame.is_zero:
            ends.append(self._row(words("frame"), "", "", effect.frame, effect.frame))
        if not effect.interaction.is_zero:
            ends.append(self._row(words("interaction"), "", "", None, effect.interaction))
        last = self._row(words("sum"), total(effect.old), total(effect.new), effect.change, effect.change)
        caption = words("effect-of", name=self.shown[one.folder])
        columns: list[tuple[str, Kind]] = [
            ("indicator", "name"),
            ("old-score", "number"),
            ("new-score", "number"),
            ("in-turn", "number"),
            ("alone", "number"),
        ]
        return framed(words, f"effect-{number}", caption, columns, [rows, [*ends, last._replace(role="total")]])

    def _row(self, name: str, old: str, new: str, in_turn: Between | None, alone: Between) -> Row:
        none = self.words("none")
        figures = [old or none, new or none, none if in_turn is None else between(in_turn), between(alone)]
        return Row((Cell(name, "name", "row"), *(Cell(figure, "number") for figure in figures)))

    # ---- several

    def of_many(self) -> Iterator[Block]:
        words, reached = self.words, self.compared.reached
        yield Facts(tuple(self._spread()))
        if flips := [one for one in reached if one.effect is not None and one.effect.grade_flips]:
            yield Heading(words("flips"), 3)
            yield Bullets(tuple(self._flip(one) for one in flips))
        if len(reached) <= LISTED:
            yield self._projects("projects", reached)
        elif movers := self.compared.spread.movers:
            yield self._projects("movers", movers)
            yield Paragraph(words("cut-projects", n=str(len(movers))))

    def _flip(self, one: Moved) -> str:
        assert one.effect is not None
        return self.words("flip", name=self.shown[one.folder], old=one.effect.old.grade or "", new=one.effect.new.grade or "")

    def _spread(self) -> Iterator[tuple[str, str]]:
        words, spread = self.words, self.compared.spread
        yield from counted(spread.changes, words, "open")
        yield from measured(spread.changes, words, in_full=len(self.compared.reached) > LISTED)
        if spread.changes.open:
            ends = [one.effect.change for one in self.compared.reached if one.effect is not None]
            yield words("range-open"), between(Between(min(one.low for one in ends), max(one.high for one in ends)))
        bands = next((one.effect.old.bands for one in self.compared.reached if one.effect is not None), ())
        yield transitions(spread.grades, [band.name for band in sorted(bands, key=lambda band: -band.low)], words)

    def _projects(self, key: str, listed: Iterable[Moved]) -> Table:
        rows = []
        for one in listed:
            assert one.effect is not None
            old, new = one.effect.old, one.effect.new
            none = self.words("no-grade")
            cells = [
                Cell(self.shown[one.folder], "name", "row"), Cell(total(old), "number"), Cell(old.grade or none),
                Cell(total(new), "number"), Cell(new.grade or none), Cell(between(one.effect.change), "number"),
            ]  # fmt: skip
            rows.append(Row(tuple(cells)))
        return framed(self.words, key, self.words(key), PROJECT_COLUMNS, [rows])


def framed(words: Words, id_: str, caption: str, columns: Iterable[tuple[str, Kind]], groups: Iterable[Iterable[Row]]) -> Table:
    """A table whose columns are headed by these words."""
    heads = tuple(Column(words(key), kind) for key, kind in columns)
    return Table(id_, caption, words("scroll", caption=caption), heads, tuple(tuple(group) for group in groups if group))


def names(moved: Iterable[Moved]) -> dict[str, str]:
    """What each project is called, by its folder: its name, with the folder where several have the same."""
    found = {one.folder: one.name or one.folder for one in moved}
    counts = Counter(found.values())
    return {folder: f"{name} ({folder})" if counts[name] > 1 else name for folder, name in found.items()}


def _name(leaf: LeafEffect) -> str:
    there = leaf.old or leaf.new
    assert there is not None
    return there.name
