"""The YAML subset: text to a tree of mappings, sequences and texts, each with its line and column. No types are guessed.

Bytes are checked before YAML sees them (size, UTF-8, code points that hide or forge lines), then PyYAML's events are
built under limits. Refused: aliases, anchors, tags, merge keys, duplicate keys, several documents.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from perfeval.problems import Path, Problem, ProblemKind, Where
from perfeval.quantity import plain_width
from perfeval.reading.quick_yaml import events
from perfeval.reading.texts import FORBIDDEN, FORBIDDEN_CHARACTER, FULL_WIDTH, WIDE, character_name, decode, is_full_width, join_chinese
from perfeval.reading.traps import (
    COMMA_IN_BRACES,
    COMMENT_IN_BRACES,
    comma_in_braces,
    comment_in_braces,
    explain_syntax,
    is_piece,
    swallowed_comments,
    told_syntax,
)

MAX_NODES, MAX_DEPTH, MAX_TEXT = 50_000, 32, 30_000

SYNTAX = ProblemKind(
    "yaml-syntax",
    says="这里不合 YAML 的写法：{why}。",
    remedy="检查缩进（只用空格）、冒号后的空格、引号和括号是否成对；以特殊符号开头的文字请加引号。",
    en="This is not YAML: {why}.",
    en_remedy="Check indentation (blanks only), the blank after a colon, pairs of quotes and brackets; quote texts that begin with a special sign.",
)
NOT_ALLOWED = ProblemKind(
    "yaml-not-allowed",
    says="这里用了 YAML 的{what}，本格式不接受。",
    remedy="照直写出内容；文字以 & * ! 开头时请加引号。",
    en="This uses {what}, which the format does not accept.",
    en_remedy="Write the content out; put a text that begins with & * ! in quotes.",
)
DUPLICATE_KEY = ProblemKind(
    "duplicate-key",
    says="键「{key}」在第 {line} 行已经写过一次。",
    remedy="删去其中一个，或给它另一个名字。",
    en="The key “{key}” stands on line {line} already.",
    en_remedy="Remove one of them, or rename it.",
)
TOO_MUCH = ProblemKind(
    "too-much",
    says="{what}超过上限 {limit}。",
    remedy="拆分文件，或简化结构。",
    en="{what}: over the limit of {limit}.",
    en_remedy="Split the file, or simplify it.",
)
NOT_A_MAPPING = ProblemKind(
    "file-not-a-mapping",
    says="文件应由“键: 值”组成，第一行是 perfeval: 1。",
    remedy="照 perfeval init 生成的文件改。",
    en="The file consists of “key: value” lines, the first being perfeval: 1.",
    en_remedy="Follow the files that perfeval init makes.",
)


class YamlNode(NamedTuple):
    """A value with its place (lines and columns from 1). `value` is a text, a list of nodes, or a list of (key, node)."""

    kind: str  # "text", "list", "map"
    line: int
    column: int
    value: Any
    width: int = 1
    plain: bool = False


@dataclass(slots=True)
class YamlFile:
    """A file's nodes, its lines (for quotes), and what was wrong or worth a note."""

    name: str
    lines: list[str]
    root: YamlNode | None = None
    problems: list[Problem] = field(default_factory=list)

    def where(self, path: Path, of_key: bool = False) -> Where:
        """The place of the deepest node that the path reaches; steps that name no node (a union's tag) are passed over."""
        key, node = self._reached(path)
        target = key if of_key and key is not None else node
        return self.at(target.line, target.column, target.width) if target else self.at(1, 1)

    def covers(self, path: Path, where: Where) -> bool:
        """Does a place lie in what stands at the path, its first and last character included?"""
        node = self._reached(path)[1]
        if node is None:
            return False
        last = _last(node)
        return (node.line, node.column) <= (where.line, where.column) <= (last.line, last.column + last.width)

    def node(self, path: Path) -> YamlNode | None:
        return self._reached(path)[1]

    def _reached(self, path: Path) -> tuple[YamlNode | None, YamlNode | None]:
        node, key = self.root, None
        for step in path:
            found = _step(node, step) if node is not None else None
            if found is not None:
                key, node = found
        return key, node

    def at(self, line: int, column: int, width: int = 1) -> Where:
        quote = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Where(self.name, line, column, quote, max(1, min(width, len(quote) - column + 1)))

    def plain(self) -> Any:
        """Texts, tuples and dicts, for the models."""
        return _plain(self.root) if self.root else {}


