"""arithmetic-wrong: 文中的算式算得对吗？ Do the sums that a text works out come right?

Reads: texts, report (numbers with + − × ÷ / and brackets, then = and the result, with as many decimals as are printed).
Severity: warning.
Bad: 1900/859=2.31. Good: 1900/859=2.21; 4.30/2.21=1.94, of which the last digit may come from the rounding of both.
Sums that mix 元 and 万元, on one side or both, are not worked out; of a chain a = b = c/d = e what stands last is.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._arithmetic import equations
from perfeval.auditing._claims import paragraphs
from perfeval.auditing._contract import Need, Subject
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_rate, show_short

KIND = ProblemKind(
    "arithmetic-wrong",
    says="「{text}」算得不对：左边等于 {exact}。",
    remedy="核对各数和结果，改写错的一个。",
    en="“{text}” does not come right: the left side is {exact}.",
    en_remedy="Check the figures and the result, and mend the wrong one.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ()


def check(subject: Subject) -> Iterator[Problem]:
    for document, paragraph in paragraphs(subject.documents):
        for one in equations(paragraph.text):
            if not one.shown:
                exact = show_rate(one.exact, 4) if one.percent else show_short(one.exact, 4)
                where = document.where(paragraph, one.start, one.end)
                yield KIND.on(where, text=paragraph.text[one.start : one.end].strip(), exact=exact)
