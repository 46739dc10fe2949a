"""Files of a git revision: read out of git's store by name, while work tree, index and references stay untouched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from perfeval.problems import Fault, ProblemKind, did_you_mean
from perfeval.reading.git import Done, ask_git, failed, folder_in_repository
from perfeval.reading.paths import NO_FILE, PATH_NOT_ALLOWED, TOO_LARGE, split_inside

UNKNOWN_REVISION = ProblemKind(
    "unknown-revision",
    says="没有文件或文件夹叫「{word}」；作为 git 版本，「{revision}」不能用：{why}。{hint}",
    remedy="写提交号、分支或标签，如 HEAD~3、main；某个版本里的文件写 HEAD~3:文件夹/indicators.yaml。",
    en="No file or folder is called “{word}”; as a git revision “{revision}” is of no use: {why}. {hint}",
    en_remedy="Write a commit, a branch or a tag, as HEAD~3 or main; a file of a revision as HEAD~3:folder/indicators.yaml.",
)
NOT_IN_REVISION = ProblemKind(
    "not-in-revision",
    says="版本「{revision}」里没有「{path}」。{hint}",
    remedy="检查路径（从仓库最上层算起；从当前文件夹算起的以 ./ 开头）；改过名的，写它当时的名字：版本:路径。",
    en="The revision “{revision}” holds no “{path}”. {hint}",
    en_remedy="Check the path (it counts from the top of the repository; from the current folder where it begins with ./);"
    " if it was renamed, write the name it had: REVISION:PATH.",
)
REFUSED = ProblemKind(
    "not-read-in-revision",
    says="版本「{revision}」里的「{path}」不能读：{why}。",
    remedy="直接给出它指向的文件；子模块里的文件，到子模块的文件夹里运行。",
    en="“{path}” of the revision “{revision}” is not read: {why}.",
    en_remedy="Name the file that it points to; for a file in a submodule, run in the folder of the submodule.",
)
OBJECT_MISSING = ProblemKind(
    "git-object-missing",
    says="仓库里缺少版本「{revision}」中「{path}」的内容。",
    remedy="部分克隆的仓库，先运行 git show {revision}:{path} 取回（本程序从不联网）；否则运行 git fsck 检查。",
    en="The repository lacks the content of “{path}” in the revision “{revision}”.",
    en_remedy="In a partial clone, git show {revision}:{path} fetches it (this program never uses the network); else run git fsck.",
)

_BLOB, _TREE = "blob", "tree"
_REFUSED = {"120000": "不跟随链接 (links are not followed)", "160000": "它是子模块 (it is a submodule)"}
_SHALLOW = (
    "仓库里没有它；这是浅克隆，只有最近的提交，可用 git fetch --unshallow 补全"
    " (it is not there; this is a shallow clone with the latest commits only: git fetch --unshallow gets the rest)"
)
_KEPT_FROM_FETCHING = re.compile("from promisor remote|lazy fetching disabled|transport '.*' not allowed")  # a partial clone lacks it
_AMBIGUOUS = (
    "它可以指几样东西，请写 refs/heads/…、refs/tags/… 或完整的提交号"
    " (it may stand for several things: write refs/heads/…, refs/tags/… or the whole number)"
)
_TYPES = {_BLOB: "它是一个文件，不是提交 (it is a file, not a commit)", _TREE: "它是一个文件夹，不是提交 (it is a folder, not a commit)"}


class Commit(NamedTuple):
    """A revision as typed, and the commit that it stands for."""

    revision: str
    number: str

    @property
    def short(self) -> str:
        """The same in every clone, however many objects it holds."""
        return self.number[:12]


class Entry(NamedTuple):
    """A file or a folder of a revision; `path` counts from the top of the repository."""

    path: tuple[str, ...]
    type: str
    number: str

    @property
    def is_folder(self) -> bool:
        return self.type == _TREE


class Repository:
    """The repository that a folder stands in. `word` is what the user typed, for what is told.

    Every method raises `Fault`.
    """

    def __init__(self, folder: Path, word: str) -> None:
        self.folder, self.word = folder, word
        self._listed: dict[str, Mapping[str, tuple[str, str, str]]] = {}
        self.prefix = folder_in_repository(folder, word)

    def commit(self, revision: str, others: Iterable[str] = ()) -> Commit:
        """What a revision stands for; `others` are words that may have been meant instead.

        A name of two things, or of something that is no commit, is refused.
        """
        if why := _unfit(revision):
            raise self._unknown(revision, why)
        commit, ambiguous = self._what_is(f"{revision}^{{commit}}")
        if not ambiguous and commit[-1] != "missing":
            return Commit(revision, commit[0])
        thing, several = self._what_is(revision)
        if ambiguous or several:
            raise self._unknown(revision, _AMBIGUOUS)
        if thing[-1] == "missing":
            raise self._unknown(revision, self._why_missing(), self._meant(revision, others))
        raise self._unknown(revision, _TYPES.get(thing[1], "它不是提交 (it is not a commit)"))

    def parts(self, commit: Commit, path: str) -> tuple[str, ...]:
        """A path as typed behind a revision, from the top of the repository; one with ./ or ../ counts from the folder."""
        steps = path.split("/")
        if steps[0] not in (".", ".."):
            if path.startswith("/"):
                raise NOT_IN_REVISION.fault(revision=commit.revision, path=path, hint="")
            return tuple(step for step in steps if step)
        found = list(self.prefix)
        for step in steps:
            if step == ".." and not found:
                raise NOT_IN_REVISION.fault(revision=commit.revision, path=path, hint="")
            if step == "..":
                found.pop()
            elif step not in ("", "."):
                found.append(step)
        return tuple(found)

    def holds(self, commit: Commit, path: Sequence[str]) -> bool:
        """Is there anything of that name?"""
        *folder, name = path
        return name in self._list(commit, self.find(commit, folder))

    def find(self, commit: Commit, path: Sequence[str]) -> Entry:
        """A file or a folder of a commit. Links and submodules are refused, on the way too."""
        entry = Entry((), _TREE, commit.number)
        for part in path:
            inside = self._list(commit, entry) if entry.is_folder else {}
            if part not in inside:
                raise NOT_IN_REVISION.fault(revision=commit.revision, path="/".join(path), hint=_near(part, inside))
            mode, kind, number = inside[part]
            if mode in _REFUSED:
                raise REFUSED.fault(revision=commit.revision, path="/".join((*entry.path, part)), why=_REFUSED[mode])
            entry = Entry((*entry.path, part), kind, number)
        return entry

    def content(self, commit: Commit, entry: Entry, file: str, limit: int) -> bytes:
        """The bytes of a file, as they were committed; its size is asked for first."""
        if entry.is_folder:
            raise PATH_NOT_ALLOWED.fault(file=file, why="不是普通文件 (not a regular file)")
        answer, _ = self._what_is(entry.number)
        if answer[-1] == "missing" or answer[1] != _BLOB:
            raise self._missing(commit, entry)
        if int(answer[2]) > limit:
            raise TOO_LARGE.fault(file=file, size=answer[2], limit=limit)
        done = self._ask("cat-file", _BLOB, entry.number)
        if done.failed or len(done.data) != int(answer[2]):
            raise self._missing(commit, entry)
        return done.data

    def _what_is(self, name: str) -> tuple[list[str], bool]:
        """Number, type and size of what a name stands for (or that it is missing), and whether it may stand for several things."""
        done = self._ask("cat-file", "--batch-check", given=f"{name}\n")
        if _KEPT_FROM_FETCHING.search(done.said):
            return ["missing"], False
        if done.failed or not done.text:
            raise failed(self.word, done)
        return done.text.removesuffix("\n").split(" "), " is ambiguous" in done.said

    def _list(self, commit: Commit, folder: Entry) -> Mapping[str, tuple[str, str, str]]:
        """The names in one folder, each with its mode, type and number."""
        if folder.number not in self._listed:
            done = self._ask("ls-tree", "-z", "--full-tree", folder.number)
            if done.failed:
                raise self._missing(commit, folder)
            lines = (line.partition("\t") for line in done.text.split("\0") if line)
            self._listed[folder.number] = {name: _three(about) for about, _, name in lines}
        return self._listed[folder.number]

    def _meant(self, revision: str, others: Iterable[str]) -> str:
        """A hint where the name is spelled a little wrong; none where the name is right, and its steps lead nowhere."""
        names = ["HEAD", *self._ask("for-each-ref", "--format=%(refname:short)").text.split("\n")]
        name = re.split("[~^@]", revision)[0]
        return "" if name in names else _near(name, [*names, *others])

    def _why_missing(self) -> str:
        shallow = self._ask("rev-parse", "--is-shallow-repository").text.strip() == "true"
        return _SHALLOW if shallow else "仓库里没有它 (it is not there)"

    def _unknown(self, revision: str, why: str, hint: str = "") -> Fault:
        return UNKNOWN_REVISION.fault(word=self.word, revision=revision, why=why, hint=hint)

    def _missing(self, commit: Commit, entry: Entry) -> Fault:
        return OBJECT_MISSING.fault(revision=commit.revision, path="/".join(entry.path) or "./")

    def _ask(self, *arguments: str, given: str = "") -> Done:
        return ask_git(self.folder, self.word, *arguments, given=given)


class InRevision(NamedTuple):
    """The files of a folder as a commit holds them, read as those of a folder on the disk are."""

    repository: Repository
    commit: Commit
    folder: tuple[str, ...]

    def read(self, name: str, limit: int) -> bytes:
        """Raises `Fault` as `read_inside`."""
        try:
            entry = self.repository.find(self.commit, (*self.folder, *split_inside(name)))
        except Fault as fault:
            if fault.kind is NOT_IN_REVISION:
                raise NO_FILE.fault(file=name, hint=fault.values["hint"]) from None
            if fault.kind is REFUSED:
                raise PATH_NOT_ALLOWED.fault(file=name, why=fault.values["why"]) from None
            raise
        return self.repository.content(self.commit, entry, name, limit)

    def shown(self, name: str) -> str:
        return f"{self.commit.revision}:{'/'.join((*self.folder, name))}"


def split_revision(word: str) -> tuple[str, str | None]:
    """`REV:path` in two, as git does: at the first colon outside of braces (`HEAD@{2023-10-01 12:00}`). No path: None."""
    depth = 0
    for at, sign in enumerate(word):
        depth += (sign == "{") - (sign == "}")
        if sign == ":" and depth == 0:
            return word[:at], word[at + 1 :]
    return word, None


def _unfit(revision: str) -> str:
    """Why a revision is refused unseen."""
    if not revision or revision != revision.strip():
        return "版本名是空的，或带空格 (its name is empty, or has blanks around it)"
    if revision.startswith("-"):
        return "版本名不能以 - 开头 (a name does not begin with -)"
    if re.search(r"[\x00-\x1f\x7f]", revision):
        return "里面有看不见的字符 (it holds an invisible character)"
    if ".." in revision or revision.startswith("^"):
        return "这是一段范围，不是一个版本；请分别给出两个版本 (it is a range, not one revision: give two revisions)"
    return ""


def _near(word: str, known: Iterable[str]) -> str:
    return did_you_mean(word, [name for name in known if name and name.isprintable()])


def _three(about: str) -> tuple[str, str, str]:
    mode, kind, number = about.split()
    return mode, kind, number
