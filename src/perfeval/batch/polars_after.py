"""What is looked at once the scores are there: how many rows are bad, why, and how often each score came up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from perfeval.batch.failing import Blamed, Failing
from perfeval.batch.job import ERROR_COLUMNS, Wanted
from perfeval.batch.plan import BAD_NAME, Plan
from perfeval.batch.polars_tables import errors_as_parquet, safe
from perfeval.batch.reasons import ID_REASONS, MISSING, Reason, reason, words_of
from perfeval.ir.program import GRADE, TOTAL

if TYPE_CHECKING:
    from perfeval.batch.on_polars import Read

ROW, BAD, NAME, ID_BAD, _UNNAMED, _WORD = "(row)", "(bad)", "(name)", "(id bad)", "(unnamed)", "(word)"
_TEXT = "(text)"
Line = tuple[int, str | None, int, str, str | None, str, str, str]
PART = 50_000  # bad rows that are looked at together
_LINE = {
    ROW: pl.Int64,
    NAME: pl.String,
    "order": pl.Int64,
    **dict.fromkeys(("key", "value", "reason", "zh", "en"), pl.String),
}


def counted(scores: Path) -> tuple[int, int]:
    """Rows, and rows that lack a score."""
    found = pl.scan_parquet(scores).select(pl.len(), (pl.col(BAD_NAME) > 0).sum().alias("bad")).collect()
    return found.item(0, 0), found.item(0, 1)


def histograms(plan: Plan, scores: Path, keys: Sequence[str]) -> dict[str, dict[int | None, int]]:
    """How often each value of these outputs came up, in units of their last place; a grade by its position."""
    found: dict[str, dict[int | None, int]] = {}
    for key in keys:
        counts = pl.scan_parquet(scores).group_by(pl.col(plan.names[key]).alias("v")).len().collect(engine="streaming")
        places = plan.output(key).places
        own: dict[int | None, int] = {}
        for value, count in counts.iter_rows():
            whole = None if value is None else plan.grades.index(value) + 1 if key == GRADE else int(value.scaleb(places))
            own[whole] = count
        found[key] = own
    return found


def errors(read: Read, bad: pl.Expr | None, scores: Path, wanted: Wanted) -> int:
    """Writes the table of bad cells; returns its length."""
    assert wanted.errors is not None
    writer = _Errors(read, wanted.errors_form == "csv")
    plain = wanted.errors if wanted.errors_form == "csv" else wanted.folder / "errors.csv"
    count = 0
    with plain.open("wb") as stream:
        stream.write((",".join(ERROR_COLUMNS) + "\n").encode())
        for part in writer.parts(bad, scores):
            count += part.height
            part.write_csv(stream, include_header=False)
    if wanted.errors_form == "parquet":
        errors_as_parquet(plain, wanted.errors)
    return count


class _Errors:
    def __init__(self, read: Read, guards: bool) -> None:
        self.read, self.plan, self.guards = read, read.job.plan, guards
        self.asked = {key: self.plan.output(key).needs.keys for key in self.plan.counted}
        strict = {one for keys in self.asked.values() for one in keys}
        top = {key for out in (TOTAL, GRADE) for key in self.plan.output(out).needs.keys if key in self.plan.columns}
        self.lazy = [key for key in self.plan.columns if key not in strict | top and self.read.cells[key].tests]
        # an indicator that does not apply has no score either; the interpreter then has nothing to say of it
        self.lacking = {key: pl.col(f"(n){at}") for at, key in enumerate(self.plan.counted)}
        self.failing = Failing(self.plan)
        self.beside = [key for key, one in self.plan.columns.items() if one.unreadable is not None]
        self.words = {key: {word: reason(word, column) for word in words_of(column)} for key, column in self.plan.columns.items()}

    def parts(self, bad: pl.Expr | None, scores: Path) -> Iterator[pl.DataFrame]:
        """The rows with something to tell, a part at a time, in the table's order."""
        lacking = (pl.col(self.plan.names[key]).is_null().alias(f"(n){at}") for at, key in enumerate(self.plan.counted))
        beside = pl.scan_parquet(scores).select(pl.col(BAD_NAME).alias(BAD), *lacking)
        table = self.read.frame.with_columns(
            (pl.lit(False) if bad is None else bad).alias(ID_BAD), self.read.name.alias(NAME), self.read.unnamed.alias(_UNNAMED)
        ).with_row_index(ROW, offset=1)  # fmt: skip
        rows = pl.concat([table, beside], how="horizontal")
        unread = [(self.read.cells[key].word() != MISSING).fill_null(False) for key in self.lazy]
        rows = rows.filter(pl.any_horizontal(pl.col(BAD) > 0, *unread))
        for part in rows.collect_batches(chunk_size=PART, maintain_order=True, engine="streaming"):
            if part.height:
                yield self.told(part)

    def told(self, part: pl.DataFrame) -> pl.DataFrame:
        """Everything that is to be said of these rows."""
        words = part.select(ROW, *(self.read.cells[key].word().alias(key) for key in self.plan.columns))
        lines = [self._names(part)]
        for order, key in enumerate(self.plan.columns, 1):
            name = self.read.job.matched.columns.get(key)
            if name is None:
                continue
            own = part.select(ROW, NAME, pl.col(name).cast(pl.String).alias("value")).with_columns(words[key].alias("word"))
            unsaid = [MISSING] if key in self.lazy else []  # whether it is asked for is for the interpreter to say
            own = own.filter(pl.col("word").is_not_null() & ~pl.col("word").is_in(unsaid))
            lines.append(self._lines(own, order, key, self.words[key]))
        lines.append(self._failures(part, words))
        found = pl.concat(lines).sort(ROW, "order", maintain_order=True)
        value = pl.when(pl.col("value") != "").then("value").alias("value")
        found = found.select(pl.col(ROW).alias("row"), pl.col(NAME).alias("project"), "key", value, *ERROR_COLUMNS[4:])
        return found.with_columns(safe(pl.col(name)).alias(name) for name in ("project", "key", "value")) if self.guards else found

    def _lines(self, rows: pl.DataFrame, order: int, key: str, said: Mapping[str, Reason]) -> pl.DataFrame:
        words = list(said)
        return rows.select(
            pl.col(ROW).cast(pl.Int64), NAME, pl.lit(order).cast(pl.Int64).alias("order"), pl.lit(key).alias("key"), "value",
            pl.col("word").alias("reason"),
            pl.col("word").replace_strict(words, [said[word].zh for word in words], return_dtype=pl.String).alias("zh"),
            pl.col("word").replace_strict(words, [said[word].en for word in words], return_dtype=pl.String).alias("en"),
        )  # fmt: skip

    def _names(self, part: pl.DataFrame) -> pl.DataFrame:
        none, twice = ID_REASONS
        word = pl.when(_UNNAMED).then(pl.lit(none.word)).otherwise(pl.lit(twice.word)).alias("word")
        rows = part.filter(ID_BAD).select(ROW, NAME, pl.col(self.read.id).cast(pl.String).alias("value"), word)
        return self._lines(rows, 0, self.read.id, {none.word: none, twice.word: twice})

    def _failures(self, part: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
        """Of indicators without a score whose own cells are all good, and of rows that lack only a total or a grade."""
        keys = list(self.plan.columns)
        cells = self.read.cells
        wholes = (
            part.select(ROW, NAME, *(cells[key].whole.alias(key) for key in keys))
            .hstack(words.select(pl.col(keys).name.prefix(_WORD)))
            .hstack(part.select(pl.col(self.read.job.matched.columns[key]).cast(pl.String).alias(_TEXT + key) for key in self.beside))
        )
        lines: dict[Line, None] = {}
        for key, lacks in self.lacking.items():
            asked = [pl.col(_WORD + one).is_null() for one in self.asked[key] if one in cells]
            told = part.select(~pl.col(ID_BAD) & lacks).to_series() & wholes.select(_all(asked)).to_series()
            own = self.failing.keys[key]
            needed = wholes.select(ROW, NAME, *own, *(_WORD + one for one in own), *(_TEXT + one for one in own if one in self.beside))
            for values in needed.filter(told).iter_rows(named=True):
                lines.update(dict.fromkeys(self._blamed(values, self.failing.of_leaf(key, values))))
        explained = {line[0] for line in lines}
        for values in wholes.filter(self._rest(part, wholes)).iter_rows(named=True):
            if values[ROW] not in explained and not any(self.failing.of_leaf(key, values) for key in self.lacking):
                lines.update(dict.fromkeys(self._blamed(values, self.failing.of_total(values))))
        return pl.DataFrame(list(lines), schema=_LINE, orient="row")

    def _rest(self, part: pl.DataFrame, wholes: pl.DataFrame) -> pl.Series:
        """The rows that may lack only a total or a grade: no cell is bad, or something does not apply, so that nobody asks for what is."""
        keys = list(self.plan.columns)
        good = _all([pl.col(_WORD + key).is_null() for key in keys if key not in self.lazy])
        exempt = [pl.col(key) == 1 for key in keys if self.plan.columns[key].absent is not None]
        some = pl.any_horizontal(exempt).fill_null(False) if exempt else pl.lit(False)
        named, bad = part.select(~pl.col(ID_BAD) & (pl.col(BAD) > 0), only=pl.col(BAD) == 1).iter_columns()
        return named & (wholes.select(good).to_series() | (bad & wholes.select(some).to_series()))

    def _blamed(self, values: dict[str, Any], blamed: Blamed) -> Iterator[Line]:
        for about, why in blamed:
            if why is not None or (about in self.lazy and values[_WORD + about] == MISSING):  # all else is told already
                text = values.get(_TEXT + about)
                yield (values[ROW], values[NAME], len(self.plan.columns) + 1, about, text, *(why or self.words[about][MISSING]))


def _all(tests: list[pl.Expr]) -> pl.Expr:
    return pl.all_horizontal(pl.col(ROW).is_not_null(), *tests)
