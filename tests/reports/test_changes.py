"""Documents about two rule sets: hostile texts, names of keys, sentences about stretches, figures."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from diffing.diff_support import diff_cases, tree_of
from perfeval.backends.ranges.ratio import Ratio
from perfeval.cli.main import run
from perfeval.diffing.effect import Between
from perfeval.diffing.functions import Span, Stretch
from perfeval.diffing.meaning import Answer, Difference, Meaning
from perfeval.diffing.rules import diff_rules
from perfeval.ir.bounds import Interval
from perfeval.problems import Lang
from perfeval.quantity import PERCENT
from perfeval.reading.rule_sources import read_rules
from perfeval.reports.changes import FORMATS, render
from perfeval.reports.changes.compared import Compared
from perfeval.reports.changes.figures import between, figure, formula, signed, stretch
from perfeval.reports.changes.meanings import Meanings
from perfeval.reports.changes.names import ENTRIES, KEYS, RULE_KINDS
from perfeval.reports.changes.view import Wanted
from perfeval.reports.changes.words import TEXTS, Words
from perfeval.rules import kinds
from perfeval.schemas import build
from reports.test_hostile import HOSTILE, control_characters
from reports.test_reports import ATTRIBUTES, TAGS, Page, tokens, uneven_tables

PLAIN = Wanted(wording=True)


def _tree(by: str, other: bool) -> str:
    """Two versions of a rule set in which every text that is free ends with another text. They differ wherever they can."""

    def text(name: str) -> str:
        return json.dumps(name + by, ensure_ascii=False)

    return f"""perfeval: 1
id: {text("id")}
title: {text("新标题" if other else "标题")}
document: {text("文号")}
policy: {{missing: {"zero" if other else "pending"}}}
tree:
- name: {text("要点指标")}
  weight: {40 if other else 50}
  explain: {text("新解释" if other else "解释")}
  veto: [{{id: v, text: {text("否决")}}}]
  rule:
    kind: checklist
    items:
    - {{id: a, text: {text("甲项")}, points: {10 if other else 20}}}
    - {{id: {"c" if other else "b"}, text: {text("丙项" if other else "乙项")}, points: 30}}
- name: {text("分级指标")}
  weight: {40 if other else 30}
  rule: {{kind: tiers, tiers: {{{text("好")}: full, {text("中")}: {5 if other else 10}, {text("差")}: 0}}}}
- name: {text("上级")}
  weight: 20
  children:
  - {{name: {text("留下的")}, weight: 10, rule: {{kind: judged}}}}
  - {{name: {text("新的" if other else "旧的")}, weight: 10, {"children: [{name: " + text("里面的") + ", weight: 10, rule: {kind: judged}}]" if other else "rule: {kind: judged}"}}}
