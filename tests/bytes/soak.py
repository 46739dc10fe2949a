"""The same folder under other time zones, locales, hash seeds, paths, file times and orders: every byte that is written is the same.

`make test` has six of these runs and one for each other Python, `make soak` 200; alone: `python tests/bytes/soak.py 200`.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "xiangyuan_2023"
ZONES = ("UTC", "Asia/Shanghai", "America/St_Johns", "Pacific/Kiritimati")
LOCALES = ("C", "C.UTF-8", "POSIX", "zh_CN.UTF-8", "zh_CN.GB18030", "tr_TR.UTF-8", "de_DE.UTF-8")
PLACES = ("a", "评价 项目（二）", "deep/er/still", "with $HOME; #", "长" * 80)
NAMES = ("xiangyuan", "襄垣 2023", "-x")

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
    form = "dot" if plain else random.choice(("absolute", "relative", "slash", "dot", "file", "from elsewhere"))
    return Surroundings(
        env, random.choice(PLACES), random.choice(NAMES), form, random.choice(("022", "077", "002")), random.randrange(2**32)
    )


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


def copied(to: Path, seed: int) -> None:
    """The example, its files made in another order and with other times."""
    random = Random(seed)
    files = [path for path in sorted(EXAMPLE.rglob("*")) if path.is_file() and "reports" not in path.parts and path.name != "seal.json"]
    random.shuffle(files)
    for path in files:
        new = to / path.relative_to(EXAMPLE)
        new.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, new)
        then = random.randrange(2**31)
        os.utime(new, (then, then))


def digests(around: Surroundings, python: str = sys.executable) -> dict[str, str]:
    """One hash for each file that is written, and one for each thing that is printed."""
    with TemporaryDirectory() as work:
        folder = Path(work).resolve() / around.place / around.name
        copied(folder, around.seed)
        named, cwd = _named(folder, around.form)
        fixed = {"PERFEVAL_LANG": "zh", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT / "src")}
        env = {"PATH": os.environ.get("PATH", ""), **fixed, **around.env}
        arguments = [named, str(folder), around.umask, json.dumps(commands())]
        done = subprocess.run([python, "-c", RUNS, *arguments], cwd=cwd, env=env, capture_output=True, check=False, timeout=120)
        if done.returncode:
            return {"(stderr)": f"{done.stdout[-100:]!r} {done.stderr!r}"}
        made = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        printed = _printed(done.stdout, named, folder, around.form == "dot")
        return {name: sha256(data).hexdigest() for name, data in {**made, **printed, "(stderr)": done.stderr}.items()}


def _printed(text: bytes, named: str, folder: Path, dot: bool) -> dict[str, bytes]:
    """What each command printed, without the folder as it was typed; where that is a mere dot, it cannot be told from a full stop."""
    for one in (shlex.quote(named), named, shlex.quote(str(folder)), str(folder)):
        text = text if dot else text.replace(os.fsencode(one), b"FOLDER")
    found = {}
    for number, (arguments, part) in enumerate(zip(commands(), text.split(b"\n$ "), strict=True)):
        if not dot or arguments[0] in ("score", "schema", "frameworks"):
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
    """So many runs in random surroundings; each file of each that is not as in the first."""
    return list(_different(count, seed))


def _different(count: int, seed: int) -> Iterator[str]:
    random = Random(seed)
    first: dict[str, str] = {}
    for number in range(count):
        around = surroundings(random)
        made = digests(around)
        first = first or made
        yield from differences(first, made, f"run {number} of seed {seed}, {around}")


def differences(first: dict[str, str], made: dict[str, str], where: str) -> list[str]:
    return [
        f"{name} differs: {where}" for name in sorted(first | made) if first.get(name) != made.get(name) and not _dot(name, first, made)
    ]


def _dot(name: str, first: dict[str, str], made: dict[str, str]) -> bool:
    return name.startswith("(") and not (name in first and name in made)


if __name__ == "__main__":
    found = soak(int(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 1)
    print(*found, sep="\n")
    sys.exit(bool(found))
