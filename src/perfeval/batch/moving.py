"""A table scored under two rule sets, side by side: how total, grade and indicators move.

Python sees how often each change comes up and the ten that move most, no other row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import polars as pl

from perfeval.backends.columnar.polars import digits
from perfeval.batch.job import Form, Job
from perfeval.batch.on_polars import as_csv
from perfeval.diffing.projects import MOVERS
from perfeval.diffing.spread import Spread, ordered, spread
from perfeval.diffing.tables import OUT, Graded, Mover, Moves, TableMoved
from perfeval.ir.program import GRADE, TOTAL, score_key
from perfeval.problems import SystemFailed

_ID, _CHANGE = "(id)", "(change)"
_NARROW = 18  # digits that 64 bits hold


class Side(NamedTuple):
    """A rule set's job, and its scores as a Parquet file."""

    job: Job
    scores: Path


class Track(NamedTuple):
    """One indicator, bonus or penalty through both; "" where a rule set has none of it."""

    old: str
    new: str


def moved(sides: tuple[Side, Side], pairs: Mapping[str, str], changed: Collection[str]) -> Moving:
    """`pairs`: ids of old leaves to those that stand for them in the new tree; `changed`: old leaves whose rule means something else."""
    return Moving(sides, tuple(_tracks(sides, pairs)), changed)


def _tracks(sides: tuple[Side, Side], pairs: Mapping[str, str]) -> Iterator[Track]:
    """In the order of the old tree; then what only the new one has."""
    old, new = (one.job.plan.program.program for one in sides)
    yield from (Track(leaf.id, pairs.get(leaf.id, "")) for leaf in old.leaves)
    yield from (Track("", leaf.id) for leaf in new.leaves if leaf.id not in pairs.values())
    for name in dict.fromkeys((*old.extras, *new.extras)):
        yield Track(*(name if name in one.extras else "" for one in (old, new)))


