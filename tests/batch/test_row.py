"""explain of a row: for random trees over dirty tables it scores what batch scores, and where batch has no score it says why."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from backends.rows import random_tree
from batch.tables import Scored, exact, run, write_csv, write_parquet
from batch.test_engines import SEEDS, job, texts
from perfeval.batch.job import Job
from perfeval.batch.plan import BAD_NAME, planned
from perfeval.batch.reasons import NOT_JUDGED
from perfeval.batch.row import RowProject, row_of
from perfeval.batch.row_places import csv_places
from perfeval.batch.sources import CsvRows
from perfeval.ir.program import GRADE, TOTAL, score_key
from perfeval.model.result import Indicator, Result
from perfeval.problems import Problem, ProblemsFound, Severity
from perfeval.quantity import round_half_up
from perfeval.reading.rule_sources import RuleSet

pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
CELLS = frozenset(["batch-bad-cell", "batch-missing-cell"])
KINDS = {
    "zero-divisor": {"zero-divisor"},
    "outside-rule": {"points-out-of-range"},
    "points-not-judged": {"points-not-judged"},
    "no-answer": {"rule-no-answer", "no-grade", "nothing-applicable"},
}
"""Why a rule has no answer: batch's words, and the problems of a folder."""


def grown(seed: int, folder: Path, form: str) -> tuple[Job, list[list[str]]]:
    """A random tree, and a dirty table for it."""
    tree, program = random_tree(seed, folder)
    rows, names = texts(program, seed), ["project", *program.columns]
    if form == "csv":
        path = write_csv(folder / "table.csv", names, rows)
    else:
        path = write_parquet(
            folder / "table.parquet", {name: ([row[at] or None for row in rows], pl.String) for at, name in enumerate(names)}
        )
    rules = RuleSet("w", "w", tree.folder.indicators, tree.folder.places)  # type: ignore[arg-type]
    return job(program, path)._replace(plan=planned(rules, program, (), ("project",))), rows


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_batch_says(seed: int, form: str, tmp_path: Path) -> None:
    task, rows = grown(seed, tmp_path, form)
    found = run(task, "python", tmp_path)
    for number, (row, got) in enumerate(zip(rows, found.rows, strict=True), 1):
        try:
            one = row_of(task, row[0])
        except ProblemsFound as caught:
            assert {problem.kind.name for problem in caught.problems} == {"batch-row-not-scored"}
            assert row[0] == "" or [other[0] for other in rows].count(row[0]) > 1
            continue
        assert one is not None and one.number == number
        check(one, got, found, f"seed {seed}, row {number}")


def check(one: RowProject, got: Mapping[str, str], found: Scored, told: str) -> None:
    own = [line for line in found.errors if line["row"] == str(one.number)]
    lines = {(line["key"], line["zh"]) for line in own if line["reason"] != NOT_JUDGED}
    cells = {(key, zh) for key, zh in lines if key in one.job.plan.columns}
    problems: tuple[Problem, ...]
    try:
        result = one.score()
        problems = result.notes
        assert got[BAD_NAME] == "0", told
        same(one.job, result, got, told)
    except ProblemsFound as caught:
        problems = caught.problems
        assert got[BAD_NAME] != "0", (told, [problem.message("zh") for problem in problems])
        others = {problem.kind.name for problem in problems if problem.is_error} - CELLS
        words = {line["reason"] for line in own} & KINDS.keys()
        assert all(others & KINDS[word] for word in words), (told, lines)
        assert others <= {"nothing-applicable"}.union(*(KINDS[word] for word in words)), (told, others)
        if not others:
            same(one.job, one.score(partial=True), got, told)
    said = [problem for problem in problems if problem.kind.name in CELLS]
    keys = [problem.values["key"] for problem in said]
    assert len(set(keys)) == len(keys) and set(keys) >= {key for key, _ in cells}, told
    for problem in said:
        assert problem.values["row"] == str(one.number) and place(one, problem), told
        if problem.values["key"] in dict(cells):
            assert dict(cells)[problem.values["key"]] in problem.message("zh"), told
        else:  # an arm asks for it, and batch tells only the first cells that a leaf lacks
            assert problem.kind.name == "batch-missing-cell", told


