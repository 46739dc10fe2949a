"""Fuzzing, from a seed: the same seed and number give the same mutation everywhere. `make test` runs 1,000 a format, `make soak` 10⁶."""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from fuzz.calls import Call, CallJudge, command_line
from fuzz.mutate import yaml_mutation
from fuzz.mutate_csv import csv_mutation
from fuzz.mutation import Mutation
from fuzz.oracle import Judge

FORMATS: dict[str, Callable[[Random], Mutation | Call]] = {"yaml": yaml_mutation, "csv": csv_mutation, "cli": command_line}
CHUNK = 250
AFRESH = 100_000  # mutations after which workers start anew: a process that lives long grows by itself, and memory is judged
KEPT = 200  # failures that are told; the rest is counted


class Failure(NamedTuple):
    """Which mutation, what was done, what is wrong, and the files or arguments that show it."""

    name: str
    told: str
    wrong: str
    files: tuple[tuple[str, bytes], ...]

    def __str__(self) -> str:
        return f"{self.name}: {self.wrong} ({self.told})".encode("utf-8", "backslashreplace").decode()

    def keep(self, folder: Path) -> None:
        """Write what shows it into a folder of its own."""
        own = folder / self.name
        for name, data in (*self.files, ("wrong.txt", f"{self}\n".encode())):
            (own / name).parent.mkdir(parents=True, exist_ok=True)
            (own / name).write_bytes(data)


def fuzzed(form: str, seed: int, numbers: Iterable[int], folder: Path) -> Iterator[Failure]:
    """Makes and judges the mutations with these numbers, below the folder."""
    judge, call_judge = _judges(str(folder))
    for number in numbers:
        random = Random(f"{form} {seed} {number}")
        made = FORMATS[form](random)
        wrong = call_judge.judge(made) if isinstance(made, Call) else judge.judge(made)
        if wrong is not None:
            told = made.told if isinstance(made, Call) else f"{made.seed.name}: {made.told}"
            files = tuple(_all_files(made).items()) if not isinstance(made, Call) else ()
            yield Failure(f"{form}-{seed}-{number}", told, wrong, files)


@lru_cache(maxsize=4)
def _judges(folder: str) -> tuple[Judge, CallJudge]:
    return Judge(Path(folder, "projects")), CallJudge(Path(folder, "calls"))


def _all_files(made: Mutation) -> dict[str, bytes]:
    return {name: text.encode() for name, text in made.seed.files.items()} | dict(made.files)


def soak(
    count: int, seed: int, formats: Sequence[str] = tuple(FORMATS), keep: Path | None = None, workers: int = 2, start: int = 0
) -> list[str]:
    """`count` mutations of each format. Returns what failed, in words; with `keep`, what shows it is written there."""
    failures: list[str] = []
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="perfeval-fuzz-", dir=memory if memory.is_dir() else None) as name:
        for form in formats:
            for first in range(start, start + count, AFRESH):
                until = min(first + AFRESH, start + count)
                with ProcessPoolExecutor(workers, initializer=_begin, initargs=(name,)) as pool:
                    tasks = [pool.submit(_chunk, form, seed, at, min(CHUNK, until - at)) for at in range(first, until, CHUNK)]
                    try:
                        failures += _gathered(tasks, form, until - first, keep)
                    finally:
                        pool.shutdown(cancel_futures=True)
    return failures


def _gathered(tasks: list[Future[list[Failure]]], form: str, count: int, keep: Path | None) -> list[str]:
    begun = told = time.monotonic()
    found: list[str] = []
    for done, task in enumerate(as_completed(tasks), 1):
        try:
            failures = task.result()
        except BrokenProcessPool as error:
            return [*found, f"{form}: a worker died, all that was left is not done: {error}"]
        for failure in failures:
            found.append(str(failure))
            if keep is not None and len(found) <= KEPT:
                failure.keep(keep)
        now = time.monotonic()
        if now - told > 10 or done == len(tasks):
            told = now
            made = min(done * CHUNK, count)
            print(
                f"{form}: {made:,} of {count:,}, {made / (now - begun):,.0f} a second, {len(found)} failures", file=sys.stderr, flush=True
            )
    return found


_folder = Path()


def _begin(name: str) -> None:
    """In each worker: a folder of its own, and young objects collected as seldom as the program does."""
    global _folder
    gc.set_threshold(100_000, 50, 50)
    _folder = Path(tempfile.mkdtemp(dir=name))


def _chunk(form: str, seed: int, start: int, count: int) -> list[Failure]:
    return list(fuzzed(form, seed, range(start, start + count), _folder))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, help="mutations of each format")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="the number of the first mutation")
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--keep", type=Path, help="a folder for what fails")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    failures = soak(given.count, given.seed, given.formats.split(","), given.keep, given.workers, given.start)
    print("\n".join(failures[:KEPT]))
    print(f"{len(failures)} failures")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
