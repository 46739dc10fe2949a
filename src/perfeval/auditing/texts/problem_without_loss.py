"""problem-without-loss: 写成问题的指标扣过分吗？ Did the indicators that a problem comes from lose points?

Reads: folder, result (`problems` of the project with their `from`).
Severity: note: a problem may be too slight for the rule.
Bad: 缺少专项管理制度 comes from two indicators that both got full marks. Good: one of them lost points.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._problems import leaves_of
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "problem-without-loss",
    says="问题「{title}」出自{names}，这些指标却得了满分。",
    remedy="核对得分：确有问题的应当扣分，没有的删去这条问题，或改 from。",
    en="The problem “{title}” comes from {names}, which got full marks.",
    en_remedy="Check the score: what is a problem loses points; else take the problem out, or mend its `from`.",
    severity=Severity.NOTE,
)
NEEDS: tuple[Need, ...] = ("folder", "result")


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.folder is not None
    for position, problem in enumerate(subject.folder.project.problems):
        scored = [subject.scored.get(leaf) for name in problem.from_ for leaf in leaves_of(subject, name)]
        known = [one for one in scored if one is not None and one.status == "scored"]
        if known and len(known) == len(scored) and all(one.lost == 0 for one in known):
            names = "、".join(dict.fromkeys(f"「{one.name}」" for one in known))
            yield KIND.on(subject.in_project("problems", position, "from"), title=problem.title, names=names)
