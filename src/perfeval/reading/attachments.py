"""The attachments that evidence names: each is a regular file inside the folder, and no larger than it may be.

One that is not there yet leaves the score as it is, and a warning at its place; only sealing needs all of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from perfeval.model.evidence import Answers, Entry, Evidence
from perfeval.problems import Fault, Origin, Problem, ProblemKind, Severity, Step
from perfeval.reading.paths import NO_FILE, open_inside

NO_ATTACHMENT = ProblemKind(
    "attachment-not-found",
    says="附件「{file}」还不在文件夹里。{hint}",
    remedy="把它放进项目文件夹，或改正文件名；路径从项目文件夹算起。封存时必须齐全。",
    en="The attachment “{file}” is not in the folder yet. {hint}",
    en_remedy="Put it into the project folder, or mend its name; paths count from the folder. Sealing needs all of them.",
    severity=Severity.WARNING,
)
MAX_BYTES = 200 * 2**20
_ANSWERS = ("checklist", "parts", "veto", "requires", "defects")


class Attachment(NamedTuple):
    file: str
    path: tuple[Step, ...]  # where evidence names it


def attachments(evidence: Evidence) -> Iterator[Attachment]:
    """Every attachment that is named, in the order of the models' fields."""
    for name, fact in evidence.facts.items():
        yield from _named(fact.attachments, "facts", name)
    for name, entry in evidence.indicators.items():
        yield from _of_entry(entry, "indicators", name)
    for word in ("veto", "bonus", "penalty"):
        yield from _of_answers(getattr(evidence, word), word)


def _named(files: tuple[str, ...], *path: Step) -> Iterator[Attachment]:
    for position, file in enumerate(files):
        yield Attachment(file, (*path, "attachments", position))


def _of_entry(entry: Entry, *path: Step) -> Iterator[Attachment]:
    yield from _named(entry.attachments, *path)
    for word in _ANSWERS:
        yield from _of_answers(getattr(entry, word), *path, word)


def _of_answers(answers: Answers | None, *path: Step) -> Iterator[Attachment]:
    if not answers:
        return
    for key, answer in answers.items() if isinstance(answers, dict) else enumerate(answers):
        if isinstance(answer, Entry):
            yield from _of_entry(answer, *path, key)


def check_attachments(root: Path, evidence: Evidence, evidence_file: str) -> list[Problem]:
    """What is wrong with the attachments; their contents are not read."""
    found = []
    for file, path in attachments(evidence):
        origin = Origin(evidence_file, path)
        try:
            os.close(open_inside(root, file, MAX_BYTES))
        except Fault as fault:
            missing = fault.kind is NO_FILE
            found.append(NO_ATTACHMENT.on(origin, **fault.values) if missing else fault.on(origin))
    return found
