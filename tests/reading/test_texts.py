"""Bytes to text: sizes, encodings, what hides; lines of Chinese that are joined as they were meant."""

from __future__ import annotations

import pytest

from perfeval.problems import Problem
from perfeval.reading.texts import MAX_BYTES, decode, is_full_width
from perfeval.reading.yaml_subset import read_yaml


def told(problems: list[Problem]) -> list[str]:
    return [f"{p.kind.name} {p.where}" for p in problems]


def test_the_limit_counts_bytes_and_is_allowed() -> None:
    assert decode("a.yaml", b"x" * 10, limit=10) == ("x" * 10, [])
    text, problems = decode("a.yaml", b"x" * 11, limit=10)
    assert (text, told(problems)) == ("", ["file-too-large a.yaml"])
    assert problems[0].values == {"file": "a.yaml", "size": "11", "limit": "10"}
    assert told(decode("a.yaml", "长长长长".encode(), limit=11)[1]) == ["file-too-large a.yaml"]


def test_the_limit_of_yaml_holds_for_bytes_from_anywhere() -> None:
    assert read_yaml("a.yaml", b"#" * MAX_BYTES).problems[0].kind.name == "file-not-a-mapping"
    assert told(read_yaml("a.yaml", b"#" * (MAX_BYTES + 1)).problems) == ["file-too-large a.yaml"]


def test_byte_order_mark_and_line_ends() -> None:
    assert decode("a.csv", b"\xef\xbb\xbfa\r\nb\n") == ("a\nb\n", [])
    assert decode("a.csv", "金额\r\n".encode("gb18030"), encoding="gb18030") == ("金额\n", [])


@pytest.mark.parametrize(
    ("data", "encoding", "place", "byte", "value"),
    [
        (b"a\nb\xff", "utf-8", "2:1", "4", "0xff"),
        (b"\xcf\xee", "utf-8", "1:1", "1", "0xcf"),
        (b"a\n\nb\x81", "gb18030", "3:1", "5", "0x81"),
        (b"\xef\xbb\xbfa", "gb18030", "1:1", "1", "0xef"),
    ],
)
def test_other_encodings(data: bytes, encoding: str, place: str, byte: str, value: str) -> None:
    text, problems = decode("a.csv", data, encoding=encoding)
    assert (text, told(problems)) == ("", [f"not-utf8 a.csv:{place}"])
    assert problems[0].values == {"encoding": encoding.upper(), "byte": byte, "value": value}


@pytest.mark.parametrize(
    ("hidden", "code", "name"),
    [
        ("\x00", "U+0000", "control character"),
        ("\x08", "U+0008", "control character"),
        ("\x0b", "U+000B", "control character"),
        ("\x0c", "U+000C", "control character"),
        ("\x0e", "U+000E", "control character"),
        ("\x1f", "U+001F", "control character"),
        ("\x7f", "U+007F", "control character"),
        ("\x85", "U+0085", "control character"),
        ("\x9f", "U+009F", "control character"),
        ("\xad", "U+00AD", "soft hyphen"),
        ("\u061c", "U+061C", "arabic letter mark"),
        ("\u180e", "U+180E", "mongolian vowel separator"),
        ("\u200b", "U+200B", "zero width space"),
        ("\u200f", "U+200F", "right-to-left mark"),
        ("\u2028", "U+2028", "line separator"),
        ("\u2029", "U+2029", "paragraph separator"),
        ("\u202a", "U+202A", "left-to-right embedding"),
        ("\u202e", "U+202E", "right-to-left override"),
        ("\u2060", "U+2060", "word joiner"),
        ("\u2066", "U+2066", "left-to-right isolate"),
        ("\u2069", "U+2069", "pop directional isolate"),
        ("\ufeff", "U+FEFF", "zero width no-break space"),
        ("\ufff9", "U+FFF9", "interlinear annotation anchor"),
        ("\ufffe", "U+FFFE", "control character"),
        ("\uffff", "U+FFFF", "control character"),
        ("\U000e0001", "U+E0001", "language tag"),
        ("\U000e007f", "U+E007F", "cancel tag"),
        ("\r", "U+000D", "control character"),
    ],
)
def test_what_hides_is_told_at_its_place(hidden: str, code: str, name: str) -> None:
    _, problems = decode("a.yaml", f"ab\n金额{hidden}x\nc".encode())
    assert told(problems) == ["forbidden-character a.yaml:2:3"]
    assert problems[0].values == {"code": code, "name": name}
    assert problems[0].where is not None
    assert problems[0].where.quote == "金额\ufffdx"


