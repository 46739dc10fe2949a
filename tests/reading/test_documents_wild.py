"""Reports that chance has damaged, or made: each is read, or told in one problem; a comment changes no word."""

from __future__ import annotations

import random
import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml import parse_xml

from perfeval.cli._word_comments import _comment, _packed
from perfeval.problems import Fault, Where
from perfeval.reading.documents import not_read, report_from
from perfeval.reading.documents.word import read_word, text_of
from reading.documents_made import REPORT, as_pdf, as_word, saved
from reading.test_documents_word import NUMBERING, in_list, paragraph, row, run, table

WORD, PDF = as_word(REPORT), as_pdf(REPORT, 420)
PIECES = [b"<w:tbl>", b"</w:tc>", b"<w:tc/>", b'w:val="-1"', b"99999999", b"-5", b"<w:tr/>", b"/Kids", b" R ", b"<<", b">>", b"stream"]
T = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def damaged(chance: random.Random, data: bytes) -> bytes:
    """Bytes changed, cut out, doubled, moved, put in; numbers that become others."""
    found = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        start = chance.randrange(len(found))
        end = min(len(found), start + chance.randrange(1, 40))
        match chance.randrange(6):
            case 0:
                found[start] = chance.randrange(256)
            case 1:
                del found[start:end]
            case 2:
                found[start:start] = found[start:end]
            case 3:
                at = chance.randrange(len(found))
                found[at:at] = found[start : start + 300]
            case 4:
                found[start:start] = chance.choice(PIECES)
            case _ if numbers := [one.span() for one in re.finditer(rb"\d+", bytes(found))]:
                first, last = chance.choice(numbers)
                found[first:last] = chance.choice([b"0", b"1", b"-1", b"99999999999", b"65536"])
    return bytes(found)


def damaged_word(chance: random.Random) -> bytes:
    """One part of the archive is damaged, most often the document itself; or the archive is."""
    if chance.random() < 0.25:
        return damaged(chance, WORD)
    file = BytesIO()
    with ZipFile(BytesIO(WORD)) as parts, ZipFile(file, "w") as archive:
        names = parts.namelist()
        hit = chance.choice(["word/document.xml"] * len(names) + names)
        for name in names:
            archive.writestr(name, damaged(chance, parts.read(name)) if name == hit else parts.read(name))
    return file.getvalue()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("name", "make"), [("report.docx", damaged_word), ("report.pdf", lambda chance: damaged(chance, PDF))])
def test_damaged_reports(name: str, make: object, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(25):
        try:
            not_read(report_from(name, make(chance)).document)
        except Fault as fault:
            assert fault.kind.name in ("report-broken", "report-scanned", "report-not-safe", "report-encrypted"), seed


def words(chance: random.Random) -> str:
    return "".join(chance.choice("项目过程得分 1234%，") for _ in range(chance.randrange(8)))


def stretch(chance: random.Random) -> str:
    plain = run(words(chance), chance.choice(["", "<w:b/>", "<w:vanish/>"]))
    return chance.choice(
        [
            plain,
            plain,
            f"<w:ins>{plain}</w:ins>",
            f"<w:hyperlink>{plain}{run(words(chance))}</w:hyperlink>",
            f'<w:r><w:t>{words(chance)}</w:t><w:tab/><w:t xml:space="preserve"> {words(chance)} </w:t><w:br/><w:t>{words(chance)}</w:t></w:r>',
            "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>",
            f"<w:sdt><w:sdtContent>{plain}</w:sdtContent></w:sdt>",
            "<w:r><w:noBreakHyphen/></w:r>",
        ]
    )


def some_paragraph(chance: random.Random) -> str:
    return paragraph("".join(stretch(chance) for _ in range(chance.randrange(6))), chance.choice(["", in_list(0), in_list(2)]))


def some_table(chance: random.Random) -> str:
    def cell() -> str:
        return f"<w:tc><w:tcPr/>{some_paragraph(chance)}{some_paragraph(chance)}</w:tc>"

    return table(*(row(*(cell() for _ in range(chance.choice([1, 2, 3])))) for _ in range(chance.randrange(1, 4))))


def texts(document: object) -> list[str]:
    return ["".join(text.text or "" for text in one.iter(f"{T}t")) for one in document.element.body.iter(f"{T}p")]


@pytest.mark.parametrize("seed", range(40))
def test_comments_change_no_word(seed: int) -> None:
    """What a line says stands in the file where its marks lead; comments at any places leave every paragraph as it was."""
    chance = random.Random(seed)
    document = Document()
    document.part.numbering_part._element = parse_xml(NUMBERING)
    document.element.body.append(parse_xml(paragraph(run("开头"))))
    for _ in range(chance.randrange(1, 6)):
        document.element.body.append(parse_xml(chance.choice([some_paragraph, some_table])(chance)))
    word = read_word("report.docx", saved(document))
    for line, marks in zip(word.document.lines, word.marks, strict=True):
        for mark in marks:
            whole = "".join(one.text for one in text_of(mark.element))
            assert line[mark.start : mark.start + mark.length] == whole[mark.offset : mark.offset + mark.length], seed
    before = texts(word.opened)
    for _ in range(5):
        at = chance.randrange(len(word.document.lines))
        line = word.document.lines[at]
        _comment(word, Where("report.docx", at + 1, chance.randrange(1, len(line) + 2), line, chance.randrange(1, 9)), "批注")
    after = Document(BytesIO(_packed(word.opened)))
    assert texts(after) == before, seed
    assert len(list(after.comments)) == 5
