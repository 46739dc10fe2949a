"""Mutation score of the rooms that a score depends on, by mutmut: `python benchmarks/mutation.py [--sample N [--seed N]] [ROOM...]`.

Each room gets a copy of the checkout under build/mutation/, where mutmut changes it in one place after the other and runs
the tests of `benchmarks/mutants/` and of the rooms. Prints the score of each room and every mutant that lived, and fails
under 95 %. A copy is kept: a second run tries only what changed. What may live, and why, stands in mutation.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "mutation"
ROOMS = ("quantity", "backends/exact", "ir", "rules", "reading")
WANTED = 95  # per cent
SEED = 20231
COPIED = ("src", "tests", "benchmarks", "indicators", "examples", "docs", "README.md", "CHANGELOG.md", "pyproject.toml", "Makefile")
TESTS = (  # what has no hypothesis and starts no other process; the quickest ones run first
    "benchmarks/mutants",
    "tests/quantity",
    "tests/ir",
    "tests/rules",
    "tests/reading",
    "tests/backends/test_interpreter.py",
    "tests/backends/test_trace.py",
    "tests/scoring/test_sheet.py",
    "tests/test_explaining.py",
    "tests/reports/test_told.py",
    "tests/reports/test_reports.py",
)
IGNORED = "tests/reading/test_limits.py"  # measures time, in processes of its own
ARGUMENTS = (
    f"--ignore={IGNORED} -p benchmarks.mutants.fresh -p no:hypothesispytest -p no:unraisableexception "
    "--assert=plain --tb=no --no-header -W ignore"
).split()
KILLED, TIMEOUT, LEFT_OUT = "killed", "timeout", "left out"
SAID = {
    0: "survived",
    1: KILLED,
    2: KILLED,
    3: KILLED,
    5: "no tests",
    33: "no tests",
    34: LEFT_OUT,
    -24: TIMEOUT,
    24: TIMEOUT,
    None: "not run",
}
SKIP = 34  # mutmut's own code of a mutant that is not to be run
SPINNER = tuple("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
MAKE = """
from pathlib import Path
from mutmut.__main__ import copy_src_dir, create_mutants
Path("mutants").mkdir(exist_ok=True)
copy_src_dir()
create_mutants(1)
"""


class Mutant(NamedTuple):
    name: str
    file: str
    fate: str


def prepare(room: str) -> Path:
    """The room's copy of the checkout, brought up to date; files that did not change keep their time, so mutmut knows them."""
    copy = WORK / room.replace("/", "_")
    copy.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        _bring(ROOT / name, copy / name)
        if name != "src":
            _remove(copy / "mutants" / name)
    _remove(copy / "mutants" / "mutmut-stats.json")  # which test reaches which function: new tests may reach more
    (copy / "setup.cfg").write_text(settings(room), encoding="utf-8")
    for meta in (copy / "mutants" / "src").rglob("*.meta"):
        content = json.loads(meta.read_text(encoding="utf-8"))
        codes = content["exit_code_by_key"]
        content["exit_code_by_key"] = {name: code if SAID.get(code) == KILLED else None for name, code in codes.items()}
        meta.write_text(json.dumps(content), encoding="utf-8")
    return copy


def _bring(source: Path, target: Path) -> None:
    if source.is_dir():
        gone = {path.name for path in target.iterdir()} if target.is_dir() else set()
        target.mkdir(parents=True, exist_ok=True)
        for path in source.iterdir():
            if path.name not in ("__pycache__", "node_modules"):
                _bring(path, target / path.name)
                gone.discard(path.name)
        for name in gone - {"__pycache__"}:
            _remove(target / name)
    elif source.exists() and (not target.exists() or source.read_bytes() != target.read_bytes()):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def settings(room: str) -> str:
    """mutmut's settings; it reads setup.cfg where pyproject.toml has none."""
    values = {
        "source_paths": ["src"],
        "only_mutate": [f"src/perfeval/{room}/*.py"],
        "also_copy": [name for name in COPIED[1:] if (ROOT / name).exists()],
        "pytest_add_cli_args_test_selection": [name for name in TESTS if (ROOT / name).exists()],
        "pytest_add_cli_args": ARGUMENTS,
        "do_not_mutate_patterns": [r"case .*=-\d"],  # mutmut makes `+1` of it, which is no pattern
    }
    lines = ["[mutmut]", "track_dependencies = false", "timeout_constant = 2.0", "timeout_multiplier = 30.0"]
    for key, entries in values.items():
        lines += [f"{key} ="] + [f"    {entry}" for entry in entries]
    return "\n".join(lines) + "\n"


