"""A word of the command line to a set of rules: what each form means, and which wins."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from perfeval.problems import Problem, ProblemsFound
from perfeval.reading.rule_sources import RuleSet, read_rules
from repositories import BASE, OTHER, Repo, isolated, new_repo, three_versions, titled

FAULTY = titled("甲").replace("weight: 30", "weight: 三十")
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


# ---- what is on the disk


def test_a_built_in(tmp_path: Path) -> None:
    rules = read_rules("builtin:mof-2020-project", None, tmp_path)
    assert (rules.name, rules.indicators.file, rules.revision) == ("builtin:mof-2020-project", "builtin:mof-2020-project", "")
    assert told("builtin:mof-2020", tmp_path) == "unknown-builtin builtin:mof-2020"


@pytest.mark.parametrize("word", ["项目/规则.yaml", "./项目//规则.yaml"])
def test_a_file(word: str, tmp_path: Path) -> None:
    (tmp_path / "项目").mkdir()
    (tmp_path / "项目/规则.yaml").write_text(titled("甲"), encoding="utf-8")
    rules = read_rules(word, None, tmp_path)
    assert (title(rules), rules.word, rules.name, rules.indicators.file) == ("甲", word, "项目/规则.yaml", "项目/规则.yaml")
    assert (rules.problems, rules.revision) == ((), "")
    assert list(rules.sources.files) == ["项目/规则.yaml", "grades/mof-2020.yaml"]


def test_problems_stand_at_the_file_as_typed(tmp_path: Path) -> None:
    (tmp_path / "项目").mkdir()
    (tmp_path / "项目/规则.yaml").write_text(FAULTY, encoding="utf-8")
    assert told("项目/规则.yaml", tmp_path) == "bad-number 项目/规则.yaml:9:11"
    assert told("../项目/规则.yaml", tmp_path / "项目") == "bad-number ../项目/规则.yaml:9:11"


def test_no_name_tells_where_on_the_machine_it_lies(tmp_path: Path) -> None:
    for place in (tmp_path / "here" / "规则.yaml", tmp_path / "there" / "规则.yaml"):
        place.parent.mkdir()
        place.write_text(titled("甲"), encoding="utf-8")
    for word, name in ((tmp_path / "here/规则.yaml", "规则.yaml"), (tmp_path / "there/规则.yaml", "规则.yaml")):
        rules = read_rules(str(word), None, tmp_path / "here")
        assert (rules.name, rules.indicators.file) == (name, name)
    assert read_rules(str(tmp_path / "here/规则.yaml"), None, tmp_path).name == "here/规则.yaml"
    shutil.copytree(BASE, tmp_path / "base")
    rules = read_rules(str(tmp_path / "base"), None, tmp_path / "here")
    assert (rules.name, rules.indicators.file) == ("base", "base/indicators.yaml")


def test_a_project_folder(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(BASE, tmp_path / "改造"))
    (folder / "规则").mkdir()
    (folder / "规则/新指标.yaml").write_text(titled("新"), encoding="utf-8")
    rules = read_rules("改造", None, tmp_path)
    assert (title(rules), rules.name, rules.indicators.file) == ("三个指标的小体系", "改造", "改造/indicators.yaml")
    (folder / "project.yaml").write_text(OTHER, encoding="utf-8")
    assert read_rules("改造/", None, tmp_path).indicators.file == "改造/规则/新指标.yaml"
    rules = read_rules(".", None, folder)
    assert (title(rules), rules.name, rules.indicators.file) == ("新", "改造", "规则/新指标.yaml")
    rules = read_rules("..", None, folder / "规则")
    assert (rules.name, rules.indicators.file) == ("改造", "../规则/新指标.yaml")
    (folder / "evidence.yaml").unlink()  # only the rules are asked for
    assert title(read_rules("改造", None, tmp_path)) == "新"


def test_a_project_folder_that_names_a_built_in(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p/project.yaml").write_text("perfeval: 1\nname: 甲\nindicators: builtin:mof-2020-project\n", encoding="utf-8")
    rules = read_rules("p", None, tmp_path)
    assert (rules.name, rules.indicators.file) == ("p", "builtin:mof-2020-project")
    (tmp_path / "p/project.yaml").write_text("perfeval: 1\nname: 甲\nindicators: builtin:mof\n", encoding="utf-8")
    assert told("p", tmp_path) == "unknown-builtin p/project.yaml:3:13"


def test_what_is_wrong_with_a_folder_is_told_together(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    assert told("p", tmp_path) == "no-project-folder p/project.yaml"
    assert told(".", tmp_path / "p") == "no-project-folder project.yaml"
    assert [wrong(word, cwd)[0].values["folder"] for word, cwd in (("p", tmp_path), (".", tmp_path / "p"))] == ["p", "p"]
    (tmp_path / "p/project.yaml").write_text("perfeval: 1\nname: 甲\nnmae: 乙\n", encoding="utf-8")
    (tmp_path / "p/indicators.yaml").write_text(FAULTY, encoding="utf-8")
    places = [f"{p.kind.name} {p.where}" for p in wrong("p", tmp_path)]
    assert places == ["bad-number p/indicators.yaml:9:11", "unknown-key p/project.yaml:3:1"]
    (tmp_path / "p/indicators.yaml").unlink()
    (tmp_path / "p/project.yaml").write_text("perfeval: 1\nname: 'a\n", encoding="utf-8")
    assert told("p", tmp_path) == "yaml-syntax p/project.yaml:2:7"
    (tmp_path / "p/project.yaml").write_text("perfeval: 1\nname: 甲\nindicators: ../x.yaml\n", encoding="utf-8")
    assert told("p", tmp_path) == "path-not-allowed p/project.yaml:3:13"
    (tmp_path / "p/project.yaml").rename(tmp_path / "p/own.yaml")
    (tmp_path / "p/project.yaml").symlink_to("own.yaml")
    (tmp_path / "p/indicators.yaml").write_text(FAULTY, encoding="utf-8")  # nobody knows whether this is meant
    assert told("p", tmp_path) == "path-not-allowed p/project.yaml"


def test_links_and_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "规则.yaml").write_text(titled("甲"), encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to("规则.yaml")
    (tmp_path / "nowhere.yaml").symlink_to("x.yaml")
    assert told("link.yaml", tmp_path) == "path-not-allowed link.yaml"
    assert told("nowhere.yaml", tmp_path) == "path-not-allowed nowhere.yaml"


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def given(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))

    given(titled("甲").encode())
    rules = read_rules("-", None, tmp_path)
    assert (title(rules), rules.name, rules.indicators.file) == ("甲", "-", "-")
    given(FAULTY.encode())
    assert told("-", tmp_path) == "bad-number -:9:11"
    given(b"#" * 2_000_001)
    assert told("-", tmp_path) == "file-too-large -"


# ---- revisions


def test_a_revision_is_what_the_project_names_at_it(repo: Repo) -> None:
    """The indicators were renamed between the two, and the change in the work tree is in neither."""
    first, last = (read_rules(word, PROJECT, repo.root) for word in ("HEAD~2", "HEAD"))
    assert (title(first), first.name, first.indicators.file) == ("第一版", "HEAD~2", "HEAD~2:项目/改造/indicators.yaml")
    assert (title(last), last.name, last.indicators.file) == ("第三版", "HEAD", "HEAD:项目/改造/规则/新指标.yaml")
    assert first.revision == repo.git("rev-parse", "HEAD~2")[:12]
    assert title(read_rules("项目/改造", None, repo.root)) == "还没有提交"
    assert title(read_rules("项目/改造/规则/新指标.yaml", None, repo.root)) == "还没有提交"


@pytest.mark.parametrize("cwd", ["", "项目", "项目/改造", "项目/改造/规则"])
def test_the_project_is_found_from_wherever_one_stands(cwd: str, repo: Repo, tmp_path: Path) -> None:
    here, folder = repo.root / cwd, repo.root / PROJECT
    up = "../" * len(Path(cwd).parts)
    for project in (folder, Path(up) / PROJECT):
        assert read_rules("HEAD~1", project, here).indicators.file == "HEAD~1:项目/改造/规则/新指标.yaml"
    (tmp_path / "link").symlink_to(folder)
    assert title(read_rules("HEAD~1", tmp_path / "link", tmp_path)) == "第二版"  # from outside of any repository, too


def test_a_project_at_the_top(tmp_path: Path) -> None:
    repo = new_repo(tmp_path / "p")
    repo.project(indicators=titled("甲"))
    repo.commit()
    for word in ("HEAD", "HEAD:", "HEAD:.", "HEAD:./"):
        rules = read_rules(word, Path(), repo.root)
        assert (title(rules), rules.name, rules.indicators.file) == ("甲", word, "HEAD:indicators.yaml")


@pytest.mark.parametrize(
    ("word", "cwd", "file"),
    [
        ("HEAD~2:项目/改造", "", "HEAD~2:项目/改造/indicators.yaml"),
        ("HEAD~2:项目/改造/", "项目", "HEAD~2:项目/改造/indicators.yaml"),
        ("HEAD~2:项目/改造/indicators.yaml", "项目", "HEAD~2:项目/改造/indicators.yaml"),
        ("HEAD~2:./indicators.yaml", "项目/改造", "HEAD~2:项目/改造/indicators.yaml"),
        ("HEAD~2:.", "项目/改造", "HEAD~2:项目/改造/indicators.yaml"),
        ("HEAD~2:..", "项目/改造/规则", "HEAD~2:项目/改造/indicators.yaml"),
        ("HEAD~2:../改造/./indicators.yaml", "项目/改造", "HEAD~2:项目/改造/indicators.yaml"),
        ("HEAD:./规则/新指标.yaml", "项目/改造", "HEAD:项目/改造/规则/新指标.yaml"),
        ("HEAD^{/a step}:项目/改造", "", "HEAD^{/a step}:项目/改造/规则/新指标.yaml"),
    ],
)
def test_a_path_behind_a_revision(word: str, cwd: str, file: str, repo: Repo) -> None:
    rules = read_rules(word, None, repo.root / cwd)
    assert (rules.word, rules.name, rules.indicators.file) == (word, word, file)


def test_names_of_a_commit(repo: Repo) -> None:
    """Branches, tags (with a note or not), Chinese names, numbers, and a head that is on no branch."""
    number = repo.git("rev-parse", "HEAD~1")
    repo.git("branch", "修订/二", number)
    repo.git("tag", "v2", number)
    repo.git("tag", "-a", "-m", "a note", "第二版", number)
    repo.git("stash", "-q")
    repo.git("checkout", "-q", "--detach", number)
    for word in ("修订/二", "v2", "第二版", "第二版^{}", "refs/tags/v2", number, number[:8], "HEAD", "@", "main~1", "main^0~1"):
        rules = read_rules(word, PROJECT, repo.root)
        assert (title(rules), rules.name, rules.revision) == ("第二版", word, number[:12])
    assert title(read_rules("stash@{0}", PROJECT, repo.root)) == "还没有提交"


def test_a_linked_work_tree_and_a_store_without_one(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", "--detach", tmp_path / "second", "HEAD~1")
    second = tmp_path / "second"
    assert title(read_rules("HEAD", PROJECT, second)) == "第二版"
    assert title(read_rules("main", PROJECT, second)) == "第三版"
    assert title(read_rules("HEAD:项目/改造", None, second)) == "第二版"
    repo.git("clone", "-q", "--bare", repo.root, tmp_path / "bare")
    for folder in (tmp_path / "bare", repo.root / ".git"):
        assert title(read_rules("HEAD:项目/改造", None, folder)) == "第三版"


def test_a_hook_may_point_git_elsewhere(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The repository is the one that the folder stands in, whatever a hook's own git has put into the environment."""
    other = new_repo(tmp_path / "other")
    other.commit()
    for name, value in {"GIT_DIR": ".git", "GIT_WORK_TREE": str(other.root), "GIT_INDEX_FILE": "x", "GIT_PREFIX": "y/"}.items():
        monkeypatch.setenv(name, value)
    assert title(read_rules("HEAD~1", PROJECT, repo.root)) == "第二版"
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    assert title(read_rules("HEAD~1:项目/改造", None, repo.root / "项目")) == "第二版"


