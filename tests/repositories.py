"""Throw-away git repositories for tests: nothing of the user's own settings reaches them, all dates are fixed."""

from __future__ import annotations

import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from cases_support import CASES

BASE = CASES / "problems" / "base"
DATE = "2024-03-01T09:00:00+08:00"
OTHER = "perfeval: 1\nname: 改造项目\nindicators: 规则/新指标.yaml\n"
NAMED = ("-c", "user.name=tester", "-c", "user.email=tester@example.invalid", "-c", "protocol.file.allow=always")


class Repo:
    """A repository whose top is `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *arguments: object, check: bool = True) -> str:
        settings = {"GIT_AUTHOR_DATE": DATE, "GIT_COMMITTER_DATE": DATE}
        command = ["git", *NAMED, *map(str, arguments)]
        done = subprocess.run(command, cwd=self.root, env={**os.environ, **settings}, capture_output=True, check=False, timeout=60)
        assert not check or done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def project(self, folder: str = "", **changes: str) -> Path:
        """The base project in a folder, with other texts for some of its files (`indicators="…"`)."""
        shutil.copytree(BASE, self.root / folder, dirs_exist_ok=True)
        for name, text in changes.items():
            self.write(f"{folder}/{name}.yaml".removeprefix("/"), text)
        return self.root / folder

    def commit(self) -> str:
        """Everything that is there, as a commit; its number."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "a step")
        return self.git("rev-parse", "HEAD")


def isolated(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings but a repository's own, and no repository around the tests' folder."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder))


def new_repo(root: Path) -> Repo:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    root.mkdir(parents=True, exist_ok=True)
    repo = Repo(root)
    repo.git("init", "-q", "-b", "main")
    return repo


def titled(title: str) -> str:
    """The base's indicators under another title."""
    text = (BASE / "indicators.yaml").read_text(encoding="utf-8")
    return text.replace("三个指标的小体系", title)


def three_versions(root: Path) -> Repo:
    """Three commits of a project in 项目/改造 (the second renames its indicators), and changes that are in none."""
    repo = new_repo(root)
    repo.project("项目/改造", indicators=titled("第一版"))
    repo.commit()
    (root / "项目/改造/indicators.yaml").unlink()
    repo.write("项目/改造/规则/新指标.yaml", titled("第二版"))
    repo.write("项目/改造/project.yaml", OTHER)
    repo.commit()
    repo.write("项目/改造/规则/新指标.yaml", titled("第三版"))
    repo.commit()
    repo.write("项目/改造/规则/新指标.yaml", titled("还没有提交"))
    return repo


def state(root: Path) -> dict[str, str]:
    """Every file below a folder (also inside .git): its bytes, its permissions and when it was last written."""
    found = {}
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        data = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b""
        found[str(path.relative_to(root))] = f"{sha256(data).hexdigest()} {status.st_mode:o} {status.st_mtime_ns}"
    return found
