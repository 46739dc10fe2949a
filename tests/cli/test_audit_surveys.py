"""audit of surveys without the extra `survey`, and what is imported for them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from auditing.test_cases import ALL, BASE

SURVEY = "surveys:\n  {}: {{table: survey, items: [甲, 乙, 丙], most: 10}}\n"
LEFT_OUT = "没有查 survey-validity，先运行 pip install 'perfeval[survey]'。\n"


@pytest.fixture
def project(tmp_path: Path) -> Callable[[int, int], Path]:
    """A clean project with so many surveys of so many questionnaires."""

    def make(surveys: int, questionnaires: int) -> Path:
        folder = tmp_path / "项目"
        shutil.copytree(BASE, folder)
        (case,) = [one for one in ALL if one.check == "survey-validity" and one.name == "合惯例"]
        lines = case.given["files"]["data/survey.csv"].splitlines()
        (folder / "data/survey.csv").write_text("\n".join(lines[: questionnaires + 1]) + "\n", "utf-8")
        path = folder / "evidence.yaml"
        tables = "payments: {file: data/payments.csv}"
        text = path.read_text("utf-8").replace(tables, f"{tables}\n  survey: {{file: data/survey.csv}}")
        asked = "".join(SURVEY.format(f"问卷{at}") for at in range(surveys)).replace("\nsurveys:\n", "\n")
        path.write_text(text.replace("facts:\n", f"{asked}facts:\n", 1), "utf-8")
        return folder

    return make


@pytest.fixture
def without_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("numpy", "scipy", "scipy.special"):
        monkeypatch.setitem(sys.modules, name, None)


def test_with_the_extra_nothing_is_left_out(project: Callable, cli: Callable) -> None:
    done = cli("audit", str(project(2, 15)))
    assert (done.code, done.out, done.err) == (0, "没有发现矛盾。\n", "")


@pytest.mark.usefixtures("without_numpy")
def test_without_the_extra_one_line_says_so(project: Callable, cli: Callable) -> None:
    """Once for all surveys, on stderr: the project is not to blame."""
    folder = str(project(2, 15))
    done = cli("audit", folder)
    assert (done.code, done.out, done.err) == (0, "没有发现矛盾。\n", LEFT_OUT)
    assert cli("audit", folder, "--lang", "en").err == "survey-validity is left out: pip install 'perfeval[survey]'\n"
    assert cli("audit", folder, "-q").err == ""
    assert cli("audit", folder, "--ignore", "survey-validity").err == ""
    told = json.loads(cli("audit", folder, "--format", "json").out)
    assert told["findings"] == []
    assert "survey-validity" in told["not_run"]


@pytest.mark.usefixtures("without_numpy")
def test_where_it_would_say_nothing_it_is_not_missed(project: Callable, cli: Callable) -> None:
    done = cli("audit", str(project(1, 14)))
    assert (done.code, done.out, done.err) == (0, "没有发现矛盾。\n", "")


@pytest.mark.parametrize(("surveys", "questionnaires", "wanted"), [(0, 15, False), (1, 14, False), (1, 15, True)])
def test_what_is_imported(surveys: int, questionnaires: int, wanted: bool, project: Callable) -> None:
    """numpy where it is needed and nowhere else; scipy.stats, which takes long, never."""
    folder = project(surveys, questionnaires)
    code = (
        "import sys; from perfeval.cli.main import run; import perfeval.auditing._catalogue as found; found.checks(); "
        f"code = run(['audit', {str(folder)!r}, '-q']); print(code, 'numpy' in sys.modules, 'scipy.stats' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == ["0", str(wanted), "False"], done.stdout
