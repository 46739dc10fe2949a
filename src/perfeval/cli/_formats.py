"""Which reports are written: what the command line asks for, else what project.yaml says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfeval.cli.output import Wrong
from perfeval.model.folder import ProjectFolder
from perfeval.problems import Origin, Problem, ProblemKind
from perfeval.reports import FORMATS

UNKNOWN_FORMAT = ProblemKind(
    "report-format",
    says="没有报告格式「{format}」。",
    remedy="formats 里写下列的：{known}。",
    en="There is no report format “{format}”.",
    en_remedy="formats holds some of: {known}.",
)

_KNOWN = [*FORMATS, "json"]  # result.json is written with every report


def asked(text: str) -> list[str]:
    """`md,html` as given on the command line."""
    words = [word for word in (part.strip() for part in text.split(",")) if word]
    if not words:
        known = ", ".join(_KNOWN)
        raise Wrong(f"--format 是空的，可用的有：{known}。", f"--format names no format; there are: {known}.")
    for word in words:
        if word not in _KNOWN:
            known = ", ".join(_KNOWN)
            raise Wrong(f"没有报告格式「{word}」，可用的有：{known}。", f"There is no report format “{word}”; there are: {known}.")
    return documents(words)


def documents(words: Iterable[str]) -> list[str]:
    """The formats among the words, each once, in the order they are known."""
    wanted = set(words)
    return [name for name in FORMATS if name in wanted]


def check_formats(folder: ProjectFolder) -> Iterator[Problem]:
    """Formats of project.yaml that no report has."""
    for position, word in enumerate(folder.project.report.formats):
        if word not in _KNOWN:
            origin = Origin(folder.project_file, ("report", "formats", position))
            yield UNKNOWN_FORMAT.on(origin, format=word, known="、".join(_KNOWN))
