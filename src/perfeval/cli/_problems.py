"""Problems as text: place and name, the quoted line with carets below it, what is wrong, what to do, and a count at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from perfeval.cli._shown import escaped, width
from perfeval.problems import Lang, Problem, Severity, Where

_WORDS: dict[Lang, dict[Severity, str]] = {
    "zh": {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"},
    "en": {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"},
}
FROM_HERE = "./"
"""Begins the name of a file that was typed by itself: it is seen from where the user stands, not from the folder."""
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_QUOTED = 100  # columns of a source line that are shown; a longer line is cut around the marked place


def where_of(problem: Problem) -> Where:
    """The place of a problem; one that reached the terminal without a place stands at none."""
    return problem.where or Where(problem.origin.file if problem.origin else "")


def sorted_problems(problems: Iterable[Problem]) -> list[Problem]:
    """By place, each once."""
    found: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        where = where_of(problem)
        key = (where.file, where.line, where.column, where.cell, problem.kind.name, problem.message("en"))
        found.setdefault(key, problem)
    return [found[key] for key in sorted(found, key=lambda k: tuple(map(str, k[:1])) + k[1:])]


def as_json(problems: Iterable[Problem], lang: Lang) -> list[dict[str, str]]:
    """The same for programs: what is in the text, part by part."""
    return [
        {
            "kind": problem.kind.name,
            "severity": problem.severity.name.lower(),
            "place": str(where_of(problem)),
            "message": problem.message(lang),
            "remedy": problem.remedy(lang),
        }
        for problem in sorted_problems(problems)
    ]


def placed(where: Where, base: str = "") -> str:
    """`file:line:column`, the file seen from where the user stands (`base` is the folder as they typed it)."""
    return escaped(file_from(where, base) + str(where)[len(where.file) :])


def file_from(where: Where, base: str = "") -> str:
    if not where.file:
        return base
    if where.file.startswith(FROM_HERE):
        return where.file.removeprefix(FROM_HERE)
    if base in ("", ".") or ":" in where.file or where.file.startswith("/"):
        return where.file  # built-in trees and absolute paths stand as they are
    return str(PurePosixPath(base.replace("\\", "/"), where.file))


def shown_problem(problem: Problem, lang: Lang, base: str = "", *, colour: bool = False, ruler: str = "│") -> str:
    """One problem in full, without a line break at the end."""
    where, severity = where_of(problem), problem.severity
    place, word = placed(where, base), _WORDS[lang][severity]
    head = f"{place}: " if place else ""
    if colour:
        from click import style

        head, word = style(head, bold=True), style(word, fg=_COLOURS[severity], bold=True)
    lines = [f"{head}{word} {problem.kind.name}"]
    if where.line and where.quote.strip():
        lines += _quoted(where, ruler)
    lines.append(escaped(problem.message(lang)).strip())
    if remedy := escaped(problem.remedy(lang)).strip():
        lines.append(("办法：" if lang == "zh" else "To do: ") + remedy)
    return "\n".join(lines)


def _quoted(where: Where, ruler: str) -> list[str]:
    """The source line and carets under the marked characters, both measured as they are shown."""
    cells = [escaped("    " if c == "\t" else c) for c in where.quote.rstrip()]
    start = min(max(where.column - 1, 0), len(cells))
    end = min(start + max(where.width, 1), max(len(cells), start + 1))
    first, last = _window(cells, start, end)
    before = ("…" if first else "") + "".join(cells[first:start])
    line = ("…" if first else "") + "".join(cells[first:last]) + ("…" if last < len(cells) else "")
    carets = "^" * max(width("".join(cells[start : min(end, last)])), 1)
    return [f"{where.line:>4} {ruler} {line}", f"     {ruler} {' ' * width(before)}{carets}"]


def _window(cells: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Which cells of a long line are shown: the marked ones, with what stands around them."""
    if sum(map(width, cells)) <= _QUOTED:
        return 0, len(cells)
    first = last = start
    used = 0
    while used < _QUOTED and (first > 0 or last < len(cells)):
        if last < len(cells) and (last < end or last - start <= start - first or first == 0):
            used, last = used + width(cells[last]), last + 1
        else:
            first, used = first - 1, used + width(cells[first - 1])
    return first, last


def counted(problems: Sequence[Problem], lang: Lang) -> str:
    """`共 3 个错误、1 个警告`."""
    numbers = {severity: sum(p.severity is severity for p in problems) for severity in reversed(Severity)}
    if lang == "zh":
        units = {Severity.ERROR: "个错误", Severity.WARNING: "个警告", Severity.NOTE: "条提示"}
        return "共 " + "、".join(f"{n} {units[s]}" for s, n in numbers.items() if n)
    return ", ".join(f"{n} {_WORDS['en'][s]}{'' if n == 1 else 's'}" for s, n in numbers.items() if n)


def shown_problems(problems: Iterable[Problem], lang: Lang, base: str = "", *, colour: bool = False, ruler: str = "│") -> str:
    """All problems of a run, sorted, with the count as the last line; "" where there is none."""
    ordered = sorted_problems(problems)
    if not ordered:
        return ""
    told = [shown_problem(problem, lang, base, colour=colour, ruler=ruler) for problem in ordered]
    return "\n\n".join([*told, counted(ordered, lang)]) + "\n"