def _last(node: YamlNode) -> YamlNode:
    """The last scalar inside, or the node itself where it is empty."""
    while node.kind != "text" and node.value:
        node = node.value[-1][1] if node.kind == "map" else node.value[-1]
    return node


def _step(node: YamlNode, step: str | int) -> tuple[YamlNode | None, YamlNode] | None:
    if node.kind == "map":
        return next(((k, v) for k, v in node.value if k.value == step), None)
    if node.kind == "list" and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None


def _plain(node: YamlNode) -> Any:
    if node.kind == "map":
        return {key.value: _plain(value) for key, value in node.value}
    if node.kind == "list":
        return tuple(_plain(value) for value in node.value)
    return node.value


def read_yaml(name: str, data: bytes) -> YamlFile:
    """Bytes of a YAML file to its nodes; whatever is wrong is in `problems`."""
    text, problems = decode(name, data)
    file = YamlFile(name, text.split("\n"), problems=problems)
    if problems:
        return file
    builder = _Builder(file)
    try:
        for event in events(text):
            builder.take(event)
    except _Stop:
        return file
    except yaml.MarkedYAMLError as error:
        file.problems.append(_syntax(file, error))
        return file
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # escapes such as "\U99999999" raise plain ValueErrors
        why = str(error).split("\n")[0] if isinstance(error, yaml.YAMLError) else "双引号里的反斜杠写法不对 (a wrong escape)"
        file.problems.append(SYNTAX.on(file.at(*builder.last), why=why))
        return file
    file.root = builder.root
    if file.root is None or file.root.kind != "map":
        file.root = None
        file.problems.append(NOT_A_MAPPING.on(file.at(1, 1)))
    file.problems.extend(
        kind.on(file.at(line, column, width), **values)
        for kind, line, column, width, values in swallowed_comments(file.lines, builder.ends)
    )
    return file


def _syntax(file: YamlFile, error: yaml.MarkedYAMLError) -> Problem:
    """What a syntax error comes from, told where it begins: the quote or bracket that is never closed, not the line that shows it."""
    problem, start, end = error.problem or "", error.context_mark, error.problem_mark
    bracket = False
    if problem.startswith(("expected ',' or '}'", "expected ',' or ']'")) and start and end and start.line < end.line:
        bracket = True
        if (comment := comment_in_braces(file.lines, start.line + 1, end.line)) is not None:
            line, column, rest = comment
            return COMMENT_IN_BRACES.on(file.at(line, column, len(rest)), rest=rest)
    begun = problem in ("found unexpected end of stream", "could not find expected ':'")
    mark = (begun and start) or end or start
    known = explain_syntax(file.lines, mark.line + 1 if mark else 1)
    if known is not None:
        kind, line, column, values = known
        return kind.on(file.at(line, column), **values)
    mark = start if bracket else mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return SYNTAX.on(file.at(line, column), why=told_syntax(problem))


class _Stop(Exception):
    """A limit was passed or something refused: the rest is not worth reading."""


