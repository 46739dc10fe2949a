"""framework-node: 指标体系缺了框架里的指标，或改了名称吗？ Does the tree lack or rename indicators of the framework?

Reads: rules and the tree given by --against. Nodes are paired as `perfeval diff` does: by id, by names, by likeness.
Severity: warning where a level with others below it is missing; note where leaves are, which a project may choose, or for a name.
Bad: 过程 without 组织实施. Good: all of the framework's levels, with the project's own leaves below them.
What the tree has beyond the framework, other weights and other rules are no finding here (`perfeval diff` tells them).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from perfeval.auditing._contract import Need, Subject
from perfeval.diffing.pairing import Spot, pair_nodes, spots
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "framework-node",
    says="与「{framework}」相比，{told}。",
    remedy="补上，或照框架的名称写；项目不适用或已另有指标的，写明理由。",
    en="Held against “{framework}”, {told_en}.",
    en_remedy="Add what is missing, or use the framework's name; where the project needs it otherwise, say why.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("rules", "against")


Place = tuple[str | int, ...]


class _Held(NamedTuple):
    """The two trees, node by node."""

    framework: list[Spot]
    own: list[Spot]
    stands_for: dict[Place, Spot | None]  # by the framework's path
    taken: dict[Place, Spot]  # by our own


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.against is not None
    framework = subject.against.tree
    title = framework.title or framework.id
    held = _held(spots(framework), spots(subject.tree))
    missing: defaultdict[Place | None, list[Spot]] = defaultdict(list)
    for old in held.framework:
        new = held.stands_for[old.path]
        parent = None if old.parent is None else held.framework[old.parent].path
        if new is None:
            new = _called_likewise(held, old, parent)
        if new is not None and new.node.name != old.node.name:
            yield _renamed(subject, title, old, new)
        elif new is None and (parent is None or held.stands_for[parent] is not None):
            missing[parent].append(old)  # of what stands below a node that is missing itself, nothing is said
    for parent, gone in missing.items():
        yield _missing(subject, title, held.stands_for[parent] if parent is not None else None, gone)


def _held(framework: list[Spot], own: list[Spot]) -> _Held:
    matches = pair_nodes(framework, own)
    stands_for = {match.old.path: match.new for match in matches if match.old is not None}
    taken = {match.new.path: match.old for match in matches if match.old is not None and match.new is not None}
    return _Held(framework, own, stands_for, taken)


def _called_likewise(held: _Held, old: Spot, parent: Place | None) -> Spot | None:
    """Our own node at the same place with a name that holds the framework's: 项目效益 on the first level is its 效益, though it was
    paired with the 项目效益 that the framework has on the second."""
    over = None if parent is None else held.stands_for[parent]
    if parent is not None and over is None:
        return None
    for new in held.own:
        beside = new.parent is None if over is None else new.parent is not None and held.own[new.parent].path == over.path
        pair = held.taken.get(new.path)
        elsewhere = pair is not None and len(pair.chain) != len(new.chain)
        if beside and elsewhere and len(new.chain) == len(old.chain) and old.node.name in new.node.name:
            return new
    return None


def _renamed(subject: Subject, title: str, old: Spot, new: Spot) -> Problem:
    was, name = old.node.name, new.node.name
    told, told_en = f"「{was}」在这里叫「{name}」", f"“{was}” is called “{name}” here"
    problem = KIND.on(subject.in_rules(*new.path, "name"), framework=title, told=told, told_en=told_en)
    return problem._replace(severity_override=Severity.NOTE)


def _missing(subject: Subject, title: str, over: Spot | None, gone: list[Spot]) -> Problem:
    """What one node lacks, or the tree, in one finding."""
    names = [spot.node.name for spot in gone]
    told = (f"「{over.node.name}」下缺" if over else "缺") + "、".join(f"「{name}」" for name in names)
    told_en = (f"“{over.node.name}” lacks " if over else "the tree lacks ") + ", ".join(f"“{name}”" for name in names)
    place = subject.in_rules("tree").key() if over is None else subject.in_rules(*over.path, "name")
    problem = KIND.on(place, framework=title, told=told, told_en=told_en)
    return problem if any(spot.node.children for spot in gone) else problem._replace(severity_override=Severity.NOTE)
