"""diff: what a change of rules means, and whom it moves."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfeval.cli._diff_table import ENGINES, TableOf, hint, read_files
from perfeval.cli._diff_table import asked as table_asked
from perfeval.cli._diff_table import moved as table_moved
from perfeval.cli._tables import spare
from perfeval.cli.output import Output, Wrong
from perfeval.cli.output import command as command_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfeval.diffing.projects import Moved
    from perfeval.problems import Problem
    from perfeval.reading.rule_sources import RuleSet
    from perfeval.reports.changes.compared import Compared

_FORMATS = ("text", "md", "html", "json")
_BY_ENDING = {".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".json": "json"}
_READ = (".yaml", ".yml", ".csv", ".parquet")  # what a project's folder holds as evidence
_NO_FILE = ("/dev/null", "nul", "NUL")  # what git's diff driver gives for a file that is not there


@command_with("比较两套规则 what a change of rules means")
@click.argument("old")
@click.argument("new")
@click.option(
    "--project",
    "projects",
    metavar="FOLDER",
    multiple=True,
    help="算出对这些项目的影响（可写多次，可用通配符） Whom it moves (repeatable).",
)
@click.option(
    "--evidence",
    "table",
    metavar="TABLE",
    help="每行一个项目的佐证表（.csv、.parquet 等） A table of evidence, one project in a row.",
)
@click.option("--engine", type=click.Choice(ENGINES), help="怎样算表：逐行（CSV 的默认），或整列 Row by row (default of CSV), or columns.")
@click.option("--id", "id_name", metavar="COLUMN", help="表里哪一列是项目名称 The column that names projects.")
@click.option("--moved", metavar="FILE", help="表里变了的项目写到这里（.csv、.parquet） A table of the projects that move.")
@click.option("--format", "form", type=click.Choice(_FORMATS), help="输出格式（默认看文件名，否则 text） Output format.")
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="写到文件里 Write it to a file instead of printing it.",
)
@click.option("--wording", is_flag=True, help="也列出文字改动 List changes of wording too.")
def command(
    old: str,
    new: str,
    projects: tuple[str, ...],
    table: str | None,
    engine: str | None,
    id_name: str | None,
    moved: str | None,
    form: str | None,
    target: Path | None,
    wording: bool,
    output: Output,
) -> int:
    """比较两套规则：改了什么，含义变在哪里、差多少分，对项目的得分和等级有什么影响。只是换了写法的不算差别。

    Compare two rule sets: what was edited, where it means something else and by how many points, what it does to the
    scores and grades of projects. What was only spelled otherwise is no difference.

    \b
    OLD、NEW 是指标文件、项目文件夹、builtin:编号，或 git 版本（HEAD~3、HEAD~3:文件夹/indicators.yaml）。
    OLD and NEW are indicators files, project folders, builtin:ID, or git revisions.
    退出码：0 含义相同，1 有差别，2 读不了。 Exit code: 0 the same, 1 differences, 2 bad input.

    \b
    例 Examples:
      perfeval diff 旧.yaml 新.yaml
      perfeval diff HEAD~1 HEAD --project 我的项目         改动对得分的影响 what it does to the score
      perfeval diff 旧.yaml 新.yaml --project "项目/*"     许多项目 many projects
      perfeval diff 旧.yaml 新.yaml --evidence 佐证.csv    每行一个项目 one project in a row
      perfeval diff 旧.yaml 新.yaml --evidence 佐证.parquet --moved 变了的.csv   一百万行 a million rows
      perfeval diff 旧.yaml 新.yaml -o 变化.html
    """
    from perfeval.cli._projects import project_folders

    if target is not None:
        _check_target(target)
    asked = table_asked(table, engine, id_name, moved)
    chosen = form or (_BY_ENDING.get(target.suffix.lower(), "text") if target else "text")
    folders = project_folders(projects)
    _spare((old, new), folders, asked, target)
    if asked is not None and (old in _NO_FILE or new in _NO_FILE):
        raise Wrong("--evidence 要两套规则。", "--evidence needs two rule sets.")
    sides = _rule_sets(old, new, folders)
    compared, failed = _compared(sides, folders, asked, output)
    _show(compared, chosen, target, wording, output)
    return 2 if failed else int(compared.differs)


def _check_target(target: Path) -> None:
    if str(target) == "-":
        raise Wrong("-o 要一个文件名；不写 -o 就打印出来。", "-o takes a file name; without -o it is printed.")
    if os.path.isdir(target):
        raise Wrong(f"-o 要一个文件名，「{target}」是文件夹。", f"-o takes a file name, and “{target}” is a folder.")
    if not os.path.isdir(target.parent):
        raise Wrong(f"没有文件夹「{target.parent}」。", f"There is no folder “{target.parent}”.")


def _spare(rules: tuple[str, str], folders: list[str], table: TableOf | None, target: Path | None) -> None:
    """Neither the report nor the table of movers takes the place of anything that is read, or of each other."""
    targets = [str(target) if target is not None else None, table.target if table is not None else None]
    if None not in targets and len({str(Path(str(one)).absolute()) for one in targets}) < 2:
        raise Wrong("几个结果不能写到同一个地方。", "Results cannot go to the same place.")
    read = [Path(word, "indicators.yaml") if os.path.isdir(word) else Path(word) for word in rules]
    for folder in folders:
        for word in targets:
            if word is not None and Path(word).suffix.lower() in _READ and Path(word).resolve().is_relative_to(Path(folder).resolve()):
                read.append(Path(word))
    spare([*read, *read_files(table)], table.word if table is not None else None, targets)


def _rule_sets(old: str, new: str, folders: list[str]) -> tuple[RuleSet | None, RuleSet | None]:
    """Both sides; None where git says that there was, or is, no such file. What is wrong with either is told together."""
    from perfeval.problems import ProblemsFound
    from perfeval.reading.rule_sources import read_rules

    if old in _NO_FILE and new in _NO_FILE:
        raise Wrong("OLD 和 NEW 至少要有一套规则。", "At least one of OLD and NEW must be a rule set.")
    found: list[RuleSet | None] = []
    problems: list[Problem] = []
    for word in (old, new):
        try:
            found.append(None if word in _NO_FILE else read_rules(word, Path(folders[0]) if len(folders) == 1 else None, Path.cwd()))
        except ProblemsFound as faults:
            problems += faults.problems
    if len(found) < 2:
        raise ProblemsFound(problems)
    return found[0], found[1]


def _compared(
    sides: tuple[RuleSet | None, RuleSet | None], folders: list[str], table: TableOf | None, output: Output
) -> tuple[Compared, bool]:
    """The comparison, and whether anything could not be read. What is wrong with a project is told below its folder."""
    from perfeval.diffing.rules import diff_rules
    from perfeval.reports.changes.compared import Compared

    old, new = sides
    if old is None or new is None:
        return Compared(old, new, None), False
    diff = diff_rules(old.indicators, new.indicators)
    compared = Compared(old, new, diff)
    wrong = compared.news
    output.problems(wrong)
    by_row = Path(table.word) if table is not None and table.engine == "rows" else None
    compared = compared._replace(moved=(*_moved(compared, folders, output), *(_moved_rows(compared, by_row, output) if by_row else ())))
    if table is not None and by_row is None:
        compared = compared._replace(table=table_moved(compared, table, output))
    failed = any(problem.is_error for problem in wrong) or any(one.effect is None for one in compared.moved)
    return compared, failed


def _moved(compared: Compared, folders: list[str], output: Output) -> Iterator[Moved]:
    """Each project under both rule sets, counted on a terminal while it takes its time."""
    from perfeval.cli._projects import shown_folders
    from perfeval.diffing.projects import moved
    from perfeval.reports.changes.compared import of_project, slim

    old, new, diff = compared.old, compared.new, compared.diff
    assert old is not None and new is not None and diff is not None
    known, shown = compared.known, shown_folders(folders, Path.cwd())
    rules = [(one.indicators, one.sources, one.problems) for one in (old, new)]
    found = moved(diff, rules[0], rules[1], [(shown[folder], Path(folder)) for folder in folders])
    for number, (folder, one) in enumerate(zip(folders, found, strict=True), 1):
        _count(number, len(folders), output)
        output.base = folder
        output.problems(of_project(one, known, len(folders) == 1))
        yield slim(one)


def _moved_rows(compared: Compared, table: Path, output: Output) -> Iterator[Moved]:
    """Each row of a table of evidence under both rule sets; what is wrong with one is told, and the others still count."""
    from perfeval.diffing.projects import moved_rows
    from perfeval.reading.evidence_table import read_evidence_table
    from perfeval.reports.changes.compared import of_project, slim

    old, new, diff = compared.old, compared.new, compared.diff
    assert old is not None and new is not None and diff is not None
    output.base = str(table.parent)
    rows = read_evidence_table(table)
    output.problems(rows.unused(diff.either))
    hint(len(rows.rows), output)
    rules = [(one.indicators, one.sources, one.problems) for one in (old, new)]
    for number, one in enumerate(moved_rows(diff, rules[0], rules[1], rows), 1):
        _count(number, len(rows.rows), output)
        output.problems(of_project(one, compared.known, len(rows.rows) == 1))
        yield slim(one)


def _count(number: int, whole: int, output: Output) -> None:
    """On the terminal, over itself; at the end it is gone."""
    import sys

    from perfeval.cli.output import coloured

    if whole > 1 and not output.quiet and coloured(sys.stderr):
        click.echo(f"\r{number} / {whole}" if number < whole else "\r\x1b[K", nl=False, err=True)


def _show(compared: Compared, form: str, target: Path | None, wording: bool, output: Output) -> None:
    import sys

    from perfeval.cli._diffboard import diffboard
    from perfeval.cli.output import columns
    from perfeval.reports.changes import render
    from perfeval.reports.changes.view import Wanted, report_of, verdict

    wanted = Wanted(wording=wording)
    if form == "text":
        lines = list(diffboard(report_of(compared, output.lang, wanted), columns(sys.stdout)))
        text = "".join("".join(piece for piece, _ in line).rstrip() + "\n" for line in lines)
    else:
        text = render(form, compared, output.lang, wanted)
    if target is not None:
        from perfeval.reports.files import write_file

        write_file(target, text.encode())
        output.remark(f"{verdict(compared, output.lang)} {output.pick('已写入 ', 'Written to ')}{target}")
    elif form == "json":
        output.data(text)
    elif form == "text":
        if not output.quiet:
            output.render(lines)
    else:
        output.out.append(text)
