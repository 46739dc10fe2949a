"""Words that stand for no rules, or for more than one thing: each is told, with what may have been meant."""

from __future__ import annotations

import random
from collections.abc import Callable
from hashlib import sha1
from itertools import count
from pathlib import Path

import pytest

from perfeval.cli._problems import shown_problems
from perfeval.problems import Problem, ProblemsFound
from perfeval.reading.rule_sources import RuleSet, read_rules
from repositories import Repo, isolated, new_repo, three_versions, titled

PROJECT = Path("项目/改造")


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolated(tmp_path, monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return three_versions(tmp_path / "仓库")


def title(rules: RuleSet) -> str:
    return rules.indicators.tree.title


def wrong(word: str, cwd: Path, project: Path | None = PROJECT) -> list[Problem]:
    with pytest.raises(ProblemsFound) as caught:
        read_rules(word, project, cwd)
    return list(caught.value.problems)


def told(word: str, cwd: Path, project: Path | None = PROJECT) -> str:
    """The one problem there is: its kind and place."""
    [problem] = wrong(word, cwd, project)
    return f"{problem.kind.name} {problem.where}"


def values(word: str, cwd: Path, project: Path | None = PROJECT) -> dict[str, str]:
    [problem] = wrong(word, cwd, project)
    for lang in ("zh", "en"):
        assert "{" not in problem.message(lang).replace(word, "") and problem.remedy(lang)  # type: ignore[arg-type]
    return dict(problem.values)


def test_an_unknown_path(repo: Repo) -> None:
    for word in ("项目/改造/规则/新指.yaml", "./新", "../新", "/no/such", "~/x", "no\\such", "新/", "a\0/b.yaml", f"{'a' * 300}/", ""):
        assert told(word, repo.root) == f"unknown-source {word}"
    assert "「项目/改造/规则/新指标.yaml」" in values("项目/改造/规则/新指.yaml", repo.root)["hint"]
    assert "「项目/改造」" in values("./项目/改", repo.root)["hint"]


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("nope", "it is not there"),
        ("HEAD~9", "it is not there"),
        ("0123456789abcdef0123456789abcdef01234567", "it is not there"),
        ("main..HEAD", "it is a range, not one revision"),
        ("main...HEAD", "it is a range, not one revision"),
        ("^main", "it is a range, not one revision"),
        ("-n", "a name does not begin with -"),
        ("--all:项目", "a name does not begin with -"),
        (":项目/改造", "its name is empty"),
        ("HEAD\nmain", "it holds an invisible character"),
        ("HEAD\0", "it holds an invisible character"),
        (" HEAD", "its name is empty, or has blanks around it"),
        ("HEAD^{tree}", "it is a folder, not a commit"),
        ("HEAD^{tree}:项目", "it is a folder, not a commit"),
    ],
)
def test_an_unknown_revision(word: str, why: str, repo: Repo) -> None:
    [problem] = wrong(word, repo.root)
    assert problem.kind.name == "unknown-revision" and why in problem.values["why"]
    assert str(problem.where) == word


def test_what_is_no_commit(repo: Repo) -> None:
    blob = repo.git("rev-parse", "HEAD:项目/改造/project.yaml")
    repo.git("tag", "one-file", blob)
    for word in (blob, "one-file"):
        assert "it is a file, not a commit" in values(word, repo.root)["why"]


def test_a_name_of_two_things(repo: Repo) -> None:
    repo.git("tag", "dup", "HEAD~1")
    repo.git("branch", "dup", "HEAD~2")
    repo.git("config", "core.warnAmbiguousRefs", "false")
    assert "several things" in values("dup", repo.root)["why"]
    assert title(read_rules("refs/tags/dup", PROJECT, repo.root)) == "第二版"
    assert title(read_rules("refs/heads/dup", PROJECT, repo.root)) == "第一版"
    repo.git("branch", repo.git("rev-parse", "HEAD~1")[:7], "HEAD")  # a branch that looks like the number of another commit
    assert "several things" in values(repo.git("rev-parse", "HEAD~1")[:7], repo.root)["why"]


