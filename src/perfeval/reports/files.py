"""Writes a set of reports so that a reader never sees half of one, and a failure leaves the old set as it was.

Each file is written under a temporary name beside its place, flushed to the disk and then renamed over the old one;
`manifest.json` (the hash of each file) comes last: a set whose hashes agree with it is one set. What a killed run left
behind begins with `.perfeval-` and is swept by the next run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from errno import EISDIR
from hashlib import sha256
from json import dumps, loads
from pathlib import Path

from perfeval import __version__
from perfeval.problems import SystemFailed

MANIFEST = "manifest.json"
_TEMPORARY = ".perfeval-"
_NEW, _OLD = f"{_TEMPORARY}new-", f"{_TEMPORARY}old-"


def manifest(files: Mapping[str, bytes]) -> bytes:
    """Which files belong together: their hashes, and the program that wrote them."""
    told = {"files": {name: {"sha256": sha256(data).hexdigest()} for name, data in files.items()}, "perfeval": 1, "program": __version__}
    return (dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def write_set(folder: Path, files: Mapping[str, str | bytes]) -> tuple[str, ...]:
    """Writes the files and their manifest into `folder`, all or none; raises `SystemFailed`.

    Returns the names of reports that an earlier run wrote there and this one did not: they are out of date.
    """
    data = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            _sweep(folder)
            left = _left_over(folder, data)
            try:
                _publish(folder, {**data, MANIFEST: manifest(data)})
            finally:
                with suppress(OSError):
                    _sweep(folder)
    except OSError as error:
        raise SystemFailed(
            f"报告没有写成，原有的文件未动 (reports not written, old ones untouched): {error.filename or folder}: {error.strerror or error}"
        ) from error
    return left


def _publish(folder: Path, data: Mapping[str, bytes]) -> None:
    with ExitStack() as files:
        opened = []
        for name, content in data.items():
            if (folder / name).is_dir():
                raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(folder / name))
            opened.append(files.enter_context((folder / f"{_NEW}{name}").open("xb")))
            opened[-1].write(content)
            opened[-1].flush()
        for file in opened:  # all at once: the disk then has less to do
            os.fsync(file.fileno())
    done: list[str] = []
    try:
        for name in data:
            _keep(folder, name)
            (folder / f"{_NEW}{name}").replace(folder / name)
            done.append(name)
    except OSError:
        _restore(folder, done)
        raise
    _flush_names(folder)


def _keep(folder: Path, name: str) -> None:
    """A second name for the old file, so that it can come back; where links are not possible it can't."""
    with suppress(OSError, NotImplementedError):
        (folder / f"{_OLD}{name}").hardlink_to(folder / name)


def _restore(folder: Path, names: list[str]) -> None:
    for name in names:
        with suppress(OSError):
            if (folder / f"{_OLD}{name}").exists():
                (folder / f"{_OLD}{name}").replace(folder / name)
            else:
                (folder / name).unlink()


def _sweep(folder: Path) -> None:
    for path in folder.glob(f"{_TEMPORARY}*"):
        if path.is_symlink() or path.is_file():
            path.unlink(missing_ok=True)


def _left_over(folder: Path, data: Mapping[str, bytes]) -> tuple[str, ...]:
    """Files of the last set that this one lacks."""
    try:
        before = loads((folder / MANIFEST).read_bytes())["files"]
        return tuple(sorted(name for name in before if name not in data and Path(name).name == name and (folder / name).is_file()))
    except (OSError, ValueError, KeyError, TypeError):
        return ()  # no manifest, or not ours


def _flush_names(folder: Path) -> None:
    """The new names reach the disk too, where the system can say so."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer at a time, where the system has locks on folders."""
    try:
        from fcntl import LOCK_EX, flock

        descriptor = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # Windows
        yield
        return
    try:
        with suppress(OSError):  # a file system without locks
            flock(descriptor, LOCK_EX)
        yield
    finally:
        os.close(descriptor)
