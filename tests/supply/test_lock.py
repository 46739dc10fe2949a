"""What is installed is what was looked at: the lock pins everything with hashes and names no place to fetch it from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from itertools import chain

import pytest
from packaging.requirements import Requirement

from supply.lock import LOCK, OURS, ROOT, BadLock, asked_for, entries, needed, normal, run_time

TEXT = LOCK.read_text("utf-8")
RUN_TIME_MOST = 13  # distributions; one more is a decision about what this program rests on, not a detail
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SAMPLE = f"rich==15.0.0 \\\n    --hash=sha256:{'0' * 64} \\\n    --hash=sha256:{'1' * 64}\n    # via perfeval (pyproject.toml)\n"


def test_no_host() -> None:
    assert not re.search(r"://|@|(?m:^ *-(?!-hash=))|\bfile:|/home|\.whl|\.tar", TEXT)


def test_every_entry_is_pinned_and_has_hashes() -> None:
    found = entries(TEXT)
    assert len(found) == TEXT.count("==") - TEXT.count("'=='") - TEXT.count(" == ")
    assert all(one.hashes and len(set(one.hashes)) == len(one.hashes) for one in found.values())


@pytest.mark.parametrize(
    "bad",
    [
        "--index-url //mirror/simple\n" + SAMPLE,
        "-e .\n" + SAMPLE,
        SAMPLE.replace("==15.0.0", ">=15.0.0"),
        SAMPLE.replace("==15.0.0", " @ https://example.org/rich.whl"),
        SAMPLE.replace("==15.0.0", " @ file:///tmp/rich.whl"),
        SAMPLE.replace("sha256:", "md5:"),
        SAMPLE.replace("1" * 64, "1" * 63),
        "rich==15.0.0\n    # via perfeval (pyproject.toml)\n",
        SAMPLE + SAMPLE,
        SAMPLE.replace("    # via", "    --find-links ./wheels\n    # via"),
        SAMPLE.replace("    # via perfeval (pyproject.toml)\n", ""),
    ],
)
def test_anything_else_is_refused(bad: str) -> None:
    assert list(entries(SAMPLE)) == ["rich"]
    with pytest.raises(BadLock):
        entries(bad)


def test_all_that_is_asked_for_is_locked() -> None:
    lock = entries(TEXT)
    asked = asked_for() | asked_for("test")
    assert asked <= set(lock)
    assert set(needed(lock, asked)) == set(lock), "entries that nobody needs: run `make lock`"


def test_few_distributions_run() -> None:
    assert len(run_time()) <= RUN_TIME_MOST, sorted(run_time())


def installed_closure(roots: frozenset[str]) -> Iterator[str]:
    """What the roots need on this system, from the metadata of what is installed."""
    todo, seen = [Requirement(name) for name in sorted(roots)], set()
    while todo:
        asked = todo.pop()
        name = normal(asked.name)
        extras = ("", *sorted(asked.extras))
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        yield name
        for needs in map(Requirement, requires(name) or ()):
            if needs.marker is None or any(needs.marker.evaluate({"extra": extra}) for extra in extras):
                todo.append(needs)


def test_the_lock_holds_what_is_installed_to_run() -> None:
    """The `# via` notes agree with the metadata of the distributions themselves."""
    closure = set(installed_closure(asked_for()))
    assert len(closure) <= RUN_TIME_MOST
    assert closure <= set(run_time())
    everywhere = {name for name, one in run_time().items() if not one.marker}
    assert everywhere <= closure


def test_installed_versions_are_those_of_the_lock() -> None:
    """Only said of an environment made from the lock, where its test tools are the lock's too."""
    lock = entries(TEXT)
    try:
        from_lock = all(version(name) == lock[name].version for name in asked_for("test"))
    except PackageNotFoundError:
        from_lock = False
    if not from_lock:
        pytest.skip("this environment was not made from requirements.lock")
    assert {name: version(name) for name in installed_closure(asked_for())} == {
        name: run_time()[name].version for name in installed_closure(asked_for())
    }


def test_what_builds_is_pinned() -> None:
    """The wheel names its builder: with another version of it there would be other bytes."""
    tools = [*PYPROJECT["build-system"]["requires"]]
    for extra, asked in PYPROJECT["project"]["optional-dependencies"].items():
        if extra in ("lint", "measure", "release"):
            tools += asked
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9A-Za-z.]+", tool) for tool in tools), tools


def test_no_extra_leads_to_another_place() -> None:
    everything = [*PYPROJECT["project"]["dependencies"], *chain.from_iterable(PYPROJECT["project"]["optional-dependencies"].values())]
    assert not [one for one in everything if "@" in one or "://" in one]
    assert normal(PYPROJECT["project"]["name"]) == OURS