def test_a_number_cut_too_short(repo: Repo) -> None:
    """One that stands for a commit and a file is the commit's, as everywhere in git; one of two files is nobody's."""

    def number(content: str) -> str:
        return sha1(f"blob {len(content)}\0{content}".encode()).hexdigest()

    short = repo.git("rev-parse", "HEAD~1")[:4]
    like = next(str(n) for n in count() if number(str(n))[:4] == short)
    repo.git("hash-object", "-w", repo.write("x", like))
    assert title(read_rules(short, PROJECT, repo.root)) == "第二版"
    taken = {number(like)[:4] for like in ("", like)} | {repo.git("rev-parse", name)[:4] for name in ("HEAD", "HEAD~2")}
    seen: dict[str, str] = {}
    for content in map(str, count()):
        cut = number(content)[:4]
        if cut in seen and cut not in taken:
            break
        seen[cut] = content
    for one in (content, seen[cut]):
        repo.git("hash-object", "-w", repo.write("x", one))
    assert "several things" in values(cut, repo.root)["why"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("mian", "main"),
        ("HAED~1", "HEAD"),
        ("修订版", "修订"),
        ("indicatros", "indicators"),
        ("bultin:mof-2020-project", "builtin"),
        ("HEAD~9", ""),
        ("qqq", ""),
    ],
)
def test_hints(word: str, meant: str, repo: Repo) -> None:
    repo.git("branch", "修订", "HEAD")
    (repo.root / "indicators").mkdir()
    hint = values(word, repo.root)["hint"]
    assert f"“{meant}”" in hint if meant else hint == ""


@pytest.mark.parametrize(
    ("word", "path", "meant"),
    [
        ("HEAD:项目/改造/规则/新指示.yaml", "项目/改造/规则/新指示.yaml", "新指标.yaml"),
        ("HEAD:项目/改造/规定/x", "项目/改造/规定/x", ""),
        ("HEAD:项目/改造/project.yaml/x", "项目/改造/project.yaml/x", ""),
        ("HEAD:/项目", "/项目", ""),
        ("HEAD:../项目", "../项目", ""),
        ("HEAD:项目/../项目", "项目/../项目", ""),
        ("HEAD:项目\0", "项目\0", "项目"),
    ],
)
def test_a_path_that_is_not_in_a_revision(word: str, path: str, meant: str, repo: Repo) -> None:
    [problem] = wrong(word, repo.root)
    assert problem.kind.name == "not-in-revision"
    assert (problem.values["revision"], problem.values["path"]) == ("HEAD", path)
    assert f"“{meant}”" in problem.values["hint"] if meant else problem.values["hint"] == ""


def test_a_project_that_is_not_in_a_revision(repo: Repo) -> None:
    repo.project("项目/新的")
    assert told("HEAD", repo.root, Path("项目/新的")) == "not-in-revision HEAD"
    repo.write("项目/空的/规则.yaml", titled("甲"))
    repo.commit()
    assert told("HEAD", repo.root, Path("项目/空的")) == "no-project-folder HEAD:项目/空的/project.yaml"
    assert told("HEAD:项目/空的", repo.root) == "no-project-folder HEAD:项目/空的/project.yaml"
    assert values("HEAD:项目/空的", repo.root)["folder"] == "空的"
    assert values("HEAD:./", repo.root)["folder"] == "HEAD:./"  # the top has no name of its own
    assert told("HEAD", repo.root, Path("项目/没有")) == "no-project-folder "


def test_a_revision_without_a_project(repo: Repo) -> None:
    assert told("HEAD", repo.root, None) == "revision-without-project HEAD"
    assert told("nope", repo.root, None) == "unknown-revision nope"


def test_outside_of_a_repository(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    assert told("HEAD", tmp_path, Path("p")) == "not-in-git HEAD"
    assert told("HEAD:x.yaml", tmp_path, None) == "not-in-git HEAD:x.yaml"
    assert values("HEAD", tmp_path, Path("p"))["folder"] == "p"


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    repo = new_repo(tmp_path / "r")
    assert told("HEAD", repo.root, Path()) == "unknown-revision HEAD"


@pytest.mark.parametrize("seed", range(4))
def test_any_word_is_read_or_told(seed: int, repo: Repo) -> None:
    chance = random.Random(seed)
    pieces = [
        "HEAD",
        "main",
        "项目",
        "改造",
        "a" * 5000,
        ":",
        "/",
        "..",
        ".",
        "~",
        "^",
        "{",
        "}",
        "@",
        "-",
        " ",
        "\0",
        "\n",
        "\udcff",
        "\x85",
        "1",
        "/x",
        "*",
    ]
    for _ in range(25):
        word = "".join(chance.choices(pieces, k=chance.randint(2, 5)))
        try:
            assert read_rules(word, PROJECT, repo.root).indicators.tree, f"seed {seed}"
        except ProblemsFound as found:
            text = shown_problems(found.problems, "zh") + shown_problems(found.problems, "en")
            assert found.problems and text.encode("utf-8"), f"seed {seed}: {word!r}"


# ---- what each kind of problem says


def _without_git(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repo.root / ".git/refs"))