"""


def written(folder: Path, by: str) -> list[str]:
    """Both rule sets and a project, and the words of the command about them."""
    folder.mkdir()
    for name, other in (("old.yaml", False), ("new.yaml", True)):
        (folder / name).write_text(_tree(by, other), "utf-8")
    name = json.dumps("项目" + by, ensure_ascii=False)
    (folder / "project.yaml").write_text(f"perfeval: 1\nname: {name}\nindicators: old.yaml\n", "utf-8")
    (folder / "evidence.yaml").write_text("perfeval: 1\n", "utf-8")
    return ["diff", "old.yaml", "new.yaml", "--project", ".", "--wording"]


@pytest.fixture(params=HOSTILE)
def told(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str], tuple[str, str]]:
    """What a format prints of harmless and of hostile texts."""

    def call(form: str) -> tuple[str, str]:
        printed = []
        for name, by in (("harmless", "x"), ("hostile", HOSTILE[request.param])):
            folder = tmp_path / f"{name}-{form}"
            words = written(folder, by)
            monkeypatch.chdir(folder)
            capsys.readouterr()
            assert run([*words, "--format", form]) == 1, capsys.readouterr().err
            out, err = capsys.readouterr()
            assert control_characters(err) == set()
            printed.append(out)
        return printed[0], printed[1]

    return call


def test_hostile_markdown(told: Callable) -> None:
    before, after = told("md")
    pair = [list(tokens(text)) for text in (before, after)]
    assert [(one.type, one.tag) for one in pair[1]] == [(one.type, one.tag) for one in pair[0]]
    for token in pair[1]:
        for inner in token.children or ():
            assert inner.type in ("text", "text_special", "strong_open", "strong_close", "html_inline", "softbreak")
            assert inner.type != "html_inline" or inner.content == "<br>"
    assert uneven_tables(after) == []
    assert control_characters(after) == set()


def test_hostile_html(told: Callable) -> None:
    before, after = told("html")
    pages = Page(before), Page(after)
    assert [tag for tag, _ in pages[1].elements] == [tag for tag, _ in pages[0].elements]
    assert {tag for tag, _ in pages[1].elements} <= TAGS
    assert {name for _, given in pages[1].elements for name in given} <= ATTRIBUTES
    assert control_characters(after) == set()


def test_hostile_terminal(told: Callable) -> None:
    _, after = told("text")
    assert control_characters(after) == set()
    assert "\n::" not in after


def test_hostile_json(told: Callable) -> None:
    before, after = (json.loads(text) for text in told("json"))
    assert after["counts"] == before["counts"]
    assert len(after["leaves"]) == len(before["leaves"])


# ---- names


def _keys(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _keys(inner)


def test_every_key_of_the_files_has_a_name() -> None:
    """A new parameter shows without one, under its key; here it is asked for."""
    ours = {"kind", "perfeval", "children", "tree", "rules"}  # told apart, or never on the way to a change
    missing = set(_keys(build("indicators"))) - set(KEYS) - ours
    assert not missing, f"give these a name in reports/changes/names.py: {sorted(missing)}"


def test_every_rule_kind_has_a_name() -> None:
    assert set(RULE_KINDS) == set(kinds())
    assert set(ENTRIES) <= set(KEYS)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_languages_fill_the_same_slots(lang: Lang) -> None:
    assert Words(lang).yes_no.keys() == {"是", "否"}
    for key, (zh, en) in TEXTS.items():
        assert set(_slots(zh)) >= set(_slots(en)), key


def _slots(text: str) -> Iterator[str]:
    from string import Formatter

    yield from (name for _, name, _, _ in Formatter().parse(text) if name)


# ---- figures


@pytest.mark.parametrize(
    ("value", "told"),
    [("1/2", "0.5"), ("-3", "-3"), ("25/3", "≈8.3333"), ("1/1000000", "0.000001"), ("1/10000000", "≈0.0000001"), ("0", "0")],
)
def test_figures(value: str, told: str) -> None:
    assert figure(Fraction(value)) == told


def test_changes_have_a_sign() -> None:
    assert [signed(Fraction(one)) for one in ("1/2", "-1/2", "0", "1/3")] == ["+0.5", "-0.5", "0", "≈+0.3333"]
    assert between(Between(Fraction(-21, 2), Fraction(9, 2))) == "-10.5～+4.5"
    assert between(Between(Fraction(1), Fraction(1))) == "+1"


@pytest.mark.parametrize(
    ("interval", "tight", "spaced"),
    [
        (Interval(Fraction(3, 5), Fraction(1), False, False), "60%<x<100%", "60% < x < 100%"),
        (Interval(Fraction(1), None, True, False), "x≥100%", "x ≥ 100%"),
        (Interval(None, Fraction(1), False, True), "x≤100%", "x ≤ 100%"),
        (Interval(Fraction(1), Fraction(1)), "x=100%", "x = 100%"),
        (Interval(None, None, False, False), "", ""),
    ],
)
def test_stretches(interval: Interval, tight: str, spaced: str) -> None:
    assert stretch(interval, PERCENT, False) == tight
    assert stretch(interval, PERCENT, True) == spaced


def test_formulas() -> None:
    line = Ratio((Fraction(-14, 3), Fraction(20, 3)))
    assert formula(Span(line, line)) == "(20/3)x - 14/3"
    assert formula(Span(Ratio(()), Ratio((Fraction(2),)))) == "0～2"
    assert formula(Span(None, line)) is None
    assert formula(Span(*[Ratio((Fraction(1), Fraction(0), Fraction(-1)), (Fraction(0), Fraction(1)))] * 2)) == "(-x^2 + 1) ÷ (x)"


# ---- sentences


@pytest.fixture
def meanings(root: Path) -> Callable[[str], Meanings]:
    rules = read_rules("examples/xiangyuan_2023/indicators.yaml", None, root).indicators
    return lambda lang: Meanings(rules, rules, Words("zh" if lang == "zh" else "en"))


def _points(value: int | str) -> Span:
    number = Fraction(value)
    return Span(*[Ratio((number,) if number else ())] * 2)


def test_what_is_not_proved_is_said_to_be_so(meanings: Callable) -> None:
    meaning = Meaning((Difference("甲", proven=False),))
    assert meanings("zh").sentences(meaning) == ["「甲」：不能证明相同；试过的数值没有发现差别"]
    assert meanings("en").sentences(meaning) == ["“甲”: not proved equal; no value that was tried shows a difference"]


def test_answers_and_those_left_out(meanings: Callable) -> None:
    given = (("一", "是"), ("二", "否"))
    meaning = Meaning((Difference("", answers=(Answer(given, _points("3/2"), Span(None, None)),), more=7),))
    assert meanings("zh").sentences(meaning) == ["「一」为是、「二」为否时，1.5 分 → 没有得分", "另有 7 种回答也不同"]


def test_other_formulas_and_units(meanings: Callable) -> None:
    meaning = Meaning((), (("到位率", "到位率"), ("甲", "乙")), (("金额", "", "万元"),))
    assert meanings("zh").sentences(meaning) == [
        "「到位率」的算法不同",
        "原来看「甲」，现在看「乙」",
        "不带单位的「金额」原按「纯数」读，现按「万元」读",
    ]


def test_cases_beyond_four_are_counted(meanings: Callable) -> None:
    def at(answer: str) -> Difference:
        one = Stretch(Interval(Fraction(0), Fraction(1)), _points(1), _points(2), Fraction(1), Fraction(1))
        return Difference("", "率", PERCENT, (one,), given=((answer, "是"),))

    found = meanings("zh").sentences(Meaning(tuple(map(at, "甲乙丙丁戊己"))))
    assert found[0] == "若「甲」为是：0%≤x≤100% 时多得 1 分；x>100% 不变（x 为「率」）"
    assert found[4:] == ["另有 2 种情形"]


def test_whole_values_have_no_gaps_between_them(meanings: Callable) -> None:
    def at(low: int, high: int, gain: int) -> Stretch:
        return Stretch(Interval(Fraction(low), Fraction(high)), _points(0), _points(gain), Fraction(gain), Fraction(gain))

    meaning = Meaning((Difference("", "处数", None, (at(1, 2, 1), at(3, 4, -1), at(7, 7, 2)), whole=True),))
    assert meanings("zh").sentences(meaning) == [
        "1≤x≤2 时多得 1 分；3≤x≤4 时少得 1 分；x=7 时多得 2 分；x=0、5≤x≤6、x≥8 不变（x 为「处数」）"
    ]


# ---- documents


def test_pairs_found_otherwise_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree = "perfeval: 1\nid: t\ntree:\n- {name: 甲, weight: 60, children: [%s]}\n- {name: 乙, weight: 40, rule: {kind: judged}}\n"
    for name, child in (
        ("old.yaml", "{name: 资金使用合规性, weight: 60, rule: {kind: judged}}"),
        ("new.yaml", "{name: 资金使用的合规性, weight: 60, rule: {kind: judged}}"),
    ):
        (tmp_path / name).write_text(tree % child, "utf-8")
    assert run(["diff", str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml"), "--lang", "zh"]) == 1
    out = capsys.readouterr().out
    assert "按相似程度" in out
    assert "原「资金使用合规性」" in out
    assert "佐证要用新的名字提供" in out


@pytest.mark.parametrize("form", FORMATS)
def test_same_rules_in_every_format(form: str, root: Path) -> None:
    rules = read_rules("examples/xiangyuan_2023/indicators.yaml", None, root)
    compared = Compared(rules, rules, diff_rules(rules.indicators, rules.indicators))
    text = render(form, compared, "zh", PLAIN)
    assert text == render(form, compared, "zh", PLAIN)
    assert ("两套规则相同" in text) == (form != "json")
    assert str(root) not in text


@pytest.mark.parametrize(("lang", "told"), [("zh", "良 不变：1 个；未定：2 个"), ("en", "良 kept: 1; open: 2")])
def test_a_grade_that_is_open_is_not_said_to_stay(lang: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, weight in (("old.yaml", 40), ("new.yaml", 50)):
        leaves = (
            f"- {{name: 甲, weight: {weight}, rule: {{kind: judged}}}}\n- {{name: 乙, weight: {100 - weight}, rule: {{kind: judged}}}}\n"
        )
        (tmp_path / name).write_text(f"perfeval: 1\nid: t\ntree:\n{leaves}", "utf-8")
    (tmp_path / "t.csv").write_text("项目,甲/points,乙/points\n一,40,45\n二,20,\n三,,20\n", "utf-8")
    run(["diff", str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml"), "--evidence", str(tmp_path / "t.csv"), "--lang", lang])
    out = capsys.readouterr().out
    assert told in out, out


# ---- everything that can be edited


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_case_of_the_structural_diff_reads(
    lang: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    golden: Callable[[str, str], None],
) -> None:
    """All that was edited is told, with no slot left empty; JSON is as its schema says. The golden file is for reading."""
    every = []
    validator = Draft202012Validator(build("diff"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    for case in diff_cases():
        for name, given in (("old.yaml", case.old), ("new.yaml", case.new)):
            Path(name).write_text(json.dumps(tree_of(given), ensure_ascii=False), "utf-8")
        code = run(["diff", "old.yaml", "new.yaml", "--wording", "--lang", lang])
        text, _ = capsys.readouterr()
        assert code in (0, 1, 2), case.id
        assert not re.search(r"\{(name|n|where|old|new|told)\}|None|Fraction|：：|：$", text, re.M), f"{case.id}\n{text}"
        run(["diff", "old.yaml", "new.yaml", "--lang", lang, "--format", "json"])
        data = json.loads(capsys.readouterr()[0])
        assert [error.message for error in validator.iter_errors(data)] == [], case.id
        edited = len(data["changes"]) + sum(len(leaf["changes"]) for leaf in data["leaves"])
        assert edited == len(case.changes), case.id
        assert bool(edited) == (len(text.splitlines()) > 1), f"{case.id}\n{text}"
        if edited:
            every.append(f"## {case.id}\n\n{text}")
    golden(f"reports/changes-{lang}.txt", "\n".join(every))
