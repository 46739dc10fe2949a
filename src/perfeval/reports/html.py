"""report.html: one self-contained file: no script, nothing loaded, a strict content policy, fit for print."""

from __future__ import annotations

from perfeval.model.result import Result
from perfeval.reports import _templates
from perfeval.reports.blocks import Report
from perfeval.reports.plain import clean
from perfeval.reports.view import report_of

FORMAT = "html"
NAME = "report.html"


def render(result: Result, report: Report | None = None) -> str:
    return clean(_templates.render("report.html.j2", report or report_of(result)))
