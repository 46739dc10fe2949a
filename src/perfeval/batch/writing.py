"""Files that appear only when they are whole: written beside their place under another name, flushed, and renamed at the end."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

_NEW = ".perfeval-batch-"


class CsvLines:
    """A text file for `csv.writer`, whose lines end in \\n: the writer quotes a carriage return only where its line ends have one too."""

    def __init__(self, stream: TextIO) -> None:
        self.writer = csv.writer(self, lineterminator="\r\n")
        self._stream = stream

    def write(self, line: str) -> int:
        return self._stream.write(f"{line[:-2]}\n")


class Outputs:
    """The files of one run. Nothing that exists is touched before `publish`."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Path, Path]] = []
        self._folders: list[Path] = []

    def new(self, target: Path) -> Path:
        """Where to write what will stand at `target`."""
        place = self.folder(target.parent) / target.name
        self._waiting.append((place, target))
        return place

    def folder(self, beside: Path | None) -> Path:
        """A folder for what is needed on the way, on the disk of the output where there is one."""
        if beside is None:
            _sweep(Path(tempfile.gettempdir()))
            self._folders.append(Path(tempfile.mkdtemp(prefix=f"{_NEW}{os.getpid()}-")))
            return self._folders[-1]
        _sweep(beside)
        own = beside / f"{_NEW}{os.getpid()}"
        if own not in self._folders:
            own.mkdir(exist_ok=True)
            self._folders.append(own)
        return own

    def work(self, beside: Path | None) -> Path:
        """The same, apart from the results, whatever these are called."""
        found = self.folder(beside) / "work"
        found.mkdir(exist_ok=True)
        return found

    def publish(self) -> None:
        """All files are whole: each takes its place."""
        for place, _ in self._waiting:
            with place.open("rb") as file:
                os.fsync(file.fileno())
        for place, target in self._waiting:
            place.replace(target)

    def close(self) -> None:
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def outputs() -> Iterator[Outputs]:
    """Whatever happens, nothing is left over."""
    found = Outputs()
    try:
        yield found
    finally:
        found.close()


def _sweep(folder: Path) -> None:
    """What runs that were killed left behind."""
    for left in folder.glob(f"{_NEW}*"):
        number = left.name.removeprefix(_NEW).partition("-")[0]
        if number.isascii() and number.isdigit() and not _lives(int(number)) and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
