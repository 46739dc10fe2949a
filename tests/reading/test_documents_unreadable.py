"""Reports that must not be read, or cannot be: hostile archives and PDFs, old and encrypted files, missing libraries."""

from __future__ import annotations

import builtins
import resource
import signal
import sys
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from perfeval.problems import Fault, ProblemsFound
from perfeval.reading.documents import open_report, package, pdf_drawn, read_report, report_from, watched
from reading.documents_made import REPORT, as_pdf, as_text, as_word
from reading.test_documents_pdf import bare_pdf

WORD, PDF = as_word(REPORT), as_pdf(REPORT)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOMB = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><w>&b;</w>'
EXTERNAL = b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w>&a;</w>'


def told(name: str, data: bytes) -> tuple[str, str]:
    """The kind of problem, and why."""
    with pytest.raises(Fault) as raised:
        report_from(name, data)
    return raised.value.kind.name, raised.value.values.get("why", "")


def zipped(parts: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    """A Word file with more parts, or others."""
    file = BytesIO()
    with ZipFile(BytesIO(WORD)) as whole, ZipFile(file, "w", method) as archive:
        for name in whole.namelist():
            archive.writestr(name, parts.pop(name, whole.read(name)))
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"word/media/x.bin": bytes(package.MAX_UNPACKED)}, "展开后有"),
        ({"word/media/x.bin": bytes(20_000_000)}, "倍"),
        ({"word/x.xml": b"<w>" + b"x1y2" * 3_000_000}, "倍"),
        ({f"word/{at}": b"" for at in range(package.MAX_PARTS)}, "个文件"),
        ({"../../evil.xml": b"<w/>"}, "指向外面"),
        ({"/etc/evil": b""}, "指向外面"),
        ({"C:evil": b""}, "指向外面"),
        ({"word\\..\\evil": b""}, "指向外面"),
        ({"word/styles.xml": BOMB}, "DTD"),
        ({"word/styles.xml": EXTERNAL}, "DTD"),
        ({"word/comments.xml": BOMB.decode().encode("utf-16")}, "DTD"),
        ({"word/styles.png": b"\xef\xbb\xbf \n" + BOMB}, "DTD"),
    ],
)
def test_hostile_archives(parts: dict[str, bytes], why: str) -> None:
    kind, reason = told("report.docx", zipped(dict(parts)))
    assert (kind, why in reason) == ("report-not-safe", True), reason


def test_much_xml(monkeypatch: pytest.MonkeyPatch) -> None:
    """What begins as XML counts as XML, whatever it is called."""
    monkeypatch.setattr(package, "MAX_NEEDED", 7_000_000)
    assert "的内存" in told("report.docx", zipped({"word/media/x.png": b"<w>" + bytes(range(256)) * 800}))[1]


def test_two_parts_of_one_name() -> None:
    file = BytesIO(WORD)
    with pytest.warns(UserWarning, match="Duplicate name"), ZipFile(file, "a") as archive:
        archive.writestr("word/document.xml", b"<w/>")
    kind, reason = told("report.docx", file.getvalue())
    assert (kind, "重名" in reason) == ("report-not-safe", True)


def test_a_size_that_lies() -> None:
    """More than an archive says is in it is never unpacked."""
    data = zipped({"word/big.xml": b"<w>" + b"x" * 500_000})
    said = (500_003).to_bytes(4, "little")
    assert data.count(said) == 2  # in the header of the part, and in the list of all
    assert told("report.docx", data.replace(said, (3).to_bytes(4, "little")))[0] == "report-broken"


@pytest.mark.parametrize("cut", [0, 10, 200, -300, -20])
def test_damaged_archives(cut: int) -> None:
    assert told("report.docx", WORD[:cut])[0] == "report-broken"


def test_an_archive_of_something_else() -> None:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as archive:
        archive.writestr("a.txt", "x")
    assert told("report.docx", file.getvalue())[0] == "report-broken"


def test_encrypted_parts() -> None:
    data = bytearray(WORD)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(sign)
        data[at + offset] |= 1
    assert told("report.docx", bytes(data))[0] == "report-encrypted"


