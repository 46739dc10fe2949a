"""The same project in other surroundings gives the same bytes.

    python tests/soak.py --bytes 200 bytes

Each run is a process of its own on a copy of its own; time zone, locale, hash seed, width of the terminal, umask, folder,
the working folder, the order in which the files came to be, their times and permissions are drawn by lot.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from supply.lock import ROOT

PROJECTS = (ROOT / "examples" / "xiangyuan_2023", ROOT / "indicators" / "starter" / "basic")
ZONES = ("UTC", "Asia/Shanghai", "America/St_Johns", "Pacific/Kiritimati")
LOCALES = ("C", "C.UTF-8", "zh_CN.UTF-8", "en_US.UTF-8", "tr_TR.UTF-8")
FOLDERS = ("p", "困难职工 帮扶", "a/b/c/d/e/f", "-x", "e\u0301", "space ' quote")
OLDEST, NEWEST = 315_532_800, 4_102_444_800  # 1980 to 2100


class Drawn(NamedTuple):
    """Everything that must not matter."""

    environment: Mapping[str, str]
    umask: int
    folder: str
    inside: bool  # run from within the project folder
    seed: int


def draw(seed: int) -> Drawn:
    chance = random.Random(seed)
    environment = {
        "TZ": chance.choice(ZONES),
        "LC_ALL": chance.choice(LOCALES),
        "PYTHONHASHSEED": str(chance.randrange(2**32)),
        "PYTHONUTF8": chance.choice("01"),
        "COLUMNS": str(chance.randrange(20, 300)),
        "TERM": chance.choice(("dumb", "xterm-256color")),
    }
    return Drawn(environment, chance.choice((0o000, 0o022, 0o027, 0o077)), chance.choice(FOLDERS), chance.random() < 0.5, seed)


def laid_out(project: Path, to: Path, drawn: Drawn) -> None:
    """A copy, its files written in an order of their own, as old as chance has it."""
    chance = random.Random(drawn.seed)
    files = sorted(path for path in project.rglob("*") if path.is_file() and "reports" not in path.relative_to(project).parts)
    chance.shuffle(files)
    for path in files:
        made = to / path.relative_to(project)
        made.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, made)
        made.chmod(chance.choice((0o400, 0o600, 0o644, 0o777)))
        moment = chance.randrange(OLDEST, NEWEST)
        os.utime(made, (moment, moment))


def digests(project: Path, drawn: Drawn) -> dict[str, str]:
    """The sha256 of each file that a run writes. What `--json` prints is the same result (its letters are escaped on a console
    that has not all of them, and so its bytes are not compared)."""
    with tempfile.TemporaryDirectory(prefix="perfeval-bytes-") as place:
        folder = Path(place) / drawn.folder
        laid_out(project, folder, drawn)
        written = _run(["score", "-q"], folder, drawn), _run(["score", "--json"], folder, drawn)
        if failed := [done for done in written if done.returncode]:
            return {"": f"exit {failed[0].returncode}: {failed[0].stderr.decode('utf-8', 'replace')[:500]}"}
        found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in (folder / "reports").rglob("*") if path.is_file()}
    if json.loads(written[1].stdout) != json.loads(found["reports/result.json"]):
        return {"": "--json prints another result than result.json has"}
    return {name: sha256(data).hexdigest() for name, data in sorted(found.items())}


def _run(arguments: list[str], folder: Path, drawn: Drawn) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PERFEVAL", "PYTHON"))}
    command = [sys.executable, "-m", "perfeval.cli.main", *arguments, "." if drawn.inside else str(folder)]
    place = folder if drawn.inside else folder.anchor
    return subprocess.run(command, cwd=place, env={**environment, **drawn.environment}, umask=drawn.umask, capture_output=True, check=False)


def soak(count: int, seed: int) -> list[str]:
    """So many runs, of each project in turn; the first of each is what the others are held against."""
    failures, first = [], {}
    for number in range(count):
        project, drawn = PROJECTS[number % len(PROJECTS)], draw(seed + number)
        found = digests(project, drawn)
        wanted = first.setdefault(project, found)
        if "" in found or found != wanted:
            other = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
            failures.append(f"{project.name}, seed {seed + number}: {other} {found.get('', '')} {drawn}")
        if number % 20 == 19:
            print(f"bytes: {number + 1} of {count}, {len(failures)} failures", file=sys.stderr, flush=True)
    return failures
