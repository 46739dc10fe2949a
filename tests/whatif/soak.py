"""The seeded properties of what-if over many seeds. `soak` returns each failure with its property and seed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from whatif.test_single import test_nothing_nearer_changes_the_grade
from whatif.test_truth import test_no_probe_gets_beyond_what_is_said
from whatif.test_ways import test_nothing_better_among_all_answers, test_ways_of_grown_projects, test_wild_projects

PROPERTIES: tuple[Callable[[int], None], ...] = (
    test_nothing_better_among_all_answers,
    test_ways_of_grown_projects,
    test_wild_projects,
    test_nothing_nearer_changes_the_grade,
    test_no_probe_gets_beyond_what_is_said,
)


def soak(count: int, seed: int) -> list[str]:
    """`count` seeds from `seed` upwards, each through every property; a seed that grows nothing to look at is passed over."""
    found = []
    for at in range(seed, seed + count):
        for holds in PROPERTIES:
            try:
                holds(at)
            except pytest.skip.Exception:
                continue
            except AssertionError as failure:
                found.append(f"{holds.__name__}({at}): {failure}"[:500])
    return found
