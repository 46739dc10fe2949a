"""audit: reports in all formats find the same; what cannot be read is told in one line; comments in a copy of a Word report."""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml

from auditing.test_cases import BASE
from perfeval.problems import Lang
from reading.documents_made import REPORT, Heading, Text, as_pdf, as_text, as_word, saved
from reading.test_documents_pdf import drawn
from reading.test_documents_unreadable import BOMB, OLE, zipped
from reading.test_documents_word import NUMBERING, in_list, paragraph, run

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MADE = {"txt": as_text, "docx": as_word, "pdf": as_pdf}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The report in all formats, in the current folder."""
    for ending, make in MADE.items():
        (tmp_path / f"报告.{ending}").write_bytes(make(REPORT))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def findings(cli: Callable, *arguments: str) -> list[tuple[str, str, str]]:
    """Check, message, and the words that are marked; without blanks, and without the lines that a message names."""
    told = json.loads(cli("audit", *arguments, "--format", "json").out)["findings"]

    def plain(text: str) -> str:
        return re.sub(r"\s|第\s*\d+\s*行的?\(line \d+\)|第\d+页第\d+行|表\d+第\d+行|第\d+段", "", text)

    return sorted((one["check"], plain(one["message"]), plain(one["quote"][one["column"] - 1 :])[:4]) for one in told)


@pytest.mark.usefixtures("folder")
def test_all_formats_find_the_same(cli: Callable) -> None:
    text = findings(cli, "--report", "报告.txt")
    assert {"printed-sum", "printed-rate", "printed-count", "printed-differs", "chapter-numbering", "amount-unit"} <= {
        one for one, _, _ in text
    }
    assert findings(cli, "--report", "报告.docx") == text
    assert findings(cli, "--report", "报告.pdf") == text


@pytest.mark.parametrize("height", [300, 420, 520, 600])
def test_page_breaks_change_nothing(height: int, folder: Path, cli: Callable) -> None:
    (folder / "短页.pdf").write_bytes(as_pdf(REPORT, height))
    assert findings(cli, "--report", "短页.pdf") == findings(cli, "--report", "报告.txt")


@pytest.mark.usefixtures("folder")
def test_places(cli: Callable) -> None:
    """Where people find it, with the words quoted; in all output formats."""
    assert re.search(r"^报告\.docx!表1第4行: .* printed-rate\n +\d+ │ .*\n +│ +\^\^\^\n", cli("audit", "--report", "报告.docx").out, re.M)
    assert re.search(r"^报告\.pdf!第1页第\d+行: .* printed-rate\n", cli("audit", "--report", "报告.pdf").out, re.M)
    told = json.loads(cli("audit", "--report", "报告.docx", "--format", "json", "--select", "printed-sum").out)
    assert [one["spot"] for one in told["findings"]] == ["表1第5行"]
    (run,) = json.loads(cli("audit", "--report", "报告.docx", "--format", "sarif", "--select", "printed-sum").out)["runs"]
    assert run["results"][0]["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "表1第5行"}]


UNREADABLE: dict[str, tuple[str, bytes | None]] = {
    "report-old-word": ("旧的.doc", OLE + bytes(100)),
    "report-encrypted": ("加密.docx", OLE + "EncryptedPackage".encode("utf-16-le")),
    "report-scanned": ("扫描.pdf", drawn([], [])),
    "report-broken": ("坏的.pdf", b"%PDF-1.7 ..."),
    "report-not-safe": ("恶意.docx", zipped({"word/styles.xml": BOMB})),
    "report-not-utf8": ("国标.txt", "得分 5 分\n".encode("gb18030")),
    "report-not-a-file": ("链接.docx", None),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read(name: str, folder: Path, cli: Callable, golden: Callable[[str, str], None]) -> None:
    file, data = UNREADABLE[name]
    if data is None:
        (folder / file).symlink_to(folder / "报告.docx")
    else:
        (folder / file).write_bytes(data)
    texts = {lang: cli("audit", "--report", file, "--lang", lang) for lang in ("zh", "en")}
    assert {(one.code, one.out) for one in texts.values()} == {(2, "")}
    golden(f"sources/{name}.txt", texts["zh"].err + "\n" + texts["en"].err)


@pytest.mark.usefixtures("folder")
def test_without_the_libraries(cli: Callable, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    texts = {lang: cli("audit", "--report", "报告.docx", "--lang", lang) for lang in ("zh", "en")}
    assert {(one.code, one.out) for one in texts.values()} == {(2, "")}
    golden("sources/report-reader-missing.txt", texts["zh"].err + "\n" + texts["en"].err)


def test_a_report_in_part(folder: Path, cli: Callable, golden: Callable[[str, str], None]) -> None:
    """What was not read is told, what was read is audited, and the exit code is that of what was found."""
    (folder / "有扫描页.pdf").write_bytes(drawn([(70, 700, "本项目于 2023 年 2 月 30 日完成。")], []))
    texts = {lang: cli("audit", "--report", "有扫描页.pdf", "--lang", lang) for lang in ("zh", "en")}
    assert {one.code for one in texts.values()} == {1}
    assert "date-impossible" in texts["zh"].out
    golden("sources/report-in-part.txt", texts["zh"].err + "\n" + texts["en"].err)
    told = json.loads(cli("audit", "--report", "有扫描页.pdf", "--format", "json").out)
    assert [one["check"] for one in told["unread"]] == ["report-in-part"]
    (run,) = json.loads(cli("audit", "--report", "有扫描页.pdf", "--format", "sarif").out)["runs"]
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert (notification["level"], notification["descriptor"]) == ("note", {"id": "report-in-part"})
    assert cli("audit", "--report", "有扫描页.pdf", "--format", "github").out.startswith("::notice file=有扫描页.pdf")
    (folder / "半张表.txt").write_text("表 1 得分表\n一级指标 二级指标 权重 得分\n过程（5分）\n到位率 5 5\n6 6\n合计 11 11\n", "utf-8")
    assert re.search(r"半张表\.txt:2:1: .* report-in-part", cli("audit", "--report", "半张表.txt").err)


def comments(data: bytes) -> dict[str, str]:
    """What each comment says, and the text that it stands around."""
    document = Document(BytesIO(data))
    found: dict[str, str] = {}
    for comment in document.comments:
        inside, text = False, ""
        for element in document.element.body.iter():
            if element.tag == f"{W}commentRangeStart" and element.get(f"{W}id") == str(comment.comment_id):
                inside = True
            elif element.tag == f"{W}commentRangeEnd" and element.get(f"{W}id") == str(comment.comment_id):
                inside = False
            elif inside and element.tag == f"{W}t":
                text += element.text
        found[comment.text] = text
    return found


def text_of(data: bytes) -> list[str]:
    """Every paragraph of the body, those of tables too."""
    return ["".join(text.text or "" for text in one.iter(f"{W}t")) for one in Document(BytesIO(data)).element.body.iter(f"{W}p")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_comments(lang: Lang, folder: Path, cli: Callable, golden: Callable[[str, str], None]) -> None:
    """One comment for each finding, around the words that are meant; the text of the report stays as it is."""
    done = cli("audit", "--report", "报告.docx", "--annotate", "批注.docx", "--lang", lang)
    told = json.loads(cli("audit", "--report", "报告.docx", "--format", "json", "--lang", lang).out)["findings"]
    data = (folder / "批注.docx").read_bytes()
    assert done.code == 1
    assert ("批注 9 处，已写入 批注.docx。" if lang == "zh" else "9 comments, written to 批注.docx.") in done.out
    assert text_of(data) == text_of(as_word(REPORT))
    found = comments(data)
    assert len(found) == len(told) == 9
    golden(f"cli/audit-comments-{lang}.txt", "".join(f"[{around}]\n{text}\n\n" for text, around in found.items()))
    assert {(one.author, one.initials, one.timestamp) for one in Document(BytesIO(data)).comments} == {("perfeval", "P", None)}


@pytest.fixture
def project(folder: Path) -> Path:
    """The clean project beside the reports, with one defect in its rules."""
    shutil.copytree(BASE, folder / "项目")
    path = folder / "项目/indicators.yaml"
    path.write_text(path.read_text("utf-8").replace("at_least: 60%}", "at_least: 71%}"), "utf-8")
    return folder / "项目"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("most", [50, 0])
def test_what_is_found_elsewhere(most: int, folder: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in the project's files is listed in one comment at the beginning, and where there is much of it counted."""
    monkeypatch.setattr("perfeval.cli._word_comments._MOST_LISTED", most)
    done = cli("audit", "项目", "--report", "报告.docx", "--annotate", "批注.docx")
    assert "其余列在开头的批注里" in done.out
    (first, around), *others = comments((folder / "批注.docx").read_bytes()).items()
    assert around == "乡村道路养护补助资金"
    assert first.startswith("在报告以外的文件里：共 ")
    assert ("项目/indicators.yaml:16:" in first and "constraint-broken" in first) is bool(most)
    assert bool(re.search(r"……另有 \d+ 条。", first)) is not bool(most)
    told = re.search(r"批注 (\d+) 处", done.out)
    assert told is not None
    assert len(others) == int(told[1])


