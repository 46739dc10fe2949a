"""Narrative chapters of a project folder, and a finished report: which files are read, in what order, and what is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfeval.problems import Origin, ProblemsFound
from perfeval.reading.documents import MAX_REPORT, Chapters, read_chapters, read_report
from perfeval.reading.texts import MAX_BYTES

PROJECT = "project.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    chapters = tmp_path / "chapters"
    chapters.mkdir()
    (chapters / "2-basis.md").write_text("# 依据\n", encoding="utf-8")
    (chapters / "10-end.TXT").write_text("结论。\n", encoding="utf-8")
    (chapters / "1-start.md").write_text("开头。\n", encoding="utf-8")
    (chapters / "3-photo.jpg").write_bytes(b"\xff\xd8")
    (chapters / "notes").write_text("笔记", encoding="utf-8")
    return tmp_path


def told(chapters: Chapters) -> list[tuple[str, str]]:
    for problem in chapters.problems:
        assert problem.where is not None or problem.origin == Origin(PROJECT, ("report", "narrative"))
    return [(problem.kind.name, str(problem.where or problem.values.get("file"))) for problem in chapters.problems]


@pytest.mark.parametrize("word", ["chapters", "chapters/"])
def test_texts_alone_are_read_by_name(word: str, folder: Path) -> None:
    read = read_chapters(folder, word, PROJECT)
    assert read.problems == ()
    assert [document.name for document in read.documents] == ["chapters/1-start.md", "chapters/10-end.TXT", "chapters/2-basis.md"]
    assert [one.text for document in read.documents for one in document.paragraphs] == ["开头。", "结论。", "依据"]


@pytest.mark.parametrize("word", [None, ""])
def test_a_project_without_chapters(word: str | None, folder: Path) -> None:
    assert read_chapters(folder, word, PROJECT) == Chapters((), ())


def test_a_folder_that_is_not_there_or_is_a_link_or_a_file(folder: Path) -> None:
    (folder / "linked").symlink_to("chapters")
    (folder / "file").write_text("", encoding="utf-8")
    for word in ("nowhere", "linked", "file"):
        read = read_chapters(folder, word, PROJECT)
        assert (read.documents, told(read)) == ((), [("file-not-found", word)])
        assert read.problems[0].message("zh") == f"找不到文件「{word}」。"


def test_a_chapter_that_cannot_be_read_hides_no_other(folder: Path) -> None:
    chapters = folder / "chapters"
    (chapters / "0-linked.md").symlink_to("1-start.md")
    (chapters / "11-folder.md").mkdir()
    (chapters / "20-bytes.md").write_bytes("好\n".encode() + b"\xff\n")
    (chapters / "4-large.md").write_bytes(b"a" * (MAX_BYTES + 1))
    (chapters / "5-full.md").write_bytes(b"a" * MAX_BYTES)
    read = read_chapters(folder, "chapters", PROJECT)
    assert told(read) == [
        ("path-not-allowed", "chapters/0-linked.md"),
        ("path-not-allowed", "chapters/11-folder.md"),
        ("not-utf8", "chapters/20-bytes.md:2:1"),
        ("file-too-large", "chapters/4-large.md"),
    ]
    assert [document.name.removeprefix("chapters/") for document in read.documents] == [
        "1-start.md",
        "10-end.TXT",
        "2-basis.md",
        "20-bytes.md",
        "5-full.md",
    ]
    filled = [document.name for document in read.documents if document.paragraphs]
    assert filled == [f"chapters/{name}" for name in ("1-start.md", "10-end.TXT", "2-basis.md", "5-full.md")]


def test_a_folder_outside_of_the_project_is_not_read(folder: Path) -> None:
    (folder / "project").mkdir()
    read = read_chapters(folder / "project", "../chapters", PROJECT)
    assert read.documents == ()
    assert {kind for kind, _ in told(read)} == {"path-not-allowed"}


def test_a_report_bears_the_name_that_people_see(folder: Path) -> None:
    report = folder / "chapters" / "1-start.md"
    assert read_report(report).name == "1-start.md"
    document = read_report(report, "../chapters/1-start.md")
    assert document.name == "../chapters/1-start.md"
    assert str(document.where(document.paragraphs[0])) == "../chapters/1-start.md:1:1"


def wrong(report: Path, called: str = "") -> list[tuple[str, str, str]]:
    with pytest.raises(ProblemsFound) as found:
        read_report(report, called)
    assert all(problem.origin is None for problem in found.value.problems)
    return [(problem.kind.name, str(problem.where), problem.values.get("file", "")) for problem in found.value.problems]


def test_a_report_that_cannot_be_read_is_told_under_that_name(folder: Path) -> None:
    report = folder / "report.txt"
    assert wrong(report, "../report.txt") == [("file-not-found", "../report.txt", "report.txt")]
    report.write_bytes(b"a\n\xff\n")
    assert wrong(report, "../report.txt")[0][:2] == ("report-not-utf8", "../report.txt:2:1")
    assert wrong(report)[0][:2] == ("report-not-utf8", "report.txt:2:1")


def test_a_report_that_is_a_link_is_not_followed(folder: Path) -> None:
    (folder / "report.txt").symlink_to("chapters/1-start.md")
    assert wrong(folder / "report.txt") == [("report-not-a-file", "report.txt", "report.txt")]


def test_how_large_a_report_may_be(folder: Path) -> None:
    report = folder / "report.txt"
    report.touch()
    with report.open("r+b") as stream:
        stream.truncate(MAX_REPORT + 1)
    assert MAX_REPORT == 50_000_000
    assert wrong(report) == [("file-too-large", "report.txt", "report.txt")]


def test_a_report_with_signs_that_hide(folder: Path) -> None:
    """Told by the name that such a sign has everywhere, at its line."""
    report = folder / "report.txt"
    report.write_bytes("第一行\n得分\u202e 89\n".encode())
    assert wrong(report)[0][:2] == ("forbidden-character", "report.txt:2:3")
