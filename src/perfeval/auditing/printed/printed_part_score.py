"""printed-part-score: 报告印出的各部分得分就是项目算出的吗？ Are the printed points of an indicator's parts those computed?

Reads: the report (below the sentence of an indicator: 2021 年……得 1.80 分) and the score (parts and items of that name).
Severity: warning.
Bad: 2021 年完成 131 项、计划 146 项，得 1.80 分 where 1.79 was computed. Good: 得 1.79 分.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._rule_sentences import RuleText, rule_texts
from perfeval.auditing._score_tables import Figure, plain
from perfeval.model.result import Indicator
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_short
from perfeval.scoring.run import all_steps

KIND = ProblemKind(
    "printed-part-score",
    says="「{name}」的「{part}」印作 {printed} 分，算出的是 {computed} 分。",
    remedy="报告写错的，改报告；佐证或规则写错的，改项目文件。",
    en="“{part}” of “{name}” is printed as {printed} points; computed is {computed}.",
    en_remedy="Mend the report, or the evidence and rules of the project, whichever is wrong.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("result", "report")

_CLAUSE = re.compile(r"[^；;。]+")
_SCORE = re.compile(r"得(?:分)?(?:为)?\s*(\d{1,12}(?:\.(\d{1,16}))?)\s*分(?!值)")


def check(subject: Subject) -> Iterator[Problem]:
    report = subject.report
    assert report is not None and subject.result is not None
    leaves: defaultdict[str, list[Indicator]] = defaultdict(list)
    for one in subject.result.indicators:
        if one.is_leaf:
            leaves[plain(one.name)].append(one)
    for rule in rule_texts(report):
        found = leaves.get(rule.name, [])
        if rule.row is None and len(found) == 1:
            for part, text, start, end, computed in _differing(rule, found[0]):
                yield KIND.on(rule.where(report, start, end), name=found[0].name, part=part, printed=text, computed=computed)


def _differing(rule: RuleText, leaf: Indicator) -> Iterator[tuple[str, str, int, int, str]]:
    """Clauses that begin with the name of one part and give it other points than were computed."""
    parts = {plain(step.label.text): step for step in all_steps(leaf.steps) if step.label.role == "item" and step.label.text}
    for clause in _CLAUSE.finditer(rule.text, len(rule.rule)):
        scores = list(_SCORE.finditer(clause[0]))
        begins = plain(clause[0])
        named = [name for name in parts if begins.startswith(name)]
        if len(scores) != 1 or not named:
            continue
        step, (score,) = parts[max(named, key=len)], scores
        printed = Figure.of(score[1])
        if not printed.shows(Fraction(step.value)):
            start = clause.start()
            computed = show_short(step.value, max(2, printed.places), [printed.value])
            yield step.label.text, score[1], start + score.start(1), start + score.end(), computed
