"""source-missing: 数和判断都写了出处吗？ Do figures and judgements say where they come from?

Reads: evidence (`source` of typed facts; `sources` of judged leaves, here or in the tree). One finding for each section; a leaf
that is to be ignored has its own, where that is said of it or of an indicator above it.
Severity: note.
Bad: `检查发现问题数: 1`. Good: `检查发现问题数: {value: 1, source: 检查记录}`. What is counted from a table has its source there.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._evidence import leaves_with_evidence
from perfeval.auditing._problems import below
from perfeval.problems import Origin, Problem, ProblemKind, Severity
from perfeval.quantity import is_missing

KIND = ProblemKind(
    "source-missing",
    says="这里有 {count} 处没有写出处：{names}。",
    remedy="{what}。",
    en="{count} entries here do not say where they come from: {names}.",
    en_remedy="{what}.",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("folder", "result")
SHOWN = 5
_FACTS = "事实里写 source (Give each fact its source)"
_LEAVES = "指标的证据里写 sources (Give the evidence of each indicator its sources)"


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.folder is not None
    evidence = subject.folder.evidence
    facts = [name for name, fact in evidence.facts.items() if fact.table is None and not is_missing(fact.value) and not _said(fact.source)]
    leaves = [
        leaf
        for leaf in leaves_with_evidence(subject)
        if leaf.judged and leaf.scored.status == "scored" and not any(map(_said, (*leaf.entry.sources, *leaf.node.sources)))
    ]
    apart = {key for _, node in subject.nodes() if KIND.name in node.audit.ignore for key in below(node)}
    together = [leaf.node.name for leaf in leaves if leaf.node.key not in apart]
    for section, names, what in (("facts", facts, _FACTS), ("indicators", together, _LEAVES)):
        if names:
            yield _told(subject.in_evidence(section), names, what)
    for leaf in leaves:
        if leaf.node.key in apart:
            yield _told(leaf.at, [leaf.node.name], _LEAVES)


def _told(at: Origin, names: list[str], what: str) -> Problem:
    shown = "、".join(f"「{name}」" for name in names[:SHOWN]) + ("……" if len(names) > SHOWN else "")
    return KIND.on(at.key(), count=len(names), names=shown, what=what)


def _said(source: str) -> bool:
    return not is_missing(source)
