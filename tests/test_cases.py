"""Every language-neutral case of a rule kind or a whole project, compared exactly."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases_support import Case, cases, check

ALL = [*cases("rules"), *cases("projects")]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_case(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
