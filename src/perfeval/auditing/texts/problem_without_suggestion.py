"""problem-without-suggestion: 每条问题都有对应的建议吗？ Is each problem answered by a suggestion?

Reads: folder (`problems` and `suggestions` of the project).
Severity: note.
Bad: a problem without `suggestion` beside others that have one, or with the id of none. Good: each names the id of a suggestion; a
project that links none of its problems.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "problem-without-suggestion",
    says="问题「{title}」没有对应的建议{named}。",
    remedy="写出建议，并在 suggestion 里写它的 id。",
    en="No suggestion answers the problem “{title}”{named}.",
    en_remedy="Write the suggestion and put its id into `suggestion`.",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("folder",)


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.folder is not None
    project = subject.folder.project
    known = {one.id for one in project.suggestions if one.id}
    if not any(one.suggestion for one in project.problems):
        return
    for position, problem in enumerate(project.problems):
        if problem.suggestion is None:
            yield KIND.on(subject.in_project("problems", position, "title"), title=problem.title, named="")
        elif problem.suggestion not in known:
            yield KIND.on(subject.in_project("problems", position, "suggestion"), title=problem.title, named=f" ({problem.suggestion})")