def test_same_bytes(folder: Path, cli: Callable) -> None:
    """Written anew it is the same; no clock is in it."""
    bytes_ = set()
    for name in ("甲.docx", "乙.docx", "甲.docx"):
        assert cli("audit", "--report", "报告.docx", "--annotate", name).code == 1
        bytes_.add((folder / name).read_bytes())
    assert len(bytes_) == 1
    with zipfile.ZipFile(folder / "甲.docx") as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert b"w:date=" not in archive.read("word/comments.xml")


@pytest.mark.parametrize("called", ["甲.docx", "./甲.docx", "连接.docx"])
def test_a_copy_does_not_replace_the_report_it_is_of(called: str, folder: Path, cli: Callable) -> None:
    """A copy that we wrote may be written anew, but not out of itself: its comments would stand there twice."""
    assert cli("audit", "--report", "报告.docx", "--annotate", "甲.docx").code == 1
    os.link(folder / "甲.docx", folder / "连接.docx")
    before = (folder / "甲.docx").read_bytes()
    done = cli("audit", "--report", "甲.docx", "--annotate", called)
    assert (done.code, "就是要审查的报告" in done.err, done.out) == (2, True, "")
    assert (folder / "甲.docx").read_bytes() == before
    assert cli("audit", "--report", "甲.docx", "--annotate", "乙.docx").code == 1


