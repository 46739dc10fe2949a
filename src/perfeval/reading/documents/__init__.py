"""Texts that people wrote, to paragraphs and tables with their places: narrative chapters, finished reports.

One module for each format; what needs a library beyond the core is imported where it is used.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from perfeval.model.document import Document
from perfeval.problems import Fault, Origin, Problem, ProblemsFound, Where
from perfeval.reading.documents.plain import read_plain
from perfeval.reading.paths import NO_FILE, read_inside
from perfeval.reading.texts import MAX_BYTES

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


def read_report(path: Path, called: str = "") -> Document:
    """A finished report, by the ending of its name; `called`: as people see it. Raises `ProblemsFound` where it cannot be read."""
    shown = called or path.name
    try:
        data = read_inside(path.absolute().parent, path.name, MAX_REPORT)
    except Fault as fault:
        raise ProblemsFound([fault.on(None)._replace(where=Where(shown))]) from None
    document, problems = read_plain(shown, data)
    if problems:
        raise ProblemsFound(problems)
    return document


MAX_REPORT = 50_000_000
