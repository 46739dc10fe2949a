"""What does not fit a model, in full: every problem with its values, the line that is quoted and the signs that are marked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic import BaseModel

from in_full import in_full
from perfeval.model.evidence import Evidence
from perfeval.model.project import Project
from perfeval.model.tree import GradeScale, Tree
from perfeval.problems import Origin, Problem, ProblemKind, Where
from perfeval.reading.positions import Sources, build_model, known_keys
from perfeval.reading.yaml_subset import read_yaml

LONG = "很长的键" * 20
HEAD = "perfeval: 1\nid: t\n"
LEAF = "- {name: 甲, weight: 100, rule: {kind: judged}}\n"
TEXTS: dict[str, tuple[type[BaseModel], list[str]]] = {
    "project": (
        Project,
        [
            "perfeval: 1\nname: 甲\nagenci: 乙\n",
            f"perfeval: 1\nname: 甲\n{LONG}: 乙\n",
            f"perfeval: 1\nname: 甲\n{LONG}长: 乙\n",
            "perfeval: 1\n",
            "name: 甲\n",
            "perfeval: 2\nname: 甲\n",
            "perfeval: 1\nname: [甲]\n",
            "perfeval: 1\nname: ''\n",
            "perfeval: 1\nname: 甲\npolicy: {missing: skip, undecided: x}\n",
            f"perfeval: 1\nname: 甲\npolicy: {{missing: {LONG}长}}\n",
            "perfeval: 1\nname: 甲\npolicy: {missing: [zero]}\n",
            "perfeval: 1\nname: 甲\npolicy: zero\n",
            "perfeval: 1\nname: 甲\nevaluator: [甲]\n",
            "perfeval: 1\nname: 甲\nevaluator: {members: {甲: 乙}}\n",
            "perfeval: 1\nname: 甲\nreport: {formats: md, narrative: [a]}\n",
            "perfeval: 1\nname: 甲\nreport: {formats: [md, htlm]}\n",
        ],
    ),
    "tree": (
        Tree,
        [
            HEAD + "tree: []\n",
            HEAD + "tree: 甲\n",
            HEAD + "tree: {甲: 1}\n",
            HEAD + "tree:\n- 甲\n",
            HEAD + "tree:\n- {name: 甲, wieght: 100, rule: {kind: judged}}\n",
            HEAD + "tree:\n- {name: 甲, weight: 100, rule: {kind: judge}}\n",
            HEAD + "tree:\n- {name: 甲, weight: 100, rule: {knid: judged}}\n",
            HEAD + "tree:\n- {name: 甲, weight: 100, rule: [judged]}\n",
            HEAD + "tree:\n- {name: 甲, weight: 100, rule: {kind: threshold, at_lest: 5}}\n",
            HEAD + "tree:\n- {name: 甲, weight: 100, benchmark: plam, rule: {kind: judged}}\n",
            HEAD + "units: {车皮: 1}\ntree:\n" + LEAF,
            HEAD + "units: [车皮, [蒲式耳]]\ntree:\n" + LEAF,
            HEAD + "units: [车皮, {蒲: 1}]\ntree:\n" + LEAF,
            HEAD + "grades: [{name: 优, form: 90%}]\ntree:\n" + LEAF,
            HEAD + "grades: ''\ntree:\n" + LEAF,
            HEAD + "grades: {优: 90}\ntree:\n" + LEAF,
            HEAD + "grades: [优]\ntree:\n" + LEAF,
            HEAD + "rounding: {places: 两, at: leef}\ntree:\n" + LEAF,
            HEAD + "as_printed: maybe\ntree:\n" + LEAF,
            HEAD
            + "rules: {有无: {kind: threshold, at_lest: 5}}\ntree:\n- {name: 甲, weight: 50, rule: 有无}\n- {name: 乙, weight: 50, rule: 有无}\n",
            HEAD
            + "rules: {有无: {kind: threshold}}\ntree:\n- {name: 甲, weight: 50, rule: 有无}\n- {name: 乙, weight: 50, rule: {kind: threshold, at_lest: 5}}\n",
            HEAD + "rules: [甲]\ntree:\n- {name: 甲, weight: 100, rule: 有无}\n",
            HEAD + "tree:\n- {name: 甲, weight: 100, rule: 有无}\n",
            HEAD + "tree:\n- {name: 甲, weight: 100, rule: {kind: formula, points: min(甲, 5), cap: full}}\n",
            HEAD + "tree:\n- {name: 甲, weight: 100, measure: max(支出, 预算) / 预算, rule: {kind: formula, points: min(甲, 5)}}\n",
            HEAD + "tree:\n- {name: 甲, weight: 100, rule: {kind: formula, points: max(甲, min(乙, 5)), cap: full}}\n",
            HEAD + "tree:\n- name: 甲\n  weight: 100\n  rule: {kind: formula, points: 'min(甲, 5', cap: full}\n",
            HEAD + "tree:\n- {name: 甲, weight: 百, rule: {kind: judged}, children: [{name: 乙}]}\n",
            HEAD + "constraints: [{sum_of: 甲, at_lest: 10%}]\ntree:\n" + LEAF,
        ],
    ),
    "evidence": (
        Evidence,
        [
            "perfeval: 1\nfacts: {甲: {vaule: 5}}\n",
            "perfeval: 1\nfacts: {甲: [5]}\n",
            "perfeval: 1\nfacts: {甲: {table: t, sum: {a: b}}}\n",
            "perfeval: 1\nfacts: {甲: {table: t, count: row, blank: zero}}\n",
            "perfeval: 1\nfacts: {甲: {table: t, sum: 额, where: 类}}\n",
            "perfeval: 1\nfacts: {甲: {table: t, sum: 额, where: {类: {at_lest: 5}}}}\n",
            "perfeval: 1\nindicators: {甲: {checklist: yes}}\n",
            "perfeval: 1\nindicators: {甲: {checklist: {a: {actaul: 5}, b: [1]}}}\n",
            "perfeval: 1\nindicators: {甲: 5}\n",
            "perfeval: 1\nindicators: [甲]\n",
            "perfeval: 1\nveto: x\n",
            "perfeval: 1\ntables: {t: {fiel: t.csv}}\n",
            "perfeval: 1\ntables: {t: {file: t.csv, encoding: gbk}}\n",
        ],
    ),
    "scale": (
        GradeScale,
        ["perfeval: 1\nid: s\ngrades: [{name: 优, from: 90, form: 1}]\n", "perfeval: 1\ngrades: []\n", "perfeval: 1\nid: s\n"],
    ),
}


@pytest.mark.parametrize("group", TEXTS)
def test_every_problem_in_full(group: str, golden: Callable[[str, str], None]) -> None:
    model, texts = TEXTS[group]
    blocks = []
    for text in texts:
        file = read_yaml("a.yaml", text.encode())
        rules = file.plain().get("rules")
        found, problems = build_model(model, file, {"rules": rules if isinstance(rules, dict) else {}, "words": frozenset(), "read": [0]})
        sources = Sources()
        sources.add(file)
        assert (found is None) == any(problem.is_error for problem in problems)
        blocks.append("\n".join([text.rstrip("\n"), *in_full(sources.placed([*file.problems, *problems]))]))
    golden(f"reading/models-{group}.txt", "\n\n".join(blocks) + "\n")


KIND = ProblemKind("a-test-of-places", says="{a}", remedy="a", en="{a}", en_remedy="a")


def test_problems_are_placed_once_and_sorted() -> None:
    sources = Sources()
    for name in ("b.yaml", "a.yaml"):
        sources.add(read_yaml(name, "甲: 1\n乙: {丙: 2, 丁: 3}\n".encode()))
    other = ProblemKind("a-test-of-places-too", says="{a}", remedy="a", en="{a}", en_remedy="a")
    given = [
        KIND.on(Origin("b.yaml", ("甲",)), a=1),
        KIND.on(Origin("a.yaml", ("乙", "丁")), a=1),
        KIND.on(Origin("a.yaml", ("乙", "丙")), a=1),
        other.on(Origin("a.yaml", ("甲",)), a=1),
        KIND.on(Origin("a.yaml", ("甲",)), a=1),
        KIND.on(Origin("a.yaml", ("甲",)), a=1),
        KIND.on(Origin("a.yaml", ("甲",)), a=2),
        KIND.on(Origin("a.yaml", ("甲",)).key(), a=1),
        KIND.on(Where("a.yaml", 1, 2), a=1),
        KIND.on(Origin("c.csv", ("甲",)), a=1),
        Problem(KIND, {"a": "1"}),
    ]
    found = sources.placed(given)
    assert [(problem.kind.name[16:], str(problem.where), problem.values["a"]) for problem in found] == [
        ("", "None", "1"),
        ("", "a.yaml:1:1", "1"),
        ("", "a.yaml:1:2", "1"),
        ("", "a.yaml:1:4", "1"),
        ("", "a.yaml:1:4", "2"),
        ("-too", "a.yaml:1:4", "1"),
        ("", "a.yaml:2:8", "1"),
        ("", "a.yaml:2:14", "1"),
        ("", "b.yaml:1:4", "1"),
        ("", "c.csv", "1"),
    ]
    assert all(problem.origin is None for problem in found)


def test_keys_that_a_hint_may_name() -> None:
    """Those of the rules too, but only in a tree; each once, and as they are written in the file."""
    assert {"from", "at_least", "kind", "weight", "rounding", "places"} <= set(known_keys(Tree))
    assert {"attachments", "where", "file", "checklist"} <= set(known_keys(Evidence))
    assert not {"at_least", "kind", "from_"} & {*known_keys(Project), *known_keys(Evidence)}
    assert "from_" not in known_keys(Tree)
    assert len(set(known_keys(Tree))) == len(known_keys(Tree))
