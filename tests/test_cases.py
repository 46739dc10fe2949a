"""Every language-neutral case of a rule kind or a whole project, compared exactly; what is scored, with the second scorer too."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases_support import Case, cases, check
from perfeval.model.result import Result
from second.folder import beside

ALL = [*cases("rules"), *cases("projects")]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_case(case: Case, tmp_path: Path) -> None:
    outcome = check(case, tmp_path)
    if isinstance(outcome, Result):
        assert beside(outcome, tmp_path, case.partial) == []
