"""What a change does to a table of projects: the totals as a distribution, the indicators that move, the largest movers."""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.diffing.effect import Between
from perfeval.diffing.tables import Graded, Moves, TableMoved
from perfeval.quantity import show_decimal
from perfeval.reports.blocks import Block, Cell, Facts, Kind, Paragraph, Row
from perfeval.reports.changes.distributions import counted, measured, transitions
from perfeval.reports.changes.effects import PROJECT_COLUMNS, framed
from perfeval.reports.changes.figures import between, signed
from perfeval.reports.changes.words import Words

_COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("indicator", "name"), ("gain", "number"), ("lose", "number"), ("stay", "number"), ("no-score", "number"),
    ("range-of", "number"), ("mean", "number"),
)  # fmt: skip


def of_table(table: TableMoved, words: Words) -> Iterator[Block]:
    facts = [*counted(table.changes, words, "open-rows"), *measured(table.changes, words, in_full=True)]
    yield Facts((*facts, transitions(table.grades, table.scale, words)))
    if table.indicators:
        rows = [[_moves(one, words) for one in table.indicators]]
        yield framed(words, "indicators-moved", words("indicators-moved"), _COLUMNS, rows)
        yield Paragraph(words("indicators-note"), "note")
    if table.movers:
        rows = [[_row(one.name, [*_graded(one.old), *_graded(one.new), (signed(one.change), "number")]) for one in table.movers]]
        yield framed(words, "movers", words("movers"), PROJECT_COLUMNS, rows)
        if len(table.movers) < table.changes.gain + table.changes.lose:
            yield Paragraph(words("cut-rows", n=str(len(table.movers))), "note")


def _moves(one: Moves, words: Words) -> Row:
    name = one.name or words(one.old_id or one.new_id)
    if not (one.old_id and one.new_id):
        name = words("only-new" if one.new_id else "only-old", name=name)
    changes, none = one.changes, words("none")
    counts = [str(count) for count in (changes.gain, changes.lose, changes.stay, changes.open)]
    ends = none if changes.least is None or changes.most is None else between(Between(changes.least, changes.most))
    figures = [*counts, ends, none if changes.mean is None else signed(changes.mean)]
    return _row(name, [(figure, "number") for figure in figures])


def _graded(one: Graded) -> list[tuple[str, Kind]]:
    return [(show_decimal(one.total), "number"), (one.grade, "text")]


def _row(name: str, cells: list[tuple[str, Kind]]) -> Row:
    return Row((Cell(name, "name", "row"), *(Cell(text, kind) for text, kind in cells)))
