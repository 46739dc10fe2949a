"""A run opens no connection, starts no process and runs no code but its own: every command, and the odd inputs.

Seen twice: by Python's audit hooks (see watched.py), and, where strace is there, by the system itself.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from perfeval.cli.main import group
from perfeval.reports import FORMATS
from problems_support import build_odd, odd_inputs
from repositories import isolated, new_repo
from supply.lock import ROOT

TESTS = ROOT / "tests"
EVERY = 40  # of the odd inputs; all of them come from few groups, and each group is met
ALLOWED: dict[str, str] = {  # command: pattern of what it may start. `diff` asks git for a revision, nothing else ever will
    "diff": r"^subprocess\.Popen \('/[^']*/git', \['/[^']*/git', '--no-pager', '-c', 'core\.fsmonitor=false',"
    r" '-c', 'core\.warnAmbiguousRefs=true', '(rev-parse|cat-file|ls-tree|for-each-ref)'"
}
# a library for tables asks the system for memory pages as it is loaded; the engine `python` is a function made of numbers
TABLES = r"^(ctypes\.\w+(/buffer)? |(compile|exec) of <string>, by /[^']*/backends/columnar/python\.py$)"
ALLOWED |= dict.fromkeys(("batch", "collect"), TABLES)
Run = tuple[str, list[str], str]


def watched(runs: list[Run], folder: Path, *before: str) -> list[tuple[int, list[str]]]:
    """Each run's exit code and what was seen of it, in one process of its own."""
    (folder / "runs.json").write_text(json.dumps(runs), encoding="utf-8")
    command = [*before, sys.executable, "-B", "-m", "supply.watched", str(folder / "runs.json"), str(folder / "seen.json")]
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "LANG": "zh_CN.UTF-8"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return [(code, seen) for code, seen in json.loads((folder / "seen.json").read_text("utf-8"))]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Path(
        shutil.copytree(ROOT / "examples" / "xiangyuan_2023", tmp_path / "data" / "project", ignore=shutil.ignore_patterns("reports"))
    )


def commands(project: Path) -> list[tuple[str, Run]]:
    """At least one run of each command there is, in an order in which they can work; a new one is given a folder."""
    place, data = str(project.parent), str(project)
    known: dict[str, list[list[str]]] = {
        "score": [
            [data, "--format", ",".join(FORMATS)],
            [data, "--json"],
            [data, "--no-report", "--partial", "--lang", "en"],
        ],
        "explain": [[data], [data, "职工满意度", "--format", "json"]],
        "check": [[data, "--format", form] for form in ("text", "json", "junit", "github")],
        "init": [["new"], ["other", "--from", "builtin:mof-2020-project"]],
        "schema": [["indicators"], ["result"]],
        "frameworks": [[], ["show", "mof-2020-project"]],
        "completion": [[shell] for shell in ("bash", "zsh", "fish", "powershell")],
        "seal": [[data]],
        "verify": [[data]],
        "whatif": [[data, "--to", "优"], [data, "--robust", "--format", "json"]],
        "audit": [
            [data, "--report", f"{data}/report.txt", "--fail-on", "never", "--format", form] for form in ("text", "json", "sarif", "github")
        ],
        "collect": [[data, "-o", "evidence.csv"], [data, "-o", "evidence.parquet"]],
        "batch": [
            *(
                ["evidence.csv", "--indicators", data, "-o", f"{engine}.csv", "--engine", engine]
                for engine in ("python", "polars", "duckdb")
            ),
            ["evidence.parquet", "--indicators", data, "-o", "scores.parquet", "--errors", "bad.csv", "--summary", "summary.html"],
            ["--template", "--indicators", data],
            ["--emit", "sql", "--dialect", "spark", "--indicators", data],
        ],
        "diff": [[data, data, "--project", data, "--format", form] for form in ("text", "md", "html", "json")],
    }
    there = set(group.commands) | set(group.list_commands(None))  # type: ignore[arg-type]
    order = [name for name in known if name in there] + sorted(there - set(known))
    return [(name, (place, [name, *arguments], data)) for name in order for arguments in known.get(name, [[data]])]


def test_commands(project: Path, tmp_path: Path) -> None:
    runs = commands(project)
    done = watched([run for _, run in runs], tmp_path)
    wrong = [
        f"{' '.join(arguments)}: exit {code}, {said}"
        for (name, (_, arguments, _)), (code, seen) in zip(runs, done, strict=True)
        for said in [*seen, *(["failed"] if code else [])]
        if not (name in ALLOWED and re.search(ALLOWED[name], said))
    ]
    assert not wrong, "\n".join(wrong)
    assert {path.name for path in (project / "reports").iterdir()} >= {"report.html", "report.md", "result.json"}


