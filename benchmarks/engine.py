"""The engine alone: `engine.py EXAMPLE FOLDER` prints its figures as JSON; `run.py` calls it.

FOLDER takes the made trees. Everything that knows the engine stands in `Subject`.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from trees import write_project

from perfeval.backends.exact.interpreter import compile_program
from perfeval.lowering.from_evidence import bind, given_keys
from perfeval.lowering.from_tree import lower_tree
from perfeval.reading import read_project
from perfeval.scoring import score

ROUNDS = 15
LEAST_SECONDS = 0.05  # a sample runs at least about this long
SMALL, LARGE = 100, 1000


class Subject:
    """A project that was read: scored from its models, and as a compiled program with its values."""

    def __init__(self, folder: Path) -> None:
        project = read_project(folder)
        program, problems = lower_tree(project.indicators, given_keys(project), project.tree.policy)
        bound = bind(program, project)
        if any(problem.is_error for problem in [*problems, *bound.problems]):
            raise SystemExit(f"{folder.name} does not score")
        compiled = compile_program(program)
        outcome = compiled.run(bound.values)
        if outcome.errors or outcome.total is None or outcome.total != score(project).total:
            raise SystemExit(f"{folder.name}: the interpreter alone does not score what `score` does")
        self.leaves = len(program.leaves)
        self.interpret: Callable[[], object] = lambda: compiled.run(bound.values)
        self.score: Callable[[], object] = lambda: score(project)


class Sampled:
    """Seconds of one call, once for each round."""

    def __init__(self, call: Callable[[], object]) -> None:
        self.call = call
        self.seconds: list[float] = []
        start = perf_counter()
        call()
        self.times = max(1, round(LEAST_SECONDS / (perf_counter() - start)))

    def sample(self) -> None:
        gc.collect()
        start = perf_counter()
        for _ in range(self.times):
            self.call()
        self.seconds.append((perf_counter() - start) / self.times)

    @property
    def typical(self) -> float:
        return median(self.seconds)

    def told(self) -> str:
        return f"{self.typical * 1000:.2f} ms (least {min(self.seconds) * 1000:.2f})"


def in_turns(*calls: Callable[[], object]) -> list[Sampled]:
    sampled = [Sampled(call) for call in calls]
    for _ in range(ROUNDS):
        for one in sampled:
            one.sample()
    return sampled


def main(example: Path, folder: Path) -> None:
    gc.set_threshold(100_000, 50, 50)  # as `perfeval` itself sets it
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    subject = Subject(example)
    small, large = (Subject(write_project(folder / str(leaves), leaves)) for leaves in (SMALL, LARGE))
    tree, few, many, few_alone, many_alone = in_turns(subject.interpret, small.score, large.score, small.interpret, large.interpret)
    figures = {
        "trees": (1 / tree.typical, f"{tree.told()} a tree of {subject.leaves} leaves"),
        "scoring": (many.typical / few.typical, f"{many.told()} : {few.told()}"),
        "interpreter": (many_alone.typical / few_alone.typical, f"{many_alone.told()} : {few_alone.told()}"),
    }
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
