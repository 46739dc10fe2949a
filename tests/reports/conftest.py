"""Results to render: the example, everything odd at once, and trees of any depth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from perfeval.model.result import Extra, Indicator, Result
from perfeval.problems import Problem, ProblemKind, Severity, Where
from perfeval.quantity import round_half_up
from perfeval.scoring import open_project, score

A_WARNING = ProblemKind(
    "report-test-warning",
    says="「{name}」可疑。",
    remedy="看看。",
    en="“{name}” is odd.",
    en_remedy="Look.",
    severity=Severity.WARNING,
)


@pytest.fixture(scope="session")
def example(root: Path) -> Result:
    return score(open_project(root / "examples" / "xiangyuan_2023"))


def _odd(i: Indicator) -> Indicator:
    nothing = Fraction(0)
    match i.name:
        case "职工满意度":
            return replace(i, status="pending", score=None, exact=None, low=nothing, high=Fraction(14), missing=("问卷得分",))
        case "满意度" | "项目效益":
            assert i.score is not None
            return replace(i, status="pending", score=None, exact=None, low=i.score - 14, high=i.score)
        case "分配结果情况":
            return replace(
                i,
                status="not_applicable",
                score=None,
                exact=None,
                low=nothing,
                high=nothing,
                not_applicable="本项目不分配资金",
            )
        case "项目执行有效性":
            return replace(i, reason="", reason_missing=True)
        case "资金使用合规性":
            return replace(i, zero_by_policy=True, score=nothing, exact=nothing, low=nothing, high=nothing, missing=("用途",))
        case "资金到位率":
            return replace(i, text="到位率 100% 得 2 分", attachments=("凭证.pdf",))
    return i


@pytest.fixture(scope="session")
def odd(example: Result) -> Result:
    """Everything that a report must tell beside the scores, in one result (its numbers need not agree)."""
    return replace(
        example,
        indicators=tuple(map(_odd, example.indicators)),
        total=None,
        low=Fraction("70.5"),
        high=Fraction("84.5"),
        grade=None,
        unscaled=Fraction(68),
        applicable=Fraction(97),
        missing_policy="pending",
        not_applicable_policy="rebase_total",
        overridden=("missing: pending", "not_applicable: rebase_total"),
        grade_capped_by=("发生重大违纪",),
        lead="王某",
        members=("甲", "乙"),
        extras=(
            Extra("bonus", Fraction(2), Fraction(5), (("获省级表彰", Fraction(2)),)),
            Extra("penalty", Fraction(1), None, (("逾期报送", Fraction(1)),)),
        ),
        notes=(Problem(A_WARNING, {"name": "满意度"}, where=Where("evidence.yaml", 12, 9)),),
    )


@pytest.fixture(scope="session")
def tree(example: Result) -> Callable[..., Result]:
    """A result whose first-level indicators go down to the depths given, two children each, everything two thirds."""

    def build(depths: Sequence[int], share: Fraction = Fraction(2, 3)) -> Result:
        found: list[Indicator] = []

        def add(path: tuple[str, ...], ref: tuple[str, ...], weight: Fraction, depth: int) -> None:
            exact, leaf = weight * share, len(path) == depth
            printed = round_half_up(exact, 2)
            found.append(
                Indicator(
                    id=ref[-1], name=path[-1], path=path, ref=ref, level=len(path), is_leaf=leaf, weight=weight,
                    status="scored", score=printed, exact=exact, low=printed, high=printed,
                    standard={"zh": "按比例", "en": "in proportion"},
                )
            )  # fmt: skip
            for n in range(0 if leaf else 2):
                add((*path, f"{path[-1]}.{n + 1}"), (*ref, f"{ref[-1]}.{n + 1}"), weight / 2, depth)

        for n, depth in enumerate(depths, 1):
            add((f"指标{n}",), (f"n{n}",), Fraction(100, len(depths)), depth)
        total = round_half_up(100 * share, 2)
        return replace(
            example, indicators=tuple(found), total=total, low=total, high=total, rounding_at="total", bands=(),
            grade=None, goals=(), problems_found=(), suggestions=(), period=None, date="", agency="", institution="",
            document="",
        )  # fmt: skip

    return build
