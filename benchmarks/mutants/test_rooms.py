"""Every language-neutral case again, many in one test: `benchmarks/mutation.py` runs these once for each mutant.

A test ends at its first case that fails. Cases are read once and kept when mutmut forks; the reader that a mutant may have
broken reads only what the case gives.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

import cases_support
import problems_support
from perfeval.cli._problems import shown_problems

GOLDEN = Path(cases_support.__file__).parent / "golden" / "problems"
INPUTS = GOLDEN.parent / "inputs"
MEMORY = Path("/dev/shm")
AT_ONCE = 12  # cases in a test
SLOW = {"too-many-rules", "too-many-rows", "too-much", "file-too-large"}

FEW = {  # of a room that most cases only pass through: the files that are about it; of other files of rules the first test
    "quantity": "rules/values rules/facts rules/rounding rules/measures rules/linear rules/missing rules/deduction projects/ "
    "inputs/numbers inputs/evidence inputs/facts inputs/formulas inputs/tables problems/each",
    "backends/exact": "rules/ projects/ inputs/evidence inputs/facts problems/each",
    "ir": "rules/ projects/ inputs/rules inputs/conditions inputs/formulas inputs/trees inputs/evidence problems/each",
    "rules": "rules/ projects/ inputs/rules inputs/formulas inputs/trees inputs/evidence inputs/numbers problems/",
    "reading": "rules/facts rules/missing rules/values rules/defects rules/edges projects/ inputs/ problems/",
}
WANTED = tuple(FEW.get(os.environ.get("PERFEVAL_MUTATED_ROOM", ""), "rules/ projects/ inputs/ problems/").split())


class Check(NamedTuple):
    name: str
    run: Callable[[Path], None]


def _problem(case: problems_support.ProblemCase) -> Check:
    golden = (GOLDEN / f"{case.name}.txt").read_text(encoding="utf-8")

    def run(folder: Path) -> None:
        problems_support.build(case, folder)
        found = problems_support.found_in(case, folder)
        assert [{"problem": p.kind.name, "at": str(p.where)} for p in found] == list(case.expect)
        assert "\n".join(shown_problems(found, lang) for lang in ("zh", "en")) == golden

    return Check(case.name, run)


def _odd(odd: problems_support.Odd, told: str) -> Check:
    def run(folder: Path) -> None:
        problems_support.build_odd(odd, folder)
        total, problems = problems_support.outcome_of(folder)
        assert problems_support.told(odd, total, problems) == told

    return Check(odd.id, run)


def _case(case: cases_support.Case) -> Check:
    def run(folder: Path) -> None:
        folder.mkdir(parents=True)
        cases_support.check(case, folder)

    return Check(case.id, run)


def _all() -> Iterator[tuple[str, Check]]:
    for room in ("rules", "projects"):
        for case in cases_support.cases(room):
            yield case.file, _case(case)
    for problem in problems_support.problem_cases():
        if problem.command == "score" and not problem.sealed:
            yield f"problems/{'large' if problem.name in SLOW else 'each'}", _problem(problem)
    for file, odds in groupby(problems_support.odd_inputs(), lambda odd: odd.group.split("/")[0]):
        for odd, told in zip(odds, problems_support.told_before(INPUTS / f"{file}.txt"), strict=True):
            yield f"inputs/{file}", _odd(odd, told)


def _groups() -> Iterator[tuple[str, list[Check]]]:
    by_file: dict[str, list[Check]] = defaultdict(list)
    for file, check in _all():
        by_file[file].append(check)
    for file, checks in by_file.items():
        for start in range(0, len(checks), AT_ONCE):
            if file.startswith(WANTED) or (file.startswith("rules/") and not start):
                yield f"{file.removesuffix('.yaml')}-{start // AT_ONCE}", checks[start : start + AT_ONCE]


GROUPS = dict(_groups())


@pytest.mark.parametrize("name", GROUPS)
def test_cases(name: str) -> None:
    root = Path(tempfile.mkdtemp(prefix="perfeval-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        for number, check in enumerate(GROUPS[name]):
            check.run(root / str(number) / "project")
    finally:
        shutil.rmtree(root, ignore_errors=True)
