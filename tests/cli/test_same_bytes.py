"""The same folder gives the same bytes: in every report, in the seal and on the terminal, whatever surrounds the run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

surroundings = import_module("bytes.soak")  # a folder of tests, not the built-in type
NEEDED = "import click, jinja2, pydantic, rich, yaml"
PLAIN = surroundings.Surroundings({"TZ": "UTC", "LC_ALL": "C.UTF-8"}, "a", "xiangyuan", "absolute", "022", 0)


@cache
def plain() -> dict[str, str]:
    return surroundings.digests(PLAIN)


def pythons(version: str) -> Iterator[Path]:
    """Interpreters of a version: named in PERFEVAL_PYTHONS, on the path, of pyenv."""
    yield from (Path(one) for one in os.environ.get("PERFEVAL_PYTHONS", "").split(os.pathsep) if one)
    if found := shutil.which(f"python{version}"):
        yield Path(found)
    yield from sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}*/bin/python"))


def usable(python: Path, version: str) -> bool:
    code = f"{NEEDED}; import sys; sys.exit(sys.version_info[:2] != {tuple(map(int, version.split('.')))})"
    return python.exists() and subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0


def test_surroundings_do_not_matter() -> None:
    """Zones, locales, hash seeds, paths, umasks, times and orders of files, the ways to name the folder; `make soak` has 200."""
    assert surroundings.soak(5, seed=4) == []


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_pythons_do_not_matter(version: str) -> None:
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        pytest.skip("the Python of this run")
    python = next((one for one in pythons(version) if usable(one, version)), None)
    if python is None:
        pytest.skip(f"no Python {version} with the packages that perfeval needs; PERFEVAL_PYTHONS can name one")
    assert surroundings.differences(plain(), surroundings.digests(PLAIN, str(python)), version) == []


def test_what_is_compared() -> None:
    """All reports, the result, both manifests, and what each command prints."""
    from perfeval.reports import FORMATS, file_name

    names = set(plain())
    assert {f"reports/{file_name(one)}" for one in FORMATS} | {"reports/result.json", "reports/manifest.json", "seal.json"} <= names
    assert sum(name.startswith("(") for name in names) == len(surroundings.commands()) + 1


def test_a_report_knows_no_clock(root: Path) -> None:
    """The day of this run stands in no report; each year in it stands in the data."""
    from perfeval.reports import FORMATS, render
    from perfeval.scoring import open_project, score

    folder = root / "examples" / "xiangyuan_2023"
    data = "".join(path.read_text("utf-8") for path in folder.rglob("*") if path.suffix in (".yaml", ".csv"))
    result = score(open_project(folder))
    today = datetime.now(UTC)
    for name in FORMATS:
        text = re.sub(r"(?s)<style>.*?</style>", "", render(name, result))
        assert f"{today:%Y-%m-%d}" not in text
        assert set(re.findall(r"(?<!\d)20\d\d(?!\d)", text)) <= set(re.findall(r"(?<!\d)20\d\d(?!\d)", data))
