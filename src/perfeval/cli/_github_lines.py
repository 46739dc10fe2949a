"""Workflow commands: GitHub shows them at their lines."""

from __future__ import annotations

from perfeval.cli._problems import file_from
from perfeval.problems import Severity, Where

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def annotation(level: str, where: Where, base: str, title: str, message: str) -> str:
    place = f"file={_property(file_from(where, base))}" + (f",line={where.line},col={where.column}" if where.line else "")
    return f"::{level} {place},title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
