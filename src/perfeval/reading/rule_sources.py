"""One word of a command line to a set of rules: a built-in, a file, a folder, standard input, or a git revision.

`builtin:ID` · `-` · a path to an indicators file or a project folder · `REV:path`, the path from the top of the repository,
or from the current folder where it begins with ./ or ../ · `REV` alone: what the project folder names at that revision.
A path that is there wins over a revision of the same name; `refs/heads/NAME` or `NAME^0` says that the revision is meant.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

from perfeval.model.folder import Indicators
from perfeval.problems import Fault, Problem, ProblemKind, ProblemsFound, Where, did_you_mean
from perfeval.reading.library import PREFIX, builtins
from perfeval.reading.positions import Sources
from perfeval.reading.project_folder import (
    HOLDS_NONE,
    NO_FOLDER,
    PROJECT_FILE,
    InFolder,
    check_folder,
    indicators_from,
    project_indicators,
)

UNKNOWN_SOURCE = ProblemKind(
    "unknown-source",
    says="没有文件或文件夹叫「{word}」。{hint}",
    remedy="给出指标文件、项目文件夹、内置体系（builtin:…）或 git 版本（HEAD~3、HEAD~3:文件夹/indicators.yaml）。",
    en="No file or folder is called “{word}”. {hint}",
    en_remedy="Name an indicators file, a project folder, a built-in (builtin:…) or a git revision (HEAD~3, HEAD~3:folder/indicators.yaml).",
)
NO_PROJECT = ProblemKind(
    "revision-without-project",
    says="「{word}」是一个 git 版本，但不知道要读其中哪个文件。",
    remedy="加上 --project 项目文件夹，或写出文件：{word}:文件夹/indicators.yaml。",
    en="“{word}” is a git revision, but nothing says which of its files to read.",
    en_remedy="Add --project FOLDER, or name the file: {word}:folder/indicators.yaml.",
)
STANDARD_INPUT = "-"
_STARTS = ("./", "../", "/", "~")
_ENDINGS = (".yaml", ".yml", ".json", "/")


class RuleSet(NamedTuple):
    """Rules and where they come from. `name` is for people: it never tells where on the machine the files lie."""

    word: str
    name: str
    indicators: Indicators
    sources: Sources
    problems: tuple[Problem, ...] = ()  # warnings and notes
    revision: str = ""  # the short number of the commit they were read from


class _Input(NamedTuple):
    """Standard input as a folder of one file."""

    def read(self, name: str, limit: int) -> bytes:
        return sys.stdin.buffer.read(limit + 1)  # one byte too many is told as too large

    def shown(self, name: str) -> str:
        return name


def read_rules(word: str, project: Path | None, cwd: Path) -> RuleSet:
    """The rules that a word stands for; `project` is the folder that a revision alone is about. Raises `ProblemsFound`."""
    if word.startswith(PREFIX):
        return RuleSet(word, word, *indicators_from(InFolder(cwd), word))
    if word == STANDARD_INPUT:
        return RuleSet(word, word, *indicators_from(_Input(), word))
    if word and os.path.lexists(cwd / word):
        return _on_the_disk(word, cwd)
    try:
        if _is_a_path(word):
            raise UNKNOWN_SOURCE.fault(word=word, hint=_near(word, cwd))
        return _in_git(word, project, cwd)
    except Fault as fault:
        raise ProblemsFound([Problem(fault.kind, fault.values, where=Where(word))]) from None


def _on_the_disk(word: str, cwd: Path) -> RuleSet:
    path, shown = cwd / word, _shown(word, cwd)
    if not path.is_dir():
        before, slash, last = shown.rpartition("/")
        return RuleSet(word, shown, *indicators_from(InFolder(path.parent, before + slash), last))
    named = path.resolve().name
    before = f"{shown}/" if shown != "." else ""
    if not (path / PROJECT_FILE).exists():
        raise ProblemsFound([NO_FOLDER.on(Where(before + PROJECT_FILE), folder=named, why=HOLDS_NONE)])
    return RuleSet(word, named if shown.endswith(".") else shown, *project_indicators(InFolder(path, before)))


def _in_git(word: str, project: Path | None, cwd: Path) -> RuleSet:
    from perfeval.reading.revisions import InRevision, Repository, split_revision  # starts processes: loaded where one is needed

    revision, path = split_revision(word)
    about = cwd if path is not None or project is None else cwd / project
    check_folder(about)
    repository = Repository(about, word)
    commit = repository.commit(revision, _others(cwd))
    if path is None and project is None:
        raise NO_PROJECT.fault(word=word)
    wanted = repository.prefix if path is None else repository.parts(commit, path)
    if repository.find(commit, wanted).is_folder:
        files = InRevision(repository, commit, wanted)
        if not repository.holds(commit, (*wanted, PROJECT_FILE)):
            folder = wanted[-1] if wanted else word
            raise ProblemsFound([NO_FOLDER.on(Where(files.shown(PROJECT_FILE)), folder=folder, why=HOLDS_NONE)])
        return RuleSet(word, word, *project_indicators(files), commit.short)
    files = InRevision(repository, commit, wanted[:-1])
    return RuleSet(word, word, *indicators_from(files, wanted[-1]), commit.short)


def _is_a_path(word: str) -> bool:
    """Can this be meant as nothing but a path?"""
    return not word or (":" not in word and (word.endswith(_ENDINGS) or word.startswith(_STARTS) or "\\" in word))


def _shown(word: str, cwd: Path) -> str:
    """A path as typed; of one that begins at the root, what lies below the current folder, else its last name."""
    path = Path(word)
    if path.is_absolute():
        path = path.relative_to(cwd) if path.is_relative_to(cwd) else Path(path.name)
    return path.as_posix()


def _near(word: str, cwd: Path) -> str:
    path = Path(word)
    beside = [(path.parent / name).as_posix() for name in _names(cwd / path.parent)]
    return did_you_mean(path.as_posix(), [*beside, *_builtins()])


def _others(cwd: Path) -> list[str]:
    return ["builtin", *_builtins(), *_names(cwd)]


def _builtins() -> list[str]:
    return [PREFIX + name for name in builtins()]


def _names(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir())
    except (OSError, ValueError):
        return []  # only a hint is lost
