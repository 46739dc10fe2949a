"""Texts that people wrote, to paragraphs and tables with their places: narrative chapters, finished reports.

One module for each format; what needs a library beyond the core is imported where it is used.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

from perfeval.model.document import Document
from perfeval.problems import Fault, Origin, Problem, ProblemsFound, Where
from perfeval.reading.documents.plain import read_plain
from perfeval.reading.documents.unreadable import BROKEN, ENCRYPTED, IN_PART, NO_TEXT, NOT_A_FILE, OLD_WORD, OTHER_ENCODING
from perfeval.reading.paths import NO_FILE, PATH_NOT_ALLOWED, read_inside
from perfeval.reading.texts import MAX_BYTES, NOT_UTF8

if TYPE_CHECKING:
    from perfeval.reading.documents.word import Word

_CHAPTERS = (".md", ".txt")


class Chapters(NamedTuple):
    documents: tuple[Document, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_chapters(root: Path, folder: str | None, project_file: str) -> Chapters:
    """The narrative chapters of a project folder, by file name. What cannot be read is told where the folder is named."""
    if not folder:
        return Chapters()
    origin = Origin(project_file, ("report", "narrative"))
    inside = root / folder
    if not inside.is_dir() or inside.is_symlink():
        return Chapters((), (NO_FILE.on(origin, file=folder, hint=""),))
    documents: list[Document] = []
    problems: list[Problem] = []
    for path in sorted(inside.iterdir(), key=lambda one: one.name):
        if path.suffix.lower() not in _CHAPTERS:
            continue
        name = f"{folder.rstrip('/')}/{path.name}"
        try:
            document, wrong = read_plain(name, read_inside(root, name, MAX_BYTES))
            documents.append(document)
            problems.extend(wrong)
        except Fault as fault:
            problems.append(fault.on(origin))
    return Chapters(tuple(documents), tuple(problems))


class Report(NamedTuple):
    """A finished report. `word`: the file itself, of a Word report."""

    document: Document
    word: Word | None = None


def read_report(path: Path, called: str = "") -> Document:
    """A finished report, by what the file is; `called`: as people see it. Raises `ProblemsFound` where it cannot be read."""
    return open_report(path, called).document


def open_report(path: Path, called: str = "") -> Report:
    """As `read_report`, with what comments can be put into."""
    shown = called or path.name
    try:
        return report_from(shown, read_inside(path.absolute().parent, path.name, MAX_REPORT))
    except Fault as fault:
        kind = NOT_A_FILE if fault.kind is PATH_NOT_ALLOWED else fault.kind
        raise ProblemsFound([Problem(kind, {**fault.values, "file": path.name}, where=Where(shown))]) from None


def report_from(name: str, data: bytes) -> Report:
    """A report from its bytes. Raises `Fault`, or `ProblemsFound` where it is a text that has faults of its own."""
    form = form_of(name, data)
    if form == "word":
        from perfeval.reading.documents.word import read_word

        word = read_word(name, data)
        return Report(word.document, word)
    if form == "pdf":
        from perfeval.reading.documents.pdf import read_pdf

        return Report(read_pdf(name, data))
    if form == "ole":
        raise (ENCRYPTED if _PACKAGE in data else OLD_WORD).fault(file=name)
    document, problems = read_plain(name, data)
    if problems:
        raise ProblemsFound([_of_a_report(one, name) for one in problems])
    if not document.paragraphs and not document.tables:
        raise BROKEN.fault(file=name, why=NO_TEXT)
    return Report(document)


def _of_a_report(problem: Problem, name: str) -> Problem:
    """Bytes of another encoding, with what to do about a report; remedies for tables of a project do not fit."""
    if problem.kind is not NOT_UTF8:
        return problem
    return problem._replace(kind=OTHER_ENCODING, values={**problem.values, "file": PurePath(name).name})


def form_of(name: str, data: bytes) -> str:
    """`word`, `pdf`, `ole` (old Word, or a Word file that is encrypted) or `text`: by how a file begins, else by its name."""
    if _PDF.match(data):
        return "pdf"
    if data.startswith(_OLE):
        return "ole"
    ending = PurePath(name).suffix.lower()
    return "word" if data.startswith(b"PK") or ending in (".docx", ".docm") else "pdf" if ending == ".pdf" else "text"


def not_read(document: Document) -> tuple[Problem, ...]:
    """What of a report could not be read, each at its place."""
    tables = (
        IN_PART.on(
            document.where_line(table.line), what=f"{table.caption or '这张表'} 只读出一部分 ({table.caption or 'this table'}: only a part)"
        )
        for table in document.tables
        if not table.whole
    )
    return (*(IN_PART.on(Where(document.name), what=what) for what in document.left_out), *tables)


MAX_REPORT = 50_000_000
_PDF = re.compile(rb"\s{0,1024}%PDF-")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKAGE = "EncryptedPackage".encode("utf-16-le")
