"""Choosing a few of many: which sets of so many units reach a sum, the smallest sums first. Sums are bits of whole numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb

EACH = 5_000  # so many sets are looked at one by one
PATIENCE = 50  # sums without a new set


def bits(number: int) -> Iterator[int]:
    """The positions of the bits that are set, from the lowest."""
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


def sets(units: Sequence[int], count: int, least: int, limit: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Sums of at least `least` and the sets of `count` units that reach them; a unit is the bits of what it may add.

    Each set stands with its smallest such sum, and comes once; sets of one sum come in the order of their units. No more
    than `limit`.
    """
    if comb(len(units), count) <= EACH:
        found = ((_smallest([units[at] for at in chosen], least), chosen) for chosen in combinations(range(len(units)), count))
        yield from sorted((total, chosen) for total, chosen in found if total is not None)[:limit]
        return
    lowest = sorted(((unit & -unit).bit_length() - 1 for unit in units), reverse=True)
    most = max(least, sum(lowest[:count])) + max(unit.bit_length() for unit in units)
    rest = _rests(units, count, (1 << (most + 1)) - 1)
    seen: set[tuple[int, ...]] = set()
    idle = 0
    for total in bits(rest[0][count] >> least):
        idle += 1
        for chosen in _reaching(units, rest, count, 1 << (least + total), 0, ()):
            if chosen in seen:
                continue
            idle = 0
            seen.add(chosen)
            yield least + total, chosen
            if len(seen) == limit:
                return
        if idle == PATIENCE:
            return


def _smallest(units: Sequence[int], least: int) -> int | None:
    """The smallest sum of at least `least`, one number of each unit."""
    if sum(unit.bit_length() - 1 for unit in units) < least:
        return None
    sums = 1
    for unit in units:
        sums = _added(sums, unit)
    over = sums >> least
    return least + (over & -over).bit_length() - 1 if over else None


def _rests(units: Sequence[int], count: int, mask: int) -> list[list[int]]:
    """`rest[i][j]`: the sums of j units from the i-th on."""
    rest = [[0] * (count + 1) for _ in range(len(units) + 1)]
    rest[len(units)][0] = 1
    for at in range(len(units) - 1, -1, -1):
        for size in range(min(count, len(units) - at) + 1):
            rest[at][size] = rest[at + 1][size] | (_added(rest[at + 1][size - 1], units[at]) & mask if size else 0)
    return rest


def _reaching(
    units: Sequence[int], rest: list[list[int]], count: int, wanted: int, at: int, chosen: tuple[int, ...]
) -> Iterator[tuple[int, ...]]:
    """`wanted`: the sums that the units still to be chosen may have, as bits."""
    if count == 0:
        if wanted & 1:
            yield chosen
        return
    if at == len(units) or not wanted & rest[at][count]:
        return
    left = _taken(wanted, units[at])
    if left & rest[at + 1][count - 1]:
        yield from _reaching(units, rest, count - 1, left, at + 1, (*chosen, at))
    yield from _reaching(units, rest, count, wanted, at + 1, chosen)


def shares(units: Sequence[int], total: int) -> tuple[int, ...] | None:
    """What each unit adds so that they come to the total: the first as much as it can, then the next."""
    rest = _rests(units, len(units), (1 << (total + 1)) - 1)
    found = []
    for at, unit in enumerate(units):
        fit = unit & _mirrored(rest[at + 1][len(units) - at - 1], total)
        if not fit:
            return None
        found.append(fit.bit_length() - 1)
        total -= found[-1]
    return tuple(found) if total == 0 else None


def _mirrored(sums: int, total: int) -> int:
    """What is left of the total beside each sum."""
    below = sums & ((1 << (total + 1)) - 1)
    return int(f"{below:b}".zfill(total + 1)[::-1], 2)


def _added(sums: int, unit: int) -> int:
    """All sums with one of the unit's numbers added."""
    found = 0
    for low, length in _runs(unit):
        found |= _spread(sums, length) << low
    return found


def _taken(sums: int, unit: int) -> int:
    """All sums with one of the unit's numbers taken off; none below 0."""
    found = 0
    for low, length in _runs(unit):
        found |= _gathered(sums >> low, length)
    return found


def _runs(unit: int) -> Iterator[tuple[int, int]]:
    """The bits as runs of neighbours: where each begins, and how many there are."""
    at = 0
    while unit:
        skip = (unit & -unit).bit_length() - 1
        unit >>= skip
        at += skip
        length = (~unit & (unit + 1)).bit_length() - 1
        yield at, length
        unit >>= length
        at += length


def _spread(sums: int, length: int) -> int:
    """The sums moved up by each of 0 … length − 1."""
    done = 1
    while done < length:
        step = min(done, length - done)
        sums |= sums << step
        done += step
    return sums


def _gathered(sums: int, length: int) -> int:
    """The sums moved down by each of 0 … length − 1."""
    done = 1
    while done < length:
        step = min(done, length - done)
        sums |= sums >> step
        done += step
    return sums
