"""What is wrong with a table or a rule set as a whole: each kind with its text, on every kind of file that can have it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from batch.tables import run
from perfeval.batch.collecting import collect
from perfeval.batch.plan import plan
from perfeval.batch.prepare import prepare
from perfeval.batch.row import project_of
from perfeval.batch.sql_engines import emitted
from perfeval.batch.template import as_csv
from perfeval.cli._problems import shown_problems
from perfeval.problems import Problem, ProblemsFound
from perfeval.reading.rule_sources import RuleSet, read_rules

TREE: dict[str, Any] = {
    "perfeval": "1",
    "id": "case",
    "total": "10",
    "quantities": {"支出": {"unit": "元", "from": "0", "to": "1000", "places": "2"}, "到位": {"unit": "元", "from": "0", "to": "1000", "places": "2"}},
    "tree": [{"name": "执行率", "weight": "10", "measure": "支出 / 到位", "rule": {"kind": "linear", "zero_at": "0%", "full_at": "100%"}}],
}  # fmt: skip
WIDE = {name: {"unit": "元", "from": "0", "to": "900000000000000", "places": "16"} for name in ("支出", "到位")}
TOO_WIDE_FOR_SQL = {name: {"unit": "元", "from": "0", "to": "900000000000000", "places": "16"} for name in ("支出", "到位")}
GOOD = "project,支出,到位\n甲,5,10\n乙,7.5,10\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rules(**change: Any) -> RuleSet:
    Path("indicators.yaml").write_text(json.dumps({**TREE, **change}, ensure_ascii=False, indent=1), "utf-8")
    return read_rules("indicators.yaml", None, Path.cwd())


def table(text: str | bytes, name: str = "表.csv") -> str:
    Path(name).write_bytes(text.encode() if isinstance(text, str) else text)
    return name


def found(action: Callable[[], object]) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsFound) as caught:
        action()
    return caught.value.problems


def parquet(name: str, text: str = GOOD, **casts: Any) -> str:
    pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
    frame = pl.read_csv(text.encode(), infer_schema=False)
    frame.with_columns(pl.col(column).cast(dtype) for column, dtype in casts.items()).write_parquet(name)
    return name


def scored(word: str, engine: str = "polars") -> object:
    return run(prepare(word, rules()), engine, Path("出"))


def template_filled(own: RuleSet) -> str:
    """The template with projects below it, and its own rows left in."""
    return as_csv(plan(own, ())) + "甲,5,10\n乙,7.5,10\n"


def explained(text: str) -> object:
    row = project_of(table(text), rules(), "甲")
    assert row is not None
    return row.score()


TEXTS: dict[str, Callable[[], object]] = {
    "batch-columns-missing": lambda: prepare(table("project,到位\n甲,1\n"), rules()),
    "batch-column-unknown": lambda: prepare(table("project,支 出,支出,到位\n甲,1,2,3\n"), rules()),
    "batch-column-twice": lambda: prepare(table("project,支出,到位,支出\n甲,1,2,3\n"), rules()),
    "batch-no-id": lambda: prepare(table("名称,支出,到位\n甲,1,2\n"), rules()),
    "batch-empty": lambda: prepare(table(""), rules()),
    "batch-no-table": lambda: prepare("没有.csv", rules()),
    "batch-unreadable": lambda: scored(table("project,支出,到位\n甲,1,2\n乙,1,2,3\n"), "python"),
    "batch-too-wide": lambda: plan(rules(quantities=WIDE, tree=[{**TREE["tree"][0], "measure": "支出 * 支出 / (到位 * 到位)"}]), ()),
    "batch-not-on-engine": lambda: emitted(plan(rules(quantities=TOO_WIDE_FOR_SQL), ()), "spark", ("佐证",)),
    "column-not-bounded": lambda: plan(rules(quantities={"支出": {"unit": "元", "from": "0", "to": "1000"}}), ()),
    "batch-template-row": lambda: scored(table(template_filled(rules())), "python"),
    "batch-bad-cell": lambda: explained("project,支出,到位\n甲,5,1000.01\n"),
    "batch-missing-cell": lambda: explained("project,支出,到位\n乙,1,2\n\n甲,,10\n"),
    "batch-row-not-scored": lambda: explained("project,支出,到位\n甲,1,2\n 甲 ,5,10\n"),
}  # fmt: skip


@pytest.mark.parametrize("kind", TEXTS)
def test_text(kind: str, golden: Callable[[str, str], None]) -> None:
    problems = found(TEXTS[kind])
    assert {problem.kind.name for problem in problems} == {kind}
    golden(f"batch/{kind}.txt", texts(problems))


def texts(problems: tuple[Problem, ...]) -> str:
    for problem in problems:
        for lang in ("zh", "en"):
            assert "{" not in problem.message(lang)  # type: ignore[arg-type]
    return "\n".join(shown_problems(problems, lang) for lang in ("zh", "en"))


def test_text_of_a_type(golden: Callable[[str, str], None]) -> None:
    pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
    name = parquet("表.parquet", 支出=pl.Float64)
    problems = found(lambda: prepare(name, rules()))
    golden("batch/batch-column-type.txt", texts(problems))
    assert [problem.kind.name for problem in problems] == ["batch-column-type"]


def test_text_of_files_that_differ(golden: Callable[[str, str], None]) -> None:
    pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
    Path("表").mkdir()
    parquet("表/1.parquet")
    parquet("表/2.parquet", 到位=pl.Int64, text="project,支出,到位\n丙,1,2\n")
    golden("batch/batch-files-differ.txt", texts(found(lambda: prepare("表", rules()))))


def test_text_of_the_policy(golden: Callable[[str, str], None]) -> None:
    golden("batch/batch-missing-policy.txt", texts(plan(rules(policy={"missing": "zero"}), ()).warnings))


def test_text_of_a_count_below_zero(golden: Callable[[str, str], None]) -> None:
    count = {"unit": "户", "from": "-5", "to": "1000", "places": "0"}
    planned = plan(rules(quantities={"支出": count, "到位": {**count, "from": "0"}}), ())
    golden("batch/column-count-below-zero.txt", texts(planned.warnings))
    assert [(problem.kind.name, problem.where.line if problem.where else 0) for problem in planned.warnings] == [
        ("column-count-below-zero", 8)
    ]
    assert planned.columns["支出"].low == 0


@pytest.mark.parametrize("policy", ["zero", "pending", "error"])
def test_explain_follows_batch_where_the_policy_says_otherwise(policy: str) -> None:
    """Neither gives 0 points for what is missing, nor leaves it open."""
    given = rules(policy={"missing": policy})
    [got] = run(prepare(table("project,支出,到位\n甲,,10\n"), given), "python", Path("出")).rows
    assert (got["执行率"], got["total"]) == ("", "")
    row = project_of("表.csv", given, "甲")
    assert row is not None
    kinds = {problem.kind.name for problem in found(row.score)}
    assert kinds == {"batch-missing-cell"} | ({"batch-missing-policy"} if policy != "error" else set())
    [one] = row.score(partial=True).leaves
    assert (one.status, one.missing) == ("pending", ("支出",))


def test_text_of_collected(golden: Callable[[str, str], None]) -> None:
    for name, facts in (
        ("甲", {"支出": "5元", "到位": "10元"}),
        ("乙", {"支出": "1万元", "到位": {"table": "t", "mean": "x", "unit": "元"}}),
    ):
        project(name, facts)
    project("丙", {"支出": "5人", "到位": "10人"}, unit="人")
    done = collect([(name, Path(name)) for name in ("甲", "乙", "丙")])
    assert done.failed == 1 and [name for name, _ in done.rows] == ["甲", "乙"]
    told = {problem.kind.name: problem for _, problems in done.problems for problem in problems}
    assert set(told) == {"collect-not-exact", "collect-units-differ"}
    for kind, problem in told.items():
        golden(f"batch/{kind}.txt", texts((problem,)))


def project(name: str, facts: dict[str, Any], unit: str = "元") -> None:
    folder = Path(name)
    (folder / "data").mkdir(parents=True)
    (folder / "data/t.csv").write_text("x\n1\n1\n2\n", "utf-8")
    quantities = {key: {"unit": unit, "from": "0", "to": "1000000", "places": "2"} for key in ("支出", "到位")}
    for file, content in (
        ("project", {"name": name}),
        ("indicators", {**TREE, "quantities": quantities}),
        ("evidence", {"tables": {"t": {"file": "data/t.csv"}}, "facts": facts}),
    ):
        (folder / f"{file}.yaml").write_text(json.dumps({"perfeval": "1", **content}, ensure_ascii=False), "utf-8")


def test_every_text_is_of_a_kind_of_this_room(root: Path) -> None:
    """No golden text without its test."""
    named = {
        *TEXTS,
        "column-count-below-zero",
        "batch-column-type",
        "batch-files-differ",
        "batch-missing-policy",
        "collect-not-exact",
        "collect-units-differ",
    }
    assert {path.stem for path in (root / "tests/golden/batch").glob("*.txt") if path.stem.startswith(("batch-", "col"))} == named


@pytest.mark.parametrize("ignore_extra", [False, True])
def test_what_does_not_apply_needs_a_policy(ignore_extra: bool) -> None:
    """As `score` says it, also where other columns are ignored: nobody may score what is said not to apply."""
    parts = {"name": "效果", "weight": "1", "rule": {"kind": "checklist", "items": [{"id": "一", "text": "有"}]}}
    own = rules(total="11", tree=[*TREE["tree"], parts])
    header = "project,支出,到位,效果/checklist/一,执行率/not_applicable,效果/checklist/一/not_applicable"
    problems = found(lambda: prepare(table(f"{header}\n甲,1,2,是,没有安排,\n"), own, ignore_extra=ignore_extra))
    assert [(one.kind.name, one.values["name"]) for one in problems] == [
        ("not-applicable-policy", "执行率"),
        ("not-applicable-policy", "效果/checklist/一"),
    ]
    other = table("project,支出,到位,效果/checklist/一,别的/not_applicable\n甲,1,2,是,没有安排\n")
    if not ignore_extra:
        assert [one.kind.name for one in found(lambda: prepare(other, own))] == ["batch-column-unknown"]


def test_a_quantity_declared_as_a_leafs_own() -> None:
    """The template and the table have its key; under its bare name, or both, it is a fact until a table says otherwise."""
    ends = TREE["quantities"]["支出"]
    own = rules(quantities={"执行率/values/支出": ends, "到位": ends})
    assert list(plan(own, ()).columns) == ["执行率/values/支出", "到位"]
    assert "执行率/values/支出" in as_csv(plan(own, ())).splitlines()[0]
    [problem] = found(lambda: prepare(table("project,到位\n甲,10\n"), own))
    assert (problem.kind.name, problem.values["names"]) == ("batch-columns-missing", "执行率/values/支出")
    [row] = run(prepare(table("project,执行率/values/支出,到位\n甲,5,10\n"), own), "python", Path("出")).rows
    assert row["total"] == "5.00"
    both = rules(quantities={"执行率/values/支出": ends, "支出": ends, "到位": ends})
    assert list(plan(both, ()).columns) == ["支出", "到位"]
    assert list(plan(both, ["执行率/values/支出", "到位"]).columns) == ["执行率/values/支出", "到位"]


# ---- files that are not what they should be


@pytest.mark.parametrize("engine", ["polars", "duckdb", "python"])
@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("project,支出,到位\n甲,1,2\n乙,1,2,3\n".encode(), 3),
        ("project,支出,到位\n甲,1,2\n乙,1\n".encode(), 3),
        ('project,支出,到位\n"甲\n,,",1,2\n乙,1\n丙,1,2\n'.encode(), 4),
        ("project,支出,到位\n甲,1,2\n,,,\n".encode(), 3),
        ("project,支出,到位\r甲,1,2\r".encode(), 1),
        ("project,支出,到位\r\n甲,1,2\r\n乙,1,\r2\r\n".encode(), 3),
        ('project,支出,到位\n甲,1,"2\n'.encode(), None),
        ("project,支出,到位\n甲,1,2\n乙\n".encode("gb18030"), 0),
        ("project,支出,到位\n甲,1,2\n".encode() + b"\xff\xfe\n", 0),
    ],
)
def test_a_broken_csv_is_named_with_its_line(engine: str, data: bytes, line: int | None) -> None:
    if engine != "python":
        pytest.importorskip(engine, reason=f"{engine} is not installed")
    [problem] = found(lambda: scored(table(data), engine))
    assert problem.kind.name == "batch-unreadable" and problem.where is not None and problem.where.file == "表.csv"
    assert line is None or problem.where.line == line


@pytest.mark.parametrize("engine", ["polars", "python"])
def test_csv_with_a_mark_blank_lines_and_quotes(engine: str) -> None:
    if engine == "polars":
        pytest.importorskip("polars", reason="the extra `batch` is not installed")
    text = '\ufeffproject,支出,到位\r\n甲,5,10\n\n,,\n,\n乙,5,\n"丙\n""丁""",1,"10"\n"戊\r己",1,"10"\r\n'
    done = run(prepare(table(text), rules()), engine, Path("出"))
    assert [(row["project"], row["total"]) for row in done.rows] == [("甲", "5.00"), ("乙", ""), ('丙\n"丁"', "1.00"), ("戊\r己", "1.00")]


