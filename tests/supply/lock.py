"""requirements.lock, read without installing anything: its entries, and which of them a run of the program needs.

    cd tests && python -m supply.lock        prints the entries for running alone, with their hashes

One file pins running and testing together, so that a test never sees another version than a user; what running needs is
found in it by the `# via` notes, from the dependencies of pyproject.toml downwards.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
OURS = "perfeval"
_HEAD = re.compile(r"(?P<name>[a-z0-9]+(-[a-z0-9]+)*)==(?P<version>[0-9A-Za-z.+!]+)( ; (?P<marker>[^\\]+?))? \\")
_HASH = re.compile(r" {4}--hash=sha256:(?P<hash>[0-9a-f]{64})(?P<more> \\)?")
_VIA = re.compile(r" {4}#( via)?( +(?P<name>[a-z0-9-]+)( \(pyproject\.toml\))?)?")


class BadLock(Exception):
    """A line that is neither a pinned name, nor a hash, nor a note of where it comes from."""


@dataclass(frozen=True)
class Entry:
    name: str
    version: str
    marker: str  # "" stands for everywhere
    hashes: tuple[str, ...]
    via: frozenset[str]  # who needs it; `perfeval` for what pyproject.toml names
    text: str


def normal(name: str) -> str:
    """The name of a distribution as the index knows it.

    >>> normal("PyYAML"), normal("typing_extensions")
    ('pyyaml', 'typing-extensions')
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def named(requirement: str) -> str:
    """The name in a requirement.

    >>> named("pydantic-core[x]>=2.9; python_version < '3.12'")
    'pydantic-core'
    """
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return normal(found.group())


def entries(text: str) -> dict[str, Entry]:
    """Every entry by its name; a line of any other form is refused, a host, a folder or an option among them."""
    found: dict[str, Entry] = {}
    blocks = re.split(r"(?m)^(?=[^ #\n])", text)
    if strange := [line for line in blocks[0].splitlines() if line and not line.startswith("#")]:
        raise BadLock(strange[0])
    for block in blocks[1:]:
        entry = _entry(block)
        if entry.name in found:
            raise BadLock(f"{entry.name} stands twice")
        found[entry.name] = entry
    return found


def _entry(block: str) -> Entry:
    first, *rest = block.splitlines()
    head = _HEAD.fullmatch(first)
    if not head:
        raise BadLock(first)
    hashes, via, open_ended = [], set(), True  # a line that ends in \ has another hash after it
    for line in rest:
        if open_ended and (one := _HASH.fullmatch(line)):
            hashes.append(one["hash"])
            open_ended = bool(one["more"])
        elif not open_ended and (note := _VIA.fullmatch(line)):
            via |= {note["name"]} - {None}
        else:
            raise BadLock(line)
    if open_ended or not via:
        raise BadLock(first)
    return Entry(head["name"], head["version"], head["marker"] or "", tuple(hashes), frozenset(via), block)


def asked_for(extra: str = "") -> frozenset[str]:
    """What pyproject.toml names: for running, or for one of the extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return frozenset(map(named, project["optional-dependencies"][extra] if extra else project["dependencies"]))


def needed(lock: dict[str, Entry], roots: frozenset[str]) -> dict[str, Entry]:
    """The roots and all that they need, in the order of the lock."""
    inside = set(roots)
    while more := {one.name for one in lock.values() if one.via & inside} - inside:
        inside |= more
    return {name: one for name, one in lock.items() if name in inside}


def run_time() -> dict[str, Entry]:
    return needed(entries(LOCK.read_text("utf-8")), asked_for())


if __name__ == "__main__":
    print("".join(one.text for one in run_time().values()), end="")
