"""The room of rule kinds itself: how kinds are found, and rules that are read without a project around them."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import ValidationError

import perfeval.rules as room
from perfeval.rules import kinds, rule_class
from perfeval.rules._contract import Rule
from perfeval.rules._fields import FULL, Points, PointsRange, read_award, read_points
from perfeval.rules._scope import _short
from perfeval.rules.judged import Judged


def test_every_file_is_a_kind() -> None:
    files = {path.stem for path in Path(room.__path__[0]).glob("[!_]*.py")}
    assert list(kinds()) == sorted(files)
    assert {kind: rule_class(kind).model_fields["kind"].default for kind in kinds()} == {kind: kind for kind in kinds()}


class Other(Rule):
    kind: str = "else"


class Right(Rule):
    kind: str = "odd"


@pytest.mark.parametrize(
    "classes",
    [(), (Other,), (Right, Other), (Judged,), (object, 5)],
    ids=["none", "another kind", "two", "one of another file", "no rule"],
)
def test_a_file_without_its_one_rule_is_a_fault_of_ours(classes: tuple[object, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"{room.__name__}.odd"
    module = ModuleType(name)
    for at, one in enumerate(classes):
        setattr(module, f"Odd{at}", one)
        if one in (Other, Right):
            monkeypatch.setattr(one, "__module__", name)
    monkeypatch.setitem(sys.modules, name, module)
    with pytest.raises(RuntimeError, match=r"rules/odd\.py must define one rule class with kind 'odd'"):
        rule_class.__wrapped__("odd")


def test_a_file_with_its_one_rule_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"{room.__name__}.odd"
    module = ModuleType(name)
    monkeypatch.setattr(Right, "__module__", name)
    module.__dict__.update(Odd=Right, Judged=Judged, number=5)
    monkeypatch.setitem(sys.modules, name, module)
    assert rule_class.__wrapped__("odd") is Right


def test_a_rule_is_read_without_a_project() -> None:
    """No names, no counting words, nothing to count rules with: what is nested is read all the same."""
    raw = {"kind": "sum", "parts": ({"name": "甲", "rule": {"kind": "threshold", "at_least": "5"}},)}
    read = rule_class("sum").model_validate(raw)
    [(path, nested)] = read.nested()
    assert (path, nested.kind) == (("parts", 0, "rule"), "threshold")
    with pytest.raises(ValidationError, match="unknown-rule"):
        rule_class("sum").model_validate({"kind": "sum", "parts": ({"name": "甲", "rule": "乙"},)})


@pytest.mark.parametrize(
    ("text", "points", "shown"),
    [
        ("5", Points(Fraction(5)), "5"),
        ("2.5分", Points(Fraction(5, 2)), "2.5"),
        ("full", FULL, "full"),
        ("100% of weight", FULL, "full"),
        ("100% of leaf", Points(Fraction(1), "leaf"), "100% of leaf"),
        ("20% of weight", Points(Fraction(1, 5), "weight"), "20% of weight"),
        ("1/3 of leaf", Points(Fraction(1, 3), "leaf"), "100/3% of leaf"),
        ("999999999/1 of weight", Points(Fraction(999999999), "weight"), "99999999900% of weight"),
    ],
)
def test_points(text: str, points: Points, shown: str) -> None:
    assert read_points(text) == points
    assert str(points) == shown


def test_what_points_come_to() -> None:
    assert [Points(Fraction(1, 2), base).of(Fraction(10), Fraction(30)) for base in ("", "weight", "leaf")] == [Fraction(1, 2), 5, 15]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-1", "bad-points"),
        ("-0.000000000000000001", "bad-points"),
        ("5元", "bad-points"),
        ("1/0 of weight", "bad-points"),
        ("1/3", "bad-number"),
        ("5 of weight", "bad-points"),
        ("20% of total", "bad-points"),
        ("1/1234567890 of weight", "bad-points"),
        ("20%", "percent-of-what"),
        ("20‰", "percent-of-what"),
        ("20百分点", "percent-of-what"),
        ("FULL", "bad-points"),
        ("", "bad-points"),
        ("五", "bad-points"),
        ("1.2.3% of weight", "bad-number"),
    ],
)
def test_no_points(text: str, kind: str) -> None:
    with pytest.raises(ValueError, match=f"^{kind}$"):
        read_points(text)


def test_ranges() -> None:
    low, high = Points(Fraction(1)), Points(Fraction(3))
    assert read_award({"from": "1", "to": "3"}) == PointsRange(low, high, below=False)
    assert read_award({"from": "1", "below": "3"}) == PointsRange(low, high, below=True)
    assert read_award({"from": "3", "to": "3"}) == PointsRange(high, high)
    assert read_award({"from": "5", "to": "20% of weight"}) == PointsRange(Points(Fraction(5)), Points(Fraction(1, 5), "weight"))


@pytest.mark.parametrize(
    ("raw", "kind", "values"),
    [
        ({"from": "3", "to": "2.99"}, "range-turned", {"low": "3", "high": "2.99"}),
        ({"from": "full", "below": "50% of weight"}, "range-turned", {"low": "full", "high": "50% of weight"}),
        ({"from": "1"}, "bad-points", {"text": "{from: 1}"}),
        ({"from": "1", "to": "2", "below": "3"}, "bad-points", {"text": "{from: 1, to: 2, below: 3}"}),
        ({"to": "2", "below": "3"}, "bad-points", {"text": "{to: 2, below: 3}"}),
        ({}, "bad-points", {"text": "{}"}),
    ],
)
def test_no_ranges(raw: dict[str, str], kind: str, values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=f"^{kind}$") as caught:
        read_award(raw)
    assert caught.value.values == values  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("most", "text"),
    [
        (100, "100"),
        (Fraction(100, 3), "100/3"),
        (10**39, "1" + "0" * 39),
        (10**40, "≥10^40"),
        (2 * 10**40, "≥10^40"),
        (10**41 - 1, "≥10^40"),
        (10**19 + Fraction(1, 3 * 10**30), "1" + "0" * 19),
        (10**20 + Fraction(1, 3 * 10**30), "≥10^20"),
        (20 + Fraction(1, 3 * 10**17) + Fraction(1, 10**40), "20.000000000000000003"),
        (10**5000, "≥10^5000"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_figures_of_many_digits_are_told_by_their_size(most: Fraction | int, text: str) -> None:
    assert _short(most) == text
