"""check: does each project still come out as its `expect` says, to the last digit?"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfeval.cli._shown import escaped
from perfeval.cli.output import MAYBE_A_FOLDER, Output
from perfeval.cli.output import command as command_with

if TYPE_CHECKING:
    from fractions import Fraction

    from perfeval.model.folder import ProjectFolder
    from perfeval.model.result import Result
    from perfeval.problems import Problem, Step, Where


@dataclass
class Check:
    """One thing that is expected."""

    name: str  # "total", "grade", or the node as expect names it
    expected: str
    actual: str
    holds: bool
    where: Where


@dataclass
class Checked:
    """What became of one folder. `problems` hold errors where it could not be scored."""

    folder: str
    checks: list[Check] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()
    total: str = ""
    grade: str = ""
    failure: OSError | None = None  # where the system does not let it be read

    @property
    def failed(self) -> bool:
        return self.failure is not None or any(problem.is_error for problem in self.problems)

    @property
    def differences(self) -> list[Check]:
        return [check for check in self.checks if not check.holds]

    @property
    def code(self) -> int:
        if self.failure is not None:
            return 3
        return 2 if self.failed else int(bool(self.differences))


@command_with("核对 expect 里的结果 compare results with what is expected")
@click.argument("folders", nargs=-1, required=True, type=MAYBE_A_FOLDER)
@click.option("--format", "form", type=click.Choice(["text", "json", "junit", "github"]), default="text", help="输出格式 Output format.")
def command(folders: tuple[Path, ...], form: str, output: Output) -> int:
    """重新打分，与 project.yaml 里 expect 写的总分、等级、各项得分逐一核对，一位也不差才算一致。

    Score again and compare with `expect` in project.yaml, exactly: total, grade, scores.
    Exit code 1 where something differs, 2 where a project cannot be scored, 3 where the system does not let it be read.

    \b
    例 Examples:
      perfeval check examples/xiangyuan_2023
      perfeval check 项目/*
      perfeval check 项目/* --format junit > check.xml
      perfeval check 项目/* --format github      在 GitHub Actions 里标出行 marks lines in GitHub Actions
    """
    from perfeval.cli import _check_formats
    from perfeval.cli._system import system_error

    results = [check(folder) for folder in folders]
    for one in results:
        output.base = one.folder
        if form != "github":
            output.problems(one.problems)
        if one.failure is not None:
            output.err.append(escaped(output.pick(*system_error(one.failure))) + "\n")
    getattr(_check_formats, f"as_{form}")(results, output)
    return max(one.code for one in results)


def check(folder: Path) -> Checked:
    """Scores a folder and compares; its problems are kept, so that the other folders are checked too."""
    from perfeval.problems import ProblemsFound
    from perfeval.scoring import open_project, score

    done = Checked(str(folder))
    try:
        project = open_project(folder)
        result = score(project)
    except ProblemsFound as found:
        done.problems = found.problems
        return done
    except OSError as error:
        done.failure = error
        return done
    done.problems = result.notes
    _compare(done, project, result)
    return done


def _compare(done: Checked, project: ProjectFolder, result: Result) -> None:
    from perfeval.lowering.nodes import NodeIndex
    from perfeval.problems import Origin, Problem
    from perfeval.quantity import show_decimal

    expect, by_id = project.project.expect, {one.id: one for one in result.indicators}
    nodes, unknown = NodeIndex(project.tree), list[Problem]()
    done.total = "" if result.total is None else show_decimal(result.total)
    done.grade = result.grade or ""
    if expect is None:
        return

    def add(name: str, expected: Fraction | str | None, actual: Fraction | str | None, low: Fraction, high: Fraction, *path: Step) -> None:
        if expected is None:
            return
        if actual is None:
            shown = f"{show_decimal(low)}～{show_decimal(high)}"
        else:
            shown = actual if isinstance(actual, str) else _apart(actual, expected, result.places)
        told = expected if isinstance(expected, str) else show_decimal(expected)
        where = project.places.where(Origin(project.project_file, ("expect", *path)))
        done.checks.append(Check(name, told, shown, expected == actual, where))

    add("total", expect.total, result.total, result.low, result.high, "total")
    add("grade", expect.grade, result.grade or "", result.low, result.high, "grade")
    for node, points in expect.scores.items():
        found = nodes.find(node)
        if isinstance(found, Problem):
            unknown.append(found.under(Origin(project.project_file, ("expect", "scores", node), of_key=True)))
            continue
        one = by_id[found[1][-1].key]
        add(node, points, one.score, one.low, one.high, "scores", node)
    done.problems = (*done.problems, *project.places.placed(unknown))


def _apart(actual: Fraction, expected: Fraction | str | None, places: int) -> str:
    """The actual number with enough digits to differ from the expected one."""
    from perfeval.quantity import show_short

    return show_short(actual, places, [] if isinstance(expected, str) or expected is None else [expected])
