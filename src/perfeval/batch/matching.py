"""Which column of a table holds which evidence, and whether its type will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from perfeval.backends.columnar.integer_program import IntegerProgram
from perfeval.batch.problems import COLUMN_TWICE, COLUMN_TYPE, COLUMN_UNKNOWN, COLUMNS_MISSING, NO_ID
from perfeval.ir.columns import Column, ColumnForm
from perfeval.lowering.from_evidence import NO_POLICY
from perfeval.problems import Problem, ProblemsFound, Where, did_you_mean
from perfeval.reading.evidence_table import ID_NAMES

Kind = Literal["text", "whole", "decimal", "yes_no", "date", "nothing", "other"]
"""What the cells of a column are. `nothing`: a column of nulls without a type."""
TAKES: Mapping[ColumnForm, tuple[Kind, ...]] = {
    "number": ("text", "whole", "decimal", "nothing"),
    "date": ("text", "date", "nothing"),
    "yes_no": ("text", "yes_no", "whole", "nothing"),
    "tier": ("text", "nothing"),
}
_KINDS = {
    "text": ("文本", "text"),
    "whole": ("整数", "whole numbers"),
    "decimal": ("十进制小数", "decimals"),
    "yes_no": ("布尔", "booleans"),
    "date": ("日期", "dates"),
}
_EXEMPT = "/not_applicable"
_WORDS = ("actual", "tier", "points")
_SHOWN = 8  # names in a message


class Matched(NamedTuple):
    """The column that names projects, and by evidence key the column that holds it; a key that may be absent can lack one."""

    id: str
    columns: Mapping[str, str]


def id_column(names: Sequence[str], wanted: str | None, word: str) -> str:
    """The column that names the project. Raises `ProblemsFound`."""
    for name in (wanted,) if wanted is not None else ID_NAMES:
        if name in names:
            return name
    said = f"「{wanted}」" if wanted is not None else "project、项目、id"
    raise ProblemsFound([NO_ID.on(Where(word), wanted=said, names=_some(names, "、") or "—")])


def match(
    program: IntegerProgram, names: Sequence[str], kinds: Mapping[str, tuple[Kind, str]], id_name: str, word: str, rules: str,
    ignore_extra: bool,
) -> Matched:  # fmt: skip
    """Raises `ProblemsFound` with everything that is wrong with the columns. `kinds`: of each column, with its type for people."""
    columns = program.columns
    problems: list[Problem] = []
    found: dict[str, str] = {}
    used = {id_name}
    for key in columns:
        others = [name for last in _WORDS if (name := f"{key}/{last}") in names and name not in columns]
        own = [key, *others] if key in names else others
        if len(own) > 1:
            problems.append(COLUMN_TWICE.on(Where(word), column="」「".join(own)))
        if own:
            found[key] = own[0]
            used.update(own)
    lacking = [key for key, column in columns.items() if key not in found and column.absent is None]
    if lacking:
        problems.append(COLUMNS_MISSING.on(Where(word), count=len(lacking), names="、".join(lacking), file=rules))
    extra = [name for name in names if name not in used]
    for name in _exempt_without_policy(program, extra):
        extra.remove(name)
        problems.append(NO_POLICY.on(Where(word), name=_about(program, name)))
    if extra and not ignore_extra:
        unmet = [key for key in columns if key not in found] or list(columns)
        problems += [COLUMN_UNKNOWN.on(Where(word), column=name, hint=did_you_mean(name, unmet)) for name in extra]
    problems += _types(columns, found, kinds, id_name, word)
    if problems:
        raise ProblemsFound(problems)
    return Matched(id_name, found)


def _exempt_without_policy(program: IntegerProgram, extra: Sequence[str]) -> list[str]:
    """Columns that say that indicators do not apply, where no policy says what follows: also where other columns are ignored."""
    if any(column.absent is not None for column in program.columns.values()):
        return []
    return [name for name in extra if name.endswith(_EXEMPT) and _about(program, name)]


def _about(program: IntegerProgram, name: str) -> str:
    """The indicator, item or part that such a column is about; nothing where there is none of that key."""
    prefix = name.removesuffix(_EXEMPT)
    leaf = next((leaf for leaf in program.program.leaves if leaf.id == prefix), None)
    within = any(prefix == f"{key}/{one}" for key, ids in program.program.items.items() for one in ids)
    return leaf.path[-1] if leaf else prefix if within else ""


def _types(
    columns: Mapping[str, Column], found: Mapping[str, str], kinds: Mapping[str, tuple[Kind, str]], id_name: str, word: str
) -> list[Problem]:
    taken = [(name, TAKES[columns[key].form]) for key, name in found.items()] + [(id_name, ("text", "whole"))]
    problems = []
    for name, wanted in taken:
        kind, shown = kinds[name]
        if kind not in wanted:
            known = [_KINDS[one] for one in wanted if one in _KINDS]
            said = f"{'、'.join(zh for zh, _ in known)} ({' or '.join(en for _, en in known)})"
            problems.append(COLUMN_TYPE.on(Where(word), column=name, found=shown, wanted=said))
    return problems


def _some(names: Sequence[str], comma: str) -> str:
    return comma.join(names[:_SHOWN]) + ("……" if len(names) > _SHOWN else "")
