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
# what runs a text as code, or reads bytes as objects that may run some
CALLS = {"eval", "exec", "compile", "__import__", "breakpoint", "input"}
MODULES = {
    *("pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "code", "codeop", "runpy", "imp", "pdb"),
    *("subprocess", "multiprocessing", "concurrent", "pty", "ctypes", "cffi", "_ctypes", "_posixsubprocess"),
    *("socket", "_socket", "socketserver", "ssl", "asyncio", "urllib", "http", "xmlrpc", "webbrowser"),
    *("ftplib", "smtplib", "imaplib", "poplib", "telnetlib", "wsgiref", "requests", "httpx", "aiohttp", "urllib3"),
    *("decimal", "random", "time"),
}
_STARTS = ("exec", "spawn", "fork", "posix_spawn", "popen", "system", "startfile")
_YAML = ("load", "load_all", "unsafe_load", "unsafe_load_all", "full_load", "full_load_all", "safe_load", "safe_load_all")
_LOADERS = ("Loader", "UnsafeLoader", "FullLoader", "SafeLoader", "CLoader", "CUnsafeLoader", "CFullLoader", "CSafeLoader", "CBaseLoader")
_IMPORTS = ("import_module", "spec_from_file_location", "spec_from_loader", "module_from_spec", "SourceFileLoader", "ExtensionFileLoader")
_FLOATS = ("numpy", "scipy")  # libraries whose numbers are floats


def forbidden(module: str, name: str) -> bool:
    """A name of a module whose other names are harmless. PyYAML gives events alone: it never decides a type, nor builds an object."""
    match module.split(".")[0]:
        case "os" | "posix":
            return name.startswith(_STARTS)
        case "yaml":
            return name in _YAML or name in _LOADERS
        case "builtins":
            return name in CALLS
    return False


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
        case ast.Import(names=names):
            return next((f"an import of {one.name}" for one in names if one.name.split(".")[0] in _FLOATS), "")
        case ast.ImportFrom(module=str() as module) if module.split(".")[0] in _FLOATS:
            return f"an import of {module}"
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
    """Code out of a text, objects out of bytes, another process, the network."""
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            return f"a call of {name}()"
        case ast.keyword(arg="shell", value=value) if not (isinstance(value, ast.Constant) and value.value is False):
            return "shell="
        case ast.Attribute(value=ast.Name(id=module), attr=name) if forbidden(module, name):
            return f"{module}.{name}"
        case ast.ImportFrom(module=str() as module, names=names):
            if said := next((f"{module}.{one.name}" for one in names if forbidden(module, one.name)), ""):
                return f"an import of {said}"
            modules = [module]
        case ast.Import(names=names):
            modules = [one.name for one in names]
        case (
            ast.Name(id="__builtins__" | "__loader__" | "__spec__" as name)
            | ast.Attribute(attr="__builtins__" | "__globals__" | "__subclasses__" as name)
        ):
            return name
        case _:
            modules = []
    return next((f"an import of {name}" for name in modules if name.split(".")[0] in MODULES), "")


def chosen_late(node: ast.AST) -> str:
    """A module that is picked while running: right only where the names come from our own folder, never from data."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name) if name in _IMPORTS:
            return name
    return ""


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
    inexact: {"auditing/_reliability.py": "KMO and Bartlett's test of a survey: shown in a note of audit, they judge no score"},
    rounds: {"quantity/showing.py": "round_half_up, the one rounding"},
    unsafe: {
        "reading/git.py": "git, started to read objects for diff",
        "backends/columnar/python.py": "a function of numbers and of names that are made there: no text of a file gets into it",
    },
    chosen_late: {
        "cli/main.py": "a command's file, found by listing the folder of commands",
        "rules/__init__.py": "a rule kind's file, found by listing the folder of kinds",
        "auditing/_catalogue.py": "a check's file, found by listing the folders of checks",
        "reports/__init__.py": "a format's file, looked up in a closed table",
    },
    changing: {
        "cli/main.py": "arguments, and what asks for completion or a traceback",
        "cli/output.py": "the language, the width and the colours of the terminal",
        "cli/_tables.py": "how far ahead Polars reads, which changes no byte",
        "cli/completion.py": "what the shell says of the line typed so far",
        "reading/git.py": "the PATH and the settings that git itself needs",
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


@pytest.mark.parametrize(
    "code", ["0.5", "float('1')", "round(x)", "1 / 3", "10**-9", "f'{x:.2f}'", "import numpy", "from scipy.special import chdtrc"]
)
def test_what_is_inexact_is_seen(code: str) -> None:
    assert any(map(inexact, ast.walk(ast.parse(code))))


@pytest.mark.parametrize(
    "code",
    [
        "eval('1')",
        "exec('1')",
        "compile('1', '', 'eval')",
        "__import__('os')",
        "builtins.eval('1')",
        "from builtins import exec",
        "import pickle",
        "from marshal import loads",
        "import subprocess",
        "from multiprocessing import Process",
        "run('ls', shell=True)",
        "run('ls', shell=wanted)",
        "os.system('ls')",
        "os.execv('ls', [])",
        "os.posix_spawn('ls', [], {})",
        "os.fork()",
        "from os import popen",
        "import ctypes",
        "import socket",
        "import http.client",
        "from urllib.request import urlopen",
        "import urllib.parse",
        "yaml.load(text)",
        "yaml.safe_load(text)",
        "yaml.CSafeLoader",
        "from yaml import unsafe_load",
        "from yaml import Loader",
        "object.__subclasses__()",
        "f.__globals__",
    ],
)
def test_what_is_unsafe_is_seen(code: str) -> None:
    assert any(map(unsafe, ast.walk(ast.parse(code))))


@pytest.mark.parametrize(
    "code",
    [
        "yaml.parse(text, yaml.BaseLoader)",
        "re.compile('a')",
        "os.open('a', 0)",
        "run(shell=False)",
        "from importlib.util import cache_from_source",
    ],
)
def test_what_is_safe_passes(code: str) -> None:
    assert not any(map(unsafe, ast.walk(ast.parse(code))))


@pytest.mark.parametrize(
    "code", ["from importlib import import_module", "importlib.import_module(name)", "importlib.util.spec_from_file_location(name, path)"]
)
def test_what_is_chosen_late_is_seen(code: str) -> None:
    assert any(map(chosen_late, ast.walk(ast.parse(code))))


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.__name__)
def test_source(test: Callable[[ast.AST], str]) -> None:
    wrong = [said for path in FILES if path.relative_to(SOURCE).as_posix() not in EXCEPTED[test] for said in found(test, path)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.__name__)
def test_the_exceptions_are_needed(test: Callable[[ast.AST], str]) -> None:
    dead = [name for name in EXCEPTED[test] if not (SOURCE / name).exists() or not list(found(test, SOURCE / name))]
    assert not dead, f"take these off the list: {dead}"
