"""The outcome of `audit` as text, JSON, SARIF and GitHub annotations, and the list of all checks."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from perfeval import __version__
from perfeval.auditing._catalogue import ABOUT, checks
from perfeval.auditing._running import Audited
from perfeval.cli._github_lines import LEVELS, annotation
from perfeval.cli._problems import FROM_HERE, counted, file_from, shown_problem, where_of
from perfeval.cli._shown import can_print, escaped
from perfeval.cli.output import Output, coloured
from perfeval.problems import Lang, Problem, Severity, Where

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

    output.result(output.pick(*_OF_SCORE))


_OF_SCORE = (
    "score 会报告的问题（如 weight-sum、missing-evidence）也是发现，名称见 docs/problems.md。",
    "What score tells (weight-sum, missing-evidence, …) is found too, under its name: docs/problems.md.",
)


def as_unread(form: str, problems: Sequence[Problem], output: Output, said: str = "") -> None:
    """What could not be read at all, for programs: a whole document without findings, with the errors, or the usage error."""
    if form == "text":
        return
    if form == "github":
        if said:
            output.result(annotation("error", Where(""), "", _USAGE, said).replace(" file=,", " ", 1))
        as_github(Audited((), (), tuple(problems)), output)
    else:
        output.data(_dumped((_for_json if form == "json" else _for_sarif)(Audited((), (), tuple(problems), checks()), output, said)))


_USAGE = "usage"
"""What a usage error is called for programs."""


def as_left_out(audited: Audited, output: Output) -> None:
    """On stderr: what was not looked at, and why."""
    for zh, en in () if output.quiet else left_out(audited):
        output.err.append(escaped(output.pick(zh, en)) + "\n")


def left_out(audited: Audited) -> Iterator[tuple[str, str]]:
    """What was not looked at and why, in Chinese and English: for want of an extra, of a score, of a part of the evidence."""
    for check, extra in audited.extras:
        install = f"pip install 'perfeval[{extra}]'"
        yield f"没有查 {check.name}，先运行 {install}。", f"{check.name} is left out: {install}"
    if audited.no_score:
        names = [check.name for check in audited.no_score]
        yield f"没有查 {'、'.join(names)}：缺得分，原因见上面的错误。", f"Not run for want of a score (see the errors): {', '.join(names)}."
    if audited.in_part:
        names, missing = [check.name for check in audited.in_part], audited.missing
        zh, en = "、".join(f"「{name}」" for name in missing), ", ".join(f"“{name}”" for name in missing)
        yield (
            f"没有全查 {'、'.join(names)}：缺{zh}的得分（佐证不全），总分也不确定。",
            f"Run in part for want of the score of {en} (evidence is missing), and of the total: {', '.join(names)}.",
        )


def as_text(audited: Audited, output: Output) -> None:
    """Findings in full, then how many there are and what was ignored; --quiet leaves the errors."""
    ruler = "│" if can_print(sys.stdout, "│") else "|"
    shown = [one for one in audited.findings if not output.quiet or one.is_error]
    for problem in shown:
        output.result(shown_problem(problem, output.lang, output.base, colour=coloured(sys.stdout), ruler=ruler) + "\n")
    if audited.findings:
        output.remark(counted(audited.findings, output.lang))
    elif not audited.errors:
        output.remark(output.pick(*(_NOT_ALL if audited.in_part else _NOTHING)))
    if ignored := len(audited.ignored):
        output.remark(output.pick(f"另有 {ignored} 条按文件里的说明不理会。", f"{ignored} more are ignored, as the files say."))
    if audited.errors:
        output.remark(output.pick("有错误，没有全部查完，见上。", "There are errors: not everything was looked at, see above."))


_NOTHING = "没有发现矛盾。", "Nothing was found."
_NOT_ALL = "查到的部分没有发现矛盾；缺佐证的没有查。", "Nothing was found in what was looked at; what lacks evidence was not."


def as_json(audited: Audited, output: Output) -> None:
    output.data(_dumped(_for_json(audited, output)))


def _for_json(audited: Audited, output: Output, said: str = "") -> dict[str, Any]:
    usage = {**dict.fromkeys(("file", "spot", "quote", "remedy"), ""), "line": 0, "column": 0}
    return {
        "perfeval": 1,
        "findings": [_told(one, output.lang) for one in audited.findings],
        "ignored": [{**_told(one, output.lang), "reason": reason} for one, reason in audited.ignored],
        "errors": [
            *(_told(one, output.lang) for one in audited.errors),
            *([{**usage, "check": _USAGE, "severity": "error", "message": said}] if said else []),
        ],
        "not_run": [check.name for check in audited.not_run],
        "in_part": [check.name for check in audited.in_part],
        "missing": list(audited.missing),
        "unread": [_told(one, output.lang) for one in audited.unread],
    }


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
    for problem in (*audited.errors, *audited.unread, *audited.findings):
        message = f"{problem.message(output.lang)} {problem.remedy(output.lang)}"
        output.result(annotation(LEVELS[problem.severity], where_of(problem), output.base, problem.kind.name, message))


def as_sarif(audited: Audited, output: Output) -> None:
    output.data(_dumped(_for_sarif(audited, output)))


def _for_sarif(audited: Audited, output: Output, said: str = "") -> dict[str, Any]:
    """SARIF 2.1.0, as code hosts and editors read it. What stood in the way, or was not looked at, are notifications."""
    problems = (*audited.findings, *(one for one, _ in audited.ignored))
    reasons = {id(one): reason for one, reason in audited.ignored}
    names = sorted({one.kind.name for one in problems})
    told = [
        {**_message(one, output), "descriptor": {"id": one.kind.name}, "level": _LEVELS[one.severity]}
        for one in (*audited.errors, *audited.unread)
    ]
    told += [{"descriptor": {"id": _USAGE}, "level": "error", "message": {"text": said}}] if said else []
    told += [{"level": "note", "message": {"text": output.pick(zh, en)}} for zh, en in left_out(audited)]
    driver: dict[str, Any] = {
        "name": "perfeval",
        "version": __version__,
        "rules": [_rule(name, problems, output.lang) for name in names],
    }
    if kinds := sorted({one["descriptor"]["id"] for one in told if "descriptor" in one}):
        driver["notifications"] = [{"id": name} for name in kinds]
    invocation: dict[str, Any] = {"executionSuccessful": not (audited.errors or said)}
    if told:
        invocation["toolExecutionNotifications"] = told
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "invocations": [invocation],
                "results": [_result(one, names, reasons.get(id(one)), output) for one in problems],
            }
        ],
    }


_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def _rule(name: str, problems: Sequence[Problem], lang: Lang) -> dict[str, Any]:
    kind = next(one.kind for one in problems if one.kind.name == name)
    question = next((check.question for check in checks() if check.name == name), "")
    said = kind.remedy if lang == "zh" else kind.en_remedy
    found: dict[str, Any] = {"id": name, "defaultConfiguration": {"level": _LEVELS[kind.severity]}, "help": {"text": said}}
    return {**found, "shortDescription": {"text": question}} if question else found


def _result(problem: Problem, names: Sequence[str], reason: str | None, output: Output) -> dict[str, Any]:
    found: dict[str, Any] = {
        **_message(problem, output),
        "ruleId": problem.kind.name,
        "ruleIndex": names.index(problem.kind.name),
        "level": _LEVELS[problem.severity],
    }
    return found if reason is None else {**found, "suppressions": [{"kind": "inSource", "justification": reason}]}


def _message(problem: Problem, output: Output) -> dict[str, Any]:
    """What is said of it, and where."""
    where = where_of(problem)
    text = f"{problem.message(output.lang)} {problem.remedy(output.lang)}"
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
    return {"message": {"text": text}, **({"locations": [location]} if where.file else {})}


def _uri(path: str) -> str:
    """A relative path as a URI, other characters as the bytes of UTF-8."""
    return re.sub(r"[^A-Za-z0-9/._~-]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace")), path)


def _dumped(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