class _Builder:
    def __init__(self, file: YamlFile) -> None:
        self.file = file
        self.root: YamlNode | None = None
        self.stack: list[tuple[YamlNode, YamlNode | None]] = []
        self.seen: list[dict[str, int]] = []
        self.count = 0
        self.documents = 0
        self.last = (1, 1)
        self.cut: YamlNode | None = None  # the number that braces have cut in two, as far as it is put together
        self.ends: list[tuple[int, int, str]] = []  # where plain texts end, for the comment trap

    def take(self, event: Any) -> None:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        self.last = (line, column)
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_extras(event, line, column)
            self._add(self._scalar(event, line, column))
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._refuse_extras(event, line, column)
            is_map = isinstance(event, yaml.MappingStartEvent)
            node = YamlNode("map" if is_map else "list", line, column, [])
            self._add(node)
            self.stack.append((node, None))
            self.seen.append({})
            if len(self.stack) > MAX_DEPTH:
                self._stop(TOO_MUCH, line, column, what="嵌套层数 (depth)", limit=MAX_DEPTH)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.stack.pop()
            self.seen.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._stop(NOT_ALLOWED, line, column, what="别名 (an alias *)")
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._stop(NOT_ALLOWED, line, column, what="第二个文档 (a second document ---)")
            if event.version or event.tags:
                self._stop(NOT_ALLOWED, line, column, what="指令 (a % directive)")

    def _stop(self, kind: ProblemKind, line: int, column: int, **values: object) -> None:
        self.file.problems.append(kind.on(self.file.at(line, column), **values))
        raise _Stop

    def _refuse_extras(self, event: Any, line: int, column: int) -> None:
        if event.anchor is not None:
            self._stop(NOT_ALLOWED, line, column, what="锚点 (an anchor &)")
        if event.tag is not None:
            self._stop(NOT_ALLOWED, line, column, what="标签 (a tag !)")
        self.count += 1
        if self.count > MAX_NODES:
            self._stop(TOO_MUCH, line, column, what="节点数 (nodes)", limit=MAX_NODES)

    def _scalar(self, event: Any, line: int, column: int) -> YamlNode:
        text, end = event.value, event.end_mark
        if len(text) > MAX_TEXT:
            self._stop(TOO_MUCH, line, column, what="一段文字的长度 (characters in a text)", limit=MAX_TEXT)
        if event.style == '"' and (hidden := FORBIDDEN.search(text)):  # written as an escape
            place = self.file.at(line, column, end.column - event.start_mark.column)
            self.file.problems.append(FORBIDDEN_CHARACTER.on(place, code=f"U+{ord(hidden[0]):04X}", name=character_name(hidden[0])))
        one_line = end.line == event.start_mark.line
        if not one_line and event.style != "|":
            text = join_chinese(text, self.file.lines[event.start_mark.line : end.line + 1], column)
        if event.style is None and text:
            last = self.file.lines[end.line] if end.line < len(self.file.lines) else ""
            if " #" in last[end.column :]:
                self.ends.append((end.line + 1, end.column + 1, text))
        if event.style != "|" and WIDE.search(text):
            self._note_full_width(text, line, column)
        return YamlNode("text", line, column, text, end.column - column + 1 if one_line else 200, event.style is None)

    def _note_full_width(self, text: str, line: int, column: int) -> None:
        if is_full_width(text):
            self.file.problems.append(FULL_WIDTH.on(self.file.at(line, column, len(text)), text=text, plain=plain_width(text)))

    def _add(self, node: YamlNode) -> None:
        if not self.stack:
            self.root = node
            return
        parent, key = self.stack[-1]
        if parent.kind == "list":
            parent.value.append(node)
        elif key is None:
            self._add_key(node)
        else:
            self.stack[-1] = (parent, None)
            if node.kind != "text" or node.value or not self._is_cut_number(parent, key):
                parent.value.append((key, node))

    def _is_cut_number(self, parent: YamlNode, key: YamlNode) -> bool:
        """`{预算: 1,234元}` reads as 1 and a key `234元`, and where keys are free names nothing else would tell. Told, and put together."""
        pairs: list[tuple[YamlNode, YamlNode]] = parent.value
        name, before = pairs[-1] if pairs else (key, key)
        line, start = self.file.lines[key.line - 1], key.column - 1
        if not before.plain or not is_piece(key.value, before.value, line[:start], line[start + key.width :]):
            return False
        if before is not self.cut:
            number = comma_in_braces(line, key.value) or f"{before.value},{key.value}"
            self.file.problems.append(COMMA_IN_BRACES.on(self.file.at(key.line, key.column, key.width), text=number))
        self.cut = before._replace(value=f"{before.value},{key.value}")
        pairs[-1] = (name, self.cut)
        self.seen[-1].pop(key.value)
        return True

    def _add_key(self, node: YamlNode) -> None:
        if node.kind != "text":
            self._stop(NOT_ALLOWED, node.line, node.column, what="复合键 (a key that is not a text)")
        node = node._replace(value=node.value.strip(" \t"))  # blanks that quotes keep around a name belong to no name
        if node.value == "<<":
            self._stop(NOT_ALLOWED, node.line, node.column, what="合并键 (a merge key <<)")
        seen = self.seen[-1]
        if node.value in seen:
            self.file.problems.append(
                DUPLICATE_KEY.on(self.file.at(node.line, node.column, node.width), key=node.value, line=seen[node.value])
            )
        seen.setdefault(node.value, node.line)
        self.stack[-1] = (self.stack[-1][0], node)
