"""Writes docs/audit.md, the page about `audit` with the table of its checks: `python tests/contracts/make_checks.py`. A test keeps it up to date."""

from __future__ import annotations

import re
from pathlib import Path

from perfeval.auditing._catalogue import ABOUT, checks
from perfeval.auditing._contract import Check
from perfeval.problems import Severity

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "audit.md"
SEVERITY = {Severity.ERROR: "错误 error", Severity.WARNING: "警告 warning", Severity.NOTE: "提示 note"}
GROUPS = {
    "rules": "规则 Rules",
    "evidence": "佐证 Evidence",
    "texts": "文字 Texts",
    "printed": "写好的报告 A finished report",
    "surveys": "问卷 Surveys",
}
HEAD = """# 审查 audit

`perfeval audit` 找规则、佐证、文字和写好的报告里自相矛盾的地方。没有矛盾就不作声。本页由 `tests/contracts/make_checks.py` 生成。
`perfeval audit` finds contradictions in rules, evidence, texts and a finished report. Where all is well it says nothing.

```
perfeval audit 我的项目                                           项目文件夹 a project folder
perfeval audit 我的项目 --report 报告.txt                         连同写好的报告 with a finished report
perfeval audit --report 报告.txt                                  只审查报告 a report alone
perfeval audit indicators.yaml --against builtin:mof-2020-project 只审查规则，与另一套对照 rules alone, against others
perfeval audit 我的项目 --format sarif > audit.sarif              给代码平台和编辑器 for code hosts and editors
```

- 每条发现有位置、相互矛盾的数值、办法；名称永久不变。Each finding has its place, the values that contradict each other, and what to do.
- `score` 会报告的规则问题（权重不合计、最高分超过分值、档有空隙……）也是发现，名称相同，见 [problems.md](problems.md)。
  What `score` says of rules is a finding too, under the same name.
- `--select`、`--ignore` 接名称或一类（rules、evidence、texts、printed、surveys）；`--fail-on` 定从哪一级起退出码为 1。
- 有理由不理会的，写在文件里，理由必填：`audit: {ignore: {constraint-broken: 县里另有规定}}`；写在 project.yaml 管整个项目，写在指标文件最上层管这个文件，写在某个指标下管这个指标和它的佐证。
  To ignore a finding, say so in the files, with the reason.
- 退出码：0 没有发现，1 有，2 读不了。Exit code: 0 none, 1 findings, 2 bad input.
"""


def page() -> str:
    return HEAD + "".join(map(_group, ABOUT))


def _group(about: str) -> str:
    found = [check for check in checks() if check.about == about]
    if not found:
        return ""
    head = f"\n## {GROUPS[about]}\n\n| 名称 name | 轻重 severity | 问什么 question | 坏例 bad | 好例 good |\n|---|---|---|---|---|\n"
    return head + "".join(map(_row, found))


def _row(check: Check) -> str:
    bad, good = _part(check, "Bad"), _part(check, "Good")
    return f"| `{check.name}` | {SEVERITY[check.kind.severity]} | {_cell(check.question)} | {_cell(bad)} | {_cell(good)} |\n"


def _part(check: Check, word: str) -> str:
    """What the heading says after a word, up to the next one."""
    found = re.search(rf"\b{word}: (.*?)(?=\s(?:Good|Bad|Clause|Severity|Reads|Source|Limits?):|\n\n|\Z)", check.heading, re.S)
    return " ".join(found[1].split()) if found else ""


def _cell(text: str) -> str:
    return "".join(f"\\{sign}" if sign in r"\|*_<>[]" else sign for sign in text)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
