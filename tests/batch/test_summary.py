"""A table at a glance: exact means and quantiles, held against counting by hand; files that appear only when they are whole."""

from __future__ import annotations

import os
import random
from fractions import Fraction
from math import ceil
from pathlib import Path

import pytest

from batch.test_cases import rules_of
from perfeval.batch.job import Done
from perfeval.batch.plan import Plan, plan
from perfeval.batch.summary import QUANTILES, as_json, keys_of, summary
from perfeval.batch.writing import outputs
from perfeval.ir.program import GRADE, TOTAL

GIVEN = {
    "total": "10",
    "tree": [{"name": "甲", "weight": "4", "rule": {"kind": "judged"}}, {"name": "乙", "weight": "6", "rule": {"kind": "judged"}}],
}


@pytest.fixture
def small(tmp_path: Path) -> Plan:
    return plan(rules_of(GIVEN, tmp_path), ())


def counted(values: list[int | None]) -> dict[int | None, int]:
    return {value: values.count(value) for value in set(values)}


@pytest.mark.parametrize("seed", range(20))
def test_figures(seed: int, small: Plan) -> None:
    chance = random.Random(seed)
    rows = chance.choice([1, 2, 7, 10, 99, 400])
    totals = [chance.choice([chance.randint(0, 1000), chance.randint(0, 1000), None]) for _ in range(rows)]
    known = sorted(value for value in totals if value is not None)
    histograms = {key: counted(totals) for key in keys_of(small)} | {GRADE: counted([None] * rows)}
    found = summary(small, Done(rows, rows - len(known), 0, histograms))
    assert (found.total.scored, found.total.none) == (len(known), rows - len(known))
    assert sum(one.rows for one in found.bins) == len(known)
    if not known:
        assert found.total.mean is None and found.total.quantiles == () and found.total.rate is None
        return
    assert found.total.mean == Fraction(sum(known), len(known) * 100)
    for share, value in zip(QUANTILES, found.total.quantiles, strict=True):
        assert value == Fraction(known[max(ceil(share * len(known)), 1) - 1], 100), f"seed {seed}, {share}"
    for one in found.bins:
        last = one is found.bins[-1]
        assert one.rows == sum(one.low <= Fraction(value, 100) and (last or Fraction(value, 100) < one.high) for value in known)


def test_json_is_exact(small: Plan) -> None:
    histograms = {TOTAL: {100: 1, 200: 2}, GRADE: {1: 3}, **{key: {100: 3} for key in keys_of(small)[2:]}}
    text = as_json(summary(small, Done(3, 0, 0, histograms)))
    assert '"mean": "5/3"' in text and '"0.5": "2"' in text and '"rate": "1/6"' in text


# ---- files


def test_nothing_is_touched_until_all_is_whole(tmp_path: Path) -> None:
    old = tmp_path / "a.csv"
    old.write_text("old", "utf-8")
    with pytest.raises(RuntimeError), outputs() as files:
        files.new(old).write_text("half", "utf-8")
        assert old.read_text("utf-8") == "old"
        raise RuntimeError
    assert old.read_text("utf-8") == "old" and list(tmp_path.iterdir()) == [old]
    with outputs() as files:
        files.new(old).write_text("new", "utf-8")
        files.new(tmp_path / "b.csv").write_text("b", "utf-8")
        files.publish()
    assert old.read_text("utf-8") == "new" and sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]


def test_what_killed_runs_left_is_swept(tmp_path: Path) -> None:
    gone = next(number for number in range(2**22, 2**22 + 1000) if not Path(f"/proc/{number}").exists())
    for name in (f".perfeval-batch-{gone}", f".perfeval-batch-{os.getppid()}", ".perfeval-batch-x", "other"):
        (tmp_path / name).mkdir()
    with outputs() as files:
        files.new(tmp_path / "a.csv").write_text("a", "utf-8")
        files.publish()
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {f".perfeval-batch-{os.getppid()}", ".perfeval-batch-x", "other", "a.csv"}
