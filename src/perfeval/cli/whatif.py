"""whatif: scores under other evidence, the ways to a grade, and how firm the grade is. Nothing is written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfeval.cli.output import PROJECT_FOLDER, Output, Wrong
from perfeval.cli.output import command as command_with

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfeval.problems import Problem
    from perfeval.whatif.asked import Given
    from perfeval.whatif.found import Ways
    from perfeval.whatif.robust import Robust
    from perfeval.whatif.setting import Changed, Ground


@command_with("假设别的佐证，看得分和等级 scores and grades under other evidence")
@click.argument("folder", default=".", type=PROJECT_FOLDER)
@click.option("--set", "words", metavar="KEY=VALUE", multiple=True, help="假设这项佐证是这个值，可写几次 Suppose this evidence.")
@click.option(
    "--set-file", metavar="FILE", type=click.Path(path_type=Path), help="假设写在文件里：每行 KEY=VALUE，或 YAML Suppositions in a file."
)
@click.option("--to", "grade", metavar="GRADE", help="列出达到这个等级的办法 The ways to a grade.")
@click.option("--final", metavar="KEY", multiple=True, help="这项佐证（或指标）已定，不能再变，可写几次 Evidence that can change no more.")
@click.option("--robust", is_flag=True, help="等级有多稳：最少动多少权重，最小改哪一项 How firm the grade is.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式 Output format.")
def command(
    folder: Path,
    words: tuple[str, ...],
    set_file: Path | None,
    grade: str | None,
    final: tuple[str, ...],
    robust: bool,
    form: str,
    output: Output,
) -> int:
    """假设佐证变了，得分和等级会怎样；要到某个等级，最少改哪几个指标；等级有多稳。不写任何文件。

    What scores and grades would be under other evidence, the shortest ways to a grade, and how firm the grade is.
    KEY is a fact's name, an answer's key (leaf/word/id), or an indicator's name where it has one answer.

    \b
    例 Examples:
      perfeval whatif 我的项目 --set 职工满意度=85%
      perfeval whatif 我的项目 --set 项目执行有效性/checklist/publicity=是 --set 帮扶人数=8人
      perfeval whatif 我的项目 --to 优                        最少改哪几个指标 the fewest indicators
      perfeval whatif 我的项目 --to 优 --final 绩效目标合理性   这个指标已定 this one is final
      perfeval whatif 我的项目 --robust                       等级有多稳 how firm the grade is
    """
    from perfeval.problems import ProblemsFound
    from perfeval.whatif.keys import Refused

    if not (words or set_file or grade is not None or robust):
        raise Wrong(
            "说明要看什么：--set KEY=VALUE（假设）、--to 等级（怎样达到）或 --robust（有多稳）。",
            "Say what to look at: --set KEY=VALUE (suppose), --to GRADE (the ways to it) or --robust (how firm it is).",
        )
    if final and grade is None and not robust:
        raise Wrong("--final 与 --to 或 --robust 同用。", "--final goes with --to or --robust.")
    try:
        return _run(folder, words, set_file, grade, final, robust, form, output)
    except ProblemsFound as found:
        raise ProblemsFound(_based(found.problems, folder, set_file)) from None
    except Refused as refused:
        output.problems(_based(refused.beside, folder, set_file))
        raise Wrong(refused.zh, refused.en) from None


def _run(
    folder: Path,
    words: tuple[str, ...],
    set_file: Path | None,
    grade: str | None,
    final: tuple[str, ...],
    robust: bool,
    form: str,
    output: Output,
) -> int:
    from perfeval.cli import _whatif, _whatif_json
    from perfeval.scoring import open_project
    from perfeval.whatif.setting import changed, ground

    given = _given(words, set_file)
    start = ground(open_project(folder, partial=True))
    supposed = changed(start, given) if given else None
    at = supposed.after if supposed is not None else start
    output.problems(_based(_told(start, supposed), folder, set_file))
    ways = _ways(at, grade, final) if grade is not None else None
    firm = _firm(at, final) if robust else None
    if form == "json":
        output.data(_whatif_json.render(start, supposed, ways, firm))
    else:
        for line in _whatif.told(start, supposed, ways, firm, output):
            output.result(line)
    return 1 if ways is not None and not ways.ways else 0


def _given(words: tuple[str, ...], file: Path | None) -> list[Given]:
    from perfeval.reading.texts import MAX_BYTES
    from perfeval.whatif.given import from_file, from_options

    found = from_options(words)
    if file is None:
        return found
    if not os.path.isfile(file):
        kind = (
            ("没有文件「{}」。", "There is no file “{}”.")
            if not os.path.exists(file)
            else ("--set-file 要一个文件，「{}」不是。", "--set-file takes a file, and “{}” is none.")
        )
        raise Wrong(kind[0].format(file), kind[1].format(file))
    with file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    return [*found, *from_file(str(file), data)]


def _told(start: Ground, supposed: Changed | None) -> list[Problem]:
    """Warnings and notes of the project, and those that only the suppositions bring."""
    found = list(start.result.notes)
    if supposed is not None:
        found += [note for note in supposed.after.result.notes if note not in found]
    return found


def _based(problems: Iterable[Problem], folder: Path, set_file: Path | None) -> list[Problem]:
    """Files of the folder as they are seen from here; what was said on the command line, or in a file named there, stays."""
    from perfeval.cli._problems import file_from

    found = []
    for problem in problems:
        where = problem.where
        if where is not None and not where.file.startswith("--set ") and where.file != str(set_file):
            problem = problem._replace(where=where._replace(file=file_from(where, str(folder))))
        found.append(problem)
    return found


def _ways(at: Ground, grade: str, final: tuple[str, ...]) -> Ways:
    from perfeval.whatif.robust import standing_of
    from perfeval.whatif.ways import finals, ways

    standing = standing_of(at)
    return ways(standing, grade, finals(standing, final))


def _firm(at: Ground, final: tuple[str, ...]) -> Robust:
    from perfeval.whatif.robust import robust, standing_of
    from perfeval.whatif.ways import finals

    return robust(at, finals(standing_of(at), final) if final else ())
