"""seal: a project folder to its seal, where it scores, its reports are of its data, and everything is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from perfeval import __version__
from perfeval.model.folder import ProjectFolder
from perfeval.model.result import Result
from perfeval.problems import Problem, ProblemKind, ProblemsFound, Severity, Where
from perfeval.reading.attachments import NO_ATTACHMENT
from perfeval.reading.project_folder import check_project_folder
from perfeval.scoring import open_project, score
from perfeval.sealing import basis, inventory
from perfeval.sealing.inventory import Inventory
from perfeval.sealing.manifest import NAME, Seal, SealedFile
from perfeval.sealing.verifying import verify

NO_RESULT = ProblemKind(
    "no-result-to-seal",
    says="没有「{file}」：结果还没有写出来，或者没有写全。",
    remedy="先运行 perfeval score（报告放在项目文件夹的 reports/ 里），核对无误后再封存。",
    en="There is no “{file}”: the result has not been written, or not all of it.",
    en_remedy="Run perfeval score first (its reports go to reports/ in the folder), read them, then seal.",
)
OUTDATED = ProblemKind(
    "report-outdated",
    says="「{file}」不是从现在的数据得出的，或者被改过。",
    remedy="重新运行 perfeval score，核对后再封存；不再要的旧报告请删去。手改过的报告请另存为别的文件名。",
    en="“{file}” does not come from the data as they are now, or was edited.",
    en_remedy="Run perfeval score again, read the reports, then seal; delete old ones that are not wanted. Save an edited report under another name.",
)
CHANGED_MEANWHILE = ProblemKind(
    "changed-while-sealing",
    says="封存时「{file}」又被改动了。",
    remedy="等别的程序写完，关闭打开着的文件，再封存一次。",
    en="“{file}” was written to while it was being sealed.",
    en_remedy="Let other programs finish, close open files, then seal again.",
)
SEALED_ALREADY = ProblemKind(
    "sealed-already",
    says="已经封存过，与现在有 {count} 处不同；没有重新封存。",
    remedy="用 perfeval verify 看有哪些不同；改动是有意的，用 perfeval seal --replace 重新封存。",
    en="It is sealed already, and differs in {count} places; it was not sealed anew.",
    en_remedy="perfeval verify shows the differences; where they are meant, seal anew with perfeval seal --replace.",
)


def seal(root: Path, replace: bool = False) -> tuple[Seal, Result]:
    """The seal of a folder as it is now; nothing is written. `replace`: also where an earlier seal no longer holds.

    Raises `ProblemsFound`: it cannot be scored, an attachment is missing, a report is not of these data, a link in the folder.
    """
    check_project_folder(root)  # before every file of, say, a home folder is read
    if not replace:
        _check_earlier(root)
    held = inventory.take(root)
    project = open_project(root)
    result = score(project)
    found = [*held.problems, *_not_ready(project, held, result), *_meanwhile(root, held)]
    if found:
        raise ProblemsFound([*result.notes, *found])
    return make(held, project, result), result


def _check_earlier(root: Path) -> None:
    """A seal is evidence: one that no longer holds is not replaced in passing."""
    if not os.path.lexists(root / NAME):
        return
    verified = verify(root)
    if not verified.same:
        raise ProblemsFound([SEALED_ALREADY.on(Where(NAME), count=sum(problem.is_error for problem in verified.problems))])


def _not_ready(project: ProjectFolder, held: Inventory, result: Result) -> Iterator[Problem]:
    for note in result.notes:
        if note.kind is NO_ATTACHMENT:
            yield note._replace(severity_override=Severity.ERROR)
    missing = [name for name in (basis.RESULT, basis.MANIFEST) if name not in held.files]
    if missing:
        yield NO_RESULT.on(Where(missing[0]), file=missing[0])
        return
    for name, data in basis.documents(project, result, held.files).items():
        if held.files[name] != inventory.held(data):
            yield OUTDATED.on(Where(name), file=name)


def _meanwhile(root: Path, held: Inventory) -> Iterator[Problem]:
    now = inventory.stamps(root)
    for name in sorted(now.keys() | held.stamps.keys()):
        if now.get(name) != held.stamps.get(name):
            yield CHANGED_MEANWHILE.on(Where(name), file=name)


def make(held: Inventory, project: ProjectFolder, result: Result) -> Seal:
    """The seal of these files and this result, ready or not."""
    known, narrative = basis.roles(project), project.project.report.narrative or ""
    return Seal(
        program=__version__,
        files={
            name: SealedFile(role=basis.role(name, known, narrative), size=one.size, sha256=one.sha256) for name, one in held.files.items()
        },
        built_in=basis.built_in(project),
        result=basis.outcome(result),
    )
