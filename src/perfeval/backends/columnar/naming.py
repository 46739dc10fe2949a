"""What engines compute under a name, and in which order: outputs, and operations that stand in several places."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from perfeval.backends.columnar.integer_program import IntegerProgram, Output, keys_of, nodes_of
from perfeval.backends.columnar.integers import Node, walk


class Named(NamedTuple):
    """One thing that is computed under a name: an operation that stands in several places, or an output."""

    node: Node | None
    output: Output | None = None


class Plan(NamedTuple):
    """`shared`: operations computed once, operands first. `stages`: what is computed together; each reads only what is before it."""

    shared: tuple[Node, ...]
    stages: tuple[tuple[Named, ...], ...]


def plan(program: IntegerProgram) -> Plan:
    """Names for what stands in several places, and the stages of a computation over whole columns."""
    roots = [node for output in program.outputs for node in nodes_of(output)]
    every = list(walk(*roots))
    uses = Counter(arg for node in every for arg in node.args)
    uses.update(roots)
    shared = tuple(node for node in every if uses[node] > 1 and node.op not in ("key", "value"))
    named, of_output = set(shared), {output.key: output for output in program.outputs}
    level: dict[Node | str, int] = {}

    def below(node: Node) -> int:
        """How many stages must be done before this operation can be computed."""
        if node.op == "key":
            return level[node.key] + 1 if node.key in of_output else 0
        return max((level[arg] + 1 if arg in named else below(arg) for arg in node.args), default=0)

    stages: dict[int, list[Named]] = {}
    for output in program.outputs:
        own = list(nodes_of(output))
        for node in [one for one in walk(*own) if one in named and one not in level]:
            level[node] = below(node)
            stages.setdefault(level[node], []).append(Named(node))
        at = max((level[node] + 1 if node in named else below(node) for node in own), default=0)
        at = max([at, *(level[key] + 1 for key in keys_of(output.needs) if key in of_output)])
        level[output.key] = at
        stages.setdefault(at, []).append(Named(None, output))
    return Plan(shared, tuple(tuple(stages[at]) for at in sorted(stages)))
