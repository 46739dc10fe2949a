"""Every kind of problem has a case: the fault is found at its place, alone, and told in full in both languages.

And many odd inputs: each ends in its exact value or in problems with a line, never in a traceback.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest

from perfeval.cli._problems import shown_problems
from problems_support import FOLDER, ProblemCase, build, build_odd, found_in, odd_inputs, outcome_of, placed, problem_cases, told

CASES = tuple(problem_cases())
ODD = {file: list(odds) for file, odds in groupby(odd_inputs(), lambda odd: odd.group.split("/")[0])}
GOLDEN = FOLDER.parent.parent / "golden" / "problems"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_problem(case: ProblemCase, tmp_path: Path, golden: Callable[[str, str], None]) -> None:
    folder = tmp_path / "project"
    build(case, folder)
    found = found_in(case, folder)
    assert case.name in [p.kind.name for p in found]
    assert [{"problem": p.kind.name, "at": str(p.where)} for p in found] == list(case.expect)
    golden(f"problems/{case.name}.txt", "\n".join(shown_problems(found, lang) for lang in ("zh", "en")))


def test_no_orphans() -> None:
    assert {path.stem for path in GOLDEN.glob("*")} <= {case.name for case in CASES}


@pytest.mark.parametrize("file", ODD)
def test_odd_inputs(file: str, tmp_path: Path, golden: Callable[[str, str], None]) -> None:
    texts, wrong = [], []
    for number, odd in enumerate(ODD[file]):
        folder = tmp_path / str(number) / "project"
        build_odd(odd, folder)
        total, problems = outcome_of(folder)
        if (total, placed(problems)) != (odd.total, odd.problems):
            wrong.append((odd.id, total, placed(problems), odd.total, odd.problems))
        texts.append(told(odd, total, problems))
    assert wrong == []
    golden(f"inputs/{file}.txt", "\n\n".join(texts) + "\n")
