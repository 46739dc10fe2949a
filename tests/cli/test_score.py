"""score: the board, the reports, the exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

WIDE = {"WFA"[0], "WFA"[1]}


def columns_of(text: str) -> int:
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(c) in WIDE else 1 for c in text)


def test_the_real_evaluation(example: Path, cli: Callable) -> None:
    done = cli("score", example)
    assert done.code == 0
    *_, total, written = done.out.splitlines()
    assert total == "总分 88.5 / 100　得分率 88.5%　等级 良"
    assert written == f"已写入 {example}/reports：report.md、report.html、result.json"
    assert sorted(path.name for path in (example / "reports").iterdir()) == ["manifest.json", "report.html", "report.md", "result.json"]
    told = json.loads((example / "reports/manifest.json").read_text("utf-8"))
    for name, entry in told["files"].items():
        assert sha256((example / "reports" / name).read_bytes()).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("wide", [40, 60, 80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_board_fits_its_width(wide: int, lang: str, example: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(wide))
    out = cli("score", example, "--no-report", "--lang", lang).out
    rows = out.splitlines()[:-1]  # the total's line may be longer than 40 columns
    assert max(map(columns_of, rows)) <= wide
    assert "\x1b" not in out
    assert not any(row.endswith(" ") for row in rows)


def test_the_board_at_80_columns(example: Path, cli: Callable, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    golden("cli/score-80.txt", cli("score", example, "--no-report").out)


def test_json_and_nothing_else(example: Path, cli: Callable) -> None:
    done = cli("score", example, "--json")
    assert (done.code, done.err) == (0, "")
    told = json.loads(done.out)
    assert (told["total"], told["grade"], told["rate"]) == ("88.5", "良", "0.885")
    assert not (example / "reports").exists()
    assert str(example.parent) not in done.out
    assert done.out == cli("score", example, "--json", "--lang", "en").out


def test_json_of_a_faulty_folder_prints_nothing(starter: Path, cli: Callable, edit: Callable) -> None:
    edit(starter / "evidence.yaml", "  实际助餐人次: {value: 57600, source: 刷卡记录汇总表}\n", "")
    done = cli("score", starter, "--json")
    assert (done.code, done.out) == (2, "")
    assert "错误 missing-evidence" in done.err


def test_formats(example: Path, cli: Callable, tmp_path: Path) -> None:
    assert cli("score", example, "-o", tmp_path / "a/b", "--format", "md", "-q").out == ""
    assert sorted(path.name for path in (tmp_path / "a/b").iterdir()) == ["manifest.json", "report.md", "result.json"]
    cli("score", example, "-o", tmp_path / "c", "--format", "json")
    assert sorted(path.name for path in (tmp_path / "c").iterdir()) == ["manifest.json", "result.json"]
    done = cli("score", example, "--format", "md,docx")
    assert done.code == 2
    assert "没有报告格式「docx」，可用的有：md, html, json。" in done.err


def test_reports_that_are_out_of_date_are_named(starter: Path, cli: Callable) -> None:
    cli("score", starter)
    assert cli("score", starter, "--format", "md").out.endswith("（report.html 是以前写的，这次没有更新）\n")


def test_a_failure_leaves_old_reports(starter: Path, cli: Callable, edit: Callable) -> None:
    cli("score", starter)
    before = {path.name: path.read_bytes() for path in (starter / "reports").iterdir()}
    edit(starter / "evidence.yaml", "points: 7", "points: 99")
    assert cli("score", starter).code == 2
    assert {path.name: path.read_bytes() for path in (starter / "reports").iterdir()} == before


@pytest.mark.parametrize(("least", "code"), [("88.5", 0), ("88.50000000001", 1), ("0", 0), ("88.5分", 0), ("100", 1)])
def test_fail_under_is_exact(least: str, code: int, example: Path, cli: Callable) -> None:
    assert cli("score", example, "--no-report", "-q", "--fail-under", least) == (type(cli("-h"))(code, "", ""))


def test_fail_under_wants_points(example: Path, cli: Callable) -> None:
    for text in ("良", "90%", "1e2", ""):
        assert cli("score", example, "--fail-under", text).code == 2


def test_partial(starter: Path, cli: Callable, edit: Callable) -> None:
    edit(starter / "evidence.yaml", "  实际助餐人次: {value: 57600, source: 刷卡记录汇总表}\n", "")
    done = cli("score", starter, "--partial")
    assert done.code == 0
    assert "还缺：实际助餐人次" in done.out
    assert "总分 70.97～85.97 / 100　等级 待定　1 个指标待定" in done.out
    for least, code, said in (
        ("70.97", 0, "至少有 70.97 分，已达到 70.97 分"),
        ("71", 1, "（70.97～85.97），还不能肯定达到 71 分"),
        ("86", 1, "最多 85.97 分，达不到 86 分"),
    ):
        asked = cli("score", starter, "--partial", "--fail-under", least, "--no-report")
        assert (asked.code, said in asked.out) == (code, True)
        assert cli("score", starter, "--partial", "--fail-under", least, "--json").code == code
    told = json.loads(cli("score", starter, "--partial", "--json").out)
    assert (told["total"], told["low"], told["high"], told["grade"]) == (None, "70.97", "85.97", None)


def test_data_is_never_markup(starter: Path, cli: Callable, edit: Callable) -> None:
    edit(starter / "project.yaml", "name: 某镇社区老年食堂运营补助项目", 'name: "[red]x[/red] :smile: [link=http://a]b[/link]"')
    edit(starter / "evidence.yaml", "reason: 四季度运营补助跨年支付。", 'reason: "[bold]扣[/] [/nothing] \\\\[x]"')
    out = cli("score", starter, "--no-report").out
    assert out.startswith("[red]x[/red] :smile: [link=http://a]b[/link]  某镇人民政府\n")
    assert "扣 1.33：[bold]扣[/] [/nothing] \\[x]" in out


def test_project_yaml_may_be_named(example: Path, cli: Callable) -> None:
    assert cli("score", example / "project.yaml", "--json").code == 0


def test_warnings_come_first_and_are_counted(starter: Path, cli: Callable, edit: Callable) -> None:
    edit(starter / "evidence.yaml", "value: 60000,", "value: ６0000,")
    done = cli("score", starter, "--no-report")
    assert done.code == 0
    assert "提示 full-width" in done.err
    assert done.out.endswith("警告和提示 1 条，见上。\n")
    assert cli("score", starter, "--no-report", "-q").err == ""


def test_unknown_formats_of_the_project_are_faults_of_the_file(
    starter: Path,
    cli: Callable,
    edit: Callable,
    golden: Callable[[str, str], None],
) -> None:
    edit(starter / "project.yaml", "formats: [md, html]", "formats: [md, dcx]")
    edit(starter / "evidence.yaml", "points: 7\n", "points: 70\n")
    done = cli("score", starter, "--no-report")
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith("共 2 个错误\n")
    assert "错误 report-format" in done.err
    assert "formats 里写下列的：md、html、json。" in done.err
    edit(starter / "evidence.yaml", "points: 70\n", "points: 7\n")
    done = cli("score", starter, "--no-report")
    assert done.code == 2
    golden("cli/report-format.txt", done.err.replace(str(starter), "starter"))


def test_a_place_that_cannot_be_written_is_one_line(starter: Path, cli: Callable) -> None:
    (starter / "reports").write_text("in the way")
    done = cli("score", starter)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("报告没有写成，原有的文件未动")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("inside", [True, False])
def test_reports_behind_a_link_are_not_written(inside: bool, starter: Path, tmp_path: Path, cli: Callable) -> None:
    """A folder from elsewhere must not choose what is written to; who asks for it by -o may."""
    out = starter / "out" if inside else tmp_path / "out"
    out.mkdir()
    (starter / "reports").symlink_to(out)
    for arguments in ([], ["--format", "md"]):
        done = cli("score", starter, *arguments)
        assert (done.code, done.out) == (2, "")
        assert f"「{starter / 'reports'}」是链接" in done.err
        assert list(out.iterdir()) == []
    assert cli("score", starter, "--no-report").code == 0
    assert cli("score", starter, "--json").code == 0
    assert cli("score", starter, "-q", "-o", starter / "reports").code == 0
    assert (out / "result.json").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="names are bytes on POSIX")
def test_a_name_in_another_encoding_is_not_what_was_meant(starter: Path, program: Callable) -> None:
    """A hint holds names that can be printed; the others on the disk may come from a GBK archive."""
    (starter / "data/payments.csv").unlink()
    (starter / "data" / os.fsdecode(b"payments" + "表".encode("gbk") + b".csv")).write_text("")
    done = program("score", starter)
    assert done.returncode == 2, done.stderr
    assert b"file-not-found" in done.stderr
    assert "是不是想写".encode() not in done.stderr
    (starter / "data/payment.csv").write_text("")
    assert "您是不是想写「payment.csv」？".encode() in program("score", starter).stderr
