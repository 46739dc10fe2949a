"""A pytest plugin that `benchmarks/mutation.py` runs with every test.

Caches are emptied before each test, so that a mutant never hides behind what was kept; a test that never ends fails.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from perfeval.reading import project_folder
from perfeval.reading.yaml_subset import YamlFile, read_yaml

KEPT = {"kinds", "rule_class"}  # which files there are does not depend on a mutant
SECONDS = 8.0  # of the processor for one test: the longest needs 1


def emptiers() -> list[Callable[[], Any]]:
    """`cache_clear` of every cached function of perfeval that is loaded, once each."""
    modules = [module for name, module in list(sys.modules.items()) if name.split(".")[0] == "perfeval"]
    cached = {id(value): value for module in modules for value in vars(module).values() if hasattr(value, "cache_clear")}
    return [value.cache_clear for value in cached.values() if value.__name__ not in KEPT]


_read: dict[tuple[str, bytes], YamlFile] = {}


def read_once(name: str, data: bytes) -> YamlFile:
    """`read_yaml`, kept when mutmut forks where no mutant could change it; a scale of ours reads the same for every project."""
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    if mutant in ("stats", "fail") or "plain_width" in mutant or (mutant.startswith("perfeval.reading") and not name.startswith("grades/")):
        return read_yaml(name, data)
    if (name, data) not in _read:
        _read[name, data] = read_yaml(name, data)
    return _read[name, data]


def _too_long(_number: int, _frame: FrameType | None) -> None:
    pytest.fail(f"more than {SECONDS} s", pytrace=False)


@pytest.fixture(autouse=True)
def fresh_and_in_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for empty in emptiers():
        empty()
    monkeypatch.setattr(project_folder, "read_yaml", read_once)
    signal.signal(signal.SIGVTALRM, _too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
