"""Limits: what reaches one is read, what passes it is told with a message of its own; attacks end within their time and memory."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from perfeval.reading import attachments, tables, yaml_subset
from perfeval.reading.texts import MAX_BYTES
from perfeval.reading.yaml_subset import read_yaml

SECONDS, MEMORY = 10, 300 * 2**20
BASE = Path(__file__).resolve().parents[1] / "cases" / "problems" / "base"
TREE = "perfeval: 1\nid: t\ntree:\n- {name: 甲, weight: 100, rule: {kind: formula, points: 值 / 1元, cap: full}}\n"
FACT = "perfeval: 1\ntables: {t: {file: data/t.csv}}\nfacts: {值: {table: t, sum: 额, unit: 元}}\n"


def told(text: str) -> list[tuple[str, str, str]]:
    """Name, place and limit of every problem of a YAML text."""
    return [(p.kind.name, str(p.where), p.values.get("limit", "")) for p in read_yaml("a.yaml", text.encode()).problems]


def test_the_limits_are_those_of_the_manual() -> None:
    assert (MAX_BYTES, yaml_subset.MAX_NODES, yaml_subset.MAX_DEPTH, yaml_subset.MAX_TEXT) == (2_000_000, 50_000, 32, 30_000)
    assert (tables.MAX_CSV, tables.MAX_FIELD, tables.MAX_ROWS) == (50_000_000, 100_000, 300_000)
    assert attachments.MAX_BYTES == 200 * 2**20


def test_nodes() -> None:
    most = yaml_subset.MAX_NODES - 3  # the mapping, the key and the list
    assert told("a:\n" + "- x\n" * most) == []
    assert told("a:\n" + "- x\n" * (most + 1)) == [("too-much", f"a.yaml:{most + 2}:3", "50000")]


@pytest.mark.parametrize(("opening", "closing", "width"), [("[", "]", 1), ("{a: ", "}", 4)])
def test_depth(opening: str, closing: str, width: int) -> None:
    most = yaml_subset.MAX_DEPTH - 1  # below the file's own mapping
    assert told("a: " + opening * most + "x" + closing * most) == []
    assert told("a: " + opening * (most + 1) + "x" + closing * (most + 1)) == [("too-much", f"a.yaml:1:{4 + width * most}", "32")]


@pytest.mark.parametrize(
    ("before", "after"), [("a: ", ""), ("a: '", "'"), ('a: "', '"'), ("a: |\n  ", ""), ("a: >-\n  ", ""), ("? ", "\n: a")]
)
def test_text(before: str, after: str) -> None:
    end = 1 if "|" in before else 0  # a block ends with its line break
    assert told(f"{before}{'长' * (30_000 - end)}{after}\n") == []
    assert [(name, limit) for name, _, limit in told(f"{before}{'长' * (30_001 - end)}{after}\n")] == [("too-much", "30000")]


def project(folder: Path, table: bytes = b"") -> Path:
    """A project of one fact, summed up from a table."""
    shutil.copytree(BASE, folder)
    (folder / "indicators.yaml").write_text(TREE, encoding="utf-8")
    (folder / "evidence.yaml").write_text(FACT, encoding="utf-8")
    (folder / "data" / "t.csv").write_bytes(table)
    return folder


def limited(folder: Path) -> tuple[int, str]:
    """Score a folder in a process of its own, under the limits; the exit code and what it says."""
    command = [sys.executable, "-m", "perfeval.cli.main", "score", str(folder), "--no-report", "--lang", "en"]
    begun = time.monotonic()
    done = subprocess.run(
        command,
        capture_output=True,
        timeout=6 * SECONDS,
        check=False,
        preexec_fn=lambda: (
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)),
        ),
    )
    said = (done.stdout + done.stderr).decode()
    assert "Traceback" not in said, said[-2000:]
    assert done.returncode in (0, 2), f"exit {done.returncode} after {time.monotonic() - begun:.1f} s: {said[-2000:]}"
    return done.returncode, said


ROW = "项目支出明细,1\n".encode()


@pytest.mark.parametrize(("rows", "problem"), [(tables.MAX_ROWS, ""), (tables.MAX_ROWS + 1, "data/t.csv:300002:1: error too-many-rows")])
def test_rows_of_a_table(rows: int, problem: str, tmp_path: Path) -> None:
    code, said = limited(project(tmp_path / "p", "项,额\n".encode() + ROW * rows))
    assert (code, problem in said) == (2 if problem else 0, True), said[-500:]


@pytest.mark.parametrize("over", [False, True])
def test_bytes_of_a_table(over: bool, tmp_path: Path) -> None:
    """50 MB in rows as long as real ones."""
    head, row = "项,额,说明\n".encode(), ("甲,1," + "说明" * 30).encode()
    rows = (tables.MAX_CSV - len(head)) // (len(row) + 1)
    table = head + (row + b"\n") * rows
    table += b"\n" * (tables.MAX_CSV - len(table) + over)
    assert len(table) == tables.MAX_CSV + over
    code, said = limited(project(tmp_path / "p", table))
    assert (code, "error file-too-large" in said) == ((2, True) if over else (0, False)), said[-500:]


@pytest.mark.parametrize("over", [False, True])
def test_bytes_of_an_attachment(over: bool, tmp_path: Path) -> None:
    folder = project(tmp_path / "p", "项,额\n甲,1\n".encode())
    (folder / "evidence.yaml").write_text(FACT.replace("unit: 元", "unit: 元, attachments: big.pdf"), encoding="utf-8")
    with (folder / "big.pdf").open("wb") as stream:
        stream.truncate(attachments.MAX_BYTES + over)  # a file of one hole takes no room
    code, said = limited(folder)
    assert (code, "evidence.yaml:3:53: error file-too-large" in said) == ((2, True) if over else (0, False)), said[-500:]


def rules(count: int) -> str:
    """A tree that asks for so many rules: names that use names multiply."""
    named = "".join(
        f"  r{i}: {{kind: sum, parts: [{', '.join(f'{{name: p{j}, rule: r{i + 1}}}' for j in range(9))}]}}\n" for i in range(count)
    )
    return f"perfeval: 1\nid: t\nrules:\n{named}  r{count}: {{kind: judged}}\ntree:\n- {{name: 甲, weight: 100, rule: r0}}\n"


ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10))
MERGES = "a0: &a0 {k: x}\n" + "".join(f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 9)}]}}\n" for i in range(1, 10))
HEAD = "perfeval: 1\nname: 项目\n"
IN_PROJECT = {
    "aliases of aliases": (HEAD + ALIASES, "yaml-not-allowed"),
    "merge keys of merge keys": (HEAD + MERGES, "yaml-not-allowed"),
    "opening brackets": (HEAD + "agency: " + "[" * 100_000, "too-much"),
    "opening braces": (HEAD + "agency: " + "{" * 100_000, "yaml-not-allowed"),
    "nested blocks": (HEAD + "".join(" " * i + "- \n" for i in range(1_900)), "too-much|yaml-syntax"),
    "dashes": (HEAD + "agency:\n" + "- " * 100_000, "too-much"),
    "question marks": (HEAD + "? " * 100_000, "too-much|yaml-not-allowed|yaml-syntax"),
    "base sixty": (HEAD + "agency: " + "1:" * 80_000, "too-much"),
    "a hundred thousand keys": (HEAD + "".join(f"k{i}: x\n" for i in range(100_000)), "too-much"),
    "blanks": (HEAD + "agency: 甲" + " " * 1_900_000 + "x\n", "too-much|yaml-syntax"),
    "blanks in a comment": (HEAD + "agency: 甲" + " " * 1_900_000 + "#注\n", "yaml-swallowed-comment"),
    "a comment": (HEAD + "#" * 1_900_000 + "\n", ""),
    "line breaks": (HEAD + "\n" * 1_900_000, ""),
    "hidden characters": (HEAD + "agency: " + "\u200b" * 600_000, "forbidden-character"),
    "a quote that is never closed": (HEAD + 'agency: "' + "长\n" * 400_000, "yaml-syntax"),
    "escapes": (HEAD + 'agency: "' + "\\x41" * 29_000 + '"\n', ""),
    "lines that are joined": (HEAD + "agency: " + "甲\n  " * 14_000 + "\n", ""),
    "two megabytes and one byte": (HEAD + "#" * (2_000_001 - len(HEAD.encode())), "file-too-large"),
}


def in_project(text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "project.yaml").write_text(text, encoding="utf-8") and None


def fact(text: str) -> Callable[[Path], None]:
    evidence = f"perfeval: 1\nfacts: {{值: {text}}}\n"
    return lambda folder: (folder / "evidence.yaml").write_text(evidence, encoding="utf-8") and None


def table(text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "data" / "t.csv").write_text(text, encoding="utf-8") and None


def tree(text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "indicators.yaml").write_text(text, encoding="utf-8") and None


def formula(text: str) -> Callable[[Path], None]:
    return tree(TREE.replace("值 / 1元", f"'{text}'"))


ATTACKS: dict[str, tuple[Callable[[Path], None], str]] = {
    **{f"YAML: {name}": (in_project(text), problem) for name, (text, problem) in IN_PROJECT.items()},
    "number: 5,000 digits": (fact("1" * 5_000), "bad-number"),
    "number: 30,000 digits with commas": (fact("'" + "1,111" * 5_000 + "'"), "bad-number"),
    "number: an exponent": (fact("1e999999999"), "bad-number"),
    "number: zero with an exponent": (fact("0E+999999"), "bad-number"),
    "number: digits and then a letter": (fact("'" + "1" * 29_000 + "x'"), "bad-number"),
    "table: a quote that is never closed": (table('项,额\n"' + "甲,1\n" * 1_900_000), "bad-csv"),
    "table: one line": (table("项,额\n" + "甲" * 15_000_000), "bad-csv"),
    "table: one row of commas": (table("项,额\n" + "," * 4_000_000 + "x"), "row-width"),
    "table: a header of commas": (table("," * 4_000_000), "bad-header"),
    "table: line breaks": (table("项,额\n" + "\n" * 40_000_000), "data/t.csv:2000001:1: error too-many-rows"),
    "table: rows without cells": (table("项,额\n" + ",\n" * 1_999_999), "placeholder"),
    "table: one more row without cells": (table("项,额\n" + ",\n" * 2_000_000), "data/t.csv:2000001:1: error too-many-rows"),
    "table: rows of many lines": (table("项,额\n" + ('"' + "\n" * 99_000 + '",1\n') * 30), "too-many-rows"),
    "table: quotes": (table("项,额\n" + '""' * 20_000_000), "bad-csv"),
    "table: figures that are none": (table("项,额\n" + "甲,一\n" * 200_000), "bad-number"),
    "table: rows that are too wide": (table("项,额\n" + "甲,1,1\n" * 200_000), "row-width"),
    "tree: names that use names": (tree(rules(12)), "too-many-rules"),
    "tree: five thousand leaves": (
        tree("perfeval: 1\nid: t\ntree:\n" + "".join(f"- {{name: n{i}, weight: 1, rule: {{kind: judged}}}}\n" for i in range(5_000))),
        "weight-sum",
    ),
    "formula: a long sum": (formula("1 + " * 7_000 + "1"), "rule-too-long"),
    "formula: a long product": (formula("1 * " * 7_000 + "1"), ""),
    "formula: signs": (formula("-" * 29_000 + "1"), "bad-expression"),
    "formula: parentheses": (formula("(" * 14_000 + "1" + ")" * 14_000), "bad-expression"),
    "formula: parts that multiply": (formula("值 / " * 4_000 + "1"), "rule-too-long"),
    "formula: powers of a figure": (formula("999999999999999 * " * 1_600 + "1"), ""),
    "formula: powers of a figure, uncapped": (
        tree(TREE.replace("值 / 1元, cap: full", "'" + "999999999999999 * " * 1_600 + "1'")),
        "can give up to ≥10^23999, more than its weight 100",
    ),
    "formula: powers of a fact": (formula("值 / 0.000000000000000001元 * " * 60 + "1"), ""),
    "formula: more powers of a fact": (formula("值 / 0.000000000000000001元 * " * 400 + "1"), "rule-too-long"),
    "formula: powers of a figure, under a cap": (tree(TREE.replace("值 / 1元", "'" + "值 / 1元 * " * 300 + "1'")), "rule-too-long"),
    "condition: parentheses": (
        tree(
            TREE.replace(
                "formula, points: 值 / 1元, cap: full",
                f"choose, when: [{{if: '{'(' * 14_000}', rule: {{kind: judged}}}}], otherwise: {{kind: judged}}",
            )
        ),
        "bad-expression",
    ),
    "condition: not": (
        tree(
            TREE.replace(
                "formula, points: 值 / 1元, cap: full",
                f"choose, when: [{{if: '{'not ' * 7_000}值', rule: {{kind: judged}}}}], otherwise: {{kind: judged}}",
            )
        ),
        "bad-expression",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(name: str, tmp_path: Path) -> None:
    prepare, problem = ATTACKS[name]
    folder = project(tmp_path / "p", "项,额\n甲,1\n".encode())
    prepare(folder)
    code, said = limited(folder)
    assert any(one in said for one in problem.split("|")), said[-1500:]
    assert code == (0 if problem in ("", "yaml-swallowed-comment") else 2), said[-1500:]
