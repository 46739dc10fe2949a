"""What may be a number of a person stands in full in no finding, in no format; what is none is left as it is."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from perfeval.auditing._personal import masked, numbers, without_numbers
from perfeval.problems import ProblemKind, Severity, Where

MOBILE, ID, CARD = "13812345678", "999999190001010015", "6200000000000013"
LINE = f"电话{MOBILE}，身份证{ID}，卡号{CARD}，2023年2月30日联系。"
KIND = ProblemKind("test-personal", "「{name}」", "", "“{name}”", "", Severity.NOTE)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_no_format_prints_one(form: str, tmp_path: Path, cli: Callable) -> None:
    (tmp_path / "报告.txt").write_text(LINE, "utf-8")
    done = cli("audit", "--report", str(tmp_path / "报告.txt"), "--format", form, "--fail-on", "never")
    assert done.code == 0
    assert "date-impossible" in done.out
    for number in (MOBILE, ID, CARD):
        assert number not in done.out + done.err
        assert masked(number) in done.out


def test_places_stay(tmp_path: Path, cli: Callable) -> None:
    """A masked number is as long as the number: columns and marks fit."""
    (tmp_path / "报告.txt").write_text(LINE, "utf-8")
    told = json.loads(cli("audit", "--report", str(tmp_path / "报告.txt"), "--format", "json").out)["findings"]
    date = next(one for one in told if one["check"] == "date-impossible")
    assert date["quote"][date["column"] - 1 :].startswith("2023年2月30日")


def test_comments_and_the_copy(tmp_path: Path, cli: Callable) -> None:
    """A comment that quotes a paragraph, as the one of a broken numbering does."""
    document = Document()
    for text in ("一、概况", f"六、联系人电话{MOBILE}"):
        document.add_heading(text, 1)
    document.save(str(tmp_path / "报告.docx"))
    done = cli("audit", "--report", str(tmp_path / "报告.docx"), "--annotate", str(tmp_path / "批注.docx"))
    with zipfile.ZipFile(tmp_path / "批注.docx") as archive:
        comments = archive.read("word/comments.xml").decode()
    assert "chapter-numbering" in comments
    assert MOBILE not in comments + done.out
    assert masked(MOBILE) in comments


def test_one_finding_for_a_cell_of_word(tmp_path: Path, cli: Callable) -> None:
    """A row of Word is a paragraph too."""
    document = Document()
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("姓名", "电话", "凭证号", "甲", MOBILE, "15900001234"), strict=True
    ):
        cell.text = text
    document.save(str(tmp_path / "报告.docx"))
    told = json.loads(cli("audit", "--report", str(tmp_path / "报告.docx"), "--format", "json").out)["findings"]
    assert [one["check"] for one in told] == ["personal-data"]


def test_a_value_that_is_a_figure() -> None:
    """All of a value, it may be an amount, unless the quote has it as a mobile number."""

    def shown(quote: str, value: str) -> str:
        return without_numbers(KIND.on(Where("a", 1, 1, quote), name=value)).values["name"]

    assert shown(f"总投资{MOBILE}元", MOBILE) == MOBILE
    assert shown(f"电话{MOBILE}", MOBILE) == masked(MOBILE)
    assert shown("", f"甲 {MOBILE}") == f"甲 {masked(MOBILE)}"
    assert shown("", ID) == masked(ID)


@pytest.mark.parametrize(
    "text", ["项目总投资{}元", "投资{}", "记账凭证号{}", "凭证号码为{}", "编号：{}", "{}万元", "{} 亿元", "合计{}", "{}万，"]
)
def test_no_mobile_number(text: str) -> None:
    assert not list(numbers(text.format(MOBILE)))


@pytest.mark.parametrize(
    "text", ["{}", "甲 {} 张某", "甲{}万某", "合同电话{}", "项目投资人手机号：{}", "微信{}元旦联系", "{} 万某", "账号{}"]
)
def test_a_mobile_number(text: str) -> None:
    assert [one.shown for one in numbers(text.format(MOBILE))] == [MOBILE]


def test_a_row_of_cells() -> None:
    """In a quote, a word before a blank may be another cell: better hidden than told."""
    assert not list(numbers(f"凭证 {MOBILE}"))
    assert list(numbers(f"凭证 {MOBILE}", in_row=True))
