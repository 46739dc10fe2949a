"""What the pages of a PDF draw, by pdfminer.six: signs with their boxes, and straight strokes."""

from __future__ import annotations

import logging
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.layout import LTChar
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import LITERALS_FLATE_DECODE, PDFStream
from pdfminer.psexceptions import PSException

from perfeval.reading.documents.pdf_page import Page, Sign, Stroke
from perfeval.reading.documents.unreadable import STUMBLES as COMMON
from perfeval.reading.documents.watched import TooMuch, Watch

MAX_PAGES = 1_000
MAX_STREAM = 60_000_000  # bytes that one stream may unpack to
UNKNOWN = "\ufffd"  # for a sign whose font does not tell which it is
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # what it mends in a file, it would tell on stderr
STUMBLES = (PSException, *COMMON)
_UNIT = 100  # places are counted in hundredths of a point, as whole numbers
_THIN = 3  # points; a box that is no thicker is a stroke


class Locked(Exception):
    """It takes a password to open it."""


def pages(data: bytes) -> list[Page]:
    """Raises `Locked`, `TooMuch`, and whatever the library raises for a broken file."""
    with Watch():
        try:
            opened = PDFDocument(_Parser(BytesIO(data)))
        except PDFPasswordIncorrect:
            raise Locked from None
        resources = PDFResourceManager()
        device = _Device(resources)
        interpreter = PDFPageInterpreter(resources, device)
        found = []
        for number, page in enumerate(PDFPage.create_pages(opened), 1):
            if number > MAX_PAGES:
                raise TooMuch(f"超过 {MAX_PAGES} 页 (it has more than {MAX_PAGES} pages)")
            device.begin()
            interpreter.process_page(page)
            x0, _, x1, _ = page.mediabox
            found.append(Page(number, _place(x1 - x0), device.signs, device.across, device.down))
        return found


class _Parser(PDFParser):  # type: ignore[misc]  # the library has no types here
    """Measures each stream before it is unpacked."""

    def push(self, *found: Any) -> None:
        super().push(
            *((at, _Stream(one.attrs, one.rawdata, one.decipher)) if isinstance(one, PDFStream) else (at, one) for at, one in found)
        )


class _Stream(PDFStream):  # type: ignore[misc]
    def decode(self) -> None:
        filters = [one for one, _ in self.get_filters()]
        packed = [at for at, one in enumerate(filters) if one in LITERALS_FLATE_DECODE]
        if len(packed) > 1:
            raise TooMuch("数据压缩了不止一次 (data are packed more than once)")
        if packed == [0]:
            data = self.decipher(self.objid, self.genno, self.rawdata, self.attrs) if self.decipher else self.rawdata
            _measure(data)
        super().decode()


def _measure(data: bytes) -> None:
    """Raises `TooMuch` where it unpacks to more than there may be."""
    unpacking, size = zlib.decompressobj(), 0
    try:
        while data and size <= MAX_STREAM:
            size += len(unpacking.decompress(data, 1_000_000))
            data = unpacking.unconsumed_tail
    except zlib.error:
        return  # the library makes of it what it can, byte by byte
    if size > MAX_STREAM:
        raise TooMuch(f"一段数据展开后超过 {MAX_STREAM} 字节 (a stream in it unpacks to more than {MAX_STREAM} bytes)")


class _Device(PDFLayoutAnalyzer):  # type: ignore[misc]
    """Keeps the signs and strokes of a page, whatever they are nested in."""

    def __init__(self, resources: Any) -> None:
        super().__init__(resources)
        self.begin()

    def begin(self) -> None:
        self.signs: list[Sign] = []
        self.across: list[Stroke] = []
        self.down: list[Stroke] = []

    def render_image(self, name: str, stream: Any) -> None:
        pass

    def render_char(self, matrix: Any, font: Any, fontsize: Any, scaling: Any, rise: Any, cid: Any, ncs: Any, state: Any) -> Any:
        text = _known(font, cid)
        drawn = LTChar(matrix, font, fontsize, scaling, rise, text, font.char_width(cid), font.char_disp(cid), ncs, state)
        if text and 10 * abs(matrix[1]) < abs(matrix[0]):
            self.signs.append(Sign(text, *(_place(one) for one in drawn.bbox)))
        return drawn.adv

    def paint_path(self, state: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        for points in _outlines(path, self.ctm):
            xs, ys = [x for x, _ in points], [y for _, y in points]
            wide, high = max(xs) - min(xs), max(ys) - min(ys)
            if wide <= _THIN or high <= _THIN:
                self._stroke(min(xs), min(ys), max(xs), max(ys))
            elif stroke:
                for (x, y), (to_x, to_y) in pairwise(points):
                    self._stroke(min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))

    def _stroke(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Of a slanting line, and of a dot, nothing is kept."""
        if y1 - y0 <= _THIN < x1 - x0:
            self.across.append(Stroke(_place(y0 + y1) // 2, _place(x0), _place(x1)))
        elif x1 - x0 <= _THIN < y1 - y0:
            self.down.append(Stroke(_place(x0 + x1) // 2, _place(y0), _place(y1)))


def _place(points: float) -> int:
    return int(points * _UNIT)


def _known(font: Any, cid: Any) -> str:
    """A sign as text. Some fonts give radicals in the place of the characters that look like them."""
    try:
        text = font.to_unichr(cid)
    except STUMBLES:  # each kind of font has its own way to say that it does not know
        return UNKNOWN
    return "".join(unicodedata.normalize("NFKC", one) if "\u2e80" <= one <= "\u2fdf" else one for one in text if one.isprintable())


def _outlines(path: Sequence[Any], matrix: Any) -> Iterator[list[tuple[float, float]]]:
    """The outlines of a path without curves, as it lies on the page."""
    a, b, c, d, e, f = matrix
    points: list[tuple[float, float]] = []
    for step in [*path, ("m", 0, 0)]:
        if step[0] == "m":
            if len(points) > 1:
                yield points
            points = []
        if step[0] in ("m", "l"):
            x, y = step[1:3]
            points.append((a * x + c * y + e, b * x + d * y + f))
        elif step[0] == "h":
            points.extend(points[:1])
        else:
            points = []  # what goes on behind a curve is drawn by hand
