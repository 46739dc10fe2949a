"""Surveys: what statistics say against other ways to work them out, and an audit without the extra `survey`."""

from __future__ import annotations

import csv
import json
import math
import sys
from fractions import Fraction
from pathlib import Path
from typing import get_args

import jsonschema
import numpy
import pytest
import yaml

from auditing.test_cases import ALL, Case, made
from perfeval.auditing._contract import ExtraMissing
from perfeval.auditing._reliability import adequacy, alpha, varying
from perfeval.auditing._satisfaction import Satisfaction
from perfeval.auditing.surveys.survey_sample import least
from perfeval.model.evidence import SurveyOf

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "xiangyuan_2023" / "data" / "survey.csv"
Rows = list[list[Fraction]]


def rows_of(text: str) -> Rows:
    return [[Fraction(cell) for cell in row] for row in list(csv.reader(text.splitlines()))[1:]]


def of_case(name: str) -> Rows:
    """The questionnaires of a case of survey-validity."""
    (case,) = [one for one in ALL if one.check == "survey-validity" and one.name == name]
    return rows_of(case.given["files"]["data/survey.csv"])


EXAMPLE_ROWS = [row[2:] for row in rows_of(EXAMPLE.read_text("utf-8"))]  # without the number of a row and the item that all answer with 10
SETS = {
    "three items": of_case("两题几乎一样，第三题不相干"),
    "nothing in common": of_case("互不相干"),
    "four items": [
        [Fraction(x) for x in row] for row in ((1, 2, 2, 5), (2, 1, 3, 4), (3, 4, 3, 4), (4, 3, 5, 2), (5, 5, 4, 1), (3, 3, 1, 3))
    ],
    "eight items": EXAMPLE_ROWS,
}

# R. V. Krejcie and D. W. Morgan, Determining Sample Size for Research Activities (1970), table 1: population, sample
KREJCIE_AND_MORGAN = {
    **{10: 10, 15: 14, 20: 19, 25: 24, 30: 28, 35: 32, 40: 36, 45: 40, 50: 44, 55: 48, 60: 52, 65: 56, 70: 59, 75: 63, 80: 66},
    **{85: 70, 90: 73, 95: 76, 100: 80, 110: 86, 120: 92, 130: 97, 140: 103, 150: 108, 200: 132, 300: 169, 400: 196, 500: 217},
    **{1000: 278, 2000: 322, 5000: 357, 10000: 370},
}


@pytest.mark.parametrize("population", KREJCIE_AND_MORGAN)
def test_sample_against_the_published_table(population: int) -> None:
    """The table rounds to the nearest; we round up, so that the error is kept."""
    z2, d2, half = Fraction("1.96") ** 2, Fraction("0.05") ** 2, Fraction(1, 4)
    exact = z2 * population * half / (d2 * (population - 1) + z2 * half)  # as the paper writes it
    assert least(population) == math.ceil(exact)
    assert KREJCIE_AND_MORGAN[population] == math.floor(exact + Fraction(1, 2))


def test_alpha_by_hand() -> None:
    """Variances (of 3) 5/3, 4/3, 2/3; sums 6, 8, 11, 13 with 29/3: 3/2 × (1 − 11/29) = 27/29."""
    assert alpha([[Fraction(x) for x in row] for row in ((1, 2, 3), (2, 2, 4), (3, 4, 4), (4, 4, 5))]) == Fraction(27, 29)


def test_alpha_of_what_has_none() -> None:
    assert alpha([[Fraction(1)], [Fraction(2)]]) is None
    assert alpha([[Fraction(1), Fraction(2)], [Fraction(2), Fraction(1)]]) is None


@pytest.mark.parametrize("name", SETS)
def test_alpha_from_covariances(name: str) -> None:
    """k²·c̄ ÷ the sum of all covariances, c̄ being the mean covariance of two items."""
    together = numpy.cov(numpy.array(SETS[name], dtype=float), rowvar=False)
    count = len(together)
    mean = (together.sum() - numpy.trace(together)) / (count * (count - 1))
    found = alpha(SETS[name])
    assert found is not None
    assert float(found) == pytest.approx(count**2 * mean / together.sum(), abs=1e-12)


def test_the_totals_of_the_example_are_those_printed() -> None:
    """Its report prints 260 240 246 230 218 234 237 243 229, 2137 in all; the first item is 10 everywhere."""
    whole = [row[1:] for row in rows_of(EXAMPLE.read_text("utf-8"))]
    assert [sum(column) for column in zip(*whole, strict=True)] == [260, 240, 246, 230, 218, 234, 237, 243, 229]
    assert varying(whole) == list(range(1, 9))


def inverted(matrix: Rows) -> tuple[Rows, Fraction]:
    """Inverse and determinant, exact, by Gauss and Jordan."""
    size, determinant = len(matrix), Fraction(1)
    work = [[*row, *(Fraction(at == other) for other in range(size))] for at, row in enumerate(matrix)]
    for at in range(size):
        pivot = next(row for row in range(at, size) if work[row][at])
        if pivot != at:
            work[at], work[pivot], determinant = work[pivot], work[at], -determinant
        determinant *= work[at][at]
        work[at] = [value / work[at][at] for value in work[at]]
        for row in range(size):
            if row != at:
                work[row] = [value - work[row][at] * other for value, other in zip(work[row], work[at], strict=True)]
    return [row[size:] for row in work], determinant