def _of_another_user(_repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")


def _in_no_repository(repo: Repo, _patch: pytest.MonkeyPatch) -> None:
    (repo.root / ".git").rename(repo.root / "git")


def _failing(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    program = repo.write(".git/own/git", "#!/bin/sh\necho 'fatal: the store (of objects) is broken' >&2; exit 128\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))


def _with_a_link(repo: Repo, _patch: pytest.MonkeyPatch) -> None:
    (repo.root / "指标.yaml").symlink_to("项目/改造/规则/新指标.yaml")
    repo.commit()


def _with_a_hole(repo: Repo, _patch: pytest.MonkeyPatch) -> None:
    number = repo.git("rev-parse", "HEAD:项目/改造/规则/新指标.yaml")
    (repo.root / ".git/objects" / number[:2] / number[2:]).unlink()


@pytest.mark.parametrize(
    ("kind", "word", "project", "change"),
    [
        ("unknown-source", "项目/改造/规则/新指.yaml", PROJECT, None),
        ("unknown-revision", "mian~1", PROJECT, None),
        ("revision-without-project", "HEAD~1", None, None),
        ("not-in-revision", "HEAD~1:项目/改造/规则/新指示.yaml", None, None),
        ("not-read-in-revision", "HEAD:指标.yaml", None, _with_a_link),
        ("git-object-missing", "HEAD", PROJECT, _with_a_hole),
        ("not-in-git", "HEAD~1", PROJECT, _in_no_repository),
        ("no-git", "HEAD~1", PROJECT, _without_git),
        ("git-not-trusted", "HEAD~1", PROJECT, _of_another_user),
        ("git-failed", "HEAD~1", PROJECT, _failing),
    ],
)
def test_what_is_told(
    kind: str,
    word: str,
    project: Path | None,
    change: Callable[[Repo, pytest.MonkeyPatch], None] | None,
    repo: Repo,
    monkeypatch: pytest.MonkeyPatch,
    golden: Callable[[str, str], None],
) -> None:
    if change:
        change(repo, monkeypatch)
    problems = wrong(word, repo.root, project)
    assert [problem.kind.name for problem in problems] == [kind]
    golden(f"sources/{kind}.txt", "\n".join(shown_problems(problems, lang) for lang in ("zh", "en")))


NO_REVISIONS = (
    "nope",
    "HEAD~9",
    "a..b",
    "^main",
    "-n",
    ":项目",
    "HEAD ",
    "a\x1fb",
    "a\x7fb",
    "HEAD^{tree}",
    "one-file",
    "dup",
    "HEAD:/项目",
    "HEAD:../x",
    "HEAD:x/y",
)
IN_WORDS = ("HEAD:linked.yaml", "HEAD:linked/x.yaml", "HEAD:sub/x.yaml")


def test_every_reason_is_told_in_full(repo: Repo, golden: Callable[[str, str], None]) -> None:
    repo.git("tag", "one-file", repo.git("rev-parse", "HEAD:项目/改造/project.yaml"))
    repo.git("tag", "dup", "HEAD~1")
    repo.git("branch", "dup", "HEAD~2")
    (repo.root / "linked.yaml").symlink_to("项目/改造/规则/新指标.yaml")
    (repo.root / "linked").symlink_to("项目")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{repo.commit()},sub")
    repo.git("commit", "-q", "-m", "a submodule")
    found = [problem for word in (*NO_REVISIONS, *IN_WORDS) for problem in wrong(word, repo.root)]
    assert len(found) == len(NO_REVISIONS) + len(IN_WORDS)
    golden("reading/revisions.txt", "\n".join(shown_problems(found, lang) for lang in ("zh", "en")))
