"""Measures the figures of `perfeval batch` in one run and writes them into ../README.md: `python benchmarks/batches/measure.py`.

Every competitor is a process of its own, timed from outside in turns with ours; cells that differ from ours count as wrong, and ours
are held against the interpreter, row by row, on a sample. OpenFisca and Spark are measured where they are installed (`make bench`
installs them).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from run import PERFEVAL, Figure, Process, environment, in_turns, machine, write_results  # noqa: E402

ROUNDS = 5
SAMPLE = 2_000
BEGIN, END = "<!-- batches: written by batches/measure.py -->", "<!-- end of batches -->"
HAS_OPENFISCA = find_spec("openfisca_core") is not None
HAS_SPARK = find_spec("pyspark") is not None and shutil.which("java") is not None
CALLED = {
    "polars": "`perfeval batch`",
    "duckdb": "`perfeval batch --engine duckdb`",
    "spark": "`perfeval batch --engine spark`, this machine",
    "by_hand": "Polars by hand, in floats",
    "by_sql": "DuckDB by hand, as SQL is written",
    "by_openfisca": "OpenFisca-core, in floats",
}
PACKAGES = ("polars", "duckdb", "sqlglot", "pyspark", "OpenFisca-Core")


class Made:
    """A folder with evidence and its tree, and what is run over it."""

    def __init__(self, root: Path, rows: int, copies: int = 1) -> None:
        self.folder, self.rows = root / f"{rows}x{copies}", rows
        self.evidence, self.tree = self.folder / "evidence.parquet", self.folder / "indicators.yaml"
        subprocess.run([sys.executable, str(HERE / "evidence.py"), str(rows), str(copies), str(self.folder)], check=True)

    def scores(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def ours(self, engine: str = "polars") -> Process:
        command = [*PERFEVAL, "batch", str(self.evidence), "--indicators", str(self.tree), "-o", str(self.scores(engine)), "-q"]
        return Process([*command, "--engine", engine])

    def other(self, name: str) -> Process:
        return Process([sys.executable, str(HERE / f"{name}.py"), str(self.evidence), str(self.scores(name))])

    def programs(self) -> dict[str, Process]:
        """Everything that scores this table, by the name of the scores' file."""
        found = {"polars": self.ours(), "duckdb": self.ours("duckdb"), "by_hand": self.other("by_hand"), "by_sql": self.other("by_sql")}
        return found | ({"by_openfisca": self.other("by_openfisca")} if HAS_OPENFISCA else {})

    def wrong(self, names: Collection[str]) -> dict[str, list[float | str]]:
        return json_of("wrong_cells.py", str(self.folder), str(SAMPLE), *(name for name in names if name != "polars"))


def peak(process: Process) -> float:
    return median(process.megabytes)


def json_of(script: str, *arguments: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, str(HERE / script), *arguments], check=True, stdout=subprocess.PIPE, env=environment())
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def compared(made: Made, rounds: int) -> tuple[dict[str, Process], list[str]]:
    """All programs over one table in turns, and a line of the table for each."""
    programs = made.programs()
    in_turns(*programs.values(), rounds=rounds)
    wrong = made.wrong(programs)
    lines = [
        f"| {made.rows:,} | {CALLED[name]} | {one.typical:.2f} s | {peak(one):,.0f} MB | {wrong[name][0]:,.0f} |"
        for name, one in programs.items()
    ]
    return programs, lines


def figures(root: Path, lines: list[str]) -> Iterator[Figure]:
    """The figures; `lines` becomes the table of all programs at all sizes."""
    small, middle = Made(root, 100_000), Made(root, 1_000_000)
    few, lines[:] = compared(small, ROUNDS)
    programs, more = compared(middle, ROUNDS)
    lines += more
    ours, by_hand = programs["polars"], programs["by_hand"]
    yield Figure("batch cells", "≤", 0, " wrong", *middle.wrong([])["polars"])
    yield Figure("batch by hand", "≤", 1.1, " ×", ours.typical / by_hand.typical, f"{ours.told()} : {by_hand.told()}")
    if HAS_OPENFISCA:
        other = programs["by_openfisca"]
        yield Figure("batch OpenFisca", "≥", 2.5, " ×", other.typical / ours.typical, f"{other.told()} : {ours.told()}")
        yield Figure("batch memory", "≤", 0.7, " ×", peak(ours) / peak(other), f"{peak(ours):.0f} MB : {peak(other):.0f} MB")
    compute = json_of("compute.py", str(middle.folder))
    yield Figure("batch compute", "≤", 1.5, " ×", *compute["compute"])
    yield Figure("batch Python", "≥", 50, " ×", *compute["python"])
    large = Made(root, 10_000_000)
    many, more = compared(large, 2)
    lines += more
    ten = many["polars"]
    yield Figure("batch memory at 10⁷", "≤", 2, " ×", peak(ten) / peak(ours), f"{peak(ten):.0f} MB : {peak(ours):.0f} MB")
    yield Figure("batch growth", "≤", 11, " ×", ten.typical / ours.typical, f"10⁷ rows {ten.told()} : 10⁶ rows {ours.told()}")
    shutil.rmtree(large.folder)
    wide, narrow = Made(root, 100_000, 10).ours(), few["polars"]
    in_turns(wide, rounds=3)
    yield Figure("batch leaves", "≤", 12, " ×", wide.typical / narrow.typical, f"210 leaves {wide.told()} : 21 leaves {narrow.told()}")
    start = Made(root, 1_000).ours()
    in_turns(start, rounds=ROUNDS)
    yield Figure("batch start", "≤", 1.5, " s", start.typical, start.told())
    if HAS_SPARK:
        yield from spark_figures(middle, lines)


def spark_figures(made: Made, lines: list[str]) -> Iterator[Figure]:
    """Spark on this machine: the generated query against one written by hand, every column computed and none written."""
    found = json_of("sql.py", str(made.folder), "spark")
    seconds, ratios = found["seconds"], found["ratio to"]
    told = ", ".join(f"{name} {seconds[name]:.2f} s" for name in seconds)
    yield Figure("batch Spark", "≤", 2.5, " ×", ratios["by hand"], f"{told}; {ratios['by hand, floats']:.2f} × in floats")
    whole = made.ours("spark")
    in_turns(whole, rounds=1)
    wrong = made.wrong(["spark"])
    lines.append(f"| {made.rows:,} | {CALLED['spark']} | {whole.typical:.2f} s | – | {wrong['spark'][0]:,.0f} |")


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        lines: list[str] = []
        found = list(figures(Path(name), lines))
    head = ["| Figure | Goal | Measured | | In detail |", "|---|---|---|---|---|"]
    every = ["", "| Rows | Program | Time | Peak memory | Wrong cells |", "|---|---|---|---|---|", *lines]
    table = "\n".join([machine(PACKAGES), "", *head, *(figure.row() for figure in found), *every])
    print(table)
    write_results(table, BEGIN, END)
    missed = [figure.name for figure in found if not figure.met]
    if missed:
        print(f"未达到 missed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
