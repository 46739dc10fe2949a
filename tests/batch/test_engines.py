"""Random trees over dirty tables: every engine, every form of file, and the interpreter say the same."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from backends.rows import Interpreted, random_rows, random_tree
from batch.tables import ENGINES, exact, read_back, run, text_of, write_csv, write_parquet
from perfeval.backends.columnar.integer_program import IntegerProgram
from perfeval.batch.cells import whole
from perfeval.batch.collecting import collect
from perfeval.batch.collecting import write_csv as write_table
from perfeval.batch.job import Job
from perfeval.batch.matching import Matched
from perfeval.batch.plan import BAD_NAME, planned
from perfeval.batch.reasons import ID_MISSING, ID_TWICE, MISSING, NOT_JUDGED
from perfeval.batch.sources import find
from perfeval.ir.columns import Column
from perfeval.ir.program import GRADE, TOTAL, score_key

pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")
SEEDS = range(12)
ROWS = 40
DIRT = ("nan", "\u200b", "无", "", "待补充", "x", "1.23456", "-99999999999", "0.5", "2", "坏", "2023-02-30", "999999999999999", "是")


def lowered(seed: int, folder: Path) -> IntegerProgram:
    return random_tree(seed, folder)[1]


def typed(column: Column, number: int) -> object:
    """A good cell of the column."""
    match column.form:
        case "yes_no" if column.absent is not None:
            return "没有这项工作" if number else None
        case "yes_no":
            return bool(number)
        case "tier":
            return column.choices[number - 1]
    return Decimal(number).scaleb(-column.places) if column.places else number


def dtype(column: Column) -> Any:
    match column.form:
        case "yes_no":
            return pl.Boolean if column.absent is None else pl.String
        case "tier":
            return pl.String
    return pl.Decimal(38, column.places) if column.places else pl.Int64


def job(program: IntegerProgram, path: Path) -> Job:
    matched = Matched("project", {key: key for key in program.columns})
    return Job(find(str(path)), planned(None, program, (), ("project",)), matched)  # type: ignore[arg-type]


def texts(program: IntegerProgram, seed: int) -> list[list[str]]:
    """Rows of texts, a few of whose cells are dirty, and whose names are not all good."""
    chance = random.Random(seed)
    rows = []
    for number, row in enumerate(random_rows(program.program, dict(program.columns), ROWS, seed)):
        cells = [text_of(typed(column, row[key])) if key in row else "" for key, column in program.columns.items()]
        for at in range(len(cells)):
            if chance.random() < 0.02:
                cells[at] = chance.choice(DIRT)
        name = f"项目{number}"
        rows.append([("" if number == 7 else "项目3" if number == 11 else name), *cells])
    return rows


@pytest.mark.parametrize("seed", SEEDS)
def test_dirty_texts(seed: int, tmp_path: Path) -> None:
    program = lowered(seed, tmp_path)
    rows = texts(program, seed)
    path = write_csv(tmp_path / "table.csv", ["project", *program.columns], rows)
    task = job(program, path)
    found = run(task, "polars", tmp_path, histograms=(TOTAL, GRADE))
    for engine in ENGINES:
        assert run(task, engine, tmp_path, histograms=(TOTAL, GRADE)) == found, f"seed {seed}, {engine}"
    keys = ["project", *program.columns]
    table = {key: ([row[at] or None for row in rows], pl.String) for at, key in enumerate(keys)}
    as_parquet = job(program, write_parquet(tmp_path / "table.parquet", table))
    for engine in ENGINES:
        assert run(as_parquet, engine, tmp_path, "parquet", (TOTAL, GRADE)).rows == found.rows, f"seed {seed}"
    as_interpreted(task, rows, found.rows, found.errors)


def as_interpreted(task: Job, rows: list[list[str]], scores: list[dict[str, str]], errors: list[dict[str, str]]) -> None:
    """Each cell of the scores is the interpreter's, of the row's good cells; what is bad is told, and nothing else."""
    program = task.plan.program
    interpreted = Interpreted(program)
    names = [row[0] for row in rows]
    for number, (row, got) in enumerate(zip(rows, scores, strict=True), 1):
        told = {(line["key"], line["reason"]) for line in errors if line["row"] == str(number)}
        if row[0] == "" or names.count(row[0]) > 1:
            assert (got["total"], got["grade"], got[BAD_NAME]) == ("", "", str(len(task.plan.counted)))
            assert ("project", ID_TWICE if row[0] else ID_MISSING) in told
            continue
        read = {key: whole(column, text) for (key, column), text in zip(program.columns.items(), row[1:], strict=True)}
        wrong = {key: own for key, own in read.items() if isinstance(own, str)}
        good = {key: own for key, own in read.items() if not isinstance(own, str)}
        good |= {
            key: one.unreadable for key, one in program.columns.items() if one.unreadable is not None and wrong.get(key, MISSING) != MISSING
        }
        if not any(program.columns[key].absent is not None for key in wrong):
            assert_same(task, got, interpreted(good), idle(interpreted, good))
        assert {(key, own) for key, own in wrong.items() if own != MISSING} <= told
        assert {line for line in told if line[1] not in (MISSING, NOT_JUDGED) and line[0] in program.columns} <= set(wrong.items())
        assert bool(told - {(key, own) for key, own in wrong.items() if own != MISSING}) <= (got[BAD_NAME] != "0")
        assert (got[BAD_NAME] == "0") or told, f"row {number} has no reason"


def idle(interpreted: Interpreted, row: Mapping[str, int]) -> set[str]:
    """The indicators that do not apply, by their scores' keys."""
    program = interpreted.program
    values = {key: column.value(row[key]) for key, column in program.columns.items() if key in row}
    values |= {key: column.absent for key, column in program.columns.items() if key not in row and column.absent is not None}
    weights = interpreted.compiled.run(values).weights
    return {score_key(name) for name, weight in weights.items() if weight == 0 < program.program.nodes[name].weight}


