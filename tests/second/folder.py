"""The second scorer on a project folder: its files read by PyYAML alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from perfeval.model.result import Result
from perfeval.problems import Problem
from second import scorer, soak

BUILT_IN = Path(__file__).resolve().parents[2] / "indicators"
BROKEN = re.compile("(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")  # where a line was broken between two Chinese characters


class Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]  # the quick one where there is one
    def construct_scalar(self, node: yaml.ScalarNode) -> str:
        """A text that goes on in the next line, between two Chinese characters without a blank (design §10)."""
        text = str(super().construct_scalar(node))
        return BROKEN.sub("", text) if node.style != "|" and node.end_mark.line > node.start_mark.line else text


def read(path: Path) -> Any:
    return _stripped(yaml.load(path.read_text(encoding="utf-8"), Loader))


def _stripped(raw: Any) -> Any:
    """Keys without the blanks around them, which quotes may keep."""
    if isinstance(raw, dict):
        return {key.strip(): _stripped(value) for key, value in raw.items()}
    return [_stripped(value) for value in raw] if isinstance(raw, list) else raw


def beside(first: Result | tuple[Problem, ...], folder: Path, partial: bool = False) -> list[str]:
    """Where the two do not agree on a folder that perfeval has scored."""
    project = read(folder / "project.yaml")
    named, policy = project.get("indicators", "indicators.yaml"), dict(project.get("policy") or {})
    tree = read(BUILT_IN / f"{named.removeprefix('builtin:')}.yaml" if named.startswith("builtin:") else folder / named)
    if partial:
        policy["missing"] = "pending"
    second = scorer.score(tree, read(folder / "evidence.yaml"), policy, folder, soak.SCALES)
    return soak.differences(first, second)
