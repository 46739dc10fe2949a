"""seal and verify: what they print, write and leave alone, and their exit codes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from perfeval.reports.files import manifest
from perfeval.sealing import NAME, SIGNATURE

NO_MARK = "0" * 64


@pytest.fixture
def scored(example: Path, cli: Callable) -> Path:
    """The real evaluation, with its reports."""
    assert cli("score", example, "-q").code == 0
    return example


@pytest.fixture
def sealed(scored: Path, cli: Callable) -> Path:
    assert cli("seal", scored).code == 0
    return scored


def test_seal_and_verify(scored: Path, cli: Callable) -> None:
    done = cli("seal", scored)
    assert (done.code, done.err) == (0, "")
    first, mark = done.out.splitlines()
    assert first == f"已封存 13 个文件（总分 88.5，良），写入 {scored / NAME}"
    done = cli("verify", scored, "--fingerprint", mark.removeprefix("校验值 ").upper())
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [f"{scored}：与封存时一致（13 个文件；总分 88.5，良）", mark]
    assert cli("verify", scored, "-q").out == ""
    assert cli("seal", scored, "-q").out == mark + "\n"  # the fingerprint is what is asked for


def test_the_fingerprint_is_what_sha256sum_prints(scored: Path, cli: Callable) -> None:
    from hashlib import sha256

    told = json.loads(cli("seal", scored, "--format", "json").out)
    assert told == {
        "file": NAME,
        "files": 13,
        "fingerprint": sha256((scored / NAME).read_bytes()).hexdigest(),
        "grade": "良",
        "total": "88.5",
    }


def test_a_change_is_named_and_counted(sealed: Path, cli: Callable) -> None:

    (sealed / "data/survey.csv").write_bytes((sealed / "data/survey.csv").read_bytes() + b"\n")
    done = cli("verify", sealed)
    assert done.code == 1
    assert done.out == f"{sealed}：与封存时不一致，1 处，见上\n"
    assert f"{sealed}/data/survey.csv: 错误 sealed-file-changed" in done.err
    assert "数据表「data/survey.csv」与封存时不同。" in done.err
    done = cli("verify", sealed, "--lang", "en")
    assert done.out == f"{sealed}: differs from its seal in 1 places, see above\n"


def test_a_seal_that_no_longer_holds_is_not_replaced_in_passing(sealed: Path, cli: Callable) -> None:
    before = (sealed / NAME).read_bytes()
    (sealed / "补充.txt").write_text("x")
    done = cli("seal", sealed)
    assert (done.code, done.out) == (2, "")
    assert "sealed-already" in done.err
    assert (sealed / NAME).read_bytes() == before
    assert cli("seal", sealed, "--replace").code == 0
    assert cli("verify", sealed).code == 0


def test_scoring_again_leaves_the_seal_whole(sealed: Path, cli: Callable) -> None:
    assert cli("score", sealed, "-q").code == 0
    assert cli("verify", sealed).code == 0


def test_what_a_killed_run_left_is_not_sealed(scored: Path, cli: Callable) -> None:
    for place in (
        scored / ".perfeval-new-seal.json",
        scored / "reports/.perfeval-new-report.md",
        scored / "reports/.perfeval-old-report.md",
    ):
        place.write_text("half")
    assert cli("seal", scored).code == 0
    assert not list(scored.rglob(".perfeval-*"))
    assert cli("score", scored, "-q").code == 0
    assert cli("verify", scored).code == 0


@pytest.mark.parametrize("is_project", [True, False])
def test_what_looks_like_a_killed_run_replaces_nothing(is_project: bool, scored: Path, tmp_path: Path, cli: Callable) -> None:
    folder, name = (scored, "project.yaml") if is_project else (tmp_path, "notes.txt")
    (tmp_path / "notes.txt").write_text("mine")
    before = (folder / name).read_bytes()
    (folder / f".perfeval-new-{name}").write_text("planted")
    (folder / ".perfeval-commit").write_bytes(manifest({name: b"planted"}))
    assert cli("seal", folder).code == (0 if is_project else 2)
    assert (folder / name).read_bytes() == before
    assert (folder / f".perfeval-new-{name}").exists()


def test_reports_behind_a_link_are_not_cleared(scored: Path, tmp_path: Path, cli: Callable) -> None:
    (scored / "reports").rename(tmp_path / "out")
    (scored / "reports").symlink_to(tmp_path / "out")
    (tmp_path / "out/.perfeval-old-x").write_text("mine")
    done = cli("seal", scored)
    assert (done.code, "unsealable" in done.err) == (2, True)
    assert (tmp_path / "out/.perfeval-old-x").read_text() == "mine"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda path: path.unlink(), "no-result-to-seal"),
        (lambda path: path.write_bytes(path.read_bytes() + b"\n"), "report-outdated"),
        (lambda path: path.write_text("{}"), "report-outdated"),
        (lambda path: path.write_bytes(manifest({})), "report-outdated"),
        (lambda path: path.write_bytes(manifest({"report.md": (path.parent / "report.md").read_bytes()})), "report-outdated"),
        (lambda path: (path.parent / "report.md").unlink(), "report-outdated"),
    ],
    ids=["gone", "a line more", "empty", "lists nothing", "lists not all", "lists what is gone"],
)
def test_the_manifest_of_the_reports_is_of_them(change: Callable[[Path], object], kind: str, scored: Path, cli: Callable) -> None:
    change(scored / "reports/manifest.json")
    done = cli("seal", scored)
    assert (done.code, done.out) == (2, "")
    assert f"{scored}/reports/manifest.json: 错误 {kind}" in done.err


def test_some_formats_alone_are_sealed(example: Path, cli: Callable) -> None:
    assert cli("score", example, "-q", "--format", "md").code == 0
    assert cli("seal", example).code == 0
    assert cli("verify", example).code == 0


def test_a_folder_that_is_no_project_is_not_read_through(tmp_path: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfeval.sealing.inventory.take", lambda _root: pytest.fail("every file is read"))
    done = cli("seal", tmp_path)
    assert (done.code, "no-project-folder" in done.err) == (2, True)


def test_reports_are_needed_first(example: Path, cli: Callable) -> None:
    done = cli("seal", example)
    assert (done.code, done.out) == (2, "")
    assert "no-result-to-seal" in done.err
    assert not (example / NAME).exists()


def test_what_cannot_be_scored_is_not_sealed(scored: Path, cli: Callable) -> None:
    (scored / "evidence.yaml").write_text("perfeval: 1\n")
    done = cli("seal", scored)
    assert done.code == 2
    assert "missing-evidence" in done.err
    assert not (scored / NAME).exists()


def test_several_folders(sealed: Path, starter: Path, cli: Callable, tmp_path: Path) -> None:
    done = cli("verify", sealed, starter, tmp_path / "none")
    assert done.code == 2
    assert done.out.splitlines()[0].startswith(f"{sealed}：与封存时一致")
    assert done.out.splitlines()[2:] == [f"{starter}：不能核验，见上", f"{tmp_path / 'none'}：不能核验，见上"]
    assert f"{starter}/seal.json: 错误 no-seal" in done.err


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_folder_that_the_system_does_not_read_stops_no_other(
    form: str, sealed: Path, tmp_path: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its failure in one line; 3 wins over 1 and 2."""
    closed = Path(shutil.copytree(sealed, tmp_path / "closed"))
    (sealed / "补充.txt").write_text("x")
    real = os.open

    def refuse(path: object, *arguments: int, **options: int) -> int:
        if path == closed:
            raise PermissionError(13, "Permission denied", str(closed))
        return real(path, *arguments, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(os, "open", refuse)
    done = cli("verify", closed, sealed, "--format", form)
    assert done.code == 3
    assert f"系统出错：「{closed}/seal.json」没有权限 (Permission denied)。办法：" in done.err
    assert f"{sealed}/补充.txt: 错误 file-not-sealed" in done.err
    if form == "text":
        assert done.out == f"{closed}：不能核验，见上\n{sealed}：与封存时不一致，1 处，见上\n"
    else:
        assert [one["outcome"] for one in json.loads(done.out)["projects"]] == ["failed", "differs"]


def test_json(sealed: Path, starter: Path, cli: Callable) -> None:
    (sealed / "a\x1b[31m.txt").write_text("x")
    done = cli("verify", sealed, starter, "--format", "json")
    one, other = json.loads(done.out)["projects"]
    assert (done.code, one["outcome"], other["outcome"]) == (2, "differs", "failed")
    assert [problem["kind"] for problem in one["problems"]] == ["file-not-sealed"]
    assert (one["files"], one["program"], other["fingerprint"]) == (13, "0.1.0", None)
    assert "\x1b" not in done.err


def test_another_fingerprint(starter: Path, cli: Callable, golden: Callable[[str, str], None]) -> None:
    assert cli("score", starter, "-q").code == 0
    assert cli("seal", starter, "-q").code == 0
    found = cli("verify", starter, "--format", "json").out
    mark = json.loads(found)["projects"][0]["fingerprint"]
    done = cli("verify", starter, "--fingerprint", NO_MARK)
    assert done.code == 1
    golden("cli/seal-fingerprint.txt", done.err.replace(str(starter), "starter").replace(mark, "f" * 64))


@pytest.mark.parametrize("given", ["", "abc", "g" * 64, "0" * 63, "0" * 65, "０" * 64])
def test_a_fingerprint_has_64_digits(given: str, sealed: Path, cli: Callable) -> None:
    assert cli("verify", sealed, "--fingerprint", given).code == 2


def test_a_fingerprint_goes_with_one_folder(sealed: Path, cli: Callable) -> None:
    assert cli("verify", sealed, sealed, "--fingerprint", NO_MARK).code == 2
    spaced = " ".join([json.loads(cli("seal", sealed, "--format", "json").out)["fingerprint"]])
    assert cli("verify", sealed, "--fingerprint", f"{spaced[:32]} {spaced[32:]}").code == 0


def test_a_signature_is_named_and_not_trusted(sealed: Path, cli: Callable) -> None:
    (sealed / SIGNATURE).write_text("not a signature")
    assert "seal.json.sig 没有核验" in cli("verify", sealed).out
    assert "请重新签" in cli("seal", sealed).out


def test_another_version_is_a_note(sealed: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfeval.sealing.verifying.__version__", "9.9")
    done = cli("verify", sealed)
    assert done.code == 0
    assert "sealed-by-other-version" in done.err
    assert "9.9" in done.err


def test_a_seal_that_cannot_be_written_leaves_the_old_one(sealed: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (sealed / NAME).read_bytes()
    (sealed / "补充.txt").write_text("x")

    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("os.fsync", full)
    done = cli("seal", sealed, "--replace")
    assert (done.code, done.out, done.err.count("\n")) == (3, "", 1)
    assert "原有的文件未动" in done.err
    assert (sealed / NAME).read_bytes() == before
    assert not list(sealed.glob(".perfeval-*"))


def test_a_pending_project_is_sealed_with_its_interval(starter: Path, cli: Callable, edit: Callable) -> None:
    text = (starter / "project.yaml").read_text("utf-8")
    (starter / "project.yaml").write_text(text + "\npolicy: {missing: pending}\n", "utf-8")
    edit(starter / "evidence.yaml", "points: 7\n", "points: 待补充\n")
    assert cli("score", starter, "-q").code == 0
    done = cli("seal", starter)
    assert (done.code, "～" in done.out) == (0, True), done.err
    assert "～" in cli("verify", starter).out


def test_a_copy_elsewhere_is_verified_by_the_words_of_the_readme(sealed: Path, cli: Callable, tmp_path: Path) -> None:
    shutil.move(sealed, tmp_path / "moved")
    assert cli("verify", tmp_path / "moved").code == 0