def test_no_findings_still_a_copy(folder: Path, cli: Callable) -> None:
    (folder / "好的.docx").write_bytes(as_word([Heading("一、项目概况"), Text("没有问题。")]))
    done = cli("audit", "--report", "好的.docx", "--annotate", "批注.docx")
    assert (done.code, done.out) == (0, "没有发现矛盾。\n批注 0 处，已写入 批注.docx。\n")
    assert comments((folder / "批注.docx").read_bytes()) == {}


def test_json_stays_json(folder: Path, cli: Callable) -> None:
    done = cli("audit", "--report", "报告.docx", "--annotate", "批注.docx", "--format", "json")
    assert len(json.loads(done.out)["findings"]) == len(comments((folder / "批注.docx").read_bytes()))


def test_a_comment_stands_around_its_words(folder: Path, cli: Callable) -> None:
    """In a run with other words, over several runs with their looks, in a link; comments of others stay."""
    document = Document()
    paragraph = document.add_paragraph()
    paragraph.add_run("验收定在 20")
    paragraph.add_run("23 年 2 月").bold = True
    paragraph.add_run(" 30 日，已办完。").italic = True
    document.add_comment(paragraph.runs[2], "请核对。", "张三", "张")
    (folder / "几段.docx").write_bytes(saved(document))
    assert cli("audit", "--report", "几段.docx", "--annotate", "批注.docx", "--select", "date-impossible").code == 1
    data = (folder / "批注.docx").read_bytes()
    (others, own) = comments(data).items()
    assert others == ("请核对。", " 30 日，已办完。")
    assert own[1] == "2023 年 2 月 30 日"
    runs = [(one.text, one.bold, one.italic) for one in Document(BytesIO(data)).paragraphs[0].runs if one.text]
    assert runs == [
        ("验收定在 ", None, None),
        ("20", None, None),
        ("23 年 2 月", True, None),
        (" 30 日", None, True),
        ("，已办完。", None, True),
    ]