@pytest.mark.parametrize("engine", ["polars", "duckdb", "python"])
def test_rows_of_the_template_are_no_projects(engine: str) -> None:
    """In each form of file, wherever they stand, each is told; nothing is scored."""
    if engine != "python":
        pytest.importorskip(engine, reason=f"{engine} is not installed")
    text = template_filled(rules())
    header, types, values, *others = text.splitlines()
    mixed = "\n".join([header, others[0], values, others[1], types]) + "\n"
    for own, lines in ((text, [2, 3]), (mixed, [3, 5])):
        problems = found(lambda: scored(table(own), engine))  # noqa: B023
        assert [(problem.kind.name, problem.where.line) for problem in problems if problem.where] == [
            ("batch-template-row", line) for line in lines
        ]
    if engine != "python":
        problems = found(lambda: scored(parquet("表.parquet", text), engine))
        assert [problem.message("en").partition(" is")[0] for problem in problems] == ["Row 1 of the data", "Row 2 of the data"]
        Path("表").mkdir()
        table(text, "表/1.csv")
        table(GOOD, "表/2.csv")
        assert {str(problem.where) for problem in found(lambda: scored("表/*.csv", engine))} == {"表/1.csv:2:1", "表/1.csv:3:1"}


@pytest.mark.parametrize("where", ["end", "middle", "start"])
def test_a_broken_parquet_is_named(where: str) -> None:
    pytest.importorskip("polars", reason="the extra `batch` is not installed")
    lines = "".join(f"项目{n},{n % 900},{n % 1000 + 0.25}\n" for n in range(5000))
    data = bytearray(Path(parquet("好.parquet", f"project,支出,到位\n{lines}")).read_bytes())
    match where:
        case "end":
            data = data[:-20]
        case "middle":
            data[len(data) // 3 : len(data) // 2] = bytes(len(data) // 2 - len(data) // 3)
        case "start":
            data[:4] = b"abcd"
            data = data[:200]
    [problem] = found(lambda: scored(table(bytes(data), "坏.parquet")))
    assert problem.kind.name == "batch-unreadable" and "坏.parquet" in problem.message("zh")
    assert "CSV" not in problem.remedy("zh") + problem.remedy("en")


def test_the_broken_one_of_several_is_named() -> None:
    pytest.importorskip("polars", reason="the extra `batch` is not installed")
    Path("表").mkdir()
    parquet("表/1.parquet")
    Path("表/2.parquet").write_bytes(b"PAR1 nothing PAR1")
    [problem] = found(lambda: prepare("表", rules()))
    assert problem.kind.name == "batch-unreadable" and "表/2.parquet" in problem.message("zh")


@pytest.mark.parametrize("word", ["空", "没有/*.parquet", "a.txt", "**x/*.csv"])
def test_nothing_to_read(word: str) -> None:
    Path("空").mkdir()
    Path("a.txt").write_text("x")
    assert [problem.kind.name for problem in found(lambda: prepare(word, rules()))] == ["batch-no-table"]


def test_only_a_header() -> None:
    pytest.importorskip("polars", reason="the extra `batch` is not installed")
    for engine in ("polars", "python"):
        for name in (table("project,支出,到位\n"), parquet("空.parquet", "project,支出,到位\n")):
            assert [problem.kind.name for problem in found(lambda: scored(name, engine))] == ["batch-empty"]  # noqa: B023


def test_form_by_its_first_bytes() -> None:
    pytest.importorskip("polars", reason="the extra `batch` is not installed")
    shutil.copy(parquet("表.parquet"), "表格")
    assert prepare("表格", rules()).source.form == "parquet"


@pytest.mark.parametrize("engine", ["polars", "duckdb", "python"])
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('project,支出,到位\n甲,5,10\n12"管道,5,10\n', 3),
        ('project,支出,到位\n"甲"乙,5,10\n', 2),
        ('project,支出,到位\n"甲\n乙",5,10\n丙"丁",5,10\n', 4),
    ],
)
def test_a_quote_within_a_cell_is_told_on_every_engine(text: str, line: int, engine: str) -> None:
    pytest.importorskip("polars", reason="the extra `batch` is not installed")
    with pytest.raises(ProblemsFound) as caught:
        scored(table(text), engine)
    [problem] = caught.value.problems
    assert (problem.kind.name, problem.where.line if problem.where else 0) == ("batch-unreadable", line)


