"""The tables: 表 3-1 scores, 表 3-2 summary, 表 3-3 lost points, 表 4-n chapters, 附件1, grades, goals, values.

A tree has one to six levels; each level that occurs gets a column. Names of parents stand in merged cells: the cell
begins in its first row and covers the others. An indicator that ends early covers the columns of the levels below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Literal

from perfeval.explaining import why_lost
from perfeval.model.result import Indicator, UsedValue
from perfeval.reports.blocks import Cell, Column, Kind, Role, Row, Scope, Table
from perfeval.reports.figures import Figures, rate_text

Tail = Callable[[Indicator], tuple[Cell, ...]]


def _number(text: str) -> Cell:
    return Cell(text, "number")


def _table(
    f: Figures, id_: str, number: str, title: str, columns: Iterable[tuple[str, Kind]], groups: Iterable[Iterable[Row]],
    width: Literal["", "wide"] = "",
) -> Table:  # fmt: skip
    caption = f.words("table", n=number, title=title) if number else title
    heads = tuple(Column(f.words(key), kind) for key, kind in columns)
    return Table(id_, caption, f.words("scroll", caption=caption), heads, tuple(tuple(g) for g in groups), width)


def _levels(depth: int) -> list[tuple[str, Kind]]:
    return [(f"level-{level}", "name") for level in range(1, depth + 1)]


def _depth(leaves: tuple[Indicator, ...]) -> int:
    return max((leaf.level for leaf in leaves), default=1)


def _tree_rows(f: Figures, top: Indicator, depth: int, tail: Tail) -> tuple[Row, ...]:
    """The rows of one first-level indicator: a row for each leaf, its ancestors merged."""
    rows: list[Row] = []
    before: tuple[str, ...] = ()
    for leaf in f.leaves_of(top):
        cells: list[Cell | None] = []
        for level, indicator in enumerate(f.line_of(leaf), 1):
            if indicator.ref == before[:level]:
                cells.append(None)
            elif indicator.is_leaf:
                across = depth - level + 1
                cells.append(Cell(indicator.name, "name", "row", "", str(across) if across > 1 else ""))
            else:
                count = f.leaf_count(indicator)
                scope: Scope = "rowgroup" if level == 1 else "row"
                cells.append(Cell(f.weighted(indicator), "name", scope, str(count) if count > 1 else ""))
        cells += [None] * (depth - len(cells))
        rows.append(Row((*cells, *tail(leaf))))
        before = leaf.ref
    return tuple(rows)


def _sum_row(label: str, across: int, tail: tuple[Cell, ...], role: Role = "total") -> Row:
    head = Cell(label, "name", "row", "", str(across) if across > 1 else "")
    return Row((head, *[None] * (across - 1), *tail), role)


def _ends(f: Figures) -> Iterator[tuple[str, str, str, str, Role]]:
    """What stands below the indicators: the sum before rebasing, bonus and penalty where there are any, the total.

    Each with label, weight, score, rate.
    """
    words, result = f.words, f.result
    if result.unscaled is not None:
        applicable = f.weight(result.full if result.applicable is None else result.applicable)
        yield words("unscaled"), applicable, f.number(result.unscaled), "", "subtotal"
        if result.extras and result.converted is not None:
            yield words("converted"), "", f.number(result.converted), "", "subtotal"
    for extra in result.extras:
        sign = "-" if extra.kind == "penalty" and extra.points > 0 else "+" if extra.points > 0 else ""
        yield words(extra.kind), "", sign + f.number(extra.points), "", "subtotal"
    yield words("total"), f.weight(result.full), f.total_score(), f.total_rate(), "total"


def scores(f: Figures) -> Table:
    """表 3-1: target, actual value, weight, score of each leaf; bonus, penalty and rebasing before the total."""
    words, depth = f.words, _depth(f.leaves)
    none = words("none")

    def tail(leaf: Indicator) -> tuple[Cell, ...]:
        return (
            Cell(leaf.target or none),
            Cell(leaf.actual or none),
            _number(f.weight_of(leaf)),
            _number(f.score(leaf)),
        )

    last = [
        _sum_row(label, depth, (Cell(""), Cell(""), _number(weight), _number(score)), role) for label, weight, score, _, role in _ends(f)
    ]
    columns = [*_levels(depth), ("target", "text"), ("actual", "text"),
               ("weight", "number"), ("score", "number")]  # fmt: skip
    groups = [_tree_rows(f, top, depth, tail) for top in f.first_level]
    return _table(f, "table-3-1", "3-1", words("table-scores"), columns, [*groups, last])


def _three(f: Figures, indicator: Indicator) -> tuple[Cell, ...]:
    """Weight, score, score rate."""
    return _number(f.weight_of(indicator)), _number(f.score(indicator)), _number(f.rate(indicator))


def _end_rows(f: Figures, depth: int, blanks: int = 0) -> list[Row]:
    """The last rows of a table that ends in weight, score and rate, with so many empty cells before these."""
    empty = [Cell("")] * blanks
    return [
        _sum_row(label, depth, (*empty, _number(weight), _number(score), _number(rate)), role)
        for label, weight, score, rate, role in _ends(f)
    ]


def summary(f: Figures) -> Table:
    """表 3-2: the two upper levels with a subtotal for each first-level indicator."""
    words, depth = f.words, min(2, _depth(f.leaves))
    groups = []
    for top in f.first_level:
        parts = f.below.get(top.ref, [])
        if not parts:
            across = str(depth) if depth > 1 else ""
            head = Cell(top.name, "name", "row", "", across)
            groups.append([Row((head, *[None] * (depth - 1), *_three(f, top)))])
            continue
        rows = []
        for position, part in enumerate(parts):
            first = Cell(top.name, "name", "rowgroup", str(len(parts) + 1)) if position == 0 else None
            rows.append(Row((first, Cell(part.name, "name", "row"), *_three(f, part))))
        rows.append(Row((None, Cell(words("subtotal"), "name", "row"), *_three(f, top)), "subtotal"))
        groups.append(rows)
    groups.append(_end_rows(f, depth))
    columns = [
        *_levels(depth),
        ("weight", "number"),
        ("worth-got", "number"),
        ("rate", "number"),
    ]
    return _table(f, "table-3-2", "3-2", words("table-summary"), columns, groups)


def chapter(f: Figures, top: Indicator, number: str) -> Table:
    """表 4-n: every leaf below one first-level indicator, and their sum."""
    words, leaves = f.words, f.leaves_of(top)
    depth = _depth(leaves)
    rows = _tree_rows(f, top, depth, lambda leaf: _three(f, leaf))
    total = _sum_row(words("total"), depth, _three(f, top))
    columns = [*_levels(depth), ("weight", "number"), ("score", "number"), ("rate", "number")]
    title = words("table-chapter", name=top.name)
    return _table(f, f"table-{number}", number, title, columns, [rows, [total]])


def first_level(f: Figures) -> Table:
    """The first level at a glance, as the summary shows it."""
    words = f.words
    groups = [[Row((Cell(top.name, "name", "row"), *_three(f, top)))] for top in f.first_level]
    groups.append(_end_rows(f, 1))
    columns: list[tuple[str, Kind]] = [
        *_levels(1), ("weight", "number"), ("score", "number"), ("rate", "number")]  # fmt: skip
    return _table(f, "table-0", "", words("table-first"), columns, groups)


def standard_of(f: Figures, leaf: Indicator) -> str:
    """评分标准: the wording that the tree quotes, else the rule's own sentence."""
    own = leaf.standard.get(f.words.lang) or next(iter(leaf.standard.values()), "")
    return leaf.text or own


