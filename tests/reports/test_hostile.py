"""Hostile texts in every text that a project can hold: from the files to each report, the terminal and the formats for programs.

The example's files are filled up with every text key that the models know, and a hostile text stands behind each text in them, keys
included. Where the reader refuses one (a number, a date, a word of a closed list), that one is given back and the run goes on, until
everything scores that can. A new key joins by itself.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pydantic import BaseModel

from cases_support import load
from perfeval.cli._problems import shown_problems
from perfeval.cli.main import run
from perfeval.model.result import Result
from perfeval.problems import Problem, ProblemsFound
from perfeval.reports import FORMATS, render, result_json
from perfeval.schemas import build
from perfeval.scoring import open_project, score
from reports.test_reports import ATTRIBUTES, TAGS, Page, tokens, uneven_tables

HARMLESS = "x"
HOSTILE = {
    "html": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)><!-- </style></title></svg><svg onload=x> &lt;b&#60;b javascript:alert(1)",
    "markdown": "a|b `c` [d](javascript:x) ![e](http://x.y/z) <https://x.y> www.x.y **f** __g__ ~~h~~ $i$ \\\\ \\| [1]: x a@b.c ]]>",
    "lines": "\n# j\n\n- k\n1. l\n> m\n| n | o |\n|---|---|\n```\np\n---\n\n===\n    q\n::error file=x::y\n::set-output name=z::1",
    "formulas": "{{ 7*7 }} {% x %} ${x} %(x)s {0} {name} =cmd|'/C calc'!A0 +1 -1 @SUM(A1)\t%n$s \\x1b[31m \\u001b",
}
FILES = ("project.yaml", "indicators.yaml", "evidence.yaml")


def _words(schema: Any) -> Iterator[str]:
    """Keys and words of closed lists in a schema."""
    if isinstance(schema, dict):
        yield from (word for word in [*schema.get("enum", ()), schema.get("const")] if isinstance(word, str))
        yield from schema.get("properties", ())
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _words(inner)


OURS = {word for kind in ("project", "indicators", "evidence") for word in _words(build(kind))}


class Folder:
    """The example's files as texts with one scalar on each line, some of them with a hostile text behind them."""

    def __init__(self, root: Path, folder: Path, by: str) -> None:
        self.source, self.folder, self.by = root / "examples" / "xiangyuan_2023", folder, by
        self.data = {name: load(self.source / name) for name in FILES}
        expect = self.data["project.yaml"]["expect"]
        expect["scores"] = {name: one for name, one in expect["scores"].items() if "/" not in name}  # paths of several names
        self.added: set[tuple[str, ...]] = set()
        self.refused: set[str] = {*FORMATS}
        self.dropped: set[tuple[str, ...]] = set()
        self.lines: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        (folder / "data").mkdir(parents=True)
        for path in (self.source / "data").iterdir():
            (folder / "data" / path.name).write_bytes(path.read_bytes())
        project = open_project(self.source)
        for name, model in zip(FILES, (project.project, project.tree, project.evidence), strict=True):
            self.fill(self.data[name], model, (name,))

    def fill(self, data: Any, model: Any, path: tuple[str, ...]) -> None:
        """Every key with a text that the models know and the file leaves out."""
        if isinstance(model, BaseModel) and isinstance(data, dict):
            for key, field in type(model).model_fields.items():
                name = field.alias or key
                if name in data:
                    self.fill(data[name], getattr(model, key), (*path, name))
                elif _takes_text(type(model), name):
                    data[name] = f"{name} of {'/'.join(path[-2:])}"
                    self.added.add((*path, name))
        elif isinstance(model, dict) and isinstance(data, dict):
            for key, one in model.items():
                self.fill(data.get(key), one, (*path, key))
        elif isinstance(model, tuple) and isinstance(data, list):
            for number, (inner, one) in enumerate(zip(data, model, strict=False)):
                self.fill(inner, one, (*path, str(number)))

    def write(self) -> None:
        self.refused_before = set(self.refused)
        for name in FILES:
            lines = self.lines[name] = []
            text = "\n".join(self.emitted(self.data[name], (name,), 0, lines, ""))
            (self.folder / name).write_text(text + "\n", "utf-8")

    def emitted(self, data: Any, path: tuple[str, ...], depth: int, lines: list, head: str) -> Iterator[str]:
        """Block YAML; `lines` says what stands on each line: its path, its key, its value."""
        indent = " " * depth
        if isinstance(data, str) or not data:
            text = data if isinstance(data, str) else ""
            lines.append((path, path[-1], text))
            yield head + ({"{}": " {}", "[]": " []"}.get(str(data)) or f" {self.shown(text)}")
            return
        if head:
            lines.append((path, path[-1], ""))
            yield head
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            inner = (*path, str(key))
            if inner in self.dropped:
                continue
            yield from self.emitted(
                value, inner, depth + 1, lines, f"{indent}{self.shown(key)}:" if isinstance(data, dict) else f"{indent}-"
            )

    def shown(self, text: str) -> str:
        if text in OURS or text in self.refused or not text:
            return json.dumps(text, ensure_ascii=False)
        return json.dumps(text + self.by, ensure_ascii=False)

    def give_back(self, file: str, line: int) -> bool:
        """What stands at a fault is left out, if it was put there, or left as it is."""
        path, key, value = self.lines[file][line - 1]
        if path in self.added - self.dropped:
            self.dropped.add(path)
            return True
        if not {value, key}.isdisjoint(self.refused - self.refused_before):
            return True  # in this round, for another line
        for words in ({value}, {key}):
            if new := words - OURS - self.refused - {""}:
                self.refused |= new
                return True
        around = path if not value else path[:-1]  # keys that do not go together
        new_paths = {one for one in self.added - self.dropped if one[: len(around)] == around}
        self.dropped |= new_paths
        below = {text for one, own, said in self.lines[file] if one[: len(around)] == around for text in (own, said)}
        new_words = set() if new_paths else below - OURS - self.refused - {""}
        self.refused |= new_words
        return bool(new_paths or new_words)


