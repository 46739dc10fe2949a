"""Bytes to text: decoding, what hides from editors, full-width digits, and Chinese lines that are joined."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import pairwise

from perfeval.problems import Problem, ProblemKind, Severity, Where
from perfeval.quantity import split_number
from perfeval.reading.paths import TOO_LARGE

MAX_BYTES = 2_000_000

NOT_UTF8 = ProblemKind(
    "not-utf8",
    says="文件不是 {encoding} 编码（第 {byte} 个字节是 {value}）。",
    remedy="用编辑器另存为 UTF-8；CSV 表是 GBK 的，在 tables 里写 encoding: gb18030，是 UTF-8 的就去掉这个键。",
    en="The file is not {encoding} (byte {byte} is {value}).",
    en_remedy="Save it as UTF-8; for a GBK table write encoding: gb18030 under tables, and remove that key for one in UTF-8.",
)
FORBIDDEN_CHARACTER = ProblemKind(
    "forbidden-character",
    says="这里有一个看不见的字符 {code}（{name}）。",
    remedy="删去它；多半是从网页或 Word 复制时带来的。",
    en="There is an invisible character {code} here ({name}).",
    en_remedy="Delete it; it most often comes along when copying from a web page or Word.",
)
FULL_WIDTH = ProblemKind(
    "full-width",
    says="「{text}」是全角数字，按「{plain}」读。",
    remedy="可改成半角，以免误会。",
    en="“{text}” has full-width digits; read as “{plain}”.",
    en_remedy="Write it with plain digits to avoid doubt.",
    severity=Severity.NOTE,
)

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]|\r(?!\n)"
)


def decode(name: str, data: bytes, limit: int = MAX_BYTES, encoding: str = "utf-8") -> tuple[str, list[Problem]]:
    """Bytes to text: a byte order mark is dropped, line ends become \\n, what hides from editors is refused."""
    if len(data) > limit:
        return "", [TOO_LARGE.on(Where(name), file=name, size=len(data), limit=limit)]
    try:
        if encoding != "utf-8" and data.startswith(codecs.BOM_UTF8):
            raise UnicodeDecodeError(encoding, data, 0, 3, "the mark of UTF-8")  # it would be read as three wrong characters
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        value = f"0x{data[error.start]:02x}"
        return "", [NOT_UTF8.on(Where(name, line, 1), encoding=encoding.upper(), byte=error.start + 1, value=value)]
    problems = []
    for match in FORBIDDEN.finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        quote = text[start:].split("\n", 1)[0]
        place = Where(name, text.count("\n", 0, match.start()) + 1, match.start() - start + 1, FORBIDDEN.sub("\ufffd", quote)[:200])
        problems.append(FORBIDDEN_CHARACTER.on(place, code=f"U+{ord(match[0]):04X}", name=character_name(match[0])))
        if len(problems) == 20:
            break
    return text.replace("\r\n", "\n"), problems


def character_name(character: str) -> str:
    from unicodedata import name

    return name(character, "control character").lower()


WIDE = re.compile("[０-９％]")


def is_full_width(text: str) -> bool:
    """A number with full-width digits: read as its plain twin, and said so."""
    if not WIDE.search(text):
        return False
    try:
        split_number(text)
    except ValueError:
        return False
    return True


_CHINESE = (
    ("\u2e80", "\u303f"),
    ("\u3400", "\u9fff"),
    ("\uf900", "\ufaff"),
    ("\uff00", "\uffef"),
    ("\u2014", "\u2014"),
    ("\u2018", "\u201d"),
    ("\u2026", "\u2026"),
    ("\U00020000", "\U0003ffff"),
)  # compared, not compiled: a pattern of these takes 5 ms to build


def _is_chinese(character: str) -> bool:
    """A Chinese character or a punctuation mark of Chinese text."""
    return any(low <= character <= high for low, high in _CHINESE)


def join_chinese(text: str, lines: list[str], column: int) -> str:
    """A text broken between two Chinese characters joins without the blank that YAML puts there."""
    at = 0
    parts = [lines[0][column - 1 :], *lines[1:]]
    for before, after in _neighbours(parts):
        if _is_chinese(before[-1]) and _is_chinese(after[0]):
            for tail, head in ((before[-4:], after[:4]), (before[-1], after[0])):
                found = text.find(f"{tail} {head}", at)
                if found >= 0:
                    at = found + len(tail)
                    text = text[:at] + text[at + 1 :]
                    break
    return text


def _neighbours(lines: list[str]) -> Iterator[tuple[str, str]]:
    stripped = [line.strip() for line in lines]
    stripped[0] = stripped[0].lstrip("\"'")  # the quotes around it; others are part of the text
    stripped[-1] = stripped[-1].rstrip("\"'")
    for before, after in pairwise(stripped):
        if before and after:
            yield before, after
