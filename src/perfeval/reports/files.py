"""Writes a set of reports so that a reader never sees half of one, and a failure leaves the old set as it was.

1. Each file is written under a temporary name beside its place and flushed to the disk; the old ones get a second name.
2. The new manifest (the hash of each file) is renamed to `.perfeval-commit`: from here on the new set is decided.
3. Each file is renamed over the old one; the manifest comes last. A set whose hashes agree with it is one set.
4. Where a rename fails, the commit becomes `.perfeval-undo`: from here on the old set is decided, and comes back.

A run killed before 2 leaves the old set; one killed after it, or after 4, leaves all that is needed to go on, and the next run
does, also on a full disk: it only renames. In between the hashes tell that the set is not whole. All other leftovers are swept.
What a killed run left may come from anyone, with the folder: only files with the hashes that were decided are moved or replaced.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from errno import EISDIR
from hashlib import file_digest, sha256
from json import dumps, loads
from pathlib import Path

from perfeval import __version__
from perfeval.problems import SystemFailed
from perfeval.reports.writers import alone, undisturbed

MANIFEST = "manifest.json"
_NEW, _OLD, _NONE = ".perfeval-new-", ".perfeval-old-", ".perfeval-none-"
"""Before a file's name: what comes, what was there, and that nothing was there."""
_COMMIT, _UNDO = ".perfeval-commit", ".perfeval-undo"
_NAME = re.compile(r"\w[\w.-]{,49}")  # no folder, nothing hidden, nothing that a file system or a terminal trips over
_LARGEST_MANIFEST, _LARGEST = 2**16, 2**28
"""More bytes than ours ever have; a folder from elsewhere must not keep us busy."""


def manifest(files: Mapping[str, bytes]) -> bytes:
    """Which files belong together: their hashes, and the program that wrote them."""
    told = {"files": {name: {"sha256": sha256(data).hexdigest()} for name, data in files.items()}, "perfeval": 1, "program": __version__}
    return (dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


class NotOurs(Exception):
    """Files of these names are there, and no manifest says that we wrote them."""

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        super().__init__(", ".join(names))
        self.folder, self.names = folder, tuple(names)


def write_set(folder: Path, files: Mapping[str, str | bytes]) -> tuple[str, ...]:
    """Writes the files and their manifest into `folder`, all or none; raises `SystemFailed`, or `NotOurs` before anything is touched.

    Returns the names of reports that an earlier run wrote there and this one did not: they are out of date.
    """
    data = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    assert all(map(_NAME.fullmatch, data)), "a name that the next run would not take for one of ours"
    with _told(folder, "报告", "reports"):
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder):
            _finish(folder)
            if strange := _strangers(folder, data):
                raise NotOurs(folder, strange)
            left = _left_over(folder, data)
            try:
                _prepare(folder, data)
                _publish(folder, list(data))
            finally:
                with suppress(OSError):
                    _sweep(folder)
    return left


def write_file(path: Path, data: bytes) -> None:
    """Writes one file into its folder, whole or not at all; raises `SystemFailed`. Nothing else there is touched."""
    folder = path.parent
    with _told(folder, f"{path.name} ", path.name), alone(folder):
        try:
            _sweep_new(path)
            _write_new(folder, {path.name: data})
            _new(path).replace(path)
            _flush_names(folder)
        finally:
            with suppress(OSError):
                _sweep_new(path)


def clear(folder: Path) -> None:
    """Carries through, or sweeps, what a killed `write_set` left in a folder; raises `SystemFailed`. A link is not followed."""
    if not folder.is_symlink() and any(_leftovers(folder)):
        with _told(folder, "报告", "reports"), alone(folder):
            _finish(folder)


def clear_file(path: Path) -> None:
    """Sweeps what a killed `write_file` left beside a file; raises `SystemFailed`."""
    if os.path.lexists(_new(path)):
        with _told(path.parent, f"{path.name} ", path.name), alone(path.parent):
            _sweep_new(path)


def listed(path: Path) -> dict[str, str]:
    """The hash of each file by its name, as a manifest of ours tells them; nothing where there is none, or it is not ours."""
    if not _is_regular(path):
        return {}
    with path.open("rb") as stream:
        data = stream.read(_LARGEST_MANIFEST + 1)
    try:
        told = {name: str(one["sha256"]) for name, one in loads(data)["files"].items()} if len(data) <= _LARGEST_MANIFEST else {}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}
    return told if all(map(_NAME.fullmatch, told)) else {}


def _strangers(folder: Path, data: Mapping[str, bytes]) -> list[str]:
    """Files in the place of new ones that no run of ours has listed. Links and pipes are replaced, what they lead to stays."""
    ours = listed(folder / MANIFEST)
    return [name for name in data if name not in ours and _is_regular(folder / name)]


