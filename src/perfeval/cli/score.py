"""score: points, score rate and grade of one project, with its reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfeval.cli.output import PROJECT_FOLDER, Output, Wrong
from perfeval.cli.output import command as command_with

if TYPE_CHECKING:
    from fractions import Fraction

    from perfeval.model.folder import ProjectFolder
    from perfeval.model.result import Result


@command_with("打分并写报告 score a project and write its reports")
@click.argument("folder", default=".", type=PROJECT_FOLDER)
@click.option(
    "-o",
    "--output",
    "target",
    metavar="DIR",
    type=click.Path(),
    help="报告放在哪里（默认 FOLDER/reports） Where reports go.",
)
@click.option("--format", "formats", metavar="md,html,json", help="写哪些报告（默认看 project.yaml） Which reports to write.")
@click.option("--no-report", is_flag=True, help="不写文件 Write no files.")
@click.option("--partial", is_flag=True, help="缺佐证的指标待定，总分给区间 Leave what lacks evidence pending.")
@click.option("--json", "as_json", is_flag=True, help="只打印结果 JSON，不写文件 Print the result as JSON, write nothing.")
@click.option("--fail-under", metavar="N", help="总分低于 N 时退出码为 1 Exit 1 when the total is below N.")
def command(
    folder: Path,
    target: str | None,
    formats: str | None,
    no_report: bool,
    partial: bool,
    as_json: bool,
    fail_under: str | None,
    output: Output,
) -> int:
    """给一个项目打分：各级得分、得分率、扣分原因、等级，并写出报告。

    Score one project: points, score rates, what was lost and why, the grade; and write its reports.

    \b
    例 Examples:
      perfeval score                            当前文件夹 the current folder
      perfeval score 我的项目 --format md       只写 report.md（和 result.json）
      perfeval score 我的项目 --partial         佐证还没收齐 evidence still to come
      perfeval score 我的项目 --json > r.json
      perfeval score 我的项目 --fail-under 80   低于 80 分退出码为 1
    """
    from perfeval.cli._formats import asked, documents
    from perfeval.scoring import open_project

    if as_json and (target is not None or formats is not None or no_report):
        raise Wrong(
            "--json 不写文件，不能与 -o、--format、--no-report 同用。",
            "--json writes no files: use it without -o, --format and --no-report.",
        )
    place = folder / "reports" if target is None else _target(target)
    if target is None and not (as_json or no_report):
        _check_usual(place)
    least = _points(fail_under) if fail_under is not None else None
    chosen = asked(formats) if formats is not None else None
    output.base = str(folder)
    project = open_project(folder, partial)
    result = _scored(project, partial)
    output.problems(result.notes)
    if as_json:
        from perfeval.reports.result_json import render

        output.data(render(result))
        return _code(result, least)
    if chosen is None:
        chosen = documents(project.project.report.formats)
    written = "" if no_report else _write(project, result, place, chosen, output)
    if not output.quiet:
        _show(result, output)
        if written:
            output.remark(written)
        if result.total is None and least is not None:
            output.remark(_pending(result, least, output))
    return _code(result, least)


def _target(text: str) -> Path:
    """The folder of -o."""
    if not text.strip():
        raise Wrong("-o 要一个文件夹，现在是空的。", "-o takes a folder, and there is none.")
    if text == "-":
        raise Wrong(
            "-o 要一个文件夹，报告不能写到标准输出；要结果 JSON，用 --json。",
            "-o takes a folder: reports are not written to stdout; for the result as JSON use --json.",
        )
    target = Path(text)
    if target.exists() and not target.is_dir():
        raise Wrong(f"-o 要一个文件夹，「{target}」是文件。", f"-o takes a folder, and “{target}” is a file.")
    return target


def _check_usual(reports: Path) -> None:
    """A folder from elsewhere must not choose what is written to."""
    if reports.is_symlink():
        raise Wrong(
            f"「{reports}」是链接，报告不写到它指的地方；请换成文件夹，或用 -o 指明写到哪里。",
            f"“{reports}” is a link, and reports are not written to where it points: put a folder there, or say with -o where to write.",
        )


def _points(text: str) -> Fraction:
    from perfeval.problems import Fault
    from perfeval.quantity import split_number

    try:
        points, unit = split_number(text)
        if unit in ("", "分"):
            return points
    except Fault:
        pass
    raise Wrong(f"--fail-under 要一个分数，不是「{text}」。", f"--fail-under takes points, not “{text}”.")


def _scored(project: ProjectFolder, partial: bool) -> Result:
    """The result; report formats that there are not are told along with what else is wrong."""
    from perfeval.cli._formats import check_formats
    from perfeval.problems import ProblemsFound
    from perfeval.scoring import score

    unknown = project.places.placed(check_formats(project))
    try:
        result = score(project, partial=partial)
    except ProblemsFound as found:
        raise ProblemsFound([*found.problems, *unknown]) from None
    if unknown:
        raise ProblemsFound([*result.notes, *unknown])
    return result


def _write(project: ProjectFolder, result: Result, target: Path, formats: list[str], output: Output) -> str:
    """Writes the set; returns the line that says so."""
    from perfeval.reports import file_name, render, result_json
    from perfeval.reports.files import NotOurs, write_set

    firm = None
    if project.project.report.firmness:
        from perfeval.reports.firmness import asked_for

        firm = asked_for(project, result)
    files = {file_name(name): render(name, result, firm) for name in formats}
    files[result_json.NAME] = result_json.render(result)
    try:
        stale = write_set(target, files)
    except NotOurs as found:
        names = "、".join(found.names)
        raise Wrong(
            f"「{target}」里已有不是 perfeval 写的 {names}，不覆盖；请移走它们，或用 -o 换一个文件夹。",
            f"“{target}” holds {', '.join(found.names)} that perfeval did not write, and they stay: move them, or name another folder with -o.",
        ) from None
    comma = output.pick("、", ", ")
    line = output.pick("已写入 ", "Written to ") + f"{target}{output.pick('：', ': ')}{comma.join(files)}"
    if stale:
        names = comma.join(stale)
        line += output.pick(f"（{names} 是以前写的，这次没有更新）", f" ({names}: from an earlier run, not updated)")
    return line


def _show(result: Result, output: Output) -> None:
    import sys

    from perfeval.cli._scoreboard import scoreboard
    from perfeval.cli._shown import can_print
    from perfeval.cli.output import columns

    glyphs = next((pair for pair in ("█░", "█·") if can_print(sys.stdout, pair)), "#.")
    output.render(scoreboard(result, output, columns(sys.stdout), glyphs))
    if result.notes:
        output.remark(output.pick(f"警告和提示 {len(result.notes)} 条，见上。", f"{len(result.notes)} warnings and notes: see above."))


def _code(result: Result, least: Fraction | None) -> int:
    """Exit 1 where a total is asked for and not reached, or not certain to be. A pending total is an interval."""
    return int(least is not None and (result.low if result.total is None else result.total) < least)


def _pending(result: Result, least: Fraction, output: Output) -> str:
    from perfeval.quantity import show_decimal

    low, high, wanted = map(show_decimal, (result.low, result.high, least))
    if result.low >= least:
        return output.pick(
            f"总分待定，但至少有 {low} 分，已达到 {wanted} 分。", f"The total is pending, but at least {low}: {wanted} is reached."
        )
    if result.high < least:
        return output.pick(
            f"总分待定，但最多 {high} 分，达不到 {wanted} 分。", f"The total is pending, but at most {high}: below {wanted}."
        )
    return output.pick(
        f"总分待定（{low}～{high}），还不能肯定达到 {wanted} 分。",
        f"The total is pending ({low} to {high}): {wanted} is not certain to be reached.",
    )
