"""A PDF report to a document: the lines and ruled tables of its pages, without what is printed on every page.

Page numbers, running heads and signs that stand askew (watermarks) are left out. Pages without text (a scanned annex among
others) are told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from perfeval.model.document import Document
from perfeval.reading.documents.continued import put_together
from perfeval.reading.documents.pdf_page import Page, pieces_of, too_many_strokes
from perfeval.reading.documents.pieces import Line, Piece, assembled
from perfeval.reading.documents.unreadable import BROKEN, ENCRYPTED, NOT_SAFE, READER_MISSING, SCANNED
from perfeval.reading.documents.watched import TooMuch, Watch

_PAGE_NUMBER = re.compile(r"[-—–·\s]*(?:第\s*)?\d{1,4}\s*页?(?:\s*[,，/]?\s*共?\s*\d{1,4}\s*页?)?[-—–·\s]*")
_EDGE = 2  # lines at the top and at the bottom of a page that may be printed on every page
_FEWEST = 2  # pages on which they are


def read_pdf(name: str, data: bytes) -> Document:
    """Raises `Fault`."""
    try:
        from perfeval.reading.documents import pdf_drawn
    except ImportError:
        raise READER_MISSING.fault(file=name, library="pdfminer.six") from None
    try:
        pages = pdf_drawn.pages(data)
    except TooMuch as error:
        raise NOT_SAFE.fault(file=name, why=error) from None
    except pdf_drawn.Locked:
        raise ENCRYPTED.fault(file=name) from None
    except pdf_drawn.STUMBLES as error:
        raise BROKEN.fault(file=name, why=f"不是完好的 PDF（{type(error).__name__}） (no sound PDF: {type(error).__name__})") from None
    if not pages:
        raise BROKEN.fault(file=name, why="里面没有页 (there is no page in it)")
    if all(_is_bare(page) for page in pages):
        raise SCANNED.fault(file=name, pages=len(pages))
    try:
        with Watch():
            pieces = [piece for page in _without_heads(pieces_of(pages)) for piece in page]
            return assembled(name, put_together(pieces), broken=True, left_out=_left_out(pages)).document
    except TooMuch as error:
        raise NOT_SAFE.fault(file=name, why=error) from None


def _is_bare(page: Page) -> bool:
    """Whether nothing can be read on it: there are no signs, or most are of a font that does not tell which they are."""
    known = sum(sign.text != "\ufffd" and not sign.text.isspace() for sign in page.signs)
    return 2 * known <= sum(not sign.text.isspace() for sign in page.signs)


def _left_out(pages: Sequence[Page]) -> list[str]:
    told = []
    if bare := _ranges([page.number for page in pages if _is_bare(page)]):
        told.append(f"第 {bare} 页没有可读的文字 (page {bare} holds no text that can be read)")
    if drawn := _ranges([page.number for page in pages if too_many_strokes(page)]):
        told.append(f"第 {drawn} 页线条太多，没有找表格 (page {drawn} has too many strokes to look for tables)")
    return told


def _ranges(numbers: Sequence[int]) -> str:
    """
    >>> _ranges([1, 2, 3, 7, 9, 10])
    '1-3, 7, 9-10'
    """
    found = []
    for _, group in groupby(enumerate(numbers), lambda one: one[1] - one[0]):
        held = [number for _, number in group]
        found.append(f"{held[0]}-{held[-1]}" if len(held) > 1 else f"{held[0]}")
    return ", ".join(found)


def _without_heads(pages: Sequence[list[Piece]]) -> list[list[Piece]]:
    """The pages without their numbers, and without lines that stand at one place of the edge on at least half of them."""
    counts = Counter(head for page in pages for head in _heads(page).values())
    often = {head for head, count in counts.items() if count >= _FEWEST and 2 * count >= len(pages)}
    found = []
    for page in pages:
        gone = {at for at, head in _heads(page).items() if head in often}
        for at in {0, len(page) - 1}:
            if page and isinstance(piece := page[at], Line) and _PAGE_NUMBER.fullmatch(piece.text):
                gone.add(at)
        found.append([piece for at, piece in enumerate(page) if at not in gone])
    return found


def _heads(page: Sequence[Piece]) -> dict[int, tuple[int, str]]:
    """The lines at the edges of a page: where each stands, counted from its edge, and its text but for its digits."""
    places = {at: at for at in range(min(_EDGE, len(page)))} | {len(page) - at: -at for at in range(1, min(_EDGE, len(page)) + 1)}
    return {at: (place, re.sub(r"\d+", "#", piece.text)) for at, place in places.items() if isinstance(piece := page[at], Line)}
