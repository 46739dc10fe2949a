"""batch and collect on the command line, explain of a row: files, messages, exit codes, what must not happen."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
RULES = "指标.yaml"


@pytest.fixture
def here(example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Callable) -> Path:
    """The current folder holds 指标.yaml and 佐证.csv: the real evaluation four times, with one bad cell and one that is missing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / RULES).write_bytes((example / "indicators.yaml").read_bytes())
    text = cli("collect", example, "-o", "-").out
    header, row = text.splitlines()
    rows = [row.replace("xiangyuan", name, 1) for name in ("甲", "乙", "丙", "丁")]
    rows[1] = rows[1].replace(",29,", ",29.5,")
    rows[2] = rows[2].replace(",2137,26", ",,26").replace("是,否,否", "否,否,否", 1)
    (tmp_path / "佐证.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return tmp_path


def table(path: Path | str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Path(path).read_text("utf-8"))))


def batch(cli: Callable, *more: object):  # type: ignore[no-untyped-def]
    return cli("batch", "佐证.csv", "--indicators", RULES, *more)


# ---- what comes out


@pytest.mark.parametrize("engine", ["polars", "duckdb", "python"])
@pytest.mark.usefixtures("here")
def test_everything_at_once(engine: str, cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = batch(cli, "-o", "得分.csv", "--errors", "坏格.csv", "--summary", "汇总.txt", "--engine", engine)
    assert done.code == 0
    golden("cli/batch.txt", done.out + done.err)
    golden("cli/batch-scores.csv", Path("得分.csv").read_text("utf-8"))
    golden("cli/batch-errors.csv", Path("坏格.csv").read_text("utf-8"))
    golden("cli/batch-summary.txt", Path("汇总.txt").read_text("utf-8"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.usefixtures("here")
def test_messages(lang: str, cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = batch(cli, "-o", "得分.parquet", "--lang", lang)
    golden(f"cli/batch-{lang}.txt", done.out + done.err)
    quiet = batch(cli, "-o", "得分.parquet", "--lang", lang, "-q")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


@pytest.mark.usefixtures("here")
def test_exit_codes(cli: Callable) -> None:
    assert batch(cli, "-o", "得分.csv").code == 0
    assert batch(cli, "-o", "得分.csv", "--strict").code == 1
    assert Path("得分.csv").exists(), "bad rows do not stop the others"
    text = Path("佐证.csv").read_text("utf-8").splitlines()
    Path("佐证.csv").write_text("\n".join([text[0], text[1]]) + "\n", "utf-8")
    done = batch(cli, "-o", "得分.csv", "--strict")
    assert (done.code, done.err) == (0, "")
    assert [(row["total"], row["grade"]) for row in table("得分.csv")] == [("88.50", "良")]


@pytest.mark.usefixtures("here")
def test_same_bytes_again(cli: Callable) -> None:
    files = ("得分.parquet", "坏格.csv", "汇总.html", "汇总.json")
    seen = []
    for _ in range(2):
        batch(cli, "-o", files[0], "--errors", files[1], "--summary", files[2])
        batch(cli, "--summary", files[3])
        seen.append([Path(name).read_bytes() for name in files])
    assert seen[0] == seen[1]
    assert sorted(path.name for path in Path().iterdir() if path.name.startswith(".")) == []


@pytest.mark.usefixtures("here")
def test_printed(cli: Callable) -> None:
    batch(cli, "-o", "得分.csv")
    for engine in ("polars", "duckdb", "python"):
        done = batch(cli, "-o", "-", "--engine", engine)
        assert (done.code, done.out) == (0, Path("得分.csv").read_text("utf-8"))
    done = batch(cli, "--summary", "-")
    batch(cli, "--summary", "汇总.txt")
    assert done.out == Path("汇总.txt").read_text("utf-8")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.usefixtures("here")
def test_summary_page(lang: str, cli: Callable, golden: Callable[[str, str], None]) -> None:
    batch(cli, "--summary", "汇总.html", "--lang", lang)
    page = Path("汇总.html").read_text("utf-8")
    golden(f"cli/batch-summary-{lang}.html", page)
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")


@pytest.mark.usefixtures("here")
def test_summary_json(cli: Callable, golden: Callable[[str, str], None]) -> None:
    batch(cli, "--summary", "汇总.json")
    golden("cli/batch-summary.json", Path("汇总.json").read_text("utf-8"))


@pytest.mark.parametrize("form", ["csv", "text", "schema"])
@pytest.mark.usefixtures("here")
def test_template(form: str, cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = cli("batch", "--template", "--indicators", RULES, "--format", form)
    assert (done.code, done.err) == (0, "")
    golden(f"cli/batch-template-{form}.txt", done.out)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["--template"], "x.csv"),
        (["--template", "--format", "csv"], "x.CSV"),
        (["--template", "--format", "text"], "x.txt"),
        (["--template", "--format", "schema"], "x.json"),
        (["--emit", "sql", "--dialect", "duckdb"], "x.sql"),
    ],
)
@pytest.mark.usefixtures("here")
def test_template_and_query_as_files(words: list[str], name: str, cli: Callable) -> None:
    printed = cli("batch", *words, "--indicators", RULES)
    assert cli("batch", *words, "--indicators", RULES, "-o", "-").out == printed.out
    Path(name).write_text("old", "utf-8")
    done = cli("batch", *words, "--indicators", RULES, "-o", name)
    assert (done.code, done.out) == (0, f"已写入 {name}。\n")
    assert Path(name).read_text("utf-8") == printed.out
    assert [path.name for path in Path().iterdir() if path.name.startswith(".")] == []
    for other in ("x.parquet", "没有/x" + name[1:].lower()):
        assert cli("batch", *words, "--indicators", RULES, "-o", other).code == 2 and not Path(other).exists()


@pytest.mark.parametrize("first", [["--template"], ["--emit", "sql", "--dialect", "spark"]])
@pytest.mark.parametrize(
    "words",
    [
        ["佐证.csv"], ["--errors", "e.csv"], ["--summary", "-"], ["--engine", "polars"], ["--master", "local"], ["--id", "x"],
        ["--ignore-extra"], ["--strict"],
    ],
)  # fmt: skip
@pytest.mark.usefixtures("here")
def test_what_means_nothing_beside_template_and_query(first: list[str], words: list[str], cli: Callable) -> None:
    done = cli("batch", *first, *words, "--indicators", RULES)
    assert (done.code, done.out) == (2, "") and words[0].replace("佐证.csv", "EVIDENCE") in done.err


@pytest.mark.usefixtures("here")
def test_a_template_filled_in(cli: Callable) -> None:
    """With its two rows left in nothing is scored; without them it is."""
    cli("batch", "--template", "--indicators", RULES, "-o", "模板.csv")
    header, *explained = Path("模板.csv").read_text("utf-8").splitlines()
    assert header == Path("佐证.csv").read_text("utf-8").splitlines()[0]
    rows = Path("佐证.csv").read_text("utf-8").splitlines()[1:]
    Path("模板.csv").write_text("\n".join([header, *explained, *rows]) + "\n", "utf-8")
    done = cli("batch", "模板.csv", "--indicators", RULES, "-o", "得分.csv")
    assert done.code == 2 and "模板.csv:2:1" in done.err and "模板.csv:3:1" in done.err and not Path("得分.csv").exists()
    Path("模板.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    assert cli("batch", "模板.csv", "--indicators", RULES, "-o", "得分.csv").code == 0


@pytest.mark.usefixtures("here")
def test_the_schema_takes_what_batch_takes(cli: Callable) -> None:
    schema = json.loads(cli("batch", "--template", "--indicators", RULES, "--format", "schema").out)
    Draft202012Validator.check_schema(schema)
    rows = [{key: value or None for key, value in row.items()} for row in table("佐证.csv")]
    wrong = [error.message for row in rows for error in Draft202012Validator(schema).iter_errors(row)]
    assert wrong == []
    assert list(Draft202012Validator(schema).iter_errors({**rows[0], "备注": "x"}))
    assert list(Draft202012Validator(schema).iter_errors({**rows[0], "帮扶人数": "很多"}))


@pytest.mark.usefixtures("here")
def test_formulas_do_not_get_into_a_spreadsheet(cli: Callable) -> None:
    text = Path("佐证.csv").read_text("utf-8")
    Path("佐证.csv").write_text(text.replace("\n甲,", "\n=1+1,").replace("\n乙,", "\n-5,").replace("\n丙,", "\n@x,"), "utf-8")
    for engine in ("polars", "duckdb", "python"):
        batch(cli, "-o", "得分.csv", "--errors", "坏格.csv", "--engine", engine)
        assert [row["project"] for row in table("得分.csv")][:3] == ["'=1+1", "-5", "'@x"]
        assert {row["project"] for row in table("坏格.csv")} == {"-5", "'@x"}
    batch(cli, "-o", "得分.parquet")
    assert pl.read_parquet("得分.parquet")["project"].to_list()[:3] == ["=1+1", "-5", "@x"]


# ---- what must not happen


@pytest.mark.parametrize("option", ["-o", "--errors"])
@pytest.mark.parametrize("name", ["佐证.csv", "./佐证.csv", "链接.csv", "同一个.csv"])
@pytest.mark.usefixtures("here")
def test_the_evidence_is_never_written_over(option: str, name: str, cli: Callable) -> None:
    Path("链接.csv").symlink_to("佐证.csv")
    Path("同一个.csv").hardlink_to("佐证.csv")
    before = Path("佐证.csv").read_bytes()
    done = batch(cli, option, name)
    assert done.code == 2 and "读入的文件" in done.err
    assert Path("佐证.csv").read_bytes() == before


@pytest.mark.usefixtures("here")
def test_an_old_output_stays_when_a_run_fails(cli: Callable) -> None:
    Path("得分.csv").write_text("old", "utf-8")
    whole = Path("佐证.csv").read_text("utf-8")
    Path("佐证.csv").write_text(whole + "多,余," + "x," * 60 + "\n", "utf-8")
    for engine in ("polars", "duckdb", "python"):
        done = batch(cli, "-o", "得分.csv", "--engine", engine)
        assert done.code == 2 and "batch-unreadable" in done.err
        assert Path("得分.csv").read_text("utf-8") == "old"
    assert [path.name for path in Path().iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("engine", ["polars", "duckdb", "python"])
@pytest.mark.parametrize("target", ["得分.parquet", "得分.csv"])
def test_a_full_disk(engine: str, target: str, here: Path) -> None:
    """A limit on the size of files stands for a disk that is full."""
    text = (here / "佐证.csv").read_text("utf-8").splitlines()
    rows = [text[1].replace("甲", f"项目{number}", 1) for number in range(3000)]
    (here / "佐证.csv").write_text("\n".join([text[0], *rows]) + "\n", "utf-8")
    (here / target).write_bytes(b"old")
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000));"
        "from perfeval.cli.main import run;"
        f"sys.exit(run(['batch', '佐证.csv', '--indicators', '{RULES}', '-o', '{target}', '--engine', '{engine}']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, check=False, timeout=60)
    err = done.stderr.decode()
    assert done.returncode == 3 and len(err.splitlines()) == 1 and ("系统出错" in err or "没有写成" in err), err
    assert (here / target).read_bytes() == b"old"
    assert [path.name for path in here.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("command", ["batch", "collect", "explain"])
@pytest.mark.usefixtures("here")
def test_without_the_library(command: str, cli: Callable, example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch(cli, "-o", "得分.parquet")
    monkeypatch.setattr("perfeval.batch.engines.find_spec", lambda name: None)
    words = {
        "batch": ["佐证.csv", "--indicators", RULES, "-o", "得分.csv"],
        "collect": [example, "-o", "x.parquet"],
        "explain": ["得分.parquet", "--indicators", RULES, "--project", "甲"],
    }
    done = cli(command, *words[command])
    assert done.code == 2 and "pip install 'perfeval[batch]'" in done.err and len(done.err.splitlines()) == 3
    assert batch(cli, "-o", "得分.csv", "--engine", "python").code == 0
    assert cli("collect", example, "-o", "x.csv").code == 0


WRONG = [
    (["佐证.csv", "-o", "x.csv"], "--indicators"),
    (["--indicators", RULES, "-o", "x.csv"], "EVIDENCE"),
    (["佐证.csv", "--indicators", RULES], "-o"),
    (["佐证.csv", "--indicators", RULES, "-o", "x.xlsx"], ".parquet .csv"),
    (["佐证.csv", "--indicators", RULES, "--errors", "-"], ".parquet .csv"),
    (["佐证.csv", "--indicators", RULES, "--summary", "x.md"], ".txt .json .html"),
    (["佐证.csv", "--indicators", RULES, "-o", "没有/x.csv"], "没有文件夹"),
    (["佐证.csv", "--indicators", RULES, "-o", "x.csv", "--errors", "./x.csv"], "同一个地方"),
    (["佐证.csv", "--indicators", RULES, "-o", "x.csv", "--format", "csv"], "--template"),
    (["佐证.csv", "--indicators", RULES, "--template"], "EVIDENCE"),
    (["佐证.csv", "--indicators", "没有.yaml", "-o", "x.csv"], "unknown-source"),
    (["佐证.csv", "--indicators", RULES, "-o", "x.csv", "--id", "名称"], "batch-no-id"),
    (["佐证.csv", "--indicators", RULES, "-o", "x.csv", "--id", "total"], "--id 不能是"),
    (["没有.csv", "--indicators", RULES, "-o", "x.csv"], "batch-no-table"),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=[said for _, said in WRONG])
@pytest.mark.usefixtures("here")
def test_wrong_usage(words: list[str], said: str, cli: Callable) -> None:
    done = cli("batch", *words)
    assert done.code == 2 and said in done.err and done.out == ""
    assert not Path("x.csv").exists()


@pytest.mark.usefixtures("here")
def test_other_columns(cli: Callable) -> None:
    text = Path("佐证.csv").read_text("utf-8").replace("project,", "单位,备注,", 1)
    Path("佐证.csv").write_text(
        "\n".join(line if line.startswith("单位") or not line else line.replace(",", ",x,", 1) for line in text.split("\n")), "utf-8"
    )
    done = batch(cli, "-o", "得分.csv", "--id", "单位")
    assert done.code == 2 and "「备注」" in done.err and "--ignore-extra" in done.err
    assert batch(cli, "-o", "得分.csv", "--id", "单位", "--ignore-extra").code == 0
    assert [row["单位"] for row in table("得分.csv")] == ["甲", "乙", "丙", "丁"]


# ---- progress, collect, explain


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
@pytest.mark.parametrize("engine", ["polars", "duckdb", "python"])
def test_progress_on_a_terminal_only(engine: str, here: Path, program: Callable) -> None:
    main, other = pty.openpty()
    done = program(
        "batch", "佐证.csv", "--indicators", RULES, "-o", "得分.csv", "--engine", engine,
        cwd=here, capture_output=False, stdout=-1, stderr=other, env={"TERM": "xterm", "COLUMNS": "100", "LANG": "zh_CN.UTF-8"},
    )  # fmt: skip
    os.close(other)
    shown = everything(main).decode(errors="replace")
    assert done.returncode == 0 and "行/秒" in shown and "警告" in shown
    piped = program("batch", "佐证.csv", "--indicators", RULES, "-o", "得分.csv", cwd=here)
    assert b"\x1b" not in piped.stderr and len(piped.stderr.splitlines()) == 1


def everything(descriptor: int) -> bytes:
    """What was written to the terminal; at its end some systems say so by an error."""
    found = b""
    with suppress(OSError):
        while part := os.read(descriptor, 65_536):
            found += part
    os.close(descriptor)
    return found


def test_collect(example: Path, tmp_path: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch, golden: Callable[[str, str], None]) -> None:
    monkeypatch.chdir(tmp_path)
    done = cli("collect", example, "-o", "佐证.csv")
    assert (done.code, done.err) == (0, "")
    golden("cli/collect.csv", Path("佐证.csv").read_text("utf-8"))
    assert cli("collect", example, "-o", "-").out == Path("佐证.csv").read_text("utf-8")
    (tmp_path / "坏").mkdir()
    (tmp_path / "坏" / "project.yaml").write_text("x", "utf-8")
    done = cli("collect", "*", "-o", "佐证.parquet")
    assert done.code == 2 and "1 个项目" in done.out
    assert pl.read_parquet("佐证.parquet")["project"].to_list() == ["xiangyuan"]
    assert cli("collect", "坏", "-o", "x.csv").code == 2 and not Path("x.csv").exists()
    for target in ("x.txt", "没有/x.csv", "坏"):
        assert cli("collect", example, "-o", target).code == 2


def test_projects_of_one_name_are_told_apart(example: Path, tmp_path: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for year in ("2022", "2023"):
        shutil.copytree(example, tmp_path / year / "襄垣")
    cli("collect", "2022/襄垣", "2023/襄垣", "-o", "佐证.csv")
    assert [row["project"] for row in table("佐证.csv")] == ["2022/襄垣", "2023/襄垣"]


@pytest.mark.usefixtures("here")
def test_explain_a_row(cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = cli("explain", "佐证.csv", "--indicators", RULES, "--project", "甲", "职工满意度")
    assert (done.code, done.err) == (0, "")
    golden("cli/explain-row.txt", done.out)
    done = cli("explain", "佐证.csv", "--indicators", RULES, "--project", "乙")
    assert done.code == 2 and "batch-bad-cell" in done.err and "29.5" in done.err
    assert cli("explain", "佐证.csv", "--indicators", RULES, "--project", "丙").code == 2
    assert cli("explain", "佐证.csv", "--indicators", RULES, "--project", "丙", "--partial").code == 0
    done = cli("explain", "佐证.csv", "--indicators", RULES, "--project", "甲")
    assert f"perfeval explain 佐证.csv --indicators {RULES} --project 甲" in done.out.replace("'", "")
    for words in (["--indicators", RULES], ["--project", "甲"], ["--indicators", RULES, "--project", "没有"], ["--id", "x"], []):
        assert cli("explain", "佐证.csv", *words).code == 2


@pytest.mark.parametrize("form", ["parquet", "arrow", "folder"])
@pytest.mark.usefixtures("here")
def test_explain_a_row_of_a_table_without_lines(form: str, cli: Callable) -> None:
    """A place is the row as --errors counts it, and the column; with --partial all that has a score is explained."""
    frame = pl.read_csv("佐证.csv", infer_schema=False)
    word = "佐证" if form == "folder" else f"佐证.{form}"
    if form == "folder":
        Path(word).mkdir()
        frame[:1].write_parquet("佐证/1.parquet")
        frame[1:].write_parquet("佐证/2.parquet")
    else:
        getattr(frame, "write_parquet" if form == "parquet" else "write_ipc")(word)
    words = ["explain", word, "--indicators", RULES, "--project"]
    two, three, four = (f"佐证/2.parquet!{n - 1}" if form == "folder" else f"{word}!{n}" for n in (2, 3, 4))
    done = cli(*words, "乙")
    assert (done.code, done.out) == (2, "")
    assert f"{two}:帮扶人数: 错误 batch-bad-cell\n第 2 行" in done.err and "--partial" in done.err and "evidence.yaml" not in done.err
    done = cli(*words, "乙", "--partial", "帮扶数量")
    assert done.code == 0 and "待定" in done.out and "警告 batch-bad-cell" in done.err and "--partial" not in done.err
    assert "得分率" in cli(*words, "乙", "--partial", "职工满意度").out
    done = cli(*words, "丙")
    assert f"{three}:问卷得分: 错误 batch-missing-cell\n第 3 行" in done.err and "evidence.yaml" not in done.err
    done = cli(*words, "丁", "职工满意度")
    assert (done.code, done.err) == (0, "") and f"问卷得分 {four}:问卷得分" in done.out
    batch_errors = cli("batch", word, "--indicators", RULES, "--errors", "坏格.csv")
    assert batch_errors.code == 0
    assert [(line["row"], line["key"]) for line in table("坏格.csv")] == [("2", "帮扶人数"), ("3", "问卷得分")]
    done = cli("explain", word)
    assert done.code == 2 and "--project" in done.err


@pytest.mark.usefixtures("here")
def test_explain_a_row_of_several_csv_files(cli: Callable) -> None:
    text = Path("佐证.csv").read_text("utf-8")
    Path("又.csv").write_text(
        text.replace("\n丙", "\n\n戊", 1).replace("\n甲", "\n己", 1).replace("\n乙", "\n庚", 1).replace("\n丁", "\n辛", 1), "utf-8"
    )
    done = cli("explain", "*.csv", "--indicators", RULES, "--project", "戊")
    assert done.code == 2 and "\n   5 │ " in done.err and "第 7 行「戊」" in done.err
    assert done.err.startswith("又.csv:5:")
    cli("batch", "*.csv", "--indicators", RULES, "--errors", "坏格.parquet")
    assert [row["row"] for row in pl.read_parquet("坏格.parquet").to_dicts() if row["project"] == "戊"] == [7]


# ---- queries for other people's engines


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
@pytest.mark.usefixtures("here")
def test_emitted(dialect: str, cli: Callable, golden: Callable[[str, str], None]) -> None:
    done = cli("batch", "--emit", "sql", "--dialect", dialect, "--table", "库.佐证", "--indicators", RULES)
    assert (done.code, done.err) == (0, "")
    golden(f"cli/batch-{dialect}.sql", done.out)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--emit", "sql"), "--dialect"),
        (("佐证.csv", "--emit", "sql", "--dialect", "duckdb"), "不要 EVIDENCE"),
        (("佐证.csv", "--dialect", "duckdb", "-o", "得分.csv"), "与 --emit sql 同用"),
        (("佐证.csv", "--master", "local[1]", "-o", "得分.csv"), "与 --engine spark 同用"),
    ],
)
@pytest.mark.usefixtures("here")
def test_usage_of_sql(arguments: tuple[str, ...], told: str, cli: Callable) -> None:
    done = cli("batch", *arguments, "--indicators", RULES)
    assert (done.code, done.out) == (2, "") and told in done.err


@pytest.mark.parametrize("engine", ["polars", "duckdb", "python"])
@pytest.mark.parametrize("name", ["scores", "errors", "duckdb", "evidence", "printed"])
@pytest.mark.usefixtures("here")
def test_results_may_be_called_anything(name: str, engine: str, cli: Callable) -> None:
    """Also as a file that is needed on the way."""
    pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")
    told = []
    for scores, errors in ((f"{name}.parquet", "坏.csv"), ("得分.csv", f"{name}.parquet"), (f"{name}.csv", "坏.parquet")):
        done = batch(cli, "-o", scores, "--errors", errors, "--engine", engine)
        assert done.code == 0, done.err
        told.append(sorted(one.name for one in Path().iterdir() if one.name.startswith(".")))
    assert told == [[], [], []]
