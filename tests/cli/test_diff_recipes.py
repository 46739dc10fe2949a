"""docs/diff.md does what it says: the git diff driver, the pre-commit hook and the workflow, run as they stand there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from repositories import BASE, Repo, isolated, new_repo

OTHER_BAND = ("zero_at: 60%", "zero_at: 50%")


@pytest.fixture
def page(root: Path) -> str:
    return (root / "docs" / "diff.md").read_text("utf-8")


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """我的项目 with one commit; `perfeval` is the one of this Python."""
    isolated(tmp_path, monkeypatch)
    program = Path(sys.executable).with_name("perfeval")
    if not program.exists():
        pytest.skip("the console script is not installed beside this Python")
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    found = new_repo(tmp_path / "库")
    found.project("我的项目")
    found.commit()
    return found


def block(page: str, language: str, holding: str) -> str:
    """The block of code of a language that holds a text."""
    found = [text for name, text in re.findall(r"```(\w+)\n(.*?)```", page, re.S) if name == language and holding in text]
    assert len(found) == 1
    return found[0]


def with_driver(repo: Repo, page: str) -> None:
    repo.write(".gitattributes", block(page, "gitattributes", "diff=perfeval"))
    subprocess.run(["sh", "-e", "-c", block(page, "sh", "git config")], cwd=repo.root, check=True)


def edit(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count(OTHER_BAND[0]) == 1
    path.write_text(text.replace(*OTHER_BAND), "utf-8")


def test_diff_driver(repo: Repo, page: str) -> None:
    """Changed, added and deleted files, Chinese names among them; what cannot be read is shown as text."""
    with_driver(repo, page)
    repo.write("规则/旧体系.yaml", (BASE / "indicators.yaml").read_bytes())
    repo.commit()
    edit(repo.root / "我的项目" / "indicators.yaml")
    (repo.root / "规则" / "旧体系.yaml").unlink()
    repo.write("规则/很不一样的.yaml", "perfeval: 1\nid: other\ntree: [{name: 唯一, weight: 100, rule: {kind: judged}}]\n")
    repo.git("add", "-A")
    told = repo.git("diff", "--cached", "--no-renames")
    assert "== 我的项目/indicators.yaml" in told
    assert "零分点：60% → 50%" in told
    assert "== 规则/旧体系.yaml" in told
    assert "已删去：三个指标的小体系，3 个末级指标，总分 100。" in told
    assert "== 规则/很不一样的.yaml" in told
    assert "是新增的：other，1 个末级指标，总分 100。" in told
    repo.write("我的项目/indicators.yaml", "tree: [")
    assert "+tree: [" in repo.git("diff")
    assert "+tree: [" in repo.git("diff", "--no-ext-diff")


def test_a_renamed_file(repo: Repo, page: str) -> None:
    with_driver(repo, page)
    repo.write("规则/甲.yaml", (BASE / "indicators.yaml").read_bytes())
    repo.commit()
    repo.git("mv", "规则/甲.yaml", "规则/乙.yaml")
    edit(repo.root / "规则" / "乙.yaml")
    told = repo.git("diff", "-M", "HEAD")
    assert "== 规则/甲.yaml → 规则/乙.yaml" in told
    assert "零分点：60% → 50%" in told


def test_pre_commit_hooks(root: Path, repo: Repo) -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    assert set(hooks) == {"perfeval-check", "perfeval-diff"}

    def run(hook: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*shlex.split(hooks[hook]["entry"]), *arguments]
        return subprocess.run(command, cwd=repo.root, capture_output=True, text=True, check=False, timeout=120)

    assert re.search(hooks["perfeval-diff"]["files"], "我的项目/indicators.yaml")
    assert not re.search(hooks["perfeval-diff"]["files"], "我的项目/evidence.yaml")
    edit(repo.root / "我的项目" / "indicators.yaml")
    repo.write("新的/indicators.yaml", (BASE / "indicators.yaml").read_bytes())
    done = run("perfeval-diff", "我的项目/indicators.yaml", "新的/indicators.yaml")
    assert done.returncode == 0, done.stderr
    assert "零分点：60% → 50%" in done.stdout
    assert "是新增的" in done.stdout
    repo.write("新的/indicators.yaml", "tree: [")
    assert run("perfeval-diff", "新的/indicators.yaml", "我的项目/indicators.yaml").returncode == 2
    assert run("perfeval-check", "我的项目").returncode == 0


def test_pre_commit_config(page: str) -> None:
    config = yaml.safe_load(block(page, "yaml", "repos:"))
    assert [hook["id"] for hook in config["repos"][0]["hooks"]] == ["perfeval-diff", "perfeval-check"]


def test_workflow(page: str, repo: Repo) -> None:
    """It parses, asks for no more rights than it needs, and its step makes the comment."""
    workflow = yaml.safe_load(block(page, "yaml", "pull_request:"))
    assert workflow["permissions"] == {"contents": "read", "pull-requests": "write"}
    steps = {step.get("name", ""): step for step in workflow["jobs"]["diff"]["steps"]}
    base = repo.git("rev-parse", "HEAD")
    edit(repo.root / "我的项目" / "indicators.yaml")
    repo.commit()
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", steps["compare"]["run"]],
        cwd=repo.root, env={**os.environ, "BASE": base}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    comment = (repo.root / "comment.md").read_text("utf-8")
    assert "零分点：60% → 50%" in comment
    assert comment.startswith("# 指标体系比较")
    assert "--body-file comment.md" in steps["comment"]["run"]