@pytest.mark.parametrize(
    "shown", ["\t", "\n", "\r\n", " ", "\xa0", "\xac", "\xae", "\u2007", "\u2010", "\u2027", "\u202f", "\u205f", "\u3000", "\ufffd"]
)
def test_what_only_looks_odd_is_kept(shown: str) -> None:
    assert decode("a.yaml", f"a{shown}b".encode()) == (f"a{shown}b".replace("\r\n", "\n"), [])


def test_no_more_than_twenty_are_told() -> None:
    assert [len(decode("a", "\u200b".encode() * count)[1]) for count in (19, 20, 21, 10_000)] == [19, 20, 20, 20]


@pytest.mark.parametrize(
    ("text", "wide"),
    [("５", True), ("5％", True), ("１，０００", False), ("5%", False), ("第５名", False), ("-５元", True), ("", False)],
)
def test_is_full_width(text: str, wide: bool) -> None:
    assert is_full_width(text) is wide


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("甲\n  乙", "甲乙"),
        ("甲，\n  乙", "甲，乙"),
        ("“甲”\n  “乙”", "“甲”“乙”"),
        ("甲\n  a", "甲 a"),
        ("a\n  乙", "a 乙"),
        ("a\n  b", "a b"),
        ("甲\n\n  乙", "甲\n乙"),
        ("甲 乙\n  丙", "甲 乙丙"),
        ("甲\n  乙\n  c\n  丁\n  戊", "甲乙 c 丁戊"),
        ("甲乙丙丁戊\n  己庚辛壬癸", "甲乙丙丁戊己庚辛壬癸"),
        ("丙 甲\n  乙 丙 甲\n  乙", "丙 甲乙 丙 甲乙"),
        ("'甲\n  乙'", "甲乙"),
        ('"甲\n  乙"', "甲乙"),
        ('"甲\\\n  乙"', "甲乙"),
        ('"\\u7532\n  乙"', "甲 乙"),
        (">\n  甲\n  乙", "甲乙\n"),
        (">\n  甲\n    乙\n", "甲\n  乙\n"),
        ("|\n  甲\n  乙\n", "甲\n乙\n"),
        ("𠀀\n  𠀁", "𠀀𠀁"),
        ("甲—\n  —乙", "甲——乙"),
        ("甲…\n  乙", "甲…乙"),
        ("甲é\n  乙", "甲é 乙"),
        ("甲\n  X乙 甲 乙", "甲 X乙 甲 乙"),  # only quotes are looked past
        ("甲X\n  乙 甲 乙", "甲X 乙 甲 乙"),
        ('甲\n  "乙" 丙', '甲 "乙" 丙'),
        ('甲"\n  乙 甲 乙', '甲" 乙 甲 乙'),
        ("甲\n  '乙 甲 乙", "甲 '乙 甲 乙"),
        ('"甲 乙 甲\n  乙丙丁戊\\u5df1"', "甲 乙 甲乙丙丁戊己"),
        ('"甲 乙 丙甲\n  乙"', "甲 乙 丙甲乙"),
        ("'甲乙丙丁\n  戊'", "甲乙丙丁戊"),
    ],
)
def test_chinese_lines_are_joined(written: str, read: str) -> None:
    file = read_yaml("a.yaml", f"key: {written}\n".encode())
    assert file.problems == []
    assert file.plain() == {"key": read}
