"""All checks, found by listing the folders of this room, and the names of all that can be found."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from perfeval import rules
from perfeval.auditing._contract import Check
from perfeval.problems import KINDS

ABOUT = ("rules", "evidence", "texts", "printed", "surveys")
"""The folders of checks, in the order they are told."""


@cache
def checks() -> tuple[Check, ...]:
    """All checks: files that do not begin with `_`, folder by folder, in sorted order."""
    return tuple(_found())


def _found() -> Iterator[Check]:
    for about in ABOUT:
        folder = import_module(f"perfeval.auditing.{about}")
        for name in sorted(name for _, name, _ in pkgutil.iter_modules(folder.__path__) if not name.startswith("_")):
            module = import_module(f"{folder.__name__}.{name}")
            yield Check(name.replace("_", "-"), about, module.KIND, module.NEEDS, module.check, module.__doc__ or "")


def known_names() -> frozenset[str]:
    """The names of all that can be found: by checks, and by reading and scoring."""
    for kind in rules.kinds():
        rules.rule_class(kind)  # a kind's own problems are known once it is loaded
    return frozenset(KINDS) | {check.name for check in checks()}
