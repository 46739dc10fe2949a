"""What has to hold for every mutation: a model that agrees with itself, or problems at a place; in time and memory; never a guess.

Of what is accepted, some is read once more, and some is given to the second scorer, which knows what the score should be.
"""

from __future__ import annotations

import resource
import signal
import time
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest import mock

from yaml import YAMLError

from fuzz.mutation import Mutation, Wanted
from fuzz.projects import Seed
from perfeval.cli._problems import shown_problems
from perfeval.model.result import Result
from perfeval.problems import Lang, Problem, ProblemsFound
from perfeval.reading import project_folder
from perfeval.reading.paths import NO_FILE
from perfeval.reading.yaml_subset import read_yaml
from perfeval.reports import render, result_json
from perfeval.scoring import open_project, score
from second.folder import beside

SECONDS = 2  # of the processor's time: others may be at work on the machine
KILOBYTES = 300_000  # of a process that does nothing else
_OWN = 70_000  # what such a process has before its first mutation
LANGS: tuple[Lang, ...] = ("zh", "en")
SHIPPED = ("builtin:", "grades/")
EVERY = 7  # of the mutations: the second scorer reads all files anew
UNREAD = (ValueError, LookupError, TypeError, AttributeError, YAMLError)
"""What the second scorer meets in spellings that it does not know."""


class Hang(BaseException):
    """A mutation that does not come to an end. Not an Exception, so that nobody else catches it."""


@contextmanager
def timed(limit: int = 4 * SECONDS) -> Iterator[None]:
    """Of the processor's time in this process; only where the signal can be had, in the main thread."""

    def stop(*_: object) -> None:
        raise Hang

    old = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, old)


Outcome = Result | tuple[Problem, ...]


class Judge:
    """Writes the files of mutations into a folder of its own, one folder for each seed, and says what is wrong with what comes of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.most = most()
        self.built: set[str] = set()
        self.known: dict[tuple[str, tuple[tuple[str, bytes], ...]], Any] = {}

    def judge(self, mutation: Mutation) -> str | None:
        """What is wrong, in words; None where all is well."""
        self.count += 1
        start = time.process_time()
        try:
            with timed():
                wrong = self._judge(mutation)
        except Hang:
            return "it hangs"
        except Exception as error:  # what it is for: no exception but ProblemsFound may leave the program
            return f"{type(error).__name__}: {error}"[:500]
        if wrong is None and time.process_time() - start > SECONDS:
            return f"{time.process_time() - start:.1f} s"
        if wrong is None and self.count % 32 == 0 and peak() > self.most:  # asking takes milliseconds
            self.most = peak()  # said once
            return f"{self.most // 1000} MB, here or in the 31 mutations before"
        return wrong

    def _judge(self, mutation: Mutation) -> str | None:
        folder = self.write(mutation.seed, mutation.files)
        outcome = outcome_of(folder, partial=mutation.wanted is Wanted.ANY and self.count % 4 == 0)
        lines = {name: data.count(b"\n") + 1 for name, data in self._all(mutation).items()}
        problems = outcome.notes if isinstance(outcome, Result) else outcome
        wrong = _misplaced(problems, lines) or _unprintable(problems)
        if isinstance(outcome, Result):
            wrong = wrong or inconsistent(outcome) or self._reread(folder, outcome) or self._second(folder, outcome)
            if mutation.wanted is Wanted.REFUSED:
                wrong = wrong or f"accepted, total {outcome.total}"
        elif not any(problem.is_error for problem in outcome):
            wrong = wrong or "refused without an error"
        if mutation.wanted is Wanted.SAME and wrong is None:
            own, other = fingerprint(outcome), self._twin(mutation)
            wrong = None if own == other else f"differs from its twin: {own} and {other}"[:1500]
        return wrong

    def _all(self, mutation: Mutation) -> dict[str, bytes]:
        return {name: text.encode() for name, text in mutation.seed.files.items()} | dict(mutation.files)

    def write(self, seed: Seed, files: Mapping[str, bytes]) -> Path:
        """The seed with these files in it. What an earlier mutation left is put back."""
        folder = self.folder / seed.name
        if seed.name not in self.built:
            for name in seed.files:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
            self.built.add(seed.name)
        for name, text in seed.files.items():
            (folder / name).write_bytes(files.get(name, text.encode()))
        return folder

    def _twin(self, mutation: Mutation) -> Any:
        key = (mutation.seed.name, tuple(mutation.twin.items()))
        if key not in self.known:
            if len(self.known) > 2000:
                self.known.clear()
            self.known[key] = fingerprint(outcome_of(self.write(mutation.seed, mutation.twin)))
        return self.known[key]

    def _reread(self, folder: Path, result: Result) -> str | None:
        """Now and then: the same once more, without what is remembered, and all that is written from it."""
        if self.count % 16:
            return None
        again = score(open_project(folder, result.partial), result.partial)
        text = result_json.render(result)
        for name in ("md", "html"):
            render(name, result)
        return None if result_json.render(again) == text and fingerprint(again) == fingerprint(result) else "differs when read again"

    def _second(self, folder: Path, result: Result) -> str | None:
        """Now and then: what the second scorer makes of the same files, where it can read them at all (it trusts its input)."""
        if self.count % EVERY:
            return None
        try:
            found = beside(result, folder, result.partial)
        except UNREAD:
            return None
        return f"the second scorer differs: {found[:5]}" if found else None


def outcome_of(folder: Path, partial: bool = False) -> Outcome:
    """The result, or the problems."""
    try:
        with remembered():
            return score(open_project(folder, partial), partial)
    except ProblemsFound as found:
        return found.problems


@contextmanager
def remembered() -> Iterator[None]:
    """Files that are not mutated are read once: nodes depend on nothing but name and bytes. It doubles the speed."""
    with mock.patch.object(project_folder, "read_yaml", _read_yaml):
        yield


_read_yaml = lru_cache(maxsize=64)(read_yaml)


def most() -> int:
    """The memory that may be used from now on: where other tests have run before, they have had their share."""
    return max(KILOBYTES, peak() + KILOBYTES - _OWN)


def peak() -> int:
    """The most memory that this process has used so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _misplaced(problems: tuple[Problem, ...], lines: Mapping[str, int]) -> str | None:
    for problem in problems:
        where = problem.where
        if where is None:
            return f"{problem.kind.name} has no place"
        if problem.kind is NO_FILE and not where.line and where.file not in lines:
            continue  # a file that has to be there, is not there, and is named nowhere
        known = where.file.startswith(SHIPPED) or 1 <= where.line <= lines.get(where.file, 0)
        if not (known and where.line >= 1 and where.column >= 1):
            return f"{problem.kind.name} stands at {where}, and the file has {lines.get(where.file)} lines"
    return None


