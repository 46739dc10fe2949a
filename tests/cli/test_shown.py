"""Text on a terminal: widths, wrapping, escapes."""

from __future__ import annotations

import random

from perfeval.cli._shown import escaped, width, wrapped


def test_wrapping_keeps_the_text_and_the_width() -> None:
    random.seed(7)
    alphabet = "甲乙，。；（）％ab1. ,%"
    for _ in range(2000):
        text = "".join(random.choices(alphabet, k=random.randrange(60)))
        columns = random.randrange(6, 30)
        lines = wrapped(text, columns)
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert max(map(width, lines)) <= columns


def test_no_line_begins_with_a_closing_sign() -> None:
    lines = wrapped("没有查到资料，扣一分；又没有查到资料，扣一分。", 12)
    assert not any(line[0] in "，。；" for line in lines)


def test_escapes() -> None:
    assert escaped("甲\ud800\u200b\u2028\x7f\t") == "甲\\ud800\\u200b\\u2028\\x7f\\t"
    assert escaped("é 😀 \ue000") == "é 😀 \ue000"
