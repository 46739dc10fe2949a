"""PyYAML's pure parser with its hottest loops made shorter: the same events, in about half the time.

Only for texts that `yaml_subset.decode` has passed: every line ends with \\n alone and nothing else breaks a line. Every run
of the program reads three such files, and PyYAML walks them character by character. `tests/reading/test_quick_yaml.py` holds
the events equal to the stock parser's, over all files here and over mutated ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

_BLANKS = re.compile(r" *(?:#[^\n\0]*)?")
_IN_BLOCK = re.compile(r"(?:[^\0 \t\n:]|:(?![\0 \t\n]))*")
_IN_FLOW = re.compile(r"(?:[^\0 \t\n:,?\[\]{}]|:(?![\0 \t\n,\[\]{}]))*")


class QuickLoader(yaml.BaseLoader):
    """Overrides what is hot; states and errors stay PyYAML's."""

    def forward(self, length: int = 1) -> None:
        start, end = self.pointer, self.pointer + length
        lines = self.buffer.count("\n", start, end)
        self.pointer = end
        self.index += length
        if lines:
            self.line += lines
            self.column = end - self.buffer.rfind("\n", start, end) - 1
        else:
            self.column += length

    def need_more_tokens(self) -> bool:
        if self.done:
            return False
        if not self.tokens:
            return True
        if not self.possible_simple_keys:
            return False
        self.stale_possible_simple_keys()
        return bool(self.next_possible_simple_key() == self.tokens_taken)  # type: ignore[no-untyped-call]

    def check_token(self, *choices: Any) -> bool:
        while self.need_more_tokens():
            self.fetch_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> list[str] | None:
        end = self.pointer
        while self.buffer[end] == " ":
            end += 1
        if self.buffer[end] == "\n":
            return super().scan_plain_spaces(indent, start_mark)
        length = end - self.pointer
        self.pointer = end
        self.index += length
        self.column += length
        return [" " * length] if length else []

    def scan_to_next_token(self) -> None:
        while True:
            match = _BLANKS.match(self.buffer, self.pointer)
            assert match is not None
            length = match.end() - self.pointer
            self.pointer += length
            self.index += length
            self.column += length
            if self.buffer[self.pointer] != "\n":
                return
            self.forward()
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_plain(self) -> Any:
        chunks: list[str] = []
        start = end = self.get_mark()
        indent = self.indent + 1
        spaces: list[str] | None = []
        word = _IN_FLOW if self.flow_level else _IN_BLOCK
        while True:  # never at a "#": no plain text begins with one, and one behind a blank ends it below
            match = word.match(self.buffer, self.pointer)
            if match is None or not match[0]:
                break
            self.allow_simple_key = False
            chunks.extend(spaces or ())
            chunks.append(match[0])
            length = len(match[0])  # holds no line break
            self.pointer += length
            self.index += length
            self.column += length
            end = self.get_mark()
            spaces = self.scan_plain_spaces(indent, start)
            if not spaces or self.buffer[self.pointer] == "#" or (not self.flow_level and self.column < indent):
                break
        return yaml.ScalarToken("".join(chunks), True, start, end)


def events(text: str) -> Iterator[Any]:
    """The events of a text, as `yaml.parse` gives them."""
    loader = QuickLoader(text)
    try:
        while loader.check_event():
            yield loader.get_event()  # type: ignore[no-untyped-call]
    finally:
        loader.dispose()
