"""The outcome of `check` as text, JSON, JUnit XML and GitHub annotations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from perfeval.cli._github_lines import LEVELS, annotation
from perfeval.cli._problems import as_json as problems_as_json
from perfeval.cli._problems import sorted_problems, where_of
from perfeval.cli._shown import escaped
from perfeval.cli.output import Output, speaks_utf8

if TYPE_CHECKING:
    from perfeval.cli.check import Check, Checked

_NAMES = {"total": ("总分", "total"), "grade": ("等级", "grade")}


def _name(check: Check, output: Output) -> str:
    return output.pick(*_NAMES.get(check.name, (check.name, check.name)))


def _difference(check: Check, output: Output) -> str:
    return escaped(
        output.pick(
            f"{_name(check, output)}：期望 {check.expected}，实际 {check.actual}",
            f"{_name(check, output)}: expected {check.expected}, actual {check.actual}",
        )
    )


def as_text(results: Sequence[Checked], output: Output) -> None:
    """One line a folder, and one for each difference; --quiet leaves those that differ."""
    for one in results:
        line = f"{escaped(one.folder)}{output.pick('：', ': ')}"
        if one.failed:
            output.result(line + output.pick("不能打分，见上", "cannot be scored, see above"))
        elif one.differences:
            output.result(
                line
                + output.pick(
                    f"不一致，{len(one.checks)} 项中有 {len(one.differences)} 项", f"differs in {len(one.differences)} of {len(one.checks)}"
                )
            )
            for check in one.differences:
                output.result("  " + _difference(check, output))
        elif one.checks:
            output.remark(
                line
                + output.pick(
                    f"一致（{len(one.checks)} 项；总分 {one.total}，{one.grade}）",
                    f"as expected ({len(one.checks)} compared; {one.total}, {one.grade})",
                )
            )
        else:
            output.remark(
                line
                + output.pick(
                    f"没有写 expect，未核对（总分 {one.total}，{one.grade}）", f"no expect, nothing compared ({one.total}, {one.grade})"
                )
            )
    if len(results) > 1:
        outcomes = [_outcome(one) for one in results]
        good, unchecked, bad, failed = map(outcomes.count, ("fine", "unchecked", "differs", "failed"))
        output.remark(
            output.pick(
                f"共 {len(results)} 个项目：一致 {good}，不一致 {bad}，不能打分 {failed}，未核对 {unchecked}",
                f"{len(results)} projects: {good} as expected, {bad} differ, {failed} cannot be scored, {unchecked} not compared",
            )
        )


def _outcome(one: Checked) -> str:
    return "failed" if one.failed else "differs" if one.differences else "fine" if one.checks else "unchecked"


def as_json(results: Sequence[Checked], output: Output) -> None:
    from json import dumps

    told = [
        {
            "folder": one.folder,
            "outcome": _outcome(one),
            "total": one.total,
            "grade": one.grade,
            "checks": [
                {"name": c.name, "expected": c.expected, "actual": c.actual, "holds": c.holds, "place": str(c.where)} for c in one.checks
            ],
            "problems": problems_as_json(one.problems, output.lang),
        }
        for one in results
    ]
    output.data(dumps({"projects": told}, ensure_ascii=False, indent=2, sort_keys=True) + "\n")


def as_junit(results: Sequence[Checked], output: Output) -> None:
    """One suite a folder, one case for each thing expected."""
    from xml.etree import ElementTree as ET

    root = ET.Element("testsuites", name="perfeval check")
    for one in results:
        errors, unchecked = [p for p in sorted_problems(one.problems) if p.is_error], _outcome(one) == "unchecked"
        suite = ET.SubElement(
            root,
            "testsuite",
            name=escaped(one.folder),
            tests=str(len(one.checks) + len(errors) + unchecked),
            failures=str(len(one.differences)),
            errors=str(len(errors)),
            skipped=str(int(unchecked)),
        )
        if unchecked:
            ET.SubElement(ET.SubElement(suite, "testcase", classname=escaped(one.folder), name="expect"), "skipped")
        for check in one.checks:
            case = ET.SubElement(suite, "testcase", classname=escaped(one.folder), name=escaped(check.name))
            if not check.holds:
                ET.SubElement(case, "failure", message=_difference(check, output)).text = str(check.where)
        for problem in errors:
            named = f"{problem.kind.name} {escaped(str(where_of(problem)))}".rstrip()
            case = ET.SubElement(suite, "testcase", classname=escaped(one.folder), name=named)
            ET.SubElement(case, "error", message=escaped(problem.message(output.lang))).text = escaped(problem.remedy(output.lang))
    ET.indent(root)
    encoding = "utf-8" if _utf8() else "us-ascii"  # outside UTF-8 all else is written as character references
    text = ET.tostring(root, encoding="us-ascii" if encoding == "us-ascii" else "unicode")
    body = text.decode("ascii").partition("\n")[2] if isinstance(text, bytes) else text
    output.result(f'<?xml version="1.0" encoding="{encoding}"?>\n{body}')


def _utf8() -> bool:
    import sys

    return speaks_utf8(sys.stdout)


def as_github(results: Sequence[Checked], output: Output) -> None:
    """Workflow commands: GitHub shows them at their lines."""
    for one in results:
        for problem in sorted_problems(one.problems):
            level = LEVELS[problem.severity]
            message = f"{problem.message(output.lang)} {problem.remedy(output.lang)}"
            output.result(annotation(level, where_of(problem), one.folder, problem.kind.name, message))
        for check in one.differences:
            output.result(annotation("error", check.where, one.folder, "expect", _difference(check, output)))
    as_text(results, output)
