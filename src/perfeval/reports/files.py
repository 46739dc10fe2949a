"""Writes a set of reports so that a reader never sees half of one, and a failure leaves the old set as it was.

1. Each file is written under a temporary name beside its place and flushed to the disk; the old ones get a second name.
2. The new manifest (the hash of each file) is renamed to `.perfeval-commit`: from here on the new set is decided.
3. Each file is renamed over the old one; the manifest comes last. A set whose hashes agree with it is one set.

A run killed before 2 leaves the old set; one killed after it leaves all that is needed to go on, and the next run does, also
on a full disk: it only renames. In between the hashes tell that the set is not whole. All other leftovers are swept.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from errno import EISDIR
from hashlib import sha256
from json import dumps, loads
from pathlib import Path

from perfeval import __version__
from perfeval.problems import SystemFailed

MANIFEST = "manifest.json"
WAIT = 10
"""Seconds to wait for another run that writes into the same folder; it takes well under one."""
_TEMPORARY = ".perfeval-"
_NEW, _OLD, _COMMIT = f"{_TEMPORARY}new-", f"{_TEMPORARY}old-", f"{_TEMPORARY}commit"


def manifest(files: Mapping[str, bytes]) -> bytes:
    """Which files belong together: their hashes, and the program that wrote them."""
    told = {"files": {name: {"sha256": sha256(data).hexdigest()} for name, data in files.items()}, "perfeval": 1, "program": __version__}
    return (dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def write_set(folder: Path, files: Mapping[str, str | bytes]) -> tuple[str, ...]:
    """Writes the files and their manifest into `folder`, all or none; raises `SystemFailed`.

    Returns the names of reports that an earlier run wrote there and this one did not: they are out of date.
    """
    data = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    with _told(folder, "报告", "reports"):
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            _finish(folder)
            left = _left_over(folder, data)
            try:
                _prepare(folder, {**data, MANIFEST: manifest(data)})
                _publish(folder, [*data, MANIFEST])
            finally:
                with suppress(OSError):
                    _sweep(folder)
    return left


def write_file(path: Path, data: bytes) -> None:
    """Writes one file into its folder, whole or not at all; raises `SystemFailed`."""
    folder = path.parent
    with _told(folder, f"{path.name} ", path.name), _alone(folder):
        _finish(folder)
        try:
            _write_new(folder, {path.name: data})
            (folder / f"{_NEW}{path.name}").replace(path)
            _flush_names(folder)
        finally:
            with suppress(OSError):
                _sweep(folder)


def clear(folder: Path) -> None:
    """Carries through, or sweeps, what a killed run left in a folder; raises `SystemFailed`."""
    if any(folder.glob(f"{_TEMPORARY}*")):
        with _told(folder, "报告", "reports"), _alone(folder):
            _finish(folder)


@contextmanager
def _told(folder: Path, what: str, en_what: str) -> Iterator[None]:
    """A failure of the system in one line."""
    try:
        yield
    except OSError as error:
        raise SystemFailed(
            f"{what}没有写成，原有的文件未动 ({en_what} not written, old files untouched): {error.filename or folder}: {error.strerror or error}"
        ) from error


def _prepare(folder: Path, data: Mapping[str, bytes]) -> None:
    """Everything that can run out of space or permission, before anything is replaced."""
    _write_new(folder, data)
    for name in data:
        _keep(folder, name)


def _write_new(folder: Path, data: Mapping[str, bytes]) -> None:
    """The files under their temporary names, on the disk."""
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


def _keep(folder: Path, name: str) -> None:
    """A second name for the old file, so that it can come back; a copy where links are not possible (exFAT)."""
    place, kept = folder / name, folder / f"{_OLD}{name}"
    if not os.path.lexists(place):
        return
    try:
        kept.hardlink_to(place)
    except (OSError, NotImplementedError):
        import shutil  # rarely needed

        shutil.copyfile(place, kept, follow_symlinks=False)


def _publish(folder: Path, names: list[str]) -> None:
    """Only renames. What fails is taken back; Ctrl-C, a closed terminal and a polite kill wait until it is done."""
    with _undisturbed():
        done: list[str] = []
        try:
            (folder / f"{_NEW}{MANIFEST}").replace(folder / _COMMIT)
            _flush_names(folder)
            for name in names:
                (folder / (_COMMIT if name == MANIFEST else f"{_NEW}{name}")).replace(folder / name)
                done.append(name)
        except OSError:
            (folder / _COMMIT).unlink(missing_ok=True)
            _restore(folder, done)
            raise
        _flush_names(folder)
        with suppress(OSError):
            _sweep(folder)


def _restore(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        with suppress(OSError):
            if os.path.lexists(folder / f"{_OLD}{name}"):
                (folder / f"{_OLD}{name}").replace(folder / name)
            else:
                (folder / name).unlink()


def _finish(folder: Path) -> None:
    """Carries through what a killed run had decided, and sweeps what it left."""
    if _is_ours(folder / _COMMIT):
        for path in folder.glob(f"{_NEW}?*"):
            if _is_ours(path):
                path.replace(folder / path.name.removeprefix(_NEW))
        (folder / _COMMIT).replace(folder / MANIFEST)
        _flush_names(folder)
    _sweep(folder)


def _is_ours(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _sweep(folder: Path) -> None:
    if _is_ours(folder / _COMMIT):
        return  # it could be neither carried through nor taken back: the next run tries again
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
def _undisturbed() -> Iterator[None]:
    """Signals that would end the program wait, where the system can hold them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer at a time, where the system has locks on folders; raises `SystemFailed` when the other comes to no end."""
    try:
        import fcntl

        descriptor = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # Windows
        yield
        return
    try:
        with suppress(OSError):  # a file system without locks
            _wait(folder, lambda: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)


def _wait(folder: Path, lock: Callable[[], None]) -> None:
    from select import poll

    for _ in range(WAIT * 50):
        try:
            return lock()
        except BlockingIOError:
            poll().poll(20)  # milliseconds; no clock is asked
    raise SystemFailed(
        f"另一个 perfeval 正在往这里写文件，等了 {WAIT} 秒；原有的文件未动 "
        f"(another perfeval is writing here, waited {WAIT} s, old ones untouched): {folder}"
    )