class Moving:
    """Looks through both tables of scores, whose rows are the same projects in the same order."""

    def __init__(self, sides: tuple[Side, Side], tracks: Sequence[Track], changed: Collection[str]) -> None:
        self.sides, self.tracks, self.changed = sides, tracks, changed
        own = sides[0].job.matched.id
        parts = [pl.scan_parquet(side.scores).select(pl.all().name.prefix(str(at))) for at, side in enumerate(sides)]
        both = pl.concat(parts, how="horizontal").rename({f"0{own}": _ID})
        self.total_places = max(side.job.plan.output(TOTAL).places for side in sides)
        change = self._units(1, TOTAL, self.total_places) - self._units(0, TOTAL, self.total_places)
        self.frame = both.with_columns(change.alias(_CHANGE))
        self.grades = tuple(pl.col(self._name(at, GRADE)) for at in (0, 1))
        self.otherwise = ((pl.col(_CHANGE) != 0) | (self.grades[0] != self.grades[1])).fill_null(False)

    def told(self) -> TableMoved:
        """Everything that a report says of the table."""
        moves = [self._change(track) for track in self.tracks]
        looked = [(change != 0).any().alias(str(at)) for at, (change, _) in enumerate(moves)]
        apart = pl.col(_ID).ne_missing(pl.col(f"1{self.sides[1].job.matched.id}")).any().alias("apart")
        counts = (pl.len(), self.otherwise.sum().alias("otherwise"), apart)
        found = self.frame.select(*counts, *looked).collect(engine="streaming").row(0, named=True)
        if found["apart"]:
            raise SystemFailed("表在读的时候变了，没有比较", "The table changed while it was read, and nothing was compared")
        told = [
            self._moves(track, *moves[at])
            for at, track in enumerate(self.tracks)
            if found[str(at)] or track.old in self.changed or not (track.old and track.new)
        ]
        return TableMoved(
            table=self.sides[0].job.source.word,
            rows=found["len"],
            otherwise=found["otherwise"],
            changes=self._spread(pl.col(_CHANGE), self.total_places),
            grades=ordered(self._transitions()),
            scale=self.sides[0].job.plan.grades,
            movers=tuple(self._movers()),
            indicators=tuple(told),
        )

    def write(self, target: Path, form: Form) -> None:
        """The projects whose total or grade comes out otherwise, in the table's order."""
        decimals = [self._decimal(pl.col(_CHANGE), self.total_places).alias(OUT[4])]
        totals = [pl.col(self._name(at, TOTAL)) for at in (0, 1)]
        columns = [column for pair in zip(totals, self.grades, strict=True) for column in pair]
        own = self.sides[0].job.matched.id
        named = [pl.col(_ID).alias(own), *(column.alias(name) for column, name in zip(columns, OUT, strict=False)), *decimals]
        frame = self.frame.filter(self.otherwise).select(named)
        if form == "parquet":
            frame.sink_parquet(target, engine="streaming")
            return
        as_csv(frame).sink_csv(target, engine="streaming")

    # ---- columns

    def _name(self, at: int, key: str) -> str:
        return f"{at}{self.sides[at].job.plan.names[key]}"

    def _units(self, at: int, key: str, places: int) -> pl.Expr:
        """A score in units of this many decimals."""
        output = self.sides[at].job.plan.output(key)
        wide = pl.Int64 if digits(output) + places - output.places < _NARROW else pl.Int128
        whole = pl.col(self._name(at, key)).reinterpret(dtype=pl.Int128).cast(wide)
        return whole * pl.lit(10 ** (places - output.places), wide)

    @staticmethod
    def _decimal(units: pl.Expr, places: int) -> pl.Expr:
        return units.cast(pl.Int128).reinterpret(dtype=pl.Decimal(38, places))

    def _change(self, track: Track) -> tuple[pl.Expr, int]:
        """By how much it moves, and in units of how many decimals. What a rule set does not have gives nothing."""
        keys = [(at, score_key(name)) for at, name in enumerate(track) if name]
        places = max(self.sides[at].job.plan.output(key).places for at, key in keys)
        units = {at: self._units(at, key, places) for at, key in keys}
        return units.get(1, pl.lit(0)) - units.get(0, pl.lit(0)), places

    # ---- figures

    def _moves(self, track: Track, change: pl.Expr, places: int) -> Moves:
        trees = [side.job.plan.program.program for side in self.sides]
        name = next((trees[at].nodes[one].path[-1] for at, one in enumerate(track) if one in trees[at].nodes), "")
        return Moves(track.old, track.new, name, self._spread(change, places))

    def _spread(self, change: pl.Expr, places: int) -> Spread:
        counts = self.frame.group_by(change.alias("v")).len().collect(engine="streaming")
        known = {value: count for value, count in counts.iter_rows() if value is not None}
        return spread(known, sum(count for value, count in counts.iter_rows() if value is None), Fraction(1, 10**places))

    def _transitions(self) -> dict[tuple[str, str], int]:
        old, new = self.grades
        counts = self.frame.group_by(old.alias("old"), new.alias("new")).len().collect(engine="streaming")
        return {(before or "", after or ""): count for before, after, count in counts.iter_rows()}

    def _movers(self) -> Iterator[Mover]:
        columns = [pl.col(self._name(at, key)) for at in (0, 1) for key in (TOTAL, GRADE)]
        moving = self.frame.filter((pl.col(_CHANGE) != 0).fill_null(False))
        ranked = moving.select(
            pl.col(_ID).cast(pl.String), *columns, pl.min_horizontal(pl.col(_CHANGE), pl.col(_CHANGE) * -1).alias("rank")
        )
        for name, *graded, _ in ranked.bottom_k(MOVERS, by=["rank", _ID]).sort("rank", _ID).collect(engine="streaming").iter_rows():
            (old, before), (new, after) = graded[:2], graded[2:]
            yield Mover(name, Graded(Fraction(old), before or ""), Graded(Fraction(new), after or ""))
