"""`kill -9` at any moment, a failure of any call of the system: one whole set of reports, or one that the next run makes whole."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

if sys.platform == "win32":
    pytest.skip("processes and locks of POSIX", allow_module_level=True)

from kills.sets import (
    Set,
    after_a_failed_run,
    after_a_kill,
    agrees,
    contents,
    disturbed,
    full_after,
    is_mixed,
    kill,
    whole,
)
from kills.soak import kills
from perfeval.problems import SystemFailed
from perfeval.reports.files import MANIFEST, write_set

OLD = {"a.md": b"old a", "b.html": b"old b" * 5000, "result.json": b"old r"}
NEW = {"a.md": b"new a" * 3000, "b.html": b"new b", "result.json": b"new r"}
PAIRS = {"the same names": (OLD, NEW), "one more file": (OLD, {**NEW, "c.md": b"new c"}), "nothing before": ({}, NEW)}


@pytest.fixture
def reports() -> Iterator[Path]:
    """A folder in memory where there is one: thousands of flushes to a disk take minutes."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder) / "reports"


def prepared(folder: Path, files: Set) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if files:
        write_set(folder, files)
    return folder


@pytest.mark.parametrize("pair", PAIRS)
def test_killed_at_every_step(pair: str, reports: Path) -> None:
    """Before the manifest is committed the old set stays; after that the new one is carried through, on a full disk too."""
    old, new = PAIRS[pair]
    sets = [whole(old) if old else {}, whole(new)]
    found, mixed = [], 0
    for step in count():
        prepared(reports, old)
        if disturbed(lambda: write_set(reports, new), step, kill) == 0:
            break
        mixed += is_mixed(reports, sets)
        assert after_a_kill(reports, sets) == [], f"step {step}"
        assert after_a_failed_run(reports, sets) == [], f"step {step}"
        found.append(sets.index(contents(reports)))
    assert found == sorted(found)
    assert set(found) == {0, 1}
    assert mixed >= len(new) - 1  # between the renames: told by the manifest, mended by the next run


def test_a_run_that_mends_may_be_killed_as_well(reports: Path) -> None:
    sets, third = [whole(OLD), whole(NEW)], dict.fromkeys(OLD, b"third")
    tried = 0
    for step in count():
        prepared(reports, OLD)
        if disturbed(lambda: write_set(reports, NEW), step, kill) == 0:
            break
        if not is_mixed(reports, sets):
            continue
        broken = Path(shutil.copytree(reports, reports.with_name(f"broken-{step}")))
        for again in count():
            shutil.rmtree(reports)
            shutil.copytree(broken, reports)
            if disturbed(lambda: write_set(reports, third), again, kill) == 0:
                break
            tried += 1
            assert after_a_kill(reports, [*sets, whole(third)]) == [], f"steps {step} and {again}"
            assert after_a_failed_run(reports, [*sets, whole(third)]) == [], f"steps {step} and {again}"
            assert contents(reports) != sets[0], f"steps {step} and {again}"
    assert tried > 50


@pytest.mark.parametrize("failing", ["a.md", "c.md", MANIFEST])
@pytest.mark.parametrize("old", [OLD, {**OLD, "result.json": NEW["result.json"]}], ids=["all new", "one as before"])
def test_killed_while_a_failure_is_taken_back(failing: str, old: Set, reports: Path) -> None:
    """A rename fails, and the run is killed at any step after that (or before): the old set comes back, or the new one."""
    new = {**NEW, "c.md": b"new c"}
    sets, real = [whole(old), whole(new)], Path.replace
    source = ".perfeval-commit" if failing == MANIFEST else f".perfeval-new-{failing}"

    def fails(self: Path, target: Path) -> Path:
        if self.name == source and target.name == failing:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(self, target)

    def work() -> None:
        Path.replace = fails  # type: ignore[method-assign] # in the child only
        write_set(reports, new)

    found, mixed = [], 0
    for step in count():
        prepared(reports, old)
        if disturbed(work, step, kill) == 3:
            break
        mixed += (reports / ".perfeval-undo").exists() and is_mixed(reports, sets)
        assert after_a_kill(reports, sets) == [], f"step {step}"
        assert after_a_failed_run(reports, sets) == [], f"step {step}"
        found.append(sets.index(contents(reports)))
    assert contents(reports) == sets[0]
    assert found[0] == found[-1] == 0
    assert 1 in found  # between the commit and the failure
    assert mixed or failing == "a.md"  # it was killed on the way back


