"""What `batch` tells of a rule set alone, without a table: the columns that it asks for, and the query for people's own engines."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from perfeval.cli._tables import check_file, need_libraries
from perfeval.cli.output import Output, Wrong

if TYPE_CHECKING:
    from perfeval.batch.plan import Plan
    from perfeval.reading.rule_sources import RuleSet

_ENDINGS = {"csv": ".csv", "text": ".txt", "schema": ".json"}
_COMMON = frozenset(["rules", "target", "quiet", "lang", "help"])


def refuse_others(option: str, own: Collection[str]) -> None:
    """Options that mean nothing beside this one are not passed over in silence."""
    context = click.get_current_context()
    given = (one for one in context.command.params if context.get_parameter_source(one.name or "") is ParameterSource.COMMANDLINE)
    others = [
        one.human_readable_name if isinstance(one, click.Argument) else one.opts[-1] for one in given if one.name not in {*_COMMON, *own}
    ]
    if others:
        raise Wrong(
            f"{option} 只看指标，不要 {'、'.join(others)}。", f"{option} looks at the indicators only: leave {', '.join(others)} out."
        )


def template(found: RuleSet, form: str, target: str | None, output: Output) -> int:
    """The columns that a table needs."""
    from perfeval.batch import template as columns
    from perfeval.batch.plan import plan

    _check(target, _ENDINGS[form])
    planned = plan(found, ())
    output.problems(planned.warnings)
    if target not in (None, "-"):
        text = columns.as_schema(planned) if form == "schema" else columns.as_csv(planned) if form == "csv" else _text(planned, output)
        return _write(text, str(target), output)
    if form == "schema":
        output.data(columns.as_schema(planned))
    else:
        output.out.append(columns.as_csv(planned) if form == "csv" else _text(planned, output))
    return 0


def emit(found: RuleSet, dialect: str | None, table: str, target: str | None, output: Output) -> int:
    """The query that an engine runs."""
    if dialect is None:
        raise Wrong("--emit sql 要说明 --dialect duckdb 还是 spark。", "--emit sql needs --dialect duckdb or spark.")
    _check(target, ".sql")
    need_libraries(dialect, False, ("sqlglot", "polars"))
    from perfeval.batch.plan import plan
    from perfeval.batch.sql_engines import emitted

    planned = plan(found, ())
    output.problems(planned.warnings)
    text = emitted(planned, dialect, tuple(table.split(".")))
    if target not in (None, "-"):
        return _write(text, str(target), output)
    output.data(text)
    return 0


def _check(target: str | None, ending: str) -> None:
    if target not in (None, "-"):
        check_file(str(target), "-o", (ending,))


def _write(text: str, target: str, output: Output) -> int:
    """It takes its place when it is whole."""
    from perfeval.batch.writing import outputs

    with outputs() as files:
        files.new(Path(target)).write_bytes(text.encode())
        files.publish()
    output.remark(output.pick(f"已写入 {target}。", f"Written to {target}."))
    return 0


def _text(planned: Plan, output: Output) -> str:
    from perfeval.batch.template import lines
    from perfeval.cli._shown import escaped, width

    found = list(lines(planned, output.lang))
    wide = [max(width(escaped(line[at])) for line in found) for at in range(3)]
    told = []
    for line in found:
        cells = [escaped(cell) for cell in line]
        padded = [cell + " " * (wide[at] - width(cell)) for at, cell in enumerate(cells[:3])]
        told.append("  ".join([*padded, cells[3]]).rstrip() + "\n")
    return "".join(told)
