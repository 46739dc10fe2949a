"""Runs the program many times on strange consoles, each in a child of one interpreter that has imported it: a start costs most.

Reads the runs from the JSON file named first, writes the exit codes to the one named second. Each child is set up as the
interpreter finds itself at its start, and ends as the program ends: `main` raises SystemExit, streams are flushed, or cannot be.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, TextIO

from perfeval.cli.main import main, run


def stream(number: int, kind: str, encoding: str) -> TextIO | None:
    """Descriptor and text stream of stdout or stderr: a file, or `closed`, `full` (a full disk), `gone` (nobody reads the pipe)."""
    if kind == "closed":
        os.close(number)
        return None
    if kind == "gone":
        reader, descriptor = os.pipe()
        os.close(reader)
    else:
        descriptor = os.open("/dev/full" if kind == "full" else kind, os.O_WRONLY | os.O_CREAT, 0o600)
    os.dup2(descriptor, number)
    if descriptor != number:
        os.close(descriptor)
    raw = io.BufferedWriter(io.FileIO(number, "w", closefd=False))
    return io.TextIOWrapper(raw, encoding=encoding, errors="strict" if number == 1 else "backslashreplace", line_buffering=number == 2)


def become(one: dict[str, Any]) -> None:
    for number, name in ((1, "stdout"), (2, "stderr")):
        made = stream(number, one[name], one["encoding"])
        setattr(sys, name, made)
        setattr(sys, f"__{name}__", made)
    sys.argv = ["perfeval", *one["arguments"]]


if __name__ == "__main__":
    plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for arguments in plan["warm"]:  # what these import need not be imported again and again
            run(arguments)
    codes = []
    for one in plan["runs"]:
        child = os.fork()
        if not child:
            become(one)
            main()
        codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    Path(sys.argv[2]).write_text(json.dumps(codes), "utf-8")
