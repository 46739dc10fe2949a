"""Runs commands in this process while every call that leaves it is written down.

    python -m supply.watched RUNS.json SEEN.json

RUNS is a list of [folder to stand in, arguments, folder of the data]; SEEN gets, for each, its exit code and what was seen:
connections, new processes, foreign code, and code that came from anywhere but the standard library, the installed
packages and this program's own source and templates. Python's audit hooks see these also inside of other packages.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import sysconfig
from pathlib import Path
from types import CodeType
from typing import Any

LEAVING = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system",
    "pty.", "ctypes.", "urllib.", "http.client.", "ftplib.", "smtplib.", "imaplib.", "poplib.", "nntplib.", "telnetlib.",
    "webbrowser.", "code.__new__", "pickle.find_class", "winreg.", "_winapi.", "cpython.run_",
)  # fmt: skip
OWN = Path(__file__).resolve().parents[2] / "src" / "perfeval"


def trusted_roots() -> tuple[str, ...]:
    """Where code may come from."""
    paths = sysconfig.get_paths()
    found = {paths[kind] for kind in ("stdlib", "platstdlib", "purelib", "platlib")} | {str(OWN)}
    return tuple(sorted({str(Path(one).resolve()) + os.sep for one in found} | {one + os.sep for one in found}))


class Watch:
    """The hook: `seen` holds what was met since it was last emptied."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.on = False
        self.roots = trusted_roots()
        sys.addaudithook(self)

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if self.on and (said := self.unwanted(event, args)):
            self.seen.append(said)

    def unwanted(self, event: str, args: tuple[Any, ...]) -> str:
        if event.startswith(LEAVING):
            return f"{event} {args[:2]!r:.200}"
        if event == "exec" and isinstance(args[0], CodeType):
            return self._foreign(event, args[0].co_filename)
        if event == "compile":
            return self._foreign(event, os.fsdecode(args[1]) if args[1] is not None else "<none>")
        if event == "import" and args[1]:  # an extension module is a file of machine code
            return "" if self.trusted(args[1]) else f"import of {args[1]}"
        return ""

    def trusted(self, file: str) -> bool:
        return file.startswith((*self.roots, "<frozen "))

    def _foreign(self, event: str, file: str) -> str:
        """A text that is made into code (`<string>`) is right where a trusted package makes it, never where we do."""
        if self.trusted(file):
            return ""
        by = _caller()
        if file.startswith("<") and self.trusted(by) and not by.startswith(str(OWN)):
            return ""
        return f"{event} of {file}, by {by}"


def _caller() -> str:
    """The file of the code that made the event: the first frame that is not of this one."""
    frame = sys._getframe(0)
    while frame.f_code.co_filename == __file__ and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_filename


def run_all(runs: list[tuple[str, list[str], str]]) -> list[tuple[int, list[str]]]:
    watch = Watch()
    watch.on = True  # before our own first import
    from perfeval.cli.main import run

    done = []
    for place, arguments, data in runs:
        os.chdir(place)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            code = run(arguments)
        inside = [
            str(one.__file__) for one in list(sys.modules.values()) if (getattr(one, "__file__", None) or "").startswith(data + os.sep)
        ]
        done.append((code, watch.seen + [f"module {file}" for file in inside]))
        watch.seen = []
    watch.on = False
    return done


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(run_all(json.loads(Path(sys.argv[1]).read_text("utf-8")))), encoding="utf-8")