def test_quotes_around_cells_are_none_of_it() -> None:
    scored(table('project,支出,到位\n"12""管道","5",10\n"甲\n""乙""",5,10\r\n'), "python")


def test_an_arrow_stream_is_named() -> None:
    pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
    pl.DataFrame({"project": ["甲"], "支出": ["1"], "到位": ["2"]}).write_ipc_stream("表.arrow")
    with pytest.raises(ProblemsFound) as caught:
        prepare("表.arrow", rules())
    [problem] = caught.value.problems
    assert problem.kind.name == "batch-no-table" and "Parquet" in problem.message("zh")


@pytest.mark.parametrize("engine", ["polars", "duckdb", "python"])
def test_a_file_that_is_damaged_inside_is_named_on_every_engine(engine: str) -> None:
    pl = pytest.importorskip("polars", reason="the extra `batch` is not installed")
    names = [f"项目{number}" for number in range(5000)]
    pl.DataFrame({"project": names, "支出": ["5"] * 5000, "到位": ["10"] * 5000}).write_parquet("表.parquet")
    data = bytearray(Path("表.parquet").read_bytes())
    data[200:400] = bytes(200)
    Path("表.parquet").write_bytes(data)
    with pytest.raises(ProblemsFound) as caught:
        scored("表.parquet", engine)
    assert [problem.kind.name for problem in caught.value.problems] == ["batch-unreadable"]