@pytest.mark.parametrize("word", ["HEAD", "HEAD~1:项目/改造", "HEAD:项目/改造/规则/新指标.yaml"])
def test_rules_of_a_revision_know_it(word: str, repo: Repo) -> None:
    rules = read_rules(word, PROJECT, repo.root)
    number = repo.git("rev-parse", word.split(":")[0])
    assert (rules.word, rules.name, rules.revision, rules.problems) == (word, word, number[:12], ())
    assert rules.indicators.file in rules.sources.files


def test_a_folder_is_no_file_of_rules_in_a_revision(repo: Repo) -> None:
    repo.write("项目/改造/project.yaml", "perfeval: 1\nname: 甲\nindicators: 规则\n")
    repo.commit()
    [problem] = wrong("HEAD", repo.root)
    assert f"{problem.kind.name} {problem.where}" == "path-not-allowed HEAD:项目/改造/project.yaml:3:13"
    assert problem.values == {"file": "规则", "why": "不是普通文件 (not a regular file)"}


def test_a_path_wins_over_a_revision(repo: Repo) -> None:
    repo.git("branch", "改造", "HEAD~2")
    assert title(read_rules("改造", Path("改造"), repo.root / "项目")) == "还没有提交"
    for word in ("refs/heads/改造", "改造^0"):
        assert title(read_rules(word, Path("改造"), repo.root / "项目")) == "第一版"


