"""How many projects gain and lose, whose grade changes, and what the changes are like: of project folders and of tables alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfeval.diffing.effect import Between
from perfeval.diffing.spread import SHARES, Grades, Spread
from perfeval.quantity import show_rate
from perfeval.reports.changes.figures import between, signed
from perfeval.reports.changes.words import Words

Fact = tuple[str, str]


def counted(changes: Spread, words: Words, open_: str) -> Iterator[Fact]:
    """How many there are, and which way they move; `open_`: the word for those of which nobody knows."""
    counts = [("gain", changes.gain), ("lose", changes.lose), ("stay", changes.stay), (open_, changes.open)]
    yield words("count"), str(sum(count for _, count in counts))
    yield from ((words(key), str(count)) for key, count in counts)


def measured(changes: Spread, words: Words, in_full: bool) -> Iterator[Fact]:
    """From least to most, mean and median; `in_full`: also the changes that a tenth, a quarter and so on do not exceed."""
    if changes.least is not None and changes.most is not None and changes.mean is not None and changes.median is not None:
        yield words("range-of"), between(Between(changes.least, changes.most))
        yield words("mean"), signed(changes.mean)
        yield words("median"), signed(changes.median)
        if in_full:
            told = [words("share", share=show_rate(share), n=signed(one)) for share, one in zip(SHARES, changes.quantiles, strict=True)]
            yield words("shares"), words("semicolon").join(told)


def transitions(grades: Grades, scale: Sequence[str], words: Words) -> Fact:
    """Grades that change as they come, the most frequent first; those that stay from the best grade down."""
    rank = {name: at for at, name in enumerate(scale)}
    told = []
    for before, after, count in sorted(grades, key=lambda one: (one[0] == one[1], rank.get(one[0], len(rank)) if one[0] == one[1] else 0)):
        key = "transition" if before != after else "kept-grade" if before else "open-grade"  # nobody knows whether an open one stays
        told.append(words(key, old=before or words("no-grade"), new=after or words("no-grade"), n=str(count)))
    return words("transitions"), words("semicolon").join(told)
