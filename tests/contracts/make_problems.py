"""Writes docs/problems.md, the table of all problem kinds: `python tests/contracts/make_problems.py`. A test keeps it up to date."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path
from string import Formatter

import perfeval
from perfeval.problems import KINDS, ProblemKind, Severity

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "problems.md"
CASES = ROOT / "tests" / "cases" / "problems"
FOUND = ROOT / "tests" / "cases" / "audit"  # what the checks of `audit` find
SEVERITY = {Severity.ERROR: "错误 error", Severity.WARNING: "警告 warning", Severity.NOTE: "提示 note"}
HEAD = """# 问题一览 All problems

`perfeval` 报告的每一种问题：永久的名称、说什么、怎么办，以及重现它的案例。花括号里的词换成实际的值。本页由 `tests/contracts/make_problems.py` 生成。
Every kind of problem: its permanent name, what it says, what to do, and the case that shows it. Words in braces stand for values.

| 名称 name | 轻重 severity | 中文 | English | 办法 remedy | 案例 case |
|---|---|---|---|---|---|
"""


def all_kinds() -> dict[str, ProblemKind]:
    """Every kind that any module of the program declares."""
    for module in pkgutil.walk_packages(perfeval.__path__, "perfeval.", onerror=import_module):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "src").rglob("*.py")))
    declared = set(re.findall(r'ProblemKind\(\s*"([a-z0-9-]+)"', text))  # tests declare kinds of their own
    return {name: KINDS[name] for name in sorted(declared)}


def slots(text: str) -> set[str]:
    """The values that a text places."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def page() -> str:
    return HEAD + "".join(map(_row, all_kinds().values()))


def _row(kind: ProblemKind) -> str:
    case = next((path for folder in (CASES, FOUND) if (path := folder / f"{kind.name}.yaml").exists()), None)
    link = f"[{case.name}](../{case.relative_to(ROOT).as_posix()})" if case else "—"
    remedy = f"{_cell(kind.remedy)}<br>{_cell(kind.en_remedy)}"
    return f"| `{kind.name}` | {SEVERITY[kind.severity]} | {_cell(kind.says)} | {_cell(kind.en)} | {remedy} | {link} |\n"


def _cell(text: str) -> str:
    plain = text.replace("{{", "{").replace("}}", "}")
    return "".join(f"\\{sign}" if sign in r"\|*_<>[]`" else sign for sign in plain)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
