"""What may stand in a folder of reports: one set or another, never a piece of one; and ways to disturb a writer."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from perfeval.problems import SystemFailed
from perfeval.reports.files import MANIFEST, manifest, write_set

Set = Mapping[str, bytes]
TEMPORARY = ".perfeval-"


def whole(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with the manifest that belongs to them."""
    return {**files, MANIFEST: manifest(files)}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def agrees(found: Set) -> bool:
    """All that a reader can know: there is a manifest, and the hash of each of its files is right."""
    if MANIFEST not in found:
        return False
    told = json.loads(found[MANIFEST])["files"]
    return all(name in found and sha256(found[name]).hexdigest() == one["sha256"] for name, one in told.items())


def after_a_kill(folder: Path, sets: Sequence[Set]) -> list[str]:
    """What is wrong with a folder whose writer was killed: torn or missing files, or a mixture that looks like a set."""
    found = {name: data for name, data in contents(folder).items() if not name.startswith(TEMPORARY)}
    wrong = [f"{name} is torn or strange" for name, data in found.items() if all(one.get(name) != data for one in sets)]
    always = set.intersection(*(set(one) for one in sets))
    wrong += [f"{name} is missing" for name in sorted(always - set(found))]
    if agrees(found) and found not in sets:
        told = json.loads(found[MANIFEST])["files"]
        if {name: found[name] for name in [*told, MANIFEST]} not in sets:
            wrong.append("a mixed set agrees with its manifest")
    return wrong


def is_mixed(folder: Path, sets: Sequence[Set]) -> bool:
    return {name: data for name, data in contents(folder).items() if not name.startswith(TEMPORARY)} not in sets


@contextmanager
def full_after(size: int) -> Iterator[None]:
    """No file can grow beyond `size` bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def after_a_failed_run(folder: Path, sets: Sequence[Set]) -> list[str]:
    """The next run finds a full disk: it cannot write, and must leave one whole set and no leftovers."""
    try:
        with full_after(3):
            write_set(folder, {"report.md": b"never seen"})
    except SystemFailed:
        return [] if contents(folder) in sets else [f"not one whole set: {sorted(contents(folder))}"]
    return ["a full disk was not noticed"]


EVENTS = {"open", "os.link", "os.listdir", "os.mkdir", "os.remove", "os.rename", "os.scandir", "glob.glob"}


def disturbed(work: Callable[[], object], step: int, disturb: Callable[[], None]) -> int:
    """Does `work` in a child of this process that is disturbed at its `step`-th call of the system; how the child ended.

    0: done, the step never came; 3: `SystemFailed`; 4: done all the same; negative: the signal that ended it.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 5
    try:
        left = [step]
        _watch(left, disturb)
        try:
            work()
            code = 0 if left[0] >= 0 else 4
        except SystemFailed as failed:
            code = 3 if "\n" not in str(failed) else 6
    finally:
        os._exit(code)


def _watch(left: list[int], disturb: Callable[[], None]) -> None:
    def count() -> None:
        left[0] -= 1
        if left[0] == -1:
            disturb()

    def hook(event: str, _values: object) -> None:
        if event in EVENTS:
            count()

    real = os.fsync

    def fsync(descriptor: int) -> None:
        count()
        real(descriptor)

    os.fsync = fsync
    sys.addaudithook(hook)


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
