"""Where a table of projects lies: one file, a folder of Parquet files, or a pattern. Nothing is opened here but to see what it is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
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
_CELL = r'(?:[^",]*|"(?:[^"]|"")*")'
_RECORD = re.compile(f"{_CELL}(?:,{_CELL})*")
"""A row in which quotes stand around cells, and twice within them."""


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
        why = "看不出格式，Excel 表先另存为“CSV UTF-8” (its form is not known; save an Excel sheet as “CSV UTF-8” first)"
        raise _none(word, why)
    if found == "arrow" and start and not start.startswith(b"ARROW1"):
        why = "是 Arrow 的流，不是文件，存成 Arrow (IPC) 文件或 Parquet (it is an Arrow stream: save it as an Arrow file or as Parquet)"
        raise _none(word, why)
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
                lines: list[str] = []
                reader = csv.reader(kept(stream, lines), strict=True)
                for row in reader:
                    width = width or len(row)
                    if any('"' in one for one in lines) and not _RECORD.fullmatch("".join(lines).rstrip("\r\n")):
                        why = (
                            "一格中间有引号：整格加引号，里面的引号写两个 (a quote within a cell: put quotes around the cell, and it twice)"
                        )
                        raise self._wrong(line + 1, why)
                    lines.clear()
                    if len(row) > width or (len(row) < width and any(row)):
                        raise self._wrong(
                            reader.line_num, f"有 {len(row)} 格，表头有 {width} 格 ({len(row)} cells, the header has {width})"
                        )
                    yield line + 1, row
                    line = reader.line_num
        except UnicodeDecodeError:
            raise self._wrong(0, "不是 UTF-8；Excel 里另存为“CSV UTF-8” (it is not UTF-8; in Excel, save it as “CSV UTF-8”)") from None
        except csv.Error as error:
            why = "引号没有成对，或一格太长 (quotes do not come in pairs, or a cell is too long)"
            if "new-line" in str(error):  # as Macs once ended lines
                why = "行末只有回车 CR，没有换行 LF (a line ends in CR without LF)"
            raise self._wrong(reader.line_num, why) from None

    def _wrong(self, line: int, why: str) -> ProblemsFound:
        hint = "；CSV 用 UTF-8，每行的格数与表头相同 (; a CSV in UTF-8, with as many cells in each row as in the header)"
        return ProblemsFound([UNREADABLE.on(Where(self.word, line, 1 if line else 0), file=self.word, why=why, hint=hint)])


def kept(stream: Iterable[str], lines: list[str]) -> Iterator[str]:
    """The lines of a stream, noted as they are read."""
    for line in stream:
        lines.append(line)
        yield line


def check_widths(source: Source) -> None:
    """Every row of CSV files has as many cells as the header: engines fill up what a damaged row lacks. Raises `ProblemsFound`."""
    if source.form == "csv":
        for path in source.files:
            if not _is_even(path):
                for _ in CsvRows(path, source.word if source.is_one_csv else str(path)):  # says at which line
                    pass


def _fits(row: bytes) -> bool:
    return _RECORD.fullmatch(row.decode("utf-8", "replace").rstrip("\r\n")) is not None


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
            if held.count(b"\r") > held.endswith(b"\r\n") or (len(parts) > 1 and not _fits(held)):
                return False
            commas = sum(part.count(b",") for part in parts[::2])
            width = commas if width < 0 else width
            if commas > width or (commas < width and held.strip(b",\r\n")):
                return False
            held = b""
    return not held
