"""verify finds every change and names it; a copy that nobody has touched passes wherever it lies."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from perfeval.problems import Problem, ProblemsFound
from perfeval.reports.files import manifest as report_manifest
from perfeval.sealing import NAME, SIGNATURE, inventory, making, manifest, seal, verify
from sealed import forge
from sealing.soak import EDITS, flips


def named(problems: tuple[Problem, ...]) -> set[tuple[str, str]]:
    return {(problem.kind.name, problem.where.file) for problem in problems if problem.where}


def test_an_untouched_copy_passes_elsewhere(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "an other place" / "副本", copy_function=shutil.copyfile))
    for number, path in enumerate(sorted(copy.rglob("*"))):
        os.utime(path, (number, number))
    shutil.copytree(copy / "附件", copy / ".git")  # git's own, at the top
    (copy / SIGNATURE).write_text("a signature")
    verified = verify(copy)
    assert (verified.same, verified.problems) == (True, ())
    assert verified.fingerprint == verify(folder).fingerprint
    assert verified.result is not None and str(verified.result.grade) == "良"


def test_a_second_checkout_passes(folder: Path) -> None:
    """Where git has several checkouts of one history, `.git` is a file that says where it is."""
    (folder / ".git").write_text("gitdir: /elsewhere/项目/.git/worktrees/second\n", "utf-8")
    assert verify(folder).same


def test_every_bit_counts() -> None:
    assert list(flips(60, 1)) == []


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_is_found(what: str, folder: Path) -> None:
    edit, file = EDITS[what]
    edit(folder)
    verified = verify(folder)
    assert not verified.same
    assert file in {name for _, name in named(verified.problems)}


def test_where_a_content_went_is_said(folder: Path) -> None:
    EDITS["two attachments swapped"][0](folder)
    found = {p.where.file: p.message("en") for p in verify(folder).problems if p.where}
    assert found["附件/批复.txt"] == "“附件/批复.txt” (an attachment) is not as it was sealed. Its content was that of “附件/会议纪要.txt”."
    assert found.keys() == {"附件/批复.txt", "附件/会议纪要.txt"}


def test_sealing_twice_gives_the_same_bytes(folder: Path) -> None:
    before = (folder / NAME).read_bytes()
    assert manifest.render(seal(folder)[0]) == before


def test_roles_are_told(folder: Path) -> None:
    roles = {name: one.role for name, one in seal(folder)[0].files.items()}
    assert roles == {
        "project.yaml": "project",
        "indicators.yaml": "indicators",
        "evidence.yaml": "evidence",
        "data/payments.csv": "table",
        "附件/批复.txt": "attachment",
        "附件/会议纪要.txt": "attachment",
        "narrative/建议.md": "narrative",
        **dict.fromkeys(("reports/manifest.json", "reports/report.html", "reports/report.md", "reports/result.json"), "report"),
    }


def test_a_forger_who_seals_anew_is_found_by_the_fingerprint(folder: Path) -> None:
    mark = verify(folder).fingerprint
    assert verify(folder, mark).same
    EDITS["a tier raised"][0](folder)
    shutil.rmtree(folder / "reports")
    forge(folder, {})
    assert verify(folder).same  # nothing in the folder itself can tell
    assert named(verify(folder, mark).problems) == {("seal-fingerprint", NAME)}


def test_a_forged_manifest_of_the_reports_is_found(folder: Path) -> None:
    (folder / "reports/manifest.json").write_bytes(report_manifest({"report.md": b"another"}))
    forge(folder, {})
    assert named(verify(folder).problems) == {("sealed-report-differs", "reports/manifest.json")}


def test_a_missing_attachment_is_not_sealed(folder: Path) -> None:
    (folder / "附件/批复.txt").unlink()
    with pytest.raises(ProblemsFound) as found:
        seal(folder, replace=True)
    errors = [problem for problem in found.value.problems if problem.is_error]
    assert ("attachment-not-found", "evidence.yaml") in named(tuple(errors))


def test_what_is_written_meanwhile_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch, golden) -> None:  # type: ignore[no-untyped-def]
    from perfeval.cli._problems import shown_problems

    def late(*arguments: object) -> object:
        (folder / "附件/批复.txt").write_text("不同意。", "utf-8")
        return score(*arguments)

    score = making.score
    monkeypatch.setattr(making, "score", late)
    with pytest.raises(ProblemsFound) as found:
        seal(folder)
    assert named(found.value.problems) == {("changed-while-sealing", "附件/批复.txt")}
    golden("cli/changed-while-sealing.txt", "\n".join(shown_problems(found.value.problems, lang) for lang in ("zh", "en")))


def test_limits_of_what_is_sealed(folder: Path) -> None:
    deep = folder.joinpath(*["d"] * (inventory.MAX_DEPTH + 1))
    deep.mkdir(parents=True)
    os.mkfifo(folder / "pipe")
    (folder / os.fsdecode(b"bad\xff.txt")).write_text("")
    with (folder / "large.bin").open("wb") as large:
        large.truncate(inventory.MAX_BYTES)
    with (folder / "too large.bin").open("wb") as large:
        large.truncate(inventory.MAX_BYTES + 1)
    found = inventory.take(folder)
    told = {problem.where.file: problem.values["why"] for problem in found.problems if problem.where}
    assert told == {
        "pipe": "不是普通文件 (not a regular file)",
        "bad\udcff.txt": "文件名里有坏字符 (its name holds a broken character)",
        "too large.bin": f"有 {2**20 * 200 + 1} 字节，上限 {2**20 * 200} (its {2**20 * 200 + 1} bytes are more than {2**20 * 200})",
        "/".join(["d"] * 33): "文件夹套得太深，超过 32 层 (more than 32 folders deep)",
    }
    assert "large.bin" in found.files


def test_a_seal_that_is_no_file(folder: Path) -> None:
    (folder / NAME).rename(folder / "elsewhere.json")
    (folder / NAME).symlink_to("elsewhere.json")
    with pytest.raises(ProblemsFound) as found:
        verify(folder)
    assert named(found.value.problems) == {("path-not-allowed", NAME)}


@pytest.mark.parametrize("depth", [50_000])
def test_a_hostile_seal_is_only_damaged(folder: Path, depth: int) -> None:
    for text in ('{"a":' * depth, "[" * depth, '"\\ud800"', "1" * depth, '{"perfeval": NaN}', "\xff", "null"):
        (folder / NAME).write_text(text, "latin-1")
        assert named(verify(folder).problems) == {("seal-damaged", NAME)}


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_a_signature_binds_the_seal(folder: Path, tmp_path: Path) -> None:
    """As the help page of `seal` says it, with OpenSSH."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key], check=True)
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", "perfeval", folder / NAME], check=True, capture_output=True)
    (tmp_path / "allowed").write_text(f"evaluator {key.with_suffix('.pub').read_text()}")
    assert verify(folder).same

    def signed() -> bool:
        command = ["ssh-keygen", "-Y", "verify", "-f", tmp_path / "allowed", "-I", "evaluator", "-n", "perfeval", "-s", folder / SIGNATURE]
        return subprocess.run(command, input=(folder / NAME).read_bytes(), capture_output=True, check=False).returncode == 0

    assert signed()
    EDITS["a tier raised"][0](folder)
    shutil.rmtree(folder / "reports")
    forge(folder, {})
    assert not signed()
