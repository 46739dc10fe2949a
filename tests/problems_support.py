"""The problem cases: builds the faulty folder that a case file describes, and says what scoring, sealing or verifying it finds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cases_support import CASES, load
from perfeval.problems import Problem, ProblemsFound
from perfeval.quantity import show_decimal
from perfeval.scoring import open_project, score
from perfeval.sealing import seal, verify
from sealed import forge, write_reports, write_seal

FOLDER = CASES / "problems"
BASE = FOLDER / "base"
CHANGES = ("files", "hex", "filled", "links", "remove")
KEYS = {"about", "arguments", "expect", "command", "sealed", "after", "forge", *CHANGES}


@dataclass(frozen=True)
class Changes:
    """What is put in place of files, or beside them."""

    files: Mapping[str, str] = field(default_factory=dict)
    hex: Mapping[str, str] = field(default_factory=dict)  # files that are no text, as hexadecimal bytes
    filled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # large files: start, line, times
    links: Mapping[str, str] = field(default_factory=dict)  # name to where it points
    remove: tuple[str, ...] = ()

    def apply(self, folder: Path) -> None:
        for name in self.remove:
            (folder / name).unlink()
        for name, text in self.files.items():
            _write(folder / name, text.encode())
        for name, digits in self.hex.items():
            _write(folder / name, bytes.fromhex(digits))
        for name, how in self.filled.items():
            _write(folder / name, (how["start"] + how["line"] * int(how["times"])).encode())
        for name, target in self.links.items():
            (folder / name).symlink_to(target)


@dataclass(frozen=True)
class ProblemCase:
    """One fault: what replaces files of the base folder, and every error and warning that is found, in order."""

    name: str
    about: str
    given: Changes
    expect: tuple[Mapping[str, str], ...]
    partial: bool = False
    command: str = "score"  # score, seal or verify
    sealed: str = ""  # before `after`: "reports" are written, or "yes": written and sealed
    after: Changes = Changes()
    forge: Mapping[str, object] | None = None  # after `after`: sealed anew without a look, with these parts put in its place


def load_case(path: Path) -> ProblemCase:
    content = load(path)
    assert set(content) <= KEYS, f"{path}: unknown keys {set(content) - KEYS}"
    return ProblemCase(
        path.stem,
        content["about"],
        _changes(content),
        content["expect"] or (),
        partial="--partial" in content.get("arguments", ()),
        after=_changes(content.get("after", {})),
        **{key: content[key] for key in ("command", "sealed", "forge") if key in content},
    )


def _changes(content: Mapping[str, Any]) -> Changes:
    return Changes(**{key: content[key] for key in CHANGES if key in content})


def problem_cases() -> Iterator[ProblemCase]:
    """The case of every kind, in the order of names."""
    return (load_case(path) for path in sorted(FOLDER.glob("*.yaml")))


def build(case: ProblemCase, folder: Path) -> None:
    """Write the folder: the base, with what the case puts in its place."""
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    case.given.apply(folder)
    if case.sealed:
        write_reports(folder)
    if case.sealed == "yes":
        write_seal(folder)
    case.after.apply(folder)
    if case.forge is not None:
        forge(folder, case.forge)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def found_in(case: ProblemCase, folder: Path) -> tuple[Problem, ...]:
    """Everything that a command has to say of the folder, in its own order; a score there is only where nothing is an error."""
    try:
        if case.command == "verify":
            return verify(folder).problems
        if case.command == "seal":
            return seal(folder)[1].notes
        return score(open_project(folder), case.partial).notes
    except ProblemsFound as found:
        return found.problems


# ---- inputs: many odd texts in one place of a file

MARK = "@@"


@dataclass(frozen=True)
class Odd:
    """One odd input: what stands where, and the total it gives, or every problem (name and place), in order."""

    group: str
    file: str
    data: bytes
    others: Mapping[str, str]
    total: str
    problems: tuple[str, ...]
    shown: str

    @property
    def id(self) -> str:
        return f"{self.group}: {self.shown[:60].encode('unicode_escape').decode('ascii')}"


def odd_inputs() -> Iterator[Odd]:
    for path in sorted((FOLDER / "inputs").glob("*.yaml")):
        content = load(path)
        for group in content["groups"]:
            before, mark, after = group["around"].partition(MARK)
            assert mark and MARK not in after, f"{path}: one {MARK} in each file"
            for row in group["inputs"]:
                assert set(row) <= {"text", "hex", "times", "total", "problems"} and ("total" in row or row["problems"]), f"{path}: {row}"
                own = bytes.fromhex(row["hex"]) if "hex" in row else (row["text"] * int(row.get("times", "1"))).encode()
                data = before.encode() + own + after.encode()
                yield Odd(
                    f"{path.stem}/{group['about']}",
                    group["file"],
                    data,
                    group.get("files", {}),
                    row.get("total", ""),
                    tuple(row.get("problems", ())),
                    row.get("hex", row.get("text", "")),
                )


def build_odd(odd: Odd, folder: Path) -> None:
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    for name, text in odd.others.items():
        _write(folder / name, text.encode())
    _write(folder / odd.file, odd.data)


def outcome_of(folder: Path) -> tuple[str, tuple[Problem, ...]]:
    """The total ("" where there is none), and the problems."""
    try:
        result = score(open_project(folder))
    except ProblemsFound as found:
        return "", found.problems
    return show_decimal(result.total or 0), result.notes


def placed(problems: tuple[Problem, ...]) -> tuple[str, ...]:
    """As a row expects them: `name file:line:column`."""
    return tuple(f"{p.kind.name} {p.where}" for p in problems)


def told(odd: Odd, total: str, problems: tuple[Problem, ...]) -> str:
    """One input of a golden file: the row, the total, and each problem in both languages."""
    lines = [line for p in problems for line in (f"{p.kind.name} {p.where}", p.message("zh"), p.message("en"))]
    return "\n".join([f"■ {odd.group}: {odd.shown[:60]!r}", *([f"= {total}"] if total else []), *lines])


def told_before(path: Path) -> list[str]:
    """The inputs of a golden file, in order."""
    first, *others = path.read_text(encoding="utf-8").rstrip("\n").split("\n\n■ ")
    return [first, *(f"■ {one}" for one in others)]
