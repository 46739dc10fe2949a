"""Measures every figure of README.md in one run, writes the results there, fails where one is missed.

Processes are timed from outside, commands that are compared in turns: a slow moment of the machine meets
all of them. Only the standard library is imported here: a child's peak memory would else show this process'.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Literal, NamedTuple

from trees import write_project

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "examples" / "xiangyuan_2023"
PERFEVAL = [sys.executable, str(Path(sys.executable).with_name("perfeval"))]  # as a user starts it
REPORTS = ("report.md", "report.html")
IMPORTS = """
import click, yaml, rich.table, jinja2
from pydantic import BaseModel
class Model(BaseModel):
    name: str
    weight: int
"""
ROUNDS = 25
AUDITED = 1_000  # leaves of the large audit
BEGIN, END = "<!-- results: written by run.py -->", "<!-- end of results -->"


class Figure(NamedTuple):
    name: str
    sign: Literal["≤", "<", "≥"]
    goal: float
    unit: str
    measured: float
    detail: str

    @property
    def met(self) -> bool:
        return {
            "≤": self.measured <= self.goal,
            "<": self.measured < self.goal,
            "≥": self.measured >= self.goal,
        }[self.sign]

    def row(self) -> str:
        goal, measured = f"{self.sign} {self.goal:,g}{self.unit}", f"{shown(self.measured)}{self.unit}"
        return f"| `{self.name}` | {goal} | {measured} | {'met' if self.met else '**missed**'} | {self.detail} |"


def shown(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"


def environment() -> dict[str, str]:
    """Byte code may be written and read, nothing is traced, and the words are the same everywhere."""
    left_out = ("PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "PYTHONDEVMODE", "PERFEVAL_DEBUG")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {"PERFEVAL_LANG": "zh", "NO_COLOR": "1"}


class Process:
    """A command to time: seconds and peak memory of each run."""

    def __init__(self, command: list[str], before: Callable[[], None] = lambda: None) -> None:
        self.command = command
        self.before = before
        self.seconds: list[float] = []
        self.megabytes: list[float] = []

    def run(self) -> None:
        self.before()
        start = perf_counter()
        child = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment())
        assert child.stderr is not None
        said = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        self.seconds.append(perf_counter() - start)
        child.stderr.close()
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            raise SystemExit(f"exit {child.returncode}: {' '.join(self.command)}\n{said.decode(errors='replace')}")
        self.megabytes.append(usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024))

    def forget(self) -> None:
        self.seconds.clear()
        self.megabytes.clear()

    @property
    def typical(self) -> float:
        return median(self.seconds)

    def told(self) -> str:
        return f"{self.typical * 1000:.0f} ms (least {min(self.seconds) * 1000:.0f})"


def in_turns(*processes: Process, rounds: int = ROUNDS) -> None:
    """Warm up once (byte code, disk cache), then run each in every round."""
    for process in processes:
        process.run()
        process.forget()
    for _ in range(rounds):
        for process in processes:
            process.run()


def process_figures(folder: Path) -> Iterator[Figure]:
    """Figures of whole processes, on a copy of the example."""
    project = folder / EXAMPLE.name
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("reports"))
    reports = project / "reports"
    score = Process([*PERFEVAL, "score", str(project)], lambda: shutil.rmtree(reports, ignore_errors=True))
    imports = Process([sys.executable, "-c", IMPORTS])
    help_page = Process([*PERFEVAL, "--help"])
    click = Process([sys.executable, "-c", "import click"])
    in_turns(score, imports, help_page, click)
    missing = [name for name in REPORTS if not (reports / name).is_file()]
    if missing:
        raise SystemExit(f"perfeval score wrote no {', '.join(missing)}")
    yield Figure("score", "≤", 1.6, " ×", score.typical / imports.typical, f"{score.told()} : {imports.told()}")
    yield Figure("help", "≤", 2, " ×", help_page.typical / click.typical, f"{help_page.told()} : {click.told()}")
    yield Figure("memory", "<", 80, " MB", max(score.megabytes), f"only the imports: {max(imports.megabytes):.0f} MB")


def engine_figures(folder: Path) -> Iterator[Figure]:
    """Figures of the engine alone, in a process of its own that keeps to one core."""
    command = [sys.executable, str(HERE / "engine.py"), str(EXAMPLE), str(folder)]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment()).stdout)
    yield Figure("trees", "≥", 1500, " a second", *found["trees"])
    yield Figure("scoring", "<", 12, " ×", *found["scoring"])
    yield Figure("interpreter", "<", 12, " ×", *found["interpreter"])


def diff_figures(folder: Path) -> Iterator[Figure]:
    """Figures of comparing rule sets, in a process of its own."""
    command = [sys.executable, str(HERE / "diffs.py"), str(EXAMPLE), str(folder)]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment()).stdout)
    yield Figure("effect", "≤", 1.2, " ×", *found["effect"])
    yield Figure("large", "<", 2, " s", *found["large"])


def audit_figures(folder: Path) -> Iterator[Figure]:
    """Whole audits, each in a fresh process: the example with its report, and a tree of 1,000 leaves. The best of three counts."""
    large = write_project(folder / "audited", AUDITED)
    example, tree = (
        Process([*PERFEVAL, "audit", str(project), "--fail-on", "never", *more])
        for project, more in ((EXAMPLE, ["--report", str(EXAMPLE / "report.txt")]), (large, []))
    )
    in_turns(example, tree, rounds=3)
    yield Figure("audit", "≤", 2, " s", min(example.seconds), "the example with its report")
    yield Figure("audit large", "≤", 3, " s", min(tree.seconds), f"{AUDITED:,} leaves")


def machine(more: Sequence[str] = ()) -> str:
    names = ("perfeval", "click", "pydantic", "PyYAML", "rich", "Jinja2", *(name for name in more if _installed(name)))
    python = f"{platform.python_implementation()} {platform.python_version()}"
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, {python}; {packages}."


def _installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def write_results(table: str, first: str = BEGIN, last: str = END) -> None:
    page = HERE / "README.md"
    before, begin, rest = page.read_text(encoding="utf-8").partition(first)
    _, end, after = rest.partition(last)
    if not (begin and end):
        raise SystemExit(f"{page.name} lacks the lines {first} and {last}")
    page.write_text(f"{before}{first}\n{table}\n{last}{after}", encoding="utf-8")


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = [*process_figures(folder), *engine_figures(folder), *diff_figures(folder), *audit_figures(folder)]
    head = ["| Figure | Goal | Measured | | In detail |", "|---|---|---|---|---|"]
    table = "\n".join([machine(), "", *head, *(figure.row() for figure in figures)])
    print(table)
    write_results(table)
    missed = [figure.name for figure in figures if not figure.met]
    if missed:
        print(f"未达到 missed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
