"""Changes as they are said: `KEY=VALUE` on the command line, or a file with one on each line, or a YAML map."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from perfeval.problems import Problem, ProblemsFound, Where
from perfeval.reading.texts import FORBIDDEN, FORBIDDEN_CHARACTER, character_name, decode
from perfeval.reading.yaml_subset import read_yaml
from perfeval.whatif.asked import Given
from perfeval.whatif.keys import Refused

_LINES = re.compile(r"[^:=]*(?::(?!\s|$)[^:=]*)*=")  # an equals sign before any colon that YAML would take for its own


def from_options(words: Iterable[str]) -> list[Given]:
    """Each `KEY=VALUE`. Raises `Refused` and `ProblemsFound`."""
    return [_said(word, Where(f"--set {word}")) for word in words]


def from_file(name: str, data: bytes) -> list[Given]:
    """Lines `KEY=VALUE` (`#` begins a remark), or a YAML map of keys to values. Raises `Refused` and `ProblemsFound`."""
    text, problems = decode(name, data)
    if problems:
        raise ProblemsFound(problems)
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        raise Refused(f"「{name}」里没有要设的值。", f"“{name}” sets nothing.")
    if _LINES.match(lines[0][1]):
        return [_said(line.strip(), Where(name, number, 1, line, len(line))) for number, line in lines]
    return list(_mapped(name, data))


def _said(word: str, where: Where) -> Given:
    if hidden := FORBIDDEN.search(word):
        shown = where._replace(file=FORBIDDEN.sub("\ufffd", where.file), quote=FORBIDDEN.sub("\ufffd", where.quote))
        problem = FORBIDDEN_CHARACTER.on(shown, code=f"U+{ord(hidden[0]):04X}", name=character_name(hidden[0]))
        raise ProblemsFound([problem])
    key, sign, text = word.partition("=")
    if not sign or not key.strip():
        place = f"{where.file}:{where.line}" if where.line else where.file
        raise Refused(f"{place}：要写成 KEY=VALUE，例如 满意度=85%。", f"{place}: write KEY=VALUE, as 满意度=85%.")
    return Given(key.strip(), text.strip(), where)


def _mapped(name: str, data: bytes) -> Iterator[Given]:
    file = read_yaml(name, data)
    problems: list[Problem] = list(file.problems)
    if any(problem.is_error for problem in problems):
        raise ProblemsFound(problems)
    raw = file.plain() if file.root is not None else None
    if not isinstance(raw, dict):
        raise Refused(f"「{name}」要是 KEY=VALUE 的行，或 YAML 的键值。", f"“{name}” holds lines KEY=VALUE, or a YAML map.")
    for key, value in raw.items():
        if not isinstance(value, str):
            place = f"{name}:{file.where((key,)).line}"
            raise Refused(
                f"{place}：「{key}」的值要是一个值；逐项写成 {key}/checklist/编号 这样的键。",
                f"{place}: the value of “{key}” has to be a single one; name items by keys as {key}/checklist/ID.",
            )
        yield Given(str(key), value, file.where((key,)))
