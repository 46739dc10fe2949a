"""How git is asked: it reads and does nothing else. Nothing changes, runs or is fetched, whatever the repository is set up to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from perfeval.problems import Problem, ProblemsFound
from perfeval.reading import git
from perfeval.reading.rule_sources import RuleSet, read_rules
from repositories import Repo, isolated, new_repo, state, titled

READING = {"rev-parse", "cat-file", "ls-tree", "for-each-ref"}
WORDS = ("HEAD", "HEAD~1", "main:项目/改造", "HEAD:./indicators.yaml", "nope", "HEAD~99", "HEAD:no", "dup", "HEAD^{tree}")
PROJECT = Path("项目/改造")


TRUE = shutil.which("git")


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolated(tmp_path, monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = new_repo(tmp_path / "仓库")
    repo.project("项目/改造", indicators=titled("第一版"))
    repo.commit()
    repo.write("项目/改造/indicators.yaml", titled("第二版"))
    repo.commit()
    repo.git("tag", "dup")
    repo.git("branch", "dup")
    repo.write("项目/改造/indicators.yaml", titled("还没有提交"))
    return repo


def read(word: str, repo: Repo) -> RuleSet:
    return read_rules(word, PROJECT, repo.root)


def wrong(word: str, repo: Repo) -> Problem:
    with pytest.raises(ProblemsFound) as caught:
        read(word, repo)
    [problem] = caught.value.problems
    return problem


def kind(word: str, repo: Repo) -> str:
    return wrong(word, repo).kind.name


def read_all(repo: Repo) -> list[str]:
    """Every word, from the top and from the project folder: its title, or the kind of the problem."""

    def one(word: str, project: Path, cwd: Path) -> str:
        try:
            return read_rules(word, project, cwd).indicators.tree.title
        except ProblemsFound as found:
            return found.problems[0].kind.name

    places = ((PROJECT, repo.root), (Path(), repo.root / PROJECT))
    return [one(word, project, cwd) for project, cwd in places for word in WORDS]


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch, *, alone: bool = False) -> None:
    """Another git on the PATH, before the true one."""
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder) if alone else f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def asked(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[list[str]]]:
    """What git was asked since the last look, argument by argument, without the options that always stand before."""
    log, true = repo.root.parent / "asked", shutil.which("git")
    program(repo.root.parent / "bin", f'printf "%s\\037" "$@" >> {log}; echo >> {log}; exec {true} "$@"', monkeypatch)

    def take() -> list[list[str]]:
        lines = log.read_text(encoding="utf-8").splitlines()
        log.unlink()
        return [line.split("\x1f")[len(git.OPTIONS) : -1] for line in lines]

    return take


# ---- nothing changes


def test_nothing_changes(repo: Repo) -> None:
    repo.git("update-index", "--refresh", check=False)
    (repo.root / PROJECT / "project.yaml").touch()  # git status would now write the index anew
    before = state(repo.root)
    said = read_all(repo)
    assert state(repo.root) == before
    assert said[:5] == ["第二版", "第一版", "第二版", "not-in-revision", "unknown-revision"] and said[9 + 3] == "第二版"
    repo.git("status")
    assert state(repo.root) != before, "a change of the index would be seen"


def test_a_store_that_may_not_be_written(repo: Repo) -> None:
    folders = [path for path in (repo.root / ".git").rglob("*") if path.is_dir()]
    for path in folders:
        path.chmod(0o555)
    try:
        before = state(repo.root)
        assert read("HEAD~1", repo).indicators.tree.title == "第一版"
        assert state(repo.root) == before
    finally:
        for path in folders:
            path.chmod(0o755)


def test_git_is_asked_for_objects_alone(repo: Repo, asked: Callable[[], list[list[str]]]) -> None:
    """Four commands that only read; no word of the user's is an argument."""
    read_all(repo)
    commands = asked()
    assert {command[0] for command in commands} == READING
    numbers = {word for command in commands for word in command[1:] if not word.startswith("-")}
    assert all(len(word) == 40 and set(word) <= set("0123456789abcdef") for word in numbers - {"blob"}), numbers


