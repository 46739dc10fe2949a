"""The same project in other surroundings gives the same bytes, in every file that is written and all that is printed.

    python tests/soak.py --bytes 200 bytes

Each run is a process of its own on a copy of its own, and makes reports, explains, checks, seals and verifies. Drawn by lot: time
zone, locale, hash seed, terminal, umask, the folder and how it is named, the order in which files came to be, their times and rights.
A run that fails, or a command in it, is a difference whatever the others say.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "xiangyuan_2023"
PROJECTS = (EXAMPLE, ROOT / "indicators" / "starter" / "basic")
ZONES = ("UTC", "Asia/Shanghai", "America/St_Johns", "Pacific/Kiritimati")
LOCALES = ("C", "C.UTF-8", "POSIX", "zh_CN.UTF-8", "zh_CN.GB18030", "tr_TR.UTF-8", "de_DE.UTF-8")
PLACES = ("a", "评价 项目（二）", "deep/er/still", "with $HOME; #", "space ' quote", "长" * 80)
NAMES = ("xiangyuan", "襄垣 2023", "-x", "e\u0301")
WIDTH = "100"  # of the terminal where what is meant for people is compared

FAILED = "(failed)"

RUNS = """
import json, os, sys
from perfeval.cli.main import run
folder, out, umask = sys.argv[1:4]
os.umask(int(umask, 8))
sys.stdout.reconfigure(errors="backslashreplace")
for arguments in json.loads(sys.argv[4]):
    print("$", arguments[0], flush=True)
    print("=", run([folder if one == "FOLDER" else one for one in arguments]), flush=True)
