"""The comparison in Markdown, fit for a comment on a pull request; texts of the files can't become markup (see reports.markdown)."""

from __future__ import annotations

from perfeval.problems import Lang
from perfeval.reports import _templates
from perfeval.reports.changes.compared import Compared
from perfeval.reports.changes.view import Wanted, report_of
from perfeval.reports.markdown import escape


def render(compared: Compared, lang: Lang, wanted: Wanted) -> str:
    return _templates.render("report.md.j2", report_of(compared, lang, wanted), escape=escape)