def test_faults_in_a_revision_stand_at_their_line(repo: Repo) -> None:
    repo.write("项目/改造/规则/新指标.yaml", FAULTY)
    repo.commit()
    repo.write("项目/改造/规则/新指标.yaml", titled("好了"))
    assert told("HEAD", repo.root) == "bad-number HEAD:项目/改造/规则/新指标.yaml:9:11"
    assert told("HEAD:./规则/新指标.yaml", repo.root / PROJECT) == "bad-number HEAD:项目/改造/规则/新指标.yaml:9:11"


def test_warnings_come_along(repo: Repo) -> None:
    repo.write("项目/改造/规则/新指标.yaml", titled("全角").replace("weight: 30", "weight: ３０"))
    repo.commit()
    [note] = read_rules("HEAD", PROJECT, repo.root).problems
    assert (note.kind.name, str(note.where)) == ("full-width", "HEAD:项目/改造/规则/新指标.yaml:9:11")


def test_a_project_file_in_a_revision_is_read_as_one_on_the_disk(repo: Repo) -> None:
    for text, said in {
        "indicators: 规则/新指示.yaml": "file-not-found HEAD:项目/改造/project.yaml:3:13",
        "indicators: ../x.yaml": "path-not-allowed HEAD:项目/改造/project.yaml:3:13",
        "indicators: 规则": "path-not-allowed HEAD:项目/改造/project.yaml:3:13",
        "indicators: link.yaml": "path-not-allowed HEAD:项目/改造/project.yaml:3:13",
        "indicators: builtin:mof": "unknown-builtin HEAD:项目/改造/project.yaml:3:13",
        "nmae: x\nindicators: 规则/新指标.yaml": "unknown-key HEAD:项目/改造/project.yaml:3:1",
    }.items():
        if not (link := repo.root / PROJECT / "link.yaml").is_symlink():
            link.symlink_to("规则/新指标.yaml")
        repo.write("项目/改造/project.yaml", f"perfeval: 1\nname: 甲\n{text}\n")
        repo.commit()
        assert told("HEAD", repo.root) == said
    repo.write("项目/改造/project.yaml", "perfeval: 1\nname: 甲\nindicators: builtin:mof-2020-project\n")
    repo.commit()
    assert read_rules("HEAD", PROJECT, repo.root).indicators.file == "builtin:mof-2020-project"
