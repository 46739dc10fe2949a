"""audit: what contradicts itself in rules, evidence, texts and a finished report."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfeval.cli.output import Output, Wrong
from perfeval.cli.output import command as command_with

if TYPE_CHECKING:
    from perfeval.auditing._opening import Opened
    from perfeval.auditing._running import Audited
    from perfeval.model.folder import Indicators
    from perfeval.reading.documents import Report

_FORMATS = ("text", "json", "sarif", "github")
_LEVELS = ("error", "warning", "note", "never")


@command_with("审查自相矛盾之处 find contradictions")
@click.argument("subject", metavar="[FOLDER]", required=False)
@click.option(
    "--report",
    "report",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="连同写好的报告一起审查（txt、md、docx、pdf） Audit a finished report too.",
)
@click.option(
    "--annotate",
    "annotated",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="另存一份 Word 报告，每条发现处加批注 Write a copy of a Word report with a comment at each finding.",
)
@click.option("--against", metavar="RULES", help="与另一套指标对照，如 builtin:mof-2020-project Hold the tree against another one.")
@click.option("--select", "selected", metavar="CHECKS", help="只查这些（逗号分开；也可写一类：rules、evidence…） Only these checks.")
@click.option("--ignore", "ignored", metavar="CHECKS", help="不查这些 All but these checks.")
@click.option(
    "--fail-on",
    type=click.Choice(_LEVELS),
    default="warning",
    help="有这一级及以上的发现时退出码为 1（默认 warning） Exit 1 from which level on.",
)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="输出格式 Output format.")
@click.option("--list", "listing", is_flag=True, help="列出全部审查项 List all checks.")
def command(
    subject: str | None,
    report: Path | None,
    annotated: Path | None,
    against: str | None,
    selected: str | None,
    ignored: str | None,
    fail_on: str,
    form: str,
    listing: bool,
    output: Output,
) -> int:
    """审查规则、佐证、文字和写好的报告里自相矛盾的地方：每条发现都有位置、实际的数值和办法。没有矛盾就不作声。

    Find contradictions in rules, evidence, texts and a finished report. Each finding has its place, the values that show it
    and what to do. Where all is well nothing is said.

    \b
    FOLDER 是项目文件夹、指标文件或 builtin:编号；只审查一份报告时可以不写。
    FOLDER is a project folder, an indicators file or builtin:ID; a report can be audited alone.
    不理会某项：在 project.yaml、指标文件或某个指标下写 audit: {ignore: {审查项: 原因}}。
    To ignore a check: audit: {ignore: {check: reason}} in project.yaml, the indicators file, or at an indicator.
    退出码：0 没有发现，1 有，2 读不了。 Exit code: 0 none, 1 findings, 2 bad input.

    \b
    例 Examples:
      perfeval audit 我的项目
      perfeval audit 我的项目 --report 报告.docx --annotate 批注.docx
      perfeval audit --report 报告.txt                        只审查报告 a report alone
      perfeval audit indicators.yaml --against builtin:mof-2020-project
      perfeval audit 我的项目 --select rules --format sarif > audit.sarif
    """
    from perfeval.auditing._running import audit
    from perfeval.cli import _audit_formats
    from perfeval.problems import ProblemsFound
    from perfeval.reading.documents import not_read

    if listing:
        _audit_formats.as_list(output)
        return 0
    if subject is None and report is None:
        raise Wrong("要审查什么？给出项目文件夹，或 --report 报告。", "Audit what? Name a project folder, or --report FILE.")
    try:
        names = _names(selected, ignored)
        read = _report(report, annotated)
        opened = _open(subject, read, against, output)
    except ProblemsFound as found:
        output.problems(found.problems)
        _audit_formats.as_unread(form, found.problems, output)
        return 2
    except Wrong as wrong:
        _audit_formats.as_unread(form, (), output, output.pick(wrong.zh, wrong.message))
        raise
    audited = audit(opened, names)._replace(unread=not_read(read.document) if read is not None else ())
    output.problems((*audited.errors, *audited.unread))
    _audit_formats.as_left_out(audited, output)
    getattr(_audit_formats, f"as_{form}")(audited, output)
    if annotated is not None:
        from perfeval.cli._word_comments import annotate, word_of

        written = annotate(word_of(read), audited.findings, annotated, output)
        if form == "text":
            output.remark(written)
    return _code(audited, fail_on)


def _names(selected: str | None, ignored: str | None) -> frozenset[str]:
    """The checks that are wanted. A group stands for all its checks; an unknown name is a usage error."""
    from perfeval.auditing._catalogue import ABOUT, checks, known_names
    from perfeval.problems import spelling_hint

    known = known_names()
    groups = {about: frozenset(check.name for check in checks() if check.about == about) for about in ABOUT}

    def read(text: str) -> frozenset[str]:
        found = frozenset[str]()
        for word in filter(None, (part.strip() for part in text.split(","))):
            if word not in groups and word not in known:
                zh, en = spelling_hint(word, [*groups, *(check.name for check in checks())])
                raise Wrong(f"没有叫「{word}」的审查项。{zh}perfeval audit --list 列出全部。", f"There is no check “{word}”. {en}".rstrip())
            found |= groups.get(word) or frozenset([word])
        return found

    wanted = known if selected is None else read(selected)
    return wanted - (frozenset() if ignored is None else read(ignored))


def _open(subject: str | None, report: Report | None, against: str | None, output: Output) -> Opened:
    """Everything that is audited. Raises `ProblemsFound` where it cannot be read."""
    from perfeval.auditing._opening import open_folder, open_report, open_rules
    from perfeval.reading.rule_sources import read_rules

    document = report.document if report is not None else None
    if subject is None:
        assert document is not None
        if against is not None:
            raise Wrong("--against 要有指标可以对照。", "--against needs rules to hold against.")
        return open_report(document)
    path = Path(subject)
    if path.name == "project.yaml" and os.path.isfile(path):
        path = path.parent
    if not os.path.lexists(path) and subject != "-" and ":" not in subject:
        raise Wrong(*_no_such(subject))
    other = _other(against, path) if against is not None else None
    if os.path.isdir(path):
        output.base = str(path)
        return open_folder(path, other, document)
    return open_rules(read_rules(subject, None, Path.cwd()), other, document)


def _no_such(word: str) -> tuple[str, str]:
    from perfeval.problems import spelling_hint

    beside = Path(word).parent
    names = [str(one.relative_to(".")) if beside == Path() else str(one) for one in beside.glob("*")] if beside.is_dir() else []
    zh, en = spelling_hint(word, sorted(names))
    return f"没有文件夹或指标文件「{word}」。{zh}", f"There is no folder or indicators file “{word}”. {en}".rstrip()


def _other(against: str, path: Path) -> Indicators:
    """The rules to hold against; a git revision alone is about the folder that is audited."""
    from perfeval.problems import ProblemsFound
    from perfeval.reading.rule_sources import read_rules

    try:
        return read_rules(against, path if os.path.isdir(path) else None, Path.cwd()).indicators
    except ProblemsFound as found:
        foreign = next((one for one in found.problems if "--project" in one.kind.remedy), None)  # an option of other commands
        if foreign is None:
            raise
        raise Wrong(
            f"--against：{foreign.message('zh')}写出文件，如 {against}:文件夹/indicators.yaml，并在仓库里运行。",
            f"--against: {foreign.message('en')} Name the file, as {against}:folder/indicators.yaml, and run inside the repository.",
        ) from None


def _report(path: Path | None, annotated: Path | None) -> Report | None:
    """The report, looked at beforehand for whether a copy with comments can be written."""
    from perfeval.cli._problems import FROM_HERE
    from perfeval.reading.documents import open_report

    if annotated is not None:
        from perfeval.cli._word_comments import check_target, word_of

        check_target(annotated, path)
    if path is None:
        return None
    if os.path.isdir(path):
        raise Wrong(f"--report 要一个文件，「{path}」是文件夹。", f"--report takes a file, and “{path}” is a folder.")
    if not os.path.lexists(path):
        raise Wrong(f"没有文件「{path}」。", f"There is no file “{path}”.")
    report = open_report(path, f"{FROM_HERE}{path}")
    if annotated is not None:
        word_of(report)
    return report


def _code(audited: Audited, fail_on: str) -> int:
    from perfeval.problems import Severity

    if audited.errors:
        return 2
    if fail_on == "never":
        return 0
    worst = audited.worst()
    return int(worst is not None and worst >= Severity[fail_on.upper()])
