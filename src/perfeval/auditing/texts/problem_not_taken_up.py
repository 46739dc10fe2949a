"""problem-not-taken-up: 每处失分都有对应的问题吗？ Is each loss of points taken up by a problem?

Reads: folder, result (`problems` of the project with their `from`).
Severity: note: some losses are too small to be a problem of their own.
Bad: an indicator lost 6 points and no problem names it. Good: a problem names it, or the indicator above it.
A project that declares no problems is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._problems import leaves_of
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_short

KIND = ProblemKind(
    "problem-not-taken-up",
    says="「{name}」失 {lost} 分，没有一条问题的 from 写到它。",
    remedy="在 project.yaml 的 problems 里写出问题，或写进有关问题的 from。",
    en="“{name}” lost {lost} points and the `from` of no problem names it.",
    en_remedy="Write the problem into `problems` of project.yaml, or name it in the `from` of one that is there.",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("folder", "result")


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.folder is not None
    problems = subject.folder.project.problems
    if not problems:
        return
    named = {leaf for problem in problems for name in problem.from_ for leaf in leaves_of(subject, name)}
    for origin, node in subject.leaves():
        scored = subject.scored.get(node.key)
        if scored is not None and scored.lost > 0 and node.key not in named:
            entry = subject.entry_path(node)
            at = subject.in_evidence(*entry).key() if entry else origin.under("name")
            yield KIND.on(at, name=node.name, lost=show_short(scored.lost))
