"""1,000 mutations of each format: each ends in a model or in problems at a line, as its kind asks for. And the fuzzer itself is tried."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from fuzz.calls import Call, CallJudge, command_line, leads_outside
from fuzz.mutate import yaml_mutation
from fuzz.mutate_csv import csv_mutation
from fuzz.mutation import Mutation, Wanted, one
from fuzz.oracle import EVERY, Judge, inconsistent, outcome_of
from fuzz.projects import Seed, seeds
from fuzz.soak import FORMATS, fuzzed
from perfeval.model.result import Result
from perfeval.problems import ProblemsFound
from perfeval.rules import kinds
from perfeval.scoring import open_project

COUNT = 1_000
SEED = 20261125


@pytest.mark.parametrize("form", FORMATS)
def test_mutations(form: str, tmp_path: Path) -> None:
    failures = list(fuzzed(form, SEED, range(COUNT), tmp_path))
    for failure in failures:
        failure.keep(tmp_path / "failures")
    assert not failures, "\n".join(map(str, failures[:10]))


@pytest.mark.parametrize("seed", seeds(), ids=lambda seed: seed.name)
def test_seeds_score(seed: Seed, tmp_path: Path) -> None:
    """A seed is sound, and small."""
    assert isinstance(_outcome(one(seed, "project.yaml", seed.files["project.yaml"], ""), tmp_path), Result)
    assert sum(len(text.encode()) for text in seed.files.values()) < 1500
    assert seed.slots
    for slot in seed.slots:
        assert seed.files[slot.file][slot.start : slot.end] == slot.text


def test_every_rule_kind_has_a_seed() -> None:
    assert set(kinds()) <= {seed.name for seed in seeds()}


def test_the_same_seed_gives_the_same() -> None:
    for make in (yaml_mutation, csv_mutation, command_line):
        assert [make(Random(n)) for n in range(20)] == [make(Random(n)) for n in range(20)]


@pytest.mark.parametrize(
    "argument", ["/", "//", "/甲", "/dev/nul", "-o/甲", "--output=/甲", "../../..", "a/../../../../b", "-o=/x", "x=/y"]
)
def test_no_argument_leads_outside(argument: str, tmp_path: Path) -> None:
    assert leads_outside(argument)
    with pytest.raises(AssertionError):
        CallJudge(tmp_path / "calls").judge(Call(("init", argument), {}, "utf-8"))


def test_all_command_lines_stay_inside() -> None:
    arguments = {argument for n in range(5000) for argument in command_line(Random(n)).arguments}
    assert [argument for argument in arguments if leads_outside(argument)] == []
    assert {"..", "../深/好", "/dev/null", "好"} <= arguments


def test_all_outcomes_are_met(tmp_path: Path) -> None:
    """The mutations are neither all refused nor all accepted, and each demand is made."""
    made = [yaml_mutation(Random(n)) for n in range(60)] + [csv_mutation(Random(n)) for n in range(60)]
    accepted = sum(isinstance(_outcome(mutation, tmp_path), Result) for mutation in made)
    assert 20 < accepted < 100
    assert {mutation.wanted for mutation in made} == set(Wanted)


@pytest.mark.parametrize(
    ("file", "old", "new", "wanted", "wrong"),
    [
        ("evidence.yaml", "93.5%", "93.4%", Wanted.REFUSED, "accepted"),
        ("evidence.yaml", "93.5%", "60%", Wanted.SAME, "differs from its twin"),
        ("evidence.yaml", "93.5%", "1e3%", Wanted.SAME, "differs from its twin"),
        ("evidence.yaml", "93.5%", "９３.５%", Wanted.SAME, None),
        ("evidence.yaml", "93.5%", "1e3%", Wanted.REFUSED, None),
    ],
)
def test_the_oracle(file: str, old: str, new: str, wanted: Wanted, wrong: str | None, tmp_path: Path) -> None:
    seed = next(seed for seed in seeds() if seed.name == "bands")
    told = Judge(tmp_path).judge(one(seed, file, seed.files[file].replace(old, new), "", wanted))
    assert told is None if wrong is None else told is not None and wrong in told


def test_the_oracle_sees_what_leaves_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("fuzz.oracle.score", broken)
    assert Judge(tmp_path).judge(one(seeds()[0], "project.yaml", "perfeval: 1\nname: a\n", "")) == "KeyError: 'x'"


def test_the_oracle_sees_a_wrong_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A score that is only wrong: everything adds up, and nobody but the second scorer knows better."""
    seed = next(seed for seed in seeds() if seed.name == "bands")
    made = one(seed, "evidence.yaml", seed.files["evidence.yaml"].replace("93.5%", "93.6%"), "")
    judge = Judge(tmp_path)
    assert [judge.judge(made) for _ in range(EVERY)] == [None] * EVERY
    wrong = scored(seed, "evidence.yaml", seed.files["evidence.yaml"].replace("93.5%", "60%"), tmp_path / "other")
    monkeypatch.setattr("fuzz.oracle.score", lambda *_: wrong)
    assert sum("second scorer" in (judge.judge(made) or "") for _ in range(EVERY)) == 1


def test_the_oracle_sees_sums_that_are_off(tmp_path: Path) -> None:
    """Also in a tree quoted as printed, with a warning about something else, and where its weights are over the total."""
    seed = next(seed for seed in seeds() if seed.name == "tiers")
    right = scored(seed, "project.yaml", seed.files["project.yaml"], tmp_path)
    over = scored(seed, "indicators.yaml", seed.files["indicators.yaml"].replace("weight: 5", "weight: 50"), tmp_path)
    assert over.total == 10
    for result in (right, over):
        assert inconsistent(result) is None
        off = replace(result, total=Fraction(9), low=Fraction(9), high=Fraction(9))
        assert "add up" in (inconsistent(off) or "")


def test_a_project_file_that_cannot_be_read_names_no_other(tmp_path: Path) -> None:
    """A find: it was told that the default indicators.yaml is missing, though project.yaml names a built-in tree."""
    (tmp_path / "project.yaml").write_text("perfeval: 1\nindicators: builtin:mof-2020-project\nname: [\n", "utf-8")
    with pytest.raises(ProblemsFound) as found:
        open_project(tmp_path)
    assert [problem.kind.name for problem in found.value.problems] == ["yaml-syntax"]


def scored(seed: Seed, file: str, text: str, folder: Path) -> Result:
    outcome = _outcome(one(seed, file, text, ""), folder)
    assert isinstance(outcome, Result)
    return outcome


def _outcome(mutation: Mutation, folder: Path) -> object:
    judge = Judge(folder)
    return outcome_of(judge.write(mutation.seed, mutation.files))
