"""Nothing inexact, unsafe or changing from run to run in the source, read with `ast`.

No floats, no rounding but one, no code from data, no broad except; no clock, no chance, no environment or locale outside the commands.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "perfeval"
FILES = sorted(SOURCE.rglob("*.py"))
CALLS = {"eval", "exec", "compile", "__import__"}
MODULES = {"pickle", "marshal", "shelve", "subprocess", "decimal", "socket", "urllib", "http", "random", "time"}
ATTRIBUTES = {("os", "system"), ("os", "popen"), ("yaml", "load"), ("yaml", "load_all"), ("yaml", "unsafe_load"), ("yaml", "full_load")}


def inexact(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=float() | complex()):
            return f"the float {node.value}"
        case ast.Call(func=ast.Name(id="float" | "round" as name)):
            return f"a call of {name}()"
        case ast.BinOp(op=ast.Div()) if _whole(node.left) and _whole(node.right):
            return "a quotient of whole numbers by /"
        case ast.BinOp(op=ast.Pow(), right=ast.UnaryOp()):
            return "a negative power"
        case ast.FormattedValue(format_spec=ast.JoinedStr(values=[*_, ast.Constant(value=str() as spec)])) if spec[-1] in "fFeEgG%":
            return "a format with decimals"
    return ""


def _whole(node: ast.AST) -> bool:
    """Is this sure to be an int: a number written out, or len(…)?"""
    match node:
        case ast.Constant(value=int()) | ast.Call(func=ast.Name(id="len" | "int" | "ord")):
            return True
    return False


def rounds(node: ast.AST) -> str:
    return f"{node.name} rounds" if isinstance(node, ast.FunctionDef) and node.name.startswith("round_") else ""


def unsafe(node: ast.AST) -> str:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            return f"a call of {name}()"
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if (name, attribute) in ATTRIBUTES:
            return f"{name}.{attribute}"
        case ast.Import():
            names = [alias.name for alias in node.names]
        case ast.ImportFrom():
            names = [node.module or ""]
        case _:
            names = []
    return next((f"an import of {name}" for name in names if name.split(".")[0] in MODULES), "")


CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"}
CHANGING = {"random", "secrets", "uuid", "time", "locale"}
SURROUNDINGS = {"environ", "environb", "getenv", "urandom", "getlogin", "cpu_count"}


def changing(node: ast.AST) -> str:
    """What differs from run to run, or from machine to machine: the clock, chance, the environment, the locale."""
    match node:
        case ast.Attribute(value=ast.Name(id="datetime" | "date" | "time") | ast.Attribute(attr="datetime" | "date"), attr=name) if (
            name in CLOCKS
        ):
            return f"the clock ({name})"
        case ast.Attribute(value=ast.Name(id="os"), attr=name) if name in SURROUNDINGS:
            return f"os.{name}"
        case ast.Attribute(value=ast.Name(id="sys"), attr="argv" | "getdefaultencoding" as name):
            return f"sys.{name}"
        case ast.Import():
            return next((f"an import of {one.name}" for one in node.names if one.name.split(".")[0] in CHANGING), "")
        case ast.ImportFrom(module=str() as module):
            if module.split(".")[0] in CHANGING and not node.level:
                return f"an import of {module}"
            return next((f"os.{one.name}" for one in node.names if module == "os" and one.name in SURROUNDINGS), "")
    return ""


def broad(node: ast.AST) -> str:
    """Catches everything, other than to tidy up and let it go on."""
    if not isinstance(node, ast.ExceptHandler) or (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None):
        return ""
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return next(
        ("a broad except" for one in caught if one is None or (isinstance(one, ast.Name) and one.id in ("Exception", "BaseException"))), ""
    )


EXCEPTED: dict[Callable[[ast.AST], str], dict[str, str]] = {
    inexact: {},
    rounds: {"quantity/showing.py": "round_half_up, the one rounding"},
    unsafe: {},
    changing: {
        "cli/main.py": "arguments, and what asks for completion or a traceback",
        "cli/output.py": "the language, the width and the colours of the terminal",
        "cli/completion.py": "what the shell says of the line typed so far",
    },
    broad: {"cli/main.py": "where a broken promise of our own code becomes one line and exit 3"},
}
TESTS = list(EXCEPTED)


def found(test: Callable[[ast.AST], str], path: Path) -> Iterator[str]:
    todo: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "get_close_matches":
            continue  # how alike two spellings must be is no value of anybody's
        if said := test(node):
            yield f"src/perfeval/{path.relative_to(SOURCE).as_posix()}:{getattr(node, 'lineno', 0)}: {said}"
        todo.extend(ast.iter_child_nodes(node))


@pytest.mark.parametrize(
    "code",
    [
        "datetime.now()",
        "datetime.datetime.now()",
        "date.today()",
        "datetime.date.today()",
        "time.time()",
        "import random",
        "from random import choice",
        "os.environ['X']",
        "os.getenv('X')",
        "from os import environ",
        "import locale",
        "from time import time",
    ],
)
def test_what_changes_is_seen(code: str) -> None:
    assert any(map(changing, ast.walk(ast.parse(code))))


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.__name__)
def test_source(test: Callable[[ast.AST], str]) -> None:
    wrong = [said for path in FILES if path.relative_to(SOURCE).as_posix() not in EXCEPTED[test] for said in found(test, path)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.__name__)
def test_the_exceptions_are_needed(test: Callable[[ast.AST], str]) -> None:
    dead = [name for name in EXCEPTED[test] if not (SOURCE / name).exists() or not list(found(test, SOURCE / name))]
    assert not dead, f"take these off the list: {dead}"
