"""Mutations of CSV tables: quotes, widths, headers, separators, line ends, encodings, and the numbers in the cells."""

from __future__ import annotations

import csv
import io
from random import Random

from fuzz.mutation import Mutation, Mutator, Wanted, drawn, flipped, hide, in_place, miscoded, one, scrambled
from fuzz.odd import TEMPTING
from fuzz.projects import Seed, Slot

Rows = list[list[str]]


def csv_mutation(random: Random) -> Mutation:
    """One mutation of one table of one seed."""
    return drawn(random, ".csv", _CSV, "")


def _rows(seed: Seed, file: str) -> Rows:
    return list(csv.reader(io.StringIO(seed.files[file])))


def _written(rows: Rows, quoting: int = csv.QUOTE_MINIMAL, end: str = "\n", separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, quoting=quoting, lineterminator=end, delimiter=separator).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def _number(random: Random, seed: Seed, _: str) -> Mutation | None:
    def fitted(slot: Slot, odd: str) -> str:
        inside = seed.files[slot.file][slot.start - 1] == '"'
        return f'"{odd}"' if not inside and ("," in odd or '"' in odd) else odd

    found = in_place(random, seed, ".csv", fitted)
    if found is None or found.wanted is not Wanted.REFUSED or '"' not in found.told:
        return found
    return None  # quotes in quotes: what follows them is another cell


def _same_meaning(random: Random, seed: Seed, file: str) -> Mutation:
    """Rows and columns in another order, all cells quoted, other line ends, a mark at the start, empty lines at the end."""
    rows = _rows(seed, file)
    head, body = rows[0], rows[1:]
    if random.random() < 0.5:
        random.shuffle(body)
    order = random.sample(range(len(head)), len(head)) if random.random() < 0.5 else list(range(len(head)))
    rows = [[row[n] for n in order] for row in (head, *body)]
    if random.random() < 0.3:
        at = random.randrange(len(head) + 1)
        extra = random.choice(TEMPTING[:40])
        rows = [[*row[:at], extra if n else "备注 二", *row[at:]] for n, row in enumerate(rows)]
    text = _written(rows, random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)), random.choice(("\n", "\r\n")))
    text = random.choice((text, text.rstrip("\r\n"), text + "\n", text + "\n\n"))
    data = (b"\xef\xbb\xbf" if random.random() < 0.3 else b"") + text.encode()
    if random.random() < 0.2:
        evidence = seed.files["evidence.yaml"].replace(f"file: {file}", f"file: {file}, encoding: gb18030")
        return Mutation(seed, {file: text.encode("gb18030"), "evidence.yaml": evidence.encode()}, "in GB 18030, said so", Wanted.SAME)
    return one(seed, file, data, "another style", Wanted.SAME)


def _refused(random: Random, seed: Seed, file: str) -> Mutation:
    """Faults of form, each of which has to be told."""
    rows = _rows(seed, file)
    text = seed.files[file]
    row, column = random.randrange(1, len(rows)), random.randrange(len(rows[0]))
    wider, narrower, twice, nameless, renamed, separated = (list(map(list, rows)) for _ in range(6))
    wider[row].insert(column, random.choice(("", "1", "a")))
    del narrower[row][column]
    twice[0][column] = twice[0][column - 1]
    nameless[0][column] = random.choice(("", " "))
    renamed[0] = [f"{name}x" for name in renamed[0]]
    lines = text.split("\n")
    unclosed = list(lines)
    unclosed[row] = unclosed[row][: unclosed[row].index(",") + 1] + '"' + unclosed[row][unclosed[row].index(",") + 1 :].replace('"', "")
    behind = list(lines)
    behind[row] = f'"{rows[row][0]}"x' + behind[row][behind[row].index(",") :]
    ways = {
        "a row too wide": _written(wider),
        "a row too narrow": _written(narrower),
        "a column twice": _written(twice),
        "a column without a name": _written(nameless),
        "other columns": _written(renamed),
        "a quote that is not closed": "\n".join(unclosed),
        "a letter behind a quote": "\n".join(behind),
        "another separator": _written(separated, separator=random.choice(";\t|")),
        "lines that end with CR": text.replace("\n", "\r"),
        "only the header": lines[0] + random.choice(("", "\n", "\n\n")),
        "empty": random.choice(("", "\n", "\n\n\n")),
    }
    told = random.choice(list(ways))
    if random.random() < 0.02:
        told, ways["a huge cell"] = "a huge cell", text + ",".join(["x" * 100_001, *rows[1][1:]]) + "\n"
    return one(seed, file, ways[told], told, Wanted.REFUSED)


def _hidden(random: Random, seed: Seed, file: str) -> Mutation:
    text, name = hide(random, seed.files[file])
    return one(seed, file, text, f"hidden {name}", Wanted.REFUSED)


def _miscoded(random: Random, seed: Seed, file: str) -> Mutation:
    data, way = miscoded(random, seed.files[file])
    return one(seed, file, data, f"in {way}", Wanted.REFUSED)


def _cells(random: Random, seed: Seed, file: str) -> Mutation:
    """Any text in any cell, cells exchanged, rows doubled or left out."""
    rows = _rows(seed, file)
    for _ in range(random.choice((1, 1, 2, 3))):
        row = random.choice(rows)
        at = random.randrange(len(row))
        match random.randrange(5):
            case 0 | 1:
                row[at] = random.choice(TEMPTING)
            case 2:
                other = random.choice(rows)
                row[at], other[-1] = other[-1], row[at]
            case 3:
                rows.insert(random.randrange(len(rows)), list(row) * random.choice((1, 1, 2)))
            case _:
                if len(rows) > 1:
                    rows.remove(row)
    return one(seed, file, _written(rows, random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))), "cells")


def _text(random: Random, seed: Seed, file: str) -> Mutation:
    text = seed.files[file]
    for _ in range(random.choice((1, 1, 2, 4))):
        text = scrambled(random, text)
        if random.random() < 0.4:
            at = random.randrange(len(text) + 1)
            text = text[:at] + random.choice((",", '"', '""', ',"', '",', "\n", "\r\n", ";", "\t", " ", "，", "”")) + text[at:]
    data = text.encode()
    return one(seed, file, flipped(random, data) if random.random() < 0.15 else data, "lines and characters")


_CSV: list[tuple[int, Mutator]] = [
    (25, _number), (12, _same_meaning), (18, _refused), (6, _hidden), (4, _miscoded), (20, _cells), (15, _text)
]  # fmt: skip
