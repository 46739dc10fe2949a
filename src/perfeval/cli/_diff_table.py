"""diff over a table of projects, whole columns at a time: both rule sets as batches, then side by side."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfeval.cli._shown import escaped
from perfeval.cli._tables import check_file, need_libraries, stay_small
from perfeval.cli.output import Output, Wrong

if TYPE_CHECKING:
    from perfeval.batch.job import Job
    from perfeval.diffing.tables import TableMoved
    from perfeval.problems import Problem
    from perfeval.reading.rule_sources import RuleSet
    from perfeval.reports.changes.compared import Compared

ENGINES = ("rows", "polars")
_SLOW = 5_000  # rows of a CSV from which on it is said that there is a faster way


class TableOf(NamedTuple):
    """What the command line says of the table: the column that names projects, and where those that move are written."""

    word: str
    engine: str
    id_name: str | None
    target: str | None


def asked(word: str | None, engine: str | None, id_name: str | None, target: str | None) -> TableOf | None:
    """The table that is asked for, if any. A CSV is taken row by row unless `--engine polars` says otherwise. Raises `Wrong`."""
    if word is None:
        for option, value in (("--engine", engine), ("--id", id_name), ("--moved", target)):
            if value is not None:
                raise Wrong(f"{option} 与 --evidence 同用。", f"{option} goes with --evidence.")
        return None
    is_csv = os.path.isfile(word) and word.lower().endswith(".csv")
    found = TableOf(word, engine or ("rows" if is_csv else "polars"), id_name, target)
    if found.engine == "polars":
        _check(found)
        return found
    if not is_csv and os.path.exists(word):
        raise Wrong("--engine rows 只读一个 CSV 文件。", "--engine rows reads one CSV file.")
    for option, value in (("--id", id_name), ("--moved", target)):
        if value is not None:
            raise Wrong(f"{option} 与 --engine polars 同用。", f"{option} goes with --engine polars.")
    return found


def _check(table: TableOf) -> None:
    from perfeval.diffing.tables import OUT

    if table.id_name in OUT:
        raise Wrong(
            f"--id 不能是 {'、'.join(OUT)}：这些是结果的列。", f"--id cannot be one of {', '.join(OUT)}: results have these columns."
        )
    if table.target is not None:
        check_file(table.target, "--moved", (".parquet", ".csv"))
    need_libraries("polars", tables=True)
    stay_small()


def read_files(table: TableOf | None) -> list[Path]:
    """The table's own files, as far as they can be found."""
    from perfeval.batch.sources import find
    from perfeval.problems import ProblemsFound

    try:
        return list(find(table.word).files) if table is not None else []
    except ProblemsFound:
        return []  # told where it is read


def hint(rows: int, output: Output) -> None:
    """Before a long table is gone through row by row."""
    if rows > _SLOW:
        output.remark(
            output.pick(
                f"提示：{rows} 行逐个计算要一些时间；quantities 写明范围的，加 --engine polars 快得多。",
                f"Note: {rows} rows one by one take a while; where quantities are declared, --engine polars is much faster.",
            )
        )


def moved(compared: Compared, table: TableOf, output: Output) -> TableMoved:
    """The whole table under both rule sets. Raises `ProblemsFound`, `SystemFailed`."""
    from perfeval.batch.moving import Side, moved
    from perfeval.batch.polars_tables import readable
    from perfeval.batch.writing import outputs

    old, new, diff = compared.old, compared.new, compared.diff
    assert old is not None and new is not None and diff is not None
    jobs = _jobs(table, (old, new), output)
    with outputs() as files, readable(jobs[0].source):
        folder = files.work(Path(table.target).parent if table.target is not None else None)
        old_scores, new_scores = (_scored(job, folder / f"{at}.parquet", folder, output) for at, job in enumerate(jobs))
        moving = moved((Side(jobs[0], old_scores), Side(jobs[1], new_scores)), diff.pairs, diff.changed)
        if table.target is not None:
            moving.write(files.new(Path(table.target)), "parquet" if table.target.lower().endswith(".parquet") else "csv")
        told = moving.told()
        files.publish()
    _warn(told, table, output)
    return told


def _warn(told: TableMoved, table: TableOf, output: Output) -> None:
    if told.changes.open and not output.quiet:
        shown = escaped(table.word)
        said = output.pick(
            f"警告：{told.rows} 行里有 {told.changes.open} 行在一套规则下没有总分。原因见 perfeval batch {shown} --indicators 规则 --errors 坏格.csv。",
            f"Warning: {told.changes.open} of {told.rows} rows have no total under one of the rule sets."
            f" perfeval batch {shown} --indicators RULES --errors bad.csv says why.",
        )
        output.err.append(said + "\n")


def _jobs(table: TableOf, rules: tuple[RuleSet, RuleSet], output: Output) -> tuple[Job, Job]:
    """Both sides ready; what is wrong with either is told together. Columns that neither asks for are a warning."""
    from perfeval.batch.prepare import prepare
    from perfeval.problems import ProblemsFound

    found: list[Job] = []
    problems: list[Problem] = []
    for one in rules:
        try:
            found.append(prepare(table.word, one, table.id_name, ignore_extra=True, agreeing=False))
        except ProblemsFound as faults:
            problems += [problem for problem in faults.problems if problem not in problems]
    if problems:
        raise ProblemsFound(problems)
    known = set[tuple[str, str]]()
    for job in found:
        warnings = [one for one in job.plan.warnings if (one.kind.name, str(one.where)) not in known]
        known |= {(one.kind.name, str(one.where)) for one in warnings}
        output.problems(warnings)
    output.problems(_unused(table, found))
    return found[0], found[1]


def _unused(table: TableOf, jobs: list[Job]) -> list[Problem]:
    from perfeval.batch.prepare import header
    from perfeval.problems import Where, did_you_mean
    from perfeval.reading.evidence_table import NOT_ASKED

    used = {name for job in jobs for name in (job.matched.id, *job.matched.columns.values())}
    asked = {key for job in jobs for key in job.plan.columns}
    extra = [name for name in header(jobs[0].source) if name not in used]
    return [NOT_ASKED.on(Where(table.word), column=name, hint=did_you_mean(name, asked)) for name in extra]


def _scored(job: Job, target: Path, folder: Path, output: Output) -> Path:
    from perfeval.batch.engines import run
    from perfeval.batch.job import Wanted
    from perfeval.cli._batch_progress import progress

    with progress(job, output) as tick:
        run("polars", job, Wanted(target, "parquet", folder=folder), tick)
    return target
