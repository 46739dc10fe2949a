"""The integer program as one SQL query: whole numbers throughout, each computed once, in a type that is proven to hold it.

Cells are checked before anything is computed: what is not a value within its column's ends is NULL. Sums and products hand NULL on by
themselves; before anything else a value that its column allows is filled in, and what rests on it is taken away afterwards. So no
engine's own answer to NULL in a comparison or choice, to a divisor of zero or to an overflow is ever asked for.
No text of a rule gets into a query but quoted names of columns and quoted names of tiers and grades.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from perfeval.backends.columnar.integer_program import IntegerProgram, Needs, Output
from perfeval.backends.columnar.integers import Node
from perfeval.backends.columnar.sql_cells import Cells, Raw, trimmed
from perfeval.backends.columnar.sql_dialects import (
    DIALECTS,
    called,
    cast,
    check_names,
    column,
    every,
    identifier,
    joined,
    number,
    plain,
    within,
)
from perfeval.backends.columnar.sql_guards import GUARDS, TABLE, TAKES
from perfeval.backends.columnar.sql_operations import Operations
from perfeval.ir.program import GRADE, TOTAL, score_key
from perfeval.quantity import NO_NAME

N_BAD = "n_bad"


def query(
    program: IntegerProgram,
    dialect: str,
    relation: Sequence[str],
    raw: Mapping[str, Raw],
    name: Raw | None = None,
    shown: Sequence[tuple[str, str, str]] | None = None,
    n_bad: str = N_BAD,
    checked: bool = False,
) -> str:
    """The text of a query over a table: the project's name, each output as an exact decimal, NULL where it has no value.

    `relation`: the table's name, after its schema's where it has one. `raw`: by evidence key, the column that holds it; a key without
    one is empty in every row. `name`: the column that names projects, a text or a whole number; a row without a name is not scored, nor
    are rows that share one (`checked`: there are no such rows, so that nothing is spent on looking). `shown`: the outputs' keys, the names of their
    columns, and an output (or "") that is 0 where there is none to be shown; None: all under their keys. The grade is shown by its
    name. `n_bad`: how many leaves, bonus and penalty as one each, lack a score; 1 where only total or grade lacks. Raises `NotLowered`.
    """
    columns = [(output.key, output.key, "") for output in program.outputs] if shown is None else shown
    return _Writer(program, dialect, raw, name, checked).text(relation, columns, n_bad)


class _Writer(Operations):
    """Writes the stages of a query."""

    def __init__(self, program: IntegerProgram, dialect: str, raw: Mapping[str, Raw], name: Raw | None, checked: bool) -> None:
        super().__init__(program, DIALECTS[dialect]())
        self.raw, self.name, self.checked = raw, name, checked or name is None
        self.guard = GUARDS[dialect](self.dialect)

    # ---- stages

    def text(self, relation: Sequence[str], shown: Sequence[tuple[str, str, str]], n_bad: str) -> str:
        own = [] if self.name is None else [self.name.name]
        check_names(self.dialect.name, [*own, *(raw.name for key, raw in self.raw.items() if key in self.program.columns)])
        check_names(self.dialect.name, [*own, *(name for _, name, _ in shown), n_bad])
        table = exp.Table(**dict(zip(("this", "db", "catalog"), map(identifier, reversed(relation)), strict=False)))
        if any(raw.kind == "any" for raw in self.raw.values()):
            table.set("alias", exp.TableAlias(this=identifier(TABLE)))
        stages = [[*self.named(table), *self.cells()], self.wholes()]
        stages += [[exp.Star(), *stage] for stage in self.in_stages()]
        last = [called(column("id"), name) for name in own]
        last += [called(self.shown(self.program.output(key), weight), name) for key, name, weight in shown]
        return self.dialect.text(self.nested([*stages, [*last, called(self.n_bad(), n_bad)]], table))

    def in_stages(self) -> list[list[exp.Expr]]:
        """Everything that is computed, each in the first stage in which all that it reads is there."""
        stages: list[list[exp.Expr]] = []
        level: dict[str, int] = {}
        for named in (one for stage in self.plan.stages for one in stage):
            written = self.output(named.output) if named.output else self.let(named.node)
            at = max((level[one.name] + 1 for one in written.find_all(exp.Column) if one.name in level), default=0)
            level[written.alias] = at
            stages += [[] for _ in range(at + 1 - len(stages))]
            stages[at].append(written)
        return stages

    def named(self, table: exp.Table) -> list[exp.Expr]:
        """The project's name, and whether the row has one that no other row has."""
        if self.name is None:
            return []
        name = self.guard.name(self.name.name) if self.name.kind == "any" else trimmed(self.name)
        if self.checked:
            return [called(name, "id")]
        is_named: exp.Expr = exp.Not(this=exp.Is(this=name.copy(), expression=exp.Null()))
        shown = name
        if self.name.kind in ("text", "any"):
            is_named = exp.And(this=is_named, expression=exp.Not(this=within(self.dialect.matches(name.copy(), NO_NAME))))
            shown = exp.Nullif(this=name.copy(), expression=exp.Literal.string(""))
        grouped = exp.Select(
            expressions=[called(name.copy(), "id")],
            from_=exp.From(this=table.copy()),
            where=exp.Where(this=exp.Not(this=exp.Is(this=name.copy(), expression=exp.Null()))),
            group=exp.Group(expressions=[name.copy()]),
            having=exp.Having(this=exp.GT(this=exp.Count(this=exp.Star()), expression=number(1))),
        )
        shared = exp.In(this=name.copy(), query=exp.Subquery(this=grouped))
        return [called(shown, "id"), called(exp.And(this=is_named, expression=exp.Not(this=shared)), "named")]

    @staticmethod
    def nested(stages: Sequence[Sequence[exp.Expr]], table: exp.Table) -> exp.Select:
        """Each stage reads the one before it."""
        steps: list[exp.CTE] = []
        source = table
        for at, own in enumerate(stages[:-1], 1):
            step = exp.Select(expressions=list(own) or [number(1)], from_=exp.From(this=source))
            steps.append(exp.CTE(this=step, alias=exp.TableAlias(this=identifier(f"perfeval_{at}"))))
            source = exp.Table(this=identifier(f"perfeval_{at}"))
        return exp.Select(expressions=list(stages[-1]), from_=exp.From(this=source), with_=exp.With(expressions=steps))

    def cells(self) -> list[exp.Expr]:
        found: list[exp.Expr] = []
        for key, one in self.program.columns.items():
            raw = self.raw.get(key)
            if raw is None or raw.kind == "nothing":
                continue
            is_any = raw.kind == "any"
            found.append(called(self.guard.cell(raw.name, TAKES[one.form]) if is_any else trimmed(raw), self.cell(key)))
            if is_any and one.form == "number":
                found.append(called(self.guard.is_of(raw.name, "text"), self.cell(key, "t")))
        return found

    def cell(self, key: str, letter: str = "c") -> str:
        return self.alias[key].replace("n", letter)

    def wholes(self) -> list[exp.Expr]:
        """Of each cell the column's whole number within its ends, or NULL."""
        cells = Cells(self.dialect)
        found: list[exp.Expr] = [] if self.name is None else [column("id")]
        for key, one in self.program.columns.items():
            raw = self.raw.get(key)
            was_text = column(self.cell(key, "t")) if raw is not None and raw.kind == "any" and one.form == "number" else None
            whole = cells.whole(one, raw, column(self.cell(key)), was_text)
            if not self.checked:
                whole = exp.Case(ifs=[exp.If(this=column("named"), true=whole)])
            found.append(called(whole, self.alias[key]))
        return found

    def let(self, node: Node | None) -> exp.Alias:
        assert node is not None
        self.fills = True
        written = called(self.expression(node), self.names[node])
        self.done.add(node)
        return written

    def output(self, output: Output) -> exp.Alias:
        self.fills = not self.hands_on(output)
        value = output.value
        written = cast(number(value.low), self.type_of(value)) if value.is_value else self.expression(value)
        if not self.fills:
            if value.op in ("key", "add"):
                self.sums[output.key] = written
            return called(written.copy(), self.alias[output.key])
        there = self.has_value(output)
        return called(exp.Case(ifs=[exp.If(this=every(there), true=written)]) if there else written, self.alias[output.key])

    def hands_on(self, output: Output) -> bool:
        """Whether NULL in anything that is needed makes the value NULL by itself: in sums and products of all of it."""
        if output.needs.choices or output.given or not (output.fails.is_value and output.fails.low == 0):
            return False
        keys: set[str] = set()
        todo = [output.value]
        while todo:
            node = todo.pop()
            if node in self.done or (node.op not in ("key", "value", "add", "mul", "div") and self.switch(node) is None):
                return False
            if node.op == "key":
                keys.add(node.key)
            todo += node.args
        return keys.issuperset(output.needs.keys)

    # ---- results

    def n_bad(self) -> exp.Expr:
        program = self.program.program
        keys = [score_key(name) for name in (*(leaf.id for leaf in program.leaves), *program.extras)]
        lacking = joined(exp.Add, [cast(self.is_null(key), plain("INT")) for key in keys])
        alone = cast(exp.Or(this=self.is_null(TOTAL), expression=self.is_null(GRADE)), plain("INT"))
        return cast(self.dialect.most([lacking, alone]), self.dialect.count())

    def shown(self, output: Output, weight: str) -> exp.Expr:
        value: exp.Expr = column(self.alias[output.key])
        if output.key == GRADE:
            names = enumerate(self.program.program.grades, 1)
            arms = [exp.If(this=exp.EQ(this=value.copy(), expression=number(at)), true=self.dialect.literal(name)) for at, name in names]
            value = exp.Case(ifs=arms)
        else:
            digits = len(str(max(abs(output.value.low), abs(output.value.high), 10**output.places)))
            value = self.dialect.decimal(value, digits, output.places, output.key)
        if not weight:
            return value
        return exp.Case(ifs=[exp.If(this=exp.NEQ(this=column(self.alias[weight]), expression=number(0)), true=value)])

    def is_null(self, key: str) -> exp.Expr:
        return exp.Is(this=column(self.alias[key]), expression=exp.Null())

    def has_value(self, output: Output) -> list[exp.Expr]:
        parts = self.needed(output.needs)
        if not (output.fails.is_value and output.fails.low == 0):
            parts.append(exp.EQ(this=within(self.expression(output.fails)), expression=number(0)))
        for key, agrees in output.given:
            agreed = exp.EQ(this=within(self.expression(agrees)), expression=number(1))
            parts.append(within(exp.Or(this=self.is_null(key), expression=agreed)))
        return parts

    def needed(self, needs: Needs) -> list[exp.Expr]:
        parts: list[exp.Expr] = [exp.Not(this=self.is_null(key)) for key in needs.keys]
        for choice in needs.choices:
            then, other = self.needed(choice.then), self.needed(choice.other)
            if then or other:
                held = self.compared(choice.compare, choice.left, choice.right)
                parts.append(exp.Case(ifs=[exp.If(this=held, true=every(then))], default=every(other)))
        return parts