def _unprintable(problems: tuple[Problem, ...]) -> str | None:
    """The problems as they are printed, in both languages: a slot that nothing fills is an error of `str.format_map`."""
    for lang in LANGS:
        text = shown_problems(problems, lang).replace("\n", "")
        if hidden := unseen(text):
            return f"prints {hidden!r}"
    return None


def unseen(text: str) -> str:
    """The characters of a text that move the cursor or hide: control, format, surrogates, separators of lines."""
    if text.isprintable():
        return ""
    return "".join(c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp"))


def inconsistent(result: Result) -> str | None:
    """What does not add up in a result."""
    for one in result.indicators:
        if not 0 <= one.low <= one.high <= one.weight:
            return f"{one.id}: not 0 ≤ {one.low} ≤ {one.high} ≤ {one.weight}"
        below = result.children(one)
        if below and sum(child.weight for child in below) != one.weight and not _weights_off(result):
            return f"{one.id}: weights do not add up"
        if one.status == "scored" and (one.exact is None or one.score is None):
            return f"{one.id}: scored without a score"
    if not result.low <= result.high:
        return f"total from {result.low} to {result.high}"
    if result.total is not None and (result.total != result.low or result.total != result.high):
        return f"total {result.total} and from {result.low} to {result.high}"
    plain = result.total is not None and not result.extras and result.unscaled is None and result.rounding_at == "leaf"
    if plain and not _weights_off(result) and sum(leaf.score or 0 for leaf in result.leaves) != result.total:
        return f"leaves do not add up to {result.total}"
    if plain and min(sum(one.score or 0 for one in result.indicators if one.level == 1), result.full) != result.total:
        return f"the first level does not add up to {result.total}"
    return None


def _weights_off(result: Result) -> bool:
    """In a tree quoted as printed: weights that are not the sum of what is below them."""
    return any(note.kind.name == "weight-sum" for note in result.notes)


def fingerprint(outcome: Outcome) -> tuple[Any, ...]:
    """What a result says, but for how its numbers were spelt and where they stand."""
    if not isinstance(outcome, Result):
        return ("refused", tuple(sorted({problem.kind.name for problem in outcome if problem.is_error})))
    leaves = tuple((i.id, i.status, i.exact, i.score, i.low, i.high, i.finding, i.reason, i.sources, i.explain) for i in outcome.indicators)
    extras = tuple((extra.kind, extra.points, extra.cap) for extra in outcome.extras)
    notes = tuple(sorted({note.kind.name for note in outcome.notes} - {"full-width"}))
    head = (outcome.name, outcome.total, outcome.low, outcome.high, outcome.unscaled, outcome.grade, outcome.vetoes)
    return (*head, leaves, extras, notes)
