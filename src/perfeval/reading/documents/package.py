"""Whether a zip archive from anywhere may be opened as a Word file: counted, measured and named before anything is unpacked."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from perfeval.problems import Fault
from perfeval.reading.documents.unreadable import BROKEN, ENCRYPTED, NOT_SAFE

MAX_PARTS = 5_000
MAX_UNPACKED = 100_000_000
MAX_NEEDED = 250_000_000  # bytes of memory
MAX_RATIO = 100
_XML_TIMES = 35  # as measured: so many times its size takes XML that has become objects
_SMALL = 1_000_000  # bytes; below this a ratio says nothing
_XML = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<|Lo\xa7\x94")  # UTF-8, UTF-16, UTF-32; EBCDIC
_DTD = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.I)


def check_package(name: str, data: bytes) -> None:
    """Raises `Fault` (report-not-safe, report-broken, report-encrypted)."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            why = _unsafe_sizes(parts, len(data)) or _unsafe_names(parts)
            if why is None and any(part.flag_bits & 1 for part in parts):
                raise ENCRYPTED.fault(file=name)
            why = why or _unsafe_xml(archive, parts)
    except Fault:
        raise
    except (BadZipFile, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error):
        raise BROKEN.fault(file=name, why="压缩包是坏的 (the archive is damaged)") from None
    if why:
        raise NOT_SAFE.fault(file=name, why=why)


def _unsafe_sizes(parts: Sequence[ZipInfo], packed: int) -> str | None:
    """By what the archive says of itself; more than that is never unpacked."""
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS:
        return f"里面有 {len(parts)} 个文件，上限 {MAX_PARTS} ({len(parts)} files in it; the limit is {MAX_PARTS})"
    if unpacked > MAX_UNPACKED:
        return f"展开后有 {unpacked} 字节，上限 {MAX_UNPACKED} ({unpacked} bytes when unpacked; the limit is {MAX_UNPACKED})"
    if unpacked > _SMALL and unpacked > MAX_RATIO * packed:
        times = unpacked // packed
        return f"展开后是压缩包的 {times} 倍，上限 {MAX_RATIO} (unpacked it is {times} times as large; the limit is {MAX_RATIO})"
    return None


def _unsafe_names(parts: Sequence[ZipInfo]) -> str | None:
    names = [part.filename for part in parts]
    if outside := next(filter(_leads_outside, names), None):
        return f"里面的文件名「{outside}」指向外面 (the name {outside} in it leads outside)"
    if len(set(names)) < len(names):
        return "里面有重名的文件 (two files of one name in it)"
    return None


def _unsafe_xml(archive: ZipFile, parts: Sequence[ZipInfo]) -> str | None:
    """Whatever begins as XML does, be it called so or not, may be read as XML."""
    found = [part for part in parts if _begins_as_xml(archive, part)]
    xml = sum(part.file_size for part in found)
    needed = xml * _XML_TIMES + 2 * sum(part.file_size for part in parts)
    if needed > MAX_NEEDED:
        return f"里面的 XML 有 {xml} 字节，读它要占约 {needed} 字节的内存 (it holds {xml} bytes of XML and takes about {needed} bytes of memory)"
    hostile = next((part.filename for part in found if _DTD.search(archive.read(part))), None)
    return f"「{hostile}」里有 DTD 或实体 (a DTD or an entity in {hostile})" if hostile else None


def _begins_as_xml(archive: ZipFile, part: ZipInfo) -> bool:
    with archive.open(part) as stream:
        return bool(_XML.match(stream.read(64)))


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")