"""


class Surroundings(NamedTuple):
    """What must not matter."""

    env: dict[str, str]
    place: str
    name: str
    form: str  # how the folder is named on the command line
    umask: str
    seed: int  # of the order in which files are made, and of their times

    def __str__(self) -> str:
        return " ".join(f"{key}={value!r}" for key, value in {**self.env, **self._asdict()}.items() if key != "env")


def surroundings(random: Random) -> Surroundings:
    env = {"TZ": random.choice(ZONES), "LC_ALL": random.choice(LOCALES), "PYTHONHASHSEED": str(random.randrange(2**32))}
    env |= random.choice(({}, {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONUTF8": "1"}, {"PYTHONOPTIMIZE": "2"}))
    env |= random.choice(({}, {"PYTHONDONTWRITEBYTECODE": "1"}, {"HOME": "/nowhere", "USER": "nobody"}, {"SOURCE_DATE_EPOCH": "0"}))
    plain = "PYTHONUTF8" in env and env["PYTHONUTF8"] == "0"  # a path beyond ASCII is printed in escapes then
    env |= {"COLUMNS": random.choice((WIDTH, WIDTH, str(random.randrange(20, 300)))), "TERM": random.choice(("dumb", "xterm-256color"))}
    form = "dot" if plain else random.choice(("absolute", "relative", "slash", "dot", "file", "from elsewhere"))
    umask = random.choice(("000", "022", "027", "077"))
    return Surroundings(env, random.choice(PLACES), random.choice(NAMES), form, umask, random.randrange(2**32))


def commands() -> list[list[str]]:
    """All that is written or shown of a project; what each says is compared too."""
    from perfeval.cli.main import group
    from perfeval.reports import FORMATS

    runs = [
        ["score", "-q", "FOLDER", "--format", ",".join(FORMATS)],
        ["score", "FOLDER", "--no-report"],
        ["score", "FOLDER", "--json"],
        ["explain", "FOLDER"],
        *(["check", "FOLDER", "--format", form] for form in ("text", "json", "junit", "github")),
        ["frameworks"],
        ["schema", "evidence"],
    ]
    there = group.list_commands(None)  # type: ignore[arg-type]
    return runs + [[name, "FOLDER"] for name in ("seal", "verify") if name in there]


def copied(project: Path, to: Path, seed: int) -> None:
    """The project, its files made in another order, with other times and rights."""
    random = Random(seed)
    own = [path for path in sorted(project.rglob("*")) if path.is_file() and "reports" not in path.relative_to(project).parts]
    files = [path for path in own if path.name != "seal.json"]
    random.shuffle(files)
    for path in files:
        new = to / path.relative_to(project)
        new.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, new)
        new.chmod(random.choice((0o400, 0o600, 0o644, 0o777)))
        then = random.randrange(2**31)
        os.utime(new, (then, then))


def digests(around: Surroundings, python: str = sys.executable, project: Path = EXAMPLE) -> dict[str, str]:
    """One hash for each file that is written, and one for each thing that is printed; or how the run failed, under `FAILED`."""
    with TemporaryDirectory() as work:
        folder = Path(work).resolve() / around.place / around.name
        copied(project, folder, around.seed)
        named, cwd = _named(folder, around.form)
        fixed = {"PERFEVAL_LANG": "zh", "COLUMNS": WIDTH, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT / "src")}
        env = {"PATH": os.environ.get("PATH", ""), **fixed, **around.env}
        arguments = [named, str(folder), around.umask, json.dumps(commands())]
        done = subprocess.run([python, "-c", RUNS, *arguments], cwd=cwd, env=env, capture_output=True, check=False, timeout=120)
        if done.returncode or done.stdout.count(b"\n= 0\n") != len(commands()):
            return {FAILED: f"exit {done.returncode}, {done.stdout[-100:]!r} {done.stderr[-500:]!r}"}
        made = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        printed = _printed(done.stdout, named, folder, around.form == "dot", env["COLUMNS"] != WIDTH)
        return {name: sha256(data).hexdigest() for name, data in {**made, **printed, "(stderr)": done.stderr}.items()}


def _printed(text: bytes, named: str, folder: Path, dot: bool, wide: bool) -> dict[str, bytes]:
    """What each command printed, without the folder as it was typed; where that is a mere dot, it cannot be told from a full stop.

    What is laid out for people (`wide`: on a terminal of another width) is left out where it cannot be the same.
    """
    for one in (shlex.quote(named), named, shlex.quote(str(folder)), str(folder)):
        text = text if dot else text.replace(os.fsencode(one), b"FOLDER")
    found = {}
    for number, (arguments, part) in enumerate(zip(commands(), text.split(b"\n$ "), strict=True)):
        told = not dot or arguments[0] in ("score", "schema", "frameworks")
        if told and (not wide or arguments[0] == "schema" or {"--json", "json", "junit"} & set(arguments)):
            found[f"({number} {' '.join(arguments)})"] = part
    return found


def _named(folder: Path, form: str) -> tuple[str, Path]:
    """What stands on the command line, and where it is typed."""
    match form:
        case "relative":
            return f"./{folder.name}", folder.parent
        case "slash":
            return f"{folder}/", folder.parent
        case "dot":
            return ".", folder
        case "file":
            return str(folder / "project.yaml"), folder.parent
        case "from elsewhere":
            return str(folder), Path("/")
    return str(folder), folder.parent


def soak(count: int, seed: int) -> list[str]:
    """So many runs in random surroundings, of each project in turn; each file that is not as in the first run of its project."""
    random, found = Random(seed), []
    first: dict[Path, dict[str, str]] = {}
    for number in range(count):
        project, around = PROJECTS[number % len(PROJECTS)], surroundings(random)
        made = digests(around, project=project)
        found += differences(first.get(project, made), made, f"{project.name}, run {number} of seed {seed}, {around}")
        first.setdefault(project, made)
        if number % 20 == 19:
            print(f"bytes: {number + 1} of {count}, {len(found)} failures", file=sys.stderr, flush=True)
    return found


def differences(first: dict[str, str], made: dict[str, str], where: str) -> list[str]:
    """A failed run is one by itself, and is nothing to compare others with."""
    if FAILED in made:
        return [f"failed: {made[FAILED]}: {where}"]
    if FAILED in first:
        return [f"nothing to compare with: {where}"]
    names = sorted(name for name in first | made if first.get(name) != made.get(name) and not _untold(name, first, made))
    return [f"{name} differs: {where}" for name in names]


def _untold(name: str, first: dict[str, str], made: dict[str, str]) -> bool:
    """Something printed that one of the two did not look at."""
    return name.startswith("(") and not (name in first and name in made)
