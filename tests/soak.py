"""The long runs, one table. `make soak`, before a release; `make test` has a short run of each part.

    python tests/soak.py [--trees N] [--fuzz N] [--whatif N] [--kills N] [--flips N] [--bytes N] [--seed N] [PART…]

A part is a module beside the tests that it makes long, with `soak(count, seed)` that gives the failures, one text each.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
import unicodedata
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NamedTuple

Soak = Callable[[int, int], list[str]]


class Part(NamedTuple):
    name: str
    module: str
    count: int
    about: str


PARTS = (
    Part("trees", "second.soak", 200_000, "随机指标树，第二实现对照 random trees, against the second implementation"),
    Part("fuzz", "fuzz.soak", 1_000_000, "变异的输入文件 mutated input files"),
    Part("whatif", "whatif.soak", 300, "假设与达级办法的性质 properties of suppositions and ways to a grade"),
    Part("kills", "kills.soak", 200, "写报告时 kill -9 kill -9 while reports are written"),
    Part("flips", "sealing.soak", 1_000, "封存后改动一位 bits flipped after sealing"),
    Part("bytes", "bytes.soak", 200, "各种环境下逐字节相同 the same bytes in all surroundings"),
)
SHOWN = 20  # failures of a part that are printed


class Outcome(NamedTuple):
    part: Part
    count: int
    seconds: float
    failures: list[str]


def run(part: Part, count: int, seed: int) -> Outcome:
    """A part that breaks has failed, and the others still run."""
    started = time.monotonic()
    try:
        soak: Soak = import_module(part.module).soak
        failures = list(soak(count, seed))
    except Exception:
        failures = [traceback.format_exc()]
    return Outcome(part, count, time.monotonic() - started, failures)


def padded(text: str, width: int) -> str:
    """Chinese characters take two columns.

    >>> padded("部分", 6)
    '部分  '
    """
    return text + " " * (width - sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in text))


def table(outcomes: Sequence[Outcome]) -> str:
    lines = [("部分 part", "次数 count", "秒 seconds", "失败 failures", "")]
    lines += [(one.part.name, f"{one.count:,}", f"{one.seconds:,.1f}", f"{len(one.failures):,}", one.part.about) for one in outcomes]
    return "\n".join(
        "  ".join(padded(cell, width) for cell, width in zip(line, (10, 11, 11, 14, 0), strict=True)).rstrip() for line in lines
    )


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for part in PARTS:
        parser.add_argument(f"--{part.name}", type=int, default=part.count, metavar="N", help=f"{part.about} (default {part.count})")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(part.name for part in PARTS))
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - {part.name for part in PARTS}:
        parser.error(f"unknown part: {', '.join(sorted(unknown))}")
    chosen = [part for part in PARTS if not options.parts or part.name in options.parts]
    outcomes = []
    for part in chosen:
        print(f"{part.name}: {part.about}; seed {options.seed}", file=sys.stderr, flush=True)
        outcomes.append(run(part, getattr(options, part.name), options.seed))
        for failure in outcomes[-1].failures[:SHOWN]:
            print(f"{part.name}: {failure}", file=sys.stderr, flush=True)
    print(table(outcomes))
    return 1 if any(one.failures for one in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
