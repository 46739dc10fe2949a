"""One direction: a room imports only from rooms further right, read from the source with `ast`.

`cli → schemas → sealing → reports, batch → scoring, explaining, auditing, diffing, whatif → lowering ∥ reading ∥ backends → model → rules → ir → quantity → problems`
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).resolve().parents[2] / "src" / "perfeval"
LINE = (
    ("cli",),
    ("schemas",),
    ("sealing",),
    ("reports", "batch"),
    ("scoring", "explaining", "auditing", "diffing", "whatif"),
    ("lowering", "reading", "backends"),
    ("model",),
    ("rules",),
    ("ir",),
    ("quantity",),
    ("problems",),
)
APART = frozenset({"lowering", "reading", "backends", "reports", "batch"})  # not from each other within one group
ONLY = {"backends": ("ir", "quantity", "problems")}  # what gives every engine a new rule kind free of charge


class Import(NamedTuple):
    file: Path
    line: int
    module: str  # below perfeval: "rules._fields"; "" is the package itself

    @property
    def room(self) -> str:
        return self.module.split(".")[0]

    def __str__(self) -> str:
        return f"{self.file.relative_to(SOURCE.parent)}:{self.line} imports perfeval.{self.module}"


def room_of(file: Path) -> str:
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


def allowed(room: str) -> tuple[str, ...]:
    """The rooms that a room may import from, itself first."""
    if room in ("__init__", "__main__"):
        return () if room == "__init__" else ("cli",)
    if room in ONLY:
        return (room, *ONLY[room])
    at = next(position for position, group in enumerate(LINE) if room in group)
    beside = [other for other in LINE[at] if other != room and room not in APART]
    return (room, *beside, *(other for group in LINE[at + 1 :] for other in group))


def files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def imports_of(file: Path) -> Iterator[Import]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (
                Import(file, node.lineno, name.name.partition(".")[2]) for name in node.names if name.name.split(".")[0] == "perfeval"
            )
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: write the import out from perfeval"
            if node.module == "perfeval":  # a room, or a name of the package
                for name in node.names:
                    is_room = (SOURCE / name.name).is_dir() or (SOURCE / f"{name.name}.py").exists()
                    yield Import(file, node.lineno, name.name if is_room else "")
            elif node.module and node.module.startswith("perfeval."):
                below = node.module.partition(".")[2]
                for name in node.names:
                    inner = SOURCE.joinpath(*below.split("."), name.name)
                    is_module = inner.is_dir() or inner.with_suffix(".py").exists()
                    yield Import(file, node.lineno, f"{below}.{name.name}" if is_module else below)


ALL = [one for file in files() for one in imports_of(file)]


def test_every_room_has_its_place() -> None:
    unplaced = {room_of(file) for file in files()} - {room for group in LINE for room in group} - {"__init__", "__main__"}
    assert not unplaced, f"rooms without a place in the line: {unplaced}"


def test_one_direction() -> None:
    wrong = [
        f"{one}; {room_of(one.file)} may import from {', '.join(allowed(room_of(one.file))) or 'nothing'}"
        for one in ALL
        if one.module and one.room not in allowed(room_of(one.file))
    ]
    assert not wrong, "\n".join(wrong)


def test_rooms_of_one_group_do_not_go_round() -> None:
    edges = {(room_of(one.file), one.room): one for one in ALL if room_of(one.file) != one.room}
    wrong = [f"{one} and {edges[there, here]}" for (here, there), one in edges.items() if here < there and (there, here) in edges]
    assert not wrong, "\n".join(wrong)


def test_rule_kinds_and_checks_stand_alone() -> None:
    """A kind imports from its room only what begins with `_`; so does an audit check."""
    wrong = [
        f"{one}; a file there imports only _files of its room"
        for one in ALL
        if room_of(one.file) in ("rules", "auditing") and one.room == room_of(one.file) and not one.module.partition(".")[2].startswith("_")
    ]
    assert not wrong, "\n".join(wrong)


def test_back_ends_stand_alone() -> None:
    """A back end's folder imports nothing from another's; the reports use the Excel one only."""
    wrong = [
        f"{one}; back ends do not import each other"
        for one in ALL
        if one.room == room_of(one.file) == "backends" and one.module.split(".")[1:2] != list(one.file.relative_to(SOURCE).parts[1:2])
    ]
    wrong += [
        f"{one}; reports use backends.excel only"
        for one in ALL
        if room_of(one.file) == "reports" and one.room == "backends" and not one.module.startswith("backends.excel")
    ]
    assert not wrong, "\n".join(wrong)
