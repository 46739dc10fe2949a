"""Every module says what it is for; a rule kind's heading holds formula, ends, unit, missing value and clause; a room's notes name real files."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from perfeval.rules import kinds

SOURCE = Path(__file__).resolve().parents[2] / "src" / "perfeval"
MODULES = sorted(SOURCE.rglob("*.py"))
ROOMS = sorted(path for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__" and any(path.glob("*.py")))
CHINESE = re.compile("[\u3400-\u9fff]")


def heading(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_module_has_a_heading(path: Path) -> None:
    assert heading(path), f"{path.relative_to(SOURCE)} does not say what it is for"


@pytest.mark.parametrize("kind", kinds())
def test_rule_kind_heading(kind: str) -> None:
    text = heading(SOURCE / "rules" / f"{kind}.py")
    first, _, rest = text.partition("\n")
    assert re.match(rf"{kind} \S", first) and CHINESE.search(first.partition(":")[0]), f"rules/{kind}.py begins with: {first}"
    missing = [part for part in ("得分", "=", "Ends:", "Unit:", "Missing", "Clause:") if part not in rest]
    assert not missing, f"the heading of rules/{kind}.py lacks {missing}"


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_room_has_notes(room: Path) -> None:
    assert (room / "README.md").exists(), f"{room.name}/ has no README.md"


@pytest.mark.parametrize("notes", sorted(SOURCE.rglob("README.md")), ids=lambda path: path.parent.name)
def test_notes_name_real_files(notes: Path) -> None:
    """Files and folders in backquotes exist, seen from the room, from the package or from the checkout."""
    named = re.findall(r"`([\w./-]+(?:\.(?:py|md|yaml|csv|json|j2|txt)|/))`", notes.read_text(encoding="utf-8"))
    places = (notes.parent, SOURCE, SOURCE.parent.parent)
    gone = [name for name in named if not any((place / name).exists() for place in places)]
    assert not gone, f"{notes.relative_to(SOURCE)} names files that do not exist: {gone}"
    assert len(notes.read_text(encoding="utf-8").splitlines()) <= 80, "a page or less"


def test_roles_of_labels_are_the_closed_list() -> None:
    """Every role that the source gives a label stands in ir/README.md, and none that it does not."""
    notes = (SOURCE / "ir" / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`([a-z-]+)`", notes.partition("**Roles of labels**")[2].partition("**Decisions**")[0]))
    used = {
        node.args[0].value
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) in ("Label", "undefined")
    }
    assert used == listed
