"""Starting git: only to read, never to change, fetch or run anything, whatever the configuration of the repository says.

Only plumbing is asked (`rev-parse`, `cat-file`, `ls-tree`, `for-each-ref`): no filter, no text conversion, no hook, no pager
follows from it, and a partial clone gets nothing from elsewhere. What a user typed goes to standard input; the arguments
are our own words and the numbers of objects.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from shutil import which
from typing import NamedTuple

from perfeval.problems import Fault, ProblemKind

NO_GIT = ProblemKind(
    "no-git",
    says="「{word}」不是文件，也不是文件夹；要当作 git 版本来读，可是找不到 git 程序。",
    remedy="检查文件名；要比较 git 版本，先安装 git，并让它在 PATH 里。",
    en="“{word}” is no file and no folder; to read it as a git revision takes the program git, which is not found.",
    en_remedy="Check the name; to compare git revisions, install git and put it on the PATH.",
)
NOT_IN_GIT = ProblemKind(
    "not-in-git",
    says="「{word}」不是文件，也不是文件夹；文件夹「{folder}」又不在 git 仓库里，没有版本可读。",
    remedy="检查文件名；要比较 git 版本，到仓库里运行，或用 --project 给出仓库里的项目文件夹。",
    en="“{word}” is no file and no folder, and the folder “{folder}” is in no git repository that could know such a revision.",
    en_remedy="Check the name; to compare git revisions, run inside the repository, or name a project folder in it with --project.",
)
NOT_TRUSTED = ProblemKind(
    "git-not-trusted",
    says="git 不肯读文件夹「{folder}」所在的仓库：它属于另一个用户。",
    remedy="确认仓库可信后，运行 git config --global --add safe.directory 加上仓库的完整路径。",
    en="git does not read the repository that the folder “{folder}” is in: it belongs to another user.",
    en_remedy="If you trust it, run git config --global --add safe.directory with the full path of the repository.",
)
GIT_FAILED = ProblemKind(
    "git-failed",
    says="git 没能读出「{word}」：{why}。",
    remedy="在同一个文件夹里运行 git status 看看仓库是否完好。",
    en="git could not read “{word}”: {why}.",
    en_remedy="Run git status in the same folder to see whether the repository is sound.",
)
SECONDS = 10
SETTINGS = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",  # for a git that does not know the line above: no way of fetching is left
    "GIT_NO_REPLACE_OBJECTS": "1",  # the number of a commit stands for what is read
    "LC_ALL": "C",  # its messages are looked into
}
ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE")  # a hook sets them
OPTIONS = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "core.warnAmbiguousRefs=true")


class Done(NamedTuple):
    """What git answered."""

    failed: bool
    data: bytes
    said: str  # to the standard error

    @property
    def text(self) -> str:
        return as_text(self.data)


def ask_git(folder: Path, word: str, *arguments: str, given: str = "") -> Done:
    """Run git in a folder. `word` is what the user typed, for what is told. Raises `Fault` (no-git, git-failed)."""
    program = _program()
    if program is None:
        raise NO_GIT.fault(word=word)
    surroundings = {name: value for name, value in os.environ.items() if name not in ELSEWHERE} | SETTINGS
    command, asked = [program, *OPTIONS, *arguments], given.encode("utf-8", "surrogateescape")
    try:
        done = subprocess.run(command, cwd=folder, env=surroundings, input=asked, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        why = f"{SECONDS} 秒内没有答复 (no answer within {SECONDS} seconds)"
        raise GIT_FAILED.fault(word=word, why=why) from None
    return Done(done.returncode != 0, done.stdout, as_text(done.stderr))


def folder_in_repository(folder: Path, word: str) -> tuple[str, ...]:
    """Where a folder stands below the top of its repository. Raises `Fault` where it is in none, or git does not read it."""
    done = ask_git(folder, word, "rev-parse", "--show-prefix")
    if not done.failed:
        return tuple(part for part in done.text.removesuffix("\n").split("/") if part)
    name = folder.resolve().name
    if "dubious ownership" in done.said or "unsafe repository" in done.said:
        raise NOT_TRUSTED.fault(folder=name)
    if "not a git repository" in done.said:
        raise NOT_IN_GIT.fault(word=word, folder=name)
    raise failed(word, done)


def failed(word: str, done: Done) -> Fault:
    """In git's own last words."""
    last = next((line for line in reversed(done.said.split("\n")) if line.strip()), "?")
    return GIT_FAILED.fault(word=word, why=re.sub(r"[()]", "", last)[:200])


def as_text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _program() -> str | None:
    """The program git of the PATH, whose relative folders are passed over: a project may lie in one."""
    folders = [folder for folder in os.get_exec_path() if Path(folder).is_absolute()]
    return which("git", path=os.pathsep.join(folders)) if folders else None