def assert_same(task: Job, got: Mapping[str, str], wanted: Mapping[str, Any], idle: set[str]) -> None:
    for one in task.plan.shown:
        value = None if one.key in idle else wanted[one.key]
        if one.key == GRADE:
            assert got[one.name] == ("" if value is None else task.plan.grades[int(value) - 1])
        else:
            assert exact(got[one.name]) == value, one.name


@pytest.mark.parametrize("seed", SEEDS)
def test_typed_columns(seed: int, tmp_path: Path) -> None:
    """The same evidence as texts in a CSV and with types in Parquet and Arrow: the same scores."""
    program = lowered(seed, tmp_path)
    rows = list(random_rows(program.program, dict(program.columns), ROWS, seed))
    cells = {key: [typed(column, row[key]) if key in row else None for row in rows] for key, column in program.columns.items()}
    names = [f"项目{number}" for number in range(ROWS)]
    as_csv = [[name, *(text_of(own[at]) for own in cells.values())] for at, name in enumerate(names)]
    found = run(job(program, write_csv(tmp_path / "table.csv", ["project", *cells], as_csv)), "python", tmp_path)
    table = {"project": (names, pl.String), **{key: (own, dtype(program.columns[key])) for key, own in cells.items()}}
    parquet = write_parquet(tmp_path / "table.parquet", table)
    pl.read_parquet(parquet).write_ipc(tmp_path / "table.arrow")
    for path in (parquet, tmp_path / "table.arrow"):
        for engine in ENGINES:
            other = run(job(program, path), engine, tmp_path / path.suffix[1:])
            assert other.rows == found.rows, f"seed {seed}"
            assert [line | {"value": ""} for line in other.errors] == [line | {"value": ""} for line in found.errors], f"seed {seed}"


def test_many_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bad rows are looked at a part at a time, and told in the table's order."""
    monkeypatch.setattr("perfeval.batch.polars_after.PART", 7)
    program = lowered(1, tmp_path)
    path = write_csv(tmp_path / "table.csv", ["project", *program.columns], texts(program, 1))
    found = run(job(program, path), "polars", tmp_path)
    assert found.errors == run(job(program, path), "python", tmp_path).errors
    assert [int(line["row"]) for line in found.errors] == sorted(int(line["row"]) for line in found.errors)


def test_a_folder_and_a_pattern_are_their_files(tmp_path: Path) -> None:
    program = lowered(1, tmp_path)
    rows = texts(program, 2)
    folder = tmp_path / "表"
    folder.mkdir()
    keys = ["project", *program.columns]
    for part in range(4):
        own = rows[part * 10 : part * 10 + 10]
        write_parquet(folder / f"{part}.parquet", {key: ([row[at] or None for row in own], pl.String) for at, key in enumerate(keys)})
    whole_table = run(job(program, write_csv(tmp_path / "t.csv", keys, rows)), "polars", tmp_path).rows
    for word in (folder, folder / "*.parquet"):
        for engine in ENGINES:
            assert run(job(program, word), engine, tmp_path / engine).rows == whole_table


def test_results_have_types(tmp_path: Path) -> None:
    program = lowered(1, tmp_path)
    path = write_csv(tmp_path / "table.csv", ["project", *program.columns], texts(program, 3))
    schemas = []
    for engine in ENGINES:
        run(job(program, path), engine, tmp_path, "parquet")
        schemas.append(pl.read_parquet_schema(tmp_path / f"{engine}-parquet" / "scores.parquet"))
        assert read_back(tmp_path / f"{engine}-parquet" / "scores.parquet")
    assert schemas[0] == schemas[1]
    assert all(isinstance(schemas[0][one.name], pl.Decimal) for one in job(program, path).plan.shown if one.key != GRADE)
    assert schemas[0][BAD_NAME] == pl.UInt32