def test_how_often_git_is_asked(repo: Repo, asked: Callable[[], list[list[str]]]) -> None:
    """Once for each folder on the way, however many files are read from it."""
    read("HEAD", repo)
    assert [command[0] for command in asked()] == ["rev-parse", "cat-file", *["ls-tree"] * 3, *["cat-file"] * 4]


def test_git_is_not_loaded_for_files(repo: Repo) -> None:
    code = (
        "import sys; from pathlib import Path; from perfeval.reading.rule_sources import read_rules\n"
        f"read_rules('.', None, Path({str(repo.root / PROJECT)!r})); print('subprocess' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# ---- nothing runs


def test_nothing_that_a_repository_asks_for_runs(repo: Repo, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    touch = f"touch {marker}; cat"
    repo.write(".gitattributes", "*.yaml filter=own diff=own\n")
    repo.commit()
    for key in ("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.alternateRefsCommand", "diff.external",
                "filter.own.smudge", "filter.own.clean", "filter.own.process", "diff.own.textconv", "diff.own.command",
                "pager.cat-file", "pager.ls-tree", "pager.rev-parse", "gpg.program"):  # fmt: skip
        repo.git("config", key, touch)
    for name in READING:
        repo.git("config", f"alias.{name}", f"!{touch}")
    hooks = tmp_path / "hooks"
    for name in ("post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman"):
        hooks.mkdir(exist_ok=True)
        (hooks / name).write_text(f"#!/bin/sh\ntouch {marker}\n")
        (hooks / name).chmod(0o755)
    repo.git("config", "core.hooksPath", hooks)
    marker.unlink(missing_ok=True)
    assert read("HEAD~1", repo).indicators.tree.title == "第二版"
    read_all(repo)
    assert not marker.exists()
    repo.git("status", check=False)
    assert marker.exists(), "the settings do run something where git is asked otherwise"


def test_git_is_no_file_of_the_project(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that the PATH names relative to wherever one stands may be the project itself."""
    program(repo.root / "bin", f"touch {repo.root}/ran", monkeypatch)
    monkeypatch.chdir(repo.root)
    for path in ("bin", ".:bin", ""):
        monkeypatch.setenv("PATH", path)
        assert kind("HEAD", repo) == "no-git"
    assert not (repo.root / "ran").exists()


def test_without_git(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    problem = wrong("HEAD~1", repo)
    assert (problem.kind.name, problem.values) == ("no-git", {"word": "HEAD~1"})
    assert kind("indicator.yaml", repo) == "unknown-source"
    assert read_rules("项目/改造", None, repo.root).indicators.tree.title == "还没有提交"


# ---- git's own troubles


def test_a_git_that_does_not_answer(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bin", "exec sleep 60", monkeypatch)
    monkeypatch.setattr(git, "SECONDS", 0.2)
    problem = wrong("HEAD", repo)
    assert problem.kind.name == "git-failed"
    assert problem.values == {"word": "HEAD", "why": "0.2 秒内没有答复 (no answer within 0.2 seconds)"}


def test_a_git_that_fails(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repo.root / ".git/config").write_text("[core\n")
    assert "bad config line 1" in wrong("HEAD", repo).message("zh")
    program(tmp_path / "bin", "exit 3", monkeypatch)
    assert wrong("HEAD", repo).values["why"] == "?"


def test_a_git_that_fails_in_the_middle(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bin", f'case "$*" in *--batch-check*) exit 3;; *) exec {TRUE} "$@";; esac', monkeypatch)
    assert kind("HEAD", repo) == "git-failed"


def test_a_repository_of_another_user(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert wrong("HEAD", repo).values == {"folder": "改造"}
    assert kind("HEAD:项目/改造", repo) == "git-not-trusted"


def test_git_speaks_one_language(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says is looked into, so it is asked to speak English whatever the user's language is."""
    program(tmp_path / "bin", f'test "$LC_ALL" = C || exit 3; exec {shutil.which("git")} "$@"', monkeypatch)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("LANGUAGE", "zh_CN:de")
    assert read("HEAD", repo).indicators.tree.title == "第二版"
    assert "several things" in wrong("dup", repo).values["why"]


def test_an_answer_cut_short(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that lost its end could still be read as a smaller one: its length is held against its size."""
    true = shutil.which("git")
    program(tmp_path / "bin", f'case "$*" in *" blob "*) {true} "$@" | head -c 60;; *) exec {true} "$@";; esac', monkeypatch)
    assert kind("HEAD:项目/改造/indicators.yaml", repo) == "git-object-missing"


def test_an_object_that_would_have_to_be_fetched(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a git says of a partial clone when it is kept from the network."""
    true, said = shutil.which("git"), "fatal: lazy fetching disabled; some objects may not be available"
    script = f'case "$*" in *--batch-check*) read name; case "$name" in HEAD*) echo "$name" | {true} "$@";; *) echo "{said}" >&2; exit 128;; esac;; *) exec {true} "$@";; esac'
    program(tmp_path / "bin", script, monkeypatch)
    assert kind("HEAD:项目/改造/indicators.yaml", repo) == "git-object-missing"


# ---- what is read


def test_a_commit_is_read_as_it_is(repo: Repo) -> None:
    """Where git would show another commit in its place, the number that is told and what is read are still one."""
    repo.git("replace", "HEAD", "HEAD~1")
    assert repo.git("show", "HEAD:项目/改造/indicators.yaml") == titled("第一版").strip()
    assert read("HEAD", repo).indicators.tree.title == "第二版"


def test_bytes_are_those_committed(repo: Repo) -> None:
    """Nothing is converted on the way out."""
    repo.write(".gitattributes", "*.yaml ident\n")
    repo.write("项目/改造/indicators.yaml", titled("$Id$"))
    repo.commit()
    assert "$Id: " in repo.git("cat-file", "--filters", "HEAD:项目/改造/indicators.yaml"), "git would convert it"
    assert read("HEAD", repo).indicators.tree.title == "$Id$"


def test_a_file_that_is_not_utf8(repo: Repo) -> None:
    repo.write("项目/改造/indicators.yaml", titled("一二三").encode("gb18030"))
    repo.commit()
    problem = wrong("HEAD", repo)
    assert (problem.kind.name, str(problem.where)) == ("not-utf8", "HEAD:项目/改造/indicators.yaml:3:1")


def test_a_file_that_is_too_large(repo: Repo, asked: Callable[[], list[list[str]]]) -> None:
    repo.write("big.yaml", b"#" * 2_000_001)
    repo.write("just.yaml", titled("大").encode() + b"#" * (2_000_000 - len(titled("大").encode())))
    repo.commit()
    asked()
    problem = wrong("HEAD:big.yaml", repo)
    assert (problem.kind.name, problem.values) == ("file-too-large", {"file": "big.yaml", "size": "2000001", "limit": "2000000"})
    assert ["cat-file", "blob"] not in [command[:2] for command in asked()], "its size is told before it is read"
    assert read("HEAD:just.yaml", repo).indicators.tree.title == "大"


def test_links_and_submodules(repo: Repo) -> None:
    inner = new_repo(repo.root / "子模块")
    inner.commit()
    (repo.root / "file.yaml").symlink_to("项目/改造/indicators.yaml")
    (repo.root / "folder").symlink_to("项目")
    (repo.root / "away").symlink_to("/etc")
    repo.commit()
    for path, refused in {
        "file.yaml": "file.yaml",
        "folder": "folder",
        "folder/改造": "folder",
        "away/passwd": "away",
    }.items():
        problem = wrong(f"HEAD:{path}", repo)
        assert (problem.kind.name, problem.values["path"]) == ("not-read-in-revision", refused)
        assert "links are not followed" in problem.values["why"]
    problem = wrong("HEAD:子模块/x.yaml", repo)
    assert (problem.kind.name, problem.values["path"]) == ("not-read-in-revision", "子模块")
    assert "submodule" in problem.values["why"]


def test_odd_names(repo: Repo) -> None:
    """Blanks, quotes, a line break, an umlaut in two characters, and names that are no UTF-8 beside those that are read."""
    for name in ("a b", "quo'te\"", "行\n尾", "e\u0301", "*", ":(top)", "--x"):
        repo.write(f"{name}/x.yaml", titled("奇"))
    (repo.root / os.fsdecode("名".encode("gb18030"))).write_text("")
    repo.commit()
    for name in ("a b", "quo'te\"", "行\n尾", "e\u0301", "*", ":(top)", "--x"):
        rules = read(f"HEAD:{name}/x.yaml", repo)
        assert (rules.indicators.tree.title, rules.indicators.file) == ("奇", f"HEAD:{name}/x.yaml")
    assert kind("HEAD:\u00e9/x.yaml", repo) == "not-in-revision"
    assert wrong(f"HEAD:{os.fsdecode('名'.encode('gb18030'))}x", repo).values["hint"] == ""


# ---- clones that hold a part


def test_a_shallow_clone(repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "-q", "--depth", "1", "-b", "main", f"file://{repo.root}", tmp_path / "shallow")
    shallow = Repo(tmp_path / "shallow")
    assert read("HEAD", shallow).indicators.tree.title == "第二版"
    assert "git fetch --unshallow" in wrong("HEAD~1", shallow).values["why"]
    assert "unshallow" not in wrong("HEAD~9", repo).values["why"]


@pytest.fixture(params=["blob:none", "tree:0"])
def partial(request: pytest.FixtureRequest, repo: Repo, tmp_path: Path) -> Repo:
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("clone", "-q", "--no-checkout", f"--filter={request.param}", "-b", "main", f"file://{repo.root}", tmp_path / "partial")
    partial = Repo(tmp_path / "partial")
    (partial.root / PROJECT).mkdir(parents=True)
    return partial


@pytest.mark.parametrize("knows", [True, False], ids=["git forbids it", "only no protocol is allowed"])
def test_a_partial_clone_fetches_nothing(knows: bool, partial: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither from where it was cloned, nor through a program that its settings name."""
    if not knows:
        monkeypatch.delitem(git.SETTINGS, "GIT_NO_LAZY_FETCH")
    assert kind("HEAD", partial) == "git-object-missing"
    assert kind("0123456789abcdef0123456789abcdef01234567", partial) == "unknown-revision"
    before = state(partial.root / ".git/objects")
    marker = tmp_path / "ran"
    there = partial.git("config", "remote.origin.url")
    partial.git("config", "remote.origin.url", f"ext::sh -c touch% {marker}")
    partial.git("config", "protocol.ext.allow", "always")
    partial.git("config", "protocol.allow", "always")
    for word in ("HEAD", "HEAD~1", "HEAD:项目/改造/indicators.yaml"):
        assert kind(word, partial) == "git-object-missing"
    assert state(partial.root / ".git/objects") == before and not marker.exists()
    partial.git("cat-file", "-p", "HEAD:项目/改造/indicators.yaml", check=False)
    assert marker.exists(), "another git would have run it"
    partial.git("config", "remote.origin.url", there)
    assert partial.git("cat-file", "-p", "HEAD:项目/改造/indicators.yaml") == titled("第二版").strip()
    assert state(partial.root / ".git/objects") != before


def test_a_store_with_a_hole(repo: Repo) -> None:
    number = repo.git("rev-parse", "HEAD:项目/改造/indicators.yaml")
    path = repo.root / ".git/objects" / number[:2] / number[2:]
    path.chmod(0o644)
    path.write_bytes(b"x")
    assert wrong("HEAD", repo).values == {"revision": "HEAD", "path": "项目/改造/indicators.yaml"}
    path.unlink()
    assert kind("HEAD", repo) == "git-object-missing"
    assert read("HEAD~1", repo).indicators.tree.title == "第一版"
