"""printed-same-rule: 两个指标的评分要点一字不差吗？ Are two indicators scored by the very same items?

Reads: the report (the items ①…②… of the rule sentences of the body).
Severity: note.
Bad: 绩效目标合理性 and 绩效目标明确性 both with ① 目标合理；② 目标细化, copied from one to the other. Good: items of its own; shares without
items, as ①②③各占 1/3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._rule_sentences import rule_texts
from perfeval.auditing._wording import SHORTEST, bare, shortened
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "printed-same-rule",
    says="「{name}」与「{other}」的评分要点一字不差：“{items}”。",
    remedy="核对评价方案，看是不是抄串了；确实相同的可不理会。",
    en="“{name}” and “{other}” are scored by the very same items: “{items}”.",
    en_remedy="Compare with the plan of the evaluation: one may have been copied from the other; ignore this if both really are so.",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("report",)

_ITEMS = re.compile(r"①[^①②。]{2,}②[^①]*?(?=[，,。]\s*(?:以上)?(?:[两二三四五六]项)?每项|。|$)")


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.report is not None
    first: dict[str, str] = {}
    for rule in rule_texts(subject.report):
        found = _ITEMS.search(rule.rule) if rule.row is None else None
        if found is None or len(bare(found[0])) < SHORTEST:
            continue
        other = first.setdefault(bare(found[0]), rule.name)
        if other != rule.name:
            where = rule.where(subject.report, found.start(), found.end())
            yield KIND.on(where, name=rule.name, other=other, items=shortened(found[0]))
