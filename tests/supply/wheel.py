"""Builds the wheel twice and compares: the same source gives the same bytes. `make wheel`, into dist/.

    cd tests && python -m supply.wheel

The two builds differ in all that should not matter: folder, times and permissions of the files, umask, time zone, hash
seed, byte code lying about, and whether SOURCE_DATE_EPOCH is set at all. What is in the wheel is checked as well.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from supply.lock import OURS, ROOT

EPOCH = 1580601600  # 2020-02-02, what hatchling takes by itself: a plain `pip wheel .` gives these bytes too
PARTS = ("pyproject.toml", "README.md", "src", "indicators", ".gitignore")
NO_PART = shutil.ignore_patterns("__pycache__", "*.egg-info", "reports-*", "*.pyc")
INFO = ("METADATA", "WHEEL", "RECORD", "entry_points.txt")


def copy(to: Path, umask: int, age: int) -> Path:
    """The source that the wheel is made from, in another folder, with its files as old and as open as is asked for."""
    to.mkdir(parents=True)
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, to / name, ignore=NO_PART)
        elif (ROOT / name).exists():
            shutil.copy2(ROOT / name, to / name)
    for number, path in enumerate(sorted(to.rglob("*"))):
        path.chmod((0o777 if path.is_dir() else 0o666) & ~umask)
        os.utime(path, (EPOCH + age + number, EPOCH + age + number))
    return to


def build(source: Path, into: Path, umask: int, **environment: str) -> Path:
    kept = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq", "wheel", "--no-deps", "--wheel-dir", str(into), "."]
    subprocess.run(command, cwd=source, env={**kept, **environment}, umask=umask, check=True)
    (made,) = into.glob("*.whl")
    return made


def contents(source: Path, names: list[str]) -> Iterator[str]:
    """What is wrong with the names in a wheel: it holds the package and the built-in indicators, whole, and nothing else."""
    wanted = {f"{OURS}/{path.relative_to(source / 'src' / OURS).as_posix()}" for path in files(source / "src" / OURS)}
    wanted |= {f"{OURS}/indicators/{path.relative_to(source / 'indicators').as_posix()}" for path in files(source / "indicators")}
    info = {name for name in names if name.split("/")[0].endswith(".dist-info")}
    if {name.split("/", 1)[1] for name in info} != set(INFO):
        yield f"metadata files: {sorted(info)}"
    yield from (f"missing: {name}" for name in sorted(wanted - set(names)))
    yield from (f"too many: {name}" for name in sorted(set(names) - wanted - info))
    yield from (f"byte code: {name}" for name in names if name.endswith((".pyc", ".bin")))
    yield from (
        f"missing: {OURS}/{name}" for name in ("py.typed", "schemas/result.json", "indicators/README.md") if f"{OURS}/{name}" not in names
    )


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix=f"{OURS}-wheel-") as place:
        first = copy(Path(place) / "a", 0o022, 0)
        second = copy(Path(place) / "另一个 folder" / "deeper", 0o077, 100_000_000)
        subprocess.run([sys.executable, "-m", "compileall", "-q", str(second / "src")], check=True)
        one = build(first, Path(place) / "1", 0o022, SOURCE_DATE_EPOCH=str(EPOCH), TZ="UTC", PYTHONHASHSEED="0")
        two = build(second, Path(place) / "2", 0o077, TZ="Asia/Shanghai", PYTHONHASHSEED="4711", LC_ALL="C")
        digests = [sha256(path.read_bytes()).hexdigest() for path in (one, two)]
        with zipfile.ZipFile(one) as archive:
            wrong = list(contents(first, archive.namelist()))
        if one.name != two.name or digests[0] != digests[1]:
            wrong += [f"两次构建不同 two builds differ: {digests[0]} {digests[1]}", *differing(one, two)]
        if not wrong:
            (ROOT / "dist").mkdir(exist_ok=True)
            shutil.copyfile(one, ROOT / "dist" / one.name)
            print(f"dist/{one.name}\nsha256:{digests[0]}\n两次构建逐字节相同。 Byte-identical in two builds.")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


def differing(one: Path, two: Path) -> Iterator[str]:
    """Which entries differ, in their bytes or in what the archive says of them."""
    with zipfile.ZipFile(one) as left, zipfile.ZipFile(two) as right:
        for name in sorted(set(left.namelist()) | set(right.namelist())):
            if name not in left.namelist() or name not in right.namelist():
                yield f"  only in one: {name}"
                continue
            told = [(info.getinfo(name).date_time, info.getinfo(name).external_attr, info.read(name)) for info in (left, right)]
            if told[0] != told[1]:
                yield f"  {name}: {[one[:2] for one in told]}"


if __name__ == "__main__":
    sys.exit(main())
