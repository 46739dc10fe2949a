"""audit: evidence that is missing, and what was not looked at because of it, on stderr and in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from auditing.test_missing import without


def test_what_was_not_looked_at_is_named(tmp_path: Path, cli: Callable, golden: Callable[[str, str], None]) -> None:
    without(tmp_path / "p", ("facts", "检查发现问题数"))
    done = cli("audit", str(tmp_path / "p"), "--format", "json")
    told = json.loads(done.out)
    assert done.code == 1
    assert (told["missing"], told["errors"]) == (["食品安全检查"], [])
    assert "text-differs" in told["in_part"]
    for lang in ("zh", "en"):
        golden(f"cli/audit-missing-{lang}.txt", cli("audit", str(tmp_path / "p"), "--lang", lang).err)
    evidence = tmp_path / "p/evidence.yaml"
    evidence.write_text(evidence.read_text("utf-8").replace("points: 7\n", "points: 9\n"), "utf-8")
    done = cli("audit", str(tmp_path / "p"), "--format", "json")
    assert done.code == 2
    assert "没有查 actual-not-computed" in done.err
    told = json.loads(done.out)
    assert "text-differs" in told["not_run"]
    assert [one["check"] for one in told["findings"]] == ["missing-evidence"]