@contextmanager
def _told(folder: Path, what: str, en_what: str) -> Iterator[None]:
    """A failure of the system in one line."""
    try:
        yield
    except OSError as error:
        named = Path(error.filename or folder)
        shown = named.with_name(named.name.removeprefix(_NEW).removeprefix(_OLD)) if named.name else named
        raise SystemFailed(
            f"{what}没有写成，原有的文件未动：「{shown}」", f"{en_what} not written, old files untouched: {shown}", error
        ) from error


def _prepare(folder: Path, data: Mapping[str, bytes]) -> None:
    """Everything that can run out of space or permission, before anything is replaced."""
    _write_new(folder, {**data, MANIFEST: manifest(data)})
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
    """A second name for the old file, so that it can come back; a copy where links are not possible (exFAT). Or: there was none."""
    place, kept = folder / name, folder / f"{_OLD}{name}"
    if not os.path.lexists(place):
        (folder / f"{_NONE}{name}").touch(exist_ok=False)
        return
    try:
        kept.hardlink_to(place)
    except (OSError, NotImplementedError):
        import shutil  # rarely needed

        shutil.copyfile(place, kept, follow_symlinks=False)


def _publish(folder: Path, names: list[str]) -> None:
    """Only renames. What fails is taken back; Ctrl-C, a closed terminal and a polite kill wait until it is done."""
    with undisturbed():
        (folder / f"{_NEW}{MANIFEST}").replace(folder / _COMMIT)
        _flush_names(folder)
        try:
            _go_on(folder, names)
        except OSError:
            with suppress(OSError):  # what cannot be taken back now, the next run does
                _decide_otherwise(folder)
                _take_back(folder, names)
            raise
        with suppress(OSError):
            _sweep(folder)


def _go_on(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        (folder / f"{_NEW}{name}").replace(folder / name)
    (folder / _COMMIT).replace(folder / MANIFEST)
    _flush_names(folder)


def _decide_otherwise(folder: Path) -> None:
    """From here on the old set is decided."""
    try:
        (folder / _COMMIT).replace(folder / _UNDO)
    except OSError:
        (folder / _COMMIT).unlink()  # all comes back at once, or never: at least nothing goes on
    _flush_names(folder)


def _take_back(folder: Path, names: Iterable[str]) -> None:
    """Each as it was before; what this has done already, it may do again."""
    failed = None
    for name in names:
        try:
            if os.path.lexists(folder / f"{_OLD}{name}"):
                (folder / f"{_OLD}{name}").replace(folder / name)
            elif os.path.lexists(folder / f"{_NONE}{name}"):
                (folder / name).unlink(missing_ok=True)
        except OSError as error:
            failed = error  # the others come back all the same
    if failed:
        raise failed
    _flush_names(folder)
    (folder / _UNDO).unlink(missing_ok=True)


def _finish(folder: Path) -> None:
    """Carries through, or takes back, what a killed run had decided, and sweeps what it left."""
    if _is_regular(folder / _UNDO):
        _take_back(folder, [name for name, wanted in listed(folder / _UNDO).items() if _holds(folder / name, wanted)])
    if _is_regular(folder / _COMMIT):
        decided = listed(folder / _COMMIT)
        ready = [name for name, wanted in decided.items() if _holds(folder / f"{_NEW}{name}", wanted)]
        if decided and all(name in ready or _holds(folder / name, wanted) for name, wanted in decided.items()):
            _go_on(folder, ready)
        else:
            (folder / _COMMIT).unlink()  # it was not written here, or somebody has changed or removed its files since
    _sweep(folder)


def _is_regular(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _holds(path: Path, wanted: str) -> bool:
    if not _is_regular(path) or path.stat().st_size > _LARGEST:
        return False
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest() == wanted


def _leftovers(folder: Path) -> Iterator[Path]:
    for name in (f"{_NEW}*", f"{_OLD}*", f"{_NONE}*", _COMMIT, _UNDO):
        yield from folder.glob(name)


def _sweep(folder: Path) -> None:
    if _is_regular(folder / _COMMIT) or _is_regular(folder / _UNDO):
        return  # it could be neither carried through nor taken back: the next run tries again
    for path in _leftovers(folder):
        _unlink(path)


def _new(path: Path) -> Path:
    return path.with_name(f"{_NEW}{path.name}")


def _sweep_new(path: Path) -> None:
    _unlink(_new(path))


def _unlink(path: Path) -> None:
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)


def _left_over(folder: Path, data: Mapping[str, bytes]) -> tuple[str, ...]:
    """Files of the last set that this one lacks."""
    with suppress(OSError):
        return tuple(sorted(name for name in listed(folder / MANIFEST) if name not in data and (folder / name).is_file()))
    return ()


def _flush_names(folder: Path) -> None:
    """The new names reach the disk too, where the system can say so."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
