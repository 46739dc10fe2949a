"""The folders that `--project` names: patterns expanded by us, on every system alike, in one order."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from glob import has_magic
from pathlib import Path

from perfeval.cli.output import Wrong


def project_folders(words: Iterable[str]) -> list[str]:
    """Each folder once, in the order given; those of one pattern sorted. A pattern takes the folders with a project.yaml."""
    found: dict[str, None] = {}
    for word in words:
        if has_magic(word) and not os.path.exists(word):
            matching = _matching(Path(word))
            if not matching:
                raise Wrong(f"没有项目文件夹符合「{word}」。", f"No project folder matches “{word}”.")
            found.update(dict.fromkeys(matching))
        else:
            path = Path(word)
            found[str(path.parent if path.name == "project.yaml" and os.path.isfile(path) else path)] = None
    return list(found)


def _matching(pattern: Path) -> list[str]:
    try:
        found = Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor)))
        return sorted(str(path) for path in found if (path / "project.yaml").is_file())
    except (OSError, ValueError):  # `**` beside other signs; a folder that may not be listed
        return []


def shown_folders(folders: Iterable[str], cwd: Path) -> dict[str, str]:
    """What stands in a document for each folder: below the current folder, else its last names, as many as tell it apart."""
    paths = {folder: Path(folder) for folder in folders}
    shown = {folder: path.relative_to(cwd) if path.is_relative_to(cwd) else path for folder, path in paths.items()}
    outside = {folder: path.parts[1:] for folder, path in shown.items() if path.is_absolute()}
    names = {folder: path.as_posix() for folder, path in shown.items() if folder not in outside}
    for depth in range(1, max(map(len, outside.values()), default=0) + 1):
        tried = {folder: "/".join(parts[-depth:]) for folder, parts in outside.items()}
        count = Counter([*tried.values(), *names.values()])
        if depth == max(map(len, outside.values())) or all(count[name] == 1 for name in tried.values()):
            names.update(tried)
            break
    return {folder: names.get(folder, folder) for folder in paths}
