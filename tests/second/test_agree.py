"""The second scorer and the interpreter agree, exactly: on the examples and on random projects; on cases in test_cases.py."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import pytest

from cases_support import Case, cases, run
from generators import COMPOSITE, SIMPLE
from perfeval.model.result import Result
from perfeval.problems import KINDS, Problem, ProblemsFound, Where
from perfeval.scoring import open_project, score
from second import scorer, soak
from second.folder import beside
from second.wild import grow_wild

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = ("examples/xiangyuan_2023", "indicators/starter/basic", "indicators/starter/mof-2020-project")
SHORT = range(40)
REFUSED = [case for room in ("rules", "projects") for case in cases(room) if soak.is_refused(case.expect.get("problems", ()))]


@pytest.mark.parametrize("name", PROJECTS)
def test_examples(name: str) -> None:
    for partial in (False, True):
        try:
            first: Result | tuple[Problem, ...] = score(open_project(ROOT / name, partial), partial)
        except ProblemsFound as found:
            first = found.problems
        assert beside(first, ROOT / name, partial) == []


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.id)
def test_refusals(case: Case, tmp_path: Path) -> None:
    """Why there is no score, in each case where nothing is wrong but that; test_cases.py compares what is scored."""
    outcome = run(case.given, tmp_path, case.partial)
    assert not isinstance(outcome, Result)
    assert beside(outcome, tmp_path, case.partial) == []


def test_refusals_are_told_apart() -> None:
    """Another reason, a score instead, and what is pending for another reason are differences."""
    leaf = {"name": "甲", "weight": "1", "rule": {"kind": "formula", "points": "1 / 除数 + 量"}}
    tree = {"total": "1", "policy": {"missing": "pending"}, "tree": [leaf], "grades": "mof-2020"}
    waiting, scored = (scorer.score(tree, {"facts": facts}, {}, None, soak.SCALES) for facts in ({"除数": "0"}, {"除数": "2", "量": "0"}))
    for name, word in soak.REFUSALS.items():
        first = (KINDS[name].on(Where("evidence.yaml", 1, 1), leaf="甲"),)
        for other in set(soak.REFUSALS.values()):
            assert (soak.differences(first, other) == []) == (word == other)
        assert soak.differences(first, f"missing, {word}") == []
        assert soak.differences(first, scored)
        assert (soak.differences(first, waiting) == []) == (name in soak.AT_ONCE)
    elsewhere = KINDS["zero-divisor"].on(Where("evidence.yaml", 1, 1), leaf="乙")
    assert soak.differences((elsewhere,), waiting)


def test_what_is_loose_has_to_overlap() -> None:
    """Only the leaf that is loose, and what is above it."""
    loose = {"name": "甲", "weight": "1", "rule": {"kind": "formula", "points": "1 / 除数 + 量"}}
    tight = {"name": "乙", "weight": "2", "rule": {"kind": "judged"}}
    above = {"name": "上", "weight": "1", "children": [loose]}
    tree = {"total": "3", "policy": {"missing": "pending"}, "tree": [above, tight], "grades": "mof-2020"}
    sheet = scorer.score(tree, {"facts": {"除数": "0"}}, {}, None, soak.SCALES)
    assert isinstance(sheet, scorer.Sheet)
    assert {name: node.loose for name, node in sheet.nodes.items()} == {"甲": True, "上": True, "乙": False}
    assert soak.reach("", scorer.point(0), (scorer.ZERO, scorer.ONE), loose=True) == []
    assert soak.reach("", scorer.point(0), (scorer.ZERO, scorer.ONE), loose=False)
    assert soak.reach("", scorer.point(2), (scorer.ZERO, scorer.ONE), loose=True)


@pytest.mark.parametrize("seed", SHORT)
def test_random_projects(seed: int, tmp_path: Path) -> None:
    assert soak.agree(seed, 6, tmp_path) == []


def test_random_projects_reach_the_edges() -> None:
    """What the soak is for is in it: every kind, every policy, and refusals and intervals beside scores."""
    grown = [grow_wild(seed, answers) for seed in range(300) for answers in range(2)]
    trees, answers = str([g.indicators for g in grown]), str([g.evidence for g in grown])
    for kind in (*SIMPLE, *COMPOSITE):
        assert f"'kind': '{kind}'" in trees
    for word in (
        "rebase_total",
        "rebase_parent",
        "'full'",
        "'pending'",
        "'zero'",
        "'error'",
        "'veto'",
        "'requires'",
        "'defects'",
        "'as_printed'",
    ):
        assert word in trees
    for word in ("'bonus'", "'penalty'", "'rules'", "'cap'", "'extremes'", "'over'", "'through'", "1/3 of weight", "of leaf", "'below'"):
        assert word in trees
    for word in ("待补充", "'null'", "'—'", "''", "not_applicable", "0.000000000000000001%", "'0人'", "'90%'", "'7人'", "'3人'"):
        assert word in answers
    sheets = [scorer.score(soak.plain(g.indicators), soak.plain(g.evidence), {}, None, soak.SCALES) for g in grown[::2]]
    assert any(isinstance(one, scorer.Sheet) and one.total[0] < one.total[1] for one in sheets)
    assert {"missing", "zero divisor", "not applicable without a policy"} <= {one for one in sheets if isinstance(one, str)}


def test_the_second_scorer_stands_alone() -> None:
    source = (ROOT / "tests/second/scorer.py").read_text(encoding="utf-8")
    assert "import perfeval" not in source and "from perfeval" not in source
    assert len(code_lines(source)) <= 500


def code_lines(source: str) -> set[int]:
    """Lines that hold code: no blank ones, comments or docstrings."""
    texts = [
        node.body[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None
    ]
    told = {line for text in texts for line in range(text.lineno, (text.end_lineno or 0) + 1)}
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    kept = [token for token in tokens if token.string.strip() and token.type != tokenize.COMMENT]
    return {line for token in kept for line in range(token.start[0], token.end[0] + 1)} - told
