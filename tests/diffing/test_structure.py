"""The structural diff: cases, places, time, and the two rule sets of a published report."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from diffing.diff_support import DiffCase, diff_cases, pairs_told, read, told, tree_of
from perfeval.diffing.structure import compare
from perfeval.model.folder import Indicators
from perfeval.reading.project_folder import read_indicators


@pytest.mark.parametrize("case", list(diff_cases()), ids=lambda case: case.id)
def test_case(case: DiffCase) -> None:
    structure = compare(read(tree_of(case.old)), read(tree_of(case.new)))
    assert [told(change) for change in structure.changes] == list(map(dict, case.changes))
    if case.pairs:
        assert pairs_told(structure) == case.pairs


def test_comments_quoting_and_layout_make_no_difference() -> None:
    old = """perfeval: 1
id: a
total: 10
tree:
- name: 满意度
  weight: 10
  explain: 帮扶对象的满意程度
  rule: {kind: linear, zero_at: 60%, full_at: 90%}
"""
    new = """perfeval: "1"  # the format
tree:
  - rule:
      kind: 'linear'
      full_at: "90.00 %"
      zero_at: ６０％
    explain: >-
      帮扶对象的满意程度
    # how much it counts
    weight: "10.0"
    name: '满意度'
total: 10.00
id: "a"
"""
    assert compare(read(old), read(new)).changes == ()


def test_places_on_both_sides(tmp_path: Path) -> None:
    """Each origin leads to the value that was edited, however deep it stands and wherever its entry moved to."""
    texts = [
        """perfeval: 1
id: a
tree:
- name: 甲
  weight: 100
  rule:
    kind: checklist
    items:
    - {text: 宣传, points: 40}
    - text: 到位
      points: 60
      rule:
        kind: bands
        bands:
        - {at_least: 100%, points: 60}
        - {at_least: 90%, points: 30}
        otherwise: 0
""",
        """perfeval: 1
id: a
tree:
- name: 甲
  weight: 100
  rule:
    kind: checklist
    items:
    - text: 到位
      points: 60
      rule:
        kind: bands
        bands:
        - {at_least: 100%, points: 60}
        - {at_least: 95%, points: 45}
        - {at_least: 80%, points: 30}
        otherwise: 0
    - {text: 宣传, points: 40}
""",
    ]
    sides = []
    for name, text in zip(("old", "new"), texts, strict=True):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        sides.append(read_indicators(tmp_path / f"{name}.yaml")[:2])
    structure = compare(sides[0][0], sides[1][0])
    found = []
    for change in structure.changes:
        places = [
            origin and sources.where(origin) for origin, (_, sources) in zip((change.old_origin, change.new_origin), sides, strict=True)
        ]
        found.append((change.what, change.path, *(str(place or "") for place in places)))
    band = ("rule", "items", "到位", "rule", "bands")
    assert found == [
        ("added", (*band, 1), "", "new.yaml:15:11"),
        ("parameter", (*band, 2, "at_least"), "old.yaml:16:22", "new.yaml:16:22"),
    ]


def wide(count: int, points: str, rng: random.Random | None = None) -> Indicators:
    leaves = [
        {
            "name": f"指标{at}",
            "weight": "10",
            "rule": {
                "kind": "bands",
                "bands": [{"at_least": "100%", "points": "10"}, {"at_least": "90%", "points": points if at == count // 2 else "5"}],
                "otherwise": "0",
            },
        }
        for at in range(count)
    ]
    groups = [leaves[at : at + 20] for at in range(0, count, 20)]
    if rng:
        for group in [groups, *groups]:
            rng.shuffle(group)
    nodes = [
        {"name": f"组{group[0]['name']}", "id": f"组{min(one['name'] for one in group)}", "weight": str(10 * len(group)), "children": group}
        for group in groups
    ]
    for node in nodes:
        node["name"] = node["id"]
    return read({"perfeval": "1", "id": "wide", "total": str(10 * count), "tree": nodes})


def test_a_thousand_leaves_shuffled_with_one_band_changed() -> None:
    old, new = wide(1000, "5"), wide(1000, "4", random.Random(5))
    start = time.perf_counter()
    structure = compare(old, new)
    took = time.perf_counter() - start
    assert [told(change) for change in structure.changes] == [
        {"what": "parameter", "key": "指标500", "path": "rule/bands/1/points", "old": "5", "new": "4"}
    ]
    assert took < 2, f"{took:.2f} s"


def banded(bands: list[tuple[str, str]]) -> Indicators:
    rule = {"kind": "bands", "bands": [{"at_least": bound, "points": points} for bound, points in bands], "otherwise": "0"}
    return read({"perfeval": "1", "id": "a", "tree": [{"name": "甲", "weight": "100", "rule": rule}]})


HUNDRED = [(f"{200 - at}%", str(100 - at)) for at in range(100)]


def test_one_bound_of_a_hundred_bands() -> None:
    changed = [("160.5%", points) if at == 39 else (bound, points) for at, (bound, points) in enumerate(HUNDRED)]
    found = [told(change) for change in compare(banded(HUNDRED), banded(changed)).changes]
    assert found == [{"what": "parameter", "key": "甲", "path": "rule/bands/39/at_least", "old": "161%", "new": "160.5%"}]


def test_one_band_more_among_a_hundred() -> None:
    more = [*HUNDRED[:30], ("170.5%", "70.5"), *HUNDRED[30:]]
    there, back = (compare(banded(one), banded(other)).changes for one, other in ((HUNDRED, more), (more, HUNDRED)))
    assert [told(change) for change in there] == [
        {"what": "added", "key": "甲", "path": "rule/bands/30", "new": "{at_least: 170.5%, points: 70.5}"}
    ]
    assert [told(change) for change in back] == [
        {"what": "removed", "key": "甲", "path": "rule/bands/30", "old": "{at_least: 170.5%, points: 70.5}"}
    ]


def test_the_two_rule_sets_of_the_report(root: Path) -> None:
    """Where the comments of annex1.yaml say that it differs, and nowhere else, something that can change a score is listed."""
    folder = root / "examples" / "xiangyuan_2023"
    old, new = (read_indicators(folder / name)[0] for name in ("indicators.yaml", "annex1.yaml"))
    structure = compare(old, new)
    assert {pair.how for pair in structure.pairs} == {"id"}
    differ = (
        "立项依据充分性 绩效目标合理性 绩效目标明确性 预算执行率 资金使用合规性 帮扶管理制度的健全性 项目执行有效性 "
        "帮扶工作完成情况 质量达标情况 帮扶职工数量 政策知晓情况 帮扶有效性 职工满意度"
    )
    assert {change.old_key for change in structure.changes if change.scores and change.old_key} == set(differ.split())
    rates = [change for change in structure.changes if change.path[:3] == ("rule", "parts", "帮扶开展率")]
    assert [(str(change.path[-1]), change.old, change.new) for change in rates] == [
        ("points", "5", "7.5"),
        ("bound", "≥ 100%", "= 100%"),
        ("points", "5", "7.5"),
        ("points", "3", "5"),
        ("points", "1", "3"),
        ("3", "", "{below: 70%, points: {from: 0, to: 2}}"),
        ("otherwise", "0", ""),
    ]
