"""A problem with all that is known of its place: the line that is quoted, the signs that are marked, and every value."""

from __future__ import annotations

from collections.abc import Iterable

from perfeval.problems import Problem


def in_full(problems: Iterable[Problem]) -> list[str]:
    """Two lines each: what and where, and the quote with its marked signs between « and »."""
    lines = []
    for problem in problems:
        values = ", ".join(f"{key}={value}" for key, value in problem.values.items())
        where = problem.where
        place = str(where) if where else f"{problem.origin.file} {problem.origin.path}" if problem.origin else "?"
        lines.append(f"{problem.severity.name.lower()} {problem.kind.name} {place} [{values}]")
        if where is not None and where.line:
            start, end = where.column - 1, where.column - 1 + where.width
            lines.append(
                f"    {where.quote[:start]}«{where.quote[start:end]}»{where.quote[end:]}"
                + f" +{end - len(where.quote)}" * (end > len(where.quote))
            )
    return lines
