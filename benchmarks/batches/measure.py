"""Measures the figures of `perfeval batch` in one run and writes them into ../README.md: `python benchmarks/batches/measure.py`.

Every competitor is a process of its own, timed from outside in turns with ours; cells that differ from ours count as wrong, and ours
are held against the interpreter, row by row, on a sample. OpenFisca is compared where it is installed.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from run import PERFEVAL, Figure, Process, environment, in_turns, machine, write_results  # noqa: E402

ROUNDS = 5
SAMPLE = 2_000
BEGIN, END = "<!-- batches: written by batches/measure.py -->", "<!-- end of batches -->"
PACKAGES = ("polars", "duckdb", "sqlglot", "pyspark", "OpenFisca-Core")


class Made:
    """A folder with evidence and its tree, and what is run over it."""

    def __init__(self, root: Path, rows: int, copies: int = 1) -> None:
        self.folder = root / f"{rows}x{copies}"
        self.evidence, self.tree = self.folder / "evidence.parquet", self.folder / "indicators.yaml"
        subprocess.run([sys.executable, str(HERE / "evidence.py"), str(rows), str(copies), str(self.folder)], check=True)

    def scores(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def ours(self) -> Process:
        return Process([*PERFEVAL, "batch", str(self.evidence), "--indicators", str(self.tree), "-o", str(self.scores("ours")), "-q"])

    def other(self, name: str) -> Process:
        return Process([sys.executable, str(HERE / f"{name}.py"), str(self.evidence), str(self.scores(name))])


def peak(process: Process) -> float:
    return median(process.megabytes)


def json_of(script: str, *arguments: str) -> dict[str, list[float | str]]:
    done = subprocess.run([sys.executable, str(HERE / script), *arguments], check=True, stdout=subprocess.PIPE, env=environment())
    found: dict[str, list[float | str]] = json.loads(done.stdout)
    return found


def figures(root: Path) -> Iterator[Figure]:
    small, middle, large = Made(root, 100_000), Made(root, 1_000_000), Made(root, 10_000_000)
    has_openfisca = find_spec("openfisca_core") is not None
    ours, by_hand = middle.ours(), middle.other("by_hand")
    openfisca = [middle.other("by_openfisca")] if has_openfisca else []
    in_turns(ours, by_hand, *openfisca, rounds=ROUNDS)
    wrong = json_of("wrong_cells.py", str(middle.folder), str(SAMPLE), *(["by_openfisca"] if has_openfisca else []), "by_hand")
    yield Figure("batch cells", "≤", 0, " wrong", *wrong["ours"])
    yield Figure(
        "batch by hand", "≤", 1.1, " ×", ours.typical / by_hand.typical, f"{ours.told()} : {by_hand.told()}; {wrong['by_hand'][1]}"
    )
    for other in openfisca:
        detail = f"{other.told()} : {ours.told()}; {wrong['by_openfisca'][1]}"
        yield Figure("batch OpenFisca", "≥", 2.5, " ×", other.typical / ours.typical, detail)
        yield Figure("batch memory", "≤", 0.7, " ×", peak(ours) / peak(other), f"{peak(ours):.0f} MB : {peak(other):.0f} MB")
    compute = json_of("compute.py", str(middle.folder))
    yield Figure("batch compute", "≤", 1.5, " ×", *compute["compute"])
    yield Figure("batch Python", "≥", 50, " ×", *compute["python"])
    few, many = small.ours(), large.ours()
    in_turns(few, rounds=ROUNDS)
    in_turns(many, rounds=2)
    yield Figure("batch memory at 10⁷", "≤", 2, " ×", peak(many) / peak(ours), f"{peak(many):.0f} MB : {peak(ours):.0f} MB")
    yield Figure("batch growth", "≤", 11, " ×", many.typical / ours.typical, f"10⁷ rows {many.told()} : 10⁶ rows {ours.told()}")
    shutil.rmtree(large.folder)
    wide = Made(root, 100_000, 10).ours()
    in_turns(wide, rounds=3)
    yield Figure("batch leaves", "≤", 12, " ×", wide.typical / few.typical, f"210 leaves {wide.told()} : 21 leaves {few.told()}")
    start = Made(root, 1_000).ours()
    in_turns(start, rounds=ROUNDS)
    yield Figure("batch start", "≤", 1.5, " s", start.typical, start.told())


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        found = list(figures(Path(name)))
    head = ["| Figure | Goal | Measured | | In detail |", "|---|---|---|---|---|"]
    table = "\n".join([machine(PACKAGES), "", *head, *(figure.row() for figure in found)])
    print(table)
    write_results(table, BEGIN, END)
    missed = [figure.name for figure in found if not figure.met]
    if missed:
        print(f"未达到 missed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