def test_diff_starts_git_for_a_revision_alone(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are compared without it; of git only what reads is started."""
    isolated(tmp_path, monkeypatch)
    repo = new_repo(project)
    repo.commit()
    place, data = str(project.parent), str(project)
    files = ["diff", f"{data}/indicators.yaml", f"{data}/annex1.yaml", "--project", data]
    revisions = ["diff", "HEAD", "HEAD", "--project", data]
    done = watched([(place, files, data), (place, revisions, data)], tmp_path)
    assert done[0] == (1, [])
    assert done[1][0] == 0
    assert done[1][1]
    assert [said for said in done[1][1] if not re.search(ALLOWED["diff"], said)] == []


def odd_runs(folder: Path, every: int) -> list[Run]:
    """The first of each group of odd inputs, and every so-manieth."""
    groups: set[str] = set()
    runs: list[Run] = []
    for number, odd in enumerate(odd_inputs()):
        if odd.group in groups and number % every:
            continue
        groups.add(odd.group)
        build_odd(odd, folder / str(number))
        runs.append((str(folder / str(number)), ["score", "."], str(folder / str(number))))
    return runs


def test_odd_inputs(tmp_path: Path) -> None:
    runs = odd_runs(tmp_path / "odd", EVERY)
    done = watched(runs, tmp_path)
    wrong = [f"{run[0]}: exit {code}, {seen}" for run, (code, seen) in zip(runs, done, strict=True) if seen or code not in (0, 2)]
    assert not wrong, "\n".join(wrong)


def test_a_folder_with_python_in_it_is_data(project: Path, tmp_path: Path) -> None:
    """Modules that lie in a project under the names of ours and of the standard library are never run."""
    marker = tmp_path / "marker"
    for name in ("yaml", "json", "click", "perfeval", "sitecustomize", "usercustomize", "markupsafe", "decimal", "conftest"):
        (project / f"{name}.py").write_text(f"open({str(marker)!r}, 'w')\n", encoding="utf-8")
    program = Path(sys.executable).with_name("perfeval")
    assert program.exists(), "the console script is not installed beside this Python"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([program, "score", "."], cwd=project, env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    assert not marker.exists()
    assert watched([(str(project), ["score", "."], str(project))], tmp_path) == [(0, [])]
    assert not marker.exists()


SEEN = {
    "import socket; socket.socket()": "socket.__new__",
    "import socket; socket.getaddrinfo('localhost', 1)": "socket.getaddrinfo",
    "import os; os.system('true')": "os.system",
    "import subprocess, sys; subprocess.run([sys.executable, '-c', ''])": "subprocess.Popen",
    "import os; os.fork() or os._exit(0)": "os.fork",
    "import ctypes; ctypes.CDLL(None)": "ctypes.dlopen",
    "import pickle; pickle.loads(pickle.dumps(print))": "pickle.find_class",
    "import runpy; runpy.run_path('foreign.py')": "foreign.py",
    "import sys; sys.path.insert(0, '.'); import foreign": "foreign.py",
    "exec('1')": "compile of <string>, by <asked>",
}


@pytest.mark.parametrize(("code", "said"), SEEN.items(), ids=[said.split()[0] + str(n) for n, said in enumerate(SEEN.values())])
def test_the_watch_sees(code: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "foreign.py").write_text("", encoding="utf-8")
    body = (
        f"from supply.watched import Watch\nwatch = Watch()\nasked = compile({code!r}, '<asked>', 'exec')\n"
        "watch.on = True\ntry:\n    exec(asked)\nexcept OSError:\n    pass\nwatch.on = False\nprint(*watch.seen, sep='\\n')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    done = subprocess.run(
        [sys.executable, "-c", body], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert said in done.stdout


@pytest.fixture
def strace(tmp_path: Path) -> Callable[[list[Run]], list[str]]:
    """Runs under strace: the system calls that open a connection or start a process."""
    program = shutil.which("strace")
    calls = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-o",
        str(tmp_path / "calls"),
        "-e",
        "trace=execve,execveat,fork,vfork,clone,clone3,network",
    ]
    if program is None or subprocess.run([*calls, sys.executable, "-c", ""], capture_output=True, check=False).returncode:
        pytest.skip("strace is not installed, or may not be used here")

    def call(runs: list[Run]) -> list[str]:
        watched(runs, tmp_path, *calls)
        lines = [line.split(maxsplit=1)[1] for line in (tmp_path / "calls").read_text("utf-8", "replace").splitlines()]
        # threads are not processes; 0x1c3 is cachestat, which older straces have no name for
        no_process = re.compile(r"\+\+\+|---|clone3?\(.*\bCLONE_THREAD\b|<\.\.\. clone3? resumed>|(<\.\.\. )?syscall_0x1c3\b")
        return [line for line in lines if not no_process.match(line)]

    return call


def test_system_calls(project: Path, tmp_path: Path, strace: Callable[[list[Run]], list[str]]) -> None:
    runs = [run for name, run in commands(project) if name != "diff"] + odd_runs(tmp_path / "odd", EVERY * 10)
    calls = strace(runs)
    assert calls[0].startswith("execve("), "the start of Python itself is what strace sees first"
    assert not calls[1:], "\n".join(calls[1:])


def test_strace_sees(tmp_path: Path, strace: Callable[[list[Run]], list[str]]) -> None:
    """A process that this test starts through a planted `score`, so that the tests above can fail."""
    planted = tmp_path / "supply"
    planted.mkdir()
    (planted / "watched.py").write_text(
        "import socket, subprocess, sys\nfrom pathlib import Path\nsocket.socket()\nsubprocess.run([sys.executable, '-c', ''])\n"
        "Path(sys.argv[2]).write_text('[]')\n",
        encoding="utf-8",
    )
    calls = "\n".join(strace([])[1:])
    assert "socket(" in calls and "execve(" in calls
