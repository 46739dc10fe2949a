"""YAML's traps for people who write Chinese figures: each gets a message of its own instead of YAML's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfeval.problems import ProblemKind, Severity

FOLDED_TARGET = ProblemKind(
    "yaml-folded-target",
    says="「{text}」以 > 开头，YAML 会把它当成折行符号。",
    remedy='给它加引号："{text}"，或写成 ≥。',
    en="“{text}” begins with >, which YAML takes for a folding sign.",
    en_remedy='Put it in quotes: "{text}", or write ≥.',
)
COMMA_IN_BRACES = ProblemKind(
    "yaml-comma-in-braces",
    says="花括号里的逗号把「{text}」拆开了。",
    remedy='去掉千分位逗号，或给数加引号：{{value: "{text}"}}。',
    en="The comma inside braces has cut “{text}” in two.",
    en_remedy='Drop the thousands commas, or quote the number: {{value: "{text}"}}.',
)
FORMULA_IN_BRACES = ProblemKind(
    "yaml-formula-in-braces",
    says="花括号里的逗号把算式「{text}」拆开了。",
    remedy='给整个算式加引号：「{key}: "{text}"」。',
    en="The comma inside braces has cut the formula “{text}” in two.",
    en_remedy='Put the whole formula in quotes: {key}: "{text}".',
)
COMMENT_IN_BRACES = ProblemKind(
    "yaml-comment-in-braces",
    says="「 #」之后的「{rest}」被当成注释，括号因此没有闭合。",
    remedy="是内容，就给整段文字加引号；是注释，就移到括号之后。",
    en="What follows “ #” (“{rest}”) is taken for a comment, so that the bracket is never closed.",
    en_remedy="If it is content, quote the whole text; if it is a comment, put it behind the bracket.",
)
TAB = ProblemKind(
    "yaml-tab",
    says="这一行用了制表符（Tab）或全角空格缩进。",
    remedy="缩进只用半角空格。",
    en="This line is indented with a tab or a wide blank.",
    en_remedy="Indent with plain blanks only.",
)
WIDE_COLON = ProblemKind(
    "yaml-wide-colon",
    says="「{text}」后面是全角冒号，YAML 不认。",
    remedy="改成半角冒号加空格：「{text}: …」。",
    en="“{text}” is followed by a full-width colon, which is none to YAML.",
    en_remedy="Write a plain colon and a blank: “{text}: …”.",
)
SWALLOWED = ProblemKind(
    "yaml-swallowed-comment",
    says="「 #」之后的「{rest}」会被当成注释丢掉。",
    remedy="若是内容，请给整段文字加引号；若是注释，在 # 后加一个空格。",
    en="What follows “ #” (“{rest}”) is dropped as a comment.",
    en_remedy="If it is content, quote the whole text; if it is a comment, put a blank after #.",
    severity=Severity.WARNING,
)

_FOLDED = re.compile(r":\s+(>\s*=?\s*[\d０-９].*?)\s*$")
_WIDE_COLON = re.compile(r"\s*(?:- +)?([^\s:：#,{}\[\]\"']+)：")
_CUT = re.compile(r"\d{1,3}(?:,\d{3})+[^\s:,}\]]*")


def explain_syntax(lines: list[str], line: int) -> tuple[ProblemKind, int, int, dict[str, str]] | None:
    """Is a syntax error on (or just before) this line one of the known traps?"""
    for number in (line, line - 1):
        if not 0 < number <= len(lines):
            continue
        text = lines[number - 1]
        if folded := _FOLDED.search(text):
            return FOLDED_TARGET, number, folded.start(1) + 1, {"text": _alone(folded[1], "{" in text[: folded.start(1)])}
        if indent := re.match(r" *[\t\u3000\u00a0]", text):
            return TAB, number, indent.end(), {}
        if (wide := _WIDE_COLON.match(text)) and ": " not in text:
            return WIDE_COLON, number, wide.end(1) + 1, {"text": wide[1]}
    return None


def _alone(text: str, in_braces: bool) -> str:
    """A value without what follows it on its line: in braces another key, or their end."""
    return re.split(r",\s|[}\]]", text)[0].rstrip() if in_braces else text


_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")


def comment_in_braces(lines: list[str], first: int, last: int) -> tuple[int, int, str] | None:
    """The comment that swallows a closing bracket on one of these lines: line, column, and its text."""
    for number in range(first, min(last, len(lines)) + 1):
        bare = _QUOTED.sub(lambda match: "x" * len(match[0]), lines[number - 1])
        if (found := re.search(r"\s(#.*[}\]])", bare)) is not None:
            return number, found.start(1) + 1, lines[number - 1][found.start(1) :].strip()[:40]
    return None


def is_cut_formula(text: object) -> bool:
    """A piece of a formula: its parentheses do not come in pairs."""
    return isinstance(text, str) and text.count("(") != text.count(")")


def whole_formula(line: str, start: int) -> str:
    """The formula that begins here, to the comma or brace behind its last parenthesis."""
    depth = 0
    for at in range(start, len(line)):
        depth += {"(": 1, ")": -1}.get(line[at], 0)
        if depth <= 0 and line[at] in ",}":
            return line[start:at].strip()
    return line[start:].strip()


_TOLD = (
    ("found unexpected end of stream", "引号没有成对"),
    ("mapping values are not allowed here", "这里不该有冒号；值里有冒号加空格时整个值要加引号"),
    ("sequence entries are not allowed here", "列表的“- ”要另起一行"),
    ("expected <block end>", "缩进没有对齐，或少了“- ”"),
    ("could not find expected ':'", "键后面缺冒号"),
    ("expected ',' or '}'", "花括号没有配对，或少了逗号"),
    ("expected ',' or ']'", "方括号没有配对，或少了逗号"),
    ("expected URI", "文字以 ! 开头时要加引号"),
    ("expected alphabetic or numeric", "文字以 & 或 * 开头时要加引号"),
    ("that cannot start any token", "值不能以这个符号开头"),
    ("unknown escape character", "双引号里的反斜杠写法不认识"),
)


def told_syntax(problem: str) -> str:
    """YAML's own words, with their meaning in front where they are known."""
    known = next((zh for words, zh in _TOLD if words in problem), "")
    return f"{known} ({problem})" if known else problem


_NUMBER_SO_FAR = re.compile(r"[+-]?\d[\d,.]*", re.ASCII)


def is_piece(key: str, value: str, before: str, behind: str) -> bool:
    """Is a key without a value the rest of the number in front of it: a comma or a line's end between them, and no colon behind?"""
    follows = not before.strip() or before.rstrip().endswith(",")
    cut = key[:1].isdigit() and follows and not behind.lstrip().startswith(":")
    return cut and bool(_NUMBER_SO_FAR.fullmatch(value))


def comma_in_braces(line_text: str, key: str) -> str | None:
    """The number that braces cut in two, where `key` is a piece of it."""
    for match in _CUT.finditer(line_text):
        if key in match[0].split(","):
            return match[0]
    return None


def swallowed_comments(lines: list[str], ends: list[tuple[int, int, str]]) -> Iterator[tuple[ProblemKind, int, int, int, dict[str, str]]]:
    """Comments behind a Chinese text that have no blank after #: most likely meant as content."""
    for line, column, text in ends:
        if text.isascii():
            continue
        rest = lines[line - 1][column - 1 :]
        match = re.match(r"\s+#(?=[^\s#])", rest)
        if match:
            swallowed = rest[match.end() - 1 :].strip()
            yield SWALLOWED, line, column + match.end() - 1, len(swallowed), {"rest": swallowed[:40]}
