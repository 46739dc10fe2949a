"""Sealed folders for tests: as the commands write them, and as a forger would."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cases_support import CASES
from perfeval.reports import FORMATS, file_name, render, result_json
from perfeval.reports.files import write_set
from perfeval.scoring import open_project, score
from perfeval.sealing import NAME, inventory, making, seal
from perfeval.sealing import manifest as sealing_manifest

BASE = CASES / "problems" / "base"


def write_reports(folder: Path) -> None:
    result = score(open_project(folder))
    write_set(folder / "reports", {result_json.NAME: result_json.render(result)} | {file_name(f): render(f, result) for f in FORMATS})


def write_seal(folder: Path) -> None:
    (folder / NAME).write_bytes(sealing_manifest.render(seal(folder)[0]))


def forge(folder: Path, changes: Mapping[str, Any]) -> None:
    """A seal of whatever is there, as someone would make it who knows the format; `changes` are laid over its parts."""
    project = open_project(folder)
    made = making.make(inventory.take(folder), project, score(project))
    content = {**made.model_dump(), **changes, "result": {**made.model_dump()["result"], **changes.get("result", {})}}
    forged = sealing_manifest.Seal.model_validate_json(json.dumps(content, ensure_ascii=False))
    (folder / NAME).write_bytes(sealing_manifest.render(forged))


EVIDENCE = """perfeval: 1
tables:
  payments: {file: data/payments.csv}
facts:
  预算: {value: 100万元, attachments: 附件/批复.txt}
  实际支出: {table: payments, sum: 金额, unit: 元}
indicators:
  项目立项: {checklist: [yes, yes], attachments: [附件/批复.txt, 附件/会议纪要.txt]}
  项目效益: {tier: 较好, reason: 两个楼栋的管网没有改完}
"""


def small_folder(folder: Path) -> Path:
    """A project with a table, attachments, a chapter and reports, sealed."""
    shutil.copytree(BASE, folder)
    (folder / "evidence.yaml").write_text(EVIDENCE, "utf-8")
    with (folder / "project.yaml").open("a", encoding="utf-8") as project:
        project.write("report: {narrative: narrative/}\n")
    for name, text in (("附件/批复.txt", "同意立项。"), ("附件/会议纪要.txt", "会议同意。"), ("narrative/建议.md", "# 建议\n")):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    write_reports(folder)
    write_seal(folder)
    return folder
