"""batch: a table of projects, one in a row, scored whole columns at a time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfeval.cli import _batch_rules
from perfeval.cli._batch_rules import refuse_others
from perfeval.cli._tables import check_file, need_libraries, spare, stay_small
from perfeval.cli.output import Output, Wrong
from perfeval.cli.output import command as command_with

if TYPE_CHECKING:
    from perfeval.batch.job import Done, Job
    from perfeval.batch.writing import Outputs

_ENGINES = ("polars", "duckdb", "spark", "python")
_TAKEN = ("total", "grade", "n_bad")
_TEMPLATES = ("csv", "text", "schema")
_SUMMARIES = (".txt", ".json", ".html")


@command_with("一张表，许多项目 score a table of projects")
@click.argument("evidence", required=False)
@click.option("--indicators", "rules", metavar="FILE", help="指标文件、项目文件夹或 builtin:编号 Indicators: a file, a folder, builtin:ID.")
@click.option(
    "-o",
    "--output",
    "target",
    metavar="SCORES",
    help="得分写到这里：.parquet 或 .csv；- 打印 CSV Where scores go; or the template or query.",
)
@click.option("--errors", metavar="FILE", help="坏格子的清单：项目、键、原因（.csv、.parquet） A table of bad cells.")
@click.option("--summary", "glance", metavar="FILE", help="汇总：.txt、.json、.html，或 - A summary.")
@click.option("--engine", type=click.Choice(_ENGINES), default="polars", show_default=True, help="用什么计算 What computes.")
@click.option("--master", metavar="URL", help="--engine spark：哪个集群 Which cluster of Spark (default: this machine).")
@click.option("--emit", type=click.Choice(["sql"]), help="不计算，打印查询 Print the query instead of running it.")
@click.option("--dialect", type=click.Choice(["duckdb", "spark"]), help="--emit 的方言 Dialect of --emit.")
@click.option("--table", metavar="NAME", help="--emit：表的名称（默认 evidence） The table's name (default evidence).")
@click.option("--id", "id_name", metavar="COLUMN", help="哪一列是项目名称（默认 project、项目、id） The column that names projects.")
@click.option("--ignore-extra", is_flag=True, help="用不到的列不算错 Columns that nothing asks for are no error.")
@click.option("--strict", is_flag=True, help="有坏行时退出码为 1 Exit code 1 where rows are bad.")
@click.option("--template", is_flag=True, help="打印这套指标要哪些列 Print the columns that are needed.")
@click.option("--format", "form", type=click.Choice(_TEMPLATES), help="--template 的格式（默认 csv） Format of --template (default csv).")
def command(
    evidence: str | None,
    rules: str | None,
    target: str | None,
    errors: str | None,
    glance: str | None,
    engine: str,
    master: str | None,
    emit: str | None,
    dialect: str | None,
    table: str | None,
    id_name: str | None,
    ignore_extra: bool,
    strict: bool,
    template: bool,
    form: str | None,
    output: Output,
) -> int:
    """用一套规则给一张表打分：每行一个项目，每列一项佐证，列名就是佐证的键。每个得分都精确，与逐个计算相同。

    Score a table: a project in each row, a piece of evidence in each column, named by its key. Every score is exact,
    the same as if each project were scored alone.

    \b
    EVIDENCE 是 .parquet、.csv（UTF-8）、.arrow 文件，装着 .parquet 的文件夹，或加引号的通配符。
    EVIDENCE is a .parquet, .csv (UTF-8) or .arrow file, a folder of .parquet files, or a pattern in quotes.
    退出码：0 算完（坏行没有得分，有提示），1 有坏行且写了 --strict，2 读不了，3 系统出错。
    Exit code: 0 done (bad rows have no score, and are counted), 1 bad rows under --strict, 2 bad input, 3 the system.

    \b
    例 Examples:
      perfeval batch --template --indicators 指标.yaml                           要哪些列 the columns needed
      perfeval batch 佐证.parquet --indicators 指标.yaml -o 得分.parquet
      perfeval batch 佐证.csv --indicators 指标.yaml -o 得分.csv --errors 坏格.csv
      perfeval batch "佐证/*.parquet" --indicators 指标.yaml -o 得分.parquet --summary 汇总.html
      perfeval batch --emit sql --dialect spark --table 库.佐证 --indicators 指标.yaml   在自己的仓库里算 in your own warehouse
    """
    if rules is None:
        raise Wrong("缺少 --indicators。", "--indicators is missing.")
    from perfeval.reading.rule_sources import read_rules

    if template:
        refuse_others("--template", ("template", "form"))
        return _batch_rules.template(read_rules(rules, None, Path.cwd()), form or "csv", target, output)
    if emit is not None:
        refuse_others("--emit", ("emit", "dialect", "table"))
        return _batch_rules.emit(read_rules(rules, None, Path.cwd()), dialect, table or "evidence", target, output)
    if dialect is not None or table is not None:
        raise Wrong("--dialect、--table 与 --emit sql 同用。", "--dialect and --table go with --emit sql.")
    if master is not None and engine != "spark":
        raise Wrong("--master 与 --engine spark 同用。", "--master goes with --engine spark.")
    if form is not None:
        raise Wrong("--format 与 --template 同用。", "--format goes with --template.")
    if evidence is None:
        raise Wrong("缺少 EVIDENCE。", "EVIDENCE is missing.")
    if target is None and errors is None and glance is None:
        raise Wrong("说明结果写到哪里：-o、--errors 或 --summary。", "Say where results go: -o, --errors or --summary.")
    if id_name in _TAKEN:
        raise Wrong(
            f"--id 不能是 {'、'.join(_TAKEN)}：这些是得分的列。", f"--id cannot be one of {', '.join(_TAKEN)}: scores have these columns."
        )
    _check_targets(target, errors, glance)
    _check_extra(engine, evidence, target, errors)
    stay_small()
    from perfeval.batch.prepare import prepare

    job = prepare(evidence, read_rules(rules, None, Path.cwd()), id_name, ignore_extra)
    spare([*job.source.files, Path(rules)], evidence, (target, errors, glance))
    output.problems(job.plan.warnings)
    done = _run(job, target, errors, glance, engine, master, output)
    _tell(done, target, errors, output)
    return int(strict and done.bad > 0)


def _check_targets(target: str | None, errors: str | None, glance: str | None) -> None:
    wanted = (
        (target, "-o", (".parquet", ".csv"), True),
        (errors, "--errors", (".parquet", ".csv"), False),
        (glance, "--summary", _SUMMARIES, True),
    )
    for word, option, endings, may_print in wanted:
        if word is None or (word == "-" and may_print):
            continue
        check_file(word, option, endings)
    names = [str(Path(word).absolute()) if word != "-" else word for word in (target, errors, glance) if word is not None]
    if len(set(names)) < len(names):
        raise Wrong("几个结果不能写到同一个地方。", "Results cannot go to the same place.")


def _check_extra(engine: str, evidence: str, target: str | None, errors: str | None) -> None:
    """One line where a library is not installed."""
    tables = not evidence.lower().endswith(".csv") or os.path.isdir(evidence) or "*" in evidence
    tables = tables or any(word is not None and word.lower().endswith(".parquet") for word in (target, errors))
    need_libraries(engine, tables)


def _run(job: Job, target: str | None, errors: str | None, glance: str | None, engine: str, master: str | None, output: Output) -> Done:
    """Runs the engine; files take their places when all of them are whole."""
    import sys

    from perfeval.batch.engines import run
    from perfeval.batch.job import Wanted
    from perfeval.batch.summary import keys_of
    from perfeval.batch.writing import outputs
    from perfeval.cli._batch_progress import progress

    with outputs() as files:
        folder = files.work(Path(target).parent if target not in (None, "-") else None)
        printed = target is None or target == "-"
        scores = folder / "printed.csv" if printed else files.new(Path(str(target)))
        wanted = Wanted(
            scores,
            "csv" if scores.suffix.lower() == ".csv" and target is not None else "parquet" if engine != "python" else "csv",
            files.new(Path(errors)) if errors is not None else None,
            "parquet" if errors is not None and errors.lower().endswith(".parquet") else "csv",
            keys_of(job.plan) if glance is not None else (),
            folder,
            master,
        )
        with progress(job, output) as tick:
            done = run(engine, job, wanted, tick)
        if glance is not None:
            _summary(job, done, glance, files, output)
        files.publish()
        if target == "-":
            import shutil

            with scores.open("rb") as stream:
                shutil.copyfileobj(stream, sys.stdout.buffer)
            sys.stdout.flush()
    return done


def _summary(job: Job, done: Done, glance: str, files: Outputs, output: Output) -> None:
    from perfeval.batch.summary import as_json, summary

    found = summary(job.plan, done)
    if glance == "-" or glance.lower().endswith(".txt"):
        from perfeval.cli._batch_summary import lines

        told = "".join(f"{line}\n" for line in lines(found, output))
        if glance == "-":
            output.out.append(told)
            return
    elif glance.lower().endswith(".json"):
        told = as_json(found)
    else:
        from perfeval.cli._batch_page import page

        told = page(found, output.lang)
    files.new(Path(glance)).write_bytes(told.encode())


def _tell(done: Done, target: str | None, errors: str | None, output: Output) -> None:
    from perfeval.cli._shown import escaped

    if target not in (None, "-"):
        output.remark(output.pick(f"已写入 {target}：{done.rows} 个项目。", f"Written to {target}: {done.rows} projects."))
    if done.bad and not output.quiet:
        how = (
            output.pick(f"原因见 {errors}（{done.told} 条）。", f"{errors} says why ({done.told} lines).")
            if errors is not None
            else output.pick("加 --errors 坏格.csv 看是哪些、为什么。", "Add --errors bad.csv to see which and why.")
        )
        told = output.pick(
            f"警告：{done.rows} 行里有 {done.bad} 行得分不全，总分空着。{how}",
            f"Warning: {done.bad} of {done.rows} rows lack scores, and their total is left empty. {how}",
        )
        output.err.append(escaped(told) + "\n")
    elif done.told and not output.quiet:
        told = output.pick(
            f"提示：有 {done.told} 格读不懂，但没有得分要用它们，见 {errors}。",
            f"Note: {done.told} cells cannot be read, though no score asks for them: see {errors}.",
        )
        output.err.append(escaped(told) + "\n")
