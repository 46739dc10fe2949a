"""goal-missed: 申报的绩效目标达到了吗？ Were the declared goals reached?

Reads: project (`goals`), evidence (facts).
Severity: note where a goal was not reached; warning where it cannot be compared (no figure for it, another unit).
Bad: `{target: ≥45户, actual: 生活救助户数}` with 28 户; a target in figures without `actual`. Good: 46 户.
A target without a sign, as 15000元, is missed by less, and an amount of money by more as well.
"""

from __future__ import annotations

import operator
import unicodedata
from collections.abc import Callable, Iterator
from fractions import Fraction

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._evidence import Computed, Printed, comparable, computed, printed
from perfeval.ir.nodes import Number
from perfeval.ir.parse import parse_expression
from perfeval.ir.walk import inputs
from perfeval.model.folder import ProjectFolder
from perfeval.model.project import Goal
from perfeval.problems import Fault, Problem, ProblemKind, Severity, spelling_hint
from perfeval.quantity import MONEY, NO_DIMENSION, show_quantity

KIND = ProblemKind(
    "goal-missed",
    says="绩效目标「{name}」申报 {target}，{why}。",
    remedy="核对数据；确实没有达到的，报告里说明原因；不能比较的，改 target、actual 的写法或补上事实。",
    en="The goal “{name}” is declared as {target}: {why}.",
    en_remedy="Check the data; if the goal was missed, the report should say why; if it cannot be compared, mend target or actual.",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("folder",)

_AT_LEAST = ("≥", ">=", "=>", "不低于", "不少于", "不小于", "大于等于", "大于或等于", "至少")
_AT_MOST = ("≤", "<=", "=<", "不高于", "不超过", "不大于", "不多于", "小于等于", "小于或等于", "至多")
_HOLDS: tuple[tuple[tuple[str, ...], Callable[[Number, Number], bool]], ...] = (
    (_AT_LEAST, operator.ge),
    (_AT_MOST, operator.le),
    ((">", "大于", "高于", "超过"), operator.gt),
    (("<", "小于", "低于"), operator.lt),
    (("=", "等于"), operator.eq),
)
_SIGNS = sorted((sign for signs, _ in _HOLDS for sign in signs), key=len, reverse=True)  # >= before >
_OTHER_FORMS = str.maketrans({"≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤"})
_BEHIND = {"及以上": "≥", "以上": "≥", "及以下": "≤", "以下": "≤", "以内": "≤", "之内": "≤"}


def check(subject: Subject) -> Iterator[Problem]:
    folder = subject.folder
    assert folder is not None
    for position, goal in enumerate(folder.project.goals):
        sign, figure = _parted(goal.target.strip())
        target = printed(figure, None, frozenset(folder.tree.units))
        at = subject.in_project("goals", position, "target" if goal.actual is None else "actual")
        why, is_missed = _why(goal, sign, target, folder)
        if why:
            found = KIND.on(at, name=goal.name, target=goal.target, why=why)
            yield found if is_missed else found._replace(severity_override=Severity.WARNING)


def _parted(target: str) -> tuple[str, str]:
    """The comparison of a target, and what is compared with."""
    plain = unicodedata.normalize("NFKC", target).translate(_OTHER_FORMS)  # a unit stays as it is written
    for sign in _SIGNS:
        if plain.startswith(sign):
            return sign, target[len(sign) :].strip()
    for word, sign in _BEHIND.items():
        if target.endswith(word):
            return sign, target.removesuffix(word).strip()
    return "", target


def _why(goal: Goal, sign: str, target: Printed | None, folder: ProjectFolder) -> tuple[str, bool]:
    """What is wrong, in both languages (nothing where all is well), and whether the goal was missed."""
    if goal.actual is None:
        return ("没有写拿什么数来比（actual） (nothing says which figure it is compared with: actual)" if target else ""), False
    try:
        expr = parse_expression(goal.actual, frozenset(folder.tree.units))
    except Fault:
        return f"actual「{goal.actual}」读不懂 (the formula “{goal.actual}” under actual cannot be read)", False
    unknown = next((key for key in inputs(expr) if key not in folder.facts), None)
    if unknown is not None:
        zh, en = spelling_hint(unknown, folder.facts)
        told, told_en = (f"；{zh.rstrip('？')}", f"; {en.rstrip('?')}") if zh else ("", "")
        return f"facts 里没有「{unknown}」{told} (there is no fact “{unknown}”{told_en})", False
    if any(folder.facts[key].value is None for key in inputs(expr)):
        return "", False  # missing evidence is told where it is asked for
    found = computed(expr, folder)
    if target is None or found is None or not comparable(target, found) or _is_bare_against_rate(target, found):
        return f"「{goal.actual}」不能与它相比 (“{goal.actual}” cannot be compared with it)", False
    if _reached(sign, found.value, target.value, target.dimension == MONEY):
        return "", False
    unit = found.unit if found.unit is not None and found.unit.symbol else target.unit
    shown = show_quantity(found.value, unit, 4, [target.value])
    return (f"实际 {shown}，没有达到 (it came to {shown} and was not reached)" if sign else _unlike(shown)), True


def _unlike(shown: str) -> str:
    return f"实际 {shown}，与目标不符 (it came to {shown}, which is not the target)"


def _reached(sign: str, found: Number, target: Fraction, is_money: bool) -> bool:
    if not sign:
        return found == target or (found > target and not is_money)
    return next(holds for signs, holds in _HOLDS if sign in signs)(found, target)


def _is_bare_against_rate(target: Printed, found: Computed) -> bool:
    """`≥90` against 91.3 %: it may mean 90 %, or 9000 %."""
    units = (target.unit, found.unit)
    rates = [unit is not None and unit.is_rate for unit in units]
    return (
        found.dimension == NO_DIMENSION
        and any(rates)
        and any(unit is None and value > 1 for unit, value in zip(units, (target.value, found.value), strict=True))
    )
