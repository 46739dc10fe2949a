"""Asks for known vulnerabilities of everything in requirements.lock. `make advisories`; the one target besides installing that needs the network.

    cd tests && python -m supply.advisories pip-audit

Exit 0: all were looked up, none has an open one; 1: some have; 3: they could not be looked up. pip-audit itself ends with 0
and "no known vulnerabilities" where the service knows none of the packages: here nothing looked up is nothing said.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from supply.lock import LOCK, entries

ASK = ("--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json", "-r")


def verdict(answer: Mapping[str, Any], wanted: Sequence[str]) -> tuple[int, list[str]]:
    """The exit code and the lines to print for what pip-audit answered.

    >>> verdict({"dependencies": [{"name": "click", "version": "8.5.1", "vulns": []}]}, ["click"])
    (0, ['1 个发行包都没有已知漏洞。 No known vulnerability in 1 distributions.'])
    >>> verdict({"dependencies": [{"name": "click", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}]}, ["click"])
    (1, ['click 1: X-1；已修复于 mended in 2'])
    >>> verdict({"dependencies": [{"name": "click", "skip_reason": "not found"}]}, ["click", "rich"])
    (3, ['查不到漏洞公告（2/2），结论未知。 No advisories could be looked up (2/2), the answer is unknown.'])
    """
    asked = {one["name"]: one for one in answer.get("dependencies", ()) if "skip_reason" not in one}
    lines = [
        f"{name} {one['version']}: {vuln['id']}；已修复于 mended in {', '.join(vuln['fix_versions']) or '-'}"
        for name, one in sorted(asked.items())
        for vuln in one["vulns"]
    ]
    if unknown := [name for name in wanted if name not in asked]:
        many = f"{len(unknown)}/{len(wanted)}"
        which = "" if len(unknown) == len(wanted) else f" {', '.join(unknown)}"
        lines.append(f"查不到漏洞公告（{many}），结论未知。 No advisories could be looked up ({many}), the answer is unknown.{which}")
        return (1 if len(lines) > 1 else 3), lines
    return (1, lines) if lines else (0, [f"{len(wanted)} 个发行包都没有已知漏洞。 No known vulnerability in {len(wanted)} distributions."])


def main(tool: str) -> int:
    here = [name for name, one in entries(LOCK.read_text("utf-8")).items() if not one.marker]
    done = subprocess.run([tool, *ASK, str(LOCK)], capture_output=True, text=True, check=False)
    try:
        code, lines = verdict(json.loads(done.stdout), here)
    except ValueError:  # the service was not reached: a traceback in place of an answer
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1].split(":")[0]
        code, lines = 3, [f"连不上漏洞公告服务，结论未知。 The advisory service was not reached, the answer is unknown ({last})."]
    print("\n".join(lines), file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
