"""What `diff` costs, in a process of its own: prints its figures as JSON for run.py.

`diffs.py EXAMPLE FOLDER`: copies of the example are scored twice and compared under both of its rule sets, in turns; a tree
of 1,000 leaves is compared with a shuffled copy in which one band differs.
"""

from __future__ import annotations

import gc
import json
import random
import shutil
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from perfeval.diffing.projects import moved
from perfeval.diffing.rules import diff_rules
from perfeval.reading.project_folder import read_indicators
from perfeval.scoring import open_project, scored

PROJECTS, ROUNDS, LEAVES = 1_000, 3, 1_000


def effects(example: Path, folder: Path) -> tuple[float, str]:
    """The effect over all folders, held against scoring each under the one rule set and then under the other."""
    old, new = (read_indicators(example / name) for name in ("indicators.yaml", "annex1.yaml"))
    diff = diff_rules(old[0], new[0])
    folders = [folder / f"p{number:04}" for number in range(PROJECTS)]
    for one in folders:
        shutil.copytree(example, one, ignore=shutil.ignore_patterns("reports"))
    named = [(one.name, one) for one in folders]
    twice, compared = [], []
    for _ in range(ROUNDS):
        start = perf_counter()
        for one in folders:
            for rules in (old, new):
                scored(open_project(one, True, rules), True, foreign=True)
        twice.append(perf_counter() - start)
        start = perf_counter()
        found = sum(one.effect is not None for one in moved(diff, old, new, named))
        compared.append(perf_counter() - start)
        if found != PROJECTS:
            raise SystemExit(f"only {found} of {PROJECTS} projects have an effect")
    return median(compared) / median(twice), f"{PROJECTS:,} folders: {median(compared):.1f} s : {median(twice):.1f} s"


def tree(chance: random.Random | None, changed: int) -> str:
    """Indicators of 1,000 leaves in groups of ten, shuffled by chance; one band of one leaf differs."""
    groups = []
    for group in range(LEAVES // 10):
        leaves = []
        for number in range(group * 10, group * 10 + 10):
            bound = "85%" if number == changed else "80%"
            bands = f"[{{at_least: 95%, points: full}}, {{at_least: {bound}, points: 0.06}}]"
            leaves.append(f"  - {{name: 指标{number}, weight: 0.1, rule: {{kind: bands, bands: {bands}, otherwise: 0}}}}\n")
        if chance is not None:
            chance.shuffle(leaves)
        groups.append(f"- name: 组{group}\n  weight: 1\n  children:\n{''.join(leaves)}")
    if chance is not None:
        chance.shuffle(groups)
    return f"perfeval: 1\nid: large\ntotal: {LEAVES // 10}\ntree:\n{''.join(groups)}"


def large(folder: Path) -> tuple[float, str]:
    """Reading and comparing both."""
    paths = folder / "old.yaml", folder / "new.yaml"
    paths[0].write_text(tree(None, -1), encoding="utf-8")
    paths[1].write_text(tree(random.Random(2023), 537), encoding="utf-8")
    seconds = []
    for _ in range(ROUNDS):
        start = perf_counter()
        (old, _, _), (new, _, _) = map(read_indicators, paths)
        read = perf_counter() - start
        diff = diff_rules(old, new)
        seconds.append(perf_counter() - start)
        differ = [leaf.new.key for leaf in diff.leaves if leaf.differs]
        if len(diff.structure.changes) != 1 or differ != ["指标537"] or any(diff.counts(one) for one in diff.others):
            raise SystemExit(f"not exactly one difference: {differ}, {len(diff.structure.changes)} changes")
    return median(seconds), f"{LEAVES:,} leaves, one difference; reading both {read:.1f} s of it"


def main() -> int:
    gc.set_threshold(100_000, 50, 50)  # as the program does
    example, folder = Path(sys.argv[1]), Path(sys.argv[2])
    print(json.dumps({"effect": effects(example, folder), "large": large(folder)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
