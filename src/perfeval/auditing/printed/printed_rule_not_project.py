"""printed-rule-not-project: 报告印出的评分标准是项目打分用的规则吗？ Are the printed rules those that the project scores by?

Reads: the report (rule sentences of the body, rule column of an annex) and the rules: numbers with 分, %, or a unit that the rule uses.
Severity: warning.
Bad: 低于 90%每少 10%减 1 分 in the report, `each: 5%` in the rule. Good: the same numbers, or numbers that follow from them.
Where the body and the annex differ and one of the two agrees with the project, that is printed-rule-differs. Limits: as of
wording-number; nothing is said of rules that leave the points to the evaluator.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._numbers_compared import in_words, unlike
from perfeval.auditing._rule_sentences import RuleText, rule_texts
from perfeval.auditing._score_mentions import Names
from perfeval.auditing._score_tables import plain
from perfeval.model.tree import Node
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "printed-rule-not-project",
    says="「{name}」的评分标准与项目的规则不一致：{told}。",
    remedy="报告写错的，改报告；规则写错的，改指标文件。",
    en="The printed rule of “{name}” and the rule of the project do not agree: {told_en}.",
    en_remedy="Mend the report, or the rules of the project, whichever is wrong.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("rules", "report")


def check(subject: Subject) -> Iterator[Problem]:
    report = subject.report
    assert report is not None
    words = frozenset(subject.tree.units)
    leaves: defaultdict[str, list[Node]] = defaultdict(list)
    for _, node in subject.leaves():
        leaves[plain(node.name)].append(node)
    names = Names(leaves)
    printed: defaultdict[str, list[RuleText]] = defaultdict(list)
    for rule in rule_texts(report):
        printed[rule.name if rule.name in leaves else names.full(rule.name)].append(rule)
    for name, rules in printed.items():
        nodes = leaves.get(name, [])
        if len(nodes) != 1:
            continue
        found = [(rule, unlike(nodes[0], rule.rule, words)) for rule in rules]
        if all(differs for _, differs in found):
            rule, differs = found[0]
            start = min((at for one in differs.unknown if (at := rule.rule.find(one[:-1])) >= 0), default=0)
            where = rule.row or rule.where(report, start, len(rule.rule))
            yield KIND.on(where, name=nodes[0].name, **in_words(differs))