def upper_tail(freedom: int, x: float) -> float:
    """P(χ² > x) in closed form: a sum of Poisson terms for even degrees of freedom; the error function and such terms for odd ones."""
    if freedom % 2 == 0:
        return math.exp(-x / 2) * sum((x / 2) ** k / math.factorial(k) for k in range(freedom // 2))
    terms = sum((x / 2) ** (k + 0.5) / math.gamma(k + 1.5) for k in range((freedom - 1) // 2))
    return math.erfc(math.sqrt(x / 2)) + math.exp(-x / 2) * terms


@pytest.mark.parametrize("name", SETS)
def test_kmo_and_bartlett_from_exact_covariances(name: str) -> None:
    """Squares of correlations are rational, and so are those of partial ones, from the inverse of the covariances."""
    rows = SETS[name]
    count, items = len(rows), len(rows[0])
    means = [sum(column) / count for column in zip(*rows, strict=True)]
    far = [[mark - mean for mark, mean in zip(row, means, strict=True)] for row in rows]
    together = [[sum(row[a] * row[b] for row in far) for b in range(items)] for a in range(items)]
    inverse, determinant = inverted(together)
    pairs = [(a, b) for a in range(items) for b in range(items) if a != b]
    shared = sum(together[a][b] ** 2 / (together[a][a] * together[b][b]) for a, b in pairs)
    own = sum(inverse[a][b] ** 2 / (inverse[a][a] * inverse[b][b]) for a, b in pairs)
    of_correlations = determinant / math.prod(together[at][at] for at in range(items))
    chi_square = -(count - 1 - (2 * items + 5) / 6) * math.log(of_correlations)

    found = adequacy(rows)
    assert found is not None
    assert float(found.kmo) == pytest.approx(float(shared / (shared + own)), abs=1e-8)
    assert float(found.chi_square) == pytest.approx(chi_square, abs=1e-8)
    assert found.freedom == items * (items - 1) // 2
    assert float(found.probability) == pytest.approx(upper_tail(found.freedom, chi_square), abs=1e-8)


def test_the_tail_is_that_of_printed_tables() -> None:
    """5 % points: 7.815 for 3 degrees of freedom, 12.592 for 6, 41.337 for 28."""
    for freedom, x in ((3, 7.815), (6, 12.592), (28, 41.337)):
        assert upper_tail(freedom, x) == pytest.approx(0.05, abs=2e-5)


def test_items_with_nothing_in_common() -> None:
    """Every combination twice: no noise of floats is taken for something."""
    rows = [[Fraction(a), Fraction(b), Fraction(c)] for a in (1, 2) for b in (3, 7) for c in (0, 9)] * 2
    assert adequacy(rows) == (Fraction(1, 2), 0, 3, 1)


def test_an_item_that_follows_from_others() -> None:
    assert adequacy([[a, b, a + b] for a, b in ((Fraction(x % 5), Fraction(x * x % 7)) for x in range(15))]) is None


def test_marks_that_hardly_differ() -> None:
    """As floats they would be one, and no correlation a number."""
    rows = SETS["three items"]
    tiny = [[10**14 + mark / 10**18 for mark in row] for row in rows]
    assert adequacy(tiny) == adequacy(rows)


@pytest.mark.parametrize(
    ("text", "rate", "agrees"),
    [("84.4", "0.84444", True), ("84.5", "0.84444", False), ("84", "0.845", False), ("85", "0.845", True)],
)
def test_a_figure_counts_with_its_decimals(text: str, rate: str, agrees: bool) -> None:
    figure = Satisfaction(text, ((Fraction(text), Fraction(100)),), len(text.partition(".")[2]))
    assert figure.agrees(Fraction(rate)) is agrees


def test_the_page_describes_every_key() -> None:
    """docs/surveys.md: its example is a valid evidence.yaml with every key but `most`, and both tables are whole."""
    page = (ROOT / "docs" / "surveys.md").read_text("utf-8")
    example = yaml.safe_load(page.partition("```yaml\n")[2].partition("```")[0])
    jsonschema.validate(example, json.loads((ROOT / "src" / "perfeval" / "schemas" / "evidence.json").read_text("utf-8")))
    (asked,) = example["surveys"].values()
    assert {*asked, "most"} == set(SurveyOf.model_fields)
    words = [*SurveyOf.model_fields, *get_args(get_args(SurveyOf.model_fields["formula"].annotation)[0])]
    assert [word for word in words if f"\n| `{word}` |" not in page] == []


@pytest.fixture
def without_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("numpy", "scipy", "scipy.special"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("without_numpy")
@pytest.mark.parametrize("case", [one for one in ALL if one.check.startswith("survey-")], ids=lambda case: f"{case.check}: {case.name}")
def test_all_else_is_found_without_the_extra(case: Case, tmp_path: Path) -> None:
    audited = made(case, tmp_path / "project")
    wanted = [one for one in case.finds(tmp_path / "project") if not one.endswith("survey-validity")]
    assert sorted(f"{one.where} {one.kind.name}" for one in audited.findings) == wanted


@pytest.mark.usefixtures("without_numpy")
def test_the_extra_is_named() -> None:
    with pytest.raises(ExtraMissing) as missing:
        adequacy(SETS["three items"])
    assert missing.value.extra == "survey"