def test_what_cannot_be_taken_back_waits(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that renames no more while the old set comes back: nothing of it is lost, however many runs try."""
    new, real = {**NEW, "c.md": b"new c"}, Path.replace
    prepared(reports, OLD)

    def fails(self: Path, target: Path) -> Path:
        if self.name in (".perfeval-new-c.md", ".perfeval-old-a.md"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    for _ in range(3):
        with pytest.raises(SystemFailed, match=os.strerror(errno.EIO)):
            write_set(reports, new)
        assert {name: contents(reports)[name] for name in OLD if name != "a.md"} == {name: OLD[name] for name in OLD if name != "a.md"}
        assert contents(reports)[".perfeval-old-a.md"] == OLD["a.md"]
    monkeypatch.undo()
    assert after_a_failed_run(reports, [whole(OLD)]) == []


@pytest.fixture
def heard(number: signal.Signals) -> Iterator[None]:
    """As in a terminal: under nohup, or in the background of a script, some signals are ignored."""
    before = signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    yield
    signal.signal(number, before)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_signals_that_ask_never_leave_a_mixture(number: signal.Signals, reports: Path) -> None:
    """Ctrl-C, `kill` and a closed terminal wait until the renames are done: nothing is left for the next run to mend."""
    found = []
    for step in count():
        prepared(reports, OLD)
        if disturbed(lambda: write_set(reports, NEW), step, lambda: os.kill(os.getpid(), number)) == 0:
            break
        visible = {name: data for name, data in contents(reports).items() if not name.startswith(".perfeval-")}
        found.append([whole(OLD), whole(NEW)].index(visible))
        assert number != signal.SIGINT or visible == contents(reports), f"step {step}: something is left over"
    assert found == sorted(found)
    assert set(found) == {0, 1}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO], ids=errno.errorcode.get)
def test_any_call_of_the_system_may_fail(number: int, reports: Path) -> None:
    """The old set is whole and there is one line, or the call was of no weight and the new set is whole."""

    def fail() -> None:
        raise OSError(number, os.strerror(number))

    ended: dict[int, int] = {}
    for step in count():
        prepared(reports, OLD)
        code = disturbed(lambda: write_set(reports, NEW), step, fail)
        ended[code] = ended.get(code, 0) + 1
        if code == 0:
            break
        assert code in (3, 4), f"step {step}"
        found = {name: data for name, data in contents(reports).items() if not name.startswith(".perfeval-")}
        assert found == whole(OLD if code == 3 else NEW), f"step {step}"
        write_set(reports, NEW)
        assert contents(reports) == whole(NEW), f"step {step}"
    assert ended[3] > 10


def test_every_limit_of_size(reports: Path) -> None:
    """A disk that is full after any number of bytes: all or nothing."""
    old, new = whole({"a.md": b"old", "b.md": b"old"}), {"a.md": b"n" * 100, "b.md": b"new"}
    largest = max(map(len, whole(new).values()))
    prepared(reports, {"a.md": b"old", "b.md": b"old"})
    for size in range(largest):
        with pytest.raises(SystemFailed, match=os.strerror(errno.EFBIG)), full_after(size):
            write_set(reports, new)
        assert contents(reports) == old, size
    with full_after(largest):
        write_set(reports, new)
    assert contents(reports) == whole(new)


def test_a_full_disk(tmp_path: Path) -> None:
    """A file system of 64 KB, where one may be mounted."""
    import subprocess

    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        write_set(disk / "reports", OLD)
        for size in range(1000, 70_000, 3000):
            try:
                write_set(disk / "reports", {**NEW, "b.html": b"x" * size})
                assert contents(disk / "reports") == whole({**NEW, "b.html": b"x" * size})
                write_set(disk / "reports", OLD)
            except SystemFailed as failed:
                assert os.strerror(errno.ENOSPC) in str(failed)
                assert contents(disk / "reports") == whole(OLD)
                return
        pytest.fail("the disk was never full")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_the_command_on_a_full_disk(starter: Path, program: object) -> None:
    """The real command: exit 3, one line, the old set as it was."""
    import resource

    assert program("score", "-q", starter).returncode == 0  # type: ignore[operator]
    before = contents(starter / "reports")
    for size in (0, 1, min(map(len, before.values())), max(map(len, before.values())) - 1):
        done = program("score", starter, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))  # type: ignore[operator] # noqa: B023
        assert (done.returncode, done.stdout) == (3, b"")
        assert done.stderr.count(b"\n") == 1
        assert "报告没有写成，原有的文件未动".encode() in done.stderr
        assert contents(starter / "reports") == before


def test_twenty_kills_of_the_real_command() -> None:
    wrong, ended = kills(20, seed=5)
    assert wrong == []
    assert ended["writing"] + ended["mixed"] >= 5, ended


def test_pairs_of_runs_and_a_reader(reports: Path) -> None:
    """Two at the same time, a hundred times, and somebody who reads all the while: no file is torn, the last set is whole."""
    sets = [whole(OLD), whole(NEW)]
    prepared(reports, OLD)
    reads = 0
    for pair in range(100):
        children = {_child(lambda: write_set(reports, OLD)), _child(lambda: write_set(reports, NEW))}
        while children:
            for name in (*OLD, MANIFEST):
                assert (reports / name).read_bytes() in [one[name] for one in sets], f"pair {pair}: {name} is torn"
                reads += 1
            ended, status = os.waitpid(-1, os.WNOHANG)
            assert status == 0, f"pair {pair}"
            children.discard(ended)
        assert contents(reports) in sets
        assert agrees(contents(reports))
    assert reads > 1000


def _child(work: Callable[[], object]) -> int:
    if child := os.fork():
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)
