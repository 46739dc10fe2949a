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
    assert surroundings.soak(4, seed=4) == []


def test_other_bytes_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that differs; what is printed, where both look at it; a run that fails, also where each one does."""
    same = {"reports/report.md": "a", "(0 score)": "a"}
    runs = [same, same | {"reports/report.md": "b"}, {"reports/report.md": "a"}, same | {"(0 score)": "b"}, {surroundings.FAILED: "exit 3"}]
    found = told(runs, monkeypatch)
    assert [("report.md" in one, "(0 score)" in one, "exit 3" in one) for one in found] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    assert len(told([{surroundings.FAILED: "exit 3"}] * 3, monkeypatch)) == 3
    assert len(told([{surroundings.FAILED: "exit 3"}, same], monkeypatch)) == 2


def told(runs: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a soak says where its runs come to these digests."""
    answers = iter(runs)
    monkeypatch.setattr(surroundings, "digests", lambda *_, **__: next(answers))
    monkeypatch.setattr(surroundings, "PROJECTS", surroundings.PROJECTS[:1])
    return list(surroundings.soak(len(runs), 1))


def test_a_failed_run_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own code that breaks, and a command that ends in another code than 0."""
    for code in ("1 / 0", surroundings.RUNS.replace('"=", run', '"=", 1 + run')):
        monkeypatch.setattr(surroundings, "RUNS", code)
        assert set(surroundings.digests(PLAIN)) == {surroundings.FAILED}


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
