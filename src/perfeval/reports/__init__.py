"""Reports of a result: one module per format, imported when it is asked for.

`view` decides what is said; a format escapes and places it. A format is a module with `NAME`, the file it becomes, and
`render(result, report)`, its content.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from perfeval.model.result import Result
    from perfeval.reports.blocks import Report
    from perfeval.whatif.robust import Robust

FORMATS = {"md": "markdown", "html": "html"}
"""Format to its module."""


class Format(Protocol):
    NAME: str

    def render(self, result: Result, report: Report | None = None) -> str: ...


def _format(name: str) -> Format:
    return cast("Format", import_module(f"perfeval.reports.{FORMATS[name]}"))


def file_name(name: str) -> str:
    """The file that a format becomes: report.md."""
    return _format(name).NAME


def render(name: str, result: Result, firm: Robust | None = None) -> str:
    """The result in a format; with `firm`, a section on how firm the grade is."""
    if firm is None:
        return _format(name).render(result)
    from perfeval.reports.firmness import added
    from perfeval.reports.view import report_of

    return _format(name).render(result, added(report_of(result), firm))
