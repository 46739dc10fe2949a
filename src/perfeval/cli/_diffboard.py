"""A comparison on the terminal: the blocks of `reports.changes` as lines of texts and styles (`Output.render` prints them)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfeval.cli._shown import escaped, width, wrapped
from perfeval.cli.output import Piece
from perfeval.reports.blocks import Block, Bullets, Cell, Facts, Heading, Item, Paragraph, Report, Row, Table

Line = list[Piece]


def diffboard(report: Report, wide: int) -> Iterator[Line]:
    """The verdict, then section by section."""
    for number, section in enumerate(report.sections):
        if number:
            yield []
            yield [(escaped(section.title), "bold")]
        for block in section.blocks:
            yield from _block(block, wide)


def _block(block: Block, wide: int) -> Iterator[Line]:
    match block:
        case Paragraph(text=text, tone=tone):
            yield from _wrapped(text, "", wide, "bold" if tone == "lead" else "dim" if tone == "note" else "")
        case Heading(text=text):
            yield []
            yield [(escaped(text), "bold")]
        case Bullets(items=items):
            for item in items:
                yield from _wrapped(item, "- ", wide)
        case Facts(pairs=pairs):
            room = max((width(label) for label, _ in pairs), default=0)
            for label, text in pairs:
                yield from _wrapped(text, f"  {label}{' ' * (room - width(label))}  ", wide)
        case Table():
            yield from _table(block, wide)
        case Item():
            yield from _item(block, wide)


def _wrapped(text: str, before: str, wide: int, style: str = "") -> Iterator[Line]:
    """The text behind a mark; its other lines stand below its own beginning."""
    room = max(20, wide - width(before))
    for number, line in enumerate(wrapped(escaped(text), room)):
        yield [(before if not number else " " * width(before), ""), (line, style)]


def _item(item: Item, wide: int) -> Iterator[Line]:
    yield []
    yield [(escaped(item.name), "bold"), (f"  {escaped(item.badge)}", ""), (f"  {escaped(item.sentence)}", "dim")]
    for line in item.lines:
        label = f"  {line.label}  "
        for number, text in enumerate(line.text.split("\n")):
            yield from _wrapped(text, label if not number else " " * width(label), wide)


def _table(table: Table, wide: int) -> Iterator[Line]:
    """Columns as wide as they have to be; the first, the names, has what is left."""
    rows = [row for group in table.groups for row in group]
    heads = Row(tuple(Cell(column.label, column.kind) for column in table.columns))
    texts = [[_text(cell) for cell in row.cells] for row in (heads, *rows)]
    sizes = [max(width(row[at]) for row in texts) for at in range(len(table.columns))]
    sizes[0] = max(12, min(sizes[0], wide - sum(sizes[1:]) - 2 * (len(sizes) - 1)))
    kinds = [column.kind for column in table.columns]
    yield []
    yield from _wrapped(table.caption, "", wide)
    for number, row in enumerate(texts):
        style = "bold" if not number or rows[number - 1].role else ""
        yield from _row(row, sizes, [kind == "number" for kind in kinds], style)


def _row(row: list[str], sizes: list[int], right: Iterable[bool], style: str) -> Iterator[Line]:
    names = wrapped(row[0], sizes[0])
    line = names[0] + " " * (sizes[0] - width(names[0]))
    for text, size, is_right in list(zip(row, sizes, right, strict=True))[1:]:
        blank = " " * (size - width(text))
        line += "  " + (blank + text if is_right else text + blank)
    yield [(line, style)]
    yield from ([(name, style)] for name in names[1:])


def _text(cell: Cell | None) -> str:
    return escaped(cell.text) if cell is not None else ""
