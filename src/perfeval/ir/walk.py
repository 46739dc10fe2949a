"""Walking expressions: every node, the inputs used, and rewriting bottom-up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from perfeval.ir.nodes import Add, Cond, Div, Expr, Floor, Input, Max, Min, Mul, Round, children


def nodes(expr: Expr) -> Iterator[Expr]:
    """Every node, parents before their children, left to right."""
    stack = [expr]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def inputs(expr: Expr) -> dict[str, Input]:
    """Every input by key, in the order of first mention."""
    found: dict[str, Input] = {}
    for node in nodes(expr):
        if isinstance(node, Input):
            found.setdefault(node.key, node)
    return found


def extent(expr: Expr) -> tuple[int, int]:
    """How many nodes stand above one another at most, and how many a walk would meet (a node that stands twice counts twice)."""
    found: dict[int, tuple[int, int]] = {}
    stack = [expr]
    while stack:
        below = children(stack[-1])
        if todo := [node for node in below if id(node) not in found]:
            stack.extend(todo)
            continue
        sizes = [found[id(node)] for node in below]
        found[id(stack.pop())] = 1 + max((d for d, _ in sizes), default=0), 1 + sum(n for _, n in sizes)
    return found[id(expr)]


def strict_keys(expr: Expr) -> dict[str, None]:
    """The keys that must be there whatever the others are: all but those only a lazy arm mentions."""
    found: dict[str, None] = {}
    stack = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, Input):
            found.setdefault(node.key)
        elif isinstance(node, Cond) and node.lazy:
            stack += [node.right, node.left]
        else:
            stack.extend(reversed(children(node)))
    return found


def lazy_choices(expr: Expr) -> list[Cond]:
    """The outermost conditions with lazy arms; what stands inside their arms is not looked at."""
    found: list[Cond] = []
    stack = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, Cond) and node.lazy:
            found.append(node)
            stack += [node.right, node.left]
        else:
            stack.extend(reversed(children(node)))
    return found


def rewrite(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """A copy with `change` applied to every node, children first; untouched parts are shared."""
    return change(rebuilt(expr, lambda child: rewrite(child, change)))


def rebuilt(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """A copy with `change` applied to the nodes directly below."""

    def every(below: tuple[Expr, ...]) -> tuple[Expr, ...]:
        return tuple(map(change, below))

    match expr:
        case Add(terms=below):
            return replace(expr, terms=every(below))
        case Mul(factors=below):
            return replace(expr, factors=every(below))
        case Min(args=below) | Max(args=below):
            return replace(expr, args=every(below))
        case Div(above=a, below=b):
            return replace(expr, above=change(a), below=change(b))
        case Floor(arg=a) | Round(arg=a):
            return replace(expr, arg=change(a))
        case Cond(left=a, right=b, then=c, other=d):
            return replace(expr, left=change(a), right=change(b), then=change(c), other=change(d))
    return expr
