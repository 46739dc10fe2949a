"""Reports of a result: one module per format, imported when it is asked for.

`view` decides what is said; a format escapes and places it. A format is a module with `NAME`, the file it becomes, and
`render(result)`, its content.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from perfeval.model.result import Result

FORMATS = {"md": "markdown", "html": "html"}
"""Format to its module."""


class Format(Protocol):
    NAME: str

    def render(self, result: Result) -> str: ...


def _format(name: str) -> Format:
    return cast("Format", import_module(f"perfeval.reports.{FORMATS[name]}"))


def file_name(name: str) -> str:
    """The file that a format becomes: report.md."""
    return _format(name).NAME


def render(name: str, result: Result) -> str:
    """The result in a format."""
    return _format(name).render(result)
