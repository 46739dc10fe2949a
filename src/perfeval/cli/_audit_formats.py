"""The outcome of `audit` as text, JSON, SARIF and GitHub annotations, and the list of all checks."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from typing import Any

from perfeval import __version__
from perfeval.auditing._catalogue import ABOUT, checks
from perfeval.auditing._running import Audited
from perfeval.cli._annotations import LEVELS, annotation
from perfeval.cli._problems import FROM_HERE, counted, file_from, shown_problem, where_of
from perfeval.cli._shown import can_print, escaped
from perfeval.cli.output import Output, coloured
from perfeval.problems import Lang, Problem, Severity

_GROUPS = {
    "rules": ("规则", "Rules"),
    "evidence": ("佐证", "Evidence"),
    "texts": ("文字", "Texts"),
    "printed": ("写好的报告", "A finished report"),
    "surveys": ("问卷", "Surveys"),
}


def as_list(output: Output) -> None:
    """Every check with the question that it asks."""
    for about in ABOUT:
        found = [check for check in checks() if check.about == about]
        if found:
            output.result(output.pick(*_GROUPS[about]) + output.pick("：", ":"))
        for check in found:
            output.result(f"  {check.name:<24} {escaped(check.question)}")


def as_left_out(audited: Audited, output: Output) -> None:
    """A line on stderr for each check that wants an extra: no finding, since the project is not to blame."""
    for check, extra in () if output.quiet else audited.extras:
        install = f"pip install 'perfeval[{extra}]'"
        output.err.append(output.pick(f"没有查 {check.name}，先运行 {install}。", f"{check.name} is left out: {install}") + "\n")


def as_text(audited: Audited, output: Output) -> None:
    """Findings in full, then how many there are and what was ignored; --quiet leaves the errors."""
    ruler = "│" if can_print(sys.stdout, "│") else "|"
    shown = [one for one in audited.findings if not output.quiet or one.is_error]
    for problem in shown:
        output.result(shown_problem(problem, output.lang, output.base, colour=coloured(sys.stdout), ruler=ruler) + "\n")
    if audited.findings:
        output.remark(counted(audited.findings, output.lang))
    elif not audited.errors:
        output.remark(output.pick("没有发现矛盾。", "Nothing was found."))
    if ignored := len(audited.ignored):
        output.remark(output.pick(f"另有 {ignored} 条按文件里的说明不理会。", f"{ignored} more are ignored, as the files say."))
    if audited.errors:
        output.remark(output.pick("有错误，没有全部查完，见上。", "There are errors: not everything was looked at, see above."))


def as_json(audited: Audited, output: Output) -> None:
    told = {
        "perfeval": 1,
        "findings": [_told(one, output.lang) for one in audited.findings],
        "ignored": [{**_told(one, output.lang), "reason": reason} for one, reason in audited.ignored],
        "errors": [_told(one, output.lang) for one in audited.errors],
        "not_run": [check.name for check in audited.not_run],
    }
    output.data(_dumped(told))


def _told(problem: Problem, lang: Lang) -> dict[str, str | int]:
    where = where_of(problem)
    return {
        "check": problem.kind.name,
        "severity": problem.severity.name.lower(),
        "file": where.file.removeprefix(FROM_HERE),
        "line": where.line,
        "column": where.column,
        "spot": where.cell,
        "quote": where.quote,
        "message": problem.message(lang),
        "remedy": problem.remedy(lang),
    }


def as_github(audited: Audited, output: Output) -> None:
    for problem in (*audited.errors, *audited.findings):
        message = f"{problem.message(output.lang)} {problem.remedy(output.lang)}"
        output.result(annotation(LEVELS[problem.severity], where_of(problem), output.base, problem.kind.name, message))


def as_sarif(audited: Audited, output: Output) -> None:
    """SARIF 2.1.0, as code hosts and editors read it."""
    problems = (*audited.errors, *audited.findings, *(one for one, _ in audited.ignored))
    reasons = {id(one): reason for one, reason in audited.ignored}
    names = sorted({one.kind.name for one in problems})
    told = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "perfeval", "version": __version__, "rules": [_rule(name, problems, output.lang) for name in names]}},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": not audited.errors}],
                "results": [_result(one, names, reasons.get(id(one)), output) for one in problems],
            }
        ],
    }  # fmt: skip
    output.data(_dumped(told))


_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def _rule(name: str, problems: Sequence[Problem], lang: Lang) -> dict[str, Any]:
    kind = next(one.kind for one in problems if one.kind.name == name)
    question = next((check.question for check in checks() if check.name == name), "")
    said = kind.remedy if lang == "zh" else kind.en_remedy
    found: dict[str, Any] = {"id": name, "defaultConfiguration": {"level": _LEVELS[kind.severity]}, "help": {"text": said}}
    return {**found, "shortDescription": {"text": question}} if question else found


def _result(problem: Problem, names: Sequence[str], reason: str | None, output: Output) -> dict[str, Any]:
    where, said = where_of(problem), problem.message(output.lang)
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(file_from(where, output.base))}}
    if where.line:
        place["region"] = {
            "startLine": where.line,
            "startColumn": where.column,
            "endColumn": where.column + where.width,
            "snippet": {"text": where.quote},
        }
    location: dict[str, Any] = {"physicalLocation": place}
    if where.cell:
        location["logicalLocations"] = [{"fullyQualifiedName": where.cell}]
    found: dict[str, Any] = {
        "ruleId": problem.kind.name,
        "ruleIndex": names.index(problem.kind.name),
        "level": _LEVELS[problem.severity],
        "message": {"text": f"{said} {problem.remedy(output.lang)}"},
    }
    if where.file:
        found["locations"] = [location]
    return found if reason is None else {**found, "suppressions": [{"kind": "inSource", "justification": reason}]}


def _uri(path: str) -> str:
    """A relative path as a URI, other characters as the bytes of UTF-8."""
    return re.sub(r"[^A-Za-z0-9/._~-]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace")), path)


def _dumped(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