def test_old_and_encrypted_word_files() -> None:
    """Both are containers of the old kind; an encrypted one names what it holds."""
    assert told("report.doc", OLE + bytes(600))[0] == "report-old-word"
    assert told("report.docx", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"))[0] == "report-encrypted"


def test_what_a_file_is_counts_more_than_its_name() -> None:
    text = report_from("report.txt", as_text(REPORT)).document
    assert (
        len(report_from("report.docx", PDF).document.tables)
        == len(report_from("report.txt", WORD).document.tables)
        == len(text.tables)
        == 2
    )
    assert report_from("report.pdf", WORD).word is not None
    assert report_from("report.docx", PDF).word is None
    assert told("report.pdf", b"no pdf")[0] == told("report.docx", b"no docx")[0] == "report-broken"


def test_a_text_with_faults_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_bytes("得分 5 分\n".encode("gb18030"))
    with pytest.raises(ProblemsFound) as raised:
        read_report(tmp_path / "report.txt")
    assert [problem.kind.name for problem in raised.value.problems] == ["report-not-utf8"]
    for data in (b"", b"\n \n\xe3\x80\x80\n", b"\xef\xbb\xbf"):
        (tmp_path / "report.txt").write_bytes(data)
        with pytest.raises(ProblemsFound) as raised:
            read_report(tmp_path / "report.txt")
        assert [problem.kind.name for problem in raised.value.problems] == ["report-broken"]
        assert "没有文字" in raised.value.problems[0].message("zh")


def test_files_on_disk(tmp_path: Path) -> None:
    """A report is named as it was typed; one that is a link, or is not there, is told."""
    (tmp_path / "report.docx").write_bytes(WORD)
    assert open_report(tmp_path / "report.docx", "./r.docx").document.name == "./r.docx"
    assert read_report(tmp_path / "report.docx").name == "report.docx"
    (tmp_path / "link.docx").symlink_to("report.docx")
    for name in ("link.docx", "none.docx"):
        with pytest.raises(ProblemsFound) as raised:
            read_report(tmp_path / name)
        (problem,) = raised.value.problems
        assert str(problem.where) == name


@pytest.mark.parametrize(("name", "data", "library"), [("report.docx", WORD, "docx"), ("report.pdf", PDF, "pdfminer")])
def test_a_missing_library(name: str, data: bytes, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(wanted: str, *rest: object) -> object:
        if wanted.split(".")[0] == library:
            raise ImportError(wanted)
        return real(wanted, *rest)

    for module in [one for one in sys.modules if one.split(".")[0] == library or one.endswith("documents.pdf_drawn")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.delattr("perfeval.reading.documents.pdf_drawn", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Fault) as raised:
        report_from(name, data)
    assert raised.value.kind.name == "report-reader-missing"
    assert "pip install 'perfeval[read]'" in raised.value.kind.remedy


def stream(dictionary: bytes, data: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (dictionary, len(data), data)


def one_page(contents: bytes, resources: bytes = b"", *more: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<%s>>>>" % resources
    return bare_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, contents, *more)


def forms(depth: int) -> bytes:
    """Each draws the next ten times."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]"
    inner = [stream(b"%s/Resources<</XObject<</X %d 0 R>>>>" % (form, 6 + at), b"/X Do " * 10) for at in range(depth)]
    return one_page(stream(b"", b"/X Do"), b"/XObject<</X 5 0 R>>", *inner, stream(form, b"0 0 m 10 10 l S"))


def wide_font() -> bytes:
    """Says how wide two thousand million signs are."""
    inner = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/W[0 2000000000 500]>>"
    font = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[%s]>>" % inner
    return one_page(stream(b"", b"BT /F 12 Tf (ab) Tj ET"), b"/Font<</F %s>>" % font)


def packed(size: int) -> bytes:
    return zlib.compress(b"q Q " * (size // 4), 9)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (lambda: one_page(stream(b"/Filter/FlateDecode", packed(pdf_drawn.MAX_STREAM + 4))), "展开后超过"),
        (lambda: one_page(stream(b"/Filter[/FlateDecode/FlateDecode]", packed(4000))), "不止一次"),
        (wide_font, "内存"),
        (lambda: forms(9), "秒"),
    ],
)
def test_hostile_pdfs(data: Callable[[], bytes], why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused in time and within memory, and what was raised late is not raised later."""
    monkeypatch.setattr(watched, "MAX_SECONDS", 1)
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    kind, reason = told("report.pdf", data())
    assert (kind, why in reason) == ("report-not-safe", True), reason
    assert time.process_time() - begun < 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000
    assert report_from("report.pdf", PDF).document.tables


def test_a_grid_of_many_cells() -> None:
    """Each field is looked at once, not once for every cell."""
    strokes = b"".join(b"50 %d m 210 %d l S %d 50 m %d 210 l S " % (at, at, at, at) for at in range(50, 211))
    text = b"BT /F 1 Tf 50.2 209.2 Td (7) Tj ET "
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    drawn_small = stream(b"", b"4 0 0 4 -200 -200 cm " + strokes + text)
    begun = time.process_time()
    (table,) = report_from("report.pdf", one_page(drawn_small, font)).document.tables
    assert (len(table.rows), len(table.rows[0])) == (160, 160)
    assert table.rows[0][0] is not None and table.rows[0][0].text == "7"
    assert time.process_time() - begun < watched.MAX_SECONDS


def test_pages_that_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the pages are put together to is under the same limit as their reading."""

    def slow(_pages: object) -> None:
        begun = time.process_time()
        while time.process_time() - begun < 10:
            pass

    monkeypatch.setattr(watched, "MAX_SECONDS", 1)
    monkeypatch.setattr("perfeval.reading.documents.pdf.pieces_of", slow)
    kind, reason = told("report.pdf", PDF)
    assert (kind, "秒" in reason) == ("report-not-safe", True)


def test_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_drawn, "MAX_PAGES", 2)
    kind, reason = told("report.pdf", as_pdf(REPORT, 300))
    assert (kind, "超过 2 页" in reason) == ("report-not-safe", True)


def test_streams_that_are_damaged_or_not_packed() -> None:
    """What the library can make of them is read."""
    text = b"BT /F 12 Tf 50 700 Td (In all 88.5 points) Tj ET "
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    whole = zlib.compress(text * 20)
    for contents in (stream(b"", text), stream(b"/Filter/FlateDecode", whole), stream(b"/Filter/FlateDecode", whole[:-8])):
        assert report_from("report.pdf", one_page(contents, font)).document.lines == ("In all 88.5 points",)
    kind, _ = told("report.pdf", one_page(stream(b"/Filter/FlateDecode", b"x" + whole), font))
    assert kind == "report-scanned"


def test_pictures_are_not_read() -> None:
    picture = stream(b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", b"x")
    resources = b"/XObject<</I 5 0 R>>/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    contents = stream(b"", b"q 100 0 0 100 0 0 cm /I Do Q BT /F 12 Tf 50 700 Td (Figure 1) Tj ET")
    assert report_from("report.pdf", one_page(contents, resources, picture)).document.lines == ("Figure 1",)


def test_fonts_that_do_not_tell_their_signs() -> None:
    """A page of signs that nobody can name is no text."""
    inner = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
    font = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[%s]>>" % inner
    assert (
        told("report.pdf", one_page(stream(b"", b"BT /F 12 Tf 50 700 Td (abcdefghij) Tj ET"), b"/Font<</F %s>>" % font))[0]
        == "report-scanned"
    )


def test_radicals_are_the_characters_they_look_like() -> None:
    mapped = stream(b"", b"1 begincodespacerange <00> <ff> endcodespacerange 2 beginbfchar <61> <2F00> <62> <7EA7> endbfchar")
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>>>"
    assert report_from("report.pdf", one_page(stream(b"", b"BT /F 12 Tf 50 700 Td (ab) Tj ET"), font, mapped)).document.lines == ("一级",)


def test_the_watch_is_not_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code that takes every exception for one of its own ends all the same; once it is over, nothing more is raised."""
    monkeypatch.setattr(watched, "MAX_SECONDS", 0)
    monkeypatch.setattr(watched, "_TICKS", 200)

    def stubborn() -> None:
        for _ in range(10**9):
            try:
                sum(range(100))
            except Exception:
                continue

    def deaf() -> None:
        swallowed = 0
        while True:
            try:
                while True:
                    sum(range(100))
            except BaseException:
                swallowed += 1
                if swallowed > 1:
                    raise

    for work in (stubborn, deaf):
        with pytest.raises(watched.TooMuch, match="秒还没读完"), watched.Watch():
            work()
    with watched.Watch():
        pass
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0
    assert signal.getsignal(signal.SIGPROF) is signal.SIG_DFL


def test_without_ticks() -> None:
    """In another thread than the first a report is read without a limit of time."""
    with ThreadPoolExecutor() as pool:
        assert len(pool.submit(report_from, "report.pdf", PDF).result().document.tables) == 2


@pytest.mark.parametrize(("system", "bytes_told"), [("win32", False), ("darwin", True), ("linux", True)])
def test_memory_on_other_systems(system: str, bytes_told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert bool(watched.most_memory()) is bytes_told
