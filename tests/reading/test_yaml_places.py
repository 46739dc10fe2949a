"""What is wrong with a YAML text, in full: the line that is quoted and the signs of it that are marked, for every trap and limit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from in_full import in_full
from perfeval.reading import yaml_subset
from perfeval.reading.yaml_subset import YamlNode, read_yaml

TEXTS = {
    "syntax": [
        "a: 'b\nc: d\n",
        'a: "b\n\nc: d\n',
        'a: "b\\q"\n',
        'a: "\\U99999999"\n',
        "a: b\n c: d\n",
        "a: b: c\n",
        "a:\n- b\nc\n",
        "a: {b: c\nd: e\n",
        "a: [b, c\nd: e\n",
        "a: [b, c}\n",
        "a: @b\n",
        "a: !<b\n",
        "a: &\n",
        "a: %b\n",
        "- a\n b: c\n",
        "a: b\n- c\n",
        "",
        "# nothing\n",
        "a\n",
        "- a\n- b\n",
        "%YAML 1.1\n---\na: b\n",
        "%TAG ! tag:x,2000:\n---\na: b\n",
        "---\na: b\n---\nc: d\n",
        "a: b\n...\n",
    ],
    "refused": [
        "a: &x b\nc: *x\n",
        "a: *x\n",
        "a: !!str b\n",
        "a: &x [b]\n",
        "a: !x {b: c}\n",
        "a: b\n<<: c\n",
        "a: {<<: c}\n",
        "[a]: b\n",
        "? {a: b}\n: c\n",
        "甲: 1\n乙: 2\n甲: 3\n",
        "外:\n  甲: 1\n  '甲 ': 2\n  \" 甲\": 3\n",
        "外: {甲: 1, 甲: 2}\n内: {甲: 3}\n",
        'a: "\\u200b甲"\nb: "x\\u202ey"\n',
    ],
    "traps": [
        "目标: > 95%\n完成: 5\n",
        "甲: {目标: >= 95%, 完成: 5}\n",
        "甲: {目标: > 1,234元}\n",
        "目标: > 95%, 且逐年上升  \n完成: 5\n",
        "甲:\n\t乙: 1\n",
        "甲:\n\u3000乙: 1\n",
        "甲:\n  乙：1\n  丙: 2\n",
        "- 甲：1\n- 乙: 2\n",
        "甲: {预算: 1,234元}\n",
        "甲: {预算: 1,234,567元, 支出: 5}\n",
        "甲: {预算: 1,234元, 支出: 2,345.5元}\n",
        "甲: {预算: 1, 234元}\n",
        "甲: {预算: 1,234: 5}\n",
        "甲: [1,234元]\n",
        "甲: {预算: 12,345,678.90元, 234: 5}\n",
        "甲: {预算: 1,\n  234元}\n",
        "甲: {名: 一 #说明}\n",
        "甲: {名: 一 # 说明}\n乙: 2\n",
        "甲: [一, '二 # 三', 四 # 五]\n乙: 2\n",
        "甲: 前缀 #说明\n乙: abc #def\n丙: 丁 # 戊\n",
        "甲: 前缀  #1号楼  \n",
        "甲: 一\n  二 #三\n",
        "甲: ５元\n乙: '１００％'\n丙: |\n  ５\n丁: 第５名\n",
        "甲: {５: ６}\n",
    ],
}


@pytest.mark.parametrize("group", TEXTS)
def test_every_problem_in_full(group: str, golden: Callable[[str, str], None]) -> None:
    blocks = []
    for text in TEXTS[group]:
        file = read_yaml("a.yaml", text.encode())
        blocks.append("\n".join([repr(text), *in_full(file.problems), f"= {file.plain()!r}"]))
    golden(f"reading/yaml-{group}.txt", "\n\n".join(blocks) + "\n")


@pytest.mark.parametrize(
    ("name", "most", "kept", "over"),
    [
        ("MAX_NODES", 7, "a:\n- b\n- c\nd: e\n", "a:\n- b\n- c\nd: e\nf: g\n"),
        ("MAX_DEPTH", 3, "a:\n- [b]\n- [c]\n", "a:\n- [[b]]\n"),
        ("MAX_TEXT", 3, "abc: 'abc'\n", "abc: 'abcd'\n"),
    ],
)
def test_limits(name: str, most: int, kept: str, over: str, monkeypatch: pytest.MonkeyPatch, golden: Callable[[str, str], None]) -> None:
    monkeypatch.setattr(yaml_subset, name, most)
    texts = (kept, over)
    files = [read_yaml("a.yaml", text.encode()) for text in texts]
    assert [len(file.problems) for file in files] == [0, 1]
    golden(f"reading/yaml-{name.lower().replace('_', '-')}.txt", "\n".join(in_full(files[1].problems)) + "\n")


def nodes(node: YamlNode, key: str = "") -> list[str]:
    """Every node with its place, its width and whether it is plain."""
    told = f"{key}{node.kind} {node.line}:{node.column} +{node.width}{' plain' if node.plain else ''}"
    if node.kind == "map":
        pairs = [one for k, v in node.value for one in (*nodes(k, "key "), *nodes(v))]
        return [told, *pairs]
    return [told, *(one for item in node.value for one in nodes(item))] if node.kind == "list" else [f"{told} {node.value!r}"]


def test_where_every_node_stands() -> None:
    text = '甲: 一二\n乙 : \'x y\'\n丙:\n- {a: "b", c: []}\n- 长\n  文\n丁: |\n  块\n"戊 ": >-\n  折\n己:\n'
    root = read_yaml("a.yaml", text.encode()).root
    assert root is not None
    assert nodes(root) == [
        "map 1:1 +1",
        "key text 1:1 +1 plain '甲'",
        "text 1:4 +2 plain '一二'",
        "key text 2:1 +1 plain '乙'",
        "text 2:5 +5 'x y'",
        "key text 3:1 +1 plain '丙'",
        "list 4:1 +1",
        "map 4:3 +1",
        "key text 4:4 +1 plain 'a'",
        "text 4:7 +3 'b'",
        "key text 4:12 +1 plain 'c'",
        "list 4:15 +1",
        "text 5:3 +200 plain '长文'",
        "key text 7:1 +1 plain '丁'",
        "text 7:4 +200 '块\\n'",
        "key text 9:1 +4 '戊'",
        "text 9:7 +200 '折'",
        "key text 11:1 +1 plain '己'",
        "text 11:3 +0 plain ''",
    ]
