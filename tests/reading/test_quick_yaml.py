"""The quick parser gives PyYAML's own events and errors, on real files and on mutated ones."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from perfeval.reading.quick_yaml import events

FILES = [
    path
    for folder in ("indicators", "examples", "tests/cases")
    for path in sorted((Path(__file__).resolve().parents[2] / folder).rglob("*.yaml"))
]


def told(source: Any) -> list[str]:
    """Events with their marks, ending with the error if there is one."""
    seen = []
    try:
        for event in source:
            marks = [(m.line, m.column, m.index) for m in (event.start_mark, event.end_mark)]
            seen.append(f"{event!r} {marks}")
    except yaml.MarkedYAMLError as error:
        seen.append(f"{error.problem} {error.problem_mark and (error.problem_mark.line, error.problem_mark.column)}")
    except (yaml.YAMLError, ValueError) as error:
        seen.append(f"{type(error).__name__}")
    return seen


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="ignore").replace("\r\n", "\n")


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-3:]))
def test_same_events(path: Path) -> None:
    text = text_of(path)
    assert told(events(text)) == told(yaml.parse(text, Loader=yaml.BaseLoader))


def test_same_events_on_mutations() -> None:
    """Signs that matter to YAML, put in and taken out anywhere."""
    rng = random.Random(20231)
    base = [text_of(path) for path in FILES if path.stat().st_size < 3000][:40]
    for _ in range(1500):
        text = rng.choice(base)
        start = rng.randrange(len(text))
        piece = text[start : start + 400]
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(piece) + 1)
            piece = (
                piece[:at]
                + rng.choice(
                    [
                        ": ",
                        " #",
                        "- ",
                        "\n",
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        "'",
                        '"',
                        "|\n",
                        ">",
                        "?",
                        "\t",
                        "& ",
                        "*",
                        "!",
                        "%",
                        "   ",
                        "---\n",
                        "...",
                        "：",
                        "\n\n",
                    ]
                )
                + piece[at + rng.randint(0, 2) :]
            )
        assert told(events(piece)) == told(yaml.parse(piece, Loader=yaml.BaseLoader)), piece
