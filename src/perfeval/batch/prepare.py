"""From a word of the command line to a job: find the table, read its header, plan, match columns."""

from __future__ import annotations

from collections.abc import Mapping

from perfeval.batch.job import Job
from perfeval.batch.matching import Kind, id_column, match
from perfeval.batch.plan import plan
from perfeval.batch.problems import TABLE_EMPTY
from perfeval.batch.sources import CsvRows, Source, find
from perfeval.problems import ProblemsFound, Where
from perfeval.reading.rule_sources import RuleSet


def prepare(word: str, rules: RuleSet, id_name: str | None = None, ignore_extra: bool = False, agreeing: bool = True) -> Job:
    """Raises `ProblemsFound` with all that is wrong with the table's columns; `agreeing` as in `plan`."""
    source = find(word)
    kinds = header(source)
    names = list(kinds)
    if not names:
        raise ProblemsFound([TABLE_EMPTY.on(Where(word), file=word)])
    own_id = id_column(names, id_name, word)
    planned = plan(rules, [name for name in names if name != own_id], (own_id,), agreeing)
    matched = match(planned.program, names, kinds, own_id, word, rules.name, ignore_extra)
    return Job(source, planned, matched)


def header(source: Source) -> Mapping[str, tuple[Kind, str]]:
    """The columns by name, with what their cells are and their type as people know it."""
    if source.is_one_csv:
        return dict.fromkeys(CsvRows(source.files[0], source.word).header, ("text", "String"))
    from perfeval.batch.polars_tables import kinds, schema

    return kinds(schema(source))
