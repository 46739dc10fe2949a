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
perfeval audit 我的项目 --report 报告.docx                        连同写好的报告 with a finished report
perfeval audit 我的项目 --report 报告.docx --annotate 批注.docx   每条发现写成批注 findings as comments
perfeval audit --report 报告.txt                                  只审查报告 a report alone
perfeval audit indicators.yaml --against builtin:mof-2020-project 只审查规则，与另一套对照 rules alone, against others
perfeval audit 我的项目 --format sarif > audit.sarif              给代码平台和编辑器 for code hosts and editors
```

- 每条发现有位置、相互矛盾的数值、办法；名称永久不变。Each finding has its place, the values that contradict each other, and what to do.
- `score` 会报告的问题（权重不合计、最高分超过分值、档有空隙、缺佐证……）也是发现，名称相同，见 [problems.md](problems.md)。
  What `score` says of rules, and of evidence that is missing, is a finding too, under the same name.
- 缺佐证的先算其余部分，其余照查；没有查、没有全查的审查项和原因写在 stderr 和 JSON 的 `not_run`、`in_part`、`missing`、`unread` 里，不会当作没有矛盾。
  What lacks evidence is left out of the score and the rest is audited; checks that could not run, or only in part, are named on stderr and in JSON.
- 读不了时（退出码 2），`--format json`、`sarif`、`github` 也给出完整的一份，没有发现，只有错误。
  On bad input the formats for programs are whole too: no findings, and the errors.
- `--select`、`--ignore` 接名称或一类（rules、evidence、texts、printed、surveys）；`--fail-on` 定从哪一级起退出码为 1。
- 有理由不理会的，写在文件里，理由必填：`audit: {ignore: {constraint-broken: 县里另有规定}}`；写在 project.yaml 管整个项目，写在指标文件最上层管这个文件，写在某个指标下管这个指标、它的下级和它们的佐证。
  To ignore a finding, say so in the files, with the reason.
- 退出码：0 没有发现，1 有，2 读不了。Exit code: 0 none, 1 findings, 2 bad input.

## 写好的报告 Reports that are read

`--report` 读 .txt、.md、.docx 和 .pdf；Word 和 PDF 要先 `pip install 'perfeval[read]'`。同一份报告存成哪一种，发现都一样。
`--report` reads .txt, .md, .docx and .pdf; Word and PDF take `pip install 'perfeval[read]'`. Saved as either, a report has the same findings.

| 格式 format | 位置 places | 读什么 what is read |
|---|---|---|
| .txt .md | 行和列 line and column | 折行的段落接起来；从 PDF 里复制出来、只剩文字的得分表。 Broken lines are joined; score tables of which only the words are left. |
| .docx | `第12段`, `表3第4行` | 段落、表格（合并的单元格、分成两截的表）、文本框、修订后的文字、自动编号。页眉页脚、脚注、图片里的字不读。 Paragraphs, tables (merged cells, tables in two pieces), text boxes, the text as revised, automatic numbers. Not headers, footers, footnotes, text in pictures. |
| .pdf | `第3页第12行` | 有框线的表（合并的单元格、跨页的表、被分页切开的行），其余的文字行。页眉、页码、斜放的水印不读。 Ruled tables (merged cells, over page breaks, rows cut in two) and other lines. Not running heads, page numbers, slanting watermarks. |

- 没读全的（扫描页、拆不开的表、续页对不上的表）用提示 `report-in-part` 说明，读到的照样审查。What is not read as a whole is told by the note `report-in-part`; the rest is audited.
- 扫描件、加密的、旧格式 .doc、损坏的文件各有一句话说明怎么办；压缩炸弹、外部实体和要占大量内存或时间的文件不读。
  Scans, encrypted, old and damaged files are told in a line with what to do; archive bombs, external entities and files that take much memory or time are refused.
- `--annotate 批注.docx` 写出报告的副本，批注标在有矛盾的字上；项目文件里的发现列在开头的一条批注里。原报告不动；已有的同名文件，只有是 perfeval 写的、之后没有在 Word 里存过的，才会重写。
  `--annotate` writes a copy of the report with a comment around the words that contradict; findings in the project's files are listed in one comment at the beginning.
  The report stays as it is; a file of that name is only written anew where perfeval wrote it and Word has not saved it since.
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
    return f"| `{check.name}` | {_severity(check)} | {_cell(check.question)} | {_cell(bad)} | {_cell(good)} |\n"


def _severity(check: Check) -> str:
    """Its own, then any other that its heading names."""
    said = _part(check, "Severity")
    others = [one for one in SEVERITY if one is not check.kind.severity and re.search(rf"\b{one.name.lower()}\b", said)]
    return "、".join(SEVERITY[one] for one in (check.kind.severity, *others))


def _part(check: Check, word: str) -> str:
    """What the heading says after a word, up to the next one."""
    found = re.search(rf"\b{word}: (.*?)(?=\s(?:Good|Bad|Clause|Severity|Reads|Source|Limits?):|\n\n|\Z)", check.heading, re.S)
    return " ".join(found[1].split()) if found else ""


def _cell(text: str) -> str:
    return "".join(f"\\{sign}" if sign in r"\|*_<>[]" else sign for sign in text)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
