"""A copy of a Word report with a comment at each finding.

What is found elsewhere (in the project's files) stands in one comment at the beginning. The copy carries a note in its
archive: a file with that note is one of ours and may be written anew, until Word saves it and drops the note.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from perfeval.cli._problems import counted, placed, where_of
from perfeval.cli._shown import escaped
from perfeval.cli.output import Output, Wrong
from perfeval.problems import Lang, Problem, Severity, Where
from perfeval.reading.documents import Report
from perfeval.reading.documents.pieces import Mark
from perfeval.reading.documents.word import Word, text_of
from perfeval.reading.documents.word_numbers import W
from perfeval.reports.files import clear_file, write_file

AUTHOR = "perfeval"
_NOTE = b"perfeval audit --annotate"
_LEVELS: dict[Severity, tuple[str, str]] = {
    Severity.ERROR: ("错误", "error"),
    Severity.WARNING: ("警告", "warning"),
    Severity.NOTE: ("提示", "note"),
}
_MOST_LISTED = 50
_ALWAYS = (1980, 1, 1, 0, 0, 0)  # the first time that a zip archive can tell
_CONTENTS = "[Content_Types].xml"  # comes first in a Word file


def check_target(target: Path, report: Path | None) -> None:
    """Raises `Wrong` where the copy must not be written there."""
    if report is None or report.suffix.lower() != ".docx":
        raise Wrong("--annotate 只给 Word 报告加批注：--report 报告.docx。", "--annotate comments a Word report: --report FILE.docx.")
    if target.suffix.lower() != ".docx":
        raise Wrong(f"--annotate 写的是 .docx 文件，不是「{target}」。", f"--annotate writes a .docx file, not “{target}”.")
    if not target.parent.is_dir():
        raise Wrong(f"没有文件夹「{target.parent}」。", f"There is no folder “{target.parent}”.")
    if _is_same(target, report):
        raise Wrong(
            f"「{target}」就是要审查的报告，不覆盖；请换一个文件名。",
            f"“{target}” is the report that is audited, and stays: name another file.",
        )
    if os.path.lexists(target) and not _is_ours(target):
        raise Wrong(
            f"「{target}」不是 perfeval 写的，或在 Word 里改过，不覆盖；请换一个文件名。",
            f"“{target}” was not written by perfeval, or was changed in Word, and stays: name another file.",
        )


def _is_same(target: Path, report: Path) -> bool:
    try:
        return target.samefile(report)
    except OSError:
        return False  # one of them is not there


def _is_ours(target: Path) -> bool:
    if target.is_symlink() or not target.is_file():
        return False
    try:
        with ZipFile(target) as archive:
            return archive.comment == _NOTE
    except (BadZipFile, OSError, ValueError):
        return False


def word_of(report: Report | None) -> Word:
    """Raises `Wrong` where a report is only called .docx."""
    if report is None or report.word is None:
        raise Wrong("--annotate 只给 Word 报告加批注，这份报告不是。", "--annotate comments a Word report, which this is not.")
    return report.word


def annotate(word: Word, findings: Sequence[Problem], target: Path, output: Output) -> str:
    """Writes the copy; gives back the line that says so. Raises `SystemFailed`. What was opened is changed by it."""
    name, lang = word.document.name, output.lang
    here = [one for one in findings if where_of(one).file == name]
    rest = [one for one in findings if where_of(one).file != name]
    if rest:
        _comment(word, Where(name, 1, 1, "", len(word.document.lines[0])), _elsewhere(rest, lang, output.base))
    for problem in here:
        _comment(word, where_of(problem), f"{_head(problem, lang)}\n{_body(problem, lang)}")
    clear_file(target)
    write_file(target, _packed(word.opened))
    more = output.pick("，其余列在开头的批注里", "; the others are listed in the first comment") if rest else ""
    return output.pick(
        f"批注 {len(here)} 处，已写入 {target}{more}。", f"{len(here)} comment{'' if len(here) == 1 else 's'}, written to {target}{more}."
    )


def _head(problem: Problem, lang: Lang) -> str:
    return f"{_LEVELS[problem.severity][lang == 'en']} {problem.kind.name}"


def _body(problem: Problem, lang: Lang) -> str:
    todo = "办法：" if lang == "zh" else "To do: "
    return f"{escaped(problem.message(lang))}\n{todo}{escaped(problem.remedy(lang))}"


def _elsewhere(problems: Sequence[Problem], lang: Lang, base: str) -> str:
    """What was found in other files, each with its place."""
    told = [f"{placed(where_of(one), base)} {_head(one, lang)}\n{escaped(one.message(lang))}" for one in problems[:_MOST_LISTED]]
    head = "在报告以外的文件里：" if lang == "zh" else "In other files than the report: "
    more = len(problems) - len(told)
    tail = [] if not more else [f"……另有 {more} 条。" if lang == "zh" else f"… and {more} more."]
    return "\n".join([head + counted(problems, lang), *told, *tail])


def _comment(word: Word, where: Where, text: str) -> None:
    """A comment at a place. It stands around the words that are meant, as far as they are in one paragraph of the file."""
    from docx.text.run import Run

    at = max(where.line, 1) - 1
    marks = next(one for one in (*word.marks[at:], *reversed(word.marks[:at])) if one)  # an empty row has none
    first, last = _runs(marks, where)
    made = word.opened.add_comment([Run(first, None), Run(last, None)], text, AUTHOR, AUTHOR[:1].upper())
    made._comment_elm.attrib.pop(f"{W}date", None)  # no clock is read


def _runs(marks: Sequence[Mark], where: Where) -> tuple[Any, Any]:
    """The first and the last run of a place; runs that hold more than that are split."""
    start = max(where.column, 1) - 1
    end = start + max(where.width, 1)
    mark = next((one for one in marks if one.start < end and start < one.start + one.length), marks[0])
    low = mark.offset + max(start - mark.start, 0)
    high = mark.offset + min(end - mark.start, mark.length)
    if high <= low:  # it is the number that Word counts
        low, high = mark.offset, mark.offset + mark.length
    _split(mark.element, low)
    _split(mark.element, high)
    at, found = 0, []
    for one in text_of(mark.element):
        if at < high and low < at + len(one.text):
            found.append(one.run)
        at += len(one.text)
    return found[0], found[-1]


def _split(paragraph: Any, offset: int) -> None:
    """Makes a run end at an offset of the paragraph's text."""
    at = 0
    for one in text_of(paragraph):
        if at < offset < at + len(one.text):
            _split_text(one.element, one.run, offset - at)
            return
        if at == offset and one.element.getparent() is one.run:
            _split_run(one.run, list(one.run).index(one.element))
            return
        at += len(one.text)


