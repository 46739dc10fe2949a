"""The integer program as a generated Python function: for many rows where no column engine is installed, and to check the others.

Generated from `Node`s only: no text of a rule or of evidence gets into the source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from perfeval.backends.columnar.integer_program import IntegerProgram, Needs, Output, nodes_of
from perfeval.backends.columnar.integers import Node, comparisons, walk
from perfeval.backends.columnar.naming import plan

Row = Sequence[int | None]
"""Whole numbers in the order of the program's columns, each within its column's ends; None where there is no value."""


class Source:
    """Writes expressions; what is shared is written as its name."""

    def __init__(self, program: IntegerProgram) -> None:
        self.program = program
        self.names = {key: f"v{at}" for at, key in enumerate([*program.columns, *(output.key for output in program.outputs)])}
        self.there = {key: f"p{at}" for at, key in enumerate(self.names)}
        self.plan = plan(program)
        self.strict = {key for output in program.outputs for key in output.needs.keys if key in program.columns}
        self.sure: set[str] = set()  # keys that have a value in every row
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
            case "min" | "max" if len(args) == 2:  # a condition is faster than a call
                sign = "<=" if node.op == "min" else ">="
                (first, once), (second, twice) = (self.held(arg, text) for arg, text in zip(node.args, args, strict=True))
                return f"({first} if {once} {sign} {twice} else {second})"
            case "min" | "max":
                return f"{node.op}({', '.join(args)})"
            case "div":
                return f"({args[0]} // {args[1]})"
        return f"({args[2]} if {self.test(node)} else {args[3]})"

    def held(self, node: Node, text: str) -> tuple[str, str]:
        """A name for what is used twice, and how it is written the first time."""
        if node.op in ("key", "value") or node in self.written:
            return text, text
        name = f"t{node.place}"
        return name, f"({name} := {text})"

    def test(self, node: Node) -> str:
        assert node.compare is not None
        found = comparisons(node.compare, node.args[0], node.args[1])
        return " and ".join(f"{self.expression(a)} {'==' if sign == '=' else sign} {self.expression(b)}" for sign, a, b in found)

    def there_is(self, needs: Needs) -> list[str]:
        """What must hold for everything that is needed to be there; nothing where it surely is."""
        parts = [self.there[key] for key in needs.keys if key not in self.sure]
        for choice in needs.choices:
            then, other = (" and ".join(self.there_is(arm)) or "True" for arm in (choice.then, choice.other))
            if (then, other) != ("True", "True"):
                sign = "==" if choice.compare == "=" else choice.compare
                held = f"{self.expression(choice.left)} {sign} {self.expression(choice.right)}"
                parts.append(f"(({then}) if {held} else ({other}))")
        return parts

    def values(self) -> Iterator[str]:
        """Statements for the values of one row, whether they are there or not: every key holds something that its column allows."""
        waiting = list(self.plan.shared)
        for output in self.program.outputs:
            wanted = set(walk(*nodes_of(output)))
            for node in [one for one in waiting if one in wanted]:
                name = f"s{len(self.written)}"
                yield f"{name} = {self.expression(node)}"
                self.written[node] = name
                waiting.remove(node)
            if output.value.op == "key":  # a parent of one child
                self.names[output.key] = self.names[output.value.key]
            else:
                yield f"{self.names[output.key]} = {self.expression(output.value)}"

    def presence(self) -> Iterator[str]:
        """Statements for which outputs have a value."""
        for output in self.program.outputs:
            parts = [*self.there_is(output.needs), *self.successes([output])]
            if parts:
                yield f"{self.there[output.key]} = {' and '.join(parts)}"
            else:
                self.sure.add(output.key)

    def successes(self, outputs: Iterable[Output]) -> list[str]:
        found = []
        for one in outputs:
            if not (one.fails.is_value and one.fails.low == 0):
                found.append(self.succeeds(one.fails))
            for key, agrees in one.given:
                same = self.expression(agrees)
                found.append(same if key in self.sure else f"(not {self.there[key]} or {same})")
        return found

    def succeeds(self, fails: Node) -> str:
        if fails.op == "cond" and all(arm.is_value for arm in fails.args[2:]) and fails.args[3].low == 0:
            return f"not ({self.test(fails)})"
        return f"{self.expression(fails)} == 0"

    def outputs(self, as_they_are: bool = False) -> str:
        """What the statements before came to: values that are surely there, the others where they are."""
        found = [
            self.names[one.key] + ("" if as_they_are or one.key in self.sure else f" if {self.there[one.key]} else None")
            for one in self.program.outputs
        ]
        return f"out = ({', '.join(found)},)"

    def whole_row(self) -> Iterator[str]:
        """What is always asked for has a value (else a `TypeError` says so, many times faster than looking for None): only what `fails`,
        what is given beside and what an arm asks for can take a score away, so that most rows need no more than one test."""
        yield from self.filled(key for key in self.program.columns if key not in self.strict)
        yield from self.values()
        self.sure = {*self.strict, *(output.key for output in self.program.outputs)}  # each is there if those before it are
        lacking = [part for output in self.program.outputs for part in self.there_is(output.needs)]
        all_well = [*lacking, *self.successes(self.program.outputs)]
        self.sure = set(self.strict)
        if all_well:
            yield f"if {' and '.join(all_well)}: {self.outputs(as_they_are=True)}"
            yield "else:"
            yield from (f" {line}" for line in self.presence())
            yield f" {self.outputs()}"
        else:
            yield self.outputs(as_they_are=True)
        self.written.clear()

    def other_row(self) -> Iterator[str]:
        self.sure = set()
        yield from self.filled(self.program.columns)
        yield from self.values()
        yield from self.presence()
        yield self.outputs()
        self.written.clear()

    def filled(self, keys: Iterable[str]) -> Iterator[str]:
        """Whether each has a value, and one that its column allows where it has none."""
        for key in keys:
            name, there = self.names[key], self.there[key]
            yield f"{there} = {name} is not None"
            yield f"if not {there}: {name} = {self.program.columns[key].low}"

    def checks(self) -> Iterator[str]:
        """A statement that raises `TypeError` where a value is missing that is always asked for, unless the values' own statements do."""
        roots = {*self.plan.shared, *(output.value for output in self.program.outputs)}
        raising = {key for node in roots for key in self.raising(node)}
        asked = [self.names[key] for key in self.program.columns if key in self.strict - raising]
        if asked:
            yield " + ".join([*asked, "0"])

    def raising(self, node: Node) -> Iterator[str]:
        """Keys that the node surely computes with or compares by order, neither of which None allows."""
        args = node.args
        if node.op == "cond":
            assert node.compare is not None
            compare, *first = comparisons(node.compare, *args[:2])[0]
            args = tuple(first)
            if compare == "=":
                args = tuple(arg for arg in args if arg.op != "key")
        for arg in args:
            if arg.op == "key":
                yield arg.key
            elif arg not in self.plan.shared:
                yield from self.raising(arg)

    def function(self) -> str:
        """`run(rows)`: yields for each row its outputs, None where there is no value."""
        names = "".join(f"{self.names[key]}, " for key in self.program.columns)
        unpack = f"{names.rstrip(' ') or '()'} = row"
        checks = list(self.checks())
        return "\n".join([
            "def run(rows):",
            " for row in rows:",
            "  try:",
            *(f"   {line}" for line in (unpack, *checks, *self.whole_row())),
            "  except TypeError:",
            *(f"   {line}" for line in (unpack, *self.other_row())),
            "  yield out",
        ])  # fmt: skip


def compile_rows(program: IntegerProgram) -> Callable[[Iterable[Row]], Iterator[tuple[int | None, ...]]]:
    """A function from rows to the values of `program.outputs`, each in units of its last place."""
    room: dict[str, Callable[[Iterable[Row]], Iterator[tuple[int | None, ...]]]] = {}
    exec(
        Source(program).function(), {"__builtins__": {"min": min, "max": max, "TypeError": TypeError}}, room
    )  # our own text: numbers and names that we made
    return room["run"]


def row_of(program: IntegerProgram, values: Mapping[str, int]) -> Row:
    """Evidence by key as a row; what an empty cell stands for is put in."""
    return [values.get(key, column.absent) for key, column in program.columns.items()]
