"""Where a table of projects lies: one file, a folder of Parquet files, or a pattern. Nothing is opened here but to see what it is."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from glob import has_magic
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from perfeval.batch.problems import COLUMN_TWICE, NO_TABLE, TABLE_EMPTY, UNREADABLE
from perfeval.problems import ProblemsFound, Where
from perfeval.reading.formulas import plain

Form = Literal["parquet", "csv", "arrow"]
ENDINGS: dict[str, Form] = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".arrow": "arrow",
    ".ipc": "arrow",
    ".feather": "arrow",
}
_MARKS: tuple[tuple[bytes, Form], ...] = ((b"PAR1", "parquet"), (b"ARROW1", "arrow"))
MAX_FIELD = 100_000  # characters of a cell of a CSV file


class Source(NamedTuple):
    """The files of a table, in order, all of one form. `word`: as it was typed."""

    word: str
    form: Form
    files: tuple[Path, ...]

    @property
    def is_one_csv(self) -> bool:
        return self.form == "csv" and len(self.files) == 1


def find(word: str) -> Source:
    """The files that a word stands for. Raises `ProblemsFound`."""
    path = Path(word)
    if word and path.is_dir():
        files = sorted(one for one in path.rglob("*.parquet") if one.is_file() and not one.name.startswith((".", "_")))
        if not files:
            raise _none(word, "文件夹里没有 .parquet 文件 (the folder holds no .parquet file)")
        return Source(word, "parquet", tuple(files))
    if word and path.exists():
        return Source(word, _form(path, word), (path,))
    if not has_magic(word):
        raise _none(word, "没有这个文件 (no such file)")
    files = sorted(one for one in _matching(path) if one.is_file())
    if not files:
        raise _none(word, "没有文件符合这个通配符 (no file matches the pattern)")
    forms = {_form(one, str(one)) for one in files}
    if len(forms) > 1:
        raise _none(word, f"这些文件格式不一 (files of several forms): {', '.join(sorted(forms))}")
    return Source(word, forms.pop(), tuple(files))


def _matching(pattern: Path) -> list[Path]:
    try:
        return list(Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))))
    except (OSError, ValueError):  # `**` beside other signs; a folder that may not be listed
        return []


def _none(word: str, why: str) -> ProblemsFound:
    return ProblemsFound([NO_TABLE.on(Where(word), file=word, why=why)])


def _form(path: Path, word: str) -> Form:
    """By its ending, else by its first bytes."""
    if not path.is_file():
        raise _none(word, "不是文件 (not a file)")
    with path.open("rb") as stream:
        start = stream.read(8)
    found = ENDINGS.get(path.suffix.lower()) or next((form for mark, form in _MARKS if start.startswith(mark)), None)
    if found is None:
        raise _none(word, "看不出格式 (its form is not known)")
    if not start:
        raise ProblemsFound([TABLE_EMPTY.on(Where(word), file=word)])
    return found


class CsvRows:
    """A CSV file row by row: UTF-8 with or without a byte order mark, every cell a text. Raises `ProblemsFound`."""

    def __init__(self, path: Path, word: str) -> None:
        self.path, self.word = path, word
        self.header = [plain(name) for _, row in islice(self._rows(), 1) for name in row]
        twice = sorted({name for name in self.header if self.header.count(name) > 1})
        if twice:
            raise ProblemsFound([COLUMN_TWICE.on(Where(word, 1, 1), column=name) for name in twice])

    def __iter__(self) -> Iterator[list[str]]:
        """All rows after the header that are not wholly empty, each as wide as it."""
        return (row for _, row in self.numbered())

    def numbered(self) -> Iterator[tuple[int, list[str]]]:
        """The same, each with the line where it begins."""
        return (found for found in islice(self._rows(), 1, None) if any(found[1]))

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        csv.field_size_limit(MAX_FIELD)
        width = line = 0
        try:
            with self.path.open(encoding="utf-8-sig", newline="\n") as stream:
                reader = csv.reader(stream, strict=True)
                for row in reader:
                    width = width or len(row)
                    if len(row) > width or (len(row) < width and any(row)):
                        raise self._wrong(
                            reader.line_num, f"有 {len(row)} 格，表头有 {width} 格 ({len(row)} cells, the header has {width})"
                        )
                    yield line + 1, row
                    line = reader.line_num
        except UnicodeDecodeError:
            raise self._wrong(0, "不是 UTF-8 (it is not UTF-8)") from None
        except csv.Error as error:
            why = "引号没有成对，或一格太长 (quotes do not come in pairs, or a cell is too long)"
            if "new-line" in str(error):  # as Macs once ended lines
                why = "行末只有回车 CR，没有换行 LF (a line ends in CR without LF)"
            raise self._wrong(reader.line_num, why) from None

    def _wrong(self, line: int, why: str) -> ProblemsFound:
        hint = "；CSV 用 UTF-8，每行的格数与表头相同 (; a CSV in UTF-8, with as many cells in each row as in the header)"
        return ProblemsFound([UNREADABLE.on(Where(self.word, line, 1 if line else 0), file=self.word, why=why, hint=hint)])


def check_widths(source: Source) -> None:
    """Every row of CSV files has as many cells as the header: engines fill up what a damaged row lacks. Raises `ProblemsFound`."""
    if source.form == "csv":
        for path in source.files:
            if not _is_even(path):
                for _ in CsvRows(path, source.word if source.is_one_csv else str(path)):  # says at which line
                    pass


def _is_even(path: Path) -> bool:
    """A quick look at the commas outside quotes; false where a closer one is needed."""
    width, held = -1, b""
    with path.open("rb") as stream:
        for line in stream:
            held += line
            parts = held.split(b'"')
            if len(parts) % 2 == 0:  # a quote is open: the row goes on in the next line
                if len(held) > MAX_FIELD:
                    return False
                continue
            if held.count(b"\r") > held.endswith(b"\r\n"):
                return False
            commas = sum(part.count(b",") for part in parts[::2])
            width = commas if width < 0 else width
            if commas > width or (commas < width and held.strip(b",\r\n")):
                return False
            held = b""
    return not held
