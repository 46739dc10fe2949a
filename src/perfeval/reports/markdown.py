"""report.md: the report in Markdown (CommonMark with tables, as GitHub reads it).

Texts from the data can't become markup: each goes through `escape`, which the environment applies to whatever a
template places. Ordinary Chinese text and numbers stay as they are.
"""

from __future__ import annotations

import re

from perfeval.model.result import Result
from perfeval.reports import _templates
from perfeval.reports.blocks import Report
from perfeval.reports.plain import clean
from perfeval.reports.view import report_of

FORMAT = "md"
NAME = "report.md"

_ALWAYS = re.compile(r"[\\`*_\[\]{}|~$<>&@]")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}  # many renderers read \< as a tag after all
# Markers count at the beginning only, and most of them only before a blank: -5 and 88.5 are left alone
_MARKER = re.compile(r"\s*(?:(?P<mark>[-+](?=\s|$)|#{1,6}(?=\s|$)|-{2,}|={1,}|\+{2,})|\d{1,9}(?P<dot>[.)])(?=\s|$))")
_LINK = re.compile(r"(?<=:)//|(?<=\bwww)\.", re.IGNORECASE)  # bare addresses become links in GitHub's Markdown


def _escape_one(match: re.Match[str]) -> str:
    return _ENTITIES.get(match[0], "\\" + match[0])


def _escape_start(text: str) -> str:
    match = _MARKER.match(text)
    if match is None:
        return text
    at = match.start("mark" if match["mark"] else "dot")
    return f"{text[:at]}\\{text[at:]}"


def escape(value: object) -> str:
    """A text as Markdown that shows just it; a new line becomes `<br>`.

    >>> escape("得 88.5 分"), escape("1. a|b"), escape("<b>")
    ('得 88.5 分', '1\\\\. a\\\\|b', '&lt;b&gt;')
    """
    text = clean(str(value)).strip()
    text = _escape_start(_ALWAYS.sub(_escape_one, text))
    if ":" in text or "." in text:
        text = _LINK.sub(lambda match: "\\" + match[0], text)
    return re.sub(r"\s*\n\s*", "<br>", text) if "\n" in text else text


def render(result: Result, report: Report | None = None) -> str:
    return _templates.render("report.md.j2", report or report_of(result), escape=escape)