def place(one: RowProject, problem: Problem) -> bool:
    """Is it the cell itself that is pointed at?"""
    where, key, text = problem.where, problem.values["key"], problem.values.get("text", "")
    assert where is not None
    if where.cell:
        return where.cell == f"{one.number}:{key}"
    lines = Path(where.file).read_text("utf-8").split("\n")
    return where.quote == lines[where.line - 1] and where.quote[where.column - 1 :].lstrip('"').startswith(text)


def same(task: Job, result: Result, got: Mapping[str, str], told: str) -> None:
    outputs = {shown.key: (shown.name, task.plan.output(shown.key)) for shown in task.plan.shown}
    for one in result.indicators:
        name, output = outputs[score_key(one.id)]
        if one.weight == 0:  # in a batch such a one has 0 points, also where it does not apply
            continue
        assert exact(got[name]) == rounded(one, output.places, output.exact), (told, name)
    assert exact(got[outputs[TOTAL][0]]) == result.total, told
    if result.total is not None and not result.missing:  # else it is the grade that comes out, whatever is missing
        assert got[outputs[GRADE][0]] == (result.grade or ""), told
    assert got[outputs[GRADE][0]] in ("", result.grade), told
    for extra in result.extras:
        value = exact(got[outputs[score_key(extra.kind)][0]])
        assert value is not None and round_half_up(value, result.places) == extra.points, told


def rounded(one: Indicator, places: int, is_exact: bool) -> Fraction | None:
    value = (one.counted if is_exact else one.score) if one.status == "scored" else None
    return None if value is None else value if is_exact else Fraction(round_half_up(value, places))


ROWS = [["project", "备注", "甲"], ["一", 'x"y', "1"], ["二", '第一行\n第二行, "引"', "2"], ["三", "", "33"]]
TEXT = '\ufeffproject,备注,甲\n一,"x""y",1\n\n二,"第一行\n第二行, ""引""",2\r\n"三",,"33"\n'


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        (1, [(2, 1, "一"), (2, 3, '"x""y"'), (2, 10, "1")]),
        (2, [(4, 1, "二"), (4, 3, '"第一行'), (5, 13, "2")]),
        (3, [(6, 1, '"三"'), (6, 5, ","), (6, 6, '"33"')]),
    ],
)
def test_places_in_a_csv(number: int, wanted: list[tuple[int, int, str]], tmp_path: Path) -> None:
    """Of cells in quotes, over several lines, behind lines that are no rows."""
    path = tmp_path / "t.csv"
    path.write_bytes(TEXT.encode())
    rows = CsvRows(path, "t.csv")
    assert [rows.header, *map(list, rows)] == [[*row, *[""] * (3 - len(row))] for row in ROWS]
    places = csv_places(path, "t.csv", number)
    assert list(places) == ROWS[0]
    assert [(one.file, one.line, one.column, one.quote[one.column - 1 :][: one.width]) for one in places.values()] == [
        ("t.csv", *one) for one in wanted
    ]


def test_what_only_another_arm_asks_for_is_a_warning(tmp_path: Path) -> None:
    """A cell that cannot be read and that no score asks for is told; the row is scored, as batch does."""
    seen = set[Severity]()
    for seed in SEEDS:
        folder = tmp_path / str(seed)
        folder.mkdir()
        try:
            task, rows = grown(seed, folder, "csv")
        except pytest.skip.Exception:
            continue
        for name in dict.fromkeys(row[0] for row in rows if [other[0] for other in rows].count(row[0]) == 1 and row[0]):
            one = row_of(task, name)
            assert one is not None
            try:
                seen.update(problem.severity for problem in one.score().notes if problem.kind.name == "batch-bad-cell")
            except ProblemsFound as caught:
                seen.update(problem.severity for problem in caught.problems if problem.kind.name == "batch-bad-cell")
    assert seen == {Severity.WARNING, Severity.ERROR}