@cache
def _keys(model: str) -> dict[str, Any]:
    """What the schemas say of the keys of a model."""
    for kind, top in (("project", "Project"), ("indicators", "Tree"), ("evidence", "Evidence")):
        schema = build(kind)
        if found := schema if model == top else schema["$defs"].get(model):
            keys: dict[str, Any] = found.get("properties", {})
            return keys
    return {}


def _takes_text(model: type[BaseModel], name: str) -> bool:
    told = json.dumps(_keys(model.__name__).get(name, {}))
    return '"string"' in told and not any(word in told for word in ('"pattern"', '"enum"', '"const"', '"object"', "$ref"))


def settle(folder: Folder, said: Callable[[tuple], None] = lambda _: None) -> Result:
    """Gives back what is refused, until there is a result; `said` looks at the problems of each round."""
    for _ in range(60):
        folder.write()
        try:
            return score(open_project(folder.folder))
        except ProblemsFound as found:
            said(found.problems)
            places = {(p.where.file, p.where.line) for p in found.problems if p.is_error and p.where and p.where.line}
            changed = [folder.give_back(*place) for place in sorted(places)]
            assert any(changed), [f"{p.kind.name} {p.where}" for p in found.problems if p.is_error]
    raise AssertionError("the texts are not settled after 60 rounds")


def control_characters(text: str) -> set[str]:
    """What could move a cursor, hide or turn text round."""
    return {hex(ord(c)) for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}


def check_told(problems: Iterable[Problem]) -> None:
    """Each problem of a round as the terminal shows it."""
    for lang in ("zh", "en"):
        text = shown_problems(problems, lang)
        assert control_characters(text) == set()
        assert text.count("\n::") == 0


Pair = tuple[Result, Result, Path, Path]


@pytest.fixture(scope="module", params=HOSTILE)
def pair(request: pytest.FixtureRequest, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A result with harmless texts, and the same with hostile ones; the folders of both."""
    work = tmp_path_factory.mktemp("hostile")
    hostile = Folder(root, work / "hostile", HOSTILE[request.param])
    after = settle(hostile, check_told)
    harmless = Folder(root, work / "harmless", HARMLESS)
    harmless.refused, harmless.dropped = hostile.refused, hostile.dropped
    before = settle(harmless)
    given = sum(text not in OURS | hostile.refused for lines in hostile.lines.values() for _, _, text in lines if text)
    assert given > 250, "most texts must be hostile"
    return before, after, harmless.folder, hostile.folder


def test_html(pair: Pair) -> None:
    before, after = (Page(render("html", one)) for one in pair[:2])
    assert [tag for tag, _ in after.elements] == [tag for tag, _ in before.elements]
    assert {tag for tag, _ in after.elements} <= TAGS
    assert {name for _, given in after.elements for name in given} <= ATTRIBUTES
    assert [sorted(given) for _, given in after.elements] == [sorted(given) for _, given in before.elements]
    assert all(given.get("href", "#").startswith("#") for _, given in after.elements)
    policy = [given["content"] for _, given in after.elements if given.get("http-equiv") == "Content-Security-Policy"]
    assert len(policy) == 1
    assert policy[0].startswith("default-src 'none'")
    assert control_characters(render("html", pair[1])) == set()


def test_markdown(pair: Pair) -> None:
    before, after = (list(tokens(render("md", one))) for one in pair[:2])
    assert [(one.type, one.tag) for one in after] == [(one.type, one.tag) for one in before]
    for token in after:
        for inner in token.children or ():
            assert inner.type in ("text", "text_special", "strong_open", "strong_close", "html_inline", "softbreak")
            assert inner.type != "html_inline" or inner.content == "<br>"
    assert uneven_tables(render("md", pair[1])) == []
    assert control_characters(render("md", pair[1])) == set()


def test_json(pair: Pair) -> None:
    before, after = (json.loads(result_json.render(one)) for one in pair[:2])
    assert _shape(after) == _shape(before)


def _shape(data: Any) -> Any:
    if isinstance(data, dict):
        return [_shape(one) for _, one in sorted(data.items())] if len(data) > 1 else [_shape(one) for one in data.values()]
    return [_shape(one) for one in data] if isinstance(data, list) else type(data).__name__


@pytest.mark.parametrize("command", ["score --no-report", "explain", "check", "check --format github", "check --format junit"])
def test_terminal(command: str, pair: Pair, capsys: pytest.CaptureFixture[str]) -> None:
    """No command that shows a project lets its texts move the cursor, or speak to the program that reads the output."""
    name, *options = command.split()
    printed = []
    for folder in pair[2:]:
        capsys.readouterr()
        code = run([name, str(folder), *options])
        out, err = capsys.readouterr()
        printed.append((code, out))
        assert control_characters(err) == set()
    (code_before, before), (code_after, after) = printed
    assert code_after == code_before < 2
    if "junit" in command:
        assert [one.tag for one in ET.fromstring(after).iter()] == [one.tag for one in ET.fromstring(before).iter()]
    else:
        assert control_characters(after) == set()
        assert after.count("\n::") == before.count("\n::")
