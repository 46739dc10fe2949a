"""The integer program as a generated Python function: for many rows where no column engine is installed, and to check the others.

Generated from `Node`s only: no text of a rule or of evidence gets into the source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from perfeval.backends.columnar.integers import Node, comparisons, walk
from perfeval.backends.columnar.lower import IntegerProgram, Needs
from perfeval.backends.columnar.naming import nodes_of, plan

Row = Sequence[int | None]
"""Whole numbers in the order of the program's columns, each within its column's ends; None where there is no value."""


class Source:
    """Writes expressions; what is shared is written as its name."""

    def __init__(self, program: IntegerProgram) -> None:
        self.program = program
        self.names = {key: f"v{at}" for at, key in enumerate([*program.columns, *(output.key for output in program.outputs)])}
        self.there = {key: f"p{at}" for at, key in enumerate(self.names)}
        self.shared = plan(program).shared
        self.written: dict[Node, str] = {}

    def expression(self, node: Node) -> str:
        if node in self.written:
            return self.written[node]
        args = [self.expression(arg) for arg in node.args]
        match node.op:
            case "key":
                return self.names[node.key]
            case "value":
                return str(node.low) if node.low >= 0 else f"({node.low})"
            case "add":
                return f"({' + '.join(args)})"
            case "mul":
                return f"({' * '.join(args)})"
            case "min" | "max" if len(args) == 2:
                sign = "<=" if node.op == "min" else ">="
                if all(arg.op in ("key", "value") or arg in self.written for arg in node.args):
                    return f"({args[0]} if {args[0]} {sign} {args[1]} else {args[1]})"
                return f"{node.op}({', '.join(args)})"
            case "min" | "max":
                return f"{node.op}({', '.join(args)})"
            case "div":
                return f"({args[0]} // {args[1]})"
        return f"({args[2]} if {self.test(node)} else {args[3]})"

    def test(self, node: Node) -> str:
        assert node.compare is not None
        found = comparisons(node.compare, node.args[0], node.args[1])
        return " and ".join(f"{self.expression(a)} {'==' if sign == '=' else sign} {self.expression(b)}" for sign, a, b in found)

    def there_is(self, needs: Needs) -> str:
        parts = [self.there[key] for key in needs.keys]
        for choice in needs.choices:
            sign = "==" if choice.compare == "=" else choice.compare
            held = f"{self.expression(choice.left)} {sign} {self.expression(choice.right)}"
            parts.append(f"(({self.there_is(choice.then)}) if {held} else ({self.there_is(choice.other)}))")
        return " and ".join(parts) or "True"

    def lines(self, whole: bool) -> Iterator[str]:
        """Statements for one row; `whole`: every key has a value, so that only `fails` can take one away."""
        waiting = list(self.shared)
        for output in self.program.outputs:
            wanted = set(walk(*nodes_of(output)))
            for node in [one for one in waiting if one in wanted]:
                name = f"s{len(self.written)}"
                yield f"{name} = {self.expression(node)}"
                self.written[node] = name
                waiting.remove(node)
            yield f"{self.names[output.key]} = {self.expression(output.value)}"
            parts = [] if whole else [self.there_is(output.needs)]
            if whole:
                parts += [self.there[key] for key in output.needs.keys if key in self.there and key not in self.program.columns]
            if not (output.fails.is_value and output.fails.low == 0):
                parts.append(f"{self.expression(output.fails)} == 0")
            yield f"{self.there[output.key]} = {' and '.join(parts) or 'True'}"
        self.written.clear()

    def function(self) -> str:
        """`run(rows)`: yields for each row its outputs, None where there is no value."""
        columns = list(self.program.columns)
        names = "".join(f"{self.names[key]}, " for key in columns)
        out = ", ".join(f"{self.names[one.key]} if {self.there[one.key]} else None" for one in self.program.outputs)
        lines = ["def run(rows):", " for row in rows:", f"  {names.rstrip(' ') or '()'} = row", "  if None not in row:"]
        lines += [f"   {line}" for line in self.lines(whole=True)]
        lines.append("  else:")
        for key in columns:
            column, name, there = self.program.columns[key], self.names[key], self.there[key]
            lines.append(f"   {there} = {name} is not None")
            lines.append(f"   if not {there}: {name} = {column.low}")
        lines += [f"   {line}" for line in self.lines(whole=False)]
        lines.append(f"  yield ({out},)")
        return "\n".join(lines)


def compile_rows(program: IntegerProgram) -> Callable[[Iterable[Row]], Iterator[tuple[int | None, ...]]]:
    """A function from rows to the values of `program.outputs`, each in units of its last place."""
    room: dict[str, Callable[[Iterable[Row]], Iterator[tuple[int | None, ...]]]] = {}
    exec(Source(program).function(), {"__builtins__": {"min": min, "max": max}}, room)  # our own text: numbers and names that we made
    return room["run"]


def row_of(program: IntegerProgram, values: Mapping[str, int]) -> Row:
    """Evidence by key as a row; what an empty cell stands for is put in."""
    return [values.get(key, column.absent) for key, column in program.columns.items()]
