"""Opening files of a project folder, and never anything outside it: no links, no `..`, no absolute path, regular files only."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path

from perfeval.problems import ProblemKind, did_you_mean

NO_FILE = ProblemKind(
    "file-not-found",
    says="找不到文件「{file}」。{hint}",
    remedy="检查文件名和所在文件夹；路径从项目文件夹算起。",
    en="The file “{file}” is not there. {hint}",
    en_remedy="Check its name and folder; paths count from the project folder.",
)
PATH_NOT_ALLOWED = ProblemKind(
    "path-not-allowed",
    says="不能读「{file}」：{why}。",
    remedy="把文件放进项目文件夹，用相对路径写，例如 data/payments.csv。",
    en="“{file}” is not read: {why}.",
    en_remedy="Put the file into the project folder and write a relative path, as data/payments.csv.",
)
TOO_LARGE = ProblemKind(
    "file-too-large",
    says="文件「{file}」有 {size} 字节，上限 {limit}。",
    remedy="拆分文件，或把明细放进 CSV 表。",
    en="The file “{file}” has {size} bytes; the limit is {limit}.",
    en_remedy="Split it, or put the details into a CSV table.",
)

_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def split_inside(file: str) -> tuple[str, ...]:
    """A relative path to its parts. Raises `Fault` (path-not-allowed) for anything that could lead outside."""
    why = None
    parts = tuple(file.split("/"))
    if not file or file.startswith(("/", "-")) or "\\" in file or ":" in file or "\0" in file:
        why = "要写项目文件夹内的相对路径 (a path inside the folder is needed)"
    elif any(part in ("", ".", "..") for part in parts):
        why = "路径里不能有 . 或 .. (no . or ..)"
    elif any(_DEVICES.fullmatch(part) or part.startswith(".") or part.endswith((" ", ".")) for part in parts):
        why = "这个文件名不能用 (the name is not allowed)"
    elif any(len(part.encode("utf-8", "replace")) > 255 or re.search("[\ud800-\udfff]", part) for part in parts):
        why = "文件名太长，或有坏字符 (the name is too long, or holds a broken character)"
    if why:
        raise PATH_NOT_ALLOWED.fault(file=file, why=why)
    return parts


def read_inside(root: Path, file: str, limit: int) -> bytes:
    """The bytes of a regular file below `root`. Raises as `open_inside`."""
    with os.fdopen(open_inside(root, file, limit), "rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise TOO_LARGE.fault(file=file, size=len(data), limit=limit)
    return data


def open_inside(root: Path, file: str, limit: int) -> int:
    """A descriptor of a regular file below `root` with at most `limit` bytes, opened part by part without following links.

    Raises `Fault` (file-not-found, path-not-allowed, file-too-large); other system errors stay as they are.
    """
    parts = split_inside(file)
    try:
        handle = _descend(root, parts, file)
        status = os.fstat(handle)
    except OSError as error:
        error.filename = str(root / file)  # not only the part of the path that failed
        raise
    if stat.S_ISREG(status.st_mode) and status.st_size <= limit:
        return handle
    os.close(handle)
    if not stat.S_ISREG(status.st_mode):
        raise PATH_NOT_ALLOWED.fault(file=file, why="不是普通文件 (not a regular file)")
    raise TOO_LARGE.fault(file=file, size=status.st_size, limit=limit)


def _descend(root: Path, parts: tuple[str, ...], file: str) -> int:
    folder = os.open(root, os.O_RDONLY)
    try:
        for part in parts[:-1]:
            inner = _open(part, folder, file, os.O_RDONLY | os.O_DIRECTORY)
            os.close(folder)
            folder = inner
        return _open(parts[-1], folder, file, os.O_RDONLY | os.O_NONBLOCK)
    finally:
        os.close(folder)


def _open(part: str, folder: int, file: str, flags: int) -> int:
    try:
        return os.open(part, flags | os.O_NOFOLLOW, dir_fd=folder)  # never inherited: Python sees to that
    except FileNotFoundError:
        raise NO_FILE.fault(file=file, hint=_near(part, folder)) from None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise PATH_NOT_ALLOWED.fault(file=file, why="不跟随链接 (links are not followed)") from None
        if error.errno == errno.ENOTDIR:
            raise PATH_NOT_ALLOWED.fault(file=file, why=f"「{part}」不是文件夹，或是链接 (not a folder, or a link)") from None
        if error.errno in (errno.ENXIO, errno.EISDIR):
            raise PATH_NOT_ALLOWED.fault(file=file, why="不是普通文件 (not a regular file)") from None
        raise


def _near(part: str, folder: int) -> str:
    """A file that may be meant. A name in another encoding (from a GBK archive) can't be shown, so it is not offered."""
    return did_you_mean(part, filter(str.isprintable, os.listdir(folder)))
