"""The engine `python`: one row after the other through a generated function. For a CSV file it needs nothing but Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from perfeval.backends.columnar.python import compile_rows
from perfeval.batch.cells import Cell, Reader, Written, name_of, names
from perfeval.batch.failing import Blamed, Failing
from perfeval.batch.job import ERROR_COLUMNS, Done, Job, Tick, Wanted
from perfeval.batch.plan import BAD_NAME
from perfeval.batch.reasons import ID_REASONS, MISSING, Reason, reason, words_of
from perfeval.batch.sources import CsvRows
from perfeval.batch.template_rows import template_rows
from perfeval.batch.writing import CsvLines
from perfeval.ir.program import GRADE, TOTAL
from perfeval.reading.evidence_table import TEMPLATE_IDS
from perfeval.reading.formulas import plain, safe

_EVERY = 10_000  # rows between two ticks
Values = Sequence[int | None]


def run(job: Job, wanted: Wanted, tick: Tick | None = None) -> Done:
    """Scores the table. Raises `ProblemsFound`, or `OSError` where the disk fails."""
    return _Run(job, wanted).run(tick)


class _Run:
    def __init__(self, job: Job, wanted: Wanted) -> None:
        self.job, self.plan, self.wanted = job, job.plan, wanted
        self.columns = list(job.plan.columns.values())
        self.readers = [Reader(column) for column in self.columns]
        self.names = [job.matched.columns.get(column.key) for column in self.columns]
        outputs = job.plan.program.outputs
        self.at = {one.key: at for at, one in enumerate(outputs)}
        self.shown = [
            (self.at[one.key], self.at[one.weight] if one.weight else None, None if one.key == GRADE else outputs[self.at[one.key]].places)
            for one in job.plan.shown
        ]
        self.counted = [self.at[key] for key in job.plan.counted]
        self.guard = safe if wanted.form == "csv" else str
        self.grades = [self.guard(grade) for grade in job.plan.grades]
        self.errors = _Errors(job, wanted.errors_form == "csv")

    def run(self, tick: Tick | None) -> Done:
        if not self.job.source.is_one_csv:
            from perfeval.batch.polars_tables import readable

            with readable(self.job.source):
                return self._run(tick)
        return self._run(tick)

    def _run(self, tick: Tick | None) -> Done:
        rows = bad = told = 0
        places = {one.key: (at, weight) for one, (at, weight, _) in zip(self.plan.shown, self.shown, strict=True)}
        counts: dict[tuple[int, int | None], Counter[int | None]] = {places[key]: Counter() for key in self.wanted.histograms}
        twice = self._twice()
        own = self.wanted.scores if self.wanted.form == "csv" else self.wanted.folder / "scores.csv"
        with ExitStack() as files:
            write = CsvLines(files.enter_context(own.open("w", encoding="utf-8", newline=""))).writer.writerow
            write([self.guard(self.job.matched.id), *(self.guard(one.name) for one in self.plan.shown), BAD_NAME])
            errors = self._errors_file(files)
            for named, wholes, cells, values in self._scored(twice):
                rows += 1
                lacking = self._lacking(values)
                bad += lacking > 0
                shown = self._shown(values)
                name = name_of(named)
                write([self.guard(name) if isinstance(name, str) else name, *shown, lacking])
                for (at, weight), counter in counts.items():
                    counter[None if weight is not None and not values[weight] else values[at]] += 1
                if errors is not None:
                    lines = self.errors.lines(rows, named, twice, wholes, cells, self._nulls(values))
                    told += len(lines)
                    errors.writerows(lines)
                if tick is not None and rows % _EVERY == 0:
                    tick(_EVERY)
        self._convert()
        return Done(rows, bad, told, {key: dict(counts[places[key]]) for key in self.wanted.histograms})

    def _errors_file(self, files: ExitStack) -> Any:
        if self.wanted.errors is None:
            return None
        own = self.wanted.errors if self.wanted.errors_form == "csv" else self.wanted.folder / "errors.csv"
        writer = CsvLines(files.enter_context(own.open("w", encoding="utf-8", newline=""))).writer
        writer.writerow(ERROR_COLUMNS)
        return writer

    def _convert(self) -> None:
        """Parquet is written from what is written already."""
        if self.wanted.form == "parquet" or self.wanted.errors_form == "parquet":
            from perfeval.batch.polars_tables import errors_as_parquet, scores_as_parquet

            if self.wanted.form == "parquet":
                scores_as_parquet(self.plan, self.job.matched.id, self._whole_ids(), self.wanted.folder / "scores.csv", self.wanted.scores)
            if self.wanted.errors is not None and self.wanted.errors_form == "parquet":
                errors_as_parquet(self.wanted.folder / "errors.csv", self.wanted.errors)

    def _whole_ids(self) -> bool:
        from perfeval.batch.polars_tables import schema

        return schema(self.job.source)[self.job.matched.id].is_integer()

    # ---- rows

    def _rows(self) -> Iterator[Sequence[Cell]]:
        """Of each row its name, then the cells that are asked for."""
        wanted = [self.job.matched.id, *(name for name in self.names if name is not None)]
        if self.job.source.is_one_csv:
            rows = CsvRows(self.job.source.files[0], self.job.source.word)
            places = [(rows.header.index(name), name in self.job.guarded) for name in wanted]
            return ([plain(row[at]) if guarded else row[at] for at, guarded in places] for row in rows)
        from perfeval.batch.polars_tables import rows_of

        found = rows_of(self.job.source, list(dict.fromkeys(wanted)), self.job.guarded)
        return ([row[name] for name in wanted] for row in found)

    def _twice(self) -> set[Cell]:
        """Names that stand in several rows."""
        counts = Counter(name_of(row[0]) for row in self._rows())
        if not counts.keys().isdisjoint(TEMPLATE_IDS):
            raise template_rows(self.job)
        return {name for name, count in counts.items() if count > 1 and names(name)}

    def _scored(self, twice: set[Cell]) -> Iterator[tuple[Cell, list[int | str], Sequence[Cell], tuple[int | None, ...]]]:
        """Of each row the cell with its name, its whole numbers or words, its cells, and the values of all outputs."""
        compiled = compile_rows(self.plan.program)
        there = [name is not None for name in self.names]
        unreadable = [(at, one.unreadable) for at, one in enumerate(self.columns) if one.unreadable is not None]
        waiting: list[tuple[Cell, list[int | str], Sequence[Cell]]] = []

        def given() -> Iterator[Values]:
            for row in self._rows():
                name, rest = name_of(row[0]), iter(row[1:])
                cells = [next(rest) if one else None for one in there]
                wholes = [read(cell) for read, cell in zip(self.readers, cells, strict=True)]
                waiting.append((row[0], wholes, cells))
                is_bad = name in twice or not names(name)
                found = [None if is_bad or isinstance(one, str) else one for one in wholes]
                for at, number in unreadable:
                    if not is_bad and isinstance(wholes[at], str) and wholes[at] != MISSING:
                        found[at] = number
                yield found

        for values in compiled(given()):
            yield (*waiting.pop(), values)

    # ---- what is written

    def _nulls(self, values: Values) -> set[str]:
        return {key for key in (*self.plan.counted, TOTAL, GRADE) if values[self.at[key]] is None}

    def _lacking(self, values: Values) -> int:
        lacking = sum(values[at] is None for at in self.counted)
        return lacking or int(values[self.at[TOTAL]] is None or values[self.at[GRADE]] is None)

    def _shown(self, values: Values) -> list[str]:
        found = []
        for at, weight, places in self.shown:
            value = values[at]
            if value is None or (weight is not None and not values[weight]):
                found.append("")
            elif places is None:
                found.append(self.grades[value - 1])
            else:
                found.append(_decimal(value, places))
        return found


def _decimal(value: int, places: int) -> str:
    sign, digits = "-" if value < 0 else "", str(abs(value)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


class _Errors:
    """The lines of the table of bad cells for one row, in the order of its columns."""

    def __init__(self, job: Job, guards: bool) -> None:
        self.job, self.plan, self.guard = job, job.plan, safe if guards else str
        self.asked = {key: job.plan.output(key).needs.keys for key in job.plan.counted}
        strict = {one for keys in self.asked.values() for one in keys}
        self.strict = strict | {key for out in (TOTAL, GRADE) for key in job.plan.output(out).needs.keys}
        self.failing = Failing(job.plan)
        self.words: dict[str, dict[str, Reason]] = {key: {w: reason(w, c) for w in words_of(c)} for key, c in job.plan.columns.items()}

    def lines(
        self, row: int, named: Cell, twice: set[Cell], wholes: Sequence[int | str], cells: Sequence[Cell], nulls: set[str]
    ) -> list[list[object]]:
        found: list[tuple[str, str | None, Reason]] = []
        name = name_of(named)
        id_bad = name in twice or not names(name)
        if id_bad:
            found.append((self.job.matched.id, _text(named), ID_REASONS[int(name in twice)]))
        said = dict(zip(self.plan.columns, wholes, strict=True))
        for (key, own), cell in zip(said.items(), cells, strict=True):
            if isinstance(own, str) and (key in self.strict or own != MISSING):
                found.append((key, _text(cell), self.words[key][own]))
        if nulls and not id_bad:
            texts = {
                key: _text(cell) for (key, one), cell in zip(self.plan.columns.items(), cells, strict=True) if one.unreadable is not None
            }
            found += [(about, texts.get(about), why) for about, why in dict.fromkeys(self._failures(said, nulls))]
        shown = "" if name is None else self.guard(str(name))
        return [[row, shown, self.guard(key), self.guard(text) if text else "", *why] for key, text, why in found]

    def _failures(self, said: Mapping[str, int | str], nulls: set[str]) -> Iterator[tuple[str, Reason]]:
        values = {key: None if isinstance(own, str) else own for key, own in said.items()}
        open_leaves = [key for key in self.plan.counted if key in nulls]
        found: list[tuple[str, Reason]] = []
        for key in open_leaves:
            if not any(isinstance(said.get(one), str) for one in self.asked[key]):
                found += self._blamed(self.failing.of_leaf(key, values), said)
        yield from found
        if not found and self._rests(said, len(open_leaves)) and not any(self.failing.of_leaf(key, values) for key in self.plan.counted):
            yield from self._blamed(self.failing.of_total(values), said)

    def _rests(self, said: Mapping[str, int | str], lacking: int) -> bool:
        """May the row lack only a total or a grade? No cell is bad, or something does not apply, so that nobody asks for what is."""
        some = any(said[key] == 1 for key, one in self.plan.columns.items() if one.absent is not None)
        return not any(isinstance(said[key], str) for key in self.strict if key in said) or (lacking <= 1 and some)

    def _blamed(self, blamed: Blamed, said: Mapping[str, int | str]) -> Iterator[tuple[str, Reason]]:
        for about, why in blamed:
            if why is not None:
                yield about, why
            elif said[about] == MISSING and about not in self.strict:
                yield about, self.words[about][MISSING]


def _text(cell: Cell) -> str | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.text if isinstance(cell, Written) else None if cell is None else str(cell)
