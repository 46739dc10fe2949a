"""The comparison as one self-contained page in the style of report.html: no script, nothing loaded, fit for print."""

from __future__ import annotations

from perfeval.problems import Lang
from perfeval.reports import _templates
from perfeval.reports.changes.compared import Compared
from perfeval.reports.changes.view import Wanted, report_of
from perfeval.reports.plain import clean


def render(compared: Compared, lang: Lang, wanted: Wanted) -> str:
    everything = wanted._replace(details=True, wording=True)
    return clean(_templates.render("report.html.j2", report_of(compared, lang, everything)))
