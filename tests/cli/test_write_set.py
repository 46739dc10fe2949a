"""Reports are written whole or not at all."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from perfeval.problems import SystemFailed
from perfeval.reports import files, writers
from perfeval.reports.files import MANIFEST, NotOurs, clear, manifest, write_file, write_set


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.iterdir() if path.is_file()}


def test_same_bytes_twice(tmp_path: Path) -> None:
    write_set(tmp_path / "a" / "b", {"b.md": "乙\n", "a.md": "甲\n"})
    first = contents(tmp_path / "a" / "b")
    write_set(tmp_path / "a" / "b", {"a.md": "甲\n", "b.md": "乙\n"})
    assert contents(tmp_path / "a" / "b") == first
    assert sorted(first) == ["a.md", "b.md", MANIFEST]
    assert list(json.loads(first[MANIFEST])["files"]) == ["a.md", "b.md"]


def test_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert write_set(tmp_path, {"a.md": "1", "b.md": "1"}) == ()
    assert write_set(tmp_path, {"a.md": "2"}) == ("b.md",)
    assert contents(tmp_path)["mine.txt"] == "mine"
    assert contents(tmp_path)["b.md"] == "1"


def test_temporary_files_of_a_killed_run_are_swept(tmp_path: Path) -> None:
    (tmp_path / ".perfeval-new-a.md").write_text("half")
    (tmp_path / ".perfeval-old-a.md").write_text("half")
    write_set(tmp_path, {"a.md": "1"})
    assert sorted(contents(tmp_path)) == ["a.md", MANIFEST]


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("step", ["open", "fsync", "replace-0", "replace-1", "replace-2", "replace-3", "replace-4"])
def test_a_failure_at_any_step_leaves_the_old_set(step: str, links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_set(tmp_path, {"a.md": "old", "b.md": "old"})
    before = contents(tmp_path)
    word, _, number = step.partition("-")
    left = int(number or 1)
    owner = os if word == "fsync" else Path
    real = getattr(owner, word)

    def fail(self: object, *args: object, **kwargs: object) -> object:
        nonlocal left
        if (
            word == "fsync"
            or (word == "open" and args == ("xb",))
            or (word == "replace" and ("new-" in str(self) or "commit" in str(self)))
        ):
            left -= 1
            if left < 0:
                raise OSError(28, "No space left on device")
        return real(self, *args, **kwargs)

    def no_links(*_: Path) -> None:
        raise PermissionError(1, "Operation not permitted")  # exFAT

    if not links:
        monkeypatch.setattr(Path, "hardlink_to", no_links)
    monkeypatch.setattr(owner, word, fail)
    with pytest.raises(SystemFailed) as failed:
        write_set(tmp_path, {"a.md": "new", "b.md": "new", "c.md": "new"})
    monkeypatch.undo()
    assert "\n" not in str(failed.value)
    assert contents(tmp_path) == before


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    write_set(tmp_path, {"a.md": "old"})
    (tmp_path / "b.md").mkdir()
    with pytest.raises(SystemFailed, match=r"b\.md"):
        write_set(tmp_path, {"a.md": "new", "b.md": "new"})
    assert contents(tmp_path)["a.md"] == "old"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SystemFailed):
        write_set(tmp_path, {"a.md": "new"})


def test_links_are_replaced_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("precious")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.md").symlink_to(outside)
    (tmp_path / "reports" / ".perfeval-new-a.md").symlink_to(outside)
    write_set(tmp_path / "reports", {"a.md": "new"})
    assert outside.read_text() == "precious"
    assert contents(tmp_path / "reports")["a.md"] == "new"


@pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX")
def test_writers_at_the_same_time_never_mix(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from hashlib import sha256

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: write_set(tmp_path, {"a.md": f"{n}\n" * 1000, "b.md": f"{n}\n" * 1000}), range(40)))
    told = json.loads((tmp_path / MANIFEST).read_bytes())["files"]
    for name, one in told.items():
        assert sha256((tmp_path / name).read_bytes()).hexdigest() == one["sha256"]
    assert contents(tmp_path)["a.md"] == contents(tmp_path)["b.md"]


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[int]:
    """The lock that another run would hold on the folder; closing it gives it back."""
    from fcntl import LOCK_EX, flock

    write_set(tmp_path, {"a.md": "old"})
    descriptor = os.open(tmp_path, os.O_RDONLY)
    flock(descriptor, LOCK_EX)
    yield descriptor
    with suppress(OSError):
        os.close(descriptor)


@pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX")
@pytest.mark.usefixtures("busy")
def test_another_run_that_comes_to_no_end(starter: Path, tmp_path: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "WAIT", 1)
    before = contents(tmp_path)
    done = cli("score", starter, "-o", tmp_path)
    assert (done.code, done.out) == (3, "")
    assert done.err == f"另一个 perfeval 正在往「{tmp_path}」写文件，等了 1 秒；原有的文件未动，请等它写完再运行。\n"
    assert contents(tmp_path) == before


@pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX")
def test_another_run_that_ends_is_waited_for(busy: int, tmp_path: Path) -> None:
    from threading import Timer

    timer = Timer(0.1, os.close, [busy])
    timer.start()
    write_set(tmp_path, {"a.md": "new"})
    timer.join()
    assert contents(tmp_path)["a.md"] == "new"


def test_what_looks_like_a_killed_run_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    """A folder from elsewhere: links are not carried through, folders and other names stay."""
    reports, outside = tmp_path / "reports", tmp_path / "outside.txt"
    outside.write_text("precious")
    reports.mkdir()
    (reports / ".perfeval-commit").write_text("{}")
    (reports / ".perfeval-new-a.md").symlink_to(outside)
    (reports / ".perfeval-new-").write_text("no name")
    (reports / ".perfeval-new-folder").mkdir()
    write_set(reports, {"b.md": "new"})
    assert outside.read_text() == "precious"
    assert sorted(path.name for path in reports.iterdir()) == [".perfeval-new-folder", "b.md", MANIFEST]


DECIDED = {"notes.txt": b"of somebody else"}
NOT_DECIDED = {
    "nothing is listed": b"{}",
    "no JSON": b"x",
    "too deep": b"[" * 60_000,
    "too large": manifest(DECIDED) + b" " * 2**16,
    "another name": manifest({"other.txt": DECIDED["notes.txt"]}),
    "another hash": manifest({"notes.txt": b"something else"}),
    "one file more": manifest({**DECIDED, "other.txt": b""}),
    "a name that leads out": manifest({**DECIDED, "../out.txt": b""}),
    "a name that is hidden": manifest({**DECIDED, ".hidden": b""}),
    "a name that is too long": manifest({**DECIDED, "x" * 300: b""}),
    "no hashes": b'{"files": {"notes.txt": {}}}',
    "names alone": b'{"files": ["notes.txt"]}',
}


@pytest.mark.parametrize("commit", NOT_DECIDED)
def test_what_was_not_decided_is_not_carried_through(commit: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / ".perfeval-new-notes.txt").write_bytes(DECIDED["notes.txt"])
    (tmp_path / ".perfeval-commit").write_bytes(NOT_DECIDED[commit])
    clear(tmp_path)
    assert contents(tmp_path) == {"notes.txt": "mine"}


@pytest.mark.parametrize("undo", NOT_DECIDED)
def test_what_was_not_written_is_not_taken_back(undo: str, tmp_path: Path) -> None:
    for name, kept in (("notes.txt", "old"), ("more.txt", "none")):
        (tmp_path / name).write_text("mine")
        (tmp_path / f".perfeval-{kept}-{name}").write_bytes(DECIDED["notes.txt"])
    (tmp_path / ".perfeval-undo").write_bytes(NOT_DECIDED[undo])
    clear(tmp_path)
    assert contents(tmp_path) == {"notes.txt": "mine", "more.txt": "mine"}


def test_other_files_with_our_first_letters_stay(tmp_path: Path) -> None:
    (tmp_path / ".perfeval-notes").write_text("mine")
    (tmp_path / ".perfeval-new-a.md").write_text("half")
    clear(tmp_path)
    write_set(tmp_path, {"a.md": "1"})
    assert sorted(contents(tmp_path)) == [".perfeval-notes", "a.md", MANIFEST]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
@pytest.mark.parametrize("name", [MANIFEST, ".perfeval-commit", ".perfeval-undo"])
@pytest.mark.parametrize("what", ["a pipe", "a link without end", "a large file", "nested deep"])
def test_a_manifest_that_is_none_holds_nobody_up(name: str, what: str, tmp_path: Path) -> None:
    place = tmp_path / name
    if what == "a pipe":
        os.mkfifo(place)
    elif what == "a link without end":
        place.symlink_to("/dev/zero")
    elif what == "a large file":
        with place.open("wb") as large:
            large.truncate(2**40)
    else:
        place.write_bytes(b"[" * 60_000)
    assert write_set(tmp_path, {"a.md": "1"}) == ()
    assert contents(tmp_path)["a.md"] == "1"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_pipes_are_replaced_like_files(tmp_path: Path) -> None:
    for name in ("a.md", MANIFEST, ".perfeval-new-a.md", ".perfeval-old-a.md", ".perfeval-commit"):
        os.mkfifo(tmp_path / name)
    for number in ("1", "2"):
        write_set(tmp_path, {"a.md": number})
        assert {path.name for path in tmp_path.iterdir()} == {"a.md", MANIFEST}
        assert contents(tmp_path)["a.md"] == number


def test_a_large_file_that_seems_decided_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / ".perfeval-commit").write_bytes(manifest(DECIDED))
    with (tmp_path / ".perfeval-new-notes.txt").open("wb") as large:
        large.truncate(2**40)
    clear(tmp_path)
    assert contents(tmp_path) == {}


def test_one_file(tmp_path: Path) -> None:
    (tmp_path / ".perfeval-new-seal.json").write_text("of a killed run")
    write_file(tmp_path / "seal.json", b"old")
    write_file(tmp_path / "seal.json", b"new")
    assert contents(tmp_path) == {"seal.json": "new"}


def test_one_file_leaves_all_others_alone(tmp_path: Path) -> None:
    """Also what looks like a killed run that had decided."""
    others = {"notes.txt": "mine", ".perfeval-new-notes.txt": "x", ".perfeval-commit": manifest({"notes.txt": b"x"}).decode()}
    for name, text in others.items():
        (tmp_path / name).write_text(text)
    write_file(tmp_path / "seal.json", b"new")
    assert contents(tmp_path) == {**others, "seal.json": "new"}


def test_one_file_that_is_nowhere(tmp_path: Path) -> None:
    with pytest.raises(SystemFailed, match=r"^seal\.json 没有写成，原有的文件未动：.* \(seal\.json not written"):
        write_file(tmp_path / "nowhere" / "seal.json", b"new")


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_one_file_that_cannot_be_written(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_file(tmp_path / "seal.json", b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*{"write": (files, "_write_new"), "fsync": (os, "fsync"), "replace": (Path, "replace")}[step], fail)
    with pytest.raises(SystemFailed, match="No space left on device"):
        write_file(tmp_path / "seal.json", b"new")
    monkeypatch.undo()
    assert contents(tmp_path) == {"seal.json": "old"}


def test_one_file_of_the_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.` has no name of its own."""
    monkeypatch.chdir(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SystemFailed, match="No space left on device"):
        write_file(Path("seal.json"), b"new")
    assert contents(tmp_path) == {}


