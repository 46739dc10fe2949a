"""Installs the wheel as a user would, away from the checkout, and lets it work. `make install-check`, `make sbom`.

    cd tests && python -m supply.installed                      installs, scores the example, compares, seals and verifies
    cd tests && python -m supply.installed --sbom cyclonedx-py  lists what was installed, into dist/sbom.cdx.json

The environment holds what running needs, from the lock, each file checked against its hash, and the wheel; no pip, no tests.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from hashlib import sha256
from pathlib import Path

from supply.lock import OURS, ROOT, run_time

MOST = 13  # run-time distributions, as tests/supply/test_lock.py says
EXAMPLE = ROOT / "examples" / "xiangyuan_2023"
TOTAL = "总分 88.5 / 100"


class Failed(Exception):
    """Something that a user would meet as well."""


def wheel() -> Path:
    made = sorted((ROOT / "dist").glob(f"{OURS}-*.whl"), key=lambda path: path.stat().st_mtime_ns)
    if not made:
        raise Failed("dist/ 里没有安装包，先运行 make wheel。 There is no wheel in dist/: make wheel")
    return made[-1]


def pip(python: Path, *arguments: str) -> None:
    """The pip of this environment works on the other, which has none."""
    call([sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq", "--python", str(python), *arguments], Path.cwd())


def call(command: list[str], place: Path, codes: tuple[int, ...] = (0,)) -> str:
    """What a command printed; nothing of the checkout or of the caller's Python settings reaches it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PERFEVAL"))}
    done = subprocess.run(command, cwd=place, env={**environment, "LANG": "zh_CN.UTF-8"}, capture_output=True, text=True, check=False)
    if done.returncode not in codes:
        raise Failed(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def install(place: Path) -> Path:
    """The interpreter of a new environment in `place`, with the wheel and what it needs."""
    venv.create(place / "env", symlinks=os.name != "nt")
    python = place / "env" / "bin" / "python"
    lock = place / "run-time.lock"
    lock.write_text("".join(one.text for one in run_time().values()), encoding="utf-8")
    # a source package would fetch builders that the lock does not know, and run them
    pip(python, "install", "--no-compile", "--require-hashes", "--only-binary", ":all:", "-r", str(lock))
    made = wheel()
    version = made.name.split("-")[1]
    pip(python, "install", "--no-compile", "--no-deps", "--no-index", "--find-links", str(made.parent), f"{OURS}=={version}")
    pip(python, "check")
    return python


def distributions(python: Path, place: Path) -> list[str]:
    code = "import importlib.metadata as m; print(*sorted(d.metadata['Name'] for d in m.distributions()))"
    return call([str(python), "-I", "-c", code], place).split()


def works(python: Path, place: Path) -> list[str]:
    """The program scores the example in a folder of its own; says what was done."""
    names = distributions(python, place)
    others = [name for name in names if name != OURS]
    if OURS not in names or len(others) > MOST:
        raise Failed(f"{len(others)} 个发行包，至多 {MOST} 个 distributions, at most: {' '.join(others)}")
    origin = call([str(python), "-c", f"import {OURS}; print({OURS}.__file__)"], place).strip()
    if not Path(origin).is_relative_to(place / "env"):
        raise Failed(f"不是安装的那一份 not the installed one: {origin}")
    project = Path(shutil.copytree(EXAMPLE, place / "project", ignore=shutil.ignore_patterns("reports")))
    program = str(python.with_name(OURS))
    if TOTAL not in (said := call([program, "score", str(project)], place)):
        raise Failed(said)
    call([program, "check", str(project)], place)
    call([program, "init", str(place / "new")], place)
    call([program, "score", "-q", str(place / "new")], place)
    done = ["score", "check", "init"]
    listed = call([program, "--help"], place)
    for name in ("seal", "verify"):
        if f"\n  {name} " in listed:
            call([program, name, str(project)], place)
            done.append(name)
    return [f"{len(others)} 个运行时发行包 run-time distributions: {' '.join(others)}", f"{TOTAL}；{', '.join(done)}"]


def sbom(python: Path, tool: str, to: Path) -> str:
    """A CycloneDX bill of materials of what was installed, without clock or chance; our own version and wheel are added."""
    command = [
        str(Path(shutil.which(tool) or tool).absolute()),
        "environment",
        "--pyproject",
        str(ROOT / "pyproject.toml"),
        "--output-reproducible",
        "--of",
        "JSON",
        "--sv",
        "1.6",
    ]
    to.parent.mkdir(exist_ok=True)
    call([*command, "--output-file", str(to), str(python)], ROOT)
    told = json.loads(to.read_text("utf-8"))
    made = wheel()
    told["metadata"]["component"] |= {
        "version": made.name.split("-")[1],
        "hashes": [{"alg": "SHA-256", "content": sha256(made.read_bytes()).hexdigest()}],
    }
    to.write_text(json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    return f"{to.relative_to(ROOT).as_posix()}: CycloneDX 1.6, {len(told['components'])} 个组成 components"


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix=f"{OURS}-installed-") as name:
        place = Path(name).resolve()
        try:
            python = install(place)
            if arguments[:1] == ["--sbom"]:
                print(sbom(python, arguments[1], ROOT / "dist" / "sbom.cdx.json"))
            else:
                print("\n".join(works(python, place)))
        except Failed as failed:
            print(failed, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
