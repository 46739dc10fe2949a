"""Two rule sets compared, as documents: what was edited, what it means, whom it moves; one module for each format.

`view` decides what is said; a format escapes and places it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfeval.problems import Lang
    from perfeval.reports.changes.compared import Compared
    from perfeval.reports.changes.view import Wanted

FORMATS = ("md", "html", "json")
"""Text for a terminal is laid out where the terminal is known."""


def render(form: str, compared: Compared, lang: Lang, wanted: Wanted) -> str:
    """The comparison in a format; only its own module is imported."""
    if form == "md":
        from perfeval.reports.changes import markdown

        return markdown.render(compared, lang, wanted)
    if form == "html":
        from perfeval.reports.changes import html

        return html.render(compared, lang, wanted)
    from perfeval.reports.changes import as_json

    return as_json.render(compared, lang)