@pytest.mark.parametrize("engine", ENGINES)
def test_names_that_are_numbers_or_missing(engine: str, tmp_path: Path) -> None:
    """Whole numbers stay whole numbers; several rows without a name do not make the others bad."""
    program = lowered(1, tmp_path)
    row = next(iter(random_rows(program.program, dict(program.columns), 1, 1, holes=0)))
    for name, names in (("int", [3, None, 7, None, 3, 9]), ("text", ["甲", None, " 乙", "", "甲 ", "丙"])):
        own = pl.Series("project", names, dtype=pl.Int32 if name == "int" else pl.String)
        table = {"project": (names, own.dtype)}
        table |= {key: ([typed(column, row[key])] * len(names), dtype(column)) for key, column in program.columns.items()}
        task = job(program, write_parquet(tmp_path / f"{name}.parquet", table))
        found = run(task, engine, tmp_path / name, "parquet")
        bad = [one[BAD_NAME] == str(len(task.plan.counted)) and one["total"] == "" for one in found.rows]
        assert bad == [True, True, False, True, True, False]
        assert [line["reason"] for line in found.errors if line["key"] == "project"] == [ID_TWICE, ID_MISSING, ID_MISSING, ID_TWICE]
        wanted = [None if one is None else str(one).strip() for one in names]
        assert [one["project"] for one in found.rows] == [one or "" for one in wanted]


ODD_NAMES = ("  ", "", "nan", "\u3164", " 甲 ", "=1+1", "'=2", "'乙", "-5", "\u3000@x", "戊\r己", "甲")


def odd(program: IntegerProgram) -> dict[str, list[str | None]]:
    """Names and cells that engines could write in several ways; the first column of each form holds what it cannot read."""
    row = next(iter(random_rows(program.program, dict(program.columns), 1, 1, holes=0)))
    cells: dict[str, list[str | None]] = {"project": list(ODD_NAMES)}
    for key, column in program.columns.items():
        cells[key] = [text_of(typed(column, row[key]))] * len(ODD_NAMES)
    cells[next(iter(program.columns))] = [" x ", "=x", "", "  ", "'=x", "-x", "待定", "\tx", '"', "nan", "x", "x\ry"]
    return cells


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_names_and_bad_cells_are_written_alike(form: str, tmp_path: Path) -> None:
    """Byte for byte in CSV files; in Parquet files as they stand."""
    program = lowered(1, tmp_path)
    cells = odd(program)
    if form == "csv":
        path = write_csv(tmp_path / "t.csv", list(cells), list(zip(*cells.values(), strict=True)))  # type: ignore[arg-type]
    else:
        path = write_parquet(tmp_path / "t.parquet", {key: (own, pl.String) for key, own in cells.items()})
    task = job(program, path)
    files = {}
    for engine in (*ENGINES, *(["spark"] if has_spark() else [])):
        told = run(task, engine, tmp_path / form)
        files[engine] = [(tmp_path / form / f"{engine}-csv" / name).read_bytes() for name in ("scores.csv", "errors.csv")]
        plain = run(task, engine, tmp_path / form, "parquet")
        assert [one["project"] for one in plain.rows] == ["", "", *(plain_name(name, form) for name in ODD_NAMES[2:])]
        assert [line["value"] for line in plain.errors] == [without_quote(line["value"]) for line in told.errors]
    assert len({tuple(own) for own in files.values()}) == 1
    values = {line["row"]: line["value"] for line in plain.errors if line["key"] == next(iter(program.columns))}
    assert (values["1"], values["2"], values["8"]) == (" x ", "=x", "\tx")


def plain_name(name: str, form: str) -> str:
    """A quote before a formula stands for nothing in a CSV file."""
    return without_quote(name.strip()) if form == "csv" else name.strip()


def without_quote(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:2] in "'=+-@\t" else text


def has_spark() -> bool:
    return find_spec("pyspark") is not None and shutil.which("java") is not None


