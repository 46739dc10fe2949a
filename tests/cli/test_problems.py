"""How problems are printed: place, quote, carets, remedy, count."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from perfeval.cli._problems import shown_problem, shown_problems
from perfeval.problems import KINDS, ProblemKind, Severity, Where

WRONG = ProblemKind("test-wrong", says="「{text}」不对。", remedy="改成 {better}。", en="“{text}” is wrong.", en_remedy="Make it {better}.")
ODD = ProblemKind("test-odd", says="「{text}」少见。", remedy="", en="“{text}” is odd.", en_remedy="", severity=Severity.WARNING)
for kind in (WRONG, ODD):
    KINDS.pop(kind.name)  # not part of the program's catalogue


def test_one_problem() -> None:
    problem = WRONG.on(Where("indicators.yaml", 14, 13, "    weight: 35", 2), text="35", better="30")
    assert shown_problem(problem, "zh") == (
        "indicators.yaml:14:13: 错误 test-wrong\n  14 │     weight: 35\n     │             ^^\n「35」不对。\n办法：改成 30。"
    )
    assert shown_problem(problem, "en", "my/project").splitlines()[0] == "my/project/indicators.yaml:14:13: error test-wrong"
    assert shown_problem(problem, "en").splitlines()[-1] == "To do: Make it 30."


@pytest.mark.parametrize(
    ("quote", "column", "width", "marks"),
    [
        ("目标: 宽 x", 5, 1, "      ^^"),  # two columns for each Chinese character and its mark
        ("\t- a: b", 3, 1, "     ^"),
        ("短", 9, 3, "  ^"),  # a place behind the end of the line
        ("a\x1b[0m: b", 2, 1, " ^^^^"),
        ("  e\u0301: b", 6, 1, "    ^"),
    ],
)
def test_carets_stand_under_the_characters(quote: str, column: int, width: int, marks: str) -> None:
    lines = shown_problem(WRONG.on(Where("f.yaml", 1, column, quote, width), text="", better=""), "zh").splitlines()
    assert lines[2] == f"     │ {marks}"
    assert "\x1b" not in lines[1]


def test_long_lines_are_cut_around_the_place() -> None:
    quote = "头" * 400 + "X" + "尾" * 400
    lines = shown_problem(WRONG.on(Where("f.yaml", 1, 401, quote, 1), text="", better=""), "zh").splitlines()
    assert len(lines[1]) < 120
    assert lines[1].count("X") == 1
    before = lines[1].partition("│ ")[2].partition("X")[0]
    assert len(lines[2].partition("│ ")[2]) - 1 == sum(1 if c == "…" else 2 for c in before)


def test_sorted_once_and_counted() -> None:
    problems = [
        ODD.on(Where("b.yaml", 2, 1), text="二"),
        WRONG.on(Where("a.yaml", 10, 1), text="x", better="y"),
        WRONG.on(Where("a.yaml", 9, 5), text="x", better="y"),
        WRONG.on(Where("a.yaml", 10, 1), text="x", better="y"),
        ODD.on(None, text="z"),
    ]
    text = shown_problems(problems, "zh")
    heads = [line for line in text.splitlines() if " test-" in line]
    assert heads == ["警告 test-odd", "a.yaml:9:5: 错误 test-wrong", "a.yaml:10:1: 错误 test-wrong", "b.yaml:2:1: 警告 test-odd"]
    assert text.endswith("\n共 2 个错误、2 个警告\n")
    assert shown_problems(problems, "en").endswith("\n2 errors, 2 warnings\n")
    assert shown_problems(problems[:1], "en").endswith("\n1 warning\n")
    assert shown_problems([], "zh") == ""


def test_workbook_cells_and_built_in_files() -> None:
    cell, built_in = Where("data/x.xlsx", cell="Sheet1!C7"), Where("builtin:mof", 1, 2)
    assert shown_problem(WRONG.on(cell, text="", better=""), "zh", "p").startswith("p/data/x.xlsx!Sheet1!C7: ")
    assert shown_problem(WRONG.on(built_in, text="", better=""), "zh", "p").startswith("builtin:mof:1:2: ")


def test_data_cannot_move_the_cursor() -> None:
    problem = WRONG.on(Where("a\x1b]0;b\x07.yaml", 1, 1, "x\u202ey", 1), text="\x1b[2J\n\u200b", better="\x07")
    text = shown_problem(problem, "zh")
    assert all(c.isprintable() or c == "\n" for c in text)
    assert len(text.splitlines()) == 5


def test_all_problems_of_a_folder_at_once(starter: Path, cli: Callable, edit: Callable) -> None:
    edit(starter / "indicators.yaml", "steps: whole, floor: 0", "steps: hole, floor: 0")
    edit(starter / "indicators.yaml", "points: full}\n        - {at_least: 90%", "points: ful}\n        - {at_least: 90%")
    done = cli("score", starter)
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith("\n共 2 个错误\n")
    assert done.err.count(f"{starter}/indicators.yaml:") == 2
    assert done.err.count("\n办法：") == 2
    assert not (starter / "reports").exists()


def test_each_language_says_its_half_whatever_names_it_holds() -> None:
    told = ProblemKind("test-told", says="{why}。", remedy="", en="{why}.", en_remedy="")
    KINDS.pop(told.name)
    problem = told.on(None, why="「金额(元)」出现两次 (“金额(元)” stands twice)")
    assert [problem.message(lang) for lang in ("zh", "en")] == ["「金额(元)」出现两次。", "“金额(元)” stands twice."]
    assert told.on(None, why="只有一半 (a) b").message("en") == "只有一半 (a) b."