def test_files_that_somebody_else_wrote_stay(tmp_path: Path) -> None:
    """An attachment called report.md in the folder of -o is no old report."""
    (tmp_path / "a.md").write_text("mine")
    with pytest.raises(NotOurs, match=r"^a\.md$"):
        write_set(tmp_path, {"a.md": "1", "b.md": "1"})
    assert contents(tmp_path) == {"a.md": "mine"}
    (tmp_path / "a.md").unlink()
    write_set(tmp_path, {"a.md": "1"})
    (tmp_path / "b.md").write_text("mine")
    with pytest.raises(NotOurs, match=r"^b\.md$"):
        write_set(tmp_path, {"a.md": "2", "b.md": "2"})
    assert contents(tmp_path)["a.md"] == "1"
    write_set(tmp_path, {"a.md": "3"})  # what is listed is ours, whoever edited it since


def test_score_says_whose_files_are_in_the_way(starter: Path, tmp_path: Path, cli: Callable) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "report.md").write_text("mine")
    done = cli("score", starter, "-o", folder)
    assert (done.code, done.out) == (2, "")
    assert "不是 perfeval 写的 report.md，不覆盖" in done.err
    assert contents(folder) == {"report.md": "mine"}


@pytest.mark.parametrize("arguments", [("-o", ""), ("-o", " "), ("--format", ""), ("--format", ",")])
def test_nothing_where_something_is_needed(arguments: tuple[str, str], starter: Path, cli: Callable) -> None:
    done = cli("score", starter, *arguments)
    assert (done.code, done.out) == (2, "")
    assert "空的" in done.err


def test_a_failed_write_is_told_in_one_language_with_what_to_do(starter: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", str(starter / "reports" / ".perfeval-new-report.md"))

    monkeypatch.setattr(files, "_write_new", fail)
    shown = starter / "reports" / "report.md"
    zh, en = cli("score", starter), cli("score", starter, "--lang", "en")
    assert zh.err == f"报告没有写成，原有的文件未动：「{shown}」：磁盘已满 (No space left on device)。办法：请腾出空间。\n"
    assert en.err == f"reports not written, old files untouched: {shown}: No space left on device. To do: free some space.\n"
    assert (zh.code, en.code) == (3, 3)
