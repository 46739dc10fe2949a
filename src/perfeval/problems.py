"""What can be wrong with the files of a user: kinds of problems, their places, and the exceptions that carry them.

A `ProblemKind` is declared once, beside the code that finds it, with a permanent kebab-case name and its texts in Chinese
and in English. Finders know a *path* (keys and positions inside a file); `reading.positions` turns it into line and column.
A broken promise of our own code is never a `Problem`: it is an ordinary exception.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NamedTuple

Lang = Literal["zh", "en"]
Step = str | int  # a key of a mapping, or a position in a sequence
Path = tuple[Step, ...]


class Severity(IntEnum):
    """How grave a problem is; only an error stops a score."""

    NOTE = 0
    WARNING = 1
    ERROR = 2


class Origin(NamedTuple):
    """Where in the files something was said: a file's name (relative to its folder) and the path inside it.

    `of_key` points at the key instead of the value.
    """

    file: str
    path: Path = ()
    of_key: bool = False

    def under(self, *steps: Step) -> Origin:
        return Origin(self.file, (*self.path, *steps))

    def key(self) -> Origin:
        return self._replace(of_key=True)


class Where(NamedTuple):
    """A place a person can go to: line and column count from 1; `quote` is the source line, `width` the columns marked."""

    file: str
    line: int = 0
    column: int = 0
    quote: str = ""
    width: int = 1
    cell: str = ""  # for workbooks: Sheet1!C7

    def __str__(self) -> str:
        if self.cell:
            return f"{self.file}!{self.cell}"
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True)
class ProblemKind:
    """One kind of problem: its permanent name, its texts with `{value}` slots, and how grave it is."""

    name: str
    says: str
    remedy: str
    en: str
    en_remedy: str
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        known = KINDS.setdefault(self.name, self)
        if known is not self and known != self:
            raise RuntimeError(f"two problem kinds are called {self.name}")

    def at(self, *path: Step, **values: object) -> Problem:
        """A problem of this kind at a path relative to whatever is being checked."""
        return Problem(self, {k: str(v) for k, v in values.items()}, path=path)

    def on(self, origin: Origin | Where | None, **values: object) -> Problem:
        """A problem of this kind at a known place."""
        shown = {k: str(v) for k, v in values.items()}
        if isinstance(origin, Where):
            return Problem(self, shown, where=origin)
        return Problem(self, shown, origin=origin)

    def fault(self, **values: object) -> Fault:
        """The same as an exception, for parsers that do not know where their text stands."""
        return Fault(self, {k: str(v) for k, v in values.items()})


KINDS: dict[str, ProblemKind] = {}


class Problem(NamedTuple):
    """One thing that is wrong, with the values that show it. Exactly one of `where`, `origin` or `path` says its place."""

    kind: ProblemKind
    values: Mapping[str, str] = {}
    where: Where | None = None
    origin: Origin | None = None
    path: Path = ()
    severity_override: Severity | None = None

    @property
    def severity(self) -> Severity:
        return self.kind.severity if self.severity_override is None else self.severity_override

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def under(self, origin: Origin) -> Problem:
        """Anchor a relative path below `origin`; a problem that has its place keeps it."""
        if self.where is not None or self.origin is not None:
            return self
        return self._replace(origin=origin.under(*self.path), path=())

    def softened(self) -> Problem:
        """An error as a warning (for rule sets quoted as printed)."""
        return self._replace(severity_override=min(self.severity, Severity.WARNING))

    def message(self, lang: Lang) -> str:
        return _fill(self.kind.says if lang == "zh" else self.kind.en, self.values, lang)

    def remedy(self, lang: Lang) -> str:
        return _fill(self.kind.remedy if lang == "zh" else self.kind.en_remedy, self.values, lang)


_TWO_LANGUAGES = re.compile(r"(.*\S) ?\(((?:[^()]|\([^()]*\))*)\)", re.S)  # a name in either half may hold parentheses
_OURS = frozenset(["why", "what", "wanted", "hint", "unit", "left_unit", "right_unit", "range"])
"""Values that we write ourselves, as `中文 (English)`: each message takes its own half. All others are a user's and stay whole."""


def _fill(text: str, values: Mapping[str, str], lang: Lang) -> str:
    told = {key: _half(value, lang) if key in _OURS else value for key, value in values.items()}
    # format_map never evaluates what the values hold: they are placed as they stand
    return text.format_map(told) if told else text.replace("{{", "{").replace("}}", "}")


def _half(value: str, lang: Lang) -> str:
    both = _TWO_LANGUAGES.fullmatch(value)
    return value if both is None else both[1] if lang == "zh" else both[2]


def spelling_hint(word: str, known: Iterable[str]) -> tuple[str, str]:
    """In Chinese and in English, where one of the known words is close; else two empty texts."""
    from difflib import get_close_matches  # only needed when something is wrong

    close = get_close_matches(word, list(known), 1, 0.6)
    return (f"您是不是想写「{close[0]}」？", f"Did you mean “{close[0]}”?") if close else ("", "")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A spelling hint in both languages at once, or nothing."""
    zh, en = spelling_hint(word, known)
    return f"{zh} ({en})" if zh else ""


class Fault(ValueError):
    """A problem found in a text whose place the finder does not know (a ValueError, so that pydantic keeps its place)."""

    def __init__(self, kind: ProblemKind, values: Mapping[str, str]) -> None:
        super().__init__(kind.name)
        self.kind = kind
        self.values = values

    def on(self, origin: Origin | None) -> Problem:
        return Problem(self.kind, self.values, origin=origin)

    def at(self, *path: Step) -> Problem:
        return Problem(self.kind, self.values, path=path)


class ProblemsFound(Exception):
    """Everything that is wrong with a run's input. Warnings and notes found on the way come along."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(p.kind.name for p in self.problems))


class SystemFailed(Exception):
    """The machine failed us (disk, permission): one line for the user in either language, exit 3. `cause` says why, where known."""

    def __init__(self, zh: str, en: str, cause: OSError | None = None) -> None:
        super().__init__(f"{zh} ({en}){f': {cause.strerror or cause}' if cause else ''}")
        self.zh, self.en, self.cause = zh, en, cause
