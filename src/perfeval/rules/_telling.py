"""What a rule's sentence may speak of: its language, what it is worth, the name of what it looks at."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from perfeval.ir.nodes import Compare, Expr
from perfeval.ir.show import SIGNS, show
from perfeval.problems import Lang
from perfeval.quantity import show_decimal
from perfeval.rules._fields import Award, PointsRange


class Telling(NamedTuple):
    """What a rule's sentence may speak of: the language, what the rule is worth, and the name of what it looks at."""

    lang: Lang
    worth: Fraction
    leaf_worth: Fraction
    subject: str

    def pick(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def points(self, award: Award) -> str:
        """`2 分`, or `1～3 分内评定` for a range."""
        if isinstance(award, PointsRange):
            low, high = (show_decimal(end.of(self.worth, self.leaf_worth)) for end in (award.low, award.high))
            zh, en = (
                (f"{low}～{high}（不含）分", f"{low} to below {high} points")
                if award.below
                else (f"{low}～{high} 分", f"{low} to {high} points")
            )
            return self.pick(zh, en)
        return self.amount(award.of(self.worth, self.leaf_worth))

    def amount(self, points: Fraction) -> str:
        return f"{show_decimal(points)} {self.pick('分', 'point' if points == 1 else 'points')}"

    def full(self) -> str:
        return self.amount(self.worth)

    def bounds(self, pairs: list[tuple[Compare, Expr]]) -> str:
        """`90% ≤ 满意度 < 100%`."""
        return bound_text(self.subject, pairs)

    def named(self, of: Expr | None) -> Telling:
        return self._replace(subject=show(of)) if of is not None else self

    def part(self, worth: Fraction, name: str) -> Telling:
        return self._replace(worth=worth, subject=name)

    def joined(self, sentences: list[str]) -> str:
        marks = [f"({i + 1})" if self.lang == "en" or i >= 20 else chr(0x2460 + i) for i in range(len(sentences))]
        return self.pick("；", "; ").join(f"{m}{'' if self.lang == 'zh' else ' '}{s}" for m, s in zip(marks, sentences, strict=True))


def bound_text(subject: str, pairs: list[tuple[Compare, Expr]]) -> str:
    """Bounds around a name: lower ends before it, upper ends behind."""
    turned: dict[Compare, str] = {">=": "≤", ">": "<"}
    lower = [(c, b) for c, b in pairs if c in turned]
    upper = [(c, b) for c, b in pairs if c not in turned]
    if lower and upper:
        return f"{show(lower[0][1])} {turned[lower[0][0]]} {subject} {SIGNS[upper[0][0]]} {show(upper[0][1])}"
    return " , ".join(f"{subject} {SIGNS[c]} {show(b)}" for c, b in pairs)