def test_a_number_that_word_counts_is_commented_at_its_paragraph(folder: Path, cli: Callable) -> None:
    """A finding may lie in what Word writes by itself; the comment stands around the paragraph."""
    document = Document()
    document.part.numbering_part._element = parse_xml(NUMBERING)
    document.element.body.append(parse_xml(paragraph(run("基本情况"), in_list(0))))
    document.element.body.append(parse_xml(paragraph(run("评价结论"), in_list(0, 4))))
    (folder / "编号.docx").write_bytes(saved(document))
    assert cli("audit", "--report", "编号.docx", "--annotate", "批注.docx").code == 1
    ((text, around),) = comments((folder / "批注.docx").read_bytes()).items()
    assert "chapter-numbering" in text
    assert around == "评价结论"


def test_what_is_there_stays(folder: Path, cli: Callable) -> None:
    """Only a copy that perfeval wrote and nobody has changed is written anew."""
    whole = (folder / "报告.docx").read_bytes()
    assert cli("audit", "--report", "报告.docx", "--annotate", "批注.docx").code == 1
    (folder / "链接.docx").symlink_to("批注.docx")
    (folder / "文件夹.docx").mkdir()
    (folder / "文字.docx").write_text("我的", "utf-8")
    changed = Document(folder / "批注.docx")
    changed.save(folder / "改过.docx")
    for name in ("报告.docx", "链接.docx", "文件夹.docx", "文字.docx", "改过.docx"):
        done = cli("audit", "--report", "报告.docx", "--annotate", name)
        assert (done.code, done.out) == (2, "")
        assert "不覆盖" in done.err
    assert (folder / "报告.docx").read_bytes() == whole
    assert (folder / "文字.docx").read_text("utf-8") == "我的"


def test_usage(folder: Path, cli: Callable) -> None:
    (folder / "其实是.docx").write_bytes(as_pdf(REPORT))
    for arguments, told in (
        (("--report", "报告.pdf", "--annotate", "批注.docx"), "--report 报告.docx"),
        ((str(BASE), "--annotate", "批注.docx"), "--report 报告.docx"),
        (("--report", "报告.docx", "--annotate", "批注.pdf"), "写的是 .docx 文件"),
        (("--report", "报告.docx", "--annotate", "没有/批注.docx"), "没有文件夹「没有」"),
        (("--report", "其实是.docx", "--annotate", "批注.docx"), "只给 Word 报告加批注"),
    ):
        done = cli("audit", *arguments)
        assert (done.code, done.out) == (2, "")
        assert told in done.err
        assert not (folder / "批注.docx").exists()


def test_nothing_is_written_where_that_fails(folder: Path, cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (folder / "出").mkdir()
    monkeypatch.setattr("perfeval.reports.files.os.fsync", full)
    done = cli("audit", "--report", "报告.docx", "--annotate", "出/批注.docx")
    assert done.code == 3
    assert "没有写成" in done.err
    assert list((folder / "出").iterdir()) == []