def mutants(copy: Path) -> Iterator[Mutant]:
    for meta in sorted((copy / "mutants" / "src").rglob("*.meta")):
        for name, code in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            yield Mutant(name, str(meta.relative_to(copy / "mutants")).removesuffix(".meta"), SAID.get(code, f"exit {code}"))


def run(room: str, copy: Path, processes: int, sample: int, seed: int) -> None:
    _python(room, copy, MAKE)
    if sample:
        leave_out(copy, sample, seed)
    _python(room, copy, "from mutmut.__main__ import cli; cli()", "run", "--max-children", str(processes))


def _python(room: str, copy: Path, code: str, *arguments: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PERFEVAL_MUTATED_ROOM": room}
    with (copy / "mutmut.log").open("w", encoding="utf-8") as log:
        command = [sys.executable, "-c", code, *arguments]
        ended = subprocess.run(command, cwd=copy, env=environment, stdout=log, stderr=subprocess.STDOUT, check=False).returncode
    if ended:
        lines = (copy / "mutmut.log").read_text(encoding="utf-8").split("\n")
        told = [line for line in lines if line[:1] not in SPINNER]
        raise SystemExit("\n".join([*told[-40:], f"mutmut ended with {ended}; {copy}/mutmut.log tells more"]))


def leave_out(copy: Path, sample: int, seed: int) -> None:
    """Mark all but `sample` mutants as not to be run: of each file its share, drawn with the seed."""
    every = list(mutants(copy))
    chosen = random.Random(seed)
    for meta in sorted((copy / "mutants" / "src").rglob("*.meta")):
        content = json.loads(meta.read_text(encoding="utf-8"))
        codes = content["exit_code_by_key"]
        kept = set(chosen.sample(sorted(codes), -(-len(codes) * min(sample, len(every)) // max(1, len(every)))))
        content["exit_code_by_key"] = {name: code if name in kept else SKIP for name, code in codes.items()}
        meta.write_text(json.dumps(content), encoding="utf-8")


def report(room: str, copy: Path, seconds: float) -> float:
    """Print the room's score and who lived; the score in per cent. What no test reaches has lived."""
    all_of_it = [mutant for mutant in mutants(copy) if mutant.fate != LEFT_OUT]
    fates = Counter(mutant.fate for mutant in all_of_it)
    score = 100 * (fates[KILLED] + fates[TIMEOUT]) / max(1, len(all_of_it))
    told = ", ".join(f"{count} {fate}" for fate, count in sorted(fates.items()))
    print(f"{room}: {score:.1f} % of {len(all_of_it)} ({told}) in {seconds / 60:.0f} min")
    for mutant in all_of_it:
        if mutant.fate not in (KILLED, TIMEOUT):
            print(f"  {mutant.fate}: {mutant.name}")
            print("    " + difference(copy, mutant).replace("\n", "\n    "))
    return score


def difference(copy: Path, mutant: Mutant) -> str:
    """What mutmut changed: the lines that go and come."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    before = Path.cwd()
    os.chdir(copy)
    try:
        lines = get_diff_for_mutant(mutant.name, path=Path(mutant.file)).splitlines()
    finally:
        os.chdir(before)
    return "\n".join(line for line in lines if line[:1] in "+-@" and not line.startswith(("+++", "---")))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(ROOMS)}; all without")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="only about N mutants of each room, of each file its share")
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help=f"which ones a sample draws; {SEED} without")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    short = []
    for room in given.rooms or ROOMS:
        if room not in ROOMS:
            parser.error(f"no such room: {room}")
        start = perf_counter()
        copy = prepare(room)
        run(room, copy, given.processes, given.sample, given.seed)
        if report(room, copy, perf_counter() - start) < WANTED:
            short.append(room)
    if short:
        print(f"under {WANTED} %: {', '.join(short)}", file=sys.stderr)
    return 1 if short else 0


if __name__ == "__main__":
    raise SystemExit(main())
