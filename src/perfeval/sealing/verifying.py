"""verify: is a sealed folder as it was, and does its score still come out? Everything that differs is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from perfeval import __version__
from perfeval.model.folder import ProjectFolder
from perfeval.model.result import Result
from perfeval.problems import Fault, Problem, ProblemKind, ProblemsFound, Severity, Where
from perfeval.reading.paths import NO_FILE, read_inside
from perfeval.reading.project_folder import check_folder
from perfeval.scoring import open_project, score
from perfeval.sealing import basis, inventory
from perfeval.sealing.inventory import Inventory
from perfeval.sealing.manifest import NAME, Role, Seal, SealedResult, fingerprint, parse

NO_SEAL = ProblemKind(
    "no-seal",
    says="「{folder}」没有封存过：里面没有 seal.json。",
    remedy="先用 perfeval seal 封存；若本来封存过，请向封存的人索取 seal.json。",
    en="“{folder}” is not sealed: it holds no seal.json.",
    en_remedy="Seal it with perfeval seal; if it has been sealed, ask for seal.json.",
)
DAMAGED = ProblemKind(
    "seal-damaged",
    says="seal.json 被改动过或损坏了，不能作凭据。",
    remedy="换回封存时的 seal.json 原件再核验。",
    en="seal.json was changed or is damaged: it proves nothing.",
    en_remedy="Put the original seal.json back and verify again.",
)
OTHER_FINGERPRINT = ProblemKind(
    "seal-fingerprint",
    says="seal.json 的校验值是 {found}，不是给出的 {wanted}。",
    remedy="这不是当时的那次封存；换回原件，或查明谁重新封存了。",
    en="The fingerprint of seal.json is {found}, not {wanted} as given.",
    en_remedy="This is not that seal: put the original back, or find out who sealed anew.",
)
CHANGED = ProblemKind(
    "sealed-file-changed",
    says="{role}「{file}」与封存时不同。{moved}",
    remedy="换回封存时的文件；若改动是有意的，重新打分、封存，并写明理由。",
    en="“{file}” ({role_en}) is not as it was sealed. {moved_en}",
    en_remedy="Put the sealed file back; if the change is meant, score and seal anew and say why.",
)
GONE = ProblemKind(
    "sealed-file-missing",
    says="{role}「{file}」不见了。{moved}",
    remedy="从封存时的备份里找回来。",
    en="“{file}” ({role_en}) is gone. {moved_en}",
    en_remedy="Bring it back from a copy of the sealed folder.",
)
ADDED = ProblemKind(
    "file-not-sealed",
    says="「{file}」是封存以后加进来的。{moved}",
    remedy="移出文件夹；若要作为材料，重新打分、封存。",
    en="“{file}” was added after sealing. {moved_en}",
    en_remedy="Move it out of the folder; if it belongs to the material, score and seal anew.",
)
OTHER_RULES = ProblemKind(
    "sealed-rules-changed",
    says="内置的「{file}」与封存时不同：这个版本的 perfeval 改过它。",
    remedy="用封存时的版本 {program} 核验。",
    en="The built-in “{file}” is not as it was sealed: this version of perfeval has changed it.",
    en_remedy="Verify with the version that sealed, {program}.",
)
OTHER_RESULT = ProblemKind(
    "sealed-result-differs",
    says="封存的结果现在算不出来了：{moved}。",
    remedy="先看改动了哪些文件；文件都没变时，用封存时的版本 {program} 核验。",
    en="The sealed result no longer comes out: {moved_en}.",
    en_remedy="See which files were changed; where none was, verify with the version that sealed, {program}.",
)
OTHER_REPORT = ProblemKind(
    "sealed-report-differs",
    says="「{file}」不是从封存的数据得出的。",
    remedy="报告和数据不配套，不要采信这次封存；用 perfeval score 重新得出报告。",
    en="“{file}” does not come from the sealed data.",
    en_remedy="Report and data do not belong together: do not trust this seal; make the report anew with perfeval score.",
)
NOT_SCORED = ProblemKind(
    "sealed-not-scored",
    says="现在不能打分了，有 {count} 处错误，这是第一处（{first}）。",
    remedy="先换回封存时的文件；用 perfeval score 可看到全部错误。",
    en="It can no longer be scored: {count} errors, this is the first ({first}).",
    en_remedy="Put the sealed files back first; perfeval score shows all errors.",
)
OTHER_PROGRAM = ProblemKind(
    "sealed-by-other-version",
    says="由 perfeval {sealed} 封存，现在用 {now} 核验：比较了得分，没有比较报告的写法。",
    remedy="要连报告一起重新得出，用封存时的版本。",
    en="Sealed by perfeval {sealed}, verified with {now}: scores were compared, the wording of reports was not.",
    en_remedy="To make the reports again too, use the version that sealed.",
    severity=Severity.NOTE,
)
MAX_SEAL = 50 * 2**20
_ROLES: dict[Role, tuple[str, str]] = {
    "project": ("项目文件", "the project"),
    "indicators": ("指标体系", "the indicators"),
    "evidence": ("佐证文件", "the evidence"),
    "table": ("数据表", "a table"),
    "attachment": ("附件", "an attachment"),
    "narrative": ("文字材料", "a chapter"),
    "report": ("报告", "a report"),
    "other": ("文件", "a file"),
}


class Verified(NamedTuple):
    """What came of it. `seal` is None where seal.json is damaged; `result` where it can no longer be scored."""

    fingerprint: str
    seal: Seal | None
    result: Result | None
    problems: tuple[Problem, ...]

    @property
    def same(self) -> bool:
        return not any(problem.is_error for problem in self.problems)


def verify(root: Path, wanted: str = "") -> Verified:
    """Compare a folder with its seal. `wanted`: the fingerprint as it was written down, "" where it was not.

    Raises `ProblemsFound` where there is no seal, and `OSError` where the system fails.
    """
    data = _seal_file(root)
    mark, stored = fingerprint(data), parse(data)
    problems: list[Problem] = []
    if wanted and wanted != mark:
        problems.append(OTHER_FINGERPRINT.on(Where(NAME), found=mark, wanted=wanted))
    if stored is None:
        return Verified(mark, None, None, (*problems, DAMAGED.on(Where(NAME))))
    held = inventory.take(root)
    moved = [*held.problems, *_files(stored, held)]
    result, differing = _recomputed(root, stored, untouched=not moved)
    return Verified(mark, stored, result, (*problems, *moved, *differing))


def _seal_file(root: Path) -> bytes:
    check_folder(root)
    try:
        return read_inside(root, NAME, MAX_SEAL)
    except Fault as fault:
        if fault.kind is NO_FILE:
            raise ProblemsFound([NO_SEAL.on(Where(NAME), folder=root.name or str(root))]) from None
        raise ProblemsFound([Problem(fault.kind, fault.values, where=Where(NAME))]) from None


def _files(seal: Seal, held: Inventory) -> Iterator[Problem]:
    """Files changed, gone and added; where a content has moved, that is said."""
    sealed_as = {(one.size, one.sha256): name for name, one in reversed(seal.files.items())}
    now_at = {one: name for name, one in held.files.items() if name not in seal.files}
    for name, one in seal.files.items():
        zh, en = _ROLES[one.role]
        now = held.files.get(name)
        if now is None and name not in held.stamps:
            new = now_at.get(inventory.Held(one.size, one.sha256))
            told = _both(new, "现在叫「{}」。", "It is now “{}”.")
            yield GONE.on(Where(name), role=zh, role_en=en, file=name, **told)
        elif now is not None and now != (one.size, one.sha256):
            yield CHANGED.on(Where(name), role=zh, role_en=en, file=name, **_once(now, sealed_as))
    for name, now in held.files.items():
        if name not in seal.files:
            yield ADDED.on(Where(name), file=name, **_once(now, sealed_as))


def _once(now: inventory.Held, sealed_as: dict[tuple[int, str], str]) -> dict[str, str]:
    """Whose content it was when the folder was sealed."""
    return _both(sealed_as.get(now), "内容是封存时的「{}」。", "Its content was that of “{}”.")


def _both(name: str | None, zh: str, en: str) -> dict[str, str]:
    return {"moved": zh.replace("{}", name) if name else "", "moved_en": en.replace("{}", name) if name else ""}


def _recomputed(root: Path, seal: Seal, untouched: bool) -> tuple[Result | None, list[Problem]]:
    """The score as it comes out now, and where it differs. Reports are compared where nothing else can explain a difference."""
    try:
        project = open_project(root)
        result = score(project)
    except ProblemsFound as stopped:
        errors = [problem for problem in stopped.problems if problem.is_error]
        return None, [NOT_SCORED.on(errors[0].where, count=len(errors), first=errors[0].kind.name)]
    same_program = seal.program == __version__
    found = [*_rules(seal, project), *_result(seal, basis.outcome(result))]
    if not same_program:
        found.append(OTHER_PROGRAM.on(Where(NAME), sealed=seal.program, now=__version__))
    elif untouched and not found:
        found += _reports(project, seal, result)
    return result, found


def _rules(seal: Seal, project: ProjectFolder) -> Iterator[Problem]:
    now = basis.built_in(project)
    for name in sorted(now.keys() | seal.built_in.keys()):
        if now.get(name) != seal.built_in.get(name):
            yield OTHER_RULES.on(Where(NAME), file=name, program=seal.program)


def _result(seal: Seal, now: SealedResult) -> Iterator[Problem]:
    """Total, grade and leaves, before and now, in one problem."""
    before, after = ({tuple(one.path): one.score for one in result.leaves} for result in (seal.result, now))
    compared = [
        ("总分", "total", seal.result.shown, now.shown),
        ("等级", "grade", seal.result.grade, now.grade),
        *((path[-1], path[-1], before.get(path), after.get(path)) for path in dict.fromkeys([*before, *after])),
    ]
    moved = [(zh, en, f"{old or '—'} → {new or '—'}") for zh, en, old, new in compared if old != new]
    if moved:
        zh, en = "；".join(f"{zh} {change}" for zh, _, change in moved), "; ".join(f"{en} {change}" for _, en, change in moved)
        yield OTHER_RESULT.on(Where(NAME), moved=zh, moved_en=en, program=seal.program)


def _reports(project: ProjectFolder, seal: Seal, result: Result) -> Iterator[Problem]:
    for name, data in basis.documents(project, result, seal.files).items():
        one = seal.files[name]
        if inventory.held(data) != (one.size, one.sha256):
            yield OTHER_REPORT.on(Where(name), file=name)
