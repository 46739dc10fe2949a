"""average-misnamed: 写作加权平均的，是加权平均吗？ Is what is called a weighted mean one, and a simple mean one?

Reads: texts, report (a sentence with two or more fractions such as 49/146, and a mean of them in per cent).
Severity: warning.
Bad: 49/146、28/101，加权平均 30.64%, which is the mean of the two rates. Good: 加权平均 31.17%, which is 77/247; 简单平均 30.64%.
Only told where the figure is exactly the other of the two means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from perfeval.auditing._claims import as_printed, paragraphs
from perfeval.auditing._contract import Need, Subject
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_rate

KIND = ProblemKind(
    "average-misnamed",
    says="「{text}」是{found}，{called}是 {wanted}。",
    remedy="改叫法，或按所写的口径重算；据此打的分也要重算。",
    en="“{text}” is the {found_en}; the {called_en} is {wanted}.",
    en_remedy="Mend the name, or compute it as named; points that were given by it change too.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ()

_SENTENCE = re.compile(r"[^。]+")
_FRACTION = re.compile(r"(?<![\d./])(\d{1,9})\s?[/／]\s?(\d{1,9})(?![\d./])")
_MEAN = re.compile(
    r"(?P<kind>加权平均|简单平均|算术平均)(?:数|值)?(?P<of>[\u4e00-\u9fff]{0,8}?)\s*(?:为|是|：|:)?\s*(?P<rate>\d{1,3}(?:\.\d{1,6})?)\s*[%％]"
)
_BEFORE = 500  # characters in which the fractions stand
_NAMES = {"weighted": ("加权平均", "weighted mean"), "simple": ("简单平均", "simple mean")}


def check(subject: Subject) -> Iterator[Problem]:
    for document, paragraph in paragraphs(subject.documents):
        for sentence in _SENTENCE.finditer(paragraph.text):
            for mean in _MEAN.finditer(sentence[0]):
                found = _misnamed(sentence[0][max(0, mean.start() - _BEFORE) : mean.start()], mean)
                if found:
                    where = document.where(paragraph, sentence.start() + mean.start(), sentence.start() + mean.end())
                    yield KIND.on(where, text=mean[0], **found)


def _misnamed(before: str, mean: re.Match[str]) -> dict[str, str]:
    """What it is, and what it should be; nothing where it is what it is called, or neither."""
    parts = [(Fraction(above), Fraction(below)) for above, below in _FRACTION.findall(before)]
    if len(parts) < 2 or any(below == 0 for _, below in parts):
        return {}
    rates = [above / below for above, below in parts]
    weighted = sum((above for above, _ in parts), Fraction(0)) / sum((below for _, below in parts), Fraction(0))
    rounded = [as_printed(rate * 100, mean["rate"]) / 100 for rate in rates]  # each may have been rounded first
    means: dict[str, list[Fraction]] = {"weighted": [weighted], "simple": [sum(ones, Fraction(0)) / len(ones) for ones in (rates, rounded)]}
    called, other = ("weighted", "simple") if mean["kind"] == "加权平均" else ("simple", "weighted")
    is_shown = {name: any(as_printed(one * 100, mean["rate"]) == Fraction(mean["rate"]) for one in ones) for name, ones in means.items()}
    if is_shown[called] or not is_shown[other]:
        return {}
    (called_zh, called_en), (is_zh, is_en) = _NAMES[called], _NAMES[other]
    return {"found": is_zh, "found_en": is_en, "called": called_zh, "called_en": called_en, "wanted": show_rate(means[called][0])}
