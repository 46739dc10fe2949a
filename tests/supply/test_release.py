"""The checks of a release find what they look for: names in a wheel, differing builds, unknown advisories, parts of the long run."""

from __future__ import annotations

import re
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

import soak
from supply.advisories import verdict
from supply.lock import ROOT
from supply.wheel import INFO, contents, differing, files


@pytest.fixture
def names() -> list[str]:
    """What a right wheel holds."""
    package = [f"perfeval/{path.relative_to(ROOT / 'src' / 'perfeval').as_posix()}" for path in files(ROOT / "src" / "perfeval")]
    builtin = [f"perfeval/indicators/{path.relative_to(ROOT / 'indicators').as_posix()}" for path in files(ROOT / "indicators")]
    return [*package, *builtin, *(f"perfeval-0.dist-info/{name}" for name in INFO)]


def test_a_right_wheel(names: list[str]) -> None:
    assert not list(contents(ROOT, names))
    held = set(names)
    assert {"perfeval/py.typed", "perfeval/schemas/evidence.json", "perfeval/reports/templates/default/report.html.j2"} <= held
    assert any(name.startswith("perfeval/indicators/grades/") for name in held) or any("mof-2020" in name for name in held)


@pytest.mark.parametrize(
    "lost", ["perfeval/py.typed", "perfeval/schemas/result.json", "perfeval/cli/score.py", "perfeval/indicators/README.md"]
)
def test_a_missing_file(names: list[str], lost: str) -> None:
    assert f"missing: {lost}" in list(contents(ROOT, [name for name in names if name != lost]))


@pytest.mark.parametrize(
    "more", ["tests/conftest.py", "perfeval/a.py", "perfeval/__pycache__/a.cpython-311.pyc", "perfeval-0.dist-info/extra"]
)
def test_a_file_too_many(names: list[str], more: str) -> None:
    assert any(more in said or "metadata" in said for said in contents(ROOT, [*names, more]))


def test_two_builds_that_differ(tmp_path: Path) -> None:
    for name, text, more in (("one", "a", ()), ("two", "b", ("c",)), ("same", "a", ())):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for file, held in (("x", text), *((one, "") for one in more)):
                archive.writestr(zipfile.ZipInfo(file), held)
    assert len(list(differing(tmp_path / "one", tmp_path / "two"))) == 2
    assert not list(differing(tmp_path / "one", tmp_path / "same"))


def test_nothing_looked_up_is_nothing_said() -> None:
    assert verdict({"dependencies": []}, ["click"])[0] == 3
    assert verdict({}, ["click"])[0] == 3


def test_every_part_of_the_long_run_is_there() -> None:
    assert not [part.module for part in soak.PARTS if find_spec(part.module) is None]


def test_a_part_that_breaks_has_failed() -> None:
    broken = soak.run(soak.Part("none", "supply.no_such_module", 1, ""), 1, 1)
    assert broken.failures and "ModuleNotFoundError" in broken.failures[0]
    assert re.search(r"^none +1 +0\.\d +1$", soak.table([broken]), re.MULTILINE)


def test_targets_are_listed() -> None:
    """`make help` and .PHONY know every target that a person calls."""
    text = (ROOT / "Makefile").read_text("utf-8")
    told = set(re.findall(r"^([a-z-]+):[^#\n]*## .*[\u4e00-\u9fff].* [a-z]", text, re.MULTILINE))
    phony = set(re.findall(r"(?m)^\.PHONY: (.*)$", text)[0].split())
    assert phony - {"browser-tools"} == told
    assert told >= {"soak", "coverage", "mutation", "advisories", "sbom", "wheel", "install-check", "lock"}
