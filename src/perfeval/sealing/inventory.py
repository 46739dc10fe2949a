"""Every file of a folder with its hash, read without following links: what can be sealed, and what cannot."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from perfeval.problems import Problem, ProblemKind, Where
from perfeval.reading.attachments import MAX_BYTES
from perfeval.sealing.manifest import NAME, SIGNATURE

UNSEALABLE = ProblemKind(
    "unsealable",
    says="「{file}」不能封存：{why}。",
    remedy="把它移出项目文件夹；要用的材料，放一份普通文件进来。",
    en="“{file}” cannot be sealed: {why}.",
    en_remedy="Move it out of the project folder; of what is needed, put an ordinary file in.",
)
MAX_DEPTH = 32
_GIT = ".git"
_ELSEWHERE = re.compile(rb"gitdir: [^\0\n]+\n?")
"""What git writes into the file `.git` of a second checkout, whose history is elsewhere."""


class Held(NamedTuple):
    size: int
    sha256: str


class Inventory(NamedTuple):
    """`stamps` tell whether a file was written to since: size, times, place on the disk."""

    files: dict[str, Held]
    stamps: dict[str, tuple[int, ...]]
    problems: list[Problem]


def take(root: Path) -> Inventory:
    """The files below `root`, by path, sorted. System errors stay `OSError`."""
    found = Inventory({}, {}, [])
    for name, status, folder in _walk(root):
        found.stamps[name] = _stamp(status)
        if why := _unsealable(name, status):
            found.problems.append(UNSEALABLE.on(Where(name), file=name, why=why))
        else:
            found.files[name] = _read(root, name, folder)
    return Inventory(dict(sorted(found.files.items())), found.stamps, found.problems)


def stamps(root: Path) -> dict[str, tuple[int, ...]]:
    """The stamps alone, for a second look."""
    return {name: _stamp(status) for name, status, _ in _walk(root)}


def held(data: bytes) -> Held:
    """What a file with these bytes would be entered as."""
    return Held(len(data), hashlib.sha256(data).hexdigest())


def _walk(root: Path) -> Iterator[tuple[str, os.stat_result, int]]:
    """Path, status and the open folder of everything that is not a folder; of a folder too deep, the folder."""
    for top, folders, files, handle in os.fwalk(root, onerror=_fail):
        below = Path(top).relative_to(root).parts
        folders.sort()
        for name in sorted([*folders, *files]):
            status = os.stat(name, dir_fd=handle, follow_symlinks=False)
            if not below and _is_left_out(name, status, handle):
                folders[:] = [one for one in folders if one != name]
            elif not stat.S_ISDIR(status.st_mode) or len(below) == MAX_DEPTH:
                yield "/".join((*below, name)), status, handle
        if len(below) == MAX_DEPTH:
            folders.clear()


def _is_left_out(name: str, status: os.stat_result, folder: int) -> bool:
    """In the folder itself: the seal cannot hold its own hash or a signature of it, and git's history is not the project."""
    if stat.S_ISDIR(status.st_mode):
        return name == _GIT
    return stat.S_ISREG(status.st_mode) and (name in (NAME, SIGNATURE) or (name == _GIT and _leads_elsewhere(folder)))


def _leads_elsewhere(folder: int) -> bool:
    with os.fdopen(os.open(_GIT, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder), "rb") as stream:
        return _ELSEWHERE.fullmatch(stream.read(5000)) is not None


def _fail(error: OSError) -> None:
    raise error


def _unsealable(name: str, status: os.stat_result) -> str:
    if stat.S_ISLNK(status.st_mode):
        return "它是链接 (it is a link)"
    if stat.S_ISDIR(status.st_mode):
        return f"文件夹套得太深，超过 {MAX_DEPTH} 层 (more than {MAX_DEPTH} folders deep)"
    if not stat.S_ISREG(status.st_mode):
        return "不是普通文件 (not a regular file)"
    if status.st_size > MAX_BYTES:
        return f"有 {status.st_size} 字节，上限 {MAX_BYTES} (its {status.st_size} bytes are more than {MAX_BYTES})"
    try:
        name.encode()
    except UnicodeEncodeError:
        return "文件名里有坏字符 (its name holds a broken character)"
    return ""


def _stamp(status: os.stat_result) -> tuple[int, ...]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _read(root: Path, name: str, folder: int) -> Held:
    try:
        handle = os.open(name.rpartition("/")[2], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        error.filename = str(root / name)
        raise
    with os.fdopen(handle, "rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
        return Held(stream.tell(), digest.hexdigest())
