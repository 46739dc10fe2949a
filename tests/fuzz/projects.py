"""The seeds: one small project for each rule kind, and for what goes across kinds, with the places where a number is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cases_support import load

FOLDER = Path(__file__).resolve().parent / "seeds"
PROJECT = "perfeval: 1\nname: 试验项目\n"

_MARK = re.compile(r"(‹!?|«)([^‹›«»]*)([›»])")


class Slot(NamedTuple):
    """A number in a file: `‹…›` in a seed, `«…»` where it stands in a formula. `counted`: nothing may stand there instead."""

    file: str
    start: int
    text: str
    formula: bool
    counted: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Seed:
    """A project that can be scored. `lenient`: evidence may be missing in it, or is not asked for."""

    name: str
    files: Mapping[str, str]
    slots: tuple[Slot, ...]
    lenient: bool

    def of(self, suffix: str) -> list[str]:
        return [name for name in self.files if name.endswith(suffix)]

    def slots_of(self, suffix: str) -> list[Slot]:
        return [slot for slot in self.slots if slot.file.endswith(suffix)]


@lru_cache(maxsize=1)
def seeds() -> tuple[Seed, ...]:
    return tuple(_seed(path) for path in sorted(FOLDER.glob("*.yaml")))


def _seed(path: Path) -> Seed:
    content = load(path)
    lenient = content.get("lenient") == "yes"
    files, slots = {"project.yaml": PROJECT}, []
    for name, marked in content["files"].items():
        text, at = "", 0
        for match in _MARK.finditer(marked):
            text += marked[at : match.start()]
            counted = match[1] == "‹!" or (name == "evidence.yaml" and not lenient)
            slots.append(Slot(name, len(text), match[2], match[1] == "«", counted))
            text += match[2]
            at = match.end()
        files[name] = text + marked[at:]
    return Seed(path.stem, files, tuple(slots), lenient)