def annex(f: Figures) -> Table:
    """附件1: the whole tree with explanation, rule, worth, score and rate."""
    words, depth, none = f.words, _depth(f.leaves), f.words("none")

    def tail(leaf: Indicator) -> tuple[Cell, ...]:
        return Cell(leaf.explain or none), Cell(standard_of(f, leaf) or none), *_three(f, leaf)

    columns = [*_levels(depth), ("explain", "text"), ("standard", "text"), ("worth", "number"),
               ("score", "number"), ("rate", "number")]  # fmt: skip
    groups = [_tree_rows(f, top, depth, tail) for top in f.first_level]
    return _table(
        f,
        "table-annex-1",
        "",
        words("annex-table", n="1", title=words("annex-tree")),
        columns,
        [*groups, _end_rows(f, depth, 2)],
        width="wide",
    )


def lost_leaves(f: Figures) -> list[Indicator]:
    """Leaves that lost points, largest loss first, else in the order of the tree."""
    return sorted((leaf for leaf in f.leaves if leaf.lost > 0), key=lambda leaf: -leaf.lost)


def loss_reason(f: Figures, leaf: Indicator) -> str:
    if leaf.zero_by_policy:
        return leaf.reason or f.words("result-zero-by-policy", missing=f.words.listed(leaf.missing))
    told = list(why_lost(leaf, f.words.lang))
    if leaf.reason_missing:
        told.append(f.words("reason-missing"))
    return f.words("semicolon").join(told) or f.words("computed-loss")


