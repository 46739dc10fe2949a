"""Sets that reach a sum, against all of them tried."""

from __future__ import annotations

import random
from itertools import combinations, product

import pytest

from perfeval.whatif import sets as module
from perfeval.whatif.sets import bits, sets, shares


def units_of(chance: random.Random) -> list[list[int]]:
    return [sorted(chance.sample(range(1, 15), chance.randint(1, 6))) for _ in range(chance.randint(1, 6))]


def tried(units: list[list[int]], count: int, least: int) -> list[tuple[int, tuple[int, ...]]]:
    found = []
    for chosen in combinations(range(len(units)), count):
        sums = [sum(some) for some in product(*(units[at] for at in chosen)) if sum(some) >= least]
        found += [(min(sums), chosen)] if sums else []
    return sorted(found)


@pytest.mark.parametrize("each", [5_000, 0])
@pytest.mark.parametrize("seed", range(80))
def test_all_sets_smallest_sums_first(seed: int, each: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of looking: set by set, and by the sums that the rest can still have."""
    monkeypatch.setattr(module, "EACH", each)
    chance = random.Random(seed)
    units, least = units_of(chance), chance.randint(0, 40)
    masks = [sum(1 << gain for gain in unit) for unit in units]
    for count in range(1, len(units) + 1):
        assert sorted(sets(masks, count, least, 1_000)) == tried(units, count, least), (seed, count)
        totals = [total for total, _ in sets(masks, count, least, 1_000)]
        assert totals == sorted(totals)
        assert list(sets(masks, count, least, 2)) == list(sets(masks, count, least, 1_000))[:2]


@pytest.mark.parametrize("seed", range(80))
def test_shares_come_to_the_sum(seed: int) -> None:
    chance = random.Random(seed)
    units = units_of(chance)
    masks = [sum(1 << gain for gain in unit) for unit in units]
    for total in range(60):
        found = shares(masks, total)
        ways = [some for some in product(*units) if sum(some) == total]
        assert found == max(ways, default=None), (seed, total)  # the first as much as it can, then the next


def test_bits() -> None:
    assert list(bits(0b101001)) == [0, 3, 5]
