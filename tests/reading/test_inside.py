"""Opening files of a project folder: regular files below it, through no link, of no more than so many bytes."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from perfeval.problems import Fault
from perfeval.reading import paths
from perfeval.reading.paths import open_inside, read_inside, split_inside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file, a folder, and what leads elsewhere; beside it a file that nobody may read."""
    inside = tmp_path / "inside"
    (inside / "data" / "deep").mkdir(parents=True)
    (inside / "data" / "deep" / "a.csv").write_bytes(b"0123456789")
    (inside / "top.yaml").write_bytes(b"")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.csv").write_text("secret")
    (inside / "to_file.csv").symlink_to("data/deep/a.csv")
    (inside / "to_folder").symlink_to("data")
    (inside / "out").symlink_to(tmp_path / "secret")
    (inside / "out.csv").symlink_to(tmp_path / "secret" / "a.csv")
    (inside / "nowhere.csv").symlink_to("none.csv")
    (inside / "round.csv").symlink_to("round.csv")
    (inside / "zero.csv").symlink_to("/dev/zero")
    os.mkfifo(inside / "pipe.csv")
    return inside


def refused(folder: Path, file: str, limit: int = 100) -> tuple[str, str]:
    with pytest.raises(Fault) as caught:
        read_inside(folder, file, limit)
    assert caught.value.values["file"] == file
    return caught.value.kind.name, caught.value.values.get("why", "")


def test_regular_files(folder: Path) -> None:
    assert read_inside(folder, "data/deep/a.csv", 100) == b"0123456789"
    assert read_inside(folder, "data/deep/a.csv", 10) == b"0123456789"
    assert read_inside(folder, "top.yaml", 0) == b""


def test_too_large(folder: Path) -> None:
    with pytest.raises(Fault) as caught:
        read_inside(folder, "data/deep/a.csv", 9)
    assert (caught.value.kind.name, caught.value.values) == ("file-too-large", {"file": "data/deep/a.csv", "size": "10", "limit": "9"})


def test_a_file_that_grows_while_it_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts are the bytes that come, not what the folder says."""
    handle = os.open(folder / "data" / "deep" / "a.csv", os.O_RDONLY)
    monkeypatch.setattr(paths, "open_inside", lambda *_: handle)
    with pytest.raises(Fault) as caught:
        read_inside(folder, "a.csv", 9)
    assert (caught.value.kind.name, caught.value.values) == ("file-too-large", {"file": "a.csv", "size": "10", "limit": "9"})


@pytest.mark.parametrize("file", ["to_file.csv", "out.csv", "nowhere.csv", "round.csv", "zero.csv"])
def test_links_are_not_followed(file: str, folder: Path) -> None:
    assert refused(folder, file) == ("path-not-allowed", "不跟随链接 (links are not followed)")


@pytest.mark.parametrize("file", ["to_folder/deep/a.csv", "out/a.csv", "top.yaml/a.csv", "zero.csv/a", "pipe.csv/a"])
def test_the_way_leads_through_folders(file: str, folder: Path) -> None:
    part = file.split("/")[0]
    assert refused(folder, file) == ("path-not-allowed", f"「{part}」不是文件夹，或是链接 (not a folder, or a link)")


@pytest.mark.parametrize("file", ["data", "data/deep", "pipe.csv"])
def test_only_regular_files(file: str, folder: Path) -> None:
    assert refused(folder, file) == ("path-not-allowed", "不是普通文件 (not a regular file)")


def test_a_socket_is_no_regular_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.chdir(folder)  # the name of a socket has to be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.csv")
        assert refused(folder, "s.csv") == ("path-not-allowed", "不是普通文件 (not a regular file)")


@pytest.mark.parametrize(
    ("file", "hint"),
    [
        ("data/deep/b.csv", "您是不是想写「a.csv」？ (Did you mean “a.csv”?)"),
        ("dat/deep/a.csv", "您是不是想写「data」？ (Did you mean “data”?)"),
        ("data/none/a.csv", ""),
        ("zzzzzz", ""),
    ],
)
def test_what_is_not_there(file: str, hint: str, folder: Path) -> None:
    with pytest.raises(Fault) as caught:
        open_inside(folder, file, 100)
    assert (caught.value.kind.name, caught.value.values) == ("file-not-found", {"file": file, "hint": hint})


def test_a_failure_of_the_system_names_the_whole_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def broken(path: object, flags: int, **options: int) -> int:
        if path == "a.csv":
            raise PermissionError(13, "Permission denied", path)
        return real(path, flags, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", broken)
    with pytest.raises(PermissionError) as caught:
        read_inside(folder, "data/deep/a.csv", 100)
    assert caught.value.filename == str(folder / "data/deep/a.csv")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system does not list open files")
def test_no_descriptor_is_left_open(folder: Path) -> None:
    def still_open() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = still_open()
    for file in ("data/deep/a.csv", "data", "pipe.csv", "to_file.csv", "out/a.csv", "none", "data/deep/none"):
        for limit in (5, 100):
            with suppress(Fault):
                read_inside(folder, file, limit)
    assert still_open() == before


@pytest.mark.parametrize(
    "file", ["a", "a/b.csv", "a b", "a~", "数据/账.csv", "x" * 255, "长" * 85, "con1", "com10", "auxiliary", "nul_", "$a"]
)
def test_allowed_names(file: str) -> None:
    assert split_inside(file) == tuple(file.split("/"))


RELATIVE, DOTS, NAME, LONG = "a path inside", "no . or ..", "name is not allowed", "too long"


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("", RELATIVE),
        ("/a", RELATIVE),
        ("-a", RELATIVE),
        ("a\\b", RELATIVE),
        ("C:a", RELATIVE),
        ("a\0", RELATIVE),
        ("a//b", DOTS),
        ("a/", DOTS),
        (".", DOTS),
        ("./a", DOTS),
        ("a/../b", DOTS),
        ("a/..", DOTS),
        (".a", NAME),
        ("a/.b/c", NAME),
        ("a.", NAME),
        ("a /b", NAME),
        ("con", NAME),
        ("PRN.txt", NAME),
        ("a/aux", NAME),
        ("nul.tar.gz", NAME),
        ("com1.csv", NAME),
        ("LPT9", NAME),
        ("x" * 256, LONG),
        ("a/" + "长" * 86, LONG),
        ("a\ud800", LONG),
    ],
)
def test_names_that_are_not(file: str, why: str) -> None:
    with pytest.raises(Fault) as caught:
        split_inside(file)
    assert caught.value.kind.name == "path-not-allowed"
    assert why in caught.value.values["why"]
