"""How far a printed score may be from the exact one: a report may have rounded its scores after adding and dividing the exact ones."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perfeval.auditing._score_sentences import item_sentences, part_sentences
from perfeval.auditing._score_tables import Figure, score_tables
from perfeval.model.document import Document

_SHOWN_BY = 2  # rates: one alone may as well be wrong
_FINE = 2  # decimals that a score has because it was rounded


def half_digit(places: int) -> Fraction:
    return Fraction(1, 2 * 10**places)


class Rated(NamedTuple):
    """A weight in points, above zero, with its score and the rate printed beside it."""

    weight: Figure
    score: Figure
    rate: Figure

    def agrees(self, half: Fraction) -> bool:
        """Is this the rate of a score that lies no further than that from the printed one, or than half of its own last decimal?"""
        if self.rate.shows_rate(self.score.value / self.weight.value):
            return True
        half = max(half, half_digit(self.score.places)) if half and self.score.places else half
        bare = not self.rate.percent and self.rate.value > 1  # 91.67 without its sign
        value = self.rate.value / 100 if bare else self.rate.value
        room = half_digit(self.rate.places) / (100 if bare or self.rate.percent else 1)
        return half > 0 and abs(value - self.score.value / self.weight.value) <= room + half / self.weight.value


class Rounding(NamedTuple):
    """Half of the last digit of the scores of a report: for one score, and for each of those that are added. 0: as exact as printed."""

    score: Fraction
    added: Fraction


def rated(document: Document) -> Iterator[Rated]:
    """The rows and sentences that print a rate."""
    for weight, score, rate in _figures(document):
        if weight and score and rate and not weight.percent and not score.percent and weight.value > 0:
            yield Rated(weight, score, rate)


def _figures(document: Document, apart: bool = True) -> Iterator[tuple[Figure | None, Figure | None, Figure | None]]:
    """Weight, score and rate of rows and sentences. `apart`: of a self-evaluation too."""
    for table in score_tables(document):
        if apart or not table.apart:
            yield from ((row.weight, row.score, row.rate) for row in table.rows)
    for one in (*item_sentences(document), *part_sentences(document)):
        yield one.weight, one.score, one.rate


def rounding(document: Document) -> Rounding:
    """By the decimals that its scores have. Few decimals may be all that the exact scores have: there the rates must tell of more."""
    places = max((score.places for _, score, _ in _figures(document, apart=False) if score and not score.percent), default=0)
    half = half_digit(places)
    told = sum(one.agrees(half) and not one.agrees(Fraction(0)) for one in rated(document)) >= _SHOWN_BY
    return Rounding(half if places or told else Fraction(0), half if places >= _FINE or told else Fraction(0))
