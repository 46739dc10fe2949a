"""What a project rests on: the use it makes of each file, the rules that ship with the program, and what came out."""

from __future__ import annotations

from collections.abc import Container, Mapping
from hashlib import sha256

from perfeval.model.folder import ProjectFolder
from perfeval.model.result import Result
from perfeval.quantity import show_decimal
from perfeval.reading.attachments import attachments
from perfeval.reading.library import PREFIX, builtin_path, scale_path
from perfeval.reports import FORMATS, file_name, files, render, result_json
from perfeval.reports.firmness import asked_for
from perfeval.sealing.manifest import Role, SealedResult, SealedScore

REPORTS = "reports/"
RESULT, MANIFEST = REPORTS + result_json.NAME, REPORTS + files.MANIFEST
"""Written with every set of reports."""


def roles(project: ProjectFolder) -> dict[str, Role]:
    """What each file that the project names is used for."""
    found: dict[str, Role] = {one.file: "attachment" for one in attachments(project.evidence)}
    found |= {table.file: "table" for table in project.evidence.tables.values()}
    found[project.evidence_file] = "evidence"
    found[project.indicators.file] = "indicators"
    found[project.project_file] = "project"
    return found


def role(name: str, known: Mapping[str, Role], narrative: str) -> Role:
    """The use of one file of the folder. `narrative`: the folder of the chapters, "" where there is none."""
    if name in known:
        return known[name]
    if name.startswith(REPORTS):
        return "report"
    return "narrative" if narrative and name.startswith(narrative.rstrip("/") + "/") else "other"


def built_in(project: ProjectFolder) -> dict[str, str]:
    """The rule files outside the folder, by the names that projects use, with their hashes."""
    found = {}
    if project.indicators.file.startswith(PREFIX):
        found[project.indicators.file] = builtin_path(project.indicators.file)
    if project.indicators.grades_id:
        found[f"grades/{project.indicators.grades_id}"] = scale_path(project.indicators.grades_id)
    return {name: sha256(path.read_bytes()).hexdigest() for name, path in sorted(found.items())}


def documents(project: ProjectFolder, result: Result, held: Container[str]) -> dict[str, bytes]:
    """Those of the files `held` that the program writes of a result, as they come out now, by their path in the folder."""
    firm, root = asked_for(project, result), project.root
    texts = {file_name(name): render(name, result, firm) for name in FORMATS} | {result_json.NAME: result_json.render(result)}
    written = {name: text.encode() for name, text in texts.items() if REPORTS + name in held}
    if MANIFEST in held:
        together = {result_json.NAME, *files.listed(root / MANIFEST)}
        written[files.MANIFEST] = files.manifest({name: data for name, data in written.items() if name in together})
    return {REPORTS + name: data for name, data in written.items()}


def outcome(result: Result) -> SealedResult:
    """The result in short."""
    return SealedResult(
        total=None if result.total is None else show_decimal(result.total),
        low=show_decimal(result.low),
        high=show_decimal(result.high),
        grade=result.grade,
        leaves=[SealedScore(path=list(one.path), score=None if one.score is None else show_decimal(one.score)) for one in result.leaves],
    )