def lost(f: Figures) -> Table:
    """表 3-3: who lost how much, its share, and why."""
    words, leaves = f.words, lost_leaves(f)
    everything = sum((leaf.lost for leaf in leaves), Fraction(0))
    rows = [
        Row((
            Cell(leaf.name, "name", "row"), _number(f.weight_of(leaf)), _number(f.weight(leaf.lost)),
            _number(rate_text(leaf.lost / everything)), Cell(loss_reason(f, leaf)),
        ))
        for leaf in leaves
    ]  # fmt: skip
    total = _sum_row(words("total"), 1, (
        _number(f.weight(sum((leaf.weight for leaf in leaves), Fraction(0)))), _number(f.weight(everything)),
        _number("100%"), Cell("")))  # fmt: skip
    columns: list[tuple[str, Kind]] = [
        ("indicator", "name"), ("weight", "number"), ("lost", "number"),
        ("lost-share", "number"), ("reason", "text")]  # fmt: skip
    return _table(f, "table-3-3", "3-3", words("table-lost"), columns, [rows, [total]])


def grades(f: Figures) -> Table:
    """表 2-1: the scale in points, and the grade that was given."""
    words = f.words
    mark = {f.result.grade: "√"}
    rows = [Row((Cell(b.name, "name", "row"), Cell(b.told), Cell(mark.get(b.name, "")))) for b in f.result.bands]
    columns: list[tuple[str, Kind]] = [
        ("grade", "name"), ("bounds", "text"), ("given", "text")]  # fmt: skip
    return _table(f, "table-2-1", "2-1", words("table-grades"), columns, [rows])


def goals(f: Figures) -> Table:
    """表 1-1: the declared goals as they stand; whether they were met is for the audit to say."""
    words = f.words
    rows = [Row((Cell(goal.name, "name", "row"), Cell(goal.target))) for goal in f.result.goals]
    columns: list[tuple[str, Kind]] = [("goal", "name"), ("goal-target", "text")]
    return _table(f, "table-1-1", "1-1", words("table-goals"), columns, [rows])


def exempt_leaves(f: Figures) -> list[Indicator]:
    """What does not apply, wholly or in parts, also where the policy counts it in full."""
    return [leaf for leaf in f.leaves if leaf.status == "not_applicable" or leaf.not_applicable or leaf.not_applicable_items]


def exempt(f: Figures) -> Table:
    """表 7-1: leaves and items that do not apply, why, and what follows."""
    words, none = f.words, f.words("none")
    policy = Cell(words.known(f"policy-not_applicable-{f.result.not_applicable_policy}", none))
    within = Cell(words("policy-within-rule"))
    rows = []
    for leaf in exempt_leaves(f):
        told = list(leaf.not_applicable_items)
        if leaf.not_applicable or not told:
            told.insert(0, ("", leaf.not_applicable))
        rows += [
            Row(
                (
                    Cell(leaf.name, "name", "row"),
                    _number(f.weight_of(leaf)),
                    Cell(item or none),
                    Cell(reason or none),
                    within if item and not leaf.left_out and f.result.not_applicable_policy != "full" else policy,
                )
            )
            for item, reason in told
        ]
    columns: list[tuple[str, Kind]] = [
        ("indicator", "name"),
        ("weight", "number"),
        ("item", "text"),
        ("why", "text"),
        ("policy", "text"),
    ]
    return _table(f, "table-7-1", "7-1", words("table-exempt"), columns, [rows])


def values(f: Figures) -> Table | None:
    """附件2: every value that a score rests on, once, with its source, its place and the indicators that use it."""
    words, none = f.words, f.words("none")
    found: dict[str, UsedValue] = {}
    users: dict[str, list[str]] = {}
    for leaf in f.leaves:
        for used in leaf.used:
            found.setdefault(used.key, used)
            names = users.setdefault(used.key, [])
            if leaf.name not in names:
                names.append(leaf.name)
    if not found:
        return None
    rows = [
        Row((
            Cell(used.name or key, "name", "row"), _number(used.shown.text),
            Cell(used.source or none), Cell(used.place or none, "place"), Cell(words.listed(users[key])),
        ))
        for key, used in found.items()
    ]  # fmt: skip
    columns: list[tuple[str, Kind]] = [
        ("value-name", "name"), ("value", "number"), ("value-source", "text"),
        ("place", "place"), ("used-by", "text")]  # fmt: skip
    return _table(f, "table-annex-2", "", words("annex-table", n="2", title=words("annex-values")), columns, [rows], width="wide")
