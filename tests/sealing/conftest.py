"""A small sealed folder with everything in it that can be sealed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sealed import small_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_folder(tmp_path / "项目")
