"""How firm a grade is, in words: the section of a report in every format, in both languages."""

from __future__ import annotations

import pytest

from perfeval.problems import Lang
from perfeval.reports import _templates, markdown
from perfeval.reports.firmness import added, headline, section
from perfeval.reports.view import report_of
from perfeval.whatif.robust import Robust, robust
from whatif.standings import example, made


@pytest.fixture(scope="module")
def found() -> Robust:
    return robust(example())


def test_the_headline_is_the_less_of_both(found: Robust) -> None:
    """绩效目标合理性 has rate 0: 1.5 of its points moved to a leaf with full marks bring the 1.5 that are short, as does one item of it."""
    assert (
        headline(found, "zh")
        == "等级「良」（88.5 分）：按舍入前的得分率，移动 1.5 分权重就成为「优」；单项佐证使总分变动 1.5 分就成为「优」。"
    )
    assert headline(found, "en").startswith(
        "The grade “良” (88.5 points): by the rates before rounding 1.5 points of weight moved make it “优”; "
    )


def test_nothing_changes_it() -> None:
    """Only full marks, and nothing that takes more than a point: weights move nothing, nor does a single answer."""
    rule = {"kind": "checklist", "items": tuple(f"要点{n}" for n in range(100))}
    at = made(
        {"perfeval": "1", "id": "t", "tree": ({"name": "甲", "weight": "100", "rule": rule},)},
        {"perfeval": "1", "indicators": {"甲": {"checklist": tuple(["yes"] * 100)}}},
    )
    assert headline(robust(at), "zh") == "等级「优」（100 分）：按舍入前的得分率，移动权重不能改变它；没有哪一项佐证单独能改变它。"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_section_stands_before_the_annexes(lang: Lang, found: Robust) -> None:
    report = report_of(example().result)._replace(lang="zh-CN" if lang == "zh" else "en")
    whole = added(report, found)
    ids = [one.id for one in whole.sections]
    assert ids[ids.index("firmness") + 1].startswith("annex")
    assert [one for one in whole.sections if one.id != "firmness"] == list(report.sections)
    title = section(found, lang).title
    page = _templates.render("report.html.j2", whole)
    text = _templates.render("report.md.j2", whole, escape=markdown.escape)
    for told in (page, text):
        assert title in told and headline(found, lang) in told
        assert "11.51" in told and "帮扶人数" in told
    assert title not in _templates.render("report.html.j2", report)