def _split_text(element: Any, run: Any, length: int) -> None:
    if element.getparent() is not run:
        return  # in something that we do not know: the comment then stands around more
    rest = deepcopy(element)
    element.text, rest.text = element.text[:length], element.text[length:]
    for one in (element, rest):
        one.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    element.addnext(rest)
    _split_run(run, list(run).index(rest))


def _split_run(run: Any, at: int) -> None:
    """What stands in a run from a child on moves to a new one of the same looks."""
    looks = run.find(f"{W}rPr")
    if not any(one is not looks for one in run[:at]):
        return
    rest = run.makeelement(run.tag, dict(run.attrib))
    rest.extend([] if looks is None else [deepcopy(looks)])
    rest.extend(run[at:])
    run.addnext(rest)


def _packed(opened: Any) -> bytes:
    """The file with nothing in it that a clock or a system decides."""
    saved, packed = BytesIO(), BytesIO()
    opened.save(saved)
    with ZipFile(saved) as parts, ZipFile(packed, "w") as archive:
        archive.comment = _NOTE
        for name in sorted(parts.namelist(), key=lambda one: (one != _CONTENTS, one)):
            info = ZipInfo(name, _ALWAYS)
            info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, 0, 0
            archive.writestr(info, parts.read(name))
    return packed.getvalue()
