"""Kills the real command while it writes. `make test` has 20 of these, `make soak` 200; alone: `python tests/kills/soak.py 200`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic, sleep

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kills.sets import Set, after_a_failed_run, after_a_kill, contents, is_mixed

STARTER = Path(__file__).resolve().parents[2] / "indicators" / "starter" / "basic"
COMMAND = [sys.executable, "-m", "perfeval.cli.main", "score", "-q", "--format", "md,html"]


def soak(count: int, seed: int) -> list[str]:
    """Kills so many runs at random moments; what went wrong, one line each."""
    return kills(count, seed)[0]


def kills(count: int, seed: int) -> tuple[list[str], dict[str, int]]:
    """As `soak`, and how the runs ended: killed before it wrote, while it wrote, inside the renames (mixed), or done in time."""
    random = Random(seed)
    ended = {"before": 0, "writing": 0, "mixed": 0, "done": 0}
    wrong: list[str] = []
    with TemporaryDirectory() as work, _two_projects(Path(work)) as (projects, sets, usual):
        reports = Path(work) / "reports"
        shutil.copytree(Path(work) / "expected-0", reports)
        for number in range(count):
            other = 1 - sets.index(contents(reports))
            how = _killed(projects[other], reports, random, usual)
            mixed = is_mixed(reports, sets)
            told = after_a_kill(reports, sets) + after_a_failed_run(reports, sets)
            wrong += [f"kill {number} of seed {seed}: {one}" for one in told]
            ended["mixed" if mixed else how] += 1
            if told:
                shutil.rmtree(reports)
                shutil.copytree(Path(work) / "expected-0", reports)
    return wrong, ended


@contextmanager
def _two_projects(work: Path) -> Iterator[tuple[list[Path], list[Set], float]]:
    """Two projects, the sets of reports that they give, and the time that a run takes."""
    projects, sets, usual = [], [], 0.0
    for number in range(2):
        project = Path(shutil.copytree(STARTER, work / f"project-{number}"))
        text = (project / "project.yaml").read_text("utf-8")
        (project / "project.yaml").write_text(text.replace("name: ", f"name: 第{number}个", 1), "utf-8")
        begun = monotonic()
        subprocess.run([*COMMAND, str(project), "-o", str(work / f"expected-{number}")], check=True)
        usual = monotonic() - begun
        projects.append(project)
        sets.append(contents(work / f"expected-{number}"))
    assert all(sets[0][name] != sets[1][name] for name in sets[0]), "each file must tell which set it belongs to"
    yield projects, sets, usual


def _killed(project: Path, reports: Path, random: Random, usual: float) -> str:
    """Runs the command and kills it: one time in four anywhere, else while it writes."""
    run = subprocess.Popen([*COMMAND, str(project), "-o", str(reports)], stderr=subprocess.PIPE)
    writing = False
    if random.randrange(4):
        while run.poll() is None and not writing:
            sleep(0.0002)
            writing = any(reports.glob(".perfeval-*"))
        sleep(random.uniform(0, 0.006))
    else:
        sleep(random.uniform(0, usual))
    running = run.poll() is None
    run.kill()
    _, told = run.communicate()
    assert run.returncode in (0, -9), told
    return "done" if not running or run.returncode == 0 else "writing" if writing else "before"


if __name__ == "__main__":
    found, how = kills(int(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 1)
    print(how, *found, sep="\n")
    sys.exit(bool(found))