def test_other_columns_do_not_matter(tmp_path: Path) -> None:
    """Whatever they are called, and whatever type they have."""
    program = lowered(1, tmp_path)
    path = write_csv(tmp_path / "table.csv", ["project", *program.columns], texts(program, 1))
    frame = pl.read_csv(path, infer_schema=False)
    others = {name: pl.lit(1.5) for name in ("(row)", "(name)", "(id bad)", "(id)", "(v)0", "(bad)", "literal")}
    frame.with_columns(**others, nested=pl.struct(pl.lit(1))).write_parquet(tmp_path / "wide.parquet")
    for engine in ENGINES:
        wide, narrow = (run(job(program, one), engine, tmp_path) for one in (tmp_path / "wide.parquet", path))
        assert wide.rows == narrow.rows
        assert [line["reason"] for line in wide.errors] == [line["reason"] for line in narrow.errors]


def test_spark(tmp_path: Path) -> None:
    """The engine on this machine's own Java: the same rows in the same order, errors and counts as Polars, of dirty texts."""
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    if shutil.which("java") is None:
        pytest.skip("there is no Java: make spark-tools")
    program = lowered(1, tmp_path)
    task = job(program, write_csv(tmp_path / "table.csv", ["project", *program.columns], texts(program, 1)))
    found = run(task, "polars", tmp_path, histograms=(TOTAL, GRADE))
    assert run(task, "spark", tmp_path, histograms=(TOTAL, GRADE)) == found


def test_spark_says_nothing(root: Path, tmp_path: Path) -> None:
    """Java's own words are kept away from people and from results; where it does not start, they are told why."""
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    if shutil.which("java") is None:
        pytest.skip("there is no Java: make spark-tools")
    example = root / "examples" / "xiangyuan_2023"
    write_table(collect([("甲", example)]), tmp_path / "t.csv")
    words = ["batch", "t.csv", "--indicators", str(example), "-o", "-", "--engine", "spark"]
    done = perfeval(words, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.partition(",")[0] for line in done.stdout.splitlines()] == ["project", "甲"]
    done = perfeval(words, tmp_path, JAVA_HOME=str(tmp_path / "nowhere"))
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (3, "", 1)
    assert "nowhere/bin/java" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.csv"]


def perfeval(words: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "perfeval", *words]
    own = {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **own, **environment}, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.mark.parametrize("seed", [1, 4])
def test_many_row_groups(seed: int, tmp_path: Path) -> None:
    """Rows stay in their order, and bad cells with their rows, however a file is cut."""
    program = lowered(seed, tmp_path)
    rows = [[f"项目{number}", *row[1:]] for number, row in enumerate(texts(program, seed) * 150)]
    frame = pl.DataFrame(rows, ["project", *program.columns], orient="row").with_columns(pl.all().replace({"": None}))
    whole, cut = tmp_path / "whole.parquet", tmp_path / "cut"
    cut.mkdir()
    frame.write_parquet(whole, row_group_size=len(rows))
    for at in range(3):
        frame.slice(at * 2000, 2000).write_parquet(cut / f"{at}.parquet", row_group_size=150)
    wanted = run(job(program, whole), "polars", tmp_path)
    for engine in ("polars", "duckdb"):
        found = run(job(program, cut), engine, tmp_path)
        assert found.rows == wanted.rows, engine
        assert found.errors == wanted.errors, engine


def test_rows_that_an_engine_mixes_up_are_put_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from perfeval.batch import on_duckdb

    program = lowered(1, tmp_path)
    rows = [[f"项目{number}", *row[1:]] for number, row in enumerate(texts(program, 1))]
    table = {key: ([row[at] or None for row in rows], pl.String) for at, key in enumerate(["project", *program.columns])}
    task = job(program, write_parquet(tmp_path / "table.parquet", table))
    wanted = run(task, "duckdb", tmp_path)

    def mixed(text: str, files: Any, target: Path, folder: Path) -> None:
        plain(text, files, folder / "right.parquet", folder)
        pl.read_parquet(folder / "right.parquet").reverse().write_parquet(target)

    plain = on_duckdb.score
    monkeypatch.setattr(on_duckdb, "score", mixed)
    assert run(task, "duckdb", tmp_path) == wanted


def test_whole_numbers_of_128_bits(tmp_path: Path) -> None:
    """A type of Polars that other engines do not read."""
    program = lowered(1, tmp_path)
    numbers = [key for key, column in program.columns.items() if column.form == "number"]
    rows = list(random_rows(program.program, dict(program.columns), 20, 1, holes=0))
    frame = pl.DataFrame({"project": [f"项目{at}" for at in range(20)]})
    for key, column in program.columns.items():
        cells = [row[key] if key in numbers else typed(column, row[key]) for row in rows]
        frame = frame.with_columns(pl.Series(key, cells, dtype=pl.Int128 if key in numbers else dtype(column), strict=False))
    frame.write_parquet(tmp_path / "table.parquet")
    found = [run(job(program, tmp_path / "table.parquet"), engine, tmp_path) for engine in ENGINES]
    assert found[0] == found[1] == found[2]
