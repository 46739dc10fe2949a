"""Why a report cannot be read, or only in part, and what to do about it."""

from __future__ import annotations

import struct
import zlib
from zipfile import BadZipFile

from perfeval.problems import ProblemKind, Severity

STUMBLES = (
    *(ArithmeticError, AssertionError, AttributeError, BadZipFile, EOFError, LookupError, MemoryError, OSError),
    *(RuntimeError, StopIteration, SyntaxError, TypeError, ValueError, struct.error, zlib.error),
)
"""What libraries raise in a file that is not what it should be, besides errors of their own."""

READER_MISSING = ProblemKind(
    "report-reader-missing",
    says="要读「{file}」，还得装上 {library}。",
    remedy="pip install 'perfeval[read]'",
    en="To read “{file}”, {library} must be installed.",
    en_remedy="pip install 'perfeval[read]'",
)
OLD_WORD = ProblemKind(
    "report-old-word",
    says="「{file}」是旧格式的 Word 文件（.doc），读不了。",
    remedy="用 Word 或 WPS 打开，另存为 .docx。",
    en="“{file}” is a file of old Word (.doc), which is not read.",
    en_remedy="Open it in Word and save it as .docx.",
)
ENCRYPTED = ProblemKind(
    "report-encrypted",
    says="「{file}」加了密，读不了。",
    remedy="打开它，去掉密码后另存，再审查。",
    en="“{file}” is encrypted and cannot be read.",
    en_remedy="Open it, take the password off and save a copy.",
)
SCANNED = ProblemKind(
    "report-scanned",
    says="「{file}」的 {pages} 页里没有可读的文字，像是扫描件。",
    remedy="换成原来的 Word 文件，或由它另存的 PDF；只有纸质件时先做文字识别（OCR）。",
    en="The {pages} pages of “{file}” hold no text that can be read: it seems to be a scan.",
    en_remedy="Take the Word file, or a PDF that was saved from it; where there is only paper, recognize its text first (OCR).",
)
BROKEN = ProblemKind(
    "report-broken",
    says="「{file}」读不懂：{why}。",
    remedy="看它能否正常打开；能打开就另存一份再审查。",
    en="“{file}” cannot be read: {why}.",
    en_remedy="See whether it opens; if it does, save a copy and audit that.",
)
NOT_SAFE = ProblemKind(
    "report-not-safe",
    says="不读「{file}」：{why}。",
    remedy="正常的报告很少这样：弄清它从哪里来，用 Word 或 WPS 另存一份；太大的，把长的附表和照片移到别的文件里。",
    en="“{file}” is not read: {why}.",
    en_remedy="Few ordinary reports are like this: find out where it comes from, and save a copy of it in Word; where it is too large, move long tables and photos into other files.",
)
NOT_A_FILE = ProblemKind(
    "report-not-a-file",
    says="不读「{file}」：{why}。",
    remedy="给出报告文件本身；是链接的，给出它指向的那个文件。",
    en="“{file}” is not read: {why}.",
    en_remedy="Name the file of the report itself; of a link, the file that it points to.",
)
OTHER_ENCODING = ProblemKind(
    "report-not-utf8",
    says="「{file}」不是 {encoding} 编码（第 {byte} 个字节是 {value}），多半是 GBK。",
    remedy="用记事本或 WPS 打开，另存为 UTF-8；有 Word 或 PDF 文件的，直接审查那一份。",
    en="“{file}” is not {encoding} (byte {byte} is {value}); most likely it is GBK.",
    en_remedy="Open it in an editor and save it as UTF-8; where there is a Word or PDF file, audit that.",
)
NO_TEXT = "里面没有文字 (there is no text in it)"
IN_PART = ProblemKind(
    "report-in-part",
    says="报告没有全部读到：{what}。没读到的没有审查。",
    remedy="看看那里；需要时改用 Word 文件，或把表格画成有框线的表。",
    en="The report was not read as a whole: {what}. What was not read is not audited.",
    en_remedy="Look there; if need be audit the Word file, or give the table its lines.",
    severity=Severity.NOTE,
)
